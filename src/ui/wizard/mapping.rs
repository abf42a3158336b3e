//! Data matching: which attribute fills which merge field, with values beside it so that a wrong choice is seen.

use crossterm::event::KeyEvent;
use ratatui::style::Style;
use ratatui::text::Span;
use unicode_width::UnicodeWidthStr;

use super::super::keys::{Command, Context};
use super::super::msg::{Answer, Outbox, Question, Ticket};
use super::super::paint::{Page, Reach};
use super::adding::Choosing;
use super::known::Wanted;
use super::matching::Table;
use super::new_field::FieldForm;
use super::picker::Picker;
use super::preview::Preview;
use super::problems::{Problem, problems};
use super::sampled::Sampled;
use super::{Desk, Flow, Known};
use crate::domain::{DateEvidence, DateOrder, Draft, MergeTag, Target};
use crate::export::{find_attribute, guess_mapping, targets_to_match};
use crate::words::{Explanation, Words};

/// What the user wanted when the order of dates had to be found first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Then {
    /// To the next step.
    GoOn,
    /// The first profiles.
    Look,
}

#[derive(Debug, Default)]
pub(super) struct MappingStep {
    /// The line with the cursor; on *Go on* until it is moved.
    cursor: Option<usize>,
    pub(super) picker: Option<(Picker, Choosing)>,
    pub(super) form: Option<FieldForm>,
    /// The source whose attributes are matched.
    of: Option<Wanted>,
    /// What was guessed and not changed since.
    pub(super) guesses: Vec<Target>,
    sampled: Sampled,
    preview: Option<Preview>,
    asked: Option<(Ticket, Then)>,
    failure: Option<Explanation>,
}

impl MappingStep {
    pub fn context(&self) -> Context {
        if let Some(form) = &self.form {
            return form.context();
        }
        match (&self.picker, &self.preview) {
            (Some(_), _) => Context::Picker,
            (None, Some(_)) => Context::Table,
            (None, None) => Context::Matching,
        }
    }

    /// Tells whether a key does anything here: a line is emptied only where there is something in it, and never that of the
    /// address.
    pub fn offers(&self, command: Command, draft: &Draft, known: &Known) -> bool {
        match (self.context(), command) {
            (Context::Matching, Command::Remove) => {
                let rows = Self::rows(draft, known);
                let here = self.cursor.and_then(|at| rows.get(at));
                here.is_some_and(|target| {
                    *target != Target::Email && draft.map.get(target).is_some()
                })
            }
            (Context::Table, Command::Up) => {
                let preview = self.preview.as_ref();
                preview.is_some_and(|preview| preview.count() > 1)
            }
            _ => true,
        }
    }

    /// Begins with what a draft holds already.
    pub fn new(draft: &Draft) -> Self {
        let is_matched = draft.map.iter().next().is_some();
        Self {
            of: Known::wanted(draft).filter(|_| is_matched),
            ..Self::default()
        }
    }

    /// Guesses by meaning, once for each source. What the user chose stays as long as the source has it.
    pub fn enter(&mut self, draft: &mut Draft, known: &Known, out: &mut Outbox) {
        self.sampled.ask(known, out);
        let (Some(source), Some(view)) = (known.open(), known.view.get()) else {
            return;
        };
        if self.of == known.looked {
            return;
        }
        self.of.clone_from(&known.looked);
        let stays = |target: &Target, attribute: &str| {
            let there = find_attribute(attribute, source.attributes()).is_ok();
            there && !self.guesses.contains(target)
        };
        let old = draft.map.iter();
        let old = old.filter(|(target, attribute)| !stays(target, attribute));
        let old: Vec<Target> = old.map(|(target, _)| target.clone()).collect();
        for target in &old {
            unmatch(draft, target);
        }
        self.guesses.clear();
        for (target, attribute) in guess_mapping(source.attributes(), &view.merge_fields).iter() {
            if draft.map.get(target).is_none() {
                draft.map.set(target.clone(), attribute);
                self.guesses.push(target.clone());
            }
        }
    }

    fn rows(draft: &Draft, known: &Known) -> Vec<Target> {
        let fields = known.view.get().map(|view| view.merge_fields.as_slice());
        targets_to_match(&draft.map, fields.unwrap_or_default())
    }

    pub fn key(&mut self, command: Command, event: KeyEvent, desk: &mut Desk<'_>) -> Flow {
        if self.form.is_some() {
            self.fill(command, event, desk);
            return Flow::Stay;
        }
        if self.picker.is_some() {
            return self.pick(command, event, desk);
        }
        if self.preview.is_some() {
            match &mut self.preview {
                Some(preview) if !matches!(command, Command::Back | Command::Enter) => {
                    preview.key(command);
                }
                preview => *preview = None,
            }
            return Flow::Stay;
        }
        let rows = Self::rows(desk.draft, desk.known);
        // The lines are followed by one to add another, and one to go on.
        let (add, last) = (rows.len(), rows.len() + 1);
        let at = self.cursor.unwrap_or(last).min(last);
        match command {
            Command::Back => return Flow::Leave,
            Command::Up => self.cursor = Some(at.saturating_sub(1)),
            Command::Down => self.cursor = Some((at + 1).min(last)),
            Command::First => self.cursor = Some(0),
            Command::Last => self.cursor = Some(last),
            Command::Enter | Command::Choose if at == last => {
                return self.after_dates(Then::GoOn, desk);
            }
            Command::Enter | Command::Choose if at == add => self.add(None, desk),
            Command::Enter | Command::Choose => self.choose(rows[at].clone(), desk),
            Command::Add => self.add(None, desk),
            Command::Remove => {
                if let Some(target) = rows.get(at).filter(|target| **target != Target::Email) {
                    unmatch(desk.draft, target);
                }
            }
            Command::Look => return self.after_dates(Then::Look, desk),
            _ => {}
        }
        Flow::Stay
    }

    /// Does what is wanted, once the order of every date is known: without it no date can be sent.
    pub(super) fn after_dates(&mut self, then: Then, desk: &mut Desk<'_>) -> Flow {
        self.failure = None;
        let problems = problems(desk.draft, desk.known, &self.sampled, desk.words);
        if let Some(problem) = problems.iter().find(|one| one.stops) {
            // To the line that it is about, so that Enter mends it.
            let mut rows = Self::rows(desk.draft, desk.known).into_iter();
            let at = rows.position(|row| Some(&row) == problem.target.as_ref());
            self.cursor = at.or(self.cursor);
            return Flow::Stay;
        }
        let (Some(looked), Some(view)) = (desk.known.source.get(), desk.known.view.get()) else {
            return Flow::Stay;
        };
        let dated = |tag: &MergeTag| {
            let field = view.merge_fields.iter().find(|field| field.tag == *tag);
            field.is_some_and(|field| DateEvidence::matters_to(field.kind))
        };
        let undecided = |target: &Target| match target {
            Target::Field(tag) => dated(tag) && !desk.draft.date_orders.contains_key(tag),
            _ => false,
        };
        if !desk.draft.map.iter().any(|(target, _)| undecided(target)) {
            return self.then(then, desk);
        }
        let question = Question::Dates(
            looked.source.clone(),
            desk.draft.map.clone(),
            view.merge_fields.clone(),
        );
        self.asked = Some((desk.out.ask(question), then));
        Flow::Stay
    }

    fn then(&mut self, then: Then, desk: &mut Desk<'_>) -> Flow {
        if then == Then::GoOn {
            return Flow::Next;
        }
        match Preview::ask(desk.draft, desk.known, desk.words, desk.out) {
            Ok(preview) => self.preview = preview,
            Err(why) => self.failure = Some(why),
        }
        Flow::Stay
    }

    pub fn paste(&mut self, text: &str) {
        if let Some(form) = &mut self.form {
            form.paste(text);
        } else if let Some((picker, _)) = &mut self.picker {
            picker.paste(text);
        }
    }

    pub fn waits(&self, ticket: Ticket) -> bool {
        let preview = self.preview.as_ref();
        preview.is_some_and(|preview| preview.waits(ticket))
            || self.sampled.waits(ticket)
            || self.form.as_ref().is_some_and(|form| form.waits(ticket))
            || self.asked.is_some_and(|(asked, _)| asked == ticket)
    }

    /// Takes an answer that it waits for.
    pub fn answer(&mut self, ticket: Ticket, answer: Answer, desk: &mut Desk<'_>) -> Flow {
        match answer {
            Answer::Preview(rows) if self.sampled.waits(ticket) => self.sampled.settle(rows),
            Answer::Field(found) => {
                if let Some(form) = &mut self.form {
                    form.settle(found);
                }
            }
            Answer::Preview(rows) => {
                if let Some(preview) = &mut self.preview {
                    preview.settle(rows);
                }
            }
            Answer::Dates(found) => {
                let Some((_, then)) = self.asked.take() else {
                    return Flow::Stay;
                };
                let (orders, undecided) = match found {
                    Ok(found) => found,
                    Err(why) => {
                        self.failure = Some(why);
                        return Flow::Stay;
                    }
                };
                for (tag, order) in orders {
                    desk.draft.date_orders.entry(tag).or_insert(order);
                }
                let open = undecided
                    .into_iter()
                    .find(|one| !desk.draft.date_orders.contains_key(&one.tag));
                let Some(open) = open else {
                    return self.then(then, desk);
                };
                let items = DateOrder::ALL.map(|order| {
                    let example = match order {
                        DateOrder::Dmy => "31/12/1986",
                        DateOrder::Mdy => "12/31/1986",
                        DateOrder::Ymd => "1986-12-31",
                    };
                    (desk.words.date_order(order), example.to_owned())
                });
                let args = [("attribute", open.attribute.as_str().into())];
                let title = desk.words.with("ui-matching-order", &args);
                self.picker = Some((
                    Picker::new(title, items.to_vec(), 0),
                    Choosing::Order(open.tag, then),
                ));
            }
            _ => {}
        }
        Flow::Stay
    }

    /// Says what is wanted, and what the signs mean.
    fn draw_lead(&self, page: &mut Page<'_, '_>, words: &Words) {
        let legend = words.text("ui-matching-legend");
        let legend = Some(legend).filter(|_| !self.guesses.is_empty());
        let lead = [words.text("ui-matching-lead")].into_iter().chain(legend);
        let lead = lead.collect::<Vec<_>>();
        let between = if lead.join(", ").width() > page.width() {
            "\n"
        } else {
            ", "
        };
        page.text(&lead.join(between), Style::new());
    }

    pub fn draw(&self, page: &mut Page<'_, '_>, draft: &Draft, known: &Known, words: &Words) {
        if let Some(form) = &self.form {
            return form.draw(page, known, words);
        }
        if let Some((picker, _)) = &self.picker {
            return picker.draw(page, words);
        }
        if let Some(preview) = &self.preview {
            return preview.draw(page, (draft, known), words);
        }
        self.draw_lead(page, words);
        page.gap();
        let table = Table {
            draft,
            known,
            guesses: &self.guesses,
            sampled: &self.sampled,
        };
        let rows = Self::rows(draft, known);
        let widths = table.widths(&rows, page, words);
        Table::draw_head(page, widths, words);
        let last = rows.len() + 1;
        let cursor = self.cursor.unwrap_or(last).min(last);
        let problems = problems(draft, known, &self.sampled, words);
        for (at, target) in rows.iter().enumerate() {
            if at == cursor {
                page.keep_in_sight();
            }
            page.choice(Reach::acting(at, cursor), |page| {
                table.draw_row(page, (target, at == cursor), widths, words);
            });
            let about = problems.iter();
            let about = about.filter(|problem| problem.target.as_ref() == Some(target));
            about.for_each(|problem| tell(page, problem));
        }
        draw_ways_on(page, rows.len(), cursor, words);
        page.gap();
        if let Some(target) = rows.get(cursor) {
            table.draw_whole(page, target, words);
        }
        let has_line = |target: &Target| rows.contains(target);
        let others = problems.iter();
        let others = others.filter(|one| !one.target.as_ref().is_some_and(has_line));
        others.for_each(|problem| tell(page, problem));
        if self.asked.is_some() {
            page.text(&words.text("ui-looking"), page.theme.faint());
        }
        if let Some(why) = &self.failure {
            page.failure(why);
        }
    }
}

/// Draws what stands below the lines: to add one, and to go on.
fn draw_ways_on(page: &mut Page<'_, '_>, rows: usize, cursor: usize, words: &Words) {
    for (at, text) in [
        (rows, format!("+ {}", words.text("ui-matching-add"))),
        (rows + 1, words.text("ui-login-go-on")),
    ] {
        let (mark, style) = if at == cursor {
            page.keep_in_sight();
            ("❯", page.theme.here())
        } else {
            (" ", page.theme.faint())
        };
        page.choice(Reach::acting(at, cursor), |page| {
            page.line(Span::styled(format!("{mark} {text}"), style));
        });
    }
}

fn unmatch(draft: &mut Draft, target: &Target) {
    draft.map.remove(target);
    if let Target::Field(tag) = target {
        draft.date_orders.remove(tag);
    }
}

fn tell(page: &mut Page<'_, '_>, problem: &Problem) {
    if problem.stops {
        page.bad(&problem.text);
    } else {
        page.warn(&problem.text);
    }
}
