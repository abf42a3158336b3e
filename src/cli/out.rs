//! The one place that writes to stdout, stderr and the log. Whatever goes there is made printable first, and no write
//! that fails can end the program: a reader that has gone away (`| head`, a closed terminal) is no reason to stop an
//! export, and a disk that is full is told at the end.

use std::io::{self, ErrorKind, IsTerminal, Write};
use std::sync::OnceLock;

use serde::Serialize;
use unicode_width::UnicodeWidthStr;

use crate::domain::{escaped, printable};
use crate::store::LogFile;
use crate::words::{address, link};

/// The first write to stdout that failed.
static LOST: OnceLock<io::Error> = OnceLock::new();

/// Writes talk to stderr, as lines. A stderr that is closed, or a terminal that has gone away, changes nothing.
pub fn say(text: &str) {
    let _gone = io::stderr().lock().write_all(lines(text).as_bytes());
}

/// Writes talk to stderr over what stands in the line, and stays in it.
pub(super) fn say_in_place(text: &str) {
    say_open(&format!("\r\u{1b}[2K{}", printable(text)));
}

/// Asks in a line of stderr, where the answer is typed.
pub(super) fn ask(question: &str) {
    say_open(&printable(question));
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

/// Makes a table fit a width: the columns given are left out one after the other, and then the widest one is cut.
pub(super) fn fit(rows: &mut [Vec<String>], room: usize, left_out: &[usize]) {
    let total = |rows: &[Vec<String>]| {
        let widths = widths(rows);
        widths.iter().sum::<usize>() + 2 * widths.len().saturating_sub(1)
    };
    // From the right, so that the numbers of the others stay what they were.
    let mut gone: Vec<usize> = Vec::new();
    for column in left_out {
        if total(rows) <= room {
            return;
        }
        let at = column - gone.iter().filter(|one| *one < column).count();
        gone.push(*column);
        for row in rows.iter_mut().filter(|row| at < row.len()) {
            row.remove(at);
        }
    }
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
    let text = leading(text, to, wanted && io::stderr().is_terminal());
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
            say(&line);
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

    use super::{Log, fit, leading, lines, without_addresses};
    use crate::store::{Home, LogFile};

    #[test]
    fn talk_keeps_its_lines_and_nothing_in_them_steers_the_terminal() {
        assert_eq!(lines("one\u{1b}[2J\ntwo\n"), "one␛[2J\ntwo\n");
        assert_eq!(lines(""), "\n");
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
    fn rule_5_no_address_stands_in_the_log() {
        let line = without_addresses("no: <Anna@x.example>, /lists/a?email=anna%40x.example 404");
        assert_eq!(line, "no: … … 404");
    }
}
