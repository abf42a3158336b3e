//! Where segments and profiles come from: a folder of files for now; services and databases join behind the same names.
//!
//! A source is looked at (`open`: cheap, samples only), told of (`attributes`, `folder`, `segments`) and read once, as a
//! stream of batches (`read`). Whatever is wrong with one row travels with the row; whatever is wrong with a file is an
//! [`Error`]. Must not know what becomes of the rows: neither mapping nor audience.

mod error;
mod file;
mod folder;
mod guess;
mod parts;
mod records;
mod row;
mod service;
mod table;
mod versions;

use std::sync::Arc;

use tokio::sync::mpsc::{Sender, channel};
use tokio::task::spawn_blocking;

use crate::domain::{Attribute, DateEvidence, FolderOptions, Segment, SourceSpec};

pub use error::Error;
pub use folder::{ALL_PROFILES, ExportView, FileHolds, FileView, FolderView};
pub use row::{Cells, Fault, ReadRequest, ReadSummary, Row};
pub use service::{Instance, Refresh, Service};

use folder::Folder;

/// One source, whatever its kind.
#[derive(Debug, Clone)]
pub struct Source {
    kind: Kind,
}

#[derive(Debug, Clone)]
enum Kind {
    Folder(Arc<Folder>),
}

impl Source {
    /// Looks at a source: where its parts are and what they hold, from the start of each file. A source that is a service is
    /// called as `service` says; `folder` is for folders only.
    ///
    /// # Errors
    /// Tells what of the source cannot be read, or does not hold what the options name.
    pub async fn open(
        spec: &SourceSpec,
        folder: &FolderOptions,
        service: Option<Service>,
    ) -> Result<Self, Error> {
        let (SourceSpec::Folder(path), None) = (spec, service) else {
            return Err(Error::NoService {
                source_spec: spec.to_string(),
            });
        };
        let (path, options) = (path.clone(), folder.clone());
        let folder = blocking(move || Folder::open(&path, &options)).await?;
        let kind = Kind::Folder(Arc::new(folder));
        Ok(Self { kind })
    }

    /// Lists the attributes of profiles with a guess at their meaning and a few values.
    #[must_use]
    pub fn attributes(&self) -> &[Attribute] {
        let Kind::Folder(folder) = &self.kind;
        &folder.attributes
    }

    /// Tells how a folder's files were understood; `None` for any other kind of source.
    #[must_use]
    pub fn folder(&self) -> Option<&FolderView> {
        let Kind::Folder(folder) = &self.kind;
        Some(&folder.view)
    }

    /// Lists the segments, by id, with the number of their rows. Reads each file once through.
    ///
    /// # Errors
    /// Tells what of the source cannot be read, or that a column makes no sensible segments.
    pub async fn segments(&self) -> Result<Vec<Segment>, Error> {
        let Kind::Folder(folder) = &self.kind;
        let folder = Arc::clone(folder);
        blocking(move || folder.segments()).await
    }

    /// Sends every row of the chosen segments in batches, each once for every file it stands in, in the order of the files.
    /// A profile that stands in the files of several segments comes once for each, with that file's segment.
    ///
    /// # Errors
    /// Tells what of the source cannot be read, which segment or attribute is not there, that a file changed meanwhile, or
    /// that the receiver was dropped. Batches sent before an error are then part of an incomplete read.
    pub async fn read(
        &self,
        request: ReadRequest,
        rows: Sender<Vec<Row>>,
    ) -> Result<ReadSummary, Error> {
        let Kind::Folder(folder) = &self.kind;
        let folder = Arc::clone(folder);
        blocking(move || folder.read(&request, rows)).await
    }

    /// Gives the first rows of a read, to look at.
    ///
    /// # Errors
    /// As [`Source::read`].
    pub async fn peek(&self, request: ReadRequest, most: usize) -> Result<Vec<Row>, Error> {
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

    /// Asks when the source was last refreshed, and whether it is being refreshed; a folder cannot tell.
    ///
    /// # Errors
    /// Tells why the source did not answer.
    #[expect(clippy::unused_async, reason = "services are asked over the network")]
    pub async fn refresh(&self) -> Result<Refresh, Error> {
        let Kind::Folder(_) = &self.kind;
        Ok(Refresh::default())
    }

    /// Reads columns to their end for what they say about the order of dates, one answer for each attribute.
    ///
    /// # Errors
    /// Tells what of the source cannot be read, or which attribute is not there.
    pub async fn date_evidence(&self, attributes: &[String]) -> Result<Vec<DateEvidence>, Error> {
        let Kind::Folder(folder) = &self.kind;
        let (folder, attributes) = (Arc::clone(folder), attributes.to_vec());
        blocking(move || folder.date_evidence(&attributes)).await
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    spawn_blocking(work).await.map_err(Error::Task)?
}
