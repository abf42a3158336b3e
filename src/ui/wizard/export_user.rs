//! Signing in as the export user: the app, the browser or a code for another device, and the instance to read.

use std::sync::Arc;

use crossterm::event::{KeyCode, KeyEvent};
use tokio_util::sync::DropGuard;

use super::super::Demo;
use super::super::field::Field;
use super::super::keys::{Command, Context};
use super::super::msg::{
    Answer, Effect, HomeData, Question, Ticket, UserAsked, UserSignIn, UserWay,
};
use super::Desk;
use super::folder::Asks;
use super::picker::{Picked, Picker};
use crate::domain::{Draft, LoginName, Secret, SourceSpec};
use crate::export::SourceSignIn;
use crate::source::Instance;
use crate::words::Explanation;

mod draw;

/// What a person signs in for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Service {
    /// An environment of Dataverse.
    #[default]
    Dataverse,
    /// The Customer Insights API.
    Insights,
}

/// What the form shows.
#[derive(Debug, Default)]
enum Mode {
    /// What has to be typed.
    #[default]
    App,
    /// The browser, or the code, is waited for, until this is left.
    Waiting {
        begun: Arc<UserSignIn>,
        _left: DropGuard,
    },
    /// The instances to pick from.
    Instances(Picker),
}

/// The rows of the form: where (address or key), client id, tenant, and how to sign in.
const ROWS: usize = 4;
const HOW: usize = 3;

#[derive(Debug, Default)]
pub(super) struct UserForm {
    mode: Mode,
    service: Service,
    environment: Field,
    key: Field,
    client_id: Field,
    tenant: Field,
    /// The instance, where it is known before anyone asks.
    instance: String,
    by_code: bool,
    focus: usize,
    pasted: Field,
    approving: bool,
    login: Option<LoginName>,
    instances: Vec<Instance>,
    tickets: Vec<Ticket>,
    failure: Option<Explanation>,
    lacking: Option<&'static str>,
}

impl UserForm {
    /// Fills in what is known: from the demo, from the draft's login, or from any other that was saved.
    pub fn new(draft: &Draft, home: &HomeData, demo: Option<&Demo>) -> Self {
        let mut users = home.users.iter();
        let ours = users.find(|(name, _)| draft.source_login.as_ref() == Some(name));
        let before = ours.or(home.users.last()).map(|(_, asked)| asked);
        let mut form = Self {
            by_code: home.remote,
            key: Field::hidden(""),
            ..Self::default()
        };
        if let Some(asked) = before {
            form.client_id.set(&asked.client_id);
            form.tenant.set(&asked.tenant);
            if let SourceSpec::Dataverse(address) = &asked.source {
                form.environment.set(address);
            }
        }
        if let Some(demo) = demo {
            form.client_id.set(&demo.user.client_id);
            form.tenant.set(&demo.user.tenant);
            form.environment.set(&demo.user.environment);
            form.key = Field::hidden(&demo.user.subscription_key);
            form.instance.clone_from(&demo.user.instance);
        }
        form
    }

    pub fn context(&self) -> Context {
        match self.mode {
            Mode::App if self.focus == HOW => Context::Form,
            Mode::App => Context::Typing,
            Mode::Instances(_) => Context::Picker,
            Mode::Waiting { .. } if self.moves() => Context::Code,
            Mode::Waiting { .. } => Context::Waiting,
        }
    }

    /// Tells whether a time is counted down.
    pub fn moves(&self) -> bool {
        matches!(&self.mode, Mode::Waiting { begun, .. } if matches!(begun.way, UserWay::Code(_)))
    }

    pub fn is_asking(&self) -> bool {
        !self.tickets.is_empty()
    }

    /// Shows the form for a service.
    pub fn open(&mut self, service: Service) {
        (self.service, self.approving) = (service, false);
        self.mode = Mode::App;
        (self.failure, self.lacking) = (None, None);
        self.focus = self.first_empty().unwrap_or(HOW);
    }

    /// Signs in on the sandbox's page without anybody.
    pub fn approve(&mut self, desk: &mut Desk<'_>) {
        self.open(Service::Insights);
        (self.approving, self.by_code) = (true, false);
        self.sign_in(desk);
    }

    /// Takes a saved login for the source it was made for.
    pub fn saved(&mut self, name: &LoginName, source: &SourceSpec, desk: &mut Desk<'_>) -> Asks {
        self.open(match source {
            SourceSpec::Insights(_) => Service::Insights,
            _ => Service::Dataverse,
        });
        self.login = Some(name.clone());
        if let SourceSpec::Insights(instance) = source {
            self.instance.clone_from(instance);
            self.tickets = vec![desk.out.ask(Question::Instances(name.clone()))];
            return Asks::Nothing;
        }
        self.done(source.clone(), desk)
    }

    fn fields(&self) -> [&Field; 3] {
        let first = match self.service {
            Service::Dataverse => &self.environment,
            Service::Insights => &self.key,
        };
        [first, &self.client_id, &self.tenant]
    }

    fn field(&mut self) -> Option<&mut Field> {
        match (self.focus, self.service) {
            (0, Service::Dataverse) => Some(&mut self.environment),
            (0, Service::Insights) => Some(&mut self.key),
            (1, _) => Some(&mut self.client_id),
            (2, _) => Some(&mut self.tenant),
            _ => None,
        }
    }

    fn first_empty(&self) -> Option<usize> {
        self.fields()
            .iter()
            .position(|field| field.text().trim().is_empty())
    }

    pub fn key(&mut self, command: Command, event: KeyEvent, desk: &mut Desk<'_>) -> Asks {
        match &mut self.mode {
            Mode::App => return self.app_key(command, event, desk),
            Mode::Waiting { .. } => self.waiting_key(command, event, desk),
            Mode::Instances(picker) => match picker.key(command, event) {
                Picked::Open => {}
                Picked::Closed => self.mode = Mode::App,
                Picked::One(at) => {
                    let id = self.instances[at].id.clone();
                    return self.done(SourceSpec::Insights(id), desk);
                }
            },
        }
        Asks::Nothing
    }

    fn app_key(&mut self, command: Command, event: KeyEvent, desk: &mut Desk<'_>) -> Asks {
        self.lacking = None;
        match command {
            Command::Back => {
                self.tickets.clear();
                return Asks::Ways;
            }
            Command::NextField | Command::Down => self.focus = (self.focus + 1) % ROWS,
            Command::PrevField | Command::Up => self.focus = (self.focus + ROWS - 1) % ROWS,
            Command::Choose | Command::Left | Command::Right if self.focus == HOW => {
                self.by_code = !self.by_code;
            }
            Command::Enter if self.is_asking() => {}
            Command::Enter => match self.first_empty() {
                // Enter goes through the fields; it complains only about one that it was pressed in.
                Some(at) if at == self.focus => self.lacking = Some("ui-user-lacking"),
                Some(at) => self.focus = at,
                None => self.sign_in(desk),
            },
            _ => {
                if let Some(field) = self.field() {
                    field.key(event);
                }
            }
        }
        Asks::Nothing
    }

    fn sign_in(&mut self, desk: &mut Desk<'_>) {
        self.failure = None;
        let (source, key) = match self.service {
            Service::Dataverse => {
                let address = SourceSpec::environment(self.environment.text());
                self.environment.set(&address);
                (SourceSpec::Dataverse(address), None)
            }
            Service::Insights => {
                let key = Secret::new(self.key.text().trim().to_owned());
                (SourceSpec::Insights(self.instance.clone()), Some(key))
            }
        };
        let asked = UserAsked {
            sign_in: SourceSignIn {
                client_id: self.client_id.text().trim().to_owned(),
                tenant: self.tenant.text().trim().to_owned(),
                source,
            },
            subscription_key: key,
            by_code: self.by_code,
        };
        self.tickets = vec![desk.out.ask(Question::BeginUser(Box::new(asked)))];
    }

    fn waiting_key(&mut self, command: Command, event: KeyEvent, desk: &mut Desk<'_>) {
        let Mode::Waiting { begun, .. } = &self.mode else {
            return;
        };
        let copied = match &begun.way {
            UserWay::Browser(_) => begun.url(),
            UserWay::Code(device) => device.code(),
        };
        let copy = event.code == KeyCode::Char('c') && self.pasted.text().is_empty();
        match command {
            Command::Back => {
                self.tickets.clear();
                self.mode = Mode::App;
            }
            _ if copy || command == Command::Copy => {
                desk.out.push(Effect::Copy(copied.to_owned()));
            }
            Command::Enter if self.pasted.text().trim().is_empty() => {
                desk.out.push(Effect::Browse(begun.url().to_owned()));
            }
            Command::Enter => {
                let text = self.pasted.text().to_owned();
                let question = Question::CompleteUser(Arc::clone(begun), text);
                self.tickets.push(desk.out.ask(question));
            }
            _ if matches!(begun.way, UserWay::Code(_)) => {}
            _ => {
                self.pasted.key(event);
            }
        }
    }

    pub fn paste(&mut self, text: &str) {
        match &mut self.mode {
            Mode::App => {
                if let Some(field) = self.field() {
                    field.paste(text.trim());
                }
            }
            Mode::Waiting { begun, .. } if matches!(begun.way, UserWay::Browser(_)) => {
                self.pasted.paste(text.trim());
            }
            Mode::Waiting { .. } => {}
            Mode::Instances(picker) => picker.paste(text.trim()),
        }
    }

    pub fn answer(&mut self, ticket: Ticket, answer: Answer, desk: &mut Desk<'_>) -> Asks {
        if !self.tickets.contains(&ticket) {
            return Asks::Nothing;
        }
        self.tickets.retain(|mine| *mine != ticket);
        match answer {
            Answer::UserSignIn(Ok(begun)) if self.approving => {
                self.tickets = vec![desk.out.ask(Question::ApproveUser(begun))];
            }
            Answer::UserSignIn(Ok(begun)) => {
                self.tickets = vec![desk.out.ask(Question::WaitUser(Arc::clone(&begun)))];
                if matches!(begun.way, UserWay::Browser(_)) {
                    desk.out.push(Effect::Browse(begun.url().to_owned()));
                }
                self.pasted.set("");
                let left = begun.given_up.clone().drop_guard();
                self.mode = Mode::Waiting { begun, _left: left };
            }
            Answer::User(Ok(login)) => {
                self.mode = Mode::App;
                self.tickets.clear();
                self.login = Some(login.name.clone());
                desk.known.logins.retain(|other| other.name != login.name);
                desk.known.logins.push(login.clone());
                return self.signed_in(&login.name, desk);
            }
            Answer::Instances(Ok(found)) => return self.instances(found, desk),
            Answer::UserSignIn(Err(why)) | Answer::User(Err(why)) | Answer::Instances(Err(why)) => {
                self.failure = Some(why);
                self.pasted.set("");
                if self.tickets.is_empty() {
                    self.mode = Mode::App;
                }
            }
            _ => {}
        }
        Asks::Nothing
    }

    fn signed_in(&mut self, login: &LoginName, desk: &mut Desk<'_>) -> Asks {
        let source = match self.service {
            Service::Dataverse => SourceSpec::Dataverse(self.environment.text().to_owned()),
            Service::Insights if self.approving => SourceSpec::Insights(self.instance.clone()),
            Service::Insights => {
                self.tickets = vec![desk.out.ask(Question::Instances(login.clone()))];
                return Asks::Nothing;
            }
        };
        self.done(source, desk)
    }

    /// Takes the only instance, or lets the user pick.
    fn instances(&mut self, found: Vec<Instance>, desk: &mut Desk<'_>) -> Asks {
        if let [only] = found.as_slice() {
            return self.done(SourceSpec::Insights(only.id.clone()), desk);
        }
        if found.is_empty() {
            self.lacking = Some("ui-user-no-instance");
            return Asks::Nothing;
        }
        let items = found.iter().map(|one| (one.name.clone(), one.id.clone()));
        let at = found.iter().position(|one| one.id == self.instance);
        let title = desk.words.text("ui-user-pick");
        self.mode = Mode::Instances(Picker::new(title, items.collect(), at.unwrap_or(0)));
        self.instances = found;
        Asks::Nothing
    }

    /// The source is known, and whose name it is read in.
    fn done(&mut self, source: SourceSpec, desk: &mut Desk<'_>) -> Asks {
        self.mode = Mode::App;
        let asked = SourceSignIn {
            client_id: self.client_id.text().trim().to_owned(),
            tenant: self.tenant.text().trim().to_owned(),
            source: source.clone(),
        };
        if let Some(login) = self.login.clone() {
            if !desk.known.users.iter().any(|(name, _)| *name == login) {
                desk.known.users.push((login.clone(), asked));
            }
            desk.draft.source_login = Some(login);
        }
        desk.draft.source = Some(source);
        // The same source in another name, or after a new sign-in, may show other things.
        desk.known.looked = None;
        Asks::SignedIn
    }
}
