//! The rejects of a run: a table with what can be done about each.

use std::path::PathBuf;

use crossterm::event::KeyEvent;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Line;
use unicode_width::UnicodeWidthStr;

use super::keys::{Command, Context};
use super::msg::{Answer, Outbox, Question, Ticket, Wait};
use super::notice::Copied;
use super::paint::{Page, wrap};
use super::table::{Columned, Shown, Sort, Table, Turn};
use super::theme::Theme;
use super::view::Hit;
use super::writing::{Listing, RejectsWanted};
use crate::domain::{Reason, Reject};
use crate::words::Words;

/// A column of the rejects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Contact,
    Reason,
    Detail,
    Class,
    Place,
}

impl Columned for Column {
    const ALL: &'static [Self] = &[
        Self::Contact,
        Self::Reason,
        Self::Detail,
        Self::Class,
        Self::Place,
    ];
    const ALWAYS: &'static [Self] = &[Self::Contact, Self::Reason, Self::Place];
    const WHERE_THEY_FIT: &'static [Self] = &[Self::Detail, Self::Class];

    fn heading(self) -> &'static str {
        match self {
            Self::Contact => "ui-col-contact",
            Self::Reason => "ui-col-reason",
            Self::Detail => "ui-col-detail",
            Self::Class => "rejects-class",
            Self::Place => "ui-col-line",
        }
    }

    fn keeps_its_end(self) -> bool {
        self == Self::Place
    }
}

/// The rejects of a run, once they are read.
#[derive(Debug)]
pub(super) struct RejectsPage {
    /// Where they are, and the run that left them.
    path: PathBuf,
    run: String,
    all: Wait<Vec<Reject>>,
    table: Table<Column>,
    /// The reasons that there are, with their counts.
    reasons: Vec<(Reason, u64)>,
    /// How wide contacts, details and places are at most.
    widest: [usize; 3],
    /// Those that are listed, by their places among all, in order.
    listed: Vec<usize>,
}

impl RejectsPage {
    /// Shows the rejects of a run as soon as they are read; they are written to a file of this name unless another one is
    /// typed.
    pub fn open(path: PathBuf, run: String, file: String, out: &mut Outbox) -> Self {
        Self {
            all: Wait::Asked(out.ask(Question::Rejects(path.clone()))),
            path,
            run,
            table: Table::by(Column::Place, file),
            reasons: Vec::new(),
            widest: [0; 3],
            listed: Vec::new(),
        }
    }

    pub fn context(&self) -> Context {
        self.table.context()
    }

    /// Tells whether a key does anything here.
    pub fn offers(&self, command: Command) -> bool {
        self.table
            .offers(command, self.listed.len(), self.reasons.len() + 1)
    }

    /// How many there are, once they are read.
    pub fn count(&self) -> Option<usize> {
        self.all.get().map(Vec::len)
    }

    /// Takes a key; tells whether the table is left.
    pub fn key(&mut self, command: Command, event: KeyEvent, out: &mut Outbox) -> bool {
        let (total, sorts) = (self.listed.len(), self.sorts(None));
        let turn = self.table.key(command, event, total, &sorts);
        self.turn(turn, out)
    }

    pub fn click(&mut self, hit: Hit, out: &mut Outbox) {
        let (total, sorts) = (self.listed.len(), self.sorts(None));
        let turn = self.table.click(hit, total, &sorts);
        self.turn(turn, out);
    }

    pub fn paste(&mut self, text: &str, out: &mut Outbox) {
        let turn = self.table.paste(text);
        self.turn(turn, out);
    }

    fn turn(&mut self, turn: Turn, out: &mut Outbox) -> bool {
        match turn {
            Turn::Stay => {}
            Turn::Anew => self.list(),
            Turn::Leave => return true,
            Turn::Copy => {
                if let Some(reject) = self.at(self.table.cursor) {
                    match (address(reject), &reject.profile) {
                        (Some(address), _) => out.copy(Copied::Address, address),
                        (None, Some(profile)) => out.copy(Copied::Profile, profile),
                        (None, None) => {}
                    }
                }
            }
            Turn::Write => {
                let listing = Listing::Rejects(self.path.clone(), self.run.clone(), self.wanted());
                self.table.write(listing, out);
            }
        }
        false
    }

    pub fn answer(&mut self, ticket: Ticket, answer: Answer, out: &mut Outbox) {
        match answer {
            Answer::Rejects(rejects) if self.all.is(ticket) => {
                self.all.settle(rejects);
                let all = self.all.get().map_or(&[][..], Vec::as_slice);
                let count = |reason| all.iter().filter(|one| one.reason == reason).count() as u64;
                let reasons = Reason::ALL.map(|reason| (reason, count(reason)));
                self.reasons = reasons
                    .into_iter()
                    .filter(|(_, count)| *count > 0)
                    .collect();
                for reject in all {
                    let texts = [who(reject), &reject.detail, &reject.place()];
                    self.widest = std::array::from_fn(|at| self.widest[at].max(texts[at].width()));
                }
                self.list();
            }
            Answer::Written(written) => self.table.written(ticket, written, out),
            _ => {}
        }
    }

    /// What is looked for.
    fn wanted(&self) -> RejectsWanted {
        let reason = self.table.sort.checked_sub(1);
        let reason = reason.and_then(|at| self.reasons.get(at));
        RejectsWanted {
            reason: reason.map(|(reason, _)| *reason),
            text: self.table.text().trim().to_lowercase(),
        }
    }

    /// Lists what fits, in the order that is wanted.
    fn list(&mut self) {
        let wanted = self.wanted();
        let Some(all) = self.all.get() else { return };
        let mut listed: Vec<usize> = (0..all.len()).filter(|at| wanted.fits(&all[*at])).collect();
        // The file's own order is that of the source.
        match self.table.order.by {
            Column::Place => {}
            Column::Contact => listed.sort_by_cached_key(|at| who(&all[*at]).to_lowercase()),
            Column::Reason => listed.sort_by_key(|at| all[*at].reason),
            Column::Detail => listed.sort_by_cached_key(|at| all[*at].detail.to_lowercase()),
            Column::Class => listed.sort_by_key(|at| all[*at].reason.class()),
        }
        if self.table.order.reversed {
            listed.reverse();
        }
        self.listed = listed;
    }

    /// The one in this line.
    fn at(&self, line: usize) -> Option<&Reject> {
        self.all.get()?.get(*self.listed.get(line)?)
    }

    /// All of them, and the reasons; by name where there are words.
    fn sorts(&self, words: Option<&Words>) -> Vec<Sort> {
        let name = |name: &dyn Fn(&Words) -> String| words.map(name).unwrap_or_default();
        let sort = |name, count| Sort {
            name,
            count,
            is_part: false,
        };
        let all = sort(
            name(&|words| words.text("rejects-all")),
            self.count().unwrap_or(0) as u64,
        );
        let reasons = self.reasons.iter();
        let reasons =
            reasons.map(|(reason, count)| sort(name(&|words| words.reason(*reason)), *count));
        std::iter::once(all).chain(reasons).collect()
    }

    pub fn draw(&self, page: &mut Page<'_, '_>, words: &Words, hits: &mut Vec<(Rect, Hit)>) {
        let theme = page.theme;
        match &self.all {
            Wait::Failed(why) => return page.failure(why),
            Wait::Done(rejects) if rejects.is_empty() => {
                return page.good(&words.text("ui-report-no-rejects"));
            }
            Wait::Done(_) => {}
            Wait::Idle | Wait::Asked(_) => {
                return page.text(&words.text("ui-looking"), theme.faint());
            }
        }
        let sorts = self.sorts(Some(words));
        let [contact, detail, place] = self.widest;
        let mut widest = self.table.order.headings(words);
        let mut at_least = |column: Column, wide| {
            let widest = &mut widest[column.at()];
            *widest = (*widest).max(wide);
        };
        at_least(Column::Contact, contact);
        at_least(Column::Detail, detail);
        at_least(Column::Place, place);
        for (reason, _) in &self.reasons {
            at_least(Column::Reason, words.reason(*reason).width());
            at_least(Column::Class, words.class(reason.class()).width());
        }
        let cell = |at, column| Some((cell(self.at(at)?, column, words), tint(column, theme)));
        let details = |at, width| {
            let reject = self.at(at);
            reject.map_or(Vec::new(), |reject| details(reject, width, theme, words))
        };
        let shown = Shown {
            sorts: &sorts,
            total: self.listed.len(),
            widest,
            cell: &cell,
            details: &details,
        };
        self.table.draw(page, &shown, words, hits);
    }
}

/// Names the person: by address, else by profile.
fn who(reject: &Reject) -> &str {
    let known = address(reject).or(reject.profile.as_deref());
    known.unwrap_or("—")
}

fn address(reject: &Reject) -> Option<&str> {
    reject.email.as_deref().filter(|email| !email.is_empty())
}

fn cell(reject: &Reject, column: Column, words: &Words) -> String {
    match column {
        Column::Contact => who(reject).to_owned(),
        Column::Reason => words.reason(reject.reason),
        Column::Detail => reject.detail.clone(),
        Column::Class => words.class(reject.reason.class()),
        Column::Place => reject.place(),
    }
}

fn tint(column: Column, theme: Theme) -> Style {
    match column {
        Column::Contact | Column::Reason | Column::Detail => Style::new(),
        Column::Class | Column::Place => theme.faint(),
    }
}

/// All that is known of the chosen one, and what to do about it.
fn details(reject: &Reject, width: usize, theme: Theme, words: &Words) -> Vec<Line<'static>> {
    let profile = reject.profile.as_deref().filter(|one| *one != who(reject));
    let place = reject.place();
    let named: Vec<&str> = [who(reject)]
        .into_iter()
        .chain(profile)
        .chain([&*place])
        .collect();
    let mut told = words.reason(reject.reason);
    if !reject.detail.is_empty() {
        told = format!("{told}: {}", reject.detail);
    }
    let advice = format!("→ {}", words.advice(reject.reason));
    let who = wrap(&named.join(" · "), width).into_iter();
    let mut lines: Vec<_> = who.map(|line| Line::styled(line, theme.strong())).collect();
    lines.extend(wrap(&told, width).into_iter().map(Line::raw));
    let advice = wrap(&advice, width).into_iter();
    lines.extend(advice.map(|line| Line::styled(line, theme.strong())));
    lines
}
