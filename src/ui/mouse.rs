//! What the mouse and the clipboard bring: clicks, the wheel, pasted text.

use crossterm::event::{KeyCode, MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::Position;

use super::app::{App, Screen};
use super::home::Seen;
use super::keys::Context;
use super::notice::Notice;
use super::overlay::Overlay;
use super::view::Hit;

impl App {
    /// Takes pasted text. Every field but that of a query has one line: of several the first is kept, and that is told.
    pub fn paste(&mut self, text: &str) {
        if self.context() == Context::Query {
            return self.pasted(text);
        }
        let text = text.trim();
        let first = text.split(['\r', '\n']).next().unwrap_or_default();
        if first.len() < text.len() && self.context().types() {
            self.notice = Some(Notice::FirstLine);
        }
        self.pasted(first.trim_end());
    }

    fn pasted(&mut self, text: &str) {
        if let Some(overlay) = &mut self.overlay {
            match overlay {
                Overlay::Changes(page) => page.paste(text, &mut self.out),
                Overlay::Name(asked) => asked.paste(text),
                Overlay::Schedule(asked) => asked.paste(text),
                Overlay::Palette(palette) => palette.paste(text),
                _ => {}
            }
            return;
        }
        let at = (&self.words, self.clock);
        match &mut self.screen {
            Screen::Home => self.home.paste(text),
            Screen::Wizard(wizard) => wizard.paste(text, at, &mut self.out),
            Screen::Report(report) => report.paste(text, &mut self.out),
            Screen::History(page) => page.paste(text, &mut self.out),
            Screen::Pane(_) | Screen::About(_) | Screen::Logins(_) => {}
        }
    }

    /// Takes what the mouse did.
    pub fn mouse(&mut self, event: MouseEvent) {
        match event.kind {
            MouseEventKind::ScrollDown => self.key(KeyCode::Down.into()),
            MouseEventKind::ScrollUp => self.key(KeyCode::Up.into()),
            MouseEventKind::Down(MouseButton::Left) => {
                let place = Position::new(event.column, event.row);
                let mut hits = self.hits.iter();
                // What is drawn last lies on top.
                let hit = hits.rfind(|(area, _)| area.contains(place));
                if let Some(hit) = hit.map(|(_, hit)| *hit) {
                    self.click(hit);
                }
            }
            _ => {}
        }
    }

    fn click(&mut self, hit: Hit) {
        match hit {
            Hit::Key(event) => return self.key(event),
            Hit::Reach(reach) => return reach.keys().for_each(|code| self.key(code.into())),
            _ => {}
        }
        self.notice = None;
        if let Some(overlay) = &mut self.overlay {
            match overlay {
                Overlay::Changes(page) => page.click(hit, &mut self.out),
                Overlay::Palette(_) => self.palette_click(hit),
                _ => {}
            }
            return;
        }
        let seen = Seen {
            words: &self.words,
            runs: &self.runs,
        };
        match (&mut self.screen, hit) {
            (Screen::Home, Hit::Heading(column)) => self.home.sort(column, seen),
            // As in other programs: a click chooses, another one opens.
            (Screen::Home, Hit::Line(line)) if line == self.home.cursor() => {
                self.key(KeyCode::Enter.into());
            }
            (Screen::Home, Hit::Line(line)) => self.home.select(line),
            (Screen::Home, Hit::Mark(line)) => {
                self.home.select(line);
                self.key(KeyCode::Char(' ').into());
            }
            (Screen::Wizard(wizard), Hit::Step(step)) => {
                wizard.visit(step, self.clock, &mut self.out);
            }
            (Screen::Report(report), hit) => report.click(hit, &mut self.out),
            (Screen::History(page), hit) => {
                let onward = page.click(hit, &mut self.out);
                self.go_on(onward);
            }
            (Screen::Logins(page), Hit::Line(line)) => page.select(line),
            _ => {}
        }
    }
}
