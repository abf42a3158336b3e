//! The imitated Marketing API: one account with one audience, and its sign-in.
//!
//! - `routes` says which path leads where; `call` is what comes in and goes out, `fields` what of it was asked for.
//! - `audience` is what is kept; `write` alone changes a contact and holds the rules of doing so; `merge` checks values,
//!   `refusal` says no.
//! - `batch`, `members`, `segments`, `merge_calls`, `account` answer calls; `render` writes a member.
//! - `changes` is what lists are made of.
//! - `seed` makes the members to start with; `oauth` signs in.

mod account;
mod audience;
mod batch;
mod call;
mod changes;
mod fields;
mod member_list;
mod members;
mod merge;
mod merge_calls;
mod oauth;
mod refusal;
mod render;
mod routes;
mod seed;
mod segment_members;
mod segments;
mod status;
#[cfg(test)]
mod tests;
mod write;

pub(super) use audience::Audience;
pub(super) use call::{Answer, Call, Problem};
pub(super) use oauth::{Credentials, SignIn};
pub(super) use render::{export, export_order};
pub(super) use routes::{Found, find};
pub(super) use seed::{Start, preload};
