//! The token endpoint: tokens for a code, for the refresh token before them, or for a code typed elsewhere.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;
use sha2::{Digest, Sha256};
use tokio::time::Instant;

use super::refusal::Refusal;
use super::tokens::{Fate, Grant};
use super::{APP, Entra, State, required};
use crate::sandbox::page::Form;

impl Entra {
    /// Answers a request for tokens.
    pub(super) fn token(&self, tenant: &str, form: &Form) -> Result<Value, Refusal> {
        self.check_tenant(tenant)?;
        let way = required(form, "grant_type")?;
        self.check_client(form)?;
        if form.contains_key("client_secret") || form.contains_key("client_assertion") {
            return Err(Refusal::new(
                700_025,
                "invalid_client",
                "Client is public so neither 'client_assertion' nor 'client_secret' should be presented.",
            ));
        }
        match way {
            "authorization_code" => self.redeem(form),
            "refresh_token" => self.refresh(form),
            "urn:ietf:params:oauth:grant-type:device_code" => self.poll(form),
            _ => Err(Refusal::new(
                70_003,
                "unsupported_grant_type",
                format!("The app requested an unsupported grant type '{way}'."),
            )),
        }
    }

    fn redeem(&self, form: &Form) -> Result<Value, Refusal> {
        let code = required(form, "code")?;
        let redirect = required(form, "redirect_uri")?;
        let verifier = required(form, "code_verifier")?;
        let now = Instant::now();
        self.with(|state| {
            let kept = state.codes.get_mut(code).ok_or_else(|| {
                Refusal::invalid_grant(
                    70_000,
                    "Provided grant is invalid or malformed: the code was not given by this service.",
                )
            })?;
            // Used up even when the rest is wrong.
            let before = kept.clone();
            kept.used = true;
            if before.used {
                return Err(Refusal::invalid_grant(
                    54_005,
                    "OAuth2 Authorization code was already redeemed, please retry with a new valid code or use an existing refresh token.",
                ));
            }
            if before.expires_at <= now {
                return Err(Refusal::invalid_grant(
                    70_008,
                    "The provided authorization code or refresh token has expired. Send a new interactive authorization request for this user and resource.",
                ));
            }
            if before.redirect != redirect {
                return Err(Refusal::invalid_grant(
                    500_112,
                    format!(
                        "The reply address '{redirect}' does not match the reply address '{}' provided when requesting Authorization code.",
                        before.redirect
                    ),
                ));
            }
            if challenge_of(verifier) != Some(before.challenge) {
                return Err(Refusal::invalid_grant(
                    501_481,
                    "The Code_Verifier does not match the code_challenge supplied in the authorization request.",
                ));
            }
            let grant = self.asked_again(before.grant, form)?;
            self.check_consent(&grant, state)?;
            Ok(self.give(&grant, now, state))
        })
    }

    fn refresh(&self, form: &Form) -> Result<Value, Refusal> {
        let token = required(form, "refresh_token")?;
        self.with(|state| {
            let kept = state.refresh.get(token).cloned();
            let fate = kept.as_ref().map(|kept| kept.fate);
            let Some(kept) = kept.filter(|kept| kept.fate == Fate::Good) else {
                return Err(bad_refresh_token(fate));
            };
            let grant = self.asked_again(kept.grant, form)?;
            self.check_consent(&grant, state)?;
            if let Some(kept) = state.refresh.get_mut(token) {
                kept.fate = Fate::Spent;
            }
            Ok(self.give(&grant, Instant::now(), state))
        })
    }

    /// Takes the scopes that tokens are asked for with, where they are: they may be for another service than before. What
    /// was granted for long stays so.
    fn asked_again(&self, grant: Grant, form: &Form) -> Result<Grant, Refusal> {
        let Some(text) = form.get("scope").filter(|text| !text.is_empty()) else {
            return Ok(grant);
        };
        let mut scopes = self.read_scopes(text)?;
        let long = "offline_access";
        scopes.asked.retain(|scope| scope != long);
        if grant.scopes.contain(long) {
            scopes.asked.push(long.to_owned());
        }
        Ok(Grant { scopes, ..grant })
    }

    pub(super) fn check_consent(&self, grant: &Grant, state: &State) -> Result<(), Refusal> {
        if state.consent.contains(&grant.scopes.resource) {
            return Ok(());
        }
        let words = format!(
            "The user or administrator has not consented to use the application with ID '{}' named '{APP}'. Send an interactive authorization request for this user and resource.",
            self.client_id
        );
        Err(Refusal::invalid_grant(65_001, words).with_suberror("consent_required"))
    }
}

fn bad_refresh_token(fate: Option<Fate>) -> Refusal {
    if fate == Some(Fate::Revoked) {
        let words = "The provided grant has expired due to it being revoked, a fresh auth token is needed. The user might have changed or reset their password.";
        return Refusal::invalid_grant(50_173, words).with_suberror("bad_token");
    }
    let words =
        "Provided grant is invalid or malformed: the refresh token is unknown, or was used before.";
    Refusal::invalid_grant(70_000, words)
}

/// The S256 challenge of a verifier that has the length the standard wants.
fn challenge_of(verifier: &str) -> Option<String> {
    (43..=128)
        .contains(&verifier.len())
        .then(|| URL_SAFE_NO_PAD.encode(Sha256::digest(verifier)))
}
