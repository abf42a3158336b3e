//! Signing in with Mailchimp: in the browser, by API key, or with a saved login.

use std::sync::Arc;

use crossterm::event::{KeyCode, KeyEvent};
use ratatui::style::Style;
use tokio_util::sync::{CancellationToken, DropGuard};

use super::super::Demo;
use super::super::field::Field;
use super::super::keys::{Command, Context};
use super::super::msg::{Answer, Effect, Question, Ticket};
use super::super::paint::Page;
use super::mailchimp::connected;
use super::ways::{draw_browser, draw_ways};
use super::{Desk, Fact, Flow, Known};
use crate::domain::{Draft, LoginName, Secret};
use crate::login::SignIn;
use crate::words::{Explanation, Words};

/// What the step shows.
#[derive(Debug, Default)]
enum Mode {
    /// The ways to sign in.
    #[default]
    Ways,
    /// Client id and secret.
    App,
    /// An API key.
    Key,
    /// The browser is waited for, until this is left.
    Waiting {
        begun: Arc<SignIn>,
        _left: DropGuard,
    },
}

/// One way on.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Way {
    GoOn,
    Approve,
    Browser,
    Key,
    Saved(LoginName),
}

#[derive(Debug, Default)]
pub(super) struct LoginPart {
    mode: Mode,
    cursor: usize,
    id: Field,
    secret: Field,
    key: Field,
    pasted: Field,
    second: bool,
    approving: bool,
    tickets: Vec<Ticket>,
    failure: Option<Explanation>,
    /// What Enter asked for in vain.
    lacking: Option<&'static str>,
}

impl LoginPart {
    pub fn new(demo: Option<&Demo>) -> Self {
        let (id, secret) = demo.map_or(("", ""), |demo| (&demo.client_id, &demo.client_secret));
        Self {
            id: Field::new(id),
            secret: Field::hidden(secret),
            key: Field::hidden(""),
            ..Self::default()
        }
    }

    pub fn context(&self) -> Context {
        match self.mode {
            Mode::Ways => Context::Choices,
            Mode::App | Mode::Key => Context::Typing,
            Mode::Waiting { .. } => Context::Waiting,
        }
    }

    pub fn is_waiting(&self) -> bool {
        !self.tickets.is_empty()
    }

    fn ways(draft: &Draft, known: &Known, demo: bool) -> Vec<Way> {
        let mut ways = Vec::new();
        if draft.login.is_some() {
            ways.push(Way::GoOn);
        }
        // What is there already comes before what has to be made.
        let others = known
            .usable
            .iter()
            .filter(|name| draft.login.as_ref() != Some(name));
        ways.extend(others.cloned().map(Way::Saved));
        if demo {
            ways.push(Way::Approve);
        }
        ways.extend([Way::Browser, Way::Key]);
        ways
    }

    /// Tells whether something is typed or waited for, instead of a way chosen.
    pub fn is_form(&self) -> bool {
        !matches!(self.mode, Mode::Ways)
    }

    /// Tells whether the cursor is on the last of the ways.
    pub fn is_last(&self, desk: &Desk<'_>) -> bool {
        self.cursor + 1 >= Self::ways(desk.draft, desk.known, desk.demo).len()
    }

    pub fn key(&mut self, command: Command, event: KeyEvent, desk: &mut Desk<'_>) -> Flow {
        self.lacking = None;
        match self.mode {
            Mode::Ways => self.ways_key(command, desk),
            Mode::App => self.app_key(command, event, desk),
            Mode::Key => self.api_key(command, event, desk),
            Mode::Waiting { .. } => self.waiting_key(command, event, desk),
        }
    }

    fn ways_key(&mut self, command: Command, desk: &mut Desk<'_>) -> Flow {
        let ways = Self::ways(desk.draft, desk.known, desk.demo);
        match command {
            Command::Back => return Flow::Leave,
            Command::Up => self.cursor = self.cursor.saturating_sub(1),
            Command::Down => self.cursor = (self.cursor + 1).min(ways.len() - 1),
            Command::Enter | Command::Choose if self.tickets.is_empty() => {
                return match ways.get(self.cursor) {
                    Some(way) => self.take(way.clone(), desk),
                    None => Flow::Stay,
                };
            }
            _ => {}
        }
        Flow::Stay
    }

    fn take(&mut self, way: Way, desk: &mut Desk<'_>) -> Flow {
        self.failure = None;
        match way {
            Way::Approve => {
                self.approving = true;
                self.sign_in(desk);
            }
            Way::Browser => {
                self.approving = false;
                self.mode = Mode::App;
            }
            Way::Key => self.mode = Mode::Key,
            Way::Saved(name) => {
                desk.draft.login = Some(name);
                self.cursor = 0;
                return Flow::Change(Fact::Audience);
            }
            Way::GoOn => return Flow::Change(Fact::Audience),
        }
        Flow::Stay
    }

    fn sign_in(&mut self, desk: &mut Desk<'_>) {
        let question = Question::SignIn {
            id: self.id.text().trim().to_owned(),
            secret: Secret::new(self.secret.text().trim().to_owned()),
        };
        self.tickets = vec![desk.out.ask(question)];
    }

    fn app_key(&mut self, command: Command, event: KeyEvent, desk: &mut Desk<'_>) -> Flow {
        match command {
            Command::Back => self.mode = Mode::Ways,
            Command::NextField | Command::PrevField | Command::Up | Command::Down => {
                self.second = !self.second;
            }
            Command::Enter if self.id.text().trim().is_empty() => {
                (self.second, self.lacking) = (false, Some("ui-login-lacks-id"));
            }
            Command::Enter if self.secret.text().trim().is_empty() => {
                (self.second, self.lacking) = (true, Some("ui-login-lacks-secret"));
            }
            Command::Enter if self.tickets.is_empty() => self.sign_in(desk),
            _ => {
                let field = if self.second {
                    &mut self.secret
                } else {
                    &mut self.id
                };
                field.key(event);
            }
        }
        Flow::Stay
    }

    fn api_key(&mut self, command: Command, event: KeyEvent, desk: &mut Desk<'_>) -> Flow {
        match command {
            Command::Back => self.mode = Mode::Ways,
            Command::Enter if self.key.text().trim().is_empty() => {
                self.lacking = Some("ui-login-lacks-key");
            }
            Command::Enter if self.tickets.is_empty() => {
                self.failure = None;
                let key = Secret::new(self.key.text().trim().to_owned());
                self.tickets = vec![desk.out.ask(Question::ApiKey(key))];
            }
            _ => {
                self.key.key(event);
            }
        }
        Flow::Stay
    }

    fn waiting_key(&mut self, command: Command, event: KeyEvent, desk: &mut Desk<'_>) -> Flow {
        let Mode::Waiting { begun: sign_in, .. } = &self.mode else {
            return Flow::Stay;
        };
        let copy = event.code == KeyCode::Char('c') && self.pasted.text().is_empty();
        match command {
            Command::Back => {
                self.tickets.clear();
                self.mode = Mode::Ways;
            }
            _ if copy || command == Command::Copy => {
                desk.out.push(Effect::Copy(sign_in.url().to_owned()));
            }
            Command::Enter if self.pasted.text().trim().is_empty() => {
                desk.out.push(Effect::Browse(sign_in.url().to_owned()));
            }
            Command::Enter => {
                let text = self.pasted.text().to_owned();
                let question = Question::Complete(Arc::clone(sign_in), text);
                self.tickets.push(desk.out.ask(question));
            }
            _ => {
                self.pasted.key(event);
            }
        }
        Flow::Stay
    }

    pub fn paste(&mut self, text: &str) {
        match self.mode {
            Mode::Ways => {}
            Mode::App if self.second => self.secret.paste(text.trim()),
            Mode::App => self.id.paste(text.trim()),
            Mode::Key => self.key.paste(text.trim()),
            Mode::Waiting { .. } => self.pasted.paste(text.trim()),
        }
    }

    pub fn answer(&mut self, ticket: Ticket, answer: Answer, desk: &mut Desk<'_>) -> Flow {
        if !self.tickets.contains(&ticket) {
            return Flow::Stay;
        }
        self.tickets.retain(|mine| *mine != ticket);
        match answer {
            Answer::SignIn(Ok(sign_in)) if self.approving => {
                self.tickets = vec![desk.out.ask(Question::Approve(sign_in))];
            }
            Answer::SignIn(Ok(sign_in)) => {
                let given_up = CancellationToken::new();
                let wait = Question::Wait(Arc::clone(&sign_in), given_up.clone());
                self.tickets = vec![desk.out.ask(wait)];
                desk.out.push(Effect::Browse(sign_in.url().to_owned()));
                self.pasted.set("");
                self.mode = Mode::Waiting {
                    begun: sign_in,
                    _left: given_up.drop_guard(),
                };
            }
            Answer::Login(Ok(login)) => {
                desk.draft.login = Some(login.name.clone());
                desk.known.usable.retain(|name| *name != login.name);
                desk.known.usable.push(login.name.clone());
                desk.known.logins.retain(|other| other.name != login.name);
                desk.known.logins.push(login);
                // One that was renewed has its former name, and opens what was refused before.
                (desk.known.listed, desk.known.viewed) = (None, None);
                self.tickets.clear();
                self.mode = Mode::Ways;
                (self.cursor, self.failure) = (0, None);
                self.key.set("");
                return Flow::Change(Fact::Audience);
            }
            Answer::SignIn(Err(why)) | Answer::Login(Err(why)) => {
                self.failure = Some(why);
                self.pasted.set("");
                if self.tickets.is_empty() && matches!(self.mode, Mode::Waiting { .. }) {
                    self.mode = Mode::Ways;
                }
            }
            _ => {}
        }
        Flow::Stay
    }

    pub fn draw(
        &self,
        page: &mut Page<'_, '_>,
        draft: &Draft,
        known: &Known,
        words: &Words,
        (demo, here): (bool, bool),
    ) {
        match &self.mode {
            Mode::Ways => self.draw_ways(page, draft, known, words, (demo, here)),
            Mode::App => {
                page.text(&words.text("ui-login-app-lead"), Style::new());
                page.gap();
                self.id.draw(
                    page,
                    &format!("{} ", words.text("ui-login-client-id")),
                    !self.second,
                );
                self.secret.draw(
                    page,
                    &format!("{} ", words.text("ui-login-client-secret")),
                    self.second,
                );
                page.gap();
                page.text(&words.text("ui-login-redirect"), page.theme.faint());
            }
            Mode::Key => {
                page.text(&words.text("ui-login-key-lead"), Style::new());
                page.gap();
                self.key
                    .draw(page, &format!("{} ", words.text("ui-login-key")), true);
            }
            Mode::Waiting { begun: sign_in, .. } => {
                draw_browser(page, sign_in.url(), &self.pasted, words);
            }
        }
        let is_asked = self.is_waiting() && !matches!(self.mode, Mode::Waiting { .. });
        if is_asked || self.failure.is_some() || self.lacking.is_some() {
            page.gap();
        }
        if is_asked {
            page.text(&words.text("ui-login-asking"), page.theme.faint());
        }
        if let Some(why) = &self.failure {
            page.failure(why);
        }
        if let Some(lacking) = self.lacking {
            page.bad(&words.text(lacking));
        }
    }

    fn draw_ways(
        &self,
        page: &mut Page<'_, '_>,
        draft: &Draft,
        known: &Known,
        words: &Words,
        (demo, here): (bool, bool),
    ) {
        if draft.login.is_some() {
            connected(page, draft, known, words);
        } else {
            page.text(&words.text("ui-login-lead"), page.theme.faint());
        }
        let ways = Self::ways(draft, known, demo);
        let text = |way: &Way| match way {
            Way::GoOn => words.text("ui-login-audience"),
            Way::Approve => words.text("ui-login-approve"),
            Way::Browser => words.text("ui-login-browser"),
            Way::Key => words.text("ui-login-use-key"),
            Way::Saved(name) => words.with("ui-login-saved", &[("login", name.as_str().into())]),
        };
        draw_ways(page, (self.cursor, here), ways.iter().map(text));
    }
}
