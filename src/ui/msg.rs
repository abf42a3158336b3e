//! All that can reach the application, and all that it can ask for.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use crossterm::event::{KeyEvent, MouseEvent};
use jiff::Timestamp;
use tokio_util::sync::CancellationToken;

use super::engine::{EngineAsked, QueryRow};
use super::history::Run;
use super::look::Fits;
use super::notice::{Copied, Notice};
use super::writing::{Writing, Written};
use crate::domain::{
    Agenda, Agreement, Audience, AudienceId, Change as ContactChange, DateOrder, Destination,
    DestinationId, DestinationName, FolderOptions, LoginName, Mapping, MergeField, MergeTag,
    NewField, Reject, Schedule, Secret, Segment, SegmentId, SourceSpec, State,
};
use crate::export::{
    AudienceView, Checked, Diff, Offer, Overlap, Progress, Removal, Report, SourceSignIn, Undecided,
};
use crate::login::{DeviceSignIn, EntraSignIn, SignIn};
use crate::source::{Instance, ReadRequest, Row as SourceRow, Source, Tried};
use crate::store::{Login, RunId, SavedDraft, Wanted};
use crate::words::Explanation;

/// Ties an answer to its question. Answers to tickets that nobody holds any more are dropped.
pub(super) type Ticket = u64;

/// What came of a question: the answer, or why there is none.
pub(super) type Outcome<T> = Result<T, Explanation>;

/// All that can reach the application.
#[derive(Debug)]
pub(super) enum Msg {
    /// A key went down.
    Key(KeyEvent),
    /// Text was pasted.
    Paste(String),
    /// The mouse did something.
    Mouse(MouseEvent),
    /// The terminal has another size, or has to be drawn anew.
    Resize,
    /// Something that moves may be drawn again.
    Tick,
    /// The answer to a question.
    Answer(Ticket, Answer),
    /// How a run stands.
    Progress(Ticket, Box<Progress>),
    /// A run is over.
    Ended(Ticket, Box<RunEnd>),
    /// Somebody else changed what the first screen shows.
    HomeChanged,
    /// The system wants the program to end, with this exit code.
    End(u8),
}

/// How a run ended, made fit to be shown.
#[derive(Debug, Clone)]
pub(super) struct RunEnd {
    /// What is kept of it.
    pub report: Option<Report>,
    /// Why it failed.
    pub failure: Option<Explanation>,
}

/// All that the application can ask for.
#[derive(Debug)]
pub(super) enum Effect {
    /// Something that gives exactly one answer.
    Ask(Ticket, Question),
    /// Starts an export run.
    Run(Ticket, Box<Destination>, Which),
    /// Takes a run back.
    Undo(Ticket, Box<Destination>, RunId),
    /// Stops a run: once gently, twice at once.
    Stop(Ticket),
    /// Opens a page in the browser, if there is one.
    Browse(String),
    /// Puts a text on the clipboard of the terminal.
    Copy(String),
    /// Rings, and tells the desktop.
    Notify(String),
    /// Keeps a destination in the making.
    Keep(Box<SavedDraft>),
    /// Forgets a destination in the making.
    Forget(String),
    /// Drops the check that goes on: nobody waits for it any more.
    DropCheck,
}

/// Which run of a destination is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Which {
    /// The usual one.
    Usual,
    /// One that believes nothing that is remembered of the audience.
    Fresh,
    /// One of those alone whom the last full run rejected and who may fare better.
    Rejects,
}

/// A question that something outside has to answer.
#[derive(Debug, Clone)]
pub(super) enum Question {
    /// Saved destinations, logins, last runs, destinations in the making.
    Home,
    /// Begins a sign-in.
    SignIn { id: String, secret: Secret<String> },
    /// Waits for the browser to come back.
    Wait(Arc<SignIn>, CancellationToken),
    /// Takes the pasted address.
    Complete(Arc<SignIn>, String),
    /// Says yes on the sandbox's page, and waits for the answer.
    Approve(Arc<SignIn>),
    /// Takes an API key.
    ApiKey(Secret<String>),
    /// Begins a sign-in of the export user.
    BeginUser(Box<UserAsked>),
    /// Waits for the browser to come back, or for the code to be entered.
    WaitUser(Arc<UserSignIn>),
    /// Takes the pasted address.
    CompleteUser(Arc<UserSignIn>, String),
    /// Says yes on the sandbox's page, and waits for the answer.
    ApproveUser(Arc<UserSignIn>),
    /// Lists the instances of Customer Insights that an export user can see.
    Instances(LoginName),
    /// Lists the audiences of an account.
    Audiences(LoginName),
    /// Looks at one audience.
    Audience(LoginName, AudienceId),
    /// Connects to an engine, and saves the login.
    Engine(Box<EngineAsked>),
    /// Looks at each query of a folder by itself.
    Queries(LoginName, FolderOptions),
    /// Tries a text as a query of this name.
    TryQuery(LoginName, String, String),
    /// Reads the text of the query in a file.
    OpenQuery(PathBuf),
    /// Keeps a text as the query in a file, also over one that is there if that is said.
    KeepQuery(PathBuf, String, bool),
    /// Looks at a source, and lists its segments.
    Source(SourceSpec, FolderOptions, Option<LoginName>),
    /// Finds out how many different people are in segments of a source.
    Overlap(Source, Vec<SegmentId>),
    /// Reads the first rows.
    Preview(Source, ReadRequest, usize),
    /// Finds what the merge fields of a mapping would be.
    Field(Source, Vec<SegmentId>, Mapping),
    /// Finds the order of dates.
    Dates(Source, Mapping, Vec<MergeField>),
    /// Finds out what a run would do, with these merge fields yet to be made.
    Check(Box<Destination>, Vec<NewField>),
    /// Reads some of what a check found of each contact.
    Changes(Diff, Box<Stretch>),
    /// Makes merge fields, and saves a destination in place of the one with the former name.
    Save(Box<Destination>, Option<DestinationId>, Vec<NewField>),
    /// Changes a destination, or makes a copy of it.
    Change(Box<Destination>, Change),
    /// Has destinations be exported by themselves then, or no longer.
    Schedule(Vec<Destination>, Schedule),
    /// Finds the logins that nothing but this destination uses.
    LoginsOfOnly(Box<Destination>),
    /// Removes a destination.
    Remove(String, Removal),
    /// Removes a login; the destinations that use it stay without it.
    Logout(LoginName),
    /// Finds out what taking back a run would do; the latest one where none is named.
    Undo(Box<Destination>, Option<String>),
    /// Finds out what a run did to each contact.
    Did(Box<Destination>, String),
    /// Reads the rejects of a run.
    Rejects(PathBuf),
    /// Writes what a table lists to a file.
    Write(Box<Writing>),
    /// Reads the runs of a destination.
    History(DestinationId),
    /// Completes a path to what is meant.
    Path(String, Fits),
}

/// What is changed of a destination.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Change {
    /// It gets this name.
    Rename(DestinationName),
    /// A copy gets this name, and what was agreed to for it.
    Duplicate(DestinationName, Agreement),
    /// It loses its login, and does not run until it gets another one.
    Detach,
}

/// What is answered.
#[derive(Debug)]
pub(super) enum Answer {
    /// To [`Question::Home`].
    Home(Outcome<Box<HomeData>>),
    /// To [`Question::SignIn`].
    SignIn(Outcome<Arc<SignIn>>),
    /// To every way of signing in.
    Login(Outcome<Login>),
    /// To [`Question::BeginUser`].
    UserSignIn(Outcome<Arc<UserSignIn>>),
    /// To every way of signing the export user in.
    User(Outcome<Login>),
    /// To [`Question::Instances`].
    Instances(Outcome<Vec<Instance>>),
    /// To [`Question::Engine`].
    Engine(Outcome<Login>),
    /// To [`Question::Queries`].
    Queries(Outcome<Vec<QueryRow>>),
    /// To [`Question::TryQuery`].
    Tried(Outcome<Tried>),
    /// To [`Question::OpenQuery`].
    QueryText(Outcome<String>),
    /// To [`Question::KeepQuery`].
    QueryKept(Outcome<()>),
    /// To [`Question::Audiences`].
    Audiences(Outcome<Vec<Audience>>),
    /// To [`Question::Audience`].
    Audience(Outcome<Box<AudienceView>>),
    /// To [`Question::Source`].
    Source(Outcome<Box<Looked>>),
    /// To [`Question::Overlap`].
    Overlap(Outcome<Overlap>),
    /// To [`Question::Preview`].
    Preview(Outcome<Vec<SourceRow>>),
    /// To [`Question::Field`].
    Field(Outcome<Vec<MergeField>>),
    /// To [`Question::Dates`].
    Dates(Outcome<(BTreeMap<MergeTag, DateOrder>, Vec<Undecided>)>),
    /// To [`Question::Check`].
    Check(Outcome<Box<Checked>>),
    /// To [`Question::Changes`].
    Changes(Outcome<Box<Part>>),
    /// To [`Question::Save`].
    Saved(Outcome<Box<Destination>>),
    /// To [`Question::Change`]: the destination as it is now, or the copy.
    Changed(Outcome<Box<Destination>>),
    /// To [`Question::Schedule`]: the destinations as they are now.
    Scheduled(Outcome<Vec<Destination>>),
    /// To [`Question::LoginsOfOnly`].
    LoginsOfOnly(Outcome<Vec<LoginName>>),
    /// To [`Question::Remove`]: what was removed, and what has to be told of it.
    Removed(Outcome<(String, Option<String>)>),
    /// To [`Question::Logout`].
    LoggedOut(Outcome<()>),
    /// To [`Question::Undo`].
    Undo(Outcome<Box<Offer>>),
    /// To [`Question::Did`].
    Did(Outcome<Diff>),
    /// To [`Question::Rejects`].
    Rejects(Outcome<Vec<Reject>>),
    /// To [`Question::Write`]: nothing where a file is there that may not be written over.
    Written(Outcome<Option<Written>>),
    /// To [`Question::History`].
    History(Outcome<Vec<Run>>),
    /// To [`Question::Path`]: the folders and files that fit.
    Path(Vec<String>),
}

/// Which changes are asked for.
#[derive(Debug, Clone)]
pub(super) struct Stretch {
    /// What the person looks for.
    pub wanted: Wanted,
    /// The numbers of all that fit, where they were found before.
    pub found: Option<Arc<[u32]>>,
    /// The place of the first one to be read among those that fit.
    pub from: usize,
}

/// Some of what a check found.
#[derive(Debug, Clone, Default)]
pub(super) struct Part {
    /// The numbers of all that fit.
    pub found: Arc<[u32]>,
    /// The place of the first one that was read among those that fit.
    pub from: usize,
    /// What was read.
    pub changes: Vec<ContactChange>,
}

/// What a person tells before the export user signs in.
#[derive(Debug, Clone)]
pub(super) struct UserAsked {
    /// Which app, for which source.
    pub sign_in: SourceSignIn,
    /// The subscription key of the Customer Insights API.
    pub subscription_key: Option<Secret<String>>,
    /// Whether with a code on another device rather than in the browser.
    pub by_code: bool,
}

/// A sign-in of the export user that has begun.
#[derive(Debug)]
pub(super) struct UserSignIn {
    /// What was told.
    pub asked: UserAsked,
    /// How it goes on.
    pub way: UserWay,
    /// Ends the waiting: nobody wants this sign-in any more.
    pub given_up: CancellationToken,
}

/// How a person signs in.
#[derive(Debug)]
pub(super) enum UserWay {
    /// In the browser.
    Browser(Box<EntraSignIn>),
    /// With a code on another device.
    Code(Box<DeviceSignIn>),
}

impl UserSignIn {
    /// The address of the page.
    pub fn url(&self) -> &str {
        match &self.way {
            UserWay::Browser(sign_in) => sign_in.url(),
            UserWay::Code(sign_in) => sign_in.url(),
        }
    }
}

/// A source that was looked at.
#[derive(Debug, Clone)]
pub(super) struct Looked {
    /// The source.
    pub source: Source,
    /// Whether it is being refreshed just now.
    pub refreshing: bool,
    /// Its segments.
    pub segments: Vec<Segment>,
}

/// A saved destination whose file cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Broken {
    /// Its name, as far as it is known.
    pub name: String,
    /// What is wrong with it, in a line.
    pub line: String,
    /// What is wrong with it.
    pub why: Explanation,
}

/// A saved destination that can be read.
#[derive(Debug, Clone)]
pub(super) struct Row {
    /// What is saved.
    pub destination: Destination,
    /// When it was last changed, by whomever.
    pub updated: Option<Timestamp>,
    /// Its last run that was no undo.
    pub last: Option<Last>,
    /// What is remembered of its schedule.
    pub agenda: Option<Agenda>,
    /// What keeps the schedule from going as it should, in words.
    pub trouble: Option<String>,
    /// Whether somebody sees to schedules.
    pub watched: bool,
}

/// The last run of a destination.
#[derive(Debug, Clone)]
pub(super) struct Last {
    /// How it stands.
    pub state: State,
    /// What it tells, so far or in the end.
    pub report: Report,
    /// Where its rejects are.
    pub rejects: PathBuf,
}

/// What the home screen shows.
#[derive(Debug, Clone, Default)]
pub(super) struct HomeData {
    /// The destinations.
    pub rows: Vec<Row>,
    /// The destinations that can be neither run nor edited.
    pub broken: Vec<Broken>,
    /// The saved logins.
    pub logins: Vec<Login>,
    /// Logins that can be used, also the one from the environment.
    pub usable: Vec<LoginName>,
    /// The destinations in the making.
    pub drafts: Vec<SavedDraft>,
    /// The saved logins of export users, and what each was made for.
    pub users: Vec<(LoginName, SourceSignIn)>,
    /// Where queries are kept that are written here.
    pub queries: PathBuf,
    /// Whether a person sits at another machine, where no browser can be opened.
    pub remote: bool,
}

/// Collects what an update asks for.
#[derive(Debug, Default)]
pub(super) struct Outbox {
    last: Ticket,
    /// What was asked for so far.
    pub effects: Vec<Effect>,
    /// What is told of it.
    pub notice: Option<Notice>,
}

impl Outbox {
    /// Copies an address, or what is known of somebody instead, and tells what was copied.
    pub fn copy(&mut self, copied: Copied, text: &str) {
        self.push(Effect::Copy(text.to_owned()));
        self.notice = Some(Notice::Copied(copied, text.to_owned()));
    }

    /// Asks a question.
    pub fn ask(&mut self, question: Question) -> Ticket {
        let ticket = self.ticket();
        self.effects.push(Effect::Ask(ticket, question));
        ticket
    }

    /// Makes a ticket.
    pub fn ticket(&mut self) -> Ticket {
        self.last += 1;
        self.last
    }

    /// Asks for something that gives no answer.
    pub fn push(&mut self, effect: Effect) {
        self.effects.push(effect);
    }
}

/// Something that was asked for, from the asking to the answer.
#[derive(Debug, Clone, Default)]
pub(super) enum Wait<T> {
    /// Not asked.
    #[default]
    Idle,
    /// Asked, not answered.
    Asked(Ticket),
    /// Answered.
    Done(T),
    /// Answered with a failure.
    Failed(Box<Explanation>),
}

impl<T> Wait<T> {
    /// Tells whether this ticket is waited for.
    pub fn is(&self, ticket: Ticket) -> bool {
        matches!(self, Self::Asked(mine) if *mine == ticket)
    }

    /// Takes the answer.
    pub fn settle(&mut self, outcome: Outcome<T>) {
        *self = match outcome {
            Ok(answer) => Self::Done(answer),
            Err(why) => Self::Failed(Box::new(why)),
        };
    }

    /// The answer, once it is there.
    pub fn get(&self) -> Option<&T> {
        match self {
            Self::Done(answer) => Some(answer),
            _ => None,
        }
    }

    /// Why there is no answer.
    pub fn failure(&self) -> Option<&Explanation> {
        match self {
            Self::Failed(why) => Some(why),
            _ => None,
        }
    }

    /// Tells whether the answer is still to come.
    pub fn is_asked(&self) -> bool {
        matches!(self, Self::Asked(_))
    }
}
