use crate::deliver::{Error, Problem};
use crate::domain::Status;
use crate::http::{BadEndpoint, CallError, ClientError};

use super::{Explain, Explanation, Words};

impl Explain for ClientError {
    fn explain(&self, words: &Words) -> Explanation {
        match self {
            Self::Build(why) => {
                words.explained("error-http-build", &[("cause", words.cause(why).into())])
            }
            Self::Tls(why) => {
                words.explained("error-http-build", &[("cause", words.cause(why).into())])
            }
        }
    }
}

impl Explain for BadEndpoint {
    fn explain(&self, words: &Words) -> Explanation {
        let about = |key, address: &str| words.explained(key, &[("address", address.into())]);
        match self {
            Self::NoUrl(address) => about("error-endpoint-no-url", address),
            Self::Plain(address) => about("error-endpoint-plain", address),
            Self::UserInfo(host) => about("error-endpoint-user-info", host),
        }
    }
}

impl Explain for Error {
    fn explain(&self, words: &Words) -> Explanation {
        match self {
            Self::Client(why) => why.explain(words),
            Self::SignIn(problem) => {
                let cause = words.problem(problem);
                words.explained("error-deliver-sign-in", &[("cause", cause.into())])
            }
            Self::Refused {
                what,
                status,
                problem,
            } => words.refused(what, *status, problem),
            Self::NotFound { what } => words.about("error-deliver-not-found", what),
            Self::Unreachable {
                what,
                tries,
                problem,
                source,
            } => words.unreachable(what, *tries, problem, source),
            Self::Unseen { what } => words.about("error-deliver-unseen", what),
            Self::TooMuch { what, .. } => words.about("error-deliver-too-much", what),
            Self::Unreadable { what, why } => words.explained(
                "error-deliver-unreadable",
                &[
                    ("doing", words.doing(what).into()),
                    ("cause", why.as_str().into()),
                ],
            ),
            Self::StatusChanged { before, after } => words.status_changed(*before, *after),
            Self::ManyRecreated { count } => words.explained(
                "error-deliver-many-recreated",
                &[("count", (*count).into())],
            ),
            Self::Store(why) => why.explain(words),
            Self::Broken(why) => {
                words.explained("error-export-broken", &[("cause", why.as_str().into())])
            }
            Self::Stopped => words.explained("error-deliver-stopped", &[]),
        }
    }
}

impl Words {
    fn about(&self, key: &str, what: &str) -> Explanation {
        self.explained(key, &[("doing", self.doing(what).into())])
    }

    fn refused(&self, what: &str, status: u16, problem: &Problem) -> Explanation {
        self.explained(
            "error-deliver-refused",
            &[
                ("doing", self.doing(what).into()),
                ("status", status.to_string().into()),
                ("cause", self.problem(problem).into()),
            ],
        )
    }

    fn unreachable(
        &self,
        what: &str,
        tries: u32,
        problem: &Problem,
        source: &CallError,
    ) -> Explanation {
        let mut cause = self.call_failed(source);
        if *problem != Problem::default() {
            cause = format!("{cause} {}", self.problem(problem));
        }
        self.explained(
            "error-deliver-unreachable",
            &[
                ("doing", self.doing(what).into()),
                ("tries", tries.into()),
                ("cause", cause.into()),
            ],
        )
    }

    fn status_changed(&self, before: Status, after: Status) -> Explanation {
        self.explained(
            "error-deliver-status-changed",
            &[
                ("before", self.status(before).into()),
                ("after", self.status(after).into()),
            ],
        )
    }

    /// Quotes Mailchimp's own words, as far as it gave any: the sentence, else its title, then the fields at fault.
    fn problem(&self, problem: &Problem) -> String {
        let said = [problem.detail.trim(), problem.title.trim()];
        let said = said.into_iter().find(|text| !text.is_empty());
        let fields = problem
            .errors
            .iter()
            .map(|error| format!("{}: {}", error.field.trim(), error.message.trim()));
        let reason = said.map(str::to_owned).into_iter().chain(fields);
        let reason = reason.collect::<Vec<_>>().join("\n");
        if reason.is_empty() {
            return self.text("error-no-reason");
        }
        self.with("error-mailchimp-said", &[("reason", reason.into())])
    }

    /// Says what was being done, to stand after “could not”. A test holds this to the calls there are.
    fn doing(&self, what: &str) -> String {
        self.text(match what {
            "read the account" => "doing-read-account",
            "read the service's clock" => "doing-read-clock",
            "list audiences" => "doing-list-audiences",
            "read the audience" => "doing-read-audience",
            "read merge fields" => "doing-read-merge-fields",
            "create a merge field" => "doing-create-merge-field",
            "read tags" => "doing-read-tags",
            "count contacts" => "doing-count-contacts",
            "read contacts" => "doing-read-contacts",
            "read a contact" => "doing-read-contact",
            "read a contact's tags" => "doing-read-contact-tags",
            "archive a contact" => "doing-archive-contact",
            "put a contact back" => "doing-put-contact-back",
            "read who has a tag" => "doing-read-tag-members",
            "take contacts out of a tag" => "doing-untag-contacts",
            "restore a contact's values" => "doing-restore-values",
            "restore a contact's tags" => "doing-restore-tags",
            "deliver a batch" => "doing-deliver-batch",
            "create members" => "doing-create-members",
            "update members" => "doing-update-members",
            other => return other.to_owned(),
        })
    }
}
