//! Calls on one contact that bring back what it was. None of them can change a status, nor make a contact.

use std::collections::BTreeMap;

use reqwest::Method;
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::super::caller::{Call, Repeat};
use super::super::wire::WireMember;
use super::Mailchimp;
use crate::deliver::Error;
use crate::domain::{AudienceId, Contact, PersonKey};

/// The values of a contact that are set; what is empty here is not touched. There is no place for a status.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub(in crate::deliver) struct Values {
    /// The merge fields.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub merge_fields: Map<String, Value>,
    /// The language.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
}

impl Values {
    /// Tells whether nothing is set.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl Mailchimp {
    /// Archives a contact, by Mailchimp's key; tells where there is nothing to archive.
    pub(in crate::deliver) async fn archive_seen(
        &self,
        id: &AudienceId,
        member: PersonKey,
    ) -> Result<(), Error> {
        let call = Call {
            what: "archive a contact",
            method: Method::DELETE,
            path: format!("/lists/{id}/members/{}", member.hex()),
            query: Vec::new(),
            body: None,
            repeat: Repeat::Harmless,
            shrinks: false,
        };
        self.caller.call(&call).await.map(|_| ())
    }

    /// Sets values of a contact, by Mailchimp's key, and gives the contact as it is then.
    pub(in crate::deliver) async fn set_values(
        &self,
        id: &AudienceId,
        member: PersonKey,
        values: &Values,
    ) -> Result<Contact, Error> {
        let call = Call {
            // A required field that was empty shall be empty again.
            query: vec![("skip_merge_validation", "true".to_owned())],
            ..on_contact(
                "restore a contact's values",
                Method::PATCH,
                format!("/lists/{id}/members/{}", member.hex()),
                &json!(values),
            )
        };
        let answer: WireMember = self.caller.read(&call).await?;
        Ok(answer.contact())
    }

    /// Switches tags of a contact on or off; its other tags stay.
    pub(in crate::deliver) async fn set_tags(
        &self,
        id: &AudienceId,
        member: PersonKey,
        tags: &BTreeMap<String, bool>,
    ) -> Result<(), Error> {
        let switched = tags.iter().map(|(name, on)| {
            let status = if *on { "active" } else { "inactive" };
            json!({"name": name, "status": status})
        });
        // Nobody is to get mail because a tag of theirs is put back.
        let body = json!({"tags": switched.collect::<Vec<_>>(), "is_syncing": true});
        let path = format!("/lists/{id}/members/{}/tags", member.hex());
        let call = on_contact("restore a contact's tags", Method::POST, path, &body);
        self.caller.call(&call).await.map(|_| ())
    }
}

fn on_contact(what: &'static str, method: Method, path: String, body: &Value) -> Call {
    Call {
        what,
        method,
        path,
        query: Vec::new(),
        body: Some(body.to_string().into()),
        repeat: Repeat::Harmless,
        shrinks: false,
    }
}
