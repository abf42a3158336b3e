//! What is changed of a saved destination without the wizard: its name, its login; and a copy of it.

use crossterm::event::KeyEvent;
use ratatui::style::Style;

use super::app::{App, Screen};
use super::field::Field;
use super::keys::Command;
use super::msg::{Change, Outcome, Question, Ticket};
use super::overlay::{Overlay, overlaid};
use super::paint::Page;
use crate::domain::{Destination, DestinationId, DestinationName};
use crate::words::{Explain, Explanation, Words};

/// What a name is wanted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Naming {
    /// The destination gets it.
    Rename,
    /// A copy gets it.
    Duplicate,
}

/// A name that is asked for.
#[derive(Debug)]
pub(super) struct AskedName {
    naming: Naming,
    destination: Destination,
    field: Field,
    failure: Option<Explanation>,
}

impl AskedName {
    pub fn draw(&self, page: &mut Page<'_, '_>, words: &Words) {
        let key = match self.naming {
            Naming::Rename => "ask-rename",
            Naming::Duplicate => "ask-duplicate",
        };
        let args = [("name", self.destination.name.as_str().into())];
        page.text(&words.with(key, &args), page.theme.strong());
        page.gap();
        let label = format!("{} ", words.text("ask-new-name"));
        self.field.draw(page, &label, true);
        page.gap();
        match &self.failure {
            Some(why) => page.failure(why),
            None if self.naming == Naming::Duplicate => {
                page.text(&words.text("ask-duplicate-more"), Style::new());
                page.text(&words.text("ask-duplicate-agree"), page.theme.warn());
            }
            None => {}
        }
    }

    /// The label of the key that asks for this.
    pub fn label(&self) -> &'static str {
        match self.naming {
            Naming::Rename => "key-rename",
            Naming::Duplicate => "key-duplicate",
        }
    }

    pub fn paste(&mut self, text: &str) {
        self.field.paste(text);
    }
}

/// A change that is under way.
#[derive(Debug)]
pub(super) struct Changing {
    ticket: Ticket,
    /// Which destination it is.
    former: DestinationId,
    /// Whether it is another one from then on.
    is_copy: bool,
}

impl App {
    /// Asks for a name. A copy's is suggested.
    pub fn ask_name(&mut self, destination: Destination, naming: Naming) {
        let name = destination.name.to_string();
        let name = match naming {
            Naming::Rename => name,
            Naming::Duplicate => {
                let numbered = (2..).map(|n| format!("{name} {n}"));
                let mut free = numbered.filter(|name| !self.home.has(name));
                free.next().unwrap_or_default()
            }
        };
        self.overlay = Some(Overlay::Name(Box::new(AskedName {
            naming,
            destination,
            field: Field::new(&name),
            failure: None,
        })));
    }

    /// Takes a key while a name is asked for.
    pub fn name_key(&mut self, mut asked: Box<AskedName>, command: Command, event: KeyEvent) {
        match command {
            Command::Back => return,
            Command::Enter if self.changing.is_none() => {
                match (DestinationName::parse(asked.field.text()), asked.naming) {
                    (Err(why), _) => asked.failure = Some(why.explain(&self.words)),
                    (Ok(name), Naming::Rename) => {
                        self.change(asked.destination.clone(), Change::Rename(name));
                    }
                    (Ok(name), Naming::Duplicate) => {
                        let agreement = self.words.agreement(&self.user, self.clock);
                        let change = Change::Duplicate(name, agreement);
                        self.change(asked.destination.clone(), change);
                    }
                }
            }
            Command::Type => {
                asked.field.key(event);
                asked.failure = None;
            }
            _ => {}
        }
        self.overlay = Some(Overlay::Name(asked));
    }

    /// Changes a destination, or makes a copy of it.
    pub fn change(&mut self, destination: Destination, change: Change) {
        let former = destination.id();
        let is_copy = matches!(change, Change::Duplicate(..));
        let question = Question::Change(Box::new(destination), change);
        self.changing = Some(Changing {
            ticket: self.out.ask(question),
            former,
            is_copy,
        });
    }

    /// Takes what came of a change: where it failed, the name stays on the screen to be changed.
    pub fn has_changed(&mut self, ticket: Ticket, changed: Outcome<Box<Destination>>) {
        let Some(changing) = self.changing.take_if(|mine| mine.ticket == ticket) else {
            return;
        };
        let is_asked = |over: &Overlay| matches!(over, Overlay::Name(_));
        if overlaid(&mut self.overlay, is_asked).is_some()
            && let Some(Overlay::Help(help)) = self.overlay.take_if(|over| !is_asked(over))
        {
            self.overlay = help.under();
        }
        match (changed, &mut self.overlay) {
            (Err(why), Some(Overlay::Name(asked))) => asked.failure = Some(why),
            (Err(why), _) => self.overlay = Some(Overlay::Failed(why)),
            (Ok(destination), overlay) => {
                if matches!(overlay, Some(Overlay::Name(_))) {
                    *overlay = None;
                }
                if !changing.is_copy {
                    self.changed(&changing.former, &destination);
                }
                self.home.go_to(destination.name.as_str());
                if let Screen::About(page) = &mut self.screen {
                    page.destination = *destination;
                }
                self.reload();
            }
        }
    }
}
