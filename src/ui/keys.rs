//! Which key means what, where. The footer is drawn from the same table, so that it never promises another key.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::words::Lang;

/// What a key asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Command {
    /// One up.
    Up,
    /// One down.
    Down,
    /// To the left.
    Left,
    /// To the right.
    Right,
    /// A page up.
    PageUp,
    /// A page down.
    PageDown,
    /// To the first.
    First,
    /// To the last.
    Last,
    /// To the next field.
    NextField,
    /// To the field before.
    PrevField,
    /// Goes on.
    Enter,
    /// Chooses what the cursor is on.
    Choose,
    /// One level back; no.
    Back,
    /// Yes.
    Yes,
    /// Shows help.
    Help,
    /// Ends the program.
    Quit,
    /// Makes a destination.
    New,
    /// Runs.
    Run,
    /// Runs, and believes nothing that is remembered.
    Fresh,
    /// Sends rejects again.
    Again,
    /// Checks.
    Check,
    /// Edits.
    Edit,
    /// Removes.
    Remove,
    /// Takes a run back.
    Undo,
    /// Filters.
    Filter,
    /// Copies an address.
    Copy,
    /// Stops.
    Stop,
    /// Shows what would become of each contact.
    Changes,
    /// Looks at rejects, members or another detail.
    Look,
    /// All of them.
    All,
    /// Sorts by the next column.
    Sort,
    /// Sorts the other way round.
    Reverse,
    /// Adds a line.
    Add,
    /// Opens a page in the browser.
    Browse,
    /// Takes no part in the table: the key is typed.
    Type,
}

/// Where a key is pressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Context {
    /// The list of destinations.
    Home,
    /// A text is being typed that narrows a list down.
    Filter,
    /// A step of the wizard that is read or chosen from.
    Choices,
    /// A step of the wizard in which text is typed.
    Typing,
    /// Signing in, while the browser is waited for.
    Waiting,
    /// Signing in with a code, while another device is waited for.
    Code,
    /// Data matching.
    Matching,
    /// The list of segments.
    Segments,
    /// The last step.
    Review,
    /// The live pane.
    Pane,
    /// The report.
    Report,
    /// A report whose rejects may be sent again.
    ReportAgain,
    /// A table or text to scroll in.
    Table,
    /// The outcome of a check.
    Checked,
    /// What would become of each contact.
    Changes,
    /// A question with yes and no, in the letters of a language.
    Confirm(Lang),
    /// The same, with a box to tick.
    Removal(Lang),
    /// Waiting for exports to stop, to end then.
    Leaving,
}

/// One line of the table.
pub(super) struct Binding {
    /// The key.
    pub code: KeyCode,
    /// How the footer writes it.
    pub shown: &'static str,
    /// What it asks for.
    pub command: Command,
    /// The text beside it in the footer; empty to leave it out.
    pub label: &'static str,
}

const fn key(code: KeyCode, shown: &'static str, command: Command, label: &'static str) -> Binding {
    Binding {
        code,
        shown,
        command,
        label,
    }
}

const fn letter(c: char, shown: &'static str, command: Command, label: &'static str) -> Binding {
    key(KeyCode::Char(c), shown, command, label)
}

const HOME: &[Binding] = &[
    letter('n', "n", Command::New, "ui-key-new"),
    letter('r', "r", Command::Run, "ui-key-run"),
    letter(' ', "␣", Command::Choose, "ui-key-choose"),
    letter('c', "c", Command::Check, "ui-key-check"),
    letter('e', "e", Command::Edit, "ui-key-edit"),
    key(KeyCode::Enter, "↵", Command::Enter, "ui-key-open"),
    letter('q', "q", Command::Quit, "ui-key-quit"),
    letter('/', "/", Command::Filter, "ui-key-filter"),
    letter('s', "s", Command::Sort, "ui-key-sort"),
    letter('S', "S", Command::Reverse, "ui-key-reverse"),
    letter('a', "a", Command::All, "ui-key-all"),
    letter('d', "d", Command::Remove, "ui-key-remove"),
    letter('f', "f", Command::Fresh, "ui-key-fresh"),
    letter('u', "u", Command::Undo, "ui-key-undo"),
];
const FILTER: &[Binding] = &[
    key(KeyCode::Enter, "↵", Command::Enter, "ui-key-done"),
    key(KeyCode::Esc, "esc", Command::Back, "ui-key-clear"),
];
const CHOICES: &[Binding] = &[
    key(KeyCode::Enter, "↵", Command::Enter, "ui-key-next"),
    letter(' ', "␣", Command::Choose, "ui-key-choose"),
    key(KeyCode::Esc, "esc", Command::Back, "ui-key-back"),
];
const TYPING: &[Binding] = &[
    key(KeyCode::Enter, "↵", Command::Enter, "ui-key-next"),
    key(KeyCode::Tab, "⇥", Command::NextField, "ui-key-field"),
    key(KeyCode::Esc, "esc", Command::Back, "ui-key-back"),
];
const WAITING: &[Binding] = &[
    key(KeyCode::Enter, "↵", Command::Enter, "ui-key-browser"),
    key(KeyCode::F(2), "F2", Command::Copy, "ui-key-copy"),
    key(KeyCode::Esc, "esc", Command::Back, "ui-key-cancel"),
];
const CODE: &[Binding] = &[
    letter('c', "c", Command::Copy, "ui-key-copy-code"),
    key(KeyCode::Enter, "↵", Command::Enter, "ui-key-browser"),
    key(KeyCode::Esc, "esc", Command::Back, "ui-key-cancel"),
];
const MATCHING: &[Binding] = &[
    key(KeyCode::Enter, "↵", Command::Enter, "ui-key-go"),
    letter(' ', "␣", Command::Choose, "ui-key-change"),
    letter('a', "a", Command::Add, "ui-key-add"),
    letter('d', "d", Command::Remove, "ui-key-remove"),
    letter('v', "v", Command::Look, "ui-key-preview"),
    key(KeyCode::Esc, "esc", Command::Back, "ui-key-back"),
];
const SEGMENTS: &[Binding] = &[
    key(KeyCode::Enter, "↵", Command::Enter, "ui-key-next"),
    letter(' ', "␣", Command::Choose, "ui-key-choose"),
    letter('a', "a", Command::All, "ui-key-all"),
    letter('/', "/", Command::Filter, "ui-key-filter"),
    letter('v', "v", Command::Look, "ui-key-members"),
    key(KeyCode::Esc, "esc", Command::Back, "ui-key-back"),
];
const REVIEW: &[Binding] = &[
    key(KeyCode::Enter, "↵", Command::Enter, "ui-key-go"),
    letter('c', "c", Command::Check, "ui-key-check"),
    letter('d', "d", Command::Changes, "ui-key-changes"),
    key(KeyCode::Esc, "esc", Command::Back, "ui-key-back"),
];
const PANE: &[Binding] = &[
    letter('s', "s", Command::Stop, "ui-key-stop"),
    letter('b', "b", Command::Back, "ui-key-background"),
    key(KeyCode::Esc, "", Command::Back, ""),
    letter('q', "q", Command::Quit, "ui-key-quit"),
];
const REPORT: &[Binding] = &[
    key(KeyCode::Enter, "↵", Command::Enter, "ui-key-home"),
    letter('r', "r", Command::Look, "ui-key-rejects"),
    letter('o', "o", Command::Browse, "ui-key-browser"),
    letter('c', "c", Command::Copy, "ui-key-copy"),
    letter('u', "u", Command::Undo, "ui-key-undo"),
    key(KeyCode::Esc, "esc", Command::Back, "ui-key-back"),
];
const REPORT_AGAIN: &[Binding] = &[
    key(KeyCode::Enter, "↵", Command::Enter, "ui-key-home"),
    letter('r', "r", Command::Look, "ui-key-rejects"),
    letter('x', "x", Command::Again, "ui-key-again"),
    letter('o', "o", Command::Browse, "ui-key-browser"),
    letter('u', "u", Command::Undo, "ui-key-undo"),
    key(KeyCode::Esc, "esc", Command::Back, "ui-key-back"),
    letter('c', "c", Command::Copy, "ui-key-copy"),
];
const TABLE: &[Binding] = &[
    key(KeyCode::Up, "↑↓", Command::Up, "ui-key-move"),
    key(KeyCode::Esc, "esc", Command::Back, "ui-key-back"),
    key(KeyCode::Enter, "", Command::Back, ""),
    letter('v', "", Command::Back, ""),
    letter('r', "", Command::Back, ""),
];
const CHECKED: &[Binding] = &[
    key(KeyCode::Up, "↑↓", Command::Up, "ui-key-move"),
    letter('d', "d", Command::Changes, "ui-key-changes"),
    key(KeyCode::Esc, "esc", Command::Back, "ui-key-back"),
    key(KeyCode::Enter, "", Command::Back, ""),
];
const CHANGES: &[Binding] = &[
    key(KeyCode::Up, "↑↓", Command::Up, "ui-key-move"),
    key(KeyCode::Tab, "⇥", Command::NextField, "ui-key-kind"),
    key(KeyCode::Enter, "↵", Command::Enter, "ui-key-whole"),
    letter('/', "/", Command::Filter, "ui-key-filter"),
    key(KeyCode::Esc, "esc", Command::Back, "ui-key-back"),
];
const CONFIRM: &[Binding] = &[
    letter('y', "y", Command::Yes, "ui-key-yes"),
    letter('n', "n", Command::Back, "ui-key-no"),
    key(KeyCode::Esc, "", Command::Back, ""),
];
const CONFIRM_SV: &[Binding] = &[
    letter('j', "j", Command::Yes, "ui-key-yes"),
    letter('y', "", Command::Yes, ""),
    letter('n', "n", Command::Back, "ui-key-no"),
    key(KeyCode::Esc, "", Command::Back, ""),
];
const REMOVAL: &[Binding] = &[
    letter('y', "y", Command::Yes, "ui-key-yes"),
    letter('n', "n", Command::Back, "ui-key-no"),
    letter(' ', "␣", Command::Choose, "ui-key-login-too"),
    key(KeyCode::Esc, "", Command::Back, ""),
];
const REMOVAL_SV: &[Binding] = &[
    letter('j', "j", Command::Yes, "ui-key-yes"),
    letter('y', "", Command::Yes, ""),
    letter('n', "n", Command::Back, "ui-key-no"),
    letter(' ', "␣", Command::Choose, "ui-key-login-too"),
    key(KeyCode::Esc, "", Command::Back, ""),
];
const LEAVING: &[Binding] = &[letter('s', "s", Command::Stop, "ui-key-drop")];
/// What every place has that is not typed in.
const EVERYWHERE: &[Binding] = &[
    letter('?', "?", Command::Help, ""),
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
const ALWAYS: &[Binding] = &[
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

impl Context {
    /// Lists the keys of the place itself, in the order of the footer.
    pub fn bindings(self) -> &'static [Binding] {
        match self {
            Self::Home => HOME,
            Self::Filter => FILTER,
            Self::Choices => CHOICES,
            Self::Typing => TYPING,
            Self::Waiting => WAITING,
            Self::Code => CODE,
            Self::Matching => MATCHING,
            Self::Segments => SEGMENTS,
            Self::Review => REVIEW,
            Self::Pane => PANE,
            Self::Report => REPORT,
            Self::ReportAgain => REPORT_AGAIN,
            Self::Table => TABLE,
            Self::Checked => CHECKED,
            Self::Changes => CHANGES,
            Self::Confirm(Lang::En) => CONFIRM,
            Self::Confirm(Lang::Sv) => CONFIRM_SV,
            Self::Removal(Lang::En) => REMOVAL,
            Self::Removal(Lang::Sv) => REMOVAL_SV,
            Self::Leaving => LEAVING,
        }
    }

    /// Tells whether letters are typed here.
    pub fn types(self) -> bool {
        matches!(self, Self::Filter | Self::Typing | Self::Waiting)
    }

    /// Tells the key that shows help here: a question mark may be part of a text.
    pub fn help(self) -> (&'static str, KeyCode) {
        if self.types() {
            ("F1", KeyCode::F(1))
        } else {
            ("?", KeyCode::Char('?'))
        }
    }

    /// Finds what a key asks for here.
    pub fn command(self, event: KeyEvent) -> Command {
        let plain = !event
            .modifiers
            .intersects(KeyModifiers::CONTROL | KeyModifiers::ALT);
        let everywhere: &[Binding] = if self.types() { &[] } else { EVERYWHERE };
        self.bindings()
            .iter()
            .chain(everywhere)
            .chain(ALWAYS)
            .find(|binding| plain && binding.code == event.code)
            .map_or(Command::Type, |binding| binding.command)
    }
}

#[cfg(test)]
mod tests {
    use super::{Command, Context};
    use crate::words::Lang;
    use crossterm::event::{KeyCode, KeyEvent};

    #[test]
    fn only_the_letter_that_a_question_names_says_yes() {
        let yes = |context: Context| {
            let all = (' '..='~')
                .map(KeyCode::Char)
                .chain([KeyCode::Enter, KeyCode::Down]);
            let says_yes = all.filter(|code| context.command((*code).into()) == Command::Yes);
            says_yes.collect::<Vec<_>>()
        };
        for context in [Context::Confirm, Context::Removal] {
            let (en, sv) = (yes(context(Lang::En)), yes(context(Lang::Sv)));
            assert_eq!(en, [KeyCode::Char('y')], "j moves down");
            assert_eq!(sv, [KeyCode::Char('j'), KeyCode::Char('y')]);
        }
    }

    #[test]
    fn help_is_there_everywhere_and_letters_are_typed_in_fields() {
        for context in [
            Context::Home,
            Context::Filter,
            Context::Choices,
            Context::Typing,
            Context::Waiting,
            Context::Code,
            Context::Matching,
            Context::Segments,
            Context::Review,
            Context::Pane,
            Context::Report,
            Context::ReportAgain,
            Context::Table,
            Context::Checked,
            Context::Changes,
            Context::Confirm(Lang::En),
            Context::Confirm(Lang::Sv),
            Context::Removal(Lang::En),
            Context::Removal(Lang::Sv),
            Context::Leaving,
        ] {
            let (_, help) = context.help();
            assert_eq!(context.command(help.into()), Command::Help, "{context:?}");
            assert_eq!(
                context.command(KeyEvent::from(KeyCode::Char('k'))) == Command::Type,
                context.types()
            );
            assert_eq!(context.command(KeyCode::Esc.into()), Command::Back);
        }
    }
}
