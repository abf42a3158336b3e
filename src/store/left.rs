use std::collections::HashSet;
use std::fs::File;
use std::io::Write;

use super::files::{private, read_if_there};
use super::rejects::guarded;
use super::{Error, RunFolder};
use crate::domain::PersonKey;

/// Why an undo left a contact as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Because {
    /// It is not as the run left it: somebody changed it, or said no.
    Changed,
    /// It is not in the audience any more.
    Gone,
    /// Mailchimp refused the call.
    Refused,
}

impl Because {
    /// Shows the reason as files spell it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Changed => "changed",
            Self::Gone => "gone",
            Self::Refused => "refused",
        }
    }
}

/// The contacts that an undo left as they are, as CSV, each once however often the undo goes on.
#[derive(Debug)]
pub struct LeftWriter {
    run: RunFolder,
    csv: Option<csv::Writer<File>>,
    listed: HashSet<String>,
    is_cut: bool,
}

const COLUMNS: [&str; 4] = ["run", "email", "id", "reason"];

impl LeftWriter {
    /// Goes on with the file of a run; it is made with its first line.
    ///
    /// # Errors
    /// Fails when it cannot be read.
    pub fn open(run: &RunFolder) -> Result<Self, Error> {
        let text = read_if_there(&run.left())?.unwrap_or_default();
        let mut lines = csv::ReaderBuilder::new();
        let lines = lines.flexible(true).from_reader(text.as_bytes());
        let mut listed = HashSet::new();
        for line in lines.into_records() {
            let line = line.map_err(|why| Error::read(&run.left(), why.into()))?;
            listed.extend(line.get(2).map(str::to_owned));
        }
        Ok(Self {
            run: run.clone(),
            csv: None,
            listed,
            // A line that was cut off when the program died is written again.
            is_cut: !text.is_empty() && !text.ends_with('\n'),
        })
    }

    /// Adds a contact, by Mailchimp's id, with the address where it was read.
    ///
    /// # Errors
    /// Fails when the disk does.
    pub fn add(&mut self, id: PersonKey, address: &str, because: Because) -> Result<(), Error> {
        let (id, path) = (id.hex(), self.run.left());
        if !self.listed.insert(id.clone()) {
            return Ok(());
        }
        let failed = |why: csv::Error| Error::write(&path, why.into());
        if self.csv.is_none() {
            let is_new = !path.exists();
            let opened = private().append(true).open(&path);
            let opened = opened.and_then(|mut file| {
                let end: &[u8] = if self.is_cut { b"\n" } else { b"" };
                file.write_all(end).map(|()| file)
            });
            let file = opened.map_err(|why| Error::write(&path, why))?;
            let mut csv = csv::Writer::from_writer(file);
            if is_new {
                csv.write_record(COLUMNS).map_err(failed)?;
            }
            self.csv = Some(csv);
        }
        if let Some(csv) = &mut self.csv {
            let cells = [self.run.id.as_str(), address, &id, because.as_str()];
            csv.write_record(cells.map(|cell| guarded(cell).into_owned()))
                .map_err(failed)?;
            csv.flush().map_err(|why| Error::write(&path, why))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::{Because, LeftWriter};
    use crate::domain::PersonKey;
    use crate::store::{Home, RunFolder};

    #[test]
    fn who_is_left_is_listed_once_however_often_the_undo_goes_on() {
        let folder = tempfile::tempdir().expect("folder");
        let home = Home::at(folder.path());
        let run = RunFolder::create(&home, Timestamp::UNIX_EPOCH).expect("run");
        let (anna, bo) = (
            PersonKey::of("anna@x.example"),
            PersonKey::of("bo@x.example"),
        );
        let mut left = LeftWriter::open(&run).expect("none yet");
        assert!(!run.left().exists(), "nobody is left yet");
        left.add(anna, "=anna@x.example", Because::Changed)
            .expect("listed");
        let mut left = LeftWriter::open(&run).expect("goes on");
        left.add(anna, "anna@x.example", Because::Changed)
            .expect("known");
        left.add(bo, "", Because::Gone).expect("listed");
        let text = std::fs::read_to_string(run.left()).expect("file");
        let id = run.id.as_str();
        let lines = [
            "run,email,id,reason".to_owned(),
            format!("{id},'=anna@x.example,{},changed", anna.hex()),
            format!("{id},,{},gone", bo.hex()),
        ];
        assert_eq!(text.lines().collect::<Vec<_>>(), lines);
    }
}
