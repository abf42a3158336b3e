//! Folders as Customer Insights and Synapse Link write them.

use serde_json::{Value, json};

use super::*;
use crate::domain::{SegmentState, ValueKind};

const STORE: &str = "https://lake.dfs.core.windows.net/customerinsights/ci_0f1e";

pub(super) fn entity(
    name: &str,
    columns: &[(&str, &str)],
    locations: &[&str],
    settings: &Value,
) -> Value {
    let attributes = columns
        .iter()
        .map(|(name, kind)| json!({"name": name, "dataType": kind}));
    let partitions = locations.iter().map(|location| {
        json!({"name": "p", "location": format!("{STORE}/{location}"), "fileFormatSettings": settings})
    });
    json!({
        "$type": "LocalEntity",
        "name": name,
        "attributes": attributes.collect::<Vec<_>>(),
        "partitions": partitions.collect::<Vec<_>>(),
    })
}

pub(super) fn model(entities: &[Value]) -> String {
    json!({"name": "export", "version": "1.0", "entities": entities}).to_string()
}

pub(super) fn defaults() -> Value {
    json!({"$type": "CsvFormatSettings"})
}

pub(super) const CUSTOMER: [(&str, &str); 4] = [
    ("CustomerId", "string"),
    ("EMail", "string"),
    ("FirstName", "string"),
    ("Born", "date"),
];
const MEMBERSHIP: [(&str, &str); 2] = [("SegmentId", "string"), ("CustomerProfileId", "string")];

/// Profiles in two files, memberships, segments, and a table that is not there.
fn lake() -> TempDir {
    folder(&[
        (
            "model.json",
            &model(&[
                entity(
                    "Customer",
                    &CUSTOMER,
                    &[
                        "Customer/Customer%201.csv?snapshot=2026",
                        "Customer/Customer_2.csv",
                    ],
                    &defaults(),
                ),
                entity(
                    "SegmentMembership",
                    &MEMBERSHIP,
                    &["SegmentMembership/1.csv"],
                    &defaults(),
                ),
                entity(
                    "Segment",
                    &[
                        ("segmentId", "guid"),
                        ("name", "string"),
                        ("stateCode", "int64"),
                    ],
                    &["Segment/1.csv"],
                    &defaults(),
                ),
                entity(
                    "Activity",
                    &[("Id", "string")],
                    &["Activity/gone.csv"],
                    &defaults(),
                ),
            ]),
        ),
        (
            "Customer/Customer 1.csv",
            "\"1\",\"asa@exempel.se\",\"Åsa\",\"1970-01-02\"\r\n\"2\",\"bo@exempel.se\"\r\n",
        ),
        (
            "Customer/Customer_2.csv",
            "\"3\",\"cia@exempel.se\",\"Cia\n\"\"C\"\"\",\"\"\r\n",
        ),
        ("SegmentMembership/1.csv", "s1,1\ns1,3\ns2,3\ns1,9\n"),
        ("Segment/1.csv", "s1,Guld,0\ns2,Silver,1\ns3,Tom,0\n"),
    ])
}

#[tokio::test]
async fn model_json_names_the_columns_of_files_without_headers() {
    let folder = lake();
    let source = looked(&folder).await;
    assert_eq!(layout(&source), FolderLayout::Tables);
    let segments = source.segments().await.expect("segments");
    let told: Vec<_> = segments
        .iter()
        .map(|s| (s.id.as_str(), s.label.as_str(), s.count, s.state))
        .collect();
    assert_eq!(
        told,
        [
            ("s1", "Guld", Some(3), SegmentState::Ready),
            ("s2", "Silver", Some(1), SegmentState::Inactive),
            ("s3", "Tom", Some(0), SegmentState::Ready),
        ]
    );
    assert_eq!(
        shown(&source, &["s2", "s1"], &["EMail", "FirstName"]).await,
        [
            "1@Customer/Customer 1.csv:1 [1] asa@exempel.se/Åsa",
            "3@Customer/Customer_2.csv:1 [0, 1] cia@exempel.se/Cia\n\"C\"",
            "9@SegmentMembership/1.csv:4 [1] no_profile: 9",
        ]
    );
    let born = source.attributes().iter().find(|one| one.name == "Born");
    assert_eq!(born.map(|one| one.kind), Some(ValueKind::Date));
    let view = source.folder().expect("a folder");
    assert_eq!(view.ignored, ["Activity"]);
    assert_eq!(view.id_column.as_deref(), Some("CustomerId"));
    let files: Vec<_> = view
        .files
        .iter()
        .map(|file| (file.name.as_str(), file.files, file.holds))
        .collect();
    assert_eq!(
        files,
        [
            ("Customer", 2, FileHolds::Profiles),
            ("SegmentMembership/1.csv", 1, FileHolds::Members),
        ]
    );
}

#[tokio::test]
async fn headers_are_obeyed_where_they_are_told_and_else_known_by_their_names() {
    let rows = "1,asa@exempel.se,Åsa,\n";
    let header = "CustomerId,EMail,FirstName,Born\n";
    for (settings, text, count) in [
        (
            json!({"columnHeaders": "true"}),
            format!("{header}{rows}"),
            1,
        ),
        (
            json!({"columnHeaders": true, "delimiter": ";"}),
            "EMail;CustomerId\nasa@exempel.se;1\n".to_owned(),
            1,
        ),
        (json!({}), format!("{header}{rows}"), 1),
        (json!({}), format!("CustomerId,EMail\n{rows}"), 1),
        (json!({}), rows.to_owned(), 1),
        (
            json!({"columnHeaders": "false"}),
            format!("{header}{rows}"),
            2,
        ),
    ] {
        let customer = entity("Customer", &CUSTOMER, &["Customer/1.csv"], &settings);
        let folder = folder(&[
            ("model.json", &model(&[customer])),
            ("Customer/1.csv", &text),
        ]);
        let source = looked(&folder).await;
        assert_eq!(
            counts(&source).await,
            [(ALL_PROFILES.to_owned(), count)],
            "{settings} {text}"
        );
        let lines = shown(&source, &[ALL_PROFILES], &["EMail"]).await;
        assert!(
            lines.last().expect("a row").ends_with("[0] asa@exempel.se"),
            "{lines:?}"
        );
    }
}

#[tokio::test]
async fn a_manifest_tells_columns_labels_and_partitions_also_by_pattern() {
    let csv = |headers: &str| {
        json!([{"traitReference": "is.partition.format.CSV", "arguments": [
            {"name": "columnHeaders", "value": headers}, {"name": "delimiter", "value": ";"}
        ]}])
    };
    let manifest = json!({"manifestName": "default", "entities": [
        {
            "type": "LocalEntity", "entityName": "Customer", "entityPath": "Customer.cdm.json/Customer",
            "dataPartitions": [{"location": "Customer/a.csv", "exhibitsTraits": csv("true")}],
        },
        {
            "type": "LocalEntity", "entityName": "Gold", "entityPath": "Customer.cdm.json/Customer",
            "dataPartitionPatterns": [{"rootLocation": "/Gold", "globPattern": "**/*.csv", "exhibitsTraits": csv("false")}],
        },
    ]});
    let document = json!({"definitions": [{"entityName": "Customer", "hasAttributes": [
        {"attributeGroupReference": {"attributeGroupName": "all", "members": [
            {"name": "CustomerId", "dataType": "string"},
            {"name": "EMail", "dataType": "string", "displayName": "E-post"},
            {"name": "Points", "dataType": {"dataTypeReference": "integer"}},
        ]}},
    ]}]});
    let folder = folder(&[
        ("default.manifest.cdm.json", &manifest.to_string()),
        ("Customer.cdm.json", &document.to_string()),
        (
            "Customer/a.csv",
            "CustomerId;EMail;Points\n1;asa@exempel.se;7\n2;bo@exempel.se;8\n",
        ),
        ("Gold/2026/b.csv", "2;bo@exempel.se;8\n"),
        ("Gold/c.csv", "1;asa@exempel.se;7\n"),
    ]);
    let source = looked(&folder).await;
    let attributes: Vec<_> = source
        .attributes()
        .iter()
        .map(|one| (one.label.as_str(), one.kind))
        .collect();
    assert_eq!(
        attributes,
        [
            ("CustomerId", ValueKind::Text),
            ("E-post", ValueKind::Text),
            ("Points", ValueKind::Number)
        ]
    );
    assert_eq!(
        shown(&source, &["Gold"], &["EMail"]).await,
        [
            "2@Gold/2026/b.csv:1 [0] bo@exempel.se",
            "1@Gold/c.csv:1 [0] asa@exempel.se"
        ]
    );
}

#[tokio::test]
async fn of_a_table_that_only_grows_the_latest_rows_count_and_deleted_ones_are_gone() {
    let columns = [
        ("Id", "guid"),
        ("SinkModifiedOn", "dateTime"),
        ("emailaddress1", "string"),
        ("versionnumber", "int64"),
        ("IsDelete", "boolean"),
        ("nickname", "string"),
    ];
    let contact = entity(
        "contact",
        &columns,
        &["contact/Snapshot/2025_1.csv", "contact/Snapshot/2026_1.csv"],
        &defaults(),
    );
    let folder = folder(&[
        ("model.json", &model(&[contact])),
        (
            "contact/Snapshot/2025_1.csv",
            "a,1/2/2026 9:00:00 AM,old@exempel.se,10,\nb,1/2/2026 9:00:00 AM,b@exempel.se,11,False\nc,,c@exempel.se,5,\n",
        ),
        (
            "contact/Snapshot/2026_1.csv",
            "a,1/3/2026 9:00:00 AM,a@exempel.se,20,,Ann\nb,1/3/2026 9:00:00 AM,,12,True\nc,,late@exempel.se,4,\nd,,d@exempel.se,1,,D\n",
        ),
    ]);
    let source = looked(&folder).await;
    assert_eq!(
        shown(&source, &[ALL_PROFILES], &["emailaddress1", "nickname"]).await,
        [
            "c@contact/Snapshot/2025_1.csv:3 [0] c@exempel.se/",
            "a@contact/Snapshot/2026_1.csv:1 [0] a@exempel.se/Ann",
            "d@contact/Snapshot/2026_1.csv:4 [0] d@exempel.se/D",
        ]
    );
    assert_eq!(counts(&source).await, [(ALL_PROFILES.to_owned(), 3)]);
}

#[tokio::test]
async fn the_segments_of_dataverse_tables_are_the_names_in_a_cell() {
    let folder = folder(&[
        (
            "model.json",
            &model(&[
                entity(
                    "msdynci_customerprofile",
                    &[
                        ("Id", "guid"),
                        ("msdynci_customerid", "string"),
                        ("msdynci_email", "string"),
                    ],
                    &["msdynci_customerprofile/1.csv"],
                    &defaults(),
                ),
                entity(
                    "msdynci_segmentmembership",
                    &[
                        ("Id", "guid"),
                        ("msdynci_customerid", "string"),
                        ("msdynci_segments", "string"),
                    ],
                    &["msdynci_segmentmembership/1.csv"],
                    &defaults(),
                ),
            ]),
        ),
        (
            "msdynci_customerprofile/1.csv",
            "x,1,asa@exempel.se\ny,2,bo@exempel.se\n",
        ),
        (
            "msdynci_segmentmembership/1.csv",
            "p,1,\"[\"\"Guld\"\",\"\"Kväll, sen\"\"]\"\nq,2,\"[\"\"Guld\"\"]\"\n",
        ),
    ]);
    let source = looked(&folder).await;
    assert_eq!(
        counts(&source).await,
        [("Guld".to_owned(), 2), ("Kväll, sen".to_owned(), 1)]
    );
    assert_eq!(
        shown(&source, &["Guld", "Kväll, sen"], &["msdynci_email"]).await,
        [
            "1@msdynci_customerprofile/1.csv:1 [0, 1] asa@exempel.se",
            "2@msdynci_customerprofile/1.csv:2 [0] bo@exempel.se",
        ]
    );
    let email = source
        .attributes()
        .iter()
        .find(|one| one.semantic == Some(Semantic::Email));
    assert_eq!(email.map(|one| one.name.as_str()), Some("msdynci_email"));
    let (_, summary) = read(&source, &["Borta", "Guld"], &[])
        .await
        .expect("the others are read");
    assert!(summary.by_members && summary.gone == [SegmentId::new("Borta")]);
}

#[tokio::test]
async fn the_same_people_give_the_same_rows_plain_or_as_tables_packed_or_not() {
    let people: Vec<String> = (0..2_000)
        .map(|n| format!("{n},p{n}@exempel.se,\"Namn \"\"{n}\"\", å\",1970-01-02\n"))
        .collect();
    let header = "CustomerId,EMail,FirstName,Born\n";
    let gold = |n: &usize| n.is_multiple_of(3) || *n == 1_999;
    let ids: Vec<String> = (0..2_000).filter(gold).map(|n| n.to_string()).collect();
    let plain = folder(&[
        ("profiles.csv", &format!("{header}{}", people.concat())),
        (
            "segments/Gold.csv",
            &format!("CustomerId\n{}\n", ids.join("\n")),
        ),
    ]);
    let parts = ["Customer/1.csv", "Customer/2.csv"];
    let tables = folder(&[
        (
            "model.json",
            &model(&[
                entity("Customer", &CUSTOMER, &parts, &defaults()),
                entity("Gold", &CUSTOMER[..1], &["Gold/1.csv"], &defaults()),
            ]),
        ),
        (parts[0], &people[..1_000].concat()),
        ("Gold/1.csv", &ids.join("\n")),
    ]);
    let packed = fs::File::create(tables.path().join("Customer/2.csv.gz")).expect("made");
    let mut packed = GzEncoder::new(packed, Compression::fast());
    packed
        .write_all(people[1_000..].concat().as_bytes())
        .expect("written");
    packed.finish().expect("packed");
    let mut read_both = Vec::new();
    for folder in [&plain, &tables] {
        let source = looked(folder).await;
        assert_eq!(
            counts(&source).await,
            [("Gold".to_owned(), ids.len() as u64)]
        );
        let (rows, summary) = read(&source, &["Gold"], &["EMail", "FirstName", "Born"])
            .await
            .expect("readable");
        let rows: Vec<_> = rows
            .into_iter()
            .map(|row| (row.profile, row.segments, row.cells))
            .collect();
        read_both.push((rows, summary));
    }
    assert!(read_both[0] == read_both[1], "the rows differ");
}

#[tokio::test]
async fn the_values_of_a_column_can_be_the_segments_of_a_table() {
    let customer = entity("People", &CUSTOMER, &["People/1.csv"], &defaults());
    let folder = folder(&[
        ("model.json", &model(&[customer])),
        (
            "People/1.csv",
            "1,asa@exempel.se,Åsa,\n2,bo@exempel.se,Bo,\n3,cia@exempel.se\n",
        ),
    ]);
    let source = open(folder.path(), by("FirstName"))
        .await
        .expect("a source");
    assert_eq!(
        counts(&source).await,
        [("Bo".to_owned(), 1), ("Åsa".to_owned(), 1)]
    );
    assert_eq!(
        shown(&source, &["Bo"], &["EMail"]).await,
        ["2@People/1.csv:2 [0] bo@exempel.se"]
    );
}
