//! Reads a destination from TOML as `segue show --toml` prints it; anything but the mapping may be left out and given
//! as flags.

use serde::Deserialize;

use crate::domain::{
    AudienceId, ConsentRule, DateOrder, Draft, FolderOptions, LoginName, Mapping, MergeTag,
    NewStatus, OnLeave, Segment, SegmentId, SourceSpec,
};
use std::collections::BTreeMap;

/// The file's keys are a destination's; base, time and agreement in it are passed over, since they were another one's.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct File {
    name: Option<String>,
    login: Option<LoginName>,
    audience: Option<AudienceId>,
    audience_name: String,
    source: Option<SourceSpec>,
    source_login: Option<LoginName>,
    status_if_new: Option<NewStatus>,
    consent_attribute: Option<ConsentRule>,
    consent_dismissed: Vec<String>,
    on_leave: OnLeave,
    adopt_tags: bool,
    clear_empty: bool,
    max_profiles: Option<u64>,
    api: Option<String>,
    created_at: Option<String>,
    agreement: Option<toml::Table>,
    map: Mapping,
    date_orders: BTreeMap<MergeTag, DateOrder>,
    tags: BTreeMap<SegmentId, String>,
    folder: FolderOptions,
    segments: Vec<NamedSegment>,
}

/// A segment as a person writes it (`"Gold"`), or as `show --toml` does.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum NamedSegment {
    Name(String),
    Whole(Segment),
}

/// Reads the text of a file.
pub(super) fn read(text: &str) -> Result<Draft, toml::de::Error> {
    let file: File = toml::from_str(text)?;
    let (_theirs, _not_ours, _nor_this) = (file.created_at, file.agreement, file.api);
    let segment = |named| match named {
        NamedSegment::Name(name) => Segment::new(name.clone(), name),
        NamedSegment::Whole(segment) => segment,
    };
    Ok(Draft {
        name: file.name.unwrap_or_default(),
        login: file.login,
        audience: file.audience.map(String::from).unwrap_or_default(),
        audience_name: file.audience_name,
        source: file.source,
        source_login: file.source_login,
        folder: file.folder,
        status_if_new: file.status_if_new,
        consent_attribute: file.consent_attribute,
        consent_dismissed: file.consent_dismissed,
        on_leave: file.on_leave,
        adopt_tags: file.adopt_tags,
        clear_empty: file.clear_empty,
        max_profiles: file.max_profiles,
        agreement: None,
        map: file.map,
        date_orders: file.date_orders,
        tags: file.tags,
        segments: file.segments.into_iter().map(segment).collect(),
        created_at: None,
        new_fields: Vec::new(),
    })
}
