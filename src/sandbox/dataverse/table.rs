//! The two tables, row by row.

use std::borrow::Cow;
use std::io::{self, Write};

use super::choices::Typed;
use crate::sandbox::dice::mix;
use crate::sandbox::profiles::{Content, Segment, Standing, escape, unescape};

/// The unified profiles, as an entity.
pub(super) const PROFILE: &str = "msdynci_customerprofile";

/// Who is in which segments, as an entity.
pub(super) const MEMBERSHIP: &str = "msdynci_segmentmembership";

/// A column of a table, in the order in which a whole row shows it.
#[derive(Debug, Clone)]
pub(super) struct Column {
    pub(super) name: String,
    pub(super) holds: Holds,
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holds {
    /// A value of the profile, by its place.
    Value(usize),
    /// The same as a choice's number, or as true or false.
    Typed(usize, &'static Typed),
    /// The list of segments, as text.
    Segments,
    Identifier,
    /// The primary key, which every row shows.
    Key,
    /// When the table was last written.
    Modified,
    /// The same in every row.
    Same(&'static str),
    /// The same, and no text.
    Number(u32),
}

/// What every table of Dataverse has besides its own columns.
const SYSTEM: [(&str, Holds); 4] = [
    ("createdon", Holds::Same("2026-01-12T04:17:09Z")),
    ("modifiedon", Holds::Modified),
    ("_createdby_value", Holds::Same(super::USER)),
    ("versionnumber", Holds::Number(1_048_577)),
];

/// A table.
#[derive(Debug)]
pub(super) struct Table<'a> {
    /// Its logical name.
    pub(super) entity: &'static str,
    pub(super) columns: Vec<Column>,
    pub(super) content: &'a Content,
    /// Sets the primary keys of one table apart from the other's.
    salt: u64,
    /// The segments, each with its name as the list holds it; none where every profile has a row.
    lists: Option<Vec<(String, &'a Segment)>>,
    /// What tells the table's rows from those it had in another manner.
    pub(super) edition: &'static str,
}

impl<'a> Table<'a> {
    /// The unified profiles; some columns hold choices if so asked.
    pub(super) fn profiles(content: &'a Content, choices: bool) -> Self {
        let own = content.attributes.iter().enumerate();
        let own = own.map(|(at, one)| {
            let typed = Typed::find(&one.label).filter(|_| choices);
            let holds = typed.map_or(Holds::Value(at), |typed| Holds::Typed(at, typed));
            (one.logical.clone(), holds)
        });
        Self {
            entity: PROFILE,
            columns: columns(own, "msdynci_customerprofileid"),
            content,
            salt: 0x70,
            lists: None,
            edition: if choices {
                "profiles with choices"
            } else {
                "profiles"
            },
        }
    }

    /// Who is in which segments: a row for everyone who is in any. Their names stand in quotes, with a backslash before
    /// each if so asked.
    pub(super) fn memberships(content: &'a Content, backslash: bool) -> Self {
        let quote = if backslash { r#"\""# } else { "\"" };
        let segments = content.segments.iter();
        let lists = segments
            .filter(|one| one.standing == Standing::Ready)
            .map(|one| {
                let mut name = Vec::new();
                escape(&one.label, &mut name);
                let name = String::from_utf8_lossy(&name);
                (format!("{quote}{name}{quote}"), one)
            });
        let own = [
            ("msdynci_customerid", Holds::Value(0)),
            ("msdynci_segmentprovider", Holds::Same("Audience insights")),
            ("msdynci_segmentmembershiptype", Holds::Same("Customer")),
            ("msdynci_segments", Holds::Segments),
            ("msdynci_identifier", Holds::Identifier),
        ];
        let own = own.iter().map(|(name, holds)| ((*name).to_owned(), *holds));
        Self {
            entity: MEMBERSHIP,
            columns: columns(own, "msdynci_segmentmembershipid"),
            content,
            salt: 0x80,
            lists: Some(lists.collect()),
            edition: if backslash {
                "memberships with backslashes"
            } else {
                "memberships"
            },
        }
    }

    /// Finds a column.
    pub(super) fn find(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|one| one.name == name)
    }

    /// Whether a profile has a row.
    pub(super) fn holds(&self, row: usize) -> bool {
        let Some(lists) = &self.lists else {
            return true;
        };
        lists.iter().any(|(_, segment)| segment.members.holds(row))
    }

    /// A value as text; none for null.
    pub(super) fn text(&self, row: usize, holds: Holds) -> Option<Cow<'_, str>> {
        match holds {
            Holds::Value(at) => self.content.rows.text(row, at),
            Holds::Typed(at, typed) => {
                let value = self.content.rows.text(row, at)?;
                typed.stored(&value).map(Cow::Borrowed)
            }
            Holds::Segments => Some(self.list(row).into()),
            Holds::Identifier => {
                let id = unescape(self.content.rows.id(row));
                Some(format!("{id}|Audience insights|Customer|Customer").into())
            }
            Holds::Key => {
                let mut text = Vec::new();
                // Writing to memory cannot fail.
                let _ = key(self.salt, row, &mut text);
                Some(String::from_utf8_lossy(&text).into_owned().into())
            }
            Holds::Same(text) => Some(text.into()),
            Holds::Modified => Some(self.content.modified.as_str().into()),
            Holds::Number(number) => Some(number.to_string().into()),
        }
    }

    /// Adds the members of a row's object to a page: each key is written as it is, then its value.
    pub(super) fn write(&self, row: usize, keys: &[(Vec<u8>, Holds)], out: &mut Vec<u8>) {
        let deepest = keys.iter().map(|(_, holds)| match holds {
            Holds::Value(at) | Holds::Typed(at, _) => at + 1,
            _ => 0,
        });
        let needed = deepest.max().unwrap_or(0);
        let values: Vec<&[u8]> = self.content.rows.values(row).take(needed).collect();
        for (name, holds) in keys {
            out.extend_from_slice(name);
            // Writing to memory cannot fail.
            let _ = match holds {
                Holds::Value(at) => match values.get(*at) {
                    Some(value) if !value.is_empty() => quoted(out, |out| out.write_all(value)),
                    _ => out.write_all(b"null"),
                },
                Holds::Typed(..) => {
                    let stored = self.text(row, *holds);
                    out.write_all(stored.as_deref().unwrap_or("null").as_bytes())
                }
                Holds::Key => quoted(out, |out| key(self.salt, row, out)),
                Holds::Number(number) => write!(out, "{number}"),
                Holds::Same(text) => quoted(out, |out| out.write_all(text.as_bytes())),
                Holds::Modified => {
                    quoted(out, |out| out.write_all(self.content.modified.as_bytes()))
                }
                Holds::Segments | Holds::Identifier => {
                    let text = self.text(row, *holds).unwrap_or_default();
                    quoted(out, |out| {
                        escape(&text, out);
                        Ok(())
                    })
                }
            };
        }
    }

    fn list(&self, row: usize) -> String {
        let mut text = String::from("[");
        for (name, segment) in self.lists.iter().flatten() {
            if segment.members.holds(row) {
                if text.len() > 1 {
                    text.push(',');
                }
                text.push_str(name);
            }
        }
        text.push(']');
        text
    }
}

fn columns(own: impl Iterator<Item = (String, Holds)>, key: &str) -> Vec<Column> {
    let system = SYSTEM.iter();
    let system = system.map(|(name, holds)| ((*name).to_owned(), *holds));
    own.chain(system)
        .chain([(key.to_owned(), Holds::Key)])
        .map(|(name, holds)| Column { name, holds })
        .collect()
}

fn quoted(out: &mut Vec<u8>, inner: impl FnOnce(&mut Vec<u8>) -> io::Result<()>) -> io::Result<()> {
    out.push(b'"');
    inner(out)?;
    out.push(b'"');
    Ok(())
}

/// Writes a row's primary key: the same for the same row, and in no order.
fn key(salt: u64, row: usize, out: &mut Vec<u8>) -> io::Result<()> {
    let place = u64::try_from(row).unwrap_or(0);
    guid(mix(salt, place), mix(salt + 1, place), out)
}

/// Writes 128 bits as a GUID.
pub(super) fn guid(high: u64, low: u64, out: &mut Vec<u8>) -> io::Result<()> {
    write!(
        out,
        "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
        high >> 32,
        (high >> 16) & 0xffff,
        high & 0xffff,
        low >> 48,
        low & 0xffff_ffff_ffff
    )
}
