use std::fs;

use super::super::Error;
use super::super::file::DataFile;
use super::super::parts::Part;
use super::super::table::{Table, checked};
use super::Sample;

fn look(text: &str, set: Option<u8>) -> Result<Sample, Error> {
    let folder = tempfile::tempdir().expect("folder");
    let path = folder.path().join("people.csv");
    fs::write(&path, text).expect("written");
    Sample::look(&DataFile::below(folder.path(), &path), set)
}

fn table(text: &str, id: Option<&str>) -> Result<Table, Error> {
    let folder = tempfile::tempdir().expect("folder");
    let path = folder.path().join("people.csv");
    fs::write(&path, text).expect("written");
    let file = DataFile::below(folder.path(), &path);
    Sample::look(&file, None)?.into_table(file, id)
}

#[test]
fn comma_semicolon_tab_and_pipe_are_found_by_looking_past_quotes() {
    for delimiter in [',', ';', '\t', '|'] {
        let text = "Id;Namn;Ort\n1;\"a,b|c\";x\n2;\"d,e|f;g\th\";y\n".replace(';', "\u{1}");
        let text = text.replace('\u{1}', &delimiter.to_string());
        let sample = look(&text, None).expect("readable");
        assert_eq!(char::from(sample.delimiter), delimiter);
        assert_eq!(sample.rows[1].len(), 3);
    }
}

#[test]
fn short_rows_and_decimal_commas_do_not_mislead() {
    let sample = look("Id;Belopp;Namn\n1;2,5;Bo\n2;3,5\n3\n", None).expect("readable");
    assert_eq!(sample.delimiter, b';');
}

#[test]
fn a_delimiter_that_is_set_is_taken_unless_another_one_splits_the_file() {
    assert_eq!(
        look("a^b\n1^2\n", Some(b'^')).expect("readable").rows[1].len(),
        2
    );
    let wrong = look("a,b\n1,2\n", Some(b';'));
    assert!(matches!(
        wrong,
        Err(Error::WrongDelimiter {
            set: ';',
            found: ',',
            ..
        })
    ));
    for bad in ['å', '"', '\n'] {
        assert!(matches!(checked(bad), Err(Error::BadDelimiter { .. })));
    }
}

#[test]
fn an_empty_file_is_an_error_and_so_is_one_without_header() {
    for empty in ["", "\u{feff}", "\r\n\n  \n"] {
        assert!(
            matches!(look(empty, None), Err(Error::EmptyFile { .. })),
            "{empty:?}"
        );
    }
    let bare = table("1,asa@exempel.se\n2,bo@exempel.se\n", None);
    assert!(matches!(bare, Err(Error::NoHeader { .. })));
}

#[test]
fn the_line_by_which_excel_is_told_the_delimiter_is_no_header() {
    for (line, delimiter) in [
        ("sep=;", ';'),
        ("SEP=|\r", '|'),
        ("\"sep=,\"", ','),
        ("sep=\t", '\t'),
    ] {
        let text =
            format!("{line}\nId;E-post;Namn\n1;a@exempel.se;\"Bo,|\"\n").replace(';', "\u{1}");
        let text = text
            .replace("sep=\u{1}", "sep=;")
            .replace('\u{1}', &delimiter.to_string());
        let table = table(&text, None).expect("a table");
        assert_eq!(table.columns, ["Id", "E-post", "Namn"], "{line:?}");
        let sep = matches!(&table.parts[0], Part::Text(part) if part.sep);
        assert!(sep && table.delimiter() == Some(delimiter as u8));
    }
    let header = table("sep=x,Namn\n1,Bo\n", None).expect("a table");
    assert_eq!(header.columns[0], "sep=x");
}

#[test]
fn a_title_above_the_names_of_columns_is_told_with_their_line() {
    let line = |text: &str| match table(text, None) {
        Err(Error::TitleAbove { line, .. }) => Some(line),
        Ok(_) => None,
        Err(why) => panic!("{why}"),
    };
    for title in [
        "Newsletter list\n\n",
        "Newsletter list,,\n,,\n",
        "\"List, new\"\n\n",
    ] {
        let text = format!("{title}Id,E-post,Namn\n1,a@exempel.se,Bo\n2,b@exempel.se,\n");
        assert_eq!(line(&text), Some(3), "{title:?}");
        assert_eq!(line(&text.replace(',', ";")), Some(3), "{title:?}");
    }
    let lines = "Exported by,CRM\nDate,2026-11-26\n\nId,E-post,Namn\n1,a@exempel.se,Bo\n";
    assert_eq!(line(lines), Some(4));
    for header in [
        "Id,E-post\n1,a@exempel.se,Bo\n2,b@exempel.se,Li\n",
        "Id,Namn\n1,Bo,\n2,Åsa,\n",
        "Id,Namn\n1,Bo,Jr\n2,Åsa\n3,Li\n",
        "Namn\nBo\nÅsa\n",
        "Namn\nBo,\nÅsa,\n",
        "Id,,\n1,,\n2,,\n",
        "E-post\na@exempel.se,Bo\n",
    ] {
        assert_eq!(line(header), None, "{header:?}");
    }
}

#[test]
fn two_columns_of_one_name_are_an_error() {
    let twice = table("Id, Namn,Namn \n", None);
    assert!(matches!(twice, Err(Error::DuplicateColumn { column, .. }) if column == "Namn"));
    let unnamed = table("Id,,Namn,\n1,0,Bo,\n", None).expect("unnamed columns are none");
    assert_eq!(unnamed.attributes(), ["Id", "Namn"]);
}

#[test]
fn the_id_column_is_found_by_name_or_chosen_or_absent() {
    let id = |text: &str, chosen: Option<&str>| table(text, chosen).map(|t| t.id);
    assert_eq!(id("Namn,Kund-Id\nx,1\ny,2\n", None).expect("ok"), Some(1));
    assert_eq!(
        id("Namn,Nyckel\nx,1\n", Some("nyckel")).expect("ok"),
        Some(1)
    );
    assert_eq!(id("Namn,Nyckel\nx,1\n", None).expect("ok"), None);
    assert!(matches!(
        id("Namn,Nyckel\nx,1\n", Some("Id")),
        Err(Error::UnknownIdColumn { candidates, .. }) if candidates == ["Namn", "Nyckel"]
    ));
}

#[test]
fn a_sample_ends_with_a_whole_row_and_a_whole_character() {
    let text = format!("Id,Namn\n{}", "1,\"åäö\nåäö\"\n".repeat(30_000));
    let sample = look(&text, None).expect("readable");
    assert!(sample.rows.iter().all(|row| row.len() == 2));
}
