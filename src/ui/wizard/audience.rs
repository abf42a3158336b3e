//! The audience: picked from those of the account as soon as one is signed in, or its ID typed.

use crossterm::event::KeyEvent;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::super::field::Field;
use super::super::keys::Command;
use super::super::msg::Wait;
use super::super::paint::{Page, Reach, left, right, scroll};
use super::{Desk, Fact, Flow, Known};
use crate::domain::{Audience, AudienceId, Draft};
use crate::words::{Explanation, Words};

#[derive(Debug, Default)]
pub(super) struct AudiencePart {
    field: Field,
    tried: bool,
    /// What is in the field was changed, and is looked up when the user goes on.
    is_typed: bool,
    /// The user goes on as soon as the audience is found.
    going: bool,
}

impl AudiencePart {
    pub fn new(draft: &Draft) -> Self {
        Self {
            field: Field::new(&draft.audience),
            ..Self::default()
        }
    }

    /// Takes the account's only audience when none was given.
    pub fn suggest(&mut self, draft: &mut Draft, known: &Known) {
        if let (true, Some([only])) = (
            draft.audience.is_empty(),
            known.audiences.get().map(Vec::as_slice),
        ) {
            *draft.audience = only.id.to_string();
            self.field.set(&draft.audience);
        }
    }

    /// Tells whether an ID is being typed.
    pub fn is_typed(&self) -> bool {
        self.is_typed
    }

    pub fn key(&mut self, command: Command, event: KeyEvent, desk: &mut Desk<'_>) -> Flow {
        self.going = false;
        match command {
            Command::Back => return Flow::Leave,
            Command::Enter => return self.accept(desk),
            Command::Up | Command::Down => self.pick(command, desk),
            _ => {
                if self.field.key(event) {
                    self.field.text().clone_into(&mut desk.draft.audience);
                    self.is_typed = true;
                }
            }
        }
        Flow::Stay
    }

    /// Goes on if the audience is found; asks for it otherwise. Whoever is not signed in has to do that first.
    fn accept(&mut self, desk: &mut Desk<'_>) -> Flow {
        if desk.draft.login.is_none() {
            return Flow::Change(Fact::Login);
        }
        (self.tried, self.is_typed) = (true, false);
        if AudienceId::parse(&desk.draft.audience).is_none() {
            return Flow::Stay;
        }
        if desk.known.found(Fact::Audience, desk.draft) == Some(true) {
            return Flow::Next;
        }
        if !desk.known.view.is_asked() {
            // What was not found before is looked up anew.
            desk.known.viewed = None;
        }
        self.going = true;
        Flow::Stay
    }

    /// The user turned to something else.
    pub fn stay(&mut self) {
        self.going = false;
    }

    /// Goes on, once what is wanted was looked up.
    pub fn go_on(&mut self, draft: &Draft, known: &Known) -> Flow {
        if !self.going || known.view.is_asked() {
            return Flow::Stay;
        }
        self.going = false;
        match known.found(Fact::Audience, draft) {
            Some(true) => Flow::Next,
            _ => Flow::Stay,
        }
    }

    /// Takes the audience above or below the one that is written; the first where none of the list is.
    fn pick(&mut self, command: Command, desk: &mut Desk<'_>) {
        let Some(all) = desk.known.audiences.get() else {
            return;
        };
        let written = desk.draft.audience.trim();
        let at = match all.iter().position(|one| one.id.as_str() == written) {
            Some(at) if command == Command::Down => at + 1,
            Some(at) => at.saturating_sub(1),
            None => 0,
        };
        if let Some(audience) = all.get(at) {
            *desk.draft.audience = audience.id.to_string();
            self.field.set(&desk.draft.audience);
            self.is_typed = true;
        }
    }

    pub fn paste(&mut self, text: &str, desk: &mut Desk<'_>) {
        (self.is_typed, self.going) = (true, false);
        self.field.paste(text.trim());
        self.field.text().clone_into(&mut desk.draft.audience);
    }

    pub fn draw(
        &self,
        page: &mut Page<'_, '_>,
        draft: &Draft,
        known: &Known,
        words: &Words,
        here: bool,
    ) {
        let cursor = if here { "❯" } else { " " };
        let label = format!("{cursor} {} ", words.text("label-audience-id"));
        let reach = Reach::selecting(0, 0).through_tab(!here);
        page.choice(reach, |page| self.field.draw(page, &label, here));
        let all = known.audiences.get().map_or(&[][..], Vec::as_slice);
        let typed = draft.audience.trim();
        if !typed.is_empty() && AudienceId::parse(typed).is_none() {
            page.bad(&words.text("ui-audience-bad"));
        } else if !typed.is_empty() {
            self.state(page, typed, known, words);
        } else if draft.login.is_none() {
            page.text(&words.text("ui-audience-empty"), page.theme.faint());
        } else if self.tried {
            page.bad(&words.text("ui-audience-needed"));
        } else {
            page.text(&words.text("ui-audience-pick"), page.theme.faint());
        }
        page.gap();
        match &known.audiences {
            // What is wrong with the login is told once.
            Wait::Failed(_) if refusal(known, typed).is_some() => {}
            Wait::Failed(why) => page.failure(why),
            Wait::Asked(_) => page.text(&words.text("ui-looking"), page.theme.faint()),
            Wait::Done(_) if !all.is_empty() => draw_list(page, all, typed, here, words),
            Wait::Done(_) | Wait::Idle => {}
        }
    }

    /// Shows what is known of the chosen audience.
    fn state(&self, page: &mut Page<'_, '_>, typed: &str, known: &Known, words: &Words) {
        let mut listed = known.audiences.get().into_iter().flatten();
        let viewed = known.view.get().map(|view| &view.audience);
        let is_this = |one: &&Audience| one.id.as_str() == typed;
        let found = listed.find(is_this).or(viewed.filter(is_this));
        if let Some(why) = refusal(known, typed) {
            return page.failure(why);
        }
        match (&known.view, found) {
            (Wait::Asked(_), _) if self.going || found.is_none() => {
                page.text(&words.text("ui-looking"), page.theme.faint());
            }
            (_, Some(audience)) => {
                let args = [
                    ("name", audience.name.clone().into()),
                    ("count", audience.members.into()),
                ];
                page.good(&words.with("ui-audience-found", &args));
            }
            _ if known.audiences.get().is_some() => page.warn(&words.text("ui-audience-absent")),
            _ => page.text(&words.text("ui-audience-after"), page.theme.faint()),
        }
    }
}

/// Why the audience with this ID was not found, once it was looked up.
fn refusal<'k>(known: &'k Known, id: &str) -> Option<&'k Explanation> {
    let looked = known.viewed.as_ref();
    let is_this = looked.is_some_and(|(_, looked)| looked.as_str() == id);
    known.view.failure().filter(|_| is_this)
}

/// Draws the account's audiences: which they are, how large, and when mail was last sent to each.
fn draw_list(page: &mut Page<'_, '_>, all: &[Audience], typed: &str, here: bool, words: &Words) {
    let (members, campaign) = (10, 17);
    let id = if page.width() < 64 { 0 } else { 13 };
    let name = page.width().saturating_sub(4 + members + 2 + campaign + id);
    let row = |first: &str, second: &str, third: &str, last: &str| {
        let known = format!("{}  {}", right(second, members), left(third, campaign));
        (left(first, name), known + &left(last, id))
    };
    let (title, rest) = row(
        &words.text("ui-audience-choose"),
        &words.text("ui-col-members"),
        &words.text("ui-col-campaign"),
        if id > 0 { "ID" } else { "" },
    );
    page.line(Line::from(vec![
        Span::styled(format!("    {title}"), page.theme.strong()),
        Span::styled(rest, page.theme.faint()),
    ]));
    let chosen = all.iter().position(|one| one.id.as_str() == typed);
    let room = page.rest();
    let first = scroll(chosen.unwrap_or(0), room, all.len());
    for (at, audience) in all.iter().enumerate().skip(first).take(room) {
        let (mark, style) = if chosen == Some(at) {
            ("  ✓ ", page.theme.here())
        } else {
            ("    ", Style::new())
        };
        let sent = audience.last_campaign.map(|time| words.date(time));
        let (name, rest) = row(
            &audience.name,
            &words.number(audience.members),
            &sent.unwrap_or_else(|| words.text("ui-audience-no-campaign")),
            audience.id.as_str(),
        );
        // The first one is a line below what is typed.
        let reach = match chosen {
            Some(chosen) => Reach::selecting(at, chosen),
            None => Reach::selecting(at + 1, 0),
        };
        page.choice(reach.through_tab(!here), |page| {
            page.line(Line::from(vec![
                Span::styled(format!("{mark}{name}"), style),
                Span::styled(rest, page.theme.faint()),
            ]));
        });
    }
}
