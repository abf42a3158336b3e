//! The tables that Customer Insights writes into Dataverse, as a source: profiles in one, in another who is in which
//! segment. There is no table of segments; whoever wants to know them reads the memberships.

mod metadata;
mod segments;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use tokio::sync::mpsc::Sender;

use super::members::Members;
use super::odata::{Columns, Odata, Pages, Paging, quoted, selection};
use super::outlet::Outlet;
use super::{Error, ReadRequest, ReadSummary, Row, Service, check_attributes};
use crate::domain::{Attribute, Segment, SegmentId, SegmentSet};
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
}

impl Dataverse {
    /// Looks at the profiles' attributes and a few of their values.
    pub async fn open(service: Service) -> Result<Self, Error> {
        let odata = Arc::new(Odata::new(service, &["api", "data", "v9.2"])?);
        let attributes = metadata::attributes(&odata).await?;
        Ok(Self { odata, attributes })
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

    /// Reads who is in the segments first, then the profiles, then tells of members without a profile.
    pub async fn read(
        &self,
        request: &ReadRequest,
        rows: Sender<Vec<Row>>,
    ) -> Result<ReadSummary, Error> {
        self.check(&request.attributes)?;
        let mut outlet = Outlet::new(rows, request, PROFILES.0);
        let mut members = self.members(request).await?;
        let mut pages = self.profiles(&request.attributes);
        while let Some(page) = pages.next().await? {
            let found = page.rows.into_iter().filter_map(|mut cells| {
                let id = cells.pop().unwrap_or_default();
                let segments = members.meet(id.trim()).cloned();
                outlet.row(&id, segments, cells)
            });
            let found: Vec<Row> = found.collect();
            outlet.send(found).await?;
        }
        if members.unmet() > 0 {
            let mut orphans = Vec::new();
            let places = places(request);
            self.each_membership(None, |id, names| {
                if names.iter().any(|name| places.contains_key(name.as_str()))
                    && let Some(segments) = members.meet_late(id)
                {
                    orphans.push(outlet.orphan(id, segments.clone()));
                }
            })
            .await?;
            outlet.send(orphans).await?;
        }
        Ok(outlet.finish(request))
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
        let page = self.odata.page(&url, Some(most), &columns).await?;
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
                members.insert(cells.get(0).to_owned(), segments);
            }
        }
        let (rows, _kept) = tokio::sync::mpsc::channel(1);
        let mut outlet = Outlet::new(rows, request, PROFILES.0);
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
                .page(&url, Some(PAGE), &Arc::new(columns))
                .await?;
            first.extend(page.rows.into_iter().filter_map(|mut cells| {
                let id = cells.pop().unwrap_or_default();
                outlet.row(&id, members.get(&id).cloned(), cells)
            }));
        }
        Ok(first)
    }

    /// Reads columns to their end.
    pub async fn each_value(
        &self,
        attributes: &[String],
        take: impl FnMut(usize, &str),
    ) -> Result<(), Error> {
        self.check(attributes)?;
        let pages = self.profiles(attributes);
        pages.each_value(attributes.len(), take).await
    }

    /// Finds out who is in the chosen segments. A segment that no membership was found for by name is looked for in all of
    /// them: its name may be listed in a way that the filter does not meet.
    async fn members(&self, request: &ReadRequest) -> Result<Members, Error> {
        if let Some(filter) = segments::filter(&request.segments) {
            let (members, filled) = self.members_of(request, Some(&filter)).await?;
            if filled == request.segments.len() {
                return Ok(members);
            }
        }
        Ok(self.members_of(request, None).await?.0)
    }

    /// Gives the members that the filter meets, and of how many segments there are any.
    async fn members_of(
        &self,
        request: &ReadRequest,
        filter: Option<&str>,
    ) -> Result<(Members, usize), Error> {
        let places = places(request);
        let (mut members, mut filled) = (Members::default(), HashSet::new());
        self.each_membership(filter, |id, names| {
            for place in names.iter().filter_map(|name| places.get(name.as_str())) {
                members.insert(id, *place);
                filled.insert(*place);
            }
        })
        .await?;
        Ok((members, filled.len()))
    }

    /// Takes the id and the segments of each membership of a profile, not of a contact or an account.
    async fn each_membership(
        &self,
        filter: Option<&str>,
        mut take: impl FnMut(&str, &[String]),
    ) -> Result<(), Error> {
        let columns = [ID, SEGMENTS, KIND];
        let select = columns.join(",");
        let options = [
            ("$select", &*select),
            ("$filter", filter.unwrap_or_default()),
        ];
        let url = self.odata.url(&[MEMBERSHIPS], &options);
        let mut pages = self
            .odata
            .pages(url, Paging::Links(PAGE), Columns::new(columns));
        while let Some(page) = pages.next().await? {
            for cells in &page.rows {
                let (id, kind) = (cells.get(0).trim(), cells.get(2).trim());
                if !id.is_empty() && (kind.is_empty() || kind.eq_ignore_ascii_case("customer")) {
                    take(id, &named(cells.get(1)));
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
        check_attributes(attributes, &self.attributes, PROFILES.1)
    }
}

/// Where in the request each segment stands.
fn places(request: &ReadRequest) -> HashMap<&str, usize> {
    let listed = request.segments.iter().map(SegmentId::as_str);
    listed.zip(0..).collect()
}
