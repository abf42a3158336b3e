//! A saved destination, looked at: every part of it, nothing to be changed by mistake.

use unicode_width::UnicodeWidthStr;

use super::home::Choice;
use super::keys::Command;
use super::msg::Which;
use super::paint::{Page, left};
use crate::domain::Destination;
use crate::words::Words;

/// The widest that the names of the parts may be.
const WIDEST: usize = 34;

/// The page of a destination.
#[derive(Debug)]
pub(super) struct AboutPage {
    pub destination: Destination,
    scroll: u16,
}

impl AboutPage {
    pub fn of(destination: Destination) -> Self {
        Self {
            destination,
            scroll: 0,
        }
    }

    /// Tells whether a key does anything here.
    pub fn offers(&self, command: Command) -> bool {
        command != Command::Detach || self.destination.login.is_some()
    }

    /// Takes a key; gives what is to be done with the destination.
    pub fn key(&mut self, command: Command) -> Choice {
        let destination = || Box::new(self.destination.clone());
        match command {
            Command::Up => self.scroll = self.scroll.saturating_sub(1),
            Command::Down => self.scroll = self.scroll.saturating_add(1),
            Command::PageUp => self.scroll = self.scroll.saturating_sub(10),
            Command::PageDown => self.scroll = self.scroll.saturating_add(10),
            Command::First => self.scroll = 0,
            Command::Last => self.scroll = u16::MAX,
            Command::Run => return Choice::Run(vec![self.destination.clone()], Which::Usual),
            Command::Check => return Choice::Check(destination()),
            Command::Edit => return Choice::Edit(destination()),
            Command::Rename => return Choice::Rename(destination()),
            Command::Duplicate => return Choice::Duplicate(destination()),
            Command::Detach if self.destination.login.is_some() => {
                return Choice::Detach(destination());
            }
            Command::Back | Command::Enter | Command::View => return Choice::Home,
            _ => {}
        }
        Choice::None
    }

    pub fn draw(&mut self, page: &mut Page<'_, '_>, words: &Words) {
        let parts = words.all_of(&self.destination);
        let widest = parts.iter().map(|(label, _)| label.width()).max();
        let wide = widest.unwrap_or(0).min(WIDEST).min(page.width() / 2) + 2;
        let draw = |page: &mut Page<'_, '_>| {
            for (label, value) in &parts {
                page.fact(&left(label, wide), value);
            }
            if self.destination.login.is_none() {
                page.gap();
                page.text(&words.text("about-not-connected"), page.theme.warn());
            }
        };
        let over = page.scrolled(self.scroll, words, draw);
        self.scroll = self.scroll.min(over);
    }
}
