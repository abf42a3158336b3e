//! The steps of the wizard, in their order, and the answers that each of them asks for.

use crate::domain::{Draft, Gap};

/// A step. Those of the documented form that take a line each are joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(in crate::ui) enum Step {
    /// What one needs.
    #[default]
    Start,
    /// Display name, data privacy and compliance.
    Name,
    /// Signing in with Mailchimp, and the audience.
    Mailchimp,
    /// Where the profiles come from, and the export user.
    Source,
    /// Data matching.
    Matching,
    /// Segments.
    Segments,
    /// What the documented form does not ask.
    Rules,
    /// Everything on one page.
    Review,
}

impl Step {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Start,
        Self::Name,
        Self::Mailchimp,
        Self::Source,
        Self::Matching,
        Self::Segments,
        Self::Rules,
        Self::Review,
    ];

    /// What a draft is kept with.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Name => "name",
            Self::Mailchimp => "mailchimp",
            Self::Source => "source",
            Self::Matching => "matching",
            Self::Segments => "segments",
            Self::Rules => "rules",
            Self::Review => "review",
        }
    }

    /// The key of its title.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Start => "ui-step-start",
            Self::Name => "ui-step-name",
            Self::Mailchimp => "ui-step-audience",
            Self::Source => "ui-step-source",
            Self::Matching => "label-data-matching",
            Self::Segments => "label-segments",
            Self::Rules => "ui-step-rules",
            Self::Review => "ui-step-review",
        }
    }

    /// The key of its title where there is little room.
    pub const fn short(self) -> &'static str {
        match self {
            Self::Mailchimp => "ui-short-mailchimp",
            Self::Source => "ui-short-source",
            other => other.title(),
        }
    }

    /// The keys of its help, paragraph by paragraph.
    pub const fn help(self) -> &'static [&'static str] {
        match self {
            Self::Start => &["ui-help-start"],
            Self::Name => &["ui-help-name", "ui-help-consent"],
            Self::Mailchimp => &["ui-help-login", "ui-help-audience"],
            Self::Source => &["ui-help-source"],
            Self::Matching => &["ui-help-matching"],
            Self::Segments => &["ui-help-segments"],
            Self::Rules => &["ui-help-rules"],
            Self::Review => &["ui-help-review"],
        }
    }

    /// The step that a draft was left at. Where it was kept without one, that is the first that lacks an answer, or the
    /// last.
    pub fn left(name: &str, draft: &Draft) -> Self {
        let named = Self::ALL.into_iter().find(|step| step.name() == name);
        let gaps = draft.gaps();
        let lacking = gaps.first().map(|gap| Fact::of(gap).step());
        let begun = Some(lacking.unwrap_or(Self::Review)).filter(|_| *draft != Draft::default());
        named.or(begun).unwrap_or_default()
    }

    /// The one with this number, from 1.
    pub fn numbered(number: usize) -> Option<Self> {
        Self::ALL.get(number.checked_sub(1)?).copied()
    }

    /// Its number, from 1.
    pub const fn number(self) -> usize {
        self as usize + 1
    }

    /// The one behind it; the last is its own.
    pub fn next(self) -> Self {
        Self::numbered(self.number() + 1).unwrap_or(self)
    }

    /// The one before it; the first is its own.
    pub fn before(self) -> Self {
        Self::numbered(self.number() - 1).unwrap_or(self)
    }
}

/// An answer, as the review has one a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::ui) enum Fact {
    /// The display name.
    Name,
    /// Data privacy and compliance.
    Privacy,
    /// The audience.
    Audience,
    /// The login with Mailchimp.
    Login,
    /// The source, and who reads it.
    Source,
    /// Data matching.
    Matching,
    /// Segments.
    Segments,
    /// How profiles are exported.
    Rules,
    /// The most profiles of a run.
    Limit,
}

impl Fact {
    /// All of them, in the order of the review.
    pub const ALL: [Self; 9] = [
        Self::Name,
        Self::Privacy,
        Self::Audience,
        Self::Login,
        Self::Source,
        Self::Matching,
        Self::Segments,
        Self::Rules,
        Self::Limit,
    ];

    /// The answer that fills a gap.
    pub fn of(gap: &Gap) -> Self {
        match gap {
            Gap::Name => Self::Name,
            Gap::Agreement => Self::Privacy,
            Gap::Audience => Self::Audience,
            Gap::Login => Self::Login,
            Gap::Source | Gap::SourceLogin => Self::Source,
            Gap::Email => Self::Matching,
            Gap::Segments => Self::Segments,
            Gap::MaxProfiles => Self::Limit,
            Gap::StatusIfNew | Gap::Tag(_) | Gap::SameTag(_) | Gap::RemovedTag(_) => Self::Rules,
        }
    }

    /// The step that asks for it.
    pub const fn step(self) -> Step {
        match self {
            Self::Name | Self::Privacy => Step::Name,
            Self::Audience | Self::Login => Step::Mailchimp,
            Self::Source => Step::Source,
            Self::Matching => Step::Matching,
            Self::Segments => Step::Segments,
            Self::Rules | Self::Limit => Step::Rules,
        }
    }

    /// The key of its label.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Name => "label-display-name",
            Self::Privacy => "ui-short-privacy",
            Self::Audience => "ui-short-audience",
            Self::Login => "label-login",
            Self::Source => "label-source",
            Self::Matching => "label-data-matching",
            Self::Segments => "label-segments",
            Self::Rules => "ui-step-rules",
            Self::Limit => "ui-short-limit",
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::Step;
    use crate::domain::{Agreement, Draft, LoginName, NewStatus, Segment, SourceSpec, Target};

    #[test]
    fn steps_follow_each_other_and_are_known_by_their_names() {
        for step in Step::ALL {
            assert_eq!(Step::left(step.name(), &Draft::default()), step);
            assert_eq!(Step::numbered(step.number()), Some(step));
            assert!(step.next() == step || step.next().before() == step);
        }
        assert_eq!((Step::numbered(0), Step::numbered(9)), (None, None));
        assert_eq!(Step::Start.before(), Step::Start);
    }

    #[test]
    fn a_draft_that_was_kept_without_its_step_is_gone_on_with_where_it_lacks_something() {
        let mut draft = Draft::default();
        assert_eq!(Step::left("", &draft), Step::Start);
        draft.name = "Spring".into();
        draft.agreement = Some(Agreement {
            at: Timestamp::UNIX_EPOCH,
            user: "lotta".to_owned(),
            language: "en".to_owned(),
            text_sha256: String::new(),
        });
        assert_eq!(Step::left("", &draft), Step::Mailchimp);
        let whole = Draft {
            audience: "a1b2c3".into(),
            login: Some(LoginName::parse("club").expect("name")),
            source: Some(SourceSpec::Folder("/srv/people".into())),
            segments: vec![Segment::new("Gold", "Gold")],
            status_if_new: Some(NewStatus::Pending),
            ..draft
        };
        assert_eq!(Step::left("", &whole), Step::Matching);
        let mut whole = whole;
        whole.map.set(Target::Email, "EMail");
        assert_eq!(Step::left("", &whole), Step::Review);
    }
}
