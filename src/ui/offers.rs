//! Which keys do something now: footer, help and the list of commands offer no other.

use super::app::{App, Screen};
use super::keys::Command;
use super::logins::LoginsPage;
use super::overlay::Overlay;

impl App {
    /// Tells whether a key that asks for this does anything now.
    pub fn offers(&self, command: Command) -> bool {
        if let Some(overlay) = &self.overlay {
            return overlay.offers(command, self.over);
        }
        match &self.screen {
            Screen::Home => self.home.offers(command, self.seen()),
            Screen::Report(report) => report.offers(command),
            Screen::History(page) => {
                let name = page.destination().name.as_str();
                page.offers(command, self.live(name).is_some())
            }
            Screen::About(page) => page.offers(command),
            Screen::Logins(_) => {
                let data = self.home.data.get().map(|data| &**data);
                command != Command::Up || LoginsPage::count(data) > 1
            }
            Screen::Pane(ticket) => {
                let run = self.run(*ticket);
                run.is_some_and(|run| run.offers(command))
            }
            Screen::Wizard(wizard) => wizard.offers(command),
        }
    }
}

impl Overlay {
    /// Tells whether a key does anything here, where so many lines are out of sight at most.
    fn offers(&self, command: Command, over: u16) -> bool {
        match (self, command) {
            (Self::Changes(page), _) => page.offers(command),
            (Self::Palette(palette), _) => palette.offers(command),
            // What would be done is seen before anyone can agree.
            (Self::Remove(asked), Command::Yes) => asked.logins.get().is_some(),
            (Self::Undo(asked), Command::Yes) => asked.offer.get().is_some(),
            (_, Command::Up) => over > 0,
            _ => true,
        }
    }
}
