//! The wizard: the documented steps in the documented order, each a plain struct in a file of its own.

mod adding;
mod answers;
mod audience;
mod consent;
mod export_user;
mod folder;
mod going;
mod known;
mod login;
mod mapping;
mod matching;
mod name;
mod new_field;
mod path;
mod picker;
mod preview;
mod problems;
mod review;
mod rules;
mod sampled;
mod segments;
mod source;
mod sql;
mod start;
mod view;
mod ways;

use crossterm::event::{KeyCode, KeyEvent};
use jiff::Timestamp;

use super::Demo;
use super::keys::{Command, Context};
use super::msg::{HomeData, Outbox, Wait};
use crate::domain::{DestinationId, Draft};
use crate::export::{Checked, Diff};
use crate::store::SavedDraft;
use crate::words::{Explanation, Words};

/// The keys of the steps' names, in their order.
pub(super) const STEPS: [&str; 10] = [
    "ui-step-start",
    "label-display-name",
    "label-privacy",
    "ui-step-audience",
    "ui-step-login",
    "ui-step-source",
    "label-data-matching",
    "label-segments",
    "ui-step-rules",
    "ui-step-review",
];
const NAME: usize = 1;
const CONSENT: usize = 2;
const AUDIENCE: usize = 3;
const LOGIN: usize = 4;
const SOURCE: usize = 5;
const MATCHING: usize = 6;
const SEGMENTS: usize = 7;
const RULES: usize = 8;
const REVIEW: usize = 9;

use known::{Desk, Known};
pub(super) use review::{facts, totals};
pub(super) use view::help_of;

/// Where a step wants to go after a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flow {
    /// It stays.
    Stay,
    /// To the next step.
    Next,
    /// Out of the wizard.
    Leave,
    /// To a step.
    Jump(usize),
    /// To the most profiles that a run may export, to be typed.
    Limit,
    /// Saves, or goes to what is missing for that.
    Save,
    /// Asks whether to export, with what that would do.
    Export,
}

/// What there is to keep of a draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Kept {
    /// Nothing: it was only looked at.
    #[default]
    Nothing,
    /// What was kept when the wizard was opened.
    Before,
    /// Answers of the user.
    Answers,
}

/// The wizard.
#[derive(Debug, Default)]
pub(super) struct Wizard {
    pub draft: Draft,
    pub former: Option<DestinationId>,
    pub step: usize,
    /// What the draft is known by on disk.
    id: String,
    kept: Kept,
    /// The next key says which step to go to.
    is_going: bool,
    /// What the step before came to, where it went on by itself.
    notice: Option<String>,
    furthest: usize,
    known: Known,
    demo: bool,
    user: String,
    consent: consent::Consent,
    name: name::Name,
    audience: audience::AudienceStep,
    login: login::LoginStep,
    source: source::SourceStep,
    mapping: mapping::MappingStep,
    segments: segments::SegmentsStep,
    rules: rules::RulesStep,
    review: review::Review,
    saving: Wait<()>,
    export: bool,
}

/// What the application has to do after the wizard saw a message.
#[derive(Debug)]
pub(super) enum After {
    /// Nothing.
    Nothing,
    /// Show the home screen.
    Leave,
    /// Ask what becomes of the answers that were changed.
    AskLeave,
    /// Ask whether to export, with what that would do.
    AskExport(Box<Checked>),
    /// The destination was saved; export it if asked.
    Saved(Box<crate::domain::Destination>, bool),
}

impl Wizard {
    /// Starts with a draft; an empty one, one that is kept on disk already, or one of a saved destination.
    pub fn new(
        (saved, is_kept): (SavedDraft, bool),
        home: &HomeData,
        user: &str,
        demo: Option<&Demo>,
    ) -> Self {
        let former = saved.former;
        let others = home.rows.iter().map(|row| &row.destination);
        let others = others.filter(|other| former.as_ref() != Some(&other.id()));
        let mut itself = home.rows.iter();
        let itself = itself.find(|row| former.as_ref() == Some(&row.destination.id()));
        let has_run = itself.filter(|row| row.last.is_some());
        let known = Known {
            saved: has_run.map(|row| row.destination.clone()),
            logins: home.logins.clone(),
            usable: home.usable.clone(),
            users: home.users.clone(),
            taken: others.map(|other| other.name.to_string()).collect(),
            ..Known::default()
        };
        let mut draft = saved.draft;
        if let Some(demo) = demo.filter(|_| draft == Draft::default()) {
            demo.name.clone_into(&mut draft.name);
            demo.audience.clone_into(&mut draft.audience);
        }
        if let (None, None, [only]) = (&former, &draft.login, known.usable.as_slice()) {
            draft.login = Some(only.clone());
        }
        let step = saved.step.min(REVIEW);
        Self {
            name: name::Name::new(&draft),
            audience: audience::AudienceStep::new(&draft),
            login: login::LoginStep::new(demo),
            source: source::SourceStep::new(&draft, home, demo),
            mapping: mapping::MappingStep::new(&draft),
            rules: rules::RulesStep::new(&draft, former.is_some()),
            furthest: if former.is_some() { REVIEW } else { step },
            step,
            id: saved.id,
            kept: if is_kept { Kept::Before } else { Kept::Nothing },
            draft,
            former,
            known,
            demo: demo.is_some(),
            user: user.to_owned(),
            ..Self::default()
        }
    }

    /// Tells whether what is on the screen changes by itself.
    pub fn moves(&self) -> bool {
        self.step == SOURCE && self.source.moves()
    }

    /// Tells which keys apply.
    pub fn context(&self) -> Context {
        if self.is_going {
            return Context::GoTo;
        }
        match self.step {
            NAME | AUDIENCE => Context::Line,
            LOGIN => self.login.context(),
            SOURCE => self.source.context(),
            MATCHING => self.mapping.context(),
            SEGMENTS => self.segments.context(),
            RULES => self.rules.context(),
            REVIEW => Context::Review,
            _ => Context::Choices,
        }
    }

    /// Takes a key.
    pub fn key(
        &mut self,
        command: Command,
        event: KeyEvent,
        (words, now): (&Words, Timestamp),
        out: &mut Outbox,
    ) -> After {
        if self.saving.is_asked() {
            return After::Nothing;
        }
        if std::mem::take(&mut self.is_going) {
            if let Some(step) = step_of_key(event) {
                self.visit(step, now, out);
            }
            return After::Nothing;
        }
        let before = self.draft.clone();
        let flow = match command {
            Command::StepBack => Flow::Jump(self.step.saturating_sub(1)),
            Command::StepOn => Flow::Jump((self.step + 1).min(self.furthest)),
            Command::GoTo => {
                self.is_going = true;
                Flow::Stay
            }
            _ => self.step_key(command, event, (words, now), out),
        };
        self.compare(&before);
        let after = self.go(flow, now, out);
        self.look(out);
        after
    }

    /// What an export would do about each contact, where that is what the page shows.
    pub fn diff(&self) -> Option<Diff> {
        let shown = self.step == REVIEW && !self.saving.is_asked();
        self.review.diff().filter(|_| shown)
    }

    fn step_key(
        &mut self,
        command: Command,
        event: KeyEvent,
        (words, now): (&Words, Timestamp),
        out: &mut Outbox,
    ) -> Flow {
        let mut desk = Desk {
            draft: &mut self.draft,
            known: &mut self.known,
            out,
            words,
            demo: self.demo,
            now,
            user: &self.user,
        };
        match self.step {
            NAME => self.name.key(command, event, &mut desk),
            CONSENT => self.consent.key(command, &mut desk),
            AUDIENCE => self.audience.key(command, event, &mut desk),
            LOGIN => self.login.key(command, event, &mut desk),
            SOURCE => self.source.key(command, event, &mut desk),
            MATCHING => self.mapping.key(command, event, &mut desk),
            SEGMENTS => self.segments.key(command, event, &mut desk),
            RULES => self.rules.key(command, event, &mut desk),
            REVIEW => self.review.key(command, &mut desk),
            _ => start::key(command),
        }
    }

    /// Takes note that the user answered something, if so.
    fn compare(&mut self, before: &Draft) {
        if self.draft != *before {
            self.kept = Kept::Answers;
        }
    }

    /// Takes pasted text into the field with the focus.
    pub fn paste(&mut self, text: &str, (words, now): (&Words, Timestamp), out: &mut Outbox) {
        let before = self.draft.clone();
        let mut desk = Desk {
            draft: &mut self.draft,
            known: &mut self.known,
            out,
            words,
            demo: self.demo,
            now,
            user: &self.user,
        };
        match self.step {
            NAME => self.name.paste(text, &mut desk),
            AUDIENCE => self.audience.paste(text, &mut desk),
            LOGIN => self.login.paste(text, &mut desk),
            SOURCE => self.source.paste(text, &mut desk),
            MATCHING => self.mapping.paste(text),
            SEGMENTS => self.segments.paste(text),
            RULES => self.rules.paste(text),
            _ => {}
        }
        self.compare(&before);
    }

    /// Why saving failed.
    pub fn failure(&self) -> Option<&Explanation> {
        self.saving.failure()
    }
}

/// The step that a digit stands for: the tenth is 0.
fn step_of_key(event: KeyEvent) -> Option<usize> {
    let KeyCode::Char(digit) = event.code else {
        return None;
    };
    let digit = digit.to_digit(10)? as usize;
    Some(digit.checked_sub(1).unwrap_or(REVIEW))
}
