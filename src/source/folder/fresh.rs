//! By what it is told that a folder was written anew: by its files, and by what models among them say.
//!
//! A model says of each partition when that was refreshed. That alone would not do: whoever copies a folder may copy the
//! model before the files that it tells of, and exports by date come without a new one.

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

/// Looks at names, sizes and times only, and into models. Of a model that was given instead of its folder all of that counts.
pub(in crate::source) fn refresh(path: &Path) -> Result<Refresh, Error> {
    let mut seen = Seen::default();
    let about = about(path)?;
    let named = path.extension().is_some_and(|ending| ending == "json");
    let around = path.parent().filter(|_| named && about.is_file());
    match around {
        _ if about.is_dir() => seen.folder(path, DEPTH)?,
        Some(folder) if !folder.as_os_str().is_empty() => seen.folder(folder, DEPTH)?,
        Some(_) => seen.folder(Path::new("."), DEPTH)?,
        None => seen.file(path, &about),
    }
    Ok(Refresh {
        mark: format!("{}-{}-{:016x}", seen.files, seen.bytes, seen.hash.finish()),
        ended_at: seen.newest,
        quiet_seconds: QUIET_SECONDS,
        ..Refresh::default()
    })
}

/// Tells whether a file is a model, by its name.
fn is_model(path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy());
    let name = name.unwrap_or_default().to_ascii_lowercase();
    name == "model.json" || name.ends_with("manifest.cdm.json")
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
        if is_model(path) {
            self.model(path);
        }
    }

    /// Takes in what a model says. One that is half written is another file once it is whole.
    fn model(&mut self, path: &Path) {
        let Ok(told) = parsed(path) else { return };
        let mut times = Vec::new();
        collect(&told, &mut times);
        times.hash(&mut self.hash);
        let refreshed = times.iter().filter_map(|time| time.parse().ok()).max();
        self.newest = self.newest.max(refreshed);
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
    use std::fs::{File, create_dir, create_dir_all, write};
    use std::path::Path;
    use std::time::SystemTime;

    use serde_json::json;

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

    /// Writes a model of one partition at each of these times, as Power BI and Customer Insights write them. The file itself
    /// tells nothing: it is as long as ever, and of the same time.
    fn tell(model: &Path, times: &[&str]) {
        let partitions: Vec<_> = times
            .iter()
            .map(|time| json!({"name": "p", "refreshTime": time, "location": "part.csv"}))
            .collect();
        let told = json!({"entities": [{"name": "Customer", "partitions": partitions}]});
        write(model, told.to_string()).expect("file");
        let file = File::options().write(true).open(model).expect("open");
        file.set_modified(SystemTime::UNIX_EPOCH).expect("set");
    }

    #[test]
    fn a_model_says_when_it_was_refreshed_wherever_it_is_and_whichever_it_is() {
        let (one, two) = (
            "2020-10-02T13:26:10.7624605+00:00",
            "2020-10-03T13:26:10.7624605+00:00",
        );
        // A folder may be in a folder of its own, and hold a manifest that nobody keeps up to date beside its model.
        for place in [
            "model.json",
            "default.manifest.cdm.json",
            "CI/ci_0f8f/model.json",
        ] {
            let folder = tempfile::tempdir().expect("folder");
            let model = folder.path().join(place);
            create_dir_all(model.parent().expect("a folder")).expect("folder");
            tell(&model.with_file_name("default.manifest.cdm.json"), &[one]);
            let mark = |path: &Path| refresh(path).expect("seen").mark;
            tell(&model, &[one, one]);
            let (first, alone) = (mark(folder.path()), mark(&model));
            tell(&model, &[one, one]);
            assert_eq!(mark(folder.path()), first, "{place}");
            tell(&model, &[two, two]);
            assert_ne!(mark(folder.path()), first, "{place}");
            assert_ne!(mark(&model), alone, "{place}");
        }
        let ahead = tempfile::tempdir().expect("folder");
        let last = "2199-01-01T00:00:00Z";
        tell(&ahead.path().join("model.json"), &[last, one]);
        let ended = refresh(ahead.path()).expect("seen").ended_at;
        assert_eq!(ended, last.parse().ok());
    }

    #[test]
    fn a_model_that_was_copied_before_its_files_is_waited_for() {
        let folder = tempfile::tempdir().expect("folder");
        let model = folder.path().join("model.json");
        let part = folder.path().join("part.csv");
        tell(&model, &["2026-11-01T04:00:00Z"]);
        write(&part, "1\n").expect("file");
        let seen = || refresh(folder.path()).expect("seen");
        assert_eq!(seen().quiet_seconds, 60);
        tell(&model, &["2026-11-02T04:00:00Z"]);
        let (copied, given) = (seen().mark, refresh(&model).expect("seen").mark);
        // Each file that comes after it begins the quiet time anew: half of an export is none.
        write(&part, "1\n2\n").expect("file");
        assert_ne!(seen().mark, copied);
        assert_ne!(refresh(&model).expect("seen").mark, given);
        // Half of a model is a file like any other, and no failure.
        let before = seen().mark;
        write(&model, "{\"entities\": [").expect("file");
        assert_ne!(seen().mark, before);
    }
}
