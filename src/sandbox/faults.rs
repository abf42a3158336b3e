//! What goes wrong on purpose: drawn per request, or decided once and for all by the address.

use std::str::FromStr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::dice::{Dice, mix_text, unit};

/// Longer than the service's own limit of 120 seconds, and than any client should wait.
const HANG: Duration = Duration::from_secs(150);

/// A kind of fault; its name is what `--fault` takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Answers 429 with a problem.
    TooManyRequests,
    /// Answers 403 without a body.
    EmptyForbidden,
    /// Answers 500.
    ServerError,
    /// Answers 503.
    Unavailable,
    /// Answers 400 with a web page.
    HtmlBadRequest,
    /// Does what was asked, and keeps the answer back.
    Hang,
    /// Closes the connection before the request took effect.
    DropBefore,
    /// Closes the connection after the request took effect.
    DropAfter,
    /// Holds the address to be in a compliance state.
    Compliance,
    /// Holds the address to be deleted for good.
    Forgotten,
    /// Holds the address for fake.
    Fake,
    /// Refuses the address's merge fields.
    MergeInvalid,
    /// Refuses a new address three times.
    TooManySignups,
}

impl Kind {
    const NAMES: [(Self, &'static str); 13] = [
        (Self::TooManyRequests, "429"),
        (Self::EmptyForbidden, "403-empty"),
        (Self::ServerError, "500"),
        (Self::Unavailable, "503"),
        (Self::HtmlBadRequest, "html-400"),
        (Self::Hang, "hang"),
        (Self::DropBefore, "drop-before"),
        (Self::DropAfter, "drop-after"),
        (Self::Compliance, "compliance"),
        (Self::Forgotten, "forgotten"),
        (Self::Fake, "fake"),
        (Self::MergeInvalid, "merge-invalid"),
        (Self::TooManySignups, "too-many-signups"),
    ];

    /// The name that `--fault` takes.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::NAMES
            .iter()
            .find_map(|(kind, name)| (*kind == self).then_some(*name))
            .unwrap_or_default()
    }

    fn follows_the_address(self) -> bool {
        matches!(
            self,
            Self::Compliance
                | Self::Forgotten
                | Self::Fake
                | Self::MergeInvalid
                | Self::TooManySignups
        )
    }
}

/// One fault: what goes wrong, and for which share of requests or addresses.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fault {
    /// What goes wrong.
    pub kind: Kind,
    /// The share of requests or addresses, from 0 to 1.
    pub rate: f64,
    /// How long a hanging answer is kept back.
    pub hang: Duration,
}

/// Why a text is no fault.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ParseFaultError {
    /// There is no `=` in it.
    #[error("expected KIND=RATE, for example 429=0.05")]
    Shape,
    /// The kind is unknown.
    #[error("unknown kind of fault \"{0}\"; there are: {1}")]
    Kind(String, String),
    /// The rate is no share.
    #[error("\"{0}\" is not a rate from 0 to 1")]
    Rate(String),
    /// The seconds are no number, or the kind takes none.
    #[error("\"{0}\": only hang takes seconds, as in hang=0.01:30")]
    Seconds(String),
}

impl FromStr for Fault {
    type Err = ParseFaultError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (name, value) = text.split_once('=').ok_or(ParseFaultError::Shape)?;
        let kind = Kind::NAMES
            .iter()
            .find_map(|(kind, known)| (*known == name.trim()).then_some(*kind))
            .ok_or_else(|| {
                let names: Vec<_> = Kind::NAMES.iter().map(|(_, name)| *name).collect();
                ParseFaultError::Kind(name.to_owned(), names.join(", "))
            })?;
        let (share, seconds) = match value.split_once(':') {
            Some((share, seconds)) => (share, Some(seconds)),
            None => (value, None),
        };
        let rate = share
            .trim()
            .parse()
            .ok()
            .filter(|rate| (0.0..=1.0).contains(rate))
            .ok_or_else(|| ParseFaultError::Rate(share.to_owned()))?;
        let hang = match seconds {
            None => HANG,
            Some(text) => text
                .trim()
                .trim_end_matches('s')
                .parse()
                .ok()
                .filter(|_| kind == Kind::Hang)
                .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
                .ok_or_else(|| ParseFaultError::Seconds(text.to_owned()))?,
        };
        Ok(Self { kind, rate, hang })
    }
}

/// All faults of a sandbox.
#[derive(Debug)]
pub(super) struct Faults {
    per_request: Vec<Fault>,
    per_address: Vec<Fault>,
    seed: u64,
    dice: Mutex<Dice>,
}

impl Faults {
    pub(super) fn new(faults: &[Fault], seed: u64) -> Self {
        let (per_address, per_request) = faults
            .iter()
            .copied()
            .partition(|fault| fault.kind.follows_the_address());
        Self {
            per_request,
            per_address,
            seed,
            dice: Mutex::new(Dice::new(seed, "faults")),
        }
    }

    /// Draws what happens to the next request.
    pub(super) fn draw(&self) -> Option<Fault> {
        if self.per_request.is_empty() {
            return None;
        }
        let mut dice = self.dice.lock().unwrap_or_else(PoisonError::into_inner);
        let mut drawn = dice.unit();
        self.per_request.iter().copied().find(|fault| {
            // One draw for all kinds, each with its own stretch of it: so every kind gets the rate asked for.
            let hit = drawn < fault.rate;
            drawn -= fault.rate;
            hit
        })
    }

    /// Tells whether a fault is on an address (lower-cased).
    pub(super) fn on(&self, kind: Kind, address: &str) -> bool {
        self.per_address.iter().any(|fault| {
            fault.kind == kind && unit(mix_text(self.seed, address) ^ salt(kind)) < fault.rate
        })
    }
}

/// Keeps the kinds from falling on the same addresses.
fn salt(kind: Kind) -> u64 {
    mix_text(0, kind.name())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_is_read_with_its_rate_and_seconds() {
        let fault: Fault = "429=0.05".parse().expect("a fault");
        assert_eq!(fault.kind, Kind::TooManyRequests);
        assert!((fault.rate - 0.05).abs() < f64::EPSILON);
        let fault: Fault = "hang=1:2".parse().expect("a fault");
        assert_eq!(fault.hang, Duration::from_secs(2));
        for (_, name) in Kind::NAMES {
            assert!(format!("{name}=0.5").parse::<Fault>().is_ok(), "{name}");
        }
    }

    #[test]
    fn a_text_that_is_no_fault_is_refused() {
        for text in [
            "429",
            "teapot=0.1",
            "429=2",
            "429=x",
            "429=0.1:3",
            "hang=0.1:x",
        ] {
            assert!(text.parse::<Fault>().is_err(), "{text}");
        }
    }

    #[test]
    fn faults_of_an_address_stay_the_same_and_near_their_rate() {
        let fault: Fault = "fake=0.1".parse().expect("a fault");
        let faults = Faults::new(&[fault], 3);
        let hit = |n: u32| faults.on(Kind::Fake, &format!("p{n}@example.com"));
        let count = (0..5000).filter(|n| hit(*n)).count();
        assert!((400..600).contains(&count), "{count} of 5,000");
        assert_eq!(count, (0..5000).filter(|n| hit(*n)).count());
        assert!(!faults.on(Kind::Forgotten, "p1@example.com"));
    }

    #[test]
    fn each_kind_drawn_per_request_gets_its_rate() {
        let faults: Vec<Fault> = ["429=0.1", "500=0.2"]
            .iter()
            .map(|text| text.parse().expect("a fault"))
            .collect();
        let faults = Faults::new(&faults, 1);
        let drawn: Vec<_> = (0..10_000).filter_map(|_| faults.draw()).collect();
        let of = |kind| drawn.iter().filter(|fault| fault.kind == kind).count();
        assert!((900..1100).contains(&of(Kind::TooManyRequests)));
        assert!((1850..2150).contains(&of(Kind::ServerError)));
    }
}
