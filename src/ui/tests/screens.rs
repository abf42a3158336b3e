//! What every screen looks like: pictures in text, of three sizes, in both languages, with little, usual and nasty data.
//! `SEGUE_BLESS=1` writes them anew.

use std::fmt::Write as _;
use std::path::Path;
use std::time::Duration;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use jiff::Timestamp;
use ratatui::Terminal;
use ratatui::backend::TestBackend;

use super::super::app::App;
use super::super::msg::{Effect, HomeData, Last, Msg, RunEnd, Ticket};
use super::super::theme::Theme;
use super::super::view::draw;
use super::super::wizard::Step;
use super::super::{Demo, Start};
use super::world::{NASTY, World, answer, counters, failed, users, world};
use super::{demo, kept};
use crate::deliver::Trouble;
use crate::domain::{Destination, DestinationName, Draft, Segment, SourceSpec, StartedBy};
use crate::export::{Ended, Message, Outcome, Phase, Progress, Report, SegmentProgress, Settling};
use crate::store::SavedDraft;
use crate::words::{Lang, Words};

const USUAL: &str = "id,EMail,FirstName,LastName,Email Subscriber,Segment\n1,linnea@example.se,Linnéa,Åström,yes,Gold\n2,otto@example.de,Otto,Weiß,yes,Nyhetsbrev\n3,,Jan,Kowalski,no,Gold\n";
pub(super) const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (60, 16)];

/// One walk through the application; what it saw, screen by screen.
pub(super) struct Tour<'w> {
    pub app: App,
    world: &'w World,
    pub saved: HomeData,
    run: Option<(Ticket, Destination)>,
    size: (u16, u16),
    pub seen: String,
}

impl<'w> Tour<'w> {
    pub fn new(world: &'w World, lang: Lang, size: (u16, u16), demo: Option<Demo>) -> Self {
        let words = Words::new(lang);
        let mut app = App::new(
            words,
            Theme::default(),
            "lotta".to_owned(),
            demo,
            Start::Home,
        );
        app.clock = clock();
        let mut tour = Self {
            app,
            world,
            saved: HomeData {
                usable: vec![world.login.name.clone()],
                logins: vec![world.login.clone()],
                users: users(),
                ..HomeData::default()
            },
            run: None,
            size,
            seen: String::new(),
        };
        let effects = tour.app.begin();
        tour.perform(effects);
        tour
    }

    /// Answers whatever is asked, until nothing is.
    pub fn perform(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Ask(ticket, question) => {
                    let reply = answer(&question, self.world, &mut self.saved, true);
                    self.update(Msg::Answer(ticket, reply));
                }
                Effect::Run(ticket, destination, _) => self.run = Some((ticket, *destination)),
                _ => {}
            }
        }
    }

    pub fn update(&mut self, msg: Msg) {
        let effects = self.app.update(msg);
        self.app.clock = clock();
        self.perform(effects);
    }

    pub fn press(&mut self, keys: &[KeyCode]) {
        for key in keys {
            self.update(Msg::Key(KeyEvent::new(*key, KeyModifiers::NONE)));
        }
    }

    pub fn see(&mut self, name: &str) {
        let (width, height) = self.size;
        let mut terminal = Terminal::new(TestBackend::new(width, height)).expect("terminal");
        terminal
            .draw(|frame| draw(frame, &mut self.app))
            .expect("drawn");
        let shown = terminal.backend().to_string();
        assert!(!shown.contains(['\u{1b}', '\u{7}', '\u{202e}']), "{shown}");
        let lines = shown.lines().map(|line| {
            // The backend puts remarks on wide characters behind the closing quote.
            let line = line.rsplit_once('"').map_or(line, |(line, _)| line);
            let line = line.split_once("\" Hidden").map_or(line, |(line, _)| line);
            line.trim_matches('"').trim_end()
        });
        let lines: Vec<&str> = lines.collect();
        let lines = lines.join("\n");
        writeln!(self.seen, "=== {name}\n{lines}").expect("written");
    }

    fn wizard(&mut self) {
        use KeyCode::{Char, Down, Enter, Esc};
        self.press(&[Char('n')]);
        self.see("before you start");
        self.press(&[Enter]);
        self.see("name and privacy");
        self.press(&[Enter, Enter]);
        self.see("privacy, not agreed");
        self.press(&[Char(' '), Enter]);
        self.see("audience");
        self.press(&[KeyCode::Tab, Down, Enter]);
        self.see("sign-in fails");
        self.press(&[KeyCode::Up, Enter, Enter]);
        self.see("source");
        self.press(&[Down, Enter]);
        self.see("an instance is picked");
        self.press(&[Down, Enter]);
        self.see("connected as export user");
        self.press(&[Down, Down, Enter]);
        self.see("export user");
        self.press(&[Enter, Esc, Down, Down, Down, Enter]);
        self.see("export user of the API");
        self.press(&[KeyCode::Tab, KeyCode::Tab, KeyCode::Tab, Char(' ')]);
        self.see("export user with a code");
        self.press(&[Esc, Down, Down, Down, Down, Enter]);
        self.see("folder");
        // The first Enter looks at what was typed, the second goes on.
        self.press(&[Enter, Enter]);
        self.see("data matching");
        self.press(&[KeyCode::Home, Char(' ')]);
        self.see("an attribute is picked");
        self.press(&[Enter, KeyCode::End, Enter]);
        self.see("segments");
        self.press(&[Char('a'), Char('?')]);
        self.see("help");
        self.press(&[KeyCode::Esc, Enter]);
        self.see("rules");
        self.press(&[Char(' '), Enter]);
        self.see("review");
        self.update(Msg::Key(KeyEvent::new(Char('g'), KeyModifiers::CONTROL)));
        self.see("a step is asked for");
        self.press(&[Esc, Esc]);
        self.see("leaving is asked, with answers");
        self.press(&[Char('s'), Char('d'), KeyCode::End]);
        self.see("changes");
        self.press(&[Char('/'), Char('d'), Char('j')]);
        self.see("changes, nothing found");
        self.press(&[Esc, Char('3')]);
        self.see("changes, one kind");
        self.press(&[Esc]);
        self.press(&[Down]);
        self.see("review, to export");
        self.press(&[Enter]);
        self.see("exporting is asked");
        self.press(&[Char(if self.app.words.lang() == Lang::En {
            'y'
        } else {
            'j'
        })]);
    }

    fn export(&mut self) {
        use KeyCode::{Char, Enter, Esc};
        let (ticket, destination) = self.run.take().unwrap_or_else(|| panic!("{}", self.seen));
        self.see("an export begins");
        let mut reading = Progress::default();
        (reading.phase, reading.rows) = (Some(Phase::Reading), 1_250);
        self.update(Msg::Progress(ticket, Box::new(reading)));
        self.see("an export reads");
        self.update(Msg::Progress(ticket, Box::new(progress())));
        self.see("an export goes on");
        self.press(&[Char('b')]);
        self.see("home, an export goes on");
        self.press(&[Char('d')]);
        self.see("stopping and removing is asked");
        self.press(&[Esc, Enter, Char('q')]);
        self.see("leaving is asked");
        self.press(&[Esc, Char('s')]);
        self.see("an export stops");
        let end = RunEnd {
            report: Some(report(&destination)),
            failure: None,
        };
        self.update(Msg::Ended(ticket, Box::new(end)));
        self.see("report");
        self.press(&[Char('r')]);
        self.see("rejects");
        self.press(&[Esc, Esc, Char('d')]);
        self.see("removing is asked");
        self.press(&[Esc, Char('r')]);
        let (ticket, _) = self.run.take().expect("run again");
        let end = RunEnd {
            report: None,
            failure: Some(failed()),
        };
        self.update(Msg::Ended(ticket, Box::new(end)));
        self.see("report of a failure");
        self.press(&[KeyCode::Char('h')]);
        self.see("history");
        self.press(&[KeyCode::Down; 5]);
        self.press(&[KeyCode::Enter]);
        self.see("an undo of the past");
        self.press(&[Esc]);
        self.press(&[Esc]);
        self.see("home, a run failed before it began");
    }

    /// Several destinations, and what is done with a saved one.
    fn life(&mut self) {
        use KeyCode::{Char, Down, Esc};
        let first = self.saved.rows[0].clone();
        let states = [
            ("Höstkampanj", Outcome::Done),
            ("Kunder i Norden", Outcome::Refused),
            ("Återköp", Outcome::Stopped),
        ];
        for (name, outcome) in states {
            let mut row = first.clone();
            row.destination.name = DestinationName::parse(name).expect("name");
            let mut report = report(&row.destination);
            report.ended.outcome = outcome;
            report.ended.counters.rejected = 0;
            row.last = Some(last(report));
            self.saved.rows.push(row);
        }
        self.saved.rows[2].destination.source = SourceSpec::Dataverse("https://c.x".to_owned());
        self.saved.rows[3].destination.login = None;
        self.saved.rows[0].last = Some(last(report(&first.destination)));
        let effects = self.app.begin();
        self.perform(effects);
        self.press(&[KeyCode::Home, Char(' '), Down, Char(' '), Char('S')]);
        self.see("home, some are chosen");
        self.press(&[Char('?')]);
        self.see("help of the list");
        self.press(&[Esc, Char(':')]);
        self.see("commands of the list");
        self.press(&[Char('r'), Char('e')]);
        self.see("commands, searched");
        self.press(&[Esc, Char('r')]);
        self.see("running several is asked");
        self.press(&[Char('y'), Char('s'), Char('s'), Char('s'), Char('s')]);
        self.see("home, sorted by status, runs go on");
        self.press(&[Char('/'), Char('n'), Char('o')]);
        self.see("home, searched");
        self.press(&[Esc, Char('l')]);
        self.see("the logins");
        self.press(&[Esc, KeyCode::End, Char('v')]);
        self.see("a destination is looked at");
        self.press(&[KeyCode::End, Char('x')]);
        self.see("detaching is asked");
        self.press(&[Esc, Char('R')]);
        self.see("another name is asked for");
        self.press(&[Esc, Char('D')]);
        self.see("the name of a copy is asked for");
    }
}

fn clock() -> Timestamp {
    Timestamp::from_second(1_774_858_800).expect("a time")
}

fn progress() -> Progress {
    let mut counters = counters();
    (counters.created, counters.updated) = (2_100, 150);
    (counters.retries, counters.throttled) = (4, 3);
    let segment = |tag: &str, done, total| SegmentProgress {
        label: tag.to_owned(),
        tag: tag.to_owned(),
        done,
        total,
    };
    let mut progress = Progress::default();
    progress.phase = Some(Phase::Delivering);
    progress.planned = true;
    progress.counters = counters;
    progress.segments = vec![
        segment("Gold", 900, 1_200),
        segment("日本語 e\u{301}", 1_350, 3_692),
    ];
    progress.lanes = vec![Some(Duration::from_secs(1)), None, Some(Duration::ZERO)];
    progress.limit = 10;
    let throttled = Message::Trouble(Trouble::Throttled, 8);
    progress
        .messages
        .push_back((Duration::from_secs(1), throttled));
    progress
}

pub(super) fn report(destination: &Destination) -> Report {
    Report {
        run: "20260330T082000.000Z-1a2b".to_owned(),
        destination: destination.id(),
        started_at: clock(),
        ended_at: clock(),
        started_by: StartedBy::Person,
        audience_link: "https://us6.admin.mailchimp.com/lists/tags?id=4201".to_owned(),
        tags: destination
            .segments
            .iter()
            .map(|one| one.label.clone())
            .collect(),
        ended: Ended {
            outcome: Outcome::DoneWithRejects,
            exit: 2,
            guard: None,
            counters: counters(),
            resumed: None,
            report: "/home/lotta/.local/share/segue/runs/20260330T082000.000Z-1a2b/report.json"
                .to_owned(),
        },
        merges: Vec::new(),
        failure: None,
        skipped: None,
        skipped_for: None,
        limited: false,
        again: false,
        settling: Settling::by_itself(true),
        consent: None,
        undo: crate::export::UndoNote::default(),
    }
}

/// The same as the last run of a row.
pub(super) fn last(report: Report) -> Last {
    Last {
        state: report.state(),
        report,
        rejects: "/runs/rejects.csv".into(),
    }
}

pub(super) fn same_as_before(name: &str, now: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/program/snapshots/screens");
    let path = folder.join(format!("{name}.txt"));
    if std::env::var_os("SEGUE_BLESS").is_some() {
        std::fs::create_dir_all(&folder).expect("folder");
        std::fs::write(&path, now).expect("written");
    }
    let before = std::fs::read_to_string(&path).unwrap_or_default();
    for (was, is) in before.split("=== ").zip(now.split("=== ")) {
        assert_eq!(is, was, "{name}: SEGUE_BLESS=1 accepts it");
    }
    assert_eq!(now.len(), before.len(), "{name}: SEGUE_BLESS=1 accepts it");
}

async fn tour_everything(kind: &str, people: &str, audience: &str, called: &str) {
    let folder = tempfile::tempdir().expect("folder");
    let world = world(folder.path(), people, audience).await;
    for lang in Lang::ALL {
        for size in SIZES {
            let demo = demo(called, "/srv/people".into());
            let mut tour = Tour::new(&world, lang, size, Some(demo));
            tour.see("home, empty");
            tour.wizard();
            tour.export();
            tour.life();
            let name = format!("{kind}-{}-{}x{}", lang.as_str(), size.0, size.1);
            same_as_before(&name, &tour.seen);
        }
    }
}

#[tokio::test]
async fn every_screen_is_as_it_was_seen_with_usual_data() {
    tour_everything("usual", USUAL, "Kundklubben", "Vårkampanj").await;
}

#[tokio::test]
async fn every_screen_is_as_it_was_seen_with_nasty_data() {
    let audience = "Club \u{1b}]0;x\u{7}";
    tour_everything(
        "nasty",
        NASTY,
        audience,
        "日本 e\u{301} with a name of many words in it",
    )
    .await;
}

#[tokio::test]
async fn segments_of_another_source_are_known_by_their_labels_and_gone_ones_can_be_taken_out() {
    let folder = tempfile::tempdir().expect("folder");
    let world = world(folder.path(), USUAL, "Kundklubben").await;
    let mut tour = Tour::new(&world, Lang::En, (80, 24), None);
    tour.saved.drafts.push(SavedDraft {
        step: Step::Segments.name().to_owned(),
        draft: Draft {
            source: Some(SourceSpec::Folder("/srv/people".into())),
            segments: vec![
                Segment::new("id-of-gold", "Gold"),
                Segment::new("x", "Autumn"),
            ],
            ..Draft::default()
        },
        ..kept()
    });
    let effects = tour.app.begin();
    tour.perform(effects);
    tour.press(&[KeyCode::Enter]);
    tour.see("segments");
    assert!(tour.seen.contains("[✓] Gold "), "{}", tour.seen);
    assert!(tour.seen.contains("[✓] Autumn · gone from the source"));
    tour.seen.clear();
    tour.press(&[KeyCode::Down, KeyCode::Down, KeyCode::Char(' ')]);
    tour.see("segments");
    assert!(tour.seen.contains("1 chosen"), "{}", tour.seen);
    assert!(!tour.seen.contains("Autumn"), "{}", tour.seen);
}
