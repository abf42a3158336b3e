//! A saved destination, looked at: every part of it, nothing to be changed by mistake.

use unicode_width::UnicodeWidthStr;

use super::home::Choice;
use super::keys::Command;
use super::msg::Which;
use super::paint::{Page, cut, left, scrolled};
use crate::domain::Destination;
use crate::words::Words;

/// The widest that the names of the parts may be.
const WIDEST: usize = 38;

/// The page of a destination.
#[derive(Debug)]
pub(super) struct AboutPage {
    pub destination: Destination,
    scroll: u16,
    /// How many lines can be out of sight above.
    over: u16,
}

impl AboutPage {
    pub fn of(destination: Destination) -> Self {
        Self {
            destination,
            scroll: 0,
            over: 0,
        }
    }

    /// Tells whether a key does anything here.
    pub fn offers(&self, command: Command) -> bool {
        match command {
            Command::Detach => self.destination.login.is_some(),
            Command::Up => self.over > 0,
            _ => true,
        }
    }

    /// Takes a key; gives what is to be done with the destination.
    pub fn key(&mut self, command: Command) -> Choice {
        let destination = || Box::new(self.destination.clone());
        match command {
            Command::Run => return Choice::Run(vec![self.destination.clone()], Which::Usual),
            Command::Check => return Choice::Check(destination()),
            Command::Edit => return Choice::Edit(destination()),
            Command::Rename => return Choice::Rename(destination()),
            Command::Duplicate => return Choice::Duplicate(destination()),
            Command::Detach if self.destination.login.is_some() => {
                return Choice::Detach(destination());
            }
            Command::Back | Command::Enter | Command::View => return Choice::Home,
            other => self.scroll = scrolled(self.scroll, other).unwrap_or(self.scroll),
        }
        Choice::None
    }

    pub fn draw(&mut self, page: &mut Page<'_, '_>, words: &Words) {
        let parts = words.all_of(&self.destination);
        let widest = parts.iter().map(|(label, _)| label.width()).max();
        let most = WIDEST.min(page.width() * 2 / 3);
        let wide = widest.unwrap_or(0).min(most) + 2;
        let draw = |page: &mut Page<'_, '_>| {
            for (label, value) in &parts {
                page.fact(&left(&cut(label, wide - 2), wide), value);
            }
            if self.destination.login.is_none() {
                page.gap();
                page.text(&words.text("about-not-connected"), page.theme.warn());
            }
        };
        self.over = page.scrolled(self.scroll, words, draw);
        self.scroll = self.scroll.min(self.over);
    }
}
