//! One of every failure, made up.

mod deliveries;
mod entra;
mod services;
mod sources;
mod undos;
mod warnings;

use std::fmt::Debug;
use std::io;
use std::time::Duration;

use reqwest::StatusCode;
use segue::deliver;
use segue::domain::{
    DateOrder, DestinationName, Gap as Lacking, LoginName, MergeTag, Segment, SegmentState,
};
use segue::export::{self, Gap, Guard, NoUndo, Undecided};
use segue::http::{BadEndpoint, CallError, CertificateFault, ClientError, Endpoint, Looks, limits};
use segue::login::{self, SecretKind, StoreError};
use segue::plan::Unmet;
use segue::store;
use segue::words::{Explain, Explanation, Words};

/// A failure to be explained, with the enum that it is of.
pub struct Failure {
    pub of: &'static str,
    pub what: Box<dyn Explain>,
    debug: String,
}

impl Failure {
    /// The variant's name, as `Debug` begins.
    pub fn variant(&self) -> String {
        let end = self.debug.find(|c: char| !c.is_ascii_alphanumeric());
        self.debug[..end.unwrap_or(self.debug.len())].to_owned()
    }

    pub fn name(&self) -> String {
        format!("{} {}", self.of, self.variant())
    }
}

/// Several failures explained as one.
struct List<T>(Vec<T>);

impl<T> Explain for List<T>
where
    [T]: Explain,
{
    fn explain(&self, words: &Words) -> Explanation {
        self.0.explain(words)
    }
}

fn one<T: Explain + Debug + 'static>(of: &'static str, what: T) -> Failure {
    Failure {
        of,
        debug: format!("{what:?}"),
        what: Box::new(what),
    }
}

fn list<T: 'static>(of: &'static str, what: Vec<T>) -> Failure
where
    [T]: Explain,
{
    Failure {
        of,
        debug: "several".to_owned(),
        what: Box::new(List(what)),
    }
}

pub fn all() -> Vec<Failure> {
    let groups = [
        calls(),
        stores(),
        sources::all(),
        services::all(),
        keyrings(),
        sign_ins(),
        entra::all(),
        credentials(),
        mappings(),
        deliveries::all(),
        runs(),
        undos::all(),
        warnings::all(),
    ];
    groups.into_iter().flatten().collect()
}

pub fn not_found(what: &'static str) -> Failure {
    one("deliver::Error", deliver::Error::NotFound { what })
}

fn denied() -> io::Error {
    io::Error::new(io::ErrorKind::PermissionDenied, "Permission denied")
}

fn network() -> reqwest::Error {
    let _already_there = rustls::crypto::ring::default_provider().install_default();
    let request = reqwest::Client::new().get("no address").build();
    request.expect_err("no address")
}

fn connect() -> CallError {
    CallError::Connect {
        host: "us1.api.mailchimp.com".to_owned(),
        source: network(),
    }
}

fn busy() -> CallError {
    CallError::Busy {
        host: "us1.api.mailchimp.com".to_owned(),
        status: StatusCode::SERVICE_UNAVAILABLE,
    }
}

/// One of every way in which a call gets no answer of the service.
fn calls_failed() -> Vec<CallError> {
    let host = || "us1.api.mailchimp.com".to_owned();
    let strange = |looks| CallError::Strange {
        host: host(),
        status: StatusCode::OK,
        looks,
    };
    let certificate = |fault| CallError::Certificate {
        host: host(),
        fault,
        source: network(),
    };
    vec![
        connect(),
        certificate(CertificateFault::Issuer),
        certificate(CertificateFault::Time),
        certificate(CertificateFault::Other),
        unanswered(),
        CallError::TooLong {
            host: host(),
            limit: limits::ANSWER.bytes,
        },
        CallError::Elsewhere {
            host: host(),
            status: StatusCode::FOUND,
            target: "http://login.hotel.example/portal".to_owned(),
        },
        strange(Looks::Empty),
        strange(Looks::Page),
        strange(Looks::Broken),
        strange(Looks::Other),
        busy(),
        CallError::Request(network()),
    ]
}

fn unanswered() -> CallError {
    CallError::Unanswered {
        host: "login.mailchimp.com".to_owned(),
        source: network(),
    }
}

fn login_name() -> LoginName {
    LoginName::parse("Åsas konto").expect("a name")
}

fn tag(text: &str) -> MergeTag {
    MergeTag::parse(text).expect("a tag")
}

fn calls() -> Vec<Failure> {
    let bad = |why| one("http::BadEndpoint", why);
    vec![
        one("http::ClientError", ClientError::Build(network())),
        one(
            "http::ClientError",
            ClientError::Tls(rustls::Error::General("no roots".to_owned())),
        ),
        bad(BadEndpoint::NoUrl("mailchimp".to_owned())),
        bad(BadEndpoint::Plain("http://example.com".to_owned())),
        bad(BadEndpoint::UserInfo("evil.example".to_owned())),
    ]
}

fn stores() -> Vec<Failure> {
    use store::Error;
    let path = || "/home/asa/.local/share/segue/ledger/a1b2.db".into();
    [
        Error::Newer {
            path: path(),
            version: 3,
        },
        Error::NoHome,
        Error::Read {
            path: path(),
            source: denied(),
        },
        Error::Write {
            path: path(),
            source: io::Error::new(io::ErrorKind::StorageFull, "No space left on device"),
        },
        Error::Damaged {
            path: "/home/asa/.config/segue/destinations/spring.toml".into(),
            why: "line 3: unknown field `maap`\n".to_owned(),
        },
        Error::Damaged {
            path: path(),
            why: "database disk image is malformed".to_owned(),
        },
        Error::Encode("map key was not a string".to_owned()),
        Error::Exists("Spring newsletter".to_owned()),
        Error::NoErasedKey {
            key: "/home/eva/.local/share/segue/erased.key".into(),
            list: "/home/eva/.local/share/segue/erased.toml".into(),
        },
        Error::Twice {
            path: "/home/asa/.config/segue/destinations/spring.toml".into(),
            other: "/home/asa/.config/segue/destinations/autumn.toml".into(),
        },
        Error::Database {
            path: path(),
            source: rusqlite::Error::InvalidQuery,
        },
    ]
    .map(|why| one("store::Error", why))
    .into()
}

fn keyrings() -> Vec<Failure> {
    use login::Error;
    let entry = |source| Error::KeyringEntry {
        login: login_name(),
        kind: SecretKind::MailchimpToken,
        source,
    };
    let none = |kind| Error::NoSecret {
        login: login_name(),
        kind,
    };
    [
        Error::NoKeyring(StoreError::NoService("no bus address".into())),
        Error::KeyringLocked(StoreError::Locked("prompt dismissed".into())),
        Error::KeyringTimeout(Duration::from_mins(2)),
        entry(StoreError::Failed("the item is gone".into())),
        entry(StoreError::Missing),
        entry(StoreError::Damaged),
        none(SecretKind::MailchimpApiKey),
        none(SecretKind::Pending),
        none(SecretKind::InsightsRefreshToken),
        Error::Thread(io::Error::other("Resource temporarily unavailable")),
    ]
    .map(|why| one("login::Error", why))
    .into()
}

fn sign_ins() -> Vec<Failure> {
    use login::Error;
    let refused = |reason: &str| Error::Refused {
        reason: reason.to_owned(),
    };
    [
        Error::PortInUse { port: 8723 },
        Error::PortInUse { port: u16::MAX },
        Error::Listen {
            port: 80,
            source: denied(),
        },
        Error::NoBrowser(login::BrowserObstacle::NoDisplay),
        Error::OpenBrowser(io::Error::new(io::ErrorKind::NotFound, "no browser found")),
        Error::Denied,
        refused("invalid_request: redirect_uri does not match"),
        refused(""),
        Error::WrongState,
        Error::SignInTimeout(Duration::from_mins(10)),
        Error::NotARedirect,
        Error::NothingPending,
        Error::ExchangeConnect(connect()),
        Error::ExchangeUnanswered(unanswered()),
        Error::ExchangeRefused {
            code: "invalid_client".to_owned(),
            reason: "the client is not known".to_owned(),
        },
        Error::ExchangeAnswer {
            status: StatusCode::BAD_GATEWAY,
            said: String::new(),
        },
        Error::ExchangeAnswer {
            status: StatusCode::SERVICE_UNAVAILABLE,
            said: "Back in a minute.".to_owned(),
        },
        Error::TokenType("mac".to_owned()),
    ]
    .map(|why| one("login::Error", why))
    .into()
}

fn credentials() -> Vec<Failure> {
    use login::Error;
    [
        Error::BadCredential,
        Error::BadSecret(SecretKind::InsightsSubscriptionKey),
        Error::BadSecret(SecretKind::Trial),
        Error::BadVariable {
            name: "SEGUE_MAILCHIMP_TOKEN",
        },
        Error::KeyWithoutDataCentre,
        Error::BadDataCentre("evil.example/".to_owned()),
        Error::Endpoint {
            which: "SEGUE_MAILCHIMP_API_URL",
            source: BadEndpoint::Plain("http://example.com".to_owned()),
        },
        Error::MixedEndpoints,
        Error::Ask {
            what: "whose account this is",
            source: unanswered(),
        },
        Error::CredentialRefused {
            status: StatusCode::UNAUTHORIZED,
            reason: "Your API key may be invalid.".to_owned(),
        },
        Error::AskRefused {
            what: "whose account this is",
            status: StatusCode::FORBIDDEN,
            reason: "You may not see this.".to_owned(),
        },
    ]
    .map(|why| one("login::Error", why))
    .into()
}

fn mappings() -> Vec<Failure> {
    let unmet = [
        Unmet::NoEmail,
        Unmet::UnknownField(tag("LEVEL")),
        Unmet::RequiredField(tag("LNAME")),
        Unmet::AddressParts(tag("ADDRESS")),
        Unmet::DateOrder(tag("BIRTHDAY")),
    ];
    let undecided = |fitting| Undecided {
        tag: tag("SINCE"),
        attribute: "Member since".to_owned(),
        fitting,
    };
    let clear = || undecided(vec![DateOrder::Mdy, DateOrder::Dmy]);
    let mut all = vec![
        list("plan::Unmet (a list)", unmet.to_vec()),
        list("plan::Unmet (a list)", vec![Unmet::NoEmail]),
        one("export::Undecided", clear()),
        one("export::Undecided", undecided(vec![DateOrder::Ymd])),
        one("export::Undecided", undecided(Vec::new())),
        list("export::Undecided (a list)", vec![clear(), clear()]),
    ];
    all.extend(unmet.map(|why| one("plan::Unmet", why)));
    all
}

fn guards() -> [Guard; 12] {
    let tags = |names: &[&str]| Guard::ForeignTags(names.iter().map(|n| (*n).to_owned()).collect());
    [
        Guard::MaxProfiles { limit: 1_000_000 },
        Guard::PlanLimit {
            limit: 500,
            now: 490,
            created: 22,
        },
        Guard::Removals {
            tag: "Gold".to_owned(),
            count: 212,
            members: 1_900,
        },
        Guard::Shrunk {
            before: 20_000,
            now: 9_000,
            emptied: Vec::new(),
            gone: Vec::new(),
        },
        Guard::Shrunk {
            before: 20_000,
            now: 19_000,
            emptied: vec!["VIP".to_owned()],
            gone: Vec::new(),
        },
        Guard::Shrunk {
            before: 20_000,
            now: 19_000,
            emptied: Vec::new(),
            gone: vec!["VIP".to_owned()],
        },
        tags(&["Gold"]),
        tags(&["Gold", "Silver"]),
        Guard::SegmentState(vec![Segment {
            state: SegmentState::Inactive,
            ..Segment::new("vip", "VIP")
        }]),
        Guard::StatusChanged,
        Guard::Recreated,
        Guard::NoAgreement,
    ]
}

fn no_source_login(login: Option<LoginName>, spec: &str) -> export::Error {
    export::Error::NoSourceLogin {
        login,
        source_spec: spec.parse().expect("a source"),
    }
}

#[expect(clippy::too_many_lines, reason = "one of each")]
fn runs() -> Vec<Failure> {
    use export::Error;
    let endpoint = |text| Endpoint::parse(text).expect("an address");
    let errors = [
        Error::Store(store::Error::NoHome),
        Error::Source(segue::source::Error::Stopped),
        Error::Deliver(deliver::Error::Stopped),
        Error::Login(login::Error::Denied),
        Error::Endpoint(BadEndpoint::NoUrl("mailchimp".to_owned())),
        Error::Mapping(vec![Unmet::UnknownField(tag("A")), Unmet::NoEmail]),
        Error::Refused(Guard::StatusChanged),
        Error::Interrupted {
            done: 612_000,
            profiles: 1_000_000,
        },
        Error::GoesOn {
            name: DestinationName::parse("kunder").expect("name"),
            holder: "kunder (4711)".to_owned(),
        },
        Error::Gone {
            name: DestinationName::parse("kunder").expect("name"),
        },
        Error::Changed {
            name: DestinationName::parse("kunder").expect("name"),
        },
        Error::Busy {
            holder: "Spring newsletter (4711)".to_owned(),
        },
        Error::Watched {
            holder: "segue watch (4711)".to_owned(),
        },
        Error::OtherService {
            made: endpoint("https://us1.api.mailchimp.com/3.0"),
            now: endpoint("http://127.0.0.1:8800/3.0"),
        },
        Error::OtherSource {
            made: endpoint("https://contoso.crm4.dynamics.com"),
            now: endpoint("https://fabrikam.crm.dynamics.com"),
        },
        no_source_login(None, "dataverse:https://contoso.crm4.dynamics.com"),
        no_source_login(Some(login_name()), "insights:9f8e7d6c"),
        Error::AmbiguousConsent("!DoNotEmail=true,J".to_owned().try_into().expect("a rule")),
        Error::LoginTaken {
            login: login_name(),
            service: "mailchimp".to_owned(),
        },
        Error::OtherAccount {
            login: login_name(),
            had: "Contoso Kaffe".to_owned(),
            now: "Fabrikam".to_owned(),
        },
        Error::Incomplete {
            name: DestinationName::parse("kunder").expect("name"),
            path: "/home/lotta/.config/segue/destinations/kunder.toml".into(),
            lacking: vec![Lacking::Email, Lacking::Segments],
        },
        Error::NotConnected {
            name: DestinationName::parse("kunder").expect("name"),
        },
        Error::NoEngine {
            login: LoginName::parse("warehouse").expect("name"),
        },
        Error::NoLogin {
            login: "acme".to_owned(),
        },
        Error::NoLogin {
            login: "env".to_owned(),
        },
        Error::NoUndo(NoUndo::NoJournal {
            run: "20260101T000000.000Z-0000".to_owned(),
        }),
        Error::CountsDiffer(gap(0)),
        Error::Broken("task 7 panicked".to_owned()),
    ];
    let errors = errors.map(|why| one("export::Error", why));
    let guards = guards().map(|guard| one("export::Guard", guard));
    errors.into_iter().chain(guards).collect()
}

/// An audience whose counts do not agree with what was read.
pub fn gap(lookups: u64) -> Gap {
    Gap {
        read: 12,
        counted: 0,
        lookups,
    }
}
