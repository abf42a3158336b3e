//! What an app asks for: permissions of one service, and words of `OpenID` Connect.

use super::Entra;
use super::refusal::Refusal;

/// The service that an access token is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(in crate::sandbox) enum Resource {
    /// The Dataverse environment; its permissions begin with its own address.
    Dataverse,
    /// The Customer Insights API; its permissions begin with another host than its own.
    CustomerInsights,
}

const CUSTOMER_INSIGHTS: &str = "https://api.ci.ai.microsoft.com";

/// What was asked for, read.
#[derive(Debug, Clone)]
pub(super) struct Scopes {
    /// As they were asked for.
    pub(super) asked: Vec<String>,
    /// `None` when nothing but who the user is was asked for.
    pub(super) resource: Option<Resource>,
}

impl Scopes {
    pub(super) fn contain(&self, word: &str) -> bool {
        self.asked.iter().any(|scope| scope == word)
    }

    /// What an answer says was given. Entra leaves `offline_access` out.
    pub(super) fn given(&self) -> String {
        let given: Vec<&str> = self
            .asked
            .iter()
            .map(String::as_str)
            .filter(|scope| *scope != "offline_access")
            .collect();
        given.join(" ")
    }
}

impl Entra {
    pub(super) fn read_scopes(&self, text: &str) -> Result<Scopes, Refusal> {
        let mut resource = None;
        for scope in text.split_whitespace() {
            if matches!(scope, "openid" | "profile" | "email" | "offline_access") {
                continue;
            }
            let own = self.resource_of(scope)?;
            if resource.replace(own).is_some_and(|other| other != own) {
                return Err(Refusal::new(
                    28_000,
                    "invalid_scope",
                    format!(
                        "Provided value for the input parameter scope is not valid because it contains more than one resource. Scope {text} is not valid."
                    ),
                ));
            }
        }
        let asked: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
        if asked.is_empty() {
            return Err(invalid(text));
        }
        Ok(Scopes { asked, resource })
    }

    fn resource_of(&self, scope: &str) -> Result<Resource, Refusal> {
        let (service, permission) = scope.rsplit_once('/').ok_or_else(|| invalid(scope))?;
        let resource = if service == self.origin {
            Resource::Dataverse
        } else if service == CUSTOMER_INSIGHTS {
            Resource::CustomerInsights
        } else {
            return Err(Refusal::new(
                500_011,
                "invalid_resource",
                format!(
                    "The resource principal named {service} was not found in the tenant named Contoso. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You might have sent your authentication request to the wrong tenant."
                ),
            ));
        };
        match permission {
            "user_impersonation" | ".default" => Ok(resource),
            _ => Err(invalid(scope)),
        }
    }
}

fn invalid(scope: &str) -> Refusal {
    Refusal::new(
        70_011,
        "invalid_scope",
        format!(
            "The provided request must include a 'scope' input parameter. The provided value for the input parameter 'scope' is not valid. The scope {scope} is not valid."
        ),
    )
}
