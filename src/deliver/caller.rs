use std::time::Duration;

use reqwest::Method;
use reqwest::header::{CONTENT_TYPE, HeaderValue};
use serde::de::DeserializeOwned;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::{Error, Lane, Notice, Problem, Trouble};
use crate::http::{Advice, Answer, Backoff, CallError, Client, Endpoint, Pacer, Strain, advise};
use crate::login::Credential;

/// How often a call is tried again before the run gives up: about two minutes of pauses.
const RETRIES: u32 = 9;

/// Which account is called, and where.
#[derive(Debug, Clone)]
pub struct Service {
    /// The base of all paths: `https://us1.api.mailchimp.com/3.0`.
    pub api: Endpoint,
    /// Who we are.
    pub credential: Credential,
    /// After which time a call is given up.
    pub timeout: Duration,
    /// The bound of the first pause before a call is tried again: [`Backoff::FIRST`], but for a test's sandbox.
    pub first_pause: Duration,
}

/// How a run is stopped: once, it finishes what is in flight; twice, it drops that too.
#[derive(Debug, Clone, Default)]
pub struct Stop {
    /// No new call goes out.
    pub gently: CancellationToken,
    /// Calls in flight are dropped.
    pub now: CancellationToken,
}

impl Stop {
    /// Stops: gently at first, at once the second time.
    pub fn ask(&self) {
        if self.gently.is_cancelled() {
            self.now.cancel();
        }
        self.gently.cancel();
    }
}

/// One lane of calls: a client of its own, a place in the shared pacer, and the rule what to do about trouble.
#[derive(Debug, Clone)]
pub struct Caller {
    lane: Lane,
    client: Client,
    service: Service,
    pacer: Pacer,
    notices: mpsc::Sender<Notice>,
    stop: Stop,
}

/// Whether a call may be sent again when its answer was not seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Repeat {
    /// Doing it twice is like doing it once.
    Harmless,
    /// It has to be found out first what became of it.
    Unsure,
}

/// A call as it is described before it is sent.
pub(super) struct Call {
    pub what: &'static str,
    pub method: Method,
    pub path: String,
    pub query: Vec<(&'static str, String)>,
    pub body: Option<Vec<u8>>,
    pub repeat: Repeat,
}

impl Call {
    pub fn get(
        what: &'static str,
        path: impl Into<String>,
        query: &[(&'static str, String)],
    ) -> Self {
        let (query, repeat) = (query.to_vec(), Repeat::Harmless);
        Self {
            what,
            method: Method::GET,
            path: path.into(),
            query,
            body: None,
            repeat,
        }
    }
}

impl Caller {
    /// Opens a lane.
    ///
    /// # Errors
    /// Fails when the HTTP client cannot be made.
    pub fn new(
        lane: Lane,
        service: Service,
        pacer: Pacer,
        notices: mpsc::Sender<Notice>,
        stop: Stop,
    ) -> Result<Self, Error> {
        let client = Client::new(service.timeout).map_err(Error::Client)?;
        Ok(Self {
            lane,
            client,
            service,
            pacer,
            notices,
            stop,
        })
    }

    pub(super) fn stop(&self) -> &Stop {
        &self.stop
    }

    pub(super) async fn tell(&self, notice: Notice) {
        // Nobody listens any more when the run is being dropped; then there is nobody to tell.
        let _told = self.notices.send(notice).await;
    }

    /// Makes a call and reads the answer's JSON.
    pub(super) async fn read<T: DeserializeOwned>(&self, call: &Call) -> Result<T, Error> {
        let answer = self.call(call).await?;
        let unreadable = |why: serde_json::Error| Error::Unreadable {
            what: call.what,
            why: why.to_string(),
        };
        serde_json::from_slice(&answer.body).map_err(unreadable)
    }

    /// Makes a call until it is answered for good: a success, or the service's refusal as an error.
    pub(super) async fn call(&self, call: &Call) -> Result<Answer, Error> {
        self.insist(call).await.map(|(answer, _)| answer)
    }

    /// The same, telling also whether an earlier try may have taken effect.
    pub(super) async fn insist(&self, call: &Call) -> Result<(Answer, bool), Error> {
        let mut repeated = false;
        let mut backoff = Backoff::new(RETRIES, self.service.first_pause);
        let mut tries = 0;
        loop {
            let outcome = self.once(call, tries > 0).await?;
            tries += 1;
            let advice = advise(&outcome);
            if advice == Advice::Never {
                return settle(call, outcome).map(|answer| (answer, repeated));
            }
            repeated |= may_have_happened(&outcome);
            if repeated && call.repeat == Repeat::Unsure {
                return Err(Error::Unseen { what: call.what });
            }
            let Some(pause) = backoff.next(advice) else {
                return Err(gave_up(call, tries, outcome));
            };
            self.wait(pause).await?;
        }
    }

    /// Pauses before a call is repeated; a stop ends the pause.
    async fn wait(&self, pause: Duration) -> Result<(), Error> {
        tokio::select! {
            () = tokio::time::sleep(pause) => Ok(()),
            () = self.stop.gently.cancelled() => Err(Error::Stopped),
        }
    }

    /// Pauses before members are sent for the `turn`th time.
    pub(super) async fn wait_turn(&self, turn: u8) -> Result<(), Error> {
        let mut backoff = Backoff::new(u32::MAX, self.service.first_pause);
        let pause = (0..turn)
            .filter_map(|_| backoff.next(Advice::Backoff))
            .last();
        self.wait(pause.unwrap_or_default()).await
    }

    async fn once(&self, call: &Call, again: bool) -> Result<Result<Answer, CallError>, Error> {
        let permit = tokio::select! {
            permit = self.pacer.acquire() => permit,
            () = self.stop.now.cancelled() => return Err(Error::Stopped),
        };
        let writes = call.method != Method::GET;
        self.tell(Notice::Started {
            lane: self.lane,
            writes,
            again,
        })
        .await;
        let url = format!("{}{}", self.service.api, call.path);
        let mut request = self
            .client
            .inner()
            .request(call.method.clone(), url)
            .query(&call.query);
        if let Some(body) = &call.body {
            request = request
                .header(CONTENT_TYPE, HeaderValue::from_static("application/json"))
                .body(body.clone());
        }
        let outcome = tokio::select! {
            outcome = self.client.send(self.service.credential.authorize(request)) => outcome,
            () = self.stop.now.cancelled() => return Err(Error::Stopped),
        };
        let trouble = trouble(&outcome);
        match trouble {
            Some(Trouble::Throttled) => self.pacer.note(Strain::Throttled),
            Some(_) => {}
            None => self.pacer.note(Strain::Fine),
        }
        drop(permit);
        self.tell(Notice::Over {
            lane: self.lane,
            trouble,
            limit: self.pacer.limit(),
        })
        .await;
        Ok(outcome)
    }
}

fn trouble(outcome: &Result<Answer, CallError>) -> Option<Trouble> {
    match outcome {
        Err(CallError::Connect { .. }) => Some(Trouble::NoConnection),
        Err(_) => Some(Trouble::NoAnswer),
        Ok(_) if advise(outcome) == Advice::Never => None,
        Ok(answer) if matches!(answer.status.as_u16(), 429 | 403) => Some(Trouble::Throttled),
        Ok(_) => Some(Trouble::Failed),
    }
}

/// Tells whether a call without a usable answer may have taken effect all the same. A call that was never sent did not,
/// nor did one that was turned away for overload.
fn may_have_happened(outcome: &Result<Answer, CallError>) -> bool {
    match outcome {
        Err(why) => matches!(why, CallError::Unanswered { .. }),
        Ok(answer) => !matches!(answer.status.as_u16(), 400 | 403 | 429),
    }
}

fn settle(call: &Call, outcome: Result<Answer, CallError>) -> Result<Answer, Error> {
    let what = call.what;
    let answer = outcome.map_err(|why| Error::Unreadable {
        what,
        why: why.to_string(),
    })?;
    if answer.status.is_success() {
        return Ok(answer);
    }
    let problem: Problem = serde_json::from_slice(&answer.body).unwrap_or_default();
    Err(match answer.status.as_u16() {
        401 => Error::SignIn(problem),
        404 => Error::NotFound { what },
        status => Error::Refused {
            what,
            status,
            problem,
        },
    })
}

fn gave_up(call: &Call, tries: u32, outcome: Result<Answer, CallError>) -> Error {
    let (last, source) = match outcome {
        Ok(answer) => (format!("HTTP {}", answer.status.as_u16()), None),
        Err(why) => (why.to_string(), Some(why)),
    };
    Error::Unreachable {
        what: call.what,
        tries,
        last,
        source,
    }
}
