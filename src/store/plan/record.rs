use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::PlannedRow;
use crate::domain::{Before, Contact, Email, LeftOut, Member, PersonKey, ProfileId, Reason};

/// What the spool holds of a row: all but what stands in its entry.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Text<'a> {
    /// The place of its file.
    pub file: u32,
    pub line: u64,
    #[serde(borrow)]
    pub profile: Option<&'a str>,
    /// The address as the source wrote it, also one that cannot be used.
    #[serde(borrow)]
    pub address: Option<&'a str>,
    /// The normalised address, where it is written differently.
    #[serde(borrow)]
    key: Option<&'a str>,
    #[serde(borrow)]
    pub fields: &'a str,
    #[serde(borrow)]
    pub language: Option<&'a str>,
    /// The value at fault in a row that cannot be used.
    #[serde(borrow)]
    pub detail: &'a str,
    /// The value of the consent attribute, where it is not understood.
    #[serde(borrow)]
    pub unclear: Option<&'a str>,
    pub left_out: Cow<'a, [LeftOut]>,
}

/// What the spool holds of a contact that is to be updated, behind the text of its row.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Met<'a> {
    /// The address as the audience writes it.
    #[serde(borrow)]
    pub address: &'a str,
    /// Mailchimp's key of the contact, where it is not the person's.
    pub id: Option<PersonKey>,
    /// What the contact was, as JSON: its values are of kinds that only JSON tells apart.
    #[serde(borrow)]
    image: &'a str,
}

impl<'a> Text<'a> {
    /// Takes what is kept of a row.
    pub fn of(row: &'a PlannedRow, file: u32) -> Self {
        let content = row.content.as_ref().ok();
        let fault = row.content.as_ref().err();
        let email = content.map(|content| &content.email);
        Self {
            file,
            line: row.origin.line,
            profile: row
                .profile
                .as_ref()
                .filter(|_| fault.is_none_or(|fault| fault.reason != Reason::Erased))
                .map(ProfileId::as_str),
            address: match email {
                Some(email) => Some(email.address()),
                None => fault.and_then(|fault| fault.email.as_deref()),
            },
            key: email
                .filter(|email| email.key() != email.address())
                .map(Email::key),
            fields: content.map_or("", |content| &content.fields),
            language: content.and_then(|content| content.language.as_deref()),
            detail: fault.map_or("", |fault| &fault.detail),
            unclear: row.unclear.as_deref(),
            left_out: Cow::Borrowed(content.map_or(&[], |content| &content.left_out)),
        }
    }

    /// The normalised address.
    pub fn key(&self) -> &'a str {
        self.key.or(self.address).unwrap_or_default()
    }
}

impl Met<'_> {
    /// Reads what the contact was.
    pub fn image(&self) -> Result<Before, serde_json::Error> {
        serde_json::from_str(self.image)
    }
}

/// Writes a row's text as the spool holds it, over what the buffer held.
pub(super) fn encode(text: &Text<'_>, buffer: &mut Vec<u8>) -> Result<(), postcard::Error> {
    let mut empty = std::mem::take(buffer);
    empty.clear();
    *buffer = postcard::to_extend(text, empty)?;
    Ok(())
}

/// A record as it was read.
pub(super) struct Read<'a> {
    pub text: Text<'a>,
    pub met: Option<Met<'a>>,
    /// The bytes of the text, to be written once more with a contact behind it.
    pub bytes: &'a [u8],
}

/// Reads a record.
pub(super) fn decode(record: &[u8]) -> Result<Read<'_>, postcard::Error> {
    let (text, rest) = postcard::take_from_bytes(record)?;
    let met = if rest.is_empty() {
        None
    } else {
        Some(postcard::from_bytes(rest)?)
    };
    Ok(Read {
        text,
        met,
        bytes: &record[..record.len() - rest.len()],
    })
}

/// Writes what a contact is before it is updated.
pub(super) fn encode_met(member: &Member, contact: &Contact) -> Result<Vec<u8>, String> {
    let image =
        serde_json::to_string(&Before::of(member, contact)).map_err(|why| why.to_string())?;
    let met = Met {
        address: &contact.address,
        id: contact.id.filter(|id| *id != member.person),
        image: &image,
    };
    postcard::to_stdvec(&met).map_err(|why| why.to_string())
}
