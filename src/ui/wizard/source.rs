//! Where profiles come from: Customer Insights in the name of an export user, a folder of files, or an engine that is asked
//! in SQL.

use crossterm::event::KeyEvent;
use ratatui::style::Style;

use super::super::Demo;
use super::super::keys::{Command, Context};
use super::super::msg::{Answer, HomeData, Outbox, Ticket, Wait};
use super::super::paint::Page;
use super::export_user::{Service, UserForm};
use super::folder::{Asks, FolderForm};
use super::sql::{SqlForm, engines, not_built};
use super::ways::draw_ways;
use super::{Desk, Fact, Flow, Known};
use crate::domain::{Draft, LoginName, SourceSpec};
use crate::words::{Explanation, Words};

/// What the step shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Mode {
    /// The ways to get at profiles.
    #[default]
    Ways,
    /// The form for a folder.
    Folder,
    /// The forms and waiting of an export user's sign-in.
    User,
    /// The forms for an engine and its queries.
    Sql,
}

/// Whether to go on as soon as what is asked is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Going {
    #[default]
    No,
    /// The user signed in just now: unless there is something to be read first.
    SignedIn,
    /// The user wants to.
    Wanted,
}

/// One way on.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Way {
    GoOn,
    Again,
    Approve,
    Saved(LoginName, SourceSpec),
    Service(Service),
    Folder,
    Engine(LoginName),
    Connect,
}

#[derive(Debug, Default)]
pub(super) struct SourceStep {
    mode: Mode,
    cursor: usize,
    folder: FolderForm,
    user: UserForm,
    sql: SqlForm,
    missing: Option<Fact>,
    /// Why a way cannot be gone.
    closed: Option<Explanation>,
    going: Going,
}

impl SourceStep {
    pub fn new(draft: &Draft, home: &HomeData, demo: Option<&Demo>) -> Self {
        let path = match &draft.source {
            Some(SourceSpec::Folder(path)) => path.display().to_string(),
            _ => demo.map_or(String::new(), |demo| demo.folder.display().to_string()),
        };
        Self {
            folder: FolderForm::new(&path),
            user: UserForm::new(draft, home, demo),
            sql: SqlForm::new(draft, home),
            ..Self::default()
        }
    }

    pub fn context(&self) -> Context {
        match self.mode {
            Mode::Ways => Context::Choices,
            Mode::Folder => self.folder.context(),
            Mode::User => self.user.context(),
            Mode::Sql => self.sql.context(),
        }
    }

    /// Tells whether what is on the screen changes by itself.
    pub fn moves(&self) -> bool {
        self.mode == Mode::User && self.user.moves()
    }

    /// Tells whether a path is being typed, which is looked at only when the user asks for it.
    pub fn is_typed(&self) -> bool {
        self.mode == Mode::Folder
    }

    /// The look at the source is over.
    pub fn answered(&mut self, draft: &Draft, known: &Known, out: &mut Outbox) {
        self.folder.answered();
        if self.mode == Mode::Sql {
            self.sql.answered(draft, known, out);
        }
    }

    /// Goes on if that is wanted and nothing is waited for any more.
    pub fn go_on(&mut self, draft: &Draft, known: &Known) -> Flow {
        let asked = known.view.is_asked() || known.source.is_asked();
        if self.going == Going::No || asked || known.looked != Known::wanted(draft) {
            return Flow::Stay;
        }
        let going = std::mem::take(&mut self.going);
        self.missing = missing(draft, known);
        match known.source.get().filter(|_| self.missing.is_none()) {
            Some(looked) if going == Going::Wanted || !looked.refreshing => Flow::Next,
            Some(_) | None => Flow::Stay,
        }
    }

    fn ways(draft: &Draft, known: &Known, demo: bool) -> Vec<Way> {
        let mut ways = Vec::new();
        if draft.source.is_some() {
            ways.push(match known.source {
                Wait::Failed(_) => Way::Again,
                _ => Way::GoOn,
            });
        }
        if demo {
            ways.push(Way::Approve);
        }
        let others = known
            .users
            .iter()
            .filter(|(name, _)| draft.source_login.as_ref() != Some(name));
        ways.extend(others.map(|(name, asked)| Way::Saved(name.clone(), asked.source.clone())));
        ways.push(Way::Service(Service::Dataverse));
        ways.push(Way::Service(Service::Insights));
        ways.push(Way::Folder);
        ways.extend(engines(known).map(|login| Way::Engine(login.name.clone())));
        ways.push(Way::Connect);
        ways
    }

    pub fn key(&mut self, command: Command, event: KeyEvent, desk: &mut Desk<'_>) -> Flow {
        (self.missing, self.going, self.closed) = (None, Going::No, None);
        let asks = match self.mode {
            Mode::Ways => return self.ways_key(command, desk),
            Mode::Folder => self.folder.key(command, event, desk),
            Mode::User => self.user.key(command, event, desk),
            Mode::Sql => self.sql.key(command, event, desk),
        };
        self.obey(asks, desk)
    }

    fn obey(&mut self, asks: Asks, desk: &Desk<'_>) -> Flow {
        match asks {
            Asks::Nothing => Flow::Stay,
            Asks::Ways => {
                (self.mode, self.cursor) = (Mode::Ways, 0);
                Flow::Stay
            }
            Asks::SignedIn => {
                (self.mode, self.cursor, self.going) = (Mode::Ways, 0, Going::SignedIn);
                Flow::Stay
            }
            Asks::GoOn => {
                self.going = Going::Wanted;
                self.go_on(desk.draft, desk.known)
            }
        }
    }

    fn ways_key(&mut self, command: Command, desk: &mut Desk<'_>) -> Flow {
        let ways = Self::ways(desk.draft, desk.known, desk.demo);
        self.cursor = self.cursor.min(ways.len() - 1);
        match command {
            Command::Back => return Flow::Leave,
            Command::Up => self.cursor = self.cursor.saturating_sub(1),
            Command::Down => self.cursor = (self.cursor + 1).min(ways.len() - 1),
            Command::Enter | Command::Choose if !self.user.is_asking() => {
                return self.take(&ways[self.cursor], desk);
            }
            _ => {}
        }
        Flow::Stay
    }

    fn take(&mut self, way: &Way, desk: &mut Desk<'_>) -> Flow {
        match way {
            Way::GoOn => return self.obey(Asks::GoOn, desk),
            Way::Again => {
                let wanted = Known::wanted(desk.draft);
                desk.known.look_at(wanted, desk.out);
            }
            Way::Approve => {
                self.user.approve(desk);
                self.mode = Mode::User;
            }
            Way::Saved(name, source) => {
                let asks = self.user.saved(name, source, desk);
                self.mode = Mode::User;
                return self.obey(asks, desk);
            }
            Way::Service(service) => {
                self.user.open(*service);
                self.mode = Mode::User;
            }
            Way::Folder => {
                self.folder.chosen(desk);
                self.mode = Mode::Folder;
            }
            Way::Engine(_) | Way::Connect => {
                self.closed = not_built(desk);
                if self.closed.is_some() {
                    return Flow::Stay;
                }
                match way {
                    Way::Engine(login) => self.sql.take(login),
                    _ => self.sql.open(),
                }
                self.mode = Mode::Sql;
            }
        }
        Flow::Stay
    }

    pub fn paste(&mut self, text: &str, desk: &mut Desk<'_>) {
        match self.mode {
            Mode::Ways => {}
            Mode::Folder => self.folder.paste(text, desk),
            Mode::User => self.user.paste(text),
            Mode::Sql => self.sql.paste(text, desk),
        }
    }

    pub fn answer(&mut self, ticket: Ticket, answer: Answer, desk: &mut Desk<'_>) -> Flow {
        let asks = match answer {
            Answer::Path(_) => {
                self.folder.answer(ticket, &answer);
                self.sql.fitting(ticket, &answer);
                Asks::Nothing
            }
            Answer::Engine(_)
            | Answer::Queries(_)
            | Answer::Tried(_)
            | Answer::QueryText(_)
            | Answer::QueryKept(_) => self.sql.answer(ticket, answer, desk),
            answer => self.user.answer(ticket, answer, desk),
        };
        self.obey(asks, desk)
    }

    pub fn draw(
        &self,
        page: &mut Page<'_, '_>,
        draft: &Draft,
        known: &Known,
        words: &Words,
        demo: bool,
    ) {
        match self.mode {
            Mode::Ways => self.draw_ways(page, draft, known, words, demo),
            Mode::Folder => self.folder.draw(page, draft, known, words),
            Mode::User => self.user.draw(page, words),
            Mode::Sql => self.sql.draw(page, draft, known, words),
        }
        if let Some(why) = &self.closed {
            page.gap();
            page.failure(why);
        }
        if let Some(missing) = self.missing {
            let step = [("step", missing.step().number().into())];
            let text = match missing {
                Fact::Privacy => "ui-missing-consent",
                Fact::Login => "ui-missing-login",
                _ => "ui-missing-audience",
            };
            page.bad(&words.with(text, &step));
        }
    }

    fn draw_ways(
        &self,
        page: &mut Page<'_, '_>,
        draft: &Draft,
        known: &Known,
        words: &Words,
        demo: bool,
    ) {
        match &draft.source {
            Some(spec) => state(page, spec, draft, known, words),
            None => page.text(&words.text("ui-source-lead"), Style::new()),
        }
        page.gap();
        let ways = Self::ways(draft, known, demo);
        let cursor = self.cursor.min(ways.len() - 1);
        let text = |way: &Way| match way {
            Way::GoOn => words.text("ui-login-go-on"),
            Way::Again => words.text("ui-source-again"),
            Way::Approve => words.text("ui-source-approve"),
            Way::Saved(name, source) => words.with(
                "ui-source-saved",
                &[
                    ("login", name.as_str().into()),
                    ("source", place(source).into()),
                ],
            ),
            Way::Service(Service::Dataverse) => words.text("ui-source-dataverse"),
            Way::Service(Service::Insights) => words.text("ui-source-insights"),
            Way::Folder => words.text("ui-source-files-way"),
            Way::Engine(name) => words.with(
                "ui-sql-saved",
                &[
                    ("login", name.as_str().into()),
                    ("engine", known.account(Some(name)).into()),
                ],
            ),
            Way::Connect => words.text("ui-source-sql"),
        };
        draw_ways(page, (cursor, true), ways.iter().map(text));
    }
}

/// Tells where profiles come from, and whether that was reached.
fn state(page: &mut Page<'_, '_>, spec: &SourceSpec, draft: &Draft, known: &Known, words: &Words) {
    let account = known.account(draft.source_login.as_ref());
    match &known.source {
        Wait::Done(looked) => {
            let args = [
                ("segments", looked.segments.len().into()),
                ("attributes", looked.source.attributes().len().into()),
            ];
            if spec.needs_login() {
                let args = [("account", account.into())];
                page.good(&words.with("ui-user-connected", &args));
            } else if let Some(login) = spec.engine() {
                let args = [
                    ("engine", known.account(Some(login)).into()),
                    ("login", login.as_str().into()),
                ];
                page.good(&words.with("ui-sql-connected", &args));
            } else {
                page.good(&words.text("ui-folder-connected"));
            }
            page.text(&place_of(spec, draft), page.theme.faint());
            page.text(&words.with("ui-source-holds", &args), page.theme.faint());
            if looked.refreshing {
                page.warn(&words.text("ui-source-refreshing"));
            }
        }
        Wait::Failed(why) => {
            page.text(&place_of(spec, draft), page.theme.faint());
            page.failure(why);
        }
        _ => {
            page.text(&place_of(spec, draft), page.theme.faint());
            page.text(&words.text("ui-looking"), page.theme.faint());
        }
    }
}

/// Where profiles come from, and for an engine the folder of its queries.
fn place_of(spec: &SourceSpec, draft: &Draft) -> String {
    match (spec.engine(), &draft.folder.queries) {
        (Some(login), Some(queries)) => format!("{login} · {}", queries.display()),
        _ => place(spec),
    }
}

/// The source as people know it: an address, an instance or a path.
fn place(spec: &SourceSpec) -> String {
    match spec {
        SourceSpec::Folder(path) => path.display().to_string(),
        SourceSpec::Dataverse(address) => address.clone(),
        SourceSpec::Insights(instance) => instance.clone(),
        SourceSpec::Sql(login) => login.to_string(),
    }
}

/// What both ticks and the consent still lack.
fn missing(draft: &Draft, known: &Known) -> Option<Fact> {
    if draft.agreement.is_none() {
        Some(Fact::Privacy)
    } else if draft.login.is_none() {
        Some(Fact::Login)
    } else if known.view.get().is_none() {
        Some(Fact::Audience)
    } else {
        None
    }
}
