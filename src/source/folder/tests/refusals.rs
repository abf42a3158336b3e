//! What a folder is refused for.

use std::fs;
use std::path::Path;

use super::super::super::{ALL_PROFILES, Error};
use super::super::MAX_SEGMENTS;
use super::{by, folder, laid_out, looked, open, read, refused};
use crate::domain::{FolderLayout, FolderOptions};

#[tokio::test]
async fn what_does_not_exist_is_empty_or_holds_no_data_is_an_error() {
    let folder = folder(&[("notes.md", "none")]);
    let open = async |path: &Path| {
        open(path, FolderOptions::default())
            .await
            .expect_err("no source")
    };
    assert!(matches!(
        open(&folder.path().join("no")).await,
        Error::NotFound { .. }
    ));
    assert!(matches!(open(folder.path()).await, Error::NoFiles { .. }));
    assert!(matches!(
        refused(&[("a.csv", "")], by("x")).await,
        Error::EmptyFile { .. }
    ));
    let empty_segment = [("profiles.csv", "Id,Mail\n"), ("segments/s.csv", "")];
    assert!(matches!(
        refused(&empty_segment, FolderOptions::default()).await,
        Error::EmptyFile { .. }
    ));
    let no_segments = refused(
        &[("a.csv", "Id,Mail\n")],
        laid_out(FolderLayout::ProfilesAndSegments),
    )
    .await;
    assert!(matches!(no_segments, Error::NoSegments { .. }));
}

#[tokio::test]
async fn columns_that_are_not_there_are_errors_that_list_those_that_are() {
    let files = [("a.csv", "Id,Mail\n1,a@exempel.se\n")];
    let columns = ["Id".to_owned(), "Mail".to_owned()];
    let segment = refused(&files, by("Tier")).await;
    assert!(
        matches!(segment, Error::UnknownSegmentColumn { candidates, .. } if candidates == columns)
    );
    let id = FolderOptions {
        id_column: Some("Key".to_owned()),
        ..FolderOptions::default()
    };
    assert!(
        matches!(refused(&files, id).await, Error::UnknownIdColumn { candidates, .. } if candidates == columns)
    );
    let folder = folder(&files);
    let source = looked(&folder).await;
    let unknown = read(&source, &[ALL_PROFILES], &["Namn"]).await;
    assert!(
        matches!(unknown, Err(Error::UnknownAttribute { candidates, .. }) if candidates == columns)
    );
    let no_id = [
        ("profiles.csv", "Namn,Mail\nx,a@exempel.se\n"),
        ("segments/s.csv", "1\n"),
    ];
    assert!(matches!(
        refused(&no_id, FolderOptions::default()).await,
        Error::NoIdColumn { .. }
    ));
    let neither = [
        ("profiles.csv", "Id,Mail\n1,a@exempel.se\n"),
        ("segments/s.csv", "x,y\n1,2\n"),
    ];
    assert!(matches!(
        refused(&neither, FolderOptions::default()).await,
        Error::NotASegment { .. }
    ));
}

#[tokio::test]
async fn segments_that_cannot_be_told_apart_are_errors() {
    let many = [("a.csv", "Id,T\n1,x\n"), ("b.csv", "Id,T\n1,x\n")];
    assert!(
        matches!(refused(&many, by("T")).await, Error::ManyFiles { files, .. } if files == ["a.csv", "b.csv"])
    );
    let twice = [("a.csv", "Id,T\n1,x\n"), ("a.tsv", "Id,T\n1,x\n")];
    assert!(matches!(
        refused(&twice, FolderOptions::default()).await,
        Error::SegmentTwice { .. }
    ));
    let set = FolderOptions {
        layout: Some(FolderLayout::FilePerSegment),
        ..by("T")
    };
    assert!(matches!(
        refused(&many, set).await,
        Error::SegmentByNeedsOneFile { .. }
    ));
    let text = (0..=MAX_SEGMENTS).fold("Id,T\n".to_owned(), |text, n| format!("{text}{n},{n}\n"));
    let folder = folder(&[("a.csv", &text)]);
    let source = open(folder.path(), by("T")).await.expect("a source");
    assert!(matches!(
        source.segments().await,
        Err(Error::TooManySegments { .. })
    ));
}

#[tokio::test]
async fn a_file_that_changed_since_it_was_looked_at_is_an_error() {
    let folder = folder(&[("a.csv", "Id,Mail\n1,a@exempel.se\n")]);
    let source = looked(&folder).await;
    fs::write(folder.path().join("a.csv"), "Mail,Id\na@exempel.se,1\n").expect("written");
    let changed = read(&source, &[ALL_PROFILES], &["Mail"]).await;
    assert!(matches!(changed, Err(Error::Changed { .. })));
    fs::remove_file(folder.path().join("a.csv")).expect("removed");
    let gone = read(&source, &[ALL_PROFILES], &["Mail"]).await;
    assert!(matches!(gone, Err(Error::OpenFile { .. })));
    let gone = source.date_evidence(&["Mail".to_owned()]).await;
    assert!(matches!(gone, Err(Error::OpenFile { .. })));
    let unknown = source.date_evidence(&["Born".to_owned()]).await;
    assert!(
        matches!(unknown, Err(Error::UnknownAttribute { attribute, .. }) if attribute == "Born")
    );
}
