//! The application in front of a test: keys in, questions answered, what it asked for remembered.

use std::fmt::Debug;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use ratatui::Terminal;
use ratatui::backend::TestBackend;

use super::super::Start;
use super::super::app::App;
use super::super::msg::{Answer, Effect, HomeData, Msg, Question, RunEnd, Ticket};
use super::super::theme::Theme;
use super::super::view::draw;
use super::tables::rejects;
use super::world::{NASTY, World, answer, counters, failed, row, users, world};
use crate::domain::{
    Agreement, Destination, DestinationName, Draft, NewStatus, Reject, Segment, SourceSpec, Target,
};
use crate::export::{Checked, Forecast, Warning};
use crate::words::{Lang, Words};

/// An application whose questions are answered at once, except those that a test holds back.
pub(super) struct Bench<'w> {
    pub app: App,
    world: &'w World,
    pub saved: HomeData,
    /// Everything that was asked for.
    pub asked: Vec<Effect>,
    /// The rejects of every run, in place of the usual ones.
    pub rejects: Vec<Reject>,
    /// Whether nothing is answered any more.
    pub holds_all: bool,
    /// Whether checks are answered by the test itself.
    pub holds_checks: bool,
}

impl<'w> Bench<'w> {
    pub fn new(world: &'w World, saved: HomeData) -> Self {
        Self::speaking(Lang::En, world, saved)
    }

    pub fn speaking(lang: Lang, world: &'w World, saved: HomeData) -> Self {
        let words = Words::new(lang);
        let app = App::new(
            words,
            Theme::default(),
            "lotta".to_owned(),
            None,
            Start::Home,
        );
        let mut bench = Self {
            app,
            world,
            saved,
            asked: Vec::new(),
            rejects: Vec::new(),
            holds_all: false,
            holds_checks: false,
        };
        let effects = bench.app.begin();
        bench.perform(effects);
        bench
    }

    pub fn perform(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match &effect {
                Effect::Ask(..) if self.holds_all => {}
                Effect::Ask(_, Question::Check(..)) if self.holds_checks => {}
                Effect::Ask(ticket, Question::Rejects(_)) if !self.rejects.is_empty() => {
                    let rejects = Answer::Rejects(Ok(self.rejects.clone()));
                    let more = self.app.update(Msg::Answer(*ticket, rejects));
                    self.perform(more);
                }
                Effect::Ask(ticket, question) => {
                    let reply = answer(question, self.world, &mut self.saved, true);
                    let more = self.app.update(Msg::Answer(*ticket, reply));
                    self.perform(more);
                }
                Effect::Keep(draft) => {
                    self.saved.drafts.retain(|kept| kept.id != draft.id);
                    self.saved.drafts.push((**draft).clone());
                }
                Effect::Forget(id) => self.saved.drafts.retain(|kept| kept.id != *id),
                _ => {}
            }
            self.asked.push(effect);
        }
    }

    pub fn update(&mut self, msg: Msg) {
        let effects = self.app.update(msg);
        self.perform(effects);
    }

    pub fn press(&mut self, keys: &[KeyCode]) {
        for key in keys {
            self.update(Msg::Key((*key).into()));
        }
    }

    pub fn control_c(&mut self) {
        let event = KeyEvent::new(KeyCode::Char('c'), KeyModifiers::CONTROL);
        self.update(Msg::Key(event));
    }

    pub fn end(&mut self, ticket: Ticket) {
        let end = RunEnd {
            report: None,
            failure: Some(failed()),
        };
        self.update(Msg::Ended(ticket, Box::new(end)));
    }

    pub fn shown(&mut self) -> String {
        self.shown_at(100, 30)
    }

    pub fn shown_at(&mut self, width: u16, height: u16) -> String {
        let mut terminal = Terminal::new(TestBackend::new(width, height)).expect("terminal");
        terminal
            .draw(|frame| draw(frame, &mut self.app))
            .expect("drawn");
        terminal.backend().to_string()
    }

    /// Clicks on the first place where this text stands, so many columns behind its beginning.
    pub fn click(&mut self, text: &str, behind: u16) {
        let mut terminal = Terminal::new(TestBackend::new(100, 30)).expect("terminal");
        terminal
            .draw(|frame| draw(frame, &mut self.app))
            .expect("drawn");
        let buffer = terminal.backend().buffer();
        let found = (0..30).find_map(|row| {
            let cells = (0..100).map(|column| buffer[(column, row)].symbol());
            let cells: Vec<&str> = cells.collect();
            let at = cells.concat().find(text)?;
            let column = (0..100).find(|column| cells[..*column].concat().len() >= at)?;
            Some((u16::try_from(column).expect("few"), row))
        });
        let (column, row) = found.unwrap_or_else(|| panic!("no {text:?} on {buffer:?}"));
        self.update(Msg::Mouse(MouseEvent {
            kind: MouseEventKind::Down(MouseButton::Left),
            column: column + behind,
            row,
            modifiers: KeyModifiers::NONE,
        }));
    }

    pub fn count(&self, fits: impl Fn(&Effect) -> bool) -> usize {
        self.asked.iter().filter(|effect| fits(effect)).count()
    }

    pub fn run(&self) -> Ticket {
        let mut tickets = self.asked.iter().filter_map(|effect| match effect {
            Effect::Run(ticket, ..) => Some(*ticket),
            _ => None,
        });
        tickets.next_back().expect("a run was started")
    }

    /// The last check that was asked for, and of which destination.
    fn checked(&self) -> (Ticket, DestinationName) {
        let mut checks = self.asked.iter().filter_map(|effect| match effect {
            Effect::Ask(ticket, Question::Check(destination, _)) => {
                Some((*ticket, destination.name.clone()))
            }
            _ => None,
        });
        checks.next_back().expect("a check was asked for")
    }

    pub fn answer_check(&mut self, warnings: Vec<Warning>) {
        let (ticket, name) = self.checked();
        let checked = Checked {
            name,
            would: counters(),
            warnings,
            exit: 0,
            diff: Some(self.world.diff.clone()),
            run: Forecast::default(),
        };
        self.update(Msg::Answer(ticket, Answer::Check(Ok(Box::new(checked)))));
    }
}

pub(super) fn stops(effect: &Effect) -> bool {
    matches!(effect, Effect::Stop(_))
}

pub(super) fn removes(effect: &Effect) -> bool {
    matches!(effect, Effect::Ask(_, Question::Remove(..)))
}

pub(super) fn checks(effect: &Effect) -> bool {
    matches!(effect, Effect::Ask(_, Question::Check(..)))
}

pub(super) fn runs(effect: &Effect) -> bool {
    matches!(effect, Effect::Run(..))
}

pub(super) fn saves(effect: &Effect) -> bool {
    matches!(effect, Effect::Ask(_, Question::Save(..)))
}

pub(super) fn assert_shows(shown: &str, wanted: impl AsRef<str> + Debug) {
    assert!(
        shown.contains(wanted.as_ref()),
        "no {wanted:?} on:\n{shown}"
    );
}

pub(super) fn destination(name: &str, world: &World) -> Destination {
    let mut draft = Draft {
        name: name.into(),
        login: Some(world.login.name.clone()),
        audience: "a1b2c3".into(),
        audience_name: "Club".to_owned(),
        source: Some(SourceSpec::Folder("/srv/people".into())),
        status_if_new: Some(NewStatus::Subscribed),
        agreement: Some(Agreement {
            at: jiff::Timestamp::UNIX_EPOCH,
            user: "lotta".to_owned(),
            language: "en".to_owned(),
            text_sha256: String::new(),
        }),
        segments: vec![Segment::new("Gold", "Gold")],
        ..Draft::default()
    };
    draft.map.set(Target::Email, "EMail");
    draft.finish(jiff::Timestamp::UNIX_EPOCH).expect("complete")
}

pub(super) fn home(world: &World, names: &[&str]) -> HomeData {
    HomeData {
        rows: names
            .iter()
            .map(|name| row(destination(name, world)))
            .collect(),
        usable: vec![world.login.name.clone()],
        logins: vec![world.login.clone()],
        users: users(),
        queries: "/srv/home/queries".into(),
        ..HomeData::default()
    }
}

pub(super) async fn a_world(folder: &tempfile::TempDir) -> World {
    world(folder.path(), NASTY, "Club").await
}

/// The usual rejects, of another file.
pub(super) fn rejected(file: &str) -> Vec<Reject> {
    let of_file = |reject: Reject| Reject {
        file: file.to_owned(),
        ..reject
    };
    rejects().into_iter().map(of_file).collect()
}
