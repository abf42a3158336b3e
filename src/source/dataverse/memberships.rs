//! Who is in the chosen segments, and who of them has no profile.

use std::collections::{HashMap, HashSet};

use super::super::Error;
use super::super::keys::folded;
use super::super::members::Members;
use super::super::odata::{Columns, Paging};
use super::super::outlet::Outlet;
use super::super::sweeps::SWEEPS;
use super::super::{ReadRequest, Row};
use super::segments::{self, named};
use super::{Dataverse, ID, KIND, MEMBERSHIPS, PAGE, SEGMENTS, places, shifted, tell_ids};
use crate::domain::SegmentSet;

/// How many ids are kept as they are, in some megabytes. For more members the whole table is read.
const MOST_KEPT: usize = 50_000;

/// What tells memberships apart; it comes with every row, asked for or not.
const KEY: &str = "msdynci_segmentmembershipid";

/// The members of the chosen segments.
pub(super) struct Found {
    pub members: Members,
    /// Their ids as the memberships write them, unless there are too many to keep.
    pub ids: Option<Vec<Box<str>>>,
    /// The segments of memberships that do not say whose they are.
    nameless: Vec<SegmentSet>,
    filled: HashSet<usize>,
}

impl Found {
    fn new() -> Self {
        Self {
            members: Members::default(),
            ids: Some(Vec::new()),
            nameless: Vec::new(),
            filled: HashSet::new(),
        }
    }

    fn add(&mut self, id: &str, segments: &SegmentSet) {
        self.filled.extend(segments.iter());
        if segments.is_empty() {
            return;
        }
        let bare = folded(id);
        if bare.is_empty() {
            self.nameless.push(segments.clone());
            return;
        }
        let before = self.members.unmet();
        for place in segments.iter() {
            self.members.insert(&bare, place);
        }
        let is_new = self.members.unmet() > before;
        if let Some(ids) = self.ids.as_mut().filter(|_| is_new) {
            ids.push(id.trim().into());
            if ids.len() > MOST_KEPT {
                self.ids = None;
            }
        }
    }
}

impl Dataverse {
    /// Finds out who is in the chosen segments. A segment that no membership was found for by name is looked for in all of
    /// them: its name may be listed in a way that the filter does not meet.
    pub(super) async fn members(&self, request: &ReadRequest) -> Result<Found, Error> {
        if let Some(filter) = segments::filter(&request.segments) {
            let found = self.members_of(request, Some(&filter)).await?;
            if found.filled.len() == request.segments.len() {
                return Ok(found);
            }
        }
        self.members_of(request, None).await
    }

    /// Gives the members that the filter meets. Pages that shifted are read again.
    async fn members_of(
        &self,
        request: &ReadRequest,
        filter: Option<&str>,
    ) -> Result<Found, Error> {
        let places = places(request);
        for _ in 0..SWEEPS {
            let mut found = Found::new();
            let take = |id: &str, names: &[String]| found.add(id, &chosen(&places, names));
            if self.each_membership(filter, take).await? {
                return Ok(found);
            }
            tracing::warn!("the pages of the memberships shifted; they are read again");
        }
        Err(shifted(MEMBERSHIPS))
    }

    /// Tells of the members that no profile was found for; where their ids were not kept, these are read once more.
    pub(super) async fn send_orphans(
        &self,
        request: &ReadRequest,
        found: &mut Found,
        outlet: &mut Outlet,
    ) -> Result<(), Error> {
        let nameless = std::mem::take(&mut found.nameless).into_iter();
        let nameless: Vec<Row> = nameless.map(|set| outlet.orphan("", set)).collect();
        outlet.send(nameless).await?;
        if let Some(ids) = found.ids.take() {
            let orphans = ids.iter().filter_map(|id| {
                let bare = folded(id);
                let segments = found.members.meet_late(&bare)?;
                Some(outlet.orphan(&bare, segments.clone()))
            });
            let orphans: Vec<Row> = orphans.collect();
            return outlet.send(orphans).await;
        }
        let places = places(request);
        for _ in 0..SWEEPS {
            if found.members.unmet() == 0 {
                return Ok(());
            }
            let mut orphans = Vec::new();
            let take = |id: &str, names: &[String]| {
                let bare = folded(id);
                if !bare.is_empty()
                    && !chosen(&places, names).is_empty()
                    && let Some(segments) = found.members.meet_late(&bare)
                {
                    orphans.push(outlet.orphan(&bare, segments.clone()));
                }
            };
            self.each_membership(None, take).await?;
            outlet.send(orphans).await?;
        }
        // Who left meanwhile cannot be named any more.
        match found.members.unmet() {
            0 => Ok(()),
            _ => Err(shifted(MEMBERSHIPS)),
        }
    }

    /// Takes the id and the segments of each membership of a profile, not of a contact or an account. The id is empty where
    /// the row has none. Tells whether the pages stood still.
    pub(super) async fn each_membership(
        &self,
        filter: Option<&str>,
        mut take: impl FnMut(&str, &[String]),
    ) -> Result<bool, Error> {
        let select = [ID, SEGMENTS, KIND].join(",");
        let options = [
            ("$select", &*select),
            ("$filter", filter.unwrap_or_default()),
        ];
        let url = self.odata.url(&[MEMBERSHIPS], &options);
        let columns = Columns::new([ID, SEGMENTS, KIND, KEY]);
        let mut pages = self.odata.pages(url, Paging::Links(PAGE), columns);
        let mut met = 0;
        while let Some(page) = pages.next().await? {
            if met == 0 {
                tell_ids(&page.rows, 0, MEMBERSHIPS)?;
            }
            met += page.rows.len();
            for cells in &page.rows {
                let kind = cells.get(2).trim();
                if kind.is_empty() || kind.eq_ignore_ascii_case("customer") {
                    take(cells.get(0), &named(cells.get(1)));
                }
            }
        }
        Ok(!pages.shifted())
    }
}

/// Finds the chosen segments among those that a membership names.
fn chosen(places: &HashMap<&str, usize>, names: &[String]) -> SegmentSet {
    let mut segments = SegmentSet::default();
    for place in names.iter().filter_map(|name| places.get(name.as_str())) {
        segments.insert(*place);
    }
    segments
}
