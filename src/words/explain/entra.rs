use crate::login::{EntraError, Refusal, RefusalKind, Whose};

use super::{Explanation, Next, Words, shell_word};

/// Explains why an export user is not signed in; the last way on is the command that signs them in again.
pub(super) fn explain(words: &Words, whose: &Whose, why: &EntraError) -> Explanation {
    let mut told = tell(words, why);
    if needs_sign_in(why) {
        told.next.push(again(words, whose));
    }
    told
}

fn tell(words: &Words, why: &EntraError) -> Explanation {
    let plain = |key| words.explained(key, &[]);
    let after = |key, time| {
        let time = words.duration(time);
        words.explained(key, &[("time", time.into())])
    };
    let because = |key, cause: String| words.explained(key, &[("cause", cause.into())]);
    match why {
        EntraError::BadTenant(tenant) => words.explained(
            "error-entra-bad-tenant",
            &[("tenant", tenant.as_str().into())],
        ),
        EntraError::NoClientId => plain("error-entra-no-client-id"),
        EntraError::MixedVariables => plain("error-entra-mixed-variables"),
        EntraError::Call(why) => because("error-entra-call", words.call_failed(why)),
        EntraError::NoDocument { authority, status } => words.explained(
            "error-entra-no-document",
            &[
                ("authority", authority.as_str().into()),
                ("status", status.as_u16().to_string().into()),
            ],
        ),
        EntraError::BadPlace(why) => because(
            "error-entra-bad-place",
            super::Explain::explain(why, words).what,
        ),
        EntraError::Answer { status, said } => answered(words, status.as_u16(), said),
        EntraError::TokenType(kind) => {
            words.explained("error-entra-token-type", &[("kind", kind.as_str().into())])
        }
        EntraError::BadPage(why) => because(
            "error-entra-bad-page",
            super::Explain::explain(why, words).what,
        ),
        EntraError::Unshowable => plain("error-entra-unshowable"),
        EntraError::Refused(refusal) => refused(words, refusal),
        EntraError::Denied => plain("error-entra-denied"),
        EntraError::WrongState => plain("error-entra-wrong-state"),
        EntraError::NotARedirect => plain("error-entra-not-a-redirect"),
        EntraError::Timeout(time) => after("error-entra-timeout", *time),
        EntraError::Listen(why) => because("error-entra-listen", words.system_said(why)),
        EntraError::NoDeviceCodes => plain("error-entra-no-device-codes"),
        EntraError::CodeExpired => plain("error-entra-code-expired"),
        EntraError::NoRefreshToken => plain("error-entra-no-refresh-token"),
        EntraError::Busy(time) => after("error-entra-busy", *time),
        EntraError::Lock(why) => because("error-entra-lock", words.cause(why)),
    }
}

/// Tells of an answer that is neither a token nor a refusal, with what it says of itself.
fn answered(words: &Words, status: u16, said: &str) -> Explanation {
    let cause = if said.is_empty() {
        words.text("error-entra-said-nothing")
    } else {
        words.with("error-entra-said", &[("reason", said.into())])
    };
    let args = [
        ("status", status.to_string().into()),
        ("cause", cause.into()),
    ];
    words.explained("error-entra-answer", &args)
}

/// Tells whether it is over only once the user has signed in again, or for the first time.
fn needs_sign_in(why: &EntraError) -> bool {
    match why {
        EntraError::Refused(refusal) => !refusal.kind.is_temporary(),
        EntraError::Denied
        | EntraError::WrongState
        | EntraError::NotARedirect
        | EntraError::Timeout(_)
        | EntraError::NoDeviceCodes
        | EntraError::CodeExpired
        | EntraError::NoRefreshToken => true,
        _ => false,
    }
}

fn again(words: &Words, whose: &Whose) -> Next {
    match whose {
        Whose::New => Next::Say(words.text("error-entra-again")),
        Whose::Saved(login) => Next::Run(format!(
            "segue login insights --as {}",
            shell_word(login.as_str())
        )),
        Whose::Environment => Next::Say(words.text("error-entra-again-environment")),
    }
}

fn refused(words: &Words, refusal: &Refusal) -> Explanation {
    let Refusal { code, reason, .. } = refusal;
    let reason = if code == reason {
        code.clone()
    } else {
        format!("{reason} ({code})")
    };
    let said = [
        ("reason", reason.into()),
        (
            "id",
            refusal.correlation.as_deref().unwrap_or_default().into(),
        ),
    ];
    let said = words.with(
        match &refusal.correlation {
            Some(_) => "error-entra-said-with-id",
            None => "error-entra-said",
        },
        &said,
    );
    words.explained(key(refusal.kind), &[("cause", said.into())])
}

fn key(kind: RefusalKind) -> &'static str {
    match kind {
        RefusalKind::InvalidRequest => "error-entra-invalid-request",
        RefusalKind::UnauthorizedClient => "error-entra-unauthorized-client",
        RefusalKind::UnsupportedWay => "error-entra-unsupported-way",
        RefusalKind::ServerError => "error-entra-server-error",
        RefusalKind::TemporarilyUnavailable => "error-entra-temporarily-unavailable",
        RefusalKind::InvalidResource => "error-entra-invalid-resource",
        RefusalKind::InvalidScope => "error-entra-invalid-scope",
        RefusalKind::InteractionRequired => "error-entra-interaction-required",
        RefusalKind::ConsentRequired => "error-entra-consent-required",
        RefusalKind::AdminConsent => "error-entra-admin-consent",
        RefusalKind::InvalidGrant => "error-entra-invalid-grant",
        RefusalKind::Revoked => "error-entra-revoked",
        RefusalKind::Expired => "error-entra-expired",
        RefusalKind::InvalidClient => "error-entra-invalid-client",
        RefusalKind::UnknownApp => "error-entra-unknown-app",
        RefusalKind::AppDisabled => "error-entra-app-disabled",
        RefusalKind::WrongTenant => "error-entra-wrong-tenant",
        RefusalKind::TenantNeeded => "error-entra-tenant-needed",
        RefusalKind::NotInTenant => "error-entra-not-in-tenant",
        RefusalKind::RedirectUri => "error-entra-redirect-uri",
        RefusalKind::Platform => "error-entra-platform",
        RefusalKind::BadDeviceCode => "error-entra-bad-device-code",
        RefusalKind::Forbidden => "error-entra-forbidden",
        RefusalKind::DeviceRule => "error-entra-device-rule",
        RefusalKind::Password => "error-entra-password",
        RefusalKind::SecondFactor => "error-entra-second-factor",
        RefusalKind::AccountDisabled => "error-entra-account-disabled",
        RefusalKind::NotAssigned => "error-entra-not-assigned",
        RefusalKind::Other => "error-entra-other",
    }
}

#[cfg(test)]
mod tests {
    use super::{EntraError, Refusal, RefusalKind, tell};
    use crate::words::{Lang, Next, Words};

    /// What is wrong in the registration or in an organisation's rules: somebody has to change it somewhere.
    const SET_UP: [RefusalKind; 15] = [
        RefusalKind::InvalidRequest,
        RefusalKind::UnauthorizedClient,
        RefusalKind::InvalidResource,
        RefusalKind::AdminConsent,
        RefusalKind::InvalidClient,
        RefusalKind::UnknownApp,
        RefusalKind::AppDisabled,
        RefusalKind::WrongTenant,
        RefusalKind::TenantNeeded,
        RefusalKind::NotInTenant,
        RefusalKind::RedirectUri,
        RefusalKind::Platform,
        RefusalKind::Forbidden,
        RefusalKind::DeviceRule,
        RefusalKind::NotAssigned,
    ];

    #[test]
    fn no_refusal_is_called_a_bug_and_each_mistake_names_the_place_to_change_it() {
        for (lang, place) in [
            (Lang::En, "Microsoft Entra admin center"),
            (Lang::Sv, "administrationscentret för Microsoft Entra"),
        ] {
            let words = Words::new(lang);
            for kind in RefusalKind::ALL {
                let refusal = Refusal {
                    kind,
                    code: "c0de".to_owned(),
                    reason: "AADSTS1: w0rds".to_owned(),
                    correlation: None,
                };
                let told = tell(&words, &EntraError::Refused(refusal));
                assert!(told.why.contains("AADSTS1: w0rds (c0de)"), "{kind:?}");
                let next: String = told
                    .next
                    .iter()
                    .map(|next| match next {
                        Next::Run(line) | Next::Say(line) => line.as_str(),
                    })
                    .collect();
                let said = format!("{} {next}", told.what).to_lowercase();
                assert!(
                    !said.contains(" bug") && !said.contains("report it"),
                    "{said}"
                );
                let placed = next.contains(place) || !SET_UP.contains(&kind);
                assert!(placed, "{kind:?}: {next}");
            }
        }
    }
}
