use futures_util::future::BoxFuture;
use oauth2::{HttpRequest, HttpResponse};
use reqwest::{RequestBuilder, StatusCode};

use crate::http::{Answer, Backoff, CallError, Client, advise};

/// What came of one try.
type Outcome = Result<Answer, CallError>;

/// Any call that changes nothing may be repeated.
pub(super) fn always(_outcome: &Outcome) -> bool {
    true
}

/// A code works once only, so a call that spends one may be repeated only while it is surely unspent: before a
/// connection, and after 429.
pub(super) fn unspent(outcome: &Outcome) -> bool {
    match outcome {
        Ok(answer) => answer.status == StatusCode::TOO_MANY_REQUESTS,
        Err(why) => matches!(why, CallError::Connect { .. }),
    }
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
        let advice = advise(&outcome);
        match backoff.next(advice).filter(|_| may_repeat(&outcome)) {
            Some(pause) => tokio::time::sleep(pause).await,
            None => return outcome,
        }
    }
}

/// Why our client gives `oauth2` nothing to read.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unsent {
    #[error("no answer")]
    Call(#[source] CallError),
    #[error("an answer that is no JSON ({0})")]
    Answer(StatusCode),
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
        Box::pin(async move { send(&client, backoff, request, may_repeat).await })
    }
}

async fn send(
    client: &Client,
    backoff: Backoff,
    request: HttpRequest,
    may_repeat: fn(&Outcome) -> bool,
) -> Result<HttpResponse, Unsent> {
    let (head, body) = request.into_parts();
    let again = || {
        let request = client
            .inner()
            .request(head.method.clone(), head.uri.to_string());
        request.headers(head.headers.clone()).body(body.clone())
    };
    let answer = persist(client, backoff, again, may_repeat).await;
    let answer = answer.map_err(Unsent::Call)?;
    if !answer.is_json() {
        return Err(Unsent::Answer(answer.status));
    }
    // Without the headers, so that a content type such as `text/html` around JSON does no harm.
    let mut response = HttpResponse::new(answer.body);
    *response.status_mut() = answer.status;
    Ok(response)
}
