use std::error::Error as StdError;
use std::path::Path;

use crate::source::Error;

use super::{Explain, Explanation, Words};

impl Explain for Error {
    #[expect(clippy::too_many_lines, reason = "one arm for each variant")]
    fn explain(&self, words: &Words) -> Explanation {
        let told = Telling { words };
        match self {
            Self::NotFound { path } => told.of("error-source-not-found", path),
            Self::NotAFile { path } => told.of("error-source-not-a-file", path),
            Self::Look { path, source } => told.system("error-source-look", path, source),
            Self::OpenFile { path, source } => told.system("error-source-open-file", path, source),
            Self::ReadFile { path, source } => told.read_file(path, source),
            Self::NoFiles { folder } => told.of("error-source-no-files", folder),
            Self::ManyFiles { folder, files } => told.many_files(folder, files),
            Self::NoSegments { folder } => told.of("error-source-no-segments", folder),
            Self::BrokenModel { path, source } => told.broken_model(path, source),
            Self::NoTables { folder, tables } => told.no_tables(folder, tables),
            Self::MissingPartitions { path, table, files } => {
                told.missing_partitions(path, table, files)
            }
            Self::IncompleteExport { folder, at, files } => {
                told.incomplete_export(folder, at, files)
            }
            Self::NoText {
                table,
                column,
                holds,
            } => told.no_text(table, column, holds),
            Self::NoParquet { path } => told.of("error-source-no-parquet", path),
            Self::UnreadForm { what, form } => told.unread_form(what, form),
            Self::UnreadFeature { path, feature } => told.unread_feature(path, feature),
            Self::UnreadPart { table, part } => told.unread_part(table, part),
            Self::IncrementalFolder { folder } => told.of("error-source-incremental", folder),
            Self::OtherColumns { path } => told.of("error-source-other-columns", path),
            Self::SegmentByNeedsOneFile { column } => told.segment_by(column),
            Self::EmptyFile { path } => told.of("error-source-empty-file", path),
            Self::NoHeader { path } => told.of("error-source-no-header", path),
            Self::Encoding {
                path,
                line,
                byte,
                found,
            } => told.encoding(path, *line, *byte, *found),
            Self::Utf16 { path } => told.of("error-source-utf16", path),
            Self::Workbook { path } => told.of("error-source-workbook", path),
            Self::TitleAbove { path, line } => told.title_above(path, *line),
            Self::OpenQuote { path, line } => told.open_quote(path, *line),
            Self::SwallowedRows { path, first, last } => told.swallowed_rows(path, *first, *last),
            Self::LongRow { path, line, limit } => told.long_row(path, *line, *limit),
            Self::DuplicateColumn { path, column } => told.duplicate_column(path, column),
            Self::BadDelimiter { delimiter } => told.bad_delimiter(*delimiter),
            Self::WrongDelimiter { path, set, found } => told.wrong_delimiter(path, *set, *found),
            Self::UnknownSegmentColumn {
                path,
                column,
                candidates,
            } => told.no_segment_column(path, column, candidates),
            Self::UnknownIdColumn {
                path,
                column,
                candidates,
            } => told.unknown_id_column(path, column, candidates),
            Self::NoIdColumn { path, candidates } => told.no_id_column(path, candidates),
            Self::UnknownAttribute {
                table,
                attribute,
                candidates,
            } => told.no_attribute(Path::new(table), attribute, candidates),
            Self::NotASegment { path } => told.of("error-source-not-a-segment", path),
            Self::SegmentTwice { segment, files } => told.segment_twice(segment.as_str(), files),
            Self::TooManySegments {
                path,
                column,
                limit,
            } => told.too_many_segments(path, column, *limit),
            Self::Changed { path } => told.of("error-source-changed", path),
            Self::Service(why) => why.explain(words),
            Self::Sql(why) => why.explain(words),
            Self::Stopped => words.explained("error-source-stopped", &[]),
            Self::Task(why) => told.task(why),
            Self::NoService { source_spec } => told.no_service(source_spec),
        }
    }
}

/// Tells failures of a source in the language of the words. Lines and bytes are not grouped: they are looked up in an
/// editor.
struct Telling<'a> {
    words: &'a Words,
}

impl Telling<'_> {
    fn no_service(&self, spec: &str) -> Explanation {
        let args = [("source", spec.into())];
        self.words.explained("error-source-no-service", &args)
    }

    fn of(&self, key: &str, path: &Path) -> Explanation {
        self.words.explained(key, &[("path", shown(path).into())])
    }

    fn system(&self, key: &str, path: &Path, why: &std::io::Error) -> Explanation {
        self.words.explained(
            key,
            &[
                ("path", shown(path).into()),
                ("cause", self.words.system_said(why).into()),
            ],
        )
    }

    fn read_file(&self, path: &Path, why: &std::io::Error) -> Explanation {
        let packed = path.extension().is_some_and(|ending| ending == "gz");
        if packed {
            self.system("error-source-read-packed", path, why)
        } else {
            self.system("error-source-read-file", path, why)
        }
    }

    fn many_files(&self, folder: &Path, files: &[String]) -> Explanation {
        self.words.explained(
            "error-source-many-files",
            &[
                ("path", shown(folder).into()),
                ("files", self.words.listed(files).into()),
            ],
        )
    }

    fn broken_model(&self, path: &Path, why: &serde_json::Error) -> Explanation {
        self.words.explained(
            "error-source-broken-model",
            &[
                ("path", shown(path).into()),
                ("cause", why.to_string().into()),
            ],
        )
    }

    fn no_tables(&self, folder: &Path, tables: &[String]) -> Explanation {
        let key = if tables.is_empty() {
            "error-source-no-tables"
        } else {
            "error-source-other-tables"
        };
        self.words.explained(
            key,
            &[
                ("path", shown(folder).into()),
                ("tables", self.words.listed(tables).into()),
            ],
        )
    }

    fn missing_partitions(&self, path: &Path, table: &str, files: &[String]) -> Explanation {
        self.words.explained(
            "error-source-missing-partitions",
            &[
                ("path", shown(path).into()),
                ("table", table.into()),
                ("files", self.words.listed(files).into()),
            ],
        )
    }

    fn incomplete_export(&self, folder: &Path, at: &str, files: &[String]) -> Explanation {
        self.words.explained(
            "error-source-incomplete-export",
            &[
                ("path", shown(folder).into()),
                ("time", at.into()),
                ("files", self.words.listed(files).into()),
            ],
        )
    }

    fn no_text(&self, table: &str, column: &str, holds: &str) -> Explanation {
        let args = [
            ("table", table.into()),
            ("column", column.into()),
            ("type", holds.into()),
        ];
        self.words.explained("error-source-no-text", &args)
    }

    fn unread_form(&self, what: &str, form: &str) -> Explanation {
        let args = [("what", what.into()), ("form", form.into())];
        self.words.explained("error-source-unread-form", &args)
    }

    fn unread_feature(&self, path: &Path, feature: &str) -> Explanation {
        let args = [("path", shown(path).into()), ("feature", feature.into())];
        self.words.explained("error-source-unread-feature", &args)
    }

    fn unread_part(&self, table: &str, part: &str) -> Explanation {
        let args = [("table", table.into()), ("part", part.into())];
        self.words.explained("error-source-unread-part", &args)
    }

    fn segment_by(&self, column: &str) -> Explanation {
        self.words
            .explained("error-source-segment-by", &[("column", column.into())])
    }

    fn encoding(&self, path: &Path, line: u64, byte: u64, found: u8) -> Explanation {
        self.words.explained(
            "error-source-encoding",
            &[
                ("path", shown(path).into()),
                ("line", line.to_string().into()),
                ("byte", byte.to_string().into()),
                ("found", format!("0x{found:02X}").into()),
            ],
        )
    }

    fn title_above(&self, path: &Path, line: u64) -> Explanation {
        let args = [
            ("path", shown(path).into()),
            ("line", line.to_string().into()),
        ];
        self.words.explained("error-source-title-above", &args)
    }

    fn open_quote(&self, path: &Path, line: u64) -> Explanation {
        self.words.explained(
            "error-source-open-quote",
            &[
                ("path", shown(path).into()),
                ("line", line.to_string().into()),
            ],
        )
    }

    fn swallowed_rows(&self, path: &Path, first: u64, last: u64) -> Explanation {
        self.words.explained(
            "error-source-swallowed-rows",
            &[
                ("path", shown(path).into()),
                ("first", first.to_string().into()),
                ("last", last.to_string().into()),
            ],
        )
    }

    fn long_row(&self, path: &Path, line: u64, limit: usize) -> Explanation {
        self.words.explained(
            "error-source-long-row",
            &[
                ("path", shown(path).into()),
                ("line", line.to_string().into()),
                ("limit", limit.into()),
            ],
        )
    }

    fn duplicate_column(&self, path: &Path, column: &str) -> Explanation {
        self.words.explained(
            "error-source-duplicate-column",
            &[("path", shown(path).into()), ("column", column.into())],
        )
    }

    fn bad_delimiter(&self, delimiter: char) -> Explanation {
        let delimiter = self.character(delimiter);
        self.words.explained(
            "error-source-bad-delimiter",
            &[("delimiter", delimiter.into())],
        )
    }

    fn wrong_delimiter(&self, path: &Path, set: char, found: char) -> Explanation {
        self.words.explained(
            "error-source-wrong-delimiter",
            &[
                ("path", shown(path).into()),
                ("set", self.character(set).into()),
                ("found", self.character(found).into()),
            ],
        )
    }

    fn no_segment_column(&self, path: &Path, name: &str, candidates: &[String]) -> Explanation {
        self.unknown(
            "error-source-unknown-segment-column",
            path,
            name,
            candidates,
        )
    }

    fn unknown_id_column(&self, path: &Path, name: &str, candidates: &[String]) -> Explanation {
        self.unknown("error-source-unknown-id-column", path, name, candidates)
    }

    fn no_attribute(&self, path: &Path, name: &str, candidates: &[String]) -> Explanation {
        self.unknown("error-source-unknown-attribute", path, name, candidates)
    }

    fn unknown(&self, key: &str, path: &Path, column: &str, candidates: &[String]) -> Explanation {
        self.words.explained(
            key,
            &[
                ("path", shown(path).into()),
                ("column", column.into()),
                ("candidates", self.words.listed(candidates).into()),
            ],
        )
    }

    fn no_id_column(&self, path: &Path, candidates: &[String]) -> Explanation {
        self.words.explained(
            "error-source-no-id-column",
            &[
                ("path", shown(path).into()),
                ("candidates", self.words.listed(candidates).into()),
            ],
        )
    }

    fn segment_twice(&self, segment: &str, files: &[String]) -> Explanation {
        self.words.explained(
            "error-source-segment-twice",
            &[
                ("segment", segment.into()),
                ("files", self.words.listed(files).into()),
            ],
        )
    }

    fn too_many_segments(&self, path: &Path, column: &str, limit: usize) -> Explanation {
        self.words.explained(
            "error-source-too-many-segments",
            &[
                ("path", shown(path).into()),
                ("column", column.into()),
                ("limit", limit.into()),
            ],
        )
    }

    fn task(&self, why: &(dyn StdError + 'static)) -> Explanation {
        self.words.explained(
            "error-source-task",
            &[("cause", self.words.cause(why).into())],
        )
    }

    fn character(&self, c: char) -> String {
        match c {
            '\t' => self.words.text("error-source-tab"),
            '\n' | '\r' => self.words.text("error-source-line-break"),
            c => format!("{c:?}").trim_matches('\'').to_owned(),
        }
    }
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}
