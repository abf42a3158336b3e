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
    fn each(
        &self,
        mut take: impl FnMut(Listed<'_>, usize) -> Result<(), Error>,
    ) -> Result<(), Error> {
        match self {
            Self::Files(files) => files
                .iter()
                .try_for_each(|(place, file)| file.each(|listed| take(listed, *place))),
            Self::Table(table, places) => table.each(|listed, segment| {
                let place = places.get(segment);
                place.map_or(Ok(()), |place| take(listed, *place))
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
    lists.each(|listed, place| match listed.id {
        Some(id) if !id.is_empty() => {
            members.insert(id, place);
            Ok(())
        }
        _ => feed.push(listed.orphan(SegmentSet::only(place))),
    })?;
    profiles.each(|line| {
        let id = profiles.id.and_then(|at| line.record.get(at));
        if let Some(segments) = members.meet(id.unwrap_or_default().trim()) {
            return feed.push(picker.row(line, segments.clone()));
        }
        feed.tally.summary.outside += 1;
        Ok(())
    })?;
    if members.unmet() == 0 {
        return Ok(());
    }
    lists.each(
        |listed, _| match listed.id.and_then(|id| members.meet_late(id)) {
            Some(segments) => feed.push(listed.orphan(segments.clone())),
            None => Ok(()),
        },
    )
}
