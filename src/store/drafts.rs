use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::files::{read_if_there, remove_if_there, replace};
use super::lock::ConfigLock;
use super::{Error, Home};
use crate::domain::{DestinationId, Draft};

/// What the one draft of earlier versions is known by.
const FIRST: &str = "draft";

/// A destination in the making, as it is kept when the wizard is left.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct SavedDraft {
    /// What tells it from the other drafts of a home; empty until it has a place.
    #[serde(skip)]
    pub id: String,
    /// What the step is called that the user was at; empty where that is not known.
    #[serde(default, rename = "at")]
    pub step: String,
    /// The destination that is being edited.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub former: Option<DestinationId>,
    /// The answers so far.
    pub draft: Draft,
}

/// The destinations in the making of a home, each in a file of its own, so that none is lost by another. Holds no secret.
#[derive(Debug, Clone)]
pub struct Drafts {
    home: PathBuf,
    lock: PathBuf,
}

impl Drafts {
    /// Opens the place of a home.
    #[must_use]
    pub fn of(home: &Home) -> Self {
        Self {
            home: home.folder().to_owned(),
            lock: home.config_lock(),
        }
    }

    /// Reads what was kept, the oldest first. What cannot be read is as good as nothing: it can be answered again.
    #[must_use]
    pub fn list(&self) -> Vec<SavedDraft> {
        let files = std::fs::read_dir(self.folder()).into_iter().flatten();
        let mut ids: Vec<String> = files
            .filter_map(|file| {
                let name = file.ok()?.file_name();
                Some(name.to_str()?.strip_suffix(".toml")?.to_owned())
            })
            .filter(|id| !id.starts_with('.') && id != FIRST)
            .collect();
        ids.sort();
        let ids = std::iter::once(FIRST.to_owned()).chain(ids);
        ids.filter_map(|id| self.load(id)).collect()
    }

    fn load(&self, id: String) -> Option<SavedDraft> {
        let text = read_if_there(&self.path(&id)).ok()??;
        let saved: SavedDraft = toml::from_str(&text).ok()?;
        Some(SavedDraft { id, ..saved })
    }

    /// Keeps a destination in the making, in place of what it was before.
    ///
    /// # Errors
    /// Fails when the file cannot be written.
    pub fn save(&self, draft: &SavedDraft) -> Result<(), Error> {
        let text = toml::to_string(draft).map_err(|why| Error::Encode(why.to_string()))?;
        let _ours = ConfigLock::take(&self.lock)?;
        replace(&self.path(&draft.id), text.as_bytes())
    }

    /// Lists the files of all of them.
    #[must_use]
    pub fn files(&self) -> Vec<PathBuf> {
        let all = self.list().into_iter();
        all.map(|draft| self.path(&draft.id)).collect()
    }

    /// Finds the files of drafts that change a destination.
    #[must_use]
    pub fn of_destination(&self, id: &DestinationId) -> Vec<PathBuf> {
        let all = self.list().into_iter();
        all.filter(|draft| draft.former.as_ref() == Some(id))
            .map(|draft| self.path(&draft.id))
            .collect()
    }

    /// Forgets one.
    ///
    /// # Errors
    /// Fails when the file cannot be removed.
    pub fn remove(&self, id: &str) -> Result<(), Error> {
        let _ours = ConfigLock::take(&self.lock)?;
        remove_if_there(&self.path(id))
    }

    fn folder(&self) -> PathBuf {
        self.home.join("drafts")
    }

    fn path(&self, id: &str) -> PathBuf {
        match id {
            FIRST => self.home.join("draft.toml"),
            id => self.folder().join(format!("{id}.toml")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Drafts, FIRST, SavedDraft};
    use crate::domain::{Draft, Target};
    use crate::store::Home;

    fn draft(id: &str, name: &str) -> SavedDraft {
        let mut draft = Draft {
            name: name.into(),
            ..Draft::default()
        };
        draft.map.set(Target::Email, "EMail");
        SavedDraft {
            id: id.to_owned(),
            step: "source".to_owned(),
            former: None,
            draft,
        }
    }

    #[test]
    fn half_made_destinations_come_back_as_they_were_left_each_by_itself() {
        let folder = tempfile::tempdir().expect("folder");
        let drafts = Drafts::of(&Home::at(folder.path()));
        assert_eq!(drafts.list(), []);
        let (one, two) = (draft("1", "Våren"), draft("2", "Hösten"));
        drafts.save(&two).expect("saved");
        drafts.save(&one).expect("saved");
        assert_eq!(drafts.list(), [one, two.clone()]);
        drafts.remove("1").expect("removed");
        assert_eq!(drafts.list(), [two]);
        drafts.remove("2").expect("removed");
        assert_eq!(drafts.list(), []);
    }

    #[test]
    fn the_draft_of_an_earlier_version_is_still_there() {
        let folder = tempfile::tempdir().expect("folder");
        let drafts = Drafts::of(&Home::at(folder.path()));
        let text = "step = 1\n[draft]\nname = \"Våren\"\n";
        std::fs::write(folder.path().join("draft.toml"), text).expect("written");
        let found = drafts.list();
        assert_eq!((found.len(), found[0].id.as_str()), (1, FIRST));
        assert_eq!(*found[0].draft.name, "Våren");
        drafts.remove(FIRST).expect("removed");
        assert_eq!(drafts.list(), []);
    }
}
