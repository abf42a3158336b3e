use serde::{Deserialize, Serialize};

use super::Reason;

/// What a run would do about somebody. The names are part of the JSON contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    /// A contact is made.
    Created,
    /// A contact that Segue archived by an undo is put back.
    Reinstated,
    /// Values or tags of a contact change.
    Updated,
    /// Someone whom the source does not hold any more loses tags.
    Untagged,
    /// Nothing is written, because of what the person or the service said.
    Suppressed,
    /// The profile cannot be delivered.
    Rejected,
    /// The audience holds all as it should be.
    Unchanged,
}

impl ChangeKind {
    /// Every kind, in the order in which they are counted.
    pub const ALL: [Self; 7] = [
        Self::Created,
        Self::Reinstated,
        Self::Updated,
        Self::Untagged,
        Self::Suppressed,
        Self::Rejected,
        Self::Unchanged,
    ];

    /// Its place where what matters most comes first: who loses something, who changes, who is new, then where nothing is
    /// written.
    #[must_use]
    pub fn rank(self) -> u8 {
        match self {
            Self::Untagged => 0,
            Self::Updated => 1,
            Self::Reinstated => 2,
            Self::Created => 3,
            Self::Rejected => 4,
            Self::Suppressed => 5,
            Self::Unchanged => 6,
        }
    }

    /// Shows the kind as JSON spells it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Reinstated => "reinstated",
            Self::Updated => "updated",
            Self::Untagged => "untagged",
            Self::Suppressed => "suppressed",
            Self::Rejected => "rejected",
            Self::Unchanged => "unchanged",
        }
    }

    /// Marks the kind with one sign, for those who skim.
    #[must_use]
    pub fn sign(self) -> char {
        match self {
            Self::Created | Self::Reinstated => '+',
            Self::Updated => '~',
            Self::Untagged => '−',
            Self::Suppressed => '!',
            Self::Rejected => '✗',
            Self::Unchanged => '=',
        }
    }
}

/// A value of a contact that would become another one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldChange {
    /// The merge field, a part of one (`ADDRESS.city`), or `language`.
    pub field: String,
    /// What the audience holds; empty for none.
    pub old: String,
    /// What would be sent; empty for none.
    pub new: String,
}

/// What a run would do about one person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// The address: as the audience writes it of those who are there, otherwise as the source does. Of somebody whom the
    /// source does not hold, Mailchimp's key of the contact.
    pub address: String,
    /// The profile's id, where the source has ids.
    pub profile: Option<String>,
    /// Where the profile was read: `FILE:LINE`.
    pub place: String,
    /// What would be done.
    pub what: ChangeKind,
    /// Why nothing would be written.
    pub reason: Option<Reason>,
    /// The value at fault in a profile that cannot be delivered.
    pub detail: String,
    /// The values that differ.
    pub fields: Vec<FieldChange>,
    /// The tags that would be added.
    pub tags_added: Vec<String>,
    /// The tags that would be removed.
    pub tags_removed: Vec<String>,
    /// Whether somebody changed values in Mailchimp since Segue delivered them: those that would be sent were delivered
    /// before, and the audience holds others now.
    pub changed_in_mailchimp: bool,
}

impl Change {
    /// Names the person: by address, else by profile, else by where the profile was read.
    #[must_use]
    pub fn who(&self) -> &str {
        let address = Some(self.address.as_str()).filter(|address| !address.is_empty());
        address.or(self.profile.as_deref()).unwrap_or(&self.place)
    }

    /// Tells whether nothing but Mailchimp's key is known of who it is.
    #[must_use]
    pub fn is_nameless(&self) -> bool {
        let is_key =
            self.address.len() == 32 && self.address.bytes().all(|c| c.is_ascii_hexdigit());
        is_key && self.profile.is_none()
    }

    /// Tells whether a text, which is in lower case, stands in anything that names the person or changes.
    #[must_use]
    pub fn mentions(&self, text: &str) -> bool {
        let fields = self.fields.iter();
        let fields = fields.flat_map(|one| [&*one.field, &*one.old, &*one.new]);
        let tags = self.tags_added.iter().chain(&self.tags_removed);
        [&*self.address, &*self.place, &*self.detail]
            .into_iter()
            .chain(self.profile.as_deref())
            .chain(fields)
            .chain(tags.map(String::as_str))
            .any(|part| part.to_lowercase().contains(text))
    }
}

#[cfg(test)]
mod tests {
    use super::{Change, ChangeKind};

    #[test]
    fn a_contact_is_nameless_of_whom_only_a_key_is_known() {
        let of = |address: &str, profile: Option<&str>| {
            let change = Change {
                address: address.to_owned(),
                profile: profile.map(str::to_owned),
                place: String::new(),
                what: ChangeKind::Untagged,
                reason: None,
                detail: String::new(),
                fields: Vec::new(),
                tags_added: Vec::new(),
                tags_removed: Vec::new(),
                changed_in_mailchimp: false,
            };
            change.is_nameless()
        };
        let key = "0123456789abcdef0123456789abcdef";
        assert!(of(key, None));
        assert!(!of(key, Some("7")));
        assert!(!of("abcdef@x.example", None));
        assert!(!of("", None));
    }
}
