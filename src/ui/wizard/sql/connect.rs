//! How an engine is reached, in one dialog: its name, the driver, its settings, and those that are secrets.

use std::collections::BTreeMap;

use crossterm::event::KeyEvent;
use unicode_width::UnicodeWidthStr;

use super::super::super::engine::EngineAsked;
use super::super::super::field::{Cover, Field};
use super::super::super::keys::Command;
use super::super::super::look::Fits;
use super::super::super::msg::{Answer, Outbox, Outcome, Question, Ticket, Wait};
use super::super::super::paint::{Page, left};
use super::super::Desk;
use super::super::folder::Asks;
use super::super::path::PathField;
use crate::domain::{LoginName, Secret};
use crate::login::is_secret_setting;
use crate::store::Login;
use crate::words::{Explain, Explanation, Words};

/// The first rows; settings come behind them, and then secrets.
const NAME: usize = 0;
const DRIVER: usize = 1;
const FIRST: usize = 2;
/// How many settings, and how many secrets, there may be.
const MOST: usize = 8;

#[derive(Debug)]
pub(super) struct ConnectForm {
    name: Field,
    driver: PathField,
    /// Written `KEY=VALUE`; the last one is empty, for one more.
    settings: Vec<Field>,
    secrets: Vec<Field>,
    focus: usize,
    asked: Wait<Login>,
    /// What cannot be asked for as it stands.
    refused: Option<Explanation>,
    lacking: Option<&'static str>,
}

impl Default for ConnectForm {
    fn default() -> Self {
        Self {
            name: Field::default(),
            driver: PathField::new("", Fits::Drivers),
            settings: vec![Field::default()],
            secrets: vec![secret()],
            focus: NAME,
            asked: Wait::Idle,
            refused: None,
            lacking: None,
        }
    }
}

fn secret() -> Field {
    let mut field = Field::default();
    field.cover(Cover::Value);
    field
}

/// Takes `KEY=VALUE` apart.
fn setting(field: &Field) -> Option<(String, String)> {
    let (key, value) = field.text().trim().split_once('=')?;
    let key = key.trim();
    (!key.is_empty()).then(|| (key.to_owned(), value.trim().to_owned()))
}

fn is_secret(field: &Field) -> bool {
    setting(field).is_some_and(|(key, value)| is_secret_setting(&key, &value))
}

fn is_empty(field: &Field) -> bool {
    field.text().trim().is_empty()
}

impl ConnectForm {
    pub fn open(&mut self) {
        (self.focus, self.lacking, self.refused) = (NAME, None, None);
        self.asked = Wait::Idle;
    }

    fn rows(&self) -> usize {
        FIRST + self.settings.len() + self.secrets.len()
    }

    /// The settings, then the secrets.
    fn fields(&self) -> impl Iterator<Item = &Field> {
        self.settings.iter().chain(&self.secrets)
    }

    fn field(&mut self) -> Option<&mut Field> {
        match self.focus {
            NAME => Some(&mut self.name),
            DRIVER => None,
            at => {
                let mut fields = self.settings.iter_mut().chain(&mut self.secrets);
                fields.nth(at - FIRST)
            }
        }
    }

    pub fn key(&mut self, command: Command, event: KeyEvent, desk: &mut Desk<'_>) -> Asks {
        (self.lacking, self.refused) = (None, None);
        let rows = self.rows();
        match command {
            Command::Back => {
                self.asked = Wait::Idle;
                return Asks::Ways;
            }
            Command::Enter if self.asked.is_asked() => {}
            Command::Enter if self.focus < FIRST => self.next(),
            Command::Enter => self.connect(desk),
            Command::NextField if self.focus == DRIVER && self.driver.complete(desk.out) => {}
            Command::NextField | Command::Down => self.focus = (self.focus + 1) % rows,
            Command::PrevField | Command::Up => self.focus = (self.focus + rows - 1) % rows,
            _ => {
                if self.focus == DRIVER {
                    self.driver.key(event, desk.out);
                } else if let Some(field) = self.field() {
                    field.key(event);
                }
                self.arrange();
            }
        }
        Asks::Nothing
    }

    /// Goes on from a field that must not be empty.
    fn next(&mut self) {
        let here = match self.focus {
            NAME => self.name.text().trim(),
            _ => self.driver.text(),
        };
        if here.is_empty() {
            self.lacking = Some("ui-user-lacking");
        } else {
            self.focus += 1;
        }
    }

    /// Covers what looks like a secret as soon as it does, and keeps room for one more of each.
    fn arrange(&mut self) {
        for field in &mut self.settings {
            let cover = if is_secret(field) {
                Cover::Value
            } else {
                Cover::None
            };
            field.cover(cover);
        }
        if self.settings.len() < MOST && !self.settings.last().is_some_and(is_empty) {
            self.settings.push(Field::default());
            if self.focus >= FIRST + self.settings.len() - 1 {
                self.focus += 1;
            }
        }
        if self.secrets.len() < MOST && !self.secrets.last().is_some_and(is_empty) {
            self.secrets.push(secret());
        }
    }

    /// Asks for the engine, or says what keeps that from being asked.
    fn connect(&mut self, desk: &mut Desk<'_>) {
        let empty = [self.name.text().trim(), self.driver.text()];
        if let Some(at) = empty.iter().position(|text| text.is_empty()) {
            (self.focus, self.lacking) = (at, Some("ui-user-lacking"));
            return;
        }
        let name = match LoginName::parse(self.name.text()) {
            Ok(name) => name,
            Err(why) => {
                (self.focus, self.refused) = (NAME, Some(why.explain(desk.words)));
                return;
            }
        };
        let is_wrong = |field: &Field| !is_empty(field) && setting(field).is_none();
        let wrong = self.fields().position(is_wrong);
        if let Some(at) = wrong {
            (self.focus, self.lacking) = (FIRST + at, Some("ui-sql-setting-form"));
            return;
        }
        let (mut options, mut secrets) = (BTreeMap::new(), BTreeMap::new());
        for field in &self.settings {
            match setting(field) {
                Some((key, value)) if is_secret(field) => {
                    secrets.insert(key, Secret::new(value));
                }
                Some((key, value)) => {
                    options.insert(key, value);
                }
                None => {}
            }
        }
        let told = self.secrets.iter().filter_map(setting);
        secrets.extend(told.map(|(key, value)| (key, Secret::new(value))));
        self.asked = Wait::Asked(desk.out.ask(Question::Engine(Box::new(EngineAsked {
            name,
            driver: self.driver.text().to_owned(),
            options,
            secrets,
        }))));
    }

    pub fn paste(&mut self, text: &str, out: &mut Outbox) {
        if self.focus == DRIVER {
            self.driver.paste(text, out);
        } else if let Some(field) = self.field() {
            field.paste(text);
        }
        self.arrange();
    }

    pub fn fitting(&mut self, ticket: Ticket, answer: &Answer) {
        self.driver.answer(ticket, answer);
    }

    /// Takes what came of it: the login, where the engine lets us in. Then nothing of the secrets stays here.
    pub fn answer(&mut self, ticket: Ticket, outcome: Outcome<Login>) -> Option<Login> {
        if !self.asked.is(ticket) {
            return None;
        }
        match outcome {
            Ok(login) => {
                *self = Self::default();
                Some(login)
            }
            Err(why) => {
                self.asked = Wait::Failed(Box::new(why));
                None
            }
        }
    }

    pub fn draw(&self, page: &mut Page<'_, '_>, words: &Words) {
        page.text(&words.text("ui-sql-connect-lead"), page.theme.strong());
        page.text(&words.text("ui-sql-connect-hint"), page.theme.faint());
        page.gap();
        let labels = [
            "ui-sql-name",
            "ui-sql-driver",
            "ui-sql-setting",
            "ui-sql-secret",
        ];
        let labels = labels.map(|label| words.text(label));
        let wide = labels.iter().map(|label| label.width()).max().unwrap_or(0);
        let [name, driver, option, hidden] = labels.map(|label| left(&label, wide) + " ");
        self.name.draw(page, &name, self.focus == NAME);
        self.driver.draw(page, &driver, self.focus == DRIVER);
        if self.focus == DRIVER {
            self.driver.draw_fitting(page, 4);
        }
        for (at, field) in self.fields().enumerate() {
            let label = if at < self.settings.len() {
                &option
            } else {
                &hidden
            };
            field.draw(page, label, self.focus == FIRST + at);
        }
        page.gap();
        match (&self.asked, &self.refused, self.lacking) {
            (_, Some(why), _) => page.failure(why),
            (_, _, Some(lacking)) => page.bad(&words.text(lacking)),
            (Wait::Asked(_), ..) => page.text(&words.text("ui-sql-connecting"), page.theme.faint()),
            (Wait::Failed(why), ..) => page.failure(why),
            _ => page.text(&words.text("ui-sql-secret-hint"), page.theme.faint()),
        }
    }
}
