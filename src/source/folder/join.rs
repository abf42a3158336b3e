//! Profiles in one place, who is in which segment in another.

use std::collections::HashMap;

use super::super::members::Members;
use super::super::table::Table;
use super::super::{Error, ReadRequest};
use super::listed::Listed;
use super::membership::Membership;
use super::read::{Feed, Picker};
use super::segment_file::IdFile;
use crate::domain::SegmentSet;

/// Where the members of the chosen segments are listed, each with its place in the request.
pub(super) enum Lists<'a> {
    /// In a file for each segment.
    Files(Vec<(usize, &'a IdFile)>),
    /// In one table for all.
    Table(&'a Membership, HashMap<&'a str, usize>),
}

impl Lists<'_> {
    /// Takes every id with its segment; none for that only in a row that cannot be trusted.
    fn each(
        &self,
        mut take: impl FnMut(Listed<'_>, Option<usize>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        match self {
            Self::Files(files) => files
                .iter()
                .try_for_each(|(place, file)| file.each(|listed| take(listed, Some(*place)))),
            Self::Table(table, places) => table.each(|listed, segment| {
                match places.get(segment) {
                    Some(place) => take(listed, Some(*place)),
                    // What cannot be trusted may well be about a chosen segment.
                    None if listed.line.doubt().is_some() => take(listed, None),
                    None => Ok(()),
                }
            }),
        }
    }
}

/// Reads ids first, then the profiles that have them, then tells of ids without a profile.
pub(super) fn join(
    lists: &Lists<'_>,
    profiles: &Table,
    request: &ReadRequest,
    feed: &mut Feed,
) -> Result<(), Error> {
    let picker = Picker::new(profiles, None, request)?;
    let mut members = Members::default();
    lists.each(|listed, place| match (listed.id, place) {
        (Some(id), Some(place)) if !id.is_empty() && listed.line.doubt().is_none() => {
            members.insert(id, place);
            Ok(())
        }
        _ => feed.push(listed.orphan(place.map_or_else(SegmentSet::default, SegmentSet::only))),
    })?;
    profiles.each(&picker.columns(), |line| {
        let id = profiles.id.and_then(|at| line.record.get(at));
        if let Some(segments) = members.meet(id.unwrap_or_default().trim()) {
            return feed.push(picker.row(line, segments.clone()));
        }
        if line.doubt().is_some() {
            return feed.push(picker.row(line, SegmentSet::default()));
        }
        feed.pass()
    })?;
    if members.unmet() == 0 {
        return Ok(());
    }
    lists.each(
        |listed, _| match listed.id.and_then(|id| members.meet_late(id)) {
            Some(segments) if listed.line.doubt().is_none() => {
                feed.push(listed.orphan(segments.clone()))
            }
            _ => Ok(()),
        },
    )
}
