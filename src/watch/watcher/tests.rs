//! What a watcher does about what went wrong, step by step.

#[cfg(unix)]
use std::io::Read;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use tempfile::TempDir;
use tokio::task::spawn_blocking;
use tokio::time::timeout;

use super::super::event::Event;
use super::super::finish::Finish;
use super::super::recover::close_of;
use super::{Finished, Ill, Watcher};
use crate::domain::{
    Agenda, Close, Destination, DestinationId, Schedule, StartedBy, Then, Times, Wanted, Zone,
};
use crate::export::{Ending, Error, StopHandle, Surroundings, Voice, history};
use crate::login::MemoryKeyring;
use crate::source::Error as SourceError;
use crate::store::{Destinations, Error as StoreError, Home, RunFolder};

const DATAVERSE: &str = "dataverse:https://org.crm4.dynamics.com";

struct World {
    folder: TempDir,
    watcher: Watcher,
    told: Arc<Mutex<Vec<String>>>,
}

impl World {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("folder");
        let surroundings =
            Surroundings::for_test(Home::at(folder.path()), Arc::new(MemoryKeyring::new()));
        let voice = Voice {
            advice: Arc::new(|_| String::new()),
            explain: Arc::new(|why| why.to_string().as_str().into()),
        };
        let told = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&told);
        let tell = Arc::new(move |event: Event| {
            let text = format!("{event:?}");
            let word = text.split([' ', '(']).next().unwrap_or_default();
            kept.lock().expect("told").push(word.to_owned());
        });
        Self {
            watcher: Watcher::new(
                surroundings,
                Arc::new(move |_| voice.clone()),
                StartedBy::Once,
                tell,
            ),
            folder,
            told,
        }
    }

    fn destination(&self, source: &str, schedule: Schedule) -> Destination {
        let text = format!(
            "name = 'Spring'\nlogin = 'a'\naudience = 'b'\nsource = '{source}'\nsegments = []\n\
             status_if_new = 'subscribed'\ncreated_at = '2026-01-01T00:00:00Z'\n[map]\nemail = 'email'\n"
        );
        let destination: Destination = toml::from_str(&text).expect("destination");
        let destination = Destination {
            schedule,
            ..destination
        };
        let saved = Destinations::of(&self.watcher.surroundings.home);
        saved.save(destination, None).expect("saved")
    }

    fn keep(&self, destination: &Destination, agenda: &Agenda) {
        let agendas = &self.watcher.agendas;
        let kept = agendas.change(&destination.id(), |slot| *slot = Some(agenda.clone()));
        kept.expect("kept");
    }

    fn kept(&self, destination: &Destination) -> Agenda {
        let kept = self.watcher.agendas.find(&destination.id());
        kept.expect("read").expect("kept")
    }

    fn look_at(&mut self, destination: &Destination, agenda: Agenda) -> Option<Agenda> {
        let kept = self.watcher.agendas.find(&destination.id()).expect("read");
        let now = Timestamp::now();
        let looked = self
            .watcher
            .look_at(destination, kept.as_ref(), agenda, now);
        looked.expect("looked")
    }

    fn told(&self) -> Vec<String> {
        std::mem::take(&mut *self.told.lock().expect("told"))
    }
}

fn refresh() -> Schedule {
    Schedule::OnRefresh {
        quiet_seconds: None,
    }
}

fn daily() -> Schedule {
    Schedule::Daily {
        times: Times::parse(["00:00"]).expect("times"),
        zone: "UTC".parse::<Zone>().expect("zone"),
    }
}

/// Due since yesterday.
fn due(schedule: Schedule) -> Agenda {
    Agenda::new(schedule, Timestamp::now() - SignedDuration::from_hours(48))
}

fn begun(schedule: Schedule) -> Agenda {
    let at = Timestamp::now() - SignedDuration::from_mins(5);
    let mut agenda = due(schedule);
    agenda.begin(Wanted {
        at,
        due: at,
        mark: None,
    });
    agenda
}

fn run(home: &Home, outcome: &str, exit: u8) {
    let run = RunFolder::create(home, Timestamp::now()).expect("run");
    let failure = json!({"what": "refused", "why": "", "next": []});
    let report = json!({
        "run": run.id, "destination": "Spring", "started_at": Timestamp::now(), "ended_at": Timestamp::now(),
        "started_by": "watch", "audience_link": "", "tags": [], "merges": [], "outcome": outcome, "exit": exit,
        "guard": null, "report": "", "failure": if exit == 0 { json!(null) } else { failure },
    });
    run.write_report(&report).expect("report");
}

#[cfg(unix)]
#[tokio::test]
async fn a_source_that_nobody_may_ask_stops_the_schedule_and_that_is_told() {
    let world = World::new();
    let got = world.folder.path().join("got");
    let config = format!("on_finish = 'cat >> {}'\n", got.display());
    std::fs::write(world.folder.path().join("config.toml"), config).expect("config");
    let destination = world.destination(DATAVERSE, refresh());
    let World {
        watcher,
        told,
        folder,
    } = world;
    let (home, agendas) = (watcher.surroundings.home.clone(), watcher.agendas.clone());
    let exits = watcher.watch(true, &StopHandle::default()).await;
    assert_eq!(exits.expect("watched"), [4]);
    assert_eq!(
        *told.lock().expect("told"),
        ["Watching", "Ended", "Stopped"]
    );
    let past = history(&home, Some(&destination.id())).expect("history");
    assert!(matches!(&past[..], [Ok(past)] if past.report.ended.exit == 4));
    let text = std::fs::read_to_string(&got).expect("somebody was told");
    assert!(text.contains(r#""schedule_stopped":true"#), "{text}");
    let kept = agendas
        .find(&destination.id())
        .expect("read")
        .expect("kept");
    assert!(kept.is_stopped());
    drop(folder);
}

#[tokio::test]
async fn what_a_killed_watcher_began_is_settled_by_its_report_and_told() {
    let mut world = World::new();
    let destination = world.destination("folder:/people", daily());
    let home = world.watcher.surroundings.home.clone();
    let settle = |world: &mut World| {
        let kept = begun(daily());
        world.keep(&destination, &kept);
        let settled = world.watcher.settled(&destination, Some(&kept));
        settled.expect("settled").expect("kept")
    };
    let kept = settle(&mut world);
    assert!(kept.begun.is_none() && kept.trouble.is_none());
    assert!(kept.next_run(Timestamp::now()) < Some(Timestamp::now()));
    assert_eq!(world.told(), [""; 0], "it is due as before");
    run(&home, "refused", 6);
    let kept = settle(&mut world);
    let trouble = kept.trouble.expect("failed");
    assert_eq!(trouble.why.own().what, "refused");
    assert_eq!(world.told(), ["Ended", "Stopped"]);
    run(&home, "done", 0);
    let kept = settle(&mut world);
    assert!(kept.trouble.is_none() && kept.next_run(Timestamp::now()) > Some(Timestamp::now()));
    assert_eq!(world.told(), ["Ended"]);
}

#[tokio::test]
async fn an_end_that_cannot_be_written_down_is_not_lost() {
    let mut world = World::new();
    let destination = world.destination("folder:/people", daily());
    world.keep(&destination, &begun(daily()));
    let path = world.folder.path().join("schedules.toml");
    let whole = std::fs::read(&path).expect("kept");
    std::fs::write(&path, "[destinations").expect("damaged");
    let failure = StoreError::Write {
        path: path.clone(),
        source: std::io::Error::from(std::io::ErrorKind::StorageFull),
    };
    let finished = Finished {
        destination: destination.clone(),
        ending: Ending {
            report: None,
            failure: Some(failure.into()),
        },
    };
    let finished = world.watcher.over(finished).expect("given back");
    let finished = world.watcher.over(finished).expect("given back");
    assert_eq!(world.told(), ["Hindered"], "once");
    std::fs::write(&path, whole).expect("mended");
    assert!(world.watcher.over(finished).is_none());
    let kept = world.kept(&destination);
    assert!(kept.begun.is_none() && kept.trouble.is_some() && !kept.is_stopped());
    assert_eq!(world.told(), ["Ended", "Retry"], "a full disk passes");
}

#[tokio::test]
async fn what_another_has_changed_meanwhile_is_not_written_over() {
    let mut world = World::new();
    let destination = world.destination("folder:/people", daily());
    let stale = due(daily());
    let set_now = Agenda::new(daily(), Timestamp::now());
    world.keep(&destination, &set_now);
    let now = Timestamp::now();
    let looked = world
        .watcher
        .look_at(&destination, Some(&stale), stale.clone(), now);
    assert_eq!(looked.expect("looked"), None);
    assert_eq!(world.kept(&destination), set_now);
    assert!(world.watcher.running.is_empty());
}

#[tokio::test]
async fn what_waits_for_another_ones_source_is_skipped_once() {
    let mut world = World::new();
    let destination = world.destination("folder:/people", daily());
    let ill = super::source_of(&destination);
    let skips = |world: &mut World, agenda: Agenda| {
        let until = Timestamp::now() + SignedDuration::from_mins(1);
        let of = Ill {
            who: DestinationId::parse("Autumn").expect("name"),
            why: "gone".into(),
            until,
        };
        world.watcher.ill.insert(ill.clone(), of);
        world.look_at(&destination, agenda).expect("looked")
    };
    let mut agenda = skips(&mut world, due(daily()));
    assert_eq!(world.told(), ["Skipped"]);
    if let Some(trouble) = &mut agenda.trouble {
        trouble.retry_at = Some(Timestamp::now());
    }
    let agenda = skips(&mut world, agenda);
    let trouble = agenda.trouble.expect("it waits");
    assert_eq!(trouble.why.own().what, "gone");
    assert_eq!(trouble.waits_for, DestinationId::parse("Autumn").ok());
    assert_eq!(world.told(), [""; 0]);
    assert_eq!(world.watcher.exits, [5]);
}

#[tokio::test]
async fn nothing_waits_for_a_source_before_that_has_answered() {
    let mut world = World::new();
    let destination = world.destination("insights:0f8fad5b-d9cb-469f-a165-70867728950e", daily());
    let agenda = due(daily());
    let looked = world.look_at(&destination, agenda.clone());
    assert_eq!(looked, Some(agenda));
    assert_eq!(world.told(), [""; 0]);
    assert_eq!(world.watcher.probe.asking.len(), 1);
}

#[tokio::test]
async fn stopping_twice_does_not_wait_for_the_users_command() {
    let mut world = World::new();
    world.watcher.finishing.spawn(std::future::pending());
    let stop = StopHandle::default();
    stop.ask(130);
    stop.ask(130);
    let ended = timeout(Duration::from_secs(30), world.watcher.wind_up(&stop)).await;
    assert_eq!(ended.expect("at once").expect("exits"), [130]);
}

#[cfg(unix)]
#[tokio::test]
async fn stopping_twice_ends_the_users_command_with_all_that_it_began() {
    let mut world = World::new();
    let home = world.watcher.surroundings.home.clone();
    let held = world.folder.path().join("held");
    let made = std::process::Command::new("mkfifo").arg(&held).status();
    assert!(made.expect("mkfifo").success());
    let finish = Finish {
        line: format!("sleep 600 > '{}' & wait", held.display()),
        limit: Duration::from_mins(10),
        destination: "Spring".to_owned(),
        ended: json!({}),
    };
    let running = async move { ("Spring".to_owned(), finish.run(&home).await) };
    world.watcher.finishing.spawn(running);
    let begun = held.clone();
    // Who opens it waits for the child, which holds it until its own end.
    let opened = spawn_blocking(move || std::fs::File::open(begun));
    let opened = timeout(Duration::from_secs(30), opened).await;
    let mut opened = opened.expect("begun").expect("no panic").expect("open");
    let stop = StopHandle::default();
    stop.ask(130);
    stop.ask(130);
    world.watcher.wind_up(&stop).await.expect("exits");
    let read = spawn_blocking(move || opened.read_to_end(&mut Vec::new()));
    let read = timeout(Duration::from_secs(30), read).await;
    read.expect("ended").expect("no panic").expect("read");
}

#[test]
fn what_left_no_report_counts_by_its_exit_code() {
    let busy = Error::Busy {
        holder: "x".to_owned(),
    };
    let broken = Error::Broken("x".to_owned());
    let unmounted = Error::from(SourceError::NotFound {
        path: "/mnt/people".into(),
    });
    assert_eq!(unmounted.exit(), 5);
    assert_eq!(close_of(None, Some(&unmounted)), Close::Transient);
    assert_eq!(close_of(None, Some(&busy)), Close::Transient);
    assert_eq!(close_of(None, Some(&broken)), Close::Permanent);
    assert_eq!(close_of(None, None), Close::Stopped);
    let mut agenda = begun(daily());
    let then = agenda.close(close_of(None, Some(&broken)), "x", Timestamp::now());
    assert_eq!(then, Then::Stops);
}
