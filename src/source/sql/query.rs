//! The folder of queries: each `NAME.sql` is a segment, its first comment line the label.

use std::borrow::Cow;
use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tempfile::NamedTempFile;

use super::SqlError;
use super::reading_only::check;
use super::wire::Asked;
use crate::domain::SegmentId;
use crate::source::Error;

/// The file whose query tells when the source was refreshed last.
pub const REFRESH: &str = "_refresh.sql";
/// The longest text taken: what is longer is no query.
const LONGEST: u64 = 1 << 20;

/// One query that only reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Query {
    pub id: SegmentId,
    pub label: String,
    /// The file's name, as people are told of it.
    pub file: Arc<str>,
    /// Its text, without the sign at its end.
    pub text: String,
}

/// All queries of a folder.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Queries {
    /// Those that are segments, by name.
    pub segments: Vec<Query>,
    /// The one that tells of refreshes.
    pub refresh: Option<Query>,
}

impl Queries {
    /// Takes a query for all that there is.
    pub fn alone(query: Query) -> Self {
        Self {
            segments: vec![query],
            refresh: None,
        }
    }

    /// Reads a folder. Files that begin with `_` or `.` are no segments.
    pub fn of(folder: &Path) -> Result<Self, Error> {
        let mut queries = Self::default();
        for (path, name) in files(folder)? {
            if REFRESH.strip_suffix(".sql") == Some(&name) {
                queries.refresh = Some(Query::read(&path, &name)?);
            } else if is_segment(&name) {
                queries.segments.push(Query::read(&path, &name)?);
            }
        }
        queries.segments.sort_by(|one, other| one.id.cmp(&other.id));
        if let Some(twice) = queries
            .segments
            .windows(2)
            .find(|two| two[0].id == two[1].id)
        {
            return Err(Error::SegmentTwice {
                segment: twice[0].id.clone(),
                files: twice.iter().map(|one| one.file.to_string()).collect(),
            });
        }
        if queries.segments.is_empty() {
            return Err(SqlError::NoQueries(folder.to_owned()).into());
        }
        Ok(queries)
    }

    /// Finds a segment's query.
    pub fn find(&self, id: &SegmentId) -> Option<&Query> {
        self.segments.iter().find(|query| query.id == *id)
    }
}

/// Lists the files of a folder that are queries, each with its name.
fn files(folder: &Path) -> Result<Vec<(PathBuf, String)>, Error> {
    let look = |source: io::Error| match source.kind() {
        io::ErrorKind::NotFound => Error::NotFound {
            path: folder.to_owned(),
        },
        _ => Error::Look {
            path: folder.to_owned(),
            source,
        },
    };
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(look)? {
        let path = entry.map_err(look)?.path();
        if let Some(name) = name(&path).map(str::to_owned) {
            files.push((path, name));
        }
    }
    Ok(files)
}

/// A file by its name, and the query in it or why there is none.
pub(super) type Each = (String, Result<Query, Error>);

/// Reads each segment of a folder by itself, by the names of the files.
pub(super) fn each(folder: &Path) -> Result<Vec<Each>, Error> {
    let mut found = files(folder)?;
    found.retain(|(_, name)| is_segment(name));
    found.sort();
    let read = found.into_iter().map(|(path, name)| {
        let file = path.file_name().map(|name| name.to_string_lossy());
        let file = file.map_or_else(|| name.clone(), Cow::into_owned);
        let query = Query::read(&path, &name);
        (file, query)
    });
    Ok(read.collect())
}

/// Tells whether a query of this name is a segment.
fn is_segment(name: &str) -> bool {
    !name.starts_with(['_', '.'])
}

/// Tells whether a query can be kept under this name.
#[must_use]
pub fn is_query_name(name: &str) -> bool {
    let usual = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | ' ');
    !name.is_empty() && is_segment(name) && name.chars().all(usual)
}

/// Reads the text of the query in a file.
///
/// # Errors
/// Tells why the file cannot be read, or that it is no text.
pub fn query_text(file: &Path) -> Result<String, Error> {
    let open = |source| Error::OpenFile {
        path: file.to_owned(),
        source,
    };
    let long = std::fs::metadata(file).map_err(open)?.len() > LONGEST;
    let bytes = if long {
        Vec::new()
    } else {
        std::fs::read(file).map_err(open)?
    };
    let text = String::from_utf8(bytes).ok().filter(|_| !long);
    Ok(text.ok_or_else(|| SqlError::NoText(file.to_owned()))?)
}

/// Keeps a text as the query in a file, if it only reads; the folder is made where there is none. A file that is there is
/// written over where `over` says so, else left.
///
/// # Errors
/// Refuses a text that is no query, and a file that is there already; tells why it cannot be written.
pub fn keep_query(file: &Path, text: &str, over: bool) -> Result<(), Error> {
    let name = file.file_stem().unwrap_or_default().to_string_lossy();
    Query::of(file, &name, text)?;
    let failed = |source: io::Error| match source.kind() {
        io::ErrorKind::AlreadyExists => SqlError::QueryExists(file.to_owned()),
        _ => SqlError::Keep {
            path: file.to_owned(),
            source,
        },
    };
    let folder = file.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder).map_err(failed)?;
    let written = if over {
        write_over(file, folder, text)
    } else {
        let there = OpenOptions::new().write(true).create_new(true).open(file);
        there.and_then(|mut there| writeln!(there, "{}", text.trim()))
    };
    Ok(written.map_err(failed)?)
}

/// Writes over a file, whole or not at all: a run may read it now. Whoever could read it still can.
fn write_over(file: &Path, folder: &Path, text: &str) -> io::Result<()> {
    let mut draft = NamedTempFile::new_in(folder)?;
    writeln!(draft, "{}", text.trim())?;
    let may = std::fs::metadata(file)?.permissions();
    std::fs::set_permissions(draft.path(), may)?;
    draft.persist(file)?;
    Ok(())
}

/// Names the query in a file, if it is one.
fn name(path: &Path) -> Option<&str> {
    let ends = path.extension()?.eq_ignore_ascii_case("sql");
    path.file_stem()?
        .to_str()
        .filter(|_| ends && path.is_file())
}

impl Query {
    fn read(path: &Path, name: &str) -> Result<Self, Error> {
        Ok(Self::of(path, name, &query_text(path)?)?)
    }

    /// Takes a text for a query, if it only reads.
    pub fn of(path: &Path, name: &str, text: &str) -> Result<Self, SqlError> {
        let text = text.trim_start_matches('\u{feff}').trim();
        check(text).map_err(|why| SqlError::NotOnlyReading {
            path: PathBuf::from(path),
            why,
        })?;
        let comment = text.lines().next().and_then(|line| line.strip_prefix("--"));
        let label = comment.map(|label| label.trim_start_matches('-').trim());
        let file = path.file_name().map(|name| name.to_string_lossy());
        Ok(Self {
            id: SegmentId::new(name),
            label: label
                .filter(|label| !label.is_empty())
                .unwrap_or(name)
                .to_owned(),
            file: Arc::from(file.as_deref().unwrap_or(name)),
            text: text
                .trim_end_matches([';', ' ', '\n', '\r', '\t'])
                .to_owned(),
        })
    }

    /// Asks for it, or for its first rows.
    pub fn asked(&self, most: Option<usize>) -> Asked {
        match most {
            Some(most) => Asked {
                sql: self.first(most),
                instead: Some(self.text.clone()),
                most: Some(most),
            },
            None => Asked {
                sql: self.text.clone(),
                instead: None,
                most: None,
            },
        }
    }

    /// Writes the query that gives its first rows only, where the engine can be asked so.
    fn first(&self, most: usize) -> String {
        format!(
            "SELECT * FROM (\n{}\n) AS segue_first LIMIT {most}",
            self.text
        )
    }

    /// Writes the query that counts its rows.
    pub fn count(&self) -> String {
        format!(
            "SELECT count(*) AS members FROM (\n{}\n) AS segue_counted",
            self.text
        )
    }
}

#[cfg(test)]
mod tests {
    use super::Queries;
    use crate::domain::SegmentId;
    use crate::source::Error;

    #[test]
    fn each_file_is_a_segment_and_its_first_comment_the_label() {
        let folder = tempfile::tempdir().expect("folder");
        let write = |name: &str, text: &str| {
            std::fs::write(folder.path().join(name), text).expect("file");
        };
        write(
            "gold.sql",
            "\u{feff}-- Gold customers\nselect id, email from p;\n",
        );
        write("b.SQL", "select id, email from p -- the label stands first");
        write("_refresh.sql", "select max(loaded_at) from loads");
        write("_draft.sql", "delete from p");
        write("notes.txt", "delete from p");
        let queries = Queries::of(folder.path()).expect("queries");
        let told = queries.segments.iter();
        let told: Vec<_> = told
            .map(|one| (one.id.as_str(), &*one.label, &*one.file))
            .collect();
        assert_eq!(
            told,
            [("b", "b", "b.SQL"), ("gold", "Gold customers", "gold.sql")]
        );
        let gold = queries.find(&SegmentId::new("gold")).expect("there");
        assert!(gold.text.ends_with("from p"), "{:?}", gold.text);
        assert!(
            gold.count().contains("from p\n)"),
            "a comment must not end it"
        );
        assert!(queries.refresh.is_some());
        write("bad.sql", "delete from p");
        assert!(matches!(Queries::of(folder.path()), Err(Error::Sql(_))));
    }

    #[test]
    fn a_folder_without_queries_is_no_source() {
        let folder = tempfile::tempdir().expect("folder");
        assert!(matches!(Queries::of(folder.path()), Err(Error::Sql(_))));
        let gone = Queries::of(&folder.path().join("gone"));
        assert!(matches!(gone, Err(Error::NotFound { .. })));
    }
}
