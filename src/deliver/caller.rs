use std::time::Duration;

use bytes::Bytes;
use reqwest::Method;
use reqwest::header::{CONTENT_TYPE, HeaderValue};
use serde::de::DeserializeOwned;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::{Error, Lane, Notice, Problem, Trouble};
use crate::http::{
    Advice, Answer, Backoff, CallError, Client, Endpoint, Meaning, Outcome, Pacer, Strain, Waits,
    Wanted, advise, is_put_off, meaning,
};
use crate::login::Credential;

/// How often a call is tried again before the run gives up: about two minutes of pauses. Those that the service only puts
/// off are not counted.
const RETRIES: u32 = 9;

/// Which account is called, and where.
#[derive(Debug, Clone)]
pub struct Service {
    /// The base of all paths: `https://us1.api.mailchimp.com/3.0`.
    pub api: Endpoint,
    /// Who we are.
    pub credential: Credential,
    /// What calls, until it is given up after some time; each lane has connections of its own.
    pub client: Client,
    /// The bound of the first pause before a call is tried again: [`Backoff::FIRST`], but for a test's sandbox.
    pub first_pause: Duration,
    /// Whom to tell that Mailchimp asks us to wait.
    pub waits: Waits,
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
    pub body: Option<Bytes>,
    pub repeat: Repeat,
    /// Whether less can be asked for, where this is more than the service bears.
    pub shrinks: bool,
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
            shrinks: false,
        }
    }

    /// What it is answered with when all is well.
    fn wanted(&self) -> Wanted {
        // Neither archiving nor tagging nor deleting for good is answered with anything.
        let ends = ["/tags", "/actions/delete-permanent"];
        let is_post = self.method == Method::POST;
        if self.method == Method::DELETE
            || is_post && ends.iter().any(|end| self.path.ends_with(end))
        {
            Wanted::Done
        } else {
            Wanted::Json
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
        let client = service.client.apart().map_err(Error::Client)?;
        Ok(Self {
            lane,
            client,
            service,
            pacer,
            notices,
            stop,
        })
    }

    pub(super) async fn tell(&self, notice: Notice) {
        // Nobody listens any more when the run is being dropped; then there is nobody to tell.
        let _told = self.notices.send(notice).await;
    }

    /// Makes a call and reads the answer's JSON.
    pub(super) async fn read<T: DeserializeOwned>(&self, call: &Call) -> Result<T, Error> {
        let read = |answer: &Answer| serde_json::from_slice(&answer.body);
        self.insist(call, read).await.map(|(value, _)| value)
    }

    /// Makes a call until it is answered for good: a success, or the service's refusal as an error.
    pub(super) async fn call(&self, call: &Call) -> Result<Answer, Error> {
        let read = |answer: &Answer| Ok(answer.clone());
        self.insist(call, read).await.map(|(answer, _)| answer)
    }

    /// Makes a call until there is an answer that can be read, or a refusal; tells also whether an earlier try may have
    /// taken effect.
    pub(super) async fn insist<T>(
        &self,
        call: &Call,
        read: impl Fn(&Answer) -> Result<T, serde_json::Error>,
    ) -> Result<(T, bool), Error> {
        let wanted = call.wanted();
        let mut repeated = false;
        let mut backoff = Backoff::new(RETRIES, self.service.first_pause);
        let mut tries = 0;
        loop {
            let outcome = self.once(call, tries > 0).await?;
            tries += 1;
            let (advice, unreadable) = match answered(&outcome, wanted).map(&read) {
                Some(Ok(value)) => return Ok((value, repeated)),
                // An answer that cannot be read is none, whatever it looks like.
                Some(Err(why)) => (Advice::Briefly, Some(why)),
                None => (advise(&outcome, wanted), None),
            };
            let means = meaning(&outcome, wanted);
            if call.shrinks && is_too_much(&outcome) {
                return Err(Error::TooMuch {
                    what: call.what,
                    done: means.may_have_happened(),
                });
            }
            repeated |= means.may_have_happened();
            if repeated && call.repeat == Repeat::Unsure {
                return Err(Error::Unseen { what: call.what });
            }
            let pause = if is_put_off(&outcome) {
                // Throttling alone ends no run: the service is there, and asks for no more than patience.
                Some(backoff.put_off(advice))
            } else {
                backoff.next(advice)
            };
            let Some(pause) = pause else {
                return Err(match unreadable {
                    Some(why) => unreadable_answer(call.what, &why),
                    None => failed(call.what, wanted, tries, outcome),
                });
            };
            self.service.waits.note(advice);
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

    async fn once(&self, call: &Call, again: bool) -> Result<Outcome, Error> {
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
        let trouble = trouble(&outcome, call.wanted());
        match trouble {
            Some(Trouble::Throttled) => permit.note(Strain::Throttled),
            Some(_) if timed_out(&outcome) => permit.note(Strain::TimedOut),
            Some(_) => {}
            None => permit.note(Strain::Fine),
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

fn answered(outcome: &Outcome, wanted: Wanted) -> Option<&Answer> {
    let answer = outcome.as_ref().ok()?;
    (meaning(outcome, wanted) == Meaning::Answered).then_some(answer)
}

fn trouble(outcome: &Outcome, wanted: Wanted) -> Option<Trouble> {
    match meaning(outcome, wanted) {
        Meaning::Answered | Meaning::LoginRefused | Meaning::Refused => None,
        Meaning::Overloaded => Some(Trouble::Throttled),
        Meaning::UsedUp | Meaning::Failing | Meaning::Elsewhere | Meaning::Strange => {
            Some(Trouble::Failed)
        }
        Meaning::TooLong | Meaning::Unseen => Some(Trouble::NoAnswer),
        Meaning::Unconnected | Meaning::Impossible => Some(Trouble::NoConnection),
    }
}

/// Tells whether the call was more than the service, or what stands before it, can do at once.
fn is_too_much(outcome: &Outcome) -> bool {
    match outcome {
        Ok(answer) if answer.status.as_u16() == 413 => true,
        outcome => timed_out(outcome),
    }
}

/// Tells whether no answer came in time, or none from behind what stands before the service.
fn timed_out(outcome: &Outcome) -> bool {
    match outcome {
        Ok(answer) => answer.status.as_u16() == 504,
        Err(CallError::Unanswered { source, .. }) => source.is_timeout(),
        Err(_) => false,
    }
}

fn unreadable_answer(what: &'static str, why: &serde_json::Error) -> Error {
    let why = why.to_string();
    Error::Unreadable { what, why }
}

/// Says why there is no answer: the service's refusal, or what came in place of one.
fn failed(what: &'static str, wanted: Wanted, tries: u32, outcome: Outcome) -> Error {
    let problem = outcome.as_ref().map(Problem::of).unwrap_or_default();
    let status = outcome.as_ref().map_or(0, |answer| answer.status.as_u16());
    match meaning(&outcome, wanted) {
        Meaning::LoginRefused => Error::SignIn(problem),
        Meaning::Refused if status == 403 && problem.is_about_the_login() => Error::SignIn(problem),
        Meaning::Refused if status == 404 => Error::NotFound { what },
        Meaning::Refused => Error::Refused {
            what,
            status,
            problem,
        },
        Meaning::Answered
        | Meaning::UsedUp
        | Meaning::Overloaded
        | Meaning::Failing
        | Meaning::Elsewhere
        | Meaning::Strange
        | Meaning::TooLong
        | Meaning::Unseen
        | Meaning::Unconnected
        | Meaning::Impossible => Error::Unreachable {
            what,
            tries,
            problem: problem.into(),
            source: CallError::of(outcome, wanted),
        },
    }
}

#[cfg(test)]
mod tests;
