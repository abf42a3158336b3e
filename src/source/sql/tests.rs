//! What is made of whatever the process with the driver does, good or bad: a script stands in for it.

mod view;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use arrow_array::{ArrayRef, BooleanArray, RecordBatch, StringArray};
use arrow_ipc::writer::StreamWriter;
use tokio::sync::mpsc::channel;

use super::wire::{During, End, Greeting, Kind, Said, send};
use super::{Engine, Sql, SqlError};
use crate::domain::{FolderOptions, Secret, SegmentId, ValueKind};
use crate::source::{Error, ReadRequest, ReadSummary, Row};

/// Frames that a process writes.
#[derive(Default)]
struct Frames(Vec<u8>);

impl Frames {
    fn greeting(together: bool) -> Self {
        let engine = "Test 1".to_owned();
        Self::default().json(Kind::Greeting, &Greeting { engine, together })
    }

    fn json(mut self, kind: Kind, told: &impl serde::Serialize) -> Self {
        let bytes = serde_json::to_vec(told).expect("json");
        send(&mut self.0, kind, &bytes).expect("sent");
        self
    }

    /// One query: its columns, and a piece for each batch.
    fn rows(mut self, batches: &[RecordBatch]) -> Self {
        let mut writer = StreamWriter::try_new(Vec::new(), &batches[0].schema()).expect("stream");
        let mut flush = |writer: &mut StreamWriter<Vec<u8>>| {
            let bytes = std::mem::take(writer.get_mut());
            send(&mut self.0, Kind::Rows, &bytes).expect("sent");
        };
        flush(&mut writer);
        for batch in batches {
            writer.write(batch).expect("batch");
            flush(&mut writer);
        }
        self
    }

    fn end(self, rows: u64) -> Self {
        self.json(Kind::End, &End { rows })
    }

    fn query(self, batch: &RecordBatch) -> Self {
        self.rows(std::slice::from_ref(batch))
            .end(batch.num_rows() as u64)
    }
}

fn batch(columns: &[(&str, &[Option<&str>])]) -> RecordBatch {
    let columns = columns.iter().map(|(name, values)| {
        let values: ArrayRef = Arc::new(StringArray::from(values.to_vec()));
        ((*name).to_owned(), values, true)
    });
    RecordBatch::try_from_iter_with_nullable(columns).expect("batch")
}

fn people(ids: &[&str]) -> RecordBatch {
    let mails: Vec<String> = ids.iter().map(|id| format!("{id}@b.example")).collect();
    let ids: Vec<Option<&str>> = ids.iter().map(|id| Some(*id)).collect();
    let mails: Vec<Option<&str>> = mails.iter().map(|mail| Some(mail.as_str())).collect();
    batch(&[("id", &ids), ("email", &mails)])
}

/// A folder of queries, and a process that writes frames and then does what the script says.
struct World {
    folder: tempfile::TempDir,
    patience: Duration,
}

impl World {
    fn new(queries: &[&str]) -> Self {
        let folder = tempfile::tempdir().expect("folder");
        for name in queries {
            let text = format!("-- {}\nselect id, email from {name}", name.to_uppercase());
            std::fs::write(folder.path().join(format!("{name}.sql")), text).expect("query");
        }
        Self {
            folder,
            patience: Duration::from_mins(1),
        }
    }

    fn engine(&self, frames: &Frames, script: &str) -> Engine {
        let file = self.folder.path().join("frames");
        std::fs::write(&file, &frames.0).expect("frames");
        let script = format!("read order; cat {}; {script}", file.display());
        Engine {
            driver: "/opt/libtest.so".to_owned(),
            options: BTreeMap::new(),
            secrets: BTreeMap::from([("password".to_owned(), Secret::new("hemlig".to_owned()))]),
            program: ("/bin/sh".into(), vec!["-c".into(), script.into()]),
            patience: self.patience,
        }
    }

    fn options(&self) -> FolderOptions {
        FolderOptions {
            queries: Some(self.folder.path().to_owned()),
            ..FolderOptions::default()
        }
    }

    /// Opens the source as a run does, which knows the columns.
    async fn known(&self, frames: &Frames, script: &str) -> Sql {
        let kept = vec!["email text".to_owned(), "id text".to_owned()];
        let names = ["early", "gold"].map(SegmentId::new);
        let options = FolderOptions {
            columns: names.map(|id| (id, kept.clone())).into(),
            ..self.options()
        };
        let engine = self.engine(frames, script);
        Sql::open(engine, &options)
            .await
            .expect("opens without a call")
    }
}

async fn read(sql: &Sql, segments: &[&str]) -> (Vec<Row>, Result<ReadSummary, Error>) {
    let request = ReadRequest {
        segments: segments.iter().map(|id| SegmentId::new(*id)).collect(),
        attributes: vec!["email".to_owned()],
        ..ReadRequest::default()
    };
    let (send, mut receive) = channel(64);
    let summary = sql.read(&request, send).await;
    let mut rows = Vec::new();
    while let Some(batch) = receive.recv().await {
        rows.extend(batch);
    }
    (rows, summary)
}

/// Reads what goes wrong, and gives why; whatever it is, it is temporary.
async fn broken(frames: Frames, script: &str) -> SqlError {
    let world = World::new(&["gold"]);
    let sql = world.known(&frames, script).await;
    match read(&sql, &["gold"]).await.1 {
        Err(Error::Sql(why)) => {
            assert!(Error::from(why).is_temporary(), "exit 5");
            match read(&sql, &["gold"]).await.1 {
                Err(Error::Sql(why)) => why,
                other => panic!("{other:?}"),
            }
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn segments_are_read_by_name_whatever_was_asked_for_first() {
    let world = World::new(&["gold", "early"]);
    let frames = Frames::greeting(true)
        .query(&people(&["c2", "c1"]))
        .query(&people(&["c3"]));
    let sql = world.known(&frames, "").await;
    let (rows, summary) = read(&sql, &["gold", "early", "gone"]).await;
    let told = rows.iter().map(|row| {
        let id = row.profile.as_ref().expect("an id").as_str();
        let places: Vec<usize> = row.segments.iter().collect();
        (id, places, &*row.origin.file, row.origin.line)
    });
    let told: Vec<_> = told.collect();
    assert_eq!(told[0], ("c2", vec![1], "early.sql", 0));
    assert_eq!(told[2], ("c3", vec![0], "gold.sql", 0));
    let summary = summary.expect("read");
    assert_eq!((summary.rows, summary.apart), (3, false));
    assert_eq!(summary.gone, [SegmentId::new("gone")]);
}

#[tokio::test]
async fn without_a_transaction_segments_may_be_of_different_moments() {
    let world = World::new(&["gold", "early"]);
    let one = || Frames::greeting(false).query(&people(&["c1"]));
    let both = one().query(&people(&["c2"]));
    let sql = world.known(&both, "").await;
    assert!(read(&sql, &["gold", "early"]).await.1.expect("read").apart);
    let sql = world.known(&one(), "").await;
    let summary = read(&sql, &["gold"]).await.1;
    assert!(!summary.expect("read").apart, "one query is of one moment");
}

#[tokio::test]
async fn what_queries_give_is_looked_at_and_kept() {
    let world = World::new(&["gold"]);
    let consent: ArrayRef = Arc::new(BooleanArray::from(vec![Some(true), None]));
    let people = people(&["c1", "c2"]);
    let mut columns: Vec<(String, ArrayRef)> = people
        .schema()
        .fields()
        .iter()
        .zip(people.columns())
        .map(|(field, column)| (field.name().clone(), Arc::clone(column)))
        .collect();
    columns.push(("Optin".to_owned(), consent));
    let batch = RecordBatch::try_from_iter(columns).expect("batch");
    let engine = world.engine(&Frames::greeting(true).query(&batch), "");
    let sql = Sql::open(engine, &world.options()).await.expect("opens");
    let optin = &sql.attributes[2];
    assert_eq!((&*optin.name, optin.kind), ("Optin", ValueKind::Truth));
    assert_eq!(optin.samples, ["true"]);
    let kept = &sql.columns[&SegmentId::new("gold")];
    assert_eq!(*kept, ["Optin truth", "email text", "id text"]);
    let again = FolderOptions {
        columns: sql.columns.clone(),
        ..world.options()
    };
    let engine = world.engine(&Frames::default(), "exit 1");
    let again = Sql::open(engine, &again).await.expect("needs no engine");
    let told = |sql: &Sql| -> Vec<(String, ValueKind)> {
        let mut told: Vec<_> = sql
            .attributes
            .iter()
            .map(|one| (one.name.clone(), one.kind))
            .collect();
        told.sort_by(|one, other| one.0.cmp(&other.0));
        told
    };
    assert_eq!(told(&again), told(&sql));
}

#[tokio::test]
async fn columns_that_cannot_be_are_refused() {
    let refused = async |columns: &[(&str, &[Option<&str>])]| {
        let world = World::new(&["gold"]);
        let engine = world.engine(&Frames::greeting(true).query(&batch(columns)), "");
        match Sql::open(engine, &world.options()).await {
            Err(Error::Sql(why)) => why,
            other => panic!("{other:?}"),
        }
    };
    let mail = Some("a@b.example");
    let why = refused(&[("name", &[Some("A")]), ("email", &[mail])]).await;
    assert!(matches!(why, SqlError::NoIdColumn { .. }), "{why}");
    let why = refused(&[("id", &[Some("1")]), ("name", &[Some("A")])]).await;
    assert!(matches!(why, SqlError::NoEmailColumn { .. }), "{why}");
    let why = refused(&[("id", &[Some("1")]), ("email", &[mail]), ("email", &[mail])]).await;
    assert!(matches!(why, SqlError::DuplicateColumn { .. }), "{why}");
}

#[tokio::test]
async fn other_columns_than_when_it_was_saved_and_rows_without_an_id_are_refused() {
    let world = World::new(&["gold"]);
    let more = batch(&[("id", &[Some("1")]), ("email", &[None]), ("more", &[None])]);
    let sql = world.known(&Frames::greeting(true).query(&more), "").await;
    let why = read(&sql, &["gold"]).await.1.expect_err("another schema");
    let Error::Sql(SqlError::OtherColumns { gone, new, .. }) = &why else {
        panic!("{why}")
    };
    assert_eq!((gone.len(), &new[..]), (0, &["more text".to_owned()][..]));
    assert!(!why.is_temporary());
    let nobody = batch(&[("id", &[Some(" ")]), ("email", &[Some("a@b.example")])]);
    let sql = world
        .known(&Frames::greeting(true).query(&nobody), "")
        .await;
    let why = read(&sql, &["gold"]).await.1.expect_err("no id");
    assert!(matches!(why, Error::Sql(SqlError::NoId { .. })), "{why}");
}

#[tokio::test]
async fn a_driver_that_breaks_off_is_told_with_what_it_printed_and_no_secret() {
    let frames = Frames::greeting(true).rows(&[people(&["c1"])]);
    let why = broken(frames, "echo 'panic: hemlig' >&2; kill -9 $$").await;
    let SqlError::BrokeOff {
        status, printed, ..
    } = &why
    else {
        panic!("{why}")
    };
    assert!(status.contains("signal: 9"), "{status}");
    assert_eq!(printed, "panic: …");
}

#[tokio::test]
async fn rows_that_end_in_silence_are_not_all() {
    let frames = Frames::greeting(true).rows(&[people(&["c1"])]);
    let why = broken(frames, "exit 0").await;
    assert!(matches!(why, SqlError::BrokeOff { .. }), "{why}");
}

#[tokio::test]
async fn a_driver_that_is_silent_is_given_up() {
    let mut world = World::new(&["gold"]);
    world.patience = Duration::from_millis(50);
    // It waits for the end of its input, as a driver does whose query is cancelled.
    let frames = Frames::greeting(true).rows(&[people(&["c1"])]);
    let sql = world.known(&frames, "cat > /dev/null").await;
    let why = read(&sql, &["gold"]).await.1.expect_err("silent");
    assert!(matches!(why, Error::Sql(SqlError::Silent { .. })), "{why}");
    assert!(why.is_temporary());
}

#[tokio::test]
async fn a_flood_is_refused_before_it_is_taken_in() {
    let mut frames = Frames::greeting(true);
    frames.0.extend([b'R', 0xff, 0xff, 0xff, 0x7f]);
    let why = broken(frames, "cat /dev/zero").await;
    assert!(matches!(why, SqlError::Astray { .. }), "{why}");
}

#[tokio::test]
async fn a_driver_that_lies_about_its_schema_is_found_out() {
    // The batch has one column, and two were announced.
    let mut other = StreamWriter::try_new(Vec::new(), &people(&["c1"]).schema()).expect("stream");
    let mut frames = Frames::greeting(true);
    send(&mut frames.0, Kind::Rows, &std::mem::take(other.get_mut())).expect("sent");
    let one = batch(&[("id", &[Some("c1")])]);
    let mut writer = StreamWriter::try_new(Vec::new(), &one.schema()).expect("stream");
    writer.get_mut().clear();
    writer.write(&one).expect("batch");
    send(&mut frames.0, Kind::Rows, writer.get_mut()).expect("sent");
    let why = broken(frames.end(1), "").await;
    assert!(matches!(why, SqlError::Astray { .. }), "{why}");
    // Fewer rows than it says.
    let frames = Frames::greeting(true).rows(&[people(&["c1"])]).end(2);
    let why = broken(frames, "").await;
    assert!(matches!(why, SqlError::Astray { .. }), "{why}");
}

#[tokio::test]
async fn text_that_is_not_utf_8_is_found_out() {
    let mut frames = Frames::greeting(true).query(&people(&["c1"]));
    let at = frames
        .0
        .windows(4)
        .rposition(|four| four == b"c1@b")
        .expect("the address");
    frames.0[at] = 0xff;
    let why = broken(frames, "").await;
    assert!(matches!(why, SqlError::Astray { .. }), "{why}");
}

#[tokio::test]
async fn what_ends_a_query_amid_its_rows_is_temporary_whatever_it_is_called() {
    for (during, status, code, words, exit) in [
        (During::Rows, "InvalidArguments", "42P01", "", 5),
        (During::Rows, "Unauthenticated", "", "", 5),
        (During::Rows, "Internal", "", "Binder Error: ", 5),
        (During::Query, "Internal", "", "", 5),
        (During::Query, "Internal", "", "Catalog Error: ", 1),
        (During::Query, "InvalidArguments", "", "", 1),
        (During::Query, "Internal", "42P01", "", 1),
        (During::Connect, "IO", "", "", 5),
        (During::Connect, "IO", "28P01", "", 4),
        (During::Connect, "Unauthenticated", "", "", 4),
        (During::Load, "Internal", "", "", 1),
    ] {
        let said = Said {
            during,
            status: status.to_owned(),
            code: code.to_owned(),
            message: format!("{words}no: hemlig"),
        };
        let world = World::new(&["gold"]);
        let sql = world
            .known(&Frames::default().json(Kind::Failure, &said), "")
            .await;
        let why = read(&sql, &["gold"]).await.1.expect_err("said");
        let told = match &why {
            why if why.is_temporary() => 5,
            why if why.needs_sign_in() => 4,
            _ => 1,
        };
        assert_eq!(told, exit, "{during:?} {status} {code}");
        let Error::Sql(SqlError::Said { said, .. }) = &why else {
            panic!("{why}")
        };
        assert_eq!(said.message, format!("{words}no: …"));
        assert!(
            !why.to_string().contains("no:"),
            "words may name people, and stay out of the log"
        );
    }
}

/// Waits until a file is there.
async fn appears(file: &Path) {
    while !file.exists() {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn who_stops_reading_has_the_query_cancelled_and_no_secret_is_in_the_environment() {
    let world = World::new(&["gold"]);
    let file = |name: &str| world.folder.path().join(name);
    // The end of the order is what cancels; the order itself is the only place with secrets.
    let script = format!(
        "env > {}; cat > /dev/null; touch {}",
        file("env").display(),
        file("cancelled").display()
    );
    let frames = Frames::greeting(true).rows(&[people(&["c1"])]);
    let sql = world.known(&frames, &script).await;
    let (send, mut receive) = channel(1);
    let request = ReadRequest {
        segments: vec![SegmentId::new("gold")],
        attributes: vec!["email".to_owned()],
        ..ReadRequest::default()
    };
    tokio::select! {
        read = sql.read(&request, send) => panic!("{read:?}"),
        rows = receive.recv() => assert_eq!(rows.expect("rows").len(), 1),
    }
    appears(&file("cancelled")).await;
    let env = std::fs::read_to_string(file("env")).expect("environment");
    assert!(!env.contains("hemlig") && !env.contains("SEGUE_"), "{env}");
}
