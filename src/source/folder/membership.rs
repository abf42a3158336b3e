//! A table that tells of every member which segments it is in, and the table of those segments.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::super::guess::fold;
use super::super::parts::Line;
use super::super::table::Table;
use super::super::tally::Catalogue;
use super::super::{Error, ReadRequest};
use super::join::Lists;
use super::listed::Listed;
use super::{MAX_SEGMENTS, segment};
use crate::domain::{Segment, SegmentState};

/// Names of the columns with a member's id; compared by [`plain`].
pub(super) const MEMBER: [&str; 4] = ["customerprofileid", "customerid", "profileid", "contactid"];

/// Who is in which segment.
#[derive(Debug)]
pub(super) struct Membership {
    pub table: Table,
    /// Where the ids of members are.
    pub member: usize,
    segments: Cell,
    /// The segments that a table of segments tells of.
    known: Option<Vec<Segment>>,
}

/// What a cell tells of segments.
#[derive(Debug, Clone, Copy)]
enum Cell {
    /// The id of one.
    Id(usize),
    /// The names of all that the member is in.
    Names(usize),
}

/// Folds the name of a table or column, without the prefix that Customer Insights gives it in Dataverse.
pub(super) fn plain(name: &str) -> String {
    let folded = fold(name);
    match folded.strip_prefix("msdynci") {
        Some(rest) if !rest.is_empty() => rest.to_owned(),
        _ => folded,
    }
}

/// Finds the first of some names among columns.
pub(super) fn find(columns: &[String], names: &[&str]) -> Option<usize> {
    names
        .iter()
        .find_map(|name| columns.iter().position(|column| plain(column) == *name))
}

impl Membership {
    /// Understands a table by the names of its columns.
    pub fn of(table: Table, definitions: Option<&Table>) -> Result<Self, Error> {
        let (path, candidates) = (table.file.path.clone(), table.attributes());
        let Some(member) = find(&table.columns, &MEMBER) else {
            return Err(Error::UnknownIdColumn {
                path,
                column: "CustomerProfileId".to_owned(),
                candidates,
            });
        };
        let one = find(&table.columns, &["segmentid"]).map(Cell::Id);
        let all = || find(&table.columns, &["segments", "segmentname"]).map(Cell::Names);
        let Some(segments) = one.or_else(all) else {
            return Err(Error::UnknownSegmentColumn {
                path,
                column: "SegmentId".to_owned(),
                candidates,
            });
        };
        let known = match segments {
            Cell::Id(_) => definitions.map(defined).transpose()?.flatten(),
            Cell::Names(_) => None,
        };
        Ok(Self {
            table,
            member,
            segments,
            known,
        })
    }

    /// Takes every membership: a member and the segment's id, which is empty in a row that cannot be trusted.
    pub fn each(
        &self,
        mut take: impl FnMut(Listed<'_>, &str) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let column = self.table.columns[self.member].as_str();
        let (Cell::Id(at) | Cell::Names(at)) = self.segments;
        self.table.each(&[self.member, at], |line: Line<'_>| {
            let id = line.record.get(self.member).map(str::trim);
            let listed = Listed { line, id, column };
            let cell = |at: usize| line.record.get(at).unwrap_or_default().trim();
            match self.segments {
                _ if line.doubt().is_some() => take(listed, ""),
                Cell::Id(at) => take(listed, cell(at)),
                Cell::Names(at) => names(cell(at))
                    .iter()
                    .try_for_each(|name| take(listed, name.trim())),
            }
        })
    }

    /// Lists the segments with the number of their memberships.
    pub fn segments(&self) -> Result<Vec<Segment>, Error> {
        let mut counts: BTreeMap<String, u64> = BTreeMap::new();
        for known in self.known.iter().flatten() {
            counts.insert(known.id.as_str().to_owned(), 0);
        }
        self.each(|_, segment| {
            if let Some(count) = counts.get_mut(segment) {
                *count += 1;
            } else if !segment.is_empty() {
                counts.insert(segment.to_owned(), 1);
            }
            if counts.len() <= MAX_SEGMENTS {
                return Ok(());
            }
            let (Cell::Id(at) | Cell::Names(at)) = self.segments;
            Err(Error::TooManySegments {
                path: self.table.file.path.clone(),
                column: self.table.columns[at].clone(),
                limit: MAX_SEGMENTS,
            })
        })?;
        let listed = counts.iter().map(|(id, count)| {
            let known = self.known.iter().flatten();
            let known = known.clone().find(|known| known.id.as_str() == id);
            Segment {
                count: Some(*count),
                ..known.cloned().unwrap_or_else(|| segment(id, *count))
            }
        });
        Ok(listed.collect())
    }

    /// Gives the lists of the chosen segments.
    pub fn chosen<'a>(&'a self, request: &'a ReadRequest) -> Lists<'a> {
        let listed = request.segments.iter().enumerate();
        let places = listed.map(|(place, id)| (id.as_str(), place));
        Lists::Table(self, places.collect())
    }

    /// Tells which segments are listed, with members or without.
    pub fn catalogue(&self) -> Catalogue<'_> {
        match &self.known {
            Some(known) => Catalogue::These(known.iter().map(|one| &one.id).collect()),
            None => Catalogue::ByMembers,
        }
    }
}

/// Reads the names in a cell: a list in JSON, its quotes escaped or not, or names with commas between them.
fn names(cell: &str) -> Vec<String> {
    if cell.is_empty() {
        return Vec::new();
    }
    let bare = cell.replace("\\\"", "\"");
    let list = [cell.to_owned(), bare.clone(), format!("[{bare}]")];
    let read = list
        .iter()
        .find_map(|text| serde_json::from_str::<Vec<String>>(text).ok());
    read.unwrap_or_else(|| cell.split(',').map(str::to_owned).collect())
}

/// Reads a table of segments; `None` when it does not tell their ids.
fn defined(table: &Table) -> Result<Option<Vec<Segment>>, Error> {
    let Some(id) = find(&table.columns, &["segmentid", "id"]) else {
        return Ok(None);
    };
    let name = find(
        &table.columns,
        &["friendlyname", "displayname", "name", "segmentname"],
    );
    let state = find(&table.columns, &["statecode", "state"]);
    let evaluated = find(&table.columns, &["lastevaluationdate", "evaluationdate"]);
    let mut known: Vec<Segment> = Vec::new();
    let wanted = [Some(id), name, state, evaluated];
    let wanted: Vec<usize> = wanted.into_iter().flatten().collect();
    table.each(&wanted, |line| {
        let cell = |at: Option<usize>| at.and_then(|at| line.record.get(at)).map_or("", str::trim);
        let id = cell(Some(id));
        if id.is_empty() || known.len() > MAX_SEGMENTS {
            return Ok(());
        }
        let label = Some(cell(name)).filter(|name| !name.is_empty());
        known.push(Segment {
            state: state_of(cell(state)),
            evaluated_at: cell(evaluated).parse::<Timestamp>().ok(),
            ..Segment::new(id, label.unwrap_or(id))
        });
        Ok(())
    })?;
    Ok(Some(known))
}

/// Tells a state by its name or, as Dataverse has it, by its number.
fn state_of(cell: &str) -> SegmentState {
    match cell.to_ascii_lowercase().as_str() {
        "1" | "inactive" => SegmentState::Inactive,
        _ => SegmentState::Ready,
    }
}

#[cfg(test)]
mod tests {
    use super::names;

    #[test]
    fn names_of_segments_are_read_in_either_quoting() {
        for cell in [
            r#"["Gold, high","Å"]"#,
            r#"[\"Gold, high\",\"Å\"]"#,
            r#""Gold, high","Å""#,
        ] {
            assert_eq!(names(cell), ["Gold, high", "Å"], "{cell}");
        }
        assert_eq!(names("Gold,Silver"), ["Gold", "Silver"]);
        assert!(names("").is_empty());
    }
}
