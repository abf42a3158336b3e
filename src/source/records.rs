//! Splits delimited text into records.
//!
//! Why not the `csv` crate, which we use for writing: it takes a quote that is never closed for the end of a row, and so
//! loses the rows after it in silence; it drops quotes that were not doubled, and what they enclose moves to other cells;
//! with CRLF and blank lines it places a record one or more lines too early; and it puts no bound on a row. The tests hold
//! this reader to the same values as that crate.

use std::io::{self, Read};

use super::lake::Values;

const QUOTE: u8 = b'"';
const CHUNK: usize = 64 << 10;

/// The longest row taken: beyond it, a quote was left open.
pub(super) const MAX_ROW: usize = 4 << 20;

/// How a file's cells are told from each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Csv {
    /// What stands between two cells.
    pub delimiter: u8,
    /// Whether a quote at the start of a cell is no part of its text.
    pub quotes: bool,
    /// What stands before a quote within quotes, where that is not one more quote.
    pub escape: Option<u8>,
    /// The texts that stand for no value.
    pub nulls: Vec<String>,
}

impl From<u8> for Csv {
    fn from(delimiter: u8) -> Self {
        Self {
            delimiter,
            quotes: true,
            escape: None,
            nulls: Vec::new(),
        }
    }
}

/// Why no further record can be read.
#[derive(Debug)]
pub(super) enum Broken {
    Read(io::Error),
    Encoding,
    OpenQuote { line: u64 },
    LongRow { line: u64 },
}

/// Why a record may not say what was meant, while the ones after it can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flaw {
    /// Quotes within a cell were not doubled, and nothing tells where the cell was meant to end.
    StrayQuote,
    /// A cell holds a zero byte.
    ZeroByte,
}

/// One record, borrowed from its reader until the next is read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Record<'a> {
    cells: Held<'a>,
    /// The line it starts at.
    pub line: u64,
    /// Whether a cell holds a line break.
    pub breaks: bool,
    pub flaw: Option<Flaw>,
}

/// Where the cells of a record are.
#[derive(Debug, Clone, Copy)]
enum Held<'a> {
    /// In one text, one after the other.
    Text {
        text: &'a str,
        ends: &'a [usize],
        nulls: &'a [String],
    },
    /// In one row of columns.
    Columns {
        columns: &'a [Values<'a>],
        row: usize,
    },
}

impl<'a> Record<'a> {
    /// Makes the record of a row of columns, which is always whole.
    pub fn of_columns(columns: &'a [Values<'a>], row: usize, line: u64) -> Self {
        Self {
            cells: Held::Columns { columns, row },
            line,
            breaks: false,
            flaw: None,
        }
    }

    pub fn len(&self) -> usize {
        match self.cells {
            Held::Text { ends, .. } => ends.len(),
            Held::Columns { columns, .. } => columns.len(),
        }
    }

    pub fn get(&self, at: usize) -> Option<&'a str> {
        let (text, ends, nulls) = match self.cells {
            Held::Text { text, ends, nulls } => (text, ends, nulls),
            Held::Columns { columns, row } => return columns.get(at)?.get(row),
        };
        let end = *ends.get(at)?;
        // Between two cells stands their delimiter, one byte.
        let start = at.checked_sub(1).map_or(0, |before| ends[before] + 1);
        let cell = text.get(start..end).map(unwrapped)?;
        let null = nulls.iter().any(|null| null == cell);
        Some(if null { "" } else { cell })
    }

    pub fn iter(self) -> impl Iterator<Item = &'a str> {
        (0..self.len()).filter_map(move |at| self.get(at))
    }
}

/// Takes the text out of `="0701234567"`, as which exports write what Excel must not take for a number.
fn unwrapped(cell: &str) -> &str {
    let text = cell
        .strip_prefix("=\"")
        .and_then(|rest| rest.strip_suffix('"'));
    text.filter(|text| !text.contains('"')).unwrap_or(cell)
}

/// Reads record after record: lines end in LF, CRLF or CR, quotes may hold any of them, rows of nothing but blanks and
/// delimiters do not count.
pub(super) struct Records<R> {
    input: R,
    csv: Csv,
    chunk: Box<[u8]>,
    at: usize,
    filled: usize,
    line: u64,
    after_cr: bool,
    text: Vec<u8>,
    ends: Vec<usize>,
    breaks: bool,
    stray: bool,
}

enum State {
    CellStart,
    Plain,
    Quoted(Opened),
    /// After a quote within quotes, and blanks perhaps: what comes next tells whether it closed the cell.
    QuoteSeen(Opened, usize),
    Escaped(Opened),
}

/// A cell that a quote opened.
#[derive(Clone, Copy)]
struct Opened {
    line: u64,
    /// Where the cell's text begins.
    text: usize,
    /// Whether a quote in it was not doubled.
    stray: bool,
}

impl<R: Read> Records<R> {
    pub fn new(input: R, csv: impl Into<Csv>) -> Self {
        Self {
            input,
            csv: csv.into(),
            chunk: vec![0; CHUNK].into_boxed_slice(),
            at: 0,
            filled: 0,
            line: 1,
            after_cr: false,
            text: Vec::new(),
            ends: Vec::new(),
            breaks: false,
            stray: false,
        }
    }

    /// Reads the next record with anything in it.
    pub fn next(&mut self) -> Result<Option<Record<'_>>, Broken> {
        let line = loop {
            self.text.clear();
            self.ends.clear();
            (self.breaks, self.stray) = (false, false);
            match self.scan()? {
                None => return Ok(None),
                Some(line) if !self.is_blank() => break line,
                Some(_) => {}
            }
        };
        let text =
            std::str::from_utf8(&self.text).map_err(|_place_is_found_anew| Broken::Encoding)?;
        let stray = self.stray.then_some(Flaw::StrayQuote);
        let zero = || self.text.contains(&0).then_some(Flaw::ZeroByte);
        Ok(Some(Record {
            cells: Held::Text {
                text,
                ends: &self.ends,
                nulls: &self.csv.nulls,
            },
            line,
            breaks: self.breaks,
            flaw: stray.or_else(zero),
        }))
    }

    fn is_blank(&self) -> bool {
        let mut bytes = self.text.iter();
        bytes.all(|byte| *byte == self.csv.delimiter || byte.is_ascii_whitespace())
    }

    /// Takes one record, and gives the line it starts at.
    fn scan(&mut self) -> Result<Option<u64>, Broken> {
        let mut state = State::CellStart;
        let (mut any, start) = (false, self.line);
        loop {
            if self.at == self.filled && !self.fill()? {
                self.end(&state)?;
                return Ok(any.then_some(start));
            }
            if std::mem::take(&mut self.after_cr) && self.chunk[self.at] == b'\n' {
                self.at += 1;
                continue;
            }
            any = true;
            if self.text.len() > MAX_ROW {
                return Err(match state {
                    State::Quoted(opened) => Broken::OpenQuote { line: opened.line },
                    _ => Broken::LongRow { line: start },
                });
            }
            let next = match state {
                State::CellStart if self.csv.quotes && self.chunk[self.at] == QUOTE => {
                    self.at += 1;
                    Some(State::Quoted(Opened {
                        line: self.line,
                        text: self.text.len(),
                        stray: false,
                    }))
                }
                State::CellStart | State::Plain => self.plain(),
                State::Quoted(opened) => self.quoted(opened),
                State::QuoteSeen(opened, at) => Some(self.after_quote(opened, at)?),
                State::Escaped(opened) => Some(self.escaped(opened)),
            };
            match next {
                Some(next) => state = next,
                None => return Ok(Some(start)),
            }
        }
    }

    /// Takes the end of the text for the end of a record.
    fn end(&mut self, state: &State) -> Result<(), Broken> {
        match state {
            State::Quoted(opened) | State::Escaped(opened) if opened.stray => {
                self.split_again(*opened);
            }
            State::Quoted(opened) | State::Escaped(opened) => {
                return Err(Broken::OpenQuote { line: opened.line });
            }
            State::CellStart | State::Plain | State::QuoteSeen(..) => {
                self.ends.push(self.text.len());
            }
        }
        Ok(())
    }

    /// Takes a run of plain text; `None` when the record ended.
    fn plain(&mut self) -> Option<State> {
        let rest = &self.chunk[self.at..self.filled];
        let delimiter = self.csv.delimiter;
        let run = rest
            .iter()
            .position(|byte| *byte == delimiter || *byte == b'\n' || *byte == b'\r');
        let Some(run) = run else {
            self.text.extend_from_slice(rest);
            self.at = self.filled;
            return Some(State::Plain);
        };
        self.text.extend_from_slice(&rest[..run]);
        self.ends.push(self.text.len());
        let stop = rest[run];
        self.at += run + 1;
        if stop == delimiter {
            // The delimiter stays in the text, lest two halves of a broken character meet across a cell's end.
            self.text.push(delimiter);
            return Some(State::CellStart);
        }
        self.end_line(stop);
        None
    }

    fn end_line(&mut self, stop: u8) {
        self.line += 1;
        self.after_cr = stop == b'\r';
    }

    /// Takes a run of text within quotes; `None` when the record ended there, for want of the quote that closes it.
    fn quoted(&mut self, opened: Opened) -> Option<State> {
        let rest = &self.chunk[self.at..self.filled];
        let escape = self.csv.escape.unwrap_or(QUOTE);
        let run = rest
            .iter()
            .position(|byte| matches!(*byte, QUOTE | b'\n' | b'\r') || *byte == escape);
        let Some(run) = run else {
            self.text.extend_from_slice(rest);
            self.at = self.filled;
            return Some(State::Quoted(opened));
        };
        self.text.extend_from_slice(&rest[..run]);
        let stop = rest[run];
        self.at += run + 1;
        match stop {
            QUOTE => return Some(State::QuoteSeen(opened, self.text.len())),
            b'\n' | b'\r' if opened.stray => {
                self.split_again(opened);
                self.end_line(stop);
                return None;
            }
            b'\n' | b'\r' => {
                self.text.push(stop);
                self.line += u64::from(stop == b'\n');
                self.breaks = true;
            }
            _ => return Some(State::Escaped(opened)),
        }
        Some(State::Quoted(opened))
    }

    fn escaped(&mut self, opened: Opened) -> State {
        let byte = self.chunk[self.at];
        if byte == QUOTE || Some(byte) == self.csv.escape {
            self.at += 1;
            self.text.push(byte);
        } else {
            self.text.extend(self.csv.escape);
        }
        State::Quoted(opened)
    }

    /// Takes what follows a quote within quotes: a cell ends there, or the quote is part of its text, doubled or not.
    fn after_quote(&mut self, mut opened: Opened, quote: usize) -> Result<State, Broken> {
        let byte = self.chunk[self.at];
        if byte == QUOTE && quote == self.text.len() {
            self.text.push(QUOTE);
            self.at += 1;
            return Ok(State::Quoted(opened));
        }
        if byte == self.csv.delimiter || matches!(byte, b'\n' | b'\r') {
            return Ok(State::Plain);
        }
        if byte.is_ascii_whitespace() {
            self.text.push(byte);
            self.at += 1;
            return Ok(State::QuoteSeen(opened, quote));
        }
        if opened.line != self.line {
            // Text after the closing quote of a cell of several lines: that quote opened another cell, and this cell
            // swallowed rows.
            return Err(Broken::OpenQuote { line: opened.line });
        }
        self.text.insert(quote, QUOTE);
        opened.stray = true;
        Ok(State::Quoted(opened))
    }

    /// Splits a cell that no quote closes by its delimiters: its line is one record, and the next line another.
    fn split_again(&mut self, opened: Opened) {
        let cell = self.text[opened.text..].iter().enumerate();
        let delimiters = cell.filter(|(_, byte)| **byte == self.csv.delimiter);
        self.ends.extend(delimiters.map(|(at, _)| opened.text + at));
        self.ends.push(self.text.len());
        self.stray = true;
    }

    fn fill(&mut self) -> Result<bool, Broken> {
        (self.at, self.filled) = (0, 0);
        loop {
            match self.input.read(&mut self.chunk) {
                Ok(bytes) => {
                    self.filled = bytes;
                    return Ok(bytes > 0);
                }
                Err(why) if why.kind() == io::ErrorKind::Interrupted => {}
                Err(why) => return Err(Broken::Read(why)),
            }
        }
    }
}

#[cfg(test)]
mod tests;
