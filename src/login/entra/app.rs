use super::EntraError;
use crate::domain::{BadName, LoginName, Secret, slug};
use crate::http::Endpoint;

/// Where Entra signs people in; the tenant is the next part of the address.
const AUTHORITY: &str = "https://login.microsoftonline.com";
/// Asked for besides a service's own permission: a refresh token, and who signed in.
const WHO: [&str; 3] = ["offline_access", "openid", "profile"];
/// The Customer Insights API's permission. Its host is another one than the API's own.
const CUSTOMER_INSIGHTS: &str = "https://api.ci.ai.microsoft.com/.default";

/// The service that an access token is for; Entra gives each token for one only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resource {
    /// A Dataverse environment, by its address.
    Dataverse(Endpoint),
    /// The Customer Insights API.
    CustomerInsights,
}

impl Resource {
    /// Lists what is asked for.
    pub(super) fn scopes(&self) -> impl Iterator<Item = String> {
        let own = match self {
            Self::Dataverse(environment) => format!("{environment}/user_impersonation"),
            Self::CustomerInsights => CUSTOMER_INSIGHTS.to_owned(),
        };
        std::iter::once(own).chain(WHO.map(str::to_owned))
    }
}

/// An app registered with Entra as a public client, and what it asks for. Everybody registers their own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntraApp {
    /// The application (client) ID.
    pub client_id: String,
    /// Where its tenant signs people in, tenant included.
    pub authority: Endpoint,
    /// What its tokens are for.
    pub resource: Resource,
}

impl EntraApp {
    /// Gives Entra's authority for a tenant: a domain, an id, `organizations` or `common`.
    ///
    /// # Errors
    /// Refuses a text that is no tenant and would change the address.
    pub fn authority_of(tenant: &str) -> Result<Endpoint, EntraError> {
        let tenant = tenant.trim();
        let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.');
        if tenant.is_empty() || tenant.starts_with('.') || !tenant.chars().all(fits) {
            return Err(EntraError::BadTenant(tenant.to_owned()));
        }
        Endpoint::parse(&format!("{AUTHORITY}/{tenant}"))
            .map_err(|_why| EntraError::BadTenant(tenant.to_owned()))
    }
}

/// What a sign-in gives: the right to ask for access tokens, and whose it is.
#[derive(Debug, Clone)]
pub struct Granted {
    /// The first refresh token.
    pub refresh_token: Secret<String>,
    /// The user's id at the provider; empty if not told.
    pub account_id: String,
    /// What the user signs in with, or is called; empty if not told.
    pub account_name: String,
}

impl Granted {
    /// Names the login when the user gave no name: the slug of the account's name.
    ///
    /// # Errors
    /// Never in practice; a slug is a name.
    pub fn login_name(&self) -> Result<LoginName, BadName> {
        let named = [&*self.account_name, &*self.account_id, "insights"];
        let named = named.into_iter().find(|text| !text.is_empty());
        LoginName::parse(&slug(named.unwrap_or_default()))
    }
}

#[cfg(test)]
mod tests {
    use super::{EntraApp, Resource};
    use crate::http::Endpoint;

    #[test]
    fn a_tenant_becomes_part_of_the_address_and_nothing_else_does() {
        let authority = EntraApp::authority_of(" contoso.onmicrosoft.com ").expect("tenant");
        assert_eq!(
            authority.as_str(),
            "https://login.microsoftonline.com/contoso.onmicrosoft.com"
        );
        for bad in [
            "",
            " ",
            "a/b",
            "..",
            "a?b",
            "a#b",
            "a@evil.example",
            "å",
            "%2e",
        ] {
            assert!(EntraApp::authority_of(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn the_scopes_of_one_request_are_of_one_service() {
        let org = Endpoint::parse("https://org.crm4.dynamics.com/").expect("endpoint");
        let scopes: Vec<String> = Resource::Dataverse(org).scopes().collect();
        assert_eq!(
            scopes[0],
            "https://org.crm4.dynamics.com/user_impersonation"
        );
        assert_eq!(scopes[1..], ["offline_access", "openid", "profile"]);
        let scopes: Vec<String> = Resource::CustomerInsights.scopes().collect();
        assert_eq!(scopes[0], "https://api.ci.ai.microsoft.com/.default");
    }
}
