use std::borrow::Cow;
use std::collections::HashSet;
use std::fs::File;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use super::Error;
use super::files::private;
use super::runs::{RunFolder, RunId};
use crate::domain::{Class, Reject, RejectKind, printable};

/// The rejects of a run as CSV, written as they come.
#[derive(Debug)]
pub struct RejectWriter {
    path: PathBuf,
    run: RunId,
    csv: csv::Writer<File>,
}

/// The columns of rejects as CSV.
pub const REJECT_COLUMNS: [&str; 10] = [
    "run", "profile", "file", "line", "email", "reason", "class", "advice", "detail", "kind",
];

impl RejectWriter {
    /// Starts the file with its header line.
    ///
    /// # Errors
    /// Fails when it cannot be written.
    pub fn create(run: &RunFolder) -> Result<Self, Error> {
        let path = &run.rejects();
        let file = private()
            .truncate(true)
            .open(path)
            .map_err(|why| Error::write(path, why))?;
        let mut writer = Self {
            path: path.clone(),
            run: run.id.clone(),
            csv: csv::Writer::from_writer(file),
        };
        let header = writer.csv.write_record(REJECT_COLUMNS);
        writer.check(header)?;
        Ok(writer)
    }

    /// Adds a reject with the advice in the user's words.
    ///
    /// # Errors
    /// Fails when the disk does.
    pub fn add(&mut self, reject: &Reject, advice: &str) -> Result<(), Error> {
        let cells = reject_cells(self.run.as_str(), reject, advice);
        let cells = cells.map(|cell| guarded(&cell).into_owned());
        let written = self.csv.write_record(cells);
        self.check(written)
    }

    /// Hands what was written to the system.
    ///
    /// # Errors
    /// Fails when the disk does.
    pub fn flush(&mut self) -> Result<(), Error> {
        self.csv
            .flush()
            .map_err(|why| Error::write(&self.path, why))
    }

    fn check(&self, written: Result<(), csv::Error>) -> Result<(), Error> {
        written.map_err(|why| Error::write(&self.path, why.into()))
    }
}

/// Writes a reject as cells, with the advice in the user's words.
#[must_use]
pub fn reject_cells(run: &str, reject: &Reject, advice: &str) -> [String; 10] {
    let class = match reject.reason.class() {
        Class::Permanent => "permanent",
        Class::Mapping => "mapping",
        Class::Later => "later",
    };
    [
        run.to_owned(),
        reject.profile.clone().unwrap_or_default(),
        reject.file.clone(),
        reject.line.to_string(),
        reject.email.clone().unwrap_or_default(),
        reject.reason.as_str().to_owned(),
        class.to_owned(),
        advice.to_owned(),
        reject.detail.clone(),
        reject.kind.as_str().to_owned(),
    ]
}

/// The rejects of a run, read back one by one, by the names of the columns: older files have fewer, in another order.
pub struct RejectReader {
    path: PathBuf,
    csv: csv::StringRecordsIntoIter<File>,
    headers: csv::StringRecord,
}

impl RejectReader {
    /// Opens the file of a run; `None` when it has none.
    ///
    /// # Errors
    /// Fails when it cannot be read.
    pub fn open(path: &Path) -> Result<Option<Self>, Error> {
        match File::open(path) {
            Ok(file) => {
                let mut csv = csv::Reader::from_reader(file);
                let headers = csv.headers().map_err(|why| damaged(path, &why))?.clone();
                Ok(Some(Self {
                    path: path.to_owned(),
                    csv: csv.into_records(),
                    headers,
                }))
            }
            Err(why) if why.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(why) => Err(Error::read(path, why)),
        }
    }
}

impl Iterator for RejectReader {
    type Item = Result<Reject, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let read = self.csv.next()?.and_then(|record| {
            let cells: csv::StringRecord = record.iter().map(unguarded).collect();
            cells.deserialize(Some(&self.headers))
        });
        Some(read.map_err(|why| damaged(&self.path, &why)))
    }
}

fn damaged(path: &Path, why: &csv::Error) -> Error {
    Error::Damaged {
        path: path.to_owned(),
        why: why.to_string(),
    }
}

/// Hands out the lines of a run's file, each fit for a spreadsheet and a terminal; also those of older files, whose cells
/// may begin as formulas do.
///
/// # Errors
/// Fails when the file cannot be read, or is damaged from some line on.
pub fn each_reject_line(path: &Path, mut take: impl FnMut(&str)) -> Result<(), Error> {
    let file = match File::open(path) {
        Err(why) if why.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        opened => opened.map_err(|why| Error::read(path, why))?,
    };
    let mut csv = csv::ReaderBuilder::new()
        .has_headers(false)
        .from_reader(file);
    for record in csv.records() {
        let record = record.map_err(|why| damaged(path, &why))?;
        take(&csv_line(record.iter().map(unguarded)));
    }
    Ok(())
}

/// Writes cells as a line of CSV without its end, each fit for a spreadsheet and a terminal.
#[must_use]
pub fn csv_line<'a>(cells: impl IntoIterator<Item = &'a str>) -> String {
    let cells: Vec<Cow<'_, str>> = cells.into_iter().map(printable).collect();
    let record = csv_record(cells.iter().map(AsRef::as_ref));
    record.trim_end_matches('\n').to_owned()
}

/// Writes cells as a record of CSV with its end, each fit for a spreadsheet and otherwise as it is, line breaks and all.
#[must_use]
pub fn csv_record<'a>(cells: impl IntoIterator<Item = &'a str>) -> String {
    let mut record = csv::Writer::from_writer(Vec::new());
    let cells = cells.into_iter().map(guarded);
    // Writing into memory cannot fail.
    let _written = record.write_record(cells.map(Cow::into_owned).collect::<Vec<_>>());
    let record = record.into_inner().unwrap_or_default();
    String::from_utf8_lossy(&record).into_owned()
}

/// Tells whether a spreadsheet may take a cell for a formula: a number with a sign, such as that of a telephone, is taken for
/// one as well, and shown as what it comes to.
fn is_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r'])
}

/// Puts an apostrophe before what a spreadsheet would take for a formula, and before what would be read back as such.
pub(super) fn guarded(cell: &str) -> Cow<'_, str> {
    if is_formula(cell.trim_start_matches('\'')) {
        Cow::Owned(format!("'{cell}"))
    } else {
        Cow::Borrowed(cell)
    }
}

/// Takes the apostrophe of [`guarded`] away again.
pub(super) fn unguarded(cell: &str) -> &str {
    match cell.strip_prefix('\'') {
        Some(rest) if is_formula(rest.trim_start_matches('\'')) => rest,
        _ => cell,
    }
}

/// Which rejects a report had, to tell a new one from one that was there before: by profile (or address, or place) and
/// reason. Eight bytes a reject; a false match of two 64-bit hashes would only lower an exit code.
#[derive(Debug, Default)]
pub struct RejectKeys(HashSet<u64>);

impl RejectKeys {
    /// Notes a reject.
    pub fn add(&mut self, reject: &Reject) {
        if reject.kind == RejectKind::Person {
            self.0.insert(Self::key(reject));
        }
    }

    /// Tells whether the same person was refused for the same reason before. A value that is left out is nobody's
    /// refusal, and so never a new one.
    #[must_use]
    pub fn had(&self, reject: &Reject) -> bool {
        reject.kind == RejectKind::Value || self.0.contains(&Self::key(reject))
    }

    fn key(reject: &Reject) -> u64 {
        let mut hasher = DefaultHasher::new();
        reject.reason.hash(&mut hasher);
        match (&reject.profile, &reject.email) {
            (Some(profile), _) => profile.hash(&mut hasher),
            (None, Some(email)) => email.trim().to_lowercase().hash(&mut hasher),
            (None, None) => (&reject.file, reject.line).hash(&mut hasher),
        }
        hasher.finish()
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::{RejectKeys, RejectReader, RejectWriter};
    use super::{each_reject_line, guarded, is_formula, unguarded};
    use crate::domain::{Reason, Reject, RejectKind};
    use crate::store::{Home, RunFolder};

    #[test]
    fn rejects_are_read_back_as_they_were_written() {
        let folder = tempfile::tempdir().expect("folder");
        let run = RunFolder::create(&Home::at(folder.path()), Timestamp::UNIX_EPOCH).expect("run");
        let path = run.rejects();
        let reject = Reject {
            profile: Some("7".to_owned()),
            file: "people.csv".to_owned(),
            line: 3,
            email: None,
            reason: Reason::NoEmail,
            detail: "a, \"b\"".to_owned(),
            kind: RejectKind::Value,
        };
        let mut writer = RejectWriter::create(&run).expect("create");
        writer.add(&reject, "mend it").expect("add");
        writer.flush().expect("flush");
        let back: Vec<_> = RejectReader::open(&path)
            .expect("open")
            .expect("there")
            .collect();
        assert_eq!(back.len(), 1);
        assert_eq!(back[0].as_ref().expect("read"), &reject);
        let mut keys = RejectKeys::default();
        keys.add(&reject);
        assert!(keys.had(&reject), "a value makes no new reject");
        let reject = Reject {
            kind: RejectKind::Person,
            ..reject
        };
        assert!(!keys.had(&reject), "and stands for no person");
        keys.add(&reject);
        assert!(
            keys.had(&reject)
                && !keys.had(&Reject {
                    profile: Some("8".to_owned()),
                    ..reject
                })
        );
    }

    #[test]
    fn a_file_of_an_older_version_still_opens() {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("rejects.csv");
        let old =
            "profile,file,line,email,reason,class,detail,advice\n,a.csv,3,x,no_email,mapping,d,a\n";
        std::fs::write(&path, old).expect("write");
        let mut reader = RejectReader::open(&path).expect("open").expect("there");
        let reject = reader.next().expect("one").expect("read");
        assert_eq!((reject.profile, reject.line), (None, 3));
        assert_eq!(
            (reject.reason, reject.kind),
            (Reason::NoEmail, RejectKind::Person)
        );
    }

    #[test]
    fn a_cell_never_begins_as_a_formula_does_and_reads_back_as_it_was() {
        let cells = [
            "=1+1",
            "+1",
            "-2",
            "@x",
            "\t=1",
            "\r=2",
            "'=1",
            "''-",
            "'plain",
            "plain",
            "",
            "'",
            "a=b",
            "+1-1",
            "+46 (0)70-123 45 67",
        ];
        for cell in cells {
            let safe = guarded(cell);
            assert!(!is_formula(&safe), "{safe:?}");
            assert_eq!(unguarded(&safe), cell);
        }
    }

    #[test]
    fn older_files_are_printed_safely_too() {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("rejects.csv");
        std::fs::write(
            &path,
            "profile,email\n=1+1,\"=A(\"\"x\"\")\u{202e}\"\n'@2,\"a\nb",
        )
        .expect("file");
        let mut lines = Vec::new();
        let read = each_reject_line(&path, |line| lines.push(line.to_owned()));
        read.expect("a cell that is not closed ends with the file");
        let right = [
            "profile,email",
            "'=1+1,\"'=A(\"\"x\"\")\u{fffd}\"",
            "'@2,a b",
        ];
        assert_eq!(lines, right);
    }
}
