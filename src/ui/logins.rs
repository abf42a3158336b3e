//! The saved logins: whose they are, what uses them, and their removal.

use jiff::Timestamp;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use super::app::{App, Screen};
use super::keys::{Command, Context};
use super::msg::{HomeData, Outcome, Question, Ticket, Wait};
use super::overlay::Overlay;
use super::paint::{Page, cut, left, scroll};
use super::view::Hit;
use crate::domain::LoginName;
use crate::store::Login;
use crate::words::{Words, shell_word};

/// How much of the last column is seen where there is little room.
const WIDEST: usize = 24;
/// How narrow the other columns may become, with the gap behind them.
const NARROWEST: usize = 10;

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

/// A line of the page.
#[derive(Debug, Clone, Copy)]
enum Listed<'a> {
    /// One that is saved.
    Saved(&'a Login),
    /// One that stands in the environment, for as long as the program runs.
    Lent(&'a LoginName),
}

impl<'a> Listed<'a> {
    fn all(data: &'a HomeData) -> Vec<Self> {
        let saved = |name: &LoginName| data.logins.iter().any(|login| login.name == *name);
        let lent = data.usable.iter().filter(|name| !saved(name));
        let logins = data.logins.iter().map(Self::Saved);
        logins.chain(lent.map(Self::Lent)).collect()
    }

    fn name(self) -> &'a LoginName {
        match self {
            Self::Saved(login) => &login.name,
            Self::Lent(name) => name,
        }
    }

    /// What stands in the columns.
    fn cells(self, data: &HomeData, words: &Words) -> [String; 5] {
        let (users, latest) = uses(data, self.name());
        let (service, account) = match self {
            Self::Saved(login) => {
                let service = match login.service.as_str() {
                    Login::MAILCHIMP => words.text("logins-mailchimp"),
                    Login::INSIGHTS => words.text("logins-insights"),
                    Login::SQL => words.text("logins-sql"),
                    other => other.to_owned(),
                };
                (service, login.account_name.clone())
            }
            Self::Lent(_) => (words.text("logins-mailchimp"), words.text("logins-lent")),
        };
        let users = if users.is_empty() {
            words.text("ui-none")
        } else {
            users.join(", ")
        };
        [
            self.name().to_string(),
            service,
            account,
            latest.map_or_else(|| words.text("list-never"), |at| words.date_time(at)),
            users,
        ]
    }

    /// What can be done with it that this page does not do.
    fn advice(self, words: &Words) -> String {
        match self {
            Self::Saved(login) => {
                let (service, key) = match login.service.as_str() {
                    Login::INSIGHTS => ("insights", "logins-anew"),
                    Login::SQL => ("sql", "logins-anew"),
                    _ => ("mailchimp", "logins-anew-mailchimp"),
                };
                let name = shell_word(login.name.as_str());
                let command = format!("segue login {service} --as {name}");
                words.with(key, &[("command", command.into())])
            }
            Self::Lent(_) => words.text("logins-lent-more"),
        }
    }
}

impl LoginsPage {
    /// Which keys apply: where nothing is saved, nothing is removed.
    pub fn context(&self, data: Option<&HomeData>) -> Context {
        let listed = data.map(Listed::all).unwrap_or_default();
        match listed.get(self.cursor.min(listed.len().saturating_sub(1))) {
            Some(Listed::Saved(_)) => Context::Logins,
            Some(Listed::Lent(_)) | None => Context::Table,
        }
    }

    /// How many are listed.
    pub fn count(data: Option<&HomeData>) -> usize {
        data.map_or(0, |data| Listed::all(data).len())
    }

    /// Puts the cursor on a line.
    pub fn select(&mut self, line: usize) {
        self.cursor = line;
    }

    /// Draws the logins, and tells where they are.
    pub fn draw(
        &self,
        page: &mut Page<'_, '_>,
        data: &Wait<Box<HomeData>>,
        words: &Words,
        hits: &mut Vec<(Rect, Hit)>,
    ) {
        let data = match data {
            Wait::Done(data) => data,
            Wait::Failed(why) => return page.failure(why),
            Wait::Idle | Wait::Asked(_) => {
                return page.text(&words.text("ui-looking"), page.theme.faint());
            }
        };
        let listed = Listed::all(data);
        if listed.is_empty() {
            return page.text(&words.text("logins-none"), Style::new());
        }
        let headings = [
            "login-column-name",
            "login-column-service",
            "login-column-account",
            "logins-last-used",
            "logins-used-by",
        ];
        let mut table = vec![headings.map(|key| words.text(key))];
        table.extend(listed.iter().map(|login| login.cells(data, words)));
        let widths = widths(&table, page.width());
        let room = page.rest().saturating_sub(4).max(1);
        // One of them may have been removed.
        let cursor = self.cursor.min(listed.len() - 1);
        let first = scroll(cursor, room, listed.len());
        let shown = table[1..].iter().enumerate().skip(first).take(room);
        let below = listed.len().saturating_sub(first + room);
        page.beyond((first, below), words);
        let head = std::iter::once((None, &table[0]));
        let lines = head.chain(shown.map(|(at, line)| (Some(at), line)));
        for (at, line) in lines {
            let here = at == Some(cursor);
            hits.extend(at.map(|at| (page.area(1), Hit::Line(at))));
            let style = match at {
                None => page.theme.faint(),
                Some(_) if here => page.theme.here(),
                Some(_) => Style::new(),
            };
            let cells = widths[..4].iter().zip(line).map(|(wide, text)| {
                let text = cut(text, wide - 2);
                left(&text, *wide)
            });
            let text: String = std::iter::once(if here { "❯ " } else { "  " }.to_owned())
                .chain(cells)
                .chain([line[4].clone()])
                .collect();
            page.line(Line::from(Span::styled(cut(&text, page.width()), style)));
        }
        if let Some(login) = listed.get(cursor) {
            page.gap();
            page.text(&login.advice(words), page.theme.faint());
        }
    }
}

/// How wide the columns are. Texts are cut only where they would not fit, the widest first; a time is of no use without its
/// end.
fn widths(table: &[[String; 5]], width: usize) -> [usize; 5] {
    let wide = |at: usize| {
        let column = table.iter().map(|line| line[at].width());
        column.max().unwrap_or(0) + 2
    };
    let mut widths: [usize; 5] = std::array::from_fn(wide);
    let kept = widths[4].min(WIDEST);
    let room = width.saturating_sub(2 + kept);
    while widths[..4].iter().sum::<usize>() > room {
        let Some(widest) = widths[..3]
            .iter_mut()
            .max()
            .filter(|wide| **wide > NARROWEST)
        else {
            break;
        };
        *widest -= 1;
    }
    widths
}

impl App {
    /// Takes a key on the page of the logins.
    pub fn logins_key(&mut self, command: Command) {
        let data = self.home.data.get().map(|data| &**data);
        let logins = data.map(Listed::all).unwrap_or_default();
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
                if let (Some(Listed::Saved(login)), Some(data)) = (logins.get(page.cursor), data) {
                    let login = login.name.clone();
                    let (users, _) = uses(data, &login);
                    self.ask_logout(login, users);
                }
            }
            Command::Back => self.show_home(),
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
