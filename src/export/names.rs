//! What logins are called: one name a login, and none that changes hands unasked.

use super::{Error, Surroundings};
use crate::domain::LoginName;
use crate::store::Logins;

/// Of a long account's name, as much as leaves room for a number.
const MOST: usize = 90;

impl Surroundings {
    /// Checks that no login of another service has this name, best before a person has gone through a sign-in.
    ///
    /// # Errors
    /// [`Error::LoginTaken`] when one has.
    pub fn check_name(&self, name: &LoginName, service: &str) -> Result<(), Error> {
        match Logins::of(&self.home).find(name.as_str())? {
            Some(login) if login.service != service => Err(Error::LoginTaken {
                login: login.name,
                service: login.service,
            }),
            _ => Ok(()),
        }
    }

    /// Checks that a name is not that of another account's login: whoever signs in anew means the same account, unless they
    /// say otherwise.
    ///
    /// # Errors
    /// [`Error::OtherAccount`] when it is.
    pub(super) fn check_account(
        &self,
        name: &LoginName,
        id: &str,
        account: &str,
    ) -> Result<(), Error> {
        match Logins::of(&self.home).find(name.as_str())? {
            Some(had) if had.account_id != id => Err(Error::OtherAccount {
                login: had.name,
                had: had.account_name,
                now: account.to_owned(),
            }),
            _ => Ok(()),
        }
    }

    /// Names a login as the person wants it, or after its account: with a number where that is the name of another
    /// account's login, which nobody meant to replace.
    ///
    /// # Errors
    /// As [`Surroundings::check_name`] for a name that the person wants.
    pub(super) fn name_for(
        &self,
        wanted: Option<LoginName>,
        own: &LoginName,
        service: &str,
        id: &str,
    ) -> Result<LoginName, Error> {
        if let Some(name) = wanted {
            self.check_name(&name, service)?;
            return Ok(name);
        }
        let logins = Logins::of(&self.home).list()?;
        let free = |name: &LoginName| {
            let had = logins.iter().find(|had| had.name.matches(name.as_str()));
            had.is_none_or(|had| had.service == service && had.account_id == id)
        };
        let short: String = own.as_str().chars().take(MOST).collect();
        let numbered = (2..1_000).filter_map(|n| LoginName::parse(&format!("{short}-{n}")).ok());
        let found = std::iter::once(own.clone()).chain(numbered).find(free);
        found.ok_or_else(|| Error::LoginTaken {
            login: own.clone(),
            service: service.to_owned(),
        })
    }
}
