use std::fs;
use std::io::{ErrorKind, Write};
use std::path::Path;

use super::Error;
use super::files::{private, replace_by};
use super::rejects::csv_record;

/// Writes a list that a person wants as a file of their own: CSV, readable by its owner only, whole or not at all. The
/// rows come from a function that hands them out. Tells how many they are, or nothing where a file is there already that
/// is not to be written over.
///
/// # Errors
/// Fails when the file cannot be written, or as the function does.
pub fn write_listing<E: From<Error>>(
    path: &Path,
    over: bool,
    columns: &[&str],
    rows: impl FnOnce(&mut dyn FnMut(&[String]) -> Result<(), E>) -> Result<(), E>,
) -> Result<Option<u64>, E> {
    if !over {
        // Whoever makes the file first has it.
        match private().create_new(true).open(path) {
            Ok(_claimed) => {}
            Err(why) if why.kind() == ErrorKind::AlreadyExists => return Ok(None),
            Err(why) => return Err(Error::write(path, why).into()),
        }
    }
    let mut count = 0;
    let mut failed = None;
    let written = replace_by(path, |file| {
        let mut put = |record: String| {
            let written = file.write_all(record.as_bytes());
            written.map_err(|why| Error::write(path, why))
        };
        put(csv_record(columns.iter().copied()))?;
        let told = rows(&mut |cells| {
            count += 1;
            Ok(put(csv_record(cells.iter().map(String::as_str)))?)
        });
        failed = told.err();
        Ok(failed.is_none())
    });
    let written = match failed {
        Some(why) => Err(why),
        None => written.map_err(E::from),
    };
    if written.is_err() && !over {
        let _gone_or_not = fs::remove_file(path);
    }
    written.map(|()| Some(count))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::super::Error;
    use super::write_listing;

    #[test]
    fn a_listing_is_written_over_only_when_that_is_wanted_and_never_by_half() {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("list.csv");
        let write = |over, cell: &str, fails: bool| {
            write_listing(&path, over, &["who"], |put| {
                put(&[cell.to_owned()])?;
                if fails { Err(Error::NoHome) } else { Ok(()) }
            })
        };
        assert!(write(false, "a", true).is_err());
        assert!(!path.exists(), "nothing is left of what failed");
        assert_eq!(write(false, "=a", false).expect("written"), Some(1));
        assert_eq!(write(false, "b", false).expect("kept"), None);
        assert!(write(true, "c", true).is_err());
        assert_eq!(fs::read_to_string(&path).expect("read"), "who\n'=a\n");
        assert_eq!(write(true, "d", false).expect("written"), Some(1));
        assert_eq!(fs::read_to_string(&path).expect("read"), "who\nd\n");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(&path).expect("file").permissions().mode();
            assert_eq!(mode & 0o077, 0, "rule 5");
        }
    }
}
