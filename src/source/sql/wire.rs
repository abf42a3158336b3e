//! What Segue and the process with the driver say to each other: one order in, frames out.
//!
//! The order is a line of JSON on the standard input, which stays open: its end asks for the query to be cancelled. A frame
//! is a letter, a length of four bytes and so many bytes. An Arrow stream by itself would not do: its reader takes the end of
//! a broken pipe for the end of the rows.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::{Deserialize, Serialize};

/// The largest frame taken: beyond it, one row is larger than any profile.
pub(super) const LARGEST: usize = 32 << 20;

/// What the process shall do.
#[derive(Serialize, Deserialize)]
pub(super) struct Order {
    pub driver: String,
    pub entrypoint: Option<String>,
    /// Settings and secrets alike: they are on no command line and in no environment.
    pub options: BTreeMap<String, String>,
    /// Whether all is read in one transaction, where the engine has one.
    pub together: bool,
    pub queries: Vec<Asked>,
}

/// One query of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Asked {
    pub sql: String,
    /// What to ask instead where the engine does not understand that.
    pub instead: Option<String>,
    /// How many rows are wanted at most.
    pub most: Option<usize>,
}

/// What kind a frame is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// What is known of the engine, once it is connected: a [`Greeting`].
    Greeting,
    /// A piece of the query's Arrow stream.
    Rows,
    /// The query came to its end: an [`End`].
    End,
    /// It did not: [`Said`].
    Failure,
}

/// What is known of the engine.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Greeting {
    /// What it calls itself, with its version.
    pub engine: String,
    /// Whether all queries see the data of one moment.
    pub together: bool,
}

/// How a query ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct End {
    /// How many rows were sent.
    pub rows: u64,
}

/// What was being done when something failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum During {
    /// The driver was loaded.
    Load,
    /// The engine was connected to, and put into a mode that reads only.
    Connect,
    /// A query was begun.
    Query,
    /// Its rows were read.
    Rows,
}

/// What a driver says when it fails.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// What was being done.
    pub during: During,
    /// The name of its status.
    pub status: String,
    /// The code of the SQL standard, where it gives one.
    pub code: String,
    /// Its words.
    pub message: String,
}

impl Kind {
    fn letter(self) -> u8 {
        match self {
            Self::Greeting => b'G',
            Self::Rows => b'R',
            Self::End => b'E',
            Self::Failure => b'F',
        }
    }

    /// Finds the kind of a frame by its letter.
    pub fn of(letter: u8) -> Option<Self> {
        let mut all = [Self::Greeting, Self::Rows, Self::End, Self::Failure].into_iter();
        all.find(|kind| kind.letter() == letter)
    }
}

/// Writes a frame.
pub(super) fn send(out: &mut impl Write, kind: Kind, bytes: &[u8]) -> io::Result<()> {
    let length = u32::try_from(bytes.len()).map_err(io::Error::other)?;
    out.write_all(&[kind.letter()])?;
    out.write_all(&length.to_le_bytes())?;
    out.write_all(bytes)?;
    out.flush()
}
