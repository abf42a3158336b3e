//! A run's journal: what was about to be written to the audience, and what became of it, member by member. It is the
//! truth of a run: counters, report, rejects and ledger are folds of it. Beside it the images: how the contacts that the
//! run wrote to were before.

mod commit;
mod disk;
mod erase;
mod fold;
mod frame;
mod images;
mod reader;
mod record;
#[cfg(test)]
mod tests;
mod writer;

pub use disk::Disk;
pub(super) use erase::erase_from_records;
pub use fold::{Folded, InDoubt, MemberFate, Owed, fold_journal};
pub use frame::Damage;
pub use images::{Image, ImageReader, Images};
pub use reader::JournalReader;
pub use record::{Began, CallKind, Intent, Record, Sent, Settled};
pub use writer::JournalWriter;
