use std::fs;
use std::path::{Path, PathBuf};

use super::files::{remove_if_there, replace};
use super::{Error, Home};
use crate::domain::{Destination, slug};

/// The saved destinations, one TOML file each.
#[derive(Debug, Clone)]
pub struct Destinations {
    folder: PathBuf,
}

impl Destinations {
    /// Opens the destinations of a home; there may be none.
    #[must_use]
    pub fn of(home: &Home) -> Self {
        Self {
            folder: home.destinations(),
        }
    }

    /// Lists all of them by name.
    ///
    /// # Errors
    /// Names the file that cannot be read or is damaged.
    pub fn list(&self) -> Result<Vec<Destination>, Error> {
        let mut all: Vec<Destination> = self
            .files()?
            .into_iter()
            .map(|(_, destination)| destination)
            .collect();
        all.sort_by_key(|destination| destination.name.as_str().to_lowercase());
        Ok(all)
    }

    /// Finds one by its name: exactly, then without case; never by prefix.
    ///
    /// # Errors
    /// Names the file that cannot be read or is damaged.
    pub fn find(&self, name: &str) -> Result<Option<Destination>, Error> {
        let all = self.list()?;
        let exact = all
            .iter()
            .find(|destination| destination.name.as_str() == name.trim());
        Ok(exact
            .or_else(|| {
                all.iter()
                    .find(|destination| destination.name.matches(name))
            })
            .cloned())
    }

    /// Saves a destination: a new one, or in place of the one with this former name.
    ///
    /// # Errors
    /// Fails when another destination has the name, or the file cannot be written.
    pub fn save(&self, destination: &Destination, former: Option<&str>) -> Result<(), Error> {
        let files = self.files()?;
        let place = files
            .iter()
            .find(|(_, saved)| former.is_some_and(|name| saved.name.as_str() == name));
        let taken = files.iter().any(|(path, saved)| {
            saved.name.matches(destination.name.as_str())
                && place.is_none_or(|(mine, _)| mine != path)
        });
        if taken {
            return Err(Error::Exists(destination.name.to_string()));
        }
        let path = place.map_or_else(|| self.free_path(destination), |(path, _)| path.clone());
        let text = toml::to_string(destination).map_err(|why| Error::Encode(why.to_string()))?;
        replace(&path, text.as_bytes())
    }

    /// Removes one by its exact name; one that is not there is no error.
    ///
    /// # Errors
    /// Fails when its file cannot be removed.
    pub fn remove(&self, name: &str) -> Result<(), Error> {
        for (path, destination) in self.files()? {
            if destination.name.as_str() == name {
                remove_if_there(&path)?;
            }
        }
        Ok(())
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

    fn files(&self) -> Result<Vec<(PathBuf, Destination)>, Error> {
        let entries = match fs::read_dir(&self.folder) {
            Ok(entries) => entries,
            Err(why) if why.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
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
        paths
            .into_iter()
            .map(|path| Ok((path.clone(), read(&path)?)))
            .collect()
    }
}

fn read(path: &Path) -> Result<Destination, Error> {
    let text = fs::read_to_string(path).map_err(|why| Error::read(path, why))?;
    toml::from_str(&text).map_err(|why| Error::Damaged {
        path: path.to_owned(),
        why: why.to_string(),
    })
}
