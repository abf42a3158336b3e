//! What Mailchimp refuses, and what keeps a call from it.

use segue::deliver::{Error, Problem};
use segue::domain::Status;
use segue::http::ClientError;
use segue::store;

use super::{Failure, busy, calls_failed, network, one};

pub fn all() -> Vec<Failure> {
    let what = "read the audience";
    let problem = || Problem {
        title: "Forbidden".to_owned(),
        detail: "You do not have permission.".to_owned(),
        errors: Vec::new(),
    };
    let refused = |problem| Error::Refused {
        what,
        status: 403,
        problem,
    };
    let field = deliver_field("name", "This value is too long.");
    let unreachable = |tries, problem: Problem, source| Error::Unreachable {
        what,
        tries,
        problem: problem.into(),
        source,
    };
    [
        Error::Client(ClientError::Build(network())),
        Error::SignIn(problem()),
        refused(problem()),
        refused(field),
        refused(Problem::default()),
        Error::NotFound { what },
        Error::Unseen {
            what: "create a merge field",
        },
        Error::TooMuch {
            what: "read contacts",
            done: false,
        },
        Error::Unreadable {
            what: "read tags",
            why: "missing field `id` at line 1".to_owned(),
        },
        Error::StatusChanged {
            before: Status::Subscribed,
            after: Status::Pending,
        },
        Error::ManyRecreated { count: 21 },
        Error::Store(store::Error::NoHome),
        Error::Broken("task 7 panicked".to_owned()),
        Error::Stopped,
        unreachable(1, problem(), busy()),
    ]
    .into_iter()
    .chain(
        calls_failed()
            .into_iter()
            .map(|why| unreachable(7, Problem::default(), why)),
    )
    .map(|why| one("deliver::Error", why))
    .collect()
}

/// A refusal about a field, as Mailchimp writes it.
fn deliver_field(field: &str, message: &str) -> Problem {
    let json = format!(
        r#"{{"title": "Invalid Resource", "errors": [{{"field": "{field}", "message": "{message}"}}]}}"#
    );
    serde_json::from_str(&json).expect("a problem")
}
