//! Which key means what, where. The footer is drawn from the same table, so that it never promises another key.

mod map;
mod tables;

use crossterm::event::KeyCode;

use crate::words::Lang;
use tables::{
    ABOUT, AUDIENCE, CHECKED, CHOICES, CODE, CONFIRM, CONFIRM_SV, FILTER, FORM, GO_TO, HISTORY,
    HOME, LEAVE_WIZARD, LEAVING, LINE, LOGINS, MATCHING, NAMING, PALETTE, PANE, PICKER, QUERY,
    REMOVAL, REMOVAL_SV, REPORT, REVIEW, ROWS, SCHEDULING, SEGMENTS, TABLE, TYPING, VALUE, WAITING,
};

pub(super) use map::{Keys, bad_keys, name};
pub(super) use tables::Binding;

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
    /// Lists all that can be done here.
    Palette,
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
    /// Shows all that a destination is.
    View,
    /// Edits.
    Edit,
    /// Gives another name.
    Rename,
    /// Makes a copy.
    Duplicate,
    /// Sets when it runs by itself.
    Schedule,
    /// Takes the login away.
    Detach,
    /// Shows the logins.
    Logins,
    /// Removes.
    Remove,
    /// Takes a run back.
    Undo,
    /// Shows the runs of the past.
    History,
    /// Filters.
    Filter,
    /// Copies an address.
    Copy,
    /// Writes what is listed to a file.
    Write,
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
    /// To the step of the wizard before, whatever the place.
    StepBack,
    /// To the next step of the wizard that was visited.
    StepOn,
    /// To the step of the wizard whose number comes next.
    GoTo,
    /// Takes no part in the table: the key is typed.
    Type,
}

/// Where a key is pressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Context {
    /// The list of destinations.
    Home,
    /// All that a destination is.
    About,
    /// The saved logins.
    Logins,
    /// A name for a destination is being typed.
    Naming,
    /// When destinations are exported by themselves is being typed.
    Scheduling,
    /// A text is being typed that narrows a list down.
    Filter,
    /// One of a list is picked, which typing narrows down.
    Picker,
    /// A step of the wizard that is read or chosen from.
    Choices,
    /// A line of it that has a value of its own.
    Value,
    /// A line of a form that is chosen from.
    Form,
    /// A step of the wizard in which one line is typed.
    Line,
    /// The audience is chosen, or its ID typed.
    Audience,
    /// A line of a form in which text is typed.
    Typing,
    /// A text of several lines is being typed.
    Query,
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
    /// The number of a step is waited for.
    GoTo,
    /// What becomes of the answers when the wizard is left.
    LeaveWizard,
    /// The live pane.
    Pane,
    /// The report.
    Report,
    /// The runs of the past.
    History,
    /// A table or text to scroll in.
    Table,
    /// The outcome of a check.
    Checked,
    /// The rows of a table: rejects, or what would become of each contact.
    Rows,
    /// A question with yes and no, in the letters of a language.
    Confirm(Lang),
    /// The same, with a box to tick.
    Removal(Lang),
    /// Waiting for exports to stop, to end then.
    Leaving,
    /// All that can be done is listed, and narrowed down by what is typed.
    Palette,
}

impl Context {
    /// Every place.
    const ALL: [Self; 33] = [
        Self::Home,
        Self::About,
        Self::Logins,
        Self::Naming,
        Self::Scheduling,
        Self::Filter,
        Self::Picker,
        Self::Choices,
        Self::Value,
        Self::Form,
        Self::Line,
        Self::Audience,
        Self::Typing,
        Self::Query,
        Self::Waiting,
        Self::Code,
        Self::Matching,
        Self::Segments,
        Self::Review,
        Self::GoTo,
        Self::LeaveWizard,
        Self::Pane,
        Self::Report,
        Self::History,
        Self::Table,
        Self::Checked,
        Self::Rows,
        Self::Confirm(Lang::En),
        Self::Confirm(Lang::Sv),
        Self::Removal(Lang::En),
        Self::Removal(Lang::Sv),
        Self::Leaving,
        Self::Palette,
    ];

    /// Lists the keys of the place itself as the table has them, in the order of the footer.
    fn bindings(self) -> &'static [Binding] {
        match self {
            Self::Home => HOME,
            Self::About => ABOUT,
            Self::Logins => LOGINS,
            Self::Naming => NAMING,
            Self::Scheduling => SCHEDULING,
            Self::Filter => FILTER,
            Self::Picker => PICKER,
            Self::Choices => CHOICES,
            Self::Value => VALUE,
            Self::Form => FORM,
            Self::Line => LINE,
            Self::Audience => AUDIENCE,
            Self::Typing => TYPING,
            Self::Query => QUERY,
            Self::Waiting => WAITING,
            Self::Code => CODE,
            Self::Matching => MATCHING,
            Self::Segments => SEGMENTS,
            Self::Review => REVIEW,
            Self::GoTo => GO_TO,
            Self::LeaveWizard => LEAVE_WIZARD,
            Self::Pane => PANE,
            Self::Report => REPORT,
            Self::History => HISTORY,
            Self::Table => TABLE,
            Self::Checked => CHECKED,
            Self::Rows => ROWS,
            Self::Confirm(Lang::En) => CONFIRM,
            Self::Confirm(Lang::Sv) => CONFIRM_SV,
            Self::Removal(Lang::En) => REMOVAL,
            Self::Removal(Lang::Sv) => REMOVAL_SV,
            Self::Leaving => LEAVING,
            Self::Palette => PALETTE,
        }
    }

    /// Tells whether letters are typed here.
    pub fn types(self) -> bool {
        matches!(
            self,
            Self::Naming
                | Self::Scheduling
                | Self::Filter
                | Self::Picker
                | Self::Line
                | Self::Audience
                | Self::Typing
                | Self::Query
                | Self::Waiting
                | Self::Palette
        )
    }

    /// Tells the key that shows help here: a question mark may be part of a text.
    pub fn help(self) -> (&'static str, KeyCode) {
        if self.types() {
            ("F1", KeyCode::F(1))
        } else {
            ("?", KeyCode::Char('?'))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Command, Context, Keys};
    use crate::words::Lang;
    use crossterm::event::{KeyCode, KeyEvent};

    #[test]
    fn only_the_letter_that_a_question_names_says_yes() {
        let yes = |context: Context| {
            let all = (' '..='~')
                .map(KeyCode::Char)
                .chain([KeyCode::Enter, KeyCode::Down]);
            let says_yes =
                all.filter(|code| Keys::default().command(context, (*code).into()) == Command::Yes);
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
        for context in Context::ALL {
            let (_, help) = context.help();
            assert_eq!(
                Keys::default().command(context, help.into()),
                Command::Help,
                "{context:?}"
            );
            assert_eq!(
                Keys::default().command(context, KeyEvent::from(KeyCode::Char('k')))
                    == Command::Type,
                context.types()
            );
            assert_eq!(
                Keys::default().command(context, KeyCode::Esc.into()),
                Command::Back
            );
        }
    }
}
