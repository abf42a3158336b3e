//! The wizard: the documented steps in the documented order, each a plain struct in a file of its own; those of a line each
//! are joined, and their parts have files of their own.

mod adding;
mod answers;
mod audience;
mod consent;
mod export_user;
mod folder;
mod going;
mod known;
mod login;
mod mailchimp;
mod mapping;
mod matching;
mod name;
mod new_field;
mod offers;
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
mod step;
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

use known::{Desk, Known, Wanted};
pub(super) use review::{facts, totals};
pub(super) use step::{Fact, Step};
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
    Jump(Step),
    /// To an answer, to give another.
    Change(Fact),
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
    pub step: Step,
    /// What the draft is known by on disk.
    id: String,
    kept: Kept,
    /// The review led to an answer: where the source and the audience stay what they were then, the next step is the review.
    returns: Option<(Option<Wanted>, String)>,
    /// The next key says which step to go to.
    is_going: bool,
    /// What the step before came to, where it went on by itself.
    notice: Option<String>,
    furthest: Step,
    known: Known,
    demo: bool,
    user: String,
    name: name::NameStep,
    mailchimp: mailchimp::MailchimpStep,
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
        let step = Step::left(&saved.step, &saved.draft);
        let mut draft = saved.draft;
        if let Some(demo) = demo.filter(|_| draft == Draft::default()) {
            demo.name.clone_into(&mut draft.name);
            demo.audience.clone_into(&mut draft.audience);
        }
        if let (None, None, [only]) = (&former, &draft.login, known.usable.as_slice()) {
            draft.login = Some(only.clone());
        }
        Self {
            name: name::NameStep::new(&draft),
            mailchimp: mailchimp::MailchimpStep::new(&draft, demo),
            source: source::SourceStep::new(&draft, home, demo),
            mapping: mapping::MappingStep::new(&draft),
            rules: rules::RulesStep::new(&draft, former.is_some()),
            furthest: if former.is_some() { Step::Review } else { step },
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
        self.step == Step::Source && self.source.moves()
    }

    /// Tells which keys apply.
    pub fn context(&self) -> Context {
        if self.is_going {
            return Context::GoTo;
        }
        match self.step {
            Step::Start => Context::Choices,
            Step::Name => self.name.context(),
            Step::Mailchimp => self.mailchimp.context(),
            Step::Source => self.source.context(),
            Step::Matching => self.mapping.context(),
            Step::Segments => self.segments.context(),
            Step::Rules => self.rules.context(&self.draft, &self.known),
            Step::Review => Context::Review,
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
            Command::StepBack => Flow::Jump(self.step.before()),
            Command::StepOn => Flow::Jump(self.step.next().min(self.furthest)),
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
        let shown = self.step == Step::Review && !self.saving.is_asked();
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
            Step::Start => start::key(command),
            Step::Name => self.name.key(command, event, &mut desk),
            Step::Mailchimp => self.mailchimp.key(command, event, &mut desk),
            Step::Source => self.source.key(command, event, &mut desk),
            Step::Matching => self.mapping.key(command, event, &mut desk),
            Step::Segments => self.segments.key(command, event, &mut desk),
            Step::Rules => self.rules.key(command, event, &mut desk),
            Step::Review => self.review.key(command, &mut desk),
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
            Step::Name => self.name.paste(text, &mut desk),
            Step::Mailchimp => self.mailchimp.paste(text, &mut desk),
            Step::Source => self.source.paste(text, &mut desk),
            Step::Matching => self.mapping.paste(text),
            Step::Segments => self.segments.paste(text),
            Step::Rules => self.rules.paste(text),
            Step::Start | Step::Review => {}
        }
        self.compare(&before);
    }

    /// Why saving failed.
    pub fn failure(&self) -> Option<&Explanation> {
        self.saving.failure()
    }
}

/// The step that a digit stands for.
fn step_of_key(event: KeyEvent) -> Option<Step> {
    let KeyCode::Char(digit) = event.code else {
        return None;
    };
    Step::numbered(digit.to_digit(10)? as usize)
}
