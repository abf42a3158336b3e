use std::io;
use std::path::PathBuf;

use crate::domain::SegmentId;
use thiserror::Error;

use super::odata::ServiceError;
use super::sql::SqlError;

/// What can go wrong while a source is looked at or read. Lines and bytes count from 1.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum Error {
    /// A source that is a service was opened without a way to call it.
    #[error("no service is known for {source_spec}")]
    NoService {
        /// The source as it is written.
        source_spec: String,
    },
    /// A service could not be read.
    #[error(transparent)]
    Service(#[from] ServiceError),
    /// Queries, or the engine that they are put to.
    #[error(transparent)]
    Sql(#[from] SqlError),
    /// The source's path does not exist.
    #[error("{} does not exist", path.display())]
    NotFound {
        /// The path as the user gave it.
        path: PathBuf,
    },
    /// The source's path is neither a file nor a folder.
    #[error("{} is neither a file nor a folder", path.display())]
    NotAFile {
        /// The path as the user gave it.
        path: PathBuf,
    },
    /// The path could not be looked at, or the folder not listed.
    #[error("could not look at {}", path.display())]
    Look {
        /// What was looked at.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A data file could not be opened.
    #[error("could not open {}", path.display())]
    OpenFile {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A data file could not be read to its end; also a damaged `.gz`.
    #[error("could not read {}", path.display())]
    ReadFile {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The folder holds no data file.
    #[error("{} holds no .csv, .tsv, .txt, .csv.gz or .parquet file", folder.display())]
    NoFiles {
        /// The folder.
        folder: PathBuf,
    },
    /// One file is wanted, and the folder holds several.
    #[error("{} holds several files where one is wanted: {}", folder.display(), files.join(", "))]
    ManyFiles {
        /// The folder.
        folder: PathBuf,
        /// The files' names.
        files: Vec<String>,
    },
    /// The layout wants a profiles file and a folder `segments`, and one of them is not there.
    #[error("{} does not hold a profiles file and a folder \"segments\" with files in it", folder.display())]
    NoSegments {
        /// The folder.
        folder: PathBuf,
    },
    /// A file that should tell of the tables beside it cannot be understood.
    #[error("could not understand {}", path.display())]
    BrokenModel {
        /// `model.json`, a manifest, or an entity's document.
        path: PathBuf,
        /// What is wrong, and where.
        source: serde_json::Error,
    },
    /// The layout wants tables of Customer Insights, and the folder has none that profiles or segments could be read from.
    #[error("{} holds no table of profiles or segments; it has: {}", folder.display(), tables.join(", "))]
    NoTables {
        /// The folder.
        folder: PathBuf,
        /// The tables there are.
        tables: Vec<String>,
    },
    /// Files that a model names for a table are not in the folder.
    #[error("files of the table {table:?} named in {} are not there: {}", path.display(), files.join(", "))]
    MissingPartitions {
        /// The file that names them.
        path: PathBuf,
        /// The table.
        table: String,
        /// The first few of them, as they are named.
        files: Vec<String>,
    },
    /// No export of a table is there in full.
    #[error("the export of {at} in {} is not complete; missing or unfinished: {}", folder.display(), files.join(", "))]
    IncompleteExport {
        /// The table's folder.
        folder: PathBuf,
        /// The time of the newest export, as its folders tell.
        at: String,
        /// What is missing of it, or not copied to its end.
        files: Vec<String>,
    },
    /// The values of a wanted column are no texts: lists, records, bytes.
    #[error("the column {column:?} of {table} holds {holds}, which is no text")]
    NoText {
        /// The file's path, or the query.
        table: String,
        /// The column.
        column: String,
        /// Its type, as Arrow calls it.
        holds: String,
    },
    /// A file is Parquet, which this build does not read.
    #[error("{} is Parquet, which this build does not read", path.display())]
    NoParquet {
        /// The file.
        path: PathBuf,
    },
    /// A table or file is written in a form that is not read.
    #[error("{what} is written as {form}, which is not read")]
    UnreadForm {
        /// The table, or the file's path.
        what: String,
        /// The form's name.
        form: String,
    },
    /// A table asks more of its readers than is understood, so that its rows would be read wrongly.
    #[error("{} uses {feature}, which is not understood", path.display())]
    UnreadFeature {
        /// The table's folder.
        path: PathBuf,
        /// The feature, as the table's log names it.
        feature: String,
    },
    /// What a model tells of a table is not understood, so that its rows would be read wrongly, or those of another time.
    #[error("{part}, as the model of {table:?} tells, is not understood")]
    UnreadPart {
        /// The table.
        table: String,
        /// The setting or part, as the model names it.
        part: String,
    },
    /// A folder holds the changes of a span of time, not whole tables.
    #[error("{} holds changes only, not whole tables", folder.display())]
    IncrementalFolder {
        /// The folder.
        folder: PathBuf,
    },
    /// A table's files do not have the same columns.
    #[error("{} does not have the columns of the other files of its table", path.display())]
    OtherColumns {
        /// The file that differs.
        path: PathBuf,
    },
    /// A column to make segments by was named, and the layout has a file for each segment.
    #[error("segments by the column {column:?} need the layout of one file")]
    SegmentByNeedsOneFile {
        /// The column.
        column: String,
    },
    /// A data file holds nothing, not even a header.
    #[error("{} is empty", path.display())]
    EmptyFile {
        /// The file.
        path: PathBuf,
    },
    /// The first row names no columns.
    #[error("the first row of {} holds values instead of column names", path.display())]
    NoHeader {
        /// The file.
        path: PathBuf,
    },
    /// A file is not UTF-8.
    #[error("{} is not UTF-8: line {line}, byte {byte} (0x{found:02X})", path.display())]
    Encoding {
        /// The file.
        path: PathBuf,
        /// The line of the first byte that is not UTF-8.
        line: u64,
        /// That byte's place in the (unpacked) file.
        byte: u64,
        /// Its value.
        found: u8,
    },
    /// A file is UTF-16, with or without its mark.
    #[error("{} is UTF-16, not UTF-8", path.display())]
    Utf16 {
        /// The file.
        path: PathBuf,
    },
    /// A file is a workbook of Excel, or another archive, whatever it is named.
    #[error("{} is a workbook or an archive, not a text", path.display())]
    Workbook {
        /// The file.
        path: PathBuf,
    },
    /// A title stands above the row with the names of the columns.
    #[error("the names of the columns of {} seem to be in line {line}, below a title", path.display())]
    TitleAbove {
        /// The file.
        path: PathBuf,
        /// The line that seems to hold the names.
        line: u64,
    },
    /// A quote opens a cell and is not closed, so that the rows after it cannot be told from the cell.
    #[error("{}: the quote opened in line {line} is not closed", path.display())]
    OpenQuote {
        /// The file.
        path: PathBuf,
        /// The line the quote stands in.
        line: u64,
    },
    /// A quote opened a cell by mistake, so that rows of other people stand in it.
    #[error("{}: a cell from line {first} to line {last} holds other rows", path.display())]
    SwallowedRows {
        /// The file.
        path: PathBuf,
        /// The line the quote stands in.
        first: u64,
        /// The line of the next quote, which closes the cell.
        last: u64,
    },
    /// A row is longer than any row of profiles can be.
    #[error("{}: the row in line {line} does not end within {limit} bytes", path.display())]
    LongRow {
        /// The file.
        path: PathBuf,
        /// The line the row starts at.
        line: u64,
        /// The longest row taken.
        limit: usize,
    },
    /// Two columns of a file have the same name.
    #[error("{} has more than one column {column:?}", path.display())]
    DuplicateColumn {
        /// The file.
        path: PathBuf,
        /// The name.
        column: String,
    },
    /// The character set as delimiter cannot be one.
    #[error("{delimiter:?} cannot stand between cells")]
    BadDelimiter {
        /// The character.
        delimiter: char,
    },
    /// The delimiter that was set does not split the file, another one does.
    #[error("{} is not split by {set:?}; it looks split by {found:?}", path.display())]
    WrongDelimiter {
        /// The file.
        path: PathBuf,
        /// The delimiter set.
        set: char,
        /// The delimiter found by looking.
        found: char,
    },
    /// The column to make segments by does not exist.
    #[error("{} has no column {column:?} to make segments by; it has: {}", path.display(), candidates.join(", "))]
    UnknownSegmentColumn {
        /// The file.
        path: PathBuf,
        /// The column asked for.
        column: String,
        /// The file's columns.
        candidates: Vec<String>,
    },
    /// The column chosen for ids does not exist.
    #[error("{} has no column {column:?} to take ids from; it has: {}", path.display(), candidates.join(", "))]
    UnknownIdColumn {
        /// The file.
        path: PathBuf,
        /// The column asked for.
        column: String,
        /// The file's columns.
        candidates: Vec<String>,
    },
    /// Segment files hold ids, and no column of the profiles file is known to hold them.
    #[error("no column of {} is known to hold ids; choose one of: {}", path.display(), candidates.join(", "))]
    NoIdColumn {
        /// The profiles file.
        path: PathBuf,
        /// Its columns.
        candidates: Vec<String>,
    },
    /// An attribute asked for does not exist.
    #[error("{table} has no attribute {attribute:?}; it has: {}", candidates.join(", "))]
    UnknownAttribute {
        /// The file's path, or the service's table.
        table: String,
        /// The attribute asked for.
        attribute: String,
        /// The attributes there are.
        candidates: Vec<String>,
    },
    /// A file in `segments/` holds neither ids nor whole rows.
    #[error("{} holds neither ids nor all columns of the profiles file", path.display())]
    NotASegment {
        /// The file.
        path: PathBuf,
    },
    /// Two files would be the same segment.
    #[error("the segment {:?} has more than one file: {}", segment.as_str(), files.join(", "))]
    SegmentTwice {
        /// The segment.
        segment: SegmentId,
        /// The files.
        files: Vec<String>,
    },
    /// The column to make segments by has too many values to be one.
    #[error("the column {column:?} of {} has more than {limit} values: these are no segments", path.display())]
    TooManySegments {
        /// The file.
        path: PathBuf,
        /// The column.
        column: String,
        /// The most values taken.
        limit: usize,
    },
    /// A file was written to while it was read, or its columns changed since it was looked at.
    #[error("{} changed while it was being read", path.display())]
    Changed {
        /// The file.
        path: PathBuf,
    },
    /// Whoever asked for the rows stopped taking them.
    #[error("nobody takes the rows any more")]
    Stopped,
    /// The task that reads files broke down: a bug.
    #[error("the task that reads the source broke down")]
    Task(#[source] tokio::task::JoinError),
}

impl Error {
    /// Tells whether the same may work later, without anyone doing anything.
    #[must_use]
    pub fn is_temporary(&self) -> bool {
        match self {
            Self::Service(why) => why.is_temporary(),
            Self::Sql(why) => why.is_temporary(),
            _ => false,
        }
    }

    /// Tells whether the source may be whole another time without anybody changing a setting: it could not be reached, or was
    /// not written to its end.
    #[must_use]
    pub fn may_pass(&self) -> bool {
        self.is_temporary()
            || matches!(
                self,
                Self::NotFound { .. }
                    | Self::Look { .. }
                    | Self::OpenFile { .. }
                    | Self::ReadFile { .. }
                    | Self::NoFiles { .. }
                    | Self::NoSegments { .. }
                    | Self::BrokenModel { .. }
                    | Self::MissingPartitions { .. }
                    | Self::IncompleteExport { .. }
                    | Self::EmptyFile { .. }
                    | Self::Changed { .. }
            )
    }

    /// Tells whether the export user, or someone with more rights, must sign in or grant something first.
    #[must_use]
    pub fn needs_sign_in(&self) -> bool {
        match self {
            Self::Service(why) => why.needs_sign_in(),
            Self::Sql(why) => why.needs_sign_in(),
            _ => false,
        }
    }

    /// Tells whether a variable or a flag is wrong.
    #[must_use]
    pub fn is_usage(&self) -> bool {
        match self {
            Self::Service(ServiceError::Login(why)) => why.is_usage(),
            Self::Sql(why) => why.is_usage(),
            _ => false,
        }
    }
}
