use std::collections::HashSet;
use std::fs::File;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use super::Error;
use super::files::private;
use crate::domain::{Class, Reason, Reject};

/// The rejects of a run as CSV, written as they come.
#[derive(Debug)]
pub struct RejectWriter {
    path: PathBuf,
    csv: csv::Writer<File>,
}

const COLUMNS: [&str; 8] = [
    "profile", "file", "line", "email", "reason", "class", "detail", "advice",
];

impl RejectWriter {
    /// Starts the file with its header line.
    ///
    /// # Errors
    /// Fails when it cannot be written.
    pub fn create(path: &Path) -> Result<Self, Error> {
        let file = private()
            .truncate(true)
            .open(path)
            .map_err(|why| Error::write(path, why))?;
        let mut writer = Self {
            path: path.to_owned(),
            csv: csv::Writer::from_writer(file),
        };
        let header = writer.csv.write_record(COLUMNS);
        writer.check(header)?;
        Ok(writer)
    }

    /// Adds a reject with the advice in the user's words.
    ///
    /// # Errors
    /// Fails when the disk does.
    pub fn add(&mut self, reject: &Reject, advice: &str) -> Result<(), Error> {
        let line = reject.line.to_string();
        let class = match reject.reason.class() {
            Class::Permanent => "permanent",
            Class::Mapping => "mapping",
            Class::Later => "later",
        };
        let written = self.csv.write_record([
            reject.profile.as_deref().unwrap_or_default(),
            &reject.file,
            &line,
            reject.email.as_deref().unwrap_or_default(),
            reject.reason.as_str(),
            class,
            &reject.detail,
            advice,
        ]);
        self.check(written)
    }

    /// Hands what was written to the system.
    ///
    /// # Errors
    /// Fails when the disk does.
    pub fn flush(&mut self) -> Result<(), Error> {
        self.csv
            .flush()
            .map_err(|why| Error::write(&self.path, why))
    }

    fn check(&self, written: Result<(), csv::Error>) -> Result<(), Error> {
        written.map_err(|why| Error::write(&self.path, why.into()))
    }
}

/// The rejects of a run, read back one by one.
pub struct RejectReader {
    path: PathBuf,
    csv: csv::StringRecordsIntoIter<File>,
}

impl RejectReader {
    /// Opens the file of a run; `None` when it has none.
    ///
    /// # Errors
    /// Fails when it cannot be read.
    pub fn open(path: &Path) -> Result<Option<Self>, Error> {
        match File::open(path) {
            Ok(file) => {
                let csv = csv::Reader::from_reader(file).into_records();
                Ok(Some(Self {
                    path: path.to_owned(),
                    csv,
                }))
            }
            Err(why) if why.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(why) => Err(Error::read(path, why)),
        }
    }
}

impl Iterator for RejectReader {
    type Item = Result<Reject, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let damaged = |why: String| Error::Damaged {
            path: self.path.clone(),
            why,
        };
        let record = match self.csv.next()? {
            Ok(record) => record,
            Err(why) => return Some(Err(damaged(why.to_string()))),
        };
        let text = |at: usize| record.get(at).unwrap_or_default().to_owned();
        let full = |at: usize| Some(text(at)).filter(|text| !text.is_empty());
        let Some(reason) = Reason::parse(&text(4)) else {
            return Some(Err(damaged(format!("{:?} is no reason", text(4)))));
        };
        Some(Ok(Reject {
            profile: full(0),
            file: text(1),
            line: text(2).parse().unwrap_or_default(),
            email: full(3),
            reason,
            detail: text(6),
        }))
    }
}

/// Which rejects a report had, to tell a new one from one that was there before: by profile (or address, or place) and
/// reason. Eight bytes a reject; a false match of two 64-bit hashes would only lower an exit code.
#[derive(Debug, Default)]
pub struct RejectKeys(HashSet<u64>);

impl RejectKeys {
    /// Notes a reject.
    pub fn add(&mut self, reject: &Reject) {
        self.0.insert(Self::key(reject));
    }

    /// Tells whether the same person was refused for the same reason before.
    #[must_use]
    pub fn had(&self, reject: &Reject) -> bool {
        self.0.contains(&Self::key(reject))
    }

    fn key(reject: &Reject) -> u64 {
        let mut hasher = DefaultHasher::new();
        reject.reason.hash(&mut hasher);
        match (&reject.profile, &reject.email) {
            (Some(profile), _) => profile.hash(&mut hasher),
            (None, Some(email)) => email.trim().to_lowercase().hash(&mut hasher),
            (None, None) => (&reject.file, reject.line).hash(&mut hasher),
        }
        hasher.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::{RejectKeys, RejectReader, RejectWriter};
    use crate::domain::{Reason, Reject};

    #[test]
    fn rejects_are_read_back_as_they_were_written() {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("rejects.csv");
        let reject = Reject {
            profile: Some("7".to_owned()),
            file: "people.csv".to_owned(),
            line: 3,
            email: None,
            reason: Reason::NoEmail,
            detail: "a, \"b\"".to_owned(),
        };
        let mut writer = RejectWriter::create(&path).expect("create");
        writer.add(&reject, "mend it").expect("add");
        writer.flush().expect("flush");
        let back: Vec<_> = RejectReader::open(&path)
            .expect("open")
            .expect("there")
            .collect();
        assert_eq!(back.len(), 1);
        assert_eq!(back[0].as_ref().expect("read"), &reject);
        let mut keys = RejectKeys::default();
        keys.add(&reject);
        assert!(
            keys.had(&reject)
                && !keys.had(&Reject {
                    profile: Some("8".to_owned()),
                    ..reject
                })
        );
    }
}
