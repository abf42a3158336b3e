use reqwest::Method;

use super::super::caller::{Call, Repeat};
use super::Mailchimp;
use crate::deliver::Error;
use crate::domain::{AudienceId, PersonKey};

impl Mailchimp {
    /// Deletes a contact for good, by Mailchimp's key of it: all that Mailchimp keeps of the person goes, and nothing but a
    /// signup form can bring them back. Tells whether the contact was there. Nothing but `segue erase` does this.
    ///
    /// # Errors
    /// As every call.
    pub async fn delete_for_good(
        &self,
        audience: &AudienceId,
        member: PersonKey,
    ) -> Result<bool, Error> {
        let member = member.hex();
        let call = Call {
            what: "delete a contact for good",
            method: Method::POST,
            path: format!("/lists/{audience}/members/{member}/actions/delete-permanent"),
            query: Vec::new(),
            body: None,
            repeat: Repeat::Harmless,
            shrinks: false,
        };
        match self.caller.call(&call).await {
            Ok(_) => Ok(true),
            Err(Error::NotFound { .. }) => Ok(false),
            Err(why) => Err(why),
        }
    }
}
