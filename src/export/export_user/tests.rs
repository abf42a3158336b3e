//! Logins of export users, with what the environment says beside them.

use std::collections::HashMap;
use std::sync::Arc;

use tempfile::TempDir;

use super::{SourceSignIn, Surroundings};
use crate::domain::{LoginName, Secret, SourceSpec};
use crate::export::Error;
use crate::login::{Granted, MemoryKeyring, Resource, SecretKind, SourceVariables};
use crate::store::{Home, Login};

const ORG: &str = "https://org.crm4.dynamics.com";

fn surroundings(folder: &TempDir, set: &[(&str, &str)]) -> Surroundings {
    let set: HashMap<&str, &str> = set.iter().copied().collect();
    let variables = SourceVariables::read(|name| set.get(name).map(|text| (*text).to_owned()));
    Surroundings {
        variables: variables.expect("variables"),
        ..Surroundings::for_test(Home::at(folder.path()), Arc::new(MemoryKeyring::new()))
    }
}

fn name(text: &str) -> LoginName {
    LoginName::parse(text).expect("name")
}

fn spec(text: &str) -> SourceSpec {
    text.parse().expect("spec")
}

fn asked(source: &str) -> SourceSignIn {
    SourceSignIn {
        client_id: " c1 ".to_owned(),
        tenant: "contoso.example".to_owned(),
        source: spec(source),
    }
}

async fn save(
    surroundings: &Surroundings,
    login: Option<&str>,
    source: &str,
    key: Option<&str>,
) -> Result<Login, Error> {
    let granted = Granted {
        refresh_token: Secret::new("r1".to_owned()),
        account_id: "o-1".to_owned(),
        account_name: "anna@contoso.example".to_owned(),
    };
    let key = key.map(|key| Secret::new(key.to_owned()));
    let login = login.map(name);
    let saved = surroundings.save_source_login(login, asked(source), granted, key, false);
    saved.await.map(|saved| saved.login)
}

#[tokio::test]
async fn a_saved_login_calls_the_source_it_was_made_for_and_no_other() {
    let folder = tempfile::tempdir().expect("folder");
    let here = surroundings(&folder, &[]);
    let source = format!("dataverse:{ORG}");
    let login = save(&here, None, &source, None).await.expect("saved");
    assert_eq!(login.name.as_str(), "anna-contoso-example");
    assert_eq!(
        here.source_login_names().expect("names"),
        std::slice::from_ref(&login.name)
    );
    assert!(here.login_names().expect("names").is_empty());
    let before = here
        .asked_before(&login.name)
        .expect("read")
        .expect("there");
    assert_eq!((&*before.client_id, &before.source), ("c1", &spec(&source)));
    // Named or the only one; the case of a host's letters means nothing.
    for (login, source) in [
        (Some(&login.name), source.clone()),
        (None, source.replace("org", "ORG")),
    ] {
        let service = here.source_service(&spec(&source), login).await;
        let service = service.expect("usable").expect("a service");
        assert!(service.root.as_str().eq_ignore_ascii_case(ORG));
        assert!(service.subscription_key.is_none());
    }
    for other in ["dataverse:https://other.crm.dynamics.com", "insights:i1"] {
        let why = here.source_service(&spec(other), None).await;
        let why = why.expect_err("made for another one");
        assert!(matches!(why, Error::OtherSource { .. }), "{why:?}");
        assert_eq!(why.exit(), 2);
    }
    let none = here.source_service(&spec("folder:/x"), None).await;
    assert!(none.expect("no service").is_none());
    here.remove_login(&login.name).await.expect("removed");
    let gone = here.source_service(&spec(&source), Some(&login.name)).await;
    let gone = gone.expect_err("gone");
    assert!(matches!(gone, Error::NoSourceLogin { login: Some(_), .. }));
    assert_eq!(gone.exit(), 4);
}

#[tokio::test]
async fn the_subscription_key_is_kept_and_goes_with_the_login() {
    let folder = tempfile::tempdir().expect("folder");
    let here = surroundings(&folder, &[]);
    let saved = |key| save(&here, Some("anna"), "insights:i1", key);
    saved(Some("k1")).await.expect("saved");
    // Signed in again without a key.
    let login = saved(None).await.expect("saved again");
    assert_eq!(login.source(), Some(spec("insights:i1")));
    let service = here.source_service(&spec("insights:i2"), None).await;
    let service = service.expect("usable").expect("a service");
    assert_eq!(service.root.as_str(), "https://api.ci.ai.dynamics.com/v1");
    assert_eq!(service.subscription_key.expect("key").expose(), "k1");
    let other = surroundings(&folder, &[("SEGUE_INSIGHTS_SUBSCRIPTION_KEY", "k2")]);
    let service = other.source_service(&spec("insights:i1"), None).await;
    let service = service.expect("usable").expect("a service");
    assert_eq!(service.subscription_key.expect("key").expose(), "k2");
    here.remove_login(&login.name).await.expect("removed");
    for kind in [
        SecretKind::InsightsRefreshToken,
        SecretKind::InsightsSubscriptionKey,
    ] {
        assert!(here.keyring.get(&login.name, kind).await.is_err());
    }
}

#[tokio::test]
async fn sandbox_and_live_are_never_mixed() {
    let folder = tempfile::tempdir().expect("folder");
    let authority = ("SEGUE_ENTRA_AUTHORITY", "http://127.0.0.1:1/t");
    let api = ("SEGUE_INSIGHTS_URL", "http://127.0.0.1:1/v1");
    let sandbox = surroundings(&folder, &[authority, api]);
    save(&sandbox, Some("anna"), "insights:i1", None)
        .await
        .expect("saved");
    let usable = |here: Surroundings| async move {
        let service = here.source_service(&spec("insights:i1"), None).await;
        service.map(|service| service.expect("a service").root.to_string())
    };
    // Without variables, the login remembers what it was made with.
    for here in [surroundings(&folder, &[]), sandbox] {
        assert_eq!(usable(here).await.expect("usable"), "http://127.0.0.1:1/v1");
    }
    let elsewhere = ("SEGUE_ENTRA_AUTHORITY", "http://127.0.0.1:2/t");
    let why = usable(surroundings(&folder, &[elsewhere, api])).await;
    assert!(matches!(why, Err(Error::OtherSource { .. })), "{why:?}");
    let why = usable(surroundings(&folder, &[api]))
        .await
        .expect_err("one only");
    assert_eq!(why.exit(), 2, "{why:?}");
    let app = surroundings(&folder, &[])
        .entra_app(&asked("insights:i1"))
        .expect("app");
    assert_eq!(app.resource, Resource::CustomerInsights);
    assert_eq!(
        app.authority.as_str(),
        "https://login.microsoftonline.com/contoso.example"
    );
}

#[tokio::test]
async fn a_refresh_token_of_the_environment_is_the_login_env() {
    let folder = tempfile::tempdir().expect("folder");
    let token = ("SEGUE_INSIGHTS_REFRESH_TOKEN", "r9");
    let client = ("SEGUE_INSIGHTS_CLIENT_ID", "c9");
    let here = surroundings(&folder, &[token, client]);
    let env = name("env");
    assert_eq!(
        here.source_login_names().expect("names"),
        std::slice::from_ref(&env)
    );
    let source = spec(&format!("dataverse:{ORG}"));
    for login in [None, Some(&env)] {
        let service = here.source_service(&source, login).await;
        assert!(service.expect("usable").is_some());
    }
    let no_client = surroundings(&folder, &[token]);
    let why = no_client.source_service(&source, None).await;
    assert_eq!(why.expect_err("no client id").exit(), 2);
}

#[tokio::test]
async fn a_name_belongs_to_one_service() {
    let folder = tempfile::tempdir().expect("folder");
    let here = surroundings(&folder, &[]);
    let source = format!("dataverse:{ORG}");
    save(&here, Some("anna"), &source, None)
        .await
        .expect("saved");
    let taken = here
        .check_name(&name("ANNA"), Login::MAILCHIMP)
        .expect_err("taken");
    assert_eq!(taken.exit(), 2);
    here.check_name(&name("anna"), Login::INSIGHTS)
        .expect("the same one");
    let why = here
        .access(&name("anna"))
        .await
        .expect_err("not Mailchimp's");
    assert!(matches!(why, Error::NoLogin { .. }));
}

#[tokio::test]
async fn another_account_takes_a_name_only_if_somebody_agreed() {
    let folder = tempfile::tempdir().expect("folder");
    let here = surroundings(&folder, &[]);
    let source = format!("dataverse:{ORG}");
    let granted = |id: &str, token: &str| Granted {
        refresh_token: Secret::new(token.to_owned()),
        account_id: id.to_owned(),
        account_name: format!("{id}@contoso.example"),
    };
    let save = async |granted, agreed| {
        let name = Some(name("crm"));
        let saved = here.save_source_login(name, asked(&source), granted, None, agreed);
        saved.await.map(|saved| saved.login.account_id)
    };
    let kept = async || {
        let kind = SecretKind::InsightsRefreshToken;
        let token = here.keyring.get(&name("crm"), kind).await;
        token.expect("kept").expose().clone()
    };
    save(granted("anna", "r1"), false).await.expect("saved");
    save(granted("anna", "r2"), false).await.expect("the same");
    let why = save(granted("bo", "r3"), false).await.expect_err("asks");
    assert!(
        matches!(&why, Error::OtherAccount { had, now, .. } if had.starts_with("anna@") && now.starts_with("bo@")),
        "{why:?}"
    );
    assert_eq!((why.exit(), &*kept().await), (2, "r2"));
    save(granted("bo", "r3"), true).await.expect("agreed");
    assert_eq!(kept().await, "r3");
}

#[tokio::test]
async fn a_subscription_key_is_there_when_given_or_kept() {
    let folder = tempfile::tempdir().expect("folder");
    let here = surroundings(&folder, &[]);
    assert!(!here.has_subscription_key(None).await.expect("told"));
    save(&here, Some("anna"), "insights:i1", None)
        .await
        .expect("saved");
    let anna = name("anna");
    assert!(!here.has_subscription_key(Some(&anna)).await.expect("told"));
    save(&here, Some("anna"), "insights:i1", Some("k1"))
        .await
        .expect("saved");
    assert!(here.has_subscription_key(Some(&anna)).await.expect("told"));
    let set = surroundings(&folder, &[("SEGUE_INSIGHTS_SUBSCRIPTION_KEY", "k2")]);
    assert!(set.has_subscription_key(None).await.expect("told"));
}

#[tokio::test]
async fn a_name_that_nobody_chose_gives_way_to_another_accounts_login() {
    let folder = tempfile::tempdir().expect("folder");
    let here = surroundings(&folder, &[]);
    let source = format!("dataverse:{ORG}");
    let save = async |id: &str| {
        let granted = Granted {
            refresh_token: Secret::new(format!("r-{id}")),
            account_id: id.to_owned(),
            account_name: "Anna".to_owned(),
        };
        let saved = here.save_source_login(None, asked(&source), granted, None, false);
        saved.await.expect("saved").login.name.to_string()
    };
    let mut names = Vec::new();
    for id in ["o-1", "o-2", "o-1", "o-3", "o-2"] {
        names.push(save(id).await);
    }
    assert_eq!(names, ["anna", "anna-2", "anna", "anna-3", "anna-2"]);
    let kind = SecretKind::InsightsRefreshToken;
    let first = here.keyring.get(&name("anna"), kind).await.expect("kept");
    assert_eq!(first.expose(), "r-o-1");
}
