//! The texts people read, by language (Fluent), and every failure as what, why, next step.
//!
//! Knows every folder's errors, since it explains them, but neither a terminal nor a command line. JSON keys, reasons,
//! classes and exit codes are never translated and so never come from here. Keys are written as literals, so that a test
//! can hold the program and the files together; only `cli-…` and `usage-…` keys are put together by the `cli` folder.

mod changes;
mod consent;
mod destination;
mod explain;
mod format;
mod history;
mod labels;
mod lang;
mod link;
mod near;
mod reasons;
mod schedule;
mod texts;
mod undo;
mod wrap;

pub use crate::domain::{Explanation, Next};
pub use consent::agreement_hash;
pub use explain::{Explain, shell_word};
pub use history::Part;
pub use labels::Label;
pub use lang::Lang;
pub use link::{address, link};
pub use near::nearest;
pub use schedule::zone_here;
pub use texts::{Arg, Words};
pub use wrap::{LongWord, wrap};
