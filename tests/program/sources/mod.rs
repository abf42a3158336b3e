//! The same people through every kind of source: one suite over all, and the same audience at the end.

mod by_id;
mod choices;
mod export;
mod fresh;
mod kinds;
mod trouble;
mod world;
