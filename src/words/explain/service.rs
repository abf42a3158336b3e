use crate::source::ServiceError;

use super::{Explain, Explanation, Words};

impl Explain for ServiceError {
    #[expect(clippy::too_many_lines, reason = "one arm for each variant")]
    fn explain(&self, words: &Words) -> Explanation {
        let told = Telling { words };
        match self {
            Self::Address(why) => told.of("error-service-address", &[("cause", &why.to_string())]),
            Self::Login(why) => why.explain(words),
            Self::NoAnswer(why) => told.of(
                "error-service-no-answer",
                &[("cause", &words.call_failed(why))],
            ),
            Self::Unavailable {
                host,
                status,
                message,
            } => told.said(
                "error-service-unavailable",
                message,
                &[("host", host), ("status", &status.to_string())],
            ),
            Self::UsedUp { host, message } => {
                told.said("error-service-used-up", message, &[("host", host)])
            }
            Self::NotSignedIn { host, message } => {
                told.said("error-service-not-signed-in", message, &[("host", host)])
            }
            Self::SubscriptionKey { host, message } => {
                told.said("error-service-subscription-key", message, &[("host", host)])
            }
            Self::NoPrivilege {
                what,
                code: _,
                message,
            } => told.said("error-service-no-privilege", message, &[("what", what)]),
            Self::NotInEnvironment {
                host,
                code: _,
                message,
            } => told.said(
                "error-service-not-in-environment",
                message,
                &[("host", host)],
            ),
            Self::Firewall {
                host,
                code: _,
                message,
            } => told.said("error-service-firewall", message, &[("host", host)]),
            Self::NotThere {
                what,
                host,
                message,
            } => told.said(
                "error-service-not-there",
                message,
                &[("what", what), ("host", host)],
            ),
            Self::Refused {
                what,
                status,
                code,
                message,
            } => {
                let status = format!("{status} {code}");
                told.said(
                    "error-service-refused",
                    message,
                    &[("what", what), ("status", status.trim())],
                )
            }
            Self::Unreadable { what, source } => told.of(
                "error-service-unreadable",
                &[("what", what), ("cause", &source.to_string())],
            ),
            Self::LinkAstray { what, link } => told.of(
                "error-service-link-astray",
                &[("what", what), ("link", link)],
            ),
            Self::Endless { what } => told.of("error-service-endless", &[("what", what)]),
            Self::Shifted { what } => told.of("error-service-shifted", &[("what", what)]),
            Self::Fewer {
                segment,
                told: counted,
                read,
            } => told.fewer(segment, *counted, *read),
            Self::NoIds { what, column } => told.of(
                "error-service-no-ids",
                &[("what", what), ("column", column)],
            ),
            Self::NoLabels { attribute } => {
                told.of("error-service-no-labels", &[("attribute", attribute)])
            }
            Self::NoAttributes { what } => {
                told.of("error-service-no-attributes", &[("what", what)])
            }
            Self::NoInstanceId { host } => {
                told.of("error-service-no-instance-id", &[("host", host)])
            }
            Self::Refreshed { segment } => {
                told.of("error-service-refreshed", &[("segment", segment)])
            }
        }
    }
}

/// Tells failures of a source that is a service in the language of the words.
struct Telling<'a> {
    words: &'a Words,
}

impl Telling<'_> {
    fn of(&self, key: &str, args: &[(&str, &str)]) -> Explanation {
        let args: Vec<_> = args
            .iter()
            .map(|(name, text)| (*name, (*text).into()))
            .collect();
        self.words.explained(key, &args)
    }

    fn fewer(&self, segment: &str, counted: u64, read: u64) -> Explanation {
        let args = [
            ("segment", segment.into()),
            ("counted", counted.into()),
            ("read", read.into()),
        ];
        self.words.explained("error-service-fewer", &args)
    }

    /// Adds the service's own words as the cause.
    fn said(&self, key: &str, message: &str, args: &[(&str, &str)]) -> Explanation {
        let cause = if message.is_empty() {
            self.words.text("error-service-no-reason")
        } else {
            self.words
                .with("error-service-said", &[("reason", message.into())])
        };
        let mut args = args.to_vec();
        args.push(("cause", &cause));
        self.of(key, &args)
    }
}
