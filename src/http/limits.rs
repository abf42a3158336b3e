//! How much is taken of what a service sends. Whoever stands between us and a service may send without end; what is
//! longer than this is nothing that the services say.

use std::time::Duration;

/// How much is taken of one answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Most {
    /// Bytes, decompressed.
    pub bytes: usize,
    /// Values, each of which costs many times its bytes once it is read.
    pub values: usize,
}

/// The most of one answer: several times the 500 members with every field that Mailchimp gives back for a batch. Ten lanes
/// read at once.
pub const ANSWER: Most = Most {
    bytes: 12 * MIB,
    values: 300_000,
};

/// The most of one page of a source: thousands of rows with every attribute mapped. Two are held at once.
pub const SOURCE_PAGE: Most = Most {
    bytes: 32 * MIB,
    values: 1_000_000,
};

/// The most rows on one page of a source; the services give 5,000 at most.
pub const SOURCE_ROWS: usize = 20_000;

/// The most entries of a list in an answer that has at most a thousand.
pub const ENTRIES: usize = 2_000;

/// The most pages of a list of a source: ten million rows at a hundred a page, far more than anyone has profiles.
pub const SOURCE_PAGES: usize = 100_000;

/// The most of a refusal; what follows is cut off.
pub const REFUSAL: usize = 64 * 1024;

/// How many characters of a service's own words are shown.
pub const WORDS: usize = 300;

/// The most pages of a list that fits into one: an account or an audience has some dozens of these.
pub const SHORT_LIST: u32 = 10;

/// The longest wait that a service may ask for before one more try.
pub const WAIT: Duration = Duration::from_mins(2);

/// How long one call may wait in all before it is given up. Where the service only puts it off, there is no such limit.
pub const WAITS: Duration = Duration::from_mins(15);

const MIB: usize = 1024 * 1024;
