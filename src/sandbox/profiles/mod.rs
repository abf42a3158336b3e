//! What Customer Insights holds: the same profiles, attributes and segments that the folder source has, for both of its
//! APIs. Knows neither of them.
//!
//! - `rows` keeps the profiles, `content` names their attributes and segments.
//! - `made` fills them from the generated people, `folder` from `--data`.
//! - `filter` reads `$filter`; `refresh` is when segments are evaluated.
//! - `keeper` is what a test may change about the source while it is being read.

mod content;
mod filter;
mod folder;
mod keeper;
mod made;
mod refresh;
mod rows;

pub(super) use content::{Attribute, Content, Segment, Standing};
pub(super) use filter::Filter;
pub(super) use keeper::{Change, Keeper};
pub(super) use refresh::{Moment, Run, written};
pub(super) use rows::{escape, unescape};
