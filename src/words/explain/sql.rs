use crate::source::{During, NotReading, Said, SqlError};

use super::{Explain, Explanation, Words};

impl Explain for SqlError {
    #[expect(clippy::too_many_lines, reason = "one arm for each variant")]
    fn explain(&self, words: &Words) -> Explanation {
        let told = |key: &str, args: &[(&'static str, &str)]| {
            let args: Vec<_> = args
                .iter()
                .map(|(name, value)| (*name, (*value).into()))
                .collect();
            words.explained(key, &args)
        };
        match self {
            Self::NotBuilt => told("error-sql-not-built", &[]),
            Self::NoFolder => told("error-sql-no-folder", &[]),
            Self::NoQueries(folder) => told(
                "error-sql-no-queries",
                &[("path", &folder.display().to_string())],
            ),
            Self::NoText(path) => told(
                "error-sql-no-text",
                &[("path", &path.display().to_string())],
            ),
            Self::QueryExists(path) => told(
                "error-sql-query-exists",
                &[("path", &path.display().to_string())],
            ),
            Self::Keep { path, source } => told(
                "error-sql-keep",
                &[
                    ("path", &path.display().to_string()),
                    ("cause", &source.to_string()),
                ],
            ),
            Self::NotOnlyReading { path, why } => {
                let (key, word) = match why {
                    NotReading::Nothing => ("error-sql-nothing", ""),
                    NotReading::Several => ("error-sql-several", ""),
                    NotReading::Open => ("error-sql-open", ""),
                    NotReading::Statement(word) => ("error-sql-statement", word.as_str()),
                };
                told(
                    key,
                    &[("path", &path.display().to_string()), ("word", word)],
                )
            }
            Self::DuplicateColumn { query, column } => told(
                "error-sql-duplicate-column",
                &[("query", query), ("column", column)],
            ),
            Self::NoIdColumn {
                query,
                named,
                columns,
            } => {
                let columns = words.listed(columns);
                match named {
                    None => told(
                        "error-sql-no-id-column",
                        &[("query", query), ("columns", &columns)],
                    ),
                    Some(column) => told(
                        "error-sql-unknown-id-column",
                        &[("query", query), ("column", column), ("columns", &columns)],
                    ),
                }
            }
            Self::NoEmailColumn { query, columns } => {
                let columns = words.listed(columns);
                told(
                    "error-sql-no-email-column",
                    &[("query", query), ("columns", &columns)],
                )
            }
            Self::OtherColumns { query, gone, new } => {
                let none = words.text("ui-none");
                let listed = |columns: &[String]| match columns {
                    [] => none.clone(),
                    some => words.listed(some),
                };
                let (gone, new) = (listed(gone), listed(new));
                told(
                    "error-sql-other-columns",
                    &[("query", query), ("gone", &gone), ("new", &new)],
                )
            }
            Self::NoTextColumn {
                query,
                column,
                holds,
            } => told(
                "error-sql-no-text-column",
                &[("query", query), ("column", column), ("holds", holds)],
            ),
            Self::NoId { query, column } => {
                told("error-sql-no-id", &[("query", query), ("column", column)])
            }
            Self::Contradicting { count, examples } => {
                let args = [
                    ("count", (*count).into()),
                    ("examples", words.listed(examples).into()),
                ];
                words.explained("error-sql-contradicting", &args)
            }
            Self::NoRefresh(folder) => told(
                "error-sql-no-refresh",
                &[("path", &folder.display().to_string())],
            ),
            Self::NoTime => told("error-sql-no-time", &[]),
            Self::Plain(address) => told("error-sql-plain", &[("address", address)]),
            Self::Start(why) => told("error-sql-start", &[("cause", &words.system_said(why))]),
            Self::Said {
                driver,
                query,
                said,
            } => told(
                key_of(self, said.during),
                &[
                    ("driver", driver),
                    ("query", query),
                    ("cause", &cause(said, words)),
                ],
            ),
            Self::BrokeOff {
                driver,
                status,
                printed,
            } => {
                let last = match printed.as_str() {
                    "" => String::new(),
                    printed => words.with("error-sql-printed", &[("printed", printed.into())]),
                };
                let args = [
                    ("driver", driver.as_str()),
                    ("status", status),
                    ("last", &last),
                ];
                told("error-sql-broke-off", &args)
            }
            Self::Silent { driver, limit } => {
                let seconds = limit.as_secs().to_string();
                told(
                    "error-sql-silent",
                    &[("driver", driver), ("seconds", &seconds)],
                )
            }
            Self::Astray { driver, what } => {
                told("error-sql-astray", &[("driver", driver), ("what", what)])
            }
        }
    }
}

fn key_of(why: &SqlError, during: During) -> &'static str {
    match during {
        _ if why.needs_sign_in() => "error-sql-sign-in",
        During::Load => "error-sql-load",
        During::Connect => "error-sql-connect",
        During::Query if why.is_temporary() => "error-sql-query-later",
        During::Query => "error-sql-query",
        During::Rows => "error-sql-rows",
    }
}

/// Quotes the driver.
fn cause(said: &Said, words: &Words) -> String {
    let code = match said.code.as_str() {
        "" => said.status.clone(),
        code => format!("{} {code}", said.status),
    };
    let args = [
        ("status", code.into()),
        ("message", said.message.as_str().into()),
    ];
    words.with("error-sql-said", &args)
}
