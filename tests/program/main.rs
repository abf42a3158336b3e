//! Drives the whole program, and holds the repository to its own rules. One binary, so that it is linked once.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "helpers of tests fail as tests do, and say what they skip"
)]

mod answers;
mod completions;
mod consent;
mod destinations;
mod diff;
mod doctor;
mod engine;
mod entra;
mod erase;
mod explain;
mod features;
mod former;
mod guards;
mod history;
mod keyring;
mod layers;
mod logs;
mod losses;
mod mailchimp;
mod model;
mod oidc;
#[cfg(unix)]
mod pictures;
#[cfg(unix)]
mod plain;
mod remembered;
mod removed_tags;
mod rules;
mod sandbox;
mod schedule;
mod segments;
mod sign_in;
mod sources;
mod support;
#[cfg(unix)]
mod terminal;
mod undo;
mod watch;
mod wizard;
mod words;
