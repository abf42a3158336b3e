//! What lies over a screen: help, questions, the outcome of a check.

use crossterm::event::KeyEvent;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::app::{App, Screen};
use super::changes::ChangesPage;
use super::help::Help;
use super::keys::{Command, Context};
use super::logins::AskedLogout;
use super::msg::{Change, Effect, Wait, Which};
use super::naming::AskedName;
use super::notice::Notice;
use super::paint::{BORDERS, Page, centred, cut, emptied, scrolled};
use super::palette::Palette;
use super::removal::Asked;
use super::scheduling::AskedSchedule;
use super::theme::Theme;
use super::undo::AskedUndo;
use super::view::Hit;
use crate::domain::Destination;
use crate::export::Checked;
use crate::store::SavedDraft;
use crate::words::{Explanation, Lang, Words};

/// What lies over the screen.
#[derive(Debug)]
pub(super) enum Overlay {
    /// What the place is about, and its keys.
    Help(Box<Help>),
    /// Whether to remove a destination, and what goes with it.
    Remove(Box<Asked>),
    /// Whether to take a run back, and what that would do.
    Undo(Box<AskedUndo>),
    /// Whether to forget this draft.
    DropDraft(Box<SavedDraft>),
    /// The name that a destination, or a copy of it, shall have.
    Name(Box<AskedName>),
    /// When a destination shall be exported by itself.
    Schedule(Box<AskedSchedule>),
    /// Whether to remove a login.
    Logout(Box<AskedLogout>),
    /// Whether to take its login from a destination.
    Detach(Box<Destination>),
    /// Whether to run all of these destinations.
    RunAll(Vec<Destination>, Which),
    /// Whether to export what the wizard made, and what that would do.
    Export(Box<Checked>),
    /// What becomes of the answers when the wizard is left.
    LeaveWizard,
    /// Whether to end although runs go on.
    Quit,
    /// The program ends as soon as the runs have stopped.
    Leaving,
    /// What a run would do.
    Check(Wait<Box<Checked>>),
    /// What would become of each contact.
    Changes(Box<ChangesPage>),
    /// All that can be done.
    Palette(Box<Palette>),
    /// Something that worked, but leaves something behind.
    Told(String),
    /// Something did not work.
    Failed(Explanation),
}

impl Overlay {
    /// Which keys apply.
    pub fn context(&self, lang: Lang) -> Context {
        match self {
            Self::Leaving => Context::Leaving,
            Self::Palette(_) => Context::Palette,
            Self::LeaveWizard => Context::LeaveWizard,
            Self::Remove(asked) if asked.has_logins() => Context::Removal(lang),
            _ if self.is_question() => Context::Confirm(lang),
            Self::Check(Wait::Done(checked)) if checked.diff.is_some() => Context::Checked,
            Self::Changes(page) => page.context(),
            Self::Name(_) => Context::Naming,
            Self::Schedule(_) => Context::Scheduling,
            _ => Context::Table,
        }
    }

    /// Tells whether a yes or a no is wanted.
    pub fn is_question(&self) -> bool {
        match self {
            Self::Remove(_)
            | Self::Undo(_)
            | Self::DropDraft(_)
            | Self::Detach(_)
            | Self::Logout(_)
            | Self::RunAll(..)
            | Self::Export(_)
            | Self::LeaveWizard
            | Self::Quit => true,
            Self::Help(..)
            | Self::Leaving
            | Self::Check(_)
            | Self::Changes(_)
            | Self::Name(_)
            | Self::Schedule(_)
            | Self::Palette(_)
            | Self::Told(_)
            | Self::Failed(_) => false,
        }
    }

    /// Tells whether help says more than what is on the screen: a question shows all the keys there are.
    pub fn has_help(&self) -> bool {
        !self.is_question() && !matches!(self, Self::Help(_) | Self::Leaving)
    }

    /// Draws it, without its first lines; gives how many lines can be left out.
    pub fn draw(
        &self,
        frame: &mut Frame<'_>,
        area: Rect,
        scroll: u16,
        (theme, words): (Theme, &Words),
        hits: &mut Vec<(Rect, Hit)>,
    ) -> u16 {
        if let Self::Changes(page) = self {
            emptied(frame, area, theme);
            page.draw(frame, area, (theme, words), hits);
            return 0;
        }
        if let Self::Palette(palette) = self {
            palette.draw(frame, area, (theme, words), hits);
            return 0;
        }
        let width = area.width.saturating_sub(4).min(72);
        let most = area.height.saturating_sub(2);
        let draw = |page: &mut Page<'_, '_>| self.draw_inside(page, words);
        let borders = u16::try_from(BORDERS).unwrap_or(0);
        let lines = Page::lines_of(frame, width.saturating_sub(4), theme, draw);
        let height = most.min(lines.saturating_add(borders));
        let place = centred(area, width, height);
        emptied(frame, place, theme);
        let page = &mut Page::framed(frame, place, theme, (&self.title(words), ""));
        page.scrolled(scroll, words, draw)
    }

    /// Says what was asked for.
    fn title(&self, words: &Words) -> String {
        let text = words.text(match self {
            Self::Help(..) => "ui-help-title",
            Self::Remove(_) | Self::DropDraft(_) | Self::Logout(_) => "ui-key-remove",
            Self::Undo(_) => "ui-key-undo",
            Self::Name(asked) => asked.label(),
            Self::Schedule(_) => "key-schedule",
            Self::Detach(_) => "key-detach",
            Self::RunAll(..) => "ui-key-run",
            Self::Export(_) => "ui-key-export",
            Self::LeaveWizard => "ui-key-leave",
            Self::Quit | Self::Leaving => "ui-key-quit",
            Self::Check(_) => "ui-key-check",
            // The first two have a title of their own.
            Self::Changes(_) | Self::Palette(_) | Self::Told(_) | Self::Failed(_) => {
                return String::new();
            }
        });
        let mut chars = text.chars();
        let first = chars.next().map(char::to_uppercase);
        first.into_iter().flatten().chain(chars).collect()
    }

    fn draw_inside(&self, page: &mut Page<'_, '_>, words: &Words) {
        match self {
            Self::Help(help) => help.draw(page, words),
            Self::Remove(asked) => asked.draw(page, words),
            Self::Name(asked) => asked.draw(page, words),
            Self::Schedule(asked) => asked.draw(page, words),
            Self::Logout(asked) => asked.draw(page, words),
            Self::Detach(destination) => detach(page, destination, words),
            Self::Undo(asked) => asked.draw(page, words),
            Self::Leaving => {
                page.text(&words.text("ui-leaving"), page.theme.strong());
                let key = [("key", page.theme.keys().shown("ui-key-drop").into())];
                page.text(&words.with("ui-leaving-more", &key), Style::new());
            }
            Self::DropDraft(saved) if saved.former.is_some() => {
                let args = [("name", saved.draft.name.as_str().into())];
                page.text(
                    &words.with("ui-ask-drop-changes", &args),
                    page.theme.strong(),
                );
            }
            Self::DropDraft(_) => page.text(&words.text("ui-ask-drop"), page.theme.strong()),
            Self::RunAll(destinations, which) => run_all(page, destinations, *which, words),
            Self::Export(checked) => {
                page.text(&words.text("ui-ask-export"), page.theme.strong());
                page.gap();
                super::wizard::totals(page, checked, words);
            }
            Self::LeaveWizard => {
                page.text(&words.text("ui-ask-leave"), page.theme.strong());
                page.text(&words.text("ui-ask-leave-more"), Style::new());
            }
            Self::Quit => {
                page.text(&words.text("ui-ask-quit"), page.theme.strong());
                page.text(&words.text("ui-ask-quit-more"), Style::new());
            }
            // They have an area of their own.
            Self::Changes(_) | Self::Palette(_) => {}
            Self::Told(text) => page.text(text, Style::new()),
            Self::Failed(why) => page.failure(why),
            Self::Check(Wait::Failed(why)) => page.failure(why),
            Self::Check(Wait::Done(checked)) => {
                let name = [("name", checked.name.as_str().into())];
                page.text(&words.with("ui-check-title", &name), page.theme.strong());
                super::wizard::totals(page, checked, words);
            }
            Self::Check(_) => page.text(&words.text("ui-review-checking"), Style::new()),
        }
    }
}

/// Finds what lies over the screen, also under help and the list of commands.
pub(super) fn overlaid(
    overlay: &mut Option<Overlay>,
    fits: impl Fn(&Overlay) -> bool,
) -> Option<&mut Overlay> {
    let mut overlay = overlay.as_mut();
    while let Some(over) = overlay {
        if fits(over) {
            return Some(over);
        }
        overlay = match over {
            Overlay::Help(help) => help.under_mut(),
            Overlay::Palette(palette) => palette.under_mut(),
            _ => None,
        };
    }
    None
}

/// Draws what becomes of a destination without its login.
fn detach(page: &mut Page<'_, '_>, destination: &Destination, words: &Words) {
    let login = words.connection(destination.login.as_ref());
    let args = [
        ("name", destination.name.as_str().into()),
        ("login", login.into()),
    ];
    page.text(&words.with("ask-detach", &args), page.theme.strong());
    page.text(&words.text("ask-detach-more"), Style::new());
}

/// Draws which destinations would be run.
fn run_all(page: &mut Page<'_, '_>, destinations: &[Destination], which: Which, words: &Words) {
    let key = match which {
        Which::Fresh => "ask-run-all-fresh",
        Which::Usual | Which::Rejects => "ask-run-all",
    };
    let args = [("count", destinations.len().into())];
    page.text(&words.with(key, &args), page.theme.strong());
    page.text(&words.text("ask-run-all-more"), page.theme.faint());
    page.gap();
    for destination in destinations {
        page.line(cut(destination.name.as_str(), page.width()));
    }
}

impl App {
    /// Takes a key for what lies over the screen.
    pub fn overlay_key(&mut self, command: Command, event: KeyEvent) {
        let Some(overlay) = self.overlay.take() else {
            return;
        };
        match (overlay, command) {
            (Overlay::Leaving, Command::Stop) => self.leave(self.leaving.unwrap_or(130)),
            (Overlay::Leaving, _) => self.overlay = Some(Overlay::Leaving),
            (overlay @ (Overlay::Changes(_) | Overlay::Check(_)), Command::Palette) => {
                self.show_palette(Some(overlay));
            }
            (Overlay::Help(help), Command::Back | Command::Enter | Command::Help) => {
                self.overlay = help.under();
                self.scroll = 0;
            }
            (overlay, Command::Help) if overlay.has_help() => self.show_help(Some(overlay)),
            (Overlay::Palette(palette), command) => self.palette_key(palette, command, event),
            (Overlay::Changes(mut page), command) => {
                let left = page.key(command, event, &mut self.out);
                self.overlay = if left {
                    let check = page.back();
                    check.map(|checked| Overlay::Check(Wait::Done(checked)))
                } else {
                    Some(Overlay::Changes(page))
                };
            }
            (Overlay::Check(Wait::Done(checked)), Command::Changes) => self.show_changes(checked),
            (Overlay::Schedule(asked), command) => self.schedule_key(asked, command, event),
            (Overlay::Name(asked), command) => self.name_key(asked, command, event),
            (Overlay::LeaveWizard, Command::Enter | Command::Back) => self.leave_wizard(true),
            (overlay @ Overlay::LeaveWizard, Command::Stop) | (overlay, Command::Back) => {
                self.close(&overlay);
            }
            (overlay, command) if scrolled(self.scroll, command).is_some() => {
                self.scroll = scrolled(self.scroll, command).unwrap_or_default();
                self.overlay = Some(overlay);
            }
            (overlay, Command::Yes) => self.agreed(overlay),
            (Overlay::Remove(mut asked), Command::Choose) if asked.has_logins() => {
                asked.keep_login = !asked.keep_login;
                self.overlay = Some(Overlay::Remove(asked));
            }
            (Overlay::LeaveWizard, Command::Remove) => self.leave_wizard(false),
            // Enter neither agrees nor refuses: a question wants a clear answer.
            (overlay, Command::Enter) if !overlay.is_question() => {
                self.close(&overlay);
            }
            (overlay, command) => {
                self.overlay = Some(overlay);
                if command == Command::Enter {
                    self.tell_how_to_answer();
                }
            }
        }
    }

    /// Says which keys answer a question: Enter neither agrees nor refuses.
    fn tell_how_to_answer(&mut self) {
        let all = self.theme.keys().bindings(self.context());
        let written: Vec<_> = all.filter(|one| !one.label.is_empty()).collect();
        let key = |command| written.iter().find(|one| one.command == command);
        if let (Some(yes), Some(no)) = (key(Command::Yes), key(Command::Back)) {
            self.notice = Some(Notice::YesOrNo(yes.shown, no.shown));
        }
    }

    /// Does what was agreed to.
    fn agreed(&mut self, overlay: Overlay) {
        match overlay {
            // What goes with it is seen before anyone can agree.
            Overlay::Remove(asked) if asked.logins.get().is_some() => self.remove(*asked),
            Overlay::Undo(asked) if asked.offer.get().is_some() => self.undo(*asked),
            Overlay::DropDraft(saved) => {
                self.out.push(Effect::Forget(saved.id));
                self.reload();
            }
            Overlay::RunAll(all, which) => self.run_all(all, which),
            Overlay::Detach(destination) => self.change(*destination, Change::Detach),
            Overlay::Export(_) => self.export_wizard(),
            Overlay::Logout(asked) => self.log_out(*asked),
            Overlay::Quit => self.leave(130),
            other => self.overlay = Some(other),
        }
    }

    /// Shows what a check would change, where it was kept.
    fn show_changes(&mut self, checked: Box<Checked>) {
        self.overlay = Some(match checked.diff.clone() {
            Some(diff) => {
                let page = ChangesPage::open(diff, Some(checked), &mut self.out);
                Overlay::Changes(Box::new(page))
            }
            None => Overlay::Check(Wait::Done(checked)),
        });
    }

    fn export_wizard(&mut self) {
        if let Screen::Wizard(wizard) = &mut self.screen {
            wizard.export(self.clock, &mut self.out);
        }
    }

    fn leave_wizard(&mut self, keeps: bool) {
        if let Screen::Wizard(wizard) = &mut self.screen {
            let after = wizard.leave(keeps, &mut self.out);
            self.after(after);
        }
    }

    fn close(&mut self, overlay: &Overlay) {
        if matches!(overlay, Overlay::Check(_)) {
            self.out.push(Effect::DropCheck);
        }
    }
}
