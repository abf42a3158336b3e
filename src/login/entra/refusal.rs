use std::fmt;

use super::EntraError;
use super::numbers::meaning;
use crate::http::quote;

/// Why the sign-in service said no, by its error codes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RefusalKind {
    /// `invalid_request`: a part of the request is missing or wrong.
    InvalidRequest,
    /// `unauthorized_client`: the app may not sign people in this way.
    UnauthorizedClient,
    /// `unsupported_response_type`, `unsupported_grant_type`: the service does not offer this way of signing in.
    UnsupportedWay,
    /// `server_error`: the service failed.
    ServerError,
    /// `temporarily_unavailable`: the service is busy.
    TemporarilyUnavailable,
    /// `invalid_resource`: the tenant does not know the service that the token is for.
    InvalidResource,
    /// `invalid_scope`: the permission asked for does not exist.
    InvalidScope,
    /// `login_required`, `interaction_required`: a person must sign in again.
    InteractionRequired,
    /// `consent_required`: nobody agreed that the app may read, or the consent was withdrawn.
    ConsentRequired,
    /// Only an administrator may agree that the app may read.
    AdminConsent,
    /// `invalid_grant`: the code or refresh token is spent, expired or revoked.
    InvalidGrant,
    /// The refresh token was revoked, say by a new password or by an administrator.
    Revoked,
    /// The refresh token was not used for too long.
    Expired,
    /// `invalid_client`: the app is not registered as a public client.
    InvalidClient,
    /// The tenant has no app with this client id.
    UnknownApp,
    /// The app is switched off in the tenant.
    AppDisabled,
    /// There is no such tenant.
    WrongTenant,
    /// The app is for one tenant, and `organizations` or `common` names none.
    TenantNeeded,
    /// The account that signed in is not the tenant's.
    NotInTenant,
    /// The app does not hold the redirect URI.
    RedirectUri,
    /// The app holds the redirect URI, but for pages in a browser.
    Platform,
    /// `bad_verification_code`: the device code is not known.
    BadDeviceCode,
    /// The organisation's rules do not allow this sign-in; device codes are often forbidden.
    Forbidden,
    /// The organisation's rules allow this sign-in from certain devices only.
    DeviceRule,
    /// The user must prove who they are once more, with a second factor.
    SecondFactor,
    /// The user's password is wrong, has run out or has to be changed.
    Password,
    /// The user's account is disabled or locked.
    AccountDisabled,
    /// The user is not assigned to the app.
    NotAssigned,
    /// A code that is not known to us.
    Other,
}

impl RefusalKind {
    /// Lists all of them.
    pub const ALL: [Self; 29] = [
        Self::InvalidRequest,
        Self::UnauthorizedClient,
        Self::UnsupportedWay,
        Self::ServerError,
        Self::TemporarilyUnavailable,
        Self::InvalidResource,
        Self::InvalidScope,
        Self::InteractionRequired,
        Self::ConsentRequired,
        Self::AdminConsent,
        Self::InvalidGrant,
        Self::Revoked,
        Self::Expired,
        Self::InvalidClient,
        Self::UnknownApp,
        Self::AppDisabled,
        Self::WrongTenant,
        Self::TenantNeeded,
        Self::NotInTenant,
        Self::RedirectUri,
        Self::Platform,
        Self::BadDeviceCode,
        Self::Forbidden,
        Self::DeviceRule,
        Self::SecondFactor,
        Self::Password,
        Self::AccountDisabled,
        Self::NotAssigned,
        Self::Other,
    ];

    /// Finds the kind of an error, by Entra's number where that is known, else by the code of the standard.
    fn of(code: &str, number: Option<u32>) -> Self {
        number
            .and_then(meaning)
            .unwrap_or_else(|| Self::of_code(code))
    }

    fn of_code(code: &str) -> Self {
        match code {
            "invalid_request" => Self::InvalidRequest,
            "unauthorized_client" => Self::UnauthorizedClient,
            "unsupported_response_type" | "unsupported_grant_type" => Self::UnsupportedWay,
            "server_error" => Self::ServerError,
            "temporarily_unavailable" => Self::TemporarilyUnavailable,
            "invalid_resource" | "invalid_target" => Self::InvalidResource,
            "invalid_scope" => Self::InvalidScope,
            "login_required" | "interaction_required" => Self::InteractionRequired,
            "consent_required" => Self::ConsentRequired,
            "invalid_grant" => Self::InvalidGrant,
            "invalid_client" => Self::InvalidClient,
            "invalid_tenant" => Self::WrongTenant,
            "bad_verification_code" => Self::BadDeviceCode,
            _ => Self::Other,
        }
    }

    /// Tells whether the same may work later.
    #[must_use]
    pub fn is_temporary(self) -> bool {
        matches!(self, Self::ServerError | Self::TemporarilyUnavailable)
    }
}

/// What the sign-in service said when it said no.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Its meaning.
    pub kind: RefusalKind,
    /// The error code, such as `invalid_grant`.
    pub code: String,
    /// The first line of the service's own words, made safe to show.
    pub reason: String,
    /// The id that Microsoft's support asks for, where the service gave one.
    pub correlation: Option<String>,
}

impl Refusal {
    /// Reads an error code and the words with it, which must not show any of the secrets.
    pub(super) fn read(code: &str, words: Option<&str>, secrets: &[&str]) -> Self {
        let words = words.unwrap_or_default();
        let mut lines = words.lines().map(str::trim);
        // The line's end may be gone: the words of a redirect are often on one line.
        let first = lines.next().unwrap_or_default();
        let first = first.split(" Trace ID:").next().unwrap_or_default();
        let code = quote(code, secrets);
        let reason = Some(quote(first, secrets)).filter(|text| !text.is_empty());
        Self {
            kind: RefusalKind::of(&code, number(words)),
            reason: reason.unwrap_or_else(|| code.clone()),
            code,
            correlation: correlation(words),
        }
    }

    /// Says what a service means that said no. A number says more than the code of the standard: Entra names all of an
    /// administrator's rules, a missing consent and a person's own no `access_denied`.
    pub(super) fn tell(code: &str, words: Option<&str>, secrets: &[&str]) -> EntraError {
        let refusal = Self::read(code, words, secrets);
        match (code, refusal.kind) {
            ("expired_token", RefusalKind::Other) => EntraError::CodeExpired,
            _ if matches!(number(words.unwrap_or_default()), Some(70_019 | 70_020)) => {
                EntraError::CodeExpired
            }
            // RFC 8628 and Entra name the same thing differently.
            ("access_denied" | "authorization_declined", RefusalKind::Other) => EntraError::Denied,
            _ => EntraError::Refused(refusal),
        }
    }

    /// Tells whether the words hold one of Entra's numbers.
    pub(super) fn is_numbered(words: &str) -> bool {
        number(words).is_some()
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} ({})", self.code, self.reason)
    }
}

/// Finds the number of `AADSTS50011: …`.
fn number(words: &str) -> Option<u32> {
    let (_, rest) = words.split_once("AADSTS")?;
    let end = rest.find(|c: char| !c.is_ascii_digit());
    rest[..end.unwrap_or(rest.len())].parse().ok()
}

fn correlation(words: &str) -> Option<String> {
    let (_, rest) = words.split_once("Correlation ID:")?;
    let id: String = rest
        .trim_start()
        .chars()
        .take_while(|c| c.is_ascii_hexdigit() || *c == '-')
        .take(36)
        .collect();
    (!id.is_empty()).then_some(id)
}

#[cfg(test)]
mod tests {
    use super::{Refusal, RefusalKind};

    const WORDS: &str = "AADSTS65001: The user or administrator has not consented to use s3cr3t.\r\nTrace ID: 1f\r\n\
                         Correlation ID: 0c7d9c6a-1111-2222-3333-444455556666\r\nTimestamp: 2026-11-24 08:00:00Z";

    #[test]
    fn a_refusal_is_told_by_its_first_line_and_the_correlation_id() {
        let refusal = Refusal::read("invalid_grant", Some(WORDS), &["s3cr3t"]);
        assert_eq!(refusal.kind, RefusalKind::ConsentRequired);
        assert_eq!(
            refusal.reason,
            "AADSTS65001: The user or administrator has not consented to use …."
        );
        assert_eq!(
            refusal.correlation.as_deref(),
            Some("0c7d9c6a-1111-2222-3333-444455556666")
        );
        let one_line = WORDS.replace("\r\n", " ");
        let same = Refusal::read("invalid_grant", Some(&one_line), &["s3cr3t"]);
        assert_eq!(same, refusal);
    }

    #[test]
    fn every_code_of_the_standard_and_of_entra_has_a_meaning() {
        for code in [
            "invalid_request",
            "unauthorized_client",
            "unsupported_response_type",
            "server_error",
            "temporarily_unavailable",
            "invalid_resource",
            "login_required",
            "interaction_required",
            "invalid_grant",
            "invalid_client",
            "unsupported_grant_type",
            "consent_required",
            "invalid_scope",
            "bad_verification_code",
        ] {
            let refusal = Refusal::read(code, None, &[]);
            assert_ne!(refusal.kind, RefusalKind::Other, "{code}");
            assert_eq!(refusal.reason, code);
        }
        let unknown = Refusal::read("oops", Some("AADSTS1: x"), &[]);
        assert_eq!(unknown.kind, RefusalKind::Other);
        let by_code = Refusal::read("invalid_grant", Some("AADSTS1: x"), &[]);
        assert_eq!(by_code.kind, RefusalKind::InvalidGrant);
    }
}
