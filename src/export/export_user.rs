//! The logins of export users: who they are at Microsoft Entra ID, and how a source is called in their name.

use jiff::Timestamp;

use super::order::waits;
use super::surroundings::ENV_LOGIN;
use super::{Asker, Error, SignedIn, Surroundings};
use crate::domain::{LoginName, Secret, SourceSpec};
use crate::http::{Backoff, Endpoint};
use crate::login::{
    EntraApp, Error as LoginError, ExportUser, Granted, Keeping, Resource, SecretKind, Session,
};
use crate::source::{Instance, Service as SourceService, instances};
use crate::store::{EntraLogin, Login, Logins};

/// What a person tells before they sign in as the export user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceSignIn {
    /// The client id of the app that they registered.
    pub client_id: String,
    /// The tenant: a domain, an id, `organizations` or `common`.
    pub tenant: String,
    /// What to sign in for: an environment of Dataverse, or an instance of Customer Insights.
    pub source: SourceSpec,
}

impl Surroundings {
    /// Lists the logins of export users: the saved ones, or `env` when there are none and a refresh token is set.
    ///
    /// # Errors
    /// Fails when the file of logins cannot be read.
    pub fn source_login_names(&self) -> Result<Vec<LoginName>, Error> {
        let saved = Logins::of(&self.home).list()?.into_iter();
        let saved: Vec<LoginName> = saved
            .filter(|login| login.service == Login::INSIGHTS)
            .map(|login| login.name)
            .collect();
        let env = LoginName::parse(ENV_LOGIN)
            .ok()
            .filter(|_| saved.is_empty() && self.variables.keeping().is_some());
        Ok(saved.into_iter().chain(env).collect())
    }

    /// Lists the saved logins of export users with what each was made with.
    ///
    /// # Errors
    /// Fails when the file of logins cannot be read.
    pub fn export_users(&self) -> Result<Vec<(LoginName, SourceSignIn)>, Error> {
        let mut users = Vec::new();
        for name in self.source_login_names()? {
            if let Some(asked) = self.asked_before(&name)? {
                users.push((name, asked));
            }
        }
        Ok(users)
    }

    /// Lists the instances of Customer Insights that an export user can see. A login that was made before its instance was
    /// known remembers the first.
    ///
    /// # Errors
    /// As calling the source with this login.
    pub async fn instances(&self, login: &LoginName) -> Result<Vec<Instance>, Error> {
        let any = SourceSpec::Insights(String::new());
        let service = self.source_service(&any, Some(login)).await?;
        let service = service.ok_or_else(|| Error::NoSourceLogin {
            login: Some(login.clone()),
            source_spec: any,
        })?;
        let found = instances(service).await?;
        let logins = Logins::of(&self.home);
        if let (Some(mut saved), Some(first)) = (logins.find(login.as_str())?, found.first())
            && let Some(entra) = &mut saved.entra
            && entra.instance.as_deref() == Some("")
        {
            entra.instance = Some(first.id.clone());
            logins.save(&saved)?;
        }
        Ok(found)
    }

    /// Finds what a saved login of an export user was made with, to sign in again or to begin a source with.
    ///
    /// # Errors
    /// Fails when the file of logins cannot be read.
    pub fn asked_before(&self, login: &LoginName) -> Result<Option<SourceSignIn>, Error> {
        let saved = Logins::of(&self.home).find(login.as_str())?;
        Ok(saved.and_then(|login| {
            let source = login.source()?;
            let entra = login.entra?;
            Some(SourceSignIn {
                client_id: entra.client_id,
                tenant: entra.tenant,
                source,
            })
        }))
    }

    /// Gives the app to sign in with.
    ///
    /// # Errors
    /// Refuses a text that is no tenant, and an address that secrets may not be sent to.
    pub fn entra_app(&self, asked: &SourceSignIn) -> Result<EntraApp, Error> {
        Ok(EntraApp {
            client_id: asked.client_id.trim().to_owned(),
            authority: self.variables.authority_for(&asked.tenant)?,
            resource: resource(&asked.source, &self.root(&asked.source, None)?),
        })
    }

    /// Saves the login of an export user: its secrets in the keyring first, then its record. The name is the user's, or
    /// the slug of the account's name. A login of that name is replaced, one of another account only if somebody
    /// `agreed`; its subscription key stays unless there is a new one.
    ///
    /// # Errors
    /// Fails when the keyring or the file does, and when the name is that of a login for Mailchimp or of another account;
    /// then nothing is saved.
    pub async fn save_source_login(
        &self,
        name: Option<LoginName>,
        asked: SourceSignIn,
        granted: Granted,
        subscription_key: Option<Secret<String>>,
        agreed: bool,
    ) -> Result<SignedIn, Error> {
        let own = granted.login_name();
        let own = own.map_err(|why| Error::Broken(why.to_string()))?;
        let id = &granted.account_id;
        let name = self.name_for(name, &own, Login::INSIGHTS, id)?;
        if !agreed {
            self.check_account(&name, id, &granted.account_name)?;
        }
        let api = self.root(&asked.source, None)?;
        let token = &granted.refresh_token;
        let kind = SecretKind::InsightsRefreshToken;
        self.keyring.set(&name, kind, token).await?;
        if let Some(key) = subscription_key {
            let kind = SecretKind::InsightsSubscriptionKey;
            self.keyring.set(&name, kind, &key).await?;
        }
        let login = Login {
            name,
            service: Login::INSIGHTS.to_owned(),
            account_id: granted.account_id,
            account_name: granted.account_name,
            api: Some(api),
            created_at: Timestamp::now(),
            plan_limit: None,
            entra: Some(Box::new(EntraLogin {
                client_id: asked.client_id.trim().to_owned(),
                tenant: asked.tenant.trim().to_owned(),
                authority: self.variables.authority().cloned(),
                instance: match asked.source {
                    SourceSpec::Insights(instance) => Some(instance),
                    SourceSpec::Dataverse(_) | SourceSpec::Folder(_) | SourceSpec::Sql(_) => None,
                },
            })),
            sql: None,
        };
        Logins::of(&self.home).save(&login)?;
        self.reconnect(login)
    }

    /// Tells whether the Customer Insights API can be called with a login: its subscription key is given, or was before.
    ///
    /// # Errors
    /// As the keyring.
    pub async fn has_subscription_key(&self, login: Option<&LoginName>) -> Result<bool, Error> {
        if self.variables.subscription_key().is_some() {
            return Ok(true);
        }
        match login {
            Some(login) => Ok(self.kept_key(login).await?.is_some()),
            None => Ok(false),
        }
    }

    /// Finds how a source is called with the login of its export user; `None` for a source that is no service. No login
    /// means the only one there is.
    ///
    /// # Errors
    /// Fails when there is no such login, its secrets are not to be had, or it was made for another source.
    pub async fn source_service(
        &self,
        spec: &SourceSpec,
        login: Option<&LoginName>,
    ) -> Result<Option<SourceService>, Error> {
        if !spec.needs_login() {
            return Ok(None);
        }
        let nobody = || Error::NoSourceLogin {
            login: login.cloned(),
            source_spec: spec.clone(),
        };
        let only = match login {
            Some(login) => login.clone(),
            None => match self.source_login_names()?.as_slice() {
                [only] => only.clone(),
                _ => return Err(nobody()),
            },
        };
        let saved = Logins::of(&self.home).find(only.as_str())?;
        let entra = saved.and_then(|login| Some((login.entra.clone()?, login)));
        match (entra, self.variables.keeping()) {
            (Some((entra, saved)), env) => self.saved_service(spec, &saved, &entra, env).await,
            (None, Some(keeping)) if only.matches(ENV_LOGIN) => {
                let root = self.root(spec, None)?;
                let (client_id, authority) = self.variables.app()?;
                let app = EntraApp {
                    client_id,
                    authority,
                    resource: resource(spec, &root),
                };
                let key = self.variables.subscription_key().cloned();
                self.service(root, app, keeping, key)
            }
            (None, _) => Err(nobody()),
        }
        .map(Some)
    }

    async fn saved_service(
        &self,
        spec: &SourceSpec,
        saved: &Login,
        entra: &EntraLogin,
        env: Option<Keeping>,
    ) -> Result<SourceService, Error> {
        let root = self.root(spec, Some(saved))?;
        let made = match &entra.authority {
            Some(authority) => authority.clone(),
            None => EntraApp::authority_of(&entra.tenant).map_err(LoginError::from)?,
        };
        let now = self.variables.authority().unwrap_or(&made);
        let api = saved.api.as_ref().unwrap_or(&root);
        for (made, now) in [(&made, now), (api, &root)] {
            if !made.as_str().eq_ignore_ascii_case(now.as_str()) {
                let (made, now) = (made.clone(), now.clone());
                return Err(Error::OtherSource { made, now });
            }
        }
        let app = EntraApp {
            client_id: entra.client_id.clone(),
            authority: made,
            resource: resource(spec, &root),
        };
        let key = match (spec, self.variables.subscription_key()) {
            (SourceSpec::Insights(_), None) => self.kept_key(&saved.name).await?,
            (SourceSpec::Insights(_), key) => key.cloned(),
            _ => None,
        };
        let kept = || Keeping::Keyring(self.keyring.clone(), saved.name.clone());
        self.service(root, app, env.unwrap_or_else(kept), key)
    }

    async fn kept_key(&self, login: &LoginName) -> Result<Option<Secret<String>>, Error> {
        let kind = SecretKind::InsightsSubscriptionKey;
        match self.keyring.get(login, kind).await {
            Ok(key) => Ok(Some(key)),
            Err(LoginError::NoSecret { .. }) => Ok(None),
            Err(why) => Err(why.into()),
        }
    }

    fn service(
        &self,
        root: Endpoint,
        app: EntraApp,
        keeping: Keeping,
        subscription_key: Option<Secret<String>>,
    ) -> Result<SourceService, Error> {
        let asker = match app.resource {
            Resource::Dataverse(_) => Asker::Dataverse,
            Resource::CustomerInsights => Asker::Insights,
        };
        let client = self.client()?;
        let session = Session::of(ExportUser {
            app,
            keeping,
            home: self.home.clone(),
            client: client.clone(),
            first_pause: Backoff::FIRST,
        });
        Ok(SourceService {
            root,
            session,
            subscription_key,
            client,
            first_pause: Backoff::FIRST,
            waits: waits(self.on_wait.as_ref(), asker),
        })
    }

    /// Finds the address of a source: its own, or for Customer Insights that of the environment, of the login, or the real
    /// one.
    fn root(&self, spec: &SourceSpec, saved: Option<&Login>) -> Result<Endpoint, Error> {
        match spec {
            SourceSpec::Dataverse(address) => Ok(Endpoint::parse(address)?),
            SourceSpec::Insights(_) | SourceSpec::Folder(_) | SourceSpec::Sql(_) => {
                let of_login = saved.filter(|login| {
                    let entra = login.entra.as_ref();
                    entra.is_some_and(|entra| entra.instance.is_some())
                });
                match (self.variables.insights(), of_login) {
                    (None, Some(Login { api: Some(api), .. })) => Ok(api.clone()),
                    _ => Ok(self.variables.insights_api()?),
                }
            }
        }
    }
}

/// Tells what tokens for a source are asked for.
fn resource(spec: &SourceSpec, root: &Endpoint) -> Resource {
    match spec {
        SourceSpec::Dataverse(_) => Resource::Dataverse(root.clone()),
        SourceSpec::Insights(_) | SourceSpec::Folder(_) | SourceSpec::Sql(_) => {
            Resource::CustomerInsights
        }
    }
}

#[cfg(test)]
mod tests;
