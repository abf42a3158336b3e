//! Files that a model names by where they were in the cloud, found again where they are on this disk.

use std::borrow::Cow;
use std::fs;
use std::path::{Component, Path, PathBuf};

use globset::{GlobBuilder, GlobMatcher};
use percent_encoding::percent_decode_str;
use url::Url;

use super::super::Error;
use super::look::list;

/// A folder, beyond which no file is looked for.
#[derive(Debug)]
pub(super) struct Places {
    root: PathBuf,
    real: PathBuf,
}

impl Places {
    /// Takes a folder.
    pub fn of(root: &Path) -> Result<Self, Error> {
        let root = if root.as_os_str().is_empty() {
            Path::new(".")
        } else {
            root
        };
        let real = fs::canonicalize(root).map_err(|source| Error::Look {
            path: root.to_owned(),
            source,
        })?;
        let root = root.to_owned();
        Ok(Self { root, real })
    }

    /// Finds the file with most of a location's path, plain or packed.
    pub fn file(&self, location: &str) -> Option<PathBuf> {
        let parts = parts(location)?;
        (0..parts.len()).find_map(|from| {
            let path: PathBuf = parts[from..].iter().collect();
            let packed = PathBuf::from(format!("{}.gz", path.display()));
            [path, packed]
                .iter()
                .map(|path| self.root.join(path))
                .find(|path| path.is_file() && self.holds(path))
        })
    }

    /// Lists the files below a location whose path from there fits a pattern.
    pub fn matching(&self, location: &str, pattern: &GlobMatcher) -> Result<Vec<String>, Error> {
        let Some(below) = parts(location) else {
            return Ok(Vec::new());
        };
        let top = (0..=below.len())
            .map(|from| self.root.join(below[from..].iter().collect::<PathBuf>()))
            .find(|path| path.is_dir() && self.holds(path));
        let (mut files, mut folders) = (Vec::new(), Vec::from_iter(top.clone()));
        while let Some(folder) = folders.pop() {
            for path in list(&folder)?.into_iter().filter(|path| self.holds(path)) {
                if path.is_dir() {
                    folders.push(path);
                    continue;
                }
                let below = top.as_ref().and_then(|top| path.strip_prefix(top).ok());
                if below.is_some_and(|below| pattern.is_match(below))
                    && let Ok(path) = path.strip_prefix(&self.root)
                {
                    files.push(encoded(path));
                }
            }
        }
        files.sort();
        Ok(files)
    }

    /// Tells whether a path leads to a place within the folder, also by links.
    fn holds(&self, path: &Path) -> bool {
        fs::canonicalize(path).is_ok_and(|real| real.starts_with(&self.real))
    }
}

/// Writes a path as a location, which is percent-encoded.
fn encoded(path: &Path) -> String {
    let names = path.iter().map(|name| {
        let name = name.to_string_lossy();
        name.replace('%', "%25")
            .replace('?', "%3F")
            .replace('#', "%23")
    });
    names.collect::<Vec<_>>().join("/")
}

/// Splits a location into the names on its way; `None` when one of them is no plain name.
pub(in crate::source) fn parts(location: &str) -> Option<Vec<String>> {
    // A URL, or a path within a store that the manifest calls by a name: `local:/Customer/part.csv`.
    let path = match location.split_once(":/") {
        Some((_, rest)) => match Url::parse(location) {
            Ok(url) if url.has_host() => url.path().to_owned(),
            _ => rest.to_owned(),
        },
        None => location.to_owned(),
    };
    let path = path.split(['?', '#']).next().unwrap_or_default().to_owned();
    let names = path
        .split('/')
        .filter(|name| !name.is_empty() && *name != ".");
    let names: Vec<String> = names.map(decoded).collect::<Option<_>>()?;
    names.iter().all(|name| is_plain(name)).then_some(names)
}

fn is_plain(name: &str) -> bool {
    let mut parts = Path::new(name).components();
    let one = matches!(parts.next(), Some(Component::Normal(_)));
    one && parts.next().is_none() && !name.contains(['/', '\\', '\0'])
}

/// Decodes `%20`, in UTF-8.
fn decoded(name: &str) -> Option<String> {
    let decoded = percent_decode_str(name).decode_utf8();
    decoded.ok().map(Cow::into_owned)
}

/// Reads a pattern with `?`, `*` and, for any number of folders, `**`.
pub(super) fn glob_of(pattern: &str) -> Option<GlobMatcher> {
    let pattern = pattern.trim_matches('/');
    let glob = GlobBuilder::new(pattern)
        .literal_separator(true)
        .backslash_escape(false)
        .build();
    Some(glob.ok()?.compile_matcher())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{Places, glob_of};

    fn folder(names: &[&str]) -> (tempfile::TempDir, Places) {
        let folder = tempfile::tempdir().expect("folder");
        let root = folder.path().join("export");
        for name in names {
            let path = root.join(name);
            fs::create_dir_all(path.parent().expect("parent")).expect("made");
            fs::write(path, "x").expect("written");
        }
        let places = Places::of(&root).expect("a folder");
        (folder, places)
    }

    #[test]
    fn a_location_is_found_by_the_longest_end_of_its_path() {
        let (_kept, places) = folder(&["Kund å/part 1.csv", "part 1.csv", "b/c.csv.gz"]);
        let found = |location: &str| {
            let path = places.file(location)?;
            let below = path.strip_prefix(&places.root).expect("below").to_owned();
            Some(below.to_string_lossy().into_owned())
        };
        let url = "https://x.dfs.core.windows.net/c/ci_1/Kund%20%C3%A5/part%201.csv?snapshot=2026-11-23T10%3A00";
        assert_eq!(found(url).as_deref(), Some("Kund å/part 1.csv"));
        assert_eq!(
            found("local:/Kund å/part 1.csv").as_deref(),
            Some("Kund å/part 1.csv")
        );
        assert_eq!(
            found("https://x/y/part%201.csv").as_deref(),
            Some("part 1.csv")
        );
        assert_eq!(found("a/b/c.csv").as_deref(), Some("b/c.csv.gz"));
        assert_eq!(found("https://x/y/gone.csv"), None);
    }

    #[test]
    fn no_location_leads_out_of_the_folder() {
        let (kept, places) = folder(&["in.csv"]);
        fs::write(kept.path().join("secret.csv"), "x").expect("written");
        for location in [
            "../secret.csv",
            "https://x/%2e%2e/secret.csv",
            "a/..%2Fsecret.csv",
            "local:/../secret.csv",
            "..%5Csecret.csv",
        ] {
            assert_eq!(places.file(location), None, "{location}");
        }
        let all = glob_of("*.csv").expect("a pattern");
        assert!(places.matching("..", &all).expect("listed").is_empty());
        #[cfg(unix)]
        {
            let link = places.root.join("link.csv");
            std::os::unix::fs::symlink("../secret.csv", link).expect("linked");
            assert_eq!(places.file("link.csv"), None);
        }
    }

    #[test]
    fn patterns_fit_names_and_folders() {
        let fits =
            |pattern: &str, path: &str| glob_of(pattern).is_some_and(|glob| glob.is_match(path));
        for pattern in ["**/*.csv", "/20??/*/part-*.csv", "**"] {
            assert!(fits(pattern, "2026/11/part-0.csv"), "{pattern:?}");
        }
        assert!(fits("**/a.csv", "a.csv"));
        assert!(!fits("*.csv", "2026/11/part-0.csv"));
        assert!(glob_of("part-[.csv").is_none());
    }

    #[test]
    fn a_pattern_of_many_stars_ends() {
        let (_kept, places) = folder(&["part-z.csv", &format!("{}.csv", "long-name".repeat(20))]);
        let glob = glob_of(&format!("{}z.csv", "*".repeat(40))).expect("a pattern");
        let found = places.matching("/", &glob).expect("listed");
        assert_eq!(found, ["part-z.csv"]);
    }
}
