//! The log: a file that is appended to until it is too long, and the last few before it.

use std::fs::{self, File};
use std::io::{self, Write};

use super::files::{private, private_folder};
use super::{AccountLock, Error, Home, Locked};

/// How long the log grows before another one is begun: some 50,000 lines.
const MOST: u64 = 8 << 20;
/// How many older ones are kept.
const OLDER: u32 = 3;

/// The log of a home. Several programs may write to it at once.
#[derive(Debug)]
pub struct LogFile {
    home: Home,
    file: File,
    length: u64,
    most: u64,
}

impl LogFile {
    /// Opens the log to append to it.
    ///
    /// # Errors
    /// Fails when the file cannot be opened.
    pub fn open(home: &Home) -> Result<Self, Error> {
        Self::open_within(home, MOST)
    }

    fn open_within(home: &Home, most: u64) -> Result<Self, Error> {
        let file = append(home)?;
        let mut log = Self {
            home: home.clone(),
            length: length(&file),
            file,
            most,
        };
        log.turn_over()?;
        Ok(log)
    }

    /// Begins another file where this one is too long, unless somebody else is about to.
    fn turn_over(&mut self) -> Result<(), Error> {
        if self.length < self.most {
            return Ok(());
        }
        let lock = AccountLock::try_at(&self.home.log_lock(), "")?;
        // Others may have begun it since this file was opened.
        let path = self.home.log(0);
        let is_long = fs::metadata(&path).is_ok_and(|file| file.len() >= self.most);
        if let (Locked::Ours(_), true) = (&lock, is_long) {
            for age in (0..OLDER).rev() {
                // One that is not there yet leaves its place free.
                let _moved = fs::rename(self.home.log(age), self.home.log(age + 1));
            }
        }
        self.file = append(&self.home)?;
        self.length = length(&self.file);
        Ok(())
    }
}

impl Write for LogFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write_all(bytes)?;
        self.length += bytes.len() as u64;
        // A log that cannot be begun anew goes on in the old one.
        let _turned = self.turn_over();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// Opens the log of the commands that are run when an export has ended. One that is too long is kept as the older one.
///
/// # Errors
/// Fails when the file cannot be opened.
pub fn finish_log(home: &Home) -> Result<File, Error> {
    let path = home.finish_log();
    private_folder(&home.logs())?;
    if fs::metadata(&path).is_ok_and(|file| file.len() >= MOST) {
        let _kept = fs::rename(&path, path.with_extension("log.1"));
    }
    private()
        .append(true)
        .open(&path)
        .map_err(|why| Error::write(&path, why))
}

fn append(home: &Home) -> Result<File, Error> {
    let path = home.log(0);
    private_folder(&home.logs())?;
    private()
        .append(true)
        .open(&path)
        .map_err(|why| Error::write(&path, why))
}

fn length(file: &File) -> u64 {
    file.metadata().map_or(0, |file| file.len())
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::LogFile;
    use crate::store::Home;

    #[test]
    fn a_log_that_is_too_long_is_begun_anew_and_only_a_few_are_kept() {
        let folder = tempfile::tempdir().expect("folder");
        let home = Home::at(folder.path());
        let mut log = LogFile::open_within(&home, 100).expect("log");
        let mut other = LogFile::open_within(&home, 100).expect("another program's");
        for line in 0..40 {
            for log in [&mut log, &mut other] {
                writeln!(log, "line {line:04}").expect("written");
            }
        }
        let mut names: Vec<_> = std::fs::read_dir(home.logs())
            .expect("logs")
            .map(|file| file.expect("file").file_name().into_string().expect("text"))
            .collect();
        names.sort();
        let wanted = ["segue.log", "segue.log.1", "segue.log.2", "segue.log.3"];
        assert_eq!(names, wanted);
        let text = |age| std::fs::read_to_string(home.log(age)).expect("text");
        assert!(text(0).len() < 300 && text(1).len() < 300);
        assert!(text(0).contains("0039") || text(1).contains("0039"));
        #[cfg(unix)]
        for age in 0..4 {
            use std::os::unix::fs::PermissionsExt;
            let mode = std::fs::metadata(home.log(age))
                .expect("file")
                .permissions()
                .mode();
            assert_eq!(
                mode & 0o077,
                0,
                "rule 5: files are readable by their owner only"
            );
        }
    }
}
