//! Columns of Arrow as the texts that profiles are made of, whoever wrote them: Parquet files, Delta tables, SQL engines.
//!
//! A column's [`Form`] is found once by its [`Field`](arrow_schema::Field), never by how its values look; it then gives the
//! [`Texts`] of one batch after the other. Null is no value, as an empty cell of a CSV is.

mod form;
#[cfg(test)]
mod tests;
mod texts;

pub(super) use form::{Form, NoText};
pub(super) use texts::{Texts, uuid};
