use std::fs;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::files::{from_toml, replace};
use super::lock::ConfigLock;
use super::{Error, Home};
use crate::domain::{Destination, slug};

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

    /// Saves a destination: a new one, or in place of the one with this former name.
    ///
    /// # Errors
    /// Fails when another destination has the name, be it a broken one, or the file cannot be written.
    pub fn save(&self, destination: &Destination, former: Option<&str>) -> Result<(), Error> {
        let text = toml::to_string(destination).map_err(|why| Error::Encode(why.to_string()))?;
        let _ours = ConfigLock::take(&self.lock)?;
        let (whole, broken) = self.files()?;
        let name = destination.name.as_str();
        let place = whole
            .iter()
            .find(|(_, saved)| former.is_some_and(|name| saved.name.as_str() == name));
        let taken = whole.iter().any(|(path, saved)| {
            saved.name.matches(name) && place.is_none_or(|(mine, _)| mine != path)
        });
        if taken {
            return Err(Error::Exists(destination.name.to_string()));
        }
        if let Some(broken) = broken.into_iter().find(|broken| broken.matches(name)) {
            return Err(broken.why);
        }
        let path = place.map_or_else(|| self.free_path(destination), |(path, _)| path.clone());
        replace(&path, text.as_bytes())
    }

    /// Finds the file of one by its exact name.
    ///
    /// # Errors
    /// Fails when the folder cannot be read.
    pub fn path(&self, name: &str) -> Result<Option<PathBuf>, Error> {
        let (whole, _) = self.files()?;
        let mut paths = whole.into_iter();
        Ok(paths
            .find(|(_, saved)| saved.name.as_str() == name)
            .map(|(path, _)| path))
    }

    fn free_path(&self, destination: &Destination) -> PathBuf {
        let stem = slug(destination.name.as_str());
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
        Ok((whole, broken))
    }
}

fn read(path: &Path) -> Result<Destination, Error> {
    let text = fs::read_to_string(path).map_err(|why| Error::read(path, why))?;
    from_toml(path, &text)
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
    fn a_broken_destination_costs_only_itself() {
        let folder = tempfile::tempdir().expect("folder");
        let home = Home::at(folder.path());
        let saved = Destinations::of(&home);
        saved.save(&destination("Good"), None).expect("saved");
        saved.save(&destination("Spoilt one"), None).expect("saved");
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
            let again = saved.save(&destination("Spoilt one"), None);
            assert!(matches!(again, Err(Error::Damaged { .. })), "{again:?}");
            saved
                .save(&destination("Good"), Some("Good"))
                .expect("saved");
            let broken = saved.broken().expect("broken");
            assert_eq!(broken.len(), 1);
            assert!(broken[0].matches("SPOILT one"));
            assert_eq!(broken[0].path, path);
        }
    }
}
