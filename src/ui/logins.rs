//! The saved logins: whose they are, what uses them, and their removal.

use jiff::Timestamp;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use super::app::{App, Screen};
use super::keys::Command;
use super::msg::{HomeData, Outcome, Question, Ticket, Wait};
use super::overlay::Overlay;
use super::paint::{Page, cut, left, scroll};
use crate::domain::LoginName;
use crate::store::Login;
use crate::words::Words;

/// The page of the logins.
#[derive(Debug, Default)]
pub(super) struct LoginsPage {
    cursor: usize,
}

/// A login whose removal is asked about.
#[derive(Debug)]
pub(super) struct AskedLogout {
    login: LoginName,
    /// The names of the destinations that use it.
    users: Vec<String>,
}

impl AskedLogout {
    pub fn draw(&self, page: &mut Page<'_, '_>, words: &Words) {
        let args = [
            ("login", self.login.as_str().into()),
            ("destinations", self.users.join(", ").into()),
        ];
        let key = if self.users.is_empty() {
            "ask-logout"
        } else {
            "login-in-use"
        };
        page.text(&words.with(key, &args), page.theme.strong());
    }
}

/// Lists the destinations that use a login, and when one of them ran last.
fn uses(data: &HomeData, login: &LoginName) -> (Vec<String>, Option<Timestamp>) {
    let rows = data.rows.iter();
    let rows = rows.filter(|row| row.destination.logins().any(|used| used == login));
    let (mut names, mut latest) = (Vec::new(), None);
    for row in rows {
        names.push(row.destination.name.to_string());
        latest = latest.max(row.last.as_ref().map(|last| last.report.ended_at));
    }
    (names, latest)
}

impl LoginsPage {
    pub fn draw(&self, page: &mut Page<'_, '_>, data: Option<&HomeData>, words: &Words) {
        page.gap();
        let Some(data) = data.filter(|data| !data.logins.is_empty()) else {
            return page.text(&words.text("logins-none"), Style::new());
        };
        let headings = [
            "login-column-name",
            "login-column-service",
            "login-column-account",
            "logins-last-used",
            "logins-used-by",
        ];
        let mut table = vec![headings.map(|key| words.text(key))];
        table.extend(data.logins.iter().map(|login| line(login, data, words)));
        let wide = |at: usize| {
            let column = table.iter().map(|line| line[at].width());
            column.max().unwrap_or(0).min(24) + 2
        };
        let widths: [usize; 4] = std::array::from_fn(wide);
        let room = page.rest().saturating_sub(1).max(1);
        let first = scroll(self.cursor, room, data.logins.len());
        let shown = table[1..].iter().enumerate().skip(first).take(room);
        let head = std::iter::once((None, &table[0]));
        let lines = head.chain(shown.map(|(at, line)| (Some(at), line)));
        for (at, line) in lines {
            let style = match at {
                None => page.theme.faint(),
                Some(at) if at == self.cursor => page.theme.here(),
                Some(_) => Style::new(),
            };
            let mark = if at == Some(self.cursor) {
                "❯ "
            } else {
                "  "
            };
            let cells = widths.iter().zip(line).map(|(wide, text)| {
                let text = cut(text, wide - 2);
                left(&text, *wide)
            });
            let text: String = std::iter::once(mark.to_owned())
                .chain(cells)
                .chain([line[4].clone()])
                .collect();
            page.line(Line::from(Span::styled(cut(&text, page.width()), style)));
        }
    }
}

/// What stands in the columns of a login.
fn line(login: &Login, data: &HomeData, words: &Words) -> [String; 5] {
    let (users, latest) = uses(data, &login.name);
    let service = match login.service.as_str() {
        Login::MAILCHIMP => words.text("logins-mailchimp"),
        Login::INSIGHTS => words.text("logins-insights"),
        other => other.to_owned(),
    };
    let users = if users.is_empty() {
        words.text("ui-none")
    } else {
        users.join(", ")
    };
    [
        login.name.to_string(),
        service,
        login.account_name.clone(),
        latest.map_or_else(|| words.text("list-never"), |at| words.date_time(at)),
        users,
    ]
}

impl App {
    /// Takes a key on the page of the logins.
    pub fn logins_key(&mut self, command: Command) {
        let data = self.home.data.get();
        let logins = data.map(|data| data.logins.as_slice()).unwrap_or_default();
        let (end, Screen::Logins(page)) = (logins.len().saturating_sub(1), &mut self.screen) else {
            return;
        };
        page.cursor = page.cursor.min(end);
        match command {
            Command::Up => page.cursor = page.cursor.saturating_sub(1),
            Command::Down => page.cursor = (page.cursor + 1).min(end),
            Command::PageUp | Command::First => page.cursor = 0,
            Command::PageDown | Command::Last => page.cursor = end,
            Command::Remove => {
                let login = logins.get(page.cursor).map(|login| login.name.clone());
                if let (Some(login), Some(data)) = (login, data) {
                    let (users, _) = uses(data, &login);
                    self.ask_logout(login, users);
                }
            }
            Command::Back | Command::Enter => self.show_home(),
            _ => {}
        }
    }

    /// Asks whether to remove a login, with what uses it. While a run uses it, it stays.
    fn ask_logout(&mut self, login: LoginName, users: Vec<String>) {
        let mut runs = self.runs.iter().filter(|run| run.end.is_none());
        let going = runs.find(|run| run.destination.logins().any(|used| *used == login));
        self.overlay = Some(match going {
            Some(run) => {
                let args = [
                    ("login", login.as_str().into()),
                    ("name", run.destination.name.as_str().into()),
                ];
                Overlay::Told(self.words.with("logins-in-use-now", &args))
            }
            None => Overlay::Logout(Box::new(AskedLogout { login, users })),
        });
    }

    /// Removes a login; what uses it stays without one.
    pub fn log_out(&mut self, asked: AskedLogout) {
        self.leaving_login = Wait::Asked(self.out.ask(Question::Logout(asked.login)));
    }

    /// Shows what came of the removal of a login.
    pub fn logged_out(&mut self, ticket: Ticket, outcome: Outcome<()>) {
        if !self.leaving_login.is(ticket) {
            return;
        }
        self.leaving_login = Wait::Idle;
        if let Err(why) = outcome {
            self.overlay = Some(Overlay::Failed(why));
        }
        self.reload();
    }
}
