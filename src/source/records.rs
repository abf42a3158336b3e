//! Splits delimited text into records.
//!
//! Why not the `csv` crate, which we use for writing: it takes a quote that is never closed for the end of a row, and so
//! loses the rows after it in silence; with CRLF and blank lines it places a record one or more lines too early; and it
//! puts no bound on a row. The tests hold this reader to the same values as that crate.

use std::io::{self, Read};

const QUOTE: u8 = b'"';
const CHUNK: usize = 64 << 10;

/// The longest row taken: beyond it, a quote was left open.
pub(super) const MAX_ROW: usize = 4 << 20;

/// How a file's cells are told from each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Csv {
    /// What stands between two cells.
    pub delimiter: u8,
    /// Whether a quote at the start of a cell is no part of its text.
    pub quotes: bool,
}

impl From<u8> for Csv {
    fn from(delimiter: u8) -> Self {
        Self {
            delimiter,
            quotes: true,
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

/// One record, borrowed from its reader until the next is read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Record<'a> {
    text: &'a str,
    ends: &'a [usize],
    pub line: u64,
}

impl<'a> Record<'a> {
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    pub fn get(&self, at: usize) -> Option<&'a str> {
        let end = *self.ends.get(at)?;
        // Between two cells stands their delimiter, one byte.
        let start = at.checked_sub(1).map_or(0, |before| self.ends[before] + 1);
        self.text.get(start..end)
    }

    pub fn iter(self) -> impl Iterator<Item = &'a str> {
        (0..self.len()).filter_map(move |at| self.get(at))
    }
}

/// Reads record after record: lines end in LF, CRLF or CR, quotes may hold any of them, blank lines do not count.
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
}

enum State {
    CellStart,
    Plain,
    Quoted { since: u64 },
    QuoteSeen { since: u64 },
}

struct Scanned {
    line: u64,
    quoted: bool,
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
        }
    }

    /// Reads the next record that is no blank line.
    pub fn next(&mut self) -> Result<Option<Record<'_>>, Broken> {
        let scanned = loop {
            self.text.clear();
            self.ends.clear();
            match self.scan()? {
                None => return Ok(None),
                Some(found) if found.quoted || !self.text.trim_ascii().is_empty() => break found,
                Some(_) => {}
            }
        };
        let text =
            std::str::from_utf8(&self.text).map_err(|_place_is_found_anew| Broken::Encoding)?;
        Ok(Some(Record {
            text,
            ends: &self.ends,
            line: scanned.line,
        }))
    }

    fn scan(&mut self) -> Result<Option<Scanned>, Broken> {
        let mut state = State::CellStart;
        let (mut any, mut quoted, start) = (false, false, self.line);
        loop {
            if self.at == self.filled && !self.fill()? {
                if let State::Quoted { since } = state {
                    return Err(Broken::OpenQuote { line: since });
                }
                self.ends.push(self.text.len());
                return Ok(any.then_some(Scanned {
                    line: start,
                    quoted,
                }));
            }
            if std::mem::take(&mut self.after_cr) && self.chunk[self.at] == b'\n' {
                self.at += 1;
                continue;
            }
            any = true;
            if self.text.len() > MAX_ROW {
                return Err(match state {
                    State::Quoted { since } => Broken::OpenQuote { line: since },
                    _ => Broken::LongRow { line: start },
                });
            }
            state = match state {
                State::CellStart if self.csv.quotes && self.chunk[self.at] == QUOTE => {
                    quoted = true;
                    self.at += 1;
                    State::Quoted { since: self.line }
                }
                State::CellStart | State::Plain => match self.plain() {
                    Some(next) => next,
                    None => {
                        return Ok(Some(Scanned {
                            line: start,
                            quoted,
                        }));
                    }
                },
                State::Quoted { since } => self.quoted(since),
                State::QuoteSeen { since } => self.after_quote(since)?,
            };
        }
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
        self.line += 1;
        self.after_cr = stop == b'\r';
        None
    }

    fn quoted(&mut self, since: u64) -> State {
        let rest = &self.chunk[self.at..self.filled];
        let mut newlines = 0;
        let run = rest.iter().position(|byte| {
            newlines += u64::from(*byte == b'\n');
            *byte == QUOTE
        });
        self.line += newlines;
        self.text
            .extend_from_slice(&rest[..run.unwrap_or(rest.len())]);
        self.at += run.map_or(rest.len(), |run| run + 1);
        run.map_or(State::Quoted { since }, |_| State::QuoteSeen { since })
    }

    fn after_quote(&mut self, since: u64) -> Result<State, Broken> {
        let byte = self.chunk[self.at];
        if byte == QUOTE {
            self.text.push(QUOTE);
            self.at += 1;
            return Ok(State::Quoted { since });
        }
        let ends = byte == self.csv.delimiter || byte.is_ascii_whitespace();
        if !ends && since != self.line {
            // Text after the closing quote of a cell of several lines: that quote opened another cell, and this cell
            // swallowed rows.
            return Err(Broken::OpenQuote { line: since });
        }
        Ok(State::Plain)
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
mod tests {
    use std::io::Read;

    use proptest::prelude::*;

    use super::{Broken, MAX_ROW, Records};

    /// Hands out one byte at a time, so that every border between chunks is met.
    struct Drip<'a>(&'a [u8]);

    impl Read for Drip<'_> {
        fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
            let bytes = self.0.len().min(1);
            into[..bytes].copy_from_slice(&self.0[..bytes]);
            self.0 = &self.0[bytes..];
            Ok(bytes)
        }
    }

    fn read(text: &[u8], delimiter: u8) -> Result<Vec<(u64, Vec<String>)>, Broken> {
        let mut rows = Vec::new();
        let mut records = Records::new(Drip(text), delimiter);
        while let Some(record) = records.next()? {
            rows.push((record.line, record.iter().map(str::to_owned).collect()));
        }
        Ok(rows)
    }

    fn rows(text: &str) -> Vec<(u64, Vec<String>)> {
        read(text.as_bytes(), b',').expect("readable")
    }

    fn row(line: u64, cells: &[&str]) -> (u64, Vec<String>) {
        (line, cells.iter().map(|&cell| cell.to_owned()).collect())
    }

    #[test]
    fn lines_end_in_lf_crlf_or_cr_and_blank_lines_do_not_count() {
        for end in ["\n", "\r\n", "\r"] {
            let text = ["a,b", "", "  ", "1,", ",2"].join(end);
            let expected = [row(1, &["a", "b"]), row(4, &["1", ""]), row(5, &["", "2"])];
            assert_eq!(rows(&text), expected, "{end:?}");
            assert_eq!(rows(&(text + end)), expected, "{end:?}");
        }
    }

    #[test]
    fn quotes_hold_delimiters_newlines_and_doubled_quotes() {
        let text = "a,\"x, \"\"y\"\"\r\nz\"\r\n\"1\" ,2\"2\n\"\"\n";
        let expected = [
            row(1, &["a", "x, \"y\"\r\nz"]),
            row(3, &["1 ", "2\"2"]),
            row(4, &[""]),
        ];
        assert_eq!(rows(text), expected);
    }

    #[test]
    fn a_quote_that_is_not_closed_is_an_error_with_its_line() {
        let open = |text: &str| match read(text.as_bytes(), b',') {
            Err(Broken::OpenQuote { line }) => Some(line),
            _ => None,
        };
        assert_eq!(open("a,b\n1,\"x\n2,y\n"), Some(2));
        assert_eq!(open("a,b\n1,2\n3,\"x\n4,y\n5,\"z\"\n"), Some(3));
        assert_eq!(open(&format!("a\n\"{}", "x\n".repeat(MAX_ROW))), Some(2));
        assert!(matches!(
            read("x".repeat(MAX_ROW + 2).as_bytes(), b','),
            Err(Broken::LongRow { line: 1 })
        ));
    }

    #[test]
    fn halves_of_a_character_on_two_sides_of_a_delimiter_are_not_utf_8() {
        assert!(matches!(read(b"\xC3,\xA9\n", b','), Err(Broken::Encoding)));
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]
        #[test]
        fn what_the_csv_crate_writes_is_read_back_with_its_lines(
            table in prop::collection::vec(prop::collection::vec("[a-c,;|\t\"\r\n åö]{0,6}", 2..5), 1..8),
            delimiter in prop::sample::select(vec![b',', b';', b'\t', b'|']),
            crlf: bool,
        ) {
            let end = if crlf { csv::Terminator::CRLF } else { csv::Terminator::Any(b'\n') };
            let mut writer = csv::WriterBuilder::new()
                .delimiter(delimiter).terminator(end).flexible(true).quote_style(csv::QuoteStyle::Always)
                .from_writer(Vec::new());
            let mut line = 1;
            let mut expected = Vec::new();
            for cells in &table {
                writer.write_record(cells).expect("written");
                expected.push((line, cells.clone()));
                line += 1 + cells.iter().map(|cell| cell.matches('\n').count() as u64).sum::<u64>();
            }
            let text = writer.into_inner().expect("flushed");
            prop_assert_eq!(read(&text, delimiter).expect("readable"), expected);
        }

        #[test]
        fn what_holds_no_blank_line_and_no_open_quote_reads_as_the_csv_crate_reads_it(text in "[ab,\"\n]{0,40}") {
            let ours = read(text.as_bytes(), b',');
            if let Ok(ours) = ours {
                let theirs: Vec<Vec<String>> = csv::ReaderBuilder::new().has_headers(false).flexible(true)
                    .from_reader(text.as_bytes()).records()
                    .map(|record| record.expect("readable").iter().map(str::to_owned).collect()).collect();
                prop_assert_eq!(ours.into_iter().map(|(_, cells)| cells).collect::<Vec<_>>(), theirs);
            }
        }
    }
}
