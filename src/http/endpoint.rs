use std::fmt;

use serde::{Deserialize, Serialize};
use url::{Host, Url};

/// The base address of a service: https, or plain http on the loopback interface only. Has no trailing slash.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Endpoint(String);

/// Why a text is no base address of a service.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadEndpoint {
    /// It is no URL with a host.
    #[error("{0:?} is not a web address")]
    NoUrl(String),
    /// It would send credentials over the network unencrypted.
    #[error("{0:?} is not encrypted; plain http is for this machine only")]
    Plain(String),
}

impl Endpoint {
    /// Takes an https address, or an http address of this machine.
    ///
    /// # Errors
    /// Refuses everything else, because credentials are sent there.
    pub fn parse(text: &str) -> Result<Self, BadEndpoint> {
        let text = text.trim().trim_end_matches('/');
        let url = Url::parse(text).map_err(|_why| BadEndpoint::NoUrl(text.to_owned()))?;
        let loopback = match url.host() {
            Some(Host::Domain(name)) => name == "localhost",
            Some(Host::Ipv4(ip)) => ip.is_loopback(),
            Some(Host::Ipv6(ip)) => ip.is_loopback(),
            None => return Err(BadEndpoint::NoUrl(text.to_owned())),
        };
        match url.scheme() {
            "https" => Ok(Self(text.to_owned())),
            "http" if loopback => Ok(Self(text.to_owned())),
            "http" => Err(BadEndpoint::Plain(text.to_owned())),
            _ => Err(BadEndpoint::NoUrl(text.to_owned())),
        }
    }

    /// Shows the address without a trailing slash.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Endpoint {
    type Error = BadEndpoint;
    fn try_from(text: String) -> Result<Self, BadEndpoint> {
        Self::parse(&text)
    }
}

impl From<Endpoint> for String {
    fn from(endpoint: Endpoint) -> Self {
        endpoint.0
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::{BadEndpoint, Endpoint};

    #[test]
    fn plain_http_is_for_loopback_only() {
        assert!(Endpoint::parse("https://us1.api.mailchimp.com/3.0/").is_ok());
        assert!(Endpoint::parse("http://127.0.0.1:1234/3.0").is_ok());
        assert!(matches!(
            Endpoint::parse("http://example.com/3.0"),
            Err(BadEndpoint::Plain(_))
        ));
        assert!(matches!(
            Endpoint::parse("ftp://127.0.0.1"),
            Err(BadEndpoint::NoUrl(_))
        ));
    }
}
