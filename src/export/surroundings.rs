#[cfg(test)]
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::mpsc;

use super::order::waits;
use super::{Access, Asker, Error, OnWait, SignedIn};
use crate::deliver::{Caller, Error as DeliverError, Mailchimp, Service, Stop};
use crate::domain::{Destination, DestinationId, FolderOptions, LoginName, SourceSpec};
use crate::http::{Backoff, Client, Endpoint, Pacer};
#[cfg(test)]
use crate::login::SecretStore;
use crate::login::{
    Credential, Endpoints, EnvCredential, Identity, Keyring, SecretKind, SourceVariables,
    SqlVariables, identify,
};
use crate::source::Source;
use crate::store::{AccountLock, Destinations, Home, Login, Logins};

/// The name of the login that an environment variable stands for.
pub const ENV_LOGIN: &str = "env";

/// Where Segue runs: its files, its keyring, the services it may call. Wizard and commands are given one.
#[derive(Clone)]
pub struct Surroundings {
    /// Where files are kept.
    pub home: Home,
    /// Where secrets are kept.
    pub keyring: Keyring,
    /// The services' addresses.
    pub endpoints: Endpoints,
    /// The credential of `SEGUE_MAILCHIMP_TOKEN`, which is used instead of the keyring.
    pub env_credential: Option<EnvCredential>,
    /// What the environment says about the source's services.
    pub variables: SourceVariables,
    /// What it says about engines.
    pub sql: SqlVariables,
    /// After which time a call is given up.
    pub timeout: Duration,
    /// Who runs it: the operating system's user name.
    pub user: String,
    /// Whom to tell that a service asks us to wait, outside of runs; a run tells of it as an event.
    pub on_wait: Option<OnWait>,
}

#[cfg(test)]
impl Surroundings {
    /// A place of its own for a test: no environment takes part.
    pub(crate) fn for_test(home: Home, store: Arc<dyn SecretStore>) -> Self {
        Self {
            home,
            keyring: Keyring::new(store, "test"),
            endpoints: Endpoints::new(None, None).expect("endpoints"),
            env_credential: None,
            variables: SourceVariables::default(),
            sql: SqlVariables::default(),
            timeout: Duration::from_secs(5),
            user: "lotta".to_owned(),
            on_wait: None,
        }
    }
}

impl Surroundings {
    /// Lists the logins that can be used for an audience: the saved ones, or `env` when there are none and a token is set.
    ///
    /// # Errors
    /// Fails when the file of logins cannot be read.
    pub fn login_names(&self) -> Result<Vec<LoginName>, Error> {
        let saved: Vec<LoginName> = Logins::of(&self.home)
            .list()?
            .into_iter()
            .filter(|login| login.service == Login::MAILCHIMP)
            .map(|login| login.name)
            .collect();
        let env = LoginName::parse(ENV_LOGIN)
            .ok()
            .filter(|_| saved.is_empty() && self.env_credential.is_some());
        Ok(saved.into_iter().chain(env).collect())
    }

    /// Finds the account behind a login and what to call it with.
    ///
    /// # Errors
    /// Fails when there is no such login, its secret is not to be had, or it was made with another service.
    pub async fn access(&self, login: &LoginName) -> Result<Access, Error> {
        let saved = Logins::of(&self.home).find(login.as_str())?;
        let saved = saved.filter(|saved| saved.service == Login::MAILCHIMP);
        match (saved, &self.env_credential) {
            (Some(saved), env) => {
                let env = env.as_ref().map(EnvCredential::usable).transpose()?;
                self.saved_access(&saved, env).await
            }
            (None, Some(env)) if login.matches(ENV_LOGIN) => self.env_access(env.usable()?).await,
            (None, _) => Err(Error::NoLogin {
                login: login.to_string(),
            }),
        }
    }

    /// The same for a destination, which is used with the base that it was saved with only: sandbox and live are never
    /// mixed.
    ///
    /// # Errors
    /// As [`Surroundings::access`], and before any call when the base is another one.
    pub async fn access_for(&self, destination: &Destination) -> Result<Access, Error> {
        let login = Self::login_of(destination)?;
        let made = destination.api.as_deref().map(Endpoint::parse);
        if let (Some(made), Some(now)) = (made.transpose()?, self.base(login)?)
            && !Endpoints::are_alike(&made, &now)
        {
            return Err(Error::OtherService { made, now });
        }
        self.access(login).await
    }

    /// Names the login of a destination.
    ///
    /// # Errors
    /// Fails when it was detached.
    pub fn login_of(destination: &Destination) -> Result<&LoginName, Error> {
        destination.login.as_ref().ok_or_else(|| {
            let name = destination.name.clone();
            Error::NotConnected { name }
        })
    }

    /// Saves a destination, with the base that its login has now: a new one, or in place of a saved one. Where that one had
    /// another audience, those whom it brought there stay as they are, and are nobody's from then on.
    ///
    /// # Errors
    /// Fails when a file cannot be read or written, or the name is taken, and when the audience changes while a run goes on.
    pub fn save_destination(
        &self,
        destination: Destination,
        former: Option<&DestinationId>,
    ) -> Result<Destination, Error> {
        let destination = self.with_base(destination)?;
        let saved = Destinations::of(&self.home);
        let mut before = saved.list()?.into_iter();
        let before = before.find(|one| former == Some(&one.id()));
        let before = before.filter(|before| before.audience != destination.audience);
        let ours = before.as_ref().map(|before| self.keep_from_running(before));
        let _ours = ours.transpose()?;
        let destination = saved.save(destination, former)?;
        self.forget_parting(&destination)?;
        if let Some(before) = &before {
            self.let_go(before);
        }
        Ok(destination)
    }

    /// Saves a new destination, with the comments of the text that it was made from.
    ///
    /// # Errors
    /// As [`Self::save_destination`].
    pub fn save_like(&self, destination: Destination, like: &str) -> Result<Destination, Error> {
        let destination = self.with_base(destination)?;
        let destination = Destinations::of(&self.home).save_like(destination, like)?;
        self.forget_parting(&destination)?;
        Ok(destination)
    }

    /// The destination with the base that its login has now.
    fn with_base(&self, destination: Destination) -> Result<Destination, Error> {
        let login = destination.login.as_ref();
        let base = login.map(|login| self.base(login)).transpose()?.flatten();
        Ok(Destination {
            api: base.map(String::from),
            ..destination
        })
    }

    /// Tells without asking anyone where a login would be used.
    fn base(&self, login: &LoginName) -> Result<Option<Endpoint>, Error> {
        let saved = Logins::of(&self.home).find(login.as_str())?;
        let saved = saved.filter(|saved| saved.service == Login::MAILCHIMP);
        Ok(match (saved, &self.env_credential) {
            (Some(saved), _) => saved.api,
            (None, Some(env)) if login.matches(ENV_LOGIN) => Some(self.endpoints.base(env)?),
            (None, _) => None,
        })
    }

    async fn saved_access(&self, saved: &Login, env: Option<&Credential>) -> Result<Access, Error> {
        let Some(api) = saved.api.clone() else {
            let login = saved.name.to_string();
            return Err(Error::NoLogin { login });
        };
        if let Some(now) = self.endpoints.api().filter(|now| **now != api) {
            let now = now.clone();
            return Err(Error::OtherService { made: api, now });
        }
        let credential = match env {
            Some(credential) => credential.clone(),
            None => Credential::kept(&self.keyring, &saved.name).await?,
        };
        let service = Service {
            api,
            credential,
            client: self.client()?,
            first_pause: Backoff::FIRST,
            waits: waits(self.on_wait.as_ref(), Asker::Mailchimp),
        };
        Ok(Access {
            service,
            account: saved.account_id.clone(),
            plan_limit: saved.plan_limit,
        })
    }

    async fn env_access(&self, credential: &Credential) -> Result<Access, Error> {
        let client = self.client()?;
        let identity = identify(&client, &self.endpoints, credential).await?;
        let service = Service {
            api: identity.api,
            credential: credential.clone(),
            client,
            first_pause: Backoff::FIRST,
            waits: waits(self.on_wait.as_ref(), Asker::Mailchimp),
        };
        Ok(Access {
            service,
            account: identity.account_id,
            plan_limit: None,
        })
    }

    /// Opens a source: a folder as it is, a service with the login of its export user, an engine with its own.
    ///
    /// # Errors
    /// Fails when the login cannot be used, or the source cannot be opened.
    pub async fn source(
        &self,
        spec: &SourceSpec,
        folder: &FolderOptions,
        login: Option<&LoginName>,
    ) -> Result<Source, Error> {
        let reach = self.reach(spec, login).await?;
        Ok(Source::open(spec, folder, reach).await?)
    }

    /// Saves a login: its secret in the keyring first, then its record. The name is the user's, or the slug of the
    /// account's name. A login of that name is replaced, one of another account only if somebody `agreed`. Destinations
    /// that had it are connected again.
    ///
    /// # Errors
    /// Fails when the keyring or the file does, and when the name is another account's; then nothing is saved.
    pub async fn save_login(
        &self,
        name: Option<LoginName>,
        identity: Identity,
        credential: &Credential,
        plan_limit: Option<u64>,
        agreed: bool,
    ) -> Result<SignedIn, Error> {
        let own = identity.login_name();
        let own = own.map_err(|why| Error::Broken(why.to_string()))?;
        let id = &identity.account_id;
        let name = self.name_for(name, &own, Login::MAILCHIMP, id)?;
        if !agreed {
            self.check_account(&name, id, &identity.account_name)?;
        }
        for kind in [SecretKind::MailchimpToken, SecretKind::MailchimpApiKey] {
            if kind != credential.kind() {
                self.keyring.delete(&name, kind).await?;
            }
        }
        self.keyring
            .set(&name, credential.kind(), credential.secret())
            .await?;
        // Who signs in again does not tell the plan anew.
        let before = Logins::of(&self.home).find(name.as_str())?;
        let before = before.filter(|before| before.account_id == identity.account_id);
        let plan_limit = plan_limit.or_else(|| before?.plan_limit);
        let login = Login {
            name,
            service: Login::MAILCHIMP.to_owned(),
            account_id: identity.account_id,
            account_name: identity.account_name,
            api: Some(identity.api),
            created_at: Timestamp::now(),
            plan_limit,
            entra: None,
            sql: None,
        };
        Logins::of(&self.home).save(&login)?;
        self.reconnect(login)
    }

    /// Removes a login and its secrets.
    ///
    /// # Errors
    /// Fails when the keyring or the file does.
    pub async fn remove_login(&self, name: &LoginName) -> Result<(), Error> {
        // A login that was never saved (`env`) has nothing in the keyring.
        let Some(saved) = Logins::of(&self.home).find(name.as_str())? else {
            return Ok(());
        };
        let has_secrets = saved.sql.as_ref().is_none_or(|sql| !sql.secrets.is_empty());
        let kinds: &[SecretKind] = match saved.service.as_str() {
            Login::INSIGHTS => &[
                SecretKind::InsightsRefreshToken,
                SecretKind::InsightsSubscriptionKey,
            ],
            Login::SQL if has_secrets => &[SecretKind::Sql],
            Login::SQL => &[],
            _ => &[SecretKind::MailchimpToken, SecretKind::MailchimpApiKey],
        };
        for kind in kinds {
            self.keyring.delete(name, *kind).await?;
        }
        Logins::of(&self.home).remove(name)?;
        Ok(AccountLock::forget_login(&self.home, name)?)
    }

    /// Makes a client for sign-in.
    ///
    /// # Errors
    /// Fails when TLS cannot be set up.
    pub fn client(&self) -> Result<Client, Error> {
        Client::new(self.timeout).map_err(|why| Error::Deliver(DeliverError::Client(why)))
    }
}

impl Access {
    /// Opens one lane to the account, for looking at it outside of a run.
    ///
    /// # Errors
    /// Fails when the HTTP client cannot be made.
    pub fn mailchimp(&self) -> Result<Mailchimp, Error> {
        // Nobody watches these calls: with its other end gone, the channel takes notices and drops them.
        let (unheard, _) = mpsc::channel(1);
        let caller = Caller::new(
            0,
            self.service.clone(),
            Pacer::new(1),
            unheard,
            Stop::default(),
        )?;
        Ok(Mailchimp::over(caller))
    }
}
