//! An engine that is asked in SQL as the source: how it is reached, and the folder of queries that are its segments.

use std::path::{Path, PathBuf};

use crossterm::event::KeyEvent;

use super::super::engine::QueryRow;
use super::super::field::Field;
use super::super::keys::{Command, Context};
use super::super::look::Fits;
use super::super::msg::{Answer, HomeData, Outbox, Question, Ticket, Wait};
use super::folder::Asks;
use super::path::PathField;
use super::{Desk, Known};
use crate::domain::{Draft, FolderOptions, LoginName, SourceSpec};
use crate::source::{ENGINES_ARE_BUILT, Source, SqlError};
use crate::store::Login;
use crate::words::{Explain, Explanation};

mod connect;
mod draw;
mod query;

use connect::ConnectForm;
use query::QueryForm;

/// What the form shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Mode {
    /// The folder of queries.
    #[default]
    Queries,
    /// How an engine is reached.
    Connect,
    /// A query that is written.
    Write,
    /// A query of the folder that is changed.
    Change,
}

/// The rows of the form: the folder, the column of ids, the way to write a query; the queries of the folder come after them.
const ROWS: usize = 3;
const FOLDER: usize = 0;
const ID: usize = 1;
const WRITE: usize = 2;

#[derive(Debug, Default)]
pub(super) struct SqlForm {
    mode: Mode,
    connect: ConnectForm,
    writing: QueryForm,
    changing: QueryForm,
    /// The file of a query that is being opened.
    opening: Wait<String>,
    opened: PathBuf,
    login: Option<LoginName>,
    folder: PathField,
    id: Field,
    focus: usize,
    /// What is in the folder, where not all of it can be read.
    found: Wait<Vec<QueryRow>>,
    lacking: Option<&'static str>,
    /// Where queries are kept that are written here, unless a folder is named.
    home: PathBuf,
}

/// Why no engine can be reached at all: this build has none.
pub(super) fn not_built(desk: &Desk<'_>) -> Option<Explanation> {
    (!ENGINES_ARE_BUILT).then(|| SqlError::NotBuilt.explain(desk.words))
}

impl SqlForm {
    pub fn new(draft: &Draft, home: &HomeData) -> Self {
        let queries = draft.folder.queries.as_deref().map(Path::display);
        let queries = queries.map(|path| path.to_string()).unwrap_or_default();
        Self {
            folder: PathField::new(&queries, Fits::Queries),
            id: Field::new(draft.folder.id_column.as_deref().unwrap_or_default()),
            home: home.queries.clone(),
            ..Self::default()
        }
    }

    pub fn context(&self) -> Context {
        match self.mode {
            Mode::Queries if self.focus >= WRITE => Context::Form,
            Mode::Queries | Mode::Connect => Context::Typing,
            Mode::Write => self.writing.context(),
            Mode::Change => self.changing.context(),
        }
    }

    /// Shows the form for an engine that is not known yet.
    pub fn open(&mut self) {
        self.mode = Mode::Connect;
        self.connect.open();
    }

    /// Takes a saved login.
    pub fn take(&mut self, login: &LoginName) {
        if self.login.as_ref() != Some(login) {
            self.found = Wait::Idle;
        }
        self.login = Some(login.clone());
        (self.mode, self.focus, self.lacking) = (Mode::Queries, FOLDER, None);
    }

    /// The look at the source is over. Where it failed, each query is looked at by itself: one with a fault hides the others.
    pub fn answered(&mut self, draft: &Draft, known: &Known, out: &mut Outbox) {
        self.folder.forget();
        self.found = match (&draft.source, known.source.failure()) {
            (Some(SourceSpec::Sql(login)), Some(_)) => {
                let question = Question::Queries(login.clone(), draft.folder.clone());
                Wait::Asked(out.ask(question))
            }
            _ => Wait::Idle,
        };
    }

    pub fn key(&mut self, command: Command, event: KeyEvent, desk: &mut Desk<'_>) -> Asks {
        self.lacking = None;
        match self.mode {
            Mode::Queries => return self.queries_key(command, event, desk),
            Mode::Connect => return self.connect.key(command, event, desk),
            Mode::Write | Mode::Change => {
                let Some(login) = self.login.clone() else {
                    return Asks::Ways;
                };
                let folder = self.kept_in();
                if !self.form().key(command, event, (&login, &folder), desk) {
                    self.mode = Mode::Queries;
                }
            }
        }
        Asks::Nothing
    }

    /// The query that is written, or changed.
    fn form(&mut self) -> &mut QueryForm {
        match self.mode {
            Mode::Change => &mut self.changing,
            Mode::Queries | Mode::Connect | Mode::Write => &mut self.writing,
        }
    }

    /// Lists the queries that are known of the folder.
    fn listed(&self, draft: &Draft, known: &Known) -> Vec<QueryRow> {
        let asked = draft.source.as_ref().and_then(SourceSpec::engine);
        if asked.is_none() || asked != self.login.as_ref() {
            return Vec::new();
        }
        match &known.source {
            Wait::Idle | Wait::Asked(_) => Vec::new(),
            Wait::Failed(_) => self.found.get().cloned().unwrap_or_default(),
            Wait::Done(looked) => rows(&looked.source),
        }
    }

    /// Where a query that is written is kept.
    fn kept_in(&self) -> PathBuf {
        match self.folder.text() {
            "" => self.home.clone(),
            _ => absolute(&self.folder.path()),
        }
    }

    fn queries_key(&mut self, command: Command, event: KeyEvent, desk: &mut Desk<'_>) -> Asks {
        let queries = self.listed(desk.draft, desk.known);
        let lines = ROWS + queries.len();
        self.focus = self.focus.min(lines - 1);
        match command {
            Command::Back => return Asks::Ways,
            Command::Enter | Command::Choose if self.focus == WRITE => {
                self.writing.open();
                self.mode = Mode::Write;
            }
            Command::Enter | Command::Choose if self.focus >= ROWS => {
                self.opened = self.kept_in().join(&queries[self.focus - ROWS].file);
                let question = Question::OpenQuery(self.opened.clone());
                self.opening = Wait::Asked(desk.out.ask(question));
            }
            Command::Enter => return self.enter(desk),
            Command::NextField if self.focus == FOLDER && self.folder.complete(desk.out) => {}
            Command::NextField | Command::Down => self.focus = (self.focus + 1) % lines,
            Command::PrevField | Command::Up => self.focus = (self.focus + lines - 1) % lines,
            _ if self.focus == FOLDER => {
                self.folder.key(event, desk.out);
            }
            _ if self.focus == ID => {
                self.id.key(event);
            }
            _ => {}
        }
        Asks::Nothing
    }

    /// Looks at the queries that are named, or goes on where that was done. An engine is asked when somebody wants it, and
    /// not for every letter.
    fn enter(&mut self, desk: &mut Desk<'_>) -> Asks {
        let (Some(login), false) = (&self.login, self.folder.text().is_empty()) else {
            (self.focus, self.lacking) = (FOLDER, Some("ui-user-lacking"));
            return Asks::Nothing;
        };
        let id = Some(self.id.text().trim().to_owned());
        let folder = FolderOptions {
            queries: Some(absolute(&self.folder.path())),
            id_column: id.filter(|id| !id.is_empty()),
            ..FolderOptions::default()
        };
        let source = Some(SourceSpec::Sql(login.clone()));
        let before = Known::wanted(desk.draft);
        if desk.draft.source != source || desk.draft.folder.queries != folder.queries {
            // What other queries gave says nothing of these.
            desk.draft.folder.columns.clear();
        }
        desk.draft.folder = FolderOptions {
            columns: std::mem::take(&mut desk.draft.folder.columns),
            ..folder
        };
        desk.draft.source = source;
        let wanted = Known::wanted(desk.draft);
        let is_seen = before == wanted && desk.known.looked == wanted;
        if is_seen && desk.known.source.failure().is_none() {
            return Asks::GoOn;
        }
        self.found = Wait::Idle;
        desk.known.look_at(wanted, desk.out);
        Asks::Nothing
    }

    pub fn paste(&mut self, text: &str, desk: &mut Desk<'_>) {
        match (self.mode, self.focus) {
            (Mode::Connect, _) => self.connect.paste(text, desk.out),
            (Mode::Write | Mode::Change, _) => self.form().paste(text),
            (Mode::Queries, FOLDER) => self.folder.paste(text, desk.out),
            (Mode::Queries, ID) => self.id.paste(text),
            (Mode::Queries, _) => {}
        }
    }

    /// Takes what fits a path.
    pub fn fitting(&mut self, ticket: Ticket, answer: &Answer) {
        self.folder.answer(ticket, answer);
        self.connect.fitting(ticket, answer);
    }

    pub fn answer(&mut self, ticket: Ticket, answer: Answer, desk: &mut Desk<'_>) -> Asks {
        match answer {
            Answer::Engine(outcome) => {
                if let Some(login) = self.connect.answer(ticket, outcome) {
                    let name = login.name.clone();
                    desk.known.logins.retain(|other| other.name != name);
                    desk.known.logins.push(login);
                    self.take(&name);
                    // It may be another engine under the old name.
                    desk.known.looked = None;
                }
            }
            Answer::Queries(found) if self.found.is(ticket) => self.found.settle(found),
            Answer::Tried(tried) => self.form().tried(ticket, tried),
            Answer::QueryText(text) if self.opening.is(ticket) => {
                self.opening.settle(text);
                if let Some(text) = self.opening.get() {
                    self.changing = QueryForm::of(self.opened.clone(), text);
                    (self.mode, self.opening) = (Mode::Change, Wait::Idle);
                }
            }
            Answer::QueryKept(kept) => {
                let folder = self.kept_in();
                if self.form().kept(ticket, kept) {
                    self.folder.set(&folder.display().to_string());
                    (self.mode, self.focus) = (Mode::Queries, FOLDER);
                    // It may give other columns than before.
                    desk.draft.folder.columns.clear();
                    desk.known.looked = None;
                    return self.enter(desk);
                }
            }
            _ => {}
        }
        Asks::Nothing
    }
}

/// What each query of a source gives.
fn rows(source: &Source) -> Vec<QueryRow> {
    let views = source.queries().into_iter();
    let rows = views.map(|view| QueryRow {
        file: view.file,
        label: view.label,
        columns: view.columns,
        problem: None,
    });
    rows.collect()
}

/// The saved logins of engines.
pub(super) fn engines(known: &Known) -> impl Iterator<Item = &Login> {
    let logins = known.logins.iter();
    logins.filter(|login| login.service == Login::SQL)
}

/// A folder is found from cron too, wherever that starts.
fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}
