//! The removing of a destination: asked with what goes with it, done once its export has ended.

use ratatui::style::Style;

use super::app::App;
use super::msg::{Effect, Outcome, Question, Ticket, Wait};
use super::overlay::Overlay;
use super::paint::Page;
use crate::domain::{Destination, LoginName};
use crate::export::Removal;
use crate::words::Words;

/// A removal that is asked about.
#[derive(Debug)]
pub(super) struct Asked {
    /// What is removed.
    pub destination: Destination,
    /// Whether an export to it is stopped first.
    pub stops: bool,
    /// The logins that nothing else uses.
    pub logins: Wait<Vec<LoginName>>,
    /// Whether they stay.
    pub keep_login: bool,
}

impl Asked {
    /// Tells whether there are logins to decide about.
    pub fn has_logins(&self) -> bool {
        self.logins.get().is_some_and(|logins| !logins.is_empty())
    }

    /// Draws the question, then at once what is to be decided with it: the rest may be out of sight.
    pub fn draw(&self, page: &mut Page<'_, '_>, words: &Words) {
        let key = if self.stops {
            "ui-ask-stop-and-remove"
        } else {
            "ui-ask-remove"
        };
        let args = [("name", self.destination.name.as_str().into())];
        page.text(&words.with(key, &args), page.theme.strong());
        match self.logins.get() {
            None => page.text(&words.text("ui-looking"), page.theme.faint()),
            Some(logins) if logins.is_empty() => {}
            Some(logins) => {
                let names: Vec<&str> = logins.iter().map(LoginName::as_str).collect();
                let args = [
                    ("count", names.len().into()),
                    ("logins", names.join(", ").into()),
                ];
                let tick = if self.keep_login { "[ ]" } else { "[✓]" };
                let text = words.with("ui-ask-remove-login", &args);
                page.told(tick, &text, Style::new());
            }
        }
        page.gap();
        page.text(&words.text("ui-ask-remove-more"), Style::new());
    }
}

impl App {
    /// Asks whether to remove a destination, and whether its logins go too; while its export goes on, whether to stop
    /// that first.
    pub fn ask_remove(&mut self, destination: Destination) {
        let looking = Question::LoginsOfOnly(Box::new(destination.clone()));
        let asked = Asked {
            stops: self.live(destination.name.as_str()).is_some(),
            destination,
            logins: Wait::Asked(self.out.ask(looking)),
            keep_login: false,
        };
        self.overlay = Some(Overlay::Remove(Box::new(asked)));
    }

    /// Takes what goes with a destination, if its removal is still asked about.
    pub fn goes_with(&mut self, ticket: Ticket, logins: Outcome<Vec<LoginName>>) {
        match (&mut self.overlay, logins) {
            (Some(Overlay::Remove(asked)), Ok(logins)) if asked.logins.is(ticket) => {
                asked.logins = Wait::Done(logins);
            }
            (Some(Overlay::Remove(asked)), Err(why)) if asked.logins.is(ticket) => {
                self.overlay = Some(Overlay::Failed(why));
            }
            _ => {}
        }
    }

    /// Removes a destination, once its export has ended.
    pub fn remove(&mut self, asked: Asked) {
        let name = asked.destination.name.to_string();
        if let Some(ticket) = self.live(&name) {
            if self.run(ticket).is_some_and(|run| run.queued) {
                self.stop(ticket);
                return self.remove(asked);
            }
            if self.run(ticket).is_some_and(|run| run.stops == 0) {
                self.stop(ticket);
            }
            self.remove_after = Some((ticket, asked));
            return;
        }
        let how = Removal {
            purge: false,
            keep_login: asked.keep_login,
        };
        self.removing = Wait::Asked(self.out.ask(Question::Remove(name, how)));
    }

    /// Shows what came of a removal, and forgets what was begun to be changed of a destination that is gone.
    pub fn removed(&mut self, removed: Outcome<(String, Option<String>)>) {
        self.removing = Wait::Idle;
        match removed {
            Ok((name, told)) => {
                let rows = self.home.data.get().map(|data| data.rows.as_slice());
                let mut rows = rows.unwrap_or_default().iter();
                let gone = rows.find(|row| row.destination.name.as_str() == name);
                let begun = gone.and_then(|row| self.home.edited(&row.destination.id()));
                if let Some(begun) = begun {
                    self.out.push(Effect::Forget(begun.id.clone()));
                }
                if let Some(told) = told {
                    self.overlay = Some(Overlay::Told(told));
                }
            }
            Err(why) => self.overlay = Some(Overlay::Failed(why)),
        }
        self.reload();
    }
}
