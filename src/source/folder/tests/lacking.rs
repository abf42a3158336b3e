//! Tables that something is missing of.

use super::tables::{CUSTOMER, defaults, entity, model};
use super::*;

#[tokio::test]
async fn what_a_model_lacks_is_an_error_that_names_it() {
    let customer =
        |locations: &[&str]| model(&[entity("Customer", &CUSTOMER, locations, &defaults())]);
    let any = FolderOptions::default;
    let broken = refused(&[("model.json", "{\"entities\": [")], any()).await;
    assert!(matches!(broken, Error::BrokenModel { .. }), "{broken}");
    let shapeless = refused(&[("model.json", r#"{"entities": 1}"#)], any()).await;
    assert!(
        matches!(shapeless, Error::BrokenModel { .. }),
        "{shapeless}"
    );
    let gone = refused(
        &[
            (
                "model.json",
                &customer(&["Customer/1.csv", "Customer/2.csv"]),
            ),
            ("Customer/1.csv", "1"),
        ],
        any(),
    )
    .await;
    assert!(
        matches!(&gone, Error::MissingPartitions { table, files, .. } if table == "Customer" && files.len() == 1 && files[0].ends_with("Customer/2.csv")),
        "{gone}"
    );
    // Two partitions of one name in different folders are not one and the same file.
    let flat = refused(
        &[
            ("model.json", &customer(&["a/1.csv", "b/1.csv"])),
            ("1.csv", "1"),
        ],
        any(),
    )
    .await;
    assert!(matches!(flat, Error::MissingPartitions { .. }), "{flat}");
}

#[tokio::test]
async fn a_folder_without_tables_for_profiles_or_segments_is_an_error() {
    let any = FolderOptions::default;
    let other = refused(
        &[(
            "model.json",
            &model(&[entity(
                "account",
                &[("Id", "guid"), ("name", "string")],
                &[],
                &defaults(),
            )]),
        )],
        any(),
    )
    .await;
    assert!(
        matches!(&other, Error::NoTables { tables, .. } if tables == &["account"]),
        "{other}"
    );
    let plain = refused(&[("people.csv", PEOPLE)], laid_out(FolderLayout::Tables)).await;
    assert!(matches!(plain, Error::NoTables { .. }), "{plain}");
}
