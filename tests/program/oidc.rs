//! Staying signed in at a real provider, with the system's keyring. Active only when `.ci/oidc` sets `SEGUE_TEST_OIDC` to
//! the name of a login that it has signed in; its home is `SEGUE_HOME`.

use std::sync::Arc;
use std::time::Duration;

use segue::domain::{LoginName, SourceSpec};
use segue::export::Surroundings;
use segue::login::{
    Endpoints, EntraError, Error, Keyring, RefusalKind, SecretKind, Session, SourceVariables,
    SystemKeyring,
};
use segue::store::{Home, Login, Logins};

const KIND: SecretKind = SecretKind::InsightsRefreshToken;

/// The surroundings of the login, if the test may run.
fn given() -> Option<(Surroundings, LoginName)> {
    let Ok(login) = std::env::var("SEGUE_TEST_OIDC") else {
        eprintln!("skipped: needs a provider; .ci/oidc runs it");
        return None;
    };
    let home = Home::at(std::env::var("SEGUE_HOME").ok()?);
    let surroundings = Surroundings {
        keyring: Keyring::new(Arc::new(SystemKeyring::new()), &home.id().ok()?),
        home,
        endpoints: Endpoints::new(None, None).ok()?,
        env_credential: None,
        variables: SourceVariables::read(|name| std::env::var(name).ok()).ok()?,
        sql: segue::login::SqlVariables::default(),
        timeout: Duration::from_secs(20),
        user: "test".to_owned(),
        on_wait: None,
    };
    Some((surroundings, LoginName::parse(&login).ok()?))
}

async fn session(surroundings: &Surroundings, login: &LoginName) -> Session {
    let saved = Logins::of(&surroundings.home).find(login.as_str());
    let saved: Login = saved.expect("logins").expect("the login");
    let spec = SourceSpec::Dataverse(saved.api.expect("an address").to_string());
    let service = surroundings.source_service(&spec, Some(login)).await;
    service.expect("usable").expect("a service").session
}

#[tokio::test]
async fn a_login_is_renewed_again_and_again() {
    let Some((surroundings, login)) = given() else {
        return;
    };
    let session = session(&surroundings, &login).await;
    let mut token = session.token().await.expect("token");
    for _ in 0..5 {
        let next = session.renew(&token).await.expect("renewed");
        assert_ne!(next.expose(), token.expose());
        token = next;
    }
    // It lives for two seconds.
    tokio::time::sleep(Duration::from_secs(2)).await;
    let next = session.token().await.expect("renewed ahead");
    assert_ne!(next.expose(), token.expose());
}

#[tokio::test]
async fn a_refresh_token_used_twice_ends_the_sign_in() {
    let Some((surroundings, login)) = given() else {
        return;
    };
    let keyring = &surroundings.keyring;
    let old = keyring.get(&login, KIND).await.expect("kept");
    let first = session(&surroundings, &login).await;
    first.token().await.expect("token");
    let new = keyring.get(&login, KIND).await.expect("kept");
    assert_ne!(new.expose(), old.expose(), "the provider rotates");
    // As if it had not been written down.
    keyring.set(&login, KIND, &old).await.expect("put back");
    let second = session(&surroundings, &login).await;
    let why = second.token().await.expect_err("used twice");
    let Error::Entra { source, .. } = why else {
        panic!("{why:?}");
    };
    assert!(
        matches!(*source, EntraError::Refused(refusal) if refusal.kind == RefusalKind::InvalidGrant)
    );
}
