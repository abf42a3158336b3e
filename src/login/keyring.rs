use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::oneshot;

use super::error::{Error, Result};
use super::pieces;
use super::vault::{SecretStore, StoreError};
use crate::domain::{LoginName, Secret};

/// A locked keyring asks a person for a password; this long is waited for them.
const LIMIT: Duration = Duration::from_secs(30);

/// Which of a login's secrets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecretKind {
    /// The access token that Mailchimp gave; it never expires.
    MailchimpToken,
    /// An API key of Mailchimp.
    MailchimpApiKey,
    /// The refresh token of an export user; each use gives another one.
    InsightsRefreshToken,
    /// The key that the Customer Insights API wants besides a token.
    InsightsSubscriptionKey,
    /// The secret settings of an engine that is asked in SQL, as JSON.
    Sql,
    /// A sign-in that waits to be completed: client id, client secret and state.
    Pending,
    /// The client secret of an app at Mailchimp, which is not kept by itself.
    ClientSecret,
    /// No secret: what is written to see whether secrets are kept.
    Trial,
}

impl SecretKind {
    /// Names the kind as the account of the keyring entry does.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::MailchimpToken => "mailchimp-token",
            Self::MailchimpApiKey => "mailchimp-api-key",
            Self::InsightsRefreshToken => "insights-refresh-token",
            Self::InsightsSubscriptionKey => "insights-subscription-key",
            Self::Sql => "sql-secrets",
            Self::Pending => "pending",
            Self::ClientSecret => "client-secret",
            Self::Trial => "trial",
        }
    }
}

impl fmt::Display for SecretKind {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}

/// The secrets of one home, each call with a time limit. Secrets too long for a store are split and put together again.
#[derive(Clone)]
pub struct Keyring {
    store: Arc<dyn SecretStore>,
    home: Arc<str>,
    limit: Duration,
}

impl fmt::Debug for Keyring {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { home, limit, .. } = self;
        write!(out, "Keyring({home}, {limit:?})")
    }
}

impl Keyring {
    /// Uses a store for the home with this id, so that two homes on one machine do not share secrets.
    pub fn new(store: Arc<dyn SecretStore>, home_id: &str) -> Self {
        Self {
            store,
            home: home_id.into(),
            limit: LIMIT,
        }
    }

    /// Changes how long a call may take.
    #[must_use]
    pub fn with_limit(self, limit: Duration) -> Self {
        Self { limit, ..self }
    }

    /// Keeps a secret, in place of what was there.
    ///
    /// # Errors
    /// Tells a missing keyring from a locked one and from one that does not answer.
    pub async fn set(
        &self,
        login: &LoginName,
        kind: SecretKind,
        secret: &Secret<String>,
    ) -> Result<()> {
        let secret = secret.clone();
        self.ask(login, kind, move |store, account| {
            pieces::set(store, account, secret.expose())
        })
        .await
    }

    /// Gives a secret back.
    ///
    /// # Errors
    /// [`Error::NoSecret`] when there is none; otherwise as [`Keyring::set`].
    pub async fn get(&self, login: &LoginName, kind: SecretKind) -> Result<Secret<String>> {
        self.ask(login, kind, pieces::get).await
    }

    /// Forgets a secret; one that is not there is forgotten already.
    ///
    /// # Errors
    /// As [`Keyring::set`].
    pub async fn delete(&self, login: &LoginName, kind: SecretKind) -> Result<()> {
        self.ask(login, kind, pieces::delete).await
    }

    /// Finds out whether it keeps secrets, by keeping one and forgetting it: a locked keyring gives an answer to the
    /// question for what it does not hold, and nobody shall go through a sign-in whose secret is then lost.
    ///
    /// # Errors
    /// As [`Keyring::set`].
    pub async fn try_out(&self) -> Result<()> {
        let login = LoginName::parse("segue").map_err(|_never| Error::NothingPending)?;
        let nothing = Secret::new("-".to_owned());
        self.set(&login, SecretKind::Trial, &nothing).await?;
        self.delete(&login, SecretKind::Trial).await
    }

    /// As [`Keyring::try_out`], but asks no person to unlock it.
    ///
    /// # Errors
    /// As [`Keyring::set`].
    pub async fn look(&self) -> Result<()> {
        let store = Arc::clone(&self.store);
        match aside(self.limit, move || store.is_locked()).await? {
            None => Err(Error::KeyringTimeout(self.limit)),
            Some(Err(StoreError::NoService(why))) => {
                Err(Error::NoKeyring(StoreError::NoService(why)))
            }
            Some(Ok(true)) => Err(Error::KeyringLocked(StoreError::Locked(
                "it is locked".into(),
            ))),
            Some(Ok(false) | Err(_)) => self.try_out().await,
        }
    }

    async fn ask<T: Send + 'static>(
        &self,
        login: &LoginName,
        kind: SecretKind,
        call: impl FnOnce(&dyn SecretStore, &str) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T> {
        let account = format!("{}/{login}/{kind}", self.home);
        let store = Arc::clone(&self.store);
        let answer = aside(self.limit, move || call(store.as_ref(), &account)).await?;
        let Some(outcome) = answer else {
            return Err(Error::KeyringTimeout(self.limit));
        };
        outcome.map_err(|why| match why {
            StoreError::NoService(_) => Error::NoKeyring(why),
            StoreError::Locked(_) => Error::KeyringLocked(why),
            StoreError::Missing => Error::NoSecret {
                login: login.clone(),
                kind,
            },
            StoreError::Damaged | StoreError::Failed(_) => Error::KeyringEntry {
                login: login.clone(),
                kind,
                source: why,
            },
        })
    }
}

/// Runs a blocking call on a thread of its own; `None` when it takes longer than `limit`. Not `spawn_blocking`: a runtime
/// waits for those when it ends, so that a keyring waiting for a password would keep the program from exiting.
pub(super) async fn aside<T: Send + 'static>(
    limit: Duration,
    call: impl FnOnce() -> T + Send + 'static,
) -> Result<Option<T>> {
    let (done, answer) = oneshot::channel();
    let work = move || {
        // Nobody listens any more when the time is over.
        let _late = done.send(call());
    };
    std::thread::Builder::new()
        .name("segue-aside".to_owned())
        .spawn(work)
        .map_err(Error::Thread)?;
    match tokio::time::timeout(limit, answer).await {
        Ok(Ok(value)) => Ok(Some(value)),
        // The thread ended without an answer: a library under it panicked.
        Ok(Err(_gone)) => Err(Error::Thread(std::io::Error::other(
            "the call ended without an answer",
        ))),
        Err(_elapsed) => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{Error, Keyring, LIMIT, SecretKind};
    use crate::domain::{LoginName, Secret};
    use crate::login::{MemoryKeyring, SecretStore, StoreError};

    fn login() -> LoginName {
        LoginName::parse("Contoso").expect("name")
    }

    #[tokio::test]
    async fn a_secret_is_kept_under_home_login_and_kind_and_then_forgotten() {
        let memory = Arc::new(MemoryKeyring::new());
        let keyring = Keyring::new(memory.clone(), "4f2a");
        let (login, kind) = (login(), SecretKind::MailchimpToken);
        let secret = Secret::new("hemlig".to_owned());
        keyring.set(&login, kind, &secret).await.expect("set");
        assert_eq!(memory.accounts(), ["4f2a/Contoso/mailchimp-token"]);
        let kept = keyring.get(&login, kind).await.expect("get");
        assert_eq!(kept.expose(), "hemlig");
        let other = keyring.get(&login, SecretKind::MailchimpApiKey).await;
        assert!(matches!(other, Err(Error::NoSecret { .. })));
        keyring.delete(&login, kind).await.expect("delete");
        keyring.delete(&login, kind).await.expect("delete again");
        assert!(matches!(
            keyring.get(&login, kind).await,
            Err(Error::NoSecret { .. })
        ));
    }

    /// A keyring whose owner is at lunch, or that is not there.
    struct Stuck(fn() -> StoreError);

    impl SecretStore for Stuck {
        fn set(&self, _: &str, _: &str) -> Result<(), StoreError> {
            Err((self.0)())
        }
        fn get(&self, _: &str) -> Result<String, StoreError> {
            Err((self.0)())
        }
        fn delete(&self, _: &str) -> Result<(), StoreError> {
            Err((self.0)())
        }
    }

    #[tokio::test]
    async fn trying_it_out_leaves_nothing_behind_and_finds_what_would_fail_later() {
        let memory = Arc::new(MemoryKeyring::new());
        let keyring = Keyring::new(memory.clone(), "4f2a");
        keyring.try_out().await.expect("it keeps");
        assert!(memory.accounts().is_empty());
        let none = Arc::new(Stuck(|| StoreError::NoService("no bus".into())));
        let outcome = Keyring::new(none, "h").try_out().await;
        assert!(matches!(outcome, Err(Error::NoKeyring(_))), "{outcome:?}");
    }

    /// A keyring that would show a person a dialog.
    struct Asking;

    impl SecretStore for Asking {
        fn set(&self, _: &str, _: &str) -> Result<(), StoreError> {
            panic!("a person was asked");
        }
        fn get(&self, _: &str) -> Result<String, StoreError> {
            panic!("a person was asked");
        }
        fn delete(&self, _: &str) -> Result<(), StoreError> {
            panic!("a person was asked");
        }
        fn is_locked(&self) -> Result<bool, StoreError> {
            Ok(true)
        }
    }

    #[tokio::test]
    async fn who_only_looks_has_nobody_unlock_it() {
        let outcome = Keyring::new(Arc::new(Asking), "h").look().await;
        assert!(
            matches!(outcome, Err(Error::KeyringLocked(_))),
            "{outcome:?}"
        );
        let memory = Arc::new(MemoryKeyring::new());
        Keyring::new(memory, "h").look().await.expect("it keeps");
    }

    #[tokio::test]
    async fn no_keyring_a_locked_one_and_a_broken_one_are_told_apart() {
        let ask = |why: fn() -> StoreError| async move {
            let keyring = Keyring::new(Arc::new(Stuck(why)), "h");
            let outcome = keyring.get(&login(), SecretKind::MailchimpToken).await;
            outcome.expect_err("stuck")
        };
        assert!(matches!(
            ask(|| StoreError::NoService("no bus".into())).await,
            Error::NoKeyring(_)
        ));
        assert!(matches!(
            ask(|| StoreError::Locked("dismissed".into())).await,
            Error::KeyringLocked(_)
        ));
        assert!(matches!(
            ask(|| StoreError::Failed("?".into())).await,
            Error::KeyringEntry { .. }
        ));
    }

    /// On a paused clock, which goes on as soon as nothing but the silent keyring is waited for.
    #[tokio::test(start_paused = true)]
    async fn a_silent_keyring_is_waited_for_no_longer_than_the_limit() {
        let silent = Stuck(|| {
            loop {
                std::thread::park();
            }
        });
        let keyring = Keyring::new(Arc::new(silent), "h");
        let began = tokio::time::Instant::now();
        let outcome = keyring.get(&login(), SecretKind::MailchimpToken).await;
        assert!(matches!(outcome, Err(Error::KeyringTimeout(limit)) if limit == LIMIT));
        assert!((LIMIT..LIMIT * 2).contains(&began.elapsed()));
    }
}
