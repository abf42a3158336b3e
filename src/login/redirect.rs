//! The way back from the browser: the place it is sent to, the listener there, and what its answer means.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, TcpListener};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::response::{Html, IntoResponse, Response};
use futures_util::future::try_join_all;
use tokio::sync::oneshot;
use url::{Position, Url, form_urlencoded};

use super::pages::{ClosingPages, Mood};
use crate::domain::Secret;

/// How long the closing page may take to reach the browser once the answer is there.
const FAREWELL: Duration = Duration::from_secs(2);

/// Why no code came back.
#[derive(Debug)]
pub(super) enum Astray {
    /// The person said no, or the service gave another error, in its own words, which may hold anything.
    Refused { code: String, words: String },
    /// The answer belongs to another sign-in.
    WrongState,
    /// It is not the address that the browser was sent to.
    NotARedirect,
    /// Nobody came back in time.
    Timeout(Duration),
    /// Nothing listens here: the address is to be pasted.
    Deaf,
    /// The listener failed.
    Listen(io::Error),
}

/// The place that the browser is sent back to. Dropping it frees the port.
#[derive(Debug)]
pub(super) struct WayBack {
    uri: String,
    state: Secret<String>,
    listeners: Vec<TcpListener>,
}

impl WayBack {
    /// Takes this redirect URI, where nothing listens.
    pub(super) fn deaf(uri: String, state: Secret<String>) -> Self {
        Self {
            uri,
            state,
            listeners: Vec::new(),
        }
    }

    /// Listens on a port of this machine, from now on; port 0 takes a free one, and `uri` makes the redirect URI of it.
    /// Some systems take `localhost` for `::1` first, so that is listened on too where `localhost` and the system allow.
    pub(super) fn listen(
        port: u16,
        localhost: bool,
        uri: impl FnOnce(u16) -> String,
        state: Secret<String>,
    ) -> io::Result<Self> {
        let bind = |address: IpAddr, port| {
            let listener = TcpListener::bind((address, port))?;
            listener.set_nonblocking(true)?;
            io::Result::Ok(listener)
        };
        let first = bind(Ipv4Addr::LOCALHOST.into(), port)?;
        let port = first.local_addr()?.port();
        let second = localhost
            .then(|| bind(Ipv6Addr::LOCALHOST.into(), port).ok())
            .flatten();
        Ok(Self {
            uri: uri(port),
            state,
            listeners: std::iter::once(first).chain(second).collect(),
        })
    }

    /// Gives the redirect URI.
    pub(super) fn uri(&self) -> &str {
        &self.uri
    }

    /// Gives the text that tells this sign-in from others.
    pub(super) fn state(&self) -> &Secret<String> {
        &self.state
    }

    /// Takes the address that the browser was sent to, pasted by the person, perhaps broken over lines.
    pub(super) fn complete(&self, redirected_url: &str) -> Result<Secret<String>, Astray> {
        let address: String = redirected_url.split_whitespace().collect();
        let url = Url::parse(&address).map_err(|_text| Astray::NotARedirect)?;
        let place = address.split(['?', '#']).next().unwrap_or_default();
        let same_place = place.trim_end_matches('/') == self.uri.trim_end_matches('/');
        let query = url.query().filter(|_| same_place);
        judge(query.ok_or(Astray::NotARedirect)?, self.state.expose())
    }

    /// Waits for the browser to come back with an answer to this sign-in, shows it a page and gives what the answer means.
    /// Whatever else is asked for at the port, by an old tab or by any page that the browser shows, is turned away, and
    /// the wait goes on. Dropping the wait frees the port as soon as this place is dropped too.
    pub(super) async fn wait(
        &self,
        limit: Duration,
        pages: ClosingPages,
    ) -> Result<Secret<String>, Astray> {
        let mut listeners = Vec::new();
        for listener in &self.listeners {
            let listener = listener.try_clone().map_err(Astray::Listen)?;
            let listener = tokio::net::TcpListener::from_std(listener);
            listeners.push(listener.map_err(Astray::Listen)?);
        }
        if listeners.is_empty() {
            return Err(Astray::Deaf);
        }
        let place = Url::parse(&self.uri).ok();
        let (answer, answered) = oneshot::channel();
        let desk = Arc::new(Desk {
            host: place.as_ref().map(host).unwrap_or_default(),
            path: place.map(|uri| uri.path().to_owned()).unwrap_or_default(),
            state: self.state.clone(),
            pages,
            answer: Mutex::new(Some(answer)),
        });
        serve(listeners, desk, tokio::time::timeout(limit, answered))
            .await?
            .unwrap_or_else(|_late| Ok(Err(Astray::Timeout(limit))))
            .unwrap_or(Err(Astray::Timeout(limit)))
    }
}

/// Serves the closing pages until `ended`, and then for as long as the last page needs.
async fn serve<T>(
    listeners: Vec<tokio::net::TcpListener>,
    desk: Arc<Desk>,
    ended: impl Future<Output = T>,
) -> Result<T, Astray> {
    let router = Router::new().fallback(receive).with_state(desk);
    let (close, closed) = tokio::sync::watch::channel::<()>(());
    let servers = listeners.into_iter().map(|listener| {
        let mut closed = closed.clone();
        let server = axum::serve(listener, router.clone()).with_graceful_shutdown(async move {
            let _closed = closed.changed().await;
        });
        server.into_future()
    });
    let mut servers = std::pin::pin!(try_join_all(servers));
    let outcome = tokio::select! {
        outcome = ended => outcome,
        ended = &mut servers => {
            let why = ended.err().unwrap_or_else(|| io::Error::other("the listener ended"));
            return Err(Astray::Listen(why));
        }
    };
    drop(close);
    // The page is on its way; a browser that keeps a connection open does not hold us up.
    let _gone = tokio::time::timeout(FAREWELL, servers).await;
    Ok(outcome)
}

/// The host and port of an address, as a browser that is sent there names them.
fn host(uri: &Url) -> String {
    uri[Position::BeforeHost..Position::AfterPort].to_owned()
}

/// Gives the code that the service sent along, if this answer belongs to the sign-in that has `state`.
fn judge(query: &str, state: &str) -> Result<Secret<String>, Astray> {
    let find = |name: &str| {
        let mut pairs = form_urlencoded::parse(query.as_bytes());
        pairs.find(|(key, _)| key == name).map(|(_, value)| value)
    };
    // A refusal too: any page could end the sign-in by sending one.
    if !find("state").is_some_and(|given| same(&given, state)) {
        return Err(Astray::WrongState);
    }
    match (find("error"), find("code")) {
        (Some(code), _) => Err(Astray::Refused {
            words: find("error_description")
                .unwrap_or_else(|| code.clone())
                .into_owned(),
            code: code.into_owned(),
        }),
        (None, Some(code)) if !code.is_empty() => Ok(Secret::new(code.into_owned())),
        (None, _) => Err(Astray::NotARedirect),
    }
}

/// Compares in a time that does not tell how much of it is right.
fn same(given: &str, state: &str) -> bool {
    let differ = given.bytes().zip(state.bytes());
    given.len() == state.len() && differ.fold(0, |sum, (a, b)| sum | (a ^ b)) == 0
}

/// What came back: a code, or why not.
type Code = Result<Secret<String>, Astray>;

struct Desk {
    host: String,
    path: String,
    state: Secret<String>,
    pages: ClosingPages,
    answer: Mutex<Option<oneshot::Sender<Code>>>,
}

impl Desk {
    /// Turns away what cannot be the browser coming back: other methods, pages of other names that lead here, and
    /// icons, link previews and bare visits.
    fn stray(&self, method: &Method, uri: &Uri, headers: &HeaderMap) -> Option<StatusCode> {
        let named = headers
            .get(header::HOST)
            .map(reqwest::header::HeaderValue::as_bytes);
        let named = uri
            .authority()
            .map(|host| host.as_str().as_bytes())
            .or(named);
        let ours = named.is_some_and(|host| host.eq_ignore_ascii_case(self.host.as_bytes()));
        if !ours {
            Some(StatusCode::MISDIRECTED_REQUEST)
        } else if method != Method::GET {
            Some(StatusCode::METHOD_NOT_ALLOWED)
        } else if uri.path() != self.path || uri.query().is_none_or(str::is_empty) {
            Some(StatusCode::NOT_FOUND)
        } else {
            None
        }
    }

    fn page(&self, status: StatusCode, mood: Mood) -> Response {
        (status, private(&self.pages.render(mood))).into_response()
    }
}

async fn receive(
    State(desk): State<Arc<Desk>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    if let Some(status) = desk.stray(&method, &uri, &headers) {
        return desk.page(status, Mood::Wrong);
    }
    let answer = judge(uri.query().unwrap_or_default(), desk.state.expose());
    let (status, mood) = match &answer {
        Err(Astray::WrongState) => return desk.page(StatusCode::BAD_REQUEST, Mood::Wrong),
        Ok(_) => (StatusCode::OK, Mood::Ok),
        Err(Astray::Refused { .. }) => (StatusCode::OK, Mood::Denied),
        Err(_) => (StatusCode::BAD_REQUEST, Mood::Wrong),
    };
    let waiting = desk.answer.lock();
    let Some(waiting) = waiting.unwrap_or_else(PoisonError::into_inner).take() else {
        return desk.page(StatusCode::GONE, Mood::Wrong);
    };
    // Nobody waits any more when the time was over a moment ago.
    let _late = waiting.send(answer);
    desk.page(status, mood)
}

/// The address of this page holds the code: nothing may keep it or pass it on.
fn private(page: &str) -> impl IntoResponse + use<> {
    let headers = [
        (header::CACHE_CONTROL, "no-store"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::CONNECTION, "close"),
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'",
        ),
    ];
    (headers, Html(page.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::{Astray, judge};

    #[test]
    fn an_answer_counts_only_with_the_state_of_this_sign_in() {
        let code = judge("code=a%2Bb&state=s1", "s1").expect("right");
        assert_eq!(code.expose(), "a+b");
        for query in [
            "code=a",
            "code=a&state=",
            "code=a&state=s2",
            "code=a&state=s11",
            "error=access_denied&state=s2",
            "error=access_denied",
            "state=s2",
        ] {
            assert!(
                matches!(judge(query, "s1"), Err(Astray::WrongState)),
                "{query}"
            );
        }
    }

    #[test]
    fn a_refusal_keeps_the_services_code_and_words() {
        let denied = judge("error=access_denied&state=s1&code=x", "s1");
        assert!(matches!(denied, Err(Astray::Refused { code, .. }) if code == "access_denied"));
        let other = judge(
            "error=server_error&error_description=try%0Alater&state=s1",
            "s1",
        );
        assert!(matches!(other, Err(Astray::Refused { words, .. }) if words == "try\nlater"));
        let neither = judge("state=s1", "s1");
        assert!(matches!(neither, Err(Astray::NotARedirect)));
    }
}
