mod dated;
#[cfg(feature = "parquet")]
mod delta;
mod lacking;
#[cfg(feature = "parquet")]
mod lake;
mod refusals;
#[cfg(feature = "parquet")]
mod rewritten;
mod shifted;
mod tables;
mod told;

use std::fs;
use std::io::Write;
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;
use tempfile::TempDir;
use tokio::sync::mpsc;

use super::super::{ALL_PROFILES, Error, FileHolds, ReadRequest, ReadSummary, Row, Source};
use crate::domain::{DateOrder, FolderLayout, FolderOptions, SegmentId, Semantic, SourceSpec};

const PEOPLE: &str = "Id;E-post;Förnamn;Nivå\r\n1;asa@exempel.se;Åsa;guld\r\n2;bo@exempel.se;\"Bo\n\"\"B\"\"\";\r\n\
                      3;cia@exempel.se;Cia; silver\r\n4;dan@exempel.se;Dan;guld\r\n";

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().expect("folder");
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("parent")).expect("made");
        fs::write(path, text).expect("written");
    }
    folder
}

async fn open(path: &Path, options: FolderOptions) -> Result<Source, Error> {
    Source::open(&SourceSpec::Folder(path.to_owned()), &options, None).await
}

async fn looked(folder: &TempDir) -> Source {
    open(folder.path(), FolderOptions::default())
        .await
        .expect("a source")
}

async fn refused(files: &[(&str, &str)], options: FolderOptions) -> Error {
    open(folder(files).path(), options)
        .await
        .expect_err("no source")
}

fn by(column: &str) -> FolderOptions {
    FolderOptions {
        segment_by: Some(column.to_owned()),
        ..FolderOptions::default()
    }
}

fn laid_out(layout: FolderLayout) -> FolderOptions {
    FolderOptions {
        layout: Some(layout),
        ..FolderOptions::default()
    }
}

async fn read(
    source: &Source,
    segments: &[&str],
    attributes: &[&str],
) -> Result<(Vec<Row>, ReadSummary), Error> {
    let request = ReadRequest {
        segments: segments.iter().copied().map(SegmentId::new).collect(),
        attributes: attributes.iter().map(|&name| name.to_owned()).collect(),
        ..ReadRequest::default()
    };
    let (sender, mut receiver) = mpsc::channel(2);
    let gather = async {
        let mut rows = Vec::new();
        while let Some(batch) = receiver.recv().await {
            rows.extend(batch);
        }
        rows
    };
    let (summary, rows) = tokio::join!(source.read(request, sender), gather);
    summary.map(|summary| (rows, summary))
}

/// Shows rows as `id@file:line [segments] cells`, or the reason and its detail.
async fn shown(source: &Source, segments: &[&str], attributes: &[&str]) -> Vec<String> {
    let (rows, summary) = read(source, segments, attributes).await.expect("readable");
    assert_eq!(summary.rows, rows.len() as u64);
    let shown = rows.iter().map(|row| {
        let id = row.profile.as_ref().map_or("-", |id| id.as_str());
        let segments: Vec<usize> = row.segments.iter().collect();
        let cells = match &row.cells {
            Ok(cells) => cells.iter().collect::<Vec<_>>().join("/"),
            Err(fault) => format!("{}: {}", fault.reason.as_str(), fault.detail),
        };
        format!(
            "{id}@{}:{} {segments:?} {cells}",
            row.origin.file, row.origin.line
        )
    });
    shown.collect()
}

async fn counts(source: &Source) -> Vec<(String, u64)> {
    let segments = source.segments().await.expect("segments");
    let counted = segments
        .into_iter()
        .map(|s| (s.id.as_str().to_owned(), s.count.expect("counted")));
    counted.collect()
}

fn layout(source: &Source) -> FolderLayout {
    source.folder().expect("a folder").layout
}

#[tokio::test]
async fn one_file_without_segments_is_the_one_segment_all_profiles() {
    let folder = folder(&[
        ("people.csv", PEOPLE),
        ("model.json", "{}"),
        ("README.txt", "read me"),
    ]);
    for path in [folder.path().to_owned(), folder.path().join("people.csv")] {
        let source = open(&path, FolderOptions::default())
            .await
            .expect("a source");
        let view = source.folder().expect("a folder");
        assert_eq!(
            (view.layout, view.files[0].delimiter),
            (FolderLayout::OneFile, Some(';'))
        );
        assert_eq!(
            (view.files[0].holds, view.files.len()),
            (FileHolds::Profiles, 1)
        );
        assert_eq!(view.id_column.as_deref(), Some("Id"));
        assert_eq!(counts(&source).await, [(ALL_PROFILES.to_owned(), 4)]);
        let rows = shown(&source, &[ALL_PROFILES], &["Förnamn", "E-post"]).await;
        assert_eq!(rows[0], "1@people.csv:2 [0] Åsa/asa@exempel.se");
        assert_eq!(
            rows[2], "3@people.csv:5 [0] Cia/cia@exempel.se",
            "lines count within quotes"
        );
    }
    assert_eq!(
        looked(&folder).await.folder().expect("a folder").ignored,
        ["README.txt", "model.json"]
    );
}

#[tokio::test]
async fn segments_are_the_values_of_a_column_and_an_empty_one_is_no_segment() {
    let folder = folder(&[("people.csv", PEOPLE)]);
    let source = open(folder.path(), by("nivå")).await.expect("a source");
    assert_eq!(
        source.folder().expect("a folder").segment_by.as_deref(),
        Some("Nivå")
    );
    assert_eq!(
        counts(&source).await,
        [("guld".to_owned(), 2), ("silver".to_owned(), 1)]
    );
    let rows = shown(&source, &["silver", "guld"], &["Id"]).await;
    assert_eq!(
        rows,
        [
            "1@people.csv:2 [1] 1",
            "3@people.csv:5 [0] 3",
            "4@people.csv:6 [1] 4"
        ]
    );
    let (_, summary) = read(&source, &["brons", "silver"], &[])
        .await
        .expect("readable");
    assert_eq!((summary.rows, summary.outside), (1, 3));
    assert_eq!(
        summary.empty,
        [SegmentId::new("brons")],
        "a chosen segment nobody is in is told"
    );
    assert!(
        summary.by_members && summary.gone == summary.empty,
        "a value that no row has is no segment"
    );
}

#[tokio::test]
async fn a_profiles_file_is_joined_with_files_of_ids_with_or_without_header() {
    for name in ["profiles.csv", "CUSTOMER.tsv", "the-largest.txt"] {
        let folder = folder(&[
            (name, PEOPLE),
            ("other.csv", "Id;E-post\n"),
            ("segments/vip.csv", "Id\n4\n1\n9\n"),
            ("segments/news.txt", "1\r\n\r\n2\r\n9\r\n8\r\n"),
            ("segments/all.csv", "kund-id,since\n1,2020\n,2021\n"),
            ("segments/readme.md", "no data"),
        ]);
        let source = looked(&folder).await;
        assert_eq!(layout(&source), FolderLayout::ProfilesAndSegments);
        let view = source.folder().expect("a folder");
        assert_eq!(
            (view.files[0].name.as_str(), view.files[1].holds),
            (name, FileHolds::SegmentIds)
        );
        assert_eq!(view.ignored, ["other.csv"]);
        let expected =
            [("all", 2), ("news", 4), ("vip", 3)].map(|(id, count)| (id.to_owned(), count));
        assert_eq!(counts(&source).await, expected);
        let rows = shown(&source, &["vip", "all", "news"], &["Förnamn"]).await;
        let expected = [
            "-@segments/all.csv:3 [1] no_profile: ".to_owned(),
            format!("1@{name}:2 [0, 1, 2] Åsa"),
            format!("2@{name}:3 [2] Bo\n\"B\""),
            format!("4@{name}:6 [0] Dan"),
            "9@segments/vip.csv:4 [0, 2] no_profile: 9".to_owned(),
            "8@segments/news.txt:5 [2] no_profile: 8".to_owned(),
        ];
        assert_eq!(rows, expected);
    }
}

#[tokio::test]
async fn a_segment_file_beside_profiles_may_hold_whole_rows() {
    let folder = folder(&[
        ("profiles.csv", "Id,Mail\n1,a@exempel.se\n2,b@exempel.se\n"),
        (
            "segments/rows.csv",
            "Mail;Id;More\nb@exempel.se;2;x\nc@exempel.se;3;y\n",
        ),
        ("segments/ids.csv", "2\n"),
    ]);
    let rows = shown(&looked(&folder).await, &["rows", "ids"], &["Mail"]).await;
    let expected = [
        "2@segments/rows.csv:2 [0] b@exempel.se",
        "3@segments/rows.csv:3 [0] c@exempel.se",
        "2@profiles.csv:3 [1] b@exempel.se",
    ];
    assert_eq!(rows, expected);
}

#[tokio::test]
async fn in_a_folder_of_files_each_is_a_segment_with_whole_rows() {
    let folder = folder(&[
        ("Vår 2026.csv", "Id,Mail\n1,a@exempel.se\n1,a2@exempel.se\n"),
        ("vip.tsv", "CustomerId\tNamn\tMail\n1\tÅsa\ta@exempel.se\n"),
    ]);
    let source = looked(&folder).await;
    assert_eq!(layout(&source), FolderLayout::FilePerSegment);
    assert_eq!(
        counts(&source).await,
        [("Vår 2026".to_owned(), 2), ("vip".to_owned(), 1)]
    );
    let names: Vec<&str> = source
        .attributes()
        .iter()
        .map(|a| a.name.as_str())
        .collect();
    assert_eq!(names, ["Id", "Mail", "CustomerId", "Namn"]);
    let rows = shown(&source, &["vip", "Vår 2026"], &["Mail"]).await;
    let expected = [
        "1@vip.tsv:2 [0] a@exempel.se",
        "1@Vår 2026.csv:2 [1] a@exempel.se",
        "1@Vår 2026.csv:3 [1] a2@exempel.se",
    ];
    assert_eq!(rows, expected);
    let lacking = read(&source, &["Vår 2026"], &["Namn"]).await;
    assert!(
        matches!(lacking, Err(Error::UnknownAttribute { attribute, .. }) if attribute == "Namn")
    );
    let rows = shown(&source, &["höst", "vip"], &["Mail"]).await;
    assert_eq!(rows, ["1@vip.tsv:2 [1] a@exempel.se"]);
    let (_, summary) = read(&source, &["höst", "vip"], &["Mail"])
        .await
        .expect("the others are read");
    assert_eq!(summary.gone, [SegmentId::new("höst")]);
    assert!(!summary.by_members, "a file may well be empty");
}

#[tokio::test]
async fn the_layout_that_was_found_can_be_overruled() {
    let files = [
        ("profiles.csv", "Id,Mail\n1,a@x.se\n"),
        ("other.csv", "Id,Mail\n2,b@x.se\n"),
        ("segments/s.csv", "1\n"),
    ];
    let folder = folder(&files);
    for set in [
        FolderLayout::OneFile,
        FolderLayout::ProfilesAndSegments,
        FolderLayout::FilePerSegment,
    ] {
        let source = open(folder.path(), laid_out(set)).await.expect("a source");
        assert_eq!(layout(&source), set);
    }
    let alone = open(
        &folder.path().join("other.csv"),
        laid_out(FolderLayout::FilePerSegment),
    )
    .await
    .expect("a source");
    assert_eq!(counts(&alone).await, [("other".to_owned(), 1)]);
    let beside = open(
        &folder.path().join("other.csv"),
        laid_out(FolderLayout::ProfilesAndSegments),
    )
    .await;
    assert_eq!(
        counts(&beside.expect("a source")).await,
        [("s".to_owned(), 1)]
    );
}

#[tokio::test]
async fn a_row_without_id_has_no_profile_and_is_read_all_the_same() {
    let folder = folder(&[(
        "p.csv",
        "Id,Mail\n ,a@exempel.se\n2,b@exempel.se\n3,c@exempel.se\n",
    )]);
    let rows = shown(&looked(&folder).await, &[ALL_PROFILES], &["Mail"]).await;
    assert_eq!(rows[0], "-@p.csv:2 [0] a@exempel.se");
}

#[tokio::test]
async fn a_short_row_is_told_with_the_missing_column_unless_nothing_wanted_is_missing() {
    let text = "Id,Mail,Tier,Note\n1,a@exempel.se,x\n2,b@exempel.se\n3\n4,d@exempel.se,y,,,\n";
    let folder = folder(&[("p.csv", text)]);
    let source = open(folder.path(), by("Tier")).await.expect("a source");
    let rows = shown(&source, &["x", "y"], &["Mail"]).await;
    let expected = [
        "1@p.csv:2 [0] a@exempel.se",
        "2@p.csv:3 [] short_row: Tier",
        "3@p.csv:4 [] short_row: Tier",
        "4@p.csv:5 [1] row_too_long: ",
    ];
    assert_eq!(rows, expected);
    let (rows, summary) = read(&source, &["x"], &["Mail", "Note"])
        .await
        .expect("readable");
    let fault = rows[0].cells.as_ref().expect_err("short");
    assert_eq!(
        (fault.detail.as_str(), fault.cells.get(0)),
        ("Note", "a@exempel.se")
    );
    assert_eq!((summary.faults, summary.outside), (4, 0));
}

#[tokio::test]
async fn reading_ends_when_nobody_takes_the_rows() {
    let folder = folder(&[(
        "a.csv",
        &format!("Id,Mail\n{}", "1,a@exempel.se\n".repeat(5_000)),
    )]);
    let source = looked(&folder).await;
    let (sender, receiver) = mpsc::channel(1);
    drop(receiver);
    let request = ReadRequest {
        segments: vec![SegmentId::new(ALL_PROFILES)],
        attributes: Vec::new(),
        ..ReadRequest::default()
    };
    assert!(matches!(
        source.read(request, sender).await,
        Err(Error::Stopped)
    ));
}

#[tokio::test]
async fn packed_files_count_as_files_and_columns_may_have_blanks_in_their_names() {
    let folder = folder(&[("profiles.csv", "Id|E mail address\n1|a@exempel.se\n")]);
    let text = fs::read(folder.path().join("profiles.csv")).expect("read");
    let packed = fs::File::create(folder.path().join("Vår.CSV.gz")).expect("made");
    let mut packed = GzEncoder::new(packed, Compression::fast());
    packed.write_all(&text).expect("packed");
    packed.finish().expect("packed");
    let source = looked(&folder).await;
    let rows = shown(&source, &["Vår", "profiles"], &["e mail address"]).await;
    let expected = [
        "1@Vår.CSV.gz:2 [0] a@exempel.se",
        "1@profiles.csv:2 [1] a@exempel.se",
    ];
    assert_eq!(rows, expected);
    assert_eq!(source.attributes()[1].semantic, Some(Semantic::Email));
    assert_eq!(source.attributes()[1].samples, ["a@exempel.se"]);
}

#[tokio::test]
async fn the_sample_of_microsoft_is_understood() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../shared/customer-insights/contoso-Contact.csv");
    if !path.exists() {
        println!("skipped: {} is not there", path.display());
        return;
    }
    let source = open(&path, by("Loyalty Tier")).await.expect("a source");
    let expected =
        [("high", 443), ("low", 520), ("medium", 4037)].map(|(id, count)| (id.to_owned(), count));
    assert_eq!(counts(&source).await, expected);
    let meaning = |semantic| {
        let found = source
            .attributes()
            .iter()
            .filter(move |a| a.semantic == Some(semantic));
        found.map(|a| a.name.as_str()).collect::<Vec<_>>()
    };
    assert_eq!(meaning(Semantic::Id), ["ContactId"]);
    assert_eq!(meaning(Semantic::Email), ["EMail"]);
    assert_eq!(meaning(Semantic::FirstName), ["FirstName"]);
    assert_eq!(meaning(Semantic::LastName), ["LastName"]);
    assert_eq!(meaning(Semantic::Phone), ["Telephone"]);
    assert_eq!(meaning(Semantic::Birthday), ["DateOfBirth"]);
    assert_eq!(meaning(Semantic::Country), ["Country"]);
    assert_eq!(meaning(Semantic::Consent), ["Email Subscriber"]);
    let (rows, summary) = read(&source, &["low", "high", "medium"], &["Email Subscriber"])
        .await
        .expect("readable");
    let no = rows
        .iter()
        .filter(|row| row.cells.as_ref().is_ok_and(|cells| cells.get(0) == "No"));
    assert_eq!(
        (no.count(), summary.rows, summary.faults),
        (3_366, 5_000, 0)
    );
    let dates = source
        .date_evidence(&["DateOfBirth".to_owned(), "EMail".to_owned()])
        .await
        .expect("readable");
    assert_eq!(dates[0].orders(), [DateOrder::Mdy]);
    assert_eq!(dates[1].orders(), []);
}
