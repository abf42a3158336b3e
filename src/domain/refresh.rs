use jiff::Timestamp;

/// How fresh a source is, as far as it tells.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Refresh {
    /// Whether it is being refreshed now, so that segments may be about to change.
    pub running: bool,
    /// When its last refresh ended, or when something in it was changed last.
    pub ended_at: Option<Timestamp>,
    /// By what one state of it is told from another; empty where the source tells nothing.
    pub mark: String,
    /// What failed in its last refresh, where that failed.
    pub failed: Option<String>,
    /// How long it must have been quiet, as a rule, before it counts as refreshed: 0 where it tells that itself.
    pub quiet_seconds: u32,
}
