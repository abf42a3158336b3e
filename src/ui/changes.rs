//! What an export would do about each contact: a table over what a check found, which is read in parts.

use std::sync::Arc;

use crossterm::event::KeyEvent;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Line;
use unicode_width::UnicodeWidthStr;

use super::keys::{Command, Context};
use super::msg::{Answer, Outbox, Outcome, Part, Question, Stretch, Ticket, Wait};
use super::notice::Copied;
use super::paint::{Page, wrap};
use super::table::{Columned, Shown, Sort, Table, Turn};
use super::theme::Theme;
use super::view::Hit;
use super::writing::Listing;
use crate::domain::{Change, ChangeKind, Destination, Reason};
use crate::export::{Checked, Diff};
use crate::store::{SortedBy, Wanted, Which};
use crate::words::Words;

/// How many changes are read at once: several screens.
pub(super) const PART: usize = 400;
/// How near the cursor comes to the end of what was read before more is.
const MARGIN: usize = 80;
/// The file that is offered.
const FILE: &str = "changes.csv";

/// A column of the changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    What,
    Contact,
    Changes,
    Place,
}

impl Columned for Column {
    const ALL: &'static [Self] = &[Self::What, Self::Contact, Self::Changes, Self::Place];
    const ALWAYS: &'static [Self] = &[Self::What, Self::Contact, Self::Changes];
    const WHERE_THEY_FIT: &'static [Self] = &[Self::Place];

    fn heading(self) -> &'static str {
        match self {
            Self::What => "ui-col-what",
            Self::Contact => "ui-col-contact",
            Self::Changes => "ui-col-changes",
            Self::Place => "ui-col-line",
        }
    }

    fn keeps_its_end(self) -> bool {
        self == Self::Place
    }
}

/// The table of changes, over whatever led to it.
#[derive(Debug)]
pub(super) struct ChangesPage {
    /// Whether all this is done, by a run, and no longer to come.
    is_done: bool,
    /// What there is to be shown, once that is known.
    diff: Option<Diff>,
    /// The check that is shown again when the table is left.
    back: Option<Box<Checked>>,
    /// What the table can be narrowed down to, with their counts.
    sorts: Vec<(Which, u64)>,
    table: Table<Column>,
    /// The numbers of all that fit, and what was read of them.
    part: Part,
    wait: Wait<()>,
}

impl ChangesPage {
    /// Shows the changes that a check found, and asks for the first of them.
    pub fn open(diff: Diff, back: Option<Box<Checked>>, out: &mut Outbox) -> Self {
        let mut page = Self::new(false, Table::by(Column::What, FILE.to_owned()), back);
        page.show(diff, out);
        page
    }

    /// Asks what a run did, and shows it as soon as that is known.
    pub fn of_run(destination: Destination, run: String, out: &mut Outbox) -> Self {
        // Where its profiles stood in the source is not kept.
        let table = Table::by(Column::What, FILE.to_owned()).without(Column::Place);
        let mut page = Self::new(true, table, None);
        page.wait = Wait::Asked(out.ask(Question::Did(Box::new(destination), run)));
        page
    }

    fn new(is_done: bool, table: Table<Column>, back: Option<Box<Checked>>) -> Self {
        Self {
            is_done,
            diff: None,
            back,
            sorts: Vec::new(),
            table,
            part: Part::default(),
            wait: Wait::Idle,
        }
    }

    fn show(&mut self, diff: Diff, out: &mut Outbox) {
        self.sorts = sorts(&diff);
        self.diff = Some(diff);
        self.find(out);
    }

    /// Names what it shows.
    pub fn title(&self, words: &Words) -> String {
        words.text(if self.is_done {
            "ui-did-title"
        } else {
            "ui-changes-title"
        })
    }

    /// Names what becomes of a contact, or became of it.
    fn kind(&self, kind: ChangeKind, words: &Words) -> String {
        if self.is_done {
            words.change_done(kind)
        } else {
            words.change(kind)
        }
    }

    pub fn context(&self) -> Context {
        self.table.context()
    }

    /// Tells whether a key does anything here.
    pub fn offers(&self, command: Command) -> bool {
        self.table
            .offers(command, self.part.found.len(), self.sorts.len())
    }

    /// Gives back the check that the table was opened from.
    pub fn back(self) -> Option<Box<Checked>> {
        self.back
    }

    /// What is looked for, and in which order.
    fn wanted(&self) -> Wanted {
        let which = self.sorts.get(self.table.sort).map(|(which, _)| *which);
        Wanted {
            which: which.unwrap_or_default(),
            text: self.table.text().to_owned(),
            by: match self.table.order.by {
                Column::What => SortedBy::Kind,
                Column::Contact => SortedBy::Contact,
                Column::Changes => SortedBy::Reason,
                Column::Place => SortedBy::Place,
            },
            reversed: self.table.order.reversed,
        }
    }

    /// Looks for what fits, from the first on.
    fn find(&mut self, out: &mut Outbox) {
        self.ask(None, 0, out);
    }

    fn ask(&mut self, found: Option<Arc<[u32]>>, from: usize, out: &mut Outbox) {
        let stretch = Stretch {
            wanted: self.wanted(),
            found,
            from,
        };
        let Some(diff) = self.diff.clone() else {
            return;
        };
        let question = Question::Changes(diff, Box::new(stretch));
        self.wait = Wait::Asked(out.ask(question));
    }

    /// Asks for more where the cursor comes near the end of what was read.
    fn look(&mut self, out: &mut Outbox) {
        let (from, total) = (self.part.from, self.part.found.len());
        let (to, cursor) = (from + self.part.changes.len(), self.table.cursor);
        let before = from > 0 && cursor < from + MARGIN;
        let behind = to < total && cursor + MARGIN > to;
        if (before || behind) && !self.wait.is_asked() {
            let found = Some(Arc::clone(&self.part.found));
            self.ask(found, cursor.saturating_sub(PART / 2), out);
        }
    }

    /// Takes a key; tells whether the table is left.
    pub fn key(&mut self, command: Command, event: KeyEvent, out: &mut Outbox) -> bool {
        let total = self.part.found.len();
        let turn = self.table.key(command, event, total, &counted(&self.sorts));
        self.turn(turn, out)
    }

    pub fn click(&mut self, hit: Hit, out: &mut Outbox) {
        let total = self.part.found.len();
        let turn = self.table.click(hit, total, &counted(&self.sorts));
        self.turn(turn, out);
    }

    pub fn paste(&mut self, text: &str, out: &mut Outbox) {
        let turn = self.table.paste(text);
        self.turn(turn, out);
    }

    fn turn(&mut self, turn: Turn, out: &mut Outbox) -> bool {
        match turn {
            Turn::Stay => self.look(out),
            Turn::Anew => self.find(out),
            Turn::Leave => return true,
            Turn::Copy => {
                if let Some(change) = self.change(self.table.cursor) {
                    let copied = match () {
                        () if change.is_nameless() => Copied::Key,
                        () if change.address.is_empty() => Copied::Profile,
                        () => Copied::Address,
                    };
                    out.copy(copied, change.who());
                }
            }
            Turn::Write => {
                if let Some(diff) = self.diff.clone() {
                    let listing = Listing::Changes(diff, self.wanted());
                    self.table.write(listing, out);
                }
            }
        }
        false
    }

    pub fn answer(&mut self, ticket: Ticket, answer: Answer, out: &mut Outbox) {
        match answer {
            Answer::Changes(part) if self.wait.is(ticket) => self.take(part, out),
            Answer::Did(told) if self.wait.is(ticket) => match told {
                Ok(diff) => self.show(diff, out),
                Err(why) => self.wait = Wait::Failed(Box::new(why)),
            },
            Answer::Written(written) => self.table.written(ticket, written, out),
            _ => {}
        }
    }

    fn take(&mut self, part: Outcome<Box<Part>>, out: &mut Outbox) {
        match part {
            Ok(part) => {
                self.part = *part;
                self.wait = Wait::Idle;
                let last = self.part.found.len().saturating_sub(1);
                self.table.cursor = self.table.cursor.min(last);
                self.look(out);
            }
            Err(why) => self.wait = Wait::Failed(Box::new(why)),
        }
    }

    /// Draws it over the whole area, and tells where what can be clicked on is.
    pub fn draw(
        &self,
        frame: &mut Frame<'_>,
        area: Rect,
        (theme, words): (Theme, &Words),
        hits: &mut Vec<(Rect, Hit)>,
    ) {
        let page = &mut Page::framed(frame, area, theme, (&self.title(words), ""));
        if let Some(why) = self.wait.failure() {
            return page.failure(why);
        }
        if self.part.found.is_empty() && self.wait.is_asked() {
            return page.text(&words.text("ui-looking"), theme.faint());
        }
        let sorts = self.named(words);
        let cell = |at, column| {
            let change = self.change(at)?;
            let kind = self.kind(change.what, words);
            Some(cell(change, column, &kind, theme, words))
        };
        let details = |at, width| {
            let change = self.change(at);
            change.map_or(Vec::new(), |change| details(change, width, theme, words))
        };
        let shown = Shown {
            sorts: &sorts,
            total: self.part.found.len(),
            widest: self.widest(words),
            cell: &cell,
            details: &details,
        };
        self.table.draw(page, &shown, words, hits);
    }

    /// How wide the columns are: of what was read, since nobody reads all of a million.
    fn widest(&self, words: &Words) -> Vec<usize> {
        let mut widest = self.table.order.headings(words);
        for change in &self.part.changes {
            let kind = self.kind(change.what, words);
            let texts = [2 + kind.width(), who(change, words).width()];
            let told = change.fields.len() * 24 + change.tags_added.len() * 12 + 24;
            let place = change.place.width();
            for (widest, wide) in widest.iter_mut().zip([texts[0], texts[1], told, place]) {
                *widest = (*widest).max(wide);
            }
        }
        widest
    }

    /// The change at this place among those that fit, if it was read.
    fn change(&self, at: usize) -> Option<&Change> {
        self.part.changes.get(at.checked_sub(self.part.from)?)
    }

    /// What can be chosen, by name.
    fn named(&self, words: &Words) -> Vec<Sort> {
        let name = |which: Which| match which {
            Which::Changes | Which::Everything => words.text("ui-changes-all"),
            Which::Kind(kind) => self.kind(kind, words),
            Which::Reason(_, reason) => words.reason(reason),
            Which::Elsewhere => words.text("change-in-mailchimp"),
        };
        let mut sorts = counted(&self.sorts);
        for (sort, (which, _)) in sorts.iter_mut().zip(&self.sorts) {
            sort.name = name(*which);
        }
        sorts
    }
}

/// What a check found, sort by sort: of those who are left alone or refused also by reason, where there are several.
fn sorts(diff: &Diff) -> Vec<(Which, u64)> {
    let unchanged = ChangeKind::Unchanged;
    let kinds = ChangeKind::ALL
        .into_iter()
        .filter(|kind| *kind != unchanged);
    let mut sorts = vec![(Which::Changes, diff.count(Which::Changes))];
    for kind in kinds {
        let reasons = Reason::ALL.map(|reason| Which::Reason(kind, reason));
        let reasons = reasons.map(|which| (which, diff.count(which)));
        let reasons = reasons.into_iter().filter(|(_, count)| *count > 0);
        let reasons: Vec<_> = reasons.collect();
        sorts.push((Which::Kind(kind), diff.count(Which::Kind(kind))));
        if reasons.len() > 1 {
            sorts.extend(reasons);
        }
    }
    for which in [Which::Elsewhere, Which::Kind(unchanged)] {
        sorts.push((which, diff.count(which)));
    }
    sorts.retain(|(which, count)| *count > 0 || *which == Which::Changes);
    sorts
}

/// The same without names.
fn counted(sorts: &[(Which, u64)]) -> Vec<Sort> {
    let sorts = sorts.iter().map(|(which, count)| Sort {
        name: String::new(),
        count: *count,
        is_part: matches!(which, Which::Reason(..)),
    });
    sorts.collect()
}

/// Names the contact, or says that it has no name here.
fn who(change: &Change, words: &Words) -> String {
    if change.is_nameless() {
        words.text("change-nameless")
    } else {
        change.who().to_owned()
    }
}

fn cell(
    change: &Change,
    column: Column,
    kind: &str,
    theme: Theme,
    words: &Words,
) -> (String, Style) {
    let what = match change.what {
        ChangeKind::Created | ChangeKind::Reinstated => theme.good(),
        ChangeKind::Updated | ChangeKind::Untagged => Style::new(),
        ChangeKind::Suppressed => theme.warn(),
        ChangeKind::Rejected => theme.bad(),
        ChangeKind::Unchanged => theme.faint(),
    };
    match column {
        Column::What => {
            let sign = change.what.sign();
            (format!("{sign} {kind}"), what)
        }
        Column::Contact if change.is_nameless() => (who(change, words), theme.faint()),
        Column::Contact => (who(change, words), Style::new()),
        Column::Changes => (words.told(change).join(" · "), Style::new()),
        Column::Place => (change.place.clone(), theme.faint()),
    }
}

/// All that is known of the chosen contact, line by line.
fn details(change: &Change, width: usize, theme: Theme, words: &Words) -> Vec<Line<'static>> {
    let (who, key) = (who(change, words), [("key", change.who().into())]);
    let key = if change.is_nameless() {
        words.with("change-key", &key)
    } else {
        String::new()
    };
    let mut named = vec![&*who];
    for part in [change.profile.as_deref().unwrap_or(""), &change.place, &key] {
        if !part.is_empty() && !named.contains(&part) {
            named.push(part);
        }
    }
    let who = wrap(&named.join(" · "), width).into_iter();
    let mut lines: Vec<_> = who.map(|line| Line::styled(line, theme.strong())).collect();
    let advice = change.reason.map(|reason| words.advice(reason));
    // As one text, tags and all: what does not fit into a line goes on in the next.
    let told = words.told(change).join("  ·  ");
    let told = wrap(&told, width).into_iter().map(Line::raw);
    lines.extend(told);
    lines.extend(advice.into_iter().flat_map(|advice| {
        let advice = wrap(&advice, width.saturating_sub(2)).into_iter();
        let signs = std::iter::once("→").chain(std::iter::repeat(" "));
        let advice = signs.zip(advice);
        advice.map(|(sign, line)| Line::styled(format!("{sign} {line}"), theme.strong()))
    }));
    lines
}

#[cfg(test)]
mod tests {
    use super::{Column, cell, details};
    use crate::domain::{Change, ChangeKind};
    use crate::ui::theme::Theme;
    use crate::words::{Lang, Words};

    #[test]
    fn of_a_contact_without_a_name_that_is_said_and_its_key_stands_below() {
        let change = Change {
            address: "0123456789abcdef0123456789abcdef".to_owned(),
            profile: None,
            place: String::new(),
            what: ChangeKind::Untagged,
            reason: None,
            detail: String::new(),
            fields: Vec::new(),
            tags_added: Vec::new(),
            tags_removed: vec!["Gold".to_owned()],
            changed_in_mailchimp: false,
        };
        let (words, theme) = (Words::new(Lang::En), Theme::default());
        let (contact, _) = cell(&change, Column::Contact, "", theme, &words);
        assert_eq!(contact, "address not known");
        let told = details(&change, 80, theme, &words);
        let key = "address not known · Mailchimp's key 0123456789abcdef0123456789abcdef";
        assert_eq!(told[0].to_string(), key);
        assert_eq!(told[1].to_string(), "−Gold");
    }
}
