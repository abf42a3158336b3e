//! The wizard: the documented steps in the documented order, each a plain struct in a file of its own.

mod audience;
mod consent;
mod export_user;
mod folder;
mod login;
mod mapping;
mod matching;
mod name;
mod picker;
mod review;
mod rules;
mod segments;
mod source;
mod start;
mod view;
mod ways;

use crossterm::event::KeyEvent;
use jiff::Timestamp;

use super::Demo;
use super::keys::{Command, Context};
use super::msg::{Answer, Effect, HomeData, Looked, Outbox, Question, Ticket, Wait};
use crate::domain::{Audience, AudienceId, Draft, FolderOptions, LoginName, SourceSpec};
use crate::export::{AudienceView, SourceSignIn};
use crate::source::Source;
use crate::store::{Login, SavedDraft};
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

pub(super) use review::{facts, totals};
pub(super) use view::HELP;

/// Where a step wants to go after a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Flow {
    /// It stays.
    Stay,
    /// To the next step.
    Next,
    /// To the step before, or out of the wizard.
    Back,
    /// To a step.
    Jump(usize),
    /// Saves, and exports too if asked.
    Save { export: bool },
}

/// What the wizard learnt so far from outside.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// Saved logins.
    pub logins: Vec<Login>,
    /// Logins that can be used.
    pub usable: Vec<LoginName>,
    /// Names that other destinations have.
    pub taken: Vec<String>,
    /// The account's audiences.
    pub audiences: Wait<Vec<Audience>>,
    /// The chosen audience.
    pub view: Wait<Box<AudienceView>>,
    viewed: Option<(LoginName, AudienceId)>,
    listed: Option<LoginName>,
    /// The source.
    pub source: Wait<Box<Looked>>,
    /// What was looked at.
    pub looked: Option<Wanted>,
    /// The saved logins of export users, and what each was made for.
    pub users: Vec<(LoginName, SourceSignIn)>,
}

/// A source, how its files are understood, and in whose name it is read.
pub(super) type Wanted = (SourceSpec, FolderOptions, Option<LoginName>);

impl Known {
    /// The source that the draft names, as far as it can be looked at.
    fn wanted(draft: &Draft) -> Option<Wanted> {
        let spec = draft.source.clone()?;
        let login = draft.source_login.clone().filter(|_| spec.needs_login());
        if spec.needs_login() && login.is_none() {
            return None;
        }
        Some((spec, draft.folder.clone(), login))
    }

    /// Looks at a source.
    fn look_at(&mut self, wanted: Option<Wanted>, out: &mut Outbox) {
        self.source = match &wanted {
            Some((spec, options, login)) => {
                let (spec, options) = (spec.clone(), options.clone());
                Wait::Asked(out.ask(Question::Source(spec, options, login.clone())))
            }
            None => Wait::Idle,
        };
        self.looked = wanted;
    }

    /// The opened source.
    pub fn open(&self) -> Option<&Source> {
        self.source.get().map(|looked| &looked.source)
    }
}

/// What a step may read and write.
pub(super) struct Desk<'a> {
    pub draft: &'a mut Draft,
    pub known: &'a mut Known,
    pub out: &'a mut Outbox,
    pub words: &'a Words,
    pub demo: bool,
    pub now: Timestamp,
    pub user: &'a str,
}

/// The wizard.
#[derive(Debug, Default)]
pub(super) struct Wizard {
    pub draft: Draft,
    pub former: Option<String>,
    pub step: usize,
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
    /// The destination was saved; export it if asked.
    Saved(Box<crate::domain::Destination>, bool),
}

impl Wizard {
    /// Starts with a draft; an empty one, a saved one, or one being edited.
    pub fn new(saved: SavedDraft, home: &HomeData, user: &str, demo: Option<&Demo>) -> Self {
        let former = saved.former;
        let taken = home.rows.iter().map(|(row, _)| row.name.to_string());
        let known = Known {
            logins: home.logins.clone(),
            usable: home.usable.clone(),
            users: home.users.clone(),
            taken: taken.filter(|name| former.as_ref() != Some(name)).collect(),
            ..Known::default()
        };
        let mut draft = saved.draft;
        if let Some(demo) = demo.filter(|_| draft == Draft::default()) {
            demo.name.clone_into(&mut draft.name);
            demo.audience.clone_into(&mut draft.audience);
        }
        let step = saved.step.min(REVIEW);
        Self {
            name: name::Name::new(&draft),
            audience: audience::AudienceStep::new(&draft),
            login: login::LoginStep::new(demo),
            source: source::SourceStep::new(&draft, home, demo),
            furthest: if former.is_some() { REVIEW } else { step },
            step,
            draft,
            former,
            known,
            demo: demo.is_some(),
            user: user.to_owned(),
            ..Self::default()
        }
    }

    /// What is to be kept when the program ends or the wizard is left.
    pub fn saved(&self) -> SavedDraft {
        SavedDraft {
            step: self.step,
            former: self.former.clone(),
            draft: self.draft.clone(),
        }
    }

    /// Tells whether what is on the screen changes by itself.
    pub fn moves(&self) -> bool {
        self.step == SOURCE && self.source.moves()
    }

    /// Tells which keys apply.
    pub fn context(&self) -> Context {
        match self.step {
            NAME | AUDIENCE => Context::Typing,
            LOGIN => self.login.context(),
            SOURCE => self.source.context(),
            MATCHING => self.mapping.context(),
            SEGMENTS => self.segments.context(),
            RULES => self.rules.context(),
            REVIEW => Context::Review,
            _ => Context::Choices,
        }
    }

    /// Begins: asks what can be known at once.
    pub fn begin(&mut self, out: &mut Outbox) {
        self.look(out);
        if self.step == MATCHING {
            self.mapping.enter(&mut self.draft, &self.known);
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
        let flow = self.step_key(command, event, (words, now), out);
        let after = self.go(&flow, now, out);
        self.look(out);
        after
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

    /// Takes pasted text into the field with the focus.
    pub fn paste(&mut self, text: &str, (words, now): (&Words, Timestamp), out: &mut Outbox) {
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
    }

    fn go(&mut self, flow: &Flow, now: Timestamp, out: &mut Outbox) -> After {
        match flow {
            Flow::Stay => return After::Nothing,
            Flow::Next => self.step = (self.step + 1).min(REVIEW),
            Flow::Back if self.step == 0 => {
                self.leave(out);
                return After::Leave;
            }
            Flow::Back => self.step -= 1,
            Flow::Jump(step) => self.step = *step,
            Flow::Save { export } => self.save(*export, now, out),
        }
        self.furthest = self.furthest.max(self.step);
        self.enter(now, out);
        After::Nothing
    }

    /// Keeps the answers, so that going on begins where it was furthest.
    fn leave(&mut self, out: &mut Outbox) {
        if self.furthest > 0 {
            let step = self.furthest;
            out.push(Effect::Keep(Box::new(SavedDraft {
                step,
                ..self.saved()
            })));
        }
    }

    /// Makes the destination, if nothing is missing; otherwise goes to the first step that lacks something.
    fn save(&mut self, export: bool, now: Timestamp, out: &mut Outbox) {
        match self.draft.clone().finish(now) {
            Ok(destination) => {
                let former = self.former.clone();
                let question = Question::Save(Box::new(destination), former);
                self.saving = Wait::Asked(out.ask(question));
                self.export = export;
            }
            Err(gaps) => self.step = gaps.first().map_or(self.step, |gap| review::step_of(gap)),
        }
    }

    fn enter(&mut self, now: Timestamp, out: &mut Outbox) {
        match self.step {
            MATCHING => self.mapping.enter(&mut self.draft, &self.known),
            SEGMENTS => segments::SegmentsStep::enter(&mut self.draft, &self.known),
            REVIEW => self
                .review
                .enter(&self.draft, self.former.is_some(), now, out),
            _ => {}
        }
        if self.step > 0 {
            out.push(Effect::Keep(Box::new(self.saved())));
        }
    }

    /// Asks for what can be known by now and is not yet.
    fn look(&mut self, out: &mut Outbox) {
        let known = &mut self.known;
        if let Some(login) = &self.draft.login {
            if known.listed.as_ref() != Some(login) {
                known.listed = Some(login.clone());
                known.audiences = Wait::Asked(out.ask(Question::Audiences(login.clone())));
            }
            let id = AudienceId::parse(&self.draft.audience);
            let wanted = id.map(|id| (login.clone(), id));
            if known.viewed != wanted && self.step != AUDIENCE {
                known.viewed.clone_from(&wanted);
                known.view = match wanted {
                    Some((login, id)) => Wait::Asked(out.ask(Question::Audience(login, id))),
                    None => Wait::Idle,
                };
            }
        }
        let wanted = Known::wanted(&self.draft);
        // While a path is typed it is looked at when the user asks for it.
        let quiet = self.step == SOURCE && self.source.is_typed() && known.looked.is_some();
        if !quiet && known.looked != wanted {
            known.look_at(wanted, out);
        }
    }

    /// Takes an answer; one that nobody waits for is dropped.
    pub fn answer(
        &mut self,
        ticket: Ticket,
        answer: Answer,
        (words, now): (&Words, Timestamp),
        out: &mut Outbox,
    ) -> After {
        let mut flow = Flow::Stay;
        match answer {
            Answer::Audiences(found) if self.known.audiences.is(ticket) => {
                self.known.audiences.settle(found);
                self.audience.suggest(&mut self.draft, &self.known);
            }
            Answer::Audience(found) if self.known.view.is(ticket) => {
                self.known.view.settle(found);
                if let Some(view) = self.known.view.get() {
                    self.draft.audience_name.clone_from(&view.audience.name);
                }
            }
            Answer::Source(found) if self.known.source.is(ticket) => {
                self.known.source.settle(found);
                self.source.answered();
            }
            Answer::Saved(Ok(destination)) if self.saving.is(ticket) => {
                out.push(Effect::Forget);
                return After::Saved(destination, self.export);
            }
            Answer::Saved(Err(why)) if self.saving.is(ticket) => {
                self.saving = Wait::Failed(Box::new(why));
            }
            other => {
                let mut desk = Desk {
                    draft: &mut self.draft,
                    known: &mut self.known,
                    out,
                    words,
                    demo: self.demo,
                    now,
                    user: &self.user,
                };
                flow = match other {
                    Answer::SignIn(_) | Answer::Login(_) => {
                        self.login.answer(ticket, other, &mut desk)
                    }
                    Answer::Dates(_) | Answer::Preview(_) | Answer::Audience(_)
                        if self.mapping.waits(ticket) =>
                    {
                        self.mapping.answer(ticket, other, &mut desk)
                    }
                    Answer::Preview(rows) => self.segments.answer(ticket, rows),
                    Answer::Check(checked) => self.review.answer(ticket, checked),
                    other => self.source.answer(ticket, other, &mut desk),
                };
            }
        }
        match self.step {
            SOURCE if flow == Flow::Stay => flow = self.source.go_on(&self.draft, &self.known),
            MATCHING => self.mapping.enter(&mut self.draft, &self.known),
            SEGMENTS => segments::SegmentsStep::enter(&mut self.draft, &self.known),
            _ => {}
        }
        let after = self.go(&flow, now, out);
        self.look(out);
        after
    }

    /// Why saving failed.
    pub fn failure(&self) -> Option<&Explanation> {
        self.saving.failure()
    }
}
