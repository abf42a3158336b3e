//! One of every failure of a source.

use std::io;
use std::path::PathBuf;

use segue::domain::SegmentId;
use segue::source::Error;

use super::{Failure, denied, one};

pub fn all() -> Vec<Failure> {
    let groups = [places(), tables(), contents(), columns(), segments()];
    let all = groups.into_iter().flatten();
    all.map(|why| one("source::Error", why)).collect()
}

fn file() -> PathBuf {
    "profiles/customers.csv".into()
}

fn folder() -> PathBuf {
    "profiles".into()
}

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

fn places() -> Vec<Error> {
    vec![
        Error::NoService {
            source_spec: "insights:0f1e".to_owned(),
        },
        Error::NotFound { path: folder() },
        Error::NotAFile {
            path: "/dev/stdin".into(),
        },
        Error::Look {
            path: folder(),
            source: denied(),
        },
        Error::OpenFile {
            path: file(),
            source: denied(),
        },
        Error::ReadFile {
            path: file(),
            source: io::Error::other("Input/output error"),
        },
        Error::ReadFile {
            path: "profiles/customers.csv.gz".into(),
            source: io::Error::new(io::ErrorKind::UnexpectedEof, "corrupt gzip stream"),
        },
        Error::NoFiles { folder: folder() },
        Error::ManyFiles {
            folder: folder(),
            files: texts(&["a.csv", "b.csv"]),
        },
        Error::NoSegments { folder: folder() },
    ]
}

fn tables() -> Vec<Error> {
    let broken = serde_json::from_str::<serde_json::Value>("{\"entities\": [");
    vec![
        Error::BrokenModel {
            path: "export/model.json".into(),
            source: broken.expect_err("half a file"),
        },
        Error::NoTables {
            folder: "export".into(),
            tables: Vec::new(),
        },
        Error::NoTables {
            folder: "export".into(),
            tables: texts(&["account", "lead"]),
        },
        Error::MissingPartitions {
            path: "export/model.json".into(),
            table: "Customer".to_owned(),
            files: texts(&["ci_1/Customer/Customer_2.csv"]),
        },
        Error::IncompleteExport {
            folder: "export/HighValueSegment".into(),
            at: "2026-08-24 14:33".to_owned(),
            files: texts(&["HighValueSegment_2.csv"]),
        },
        Error::NoText {
            table: "export/people.parquet".to_owned(),
            column: "Tags".to_owned(),
            holds: "List".to_owned(),
        },
        Error::NoParquet {
            path: "export/part-0.parquet".into(),
        },
        Error::UnreadForm {
            what: "export/part-0.parquet".to_owned(),
            form: "Parquet (GZIP)".to_owned(),
        },
        Error::UnreadFeature {
            path: "lake/Customer".into(),
            feature: "catalogManaged".to_owned(),
        },
        Error::UnreadPart {
            table: "Customer".to_owned(),
            part: "delimiter \"||\"".to_owned(),
        },
        Error::IncrementalFolder {
            folder: "lake/2026-11-24T10.15.00Z".into(),
        },
        Error::OtherColumns { path: file() },
    ]
}

fn contents() -> Vec<Error> {
    let encoding = |line, byte, found| Error::Encoding {
        path: file(),
        line,
        byte,
        found,
    };
    vec![
        Error::EmptyFile { path: file() },
        Error::NoHeader { path: file() },
        encoding(12_345, 987_654, 0xE5),
        Error::Utf16 { path: file() },
        Error::Workbook {
            path: "profiles/customers.xlsx".into(),
        },
        Error::TitleAbove {
            path: file(),
            line: 3,
        },
        Error::OpenQuote {
            path: file(),
            line: 12_345,
        },
        Error::SwallowedRows {
            path: file(),
            first: 12_345,
            last: 12_348,
        },
        Error::LongRow {
            path: file(),
            line: 12_345,
            limit: 1_048_576,
        },
        Error::BadDelimiter { delimiter: '\n' },
        Error::BadDelimiter { delimiter: 'a' },
        Error::WrongDelimiter {
            path: file(),
            set: ',',
            found: '\t',
        },
        Error::Changed { path: file() },
        Error::Stopped,
        Error::Task(aborted()),
    ]
}

fn aborted() -> tokio::task::JoinError {
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    runtime.expect("a runtime").block_on(async {
        let task = tokio::spawn(std::future::pending::<()>());
        task.abort();
        task.await.expect_err("aborted")
    })
}

fn columns() -> Vec<Error> {
    let many: Vec<String> = (1..=15).map(|n| format!("Column{n}")).collect();
    let column = || "Nivå".to_owned();
    vec![
        Error::SegmentByNeedsOneFile { column: column() },
        Error::DuplicateColumn {
            path: file(),
            column: column(),
        },
        Error::UnknownSegmentColumn {
            path: file(),
            column: column(),
            candidates: texts(&["EMail", "FirstName"]),
        },
        Error::UnknownIdColumn {
            path: file(),
            column: column(),
            candidates: texts(&["EMail", "FirstName"]),
        },
        Error::NoIdColumn {
            path: file(),
            candidates: texts(&["EMail", "FirstName"]),
        },
        Error::UnknownAttribute {
            table: file().display().to_string(),
            attribute: column(),
            candidates: many,
        },
        Error::TooManySegments {
            path: file(),
            column: "EMail".to_owned(),
            limit: 1_000,
        },
    ]
}

fn segments() -> Vec<Error> {
    vec![
        Error::NotASegment {
            path: "profiles/segments/notes.txt".into(),
        },
        Error::SegmentTwice {
            segment: SegmentId::new("gold"),
            files: texts(&["gold.csv", "Gold.tsv"]),
        },
    ]
}
