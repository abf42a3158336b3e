//! The Customer Insights API v1 as a source: it knows segments, their states and when they were evaluated, and what
//! attributes mean. Its end was announced once, so that it is kept lean.

#[cfg(test)]
mod tests;
mod told;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc::Sender;

use super::odata::{Columns, Odata, Pages, Paging, ServiceError, quoted, selection};
use super::outlet::Outlet;
use super::sweeps::{SWEEPS, Sweeps};
use super::tally::Catalogue;
use super::{Error, Instance, Miscount, ReadRequest, ReadSummary, Row, Service};
use super::{check_attributes, described};
use crate::domain::{Attribute, Refresh, Segment, SegmentId, SegmentSet};
use told::{Entity, InstanceTold, Job, SegmentTold};

/// The table of unified profiles.
const PROFILES: &str = "Customer";
/// The id of a profile, unless the table names another key.
const ID: &str = "CustomerId";
/// Rows on a page: as many as we dare, then fewer, down to what the API gives unasked.
const PAGES: [usize; 3] = [5_000, 1_000, 100];
/// How many profiles are looked at for samples.
const SAMPLED: usize = 50;

/// How many first pauses lie between two looks at a refresh: a quarter of a minute, as a rule.
const PAUSES: u32 = 30;

/// One instance.
#[derive(Debug)]
pub(super) struct Insights {
    odata: Arc<Odata>,
    id: String,
    /// How long to wait before the jobs are asked for again.
    pause: Duration,
    pub attributes: Vec<Attribute>,
}

/// Lists the instances that the export user can see.
pub(super) async fn instances(service: Service) -> Result<Vec<Instance>, Error> {
    let odata = Odata::new(service, &["instances"])?;
    let url = odata.url(&[], &[]);
    let told: Vec<InstanceTold> = odata.ask(&url).await?;
    let any = !told.is_empty();
    let listed: Vec<Instance> = told
        .into_iter()
        .filter_map(InstanceTold::instance)
        .collect();
    if any && listed.is_empty() {
        let host = url.host_str().unwrap_or_default().to_owned();
        return Err(ServiceError::NoInstanceId { host }.into());
    }
    Ok(listed)
}

/// Tells how fresh an instance is.
pub(super) async fn refresh(service: Service, instance: &str) -> Result<Refresh, Error> {
    refresh_of(&Odata::new(service, &["instances", instance])?).await
}

/// The client library and the documentation have the jobs at different addresses; both are tried. Not everyone who may read
/// profiles may look at jobs: that is no failure.
async fn refresh_of(odata: &Odata) -> Result<Refresh, Error> {
    for below in [
        &["workflows", "main", "jobs"][..],
        &["manage", "workflows", "main", "jobs"],
    ] {
        let url = odata.url(below, &[("top", "20")]);
        match odata.ask::<Vec<Job>>(&url).await {
            Ok(jobs) => return Ok(told::refresh(&jobs)),
            Err(Error::Service(
                ServiceError::NotThere { .. } | ServiceError::NoPrivilege { .. },
            )) => {}
            Err(why) => return Err(why),
        }
    }
    Ok(Refresh::default())
}

impl Insights {
    /// Looks at the profiles' attributes and a few of their values.
    pub async fn open(service: Service, instance: &str) -> Result<Self, Error> {
        let pause = service.first_pause * PAUSES;
        let odata = Odata::new(service, &["instances", instance])?;
        let entity: Entity = match odata
            .ask(&odata.url(&["manage", "entities", PROFILES], &[]))
            .await
        {
            Err(Error::Service(ServiceError::NotThere { host, message, .. })) => {
                let what = format!("instance {instance}");
                return Err(ServiceError::NotThere {
                    what,
                    host,
                    message,
                }
                .into());
            }
            answer => answer?,
        };
        let id = entity.key().unwrap_or(ID).to_owned();
        let plain = entity.attributes();
        if plain.is_empty() {
            let what = PROFILES.to_owned();
            return Err(ServiceError::NoAttributes { what }.into());
        }
        let names: Vec<&str> = plain.iter().map(|one| one.name.as_str()).collect();
        let top = SAMPLED.to_string();
        let url = odata.url(&["data", PROFILES], &[("$top", &top)]);
        let columns = Arc::new(Columns::new(names));
        let sample = odata.page(&url, None, false, &columns).await?;
        Ok(Self {
            attributes: described(plain, &sample.rows, &id, |name| name),
            odata: Arc::new(odata),
            id,
            pause,
        })
    }

    /// Lists the segments with their states.
    pub async fn segments(&self) -> Result<Vec<Segment>, Error> {
        let told: Vec<SegmentTold> = self
            .odata
            .ask(&self.odata.url(&["manage", "segments"], &[]))
            .await?;
        let mut segments: Vec<Segment> =
            told.into_iter().filter_map(SegmentTold::segment).collect();
        segments.sort_by(|one, other| one.id.cmp(&other.id));
        Ok(segments)
    }

    /// Tells whether a refresh runs, and when the last one ended.
    pub async fn refresh(&self) -> Result<Refresh, Error> {
        refresh_of(&self.odata).await
    }

    /// Asks now and then until no refresh runs.
    pub async fn refreshed(&self) -> Result<(), Error> {
        while self.refresh().await?.running {
            tokio::time::sleep(self.pause).await;
        }
        Ok(())
    }

    /// Reads the members of each segment. A segment that is evaluated anew or deleted meanwhile ends the read: its pages
    /// would be of two times, and someone could be missing from both.
    pub async fn read(
        &self,
        request: &ReadRequest,
        rows: Sender<Vec<Row>>,
    ) -> Result<ReadSummary, Error> {
        check_attributes(&request.attributes, &self.attributes, PROFILES)?;
        let before = self.chosen(request).await?;
        let mut outlet = Outlet::new(rows, request, PROFILES);
        let mut miscounted = Vec::new();
        for (place, id) in request.segments.iter().enumerate() {
            let Some(segment) = before.get(id) else {
                continue;
            };
            let read = self.members(id, place, request, &mut outlet).await?;
            let Some(miscount) = Miscount::find(id, segment.count, read) else {
                continue;
            };
            if miscount.is_grave() && !request.trust_counts {
                return Err(ServiceError::Fewer {
                    segment: segment.label.clone(),
                    told: miscount.told,
                    read,
                }
                .into());
            }
            miscounted.push(miscount);
        }
        let after = self.chosen(request).await?;
        let moved = before.iter().find(|(id, segment)| {
            let now = after.get(*id);
            now.is_none_or(|now| now.evaluated_at != segment.evaluated_at)
        });
        match moved {
            Some((_, segment)) => Err(ServiceError::Refreshed {
                segment: segment.label.clone(),
            }
            .into()),
            None => Ok(ReadSummary {
                miscounted,
                ..outlet.finish(request, &Catalogue::These(before.keys().collect()))
            }),
        }
    }

    /// Gives the first members of the segments.
    pub async fn peek(&self, request: &ReadRequest, most: usize) -> Result<Vec<Row>, Error> {
        check_attributes(&request.attributes, &self.attributes, PROFILES)?;
        let (rows, _kept) = tokio::sync::mpsc::channel(1);
        let mut outlet = Outlet::new(rows, request, PROFILES);
        let mut first = Vec::new();
        for (place, segment) in request.segments.iter().enumerate() {
            let (select, columns) = self.selected(&request.attributes);
            let top = most.saturating_sub(first.len()).to_string();
            let filter = member_of(segment);
            let options = [
                ("$filter", filter.as_str()),
                ("$select", &select),
                ("$top", &top),
            ];
            let url = self.odata.url(&["data", PROFILES], &options);
            let page = self
                .odata
                .page(&url, None, false, &Arc::new(columns))
                .await?;
            first.extend(page.rows.into_iter().filter_map(|mut cells| {
                let id = cells.pop().unwrap_or_default();
                outlet.row(&id, Some(SegmentSet::only(place)), cells)
            }));
            if first.len() >= most {
                break;
            }
        }
        Ok(first)
    }

    /// Reads columns to their end.
    pub async fn each_value(
        &self,
        attributes: &[String],
        mut take: impl FnMut(usize, &str),
    ) -> Result<(), Error> {
        check_attributes(attributes, &self.attributes, PROFILES)?;
        let mut pages = self.pages("", attributes).await?;
        while let Some(page) = pages.next().await? {
            for cells in &page.rows {
                for (at, value) in cells.iter().take(attributes.len()).enumerate() {
                    take(at, value);
                }
            }
        }
        Ok(())
    }

    /// Reads the members of a segment; gives how many there are. Someone who comes twice proves that the pages shifted, so
    /// that someone else may have come not at all: then all are read again, and those are sent who were not yet.
    async fn members(
        &self,
        segment: &SegmentId,
        place: usize,
        request: &ReadRequest,
        outlet: &mut Outlet,
    ) -> Result<u64, Error> {
        // Each segment is told as a part of its own: a profile is in several of them, and stands in none twice.
        outlet.turn_to(&format!("{PROFILES}/{}", segment.as_str()));
        let (_, columns) = self.selected(&request.attributes);
        let mut sweeps = Sweeps::default();
        for _ in 0..SWEEPS {
            sweeps.begin();
            let mut pages = self.pages(&member_of(segment), &request.attributes).await?;
            while let Some(page) = pages.next().await? {
                outlet.turn_page(page.broken);
                let members = page.rows.into_iter().filter_map(|mut cells| {
                    let (key, tells) = columns.key(&cells);
                    let is_new = sweeps.meet(key, tells);
                    let id = cells.pop().unwrap_or_default();
                    is_new.then(|| outlet.row(&id, Some(SegmentSet::only(place)), cells))?
                });
                let members: Vec<Row> = members.collect();
                outlet.send(members).await?;
            }
            if sweeps.is_whole() {
                return Ok(sweeps.met());
            }
            tracing::warn!("a segment's pages shifted; it is read again");
        }
        let what = segment.as_str().to_owned();
        Err(ServiceError::Shifted { what }.into())
    }

    /// Begins to read what the filter meets; the last value of each row is its id. The page size is tried from the largest:
    /// the API does not say what it allows.
    async fn pages(&self, filter: &str, attributes: &[String]) -> Result<Pages, Error> {
        let (select, _) = self.selected(attributes);
        let options = [
            ("$filter", filter),
            ("$select", &select),
            ("$orderby", &self.id),
        ];
        let url = self.odata.url(&["data", PROFILES], &options);
        let mut sizes = PAGES.into_iter();
        loop {
            let Some(size) = sizes.next() else {
                let (_, columns) = self.selected(attributes);
                return Ok(self
                    .odata
                    .pages(url, Paging::Offset(PAGES[PAGES.len() - 1]), columns));
            };
            let (_, columns) = self.selected(attributes);
            let mut pages = self.odata.pages(url.clone(), Paging::Offset(size), columns);
            match pages.begin().await {
                Err(Error::Service(ServiceError::Refused { status: 400, .. })) => {}
                Err(why) => return Err(why),
                Ok(()) => return Ok(pages),
            }
        }
    }

    /// Writes what to select for attributes and the id after them.
    fn selected(&self, attributes: &[String]) -> (String, Columns) {
        selection(attributes, &self.id)
    }

    /// Finds the chosen segments that are there, as they are now.
    async fn chosen(&self, request: &ReadRequest) -> Result<BTreeMap<SegmentId, Segment>, Error> {
        let all = self.segments().await?;
        let mut chosen = BTreeMap::new();
        for id in &request.segments {
            if let Some(found) = all.iter().find(|segment| segment.id == *id) {
                chosen.insert(id.clone(), found.clone());
            }
        }
        Ok(chosen)
    }
}

/// Writes the filter for the members of a segment.
fn member_of(segment: &SegmentId) -> String {
    format!("IsMemberOfSegment({})", quoted(segment.as_str()))
}
