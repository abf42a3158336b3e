//! Data matching: which attribute fills which merge field, with values beside it so that a wrong choice is seen.

use crossterm::event::KeyEvent;
use ratatui::style::Style;
use ratatui::text::Span;

use super::super::keys::{Command, Context};
use super::super::msg::{Answer, Question, Ticket};
use super::super::paint::{Page, scroll};
use super::matching::{draw_row, problems, samples};
use super::picker::{Picked, Picker};
use super::preview::Preview;
use super::{Desk, Flow, Known};
use crate::domain::{DateEvidence, DateOrder, Draft, MergeTag, Target};
use crate::export::{LONGEST_TAG, guess_mapping, targets_to_add, targets_to_match};
use crate::words::{Explanation, Next, Words};

const ORDERS: [DateOrder; 3] = [DateOrder::Dmy, DateOrder::Mdy, DateOrder::Ymd];

/// What is chosen from a list.
#[derive(Debug)]
enum Choosing {
    Attribute(Target),
    Target(Vec<Target>),
    Order(MergeTag, Then),
}

/// What the user wanted when the order of dates had to be found first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Then {
    /// To the next step.
    GoOn,
    /// The first profiles.
    Look,
}

#[derive(Debug, Default)]
pub(super) struct MappingStep {
    /// The line with the cursor; on *Go on* until it is moved.
    cursor: Option<usize>,
    picker: Option<(Picker, Choosing)>,
    guessed: bool,
    preview: Option<Preview>,
    asked: Option<(Ticket, Then)>,
    failure: Option<Explanation>,
}

impl MappingStep {
    pub fn context(&self) -> Context {
        match (&self.picker, &self.preview) {
            (Some(_), _) => Context::Filter,
            (None, Some(_)) => Context::Table,
            (None, None) => Context::Matching,
        }
    }

    /// Guesses by meaning, once, when nothing is matched yet.
    pub fn enter(&mut self, draft: &mut Draft, known: &Known) {
        let (Some(source), Some(view)) = (known.open(), known.view.get()) else {
            return;
        };
        if self.guessed || draft.map.iter().next().is_some() {
            return;
        }
        self.guessed = true;
        draft.map = guess_mapping(source.attributes(), &view.merge_fields);
    }

    fn rows(draft: &Draft, known: &Known) -> Vec<Target> {
        let fields = known.view.get().map(|view| view.merge_fields.as_slice());
        targets_to_match(&draft.map, fields.unwrap_or_default())
    }

    pub fn key(&mut self, command: Command, event: KeyEvent, desk: &mut Desk<'_>) -> Flow {
        if self.picker.is_some() {
            return self.pick(command, event, desk);
        }
        if self.preview.is_some() {
            if matches!(command, Command::Back | Command::Enter) {
                self.preview = None;
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
            Command::Enter | Command::Choose if at == add => self.add(desk),
            Command::Enter | Command::Choose => self.choose(rows[at].clone(), desk),
            Command::Add => self.add(desk),
            Command::Remove => {
                if let Some(target) = rows.get(at).filter(|target| **target != Target::Email) {
                    desk.draft.map.remove(target);
                    if let Target::Field(tag) = target {
                        desk.draft.date_orders.remove(tag);
                    }
                }
            }
            Command::Look => return self.after_dates(Then::Look, desk),
            _ => {}
        }
        Flow::Stay
    }

    /// Does what is wanted, once the order of every date is known: without it no date can be sent.
    fn after_dates(&mut self, then: Then, desk: &mut Desk<'_>) -> Flow {
        self.failure = None;
        if !problems(desk.draft, desk.known, desk.words).is_empty() {
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

    fn choose(&mut self, target: Target, desk: &Desk<'_>) {
        let Some(source) = desk.known.open() else {
            return;
        };
        let items: Vec<(String, String)> = source
            .attributes()
            .iter()
            .map(|one| (one.label.clone(), samples(one)))
            .collect();
        let now = desk.draft.map.get(&target);
        let cursor = source
            .attributes()
            .iter()
            .position(|one| Some(one.name.as_str()) == now)
            .unwrap_or(0);
        let title = desk.words.with(
            "ui-matching-choose",
            &[("field", desk.words.target(&target).into())],
        );
        self.picker = Some((
            Picker::new(title, items, cursor),
            Choosing::Attribute(target),
        ));
    }

    fn add(&mut self, desk: &Desk<'_>) {
        let Some(view) = desk.known.view.get() else {
            return;
        };
        let targets = targets_to_add(&desk.draft.map, &view.merge_fields);
        let items = targets.iter().map(|(target, name)| match name {
            Some(name) => (target.to_string(), name.clone()),
            None => (target.to_string(), desk.words.target(target)),
        });
        let last = (
            desk.words.text("ui-matching-make"),
            desk.words.text("ui-matching-make-how"),
        );
        let items = items.chain([last]).collect();
        let title = desk.words.text("ui-matching-add");
        let targets = targets.into_iter().map(|(target, _)| target).collect();
        self.picker = Some((Picker::new(title, items, 0), Choosing::Target(targets)));
    }

    fn pick(&mut self, command: Command, event: KeyEvent, desk: &mut Desk<'_>) -> Flow {
        let Some((mut picker, choosing)) = self.picker.take() else {
            return Flow::Stay;
        };
        // A new merge field is made of what was typed when no field fits.
        if let (Choosing::Target(_), Command::Enter, Some(tag)) =
            (&choosing, command, MergeTag::parse(picker.typed()))
            && let Some(view) = desk.known.view.get()
            && !view
                .merge_fields
                .iter()
                .any(|field| field.tag.as_str().starts_with(tag.as_str()))
        {
            self.make(tag, desk);
            return Flow::Stay;
        }
        match (picker.key(command, event), choosing) {
            (Picked::Closed, _) => {}
            (Picked::Open, choosing) => self.picker = Some((picker, choosing)),
            (Picked::One(at), Choosing::Attribute(target)) => {
                let name = desk
                    .known
                    .open()
                    .and_then(|source| source.attributes().get(at))
                    .map(|one| one.name.clone());
                if let Some(name) = name {
                    if let Target::Field(tag) = &target {
                        desk.draft.date_orders.remove(tag);
                    }
                    desk.draft.map.set(target, name);
                }
            }
            (Picked::One(at), Choosing::Target(targets)) => match targets.get(at) {
                Some(target) => self.choose(target.clone(), desk),
                None => self.picker = Some((picker, Choosing::Target(targets))),
            },
            (Picked::One(at), Choosing::Order(tag, then)) => {
                desk.draft.date_orders.insert(tag, ORDERS[at.min(2)]);
                return self.after_dates(then, desk);
            }
        }
        Flow::Stay
    }

    /// Takes up a merge field that is made when the destination is saved, and asks at once what fills it.
    fn make(&mut self, tag: MergeTag, desk: &mut Desk<'_>) {
        if tag.as_str().chars().count() > LONGEST_TAG {
            let args = [("tag", tag.as_str().into()), ("most", LONGEST_TAG.into())];
            self.failure = Some(Explanation {
                what: desk.words.with("ui-matching-long-tag", &args),
                why: String::new(),
                next: vec![Next::Say(desk.words.text("ui-matching-make-how"))],
            });
            return;
        }
        if !desk.draft.new_fields.contains(&tag) {
            desk.draft.new_fields.push(tag.clone());
        }
        desk.known.plan_fields(desk.draft);
        self.choose(Target::Field(tag), desk);
    }

    pub fn paste(&mut self, text: &str) {
        if let Some((picker, _)) = &mut self.picker {
            picker.paste(text);
        }
    }

    pub fn waits(&self, ticket: Ticket) -> bool {
        let preview = self.preview.as_ref();
        preview.is_some_and(|preview| preview.waits(ticket))
            || self.asked.is_some_and(|(asked, _)| asked == ticket)
    }

    /// Takes an answer that it waits for.
    pub fn answer(&mut self, answer: Answer, desk: &mut Desk<'_>) -> Flow {
        match answer {
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
                let items = ORDERS.map(|order| {
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

    pub fn draw(&self, page: &mut Page<'_, '_>, draft: &Draft, known: &Known, words: &Words) {
        if let Some((picker, _)) = &self.picker {
            return picker.draw(page, &words.text("ui-picker-filter"));
        }
        if let Some(preview) = &self.preview {
            return preview.draw(page, draft, words);
        }
        page.text(&words.text("ui-matching-lead"), Style::new());
        page.gap();
        let rows = Self::rows(draft, known);
        let last = rows.len() + 1;
        let cursor = self.cursor.unwrap_or(last).min(last);
        let room = page.rest().saturating_sub(5);
        let first = scroll(cursor.min(rows.len()), room, rows.len() + 1);
        for (at, target) in rows.iter().enumerate().skip(first).take(room) {
            draw_row(page, target, at == cursor, (draft, known), words);
        }
        for (at, text) in [
            (rows.len(), format!("+ {}", words.text("ui-matching-add"))),
            (last, words.text("ui-login-go-on")),
        ] {
            let (mark, style) = if at == cursor {
                ("❯", page.theme.here())
            } else {
                (" ", page.theme.faint())
            };
            page.line(Span::styled(format!("{mark} {text}"), style));
        }
        page.gap();
        for problem in problems(draft, known, words) {
            page.bad(&problem);
        }
        if self.asked.is_some() {
            page.text(&words.text("ui-looking"), page.theme.faint());
        }
        if let Some(why) = &self.failure {
            page.failure(why);
        }
    }
}
