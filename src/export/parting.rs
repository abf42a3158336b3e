//! A login is removed, and the destinations that used it stay without one; it comes back, and so do they.

use super::{Error, Surroundings};
use crate::domain::{Destination, DestinationName, LoginName};
use crate::store::{Destinations, Login, Logins, Parted};

/// A login that was saved, and what became of the destinations that had one of its name before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIn {
    /// The login.
    pub login: Login,
    /// These are connected again: it is the same account.
    pub back: Vec<DestinationName>,
    /// These stay without a connection: theirs was of another account. With the names of their accounts.
    pub left: Vec<(DestinationName, String)>,
}

/// The place in a destination that a login of this service takes.
fn place<'a>(destination: &'a mut Destination, service: &str) -> &'a mut Option<LoginName> {
    if service == Login::MAILCHIMP {
        &mut destination.login
    } else {
        &mut destination.source_login
    }
}

impl Surroundings {
    /// Leaves every destination that uses a login without it. They stay, and do not run until they have another one, or the
    /// same again, for which it is remembered whose it was.
    ///
    /// # Errors
    /// Fails when a file cannot be read or written.
    pub fn detach(&self, name: &LoginName) -> Result<(), Error> {
        let other = |login: Option<LoginName>| login.filter(|login| login != name);
        let destinations = Destinations::of(&self.home);
        let logins = Logins::of(&self.home);
        let removed = logins.find(name.as_str())?;
        for saved in destinations.list()? {
            if saved.logins().all(|login| login != name) {
                continue;
            }
            // A source that names its engine goes on naming it.
            if let Some((removed, api)) = removed
                .as_ref()
                .and_then(|one| Some((one, one.api.as_ref()?)))
            {
                let parted = Parted {
                    destination: saved.id(),
                    login: removed.name.clone(),
                    service: removed.service.clone(),
                    account_id: removed.account_id.clone(),
                    account_name: removed.account_name.clone(),
                    api: api.clone(),
                };
                logins.change_parted(|all| {
                    all.retain(|one| {
                        one.destination != parted.destination || one.service != parted.service
                    });
                    all.push(parted);
                })?;
            }
            // Who removed it meanwhile has detached it, too.
            destinations.change(&saved, |saved| {
                saved.login = other(saved.login.take());
                saved.source_login = other(saved.source_login.take());
                saved.api = saved.api.take().filter(|_| saved.login.is_some());
            })?;
        }
        Ok(())
    }

    /// Gives a login back to the destinations that had it, as far as it is of the same account.
    pub(super) fn reconnect(&self, login: Login) -> Result<SignedIn, Error> {
        let logins = Logins::of(&self.home);
        let destinations = Destinations::of(&self.home);
        let (mut back, mut left) = (Vec::new(), Vec::new());
        let mut over = Vec::new();
        let parted = logins.parted()?;
        for one in parted.into_iter().filter(|one| one.is_by_name(&login)) {
            let saved = destinations.list()?.into_iter();
            let saved = saved
                .filter(|saved| saved.id() == one.destination)
                .find_map(|mut saved| place(&mut saved, &one.service).is_none().then_some(saved));
            let Some(saved) = saved else {
                // It is gone, or has another login by now.
                over.push(one);
                continue;
            };
            if !one.is_of(&login) {
                left.push((saved.name, one.account_name));
                continue;
            }
            destinations.change(&saved, |saved| {
                *place(saved, &login.service) = Some(login.name.clone());
                if login.service == Login::MAILCHIMP {
                    saved.api = login.api.clone().map(Into::into);
                }
            })?;
            back.push(saved.name);
            over.push(one);
        }
        logins.change_parted(|all| all.retain(|one| !over.contains(one)))?;
        Ok(SignedIn { login, back, left })
    }

    /// Forgets what a destination was connected by, as it has another login now.
    pub(super) fn forget_parting(&self, saved: &Destination) -> Result<(), Error> {
        let mut saved = saved.clone();
        let id = saved.id();
        Logins::of(&self.home).change_parted(|all| {
            all.retain(|one| one.destination != id || place(&mut saved, &one.service).is_none());
        })?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use tempfile::TempDir;

    use super::*;
    use crate::domain::DestinationId;
    use crate::login::MemoryKeyring;
    use crate::store::Home;

    fn login(account: &str, service: &str) -> Login {
        let text = format!(
            "name = 'club'\nservice = '{service}'\naccount_id = '{account}'\naccount_name = 'The {account}'\n\
             api = 'https://us1.api.mailchimp.com/3.0'\ncreated_at = '2026-01-01T00:00:00Z'\n"
        );
        toml::from_str(&text).expect("login")
    }

    /// A home whose destination Spring uses the login in both of its places.
    fn here(folder: &TempDir) -> (Surroundings, DestinationId) {
        let here = Surroundings::for_test(Home::at(folder.path()), Arc::new(MemoryKeyring::new()));
        let text = "name = 'Spring'\nlogin = 'club'\nsource_login = 'club'\naudience = 'aaa'\n\
             source = 'insights:1'\nstatus_if_new = 'subscribed'\ncreated_at = '2026-01-01T00:00:00Z'\n\
             api = 'https://us1.api.mailchimp.com/3.0'\nsegments = []\n[map]\nemail = 'email'\n";
        let spring = toml::from_str(text).expect("destination");
        let saved = Destinations::of(&here.home).save(spring, None);
        (here, saved.expect("saved").id())
    }

    fn part(here: &Surroundings, login: &Login) -> Destination {
        let logins = Logins::of(&here.home);
        logins.save(login).expect("saved");
        here.detach(&login.name).expect("detached");
        logins.remove(&login.name).expect("removed");
        find(here)
    }

    fn find(here: &Surroundings) -> Destination {
        let saved = Destinations::of(&here.home).find("Spring");
        saved.expect("read").expect("there")
    }

    fn names(all: &[DestinationName]) -> Vec<&str> {
        all.iter().map(DestinationName::as_str).collect()
    }

    #[test]
    fn a_login_of_the_same_account_comes_back_to_what_had_it_and_only_once() {
        let folder = tempfile::tempdir().expect("folder");
        let (here, _) = here(&folder);
        let club = login("club-inc", Login::MAILCHIMP);
        assert_eq!(part(&here, &club).login, None);
        let signed_in = here.reconnect(club.clone()).expect("saved");
        assert_eq!(names(&signed_in.back), ["Spring"]);
        let again = find(&here);
        assert_eq!(again.login.as_ref(), Some(&club.name));
        assert_eq!(again.api, club.api.clone().map(Into::into));
        assert_eq!(again.source_login, None, "the other service's");
        let signed_in = here.reconnect(club).expect("saved");
        assert!(signed_in.back.is_empty() && signed_in.left.is_empty());
    }

    #[test]
    fn a_login_of_another_account_leaves_them_without_and_says_whose_theirs_was() {
        let folder = tempfile::tempdir().expect("folder");
        let (here, _) = here(&folder);
        part(&here, &login("club-inc", Login::MAILCHIMP));
        let signed_in = here.reconnect(login("other-inc", Login::MAILCHIMP));
        let signed_in = signed_in.expect("saved");
        assert!(signed_in.back.is_empty(), "{signed_in:?}");
        let (name, had) = &signed_in.left[0];
        assert_eq!((name.as_str(), had.as_str()), ("Spring", "The club-inc"));
        assert_eq!(find(&here).login, None);
        // Its own may still come.
        let own = here.reconnect(login("club-inc", Login::MAILCHIMP));
        assert_eq!(names(&own.expect("saved").back), ["Spring"]);
    }

    #[test]
    fn what_has_another_login_by_now_keeps_that_one() {
        let folder = tempfile::tempdir().expect("folder");
        let (here, id) = here(&folder);
        let club = login("club-inc", Login::INSIGHTS);
        let parted = part(&here, &club);
        let other = LoginName::parse("other").expect("name");
        let attached = Destination {
            source_login: Some(other.clone()),
            ..parted
        };
        let attached = here.save_destination(attached, Some(&id)).expect("saved");
        let none = Destination {
            source_login: None,
            ..attached
        };
        here.save_destination(none, Some(&id)).expect("saved");
        let signed_in = here.reconnect(club).expect("saved");
        assert!(
            signed_in.back.is_empty(),
            "somebody took it off: {signed_in:?}"
        );
    }
}
