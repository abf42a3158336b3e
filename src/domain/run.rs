use serde::{Deserialize, Serialize};

/// Who or what started a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "&'static str", from = "String")]
pub enum StartedBy {
    /// A person in the application.
    Person,
    /// A command that was typed, or that another program ran.
    Command,
    /// `segue watch`, by a schedule.
    Watch,
    /// `segue watch --once`, or another scheduler's tick.
    Once,
}

impl StartedBy {
    /// Shows it as JSON spells it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Command => "command",
            Self::Watch => "watch",
            Self::Once => "once",
        }
    }
}

impl From<StartedBy> for &'static str {
    fn from(by: StartedBy) -> Self {
        by.as_str()
    }
}

impl From<String> for StartedBy {
    /// Files of older versions hold the name of a user of the system: a person, then.
    fn from(text: String) -> Self {
        let all = [Self::Person, Self::Command, Self::Watch, Self::Once];
        let mut all = all.into_iter();
        all.find(|by| by.as_str() == text).unwrap_or(Self::Person)
    }
}

/// How a run stands, in the documented words of Customer Insights, and the one that they lack.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It waits for the account, the source, or to be tried again.
    Queued,
    /// It goes on.
    Processing,
    /// It came to its end, with rejects or without.
    Successful,
    /// It was due, and did not begin: its source had failed, or nothing had changed.
    Skipped,
    /// It failed.
    Failed,
    /// Somebody stopped it.
    Cancelled,
    /// Its program died, and it could not say so itself.
    Interrupted,
}

impl State {
    /// Shows the state as JSON spells it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Processing => "processing",
            Self::Successful => "successful",
            Self::Skipped => "skipped",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
            Self::Interrupted => "interrupted",
        }
    }

    /// Gives the sign that stands beside its word, so that colour alone never tells.
    #[must_use]
    pub fn sign(self) -> char {
        match self {
            Self::Queued => '…',
            Self::Processing => '▸',
            Self::Successful => '✓',
            Self::Skipped => '-',
            Self::Cancelled | Self::Interrupted => '!',
            Self::Failed => '✗',
        }
    }
}

#[cfg(test)]
mod tests {
    use super::StartedBy;

    #[test]
    fn who_started_a_run_survives_its_file_and_a_user_of_old_is_a_person() {
        for by in [
            StartedBy::Person,
            StartedBy::Command,
            StartedBy::Watch,
            StartedBy::Once,
        ] {
            let kept = serde_json::to_string(&by).expect("json");
            assert_eq!(kept, format!("\"{}\"", by.as_str()));
            assert_eq!(serde_json::from_str::<StartedBy>(&kept).expect("read"), by);
        }
        let old = serde_json::from_str::<StartedBy>("\"lotta\"");
        assert_eq!(old.expect("read"), StartedBy::Person);
    }
}
