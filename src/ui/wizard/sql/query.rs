//! A query that is written or pasted: tried with its first rows and their number, then kept as a file like any other.

use std::path::{Path, PathBuf};

use crossterm::event::KeyEvent;
use ratatui::text::Span;
use unicode_width::UnicodeWidthStr;

use super::super::super::field::Field;
use super::super::super::keys::{Command, Context};
use super::super::super::msg::{Outcome, Question, Ticket, Wait};
use super::super::super::paint::{Page, cut, left};
use super::super::super::text::Text;
use super::super::Desk;
use crate::domain::LoginName;
use crate::source::{Tried, is_query_name};
use crate::words::{Explanation, Words};

/// The widest column of the first rows.
const WIDE: usize = 24;

#[derive(Debug, Default)]
pub(super) struct QueryForm {
    text: Text,
    name: Field,
    names: bool,
    tried: Wait<Tried>,
    kept: Wait<()>,
    /// The file that it was opened from, and is kept in unless it is given another name.
    file: Option<PathBuf>,
    lacking: Option<&'static str>,
}

impl QueryForm {
    /// Begins; what was written before and not kept is still there.
    pub fn open(&mut self) {
        self.names = false;
    }

    /// Begins with the query in a file.
    pub fn of(file: PathBuf, text: &str) -> Self {
        let mut form = Self {
            name: Field::new(&stem(&file)),
            ..Self::default()
        };
        form.text.begin(text);
        form.file = Some(file);
        form
    }

    /// Where it is kept, and whether that is the file that it comes from.
    fn place(&self, folder: &Path) -> (PathBuf, bool) {
        let name = self.name.text().trim();
        match &self.file {
            Some(file) if stem(file) == name => (file.clone(), true),
            _ => (folder.join(format!("{name}.sql")), false),
        }
    }

    pub fn context(&self) -> Context {
        if self.names {
            Context::Typing
        } else {
            Context::Query
        }
    }

    /// Takes a key; tells whether the form is still open.
    pub fn key(
        &mut self,
        command: Command,
        event: KeyEvent,
        (login, folder): (&LoginName, &Path),
        desk: &mut Desk<'_>,
    ) -> bool {
        self.lacking = None;
        match command {
            Command::Back => return false,
            Command::NextField | Command::PrevField => self.names = !self.names,
            Command::Up | Command::Down if self.names => self.names = false,
            Command::Enter if self.names => self.enter((login, folder), desk),
            _ => {
                let changed = if self.names {
                    self.name.key(event)
                } else {
                    self.text.key(event)
                };
                if changed {
                    self.changed();
                }
            }
        }
        true
    }

    fn changed(&mut self) {
        (self.tried, self.kept) = (Wait::Idle, Wait::Idle);
    }

    /// Tries the query first; keeps it when it is told to again.
    fn enter(&mut self, (login, folder): (&LoginName, &Path), desk: &mut Desk<'_>) {
        let (name, text) = (self.name.text().trim().to_owned(), self.text.text());
        if text.trim().is_empty() {
            (self.names, self.lacking) = (false, Some("ui-sql-no-text"));
        } else if !is_query_name(&name) {
            self.lacking = Some("ui-sql-query-name-form");
        } else if self.tried.get().is_some() && !self.kept.is_asked() {
            let (file, over) = self.place(folder);
            let question = Question::KeepQuery(file, text, over);
            self.kept = Wait::Asked(desk.out.ask(question));
        } else if !self.tried.is_asked() && !self.kept.is_asked() {
            let question = Question::TryQuery(login.clone(), name, text);
            self.tried = Wait::Asked(desk.out.ask(question));
        }
    }

    pub fn paste(&mut self, text: &str) {
        if self.names {
            self.name.paste(text);
        } else {
            self.text.paste(text);
        }
        self.changed();
    }

    pub fn tried(&mut self, ticket: Ticket, tried: Outcome<Tried>) {
        if self.tried.is(ticket) {
            self.tried.settle(tried);
        }
    }

    /// Takes what came of keeping it; tells whether it is kept.
    pub fn kept(&mut self, ticket: Ticket, kept: Outcome<()>) -> bool {
        if !self.kept.is(ticket) {
            return false;
        }
        self.kept.settle(kept);
        let is_kept = self.kept.get().is_some();
        if is_kept {
            *self = Self::default();
        }
        is_kept
    }

    pub fn draw(&self, page: &mut Page<'_, '_>, folder: &Path, words: &Words) {
        page.text(&words.text("ui-sql-write-lead"), page.theme.strong());
        page.text(&words.text("ui-sql-write-hint"), page.theme.faint());
        page.gap();
        let height = (page.rest() / 3).clamp(3, 12);
        self.text.draw(page, height, !self.names);
        let label = format!("{} ", words.text("ui-sql-query-name"));
        self.name.draw(page, &label, self.names);
        page.gap();
        if let Some(lacking) = self.lacking {
            return page.bad(&words.text(lacking));
        }
        let failure: Option<&Explanation> = self.kept.failure().or(self.tried.failure());
        match (failure, &self.tried) {
            (Some(why), _) => page.failure(why),
            (_, Wait::Asked(_)) => page.text(&words.text("ui-sql-trying"), page.theme.faint()),
            (_, Wait::Done(tried)) => {
                let (file, over) = self.place(folder);
                let key = if over {
                    "ui-sql-over-hint"
                } else {
                    "ui-sql-keep-hint"
                };
                let args = [("file", file.display().to_string().into())];
                preview(page, tried, &words.with(key, &args), words);
            }
            _ => page.text(&words.text("ui-sql-try-hint"), page.theme.faint()),
        }
    }
}

/// What the query in a file is called.
fn stem(file: &Path) -> String {
    let stem = file.file_stem().unwrap_or_default();
    stem.to_string_lossy().into_owned()
}

/// Shows how many rows there are, the first of them, and what comes next.
fn preview(page: &mut Page<'_, '_>, tried: &Tried, next: &str, words: &Words) {
    page.good(&match tried.count {
        Some(count) => words.with("ui-sql-rows", &[("count", count.into())]),
        None => words.text("ui-sql-reads"),
    });
    page.text(next, page.theme.strong());
    let wide = |at: usize| {
        let rows = tried.rows.iter().chain([&tried.columns]);
        let widths = rows.map(|row| row.get(at).map_or(0, |text| text.width()));
        widths.max().unwrap_or(0).min(WIDE)
    };
    let widths: Vec<usize> = (0..tried.columns.len()).map(wide).collect();
    let line = |row: &Vec<String>, room: usize| {
        let cells = row.iter().zip(&widths);
        let cells: Vec<String> = cells.map(|(text, wide)| left(text, *wide)).collect();
        cut(&format!("  {}", cells.join("  ")), room)
    };
    let room = page.width();
    page.line(Span::styled(line(&tried.columns, room), page.theme.faint()));
    for row in &tried.rows {
        page.line(line(row, room));
    }
}
