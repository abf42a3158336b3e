//! What has to change: a row made into a member by the mapping, and a member compared with the contact of its address.
//!
//! Pure: no I/O, no clock. Knows nothing of how a batch is sent.

mod decide;
mod differing;
mod held;
mod known;
mod language;
mod rules;
mod value;

pub use decide::{Remembered, decide, decide_newcomer, is_as_sent};
pub use differing::{differing, differing_since};
pub use known::{Known, decide_known};
pub use rules::{Rules, Unmet, looks_empty};
pub use value::fits;
