//! What is given: codes of the browser, access, refresh and ID tokens.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use tokio::time::Instant;

use super::scopes::Scopes;
use super::{Entra, Resource, State, USER, USER_NAME};
use crate::sandbox::clock;

/// As long as Entra's own: what is too long for a header, a line or a keyring shall show here.
const CODE_DIGITS: usize = 700;
const ACCESS_DIGITS: usize = 1800;
const REFRESH_DIGITS: usize = 1400;

/// What a user granted, and asked to have told.
#[derive(Debug, Clone)]
pub(super) struct Grant {
    pub(super) scopes: Scopes,
    pub(super) nonce: Option<String>,
}

/// A code of the authorize page. There is only one app, so it need not say whose it is.
#[derive(Debug, Clone)]
pub(super) struct Code {
    pub(super) grant: Grant,
    pub(super) redirect: String,
    pub(super) challenge: String,
    pub(super) expires_at: Instant,
    pub(super) used: bool,
}

#[derive(Debug)]
pub(super) struct Access {
    resource: Option<Resource>,
    expires_at: Instant,
}

#[derive(Debug, Clone)]
pub(super) struct Refresh {
    pub(super) grant: Grant,
    pub(super) fate: Fate,
}

/// What became of a refresh token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    Good,
    /// It was exchanged for the next one.
    Spent,
    /// It was taken back together with all others.
    Revoked,
}

/// Why an access token does not open an API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::sandbox) enum Refused {
    /// It was never given.
    Unknown,
    /// Its time is over.
    Expired,
    /// It is for another service.
    OtherResource,
}

impl Entra {
    /// Tells whether an access token opens a service. A token that was given stays good until its time is over,
    /// whatever is revoked meanwhile.
    pub(in crate::sandbox) fn opens(&self, token: &str, resource: Resource) -> Result<(), Refused> {
        self.with(|state| {
            let access = state.access.get(token).ok_or(Refused::Unknown)?;
            if access.expires_at <= Instant::now() {
                Err(Refused::Expired)
            } else if access.resource != Some(resource) {
                Err(Refused::OtherResource)
            } else {
                Ok(())
            }
        })
    }

    /// Gives the tokens of a grant; a refresh token only where one was asked for.
    pub(super) fn give(&self, grant: &Grant, now: Instant, state: &mut State) -> Value {
        let access = state.dice.hex(ACCESS_DIGITS);
        let expires_at = now + self.token_lifetime;
        let seconds = self.token_lifetime.as_secs();
        let mut answer = json!({
            "token_type": "Bearer",
            "scope": grant.scopes.given(),
            "expires_in": seconds,
            "ext_expires_in": seconds,
            "access_token": access,
        });
        let resource = grant.scopes.resource;
        state.access.insert(
            access,
            Access {
                resource,
                expires_at,
            },
        );
        if grant.scopes.contain("offline_access") {
            let refresh = format!("1.A{}", state.dice.hex(REFRESH_DIGITS));
            answer["refresh_token"] = refresh.as_str().into();
            let (grant, fate) = (grant.clone(), Fate::Good);
            state.refresh.insert(refresh, Refresh { grant, fate });
        }
        if grant.scopes.contain("openid") {
            answer["id_token"] = self.id_token(grant.nonce.as_deref(), state).into();
        }
        answer
    }

    pub(super) fn new_code(
        grant: Grant,
        redirect: &str,
        challenge: &str,
        life: Duration,
        state: &mut State,
    ) -> String {
        let code = format!("1.A{}", state.dice.hex(CODE_DIGITS));
        let kept = Code {
            grant,
            redirect: redirect.to_owned(),
            challenge: challenge.to_owned(),
            expires_at: Instant::now() + life,
            used: false,
        };
        state.codes.insert(code.clone(), kept);
        code
    }

    /// Its signature is drawn: it goes straight to the app, where nobody has to verify it.
    fn id_token(&self, nonce: Option<&str>, state: &mut State) -> String {
        let issued_at = u64::from(clock::now());
        let mut claims = json!({
            "aud": self.client_id,
            "iss": format!("{}/v2.0", self.authority(&self.tenant)),
            "iat": issued_at,
            "nbf": issued_at,
            "exp": issued_at + self.token_lifetime.as_secs(),
            "name": USER_NAME,
            "oid": self.user_id,
            "preferred_username": USER,
            "sub": self.subject,
            "tid": self.tenant,
            "ver": "2.0",
        });
        if let Some(nonce) = nonce {
            claims["nonce"] = nonce.into();
        }
        let header = json!({ "typ": "JWT", "alg": "RS256", "kid": "sandbox" });
        let part = |text: String| URL_SAFE_NO_PAD.encode(text);
        format!(
            "{}.{}.{}",
            part(header.to_string()),
            part(claims.to_string()),
            part(state.dice.hex(256))
        )
    }
}
