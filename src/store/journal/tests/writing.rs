//! How journals get to the disk, and what happens when they do not.

use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};

use jiff::Timestamp;

use super::{began, created, intent, journal, read, result, sent};
use crate::domain::DestinationId;
use crate::store::journal::frame::{HEADER, JOURNAL};
use crate::store::journal::{
    CallKind, Damage, Disk, Folded, Image, ImageReader, Images, JournalReader, JournalWriter,
    Record, Sent, fold_journal,
};
use crate::store::{Error, Home, RunFolder};

fn run(folder: &tempfile::TempDir) -> RunFolder {
    let home = Home::at(folder.path());
    RunFolder::create(&home, Timestamp::UNIX_EPOCH).expect("run")
}

fn fold_run(run: &RunFolder) -> Folded {
    let journal = JournalReader::open(&run.journal()).expect("read");
    fold_journal(journal.expect("there"), |_| {}).expect("folded")
}

fn image(who: u32) -> Image<String> {
    Image {
        key: sent(who).key,
        id: None,
        before: format!("p{who}@x.example"),
    }
}

#[tokio::test]
async fn what_was_written_is_read_back_and_closed_to_others() {
    let folder = tempfile::tempdir().expect("folder");
    let run = run(&folder);
    let writer = JournalWriter::create(&run).expect("made");
    writer.write(&Record::Began(began())).await.expect("began");
    assert!(!run.images().exists(), "nobody was touched yet");
    let mut images = Images::default();
    images.add(&image(0)).expect("encoded");
    let members: Vec<Sent> = (0..3).map(sent).collect();
    let no = writer.intend(CallKind::Create, None, 0, &members, images);
    assert_eq!(no.await.expect("intended"), 0);
    writer.settle(0, vec![created(0)]).await.expect("settled");
    writer.clone().close().await.expect("closed");
    assert!(writer.write(&Record::Over(1)).await.is_err());

    let bytes = std::fs::read(run.journal()).expect("file");
    let expected = [
        Record::Began(began()),
        intent(0, 0..3),
        result(0, vec![created(0)]),
    ];
    assert_eq!(read(&bytes).0, expected);
    assert!(run.is_of(&DestinationId::parse("våren").expect("a name")));
    let mut images = ImageReader::open(&run.images())
        .expect("open")
        .expect("there");
    assert_eq!(images.read().expect("read"), Some(image(0)));
    assert_eq!(images.read::<String>().expect("read"), None);
    #[cfg(unix)]
    for path in [run.journal(), run.images()] {
        let mode = std::os::unix::fs::PermissionsExt::mode(
            &std::fs::metadata(path).expect("file").permissions(),
        );
        assert_eq!(mode & 0o077, 0, "rule 5: readable by its owner only");
    }
}

#[tokio::test]
async fn a_journal_cut_while_writing_goes_on_after_what_was_whole() {
    let folder = tempfile::tempdir().expect("folder");
    let run = run(&folder);
    for cut in [5, HEADER, HEADER + 3, 200, 210] {
        let (mut bytes, _) = journal(&[Record::Began(began()), intent(0, 0..3), intent(1, 3..5)]);
        bytes.truncate(cut);
        std::fs::write(run.journal(), &bytes).expect("journal");
        std::fs::write(run.images(), b"Segu").expect("images");
        let before = read(&bytes).0;
        let known = fold_run(&run);
        let writer = JournalWriter::reopen(&run, &known).expect("reopened");
        let mut images = Images::default();
        images.add(&image(1)).expect("encoded");
        let members = [sent(1)];
        let no = writer.intend(CallKind::Create, None, 1, &members, images);
        assert_eq!(no.await.expect("intended"), known.next_intent);
        let (after, damage) = read(&std::fs::read(run.journal()).expect("file"));
        assert_eq!(after[..before.len()], before, "cut after {cut}");
        assert_eq!((after.len(), damage), (before.len() + 1, Damage::default()));
        let mut images = ImageReader::open(&run.images())
            .expect("open")
            .expect("there");
        assert_eq!(images.read().expect("read"), Some(image(1)));
    }
}

/// Tells the test that a write has come, and lets it wait.
type Gate = Arc<Mutex<(Sender<()>, Receiver<()>)>>;

/// A disk in memory that does what the test wants.
#[derive(Debug, Default, Clone)]
struct TestDisk {
    name: &'static str,
    /// What was done, by both disks.
    done: Arc<Mutex<Vec<String>>>,
    bytes: Arc<Mutex<Vec<u8>>>,
    room: Option<usize>,
    sync_fails: bool,
    gate: Option<Gate>,
}

impl TestDisk {
    fn of(name: &'static str) -> Self {
        Self {
            name,
            ..Self::default()
        }
    }

    fn did(&self, what: &str) {
        let mut done = self.done.lock().expect("done");
        done.push(format!("{what} {}", self.name));
    }
}

impl Disk for TestDisk {
    fn write_all(&mut self, new: &[u8]) -> io::Result<()> {
        self.did("write");
        if let Some(gate) = &self.gate {
            let gate = gate.lock().expect("gate");
            gate.0.send(()).expect("the test listens");
            gate.1.recv().expect("the test opens");
        }
        let mut bytes = self.bytes.lock().expect("bytes");
        let fits = self.room.map_or(new.len(), |room| room.min(new.len()));
        bytes.extend(&new[..fits]);
        self.room = self.room.map(|room| room - fits);
        if fits == new.len() {
            Ok(())
        } else {
            Err(ErrorKind::StorageFull.into())
        }
    }

    fn sync_data(&mut self) -> io::Result<()> {
        self.did("sync");
        if self.sync_fails {
            return Err(io::Error::other("the disk is gone"));
        }
        Ok(())
    }
}

fn writer(images: TestDisk, journal: TestDisk) -> JournalWriter {
    JournalWriter::on(
        (PathBuf::from("images"), Box::new(images)),
        (PathBuf::from("journal"), Box::new(journal)),
        0,
    )
}

#[tokio::test(start_paused = true)]
async fn a_full_disk_is_told_with_its_path_to_everyone_and_nothing_hangs() {
    for room in 0..60 {
        let journal = TestDisk {
            room: Some(room),
            ..TestDisk::of("journal")
        };
        let bytes = Arc::clone(&journal.bytes);
        let writer = writer(TestDisk::of("images"), journal);
        let members = [sent(1)];
        let one = writer.intend(CallKind::Create, None, 0, &members, Images::default());
        let two = writer.settle(0, vec![created(0)]);
        let (one, two) = tokio::join!(one, two);
        assert!(one.is_err() || two.is_err(), "room for {room}");
        for _again in 0..2 {
            let why = writer.write(&Record::Over(1)).await.expect_err("full");
            assert!(
                matches!(&why, Error::Write { path, source }
                    if path == Path::new("journal") && source.kind() == ErrorKind::StorageFull),
                "{why:?}"
            );
        }
        let mut torn = JOURNAL.header().to_vec();
        torn.extend(&*bytes.lock().expect("bytes"));
        let whole = usize::from(one.is_ok());
        let (read, damage) = read(&torn);
        assert!(read.len() >= whole, "what was promised is there");
        assert_eq!(damage, Damage::default());
    }
}

#[tokio::test]
async fn what_could_not_be_synced_was_not_written() {
    let journal = TestDisk {
        sync_fails: true,
        ..TestDisk::of("journal")
    };
    let writer = writer(TestDisk::of("images"), journal);
    for _again in 0..2 {
        let why = writer.write(&Record::Clock(1)).await.expect_err("no sync");
        assert!(
            matches!(why, Error::Write { source, .. } if source.to_string() == "the disk is gone")
        );
    }
}

#[tokio::test]
async fn images_are_on_the_disk_before_the_intent() {
    let done = Arc::default();
    let disk = |name| TestDisk {
        done: Arc::clone(&done),
        ..TestDisk::of(name)
    };
    let writer = writer(disk("images"), disk("journal"));
    let mut images = Images::default();
    images.add(&image(1)).expect("encoded");
    let members = [sent(1)];
    let intended = writer.intend(CallKind::Update, None, 0, &members, images);
    intended.await.expect("intended");
    let steps = [
        "write images",
        "sync images",
        "write journal",
        "sync journal",
    ];
    assert_eq!(*done.lock().expect("done"), steps);
}

#[tokio::test]
async fn who_asks_while_the_disk_works_is_written_together() {
    let (at_gate, arrived) = channel();
    let (open, opened) = channel();
    let journal = TestDisk {
        gate: Some(Arc::new(Mutex::new((at_gate, opened)))),
        ..TestDisk::of("journal")
    };
    let done = Arc::clone(&journal.done);
    let writer = writer(TestDisk::of("images"), journal);
    let ask = |at| {
        let writer = writer.clone();
        tokio::spawn(async move { writer.write(&Record::Clock(at)).await })
    };
    let first = ask(0);
    tokio::task::yield_now().await;
    arrived.recv().expect("the first one is being written");
    let others: Vec<_> = (1..10).map(ask).collect();
    // One thread runs all tasks, so each of them asks before this one goes on.
    tokio::task::yield_now().await;
    open.send(()).expect("first");
    open.send(()).expect("the others");
    for asked in std::iter::once(first).chain(others) {
        asked.await.expect("task").expect("written");
    }
    let steps = [
        "write journal",
        "sync journal",
        "write journal",
        "sync journal",
    ];
    assert_eq!(*done.lock().expect("done"), steps);
}
