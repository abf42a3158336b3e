use std::time::Duration;

use rand::Rng;
use reqwest::StatusCode;
use reqwest::header::RETRY_AFTER;

use super::{Answer, CallError};

/// Whether a call may be tried again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Advice {
    /// The answer is final, good or bad.
    Never,
    /// Again after a pause that grows.
    Backoff,
    /// Again after the time the service named.
    After(Duration),
}

/// Decides, alone in the whole program, whether a call may be tried again.
///
/// A refusal in JSON is final; an overload is not: 429, 403 without JSON, 408, any 5xx, and the HTML 400 that Mailchimp's
/// front end sends now and then. So are time-outs and broken connections.
#[must_use]
pub fn advise(outcome: &Result<Answer, CallError>) -> Advice {
    let answer = match outcome {
        Ok(answer) => answer,
        Err(CallError::Connect { .. } | CallError::Unanswered { .. }) => return Advice::Backoff,
        Err(CallError::Request(_)) => return Advice::Never,
    };
    let overloaded = match answer.status {
        StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT => true,
        StatusCode::FORBIDDEN | StatusCode::BAD_REQUEST => !answer.is_json(),
        status if status.is_success() => !answer.body.is_empty() && !answer.is_json(),
        status => status.is_server_error(),
    };
    let wait = answer
        .headers
        .get(RETRY_AFTER)
        .and_then(|value| value.to_str().ok()?.parse().ok());
    match (overloaded, wait) {
        (false, _) => Advice::Never,
        (true, Some(seconds)) => Advice::After(Duration::from_secs(u64::min(seconds, 300))),
        (true, None) => Advice::Backoff,
    }
}

/// Pauses between tries: random between nothing and a bound that doubles (full jitter), so that workers that failed
/// together do not come back together.
#[derive(Debug, Clone)]
pub struct Backoff {
    tries: u32,
    most: u32,
    first: Duration,
}

impl Backoff {
    /// The bound of the first pause for a service on the internet.
    pub const FIRST: Duration = Duration::from_millis(500);
    const LONGEST: Duration = Duration::from_secs(30);

    /// Starts a series of at most `most` pauses, the first at most `first`.
    #[must_use]
    pub fn new(most: u32, first: Duration) -> Self {
        Self {
            tries: 0,
            most,
            first,
        }
    }

    /// Gives the next pause; `None` when it is time to give up.
    pub fn next(&mut self, advice: Advice) -> Option<Duration> {
        if self.tries >= self.most || advice == Advice::Never {
            return None;
        }
        let bound = self
            .first
            .saturating_mul(1 << self.tries.min(10))
            .min(Self::LONGEST);
        self.tries += 1;
        let jitter = bound.mul_f64(rand::rng().random_range(0.0..1.0));
        Some(match advice {
            Advice::After(time) => time + jitter.min(self.first),
            Advice::Backoff | Advice::Never => jitter,
        })
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use reqwest::StatusCode;
    use reqwest::header::HeaderMap;

    use super::{Advice, Answer, Backoff, advise};

    fn answer(status: u16, body: &str) -> Advice {
        let status = StatusCode::from_u16(status).expect("status");
        advise(&Ok(Answer {
            status,
            headers: HeaderMap::new(),
            body: body.into(),
        }))
    }

    #[test]
    fn overload_is_tried_again_and_a_refusal_in_json_is_final() {
        for (status, body) in [
            (429, "{}"),
            (403, ""),
            (500, "{}"),
            (503, ""),
            (400, "<H1>Bad Request</H1>"),
            (504, ""),
        ] {
            assert_eq!(answer(status, body), Advice::Backoff, "{status} {body}");
        }
        for (status, body) in [
            (200, "{}"),
            (204, ""),
            (403, "{}"),
            (400, "{}"),
            (401, ""),
            (404, "{}"),
        ] {
            assert_eq!(answer(status, body), Advice::Never, "{status} {body}");
        }
    }

    #[test]
    fn a_named_time_is_waited_for() {
        let mut headers = HeaderMap::new();
        headers.insert("retry-after", "7".parse().expect("header"));
        let outcome = Ok(Answer {
            status: StatusCode::SERVICE_UNAVAILABLE,
            headers,
            body: vec![],
        });
        assert_eq!(advise(&outcome), Advice::After(Duration::from_secs(7)));
    }

    #[test]
    fn pauses_grow_to_a_bound_and_end() {
        let mut backoff = Backoff::new(12, Backoff::FIRST);
        let pauses: Vec<Duration> = std::iter::from_fn(|| backoff.next(Advice::Backoff)).collect();
        assert_eq!(pauses.len(), 12);
        assert!(
            pauses[0] <= Backoff::FIRST && pauses.iter().all(|pause| *pause <= Backoff::LONGEST)
        );
        assert_eq!(Backoff::new(3, Backoff::FIRST).next(Advice::Never), None);
    }
}
