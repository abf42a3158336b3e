//! The taking back of a run: asked with what it would do, and shown while it goes on as a run is.

use ratatui::style::Style;

use super::app::{App, Screen};
use super::exports::Errand;
use super::msg::{Outcome, Question, Ticket, Wait};
use super::overlay::Overlay;
use super::paint::Page;
use crate::domain::Destination;
use crate::export::Offer;
use crate::words::Words;

/// An undo that is asked about.
#[derive(Debug)]
pub(super) struct AskedUndo {
    /// Whose run is taken back.
    pub destination: Destination,
    /// What that would do.
    pub offer: Wait<Box<Offer>>,
}

impl AskedUndo {
    /// Draws the question, then what an undo would do.
    pub fn draw(&self, page: &mut Page<'_, '_>, words: &Words) {
        let Some(offer) = self.offer.get() else {
            let args = [("name", self.destination.name.as_str().into())];
            page.text(&words.with("ui-ask-undo", &args), page.theme.strong());
            return page.text(&words.text("ui-ask-undo-looking"), page.theme.faint());
        };
        page.text(&words.ask_undo(offer), page.theme.strong());
        page.gap();
        for line in words.offer(offer) {
            page.text(&line, Style::new());
        }
    }
}

impl App {
    /// Asks whether to take a run back: the latest one where none is named. While an export goes on there is nothing to
    /// take back yet, and it is shown.
    pub fn ask_undo(&mut self, destination: Destination, run: Option<String>) {
        if let Some(ticket) = self.live(destination.name.as_str()) {
            self.screen = Screen::Pane(ticket);
            return;
        }
        let looking = Question::Undo(Box::new(destination.clone()), run);
        let offer = Wait::Asked(self.out.ask(looking));
        let asked = AskedUndo { destination, offer };
        self.overlay = Some(Overlay::Undo(Box::new(asked)));
    }

    /// Takes what an undo would do, if it is still asked about.
    pub fn offered(&mut self, ticket: Ticket, offer: Outcome<Box<Offer>>) {
        match (&mut self.overlay, offer) {
            (Some(Overlay::Undo(asked)), Ok(offer)) if asked.offer.is(ticket) => {
                asked.offer = Wait::Done(offer);
            }
            (Some(Overlay::Undo(asked)), Err(why)) if asked.offer.is(ticket) => {
                self.overlay = Some(Overlay::Failed(why));
            }
            _ => {}
        }
    }

    /// Takes the run back that was asked about.
    pub fn undo(&mut self, asked: AskedUndo) {
        let Wait::Done(offer) = asked.offer else {
            return;
        };
        self.start(asked.destination, Errand::Undo(offer.run));
    }
}
