//! Who we are to each service (placeholder until the branch is merged).
use crate::domain::Secret;

/// What a call to Mailchimp carries.
#[derive(Debug, Clone)]
pub enum Credential {
    /// A token.
    Token(Secret<String>),
    /// A key.
    ApiKey(Secret<String>),
}
impl Credential {
    /// Adds it to a request.
    #[must_use]
    pub fn authorize(&self, request: reqwest::RequestBuilder) -> reqwest::RequestBuilder {
        match self {
            Self::Token(token) => request.bearer_auth(token.expose()),
            Self::ApiKey(key) => request.basic_auth("segue", Some(key.expose())),
        }
    }
}
