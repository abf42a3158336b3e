//! Help: what the place is about, and the keys that do something there now.

use ratatui::style::Style;

use super::app::{App, Screen};
use super::overlay::Overlay;
use super::paint::{Page, left};
use super::wizard::Step;
use crate::words::Words;

/// What help shows, as it was when it was opened.
#[derive(Debug)]
pub(super) struct Help {
    /// The step of the wizard that it is about.
    step: Option<Step>,
    /// The keys, each with what it does.
    keys: Vec<(&'static str, String)>,
    /// What is said of the place besides: that letters are typed there, or that there is a list of commands.
    more: Option<&'static str>,
    /// What lay over the screen when it was opened, and does again when it is left.
    under: Option<Box<Overlay>>,
}

impl Help {
    /// Gives back what it lies over.
    pub fn under(self) -> Option<Overlay> {
        self.under.map(|under| *under)
    }

    /// What it lies over.
    pub fn under_mut(&mut self) -> Option<&mut Overlay> {
        self.under.as_deref_mut()
    }

    /// Draws it.
    pub fn draw(&self, page: &mut Page<'_, '_>, words: &Words) {
        if let Some(step) = self.step {
            let text = super::wizard::help_of(step, page.theme.keys(), words);
            page.text(&text, Style::new());
            page.gap();
        }
        let labelled = self.keys.iter();
        let labelled: Vec<String> = labelled
            .map(|(shown, label)| left(shown, 5) + label)
            .collect();
        for pair in labelled.chunks(2) {
            let half = page.width() / 2;
            let line: String = pair.iter().map(|one| left(one, half)).collect();
            page.line(line);
        }
        page.gap();
        page.text(&words.text("ui-help-moving"), page.theme.faint());
        if let Some(more) = self.more {
            page.text(&words.text(more), page.theme.faint());
        }
    }
}

impl App {
    /// Shows the keys of the place, over what lies over the screen.
    pub fn show_help(&mut self, over: Option<Overlay>) {
        self.overlay = over;
        let step = match &self.screen {
            Screen::Wizard(wizard) if self.overlay.is_none() => Some(wizard.step),
            _ => None,
        };
        let context = self.context();
        let bindings = self.theme.keys().bindings(context);
        let offered = bindings
            .filter(|binding| !binding.label.is_empty() && self.offers(binding.command))
            .map(|binding| (binding.shown, self.words.text(binding.label)));
        let help = Help {
            step,
            keys: offered.collect(),
            more: match () {
                () if context.types() => Some("ui-help-typing"),
                () if self.has_palette() => Some("ui-help-palette"),
                () => None,
            },
            under: self.overlay.take().map(Box::new),
        };
        self.scroll = 0;
        self.overlay = Some(Overlay::Help(Box::new(help)));
    }
}
