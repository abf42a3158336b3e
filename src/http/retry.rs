use std::time::Duration;

use jiff::Timestamp;
use jiff::fmt::rfc2822;
use rand::RngExt;
use reqwest::header::{DATE, HeaderMap, LOCATION, RETRY_AFTER, WWW_AUTHENTICATE};
use url::Url;

use super::{Answer, CallError, Looks, limits, quote};

/// What came of one try of a call.
pub type Outcome = Result<Answer, CallError>;

/// What a call may be answered with when all is well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// JSON.
    Json,
    /// JSON, or nothing: there is nothing to be told.
    Done,
}

/// What one try of a call came to: the same for every call and every service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// What was asked for.
    Answered,
    /// The service does not take who we are.
    LoginRefused,
    /// The service understood, and says no.
    Refused,
    /// What the account or key may ask for is used up until a time that the service names.
    UsedUp,
    /// The service turned the call away for overload.
    Overloaded,
    /// The service is out of order.
    Failing,
    /// The answer leads elsewhere.
    Elsewhere,
    /// The answer is none of the service's own: nothing, a web page, half of something.
    Strange,
    /// The answer goes on for longer than any answer.
    TooLong,
    /// There was no whole answer.
    Unseen,
    /// No connection came about.
    Unconnected,
    /// The call cannot be made from here at all.
    Impossible,
}

/// Whether a call may be tried again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Advice {
    /// The answer is final, good or bad.
    Never,
    /// Again after a pause that grows, but a few times only: what answers is likely to stay.
    Briefly,
    /// Again after a pause that grows.
    Backoff,
    /// Again after the time the service named.
    After(Duration),
}

/// Finds what one try of a call came to. This is the one table for every call and every service.
///
/// A refusal counts as the service's own only in JSON (but for a 401): Mailchimp's front end sends 403 and 400 without
/// JSON when it is overloaded, and whatever else is no JSON comes from something in between.
#[must_use]
pub fn meaning(outcome: &Outcome, wanted: Wanted) -> Meaning {
    let answer = match outcome {
        Ok(answer) => answer,
        Err(CallError::Connect { .. }) => return Meaning::Unconnected,
        Err(CallError::Unanswered { .. }) => return Meaning::Unseen,
        Err(CallError::TooLong { .. }) => return Meaning::TooLong,
        Err(CallError::Elsewhere { .. }) => return Meaning::Elsewhere,
        Err(CallError::Strange { .. }) => return Meaning::Strange,
        Err(CallError::Busy { .. }) => return Meaning::Failing,
        Err(CallError::Certificate { .. } | CallError::Request(_)) => return Meaning::Impossible,
    };
    let (json, blank) = (answer.is_json(), answer.body.trim_ascii().is_empty());
    match answer.status.as_u16() {
        200..=299 if json || blank && wanted == Wanted::Done => Meaning::Answered,
        300..=399 => Meaning::Elsewhere,
        401 if says_who(answer) => Meaning::LoginRefused,
        403 if json && is_used_up(&answer.body) => Meaning::UsedUp,
        400 | 403 if !json => Meaning::Overloaded,
        425 | 429 => Meaning::Overloaded,
        408 | 500.. => Meaning::Failing,
        // Whoever says so: the question has to be a smaller one.
        413 => Meaning::Refused,
        400.. if json => Meaning::Refused,
        _ => Meaning::Strange,
    }
}

/// Tells whether a 401 is the service's: it comes in any form, but a web page has to say how to sign in.
fn says_who(answer: &Answer) -> bool {
    answer.looks() != Looks::Page || answer.headers.contains_key(WWW_AUTHENTICATE)
}

/// The gateway before Customer Insights (Azure API Management) says 403 also when a key's quota is used up.
fn is_used_up(body: &[u8]) -> bool {
    let text = String::from_utf8_lossy(body).to_lowercase();
    text.contains("call volume quota") || text.contains("quota will be replenished")
}

impl Meaning {
    /// Tells whether a call that came to this may have taken effect all the same.
    #[must_use]
    pub fn may_have_happened(self) -> bool {
        match self {
            Self::Answered
            | Self::Failing
            | Self::Elsewhere
            | Self::Strange
            | Self::TooLong
            | Self::Unseen => true,
            Self::LoginRefused
            | Self::Refused
            | Self::UsedUp
            | Self::Overloaded
            | Self::Unconnected
            | Self::Impossible => false,
        }
    }
}

/// Tells whether the service only put the call off: it is there, it did nothing, and asks for patience. Other answers that
/// look like overload may come from something in between, and stay.
#[must_use]
pub fn is_put_off(outcome: &Outcome) -> bool {
    let Ok(answer) = outcome else { return false };
    match answer.status.as_u16() {
        429 => answer.looks() != Looks::Page,
        403 => answer.body.trim_ascii().is_empty(),
        _ => false,
    }
}

/// Decides, alone in the whole program, whether a call may be tried again.
#[must_use]
pub fn advise(outcome: &Outcome, wanted: Wanted) -> Advice {
    match meaning(outcome, wanted) {
        Meaning::Answered
        | Meaning::LoginRefused
        | Meaning::Refused
        | Meaning::UsedUp
        | Meaning::TooLong
        | Meaning::Impossible => Advice::Never,
        Meaning::Elsewhere | Meaning::Strange => Advice::Briefly,
        Meaning::Unseen | Meaning::Unconnected => Advice::Backoff,
        Meaning::Overloaded | Meaning::Failing => {
            let headers = outcome.as_ref().map(|answer| &answer.headers).ok();
            headers
                .and_then(named_wait)
                .map_or(Advice::Backoff, Advice::After)
        }
    }
}

/// Reads how long the service asks us to wait: seconds, or a time by its own clock. At least a second, and no longer
/// than we ever wait.
fn named_wait(headers: &HeaderMap) -> Option<Duration> {
    let text = |name| headers.get(name)?.to_str().ok().map(str::trim);
    let time = |text: &str| rfc2822::parse(text).ok().map(|time| time.timestamp());
    let named = text(RETRY_AFTER)?;
    let wait = match named.parse() {
        Ok(seconds) => Duration::from_secs(seconds),
        Err(_no_number) => {
            let now = text(DATE).and_then(time).unwrap_or_else(Timestamp::now);
            Duration::try_from(time(named)?.duration_since(now)).unwrap_or_default()
        }
    };
    Some(wait.clamp(Duration::from_secs(1), limits::WAIT))
}

impl CallError {
    /// Says why an answer is not the service's, or of no use now; what a network said stays as it is.
    #[must_use]
    pub fn of(outcome: Outcome, wanted: Wanted) -> Self {
        let meaning = meaning(&outcome, wanted);
        let answer = match outcome {
            Ok(answer) => answer,
            Err(why) => return why,
        };
        let (looks, target) = (answer.looks(), target(&answer));
        let (host, status) = (answer.host, answer.status);
        match (meaning, target) {
            (Meaning::Elsewhere, Some(target)) => Self::Elsewhere {
                host,
                status,
                target,
            },
            (Meaning::Elsewhere | Meaning::Strange | Meaning::Answered, _) => Self::Strange {
                host,
                status,
                looks,
            },
            _ => Self::Busy { host, status },
        }
    }
}

/// Where an answer leads: server and path. What follows may hold secrets of a sign-in.
fn target(answer: &Answer) -> Option<String> {
    let target = answer.headers.get(LOCATION)?.to_str().ok()?;
    let shown = match Url::parse(target) {
        Ok(url) => format!("{}{}", url.origin().ascii_serialization(), url.path()),
        Err(_within_the_host) => target.split(['?', '#']).next()?.to_owned(),
    };
    Some(quote(&shown, &[]))
}

/// Pauses between tries: random between nothing and a bound that doubles (full jitter), so that workers that failed
/// together do not come back together.
#[derive(Debug, Clone)]
pub struct Backoff {
    tries: u32,
    most: u32,
    /// How many of the tries were for answers that are likely to stay.
    brief: u32,
    /// How often the service put the call off; these are no tries.
    puts_off: u32,
    first: Duration,
    waited: Duration,
}

impl Backoff {
    /// The bound of the first pause for a service on the internet.
    pub const FIRST: Duration = Duration::from_millis(500);
    const LONGEST: Duration = Duration::from_secs(30);
    /// How often a call is tried again where what answers is likely to stay.
    const FEW: u32 = 4;

    /// Starts a series of at most `most` pauses, the first at most `first`.
    #[must_use]
    pub fn new(most: u32, first: Duration) -> Self {
        Self {
            tries: 0,
            most,
            brief: 0,
            puts_off: 0,
            first,
            waited: Duration::ZERO,
        }
    }

    /// Gives the next pause; `None` when it is time to give up.
    pub fn next(&mut self, advice: Advice) -> Option<Duration> {
        let over = match advice {
            Advice::Never => true,
            Advice::Briefly => self.brief >= Self::FEW,
            Advice::Backoff | Advice::After(_) => false,
        };
        if over || self.tries >= self.most {
            return None;
        }
        self.brief += u32::from(advice == Advice::Briefly);
        let pause = self.pause(self.tries, advice);
        self.tries += 1;
        self.waited += pause;
        (self.waited <= limits::WAITS).then_some(pause)
    }

    /// Gives the pause after the service put the call off: longer each time up to a bound, and never the last one.
    pub fn put_off(&mut self, advice: Advice) -> Duration {
        let pause = self.pause(self.puts_off, advice);
        self.puts_off = self.puts_off.saturating_add(1);
        pause
    }

    fn pause(&self, before: u32, advice: Advice) -> Duration {
        let bound = self
            .first
            .saturating_mul(1 << before.min(10))
            .min(Self::LONGEST);
        let jitter = bound.mul_f64(rand::rng().random_range(0.0..1.0));
        match advice {
            Advice::After(time) => time + jitter.min(self.first),
            Advice::Briefly | Advice::Backoff | Advice::Never => jitter,
        }
    }
}

#[cfg(test)]
mod tests;
