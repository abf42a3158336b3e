//! Queries looked at one by one, for people: what each gives, and what is wrong with it.

use std::collections::BTreeMap;

use super::columns;
use super::query::{Queries, Query, each};
use super::{Engine, Sql, SqlError, asked_once, folder, one_value};
use super::{Piece, Pipe};
use crate::domain::FolderOptions;
use crate::source::{Error, arrow, blocking};

/// How many columns of a row are shown.
const COLUMNS: usize = 12;

/// One file of a folder of queries.
#[derive(Debug)]
pub struct QueryView {
    /// The file's name.
    pub file: String,
    /// What the segment is called; empty for a text that is no query.
    pub label: String,
    /// The columns that it gives.
    pub columns: Vec<String>,
    /// Why it is no segment.
    pub problem: Option<Error>,
}

/// What came of a query that was tried.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tried {
    /// Its columns.
    pub columns: Vec<String>,
    /// Its first rows; a value that is no text is empty.
    pub rows: Vec<Vec<String>>,
    /// How many rows there are, where the engine counts.
    pub count: Option<u64>,
}

impl QueryView {
    fn of(query: &Query) -> Self {
        Self {
            file: query.file.to_string(),
            label: query.label.clone(),
            columns: Vec::new(),
            problem: None,
        }
    }
}

/// Looks at each query of a folder by itself, so that one with a fault does not hide the others.
///
/// # Errors
/// Tells what is wrong with the folder or the engine: what is wrong with a query stands with it.
pub async fn survey(engine: &Engine, options: &FolderOptions) -> Result<Vec<QueryView>, Error> {
    let folder = folder(options)?;
    let found = blocking(move || each(&folder)).await?;
    let mut views = Vec::new();
    for (file, query) in found {
        let query = match query {
            Ok(query) => query,
            Err(why) => {
                views.push(QueryView {
                    file,
                    label: String::new(),
                    columns: Vec::new(),
                    problem: Some(why),
                });
                continue;
            }
        };
        let mut view = QueryView::of(&query);
        let mut alone = Sql::unseen(engine.clone(), Queries::alone(query), options);
        match alone.look().await {
            Ok(()) => {
                let kept = alone.columns.values();
                view.columns = kept.flat_map(|kept| names(kept)).collect();
            }
            Err(Error::Sql(why)) if !why.is_of_query() => return Err(why.into()),
            Err(why) => view.problem = Some(why),
        }
        views.push(view);
    }
    Ok(views)
}

/// Tries a text as the query `NAME.sql`: its first rows, and how many there are. What does not only read is refused before
/// anyone is asked.
///
/// # Errors
/// Tells what is wrong with the text, or what the engine has against it.
pub async fn try_query(
    engine: &Engine,
    name: &str,
    text: &str,
    most: usize,
) -> Result<Tried, Error> {
    let file = format!("{name}.sql");
    let query = Query::of(file.as_ref(), name, text)?;
    let asked = [query.asked(Some(most)), asked_once(&query.count())];
    let (mut pipe, _) = Pipe::start(engine, asked.into(), false).await?;
    pipe.turn_to(&query.file);
    let mut tried = first_rows(&mut pipe, most).await?;
    let count = one_value(&mut pipe).await?;
    tried.count = count.and_then(|count| count.parse().ok());
    Ok(tried)
}

async fn first_rows(pipe: &mut Pipe, most: usize) -> Result<Tried, SqlError> {
    let mut tried = Tried::default();
    let mut forms = Vec::new();
    loop {
        match pipe.next().await? {
            Piece::Columns(schema) => {
                let fields = schema.fields().iter().take(COLUMNS);
                tried.columns = fields.clone().map(|field| field.name().clone()).collect();
                forms = fields.map(|field| arrow::Form::of(field).ok()).collect();
            }
            Piece::Rows(batch) => {
                let columns = forms.iter().zip(batch.columns());
                let texts = columns.map(|(form, column)| form.as_ref()?.texts(column.as_ref()));
                let texts: Vec<_> = texts.collect();
                let room = most.saturating_sub(tried.rows.len());
                tried
                    .rows
                    .extend((0..batch.num_rows().min(room)).map(|row| {
                        let value = |column: &Option<arrow::Texts<'_>>| match column {
                            Some(texts) => texts.get(row).to_owned(),
                            None => String::new(),
                        };
                        texts.iter().map(value).collect()
                    }));
            }
            Piece::End => return Ok(tried),
        }
    }
}

impl Sql {
    /// Begins without having looked at anything.
    pub(super) fn unseen(engine: Engine, queries: Queries, options: &FolderOptions) -> Self {
        Self {
            engine,
            queries,
            options: options.clone(),
            attributes: Vec::new(),
            columns: BTreeMap::new(),
            textless: Vec::new(),
        }
    }

    /// Tells what each query gives.
    pub fn views(&self) -> Vec<QueryView> {
        let queries = self.queries.segments.iter();
        let views = queries.map(|query| QueryView {
            columns: self
                .columns
                .get(&query.id)
                .map_or_else(Vec::new, |kept| names(kept)),
            ..QueryView::of(query)
        });
        views.collect()
    }
}

/// Names columns that are kept, as the query has them in a table: the order is that of the alphabet.
fn names(kept: &[String]) -> Vec<String> {
    let names = kept.iter().map(|kept| columns::name(kept).to_owned());
    names.collect()
}
