use std::collections::{BTreeMap, BTreeSet};
use std::ops::{Deref, DerefMut};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::destination::{MaxProfiles, Parts, RemovedTag, tag_of};
use super::{
    AudienceId, Destination, DestinationName, NewField, NewStatus, Segment, SegmentId, SourceSpec,
    Target,
};

/// Text as typed, or nothing yet: in a file it may be left out.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(from = "Option<String>")]
pub struct Typed(String);

impl From<Option<String>> for Typed {
    fn from(text: Option<String>) -> Self {
        Self(text.unwrap_or_default())
    }
}

impl From<String> for Typed {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<&str> for Typed {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl Deref for Typed {
    type Target = String;
    fn deref(&self) -> &String {
        &self.0
    }
}

impl DerefMut for Typed {
    fn deref_mut(&mut self) -> &mut String {
        &mut self.0
    }
}

/// A destination in the making: what the wizard and `segue add` fill in, in any order.
pub type Draft = Parts<Typed, Typed, Option<SourceSpec>, Option<NewStatus>, Option<Timestamp>>;

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
    /// A word on what becomes of this tag, which the destination gives no more.
    RemovedTag(String),
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
            self.source.clone(),
            self.status_if_new,
        );
        let (Some(name), Some(audience), Some(source), Some(status)) = complete else {
            return Err(gaps);
        };
        if !gaps.is_empty() {
            return Err(gaps);
        }
        let made = self.created_at.unwrap_or(now);
        let mut folder = self.folder;
        if source.engine().is_none() {
            // An engine was the source before.
            folder.queries = None;
            folder.columns.clear();
        }
        let parts = Self {
            folder,
            source_login: self.source_login.filter(|_| source.needs_login()),
            new_fields: Vec::new(),
            ..self
        };
        Ok(parts.with((name, audience), (source, status, made)))
    }

    /// Lists the merge fields to be made when the destination is saved: those that are still mapped.
    #[must_use]
    pub fn fields_to_make(&self) -> Vec<NewField> {
        let mapped = self.map.tags();
        let fields = self.new_fields.iter();
        let fields = fields.filter(|field| mapped.contains(&&field.tag));
        fields.cloned().collect()
    }

    /// Lists what is missing, in the order of the wizard's steps.
    #[must_use]
    pub fn gaps(&self) -> Vec<Gap> {
        let first = [
            (DestinationName::parse(&self.name).is_ok(), Gap::Name),
            (self.agreement.is_some(), Gap::Agreement),
            (AudienceId::parse(&self.audience).is_some(), Gap::Audience),
            // One that is saved may have lost its connection, and is changed all the same.
            (
                self.login.is_some() || self.created_at.is_some(),
                Gap::Login,
            ),
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
            (self.max_profiles != MaxProfiles(0), Gap::MaxProfiles),
        ];
        let lacking = |(there, gap): (bool, Gap)| (!there).then_some(gap);
        let tags = tag_gaps(&self.segments, &self.tags);
        let asked = self.removed_tags.iter();
        let asked = asked.filter(|(_, what)| **what == RemovedTag::Asked);
        let asked = asked.map(|(tag, _)| Gap::RemovedTag(tag.clone()));
        let first = first.into_iter().filter_map(lacking).chain(tags);
        let last = last.into_iter().filter_map(lacking);
        first.chain(asked).chain(last).collect()
    }

    /// Has the user asked what becomes of the tags that the destination gave, as it is saved, and that the draft does not
    /// give: people have them. One that it gives is not removed, whatever was said before.
    pub fn ask_about_tags(&mut self, saved: &Destination) {
        let compared = |tag: &str| tag.trim().to_lowercase();
        let segments = self.segments.iter();
        let gives: BTreeSet<String> = segments
            .map(|segment| compared(&tag_of(segment, &self.tags)))
            .collect();
        self.removed_tags
            .retain(|tag, _| !gives.contains(&compared(tag)));
        if *self.audience != saved.audience.as_str() {
            return;
        }
        let before = saved.all_tags().into_iter();
        for tag in before.filter(|tag| !gives.contains(&compared(tag))) {
            self.removed_tags.entry(tag).or_default();
        }
    }
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
    /// Fills a draft from a saved destination, to edit it. Whatever it is called then, it stays that one.
    fn from(saved: Destination) -> Self {
        let first = (
            saved.name.to_string().into(),
            saved.audience.to_string().into(),
        );
        let last = (
            Some(saved.source.clone()),
            Some(saved.status_if_new),
            Some(saved.created_at),
        );
        let id = Some(saved.id());
        Self {
            id,
            ..saved.with(first, last)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Destination, Draft, Gap, RemovedTag};
    use crate::domain::{Segment, SegmentId};

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
    fn what_becomes_of_a_tag_that_is_given_no_more_has_to_be_said() {
        let text = "name = 'S'
audience = 'a1b2c3'
source = 'folder:x'
status_if_new = 'pending'
            created_at = '2026-01-01T00:00:00Z'
[[segments]]
id = '1'
label = 'Gold'
            [[segments]]
id = '2'
label = 'Silver'
";
        let saved: Destination = toml::from_str(text).expect("a destination");
        let mut draft = Draft::from(saved.clone());
        draft.segments = vec![Segment::new("1", "gold ")];
        draft.ask_about_tags(&saved);
        let gap = Gap::RemovedTag("Silver".to_owned());
        assert!(draft.gaps().contains(&gap));
        let said = RemovedTag::Keep;
        draft.removed_tags.insert("Silver".to_owned(), said);
        draft.ask_about_tags(&saved);
        assert!(!draft.gaps().contains(&gap), "it is not asked twice");
        draft.segments.push(Segment::new("2", "Silver"));
        draft.ask_about_tags(&saved);
        assert!(draft.removed_tags.is_empty(), "it is given again");
        draft.segments.clear();
        draft.audience = "ffffff".into();
        draft.ask_about_tags(&saved);
        assert!(draft.removed_tags.is_empty(), "nobody there has it");
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
