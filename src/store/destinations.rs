use std::fs;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::files::{of_this_format, read_if_there, replace};
use super::lock::ConfigLock;
use super::over::{commented, over};
use super::{Error, Home, Names};
use crate::domain::{Destination, DestinationId, DestinationName, slug};

/// A saved destination whose file cannot be read. The others are none the worse for it.
#[derive(Debug)]
pub struct BrokenDestination {
    /// Its name, as far as the file still tells; else the file's.
    pub name: String,
    /// Where it is.
    pub path: PathBuf,
    /// What is wrong with it.
    pub why: Error,
}

impl BrokenDestination {
    /// Tells whether a text means this destination, upper and lower case alike.
    #[must_use]
    pub fn matches(&self, text: &str) -> bool {
        let stem = self.path.file_stem().unwrap_or_default().to_string_lossy();
        self.name.to_lowercase() == text.trim().to_lowercase()
            || self.name == stem && stem == slug(text)
    }
}

/// The saved destinations, one TOML file each.
#[derive(Debug, Clone)]
pub struct Destinations {
    folder: PathBuf,
    lock: PathBuf,
}

impl Destinations {
    /// Opens the destinations of a home; there may be none.
    #[must_use]
    pub fn of(home: &Home) -> Self {
        Self {
            folder: home.destinations(),
            lock: home.config_lock(),
        }
    }

    /// Lists by name all that can be read; [`Destinations::broken`] lists the others.
    ///
    /// # Errors
    /// Fails when the folder cannot be read.
    pub fn list(&self) -> Result<Vec<Destination>, Error> {
        let (whole, _) = self.files()?;
        let mut all: Vec<_> = whole.into_iter().map(|(_, saved)| saved).collect();
        all.sort_by_key(|destination| destination.name.as_str().to_lowercase());
        Ok(all)
    }

    /// Lists the same, each with the time at which its file was last written, by whomever.
    ///
    /// # Errors
    /// Fails when the folder cannot be read.
    pub fn dated(&self) -> Result<Vec<(Destination, Option<Timestamp>)>, Error> {
        let (whole, _) = self.files()?;
        let dated = whole.into_iter().map(|(path, saved)| {
            let written = fs::metadata(&path).and_then(|file| file.modified()).ok();
            (
                saved,
                written.and_then(|time| Timestamp::try_from(time).ok()),
            )
        });
        let mut all: Vec<_> = dated.collect();
        all.sort_by_key(|(destination, _)| destination.name.as_str().to_lowercase());
        Ok(all)
    }

    /// Lists those whose file cannot be read.
    ///
    /// # Errors
    /// Fails when the folder cannot be read.
    pub fn broken(&self) -> Result<Vec<BrokenDestination>, Error> {
        Ok(self.files()?.1)
    }

    /// Finds one by its name: exactly, then without case; never by prefix.
    ///
    /// # Errors
    /// Names its file when that cannot be read or is damaged.
    pub fn find(&self, name: &str) -> Result<Option<Destination>, Error> {
        let (whole, broken) = self.files()?;
        let all = || whole.iter().map(|(_, destination)| destination);
        let exact = all().find(|destination| destination.name.as_str() == name.trim());
        let found = exact.or_else(|| all().find(|destination| destination.name.matches(name)));
        let broken = broken.into_iter().find(|broken| broken.matches(name));
        match (found, broken) {
            (Some(found), _) => Ok(Some(found.clone())),
            (None, Some(broken)) => Err(broken.why),
            (None, None) => Ok(None),
        }
    }

    /// Saves a destination: a new one, or in place of a saved one, whose name may change thereby. It is known by the same
    /// identity for good, so that nothing else has to change with its name.
    ///
    /// # Errors
    /// Fails when another destination has the name, be it a broken one, or the file cannot be written.
    pub fn save(
        &self,
        destination: Destination,
        former: Option<&DestinationId>,
    ) -> Result<Destination, Error> {
        let _ours = ConfigLock::take(&self.lock)?;
        self.write(destination, former, None)
    }

    /// Saves a new destination, with the comments of the text that it was made from.
    ///
    /// # Errors
    /// As [`Self::save`].
    pub fn save_like(&self, destination: Destination, like: &str) -> Result<Destination, Error> {
        let _ours = ConfigLock::take(&self.lock)?;
        self.write(destination, None, Some(like))
    }

    /// Reads the text of a destination's file.
    ///
    /// # Errors
    /// Fails when a file cannot be read.
    pub fn text(&self, id: &DestinationId) -> Result<Option<String>, Error> {
        let path = self.path(id)?;
        path.map_or(Ok(None), |path| read_if_there(&path))
    }

    /// Changes a saved destination as it is by now, so that nothing is undone that others changed meanwhile. Gives `None`
    /// where it is not there any more.
    ///
    /// # Errors
    /// As [`Self::save`], and as [`Self::get`].
    pub fn change(
        &self,
        known: &Destination,
        change: impl FnOnce(&mut Destination),
    ) -> Result<Option<Destination>, Error> {
        let _ours = ConfigLock::take(&self.lock)?;
        let Some(mut destination) = self.get(known)? else {
            return Ok(None);
        };
        change(&mut destination);
        self.write(destination, Some(&known.id()), None).map(Some)
    }

    /// Reads a destination anew, known by its identity.
    ///
    /// # Errors
    /// Fails when its file cannot be read or is damaged.
    pub fn get(&self, known: &Destination) -> Result<Option<Destination>, Error> {
        let (whole, broken) = self.files()?;
        let mut whole = whole.into_iter().map(|(_, saved)| saved);
        if let Some(saved) = whole.find(|saved| saved.id() == known.id()) {
            return Ok(Some(saved));
        }
        let name = known.name.as_str();
        match broken.into_iter().find(|broken| broken.matches(name)) {
            Some(broken) => Err(broken.why),
            None => Ok(None),
        }
    }

    fn write(
        &self,
        destination: Destination,
        former: Option<&DestinationId>,
        like: Option<&str>,
    ) -> Result<Destination, Error> {
        let (whole, broken) = self.files()?;
        let name = destination.name.as_str();
        let is_former = |saved: &Destination| former.is_some_and(|id| saved.id() == *id);
        let (place, others): (Vec<_>, Vec<_>) =
            whole.into_iter().partition(|(_, saved)| is_former(saved));
        if others.iter().any(|(_, other)| other.name.matches(name)) {
            return Err(Error::Exists(name.to_owned()));
        }
        if let Some(broken) = broken.into_iter().find(|broken| broken.matches(name)) {
            return Err(broken.why);
        }
        let (path, id) = match place.into_iter().next() {
            Some((path, saved)) => (path, saved.id()),
            None => (self.free_path(name), free_id(&destination.name, &others)),
        };
        let destination = Destination {
            id: Some(id).filter(|id| id.as_str() != name),
            ..destination
        };
        let text = toml::to_string(&destination).map_err(|why| Error::Encode(why.to_string()))?;
        let text = match (read_if_there(&path)?, like) {
            (Some(old), _) => over::<Destination>(&old, &text),
            (None, Some(like)) => commented(like, &text),
            (None, None) => text,
        };
        replace(&path, text.as_bytes())?;
        Ok(destination)
    }

    /// Finds the file of one.
    ///
    /// # Errors
    /// Fails when the folder cannot be read.
    pub fn path(&self, id: &DestinationId) -> Result<Option<PathBuf>, Error> {
        let (whole, _) = self.files()?;
        let mut paths = whole.into_iter();
        Ok(paths
            .find(|(_, saved)| saved.id() == *id)
            .map(|(path, _)| path))
    }

    /// Tells what every destination is called by now.
    #[must_use]
    pub fn names(&self) -> Names {
        self.list().unwrap_or_default().iter().collect()
    }

    fn free_path(&self, name: &str) -> PathBuf {
        let stem = slug(name);
        let numbered = (2..).map(|n| format!("{stem}-{n}"));
        let paths = std::iter::once(stem.clone())
            .chain(numbered)
            .map(|stem| self.folder.join(stem + ".toml"));
        paths
            .into_iter()
            .find(|path| !path.exists())
            .unwrap_or_default()
    }

    /// Reads all files: those that are whole, and those that are broken.
    #[expect(clippy::type_complexity, reason = "two lists")]
    fn files(&self) -> Result<(Vec<(PathBuf, Destination)>, Vec<BrokenDestination>), Error> {
        let entries = match fs::read_dir(&self.folder) {
            Ok(entries) => entries,
            Err(why) if why.kind() == std::io::ErrorKind::NotFound => return Ok(Default::default()),
            Err(why) => return Err(Error::read(&self.folder, why)),
        };
        let mut paths = Vec::new();
        for entry in entries {
            let path = entry.map_err(|why| Error::read(&self.folder, why))?.path();
            let hidden = path
                .file_name()
                .is_some_and(|name| name.to_string_lossy().starts_with('.'));
            if !hidden && path.extension().is_some_and(|end| end == "toml") {
                paths.push(path);
            }
        }
        paths.sort();
        let (mut whole, mut broken) = (Vec::new(), Vec::new());
        for path in paths {
            match read(&path) {
                Ok(destination) => whole.push((path, destination)),
                Err(why) => broken.push(BrokenDestination {
                    name: last_known_name(&path),
                    path,
                    why,
                }),
            }
        }
        let whole = once_each(whole, &mut broken);
        Ok((whole, broken))
    }
}

/// Takes out whatever is there twice, as after copying a file by hand: what belongs to which of them nobody can tell.
fn once_each(
    whole: Vec<(PathBuf, Destination)>,
    broken: &mut Vec<BrokenDestination>,
) -> Vec<(PathBuf, Destination)> {
    let alike = |one: &Destination, other: &Destination| {
        one.name.matches(other.name.as_str()) || one.id().matches(other.id().as_str())
    };
    let twin = |(path, saved): &(PathBuf, Destination)| {
        let mut others = whole.iter().filter(|(other, _)| other != path);
        let twin = others.find(|(_, other)| alike(saved, other));
        twin.map(|(path, _)| path.clone())
    };
    let twins: Vec<Option<PathBuf>> = whole.iter().map(twin).collect();
    let mut once = Vec::new();
    for ((path, saved), twin) in whole.into_iter().zip(twins) {
        match twin {
            None => once.push((path, saved)),
            Some(other) => broken.push(BrokenDestination {
                name: saved.name.to_string(),
                path: path.clone(),
                why: Error::Twice { path, other },
            }),
        }
    }
    once
}

/// Gives a new destination an identity: its name, unless that is another one's identity already.
fn free_id(name: &DestinationName, others: &[(PathBuf, Destination)]) -> DestinationId {
    let mut id = DestinationId::from(name.clone());
    while others
        .iter()
        .any(|(_, other)| other.id().matches(id.as_str()))
    {
        let random = format!("{}-{:08x}", slug(name.as_str()), rand::random::<u32>());
        id = DestinationId::parse(&random).unwrap_or(id);
    }
    id
}

fn read(path: &Path) -> Result<Destination, Error> {
    let text = fs::read_to_string(path).map_err(|why| Error::read(path, why))?;
    of_this_format(path, &text)
}

/// Finds a broken destination's name: in the line that says it, if that is still whole; else it is the file's.
fn last_known_name(path: &Path) -> String {
    let bytes = fs::read(path).unwrap_or_default();
    let text = String::from_utf8_lossy(&bytes);
    let said = text
        .lines()
        .filter_map(|line| line.parse::<toml::Table>().ok())
        .find_map(|line| Some(line.get("name")?.as_str()?.to_owned()));
    said.unwrap_or_else(|| {
        let stem = path.file_stem().unwrap_or_default();
        stem.to_string_lossy().into_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::Destinations;
    use crate::domain::Destination;
    use crate::store::{Error, Home};

    fn destination(name: &str) -> Destination {
        let text = format!(
            r#"name = "{name}"
login = "club"
audience = "abc"
source = "folder:/people"
status_if_new = "subscribed"
created_at = "2026-01-01T00:00:00Z"
segments = []
[map]
email = "EMail"
"#
        );
        toml::from_str(&text).expect("a destination")
    }

    #[test]
    fn comments_and_foreign_keys_stay_and_a_newer_form_is_refused() {
        let folder = tempfile::tempdir().expect("folder");
        let home = Home::at(folder.path());
        let saved = Destinations::of(&home);
        let good = saved.save(destination("Good"), None).expect("saved");
        let path = home.destinations().join("good.toml");
        let text = std::fs::read_to_string(&path).expect("file");
        let text = format!("# For the spring.\nowner = \"Åsa\"\n{text}");
        std::fs::write(&path, &text).expect("written");
        let detached = Destination {
            login: None,
            ..good.clone()
        };
        saved.save(detached, Some(&good.id())).expect("saved");
        let kept = std::fs::read_to_string(&path).expect("file");
        assert_eq!(kept, text.replace("login = \"club\"\n", ""));
        std::fs::write(&path, format!("format = 2\n{text}")).expect("written");
        let newer = saved.find("good");
        assert!(
            matches!(newer, Err(Error::Newer { version: 2, .. })),
            "{newer:?}"
        );
        let over = saved.save(destination("Good"), None);
        assert!(matches!(over, Err(Error::Newer { .. })), "{over:?}");
    }

    #[test]
    fn a_broken_destination_costs_only_itself() {
        let folder = tempfile::tempdir().expect("folder");
        let home = Home::at(folder.path());
        let saved = Destinations::of(&home);
        saved.save(destination("Good"), None).expect("saved");
        saved.save(destination("Spoilt one"), None).expect("saved");
        let path = home.destinations().join("spoilt-one.toml");
        let whole = std::fs::read_to_string(&path).expect("file");
        for damage in [format!("<<<<<<< HEAD\n{whole}"), whole[..20].to_owned()] {
            std::fs::write(&path, damage).expect("damaged");
            assert_eq!(saved.list().expect("list").len(), 1);
            assert!(saved.find("good").expect("found").is_some());
            assert!(matches!(
                saved.find("spoilt one"),
                Err(Error::Damaged { .. })
            ));
            assert!(saved.find("other").expect("looked for").is_none());
            let again = saved.save(destination("Spoilt one"), None);
            assert!(matches!(again, Err(Error::Damaged { .. })), "{again:?}");
            saved
                .save(destination("Good"), Some(&destination("Good").id()))
                .expect("saved");
            let broken = saved.broken().expect("broken");
            assert_eq!(broken.len(), 1);
            assert!(broken[0].matches("SPOILT one"));
            assert_eq!(broken[0].path, path);
        }
    }

    #[test]
    fn a_destination_is_known_by_the_same_id_whatever_it_is_called() {
        let folder = tempfile::tempdir().expect("folder");
        let saved = Destinations::of(&Home::at(folder.path()));
        let spring = saved.save(destination("Spring"), None).expect("saved");
        assert_eq!((&spring.id, spring.id().as_str()), (&None, "Spring"));
        let path = saved.path(&spring.id()).expect("read").expect("a file");
        let renamed = saved.save(destination("Autumn"), Some(&spring.id()));
        let autumn = renamed.expect("renamed");
        assert_eq!(autumn.id(), spring.id());
        assert_eq!(saved.path(&spring.id()).expect("read"), Some(path));
        assert_eq!(saved.list().expect("list"), std::slice::from_ref(&autumn));
        assert_eq!(saved.names().of("spring"), "Autumn");
        assert_eq!(saved.names().of("gone"), "gone");
        // The name is free again, and what is called so now is another destination.
        let other = saved.save(destination("Spring"), None).expect("saved");
        assert_ne!(other.id(), spring.id());
        let taken = saved.save(destination("autumn"), Some(&other.id()));
        assert!(matches!(taken, Err(Error::Exists(_))));
        // Back under the first name, nothing has to tell the identity.
        saved
            .save(destination("Other"), Some(&other.id()))
            .expect("renamed");
        let back = saved.save(destination("Spring"), Some(&spring.id()));
        assert_eq!(back.expect("renamed").id, None);
    }

    #[test]
    fn copies_that_say_they_are_the_same_destination_are_not_used() {
        let folder = tempfile::tempdir().expect("folder");
        let home = Home::at(folder.path());
        let saved = Destinations::of(&home);
        saved.save(destination("Good"), None).expect("saved");
        let spring = saved.save(destination("Spring"), None).expect("saved");
        let autumn = saved
            .save(destination("Autumn"), Some(&spring.id()))
            .expect("renamed");
        let copy = home.destinations().join("copy.toml");
        let other = Destination {
            name: destination("Copy").name,
            ..autumn.clone()
        };
        for same in [&autumn, &other] {
            std::fs::write(&copy, toml::to_string(same).expect("text")).expect("copied");
            assert_eq!(saved.list().expect("list").len(), 1);
            assert!(matches!(saved.find("autumn"), Err(Error::Twice { .. })));
            let broken = saved.broken().expect("broken");
            assert_eq!(broken.len(), 2);
        }
        let own = Destination { id: None, ..other };
        std::fs::write(&copy, toml::to_string(&own).expect("text")).expect("mended");
        assert_eq!(saved.list().expect("list").len(), 3);
    }
}
