use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::Path;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::Error;

/// Makes a folder with its parents, closed to others.
pub(crate) fn private_folder(path: &Path) -> Result<(), Error> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).map_err(|why| Error::write(path, why))
}

/// Options that make a new file readable by its owner only.
pub(crate) fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Replaces a file whole or not at all: temporary file, sync, rename, sync of the folder.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    replace_by(path, |file| {
        file.write_all(bytes)
            .map(|()| true)
            .map_err(|why| Error::write(path, why))
    })
}

/// As [`replace`], by what is written as it comes; one that tells that it has nothing new leaves the file as it is.
pub(super) fn replace_by(
    path: &Path,
    write: impl FnOnce(&mut BufWriter<File>) -> Result<bool, Error>,
) -> Result<(), Error> {
    let folder = path.parent().unwrap_or(Path::new("."));
    private_folder(folder)?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let temporary = folder.join(format!(".{name}.{}{TEMPORARY}", std::process::id()));
    let failed = |why| Error::write(path, why);
    let written = private()
        .truncate(true)
        .open(&temporary)
        .map_err(failed)
        .and_then(|file| {
            let mut file = BufWriter::new(file);
            let is_new = write(&mut file)?;
            file.flush().map_err(failed)?;
            file.get_ref().sync_all().map_err(failed)?;
            Ok(is_new)
        })
        .and_then(|is_new| {
            if is_new {
                fs::rename(&temporary, path).map_err(failed)?;
            }
            Ok(is_new)
        });
    if !matches!(written, Ok(true)) {
        let _gone_or_not = fs::remove_file(&temporary);
        return written.map(|_| ());
    }
    sync_folder(folder).map_err(|why| Error::write(folder, why))
}

/// How the names of files end that are not whole yet.
const TEMPORARY: &str = ".new";

/// Tells whether a path names a file that did not become whole.
pub(super) fn is_temporary(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.starts_with('.') && name.ends_with(TEMPORARY)
}

#[cfg(unix)]
pub(super) fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "the Unix one can fail")]
pub(super) fn sync_folder(_folder: &Path) -> io::Result<()> {
    Ok(())
}

/// Reads a file that need not exist.
pub(crate) fn read_if_there(path: &Path) -> Result<Option<String>, Error> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(why) if why.kind() == ErrorKind::NotFound => Ok(None),
        Err(why) => Err(Error::read(path, why)),
    }
}

/// What a file that a person may write says of its own form; today's say nothing.
#[derive(Default, Deserialize)]
struct Format {
    format: Option<u32>,
}

/// The form of the files that are saved, as a key `format` would tell it. Whoever changes it so that a program of today
/// would read it wrongly writes a higher one into the file.
const FORMAT: u32 = 1;

/// Reads a file in TOML, unless a newer version wrote it.
pub(super) fn of_this_format<T: DeserializeOwned>(path: &Path, text: &str) -> Result<T, Error> {
    let Format { format } = toml::from_str(text).unwrap_or_default();
    match format {
        Some(version) if version > FORMAT => Err(Error::Newer {
            path: path.to_owned(),
            version,
        }),
        _ => from_toml(path, text),
    }
}

/// Reads TOML. What is wrong is told in one line, by its line in the file.
pub(crate) fn from_toml<T: DeserializeOwned>(path: &Path, text: &str) -> Result<T, Error> {
    toml::from_str(text).map_err(|why| {
        let line = why
            .span()
            .and_then(|span| text.get(..span.start))
            .map(|before| format!("line {}: ", before.matches('\n').count() + 1));
        Error::Damaged {
            path: path.to_owned(),
            why: line.unwrap_or_default() + why.message(),
        }
    })
}

/// Removes a file that need not exist.
pub(crate) fn remove_if_there(path: &Path) -> Result<(), Error> {
    match fs::remove_file(path) {
        Err(why) if why.kind() != ErrorKind::NotFound => Err(Error::write(path, why)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::{read_if_there, replace};

    #[test]
    fn a_file_is_replaced_whole_and_closed_to_others() {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("deep/file.toml");
        replace(&path, b"one").expect("first");
        replace(&path, b"two").expect("second");
        assert_eq!(read_if_there(&path).expect("read"), Some("two".to_owned()));
        assert_eq!(
            std::fs::read_dir(path.parent().expect("folder"))
                .expect("list")
                .count(),
            1
        );
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = std::fs::metadata(&path)
                .expect("metadata")
                .permissions()
                .mode();
            assert_eq!(
                mode & 0o077,
                0,
                "rule 5: files are readable by their owner only"
            );
        }
    }

    #[test]
    fn a_failed_write_leaves_what_was_there() {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("taken");
        std::fs::create_dir(&path).expect("a folder stands where the file should");
        assert!(replace(&path, b"x").is_err());
        assert_eq!(std::fs::read_dir(folder.path()).expect("list").count(), 1);
    }
}
