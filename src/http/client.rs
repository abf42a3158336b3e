use std::error::Error as StdError;
use std::time::{Duration, Instant};

use reqwest::header::HeaderMap;
use reqwest::redirect::Policy;
use reqwest::{RequestBuilder, Response, StatusCode};
use rustls::ClientConfig;
use rustls_platform_verifier::ConfigVerifierExt;

use super::endpoint::is_loopback;
use super::limits::{self, Most};

/// After which time a call is given up: above the 120 seconds of the vendor, so that its own answer is seen.
pub const DEFAULT_TIMEOUT: Duration = Duration::from_secs(125);

/// Why a client could not be made.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// TLS or the resolver could not be set up.
    #[error("could not set up the HTTP client")]
    Build(#[source] reqwest::Error),
    /// Whom this computer trusts could not be read.
    #[error("could not read the certificates that this computer trusts")]
    Tls(#[source] rustls::Error),
}

/// Why there is no answer of the service.
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
    /// The host's certificate is not accepted, so that nobody vouches for it.
    #[error("the certificate of {host} is not accepted")]
    Certificate {
        /// The host that was called.
        host: String,
        /// What is the matter with it.
        fault: CertificateFault,
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
    /// The answer goes on for longer than any answer of a service, or holds more values.
    #[error("the answer of {host} is longer than any, of {limit} bytes at most")]
    TooLong {
        /// The host that was called.
        host: String,
        /// The most that is read.
        limit: usize,
    },
    /// The answer leads elsewhere. It is not followed: whoever is there would be shown who we are.
    #[error("{host} answered {status} and leads to {target}")]
    Elsewhere {
        /// The host that was called.
        host: String,
        /// The status.
        status: StatusCode,
        /// Where it leads, as far as that may be shown.
        target: String,
    },
    /// The answer is none of the service's own: nothing, a web page, half of something.
    #[error("{host} answered {status} with {looks}")]
    Strange {
        /// The host that was called.
        host: String,
        /// The status.
        status: StatusCode,
        /// What it is instead.
        looks: Looks,
    },
    /// The service asks for patience, or is out of order.
    #[error("{host} answered {status}")]
    Busy {
        /// The host that was called.
        host: String,
        /// The status.
        status: StatusCode,
    },
    /// The request could not be put together.
    #[error("could not put the request together")]
    Request(#[source] reqwest::Error),
}

/// Why a certificate is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CertificateFault {
    /// Nobody whom this computer trusts made it: most often a proxy that looks into encrypted connections.
    Issuer,
    /// It is not valid at the time that this computer's clock shows.
    Time,
    /// It is that of somebody else, or none for a service.
    Other,
}

impl CallError {
    /// Tells whether a smaller question may be answered where this one was not.
    #[must_use]
    pub fn is_about_size(&self) -> bool {
        match self {
            Self::Unanswered { source, .. } => source.is_timeout(),
            Self::TooLong { .. } => true,
            Self::Busy { status, .. } | Self::Strange { status, .. } => {
                matches!(status.as_u16(), 413 | 504)
            }
            _ => false,
        }
    }
}

/// What an answer looks like that is none of the service's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Looks {
    /// There is nothing in it.
    Empty,
    /// It is a web page.
    Page,
    /// It begins as an answer does, and breaks off or cannot be read.
    Broken,
    /// It is something else.
    Other,
}

impl std::fmt::Display for Looks {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(match self {
            Self::Empty => "nothing",
            Self::Page => "a web page",
            Self::Broken => "half an answer",
            Self::Other => "something else than an answer",
        })
    }
}

/// The whole answer of a service.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The host that gave it.
    pub host: String,
    /// The HTTP status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body, decompressed.
    pub body: Vec<u8>,
}

impl Answer {
    /// Tells whether the body begins and ends like an object or an array of JSON, whatever type it claims to have.
    #[must_use]
    pub fn is_json(&self) -> bool {
        let body = self.body.trim_ascii();
        matches!(
            (body.first(), body.last()),
            (Some(b'{'), Some(b'}')) | (Some(b'['), Some(b']'))
        )
    }

    /// Tells what it looks like if it is none of the service's own.
    #[must_use]
    pub fn looks(&self) -> Looks {
        match self.body.trim_ascii_start().first() {
            None => Looks::Empty,
            Some(b'<') => Looks::Page,
            Some(b'{' | b'[') => Looks::Broken,
            Some(_) => Looks::Other,
        }
    }
}

/// An HTTP client with connections of its own. Mailchimp counts connections, so each worker has one (a shared pool opened
/// up to 17 for 10 workers).
#[derive(Debug, Clone)]
pub struct Client {
    /// For the network, by the proxy that the environment names.
    far: reqwest::Client,
    /// For this computer: a proxy could not reach it, and would be shown who we are.
    near: reqwest::Client,
    timeout: Duration,
    /// Whom this computer trusts, read once: that takes as long as a hundred small calls.
    tls: ClientConfig,
    most: Most,
}

impl Client {
    /// Makes a client that follows no redirects (they could carry credentials elsewhere) and gives up after `timeout`.
    ///
    /// # Errors
    /// Fails when TLS cannot be set up.
    pub fn new(timeout: Duration) -> Result<Self, ClientError> {
        // The provider is process-wide; a second install fails harmlessly.
        let _already_there = rustls::crypto::ring::default_provider().install_default();
        let mut tls = ClientConfig::with_platform_verifier().map_err(ClientError::Tls)?;
        // One call at a time goes over a connection, so that HTTP/2 would bring nothing.
        tls.alpn_protocols = vec![b"http/1.1".to_vec()];
        Self::with(timeout, tls)
    }

    /// Makes a client like this one, with connections of its own.
    ///
    /// # Errors
    /// Fails when TLS cannot be set up.
    pub fn apart(&self) -> Result<Self, ClientError> {
        let another = Self::with(self.timeout, self.tls.clone())?;
        Ok(another.reading(self.most))
    }

    fn with(timeout: Duration, tls: ClientConfig) -> Result<Self, ClientError> {
        let builder = || {
            reqwest::Client::builder()
                .tls_backend_preconfigured(tls.clone())
                .user_agent(concat!("segue/", env!("CARGO_PKG_VERSION")))
                .redirect(Policy::none())
                .timeout(timeout)
                .connect_timeout(timeout.min(Duration::from_secs(20)))
                .pool_max_idle_per_host(1)
        };
        Ok(Self {
            far: builder().build().map_err(ClientError::Build)?,
            near: builder().no_proxy().build().map_err(ClientError::Build)?,
            timeout,
            tls,
            most: limits::ANSWER,
        })
    }

    /// Makes a client over the same connections that takes so much of an answer.
    #[must_use]
    pub fn reading(self, most: Most) -> Self {
        Self { most, ..self }
    }

    /// Gives the client to start a request with; it is sent by [`Client::send`] only, which chooses the way.
    #[must_use]
    pub fn inner(&self) -> &reqwest::Client {
        &self.far
    }

    /// Sends a request and reads its answer to the end, whatever its status.
    ///
    /// # Errors
    /// Tells a call that was never sent from one whose answer was not seen.
    pub async fn send(&self, request: RequestBuilder) -> Result<Answer, CallError> {
        let request = request.build().map_err(CallError::Request)?;
        let call = Line::of(&request);
        let begun = Instant::now();
        let way = if is_loopback(request.url()) {
            &self.near
        } else {
            &self.far
        };
        let outcome = match way.execute(request).await {
            Ok(answer) => self.read(answer, &call.host).await,
            Err(why) => Err(unanswered(why, call.host.clone())),
        };
        call.log(begun.elapsed(), &outcome);
        outcome
    }

    /// Reads an answer as it comes, and stops where no answer of a service goes on. A refusal is cut there.
    async fn read(&self, mut answer: Response, host: &str) -> Result<Answer, CallError> {
        let (status, headers) = (answer.status(), answer.headers().clone());
        let (limit, cut) = if status.is_success() {
            (self.most.bytes, false)
        } else {
            (limits::REFUSAL, true)
        };
        let told = answer.content_length().unwrap_or(0);
        let mut body = Vec::with_capacity(usize::try_from(told).unwrap_or(limit).min(limit));
        loop {
            let piece = answer.chunk().await;
            let Some(piece) = piece.map_err(|why| unanswered(why, host.to_owned()))? else {
                break;
            };
            let room = limit - body.len();
            if piece.len() > room && !cut {
                let host = host.to_owned();
                return Err(CallError::TooLong { host, limit });
            }
            body.extend_from_slice(&piece[..piece.len().min(room)]);
            if body.len() == limit && cut {
                break;
            }
        }
        if !holds_at_most(self.most.values, &body) {
            let host = host.to_owned();
            return Err(CallError::TooLong { host, limit });
        }
        Ok(Answer {
            host: host.to_owned(),
            status,
            headers,
            body,
        })
    }
}

/// Counts the values of JSON without reading them, and tells whether there are no more than `most`.
fn holds_at_most(most: usize, body: &[u8]) -> bool {
    // Nearly always there are few enough also with those in texts, and these need no look at each byte by itself.
    let begins = |byte: &u8| u8::from(matches!(byte, b',' | b'[' | b'{'));
    let pieces = body.chunks(usize::from(u8::MAX));
    let signs = pieces.map(|piece| usize::from(piece.iter().map(begins).sum::<u8>()));
    if signs.sum::<usize>() <= most {
        return true;
    }
    let (mut values, mut in_text, mut escaped) = (0, false, false);
    for byte in body {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            b',' | b'[' | b'{' if !in_text => values += 1,
            _ => {}
        }
    }
    values <= most
}

fn unanswered(why: reqwest::Error, host: String) -> CallError {
    let source = why.without_url();
    if let Some(fault) = certificate_fault(&source) {
        CallError::Certificate {
            host,
            fault,
            source,
        }
    } else if source.is_connect() {
        CallError::Connect { host, source }
    } else {
        CallError::Unanswered { host, source }
    }
}

/// Looks through the layers around what TLS said of a certificate.
fn certificate_fault(why: &(dyn StdError + 'static)) -> Option<CertificateFault> {
    use rustls::{CertificateError, Error};
    if let Some(Error::InvalidCertificate(why)) = why.downcast_ref() {
        return Some(match why {
            CertificateError::UnknownIssuer => CertificateFault::Issuer,
            CertificateError::Expired
            | CertificateError::ExpiredContext { .. }
            | CertificateError::NotValidYet
            | CertificateError::NotValidYetContext { .. } => CertificateFault::Time,
            _ => CertificateFault::Other,
        });
    }
    // An I/O error shows the cause of what it wraps, not what it wraps, which may be another one.
    let wrapped = why.downcast_ref::<std::io::Error>();
    if let Some(wrapped) = wrapped.and_then(std::io::Error::get_ref) {
        return certificate_fault(wrapped);
    }
    certificate_fault(why.source()?)
}

/// What the log says of a call: no query and no address, which may name people.
struct Line {
    host: String,
    text: String,
    sent: usize,
}

impl Line {
    fn of(request: &reqwest::Request) -> Self {
        let url = request.url();
        let host = url.host_str().unwrap_or_default().to_owned();
        let names_someone = url.path().contains('@') || url.path().contains("%40");
        let path = if names_someone { "/…" } else { url.path() };
        let body = request.body().and_then(reqwest::Body::as_bytes);
        Self {
            text: format!("{} {host}{path}", request.method()),
            host,
            sent: body.map_or(0, <[u8]>::len),
        }
    }

    fn log(&self, took: Duration, outcome: &Result<Answer, CallError>) {
        let (call, ms) = (&self.text, took.as_millis());
        match outcome {
            Ok(answer) => {
                tracing::info!("{call} → {} in {ms} ms", answer.status.as_u16());
                let got = answer.body.len();
                tracing::debug!("{call}: {} bytes sent, {got} bytes read", self.sent);
            }
            Err(why) => tracing::info!("{call} → {why} in {ms} ms"),
        }
    }
}

/// Reads `SEGUE_HTTP_TIMEOUT`: whole seconds, at least 1, or the default where it is not set. Anything else is none.
#[must_use]
pub fn timeout_from(variable: Option<&str>) -> Option<Duration> {
    let Some(text) = variable else {
        return Some(DEFAULT_TIMEOUT);
    };
    let seconds = text.trim().parse().ok().filter(|seconds| *seconds > 0);
    seconds.map(Duration::from_secs)
}

#[cfg(test)]
mod tests;
