//! The one place that writes to stdout, stderr and the log. Whatever goes there is made printable first, and no write
//! that fails can end the program: a reader that has gone away (`| head`, a closed terminal) is no reason to stop an
//! export, and a disk that is full is told at the end.

use std::borrow::Cow;
use std::io::{self, ErrorKind, IsTerminal, Write};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use serde::Serialize;
use unicode_width::UnicodeWidthStr;

use crate::domain::{escaped, printable};
use crate::store::LogFile;
use crate::words::{LongWord, address, link, wrap};

/// The first write to stdout that failed.
static LOST: OnceLock<io::Error> = OnceLock::new();

/// Tells how wide the terminal is, where talk is broken into lines of its width.
static WIDTH: OnceLock<fn() -> Option<u16>> = OnceLock::new();

/// Has talk broken into lines of the terminal's width from now on: who is asked line by line reads all of it.
pub(super) fn wrap_talk(columns: fn() -> Option<u16>) {
    let _first = WIDTH.set(columns);
}

/// Writes talk to stderr, as lines. A stderr that is closed, or a terminal that has gone away, changes nothing.
pub fn say(text: &str) {
    say_line(&wrapped(text));
}

/// Writes what is copied, such as a command, to stderr: as it is, however wide the terminal.
pub(super) fn say_line(text: &str) {
    let _gone = io::stderr().lock().write_all(lines(text).as_bytes());
}

fn wrapped(text: &str) -> Cow<'_, str> {
    let width = WIDTH.get().filter(|_| io::stderr().is_terminal());
    match width.and_then(|width| width()) {
        Some(width) => Cow::Owned(fitted(text, width.into())),
        None => Cow::Borrowed(text),
    }
}

/// Breaks lines at blanks, so that they are no wider than that; what is indented goes on deeper.
fn fitted(text: &str, width: usize) -> String {
    let fitted = text.split('\n').map(|line| {
        let told = line.trim_start_matches(' ');
        let (indent, deeper) = match line.len() - told.len() {
            0 => (0, 0),
            indent => (indent, indent + 2),
        };
        let parts = wrap(told, width.saturating_sub(deeper), LongWord::Whole);
        let parts = parts.join(&format!("\n{}", " ".repeat(deeper)));
        format!("{}{parts}", " ".repeat(indent))
    });
    fitted.collect::<Vec<_>>().join("\n")
}

/// Writes talk to stderr over what stands in the line, and stays in it.
pub(super) fn say_in_place(text: &str) {
    say_open(&format!("\r\u{1b}[2K{}", printable(text)));
}

/// Asks in a line of stderr, where the answer is typed.
pub(super) fn ask(question: &str) {
    let blanks = question.len() - question.trim_end_matches(' ').len();
    let asked = lines(&wrapped(question));
    say_open(&format!("{}{}", asked.trim_end(), " ".repeat(blanks)));
}

fn say_open(text: &str) {
    let mut err = io::stderr().lock();
    let _gone = err.write_all(text.as_bytes()).and_then(|()| err.flush());
}

/// Prints data to stdout, as lines.
pub(super) fn print(text: &str) {
    put(&lines(text));
}

/// Prints bytes that a program reads, as they are.
pub(super) fn print_raw(bytes: &[u8]) {
    let mut out = io::stdout().lock();
    if let Err(why) = out.write_all(bytes).and_then(|()| out.flush()) {
        let _first = LOST.set(why);
    }
}

/// Prints a value as JSON on one line; what is not printable is escaped.
pub(super) fn print_json(value: &impl Serialize) {
    // What is printed here is made of maps with text keys, which always have a JSON form.
    let json = serde_json::to_string(value).unwrap_or_default();
    put(&format!("{}\n", escaped(&json)));
}

/// An object that is printed as JSON on one line, with an array behind its other keys: item by item, since it may be
/// long.
pub(super) struct LongJson {
    /// What comes before the next item.
    before: &'static str,
}

impl LongJson {
    /// Prints the object as far as the array.
    pub fn begin(object: &impl Serialize, key: &str) -> Self {
        let json = serde_json::to_string(object).unwrap_or_default();
        let open = json.strip_suffix('}').unwrap_or_default();
        put(&format!("{},\"{key}\":[", escaped(open)));
        Self { before: "" }
    }

    /// Prints an item.
    pub fn item(&mut self, item: &impl Serialize) {
        let json = serde_json::to_string(item).unwrap_or_default();
        put(&format!("{}{}", self.before, escaped(&json)));
        self.before = ",";
    }
}

impl Drop for LongJson {
    /// Prints the end: what failed on the way is told elsewhere, and the line is JSON all the same.
    fn drop(&mut self) {
        put("]}\n");
    }
}

/// Makes a table fit a width. Of the columns given, which may be left out, the last ones stay first; those for which there
/// is no room go, and then the widest of the others is cut.
pub(super) fn fit(rows: &mut [Vec<String>], room: usize, left_out: &[usize]) {
    let all = widths(rows);
    let needed = |columns: &[usize]| {
        let wide = columns.iter().map(|at| all[*at]).sum::<usize>();
        wide + 2 * columns.len().saturating_sub(1)
    };
    let mut kept: Vec<usize> = (0..all.len()).filter(|at| !left_out.contains(at)).collect();
    for column in left_out.iter().rev().filter(|at| **at < all.len()) {
        kept.push(*column);
        if needed(&kept) > room {
            kept.pop();
        }
    }
    for row in rows.iter_mut() {
        let mut at = 0..;
        row.retain(|_| at.next().is_some_and(|at| kept.contains(&at)));
    }
    let total = |rows: &[Vec<String>]| {
        let widths = widths(rows);
        widths.iter().sum::<usize>() + 2 * widths.len().saturating_sub(1)
    };
    while total(rows) > room {
        let widths = widths(rows);
        let widest = (0..widths.len()).max_by_key(|at| widths[*at]);
        let Some(at) = widest.filter(|at| widths[*at] > LEAST) else {
            return;
        };
        let most = widths[at] - 1;
        for cell in rows.iter_mut().filter_map(|row| row.get_mut(at)) {
            cut(cell, most);
        }
    }
}

/// So much of a column is seen, however narrow the terminal is.
const LEAST: usize = 8;

/// Cuts a cell, with a sign that there is more.
fn cut(cell: &mut String, most: usize) {
    if cell.width() <= most {
        return;
    }
    while cell.width() >= most && cell.pop().is_some() {}
    cell.push('…');
}

fn widths(rows: &[Vec<String>]) -> Vec<usize> {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |at: usize| {
        let cells = rows.iter().filter_map(|row| row.get(at));
        cells.map(|cell| cell.width()).max().unwrap_or(0)
    };
    (0..columns).map(width).collect()
}

/// Prints what people read in lines: broken at blanks where talk is, at a terminal.
pub(super) fn print_told(text: &str) {
    let width = WIDTH.get().filter(|_| io::stdout().is_terminal());
    match width.and_then(|width| width()) {
        Some(width) => print(&fitted(text, width.into())),
        None => print(text),
    }
}

/// Prints a table of people, headings first; read line by line, each is a paragraph that names its parts: who hears a table
/// cannot tell its columns apart.
pub(super) fn print_people(rows: &[Vec<String>], line_by_line: bool) {
    let Some((headings, people)) = rows.split_first().filter(|_| line_by_line) else {
        return print_columns(rows);
    };
    for (at, person) in people.iter().enumerate() {
        if at > 0 {
            print("");
        }
        let parts = headings.iter().zip(person);
        for (heading, part) in parts.filter(|(_, part)| !part.is_empty()) {
            print_told(&format!("{heading}: {part}"));
        }
    }
}

/// Prints rows in columns as wide as their widest cell; wide characters take two places.
pub(super) fn print_columns(rows: &[Vec<String>]) {
    let printed = |row: &Vec<String>| {
        row.iter()
            .map(|cell| printable(cell).into_owned())
            .collect()
    };
    let rows: Vec<Vec<String>> = rows.iter().map(printed).collect();
    let widths = widths(&rows);
    for row in &rows {
        let padded = row.iter().zip(&widths).map(|(cell, width)| {
            let blanks = " ".repeat(width - cell.width());
            format!("{cell}{blanks}")
        });
        print(padded.collect::<Vec<_>>().join("  ").trim_end());
    }
}

/// Writes talk in which a web address or the path of a file is a link, if such are wanted and stderr is a terminal.
pub(super) fn say_leading(text: &str, to: &str, wanted: bool) {
    let text = leading(&wrapped(text), to, wanted && io::stderr().is_terminal());
    let _gone = io::stderr().lock().write_all(text.as_bytes());
}

/// The same for data, on stdout.
pub(super) fn print_leading(text: &str, to: &str, wanted: bool) {
    put(&leading(text, to, wanted && io::stdout().is_terminal()));
}

/// Makes lines in which a place is a link to itself.
fn leading(text: &str, to: &str, wanted: bool) -> String {
    let (text, shown) = (lines(text), printable(to));
    match address(to).filter(|_| wanted) {
        Some(address) => text.replacen(&*shown, &link(&shown, &address), 1),
        None => text,
    }
}

fn lines(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 1);
    for line in text.trim_end_matches('\n').split('\n') {
        out.push_str(&printable(line));
        out.push('\n');
    }
    out
}

fn put(text: &str) {
    print_raw(text.as_bytes());
}

/// Tells whether nothing more that is printed can reach anyone.
pub(super) fn is_closed() -> bool {
    LOST.get().is_some()
}

/// Tells why data did not reach stdout, if some did not. A pipe whose reader has seen enough is no loss.
pub(super) fn lost() -> Option<&'static io::Error> {
    LOST.get().filter(|why| why.kind() != ErrorKind::BrokenPipe)
}

/// The talk of the log, while something is printed that is to be read in one piece.
struct Held(Option<String>);

static HELD: Mutex<Held> = Mutex::new(Held(None));

fn held() -> MutexGuard<'static, Held> {
    HELD.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Held {
    /// Keeps an entry for later, or gives it back to be said now.
    fn keep(&mut self, line: String) -> Option<String> {
        match &mut self.0 {
            Some(held) => {
                held.push_str(&line);
                None
            }
            None => Some(line),
        }
    }
}

/// Prints a table with no entry of the log between its lines: on a terminal both come to the same place.
pub(super) fn in_one_piece<T>(print: impl FnOnce() -> T) -> T {
    held().0 = Some(String::new());
    let printed = print();
    let told = held().0.take().unwrap_or_default();
    if !told.is_empty() {
        say(&told);
    }
    printed
}

/// The log: each entry one printable line, in which no e-mail address stands (rule 5), whoever wrote it.
#[derive(Debug)]
pub(super) struct Log {
    /// Its file, if it can be written.
    pub file: Option<LogFile>,
    /// Whether its entries are talk too.
    pub aloud: bool,
}

impl Write for Log {
    fn write(&mut self, entry: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(entry);
        let line = format!(
            "{}\n",
            without_addresses(&printable(text.trim_end_matches('\n')))
        );
        if self.aloud {
            let now = held().keep(line.clone());
            if let Some(line) = now {
                say(&line);
            }
        }
        if let Some(file) = &mut self.file {
            file.write_all(line.as_bytes())?;
        }
        Ok(entry.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.as_mut().map_or(Ok(()), LogFile::flush)
    }
}

/// Blanks the words of a line that may be addresses, as they are written and as they stand in the address of a call.
fn without_addresses(line: &str) -> String {
    let is_address = |word: &str| word.contains('@') || word.contains("%40");
    let words = line.split(' ');
    let words = words.map(|word| if is_address(word) { "…" } else { word });
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::{Held, Log, fit, fitted, leading, lines, without_addresses};
    use crate::store::{Home, LogFile};

    #[test]
    fn talk_keeps_its_lines_and_nothing_in_them_steers_the_terminal() {
        assert_eq!(lines("one\u{1b}[2J\ntwo\n"), "one␛[2J\ntwo\n");
        assert_eq!(lines(""), "\n");
    }

    #[test]
    fn what_is_asked_line_by_line_is_broken_at_blanks_and_what_is_indented_goes_on_deeper() {
        let told = "Nothing is sent before\n\n  1 Save and go on\nhttps://x.example/without/blanks";
        let wanted = "Nothing is\nsent before\n\n  1 Save\n    and go\n    on\nhttps://x.example/without/blanks";
        assert_eq!(fitted(told, 11), wanted);
    }

    #[test]
    fn a_place_is_a_link_where_that_is_wanted_and_nothing_in_it_steers_the_terminal() {
        let of = |to: &str, wanted| leading(&format!("Open\n  {to}"), to, wanted);
        let to = "https://x.example/a";
        assert_eq!(of(to, false), "Open\n  https://x.example/a\n");
        let wanted = format!("Open\n  \u{1b}]8;id=segue;{to}\u{1b}\\{to}\u{1b}]8;;\u{1b}\\\n");
        assert_eq!(of(to, true), wanted);
        assert_eq!(of("a1b2c3", true), "Open\n  a1b2c3\n");
        let nasty = of("https://x.example/\u{1b}]0;x\u{7}", true);
        assert!(
            !nasty.contains("\u{1b}]0;") && !nasty.contains('\u{7}'),
            "{nasty:?}"
        );
    }

    #[test]
    fn a_table_leaves_out_columns_before_it_cuts_and_cuts_the_widest() {
        let row = |cells: [&str; 4]| cells.map(str::to_owned).to_vec();
        let table = [
            row(["name", "type", "last run", "updated"]),
            row(["A name of 20 letters", "folder", "now", "then"]),
        ];
        let fitted = |room| {
            let mut rows = table.clone();
            fit(&mut rows, room, &[3, 1]);
            rows[1].clone()
        };
        assert_eq!(fitted(47), table[1]);
        assert_eq!(fitted(46), table[1][..3]);
        assert_eq!(fitted(37), ["A name of 20 letters", "now"]);
        assert_eq!(fitted(25), ["A name of 20 l…", "now"]);
        assert_eq!(fitted(5), ["A name …", "now"], "something is always seen");
        let mut rows = table.clone();
        fit(&mut rows, 39, &[1, 3]);
        assert_eq!(
            rows[1],
            ["A name of 20 letters", "now", "then"],
            "the last stay first"
        );
        let mut rows = [row(["a", "too wide for this", "b", "c"])];
        fit(&mut rows, 8, &[3, 1]);
        assert_eq!(
            rows[0],
            ["a", "b", "c"],
            "what has room stays, whatever went before"
        );
    }

    #[test]
    fn an_entry_of_the_log_is_one_printable_line() {
        let folder = tempfile::tempdir().expect("folder");
        let home = Home::at(folder.path());
        let mut log = Log {
            file: LogFile::open(&home).ok(),
            aloud: false,
        };
        log.write_all("INFO said: \u{9b}31m\u{202e}\r\nERROR forged\n".as_bytes())
            .expect("written");
        assert_eq!(
            std::fs::read_to_string(home.logs().join("segue.log")).expect("log"),
            "INFO said: \u{fffd}31m\u{fffd}  ERROR forged\n"
        );
    }

    #[test]
    fn the_log_says_nothing_while_a_table_is_printed_and_all_of_it_behind() {
        let mut held = Held(None);
        let said = |held: &mut Held, line: &str| held.keep(format!("{line}\n"));
        assert_eq!(said(&mut held, "before"), Some("before\n".to_owned()));
        held.0 = Some(String::new());
        assert_eq!(said(&mut held, "one"), None);
        assert_eq!(said(&mut held, "two"), None);
        assert_eq!(held.0.take(), Some("one\ntwo\n".to_owned()));
        assert_eq!(said(&mut held, "after"), Some("after\n".to_owned()));
    }

    #[test]
    fn rule_5_no_address_stands_in_the_log() {
        let line = without_addresses("no: <Anna@x.example>, /lists/a?email=anna%40x.example 404");
        assert_eq!(line, "no: … … 404");
    }
}
