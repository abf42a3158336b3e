//! Where segments and profiles come from: a folder of files, a service, or an engine that is asked in SQL.
//!
//! A source is looked at (`open`: cheap, samples only), told of (`attributes`, `folder`, `segments`) and read once, as a
//! stream of batches (`read`). Whatever is wrong with one row travels with the row; whatever is wrong with a file is an
//! [`Error`]. Must not know what becomes of the rows: neither mapping nor audience.

mod arrow;
mod dataverse;
mod describe;
mod error;
mod file;
mod folder;
mod guess;
mod insights;
mod keys;
mod lake;
mod members;
mod odata;
mod outlet;
mod parts;
mod records;
mod row;
mod sample;
mod service;
mod shape;
mod sql;
mod sweeps;
mod table;
mod tally;
#[cfg(test)]
mod tests;
mod versions;

use std::collections::BTreeMap;
use std::sync::Arc;

use tokio::sync::mpsc::{Sender, channel};
use tokio::task::spawn_blocking;

use crate::domain::{
    Attribute, DateEvidence, DateOrder, FolderOptions, Refresh, Segment, SegmentId, SourceSpec,
};

pub use error::Error;
pub use folder::{ALL_PROFILES, ExportView, FileHolds, FileView, FolderView};
pub use odata::ServiceError;
pub use row::{Cells, Fault, Miscount, ReadRequest, ReadSummary, Row};
pub use service::{Instance, Reach, Service};
pub use sql::{
    ARGUMENT as DRIVER_ARGUMENT, During, ENGINES_ARE_BUILT, Engine, NotReading, QueryView, REFRESH,
    Said, SqlError, Tried, connect, drive, is_query_name, keep_query, query_text, survey,
    try_query,
};

use dataverse::Dataverse;
use describe::{check_attributes, described, shown};
use folder::Folder;
use insights::Insights;
use sql::Sql;

/// One source, whatever its kind.
#[derive(Debug, Clone)]
pub struct Source {
    kind: Kind,
}

#[derive(Debug, Clone)]
enum Kind {
    Folder(Arc<Folder>),
    Dataverse(Arc<Dataverse>),
    Insights(Arc<Insights>),
    Sql(Arc<Sql>),
}

/// Lists the instances of Customer Insights that the export user can see.
///
/// # Errors
/// Tells why the service did not answer, or what it has against the export user or the subscription key.
pub async fn instances(service: Service) -> Result<Vec<Instance>, Error> {
    insights::instances(service).await
}

/// Asks how fresh a source is without looking at what it holds, so that it can be asked every minute. Customer Insights
/// tells, and an engine by a query; of Dataverse and of files without a model it is a guess, by dates and counts.
///
/// # Errors
/// Tells why the source did not answer, or what of it cannot be read.
pub async fn refresh(
    spec: &SourceSpec,
    folder: &FolderOptions,
    reach: Option<Reach>,
) -> Result<Refresh, Error> {
    match (spec, reach) {
        (SourceSpec::Folder(path), _) => {
            let path = path.clone();
            blocking(move || folder::refresh(&path)).await
        }
        (SourceSpec::Dataverse(_), Some(Reach::Service(service))) => {
            dataverse::refresh(*service).await
        }
        (SourceSpec::Insights(instance), Some(Reach::Service(service))) => {
            insights::refresh(*service, instance).await
        }
        (SourceSpec::Sql(_), Some(Reach::Engine(engine))) => sql::refresh(&engine, folder).await,
        (SourceSpec::Dataverse(_) | SourceSpec::Insights(_) | SourceSpec::Sql(_), _) => {
            Err(unreached(spec))
        }
    }
}

fn unreached(spec: &SourceSpec) -> Error {
    Error::NoService {
        source_spec: spec.to_string(),
    }
}

impl Source {
    /// Looks at a source: where its parts are and what they hold, from the start of each file, table or query. A source that
    /// is no folder is reached as `reach` says; `folder` is for folders, of files or of queries.
    ///
    /// # Errors
    /// Tells what of the source cannot be read, or does not hold what the options name.
    pub async fn open(
        spec: &SourceSpec,
        folder: &FolderOptions,
        reach: Option<Reach>,
    ) -> Result<Self, Error> {
        let kind = match (spec, reach) {
            (SourceSpec::Folder(path), _) => {
                let (path, options) = (path.clone(), folder.clone());
                let folder = blocking(move || Folder::open(&path, &options)).await?;
                Kind::Folder(Arc::new(folder))
            }
            (SourceSpec::Dataverse(_), Some(Reach::Service(service))) => {
                Kind::Dataverse(Arc::new(Dataverse::open(*service).await?))
            }
            (SourceSpec::Insights(instance), Some(Reach::Service(service))) => {
                Kind::Insights(Arc::new(Insights::open(*service, instance).await?))
            }
            (SourceSpec::Sql(_), Some(Reach::Engine(engine))) => {
                Kind::Sql(Arc::new(Sql::open(*engine, folder).await?))
            }
            (SourceSpec::Dataverse(_) | SourceSpec::Insights(_) | SourceSpec::Sql(_), _) => {
                return Err(unreached(spec));
            }
        };
        Ok(Self { kind })
    }

    /// Lists the attributes of profiles with their meaning, told or guessed, and a few values.
    #[must_use]
    pub fn attributes(&self) -> &[Attribute] {
        match &self.kind {
            Kind::Folder(folder) => &folder.attributes,
            Kind::Dataverse(dataverse) => &dataverse.attributes,
            Kind::Insights(insights) => &insights.attributes,
            Kind::Sql(sql) => &sql.attributes,
        }
    }

    /// Tells why there is no attribute of a name: where a column of this name has values that are no texts.
    #[must_use]
    pub fn no_text(&self, name: &str) -> Option<Error> {
        match &self.kind {
            Kind::Folder(folder) => folder.no_text(name),
            Kind::Sql(sql) => sql.no_text(name).map(Error::from),
            Kind::Dataverse(_) | Kind::Insights(_) => None,
        }
    }

    /// Tells how a folder's files were understood; `None` for any other kind of source.
    #[must_use]
    pub fn folder(&self) -> Option<&FolderView> {
        match &self.kind {
            Kind::Folder(folder) => Some(&folder.view),
            Kind::Dataverse(_) | Kind::Insights(_) | Kind::Sql(_) => None,
        }
    }

    /// Tells what columns each query gives, to be kept with the destination; nothing for any other kind of source.
    #[must_use]
    pub fn columns(&self) -> BTreeMap<SegmentId, Vec<String>> {
        match &self.kind {
            Kind::Sql(sql) => sql.columns.clone(),
            Kind::Folder(_) | Kind::Dataverse(_) | Kind::Insights(_) => BTreeMap::new(),
        }
    }

    /// Tells what each query gives; nothing for any other kind of source.
    #[must_use]
    pub fn queries(&self) -> Vec<QueryView> {
        match &self.kind {
            Kind::Sql(sql) => sql.views(),
            Kind::Folder(_) | Kind::Dataverse(_) | Kind::Insights(_) => Vec::new(),
        }
    }

    /// Tells whether rows come in another order each time they are read.
    #[must_use]
    pub fn is_unordered(&self) -> bool {
        matches!(self.kind, Kind::Sql(_))
    }

    /// Lists the segments, by id, with the number of their members and what else the source tells. A folder's files, and
    /// Dataverse's table of memberships, are read once through for it.
    ///
    /// # Errors
    /// Tells what of the source cannot be read, or that a column makes no sensible segments.
    pub async fn segments(&self) -> Result<Vec<Segment>, Error> {
        match &self.kind {
            Kind::Folder(folder) => {
                let folder = Arc::clone(folder);
                blocking(move || folder.segments()).await
            }
            Kind::Dataverse(dataverse) => dataverse.segments().await,
            Kind::Insights(insights) => insights.segments().await,
            Kind::Sql(sql) => sql.segments().await,
        }
    }

    /// Finds those of the chosen segments that the source itself does not vouch for (never switched on, switched off, its
    /// last evaluation failed). Only Customer Insights can tell; a segment that is not there is [`Source::read`]'s to tell.
    ///
    /// # Errors
    /// As [`Source::segments`].
    pub async fn not_ready(&self, chosen: &[SegmentId]) -> Result<Vec<Segment>, Error> {
        let Kind::Insights(insights) = &self.kind else {
            return Ok(Vec::new());
        };
        let mut segments = insights.segments().await?;
        segments.retain(|segment| chosen.contains(&segment.id) && !segment.state.is_reliable());
        Ok(segments)
    }

    /// Sends every row of the chosen segments in batches, each once for every file it stands in, in the order of the files.
    /// A profile that stands in the files of several segments comes once for each, with that file's segment; so does one
    /// that is in several segments of Customer Insights.
    ///
    /// # Errors
    /// Tells what of the source cannot be read, which segment or attribute is not there, that a file or segment changed
    /// meanwhile, or that the receiver was dropped. Batches sent before an error are then part of an incomplete read.
    pub async fn read(
        &self,
        request: ReadRequest,
        rows: Sender<Vec<Row>>,
    ) -> Result<ReadSummary, Error> {
        match &self.kind {
            Kind::Folder(folder) => {
                let folder = Arc::clone(folder);
                blocking(move || folder.read(&request, rows)).await
            }
            Kind::Dataverse(dataverse) => dataverse.read(&request, rows).await,
            Kind::Insights(insights) => insights.read(&request, rows).await,
            Kind::Sql(sql) => sql.read(&request, rows).await,
        }
    }

    /// Gives the first rows of the chosen segments, to look at.
    ///
    /// # Errors
    /// As [`Source::read`].
    pub async fn peek(&self, request: ReadRequest, most: usize) -> Result<Vec<Row>, Error> {
        match &self.kind {
            Kind::Folder(_) => self.first(request, most).await,
            Kind::Dataverse(dataverse) => dataverse.peek(&request, most).await,
            Kind::Insights(insights) => insights.peek(&request, most).await,
            Kind::Sql(sql) => sql.peek(&request, most).await,
        }
    }

    /// Begins to read, and stops as soon as there is enough.
    async fn first(&self, request: ReadRequest, most: usize) -> Result<Vec<Row>, Error> {
        let (rows, mut read) = channel::<Vec<Row>>(1);
        let source = self.clone();
        let reading = tokio::spawn(async move { source.read(request, rows).await });
        let mut first = Vec::new();
        while first.len() < most {
            let Some(batch) = read.recv().await else {
                break;
            };
            first.extend(batch);
        }
        drop(read);
        first.truncate(most);
        match reading.await.map_err(Error::Task)? {
            Ok(_) | Err(Error::Stopped) => Ok(first),
            Err(why) => Err(why),
        }
    }

    /// Asks when the source was last refreshed, and whether it is being refreshed; only Customer Insights
    /// and an engine that is asked for it can tell.
    ///
    /// # Errors
    /// Tells why the source did not answer.
    pub async fn refresh(&self) -> Result<Refresh, Error> {
        match &self.kind {
            Kind::Insights(insights) => insights.refresh().await,
            Kind::Sql(sql) => sql.refresh().await,
            Kind::Folder(_) | Kind::Dataverse(_) => Ok(Refresh::default()),
        }
    }

    /// Waits until the source is not being refreshed any more.
    ///
    /// # Errors
    /// As [`Source::refresh`].
    pub async fn refreshed(&self) -> Result<(), Error> {
        match &self.kind {
            Kind::Insights(insights) => insights.refreshed().await,
            Kind::Folder(_) | Kind::Dataverse(_) | Kind::Sql(_) => Ok(()),
        }
    }

    /// Reads columns to their end for what they say about the order of dates, one answer for each attribute. A column of
    /// which the source knows that its dates are ISO is not read.
    ///
    /// # Errors
    /// Tells what of the source cannot be read, or which attribute is not there.
    pub async fn date_evidence(&self, attributes: &[String]) -> Result<Vec<DateEvidence>, Error> {
        let mut evidence = vec![DateEvidence::known(DateOrder::Ymd); attributes.len()];
        let unsure = (0..attributes.len()).filter(|at| !self.iso_dates(&attributes[*at]));
        let unsure: Vec<usize> = unsure.collect();
        if unsure.is_empty() {
            return Ok(evidence);
        }
        let unsure_attributes: Vec<String> =
            unsure.iter().map(|at| attributes[*at].clone()).collect();
        let mut read = vec![DateEvidence::default(); unsure.len()];
        let take = |at: usize, value: &str| read[at].add(value);
        match &self.kind {
            Kind::Folder(folder) => {
                let folder = Arc::clone(folder);
                read = blocking(move || folder.date_evidence(&unsure_attributes)).await?;
            }
            Kind::Dataverse(dataverse) => dataverse.each_value(&unsure_attributes, take).await?,
            Kind::Insights(insights) => insights.each_value(&unsure_attributes, take).await?,
            Kind::Sql(sql) => sql.each_value(&unsure_attributes, take).await?,
        }
        for (at, read) in unsure.into_iter().zip(read) {
            evidence[at] = read;
        }
        Ok(evidence)
    }

    fn iso_dates(&self, name: &str) -> bool {
        let mut attributes = self.attributes().iter();
        attributes.any(|one| one.name == name && one.iso_dates)
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    spawn_blocking(work).await.map_err(Error::Task)?
}
