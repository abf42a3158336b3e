//! The imitated Marketing API: one account with one audience, and its sign-in.
//!
//! - `routes` says which path leads where; `call` is what comes in and goes out, `fields` what of it was asked for.
//! - `audience` is what is kept; `write` alone changes a contact and holds the rules of doing so; `merge` checks values,
//!   `refusal` says no.
//! - `batch`, `members`, `segments`, `merge_calls`, `mailings`, `account` answer calls; `render` writes a member.
//! - `changes` is what lists are made of; `steps` is what others do meanwhile, for tests.
//! - `seed` makes the members to start with; `oauth` signs in.

mod account;
mod audience;
mod batch;
mod call;
mod changes;
mod fields;
mod mailings;
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
mod steps;
#[cfg(test)]
mod tests;
mod write;

pub(super) use audience::Audience;
pub(super) use call::{Answer, Call, Problem};
pub(super) use oauth::{Credentials, SignIn};
pub(super) use render::{export, export_order};
pub(super) use routes::{Found, find};
pub(super) use seed::{Start, preload};
pub(super) use steps::Step;
