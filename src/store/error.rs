use std::io;
use std::path::PathBuf;

/// Why something could not be kept on disk or read back.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No folder for Segue's files can be told from the environment.
    #[error("there is no home folder")]
    NoHome,
    /// A file could not be read.
    #[error("could not read {}", path.display())]
    Read {
        /// Which one.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// A file could not be written.
    #[error("could not write {}", path.display())]
    Write {
        /// Which one.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// A file does not hold what it should.
    #[error("{} does not hold what it should: {why}", path.display())]
    Damaged {
        /// Which one.
        path: PathBuf,
        /// What is wrong, with the line where one is known.
        why: String,
    },
    /// A file was written by a newer version of Segue.
    #[error("{} is of version {version}, which this program does not know", path.display())]
    Newer {
        /// Which one.
        path: PathBuf,
        /// Its version.
        version: u32,
    },
    /// Two files hold the same destination.
    #[error("{} and {} have the same name or id", path.display(), other.display())]
    Twice {
        /// One of them.
        path: PathBuf,
        /// The other.
        other: PathBuf,
    },
    /// A value could not be put into the form of its file.
    #[error("could not put a value into the form of its file: {0}")]
    Encode(String),
    /// A destination or login of that name exists.
    #[error("{0:?} exists already")]
    Exists(String),
    /// The key to the list of people who were erased is gone, or another one.
    #[error("the key {} to the list of erased people is missing", key.display())]
    NoErasedKey {
        /// Where it should be.
        key: PathBuf,
        /// The list.
        list: PathBuf,
    },
    /// The database file of a ledger failed.
    #[error("the database {} failed", path.display())]
    Database {
        /// Which one.
        path: PathBuf,
        /// What `SQLite` said.
        #[source]
        source: rusqlite::Error,
    },
}

impl Error {
    /// Tells whether it may go well another time without anybody changing a file: the disk was full, or a file in use.
    #[must_use]
    pub fn may_pass(&self) -> bool {
        match self {
            Self::Read { .. } | Self::Write { .. } | Self::Database { .. } => true,
            Self::NoHome
            | Self::Damaged { .. }
            | Self::Newer { .. }
            | Self::Twice { .. }
            | Self::Encode(_)
            | Self::Exists(_)
            | Self::NoErasedKey { .. } => false,
        }
    }

    /// Makes the error of a failed read.
    pub(crate) fn read(path: &std::path::Path, source: io::Error) -> Self {
        Self::Read {
            path: path.to_owned(),
            source,
        }
    }

    /// Makes the error of a failed write.
    pub(crate) fn write(path: &std::path::Path, source: io::Error) -> Self {
        Self::Write {
            path: path.to_owned(),
            source,
        }
    }
}
