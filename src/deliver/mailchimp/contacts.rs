//! Single contacts, by Mailchimp's own key.

use reqwest::Method;
use serde_json::{Value, json};

use super::super::caller::{Call, Repeat};
use super::super::wire::{MembersPage, Times, WireMember};
use super::{MEMBER_FIELDS, Mailchimp, PAGE, TIME_FIELDS, filters, member_hash};
use crate::deliver::{Error, Which};
use crate::domain::{AudienceId, Contact, Member, NewStatus, PersonKey};

impl Mailchimp {
    /// Reads one contact by Mailchimp's own key, archived ones too, with all its tags; `None` when the audience has none.
    ///
    /// # Errors
    /// As every call.
    pub async fn contact_by_id(
        &self,
        id: &AudienceId,
        member: PersonKey,
    ) -> Result<Option<Contact>, Error> {
        let found = self.look_up_id(id, member).await?;
        Ok(found.map(|(contact, _)| contact))
    }

    /// Reads one contact by Mailchimp's own key, archived ones too, with its times; `None` when the audience has none.
    pub(in crate::deliver) async fn look_up_id(
        &self,
        id: &AudienceId,
        member: PersonKey,
    ) -> Result<Option<(Contact, Times)>, Error> {
        let query = [("fields", format!("{MEMBER_FIELDS},{TIME_FIELDS}"))];
        let path = format!("/lists/{id}/members/{}", member.hex());
        let call = Call::get("read a contact", &path, &query);
        match self.caller.read::<WireMember>(&call).await {
            Ok(member) => {
                let times = member.times();
                self.with_all_tags(&path, member.contact())
                    .await
                    .map(|contact| Some((contact, times)))
            }
            Err(Error::NotFound { .. }) => Ok(None),
            Err(why) => Err(why),
        }
    }

    /// Reads one page of contacts with their times; an empty one is the end.
    pub(in crate::deliver) async fn page_with_times(
        &self,
        id: &AudienceId,
        which: &Which,
        offset: u64,
    ) -> Result<Vec<(Contact, Times)>, Error> {
        let fields = MEMBER_FIELDS.split(',').chain(TIME_FIELDS.split(','));
        let fields: Vec<String> = fields.map(|field| format!("members.{field}")).collect();
        let mut query = filters(which);
        query.extend([
            ("count", PAGE.to_string()),
            ("offset", offset.to_string()),
            ("sort_field", "timestamp_signup".to_owned()),
            ("sort_dir", "ASC".to_owned()),
            ("fields", fields.join(",")),
        ]);
        let call = Call::get("read contacts", format!("/lists/{id}/members"), &query);
        let page: MembersPage = self.caller.read(&call).await?;
        let members = page.members.into_iter();
        Ok(members
            .map(|member| {
                let times = member.times();
                (member.contact(), times)
            })
            .collect())
    }

    /// Puts an archived contact back with a status, values and tags; gives the contact as it stands then.
    ///
    /// # Errors
    /// As every call.
    pub(in crate::deliver) async fn put_back(
        &self,
        id: &AudienceId,
        member: &Member,
        status: NewStatus,
        tags: &[&str],
    ) -> Result<Contact, Error> {
        let what = "put a contact back";
        let unreadable = |why: serde_json::Error| Error::Unreadable {
            what,
            why: why.to_string(),
        };
        let fields: Value = serde_json::from_str(&member.fields).map_err(unreadable)?;
        let mut body = json!({
            "email_address": member.address, "status": status, "status_if_new": status,
            "merge_fields": fields,
        });
        if let Some(language) = &member.language {
            body["language"] = language.as_str().into();
        }
        let path = format!("/lists/{id}/members/{}", member_hash(&member.address));
        let write = |method: Method, path: &str, body: &Value| Call {
            what,
            method,
            path: path.to_owned(),
            query: vec![],
            body: Some(body.to_string().into()),
            repeat: Repeat::Harmless,
            shrinks: false,
        };
        let put: WireMember = self.caller.read(&write(Method::PUT, &path, &body)).await?;
        if tags.is_empty() {
            return Ok(put.contact());
        }
        let active = |tag: &&str| json!({"name": tag, "status": "active"});
        let tags: Vec<Value> = tags.iter().map(active).collect();
        let tagging = write(
            Method::POST,
            &format!("{path}/tags"),
            &json!({ "tags": tags }),
        );
        self.caller.call(&tagging).await?;
        let read = Call::get(what, &path, &[("fields", MEMBER_FIELDS.to_owned())]);
        let member: WireMember = self.caller.read(&read).await?;
        Ok(member.contact())
    }
}
