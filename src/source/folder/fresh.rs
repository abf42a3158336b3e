//! By what it is told that a folder was written anew: what its model says, else its files.

use std::fs::{self, Metadata};
use std::hash::{Hash, Hasher};
use std::path::Path;

use jiff::Timestamp;
use serde_json::Value;
use siphasher::sip::SipHasher13;

use super::super::{Error, lake};
use super::look::{about, list};
use super::model::parsed;
use crate::domain::Refresh;

/// How long files must have been left alone before they count as whole.
const QUIET_SECONDS: u32 = 60;
/// How many folders lie within each other at most.
const DEPTH: usize = 12;

/// Looks at names, sizes and times only, and at the model if there is one.
pub(in crate::source) fn refresh(path: &Path) -> Result<Refresh, Error> {
    if let Some(told) = told(path)? {
        return Ok(told);
    }
    let mut seen = Seen::default();
    let about = about(path)?;
    if about.is_dir() {
        seen.folder(path, DEPTH)?;
    } else {
        seen.file(path, &about);
    }
    Ok(Refresh {
        mark: format!("{}-{}-{:016x}", seen.files, seen.bytes, seen.hash.finish()),
        ended_at: seen.newest,
        quiet_seconds: QUIET_SECONDS,
        ..Refresh::default()
    })
}

/// What the model says of its own refreshes: it is written when all else is.
fn told(path: &Path) -> Result<Option<Refresh>, Error> {
    let is_model = |path: &&std::path::PathBuf| {
        let name = path.file_name().map(|name| name.to_string_lossy());
        let name = name.unwrap_or_default().to_ascii_lowercase();
        name == "model.json" || name.ends_with("manifest.cdm.json")
    };
    let model = if path.is_dir() {
        list(path)?.into_iter().find(|path| is_model(&path))
    } else {
        Some(path.to_owned()).filter(|path| is_model(&path))
    };
    let Some(model) = model else {
        return Ok(None);
    };
    let mut times = Vec::new();
    collect(&parsed(&model)?, &mut times);
    let ended_at = times.iter().filter_map(|time| time.parse().ok()).max();
    Ok((!times.is_empty()).then(|| Refresh {
        mark: times.join(" "),
        ended_at,
        ..Refresh::default()
    }))
}

/// Collects the times of refreshes of all partitions.
fn collect(told: &Value, times: &mut Vec<String>) {
    match told {
        Value::Object(keys) => {
            for (key, value) in keys {
                match value
                    .as_str()
                    .filter(|_| key.eq_ignore_ascii_case("refreshTime"))
                {
                    Some(time) if !times.iter().any(|known| known == time) => {
                        times.push(time.to_owned());
                    }
                    _ => collect(value, times),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, times)),
        _ => {}
    }
}

#[derive(Default)]
struct Seen {
    files: u64,
    bytes: u64,
    newest: Option<Timestamp>,
    hash: SipHasher13,
}

impl Seen {
    fn folder(&mut self, path: &Path, depth: usize) -> Result<(), Error> {
        if let Some((version, written)) = lake::version(path)? {
            // What else is in the folder of a Delta table comes and goes without being part of it.
            (path, version).hash(&mut self.hash);
            self.files += 1;
            let written = written.and_then(|time| Timestamp::try_from(time).ok());
            self.newest = self.newest.max(written);
            return Ok(());
        }
        for path in list(path)? {
            match fs::metadata(&path) {
                Ok(about) if about.is_dir() && depth > 0 => self.folder(&path, depth - 1)?,
                Ok(about) => self.file(&path, &about),
                // One that left just now is another state of the folder the next time.
                Err(_gone) => {}
            }
        }
        Ok(())
    }

    fn file(&mut self, path: &Path, about: &Metadata) {
        let written = about.modified().ok();
        let written = written.and_then(|time| Timestamp::try_from(time).ok());
        self.files += 1;
        self.bytes += about.len();
        (path, about.len(), written).hash(&mut self.hash);
        self.newest = self.newest.max(written).max(arrived(about));
    }
}

/// When a file was last changed in any way: who copies an old one keeps its old date.
#[cfg(unix)]
fn arrived(about: &Metadata) -> Option<Timestamp> {
    use std::os::unix::fs::MetadataExt;
    let nanos = i32::try_from(about.ctime_nsec()).ok()?;
    Timestamp::new(about.ctime(), nanos).ok()
}

#[cfg(not(unix))]
fn arrived(_about: &Metadata) -> Option<Timestamp> {
    None
}

#[cfg(test)]
mod tests {
    use std::fs::{File, create_dir, write};
    use std::time::SystemTime;

    use super::refresh;
    use crate::source::Error;

    #[test]
    fn a_folder_is_another_when_a_file_comes_goes_or_is_written_anew() {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path();
        let mark = || refresh(path).expect("seen").mark;
        write(path.join("profiles.csv"), "id\n1\n").expect("file");
        create_dir(path.join("segments")).expect("folder");
        let mut marks = vec![mark()];
        assert_eq!(mark(), marks[0]);
        write(path.join("segments/gold.csv"), "id\n1\n").expect("file");
        marks.push(mark());
        write(path.join("segments/gold.csv"), "id\n1\n2\n").expect("file");
        marks.push(mark());
        // The same size, at another time.
        let file = File::options().write(true).open(path.join("profiles.csv"));
        file.expect("open")
            .set_modified(SystemTime::UNIX_EPOCH)
            .expect("set");
        marks.push(mark());
        // An old file was brought in just now.
        let seen = refresh(path).expect("seen");
        assert_eq!(seen.quiet_seconds, 60);
        #[cfg(unix)]
        assert!(
            jiff::Timestamp::now()
                .duration_since(seen.ended_at.expect("a time"))
                .as_secs()
                < 3600
        );
        let many = marks.len();
        marks.sort();
        marks.dedup();
        assert_eq!(marks.len(), many, "{marks:?}");
        let file = refresh(&path.join("profiles.csv")).expect("one file");
        assert_ne!(file.mark, seen.mark);
        assert!(matches!(
            refresh(&path.join("gone")),
            Err(Error::NotFound { .. })
        ));
    }

    #[test]
    fn a_model_says_itself_when_it_was_refreshed() {
        let folder = tempfile::tempdir().expect("folder");
        let model = folder.path().join("model.json");
        let told = |times: &[&str]| {
            let partitions: Vec<_> = times
                .iter()
                .map(|time| serde_json::json!({"name": "p", "refreshTime": time}))
                .collect();
            let text =
                serde_json::json!({"entities": [{"name": "Customer", "partitions": partitions}]});
            write(&model, text.to_string()).expect("file");
            refresh(folder.path()).expect("seen")
        };
        let first = told(&["2026-11-01T04:00:00Z", "2026-11-01T04:00:10Z"]);
        let ended = first.ended_at.map(|time| time.to_string());
        assert_eq!(ended.as_deref(), Some("2026-11-01T04:00:10Z"));
        assert_eq!(first.quiet_seconds, 0);
        write(folder.path().join("part.csv"), "x").expect("file");
        assert_eq!(refresh(folder.path()).expect("seen"), first);
        assert_ne!(
            told(&["2026-11-02T04:00:00Z", "2026-11-01T04:00:10Z"]).mark,
            first.mark
        );
        // One that says nothing is told by the files.
        write(&model, "{\"entities\":[]}").expect("file");
        assert_eq!(refresh(folder.path()).expect("seen").quiet_seconds, 60);
    }
}
