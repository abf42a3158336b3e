//! What a run would do about every contact: lines for people, CSV, or an array for programs.

use serde_json::Value;
use unicode_width::UnicodeWidthStr;

use super::Context;
use super::out::{LongJson, print};
use crate::domain::{Change, ChangeKind, printable};
use crate::export::{Diff, Error};
use crate::store::{CHANGE_COLUMNS, Which, change_rows, csv_line};
use crate::words::Words;

/// How wide the column of addresses is at most: a longer one pushes its own line aside, and no other.
const WIDEST: usize = 34;

/// Which changes are told: those who stay as they are only where much is to be said.
fn which(context: &Context) -> Which {
    if context.verbose > 0 {
        Which::Everything
    } else {
        Which::Changes
    }
}

/// Prints an object with the changes behind its other keys.
pub(super) fn print_json(context: &Context, object: &Value, diff: &Diff) -> Result<(), Error> {
    let mut json = LongJson::begin(object, "changes");
    diff.each(which(context), |change| json.item(change))
}

/// Prints CSV, and nothing else.
pub(super) fn print_csv(context: &Context, diff: &Diff) -> Result<(), Error> {
    print(&csv_line(CHANGE_COLUMNS));
    diff.each(which(context), |change| {
        for row in change_rows(change) {
            print(&csv_line(row.iter().map(String::as_str)));
        }
    })
}

/// Prints a line for each contact.
pub(super) fn print_lines(context: &Context, diff: &Diff) -> Result<(), Error> {
    let words = &context.words;
    let wide = ChangeKind::ALL.map(|kind| words.change(kind).width());
    let wide = wide.into_iter().max().unwrap_or(0);
    diff.each(which(context), |change| print(&line(change, wide, words)))
}

fn line(change: &Change, wide: usize, words: &Words) -> String {
    let what = padded(&words.change(change.what), wide);
    let who = padded(&printable(change.who()), WIDEST);
    let told = words.told(change).join(" · ");
    format!("{} {what}  {who}  {told}", change.what.sign())
        .trim_end()
        .to_owned()
}

fn padded(text: &str, wide: usize) -> String {
    let blanks = wide.saturating_sub(text.width());
    format!("{text}{}", " ".repeat(blanks))
}

#[cfg(test)]
mod tests {
    use super::line;
    use crate::domain::{Change, ChangeKind, FieldChange, Reason};
    use crate::store::{change_rows, csv_line};
    use crate::words::{Lang, Words};

    fn change(what: ChangeKind) -> Change {
        let field = |field: &str, old: &str, new: &str| FieldChange {
            field: field.to_owned(),
            old: old.to_owned(),
            new: new.to_owned(),
        };
        Change {
            address: "=a@x.example".to_owned(),
            profile: Some("+x7".to_owned()),
            place: "people.csv:2".to_owned(),
            what,
            reason: None,
            detail: String::new(),
            fields: vec![
                field("FNAME", "@Ann", "=1+1"),
                field("CITY", "", "Lund\u{1b}[2J\nYstad"),
            ],
            tags_added: vec!["Gold".to_owned(), "-Silver".to_owned()],
            tags_removed: Vec::new(),
            changed_in_mailchimp: true,
        }
    }

    #[test]
    fn a_spreadsheet_takes_no_cell_for_a_formula_and_no_cell_breaks_a_line() {
        let rows = change_rows(&change(ChangeKind::Updated));
        let lines = rows
            .iter()
            .map(|row| csv_line(row.iter().map(String::as_str)));
        let lines: Vec<String> = lines.collect();
        assert_eq!(
            lines,
            [
                "'=a@x.example,'+x7,updated,,FNAME,'@Ann,'=1+1,\"Gold, -Silver\",,people.csv:2",
                "'=a@x.example,'+x7,updated,,CITY,,Lund␛[2J Ystad,\"Gold, -Silver\",,people.csv:2",
            ]
        );
    }

    #[test]
    fn a_line_tells_what_becomes_of_a_contact_and_steers_no_terminal() {
        let words = Words::new(Lang::En);
        let told = line(&change(ChangeKind::Updated), 10, &words);
        let wanted = "~ updated     =a@x.example                        First name: @Ann → =1+1 · CITY: — → Lund␛[2J Ystad · +Gold · +-Silver · changed in Mailchimp";
        assert_eq!(told, wanted);
        let left = Change {
            reason: Some(Reason::Unsubscribed),
            fields: Vec::new(),
            tags_added: Vec::new(),
            changed_in_mailchimp: false,
            ..change(ChangeKind::Suppressed)
        };
        assert!(
            line(&left, 10, &words).ends_with("unsubscribed"),
            "{left:?}"
        );
    }
}
