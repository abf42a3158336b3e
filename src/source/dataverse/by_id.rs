//! Members asked for by their ids, in groups, where that takes fewer calls than reading the whole table of profiles.
//!
//! A group is one GET with the query function `In`: an address may hold 32,768 characters, so some hundred ids fit. A
//! `$batch` would carry more in one call, but it is a POST, and this source only ever reads.

use std::collections::{BTreeMap, VecDeque};
use std::ops::Range;

use serde::Deserialize;
use url::Url;

use super::super::keys::folded;
use super::super::odata::{Columns, Pages, Paging, ServiceError, encoded, selection};
use super::super::outlet::Outlet;
use super::super::{Error, ReadRequest, Row};
use super::forms::Shapes;
use super::memberships::Found;
use super::{Dataverse, ID, PAGE, PROFILES, tell_ids};

/// How long an address may be: a quarter of what the service takes, for proxies that take less.
const ADDRESS: usize = 8_000;
/// The most ids in a group, whatever their length; how many values `In` takes is not documented.
const GROUP: usize = 300;
/// How many groups are on their way at once; the service lets a user have 52 calls in flight.
const AHEAD: usize = 4;

/// How many rows tables have, by their names.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Counted {
    entity_record_count_collection: Counts,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Counts {
    #[serde(default)]
    keys: Vec<String>,
    #[serde(default)]
    values: Vec<u64>,
}

impl Dataverse {
    /// Sends the profiles of the members that it asks for by id. Tells whether it did: not where the whole table takes
    /// fewer calls, or the service refuses to be asked so.
    pub(super) async fn send_by_id(
        &self,
        request: &ReadRequest,
        found: &mut Found,
        outlet: &mut Outlet,
    ) -> Result<bool, Error> {
        let Some(ids) = found.ids.take() else {
            return Ok(false);
        };
        if ids.is_empty() {
            found.ids = Some(ids);
            return Ok(true);
        }
        let groups = self.groups(request, &ids);
        let asked = if groups.len() < self.pages_of_all().await? {
            self.send_groups(request, found, &ids, groups, outlet).await
        } else {
            Ok(false)
        };
        let asked = match asked {
            Ok(true) => {
                let others = spelled_otherwise(found, &ids);
                let groups = self.groups(request, &others);
                self.send_groups(request, found, &others, groups, outlet)
                    .await?;
                true
            }
            asked => asked?,
        };
        found.ids = Some(ids);
        Ok(asked)
    }

    /// How many pages the whole table has; none where nobody can say, and then it is read as it is. The count may be a day
    /// old, which is good enough to choose by.
    async fn pages_of_all(&self) -> Result<usize, Error> {
        let function = ["RetrieveTotalRecordCount(EntityNames=@p1)"];
        let names = format!("[\"{}\"]", PROFILES.1);
        let url = self.odata.url(&function, &[("@p1", &names)]);
        match self.odata.ask::<Counted>(&url).await {
            Ok(told) => {
                let counts = told.entity_record_count_collection;
                let counts: BTreeMap<String, u64> =
                    counts.keys.into_iter().zip(counts.values).collect();
                let count = counts.get(PROFILES.1).copied().unwrap_or(0);
                Ok(usize::try_from(count).unwrap_or(usize::MAX).div_ceil(PAGE))
            }
            Err(Error::Service(why)) if is_no_answer_to_this(&why) => {
                tracing::debug!(%why, "the profiles are not counted");
                Ok(0)
            }
            Err(why) => Err(why),
        }
    }

    /// Parts ids into groups, each as large as an address takes.
    fn groups(&self, request: &ReadRequest, ids: &[Box<str>]) -> VecDeque<Range<usize>> {
        let base = self.group(request, &[]).0.as_str().len();
        let (mut groups, mut from, mut length) = (VecDeque::new(), 0, base);
        for (at, id) in ids.iter().enumerate() {
            let more = encoded(&serde_json::Value::from(&**id).to_string()).len() + 1;
            if at > from && (length + more > ADDRESS || at - from == GROUP) {
                groups.push_back(from..at);
                (from, length) = (at, base);
            }
            length += more;
        }
        if from < ids.len() {
            groups.push_back(from..ids.len());
        }
        groups
    }

    /// Where the profiles of these ids are, and which columns to read of them.
    fn group(&self, request: &ReadRequest, ids: &[Box<str>]) -> (Url, Columns) {
        let (select, columns) = selection(&request.attributes, ID);
        // In double quotes, as JSON: in single ones, a value with an apostrophe is refused.
        let values: serde_json::Value = ids.iter().map(|id| &**id).collect();
        let values = values.to_string();
        let options = [
            ("$select", select.as_str()),
            (
                "$filter",
                "Microsoft.Dynamics.CRM.In(PropertyName=@p1,PropertyValues=@p2)",
            ),
            ("@p1", &format!("'{ID}'")),
            ("@p2", &values),
        ];
        (self.odata.url(&[PROFILES.0], &options), columns)
    }

    fn ask_for(&self, request: &ReadRequest, ids: &[Box<str>]) -> Pages {
        let (url, columns) = self.group(request, ids);
        self.odata.pages(url, Paging::Links(PAGE), columns)
    }

    /// Asks for groups, some ahead of the one that is worked on. Tells whether the service takes such a question; that it
    /// does not shows at the first one, before anything was sent on.
    async fn send_groups(
        &self,
        request: &ReadRequest,
        found: &mut Found,
        ids: &[Box<str>],
        mut groups: VecDeque<Range<usize>>,
        outlet: &mut Outlet,
    ) -> Result<bool, Error> {
        let shapes = Shapes::new(&self.forms, &request.attributes, request.raw);
        let mut ahead: VecDeque<Pages> = VecDeque::new();
        let mut first = true;
        loop {
            // The first goes alone: a service that refuses it is not asked in vain.
            let upto = if first { 1 } else { AHEAD };
            while ahead.len() < upto
                && let Some(group) = groups.pop_front()
            {
                ahead.push_back(self.ask_for(request, &ids[group]));
            }
            let Some(mut pages) = ahead.pop_front() else {
                return Ok(true);
            };
            match pages.begin().await {
                Err(Error::Service(why)) if first && is_no_answer_to_this(&why) => {
                    tracing::warn!(%why, "profiles cannot be asked for by id; all are read");
                    return Ok(false);
                }
                begun => begun?,
            }
            while let Some(page) = pages.next().await? {
                if first {
                    tell_ids(&page.rows, request.attributes.len(), PROFILES.0)?;
                }
                outlet.turn_page(page.broken);
                let rows = page.rows.into_iter().filter_map(|mut cells| {
                    let id = cells.pop().unwrap_or_default();
                    let segments = found.members.meet_late(&folded(&id)).cloned()?;
                    let cells = shapes.show(cells, |at| outlet.no_label(at));
                    outlet.row(&id, Some(segments), cells)
                });
                let rows: Vec<Row> = rows.collect();
                outlet.send(rows).await?;
            }
            first = false;
        }
    }
}

/// The ids of GUIDs that were not found, with braces or without: the service compares letters, not GUIDs.
fn spelled_otherwise(found: &Found, ids: &[Box<str>]) -> Vec<Box<str>> {
    if found.members.unmet() == 0 {
        return Vec::new();
    }
    let unmet = ids.iter().filter(|id| found.members.misses(&folded(id)));
    let otherwise = unmet.filter_map(|id| {
        let bare = id.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
        match bare {
            Some(bare) if folded(id) != **id => Some(bare.into()),
            None if id.contains('-') && *folded(&format!("{{{id}}}")) == *folded(id) => {
                Some(format!("{{{id}}}").into())
            }
            _ => None,
        }
    });
    otherwise.collect()
}

/// Tells whether a service refuses a question as such, rather than anyone or anything now.
fn is_no_answer_to_this(why: &ServiceError) -> bool {
    matches!(
        why,
        ServiceError::Refused { .. }
            | ServiceError::NotThere { .. }
            | ServiceError::NoPrivilege { .. }
            | ServiceError::Unreadable { .. }
    )
}
