//! Ways in which an export user is not signed in.

use std::time::Duration;

use reqwest::StatusCode;
use segue::http::{BadEndpoint, Endpoint};
use segue::login::{EntraError, Error, Refusal, RefusalKind, Whose};
use segue::store;

use super::{Failure, connect, denied, login_name, one};

fn refusal(kind: RefusalKind) -> Refusal {
    Refusal {
        kind,
        code: "invalid_grant".to_owned(),
        reason: "AADSTS50000: There was an error issuing a token.".to_owned(),
        correlation: Some("0c7d9c6a-1111-2222-3333-444455556666".to_owned()),
    }
}

fn bare(code: &str) -> Refusal {
    Refusal {
        code: code.to_owned(),
        reason: code.to_owned(),
        correlation: None,
        ..refusal(RefusalKind::Other)
    }
}

fn errors() -> Vec<EntraError> {
    vec![
        EntraError::BadTenant("contoso/evil".to_owned()),
        EntraError::NoClientId,
        EntraError::MixedVariables,
        EntraError::Call(connect()),
        EntraError::NoDocument {
            authority: Endpoint::parse("https://login.microsoftonline.com/contoso.example")
                .expect("an address"),
            status: StatusCode::NOT_FOUND,
        },
        EntraError::BadPlace(BadEndpoint::Plain("http://example.com/token".to_owned())),
        EntraError::Answer {
            status: StatusCode::BAD_GATEWAY,
            said: String::new(),
        },
        EntraError::Answer {
            status: StatusCode::FOUND,
            said: "https://portal.hotel.example".to_owned(),
        },
        EntraError::TokenType("mac".to_owned()),
        EntraError::BadPage(BadEndpoint::UserInfo("evil.example".to_owned())),
        EntraError::Unshowable,
        EntraError::Refused(bare("oops")),
        EntraError::Denied,
        EntraError::WrongState,
        EntraError::NotARedirect,
        EntraError::Timeout(Duration::from_mins(5)),
        EntraError::Listen(denied()),
        EntraError::NoDeviceCodes,
        EntraError::CodeExpired,
        EntraError::NoRefreshToken,
        EntraError::Busy(Duration::from_mins(2)),
        EntraError::Lock(store::Error::Write {
            path: "/home/asa/.local/share/segue/locks/login-asa.lock".into(),
            source: denied(),
        }),
    ]
}

pub fn all() -> Vec<Failure> {
    let entra = |whose: &Whose, why: EntraError| Error::Entra {
        whose: whose.clone(),
        source: Box::new(why),
    };
    let saved = Whose::Saved(login_name());
    let refused = |kind| EntraError::Refused(refusal(kind));
    let errors = errors().into_iter().map(|why| {
        let name = format!("{why:?}");
        Failure {
            debug: name,
            ..one("login::EntraError", entra(&Whose::New, why))
        }
    });
    let refusals = RefusalKind::ALL.map(|kind| Failure {
        debug: format!("{kind:?}"),
        ..one("login::RefusalKind", entra(&saved, refused(kind)))
    });
    let environment = entra(&Whose::Environment, refused(RefusalKind::Expired));
    errors
        .chain(refusals)
        .chain([one("login::Error", environment)])
        .collect()
}
