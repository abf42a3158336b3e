use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::files::{read_if_there, remove_if_there, replace};
use super::lock::ConfigLock;
use super::{Error, Home};
use crate::domain::Draft;

/// A destination in the making, as it is kept when the wizard is left.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct SavedDraft {
    /// The step the user was at, from 0.
    #[serde(default)]
    pub step: usize,
    /// The name of the destination that is being edited.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub former: Option<String>,
    /// The answers so far.
    pub draft: Draft,
}

/// The one destination in the making of a home. Holds no secret.
#[derive(Debug, Clone)]
pub struct Drafts {
    path: PathBuf,
    lock: PathBuf,
}

impl Drafts {
    /// Opens the place of a home.
    #[must_use]
    pub fn of(home: &Home) -> Self {
        Self {
            path: home.folder().join("draft.toml"),
            lock: home.config_lock(),
        }
    }

    /// Reads what was kept. What cannot be read is as good as nothing: it can be answered again.
    #[must_use]
    pub fn load(&self) -> Option<SavedDraft> {
        let text = read_if_there(&self.path).ok()??;
        toml::from_str(&text).ok()
    }

    /// Keeps a destination in the making, in place of the one before.
    ///
    /// # Errors
    /// Fails when the file cannot be written.
    pub fn save(&self, draft: &SavedDraft) -> Result<(), Error> {
        let text = toml::to_string(draft).map_err(|why| Error::Encode(why.to_string()))?;
        let _ours = ConfigLock::take(&self.lock)?;
        replace(&self.path, text.as_bytes())
    }

    /// Forgets it.
    ///
    /// # Errors
    /// Fails when the file cannot be removed.
    pub fn remove(&self) -> Result<(), Error> {
        let _ours = ConfigLock::take(&self.lock)?;
        remove_if_there(&self.path)
    }
}

#[cfg(test)]
mod tests {
    use super::{Drafts, SavedDraft};
    use crate::domain::{Draft, Target};
    use crate::store::Home;

    #[test]
    fn a_half_made_destination_comes_back_as_it_was_left() {
        let folder = tempfile::tempdir().expect("folder");
        let drafts = Drafts::of(&Home::at(folder.path()));
        assert_eq!(drafts.load(), None);
        let mut draft = Draft {
            name: "Våren".to_owned(),
            ..Draft::default()
        };
        draft.map.set(Target::Email, "EMail");
        let saved = SavedDraft {
            step: 3,
            former: None,
            draft,
        };
        drafts.save(&saved).expect("saved");
        assert_eq!(drafts.load(), Some(saved));
        drafts.remove().expect("removed");
        assert_eq!(drafts.load(), None);
    }
}
