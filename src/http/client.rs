use std::time::Duration;

use reqwest::header::HeaderMap;
use reqwest::redirect::Policy;
use reqwest::{RequestBuilder, StatusCode};

/// Above the vendor's own limit of 120 seconds a call, so that the vendor's answer is seen.
const DEFAULT_TIMEOUT: Duration = Duration::from_secs(125);

/// Why a client could not be made.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// TLS or the resolver could not be set up.
    #[error("could not set up the HTTP client")]
    Build(#[source] reqwest::Error),
}

/// Why a call got no answer.
#[derive(Debug, thiserror::Error)]
pub enum CallError {
    /// No connection came about, so the service saw nothing of the call.
    #[error("could not connect to {host}")]
    Connect {
        /// The host that was called.
        host: String,
        /// What the network said.
        #[source]
        source: reqwest::Error,
    },
    /// The connection ended or the time ran out before the whole answer was there: the service may have done it or not.
    #[error("no answer from {host}")]
    Unanswered {
        /// The host that was called.
        host: String,
        /// What the network said.
        #[source]
        source: reqwest::Error,
    },
    /// The request could not be put together.
    #[error("could not put the request together")]
    Request(#[source] reqwest::Error),
}

/// The whole answer of a service.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The HTTP status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body, decompressed.
    pub body: Vec<u8>,
}

impl Answer {
    /// Tells whether the body claims to be JSON and begins like an object or an array.
    #[must_use]
    pub fn is_json(&self) -> bool {
        let first = self.body.iter().find(|byte| !byte.is_ascii_whitespace());
        matches!(first, Some(b'{' | b'['))
    }
}

/// An HTTP client with connections of its own. Mailchimp counts connections, so each worker has one (a shared pool opened
/// up to 17 for 10 workers).
#[derive(Debug, Clone)]
pub struct Client(reqwest::Client);

impl Client {
    /// Makes a client that follows no redirects (they could carry credentials elsewhere) and gives up after `timeout`.
    ///
    /// # Errors
    /// Fails when TLS cannot be set up.
    pub fn new(timeout: Duration) -> Result<Self, ClientError> {
        // The provider is process-wide; a second install fails harmlessly.
        let _already_there = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder()
            .user_agent(concat!("segue/", env!("CARGO_PKG_VERSION")))
            .redirect(Policy::none())
            .timeout(timeout)
            .connect_timeout(timeout.min(Duration::from_secs(20)))
            .pool_max_idle_per_host(1)
            .build()
            .map_err(ClientError::Build)?;
        Ok(Self(client))
    }

    /// Gives the client to start a request with.
    #[must_use]
    pub fn inner(&self) -> &reqwest::Client {
        &self.0
    }

    /// Sends a request and reads its answer to the end, whatever its status.
    ///
    /// # Errors
    /// Tells a call that was never sent from one whose answer was not seen.
    pub async fn send(&self, request: RequestBuilder) -> Result<Answer, CallError> {
        let request = request.build().map_err(CallError::Request)?;
        let host = request.url().host_str().unwrap_or_default().to_owned();
        let answer = match self.0.execute(request).await {
            Ok(answer) => answer,
            Err(why) if why.is_connect() => {
                return Err(CallError::Connect {
                    host,
                    source: why.without_url(),
                });
            }
            Err(why) => {
                return Err(CallError::Unanswered {
                    host,
                    source: why.without_url(),
                });
            }
        };
        let (status, headers) = (answer.status(), answer.headers().clone());
        match answer.bytes().await {
            Ok(body) => Ok(Answer {
                status,
                headers,
                body: body.into(),
            }),
            Err(why) => Err(CallError::Unanswered {
                host,
                source: why.without_url(),
            }),
        }
    }
}

/// Reads `SEGUE_HTTP_TIMEOUT` (whole seconds, at least 1); anything else means the default.
#[must_use]
pub fn timeout_from(variable: Option<&str>) -> Duration {
    let seconds = variable
        .and_then(|text| text.trim().parse().ok())
        .filter(|seconds| *seconds > 0);
    seconds.map_or(DEFAULT_TIMEOUT, Duration::from_secs)
}

#[cfg(test)]
mod tests {
    use super::{Client, DEFAULT_TIMEOUT, timeout_from};
    use std::time::Duration;

    #[test]
    fn the_timeout_is_above_the_vendors_unless_set() {
        assert_eq!(timeout_from(None), DEFAULT_TIMEOUT);
        assert_eq!(timeout_from(Some("5")), Duration::from_secs(5));
        assert_eq!(timeout_from(Some("0")), DEFAULT_TIMEOUT);
    }

    #[tokio::test]
    async fn a_call_that_never_left_is_told_from_one_without_an_answer() {
        let client = Client::new(Duration::from_secs(5)).expect("client");
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
            .await
            .expect("bind");
        let url = format!("http://{}/", listener.local_addr().expect("address"));
        let gone = tokio::spawn(async move { drop(listener.accept().await) });
        let why = client
            .send(client.inner().get(&url))
            .await
            .expect_err("dropped");
        assert!(
            matches!(why, super::CallError::Unanswered { .. }),
            "{why:?}"
        );
        gone.await.expect("listener");
        let why = client
            .send(client.inner().get(&url))
            .await
            .expect_err("closed");
        assert!(matches!(why, super::CallError::Connect { .. }), "{why:?}");
    }
}
