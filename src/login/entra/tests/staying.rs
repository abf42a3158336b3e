//! Staying signed in: renewal ahead of the end, rotation, and no two renewals at once.

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use tempfile::TempDir;

use super::super::*;
use super::{Provider, client, refusal, start, tokens, why};
use crate::domain::{LoginName, Secret};
use crate::http::CallError;
use crate::login::{Keyring, MemoryKeyring, SecretKind, SecretStore, Session};
use crate::store::{AccountLock, Home, Locked};

const ENTRY: &str = "home/anna/insights-refresh-token";

/// A login whose refresh token is `r1`, with the provider it is for.
struct World {
    provider: Arc<Provider>,
    app: EntraApp,
    memory: Arc<MemoryKeyring>,
    folder: TempDir,
}

impl World {
    async fn new(answers: Vec<(u16, serde_json::Value)>) -> Self {
        let (provider, app) = start(Provider {
            like_entra: true,
            ..Provider::default()
        })
        .await;
        *provider.token.lock().expect("token") = answers;
        let memory = Arc::new(MemoryKeyring::new());
        memory.set(ENTRY, "r1").expect("kept");
        let watched = memory.clone();
        *provider.watch.lock().expect("watch") =
            Some(Box::new(move || watched.get(ENTRY).expect("kept")));
        let folder = tempfile::tempdir().expect("folder");
        Self {
            provider,
            app,
            memory,
            folder,
        }
    }

    fn user(&self) -> ExportUser {
        let login = LoginName::parse("anna").expect("name");
        ExportUser {
            app: self.app.clone(),
            keeping: Keeping::Keyring(Keyring::new(self.memory.clone(), "home"), login),
            home: Home::at(self.folder.path()),
            client: client(),
            first_pause: Duration::from_millis(1),
        }
    }

    fn session(&self) -> Session {
        Session::of(self.user())
    }

    /// The refresh tokens that the provider was given, in order.
    fn spent(&self) -> Vec<String> {
        let forms = self.provider.forms.lock().expect("forms");
        forms
            .iter()
            .map(|form| form["refresh_token"].clone())
            .collect()
    }

    fn kept(&self) -> String {
        self.memory.get(ENTRY).expect("kept")
    }
}

async fn token(session: &Session) -> String {
    session.token().await.expect("token").expose().clone()
}

#[tokio::test]
async fn a_token_is_used_until_shortly_before_its_end_and_then_renewed() {
    let lives = [("a1", "r2", 3600), ("a2", "r3", 0), ("a3", "r4", 3600)];
    let world = World::new(
        lives
            .map(|(access, refresh, life)| tokens(access, Some(refresh), life))
            .into(),
    )
    .await;
    let session = world.session();
    for _ in 0..3 {
        assert_eq!(token(&session).await, "a1");
    }
    assert_eq!(
        (world.spent(), world.kept()),
        (vec!["r1".to_owned()], "r2".to_owned())
    );
    let refused = Secret::new("a1".to_owned());
    assert_eq!(
        session.renew(&refused).await.expect("renewed").expose(),
        "a2"
    );
    // The second one ended at once.
    assert_eq!(token(&session).await, "a3");
    assert_eq!(world.spent(), ["r1", "r2", "r3"]);
    let form = world.provider.forms.lock().expect("forms")[2].clone();
    assert_eq!(
        (&*form["grant_type"], &*form["client_id"]),
        ("refresh_token", "id 1")
    );
    assert!(form["scope"].starts_with("https://org.crm.dynamics.com/user_impersonation "));
}

#[tokio::test]
async fn one_renewal_serves_all_who_were_refused_together() {
    let world = World::new(vec![
        tokens("a1", Some("r2"), 3600),
        tokens("a2", Some("r3"), 3600),
    ])
    .await;
    let session = world.session();
    let refused = session.token().await.expect("token");
    let renewals = (0..8).map(|_| {
        let (session, refused) = (session.clone(), refused.clone());
        tokio::spawn(async move {
            session
                .renew(&refused)
                .await
                .expect("renewed")
                .expose()
                .clone()
        })
    });
    for renewed in renewals.collect::<Vec<_>>() {
        assert_eq!(renewed.await.expect("task"), "a2");
    }
    assert_eq!(world.spent(), ["r1", "r2"]);
}

#[tokio::test]
async fn sessions_apart_from_each_other_never_spend_a_refresh_token_twice() {
    let answers = (1..=6).map(|n| tokens(&format!("a{n}"), Some(&format!("r{}", n + 1)), 3600));
    let world = World::new(answers.collect()).await;
    let asking = (0..6).map(|_| {
        let session = world.session();
        tokio::spawn(async move { token(&session).await })
    });
    let mut given = Vec::new();
    for asked in asking.collect::<Vec<_>>() {
        given.push(asked.await.expect("task"));
    }
    given.sort();
    assert_eq!(given, ["a1", "a2", "a3", "a4", "a5", "a6"]);
    assert_eq!(world.spent(), ["r1", "r2", "r3", "r4", "r5", "r6"]);
    // At each exchange the keyring held what was exchanged: the one before was written first.
    assert_eq!(
        *world.provider.watched.lock().expect("watched"),
        world.spent()
    );
    assert_eq!(world.kept(), "r7");
}

#[tokio::test]
async fn another_process_is_waited_for_and_its_token_is_used() {
    let world = World::new(vec![tokens("a9", Some("r10"), 3600)]).await;
    let other = AccountLock::try_login(&Home::at(world.folder.path()), "anna", "4711");
    let Locked::Ours(other) = other.expect("lock") else {
        panic!("free")
    };
    let session = world.session();
    let asking = tokio::spawn(async move { token(&session).await });
    tokio::task::yield_now().await;
    // What the other process does before it lets go.
    world.memory.set(ENTRY, "r9").expect("kept");
    drop(other);
    assert_eq!(asking.await.expect("task"), "a9");
    assert_eq!(world.spent(), ["r9"]);
}

/// A keyring that gives, but does not take.
struct Full(Arc<MemoryKeyring>);

impl SecretStore for Full {
    fn set(&self, _: &str, _: &str) -> Result<(), crate::login::StoreError> {
        Err(crate::login::StoreError::Failed("full".into()))
    }
    fn get(&self, account: &str) -> Result<String, crate::login::StoreError> {
        self.0.get(account)
    }
    fn delete(&self, account: &str) -> Result<(), crate::login::StoreError> {
        self.0.delete(account)
    }
}

#[tokio::test]
async fn an_access_token_is_not_used_when_its_refresh_token_was_not_kept() {
    let world = World::new(vec![tokens("a1", Some("r2"), 3600)]).await;
    let login = LoginName::parse("anna").expect("name");
    let full = Keyring::new(Arc::new(Full(world.memory.clone())), "home");
    let session = Session::of(ExportUser {
        keeping: Keeping::Keyring(full, login),
        ..world.user()
    });
    let why = session.token().await.expect_err("not kept");
    let kind = SecretKind::InsightsRefreshToken;
    assert!(matches!(why, crate::login::Error::KeyringEntry { kind: of, .. } if of == kind));
}

#[tokio::test]
async fn a_service_that_keeps_the_refresh_token_is_not_written_down_anew() {
    let world = World::new(vec![tokens("a1", None, 0), tokens("a2", Some("r1"), 3600)]).await;
    let login = LoginName::parse("anna").expect("name");
    let full = Keyring::new(Arc::new(Full(world.memory.clone())), "home");
    let session = Session::of(ExportUser {
        keeping: Keeping::Keyring(full, login),
        ..world.user()
    });
    assert_eq!(
        (token(&session).await, token(&session).await),
        ("a1".into(), "a2".into())
    );
    assert_eq!(world.spent(), ["r1", "r1"]);
}

#[tokio::test]
async fn a_revoked_sign_in_says_whose_it_is_and_is_not_temporary() {
    let words = "AADSTS50173: The provided grant has expired due to it being revoked r1.";
    let world = World::new(vec![refusal("invalid_grant", words)]).await;
    let error = world.session().token().await.expect_err("revoked");
    assert!(!error.is_temporary() && !format!("{error:?}").contains("r1."));
    let crate::login::Error::Entra { whose, source } = error else {
        panic!("{error:?}")
    };
    assert!(matches!(whose, crate::login::Whose::Saved(login) if login.as_str() == "anna"));
    assert!(
        matches!(*source, EntraError::Refused(refusal) if refusal.kind == RefusalKind::Revoked)
    );
    assert_eq!(world.spent(), ["r1"], "a refusal is final");
}

#[tokio::test]
async fn a_token_still_valid_is_used_on_when_it_cannot_be_renewed_ahead() {
    let busy = (503, json!({"error": "temporarily_unavailable"}));
    let world = World::new(vec![tokens("a1", Some("r2"), 36_000), busy]).await;
    let session = world.session();
    assert_eq!(token(&session).await, "a1");
    // A paused clock may end a call early, which is a failure to renew as well.
    tokio::time::pause();
    tokio::time::advance(Duration::from_secs(36_000 - 200)).await;
    assert_eq!(token(&session).await, "a1");
    tokio::time::advance(Duration::from_mins(5)).await;
    let error = session.token().await.expect_err("over");
    assert!(error.is_temporary() || matches!(error, crate::login::Error::KeyringTimeout(_)));
}

#[tokio::test]
async fn a_refused_token_is_never_given_again() {
    let gone = refusal("invalid_grant", "AADSTS65001: consent withdrawn");
    let world = World::new(vec![tokens("a1", Some("r2"), 3600), gone]).await;
    let session = world.session();
    let refused = session.token().await.expect("token");
    for outcome in [session.renew(&refused).await, session.token().await] {
        assert!(
            matches!(why(outcome), EntraError::Refused(refusal) if refusal.kind == RefusalKind::ConsentRequired)
        );
    }
}

#[tokio::test]
async fn a_service_out_of_reach_is_a_temporary_failure() {
    let world = World::new(Vec::new()).await;
    let gone = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("bind");
    let authority = format!("http://{}/t1", gone.local_addr().expect("address"));
    drop(gone);
    let app = EntraApp {
        authority: crate::http::Endpoint::parse(&authority).expect("endpoint"),
        ..world.app.clone()
    };
    let outcome = Session::of(ExportUser {
        app,
        ..world.user()
    })
    .token()
    .await;
    let why = why(outcome);
    assert!(matches!(why, EntraError::Call(CallError::Connect { .. })) && why.is_temporary());
}

#[tokio::test]
async fn an_empty_refresh_token_never_replaces_a_good_one() {
    let world = World::new(vec![
        tokens("a1", Some(""), 0),
        tokens("a2", Some(" "), 0),
        tokens("a3", Some("r2"), 3600),
    ])
    .await;
    let session = world.session();
    for access in ["a1", "a2", "a3"] {
        assert_eq!(token(&session).await, access);
    }
    assert_eq!(world.spent(), ["r1", "r1", "r1"]);
    assert_eq!(world.kept(), "r2");
}

#[tokio::test]
async fn a_token_of_another_kind_than_bearer_is_refused() {
    for (kind, taken) in [
        ("BEARER", true),
        ("bearer", true),
        ("mac", false),
        ("DPoP", false),
    ] {
        let (status, mut answer) = tokens("a1", Some("r2"), 3600);
        answer["token_type"] = kind.into();
        let world = World::new(vec![(status, answer)]).await;
        match world.session().token().await {
            Ok(token) => assert!(taken && token.expose() == "a1", "{kind}"),
            Err(error) => {
                assert!(!error.is_temporary() && !taken, "{kind}: {error:?}");
                assert!(matches!(why::<()>(Err(error)), EntraError::TokenType(_)));
                assert_eq!(world.kept(), "r1");
            }
        }
    }
}

#[tokio::test]
async fn the_life_of_a_token_is_a_number_or_text() {
    for life in [json!("3600"), json!(3600), json!(3600.0)] {
        let (status, mut answer) = tokens("a1", None, 0);
        answer["expires_in"] = life.clone();
        let world = World::new(vec![(status, answer)]).await;
        let session = world.session();
        for _ in 0..2 {
            assert_eq!(token(&session).await, "a1");
        }
        assert_eq!(world.spent(), ["r1"], "{life}: used until its end");
    }
}

#[tokio::test]
async fn an_answer_that_is_neither_token_nor_refusal_is_temporary_and_told_with_its_words() {
    for (answer, status, said) in [
        ((200, json!("<html>hotel</html>")), 200, ""),
        ((200, json!({})), 200, ""),
        (
            (200, json!({"access_token": "", "token_type": "Bearer"})),
            200,
            "",
        ),
        ((405, json!("no")), 405, ""),
        (
            (
                503,
                json!({"error": "invalid_client", "error_description": "down: r1"}),
            ),
            503,
            "down: …",
        ),
    ] {
        let world = World::new(vec![answer]).await;
        let error = world.session().token().await.expect_err("no token");
        assert!(error.is_temporary(), "{error:?}");
        let why = why::<()>(Err(error));
        assert!(
            matches!(&why, EntraError::Answer { status: told, said: words } if told.as_u16() == status && words == said),
            "{why:?}"
        );
    }
    // A complaint with status 200 is one all the same.
    let complaint = (
        200,
        json!({"error": "invalid_grant", "error_description": "AADSTS50173: x"}),
    );
    let world = World::new(vec![complaint]).await;
    let error = world.session().token().await.expect_err("no token");
    assert!(!error.is_temporary());
}
