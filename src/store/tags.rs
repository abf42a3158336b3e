use std::path::PathBuf;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::files::{from_toml, read_if_there, replace};
use super::lock::ConfigLock;
use super::{Error, Home, Ledger};
use crate::domain::AudienceId;

/// The version of the file's form that is written.
const VERSION: u32 = 1;

/// Which tags of an audience are ours: Segue made them, or the user adopted them (rule 4). In a file of their own beside
/// the ledger, so that neither a damaged ledger nor the end of a destination makes our tags look like another's.
#[derive(Debug)]
pub struct OwnTags {
    path: PathBuf,
    lock: PathBuf,
    tags: Vec<OwnTag>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct OwnTag {
    pub name: String,
    pub since: Timestamp,
}

#[derive(Serialize, Deserialize)]
struct File {
    version: u32,
    #[serde(default)]
    tag: Vec<OwnTag>,
}

#[derive(Deserialize)]
struct Version {
    version: u32,
}

impl OwnTags {
    /// Reads which tags of an audience are ours; there may be none.
    ///
    /// # Errors
    /// Fails when the file is damaged, or of a newer version: what it says must not be overwritten.
    pub fn open(home: &Home, audience: &AudienceId) -> Result<Self, Error> {
        let path = home.own_tags(audience);
        if !path.exists() && home.ledger(audience).exists() {
            // An older ledger holds them; opening it moves them here.
            Ledger::open(home, audience)?;
        }
        Self::at(home, audience)
    }

    fn at(home: &Home, audience: &AudienceId) -> Result<Self, Error> {
        let (path, lock) = (home.own_tags(audience), home.config_lock());
        let mut own = Self {
            path,
            lock,
            tags: Vec::new(),
        };
        own.tags = own.read()?;
        Ok(own)
    }

    /// Takes in the tags of an older ledger.
    pub(super) fn move_in(
        home: &Home,
        audience: &AudienceId,
        tags: Vec<OwnTag>,
    ) -> Result<(), Error> {
        let mut own = Self::at(home, audience)?;
        own.add(tags)
    }

    fn read(&self) -> Result<Vec<OwnTag>, Error> {
        let Some(text) = read_if_there(&self.path)? else {
            return Ok(Vec::new());
        };
        let Version { version } = from_toml(&self.path, &text)?;
        if version > VERSION {
            let path = self.path.clone();
            return Err(Error::Newer { path, version });
        }
        Ok(from_toml::<File>(&self.path, &text)?.tag)
    }

    /// Tells whether a tag is ours. Compared without case.
    #[must_use]
    pub fn owns(&self, tag: &str) -> bool {
        let wanted = tag.trim().to_lowercase();
        self.tags
            .iter()
            .any(|own| own.name.to_lowercase() == wanted)
    }

    /// Notes that tags are ours, before the first member gets them.
    ///
    /// # Errors
    /// Fails when the file cannot be written.
    pub fn own<'a>(
        &mut self,
        tags: impl IntoIterator<Item = &'a str>,
        now: Timestamp,
    ) -> Result<(), Error> {
        let named = |name: &str| OwnTag {
            name: name.trim().to_owned(),
            since: now,
        };
        self.add(tags.into_iter().map(named).collect())
    }

    fn add(&mut self, tags: Vec<OwnTag>) -> Result<(), Error> {
        let _ours = ConfigLock::take(&self.lock)?;
        // Another run, of another destination of this audience, may have written meanwhile.
        self.tags = self.read()?;
        let before = self.tags.len();
        for tag in tags {
            if !self.owns(&tag.name) {
                self.tags.push(tag);
            }
        }
        if self.tags.len() == before {
            return Ok(());
        }
        let file = File {
            version: VERSION,
            tag: self.tags.clone(),
        };
        let text = toml::to_string(&file).map_err(|why| Error::Encode(why.to_string()))?;
        replace(&self.path, text.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use rusqlite::Connection;

    use super::OwnTags;
    use crate::domain::AudienceId;
    use crate::store::{Error, Home, Ledger};

    fn place() -> (tempfile::TempDir, Home, AudienceId) {
        let folder = tempfile::tempdir().expect("folder");
        let home = Home::at(folder.path());
        (folder, home, AudienceId::parse("abc").expect("id"))
    }

    #[test]
    fn own_tags_outlive_a_damaged_ledger_and_one_that_is_thrown_away() {
        let (_folder, home, audience) = place();
        drop(Ledger::open(&home, &audience).expect("ledger"));
        let mut own = OwnTags::open(&home, &audience).expect("none yet");
        own.own([" Gold "], Timestamp::UNIX_EPOCH).expect("owned");
        std::fs::write(home.ledger(&audience), "no database").expect("damaged");
        let own = OwnTags::open(&home, &audience).expect("tags");
        assert!(own.owns("GOLD") && !own.owns("Silver"));
        home.remove_ledger(&audience).expect("thrown away");
        assert!(OwnTags::open(&home, &audience).expect("tags").owns("gold"));
    }

    #[test]
    fn two_runs_at_once_lose_no_tag() {
        let (_folder, home, audience) = place();
        let mut one = OwnTags::open(&home, &audience).expect("one");
        let mut two = OwnTags::open(&home, &audience).expect("two");
        one.own(["Gold"], Timestamp::UNIX_EPOCH).expect("owned");
        two.own(["Silver"], Timestamp::UNIX_EPOCH).expect("owned");
        let own = OwnTags::open(&home, &audience).expect("tags");
        assert!(own.owns("Gold") && own.owns("Silver"));
    }

    #[test]
    fn tags_of_an_older_ledger_move_into_their_own_file() {
        let (_folder, home, audience) = place();
        let path = home.ledger(&audience);
        std::fs::create_dir_all(path.parent().expect("folder")).expect("folder");
        let old = Connection::open(&path).expect("old ledger");
        old.execute_batch(
            "CREATE TABLE tag (key TEXT PRIMARY KEY, name TEXT NOT NULL, since TEXT NOT NULL) WITHOUT ROWID;
             CREATE TABLE refusal (key TEXT PRIMARY KEY, reason TEXT NOT NULL, since TEXT NOT NULL) WITHOUT ROWID;
             INSERT INTO tag VALUES ('gold', 'Gold', '2026-01-01T00:00:00Z');
             PRAGMA user_version = 1;",
        )
        .expect("written");
        drop(old);
        assert!(OwnTags::open(&home, &audience).expect("tags").owns("gold"));
        home.remove_ledger(&audience).expect("thrown away");
        assert!(OwnTags::open(&home, &audience).expect("tags").owns("gold"));
    }

    #[test]
    fn a_newer_file_is_refused_and_left_as_it_is() {
        let (_folder, home, audience) = place();
        let path = home.own_tags(&audience);
        std::fs::create_dir_all(path.parent().expect("folder")).expect("folder");
        std::fs::write(&path, "version = 2\nowned = 'otherwise'\n").expect("file");
        let refused = OwnTags::open(&home, &audience);
        assert!(matches!(refused, Err(Error::Newer { version: 2, .. })));
        assert!(
            std::fs::read_to_string(&path)
                .expect("file")
                .contains("otherwise")
        );
    }
}
