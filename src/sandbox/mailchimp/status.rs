//! The states of a contact.

use serde::Deserialize;

/// The state of a contact. In a body only the first five may be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(in crate::sandbox) enum Status {
    Subscribed,
    Unsubscribed,
    Cleaned,
    Pending,
    Transactional,
    #[serde(skip_deserializing)]
    Archived,
    /// Deleted for good: answers 404, and can never be written again.
    #[serde(skip_deserializing)]
    Forgotten,
}

impl Status {
    pub(super) const COUNT: usize = 7;

    pub(super) const ALL: [Self; Self::COUNT] = [
        Self::Subscribed,
        Self::Unsubscribed,
        Self::Cleaned,
        Self::Pending,
        Self::Transactional,
        Self::Archived,
        Self::Forgotten,
    ];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Subscribed => "subscribed",
            Self::Unsubscribed => "unsubscribed",
            Self::Cleaned => "cleaned",
            Self::Pending => "pending",
            Self::Transactional => "transactional",
            Self::Archived => "archived",
            Self::Forgotten => "forgotten",
        }
    }

    pub(super) fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.name() == name)
    }

    pub(super) fn index(self) -> usize {
        self as usize
    }

    /// How much mail a contact of this state may get; a rise is what must never happen to someone who said no.
    pub(super) fn rank(self) -> u8 {
        match self {
            Self::Unsubscribed | Self::Cleaned | Self::Archived | Self::Forgotten => 0,
            Self::Transactional => 1,
            Self::Pending => 2,
            Self::Subscribed => 3,
        }
    }

    /// Whether the contact, or its mail server, said no.
    pub(super) fn opted_out(self) -> bool {
        matches!(self, Self::Unsubscribed | Self::Cleaned)
    }
}
