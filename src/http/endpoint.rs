use std::fmt;

use serde::{Deserialize, Serialize};
use url::{Host, Position, Url};

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
    /// It holds a user name or a password; only its host is told.
    #[error("the address of {0:?} holds a user name or a password")]
    UserInfo(String),
}

impl Endpoint {
    /// Takes an https address, or an http address of this machine.
    ///
    /// # Errors
    /// Refuses everything else, because credentials are sent there.
    pub fn parse(text: &str) -> Result<Self, BadEndpoint> {
        let text = text.trim().trim_end_matches('/');
        web_address(text).map(|_url| Self(text.to_owned()))
    }

    /// Tells whether it is on this computer: a sandbox.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        Url::parse(&self.0).is_ok_and(|url| is_loopback(&url))
    }

    /// Gives its host.
    #[must_use]
    pub fn host(&self) -> String {
        let url = Url::parse(&self.0).ok();
        let host = url.as_ref().and_then(Url::host_str);
        host.unwrap_or_default().to_owned()
    }

    /// Shows the address without a trailing slash.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Takes an address that secrets may be sent to, or a person sent to sign in: https, or http of this machine, and nobody's
/// name in it, which would stand where a host is expected.
///
/// # Errors
/// Refuses everything else.
pub fn web_address(text: &str) -> Result<Url, BadEndpoint> {
    let url = Url::parse(text).map_err(|_why| BadEndpoint::NoUrl(text.to_owned()))?;
    if url.host().is_none() {
        return Err(BadEndpoint::NoUrl(text.to_owned()));
    }
    if !url.username().is_empty() || url.password().is_some() {
        let host = url[Position::BeforeHost..Position::AfterPort].to_owned();
        return Err(BadEndpoint::UserInfo(host));
    }
    match url.scheme() {
        "https" => Ok(url),
        "http" if is_loopback(&url) => Ok(url),
        "http" => Err(BadEndpoint::Plain(text.to_owned())),
        _ => Err(BadEndpoint::NoUrl(text.to_owned())),
    }
}

/// Tells whether an address is on this computer.
pub(super) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
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

    #[test]
    fn an_address_with_a_name_in_it_is_refused_without_showing_the_password() {
        for text in [
            "https://login.example@evil.example/",
            "https://:hush@evil.example/",
            "http://u:hush@127.0.0.1:1/",
        ] {
            let why = Endpoint::parse(text).expect_err(text);
            assert!(matches!(why, BadEndpoint::UserInfo(_)), "{why:?}");
            assert!(!why.to_string().contains("hush"), "{why}");
        }
    }
}
