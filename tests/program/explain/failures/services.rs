//! Ways in which a source that is a service cannot be read.

use segue::login;
use segue::source::{During, Error, NotReading, Said, ServiceError, SqlError};

use super::{Failure, one, unanswered};

pub fn all() -> Vec<Failure> {
    let all = calls().into_iter().chain(refusals());
    let told = all.map(|why| one("source::ServiceError", why));
    let engines = engines().into_iter();
    told.chain(engines.map(|why| one("source::SqlError", why)))
        .chain([one("source::Error", Error::Sql(SqlError::NoFolder))])
        .chain([one(
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

#[expect(clippy::too_many_lines, reason = "one line for each")]
fn engines() -> Vec<SqlError> {
    let query = || text("gold.sql");
    let driver = || text("libadbc_driver_postgresql");
    let columns = || vec![text("name"), text("city")];
    let not_reading = |why| SqlError::NotOnlyReading {
        path: "/srv/queries/gold.sql".into(),
        why,
    };
    let said = |during, status: &str, code: &str| SqlError::Said {
        driver: driver(),
        query: query(),
        said: Box::new(Said {
            during,
            status: text(status),
            code: text(code),
            message: text("[libpq] no"),
        }),
    };
    vec![
        SqlError::NotBuilt,
        SqlError::NoFolder,
        SqlError::NoQueries("/srv/queries".into()),
        SqlError::NoText("/srv/queries/gold.sql".into()),
        SqlError::QueryExists("/srv/queries/gold.sql".into()),
        SqlError::Keep {
            path: "/srv/queries/gold.sql".into(),
            source: std::io::Error::other("No space left on device"),
        },
        not_reading(NotReading::Nothing),
        not_reading(NotReading::Several),
        not_reading(NotReading::Open),
        not_reading(NotReading::Statement(text("DELETE"))),
        SqlError::DuplicateColumn {
            query: query(),
            column: text("email"),
        },
        SqlError::NoIdColumn {
            query: query(),
            named: None,
            columns: columns(),
        },
        SqlError::NoIdColumn {
            query: query(),
            named: Some(text("key")),
            columns: columns(),
        },
        SqlError::NoEmailColumn {
            query: query(),
            columns: columns(),
        },
        SqlError::OtherColumns {
            query: query(),
            gone: Vec::new(),
            new: vec![text("city text")],
        },
        SqlError::NoTextColumn {
            query: query(),
            column: text("tags"),
            holds: text("List"),
        },
        SqlError::NoId {
            query: query(),
            column: text("id"),
        },
        SqlError::Contradicting {
            count: 2,
            examples: vec![text("c1 (gold.sql)")],
        },
        SqlError::NoRefresh("/srv/queries/_refresh.sql".into()),
        SqlError::NoTime,
        SqlError::Plain(text("grpc://lake.example:32010")),
        SqlError::Start(std::io::ErrorKind::OutOfMemory.into()),
        said(During::Load, "NotFound", ""),
        said(During::Connect, "IO", ""),
        said(During::Connect, "IO", "28P01"),
        said(During::Query, "InvalidArguments", "42P01"),
        said(During::Query, "Internal", ""),
        said(During::Rows, "Internal", ""),
        SqlError::BrokeOff {
            driver: driver(),
            status: text("signal: 6 (SIGABRT)"),
            printed: text("panic: out of memory"),
        },
        SqlError::Silent {
            driver: driver(),
            limit: std::time::Duration::from_mins(15),
        },
        SqlError::Astray {
            driver: driver(),
            what: text("another number of rows"),
        },
    ]
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
