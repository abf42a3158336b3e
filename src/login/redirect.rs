//! The listener that the browser is sent back to, and what its answer means.

use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::{Method, StatusCode, Uri, header};
use axum::response::{Html, IntoResponse, Response};
use tokio::sync::oneshot;
use url::form_urlencoded;

use super::error::{Error, Result, quote};
use super::pages::{ClosingPages, Mood};
use crate::domain::Secret;

/// The path of the redirect URI.
pub(super) const PATH: &str = "/callback";
/// How long the closing page may take to reach the browser once the answer is there.
const FAREWELL: Duration = Duration::from_secs(2);

/// Gives the code that the service sent along, if this answer belongs to the sign-in that has `state`.
pub(super) fn judge(query: &str, state: &str) -> Result<Secret<String>> {
    let find = |name: &str| {
        let mut pairs = form_urlencoded::parse(query.as_bytes());
        pairs.find(|(key, _)| key == name).map(|(_, value)| value)
    };
    let refusal = find("error");
    match find("state") {
        Some(given) if same(&given, state) => {}
        // A refusal gives nothing away, so it is believed without a state; a wrong one is never believed.
        None if refusal.is_some() => {}
        _ => return Err(Error::WrongState),
    }
    match (refusal, find("code")) {
        (Some(code), _) if code == "access_denied" => Err(Error::Denied),
        (Some(code), _) => {
            let words = find("error_description").unwrap_or(code);
            let reason = quote(&words, &[state]);
            Err(Error::Refused { reason })
        }
        (None, Some(code)) if !code.is_empty() => Ok(Secret::new(code.into_owned())),
        (None, _) => Err(Error::NotARedirect),
    }
}

/// Compares in a time that does not tell how much of it is right.
fn same(given: &str, state: &str) -> bool {
    let differ = given.bytes().zip(state.bytes());
    given.len() == state.len() && differ.fold(0, |sum, (a, b)| sum | (a ^ b)) == 0
}

struct Desk {
    state: Secret<String>,
    pages: ClosingPages,
    answer: Mutex<Option<oneshot::Sender<Result<Secret<String>>>>>,
}

/// Waits for the browser to come back with an answer, shows it a page and gives what the answer means. The first answer
/// ends the wait, right or wrong: whoever sends a wrong one is told so, and so is the person at the terminal.
pub(super) async fn wait(
    (listener, port): (tokio::net::TcpListener, u16),
    state: &Secret<String>,
    pages: ClosingPages,
    limit: Duration,
) -> Result<Secret<String>> {
    let (answer, answered) = oneshot::channel();
    let desk = Arc::new(Desk {
        state: state.clone(),
        pages,
        answer: Mutex::new(Some(answer)),
    });
    let router = Router::new().fallback(receive).with_state(desk);
    let (close, closed) = oneshot::channel::<Infallible>();
    let server = axum::serve(listener, router).with_graceful_shutdown(async {
        let _closed = closed.await;
    });
    let mut server = std::pin::pin!(server.into_future());
    let outcome = tokio::select! {
        outcome = tokio::time::timeout(limit, answered) => outcome,
        ended = &mut server => {
            let ended = ended.err().unwrap_or_else(|| std::io::Error::other("the listener ended"));
            return Err(Error::Listen { port, source: ended });
        }
    };
    drop(close);
    match outcome {
        Ok(Ok(answer)) => {
            // The page is on its way; a browser that keeps a connection open does not hold us up.
            let _gone = tokio::time::timeout(FAREWELL, server).await;
            answer
        }
        Ok(Err(_)) | Err(_) => Err(Error::SignInTimeout(limit)),
    }
}

async fn receive(State(desk): State<Arc<Desk>>, method: Method, uri: Uri) -> Response {
    let query = uri.query().unwrap_or_default();
    // Icons, link previews and bare visits are no answers.
    if method != Method::GET || uri.path() != PATH || query.is_empty() {
        return (StatusCode::NOT_FOUND, private("")).into_response();
    }
    let sender = desk
        .answer
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .take();
    let Some(sender) = sender else {
        let page = desk.pages.render(Mood::Wrong);
        return (StatusCode::GONE, private(&page)).into_response();
    };
    let answer = judge(query, desk.state.expose());
    let (status, mood) = match &answer {
        Ok(_) => (StatusCode::OK, Mood::Ok),
        Err(Error::Denied | Error::Refused { .. }) => (StatusCode::OK, Mood::Denied),
        Err(_) => (StatusCode::BAD_REQUEST, Mood::Wrong),
    };
    let page = desk.pages.render(mood);
    // Nobody waits any more when the time was over a moment ago.
    let _late = sender.send(answer);
    (status, private(&page)).into_response()
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
    use super::judge;
    use crate::login::Error;

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
            "state=s2",
        ] {
            assert!(
                matches!(judge(query, "s1"), Err(Error::WrongState)),
                "{query}"
            );
        }
    }

    #[test]
    fn a_denial_is_told_from_other_refusals() {
        let denied = judge("error=access_denied&state=s1&code=x", "s1");
        assert!(matches!(denied, Err(Error::Denied)));
        assert!(matches!(
            judge("error=access_denied", "s1"),
            Err(Error::Denied)
        ));
        let other = judge(
            "error=server_error&error_description=try%0Alater&state=s1",
            "s1",
        );
        assert!(matches!(other, Err(Error::Refused { reason }) if reason == "try later"));
        let neither = judge("state=s1", "s1");
        assert!(matches!(neither, Err(Error::NotARedirect)));
    }
}
