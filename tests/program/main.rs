//! Drives the whole program, and holds the repository to its own rules.

mod layers;
mod words;
