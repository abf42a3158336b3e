use std::io::Read;

use proptest::prelude::*;

use super::{Broken, Csv, Flaw, MAX_ROW, Records};

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

/// A record's line, its cells and what is wrong with it.
type Found = (u64, Vec<String>, Option<Flaw>);

fn flawed(text: &[u8], csv: impl Into<Csv>) -> Result<Vec<Found>, Broken> {
    let mut rows = Vec::new();
    let mut records = Records::new(Drip(text), csv);
    while let Some(record) = records.next()? {
        let cells = record.iter().map(str::to_owned).collect();
        rows.push((record.line, cells, record.flaw));
    }
    Ok(rows)
}

fn read(text: &[u8], csv: impl Into<Csv>) -> Result<Vec<(u64, Vec<String>)>, Broken> {
    let rows = flawed(text, csv)?.into_iter();
    Ok(rows.map(|(line, cells, _)| (line, cells)).collect())
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
    let text = "a,\"x, \"\"y\"\"\r\nz\"\r\n\"1\" ,2\"2\n";
    let expected = [row(1, &["a", "x, \"y\"\r\nz"]), row(3, &["1 ", "2\"2"])];
    assert_eq!(rows(text), expected);
}

#[test]
fn rows_of_blanks_and_delimiters_do_not_count_whatever_the_delimiter() {
    for delimiter in [',', ';', '\t', '|'] {
        let text = "a,b\n,\n , \n\"\",\"\"\n1,2\n,".replace(',', &delimiter.to_string());
        let read = read(text.as_bytes(), delimiter as u8).expect("readable");
        assert_eq!(read, [row(1, &["a", "b"]), row(5, &["1", "2"])]);
    }
}

#[test]
fn quotes_that_were_not_doubled_are_text_where_the_line_shows_what_was_meant() {
    let text = "2,\"Bo \"Bosse\" Ek\",x\n3,\"Eva \"E, the\" Ek\" ,y\n4,\"a\" \"b\",z\n";
    let expected = [
        row(1, &["2", "Bo \"Bosse\" Ek", "x"]),
        row(2, &["3", "Eva \"E, the\" Ek ", "y"]),
        row(3, &["4", "a\" \"b", "z"]),
    ];
    assert_eq!(rows(text), expected);
}

#[test]
fn a_line_whose_quotes_do_not_add_up_is_one_flawed_record_and_the_next_is_whole() {
    for text in ["1,\"Bo\" Ek,x\n2,Li,y\n", "1,\"Bo\" Ek,x"] {
        let read = flawed(text.as_bytes(), b',').expect("readable");
        let first = ["1", "Bo\" Ek", "x"].map(str::to_owned).to_vec();
        assert_eq!(read[0], (1, first, Some(Flaw::StrayQuote)), "{text:?}");
        let second = ["2", "Li", "y"].map(str::to_owned).to_vec();
        assert!(read.get(1).is_none_or(|row| *row == (2, second, None)));
    }
}

#[test]
fn a_zero_byte_is_a_flaw_of_its_record() {
    let read = flawed(b"1,a\n2,b\0\n", b',').expect("readable");
    let flaws: Vec<_> = read.iter().map(|(_, _, flaw)| *flaw).collect();
    assert_eq!(flaws, [None, Some(Flaw::ZeroByte)]);
}

#[test]
fn an_escape_character_stands_before_quotes_and_itself() {
    let csv = Csv {
        escape: Some(b'\\'),
        ..Csv::from(b',')
    };
    let text = br#""Asa \"the ace\" Berg",1
"Ulf \\",2
"C:\temp, \x",\"
"#;
    let expected = [
        row(1, &["Asa \"the ace\" Berg", "1"]),
        row(2, &["Ulf \\", "2"]),
        row(3, &["C:\\temp, \\x", "\\\""]),
    ];
    assert_eq!(read(text, csv).expect("readable"), expected);
}

#[test]
fn a_text_that_stands_for_no_value_is_none() {
    let csv = Csv {
        nulls: vec!["\\N".to_owned(), "NULL".to_owned()],
        ..Csv::from(b',')
    };
    let read = read(b"1,\\N,\"NULL\",null\n", csv).expect("readable");
    assert_eq!(read, [row(1, &["1", "", "", "null"])]);
}

#[test]
fn a_text_in_the_formula_of_excel_is_unwrapped() {
    let expected = [row(1, &["070123", "070", "=\"a\"&\"b\""])];
    assert_eq!(rows("=\"070123\",\"=\"\"070\"\"\",=\"a\"&\"b\""), expected);
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
            let blank = |cell: &String| cell.bytes().all(|byte| byte == delimiter || byte.is_ascii_whitespace());
            if !cells.iter().all(blank) {
                expected.push((line, cells.clone()));
            }
            line += 1 + cells.iter().map(|cell| cell.matches('\n').count() as u64).sum::<u64>();
        }
        let text = writer.into_inner().expect("flushed");
        prop_assert_eq!(read(&text, delimiter).expect("readable"), expected);
    }

    #[test]
    fn what_rfc_4180_allows_reads_as_the_csv_crate_reads_it(
        rows in prop::collection::vec(prop::collection::vec("x([ab]{0,3}|)|\"x([ab,\n]|\"\"){0,5}\"", 1..4), 0..6),
    ) {
        let text = rows.iter().map(|cells| cells.join(",")).collect::<Vec<_>>().join("\n");
        let ours = read(text.as_bytes(), b',').expect("readable");
        let theirs: Vec<Vec<String>> = csv::ReaderBuilder::new().has_headers(false).flexible(true)
            .from_reader(text.as_bytes()).records()
            .map(|record| record.expect("readable").iter().map(str::to_owned).collect()).collect();
        prop_assert_eq!(ours.into_iter().map(|(_, cells)| cells).collect::<Vec<_>>(), theirs);
    }

    #[test]
    fn whatever_is_read_ends_and_never_breaks(text in "[ab,;\"\\\\ \n\r]{0,60}", escape: bool) {
        let csv = Csv { escape: escape.then_some(b'\\'), ..Csv::from(b',') };
        let _readable_or_not = read(text.as_bytes(), csv);
    }
}
