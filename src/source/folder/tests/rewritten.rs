//! Parquet that is damaged, or written anew while it is looked at or read.

use std::sync::Arc;

use arrow_array::Int64Array;

use super::lake::{ALL, people, write, zstd};
use super::*;

#[tokio::test]
async fn what_is_torn_packed_otherwise_or_being_written_is_refused() {
    let alone = folder(&[]);
    let path = alone.path().join("people.parquet");
    write(&path, people(&[0, 1]), zstd());
    let whole = fs::read(&path).expect("bytes");
    fs::write(&path, &whole[..whole.len() - 20]).expect("torn");
    let torn = open(&path, FolderOptions::default()).await;
    assert!(matches!(torn, Err(Error::ReadFile { .. })), "{torn:?}");
    let spark = folder(&[("_temporary/0/x", "")]);
    write(&spark.path().join("part-0.parquet"), people(&[0]), zstd());
    let half = open(spark.path(), FolderOptions::default()).await;
    assert!(matches!(half, Err(Error::Changed { .. })), "{half:?}");
}

#[tokio::test]
async fn a_table_written_anew_while_it_is_read_is_never_taken_for_whole() {
    let parts = folder(&[]);
    let part = |number: usize| parts.path().join(format!("part-{number}.parquet"));
    write(&part(0), people(&[0, 1]), zstd());
    write(&part(1), people(&[2, 3]), zstd());
    let source = looked(&parts).await;
    write(&part(2), people(&[0]), zstd());
    let grown = read(&source, &[ALL_PROFILES], &ALL).await;
    assert!(matches!(grown, Err(Error::Changed { .. })), "{grown:?}");
    fs::remove_file(part(2)).expect("removed");
    assert!(read(&source, &[ALL_PROFILES], &ALL).await.is_ok());
    fs::remove_file(part(1)).expect("removed");
    let gone = read(&source, &[ALL_PROFILES], &ALL).await;
    assert!(matches!(gone, Err(Error::Changed { .. })), "{gone:?}");
    // A column of another type than when it was looked at.
    write(&part(1), people(&[2, 3]), zstd());
    let mut columns = people(&[0, 1]);
    columns[3].1 = Arc::new(Int64Array::from(vec![1, 2]));
    write(&part(0), columns, zstd());
    let other = read(&source, &[ALL_PROFILES], &ALL).await;
    assert!(matches!(other, Err(Error::Changed { .. })), "{other:?}");
}
