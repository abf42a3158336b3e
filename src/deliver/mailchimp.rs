//! What Segue reads of a Mailchimp account and an audience, and the few things it writes outside of batches.

mod contacts;
mod forget;
mod mailings;
mod restore;
mod tags;

use jiff::Timestamp;
use jiff::fmt::rfc2822;
use reqwest::Method;
use reqwest::header::DATE;
use serde_json::json;

use super::caller::{Call, Repeat};
use super::wire::{
    AccountRoot, Field, List, ListsPage, MembersPage, MergeFieldsPage, TagsFound, Times, WireMember,
};
use super::{Caller, Error, Which};
use crate::domain::{
    Audience, AudienceId, Contact, Email, FieldKind, MergeField, MergeTag, PersonKey, Status,
};
use crate::http::limits;

pub use mailings::{Automation, Campaign};
pub(super) use restore::Values;
pub use tags::{Holder, StaticSegment, Untagged};

/// The most members, audiences or fields in one page.
pub const PAGE: u64 = 1000;

/// How often a merge field is asked for while no answer comes and it is not there.
const FIELD_TRIES: u32 = 3;

const MEMBER_FIELDS: &str =
    "id,contact_id,email_address,status,merge_fields,tags,tags_count,language";
const LIST_FIELDS: &str = "total_items,lists.id,lists.web_id,lists.name,lists.double_optin,\
    lists.marketing_permissions,lists.stats.member_count,lists.stats.campaign_last_sent";
const TIME_FIELDS: &str = "timestamp_signup,timestamp_opt";

/// The account behind a login.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Its identifier.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Subscribers in all audiences.
    pub subscribers: u64,
}

/// The calls of the Marketing API that are not batches, over one lane.
#[derive(Debug, Clone)]
pub struct Mailchimp {
    caller: Caller,
}

impl Mailchimp {
    /// Calls over this lane.
    #[must_use]
    pub fn over(caller: Caller) -> Self {
        Self { caller }
    }

    /// Asks whose account it is.
    ///
    /// # Errors
    /// As every call: refused, unreachable, unreadable, or sign-in needed.
    pub async fn account(&self) -> Result<Account, Error> {
        let root: AccountRoot = self
            .caller
            .read(&Call::get("read the account", "/", &[]))
            .await?;
        Ok(Account {
            id: root.account_id,
            name: root.account_name,
            subscribers: root.total_subscribers,
        })
    }

    /// Asks the service for its clock, to the second: changes are asked for by its time, not ours.
    ///
    /// # Errors
    /// As every call; unreadable when the answer tells no time.
    pub async fn server_time(&self) -> Result<Timestamp, Error> {
        let what = "read the service's clock";
        let answer = self.caller.call(&Call::get(what, "/ping", &[])).await?;
        let date = answer
            .headers
            .get(DATE)
            .and_then(|date| date.to_str().ok())
            .unwrap_or_default();
        rfc2822::parse(date)
            .map(|time| time.timestamp())
            .map_err(|why| Error::Unreadable {
                what,
                why: why.to_string(),
            })
    }

    /// Lists the account's audiences.
    ///
    /// # Errors
    /// As every call.
    pub async fn audiences(&self) -> Result<Vec<Audience>, Error> {
        let what = "list audiences";
        let (mut all, mut seen, mut pages) = (Vec::new(), 0, 0);
        loop {
            let query = [
                ("count", PAGE.to_string()),
                ("offset", seen.to_string()),
                ("fields", LIST_FIELDS.to_owned()),
            ];
            let page: ListsPage = self.caller.read(&Call::get(what, "/lists", &query)).await?;
            let (rows, counted) = (page.lists.len() as u64, page.total_items);
            all.extend(page.lists.into_iter().filter_map(audience));
            seen += rows;
            if is_last(rows, seen, counted) {
                return Ok(all);
            }
            pages = next_page(pages, what)?;
        }
    }

    /// Reads one audience.
    ///
    /// # Errors
    /// [`Error::NotFound`] when the account has none of that ID; else as every call.
    pub async fn audience(&self, id: &AudienceId) -> Result<Audience, Error> {
        let what = "read the audience";
        let list: List = self
            .caller
            .read(&Call::get(what, format!("/lists/{id}"), &[]))
            .await?;
        audience(list).ok_or_else(|| Error::Unreadable {
            what,
            why: "its ID is none".to_owned(),
        })
    }

    /// Lists an audience's merge fields; one of an unknown type is taken for text.
    ///
    /// # Errors
    /// As every call.
    pub async fn merge_fields(&self, id: &AudienceId) -> Result<Vec<MergeField>, Error> {
        let what = "read merge fields";
        let (mut all, mut seen, mut pages) = (Vec::new(), 0, 0);
        loop {
            let query = [("count", PAGE.to_string()), ("offset", seen.to_string())];
            let call = Call::get(what, format!("/lists/{id}/merge-fields"), &query);
            let page: MergeFieldsPage = self.caller.read(&call).await?;
            let (rows, counted) = (page.merge_fields.len() as u64, page.total_items);
            all.extend(page.merge_fields.into_iter().filter_map(merge_field));
            seen += rows;
            if is_last(rows, seen, counted) {
                return Ok(all);
            }
            pages = next_page(pages, what)?;
        }
    }

    /// Makes a merge field.
    ///
    /// # Errors
    /// As every call; refused when the audience has no room for another.
    pub async fn create_merge_field(
        &self,
        id: &AudienceId,
        tag: &MergeTag,
        name: &str,
        kind: FieldKind,
    ) -> Result<(), Error> {
        let body = json!({"tag": tag.as_str(), "name": name, "type": kind, "public": false});
        let what = "create a merge field";
        let call = Call {
            what,
            method: Method::POST,
            path: format!("/lists/{id}/merge-fields"),
            query: vec![],
            body: Some(body.to_string().into()),
            repeat: Repeat::Unsure,
            shrinks: false,
        };
        let mut tries = 0;
        loop {
            tries += 1;
            match self.caller.call(&call).await {
                Err(Error::Unseen { .. } | Error::Unreadable { .. }) => {}
                answered => return answered.map(|_| ()),
            }
            // Sent twice, it could be there twice, under a tag that the service makes up: the audience tells.
            let fields = self.merge_fields(id).await?;
            if fields.iter().any(|field| field.tag == *tag) {
                return Ok(());
            }
            if tries == FIELD_TRIES {
                return Err(Error::Unseen { what });
            }
        }
    }

    /// Lists the names of all tags of an audience.
    ///
    /// # Errors
    /// As every call.
    pub async fn tags(&self, id: &AudienceId) -> Result<Vec<String>, Error> {
        let call = Call::get("read tags", format!("/lists/{id}/tag-search"), &[]);
        let found: TagsFound = self.caller.read(&call).await?;
        Ok(found.tags.into_iter().map(|tag| tag.name).collect())
    }

    /// Counts contacts: all that are not archived, or the archived ones. A hint: nothing may hang on it alone.
    ///
    /// # Errors
    /// As every call.
    pub async fn count(&self, id: &AudienceId, which: &Which) -> Result<u64, Error> {
        let mut query = filters(which);
        query.extend([
            ("count", "0".to_owned()),
            ("fields", "total_items,members.email_address".to_owned()),
        ]);
        let call = Call::get("count contacts", format!("/lists/{id}/members"), &query);
        let page: MembersPage = self.caller.read(&call).await?;
        Ok(page.total_items.unwrap_or(0))
    }

    /// Reads one page of contacts, and what the service tells of their number. Sorted by when they were first seen, so
    /// that pages do not shift when somebody changes.
    ///
    /// # Errors
    /// As every call; [`Error::TooMuch`] when a page of this size is not answered and may shrink.
    pub(super) async fn page(
        &self,
        id: &AudienceId,
        which: &Which,
        offset: u64,
        size: u64,
        shrinks: bool,
    ) -> Result<(Vec<Contact>, Option<u64>), Error> {
        let fields: Vec<String> = MEMBER_FIELDS
            .split(',')
            .map(|field| format!("members.{field}"))
            .collect();
        let mut query = filters(which);
        query.extend([
            ("count", size.to_string()),
            ("offset", offset.to_string()),
            ("sort_field", "timestamp_signup".to_owned()),
            ("sort_dir", "ASC".to_owned()),
            ("fields", format!("total_items,{}", fields.join(","))),
        ]);
        let call = Call {
            shrinks,
            ..Call::get("read contacts", format!("/lists/{id}/members"), &query)
        };
        let page: MembersPage = self.caller.read(&call).await?;
        Ok((
            page.members.into_iter().map(WireMember::contact).collect(),
            page.total_items,
        ))
    }

    /// Reads one contact by address in any of its spellings, archived ones too, with all its tags; `None` when the audience
    /// never saw it or it is forgotten.
    ///
    /// # Errors
    /// As every call; unreadable when the answer is about somebody else.
    pub async fn contact(&self, id: &AudienceId, address: &str) -> Result<Option<Contact>, Error> {
        let found = self.look_up(id, address).await?;
        Ok(found.map(|(contact, _)| contact))
    }

    /// The same, with the times of the contact.
    pub(super) async fn look_up(
        &self,
        id: &AudienceId,
        address: &str,
    ) -> Result<Option<(Contact, Times)>, Error> {
        let what = "read a contact";
        let key = Email::key_of(address);
        let query = [("fields", format!("{MEMBER_FIELDS},{TIME_FIELDS}"))];
        for spelling in Email::spellings(address) {
            let path = format!("/lists/{id}/members/{}", member_hash(&spelling));
            let call = Call::get(what, &path, &query);
            match self.caller.read::<WireMember>(&call).await {
                Ok(member) if Email::key_of(&member.email_address) != key => {
                    return Err(Error::stranger(what));
                }
                Ok(member) => {
                    let times = member.times();
                    let contact = self.with_all_tags(&path, member.contact()).await?;
                    return Ok(Some((contact, times)));
                }
                Err(Error::NotFound { .. }) => {}
                Err(why) => return Err(why),
            }
        }
        Ok(None)
    }

    /// Completes a contact of whom some tags were told.
    async fn with_all_tags(&self, path: &str, mut contact: Contact) -> Result<Contact, Error> {
        if contact.more_tags {
            contact.tags = self.all_tags(path, contact.tags).await?;
            contact.more_tags = false;
        }
        Ok(contact)
    }

    /// Reads all tags of a contact, of whom some were told.
    async fn all_tags(&self, contact: &str, told: Vec<String>) -> Result<Vec<String>, Error> {
        let what = "read a contact's tags";
        let (mut all, mut seen, mut pages) = (told, 0, 0);
        loop {
            let query = [("count", PAGE.to_string()), ("offset", seen.to_string())];
            let call = Call::get(what, format!("{contact}/tags"), &query);
            let page: TagsFound = match self.caller.read(&call).await {
                // Gone meanwhile, which calls about the contact will tell.
                Err(Error::NotFound { .. }) => return Ok(all),
                page => page?,
            };
            let (rows, counted) = (page.tags.len() as u64, page.total_items);
            all.extend(page.tags.into_iter().map(|tag| tag.name));
            seen += rows;
            if is_last(rows, seen, counted) {
                return Ok(all);
            }
            pages = next_page(pages, what)?;
        }
    }

    /// Archives a contact; one that is not there is no error.
    ///
    /// # Errors
    /// As every call.
    pub async fn archive(&self, id: &AudienceId, address: &str) -> Result<(), Error> {
        // Under whichever spelling the audience holds it.
        for spelling in Email::spellings(address) {
            let member = PersonKey::of(&spelling.trim().to_lowercase());
            match self.archive_seen(id, member).await {
                Err(Error::NotFound { .. }) => {}
                Ok(()) | Err(Error::Refused { status: 405, .. }) => return Ok(()),
                Err(why) => return Err(why),
            }
        }
        Ok(())
    }

    /// The same, by Mailchimp's own key of the contact.
    ///
    /// # Errors
    /// As every call.
    pub async fn archive_id(&self, id: &AudienceId, member: PersonKey) -> Result<(), Error> {
        match self.archive_seen(id, member).await {
            Ok(()) | Err(Error::NotFound { .. } | Error::Refused { status: 405, .. }) => Ok(()),
            Err(why) => Err(why),
        }
    }
}

/// Tells whether a list ends with this page: an empty one, or one that is not full where the service counts no more. Its
/// count alone is not believed.
fn is_last(rows: u64, seen: u64, counted: Option<u64>) -> bool {
    rows == 0 || (rows < PAGE && seen >= counted.unwrap_or(0))
}

/// Counts a page, and gives up a list that does not end.
fn next_page(pages: u32, what: &'static str) -> Result<u32, Error> {
    let most = limits::SHORT_LIST;
    if pages + 1 >= most {
        let why = format!("the list does not end; {most} pages were read");
        return Err(Error::Unreadable { what, why });
    }
    Ok(pages + 1)
}

fn filters(which: &Which) -> Vec<(&'static str, String)> {
    let status = which.archived.then_some(Status::Archived).or(which.status);
    let status = status.map(|status| ("status", status.as_str().to_owned()));
    let since = which.since.clone();
    status
        .into_iter()
        .chain(since.map(|time| ("since_last_changed", time)))
        .collect()
}

/// Mailchimp's key of a member: the MD5 of the lower-cased address.
pub(super) fn member_hash(address: &str) -> String {
    PersonKey::of(&address.trim().to_lowercase()).hex()
}

fn audience(list: List) -> Option<Audience> {
    Some(Audience {
        id: AudienceId::parse(&list.id)?,
        name: list.name,
        web_id: list.web_id,
        members: list.stats.member_count,
        last_campaign: list.stats.campaign_last_sent,
        double_optin: list.double_optin,
        marketing_permissions: list.marketing_permissions,
    })
}

fn merge_field(field: Field) -> Option<MergeField> {
    let kind = serde_json::from_value(field.kind.into()).unwrap_or(FieldKind::Text);
    Some(MergeField {
        tag: MergeTag::parse(&field.tag)?,
        name: field.name,
        kind,
        required: field.required,
        choices: field.options.choices,
        us_phone: field.options.phone_format.eq_ignore_ascii_case("us"),
    })
}
