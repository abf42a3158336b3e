//! Ways in which a source that is a service cannot be read.

use segue::login;
use segue::source::{Error, ServiceError};

use super::{Failure, one, unanswered};

pub fn all() -> Vec<Failure> {
    let all = calls().into_iter().chain(refusals());
    let told = all.map(|why| one("source::ServiceError", why));
    told.chain([one(
        "source::Error",
        Error::Service(ServiceError::Endless {
            what: "msdynci_customerprofiles".to_owned(),
        }),
    )])
    .collect()
}

fn text(text: &str) -> String {
    text.to_owned()
}

fn calls() -> Vec<ServiceError> {
    let what = || text("msdynci_customerprofiles");
    vec![
        ServiceError::Address(url::ParseError::EmptyHost),
        ServiceError::Login(login::Error::NothingPending),
        ServiceError::NoAnswer(unanswered()),
        ServiceError::Unavailable {
            host: text("contoso.crm4.dynamics.com"),
            status: 503,
            message: String::new(),
        },
        ServiceError::UsedUp {
            host: text("api.ci.ai.dynamics.com"),
            message: text("Out of call volume quota. Quota will be replenished in 03:14:18."),
        },
        ServiceError::Unreadable {
            what: what(),
            source: serde_json::from_str::<u8>("[").expect_err("broken"),
        },
        ServiceError::LinkAstray {
            what: what(),
            link: text("https://elsewhere.example/next"),
        },
        ServiceError::Endless { what: what() },
        ServiceError::Shifted { what: what() },
        ServiceError::Fewer {
            segment: text("Nyhetsbrev"),
            told: 12_000,
            read: 11_000,
        },
        ServiceError::NoIds {
            what: what(),
            column: text("msdynci_customerid"),
        },
        ServiceError::NoLabels {
            attribute: text("msdynci_level"),
        },
        ServiceError::NoAttributes { what: what() },
        ServiceError::NoInstanceId {
            host: text("api.ci.ai.dynamics.com"),
        },
        ServiceError::Refreshed {
            segment: text("Nyhetsbrev"),
        },
    ]
}

fn refusals() -> Vec<ServiceError> {
    vec![
        ServiceError::NotSignedIn {
            host: text("contoso.crm4.dynamics.com"),
            message: text("Error during token validation!"),
        },
        ServiceError::SubscriptionKey {
            host: text("api.ci.ai.dynamics.com"),
            message: text("Access denied due to invalid subscription key."),
        },
        ServiceError::NoPrivilege {
            what: text("msdynci_customerprofiles"),
            code: text("0x80040220"),
            message: text("Principal user is missing prvReadmsdynci_customerprofile privilege"),
        },
        ServiceError::NotInEnvironment {
            host: text("contoso.crm4.dynamics.com"),
            code: text("0x80072560"),
            message: text("The user is not a member of the organization."),
        },
        ServiceError::Firewall {
            host: text("contoso.crm4.dynamics.com"),
            code: text("0x80095ffc"),
            message: text("The request is blocked by the IP firewall: 192.0.2.7"),
        },
        ServiceError::NotThere {
            what: text("msdynci_customerprofile"),
            host: text("contoso.crm4.dynamics.com"),
            message: text("The entity with a name = 'msdynci_customerprofile' was not found."),
        },
        ServiceError::Refused {
            what: text("msdynci_customerprofiles"),
            status: 400,
            code: text("0x80060888"),
            message: text("Could not find a property named 'msdynci_mail'."),
        },
    ]
}
