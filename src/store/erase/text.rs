//! The files that are text: the person's rows and lines go, and where a text only mentions them, the mention does.

use std::path::Path;

use serde_json::Value;

use super::{Leaver, read};
use crate::domain::{Email, PersonKey, ProfileHash, ProfileId};
use crate::store::Error;
use crate::store::files::{replace, replace_by};
use crate::store::rejects::unguarded;

/// What stands where a person was mentioned.
const BLANK: &str = "…";

impl Leaver {
    /// Finds where a text mentions the person: by an address that is not part of a longer one, or by a key.
    fn mentioned(&self, text: &str) -> Option<(usize, usize)> {
        let lower = text.to_ascii_lowercase();
        let keys = self.keys.iter().map(PersonKey::hex);
        // In the address of a call the sign is another one.
        let encoded = self.spellings.iter().map(|one| one.replace('@', "%40"));
        let names = self.spellings.iter().cloned().chain(encoded).chain(keys);
        names
            .filter_map(|name| {
                let at = lower
                    .match_indices(&name)
                    .find(|(at, _)| stands_alone(&lower, *at, name.len()))?
                    .0;
                Some((at, at + name.len()))
            })
            .min()
    }

    fn blanked(&self, text: &str) -> Option<String> {
        let mut text = text.to_owned();
        let mut found = false;
        while let Some((from, to)) = self.mentioned(&text) {
            text.replace_range(from..to, BLANK);
            found = true;
        }
        found.then_some(text)
    }

    fn has_row(&self, cells: &csv::StringRecord) -> bool {
        let theirs = |cell: &str| {
            let cell = unguarded(cell);
            let address = cell.contains('@').then(|| Email::key_of(cell));
            let key =
                address.map_or_else(|| PersonKey::parse(cell), |key| Some(PersonKey::of(&key)));
            key.is_some_and(|key| self.is(key))
        };
        cells.iter().any(theirs)
    }
}

/// Tells whether what stands in a text is not a part of a longer address.
fn stands_alone(text: &str, at: usize, length: usize) -> bool {
    // What else an address may hold stands around one more often than in it.
    let goes_on = |c: char| c.is_alphanumeric() || "._%+-".contains(c);
    let before = text[..at].chars().next_back().is_some_and(goes_on);
    let mut after = text[at + length..].chars();
    // A full stop that ends a sentence is none of a domain's.
    let after = match after.next() {
        Some('.' | '-') => after.next().is_some_and(char::is_alphanumeric),
        Some(next) => next.is_alphanumeric(),
        None => false,
    };
    !before && !after
}

/// Learns from a run's rejects which profiles are the person's.
pub(super) fn learn_profiles(path: &Path, leaver: &mut Leaver) -> Result<(), Error> {
    let Some(text) = read(path)? else {
        return Ok(());
    };
    let mut csv = rows(&text);
    let headers: Option<csv::StringRecord> = csv.records().next().and_then(Result::ok);
    let at = headers.and_then(|row| row.iter().position(|name| name == "profile"));
    for row in csv.records().map_while(Result::ok) {
        let id = at.and_then(|at| row.get(at)).map(unguarded);
        if let Some(id) = id
            .and_then(ProfileId::parse)
            .filter(|_| leaver.has_row(&row))
        {
            leaver.know(ProfileHash::of(&id).short());
        }
    }
    Ok(())
}

fn rows(text: &str) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes())
}

/// Drops the person's rows from a file of CSV, and blanks what other rows say of them.
pub(super) fn drop_rows(path: &Path, leaver: &Leaver) -> Result<(), Error> {
    let Some(text) = read(path)? else {
        return Ok(());
    };
    let failed = |why: csv::Error| Error::write(path, why.into());
    replace_by(path, |file| {
        let mut out = csv::WriterBuilder::new().flexible(true).from_writer(file);
        let mut changed = false;
        for row in rows(&text).records().map_while(Result::ok) {
            let is_theirs =
                leaver.has_row(&row) || row.iter().any(|cell| leaver.has_profile(unguarded(cell)));
            changed |= is_theirs;
            if !is_theirs {
                let cells: Vec<Option<String>> = row.iter().map(|c| leaver.blanked(c)).collect();
                changed |= cells.iter().any(Option::is_some);
                let cells = row.iter().zip(&cells);
                let cells = cells.map(|(was, new)| new.as_deref().unwrap_or(was));
                out.write_record(cells).map_err(failed)?;
            }
        }
        out.flush().map_err(|why| Error::write(path, why))?;
        Ok(changed)
    })
}

/// Drops the lines that mention the person.
pub(in crate::store) fn drop_lines(path: &Path, leaver: &Leaver) -> Result<(), Error> {
    let Some(text) = read(path)? else {
        return Ok(());
    };
    if leaver.mentioned(&text).is_none() {
        return Ok(());
    }
    let lines = text.split_inclusive('\n');
    let kept: String = lines
        .filter(|line| leaver.mentioned(line).is_none())
        .collect();
    replace(path, kept.as_bytes())
}

/// Blanks what a text says of the person.
pub(super) fn blank(path: &Path, leaver: &Leaver) -> Result<(), Error> {
    let text = read(path)?;
    let blanked = text.and_then(|text| leaver.blanked(&text));
    blanked.map_or(Ok(()), |text| replace(path, text.as_bytes()))
}

/// Blanks in a report what names the person, and the ids of their profiles.
pub(super) fn blank_json(path: &Path, leaver: &Leaver) -> Result<(), Error> {
    let Some(text) = read(path)? else {
        return Ok(());
    };
    let Ok(mut report) = serde_json::from_str::<Value>(&text) else {
        return blank(path, leaver);
    };
    if !blank_value(&mut report, leaver) {
        return Ok(());
    }
    let text = serde_json::to_vec_pretty(&report).map_err(|why| Error::Encode(why.to_string()))?;
    replace(path, &text)
}

/// Tells whether something was blanked.
fn blank_value(value: &mut Value, leaver: &Leaver) -> bool {
    match value {
        Value::String(text) => {
            // A repeated row is told as its id and its place.
            let id = text.split_once(" (").map_or(text.as_str(), |(id, _)| id);
            let blanked = if leaver.has_profile(id) {
                Some(BLANK.to_owned())
            } else {
                leaver.blanked(text)
            };
            let found = blanked.is_some();
            *text = blanked.unwrap_or_else(|| std::mem::take(text));
            found
        }
        Value::Array(all) => blank_values(all.iter_mut(), leaver),
        Value::Object(all) => blank_values(all.values_mut(), leaver),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

fn blank_values<'a>(all: impl Iterator<Item = &'a mut Value>, leaver: &Leaver) -> bool {
    let found = all.filter_map(|one| blank_value(one, leaver).then_some(()));
    found.count() > 0
}

#[cfg(test)]
mod tests {
    use super::{Leaver, drop_rows};
    use crate::domain::{Email, PersonKey};

    fn anna() -> Leaver {
        Leaver::of(&Email::parse("Anna@x.example").expect("address"))
    }

    #[test]
    fn a_mention_is_blanked_and_longer_addresses_stay() {
        let blanked = |text| anna().blanked(text);
        assert_eq!(
            blanked("no: ANNA@X.example. <anna@x.example>").as_deref(),
            Some("no: …. <…>")
        );
        for other in [
            "joanna@x.example",
            "j.anna@x.example",
            "anna@x.example.org",
            "anna@x.examples",
        ] {
            assert_eq!(blanked(other), None, "{other}");
        }
        let key = PersonKey::of("anna@x.example").hex();
        assert_eq!(
            blanked(&format!("/members/{key}?a")).as_deref(),
            Some("/members/…?a")
        );
    }

    #[test]
    fn rows_of_the_person_go_and_mentions_in_others_are_blanked() {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("rejects.csv");
        let text = "run,email,detail\nr,Anna@X.example,no\n\
                    r,joanna@x.example,\"as anna@x.example,\nso\"\nr,bo@x.example,b\n";
        std::fs::write(&path, text).expect("file");
        drop_rows(&path, &anna()).expect("dropped");
        let kept = std::fs::read_to_string(&path).expect("file");
        let wanted = "run,email,detail\nr,joanna@x.example,\"as …,\nso\"\nr,bo@x.example,b\n";
        assert_eq!(kept, wanted);
    }
}
