//! Exports in folders by date.

use super::tables::{CUSTOMER, defaults, entity, model};
use super::*;

const ROW: &str = "CustomerId,EMail\n1,asa@exempel.se\n";

#[tokio::test]
async fn of_exports_by_date_the_newest_complete_one_is_read_and_told_of() {
    let folder = folder(&[
        ("Gold/2026/08/24/1433/Gold_1.csv", ROW),
        (
            "Gold/2026/08/24/1433/Gold_2.csv",
            "CustomerId,EMail\n2,bo@exempel.se\n",
        ),
        ("Gold/2026/08/25/1433/Gold_1.csv", ROW),
        ("Gold/2026/08/25/1433/Gold_3.csv", ROW),
        ("Gold/2025/12/31/1433/Gold_1.csv", ROW),
        ("Silver/2026/08/25/1433/Silver_1.csv", ROW),
        ("Bronze/2026/08/20/1433/Bronze_1.csv", ROW),
    ]);
    for path in [folder.path().to_owned(), folder.path().join("Gold")] {
        let source = open(&path, FolderOptions::default())
            .await
            .expect("a source");
        let view = source.folder().expect("a folder");
        let gold = view
            .exports
            .iter()
            .find(|one| one.table == "Gold")
            .expect("told");
        assert_eq!(gold.at, "2026-08-24 14:33");
        assert_eq!(gold.incomplete.as_deref(), Some("2026-08-25 14:33"));
        assert_eq!(gold.missing, ["Gold_2.csv"]);
        let emails = shown(&source, &["Gold"], &["EMail"]).await;
        assert_eq!(emails.len(), 2);
        assert!(
            emails[1].contains("2026/08/24/1433/Gold_2.csv:2 [0] bo@"),
            "{emails:?}"
        );
    }
    let segments = looked(&folder).await.segments().await.expect("segments");
    let told: Vec<_> = segments
        .iter()
        .map(|s| {
            format!(
                "{} {:?} {}",
                s.id.as_str(),
                s.state,
                s.evaluated_at.expect("a time")
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            "Bronze Stale 2026-08-20T14:33:00Z",
            "Gold Stale 2026-08-24T14:33:00Z",
            "Silver Ready 2026-08-25T14:33:00Z",
        ]
    );
}

#[tokio::test]
async fn a_model_above_exports_by_date_tells_their_columns_and_what_is_missing() {
    let files = [
        "Customer/2026/08/25/1433/Customer_1.csv",
        "Customer/2026/08/25/1433/Customer_2.csv",
    ];
    let customer = entity("Customer", &CUSTOMER, &files, &defaults());
    let folder = folder(&[
        ("model.json", &model(&[customer])),
        (
            "Customer/2026/08/24/1433/Customer_1.csv",
            "1,asa@exempel.se\n",
        ),
        (files[0], "2,bo@exempel.se\n"),
    ]);
    let emails = |source| async move { shown(&source, &[ALL_PROFILES], &["EMail"]).await };
    let source = looked(&folder).await;
    assert_eq!(
        source.folder().expect("a folder").exports[0].missing,
        ["Customer_2.csv"]
    );
    assert_eq!(
        emails(source).await,
        ["1@Customer/2026/08/24/1433/Customer_1.csv:1 [0] asa@exempel.se"]
    );
    fs::write(folder.path().join(files[1]), "3,cia@exempel.se\n").expect("written");
    assert_eq!(emails(looked(&folder).await).await.len(), 2);
}

#[tokio::test]
async fn exports_that_are_not_whole_or_not_one_table_are_errors() {
    let any = FolderOptions::default;
    let begun = refused(
        &[
            ("Gold/2026/08/24/1433/Gold_2.csv", ROW),
            ("Gold/2026/08/24/1433/Gold_1.csv.part", "1"),
        ],
        any(),
    )
    .await;
    assert!(
        matches!(&begun, Error::IncompleteExport { at, .. } if at == "2026-08-24 14:33"),
        "{begun}"
    );
    let differ = refused(
        &[
            ("Gold/2026/08/24/1433/Gold_1.csv", ROW),
            ("Gold/2026/08/24/1433/Gold_2.csv", "EMail,CustomerId\nx,1\n"),
        ],
        any(),
    )
    .await;
    assert!(
        matches!(&differ, Error::OtherColumns { path } if path.ends_with("Gold_2.csv")),
        "{differ}"
    );
}
