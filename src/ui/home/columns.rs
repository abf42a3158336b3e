//! The columns of the list of destinations.

use super::super::table::Columned;

/// A column of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::ui) enum Column {
    /// The display name.
    Name,
    /// The type of the source.
    Source,
    /// The audience.
    Audience,
    /// The logins that it goes by.
    Login,
    /// What is going on, or what came of the last run.
    Status,
    /// When the last run ended.
    Refreshed,
    /// When it runs by itself.
    Schedule,
    /// When it was last changed.
    Updated,
}

/// How many columns there are.
pub(super) const COLUMNS: usize = Column::ALL.len();

impl Columned for Column {
    const ALL: &'static [Self] = &[
        Self::Name,
        Self::Source,
        Self::Audience,
        Self::Login,
        Self::Status,
        Self::Refreshed,
        Self::Schedule,
        Self::Updated,
    ];
    const ALWAYS: &'static [Self] = &[Self::Name, Self::Status, Self::Refreshed];
    const WHERE_THEY_FIT: &'static [Self] = &[
        Self::Schedule,
        Self::Audience,
        Self::Source,
        Self::Login,
        Self::Updated,
    ];

    fn heading(self) -> &'static str {
        match self {
            Self::Name => "list-name",
            Self::Source => "home-source",
            Self::Audience => "list-audience",
            Self::Login => "label-login",
            Self::Status => "home-status",
            Self::Refreshed => "home-refreshed",
            Self::Schedule => "label-schedule",
            Self::Updated => "home-updated",
        }
    }

    fn is_from_the_end(self) -> bool {
        matches!(self, Self::Refreshed | Self::Updated)
    }
}
