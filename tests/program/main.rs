//! Drives the whole program, and holds the repository to its own rules. One binary, so that it is linked once.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "helpers of tests fail as tests do"
)]

mod keyring;
mod layers;
mod sandbox;
mod wizard;
mod words;
