//! The keys that a person wishes for: `[keys]` in `config.toml`. What can be wished for is known where the keys are.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

/// A key that a person wishes for a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyWish {
    /// The command.
    pub command: String,
    /// The key.
    pub key: String,
    /// The line of the file that says so.
    pub line: usize,
}

/// Why a command cannot have the key that was wished for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoSuchKey {
    /// No command has this name; these have names.
    Command(Vec<&'static str>),
    /// It names no key that can be pressed.
    Key,
    /// The key means the same everywhere.
    Kept,
    /// Another command has the key, in a place that has both.
    Taken(&'static str),
}

/// A wish that cannot be granted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadKey {
    /// What was wished for.
    pub wish: KeyWish,
    /// Why not.
    pub why: NoSuchKey,
}

/// Looks for the wishes that cannot be granted.
pub type LookAtKeys = fn(&[KeyWish]) -> Vec<BadKey>;

/// The table as it is written.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(transparent)]
pub(super) struct KeyTable(BTreeMap<String, Spanned<String>>);

impl KeyTable {
    /// Lists what is wished for in the text of a file, in its order.
    pub fn wishes(&self, text: &str) -> Vec<KeyWish> {
        let line = |at: usize| 1 + text.get(..at).unwrap_or(text).matches('\n').count();
        let wishes = self.0.iter().map(|(command, key)| KeyWish {
            command: command.clone(),
            key: key.get_ref().clone(),
            line: line(key.span().start),
        });
        let mut wishes: Vec<KeyWish> = wishes.collect();
        wishes.sort_by_key(|wish| wish.line);
        wishes
    }
}
