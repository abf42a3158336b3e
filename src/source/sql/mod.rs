//! Segments as SQL queries, on whatever engine an ADBC driver reaches. Engines give rows in any order, and another one each
//! time: nothing here may depend on it. Drivers are native code and run in a [`child`] process, which [`pipe`] talks to.

#[cfg(feature = "sql")]
mod child;
mod columns;
mod engine;
mod error;
#[cfg(feature = "sql")]
mod pipe;
mod query;
mod reading_only;
#[cfg(feature = "sql")]
#[cfg(test)]
mod tests;
mod view;
#[cfg_attr(
    not(feature = "sql"),
    expect(dead_code, reason = "nobody is spoken to")
)]
mod wire;
#[cfg(not(feature = "sql"))]
mod without;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_schema::SchemaRef;
use jiff::Timestamp;
use jiff::civil::DateTime;
use tokio::sync::mpsc::Sender;

use super::arrow::NoText;
use super::outlet::Outlet;
use super::table::is_named;
use super::tally::Catalogue;
use super::{Error, ReadRequest, ReadSummary, Row, blocking, described, guess};
use crate::domain::{
    Attribute, FolderOptions, Origin, ProfileId, Refresh, Segment, SegmentId, SegmentSet, Semantic,
    ValueKind,
};

#[cfg(feature = "sql")]
pub use child::{ARGUMENT, drive};
pub use engine::Engine;
pub use error::SqlError;
pub use query::{REFRESH, is_query_name, keep_query, query_text};
pub use reading_only::NotReading;
pub use view::{QueryView, Tried, survey, try_query};
pub use wire::{During, Said};
#[cfg(not(feature = "sql"))]
pub use without::{ARGUMENT, drive};

use columns::Columns;
#[cfg(feature = "sql")]
use pipe::Pipe;
use query::{Queries, Query};
use wire::Asked;
#[cfg(not(feature = "sql"))]
use without::Pipe;

/// Whether this build reaches engines.
pub const ENGINES_ARE_BUILT: bool = cfg!(feature = "sql");

/// How many rows of each query are looked at for samples.
const SAMPLED: usize = 50;
/// What the attributes of a query whose columns are kept are known by.
const ID: &str = "id";

/// Queries and the engine that answers them.
#[derive(Debug)]
pub(super) struct Sql {
    engine: Engine,
    queries: Queries,
    options: FolderOptions,
    pub attributes: Vec<Attribute>,
    /// What each query gives, as it is kept.
    pub columns: BTreeMap<SegmentId, Vec<String>>,
    /// The columns that are no attributes, with their queries, as far as they were looked at.
    textless: Vec<(String, NoText)>,
}

/// What comes of a query, piece by piece.
#[cfg_attr(
    not(feature = "sql"),
    expect(dead_code, reason = "nobody is spoken to")
)]
enum Piece {
    /// Its columns, once.
    Columns(SchemaRef),
    /// Some of its rows.
    Rows(RecordBatch),
    /// That was all.
    End,
}

/// Connects to an engine; tells what it calls itself.
///
/// # Errors
/// Tells what the driver or the engine has against it.
pub async fn connect(engine: &Engine) -> Result<String, Error> {
    // Some drivers call their engine only when it is asked something.
    let (mut pipe, greeting) = Pipe::start(engine, vec![asked_once("SELECT 1")], false).await?;
    one_value(&mut pipe).await?;
    Ok(match greeting.engine {
        unnamed if unnamed.is_empty() => engine.called(),
        engine => engine,
    })
}

/// Asks the query that tells of refreshes.
pub(super) async fn refresh(engine: &Engine, options: &FolderOptions) -> Result<Refresh, Error> {
    let folder = folder(options)?;
    let of = folder.clone();
    let queries = blocking(move || Queries::of(&of)).await?;
    let query = queries
        .refresh
        .ok_or_else(|| SqlError::NoRefresh(folder.join(REFRESH)))?;
    let told = single(engine, &query.text).await?;
    let Some(ended_at) = told.as_deref().and_then(moment) else {
        return Err(SqlError::NoTime.into());
    };
    Ok(Refresh {
        ended_at: Some(ended_at),
        mark: told.unwrap_or_default(),
        ..Refresh::default()
    })
}

/// Reads a time as the table of types writes it; one without a zone is in UTC.
fn moment(text: &str) -> Option<Timestamp> {
    let zoned = text.parse::<Timestamp>().ok();
    let local = || text.parse::<DateTime>().ok()?.in_tz("UTC").ok();
    zoned.or_else(|| Some(local()?.timestamp()))
}

/// Asks a query for its one value.
async fn single(engine: &Engine, sql: &str) -> Result<Option<String>, Error> {
    let (mut pipe, _) = Pipe::start(engine, vec![asked_once(sql)], false).await?;
    pipe.turn_to("_refresh.sql");
    Ok(one_value(&mut pipe).await?)
}

/// Asks for one row.
fn asked_once(sql: &str) -> Asked {
    Asked {
        sql: sql.to_owned(),
        instead: None,
        most: Some(1),
    }
}

/// Takes the first value of the next query's first row.
async fn one_value(pipe: &mut Pipe) -> Result<Option<String>, SqlError> {
    let (mut form, mut value) = (None, None);
    loop {
        match pipe.next().await? {
            Piece::Columns(schema) => {
                let first = schema.fields().first();
                form = first.and_then(|field| super::arrow::Form::of(field).ok());
            }
            Piece::Rows(batch) => {
                let form = form
                    .as_ref()
                    .filter(|_| value.is_none() && batch.num_rows() > 0);
                let texts = form.and_then(|form| form.texts(batch.column(0).as_ref()));
                value = value.or_else(|| texts.map(|texts| texts.get(0).to_owned()));
            }
            Piece::End => return Ok(value),
        }
    }
}

fn folder(options: &FolderOptions) -> Result<PathBuf, SqlError> {
    options.queries.clone().ok_or(SqlError::NoFolder)
}

impl Sql {
    /// Reads the queries. What each gives is asked of the engine, unless it is known from when the destination was saved.
    pub async fn open(engine: Engine, options: &FolderOptions) -> Result<Self, Error> {
        let folder = folder(options)?;
        let queries = blocking(move || Queries::of(&folder)).await?;
        let mut sql = Self::unseen(engine, queries, options);
        sql.columns.clone_from(&options.columns);
        if sql.columns.is_empty() {
            sql.look().await?;
        } else {
            sql.attributes = kept_attributes(&sql.columns);
        }
        Ok(sql)
    }

    /// Looks at the first rows of each query.
    async fn look(&mut self) -> Result<(), Error> {
        let queries: Vec<&Query> = self.queries.segments.iter().collect();
        let mut pipe = self.begin(&queries, Some(SAMPLED), false).await?.0;
        let (mut attributes, mut rows) = (Vec::<Attribute>::new(), Vec::new());
        let (mut id, mut columns_of) = (None, BTreeMap::new());
        for query in queries {
            let columns = self.columns(query, &mut pipe).await?;
            let own: Vec<(String, _)> = columns
                .attributes()
                .map(|(name, kind)| (name.to_owned(), kind))
                .collect();
            let names: Vec<String> = own.iter().map(|(name, _)| name.clone()).collect();
            let picker = columns.picker(&names)?;
            let mut sampled = Vec::new();
            while let Some(batch) = next_rows(&mut pipe, &picker).await? {
                sampled.extend(batch.into_iter().map(|(_, cells)| cells));
            }
            check_addresses(query, &names, &sampled)?;
            for (name, kind) in own {
                if attributes.iter().all(|one| one.name != name) {
                    attributes.push(attribute(name, kind));
                }
            }
            let textless = columns.textless().cloned();
            self.textless
                .extend(textless.map(|why| (query.file.to_string(), why)));
            id.get_or_insert_with(|| columns.id_name().to_owned());
            columns_of.insert(query.id.clone(), columns.kept());
            rows.push((names, sampled));
        }
        // Each query has its own columns: their rows are brought under the names of all.
        let rows: Vec<super::Cells> = rows
            .iter()
            .flat_map(|(names, rows)| {
                let places = attributes
                    .iter()
                    .map(|one| names.iter().position(|name| *name == one.name));
                let places: Vec<Option<usize>> = places.collect();
                rows.iter().map(move |row| {
                    let value = |at: &Option<usize>| at.map_or("", |at| row.get(at));
                    places.iter().map(value).collect()
                })
            })
            .collect();
        self.attributes = described(attributes, &rows, id.as_deref().unwrap_or(ID), |name| name);
        self.columns = columns_of;
        Ok(())
    }

    /// Tells why a column is no attribute, where one of this name has values that are no texts.
    pub fn no_text(&self, name: &str) -> Option<SqlError> {
        let mut textless = self.textless.iter();
        let (query, why) = textless.find(|(_, why)| is_named(&why.column, name))?;
        Some(columns::no_text(query, why))
    }

    /// Begins to ask queries, in their order; tells whether all of them see the data of one moment.
    async fn begin(
        &self,
        queries: &[&Query],
        most: Option<usize>,
        together: bool,
    ) -> Result<(Pipe, bool), Error> {
        let asked = queries.iter().map(|query| query.asked(most));
        let (pipe, greeting) = Pipe::start(&self.engine, asked.collect(), together).await?;
        Ok((pipe, greeting.together))
    }

    /// Takes the columns of the next query.
    async fn columns(&self, query: &Query, pipe: &mut Pipe) -> Result<Columns, SqlError> {
        pipe.turn_to(&query.file);
        let Piece::Columns(schema) = pipe.next().await? else {
            return Err(pipe.astray("rows before their columns"));
        };
        Columns::of(query, &schema, self.options.id_column.as_deref())
    }

    /// Lists the segments with the number of their rows.
    pub async fn segments(&self) -> Result<Vec<Segment>, Error> {
        let queries = &self.queries.segments;
        let asked = queries.iter().map(|query| asked_once(&query.count()));
        let (mut pipe, _) = Pipe::start(&self.engine, asked.collect(), false).await?;
        let mut segments = Vec::new();
        for query in queries {
            pipe.turn_to(&query.file);
            let count = one_value(&mut pipe).await?;
            segments.push(Segment {
                count: count.and_then(|count| count.parse().ok()),
                ..Segment::new(query.id.as_str(), query.label.as_str())
            });
        }
        Ok(segments)
    }

    /// Reads the chosen segments, by name, in one transaction where the engine has one: so the first row of a profile is that
    /// of its first segment, whatever the order of rows.
    pub async fn read(
        &self,
        request: &ReadRequest,
        rows: Sender<Vec<Row>>,
    ) -> Result<ReadSummary, Error> {
        let queries = self.chosen(request);
        let mut outlet = Outlet::new(rows, request, "");
        let mut apart = false;
        if !queries.is_empty() {
            let asked: Vec<&Query> = queries.iter().map(|(_, query)| *query).collect();
            let (mut pipe, together) = self.begin(&asked, None, true).await?;
            apart = !together && queries.len() > 1;
            for (place, query) in &queries {
                let columns = self.columns(query, &mut pipe).await?;
                if let Some(kept) = self.options.columns.get(&query.id) {
                    columns.check(kept)?;
                }
                let picker = columns.picker(&request.attributes)?;
                while let Some(batch) = next_rows(&mut pipe, &picker).await? {
                    let batch = batch
                        .into_iter()
                        .map(|row| told(query, &columns, *place, row));
                    let batch = batch.collect::<Result<Vec<Row>, SqlError>>()?;
                    outlet.send(batch).await?;
                }
            }
        }
        let there = queries.iter().map(|(_, query)| &query.id).collect();
        Ok(ReadSummary {
            apart,
            ..outlet.finish(request, &Catalogue::These(there))
        })
    }

    /// Gives the first rows of the segments.
    pub async fn peek(&self, request: &ReadRequest, most: usize) -> Result<Vec<Row>, Error> {
        let queries = self.chosen(request);
        let asked: Vec<&Query> = queries.iter().map(|(_, query)| *query).collect();
        let (mut pipe, _) = self.begin(&asked, Some(most), false).await?;
        let mut first = Vec::new();
        for (place, query) in &queries {
            let columns = self.columns(query, &mut pipe).await?;
            let picker = columns.picker(&request.attributes)?;
            while let Some(batch) = next_rows(&mut pipe, &picker).await? {
                for row in batch {
                    first.push(told(query, &columns, *place, row)?);
                }
            }
            if first.len() >= most {
                break;
            }
        }
        first.truncate(most);
        Ok(first)
    }

    /// Reads columns of all queries to their end.
    pub async fn each_value(
        &self,
        attributes: &[String],
        mut take: impl FnMut(usize, &str),
    ) -> Result<(), Error> {
        let queries: Vec<&Query> = self.queries.segments.iter().collect();
        let mut pipe = self.begin(&queries, None, false).await?.0;
        for query in queries {
            let columns = self.columns(query, &mut pipe).await?;
            let own = |name: &&String| columns.attributes().any(|(own, _)| own == **name);
            let places: Vec<usize> = (0..attributes.len())
                .filter(|at| own(&&attributes[*at]))
                .collect();
            let names: Vec<String> = places.iter().map(|at| attributes[*at].clone()).collect();
            let picker = columns.picker(&names)?;
            while let Some(batch) = next_rows(&mut pipe, &picker).await? {
                for (_, cells) in &batch {
                    for (at, value) in places.iter().zip(cells.iter()) {
                        take(*at, value);
                    }
                }
            }
        }
        Ok(())
    }

    /// Asks when the data were refreshed last, where a query tells.
    pub async fn refresh(&self) -> Result<Refresh, Error> {
        if self.queries.refresh.is_none() {
            return Ok(Refresh::default());
        }
        refresh(&self.engine, &self.options).await
    }

    /// Finds the queries of the chosen segments, by name, with their places in the request.
    fn chosen(&self, request: &ReadRequest) -> Vec<(usize, &Query)> {
        let segments = request.segments.iter().enumerate();
        let found = segments.filter_map(|(place, id)| Some((place, self.queries.find(id)?)));
        let mut found: Vec<(usize, &Query)> = found.collect();
        found.sort_by(|(_, one), (_, other)| one.id.cmp(&other.id));
        found
    }
}

/// Gives the next rows of a query; `None` at its end.
async fn next_rows(
    pipe: &mut Pipe,
    picker: &columns::Picker,
) -> Result<Option<Vec<(Option<ProfileId>, super::Cells)>>, SqlError> {
    match pipe.next().await? {
        Piece::Rows(batch) => match picker.rows(&batch) {
            Some(rows) => Ok(Some(rows)),
            None => Err(pipe.astray("other columns")),
        },
        Piece::End => Ok(None),
        Piece::Columns(_) => Err(pipe.astray("columns twice")),
    }
}

fn told(
    query: &Query,
    columns: &Columns,
    place: usize,
    (profile, cells): (Option<ProfileId>, super::Cells),
) -> Result<Row, SqlError> {
    if profile.is_none() {
        return Err(SqlError::NoId {
            query: query.file.to_string(),
            column: columns.id_name().to_owned(),
        });
    }
    Ok(Row {
        profile,
        segments: SegmentSet::only(place),
        origin: Origin {
            file: Arc::clone(&query.file),
            // Rows come in another order each time.
            line: 0,
        },
        cells: Ok(cells),
    })
}

/// Refuses a query of which no column holds addresses, as far as its first rows tell.
fn check_addresses(query: &Query, names: &[String], rows: &[super::Cells]) -> Result<(), SqlError> {
    let holds = |at: usize| {
        let values = rows.iter().map(|row| row.get(at).trim());
        let values: Vec<&str> = values.filter(|value| !value.is_empty()).collect();
        guess::is_address(&names[at], &values)
    };
    if rows.is_empty() || (0..names.len()).any(holds) {
        return Ok(());
    }
    Err(SqlError::NoEmailColumn {
        query: query.file.to_string(),
        columns: names.to_vec(),
    })
}

fn attribute(name: String, kind: ValueKind) -> Attribute {
    Attribute {
        label: name.clone(),
        name,
        kind,
        semantic: None::<Semantic>,
        iso_dates: kind == ValueKind::Date,
        samples: Vec::new(),
    }
}

/// Gives the attributes of columns as they are kept.
fn kept_attributes(columns: &BTreeMap<SegmentId, Vec<String>>) -> Vec<Attribute> {
    let mut attributes = Vec::<Attribute>::new();
    for kept in columns.values().flatten() {
        if let Some((name, kind)) = columns::read(kept)
            && attributes.iter().all(|one| one.name != name)
        {
            attributes.push(attribute(name.to_owned(), kind));
        }
    }
    let id = attributes.iter().find(|one| guess::is_id_name(&one.name));
    let id = id.map_or(ID, |one| one.name.as_str()).to_owned();
    described(attributes, &[], &id, |name| name)
}
