//! The tables that Customer Insights writes into Dataverse, as a source: profiles in one, in another who is in which
//! segment. There is no table of segments; whoever wants to know them reads the memberships.

mod by_id;
mod forms;
mod fresh;
mod labels;
mod memberships;
mod metadata;
mod segments;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use tokio::sync::mpsc::Sender;

use super::keys::folded;
use super::members::Members;
use super::odata::{Columns, Odata, Pages, Paging, ServiceError, quoted, selection};
use super::outlet::Outlet;
use super::sweeps::SWEEPS;
use super::tally::Catalogue;
use super::{Cells, Error, ReadRequest, ReadSummary, Row, Service, check_attributes};
use crate::domain::{Attribute, Segment, SegmentId, SegmentSet};
pub(super) use fresh::refresh;

use forms::{Form, Shapes};
use segments::named;

/// The table of profiles, and what it is called where tables are described.
const PROFILES: (&str, &str) = ("msdynci_customerprofiles", "msdynci_customerprofile");
/// The table of who is in which segments.
const MEMBERSHIPS: &str = "msdynci_segmentmemberships";
/// The id of a profile, in both tables.
const ID: &str = "msdynci_customerid";
/// The names of a membership's segments.
const SEGMENTS: &str = "msdynci_segments";
/// What a membership's id is the id of: `Customer`, or in a business-to-business environment `Contact` or `Account`.
const KIND: &str = "msdynci_segmentmembershiptype";

/// Rows on a page: the most that Dataverse gives.
const PAGE: usize = 5_000;
/// How many profiles are looked at for samples.
const SAMPLED: usize = 50;
/// How many profiles are asked for by id in one call: more would not fit an address.
const TOGETHER: usize = 20;

/// One environment.
#[derive(Debug)]
pub(super) struct Dataverse {
    odata: Arc<Odata>,
    pub attributes: Vec<Attribute>,
    /// How the values of some attributes are written for people.
    forms: HashMap<String, Form>,
}

impl Dataverse {
    /// Looks at the profiles' attributes and a few of their values.
    pub async fn open(service: Service) -> Result<Self, Error> {
        let odata = Arc::new(Odata::new(service, &["api", "data", "v9.2"])?);
        let told = metadata::describe(&odata).await?;
        Ok(Self {
            odata,
            attributes: told.attributes,
            forms: told.forms,
        })
    }

    /// Lists the segments that profiles are in, counting as it reads.
    pub async fn segments(&self) -> Result<Vec<Segment>, Error> {
        let mut counts: BTreeMap<String, u64> = BTreeMap::new();
        self.each_membership(None, |_, names| {
            for name in names {
                *counts.entry(name.clone()).or_default() += 1;
            }
        })
        .await?;
        let segments = counts.into_iter().map(|(name, count)| Segment {
            count: Some(count),
            ..Segment::new(&*name, &*name)
        });
        Ok(segments.collect())
    }

    /// Reads who is in the segments first, then their profiles, by id or with all others, whichever takes fewer calls, then
    /// tells of members without a profile.
    pub async fn read(
        &self,
        request: &ReadRequest,
        rows: Sender<Vec<Row>>,
    ) -> Result<ReadSummary, Error> {
        self.check(&request.attributes)?;
        let mut outlet = Outlet::new(rows, request, PROFILES.0);
        let mut found = self.members(request).await?;
        if !self.send_by_id(request, &mut found, &mut outlet).await? {
            self.send_profiles(request, &mut found.members, &mut outlet)
                .await?;
        }
        self.send_orphans(request, &mut found, &mut outlet).await?;
        Ok(outlet.finish(request, &Catalogue::ByMembers))
    }

    /// Sends the profiles of the members. A row that comes twice proves that the pages shifted, so that another may have
    /// come not at all: then all are read again, and those are sent who were not yet.
    async fn send_profiles(
        &self,
        request: &ReadRequest,
        members: &mut Members,
        outlet: &mut Outlet,
    ) -> Result<(), Error> {
        let shapes = Shapes::new(&self.forms, &request.attributes, request.raw);
        for sweep in 0..SWEEPS {
            let mut pages = self.profiles(&request.attributes);
            let mut met = 0;
            while let Some(page) = pages.next().await? {
                if sweep == 0 && met == 0 {
                    tell_ids(&page.rows, request.attributes.len(), PROFILES.0)?;
                }
                met += page.rows.len();
                outlet.turn_page(page.broken);
                let rows = page.rows.into_iter().filter_map(|mut cells| {
                    let id = cells.pop().unwrap_or_default();
                    let segments = members.meet_late(&folded(&id)).cloned();
                    if segments.is_some() {
                        cells = shapes.show(cells, |at| outlet.no_label(at));
                    } else if sweep > 0 {
                        return None;
                    }
                    outlet.row(&id, segments, cells)
                });
                let rows: Vec<Row> = rows.collect();
                outlet.send(rows).await?;
            }
            if !pages.shifted() {
                return Ok(());
            }
            tracing::warn!("the pages of the profiles shifted; they are read again");
        }
        Err(shifted(PROFILES.0))
    }

    /// Gives the first members of the segments, without reading the tables through.
    pub async fn peek(&self, request: &ReadRequest, most: usize) -> Result<Vec<Row>, Error> {
        self.check(&request.attributes)?;
        let places = places(request);
        let columns = Arc::new(Columns::new([ID, SEGMENTS]));
        let filter = segments::filter(&request.segments).unwrap_or_default();
        let options = [
            ("$select", "msdynci_customerid,msdynci_segments"),
            ("$filter", &filter),
        ];
        let url = self.odata.url(&[MEMBERSHIPS], &options);
        let page = self.odata.page(&url, Some(most), false, &columns).await?;
        let mut members: HashMap<String, SegmentSet> = HashMap::new();
        let mut ids = Vec::new();
        for cells in page.rows {
            let mut segments = SegmentSet::default();
            for place in named(cells.get(1))
                .iter()
                .filter_map(|name| places.get(name.as_str()))
            {
                segments.insert(*place);
            }
            if !segments.is_empty() {
                ids.push(cells.get(0).to_owned());
                members.insert(folded(cells.get(0)).into_owned(), segments);
            }
        }
        let (rows, _kept) = tokio::sync::mpsc::channel(1);
        let mut outlet = Outlet::new(rows, request, PROFILES.0);
        let shapes = Shapes::new(&self.forms, &request.attributes, request.raw);
        let mut first = Vec::new();
        for ids in ids.chunks(TOGETHER) {
            let any: Vec<String> = ids
                .iter()
                .map(|id| format!("{ID} eq {}", quoted(id)))
                .collect();
            let (select, columns) = selection(&request.attributes, ID);
            let options = [("$select", select.as_str()), ("$filter", &any.join(" or "))];
            let url = self.odata.url(&[PROFILES.0], &options);
            let page = self
                .odata
                .page(&url, Some(PAGE), false, &Arc::new(columns))
                .await?;
            for mut cells in page.rows {
                let id = cells.pop().unwrap_or_default();
                let segments = members.get(&*folded(&id)).cloned();
                let cells = shapes.show(cells, |_| {});
                first.extend(outlet.row(&id, segments, cells));
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
        self.check(attributes)?;
        let shapes = Shapes::new(&self.forms, attributes, None);
        let mut pages = self.profiles(attributes);
        while let Some(page) = pages.next().await? {
            for mut cells in page.rows {
                cells.pop();
                for (at, value) in shapes.show(cells, |_| {}).iter().enumerate() {
                    take(at, value);
                }
            }
        }
        Ok(())
    }

    /// Begins to read all profiles; the last value of each row is its id.
    fn profiles(&self, attributes: &[String]) -> Pages {
        let (select, columns) = selection(attributes, ID);
        let url = self.odata.url(&[PROFILES.0], &[("$select", &select)]);
        self.odata.pages(url, Paging::Links(PAGE), columns)
    }

    fn check(&self, attributes: &[String]) -> Result<(), Error> {
        check_attributes(attributes, &self.attributes, PROFILES.1)?;
        let unlabelled = |name: &&String| self.forms.get(*name) == Some(&Form::Unlabelled);
        match attributes.iter().find(unlabelled) {
            None => Ok(()),
            Some(name) => {
                let attribute = name.clone();
                Err(ServiceError::NoLabels { attribute }.into())
            }
        }
    }
}

fn shifted(table: &str) -> Error {
    let what = table.to_owned();
    ServiceError::Shifted { what }.into()
}

/// Refuses a table whose rows have no ids, as far as its first page shows: nobody could be found in a segment.
fn tell_ids(rows: &[Cells], id: usize, table: &str) -> Result<(), Error> {
    if rows.is_empty() || rows.iter().any(|row| !row.get(id).trim().is_empty()) {
        return Ok(());
    }
    let (what, column) = (table.to_owned(), ID.to_owned());
    Err(ServiceError::NoIds { what, column }.into())
}

/// Where in the request each segment stands.
fn places(request: &ReadRequest) -> HashMap<&str, usize> {
    let listed = request.segments.iter().map(SegmentId::as_str);
    listed.zip(0..).collect()
}
