use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{
    Agreement, AudienceId, ConsentRule, DateOrder, DestinationName, LoginName, Mapping, MergeTag,
    NewStatus, Segment, SegmentId, Target,
};

/// The most profiles a run exports unless the user lowers it: the documented limit of the original connector.
const MAX_PROFILES: u64 = 1_000_000;

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

    /// Tells whether the source is a service that a person signs in to.
    #[must_use]
    pub fn needs_login(&self) -> bool {
        !matches!(self, Self::Folder(_))
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

/// What the user said about a folder, where looking at it was not enough.
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

/// A saved destination: all that an export run needs to know, and no secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Destination {
    /// What the user calls it.
    pub name: DestinationName,
    /// The saved login that reaches the audience.
    pub login: LoginName,
    /// The base of the service that it was saved with: sandbox and live are never mixed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub api: Option<String>,
    /// The audience that receives the members.
    pub audience: AudienceId,
    /// The audience's name when it was last seen.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub audience_name: String,
    /// Where profiles come from.
    pub source: SourceSpec,
    /// The saved login of the export user, for a source that needs one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_login: Option<LoginName>,
    /// What new people get; chosen by the user, never assumed.
    pub status_if_new: NewStatus,
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
    #[serde(default = "default_max_profiles")]
    pub max_profiles: u64,
    /// When it was made.
    pub created_at: Timestamp,
    /// The user's "I agree". A file without it can be read, but no run starts from it (rule 6).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agreement: Option<Agreement>,
    /// Which attribute fills what.
    pub map: Mapping,
    /// The order of dates, by merge tag.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub date_orders: BTreeMap<MergeTag, DateOrder>,
    /// Other names for tags, by segment.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub tags: BTreeMap<SegmentId, String>,
    /// What the user said about the folder.
    #[serde(default, skip_serializing_if = "FolderOptions::is_default")]
    pub folder: FolderOptions,
    /// The segments to export.
    pub segments: Vec<Segment>,
}

fn default_max_profiles() -> u64 {
    MAX_PROFILES
}

impl Destination {
    /// Names the tag of one of its segments: the chosen one, or the segment's label, trimmed (rule 4).
    #[must_use]
    pub fn tag_of(&self, segment: &Segment) -> String {
        tag_of(segment, &self.tags)
    }
}

/// A destination in the making: what the wizard and `segue add` fill in, in any order.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Draft {
    /// As typed.
    pub name: String,
    /// The chosen login.
    pub login: Option<LoginName>,
    /// As typed or picked.
    pub audience: String,
    /// The audience's name, once known.
    pub audience_name: String,
    /// The chosen source.
    pub source: Option<SourceSpec>,
    /// The login of the export user, for a source that needs one.
    pub source_login: Option<LoginName>,
    /// What the user said about the folder.
    pub folder: FolderOptions,
    /// The user's choice for new people.
    pub status_if_new: Option<NewStatus>,
    /// The consent attribute, where one was chosen.
    pub consent_attribute: Option<ConsentRule>,
    /// Attributes the user said are no consent.
    pub consent_dismissed: Vec<String>,
    /// On leaving a segment.
    pub on_leave: OnLeave,
    /// Whether to take over tags that exist.
    pub adopt_tags: bool,
    /// Whether empty values clear.
    pub clear_empty: bool,
    /// The most profiles; the documented million unless lowered.
    pub max_profiles: Option<u64>,
    /// The "I agree", once given.
    pub agreement: Option<Agreement>,
    /// Which attribute fills what.
    pub map: Mapping,
    /// The order of dates, by merge tag.
    pub date_orders: BTreeMap<MergeTag, DateOrder>,
    /// Other names for tags.
    pub tags: BTreeMap<SegmentId, String>,
    /// The chosen segments.
    pub segments: Vec<Segment>,
    /// When the destination was first made; `None` for a new one.
    pub created_at: Option<Timestamp>,
    /// Merge fields that the audience lacks, to be made when the destination is saved.
    pub new_fields: Vec<MergeTag>,
}

/// What a draft still lacks.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Gap {
    /// A usable name.
    Name,
    /// The "I agree".
    Agreement,
    /// A login.
    Login,
    /// An audience ID.
    Audience,
    /// A source.
    Source,
    /// A login for a source that needs one.
    SourceLogin,
    /// An attribute for the e-mail address.
    Email,
    /// At least one segment.
    Segments,
    /// A name for the tag of the segment with this label.
    Tag(String),
    /// Different tags for two segments: both would get this one.
    SameTag(String),
    /// The status of new people.
    StatusIfNew,
    /// A limit of at least one profile.
    MaxProfiles,
}

impl Draft {
    /// Makes the destination, stamped with the time given unless it has one already.
    ///
    /// # Errors
    /// Lists everything that is missing, in the order of the wizard's steps.
    pub fn finish(self, now: Timestamp) -> Result<Destination, Vec<Gap>> {
        let gaps = self.gaps();
        let complete = (
            DestinationName::parse(&self.name).ok(),
            AudienceId::parse(&self.audience),
            self.agreement,
            self.login,
            self.source,
            self.status_if_new,
        );
        let (Some(name), Some(audience), Some(agreement), Some(login), Some(source), Some(status)) =
            complete
        else {
            return Err(gaps);
        };
        if !gaps.is_empty() {
            return Err(gaps);
        }
        Ok(Destination {
            name,
            login,
            api: None,
            audience,
            audience_name: self.audience_name,
            source_login: self.source_login.filter(|_| source.needs_login()),
            source,
            status_if_new: status,
            consent_attribute: self.consent_attribute,
            consent_dismissed: self.consent_dismissed,
            on_leave: self.on_leave,
            adopt_tags: self.adopt_tags,
            clear_empty: self.clear_empty,
            max_profiles: self.max_profiles.unwrap_or(MAX_PROFILES),
            created_at: self.created_at.unwrap_or(now),
            agreement: Some(agreement),
            map: self.map,
            date_orders: self.date_orders,
            tags: self.tags,
            folder: self.folder,
            segments: self.segments,
        })
    }

    /// Lists the merge fields to be made when the destination is saved: those that are still mapped.
    #[must_use]
    pub fn fields_to_make(&self) -> Vec<MergeTag> {
        let mapped = self.map.tags();
        let fields = self.new_fields.iter().filter(|tag| mapped.contains(tag));
        fields.cloned().collect()
    }

    /// Lists what is missing, in the order of the wizard's steps.
    #[must_use]
    pub fn gaps(&self) -> Vec<Gap> {
        let first = [
            (DestinationName::parse(&self.name).is_ok(), Gap::Name),
            (self.agreement.is_some(), Gap::Agreement),
            (AudienceId::parse(&self.audience).is_some(), Gap::Audience),
            (self.login.is_some(), Gap::Login),
            (self.source.is_some(), Gap::Source),
            (
                self.source_login.is_some()
                    || !self.source.as_ref().is_some_and(SourceSpec::needs_login),
                Gap::SourceLogin,
            ),
            (self.map.get(&Target::Email).is_some(), Gap::Email),
            (!self.segments.is_empty(), Gap::Segments),
        ];
        let last = [
            (self.status_if_new.is_some(), Gap::StatusIfNew),
            (self.max_profiles != Some(0), Gap::MaxProfiles),
        ];
        let lacking = |(there, gap): (bool, Gap)| (!there).then_some(gap);
        let tags = tag_gaps(&self.segments, &self.tags);
        let first = first.into_iter().filter_map(lacking).chain(tags);
        first.chain(last.into_iter().filter_map(lacking)).collect()
    }
}

/// Names the tag of a segment: the chosen one, or the segment's label, trimmed (rule 4).
fn tag_of(segment: &Segment, chosen: &BTreeMap<SegmentId, String>) -> String {
    let tag = chosen.get(&segment.id).unwrap_or(&segment.label);
    tag.trim().to_owned()
}

/// Finds tags without a name, and tags that two segments would share: Mailchimp tells tags apart neither by case nor by
/// blanks, and who left one of the two segments could not be told from who is in the other.
fn tag_gaps(segments: &[Segment], chosen: &BTreeMap<SegmentId, String>) -> Vec<Gap> {
    let mut seen = BTreeSet::new();
    let mut gaps = Vec::new();
    for segment in segments {
        let tag = tag_of(segment, chosen);
        let compared = tag.split_whitespace().collect::<Vec<_>>().join(" ");
        if tag.is_empty() {
            gaps.push(Gap::Tag(segment.label.clone()));
        } else if !seen.insert(compared.to_lowercase()) {
            gaps.push(Gap::SameTag(tag));
        }
    }
    gaps
}

impl From<Destination> for Draft {
    /// Fills a draft from a saved destination, to edit it.
    fn from(saved: Destination) -> Self {
        Self {
            name: saved.name.into(),
            login: Some(saved.login),
            audience: saved.audience.into(),
            audience_name: saved.audience_name,
            source: Some(saved.source),
            source_login: saved.source_login,
            folder: saved.folder,
            status_if_new: Some(saved.status_if_new),
            consent_attribute: saved.consent_attribute,
            consent_dismissed: saved.consent_dismissed,
            on_leave: saved.on_leave,
            adopt_tags: saved.adopt_tags,
            clear_empty: saved.clear_empty,
            max_profiles: Some(saved.max_profiles),
            agreement: saved.agreement,
            map: saved.map,
            date_orders: saved.date_orders,
            tags: saved.tags,
            segments: saved.segments,
            created_at: Some(saved.created_at),
            new_fields: Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Draft, Gap, SourceSpec};
    use crate::domain::{Segment, SegmentId};

    #[test]
    fn a_source_is_written_as_it_is_read() {
        for (typed, kept) in [
            ("folder: /data/people ", "folder:/data/people"),
            (
                "dataverse:https://org.crm.dynamics.com/",
                "dataverse:https://org.crm.dynamics.com",
            ),
            ("insights:1f9d", "insights:1f9d"),
        ] {
            let spec: SourceSpec = typed.parse().expect(typed);
            assert_eq!(spec.to_string(), kept);
            assert_eq!(spec.needs_login(), !typed.starts_with("folder"));
        }
        for bad in ["", "folder:", "people.csv", "ftp:x", "insights: "] {
            assert!(bad.parse::<SourceSpec>().is_err(), "{bad:?}");
        }
    }

    #[test]
    fn no_two_segments_share_a_tag_and_none_is_without_a_name() {
        let mut draft = Draft {
            segments: vec![
                Segment::new("1", "Gold"),
                Segment::new("2", " gold "),
                Segment::new("3", "Win  back"),
                Segment::new("4", "win back"),
                Segment::new("5", "Silver"),
            ],
            ..Draft::default()
        };
        let tags = |draft: &Draft| -> Vec<Gap> {
            let about_tags = |gap: &Gap| matches!(gap, Gap::Tag(_) | Gap::SameTag(_));
            draft.gaps().into_iter().filter(about_tags).collect()
        };
        let same = |tag: &str| Gap::SameTag(tag.to_owned());
        assert_eq!(tags(&draft), [same("gold"), same("win back")]);
        for (segment, tag) in [("2", "Old gold"), ("4", "Back"), ("5", " ")] {
            draft.tags.insert(SegmentId::new(segment), tag.to_owned());
        }
        assert_eq!(tags(&draft), [Gap::Tag("Silver".to_owned())]);
        draft.tags.insert(SegmentId::new("5"), "GOLD".to_owned());
        assert_eq!(tags(&draft), [same("GOLD")]);
    }

    #[test]
    fn an_empty_draft_lacks_everything_but_a_limit() {
        let now = jiff::Timestamp::UNIX_EPOCH;
        let gaps = Draft::default().finish(now).expect_err("nothing is there");
        assert_eq!(gaps.len(), 8);
        assert!(
            gaps.contains(&Gap::StatusIfNew),
            "there is no default status"
        );
        assert!(
            gaps.contains(&Gap::Agreement),
            "no destination without the agreement"
        );
    }
}
