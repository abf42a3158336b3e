//! The table of what the documented connector does is whole, and names tests that are there.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// How many things the connector's pages promise.
const FEATURES: usize = 43;

#[test]
fn each_feature_has_its_row_and_each_test_named_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let table = fs::read_to_string(root.join("tests/FEATURES.md")).expect("the table");
    let rows: Vec<Vec<&str>> = table
        .lines()
        .filter(|line| {
            line.starts_with("| ") && !line.starts_with("| #") && !line.starts_with("| -")
        })
        .map(|line| line.trim_matches('|').split('|').map(str::trim).collect())
        .collect();
    let numbers: Vec<usize> = rows
        .iter()
        .map(|row| row[0].parse().expect("a number"))
        .collect();
    assert_eq!(numbers, (1..=FEATURES).collect::<Vec<_>>());
    let mut tests = BTreeSet::new();
    functions(&root.join("src"), &mut tests);
    functions(&root.join("tests"), &mut tests);
    for row in rows {
        let [number, _, _, named] = row[..] else {
            panic!("four cells: {row:?}");
        };
        let named: Vec<&str> = named.split('`').skip(1).step_by(2).collect();
        for name in &named {
            assert!(tests.contains(*name), "row {number}: there is no {name}");
        }
    }
}

/// Collects the names of functions in a folder.
fn functions(folder: &Path, names: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).expect("folder") {
        let path = entry.expect("entry").path();
        if path.is_dir() {
            functions(&path, names);
        } else if path.extension().is_some_and(|end| end == "rs") {
            let text = fs::read_to_string(&path).expect("text");
            let declared = text.split("fn ").skip(1);
            names.extend(declared.filter_map(|rest| Some(rest.split('(').next()?.to_owned())));
        }
    }
}
