//! What models and manifests tell of how their files are written, and of more than is read.

use serde_json::{Value, json};

use super::tables::{CUSTOMER, defaults, entity, model};
use super::*;

const ONE: &str = "Customer/1.csv";

/// Opens a folder of one file, which is written by the settings.
async fn written(settings: &Value, text: &str) -> Result<Source, Error> {
    let customer = entity("Customer", &CUSTOMER, &[ONE], settings);
    let folder = folder(&[("model.json", &model(&[customer])), (ONE, text)]);
    open(folder.path(), FolderOptions::default()).await
}

async fn people(settings: &Value, text: &str) -> Vec<String> {
    let customer = entity("Customer", &CUSTOMER, &[ONE], settings);
    let folder = folder(&[("model.json", &model(&[customer])), (ONE, text)]);
    let source = looked(&folder).await;
    let rows = shown(&source, &[ALL_PROFILES], &["EMail", "FirstName"]).await;
    rows.iter()
        .filter_map(|row| row.split_once("[0] ").map(|(_, cells)| cells.to_owned()))
        .collect()
}

#[tokio::test]
async fn escape_delimiter_and_null_token_of_a_model_are_honoured() {
    let escape = json!({"escape": "\\"});
    let text = "1,asa@exempel.se,\"Åsa \\\"the, ace\\\"\"\n2,bo@exempel.se,\"Bo \\\\\"\n";
    let expected = ["asa@exempel.se/Åsa \"the, ace\"", "bo@exempel.se/Bo \\"];
    assert_eq!(people(&escape, text).await, expected);
    for delimiter in [";", "\t", "\\t", "|", "\u{1}", "~"] {
        let settings = json!({"delimiter": delimiter, "escape": "\"", "encoding": "UTF-8"});
        let delimiter = delimiter.replace("\\t", "\t");
        let text = "1,asa@exempel.se,\"Å \"\"x\"\"\"\n".replace(',', &delimiter);
        assert_eq!(people(&settings, &text).await, ["asa@exempel.se/Å \"x\""]);
    }
    let nulls = json!({"nullValue": "\\N", "escape": null, "delimiter": null});
    let text = "1,asa@exempel.se,\\N\n2,\\N,Bo\n";
    assert_eq!(people(&nulls, text).await, ["asa@exempel.se/", "/Bo"]);
}

#[tokio::test]
async fn a_setting_that_cannot_be_honoured_is_refused_by_name() {
    for (name, value) in [
        ("delimiter", "||"),
        ("delimiter", "å"),
        ("delimiter", ""),
        ("escape", "\\\\\\"),
        ("encoding", "windows-1252"),
        ("quoteCharacter", "'"),
        ("newline", "@@"),
    ] {
        let why = written(&json!({name: value}), "1\n").await.expect_err(name);
        let named = |part: &str| part.contains(name) && part.contains(&json!(value).to_string());
        assert!(
            matches!(&why, Error::UnreadPart { part, .. } if named(part)),
            "{why}"
        );
    }
    let bare = json!({"escape": "\\", "quoteStyle": "QuoteStyle.None"});
    let why = written(&bare, "1\n").await.expect_err("another grammar");
    assert!(matches!(why, Error::UnreadPart { .. }), "{why}");
}

#[tokio::test]
async fn nulls_in_parts_of_a_model_that_nobody_needs_are_nothing() {
    let told = json!({"name": null, "annotations": null, "entities": [
        {"$type": null, "name": "Customer", "annotations": null, "attributes": [
            {"name": "CustomerId", "dataType": null, "displayName": null},
            {"name": "EMail", "dataType": "String", "annotations": null},
        ], "partitions": [{"name": null, "location": ONE, "refreshTime": null, "fileFormatSettings": null}]},
        {"$type": "LocalEntity", "name": "Orders", "attributes": null, "partitions": null},
        {"$type": "LocalEntity", "name": null, "entityCount": -1},
    ]});
    let folder = folder(&[
        ("model.json", &told.to_string()),
        (ONE, "1,asa@exempel.se\n"),
    ]);
    let rows = shown(&looked(&folder).await, &[ALL_PROFILES], &["EMail"]).await;
    assert_eq!(rows, ["1@Customer/1.csv:1 [0] asa@exempel.se"]);
}

fn manifest(customer: &Value) -> String {
    let csv = json!([{"traitReference": "is.partition.format.CSV", "arguments": [{"name": "columnHeaders", "value": "true"}]}]);
    let mut local = json!({
        "type": "LocalEntity", "entityName": "Customer", "entityPath": "Customer.cdm.json/Customer",
        "dataPartitions": [{"location": ONE, "exhibitsTraits": csv}],
    });
    let more = customer.as_object().expect("an object").clone();
    local.as_object_mut().expect("an object").extend(more);
    json!({"manifestName": "default", "imports": null, "entities": [
        local,
        {"type": "ReferencedEntity", "entityName": "Leads", "entityPath": "Sales/Sales.manifest.cdm.json/Leads"},
    ], "subManifests": [{"manifestName": "Sales", "definition": "Sales/Sales.manifest.cdm.json"}]})
    .to_string()
}

#[tokio::test]
async fn what_a_manifest_only_refers_to_is_named() {
    let manifest = manifest(&json!({"incrementalPartitions": [], "dataPartitionPatterns": null}));
    let people = (ONE, "CustomerId,EMail\n1,asa@exempel.se\n");
    let folder = folder(&[("default.manifest.cdm.json", &manifest), people]);
    let source = looked(&folder).await;
    assert_eq!(
        source.folder().expect("a folder").unread,
        [
            "subManifests Sales/Sales.manifest.cdm.json",
            "Leads (ReferencedEntity)"
        ]
    );
}

#[tokio::test]
async fn changes_that_a_manifest_keeps_apart_are_refused_by_name() {
    let update = json!([{"location": "Customer/update.csv", "exhibitsTraits": [
        {"traitReference": "is.partition.incremental", "arguments": [{"name": "type", "value": "Update"}]}
    ]}]);
    for name in ["incrementalPartitions", "incrementalPartitionPatterns"] {
        let manifest = manifest(&json!({name: update}));
        let files = [
            ("default.manifest.cdm.json", manifest.as_str()),
            (ONE, "CustomerId,EMail\n1,asa@exempel.se\n"),
            (
                "Customer/update.csv",
                "CustomerId,EMail\n1,new@exempel.se\n",
            ),
        ];
        let why = refused(&files, FolderOptions::default()).await;
        assert!(
            matches!(&why, Error::UnreadPart { table, part } if table == "Customer" && part == name),
            "{why}"
        );
    }
}

#[tokio::test]
async fn of_a_thing_in_two_files_the_row_of_the_newer_version_counts_also_without_deletions() {
    let columns = |last: &'static str| {
        [
            ("Id", "string"),
            ("SinkCreatedOn", "dateTime"),
            ("SinkModifiedOn", "dateTime"),
            ("emailaddress1", "string"),
            (last, "string"),
        ]
    };
    let newest = async |last: &'static str, old: &str, new: &str| {
        let files = ["contact/2025.csv", "contact/2024.csv"];
        let contact = entity("contact", &columns(last), &files, &defaults());
        let text = |version: &str, address: &str| format!("1,,{version},{address}@exempel.se\n");
        let text = |version: &str, address: &str| match version.split_once('#') {
            Some((time, number)) => format!("1,,{time},{address}@exempel.se,{number}\n"),
            None => text(version, address),
        };
        let folder = folder(&[
            ("model.json", &model(&[contact])),
            ("contact/2025.csv", &text(new, "new")),
            ("contact/2024.csv", &text(old, "old")),
        ]);
        shown(&looked(&folder).await, &[ALL_PROFILES], &["emailaddress1"]).await
    };
    let new = ["1@contact/2025.csv:1 [0] new@exempel.se"];
    // The number decides, whatever the times say; of equal numbers the time does.
    let (early, late) = ("1/1/2024 8:00:00 AM", "1/9/2026 8:00:00 AM");
    let by_number = newest(
        "versionnumber",
        &format!("{late}#99"),
        &format!("{early}#900"),
    )
    .await;
    assert_eq!(by_number, new);
    let by_time = newest("versionnumber", &format!("{early}#9"), &format!("{late}#9")).await;
    assert_eq!(by_time, new);
    assert_eq!(newest("x", early, late).await, new);
}

#[tokio::test]
async fn a_folder_of_changes_is_not_taken_for_whole_tables() {
    let contact = model(&[entity(
        "contact",
        &CUSTOMER,
        &["contact/2026.csv"],
        &defaults(),
    )]);
    let data = "1,asa@exempel.se,Åsa,\n";
    let step = "2026-11-24T10.15.00Z";
    let (told, file) = (
        format!("{step}/model.json"),
        format!("{step}/contact/2026.csv"),
    );
    let folder = folder(&[
        (&told, &contact),
        (&file, data),
        ("2026-11-24T11.15.00Z/model.json", &contact),
    ]);
    for path in [
        folder.path().to_owned(),
        folder.path().join(step),
        folder.path().join(told),
    ] {
        let why = open(&path, FolderOptions::default())
            .await
            .expect_err("changes");
        assert!(matches!(why, Error::IncrementalFolder { .. }), "{why}");
    }
}

#[tokio::test]
async fn columns_that_a_spreadsheet_rounded_are_named_and_no_ids() {
    let text = "Id,E-post,Mobil,Kod\n1.2E+14,asa@exempel.se,4.67012E+10,7E10\n1.3E+14,bo@exempel.se,070-123,8E10\n";
    let folder = folder(&[("people.csv", text)]);
    let source = looked(&folder).await;
    let view = source.folder().expect("a folder");
    assert_eq!(view.rounded, ["Id", "Mobil"]);
    assert_eq!(view.id_column, None);
}

#[tokio::test]
async fn columns_that_differ_only_in_case_are_not_chosen_between() {
    let files = [("people.csv", "Nr,Key,KEY,Mail\n1,a,b,a@exempel.se\n")];
    let set = |name: &str| FolderOptions {
        id_column: Some(name.to_owned()),
        ..FolderOptions::default()
    };
    let why = refused(&files, set("key")).await;
    assert!(matches!(why, Error::UnknownIdColumn { .. }), "{why}");
    let folder = folder(&files);
    let exact = open(folder.path(), set("KEY")).await.expect("a source");
    assert_eq!(
        shown(&exact, &[ALL_PROFILES], &[]).await,
        ["b@people.csv:2 [0] "]
    );
}

#[tokio::test]
async fn a_workbook_is_told_as_one_also_in_a_folder() {
    for name in ["people.xlsx", "people.csv"] {
        let why = refused(&[(name, "PK\u{3}\u{4}x")], FolderOptions::default()).await;
        assert!(matches!(why, Error::Workbook { .. }), "{why}");
    }
}
