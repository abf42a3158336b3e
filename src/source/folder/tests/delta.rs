//! Delta: the newest version and nothing else.

use std::sync::Arc;

use arrow_array::builder::{ListBuilder, MapBuilder, StringBuilder};
use arrow_array::{ArrayRef, Int32Array, RecordBatch, StringArray, StructArray};
use arrow_schema::Field;
use parquet::arrow::PARQUET_FIELD_ID_META_KEY;
use parquet::basic::{Compression, ZstdLevel};
use serde_json::{Value, json};

use super::lake::{ALL, as_csv, people, profiles, write};
use super::*;
use crate::source::refresh;

fn schema(mapped: bool) -> String {
    let types = [
        "string",
        "string",
        "string",
        "string",
        "date",
        "decimal(18,2)",
        "boolean",
        "timestamp",
    ];
    let names = people(&[]).into_iter().map(|(name, _)| name);
    let fields = names.zip(types).zip(1..).map(|((name, holds), id)| {
        let about = if mapped {
            json!({"delta.columnMapping.id": id, "delta.columnMapping.physicalName": format!("col-{id}")})
        } else {
            json!({})
        };
        json!({"name": name, "type": holds, "nullable": true, "metadata": about})
    });
    json!({"type": "struct", "fields": fields.collect::<Vec<_>>()}).to_string()
}

fn protocol(version: u32, features: &[&str]) -> Value {
    let mut told = json!({"minReaderVersion": version, "minWriterVersion": 2});
    if version >= 3 {
        told["readerFeatures"] = json!(features);
    }
    json!({"protocol": told})
}

fn metadata(mode: Option<&str>, partitions: &[&str]) -> Value {
    let configuration = mode.map_or(json!({}), |mode| json!({"delta.columnMapping.mode": mode}));
    json!({"metaData": {"id": "t", "format": {"provider": "parquet", "options": {}},
        "schemaString": schema(mode.is_some()), "partitionColumns": partitions, "configuration": configuration}})
}

fn add(path: &str) -> Value {
    json!({"add": {"path": path, "partitionValues": {}, "size": 1, "modificationTime": 0, "dataChange": true, "stats": "{}"}})
}

fn remove(path: &str) -> Value {
    json!({"remove": {"path": path, "deletionTimestamp": 0, "dataChange": true}})
}

fn commit(table: &Path, version: u64, actions: &[Value]) {
    let path = table.join(format!("_delta_log/{version:020}.json"));
    fs::create_dir_all(path.parent().expect("parent")).expect("made");
    let lines: Vec<String> = actions.iter().map(Value::to_string).collect();
    fs::write(path, lines.join("\n") + "\n").expect("written");
}

fn part(table: &Path, name: &str, rows: &[usize]) {
    write(
        &table.join(name),
        people(rows),
        Compression::ZSTD(ZstdLevel::default()),
    );
}

fn table(actions: &[Value]) -> TempDir {
    let table = folder(&[]);
    part(table.path(), "a.parquet", &[0, 1]);
    part(table.path(), "b.parquet", &[2, 3]);
    let first = [&[protocol(1, &[]), metadata(None, &[])], actions].concat();
    commit(table.path(), 0, &first);
    table
}

async fn refusal(table: &TempDir) -> Error {
    open(table.path(), FolderOptions::default())
        .await
        .expect_err("no source")
}

#[tokio::test]
async fn the_same_people_give_the_same_rows_as_csv_and_as_delta() {
    let table = table(&[
        add("a.parquet"),
        json!({"commitInfo": {"operation": "WRITE"}}),
        add("b.parquet"),
    ]);
    assert_eq!(profiles(table.path()).await, as_csv().await);
    // As one of several things in a folder, too.
    let within = folder(&[("notes.txt", "mine")]);
    fs::rename(table.path(), within.path().join("People")).expect("moved");
    assert_eq!(profiles(within.path()).await, as_csv().await);
}

#[tokio::test]
async fn only_the_newest_version_is_read_and_files_that_left_it_are_not() {
    let table = table(&[add("a.parquet"), add("old.parquet")]);
    part(table.path(), "unknown.parquet", &[0, 0, 0]);
    commit(table.path(), 1, &[remove("old.parquet"), add("b.parquet")]);
    assert_eq!(profiles(table.path()).await, as_csv().await);
    let source = looked(&table).await;
    // Another version written meanwhile changes nothing in the one that was looked at.
    commit(table.path(), 2, &[remove("a.parquet")]);
    assert_eq!(
        read(&source, &[ALL_PROFILES], &ALL)
            .await
            .expect("readable")
            .0
            .len(),
        4
    );
    assert_eq!(profiles(table.path()).await.len(), 2);
    // But the files of that one may be cleared away.
    fs::remove_file(table.path().join("a.parquet")).expect("removed");
    let gone = read(&source, &[ALL_PROFILES], &ALL).await;
    assert!(matches!(gone, Err(Error::Changed { .. })), "{gone:?}");
}

#[tokio::test]
async fn values_of_partitions_come_from_the_log_and_paths_in_it_are_encoded() {
    let table = folder(&[]);
    let mut first = vec![protocol(1, &[]), metadata(None, &["Nivå"])];
    for (folder, value, rows) in [
        ("Nivå=guld", json!("guld"), &[0, 3][..]),
        ("Nivå=a b", json!("silver"), &[2]),
        ("x", Value::Null, &[1]),
    ] {
        let mut columns = people(rows);
        columns.retain(|(name, _)| *name != "Nivå");
        write(
            &table.path().join(format!("{folder}/p.parquet")),
            columns,
            Compression::SNAPPY,
        );
        let mut added = add(&format!(
            "{}/p.parquet",
            folder.replace('å', "%C3%A5").replace(' ', "%20")
        ));
        added["add"]["partitionValues"] = json!({"Nivå": value});
        first.push(added);
    }
    commit(table.path(), 0, &first);
    assert_eq!(profiles(table.path()).await, as_csv().await);
}

#[tokio::test]
async fn columns_are_found_by_the_names_or_numbers_that_the_log_maps_them_to() {
    let numbered = |name: bool| {
        let columns = people(&[0, 1, 2, 3]).into_iter().zip(1..);
        let columns = columns.map(move |((_, array), id)| {
            let told = [(PARQUET_FIELD_ID_META_KEY.to_owned(), id.to_string())];
            let told: std::collections::HashMap<_, _> = told.into_iter().collect();
            // By number, the name in the file says nothing.
            let called = if name {
                format!("col-{id}")
            } else {
                format!("any-{id}")
            };
            let field = Field::new(called, array.data_type().clone(), true);
            (field.with_metadata(told), array)
        });
        columns.collect::<Vec<_>>()
    };
    for mode in ["name", "id"] {
        let table = folder(&[]);
        let (fields, arrays): (Vec<_>, Vec<_>) = numbered(mode == "name").into_iter().unzip();
        let schema = Arc::new(arrow_schema::Schema::new(fields));
        let batch = RecordBatch::try_new(schema.clone(), arrays).expect("columns");
        let file = fs::File::create(table.path().join("a.parquet")).expect("made");
        let mut writer = parquet::arrow::ArrowWriter::try_new(file, schema, None).expect("writer");
        writer.write(&batch).expect("written");
        writer.close().expect("closed");
        commit(
            table.path(),
            0,
            &[
                protocol(2, &[]),
                metadata(Some(mode), &[]),
                add("a.parquet"),
            ],
        );
        assert_eq!(profiles(table.path()).await, as_csv().await, "{mode}");
    }
}

#[tokio::test]
async fn rows_listed_as_deleted_are_not_read_nor_counted() {
    let table = folder(&[]);
    part(table.path(), "a.parquet", &[0, 1, 2, 0, 0, 3, 1, 0]);
    // The rows 3, 4, 6 and 7, listed one by one.
    let words = [1_681_511_377_u32, 1, 0, 0, 12_346, 1];
    let mut vector: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
    let shorts = [0_u16, 3, 24, 0, 3, 4, 6, 7];
    vector.extend(shorts.iter().flat_map(|short| short.to_le_bytes()));
    let mut file = vec![1_u8];
    file.extend(u32::try_from(vector.len()).expect("short").to_be_bytes());
    file.extend(&vector);
    file.extend(crc32fast::hash(&vector).to_be_bytes());
    let name = table
        .path()
        .join("deletion_vector_d2c639aa-8816-431a-aaf6-d3fe2512ff61.bin");
    fs::write(&name, &file).expect("written");
    let mut later = add("a.parquet");
    later["add"]["deletionVector"] = json!({"storageType": "u", "pathOrInlineDv": "^-aqEH.-t@S}K{vb[*k^",
        "offset": 1, "sizeInBytes": vector.len(), "cardinality": 4});
    let first = [
        protocol(3, &["deletionVectors"]),
        metadata(None, &[]),
        add("a.parquet"),
    ];
    commit(table.path(), 0, &first);
    commit(table.path(), 1, &[remove("a.parquet"), later]);
    assert_eq!(profiles(table.path()).await, as_csv().await);
    let source = looked(&table).await;
    assert_eq!(counts(&source).await, [(ALL_PROFILES.to_owned(), 4)]);
    file[20] ^= 1;
    fs::write(&name, &file).expect("written");
    let damaged = read(&source, &[ALL_PROFILES], &ALL).await;
    assert!(
        matches!(damaged, Err(Error::ReadFile { .. })),
        "{damaged:?}"
    );
    fs::remove_file(&name).expect("removed");
    let gone = read(&source, &[ALL_PROFILES], &ALL).await;
    assert!(matches!(gone, Err(Error::Changed { .. })), "{gone:?}");
}

/// Writes actions as a checkpoint has them: one row each, a column for each kind.
#[expect(clippy::too_many_lines, reason = "one column after the other")]
fn checkpoint(path: &Path, adds: &[&str], base: bool, sidecars: &[&str]) {
    let rows = adds.len() + sidecars.len() + if base { 2 } else { 0 };
    let texts = |at: usize, values: &[&str]| -> ArrayRef {
        Arc::new(
            (0..rows)
                .map(|row| row.checked_sub(at).and_then(|row| values.get(row).copied()))
                .collect::<StringArray>(),
        )
    };
    let nested = |fields: Vec<(&str, ArrayRef)>, from: usize, count: usize| -> ArrayRef {
        let (fields, arrays): (Vec<_>, Vec<_>) = fields
            .into_iter()
            .map(|(name, array)| (Field::new(name, array.data_type().clone(), true), array))
            .unzip();
        let valid: Vec<bool> = (0..rows)
            .map(|row| row >= from && row < from + count)
            .collect();
        Arc::new(StructArray::new(fields.into(), arrays, Some(valid.into())))
    };
    let mut values = MapBuilder::new(None, StringBuilder::new(), StringBuilder::new());
    let mut lists = ListBuilder::new(StringBuilder::new());
    for _ in 0..rows {
        values.append(true).expect("entry");
        lists.append(true);
    }
    let (maps, lists): (ArrayRef, ArrayRef) = (Arc::new(values.finish()), Arc::new(lists.finish()));
    let start = adds.len() + sidecars.len();
    let versions: ArrayRef = Arc::new(Int32Array::from(vec![1; rows]));
    let base = usize::from(base);
    let told = schema(false);
    write(
        path,
        vec![
            (
                "add",
                nested(
                    vec![("path", texts(0, adds)), ("partitionValues", maps.clone())],
                    0,
                    adds.len(),
                ),
            ),
            (
                "sidecar",
                nested(
                    vec![("path", texts(adds.len(), sidecars))],
                    adds.len(),
                    sidecars.len(),
                ),
            ),
            (
                "protocol",
                nested(vec![("minReaderVersion", versions)], start, base),
            ),
            (
                "metaData",
                nested(
                    vec![
                        ("schemaString", texts(start + 1, &[&told])),
                        ("partitionColumns", lists),
                        ("configuration", maps),
                    ],
                    start + 1,
                    base,
                ),
            ),
        ],
        Compression::SNAPPY,
    );
}

#[tokio::test]
async fn a_checkpoint_stands_for_all_commits_before_it() {
    let log =
        |table: &TempDir, name: &str| table.path().join(format!("_delta_log/{:020}.{name}", 7));
    let parts = || {
        let table = folder(&[]);
        part(table.path(), "a.parquet", &[0, 1]);
        part(table.path(), "b.parquet", &[2, 3]);
        table
    };
    let one = parts();
    checkpoint(
        &log(&one, "checkpoint.parquet"),
        &["a.parquet", "old.parquet"],
        true,
        &[],
    );
    commit(one.path(), 8, &[remove("old.parquet"), add("b.parquet")]);
    assert_eq!(profiles(one.path()).await, as_csv().await);
    let several = parts();
    let name = |at: usize| format!("checkpoint.{at:010}.{:010}.parquet", 2);
    checkpoint(&log(&several, &name(1)), &["a.parquet"], true, &[]);
    // With a part missing, it does not count, and nothing else tells of the versions before.
    commit(several.path(), 7, &[add("b.parquet")]);
    let torn = refusal(&several).await;
    assert!(
        matches!(&torn, Error::MissingPartitions { files, .. } if files[0].ends_with("00000.json")),
        "{torn}"
    );
    checkpoint(&log(&several, &name(2)), &["b.parquet"], false, &[]);
    assert_eq!(profiles(several.path()).await, as_csv().await);
    let sidecars = parts();
    let aside = |name: &str| sidecars.path().join("_delta_log/_sidecars").join(name);
    checkpoint(
        &log(&sidecars, "checkpoint.0e-u-u.parquet"),
        &[],
        true,
        &["s1.parquet", "s2.parquet"],
    );
    checkpoint(&aside("s1.parquet"), &["a.parquet"], false, &[]);
    checkpoint(&aside("s2.parquet"), &["b.parquet"], false, &[]);
    assert_eq!(profiles(sidecars.path()).await, as_csv().await);
    let as_json = parts();
    let lines = [
        protocol(3, &["v2Checkpoint"]),
        metadata(None, &[]),
        add("a.parquet"),
        add("b.parquet"),
    ];
    let lines: Vec<String> = lines.iter().map(Value::to_string).collect();
    fs::create_dir_all(as_json.path().join("_delta_log")).expect("made");
    fs::write(log(&as_json, "checkpoint.0e-u-u.json"), lines.join("\n")).expect("written");
    assert_eq!(profiles(as_json.path()).await, as_csv().await);
}

#[tokio::test]
async fn a_log_with_a_gap_or_half_a_commit_is_refused() {
    let gap = table(&[add("a.parquet")]);
    commit(gap.path(), 2, &[add("b.parquet")]);
    let why = refusal(&gap).await;
    assert!(
        matches!(&why, Error::MissingPartitions { files, .. } if files[0].ends_with("00001.json")),
        "{why}"
    );
    assert!(why.may_pass());
    let half = table(&[add("a.parquet")]);
    fs::write(
        half.path().join(format!("_delta_log/{:020}.json", 1)),
        "{\"add\": {\"pa",
    )
    .expect("written");
    assert!(matches!(refusal(&half).await, Error::BrokenModel { .. }));
    let gone = table(&[add("a.parquet"), add("gone.parquet")]);
    assert!(matches!(refusal(&gone).await, Error::Changed { .. }));
}

#[tokio::test]
async fn what_a_table_asks_and_nobody_understands_is_refused_by_name() {
    let asked = |actions: &[Value]| {
        let table = table(actions);
        async move {
            match refusal(&table).await {
                Error::UnreadFeature { feature, .. } => feature,
                why => panic!("{why}"),
            }
        }
    };
    assert_eq!(
        asked(&[protocol(3, &["timestampNtz", "catalogManaged"])]).await,
        "catalogManaged"
    );
    assert_eq!(asked(&[protocol(4, &[])]).await, "minReaderVersion 4");
    assert_eq!(
        asked(&[add("s3://elsewhere/a.parquet")]).await,
        "path s3://elsewhere/a.parquet"
    );
    assert_eq!(asked(&[add("../a.parquet")]).await, "path ../a.parquet");
    let known = table(&[
        protocol(3, &["deletionVectors", "v2Checkpoint", "columnMapping"]),
        add("a.parquet"),
        add("b.parquet"),
    ]);
    assert_eq!(profiles(known.path()).await, as_csv().await);
}

#[tokio::test]
async fn a_table_is_as_fresh_as_its_newest_commit() {
    let table = table(&[add("a.parquet")]);
    let spec = SourceSpec::Folder(table.path().to_owned());
    let first = refresh(&spec, &FolderOptions::default(), None)
        .await
        .expect("seen");
    // A file that no commit tells of is not part of it.
    part(table.path(), "c.parquet", &[0]);
    assert_eq!(
        refresh(&spec, &FolderOptions::default(), None)
            .await
            .expect("seen"),
        first
    );
    commit(table.path(), 1, &[add("b.parquet")]);
    assert_ne!(
        refresh(&spec, &FolderOptions::default(), None)
            .await
            .expect("seen")
            .mark,
        first.mark
    );
}

#[tokio::test]
async fn a_column_of_structs_in_the_schema_is_no_attribute() {
    let mut told: Value = serde_json::from_str(&schema(false)).expect("schema");
    let nested = json!({"name": "Home", "type": {"type": "struct", "fields": []}, "nullable": true, "metadata": {}});
    told["fields"].as_array_mut().expect("fields").push(nested);
    let mut about = metadata(None, &[]);
    about["metaData"]["schemaString"] = json!(told.to_string());
    let table = table(&[about, add("a.parquet"), add("b.parquet")]);
    assert_eq!(profiles(table.path()).await, as_csv().await);
    assert_eq!(
        looked(&table).await.folder().expect("a folder").unread,
        ["Home (struct)"]
    );
}
