use futures_util::future::BoxFuture;
use oauth2::{HttpRequest, HttpResponse};
use reqwest::header::LOCATION;
use reqwest::{RequestBuilder, StatusCode};
use serde::Deserialize;
use url::{Position, Url};

use crate::http::{Answer, Backoff, CallError, Client, Meaning, Outcome, Wanted, advise, meaning};

/// Any call that changes nothing may be repeated.
pub(super) fn always(_outcome: &Outcome) -> bool {
    true
}

/// A code works once only, so a call that spends one may be repeated only while it is surely unspent: before a
/// connection, and after it was turned away.
pub(super) fn unspent(outcome: &Outcome) -> bool {
    !meaning(outcome, Wanted::Json).may_have_happened()
}

/// Sends a request until it is answered; each try is a new request, and `may_repeat` tells after which there may be
/// another one.
pub(super) async fn persist(
    client: &Client,
    mut backoff: Backoff,
    request: impl Fn() -> RequestBuilder,
    may_repeat: impl Fn(&Outcome) -> bool,
) -> Outcome {
    loop {
        let outcome = client.send(request()).await;
        let advice = advise(&outcome, Wanted::Json);
        match backoff.next(advice).filter(|_| may_repeat(&outcome)) {
            Some(pause) => tokio::time::sleep(pause).await,
            None => return outcome,
        }
    }
}

/// Takes what the service itself said, be it a refusal; whatever else came is no answer.
pub(super) fn said(outcome: Outcome) -> Result<Answer, CallError> {
    if is_its_own(&outcome) {
        outcome
    } else {
        Err(CallError::of(outcome, Wanted::Json))
    }
}

fn is_its_own(outcome: &Outcome) -> bool {
    match meaning(outcome, Wanted::Json) {
        Meaning::Answered | Meaning::LoginRefused | Meaning::Refused | Meaning::UsedUp => true,
        Meaning::Overloaded
        | Meaning::Failing
        | Meaning::Elsewhere
        | Meaning::Strange
        | Meaning::TooLong
        | Meaning::Unseen
        | Meaning::Unconnected
        | Meaning::Impossible => false,
    }
}

/// Why a call gives nothing that could be a token or a refusal.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unsent {
    #[error("no answer")]
    Call(#[source] CallError),
    /// Its words are the service's own, which may hold anything.
    #[error("an answer that is no JSON, or tells of trouble ({status})")]
    Answer { status: StatusCode, words: String },
}

/// Sends a request to a sign-in service and gives its answer, if that is one of the service itself: JSON, and no sign of
/// trouble or of something in between.
pub(super) async fn sent(
    client: &Client,
    backoff: Backoff,
    request: impl Fn() -> RequestBuilder,
    may_repeat: fn(&Outcome) -> bool,
) -> Result<HttpResponse, Unsent> {
    let outcome = persist(client, backoff, request, may_repeat).await;
    let its_own = is_its_own(&outcome);
    let answer = outcome.map_err(Unsent::Call)?;
    let status = answer.status;
    if !its_own || !answer.is_json() {
        let words = words(&answer);
        return Err(Unsent::Answer { status, words });
    }
    // Without the headers, so that a content type such as `text/html` around JSON does no harm.
    let mut response = HttpResponse::new(answer.body);
    *response.status_mut() = status;
    Ok(response)
}

/// What an answer that is of no use says of itself: the service's words, or where it points to.
fn words(answer: &Answer) -> String {
    #[derive(Default, Deserialize)]
    struct Said {
        error: Option<String>,
        error_description: Option<String>,
    }
    let said: Said = serde_json::from_slice(&answer.body).unwrap_or_default();
    let target = answer.headers.get(LOCATION);
    let target = target.filter(|_| answer.status.is_redirection());
    let target = target.and_then(|target| Url::parse(target.to_str().ok()?).ok());
    // Its path and query may hold what was sent.
    let target = target.map(|target| target[..Position::BeforePath].to_owned());
    let words = said.error_description.or(said.error).or(target);
    words.unwrap_or_default()
}

/// Makes what sends the requests of `oauth2` with our own client.
pub(super) fn sender(
    client: &Client,
    backoff: &Backoff,
    may_repeat: fn(&Outcome) -> bool,
) -> impl Fn(HttpRequest) -> BoxFuture<'static, Result<HttpResponse, Unsent>> + use<> {
    let (client, backoff) = (client.clone(), backoff.clone());
    move |request| {
        let (client, backoff) = (client.clone(), backoff.clone());
        let (head, body) = request.into_parts();
        Box::pin(async move {
            let again = || {
                let request = client
                    .inner()
                    .request(head.method.clone(), head.uri.to_string());
                request.headers(head.headers.clone()).body(body.clone())
            };
            sent(&client, backoff, again, may_repeat).await
        })
    }
}
