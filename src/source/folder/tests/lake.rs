//! Parquet wherever a CSV may stand, alone, in folders of part files and by models: the same people give the same rows.

use std::fs::File;
use std::sync::Arc;

use arrow_array::{
    ArrayRef, BooleanArray, Date32Array, Decimal128Array, Int64Array, ListArray, RecordBatch,
    StringArray, TimestampMicrosecondArray,
};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::properties::WriterProperties;
use serde_json::json;

use super::tables::{CUSTOMER, entity, model};
use super::*;
use crate::domain::ValueKind;

pub(super) const PEOPLE_CSV: &str = "Id,E-post,Förnamn,Nivå,Född,Poäng,Samtycke,Skapad\n\
    1,asa@exempel.se,Åsa,guld,1986-05-08,10.5,true,2026-02-09T09:30:00Z\n\
    2,bo@exempel.se,\"Bo\n\"\"B\"\"\",,,,false,\n\
    ,cia@exempel.se,Cia,silver,2000-02-29,0,,2026-02-09T09:30:00.5Z\n\
    4,dan@exempel.se,Dan,guld,1999-12-31,-3,true,1969-12-31T23:59:59Z\n";
pub(super) const ALL: [&str; 7] = [
    "E-post", "Förnamn", "Nivå", "Född", "Poäng", "Samtycke", "Skapad",
];

/// The people of the CSV, some of them, in columns with types of their own.
pub(super) fn people(rows: &[usize]) -> Vec<(&'static str, ArrayRef)> {
    fn some<T: Clone>(all: &[T], rows: &[usize]) -> Vec<T> {
        rows.iter().map(|row| all[*row].clone()).collect()
    }
    let texts =
        |all: [Option<&str>; 4]| -> ArrayRef { Arc::new(StringArray::from(some(&all, rows))) };
    let born = [Some(5_971), None, Some(11_016), Some(10_956)];
    let points = [Some(1_050_i128), None, Some(0), Some(-300)];
    let points = Decimal128Array::from(some(&points, rows));
    let agreed = [Some(true), Some(false), None, Some(true)];
    let at = 1_770_629_400_000_000;
    let made = [Some(at), None, Some(at + 500_000), Some(-1_000_000)];
    let made = TimestampMicrosecondArray::from(some(&made, rows)).with_timezone("UTC");
    vec![
        ("Id", texts([Some("1"), Some("2"), None, Some("4")])),
        (
            "E-post",
            texts(
                [
                    "asa@exempel.se",
                    "bo@exempel.se",
                    "cia@exempel.se",
                    "dan@exempel.se",
                ]
                .map(Some),
            ),
        ),
        (
            "Förnamn",
            texts([Some("Åsa"), Some("Bo\n\"B\""), Some("Cia"), Some("Dan")]),
        ),
        (
            "Nivå",
            texts([Some("guld"), None, Some("silver"), Some("guld")]),
        ),
        ("Född", Arc::new(Date32Array::from(some(&born, rows)))),
        (
            "Poäng",
            Arc::new(points.with_precision_and_scale(18, 2).expect("scale")),
        ),
        (
            "Samtycke",
            Arc::new(BooleanArray::from(some(&agreed, rows))),
        ),
        ("Skapad", Arc::new(made)),
    ]
}

pub(super) fn write(path: &Path, columns: Vec<(&str, ArrayRef)>, packed: Compression) {
    fs::create_dir_all(path.parent().expect("parent")).expect("made");
    let nullable = columns.into_iter().map(|(name, array)| (name, array, true));
    let batch = RecordBatch::try_from_iter_with_nullable(nullable).expect("columns");
    let properties = WriterProperties::builder().set_compression(packed);
    // Two rows a group, so that readers meet several.
    let properties = properties.set_max_row_group_row_count(Some(2)).build();
    let file = File::create(path).expect("made");
    let mut writer = ArrowWriter::try_new(file, batch.schema(), Some(properties)).expect("writer");
    writer.write(&batch).expect("written");
    writer.close().expect("closed");
}

fn without(rows: &[usize], left_out: &str) -> Vec<(&'static str, ArrayRef)> {
    let mut columns = people(rows);
    columns.retain(|(name, _)| *name != left_out);
    columns
}

pub(super) fn zstd() -> Compression {
    Compression::ZSTD(ZstdLevel::default())
}

/// Reads all profiles: id and values, without where they stood.
pub(super) async fn profiles(path: &Path) -> Vec<String> {
    let source = open(path, FolderOptions::default())
        .await
        .expect("a source");
    let (rows, _) = read(&source, &[ALL_PROFILES], &ALL)
        .await
        .expect("readable");
    let mut shown: Vec<String> = rows
        .iter()
        .map(|row| {
            let id = row.profile.as_ref().map_or("-", |id| id.as_str());
            let cells = row.cells.as_ref().expect("whole");
            format!("{id} {}", cells.iter().collect::<Vec<_>>().join("/"))
        })
        .collect();
    shown.sort();
    shown
}

pub(super) async fn as_csv() -> Vec<String> {
    let csv = folder(&[("people.csv", PEOPLE_CSV)]);
    let rows = profiles(csv.path()).await;
    assert_eq!(rows.len(), 4);
    rows
}

#[tokio::test]
async fn the_same_people_give_the_same_rows_as_csv_and_as_parquet_of_any_layout() {
    let expected = as_csv().await;
    let all = [0, 1, 2, 3];
    for packed in [Compression::UNCOMPRESSED, Compression::SNAPPY, zstd()] {
        let alone = folder(&[]);
        write(&alone.path().join("people.parquet"), people(&all), packed);
        assert_eq!(profiles(alone.path()).await, expected, "{packed:?}");
        assert_eq!(
            profiles(&alone.path().join("people.parquet")).await,
            expected
        );
    }
    let parts = folder(&[("_SUCCESS", "")]);
    write(
        &parts.path().join("part-00000-x.snappy.parquet"),
        people(&[0, 1]),
        Compression::SNAPPY,
    );
    write(
        &parts.path().join("part-00001-x.zstd.parquet"),
        people(&[2, 3]),
        zstd(),
    );
    assert_eq!(profiles(parts.path()).await, expected);
    // In folders by the values of a column, which the files then do not hold.
    let hive = folder(&[]);
    for (value, rows) in [
        ("guld", &[0, 3][..]),
        ("__HIVE_DEFAULT_PARTITION__", &[1]),
        ("silver", &[2]),
    ] {
        let path = hive
            .path()
            .join(format!("Niv%C3%A5={value}/part-0.parquet"));
        write(&path, without(rows, "Nivå"), zstd());
    }
    assert_eq!(profiles(hive.path()).await, expected);
    let within = folder(&[]);
    fs::rename(hive.path(), within.path().join("people")).expect("moved");
    assert_eq!(profiles(within.path()).await, expected);
}

#[tokio::test]
async fn types_are_told_by_the_file_and_iso_dates_are_not_read_for_their_order() {
    let alone = folder(&[]);
    write(
        &alone.path().join("people.parquet"),
        people(&[0, 1]),
        zstd(),
    );
    let source = looked(&alone).await;
    let kind = |name: &str| {
        let mut all = source.attributes().iter();
        let one = all.find(|one| one.name == name).expect("an attribute");
        (one.kind, one.iso_dates)
    };
    assert_eq!(kind("Förnamn"), (ValueKind::Text, false));
    assert_eq!(kind("Född"), (ValueKind::Date, true));
    assert_eq!(kind("Poäng"), (ValueKind::Number, false));
    assert_eq!(kind("Samtycke"), (ValueKind::Truth, false));
    let view = source.folder().expect("a folder");
    assert_eq!(
        (view.id_column.as_deref(), view.files[0].delimiter),
        (Some("Id"), None)
    );
    // It is known without the file.
    fs::remove_file(alone.path().join("people.parquet")).expect("removed");
    let evidence = source
        .date_evidence(&["Född".to_owned()])
        .await
        .expect("known");
    assert_eq!(evidence[0].orders(), [DateOrder::Ymd]);
    let unread = source.date_evidence(&["Förnamn".to_owned()]).await;
    assert!(matches!(unread, Err(Error::Changed { .. })), "{unread:?}");
}

#[tokio::test]
async fn a_column_or_a_partition_makes_segments_and_rows_are_told_by_file_and_number() {
    let hive = folder(&[]);
    for (value, rows) in [("guld", &[0, 3][..]), ("silver", &[2])] {
        let path = hive.path().join(format!("Nivå={value}/part-0.parquet"));
        write(&path, without(rows, "Nivå"), Compression::SNAPPY);
    }
    let source = open(hive.path(), by("Nivå")).await.expect("a source");
    assert_eq!(
        counts(&source).await,
        [("guld".to_owned(), 2), ("silver".to_owned(), 1)]
    );
    let name = hive
        .path()
        .file_name()
        .expect("name")
        .to_string_lossy()
        .into_owned();
    assert_eq!(
        shown(&source, &["guld"], &["Förnamn"]).await,
        [
            format!("1@{name}/Nivå=guld/part-0.parquet:1 [0] Åsa"),
            format!("4@{name}/Nivå=guld/part-0.parquet:2 [0] Dan"),
        ]
    );
}

#[tokio::test]
async fn segments_are_files_or_folders_of_rows_or_of_ids_beside_profiles_of_any_kind() {
    let mixed = folder(&[("segments/Old.csv", "Id\n4\n")]);
    write(
        &mixed.path().join("profiles/part-0.parquet"),
        people(&[0, 1]),
        zstd(),
    );
    write(
        &mixed.path().join("profiles/part-1.parquet"),
        people(&[2, 3]),
        zstd(),
    );
    write(
        &mixed.path().join("segments/Gold.parquet"),
        people(&[0, 3]),
        zstd(),
    );
    let ids: ArrayRef = Arc::new(StringArray::from(vec!["2", "9"]));
    write(
        &mixed.path().join("segments/New/part-0.parquet"),
        vec![("id", ids)],
        zstd(),
    );
    let source = looked(&mixed).await;
    assert_eq!(layout(&source), FolderLayout::ProfilesAndSegments);
    let counted = [
        ("Gold".to_owned(), 2),
        ("New".to_owned(), 2),
        ("Old".to_owned(), 1),
    ];
    assert_eq!(counts(&source).await, counted);
    assert_eq!(
        shown(&source, &["Gold", "New", "Old"], &["Förnamn"]).await,
        [
            "1@segments/Gold.parquet:1 [0] Åsa",
            "4@segments/Gold.parquet:2 [0] Dan",
            "2@profiles/part-0.parquet:2 [1] Bo\n\"B\"",
            "4@profiles/part-1.parquet:2 [2] Dan",
            "9@segments/New/part-0.parquet:2 [1] no_profile: 9",
        ]
    );
    // Files with names of their own are each a segment.
    let each = folder(&[]);
    write(&each.path().join("Gold.parquet"), people(&[0, 3]), zstd());
    write(&each.path().join("Silver.parquet"), people(&[2]), zstd());
    let source = looked(&each).await;
    assert_eq!(layout(&source), FolderLayout::FilePerSegment);
    assert_eq!(
        counts(&source).await,
        [("Gold".to_owned(), 2), ("Silver".to_owned(), 1)]
    );
}

#[tokio::test]
async fn tables_of_customer_insights_in_folders_of_parquet_need_no_model() {
    let lake = folder(&[]);
    let texts = |all: &[&str]| -> ArrayRef { Arc::new(StringArray::from(all.to_vec())) };
    let part = |table: &str| {
        lake.path()
            .join(format!("deltalake/{table}/part-0.parquet"))
    };
    let customers = vec![
        ("CustomerId", texts(&["c1", "c2"])),
        ("EMail", texts(&["asa@exempel.se", "bo@exempel.se"])),
    ];
    write(
        &part("msdynci_customerprofile_partitioned"),
        customers,
        Compression::SNAPPY,
    );
    let members = vec![
        ("msdynci_customerid", texts(&["c1", "c2"])),
        (
            "msdynci_segments",
            texts(&[r#"["Gold","New"]"#, r#"["New"]"#]),
        ),
    ];
    write(
        &part("msdynci_segmentmembership_partitioned"),
        members,
        Compression::SNAPPY,
    );
    let source = looked(&lake).await;
    assert_eq!(layout(&source), FolderLayout::Tables);
    assert_eq!(
        counts(&source).await,
        [("Gold".to_owned(), 1), ("New".to_owned(), 2)]
    );
    let rows = shown(&source, &["Gold"], &["EMail"]).await;
    assert_eq!(rows.len(), 1);
    assert!(
        rows[0].starts_with("c1@") && rows[0].ends_with("[0] asa@exempel.se"),
        "{rows:?}"
    );
}

#[tokio::test]
async fn a_model_may_name_files_of_parquet() {
    let lake = folder(&[(
        "model.json",
        &model(&[entity(
            "Customer",
            &CUSTOMER,
            &["Customer/1.snappy.parquet", "Customer/2.snappy.parquet"],
            &json!({"$type": "ParquetFormatSettings"}),
        )]),
    )]);
    for (number, rows) in [(1, &[0, 1][..]), (2, &[2, 3])] {
        let path = lake
            .path()
            .join(format!("Customer/{number}.snappy.parquet"));
        write(&path, people(rows), Compression::SNAPPY);
    }
    assert_eq!(profiles(lake.path()).await, as_csv().await);
}

#[tokio::test]
async fn files_of_one_table_may_be_older_than_a_column_but_not_of_another_table() {
    let parts = folder(&[]);
    let part = |number: usize| parts.path().join(format!("part-{number}.parquet"));
    write(&part(0), without(&[0, 1], "Nivå"), zstd());
    write(&part(1), people(&[2, 3]), zstd());
    let rows = profiles(parts.path()).await;
    assert_eq!(
        rows[1],
        "1 asa@exempel.se/Åsa//1986-05-08/10.5/true/2026-02-09T09:30:00Z"
    );
    assert_eq!(rows.len(), 4);
    let other: ArrayRef = Arc::new(Int64Array::from(vec![1]));
    write(
        &part(2),
        vec![("Id", other.clone()), ("Order", other)],
        zstd(),
    );
    let strange = open(parts.path(), FolderOptions::default()).await;
    assert!(
        matches!(strange, Err(Error::OtherColumns { .. })),
        "{strange:?}"
    );
}

#[tokio::test]
async fn a_column_of_lists_is_no_attribute_and_refused_by_name() {
    let alone = folder(&[]);
    let mut columns = people(&[0, 1]);
    let tags = ListArray::from_iter_primitive::<arrow_array::types::Int32Type, _, _>(vec![
        Some(vec![Some(1)]),
        None,
    ]);
    columns.push(("Tags", Arc::new(tags)));
    write(&alone.path().join("people.parquet"), columns, zstd());
    let source = looked(&alone).await;
    assert!(source.attributes().iter().all(|one| one.name != "Tags"));
    assert_eq!(source.folder().expect("a folder").unread, ["Tags (List)"]);
    let why = source.no_text(" tags");
    assert!(matches!(&why, Some(Error::NoText { holds, .. }) if holds == "List"));
    assert!(source.no_text("Förnamn").is_none());
    let refused = read(&source, &[ALL_PROFILES], &["Tags"]).await;
    assert!(
        matches!(&refused, Err(Error::NoText { column, holds, .. }) if column == "Tags" && holds == "List"),
        "{refused:?}"
    );
    assert_eq!(counts(&source).await, [(ALL_PROFILES.to_owned(), 2)]);
}

#[tokio::test]
async fn a_file_of_many_groups_is_read_in_batches_to_its_end() {
    let alone = folder(&[]);
    let ids: Vec<String> = (0..10_001).map(|id| id.to_string()).collect();
    let addresses = ids.iter().map(|id| format!("p{id}@exempel.se"));
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("Id", Arc::new(StringArray::from(ids.clone()))),
        ("E-post", Arc::new(StringArray::from_iter_values(addresses))),
    ];
    write(&alone.path().join("people.parquet"), columns, zstd());
    let source = looked(&alone).await;
    let (rows, summary) = read(&source, &[ALL_PROFILES], &["E-post"])
        .await
        .expect("readable");
    assert_eq!((rows.len(), summary.faults), (10_001, 0));
    let in_order = rows
        .iter()
        .zip(1..)
        .all(|(row, line)| row.origin.line == line);
    assert!(in_order);
    let last = rows[10_000].cells.as_ref().expect("whole");
    assert_eq!(last.get(0), "p10000@exempel.se");
}
