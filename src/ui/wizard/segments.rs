//! The segments to export, with a running total.

mod rows;

use crossterm::event::{KeyCode, KeyEvent};
use ratatui::style::Style;
use ratatui::text::Span;
use unicode_width::UnicodeWidthStr;

use super::super::field::Field;
use super::super::keys::{Command, Context};
use super::super::msg::{Outcome, Question, Ticket, Wait};
use super::super::paint::{Page, Reach, cut, left, scroll};
use super::preview::{GAP, widths};
use super::{Desk, Flow, Known};
use crate::domain::{Draft, Segment, printable};
use crate::source::{ReadRequest, Row};
use crate::words::Words;
use rows::Columns;

/// How many members are shown.
const MEMBERS: usize = 100;

#[derive(Debug, Default)]
pub(super) struct SegmentsStep {
    cursor: usize,
    filter: Field,
    filtering: bool,
    tried: bool,
    members: Wait<Vec<Row>>,
    /// Whose members are shown.
    of: String,
    shows: bool,
    scroll: usize,
}

impl SegmentsStep {
    pub fn context(&self) -> Context {
        match (self.filtering, self.shows) {
            (true, _) => Context::Filter,
            (_, true) => Context::Table,
            _ => Context::Segments,
        }
    }

    /// Tells whether a key does anything here.
    pub fn offers(&self, command: Command, draft: &Draft, known: &Known) -> bool {
        match command {
            Command::Up if self.shows => self.members.get().is_some_and(|rows| rows.len() > 1),
            Command::Choose | Command::All | Command::Look => {
                self.filtering || !self.shown(draft, known).is_empty()
            }
            _ => true,
        }
    }

    /// Takes over the counts of now. In another source the same segment may have another id: its label tells.
    pub fn enter(draft: &mut Draft, known: &Known) {
        let Some(looked) = known.source.get() else {
            return;
        };
        for chosen in &mut draft.segments {
            let same = looked.segments.iter().find(|one| one.id == chosen.id);
            let mut alike = looked
                .segments
                .iter()
                .filter(|one| one.label == chosen.label);
            let only = alike.next().filter(|_| alike.next().is_none());
            let Some(now) = same.or(only) else {
                continue;
            };
            if let Some(tag) = draft.tags.remove(&chosen.id) {
                draft.tags.insert(now.id.clone(), tag);
            }
            chosen.clone_from(now);
        }
    }

    /// Lists the source's segments, and those that were chosen and are gone: they can only be taken out.
    fn shown(&self, draft: &Draft, known: &Known) -> Vec<Segment> {
        let wanted = self.filter.text().to_lowercase();
        let there = known.source.get().into_iter();
        let there = there.flat_map(|looked| &looked.segments);
        let all = there.chain(draft.segments.iter().filter(|one| is_gone(one, known)));
        all.filter(|one| one.label.to_lowercase().contains(&wanted))
            .cloned()
            .collect()
    }

    pub fn key(&mut self, command: Command, event: KeyEvent, desk: &mut Desk<'_>) -> Flow {
        if self.shows {
            match command {
                Command::Back | Command::Enter => self.shows = false,
                Command::Down => {
                    let last = self.members.get().map_or(0, Vec::len).saturating_sub(1);
                    self.scroll = (self.scroll + 1).min(last);
                }
                Command::Up => self.scroll = self.scroll.saturating_sub(1),
                _ => {}
            }
            return Flow::Stay;
        }
        let shown = self.shown(desk.draft, desk.known);
        let last = shown.len().saturating_sub(1);
        self.cursor = self.cursor.min(last);
        match command {
            Command::Back if self.filtering || !self.filter.text().is_empty() => {
                self.filtering = false;
                self.filter.set("");
            }
            Command::Enter if self.filtering => self.filtering = false,
            Command::Back => return Flow::Leave,
            Command::Enter => {
                self.tried = true;
                if problem(desk.draft, desk.known, desk.words).is_none() {
                    return Flow::Next;
                }
            }
            Command::Up => self.cursor = self.cursor.saturating_sub(1),
            Command::Down => self.cursor = (self.cursor + 1).min(last),
            Command::PageUp => self.cursor = self.cursor.saturating_sub(10),
            Command::PageDown => self.cursor = (self.cursor + 10).min(last),
            Command::First => self.cursor = 0,
            Command::Last => self.cursor = last,
            Command::Choose => {
                if let Some(segment) = shown.get(self.cursor) {
                    toggle(desk.draft, segment);
                }
            }
            Command::All => choose_all(desk.draft, &shown),
            Command::Filter => self.filtering = true,
            Command::Look => {
                if let Some(segment) = shown.get(self.cursor) {
                    self.look(segment, desk);
                }
            }
            _ if self.filtering && event.code != KeyCode::Tab => {
                self.filter.key(event);
                self.cursor = 0;
            }
            _ => {}
        }
        Flow::Stay
    }

    fn look(&mut self, segment: &Segment, desk: &mut Desk<'_>) {
        if let Some(looked) = desk.known.source.get() {
            let request = ReadRequest {
                segments: vec![segment.id.clone()],
                attributes: desk
                    .draft
                    .map
                    .iter()
                    .map(|(_, attribute)| attribute.to_owned())
                    .collect(),
                ..ReadRequest::default()
            };
            let question = Question::Preview(looked.source.clone(), request, MEMBERS);
            self.members = Wait::Asked(desk.out.ask(question));
            self.of.clone_from(&segment.label);
            (self.shows, self.scroll) = (true, 0);
        }
    }

    pub fn paste(&mut self, text: &str) {
        if self.filtering {
            self.filter.paste(text);
            self.cursor = 0;
        }
    }

    pub fn answer(&mut self, ticket: Ticket, rows: Outcome<Vec<Row>>) -> Flow {
        if self.members.is(ticket) {
            self.members.settle(rows);
        }
        Flow::Stay
    }

    pub fn draw(&self, page: &mut Page<'_, '_>, draft: &Draft, known: &Known, words: &Words) {
        if self.shows {
            return self.draw_members(page, draft, known, words);
        }
        page.text(&words.text("ui-segments-lead"), Style::new());
        if self.filtering || !self.filter.text().is_empty() {
            self.filter.draw(
                page,
                &format!("{} ", words.text("ui-picker-filter")),
                self.filtering,
            );
        } else {
            page.gap();
        }
        match &known.source {
            Wait::Failed(why) => return page.failure(why),
            Wait::Done(_) => {}
            _ => return page.text(&words.text("ui-looking"), page.theme.faint()),
        }
        let shown = self.shown(draft, known);
        let columns = Columns::of(&shown, page.width());
        columns.head(page, words);
        let room = page.rest().saturating_sub(6);
        let cursor = self.cursor.min(shown.len().saturating_sub(1));
        let first = scroll(cursor, room, shown.len());
        for (at, segment) in shown.iter().enumerate().skip(first).take(room) {
            let (gone, chosen) = (is_gone(segment, known), is_chosen(draft, segment));
            let reach = if self.filtering {
                Reach::selecting(at, cursor)
            } else {
                Reach::acting(at, cursor)
            };
            page.choice(reach, |page| {
                columns.row(page, (segment, gone), (at == cursor, chosen), words);
            });
        }
        let below = shown.len().saturating_sub(first + room);
        page.beyond((first, below), words);
        page.gap();
        if let Some(segment) = shown.get(cursor) {
            columns.state(page, segment, words);
        }
        self.draw_chosen(page, draft, known, words);
    }

    /// Draws what the chosen segments come to, and what is wrong with them.
    fn draw_chosen(&self, page: &mut Page<'_, '_>, draft: &Draft, known: &Known, words: &Words) {
        let most = draft.max_profiles.0;
        let together = known.overlap.get();
        let together = together.and_then(|all| all.of(draft.segments.iter().map(|one| &one.id)));
        // Whoever is in two segments is a member twice, and one profile.
        let people = match draft.segments.len() {
            0 | 1 => Some(total(draft)),
            _ => together.map(|together| together.people),
        };
        let what = people.map_or("memberships", |_| "profiles");
        let args = [
            ("chosen", draft.segments.len().into()),
            ("total", people.unwrap_or(total(draft)).into()),
            ("limit", most.into()),
            ("what", what.into()),
        ];
        page.line(Span::styled(
            words.with("ui-segments-total", &args),
            page.theme.strong(),
        ));
        if let Some(together) = together.filter(|_| draft.segments.len() > 1) {
            page.text(&words.together(together), page.theme.faint());
        }
        if let Some(segment) = draft.segments.iter().find(|one| !one.state.is_reliable()) {
            let args = [
                ("segment", segment.label.as_str().into()),
                ("state", words.segment_state(segment.state).into()),
            ];
            page.warn(&words.with("ui-segments-not-ready", &args));
        }
        if let Some(why) =
            problem(draft, known, words).filter(|_| self.tried || !draft.segments.is_empty())
        {
            page.bad(&why);
        } else if together.map_or(total(draft), |together| together.people) > most {
            page.warn(&words.with("ui-segments-over", &[("limit", most.into())]));
        }
    }

    fn draw_members(&self, page: &mut Page<'_, '_>, draft: &Draft, known: &Known, words: &Words) {
        let segment = [("segment", self.of.as_str().into())];
        page.text(
            &words.with("ui-segments-members", &segment),
            page.theme.strong(),
        );
        page.gap();
        match &self.members {
            Wait::Failed(why) => page.failure(why),
            Wait::Done(rows) => {
                let fields = known.merge_fields();
                let names = draft.map.iter();
                let names: Vec<String> = names
                    .map(|(target, _)| words.target_among(target, fields))
                    .collect();
                let cells: Vec<Vec<String>> = rows.iter().map(cells).collect();
                let columns = names.len();
                let texts: Vec<usize> = (0..columns)
                    .map(|at| {
                        let column = cells.iter().chain([&names]);
                        let column = column.filter_map(|row| row.get(at));
                        column.map(|cell| cell.width()).max().unwrap_or(0)
                    })
                    .collect();
                // As wide as they are, if there is room; a mark stands for what has none.
                let widths = widths(&texts, page.width(), 0);
                let more = if widths.len() < columns { "…" } else { "" };
                let line = |row: &Vec<String>, width: usize| {
                    let row = row.iter().zip(&widths);
                    let row = row.map(|(cell, wide)| left(cell, wide + GAP));
                    cut(&(row.collect::<String>() + more), width)
                };
                let width = page.width();
                page.line(Span::styled(line(&names, width), page.theme.faint()));
                let room = page.rest();
                let first = self.scroll.min(rows.len().saturating_sub(room));
                let below = rows.len().saturating_sub(first + room);
                page.beyond((first, below), words);
                for row in cells.iter().skip(first).take(room) {
                    page.line(line(row, width));
                }
            }
            _ => page.text(&words.text("ui-looking"), page.theme.faint()),
        }
    }
}

/// What a profile has, as it can be shown.
fn cells(row: &Row) -> Vec<String> {
    let cells = match &row.cells {
        Ok(cells) => cells,
        Err(fault) => &fault.cells,
    };
    cells
        .iter()
        .map(|cell| printable(cell).into_owned())
        .collect()
}

/// Tells whether the source was looked at and does not have the segment.
pub(super) fn is_gone(segment: &Segment, known: &Known) -> bool {
    let looked = known.source.get();
    looked.is_some_and(|looked| looked.segments.iter().all(|one| one.id != segment.id))
}

fn is_chosen(draft: &Draft, segment: &Segment) -> bool {
    draft.segments.iter().any(|one| one.id == segment.id)
}

/// Chooses all that are shown, or none if all are. What the source does not vouch for is chosen one by one, knowingly.
fn choose_all(draft: &mut Draft, shown: &[Segment]) {
    let reliable: Vec<&Segment> = shown.iter().filter(|one| one.state.is_reliable()).collect();
    let every = reliable.iter().all(|one| is_chosen(draft, one));
    for segment in reliable {
        if every || !is_chosen(draft, segment) {
            toggle(draft, segment);
        }
    }
}

fn toggle(draft: &mut Draft, segment: &Segment) {
    if is_chosen(draft, segment) {
        draft.segments.retain(|one| one.id != segment.id);
    } else {
        draft.segments.push(segment.clone());
    }
}

fn total(draft: &Draft) -> u64 {
    draft.segments.iter().filter_map(|one| one.count).sum()
}

fn problem(draft: &Draft, known: &Known, words: &Words) -> Option<String> {
    if draft.segments.is_empty() {
        return Some(words.text("gap-segments"));
    }
    let gone = draft.segments.iter().find(|one| is_gone(one, known))?;
    Some(words.with(
        "ui-segments-gone",
        &[("segment", gone.label.as_str().into())],
    ))
}
