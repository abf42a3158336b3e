//! Segue exports segments of unified customer profiles from Dynamics 365 Customer Insights to a Mailchimp audience.
//!
//! Profiles flow one way: **source → plan → deliver**, one **export run** at a time. A folder imports only from folders
//! above it in this list, and `tests/program/layers.rs` holds it to that:
//!
//! - [`domain`]: the words of the field as types; pure.
//! - [`http`]: how any remote service is called: client, pacer, retry.
//! - [`store`]: what is kept on disk: destinations, logins, ledger, plan, journal, reports.
//! - [`login`]: who we are to each service: OAuth, API key, keyring.
//! - [`source`]: where segments and profiles come from.
//! - [`plan`]: what has to change; pure.
//! - [`deliver`]: how a batch gets to the audience.
//! - [`export`]: one export run, start to end, what it tells of itself, and how it is taken back.
//! - [`watch`]: exports that run by themselves, by their schedules.
//! - [`words`]: the texts people read, by language, and every failure as what, why, next step.
//! - [`ui`]: the terminal application.
//! - [`cli`]: the commands.
//! - [`sandbox`]: the imitated services; knows none of the above.
//!
//! [`program`] puts them together.

pub mod cli;
pub mod deliver;
pub mod domain;
pub mod export;
pub mod http;
pub mod login;
pub mod plan;
pub mod program;
pub mod sandbox;
pub mod source;
pub mod store;
pub mod ui;
pub mod watch;
pub mod words;
