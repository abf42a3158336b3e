//! What stands in for the driver's process in a build without engines: none is ever begun.

use std::convert::Infallible;

use super::wire::{Asked, Greeting};
use super::{Engine, Piece, SqlError};

/// By what the program is asked to be the driver's process; no command of people.
pub const ARGUMENT: &str = "sql-driver";

/// Does nothing; gives the exit code of that.
#[must_use]
pub fn drive() -> u8 {
    1
}

/// Our end of a process that there never is.
pub(super) struct Pipe(Infallible);

impl Pipe {
    #[expect(
        clippy::unused_async,
        reason = "in other builds it waits for the process"
    )]
    pub async fn start(
        _engine: &Engine,
        _queries: Vec<Asked>,
        _together: bool,
    ) -> Result<(Self, Greeting), SqlError> {
        Err(SqlError::NotBuilt)
    }

    pub fn turn_to(&mut self, _query: &str) {
        match self.0 {}
    }

    #[expect(
        clippy::unused_async,
        reason = "in other builds it waits for the process"
    )]
    pub async fn next(&mut self) -> Result<Piece, SqlError> {
        match self.0 {}
    }

    pub fn astray(&self, _what: &str) -> SqlError {
        match self.0 {}
    }
}
