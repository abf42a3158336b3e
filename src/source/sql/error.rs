use std::io;
use std::path::PathBuf;
use std::time::Duration;

use thiserror::Error;

use super::reading_only::NotReading;
use super::wire::{During, Said};

/// What can go wrong with queries, the driver that asks them, and what it gives. What a driver says may name people, and is
/// shown only.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum SqlError {
    /// This build reaches no engine.
    #[error("this build reaches no engine")]
    NotBuilt,
    /// No folder of queries was named.
    #[error("no folder of queries is named")]
    NoFolder,
    /// The folder holds no query.
    #[error("{} holds no .sql file", .0.display())]
    NoQueries(PathBuf),
    /// A file of a query is no text in UTF-8, or too long for one.
    #[error("{} is no text of at most 1 MB in UTF-8", .0.display())]
    NoText(PathBuf),
    /// A text is not one query that only reads.
    #[error("{} is not one query that only reads: {why:?}", path.display())]
    NotOnlyReading {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        why: NotReading,
    },
    /// There is a query of this name already.
    #[error("{} is there already", .0.display())]
    QueryExists(PathBuf),
    /// A query cannot be kept.
    #[error("{} cannot be written", path.display())]
    Keep {
        /// Its file.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// Two columns of a query have one name.
    #[error("{query} gives more than one column {column:?}")]
    DuplicateColumn {
        /// The query's file.
        query: String,
        /// The name.
        column: String,
    },
    /// No column of a query is known to hold ids.
    #[error("no column of {query} is known to hold ids; it has: {}", columns.join(", "))]
    NoIdColumn {
        /// The query's file.
        query: String,
        /// The column that was named, if one was.
        named: Option<String>,
        /// Its columns.
        columns: Vec<String>,
    },
    /// No column of a query holds addresses.
    #[error("no column of {query} holds addresses; it has: {}", columns.join(", "))]
    NoEmailColumn {
        /// The query's file.
        query: String,
        /// Its columns.
        columns: Vec<String>,
    },
    /// A query gives other columns than when the destination was saved.
    #[error("{query} gives other columns: {} are gone, {} are new", gone.join(", "), new.join(", "))]
    OtherColumns {
        /// The query's file.
        query: String,
        /// Columns that it gave, with their kinds.
        gone: Vec<String>,
        /// Columns that it gives now, with their kinds.
        new: Vec<String>,
    },
    /// A column that is wanted has values that are no texts.
    #[error("the column {column:?} of {query} holds {holds}")]
    NoTextColumn {
        /// The query's file.
        query: String,
        /// The column.
        column: String,
        /// Its type.
        holds: String,
    },
    /// A row has no id.
    #[error("a row of {query} has no id in {column:?}")]
    NoId {
        /// The query's file.
        query: String,
        /// The column of ids.
        column: String,
    },
    /// The same id stands in several rows of one query, with different values.
    #[error("{count} rows repeat an id with other values")]
    Contradicting {
        /// How many rows.
        count: u64,
        /// Some of them: the id and the query.
        examples: Vec<String>,
    },
    /// There is no query that tells of refreshes.
    #[error("{} is not there", .0.display())]
    NoRefresh(PathBuf),
    /// The query that tells of refreshes does not give one time.
    #[error("_refresh.sql does not give one time")]
    NoTime,
    /// An address would be called unencrypted.
    #[error("{0:?} is not encrypted; that is for this machine only")]
    Plain(String),
    /// The driver's process could not be started.
    #[error("the process of the driver could not be started")]
    Start(#[source] io::Error),
    /// The driver or its engine says no.
    #[error("{driver} failed during {:?} of {query:?}: {} {}", said.during, said.status, said.code)]
    Said {
        /// The driver.
        driver: String,
        /// The query's file; empty before the first one.
        query: String,
        /// What it says.
        said: Box<Said>,
    },
    /// The driver's process came to an end of its own.
    #[error("the process of {driver} broke off ({status})")]
    BrokeOff {
        /// The driver.
        driver: String,
        /// How it ended.
        status: String,
        /// The last that it printed.
        printed: String,
    },
    /// Nothing came for too long.
    #[error("{driver} was silent for {limit:?}")]
    Silent {
        /// The driver.
        driver: String,
        /// How long was waited.
        limit: Duration,
    },
    /// What came is not what was announced.
    #[error("{driver} gave something else than it announced: {what}")]
    Astray {
        /// The driver.
        driver: String,
        /// What is wrong.
        what: String,
    },
}

/// Statuses of what will not work another time either.
const LASTING: [&str; 7] = [
    "InvalidArguments",
    "NotFound",
    "AlreadyExists",
    "NotImplemented",
    "InvalidState",
    "Integrity",
    "InvalidData",
];

/// How `PostgreSQL` says no to who asks: its driver gives no code for that.
const REFUSED: [&str; 4] = [
    "password authentication failed",
    "no password supplied",
    "no pg_hba.conf entry",
    "is not permitted to log in",
];

/// How `DuckDB` says that a query is wrong: its driver calls that an internal error.
const WRONG: [&str; 3] = ["Parser Error:", "Binder Error:", "Catalog Error:"];

impl SqlError {
    /// Tells whether the same may work later. Whatever ends a query amid its rows may, whichever status it is given: engines
    /// call a worker that is gone an internal error.
    #[must_use]
    pub fn is_temporary(&self) -> bool {
        match self {
            Self::BrokeOff { .. } | Self::Silent { .. } | Self::Astray { .. } => true,
            Self::Said { said, .. } => match said.during {
                During::Rows => true,
                During::Load => false,
                During::Connect | During::Query => {
                    let lasting = LASTING.contains(&said.status.as_str());
                    // Syntax, unknown names, missing rights.
                    let wrong = said.code.starts_with("42")
                        || WRONG.iter().any(|words| said.message.starts_with(words));
                    !lasting && !wrong && !self.needs_sign_in()
                }
            },
            _ => false,
        }
    }

    /// Tells whether one query is wrong, rather than what all of them need.
    #[must_use]
    pub fn is_of_query(&self) -> bool {
        match self {
            Self::NoText(_)
            | Self::NotOnlyReading { .. }
            | Self::QueryExists(_)
            | Self::Keep { .. }
            | Self::DuplicateColumn { .. }
            | Self::NoIdColumn { .. }
            | Self::NoEmailColumn { .. }
            | Self::OtherColumns { .. }
            | Self::NoTextColumn { .. }
            | Self::NoId { .. }
            | Self::Contradicting { .. } => true,
            Self::Said { said, .. } => {
                matches!(said.during, During::Query | During::Rows) && !self.needs_sign_in()
            }
            Self::NotBuilt
            | Self::NoFolder
            | Self::NoQueries(_)
            | Self::NoRefresh(_)
            | Self::NoTime
            | Self::Plain(_)
            | Self::Start(_)
            | Self::BrokeOff { .. }
            | Self::Silent { .. }
            | Self::Astray { .. } => false,
        }
    }

    /// Tells whether the engine does not accept who asks.
    #[must_use]
    pub fn needs_sign_in(&self) -> bool {
        let Self::Said { said, .. } = self else {
            return false;
        };
        let refused = matches!(&*said.status, "Unauthenticated" | "Unauthorized");
        match said.during {
            During::Load | During::Rows => false,
            During::Connect => {
                let worded = REFUSED.iter().any(|words| said.message.contains(words));
                refused || worded || said.code.starts_with("28")
            }
            // Whoever lacks a right is let in, and told so by this class.
            During::Query => {
                (refused && !said.code.starts_with("42")) || said.code.starts_with("28")
            }
        }
    }

    /// Tells whether a flag or a file of the user's is wrong.
    #[must_use]
    pub fn is_usage(&self) -> bool {
        matches!(
            self,
            Self::NotBuilt
                | Self::NoFolder
                | Self::NoQueries(_)
                | Self::QueryExists(_)
                | Self::NoRefresh(_)
                | Self::Plain(_)
        )
    }
}
