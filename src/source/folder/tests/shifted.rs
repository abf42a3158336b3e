//! Rows whose values do not stand under their columns, and quotes that make one value of several rows.

use super::super::super::Error;
use super::{ALL_PROFILES, by, folder, looked, open, read, refused, shown};
use crate::domain::{FolderOptions, Reason};

const HEADER: &str = "Id,EMail,FirstName,Subscriber,Note\n";

async fn rows(text: &str) -> Vec<String> {
    let folder = folder(&[("people.csv", &format!("{HEADER}{text}"))]);
    shown(&looked(&folder).await, &[ALL_PROFILES], &["Subscriber"]).await
}

#[tokio::test]
async fn a_row_with_more_cells_than_the_header_is_too_long_also_when_what_is_pushed_out_is_empty() {
    let read = rows(
        "1,asa@exempel.se,Åsa,Yes,\n2,bo@exempel.se,Bo Ek, Jr,Yes,\n3,eva@exempel.se,Eva Ek, Jr,No,tea\n4,li@exempel.se,Li,No,\n",
    )
    .await;
    let expected = [
        "1@people.csv:2 [0] Yes",
        "2@people.csv:3 [0] row_too_long: ",
        "3@people.csv:4 [0] row_too_long: tea",
        "4@people.csv:5 [0] No",
    ];
    assert_eq!(read, expected);
}

#[tokio::test]
async fn the_same_surplus_of_empty_cells_in_every_row_is_none() {
    let all = "1,asa@exempel.se,Åsa,Yes,,\n2,bo@exempel.se,Bo,No,x,\n";
    let expected = ["1@people.csv:2 [0] Yes", "2@people.csv:3 [0] No"];
    assert_eq!(rows(all).await, expected);
    // One other row far below, and nothing tells any more which rows are shifted.
    let many = format!("{}9,li@exempel.se,Li,No,\n", all.repeat(2_000));
    let read = rows(&many).await;
    let long = |row: &&String| row.contains("row_too_long");
    assert_eq!(read.iter().filter(long).count(), 4_000);
    assert!(read.last().is_some_and(|row| row.ends_with("[0] No")));
    // Nor does one with a value there.
    let read = rows(&format!("{all}3,eva@exempel.se,Eva Ek, Jr,No,x\n")).await;
    assert_eq!(read.iter().filter(long).count(), 3);
}

#[tokio::test]
async fn the_values_of_a_row_that_is_shifted_or_flawed_cannot_be_trusted() {
    let text = format!(
        "{HEADER}1,asa@exempel.se,Åsa,Yes,,x\n2,bo@exempel.se,\"Bo\" Ek,Yes,\n3,eva@exempel.se,Eva\0,Yes,\n4,li@exempel.se\n"
    );
    let folder = folder(&[("people.csv", &text)]);
    let source = looked(&folder).await;
    let (rows, summary) = read(&source, &[ALL_PROFILES], &["EMail", "Subscriber"])
        .await
        .expect("readable");
    let faults = rows.iter().filter_map(|row| row.cells.as_ref().err());
    let told: Vec<_> = faults
        .map(|fault| (fault.reason, fault.detail.as_str(), fault.shifted))
        .collect();
    let expected = [
        (Reason::RowTooLong, "x", true),
        (Reason::InvalidValue, "Bo\" Ek", true),
        (Reason::InvalidValue, "Eva\0", true),
        (Reason::ShortRow, "Subscriber", false),
    ];
    assert_eq!((told.as_slice(), summary.faults), (&expected[..], 4));
}

#[tokio::test]
async fn a_shifted_row_that_may_be_of_a_chosen_segment_is_told_whatever_column_tells_it() {
    let text =
        "Id,EMail,Level\n1,asa@exempel.se,gold\n2,bo@exempel.se,x,gold\n3,cia@exempel.se,blue\n";
    let files = folder(&[("people.csv", text)]);
    let source = open(files.path(), by("Level")).await.expect("a source");
    let expected = [
        "1@people.csv:2 [0] asa@exempel.se",
        "2@people.csv:3 [] row_too_long: gold",
    ];
    assert_eq!(shown(&source, &["gold"], &["EMail"]).await, expected);

    let files = folder(&[
        ("people.csv", text),
        ("segments/gold.csv", "Name,Id\nÅsa,1\nBo, Jr,2\n"),
    ]);
    let expected = [
        "Jr@segments/gold.csv:3 [0] row_too_long: 2",
        "1@people.csv:2 [0] asa@exempel.se",
        "2@people.csv:3 [] row_too_long: gold",
    ];
    assert_eq!(
        shown(&looked(&files).await, &["gold"], &["EMail"]).await,
        expected
    );
}

#[tokio::test]
async fn a_quote_that_swallows_rows_is_refused_with_its_first_and_last_line() {
    let swallowed = |text: &str| {
        let text = format!("{HEADER}{text}");
        async move {
            let folder = folder(&[("people.csv", &text)]);
            match looked(&folder).await.segments().await {
                Err(Error::SwallowedRows { first, last, .. }) => Some((first, last)),
                Ok(_) => None,
                Err(why) => panic!("{why}"),
            }
        }
    };
    let whole = "1,asa@exempel.se,Åsa,Yes,\n2,kim@exempel.se,Kim,No,\n";
    let many = format!(
        "{whole}3,bo@exempel.se,\"Bo,Yes,\n4,eva@exempel.se,Eva,No,\n5,pia@exempel.se,Pia 27\",Yes,\n"
    );
    assert_eq!(swallowed(&many).await, Some((4, 6)));
    // The row that the quote stands in is lost too, where its address comes after it.
    let one = format!("{whole}\"3,bo@exempel.se,Bo,Yes,\n4\",eva@exempel.se,Eva,No,\n");
    assert_eq!(swallowed(&one).await, Some((4, 5)));
    // An address of several lines is one, also with commas and an e-mail address in it.
    let legit = format!(
        "{whole}3,bo@exempel.se,Bo,Yes,\"Box 1, Torget\r\nbo@exempel.se\r\n1, 2, 3, 4\n5\"\n"
    );
    assert_eq!(swallowed(&legit).await, None);
}

#[tokio::test]
async fn a_quote_that_is_never_closed_is_refused_with_its_line() {
    let text = format!("{HEADER}1,asa@exempel.se,\"Åsa,Yes,\n");
    let why = refused(&[("people.csv", &text)], FolderOptions::default()).await;
    assert!(matches!(why, Error::OpenQuote { line: 2, .. }), "{why}");
}
