//! Folders that Customer Insights and Synapse Link write: which tables there are, and what each is for.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::Offset;

use super::super::lake;
use super::super::table::Table;
use super::super::{Error, guess};
use super::dated::{self, is_dated};
use super::load::{Loaded, Loader};
use super::look::{list, stem};
use super::membership::{Membership, find, plain};
use super::model::{Model, ToldTable};
use super::segment_file::{Holds, IdFile, SegmentFile, check_ids};
use super::view::ExportView;
use super::{Folder, Parts, SAMPLED, segment_column};
use crate::domain::{FolderLayout, FolderOptions, SegmentId, SegmentState, Semantic};

/// Names of the table of profiles, the likeliest first; compared by [`plain`].
const PROFILES: [&str; 7] = [
    "customerprofile",
    "customer",
    "customers",
    "profile",
    "profiles",
    "contact",
    "contacts",
];
/// Names of the table that tells who is in which segment.
const MEMBERSHIPS: [&str; 2] = ["segmentmembership", "segmentmemberships"];
/// Names of the table that tells of segments.
const SEGMENTS: [&str; 2] = ["segment", "segments"];
/// How many folders with nothing but one folder in them are gone into.
const DEPTH: usize = 4;

/// A folder with tables in it.
#[derive(Debug)]
pub(super) struct Export {
    root: PathBuf,
    /// The file that tells of the tables.
    model: Option<PathBuf>,
    tables: Vec<ToldTable>,
    /// What else the model refers to.
    others: Vec<String>,
}

/// What the tables are for.
struct Roles {
    profiles: Option<Loaded>,
    segments: Vec<(SegmentFile, Loaded)>,
    membership: Option<(Membership, Loaded)>,
    ignored: Vec<String>,
    /// What the model tells and nothing is made of.
    unread: Vec<String>,
}

impl Roles {
    /// Refuses an id column that the first table of whole rows does not have.
    fn check_id(&self, column: &str) -> Result<(), Error> {
        let rows = self.segments.iter().map(|(file, _)| match &file.holds {
            Holds::Rows(table) | Holds::Ids(IdFile { table, .. }) => table,
        });
        let profiles = self.profiles.iter().map(|loaded| &loaded.table);
        match profiles.chain(rows).next() {
            Some(table) if table.id.is_none() => Err(Error::UnknownIdColumn {
                path: table.file.path.clone(),
                column: column.to_owned(),
                candidates: table.attributes(),
            }),
            _ => Ok(()),
        }
    }
}

impl Export {
    /// Looks for a model, or for tables in folders by date.
    pub fn find(path: &Path, options: &FolderOptions) -> Result<Option<Self>, Error> {
        if path.is_file() {
            let named = path.extension().is_some_and(|ending| ending == "json");
            let model = if named { Model::read(path)? } else { None };
            let root = path.parent().unwrap_or(Path::new(""));
            return model.map(|model| Self::told(root, model)).transpose();
        }
        let mut folder = path.to_owned();
        for _ in 0..=DEPTH {
            if !folder.is_dir() {
                return Ok(None);
            }
            if let Some(model) = Model::find(&folder)? {
                return Self::told(&folder, model).map(Some);
            }
            if lake::is_table(&folder)? {
                return Ok(None);
            }
            let below = list(&folder)?;
            if below.iter().any(|path| path.is_dir() && is_interval(path)) {
                return Err(Error::IncrementalFolder { folder });
            }
            let data = below
                .iter()
                .any(|path| path.is_file() && stem(path).is_some());
            if data && options.layout.is_none() {
                return Ok(None);
            }
            let mut tables = dated_tables(&folder, &below)?;
            if tables.is_empty() {
                tables = lake_tables(&below)?;
            }
            if !tables.is_empty() {
                let (root, model) = (folder, None);
                return Ok(Some(Self {
                    root,
                    model,
                    tables,
                    others: Vec::new(),
                }));
            }
            match below.as_slice() {
                [only] if only.is_dir() => folder.clone_from(only),
                _ => return Ok(None),
            }
        }
        Ok(None)
    }

    fn told(root: &Path, model: Model) -> Result<Self, Error> {
        if is_interval(root) {
            let folder = root.to_owned();
            return Err(Error::IncrementalFolder { folder });
        }
        Ok(Self {
            root: root.to_owned(),
            model: Some(model.path),
            tables: model.tables,
            others: model.others,
        })
    }

    /// Gives each table its part.
    pub fn into_folder(self, options: &FolderOptions) -> Result<Folder, Error> {
        let loader = Loader::new(&self.root, self.model.as_deref(), options)?;
        let roles = self.roles(&loader, options)?;
        let none = roles.profiles.is_none() && roles.segments.is_empty();
        if none {
            return Err(self.no_tables());
        }
        if let Some(column) = &options.id_column {
            roles.check_id(column)?;
        }
        let exports = views(&roles);
        let newest = exports.iter().map(|(at, _)| *at).max();
        let profiles = roles.profiles.map(|loaded| loaded.table);
        let parts = match (&profiles, &options.segment_by, roles.membership) {
            (Some(profiles), Some(column), _) => Parts::Column(segment_column(profiles, column)?),
            (Some(_), _, Some((membership, _))) => Parts::Members(Box::new(membership)),
            _ if !roles.segments.is_empty() => {
                let aged = roles
                    .segments
                    .into_iter()
                    .map(|(file, loaded)| SegmentFile {
                        state: loaded.state(newest),
                        evaluated_at: loaded.at().and_then(timestamp),
                        ..file
                    });
                Parts::Files(aged.collect())
            }
            _ => Parts::Whole,
        };
        if let Parts::Files(files) = &parts {
            check_ids(files)?;
        }
        let mut folder = Folder::of(FolderLayout::Tables, profiles, parts);
        folder.view.ignored = roles.ignored;
        folder.view.unread.extend(roles.unread);
        folder.view.exports = exports.into_iter().map(|(_, view)| view).collect();
        Ok(folder)
    }

    fn roles(&self, loader: &Loader<'_>, options: &FolderOptions) -> Result<Roles, Error> {
        let named = |names: &[&str]| {
            names
                .iter()
                .find_map(|name| self.tables.iter().find(|told| plain(&told.name) == *name))
        };
        let by_column = options.segment_by.is_some();
        let only = self
            .tables
            .first()
            .filter(|_| by_column && self.tables.len() == 1);
        let profiles_told = named(&PROFILES).or(only);
        let membership_told = named(&MEMBERSHIPS).filter(|_| profiles_told.is_some() && !by_column);
        let mut roles = Roles {
            profiles: profiles_told.map(|told| loader.load(told)).transpose()?,
            segments: Vec::new(),
            membership: None,
            ignored: Vec::new(),
            unread: self.others.clone(),
        };
        let mut used: Vec<&str> = profiles_told
            .iter()
            .map(|told| told.name.as_str())
            .collect();
        if let (Some(told), Some(profiles)) = (membership_told, &mut roles.profiles) {
            let definitions = named(&SEGMENTS).filter(|told| told.tells("segmentid"));
            used.extend(definitions.map(|told| told.name.as_str()));
            used.push(told.name.as_str());
            let definitions = definitions.map(|told| loader.load(told)).transpose()?;
            let definitions = definitions.as_ref().map(|loaded| &loaded.table);
            let mut members = loader.load(told)?;
            let membership = Membership::of(members.take(), definitions)?;
            refer(&mut profiles.table, &membership, options)?;
            roles.membership = Some((membership, members));
        }
        let aside = by_column || roles.membership.is_some();
        self.take_others(&mut roles, &used, aside, loader)?;
        Ok(roles)
    }

    /// Takes each table without a part yet for a segment, where it is one and segments do not come from elsewhere.
    fn take_others(
        &self,
        roles: &mut Roles,
        used: &[&str],
        aside: bool,
        loader: &Loader<'_>,
    ) -> Result<(), Error> {
        let others = self
            .tables
            .iter()
            .filter(|told| !used.contains(&told.name.as_str()));
        for told in others {
            if let Some(part) = &told.unread {
                roles.unread.push(format!("{} ({part})", told.name));
                continue;
            }
            let profiles = roles.profiles.as_ref().map(|all| &all.table);
            let found = if aside {
                None
            } else {
                as_segment(told, profiles, loader)?
            };
            let Some(mut found) = found else {
                roles.ignored.push(told.name.clone());
                continue;
            };
            if let (Holds::Rows(table), true) =
                (&mut found.0.holds, roles.segments.len() >= SAMPLED)
            {
                table.rows.clear();
            }
            roles.segments.push(found);
        }
        Ok(())
    }

    fn no_tables(&self) -> Error {
        Error::NoTables {
            folder: self.root.clone(),
            tables: self
                .tables
                .iter()
                .map(|told| match &told.unread {
                    Some(part) => format!("{} ({part})", told.name),
                    None => told.name.clone(),
                })
                .chain(self.others.iter().cloned())
                .collect(),
        }
    }
}

/// Tells whether a folder holds the changes of one span of time only, by its name: Synapse Link names those it writes step by
/// step as `2026-11-24T10.15.00Z`.
fn is_interval(folder: &Path) -> bool {
    let folder = if folder.as_os_str().is_empty() {
        Path::new(".")
    } else {
        folder
    };
    let named = std::path::absolute(folder);
    let name = named.as_deref().unwrap_or(folder).file_name();
    let name = name.unwrap_or_default().to_string_lossy().into_owned();
    let shape: String = name
        .chars()
        .map(|letter| if letter.is_ascii_digit() { '0' } else { letter })
        .collect();
    [
        "0000-00-00T00.00.00",
        "0000-00-00T00_00_00",
        "0000-00-00T00:00:00",
    ]
    .iter()
    .any(|start| shape.starts_with(start))
}

/// Lists the folders that are tables, or the folder itself if it is one.
fn dated_tables(folder: &Path, below: &[PathBuf]) -> Result<Vec<ToldTable>, Error> {
    let table = |path: &Path| ToldTable {
        name: path
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default(),
        ..ToldTable::default()
    };
    if is_dated(folder)? {
        let named = std::path::absolute(folder);
        return Ok(vec![table(named.as_deref().unwrap_or(folder))]);
    }
    let mut tables = Vec::new();
    for path in below.iter().filter(|path| path.is_dir()) {
        if is_dated(path)? {
            tables.push(table(path));
        }
    }
    Ok(tables)
}

/// Lists the folders that are each a table of Parquet files, or a Delta table. One alone is a table as a file is one, and so
/// is one beside a folder `segments`.
fn lake_tables(below: &[PathBuf]) -> Result<Vec<ToldTable>, Error> {
    let mut tables = Vec::new();
    for path in below.iter().filter(|path| path.is_dir()) {
        let name = path.file_name().map(|name| name.to_string_lossy());
        let name = name.unwrap_or_default();
        if lake::is_table(path)? {
            // As Synapse Link names them where it writes Delta.
            let bare = name.strip_suffix("_partitioned").unwrap_or(&name);
            tables.push(ToldTable {
                name: bare.to_owned(),
                folder: Some(path.clone()),
                ..ToldTable::default()
            });
        } else if name.eq_ignore_ascii_case("segments") {
            return Ok(Vec::new());
        }
    }
    Ok(if tables.len() > 1 { tables } else { Vec::new() })
}

/// Takes a table for a segment: it has the profiles' columns or some of them, or, with no profiles, an address.
fn as_segment(
    told: &ToldTable,
    profiles: Option<&Table>,
    loader: &Loader<'_>,
) -> Result<Option<(SegmentFile, Loaded)>, Error> {
    let fits = |columns: &[String]| {
        if let Some(profiles) = profiles {
            let mut columns = columns.iter();
            let id = profiles.id_name();
            columns
                .clone()
                .all(|column| profiles.columns.contains(column))
                && columns.any(|column| Some(column.as_str()) == id)
        } else {
            let columns = columns.iter().map(|name| (name.as_str(), Vec::new()));
            let meanings = guess::semantics(&columns.collect::<Vec<_>>(), None);
            meanings.contains(&Some(Semantic::Email))
        }
    };
    if !told.fields.is_empty() && !fits(&told.names()) {
        return Ok(None);
    }
    let mut found = loader.load(told)?;
    if !fits(&found.table.columns) {
        return Ok(None);
    }
    let table = found.take();
    let holds = match profiles {
        Some(profiles) if table.columns.len() < profiles.columns.len() => {
            let column = profiles.id_name().and_then(|id| table.place(id));
            Holds::Ids(IdFile {
                column: column.unwrap_or(0),
                table,
            })
        }
        _ => Holds::Rows(table),
    };
    let file = SegmentFile::new(SegmentId::new(&told.name), holds);
    Ok(Some((file, found)))
}

/// Finds the column of the profiles that memberships refer to.
fn refer(
    profiles: &mut Table,
    membership: &Membership,
    options: &FolderOptions,
) -> Result<(), Error> {
    let member = plain(&membership.table.columns[membership.member]);
    if options.id_column.is_none() {
        profiles.id = find(&profiles.columns, &[&member]).or(profiles.id);
    }
    match profiles.id {
        Some(_) => Ok(()),
        None => Err(Error::NoIdColumn {
            path: profiles.file.path.clone(),
            candidates: profiles.attributes(),
        }),
    }
}

/// Lists which exports are read, in the order of the tables.
fn views(roles: &Roles) -> Vec<(DateTime, ExportView)> {
    let segments = roles.segments.iter().map(|(_, loaded)| loaded);
    let members = roles.membership.iter().map(|(_, loaded)| loaded);
    let loaded = roles.profiles.iter().chain(segments).chain(members);
    let dated = loaded.filter_map(|loaded| loaded.newest.as_ref().map(|newest| (loaded, newest)));
    let views = dated.map(|(loaded, newest)| {
        let incomplete = newest.incomplete.first();
        let view = ExportView {
            table: loaded.name.clone(),
            at: dated::written(newest.read.at),
            incomplete: incomplete.map(|export| dated::written(export.at)),
            missing: incomplete.map_or_else(Vec::new, |export| export.missing.clone()),
        };
        (newest.read.at, view)
    });
    views.collect()
}

/// The folders tell no time zone; the services' own is UTC.
fn timestamp(at: DateTime) -> Option<Timestamp> {
    Offset::UTC.to_timestamp(at).ok()
}

impl Loaded {
    fn at(&self) -> Option<DateTime> {
        self.newest.as_ref().map(|newest| newest.read.at)
    }

    /// Tells whether a newer export was begun, of this table or, more than an hour later, of others.
    fn state(&self, newest: Option<DateTime>) -> SegmentState {
        let begun = self
            .newest
            .as_ref()
            .is_some_and(|own| !own.incomplete.is_empty());
        let left_out = match (self.at(), newest) {
            (Some(at), Some(newest)) => at.duration_until(newest).as_hours() >= 1,
            _ => false,
        };
        if begun || left_out {
            SegmentState::Stale
        } else {
            SegmentState::Ready
        }
    }
}
