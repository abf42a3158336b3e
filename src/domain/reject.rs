use serde::{Deserialize, Serialize};

/// What can be done about a reject.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Class {
    /// Nothing: this person cannot be delivered.
    Permanent,
    /// Something in the source or the mapping can be mended.
    Mapping,
    /// A later run may succeed.
    Later,
}

/// Why a profile was not written: as a reject, or suppressed. The names are part of the JSON contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// The contact unsubscribed.
    Unsubscribed,
    /// The contact's address bounced.
    Cleaned,
    /// The contact was archived, its former status unknown.
    Archived,
    /// The contact was asked to confirm and has not.
    AwaitingConfirmation,
    /// The contact was deleted for good and cannot come back.
    Forgotten,
    /// Mailchimp keeps the contact from being subscribed (unsubscribe, bounce or review).
    Compliance,
    /// Mailchimp holds the address for fake.
    Fake,
    /// The person was erased at their wish, and is not sent again.
    Erased,
    /// The profile's consent attribute does not say yes.
    NoConsent,
    /// Mailchimp says both that the contact exists and that it does not.
    Unclear,
    /// The profile's address was another one, which said no.
    ChangedAddressOfNo,
    /// The profile has no e-mail address.
    NoEmail,
    /// The profile's e-mail address is none.
    InvalidEmail,
    /// The row ends before a column that the mapping needs.
    ShortRow,
    /// The row has more cells than its header: its values stand in the wrong columns.
    RowTooLong,
    /// A segment names a profile that the source does not hold.
    NoProfile,
    /// A value does not fit its merge field.
    InvalidValue,
    /// A merge field that the audience requires has no value.
    MissingRequired,
    /// Mailchimp refused a merge field's value.
    MergeInvalid,
    /// The address signed up to many audiences lately; Mailchimp asks to wait.
    TooManySignups,
    /// Mailchimp refused the member and said why in its own words.
    Refused,
}

impl Reason {
    /// Every reason, in the order reports list them.
    pub const ALL: [Self; 21] = [
        Self::Unsubscribed,
        Self::Cleaned,
        Self::Archived,
        Self::AwaitingConfirmation,
        Self::Forgotten,
        Self::Compliance,
        Self::Fake,
        Self::Erased,
        Self::NoConsent,
        Self::Unclear,
        Self::ChangedAddressOfNo,
        Self::NoEmail,
        Self::InvalidEmail,
        Self::ShortRow,
        Self::RowTooLong,
        Self::NoProfile,
        Self::InvalidValue,
        Self::MissingRequired,
        Self::MergeInvalid,
        Self::TooManySignups,
        Self::Refused,
    ];

    /// Shows the reason as JSON and files spell it; never translated.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unsubscribed => "unsubscribed",
            Self::Cleaned => "cleaned",
            Self::Archived => "archived",
            Self::AwaitingConfirmation => "awaiting_confirmation",
            Self::Forgotten => "forgotten",
            Self::Compliance => "compliance",
            Self::Fake => "fake",
            Self::Erased => "erased",
            Self::NoConsent => "no_consent",
            Self::Unclear => "unclear",
            Self::ChangedAddressOfNo => "changed_address_of_no",
            Self::NoEmail => "no_email",
            Self::InvalidEmail => "invalid_email",
            Self::ShortRow => "short_row",
            Self::RowTooLong => "row_too_long",
            Self::NoProfile => "no_profile",
            Self::InvalidValue => "invalid_value",
            Self::MissingRequired => "missing_required",
            Self::MergeInvalid => "merge_invalid",
            Self::TooManySignups => "too_many_signups",
            Self::Refused => "refused",
        }
    }

    /// Reads what [`Reason::as_str`] wrote.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.as_str() == text)
    }

    /// Tells what can be done about a reject of this reason.
    #[must_use]
    pub fn class(self) -> Class {
        match self {
            Self::NoEmail
            | Self::InvalidEmail
            | Self::ShortRow
            | Self::RowTooLong
            | Self::NoProfile
            | Self::InvalidValue
            | Self::MissingRequired
            | Self::MergeInvalid => Class::Mapping,
            Self::TooManySignups | Self::AwaitingConfirmation | Self::Unclear => Class::Later,
            _ => Class::Permanent,
        }
    }

    /// Tells whether later runs must remember this refusal and leave the person alone (rule 1): for good, or for a while
    /// where Mailchimp contradicts itself.
    #[must_use]
    pub fn is_remembered(self) -> bool {
        matches!(
            self,
            Self::Forgotten | Self::Compliance | Self::Fake | Self::Unclear
        )
    }
}

/// What a reject is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RejectKind {
    /// A profile that could not be delivered.
    #[default]
    Person,
    /// A value that was left out; the rest of its profile was delivered.
    Value,
}

impl RejectKind {
    /// Shows the kind as JSON and files spell it; never translated.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Value => "value",
        }
    }
}

/// A profile that could not be delivered, or a value that was left out, as reports and files hold it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reject {
    /// The profile's id, where the source has ids.
    pub profile: Option<String>,
    /// Where it was read.
    pub file: String,
    /// The line (from 1) its row starts at; 0 where there are no lines.
    pub line: u64,
    /// The address as the source wrote it, where it has one.
    pub email: Option<String>,
    /// Why.
    pub reason: Reason,
    /// The value, merge field or vendor's text at fault, for a person to read.
    pub detail: String,
    /// Whether it is about the whole profile or about one value of it.
    #[serde(default)]
    pub kind: RejectKind,
}

impl Reject {
    /// Names where it was read: `FILE:LINE`.
    #[must_use]
    pub fn place(&self) -> String {
        format!("{}:{}", self.file, self.line)
    }
}

#[cfg(test)]
mod tests {
    use super::Reason;

    #[test]
    fn a_reason_is_spelled_alike_in_json_and_in_files() {
        for reason in Reason::ALL {
            assert_eq!(serde_json::to_value(reason).expect("json"), reason.as_str());
            assert_eq!(Reason::parse(reason.as_str()), Some(reason));
        }
    }
}
