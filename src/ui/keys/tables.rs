//! The tables: which key asks for what, place by place, in the order of the footer.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use super::Command;

/// One line of the table.
#[derive(Debug, Clone, Copy)]
pub(in crate::ui) struct Binding {
    /// The key.
    pub code: KeyCode,
    /// Whether Ctrl is held with it.
    pub held: bool,
    /// How the footer writes it.
    pub shown: &'static str,
    /// What it asks for.
    pub command: Command,
    /// The text beside it in the footer; empty to leave it out.
    pub label: &'static str,
}

impl Binding {
    /// The key as it arrives when it is pressed.
    pub fn event(&self) -> KeyEvent {
        let modifiers = if self.held {
            KeyModifiers::CONTROL
        } else {
            KeyModifiers::NONE
        };
        KeyEvent::new(self.code, modifiers)
    }
}

const fn key(code: KeyCode, shown: &'static str, command: Command, label: &'static str) -> Binding {
    Binding {
        code,
        held: false,
        shown,
        command,
        label,
    }
}

const fn letter(c: char, shown: &'static str, command: Command, label: &'static str) -> Binding {
    key(KeyCode::Char(c), shown, command, label)
}

/// What every step of the wizard has at its end.
const STEP_BACK: Binding = key(
    KeyCode::BackTab,
    "⇧⇥",
    Command::StepBack,
    "ui-key-step-back",
);
const LEAVE: Binding = key(KeyCode::Esc, "esc", Command::Back, "ui-key-leave");

pub(super) const HOME: &[Binding] = &[
    letter('n', "n", Command::New, "ui-key-new"),
    letter('r', "r", Command::Run, "ui-key-run"),
    letter('c', "c", Command::Check, "ui-key-check"),
    letter('e', "e", Command::Edit, "ui-key-edit"),
    key(KeyCode::Enter, "↵", Command::Enter, "ui-key-open"),
    letter('h', "h", Command::History, "ui-key-history"),
    letter('t', "t", Command::Schedule, "key-schedule"),
    letter('u', "u", Command::Undo, "ui-key-undo"),
    letter(' ', "␣", Command::Choose, "ui-key-choose"),
    letter('q', "q", Command::Quit, "ui-key-quit"),
    letter('/', "/", Command::Filter, "ui-key-filter"),
    letter('s', "s", Command::Sort, "ui-key-sort"),
    letter('S', "S", Command::Reverse, "ui-key-reverse"),
    letter('a', "a", Command::All, "ui-key-all"),
    letter('v', "v", Command::View, "key-view"),
    letter('l', "l", Command::Logins, "key-logins"),
    letter('d', "d", Command::Remove, "ui-key-remove"),
    letter('R', "R", Command::Rename, "key-rename"),
    letter('D', "D", Command::Duplicate, "key-duplicate"),
    letter('f', "f", Command::Fresh, "ui-key-fresh"),
    key(KeyCode::Esc, "esc", Command::Back, "ui-key-clear"),
];
pub(super) const ABOUT: &[Binding] = &[
    key(KeyCode::Up, "↑↓", Command::Up, "ui-key-move"),
    letter('e', "e", Command::Edit, "ui-key-edit"),
    letter('r', "r", Command::Run, "ui-key-run"),
    letter('c', "c", Command::Check, "ui-key-check"),
    letter('R', "R", Command::Rename, "key-rename"),
    letter('D', "D", Command::Duplicate, "key-duplicate"),
    letter('x', "x", Command::Detach, "key-detach"),
    key(KeyCode::Esc, "esc", Command::Back, "ui-key-back"),
    letter('v', "", Command::View, ""),
];
pub(super) const LOGINS: &[Binding] = &[
    key(KeyCode::Up, "↑↓", Command::Up, "ui-key-move"),
    letter('d', "d", Command::Remove, "ui-key-remove"),
    key(KeyCode::Esc, "esc", Command::Back, "ui-key-back"),
];
pub(super) const NAMING: &[Binding] = &[
    key(KeyCode::Enter, "↵", Command::Enter, "ui-key-done"),
    key(KeyCode::Esc, "esc", Command::Back, "ui-key-cancel"),
];
pub(super) const SCHEDULING: &[Binding] = &[
    key(KeyCode::Enter, "↵", Command::Enter, "ui-key-done"),
    key(KeyCode::Tab, "⇥", Command::NextField, "ui-key-field"),
    key(KeyCode::Esc, "esc", Command::Back, "ui-key-cancel"),
];
pub(super) const FILTER: &[Binding] = &[
    key(KeyCode::Enter, "↵", Command::Enter, "ui-key-done"),
    key(KeyCode::Esc, "esc", Command::Back, "ui-key-clear"),
];
pub(super) const PICKER: &[Binding] = &[
    key(KeyCode::Enter, "↵", Command::Enter, "ui-key-choose"),
    key(KeyCode::Up, "↑↓", Command::Up, "ui-key-move"),
    key(KeyCode::Esc, "esc", Command::Back, "ui-key-back"),
];
pub(super) const CHOICES: &[Binding] = &[
    key(KeyCode::Enter, "↵", Command::Enter, "ui-key-next"),
    letter(' ', "␣", Command::Choose, "ui-key-choose"),
    STEP_BACK,
    LEAVE,
];
pub(super) const VALUE: &[Binding] = &[
    key(KeyCode::Enter, "↵", Command::Enter, "ui-key-change"),
    STEP_BACK,
    LEAVE,
];
pub(super) const FORM: &[Binding] = &[
    key(KeyCode::Enter, "↵", Command::Enter, "ui-key-next"),
    letter(' ', "␣", Command::Choose, "ui-key-choose"),
    key(KeyCode::Esc, "esc", Command::Back, "ui-key-back"),
];
pub(super) const LINE: &[Binding] = &[
    key(KeyCode::Enter, "↵", Command::Enter, "ui-key-next"),
    STEP_BACK,
    LEAVE,
];
pub(super) const AUDIENCE: &[Binding] = &[
    key(KeyCode::Enter, "↵", Command::Enter, "ui-key-next"),
    key(KeyCode::Up, "↑↓", Command::Up, "ui-key-choose"),
    key(KeyCode::Tab, "⇥", Command::NextField, "ui-key-account"),
    STEP_BACK,
    LEAVE,
];
pub(super) const TYPING: &[Binding] = &[
    key(KeyCode::Enter, "↵", Command::Enter, "ui-key-next"),
    key(KeyCode::Tab, "⇥", Command::NextField, "ui-key-field"),
    key(KeyCode::Esc, "esc", Command::Back, "ui-key-back"),
];
pub(super) const QUERY: &[Binding] = &[
    key(KeyCode::Enter, "↵", Command::Type, "ui-key-line"),
    key(KeyCode::Tab, "⇥", Command::NextField, "ui-key-field"),
    key(KeyCode::Esc, "esc", Command::Back, "ui-key-back"),
];
pub(super) const WAITING: &[Binding] = &[
    key(KeyCode::Enter, "↵", Command::Enter, "ui-key-browser"),
    key(KeyCode::F(2), "F2", Command::Copy, "ui-key-copy"),
    key(KeyCode::Esc, "esc", Command::Back, "ui-key-cancel"),
];
pub(super) const CODE: &[Binding] = &[
    letter('c', "c", Command::Copy, "ui-key-copy-code"),
    key(KeyCode::Enter, "↵", Command::Enter, "ui-key-browser"),
    key(KeyCode::Esc, "esc", Command::Back, "ui-key-cancel"),
];
pub(super) const MATCHING: &[Binding] = &[
    key(KeyCode::Enter, "↵", Command::Enter, "ui-key-go"),
    letter(' ', "␣", Command::Choose, "ui-key-change"),
    letter('a', "a", Command::Add, "ui-key-add"),
    letter('d', "d", Command::Remove, "ui-key-remove"),
    letter('v', "v", Command::Look, "ui-key-preview"),
    STEP_BACK,
    LEAVE,
];
pub(super) const SEGMENTS: &[Binding] = &[
    key(KeyCode::Enter, "↵", Command::Enter, "ui-key-next"),
    letter(' ', "␣", Command::Choose, "ui-key-choose"),
    letter('a', "a", Command::All, "ui-key-all"),
    letter('/', "/", Command::Filter, "ui-key-filter"),
    letter('v', "v", Command::Look, "ui-key-members"),
    STEP_BACK,
    LEAVE,
];
pub(super) const REVIEW: &[Binding] = &[
    key(KeyCode::Enter, "↵", Command::Enter, "ui-key-go"),
    letter('e', "e", Command::Edit, "ui-key-export"),
    letter('c', "c", Command::Check, "ui-key-check"),
    letter('d', "d", Command::Changes, "ui-key-changes"),
    STEP_BACK,
    LEAVE,
];
pub(super) const GO_TO: &[Binding] = &[
    letter('1', "1…8", Command::Type, "ui-key-step"),
    key(KeyCode::Esc, "esc", Command::Back, "ui-key-cancel"),
];
pub(super) const LEAVE_WIZARD: &[Binding] = &[
    key(KeyCode::Enter, "↵", Command::Enter, "ui-key-leave"),
    // Whoever presses it again wants to get out, and nothing is lost.
    key(KeyCode::Esc, "", Command::Back, ""),
    letter('s', "s", Command::Stop, "ui-key-stay"),
    letter('d', "d", Command::Remove, "ui-key-throw-away"),
];
pub(super) const PANE: &[Binding] = &[
    key(KeyCode::Up, "↑↓", Command::Up, "ui-key-segments"),
    letter('s', "s", Command::Stop, "ui-key-stop"),
    letter('b', "b", Command::Back, "ui-key-background"),
    key(KeyCode::Esc, "", Command::Back, ""),
    letter('q', "q", Command::Quit, "ui-key-quit"),
];
pub(super) const REPORT: &[Binding] = &[
    key(KeyCode::Enter, "↵", Command::Enter, "ui-key-home"),
    letter('r', "r", Command::Look, "ui-key-rejects"),
    letter('d', "d", Command::Changes, "ui-key-did"),
    letter('x', "x", Command::Again, "ui-key-again"),
    letter('u', "u", Command::Undo, "ui-key-undo"),
    letter('e', "e", Command::Edit, "ui-key-edit"),
    letter('o', "o", Command::Browse, "ui-key-browser"),
    letter('h', "h", Command::History, "ui-key-history"),
    key(KeyCode::Esc, "esc", Command::Back, "ui-key-back"),
    letter('c', "c", Command::Copy, "ui-key-copy"),
    key(KeyCode::Up, "↑↓", Command::Up, "ui-key-move"),
];
pub(super) const HISTORY: &[Binding] = &[
    key(KeyCode::Up, "↑↓", Command::Up, "ui-key-move"),
    key(KeyCode::Enter, "↵", Command::Enter, "ui-key-whole"),
    key(KeyCode::Left, "←→", Command::Left, "ui-key-segments"),
    key(KeyCode::Esc, "esc", Command::Back, "ui-key-back"),
];
pub(super) const TABLE: &[Binding] = &[
    key(KeyCode::Up, "↑↓", Command::Up, "ui-key-move"),
    key(KeyCode::Esc, "esc", Command::Back, "ui-key-back"),
    key(KeyCode::Enter, "", Command::Back, ""),
    letter('v', "", Command::Back, ""),
    letter('r', "", Command::Back, ""),
];
pub(super) const CHECKED: &[Binding] = &[
    key(KeyCode::Up, "↑↓", Command::Up, "ui-key-move"),
    letter('d', "d", Command::Changes, "ui-key-changes"),
    key(KeyCode::Esc, "esc", Command::Back, "ui-key-back"),
    key(KeyCode::Enter, "", Command::Back, ""),
];
pub(super) const ROWS: &[Binding] = &[
    key(KeyCode::Tab, "⇥", Command::NextField, "ui-key-kind"),
    letter('/', "/", Command::Filter, "ui-key-filter"),
    letter('s', "s", Command::Sort, "ui-key-sort"),
    letter('c', "c", Command::Copy, "ui-key-copy"),
    letter('w', "w", Command::Write, "key-write"),
    key(KeyCode::Enter, "↵", Command::Enter, "ui-key-whole"),
    key(KeyCode::Esc, "esc", Command::Back, "ui-key-back"),
    letter('S', "S", Command::Reverse, "ui-key-reverse"),
];
pub(super) const CONFIRM: &[Binding] = &[
    letter('y', "y", Command::Yes, "ui-key-yes"),
    letter('n', "n", Command::Back, "ui-key-no"),
    key(KeyCode::Esc, "", Command::Back, ""),
];
pub(super) const CONFIRM_SV: &[Binding] = &[
    letter('j', "j", Command::Yes, "ui-key-yes"),
    letter('y', "", Command::Yes, ""),
    letter('n', "n", Command::Back, "ui-key-no"),
    key(KeyCode::Esc, "", Command::Back, ""),
];
pub(super) const REMOVAL: &[Binding] = &[
    letter('y', "y", Command::Yes, "ui-key-yes"),
    letter('n', "n", Command::Back, "ui-key-no"),
    letter(' ', "␣", Command::Choose, "ui-key-login-too"),
    key(KeyCode::Esc, "", Command::Back, ""),
];
pub(super) const REMOVAL_SV: &[Binding] = &[
    letter('j', "j", Command::Yes, "ui-key-yes"),
    letter('y', "", Command::Yes, ""),
    letter('n', "n", Command::Back, "ui-key-no"),
    letter(' ', "␣", Command::Choose, "ui-key-login-too"),
    key(KeyCode::Esc, "", Command::Back, ""),
];
pub(super) const LEAVING: &[Binding] = &[letter('s', "s", Command::Stop, "ui-key-drop")];
pub(super) const PALETTE: &[Binding] = &[
    key(KeyCode::Enter, "↵", Command::Enter, "ui-key-go"),
    key(KeyCode::Up, "↑↓", Command::Up, "ui-key-move"),
    key(KeyCode::Esc, "esc", Command::Back, "ui-key-cancel"),
];
/// What every place has that is not typed in.
pub(super) const EVERYWHERE: &[Binding] = &[
    letter('?', "?", Command::Help, ""),
    letter(':', ":", Command::Palette, ""),
    letter('k', "", Command::Up, ""),
    letter('j', "", Command::Down, ""),
    letter('h', "", Command::Left, ""),
    letter('l', "", Command::Right, ""),
    letter('g', "", Command::First, ""),
    letter('G', "", Command::Last, ""),
    letter(' ', "", Command::Choose, ""),
    key(KeyCode::Home, "", Command::First, ""),
    key(KeyCode::End, "", Command::Last, ""),
    key(KeyCode::Left, "", Command::Left, ""),
    key(KeyCode::Right, "", Command::Right, ""),
];
/// What also a place has that is typed in.
pub(super) const ALWAYS: &[Binding] = &[
    key(KeyCode::F(1), "F1", Command::Help, ""),
    key(KeyCode::Up, "", Command::Up, ""),
    key(KeyCode::Down, "", Command::Down, ""),
    key(KeyCode::PageUp, "", Command::PageUp, ""),
    key(KeyCode::PageDown, "", Command::PageDown, ""),
    key(KeyCode::Tab, "", Command::NextField, ""),
    key(KeyCode::BackTab, "", Command::PrevField, ""),
    key(KeyCode::Enter, "", Command::Enter, ""),
    key(KeyCode::Esc, "", Command::Back, ""),
];
