//! What lies over a screen: help, questions, the outcome of a check.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Span;
use ratatui::widgets::{Block, Clear};

use super::keys::Context;
use super::msg::Wait;
use super::paint::{Page, left};
use super::theme::Theme;
use crate::export::Checked;
use crate::words::{Explanation, Words};

/// What lies over the screen.
#[derive(Debug)]
pub(super) enum Overlay {
    /// The keys of the place, and the help of the wizard's step.
    Help(Context, Option<usize>),
    /// Whether to remove this destination.
    Remove(String),
    /// Whether to drop the draft to begin a new one.
    NewOverDraft,
    /// Whether to forget the draft.
    DropDraft,
    /// Whether to end although runs go on.
    Quit,
    /// What a run would do.
    Check(Wait<Box<Checked>>),
    /// Something did not work.
    Failed(Explanation),
}

impl Overlay {
    /// Which keys apply.
    pub fn context(&self) -> Context {
        match self {
            Self::Help(..) | Self::Check(_) | Self::Failed(_) => Context::Table,
            _ => Context::Confirm,
        }
    }

    pub fn draw(&self, frame: &mut Frame<'_>, area: Rect, theme: Theme, words: &Words) {
        let width = area.width.saturating_sub(4).min(72);
        let most = area.height.saturating_sub(2);
        let height = match self {
            Self::Help(..) => area.height.min(18),
            Self::Check(_) | Self::Failed(_) => most.min(14),
            _ => most.min(7),
        };
        let place = Rect {
            x: area.x + (area.width - width) / 2,
            y: area.y + (area.height - height) / 2,
            width,
            height,
        };
        frame.render_widget(Clear, place);
        let block = Block::bordered().border_style(theme.faint());
        let inside = block.inner(place);
        frame.render_widget(block, place);
        let inside = Rect {
            x: inside.x + 1,
            width: inside.width.saturating_sub(2),
            ..inside
        };
        let mut page = Page::new(frame, inside, theme);
        self.draw_inside(&mut page, words);
    }

    fn draw_inside(&self, page: &mut Page<'_, '_>, words: &Words) {
        match self {
            Self::Help(context, step) => help(page, *context, *step, words),
            Self::Remove(name) => {
                page.text(
                    &words.with("ui-ask-remove", &[("name", name.as_str().into())]),
                    page.theme.strong(),
                );
                page.text(&words.text("ui-ask-remove-more"), Style::new());
            }
            Self::NewOverDraft => page.text(&words.text("ui-ask-new"), page.theme.strong()),
            Self::DropDraft => page.text(&words.text("ui-ask-drop"), page.theme.strong()),
            Self::Quit => {
                page.text(&words.text("ui-ask-quit"), page.theme.strong());
                page.text(&words.text("ui-ask-quit-more"), Style::new());
            }
            Self::Failed(why) => page.failure(why),
            Self::Check(Wait::Failed(why)) => page.failure(why),
            Self::Check(Wait::Done(checked)) => {
                page.line(Span::styled(
                    words.text("ui-check-title"),
                    page.theme.strong(),
                ));
                super::wizard::totals(page, checked, words);
            }
            Self::Check(_) => page.text(&words.text("ui-review-checking"), Style::new()),
        }
    }
}

fn help(page: &mut Page<'_, '_>, context: Context, step: Option<usize>, words: &Words) {
    if let Some(step) = step {
        page.text(&words.text(super::wizard::HELP[step]), Style::new());
        page.gap();
    }
    let labelled = context.bindings().iter();
    let labelled: Vec<String> = labelled
        .filter(|binding| !binding.label.is_empty())
        .map(|binding| left(binding.shown, 5) + &words.text(binding.label))
        .collect();
    for pair in labelled.chunks(2) {
        let half = page.width() / 2;
        let line: String = pair.iter().map(|one| left(one, half)).collect();
        page.line(line);
    }
    page.gap();
    page.text(&words.text("ui-help-moving"), page.theme.faint());
    if context.types() {
        page.text(&words.text("ui-help-typing"), page.theme.faint());
    }
}
