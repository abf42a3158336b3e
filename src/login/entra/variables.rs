use std::sync::{Arc, Mutex};

use super::refresh::Keeping;
use super::{EntraApp, EntraError};
use crate::domain::Secret;
use crate::http::Endpoint;
use crate::login::error::{Error, Result};

/// Where the Customer Insights API is.
const INSIGHTS: &str = "https://api.ci.ai.dynamics.com/v1";
/// The authority for a refresh token of the environment, unless that names another one: whichever organisation it is of.
const ANY_ORGANISATION: &str = "organizations";

/// What the environment says about the source's services, in place of their real addresses and of the keyring.
#[derive(Debug, Clone, Default)]
pub struct SourceVariables {
    authority: Option<Endpoint>,
    insights: Option<Endpoint>,
    client_id: Option<String>,
    refresh_token: Option<Arc<Mutex<Secret<String>>>>,
    subscription_key: Option<Secret<String>>,
}

impl SourceVariables {
    /// The variable with another address to sign in to Microsoft at.
    pub const AUTHORITY: &'static str = "SEGUE_ENTRA_AUTHORITY";
    /// The variable with another address of the Customer Insights API.
    pub const INSIGHTS: &'static str = "SEGUE_INSIGHTS_URL";
    /// The variable that gives a refresh token.
    pub const REFRESH_TOKEN: &'static str = "SEGUE_INSIGHTS_REFRESH_TOKEN";
    /// The variable that gives the subscription key.
    pub const SUBSCRIPTION_KEY: &'static str = "SEGUE_INSIGHTS_SUBSCRIPTION_KEY";

    /// Reads the variables; an empty one counts as not set.
    ///
    /// # Errors
    /// Refuses an address that secrets may not be sent to.
    pub fn read(variable: impl Fn(&str) -> Option<String>) -> Result<Self> {
        let text = |name| {
            let text = variable(name).map(|text| text.trim().to_owned());
            text.filter(|text| !text.is_empty())
        };
        let address = |which| {
            let parsed = text(which).as_deref().map(Endpoint::parse).transpose();
            parsed.map_err(|source| Error::Endpoint { which, source })
        };
        let token = text(Self::REFRESH_TOKEN).map(Secret::new);
        Ok(Self {
            authority: address(Self::AUTHORITY)?,
            insights: address(Self::INSIGHTS)?,
            client_id: text("SEGUE_INSIGHTS_CLIENT_ID"),
            refresh_token: token.map(|token| Arc::new(Mutex::new(token))),
            subscription_key: text(Self::SUBSCRIPTION_KEY).map(Secret::new),
        })
    }

    /// Gives the authority that the environment names, tenant included.
    #[must_use]
    pub fn authority(&self) -> Option<&Endpoint> {
        self.authority.as_ref()
    }

    /// Gives the address of the Customer Insights API that the environment names.
    #[must_use]
    pub fn insights(&self) -> Option<&Endpoint> {
        self.insights.as_ref()
    }

    /// Gives the address of the Customer Insights API to sign in for.
    ///
    /// # Errors
    /// Refuses when only one of the two addresses is given: a real token would go to a sandbox, or the other way about.
    pub fn insights_api(&self) -> Result<Endpoint> {
        match (&self.authority, &self.insights) {
            (None, None) => Endpoint::parse(INSIGHTS).map_err(|source| Error::Endpoint {
                which: "Customer Insights",
                source,
            }),
            (Some(_), Some(insights)) => Ok(insights.clone()),
            _ => Err(EntraError::MixedVariables.into()),
        }
    }

    /// Gives the authority to sign in at for a tenant.
    ///
    /// # Errors
    /// Refuses a text that is no tenant.
    pub fn authority_for(&self, tenant: &str) -> Result<Endpoint> {
        match &self.authority {
            Some(authority) => Ok(authority.clone()),
            None => Ok(EntraApp::authority_of(tenant)?),
        }
    }

    /// Gives the place of the refresh token that the environment gives, which lives as long as the process.
    #[must_use]
    pub fn keeping(&self) -> Option<Keeping> {
        self.refresh_token.clone().map(Keeping::Process)
    }

    /// Gives the subscription key, used instead of the keyring's.
    #[must_use]
    pub fn subscription_key(&self) -> Option<&Secret<String>> {
        self.subscription_key.as_ref()
    }

    /// Gives app and authority of the refresh token, where no login is saved that knows them.
    ///
    /// # Errors
    /// Asks for the client id, which no refresh token works without.
    pub fn app(&self) -> Result<(String, Endpoint)> {
        let client_id = self.client_id.clone().ok_or(EntraError::NoClientId)?;
        Ok((client_id, self.authority_for(ANY_ORGANISATION)?))
    }
}
