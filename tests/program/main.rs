//! Drives the whole program, and holds the repository to its own rules.

mod keyring;
mod words;
