//! Where things are, as `OpenID` Connect has it told.

use serde_json::{Value, json};

use super::Entra;
use super::refusal::Refusal;

impl Entra {
    /// Tells where the tenant signs people in.
    pub(super) fn discover(&self, tenant: &str) -> Result<Value, Refusal> {
        self.check_tenant(tenant)?;
        // A placeholder stands for the tenant that is not known before somebody signs in.
        let (place, issuer) = match tenant.to_ascii_lowercase().as_str() {
            any @ ("organizations" | "common") => (any.to_owned(), "{tenantid}"),
            _ => (self.tenant.clone(), self.tenant.as_str()),
        };
        let base = self.authority(&place);
        Ok(json!({
            "issuer": format!("{}/v2.0", self.authority(issuer)),
            "authorization_endpoint": format!("{base}/oauth2/v2.0/authorize"),
            "token_endpoint": format!("{base}/oauth2/v2.0/token"),
            "device_authorization_endpoint": format!("{base}/oauth2/v2.0/devicecode"),
            "jwks_uri": format!("{base}/discovery/v2.0/keys"),
            "token_endpoint_auth_methods_supported": ["client_secret_post", "private_key_jwt", "client_secret_basic"],
            "response_modes_supported": ["query"],
            "response_types_supported": ["code"],
            "scopes_supported": ["openid", "profile", "email", "offline_access"],
            "subject_types_supported": ["pairwise"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "claims_supported": ["sub", "iss", "aud", "exp", "iat", "nonce", "preferred_username", "name", "tid", "oid", "ver"],
            "request_uri_parameter_supported": false,
        }))
    }
}
