use serde_json::json;

use super::super::{
    Began, CallKind, Damage, Image, ImageReader, Images, JournalReader, JournalWriter, Record,
    Sent, Settled, fold_journal,
};
use super::erase_from_records;
use crate::domain::{Email, Fate, NewStatus, PersonKey, SegmentSet, StartedBy, Status};
use crate::store::{Home, Leaver, RunFolder};

fn key(who: &str) -> PersonKey {
    PersonKey::of(&format!("{who}@x.example"))
}

fn sent(who: &str) -> Sent {
    Sent {
        key: key(who),
        id: None,
        values: 1,
        profile: 7,
        segments: SegmentSet::only(0),
        add: SegmentSet::only(0),
        before: None,
    }
}

fn settled(at: u16, after: u64) -> Settled {
    let status = Status::Subscribed;
    Settled {
        at,
        fate: Fate::Created { status },
        after,
        contact: None,
    }
}

/// Writes a run that created anna, bo and cecilia in one call, told in two parts, and then only bo.
async fn written(home: &Home) -> RunFolder {
    let run = RunFolder::create(home, jiff::Timestamp::UNIX_EPOCH).expect("run");
    let journal = JournalWriter::create(&run).expect("journal");
    let began = Record::Began(Began {
        run: run.id.to_string(),
        destination: "Test".to_owned(),
        audience: "aaa".to_owned(),
        at: 0,
        started_by: StartedBy::Command,
        status_if_new: NewStatus::Subscribed,
        segments: vec![("a".to_owned(), "a".to_owned())],
        undoes: None,
        partial: false,
    });
    journal.write(&began).await.expect("began");
    for members in [vec!["anna", "bo", "cecilia"], vec!["bo"]] {
        let mut images = Images::default();
        for who in &members {
            let before = json!({"FNAME": who}).to_string();
            let image = Image {
                key: key(who),
                id: None,
                before,
            };
            images.add(&image).expect("image");
        }
        let members: Vec<Sent> = members.into_iter().map(sent).collect();
        let (call, left) = (CallKind::Create, u16::try_from(members.len()).expect("few"));
        let no = journal
            .intend(call, None, 0, &members, images)
            .await
            .expect("intended");
        let last = settled(left - 1, 100 + u64::from(left));
        journal.settle(no, vec![last]).await.expect("settled");
        if left > 1 {
            let rest = (0..left - 1).map(|at| settled(at, u64::from(at)));
            journal.settle(no, rest.collect()).await.expect("settled");
        }
    }
    let words = "no".to_owned();
    for who in ["bo", "anna"] {
        let said = Record::Said {
            key: key(who),
            words: words.clone(),
        };
        journal.write(&said).await.expect("said");
    }
    journal.close().await.expect("closed");
    run
}

fn fates(run: &RunFolder) -> (Vec<(PersonKey, u64)>, Damage, u64) {
    let journal = JournalReader::open(&run.journal())
        .expect("open")
        .expect("there");
    let mut fates = Vec::new();
    let folded = fold_journal(journal, |told| {
        fates.push((told.sent.key, told.settled.after));
    });
    let folded = folded.expect("folds");
    assert!(folded.in_doubt.is_empty());
    assert_eq!(folded.next_intent, 2);
    (fates, folded.damage, folded.strays)
}

fn leaver(who: &str) -> Leaver {
    Leaver::of(&Email::parse(&format!("{who}@x.example")).expect("address"))
}

fn holds(run: &RunFolder, who: &str) -> bool {
    let files = [run.journal(), run.images()].map(|path| std::fs::read(path).expect("file"));
    let key = key(who);
    let mut files = files.iter();
    files.any(|file| file.windows(16).any(|bytes| bytes == key.as_bytes()))
}

#[tokio::test]
async fn a_person_goes_from_the_records_and_everyone_else_keeps_their_fate() {
    let folder = tempfile::tempdir().expect("folder");
    let run = written(&Home::at(folder.path())).await;
    for who in ["anna", "bo"] {
        assert!(holds(&run, who));
        erase_from_records(&run, &mut leaver(who)).expect("erased");
        assert!(!holds(&run, who));
    }
    assert_eq!(
        fates(&run),
        (vec![(key("cecilia"), 103)], Damage::default(), 0)
    );
    let mut images = ImageReader::open(&run.images())
        .expect("open")
        .expect("there");
    let image: Image<String> = images.read().expect("read").expect("one");
    assert_eq!(
        (image.key, image.before.contains("cecilia")),
        (key("cecilia"), true)
    );
    assert!(images.read::<String>().expect("read").is_none());
}

#[tokio::test]
async fn files_without_the_person_are_not_touched() {
    let folder = tempfile::tempdir().expect("folder");
    let run = written(&Home::at(folder.path())).await;
    let read = || [run.journal(), run.images()].map(|path| std::fs::read(path).expect("file"));
    let before = read();
    erase_from_records(&run, &mut leaver("dora")).expect("nothing to erase");
    assert_eq!(read(), before);
}

#[tokio::test]
async fn what_was_damaged_is_still_told_as_damaged() {
    let folder = tempfile::tempdir().expect("folder");
    let run = written(&Home::at(folder.path())).await;
    let mut bytes = std::fs::read(run.journal()).expect("file");
    let at = bytes.len() / 2;
    bytes[at] ^= 0xff;
    std::fs::write(run.journal(), bytes).expect("damaged");
    let (_, damage, _) = fates(&run);
    assert_eq!(damage.places, 1);
    erase_from_records(&run, &mut leaver("anna")).expect("erased");
    let (fates, damage, _) = fates(&run);
    assert_eq!(damage.places, 1);
    assert!(fates.iter().all(|(who, _)| *who != key("anna")));
}
