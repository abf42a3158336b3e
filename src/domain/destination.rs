use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{
    Agreement, AudienceId, ConsentRule, DateOrder, DestinationId, DestinationName, LoginName,
    Mapping, MergeTag, NewField, NewStatus, Schedule, Segment, SegmentId,
};

/// Where profiles come from, written `KIND:PLACE`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum SourceSpec {
    /// A folder of files, or one file: `folder:PATH`.
    Folder(PathBuf),
    /// A Dataverse environment: `dataverse:https://ORG.crm.dynamics.com`. Has no trailing slash; whether credentials may
    /// be sent there is decided when it is opened.
    Dataverse(String),
    /// An instance of Customer Insights, by its id: `insights:INSTANCE-ID`.
    Insights(String),
    /// An engine that is asked in SQL, by the saved login that reaches it: `sql:LOGIN`.
    Sql(LoginName),
}

impl SourceSpec {
    /// Reads the address of a Dataverse environment as people have it at hand: without the scheme, or copied from the
    /// browser with the page they were on.
    #[must_use]
    pub fn environment(typed: &str) -> String {
        let typed = typed.trim();
        let (scheme, rest) = typed.split_once("://").unwrap_or(("https", typed));
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        format!("{scheme}://{host}")
    }

    /// Tells whether the source is a service that a person signs in to, besides what it says itself.
    #[must_use]
    pub fn needs_login(&self) -> bool {
        matches!(self, Self::Dataverse(_) | Self::Insights(_))
    }

    /// Gives the login that the source itself names.
    #[must_use]
    pub fn engine(&self) -> Option<&LoginName> {
        match self {
            Self::Sql(login) => Some(login),
            Self::Folder(_) | Self::Dataverse(_) | Self::Insights(_) => None,
        }
    }
}

impl FromStr for SourceSpec {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let unknown = || text.to_owned();
        let (kind, place) = text.trim().split_once(':').ok_or_else(unknown)?;
        match (kind, place.trim()) {
            (_, "") => Err(unknown()),
            ("folder", path) => Ok(Self::Folder(PathBuf::from(path))),
            ("dataverse", address) => Ok(Self::Dataverse(address.trim_end_matches('/').to_owned())),
            ("insights", instance) => Ok(Self::Insights(instance.to_owned())),
            ("sql", login) => LoginName::parse(login)
                .map(Self::Sql)
                .map_err(|_why| unknown()),
            _ => Err(unknown()),
        }
    }
}

impl fmt::Display for SourceSpec {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder(path) => write!(out, "folder:{}", path.display()),
            Self::Dataverse(address) => write!(out, "dataverse:{address}"),
            Self::Insights(instance) => write!(out, "insights:{instance}"),
            Self::Sql(login) => write!(out, "sql:{login}"),
        }
    }
}

impl TryFrom<String> for SourceSpec {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<SourceSpec> for String {
    fn from(spec: SourceSpec) -> Self {
        spec.to_string()
    }
}

/// How a folder's files make up profiles and segments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FolderLayout {
    /// One file; segments are the values of a column, or the one segment `all-profiles`.
    OneFile,
    /// A profiles file, and one file a segment in `segments/`, holding ids or whole rows.
    ProfilesAndSegments,
    /// Each file is a segment with whole rows.
    FilePerSegment,
    /// Tables as Customer Insights and Synapse Link write them: told of by `model.json` or `manifest.cdm.json`, or each in
    /// folders by date.
    Tables,
}

impl FolderLayout {
    /// All of them, as they are offered.
    pub const ALL: [Self; 4] = [
        Self::OneFile,
        Self::ProfilesAndSegments,
        Self::FilePerSegment,
        Self::Tables,
    ];
}

/// What the user said about a folder, of files or of queries, where looking at it was not enough.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct FolderOptions {
    /// The layout, when it shall not be told by looking.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub layout: Option<FolderLayout>,
    /// The column whose values are the segments of a single file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub segment_by: Option<String>,
    /// The column that holds the profile's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id_column: Option<String>,
    /// The character between cells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delimiter: Option<char>,
    /// The folder of queries, for a source that is asked in SQL.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub queries: Option<PathBuf>,
    /// The columns that each query gave when the destination was saved, as `NAME KIND`; none where that is not known.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub columns: BTreeMap<SegmentId, Vec<String>>,
}

impl FolderOptions {
    fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// What happens to a member's tag when the profile left the segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OnLeave {
    /// The tag is removed, nothing else.
    #[default]
    Untag,
    /// The tag stays.
    Keep,
}

/// What becomes of a tag that a destination gave and gives no more, on the people who have it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RemovedTag {
    /// The user has not said yet.
    #[default]
    Asked,
    /// The next run removes it, from however many.
    Untag,
    /// It stays.
    Keep,
}

impl From<OnLeave> for RemovedTag {
    fn from(chosen: OnLeave) -> Self {
        match chosen {
            OnLeave::Untag => Self::Untag,
            OnLeave::Keep => Self::Keep,
        }
    }
}

/// The most profiles a run may export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MaxProfiles(pub u64);

impl Default for MaxProfiles {
    /// The documented limit of the original connector.
    fn default() -> Self {
        Self(1_000_000)
    }
}

/// What a destination is made of: the one list of its parts, and of the keys of its file.
///
/// A part that a destination cannot be without is a parameter, since a [`Draft`](super::Draft) may lack it: one holds the
/// part itself, the other what was said of it so far.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Parts<Name, Audience, Source, Status, Time> {
    /// What the user calls it.
    pub name: Name,
    /// Its identity, where its name does not tell it: it was renamed, or another one had that name first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<DestinationId>,
    /// The saved login that reaches the audience; without one the destination is not connected, and does not run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub login: Option<LoginName>,
    /// The base of the service that it was saved with: sandbox and live are never mixed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub api: Option<String>,
    /// The audience that receives the members.
    pub audience: Audience,
    /// The audience's name when it was last seen.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub audience_name: String,
    /// Where profiles come from.
    pub source: Source,
    /// The saved login of the export user, for a source that needs one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_login: Option<LoginName>,
    /// What new people get; chosen by the user, never assumed.
    pub status_if_new: Status,
    /// Which attribute tells whether a person agreed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consent_attribute: Option<ConsentRule>,
    /// Attributes that look like consent and that the user said are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub consent_dismissed: Vec<String>,
    /// What happens to tags of people who left a segment.
    #[serde(default)]
    pub on_leave: OnLeave,
    /// Whether tags that existed before may be used as ours.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub adopt_tags: bool,
    /// Whether an empty value clears the merge field.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub clear_empty: bool,
    /// The most profiles a run may export.
    #[serde(default)]
    pub max_profiles: MaxProfiles,
    /// When it was made.
    pub created_at: Time,
    /// The user's "I agree". A file without it can be read, but no run starts from it (rule 6).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agreement: Option<Agreement>,
    /// Which attribute fills what.
    #[serde(default)]
    pub map: Mapping,
    /// Merge fields that the audience lacks, to be made when the destination is saved: then there are none left.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub new_fields: Vec<NewField>,
    /// The order of dates, by merge tag.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub date_orders: BTreeMap<MergeTag, DateOrder>,
    /// Other names for tags, by segment.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub tags: BTreeMap<SegmentId, String>,
    /// Tags that it gave once and gives no more, and what becomes of them.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub removed_tags: BTreeMap<String, RemovedTag>,
    /// Why attributes that look like consent are none, in the user's words.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub consent_dismissed_because: BTreeMap<String, String>,
    /// What the user said about the folder.
    #[serde(default, skip_serializing_if = "FolderOptions::is_default")]
    pub folder: FolderOptions,
    /// When it is exported by itself.
    #[serde(default, skip_serializing_if = "Schedule::is_off")]
    pub schedule: Schedule,
    /// The segments to export.
    #[serde(default)]
    pub segments: Vec<Segment>,
}

/// A saved destination: all that an export run needs to know, and no secret.
pub type Destination = Parts<DestinationName, AudienceId, SourceSpec, NewStatus, Timestamp>;

impl<Name, Audience, Source, Status, Time> Parts<Name, Audience, Source, Status, Time> {
    /// Puts other things in the places of the parts that a destination cannot be without.
    pub(super) fn with<N, A, So, St, T>(
        self,
        (name, audience): (N, A),
        (source, status_if_new, created_at): (So, St, T),
    ) -> Parts<N, A, So, St, T> {
        Parts {
            name,
            id: self.id,
            login: self.login,
            api: self.api,
            audience,
            audience_name: self.audience_name,
            source,
            source_login: self.source_login,
            status_if_new,
            consent_attribute: self.consent_attribute,
            consent_dismissed: self.consent_dismissed,
            on_leave: self.on_leave,
            adopt_tags: self.adopt_tags,
            clear_empty: self.clear_empty,
            max_profiles: self.max_profiles,
            created_at,
            agreement: self.agreement,
            map: self.map,
            new_fields: self.new_fields,
            date_orders: self.date_orders,
            tags: self.tags,
            removed_tags: self.removed_tags,
            consent_dismissed_because: self.consent_dismissed_because,
            folder: self.folder,
            schedule: self.schedule,
            segments: self.segments,
        }
    }
}

impl Destination {
    /// Tells its identity, by which its runs and the ledger know it.
    #[must_use]
    pub fn id(&self) -> DestinationId {
        let id = self.id.clone();
        id.unwrap_or_else(|| self.name.clone().into())
    }

    /// Tells whether it waits for refreshes of a source that does not tell of them, so that they are guessed.
    #[must_use]
    pub fn guesses_refreshes(&self) -> bool {
        let waits = matches!(self.schedule, Schedule::OnRefresh { .. });
        waits && matches!(self.source, SourceSpec::Dataverse(_))
    }

    /// Names its audience: as it was called when last seen, else by its ID.
    #[must_use]
    pub fn audience_label(&self) -> &str {
        match self.audience_name.as_str() {
            "" => self.audience.as_str(),
            name => name,
        }
    }

    /// Lists the logins that it uses.
    pub fn logins(&self) -> impl Iterator<Item = &LoginName> {
        let engine = self.source.engine();
        self.login.iter().chain(&self.source_login).chain(engine)
    }

    /// Names the tags of all its segments, by place.
    #[must_use]
    pub fn all_tags(&self) -> Vec<String> {
        let segments = self.segments.iter();
        segments.map(|segment| self.tag_of(segment)).collect()
    }

    /// Names the tag of one of its segments: the chosen one, or the segment's label, trimmed (rule 4).
    #[must_use]
    pub fn tag_of(&self, segment: &Segment) -> String {
        tag_of(segment, &self.tags)
    }
}

/// Names the tag of a segment: the chosen one, or the segment's label, trimmed (rule 4).
pub(super) fn tag_of(segment: &Segment, chosen: &BTreeMap<SegmentId, String>) -> String {
    let tag = chosen.get(&segment.id).unwrap_or(&segment.label);
    tag.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::SourceSpec;

    #[test]
    fn a_source_is_written_as_it_is_read() {
        for (typed, kept) in [
            ("folder: /data/people ", "folder:/data/people"),
            (
                "dataverse:https://org.crm.dynamics.com/",
                "dataverse:https://org.crm.dynamics.com",
            ),
            ("insights:1f9d", "insights:1f9d"),
            ("sql: warehouse", "sql:warehouse"),
        ] {
            let spec: SourceSpec = typed.parse().expect(typed);
            assert_eq!(spec.to_string(), kept);
            let signs_in = spec.engine().is_none() && !typed.starts_with("folder");
            assert_eq!(spec.needs_login(), signs_in);
        }
        for bad in ["", "folder:", "people.csv", "ftp:x", "insights: ", "sql:"] {
            assert!(bad.parse::<SourceSpec>().is_err(), "{bad:?}");
        }
    }
}
