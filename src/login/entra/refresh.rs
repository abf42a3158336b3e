use std::sync::{Arc, Mutex as SyncMutex, PoisonError};
use std::time::Duration;

use tokio::sync::{Mutex, OnceCell};
use tokio::time::{Instant, sleep};

use super::discovery::{Provider, discover};
use super::tokens::{oauth, refresh};
use super::{EntraApp, EntraError};
use crate::domain::{LoginName, Secret};
use crate::http::{Backoff, Client};
use crate::login::error::{Error, Result, Whose};
use crate::login::keyring::{Keyring, SecretKind};
use crate::store::{AccountLock, Home, Locked};

/// How long before its end a token is renewed; for short lives a fifth of them.
const AHEAD: Duration = Duration::from_mins(5);
/// How long a token is used on after it could not be renewed, before that is tried again.
const AFTER_FAILURE: Duration = Duration::from_secs(30);
/// How often the lock of another process is looked at, and for how long.
const LOOK_AGAIN: Duration = Duration::from_millis(50);
const LOOK_LIMIT: Duration = Duration::from_mins(2);

/// Where the refresh token of now is kept.
#[derive(Debug, Clone)]
pub enum Keeping {
    /// In the keyring, for a saved login.
    Keyring(Keyring, LoginName),
    /// In this process, for one that the environment gave; all that use it share it.
    Process(Arc<SyncMutex<Secret<String>>>),
}

impl Keeping {
    async fn get(&self) -> Result<Secret<String>> {
        match self {
            Self::Keyring(keyring, login) => {
                keyring.get(login, SecretKind::InsightsRefreshToken).await
            }
            Self::Process(token) => {
                Ok(token.lock().unwrap_or_else(PoisonError::into_inner).clone())
            }
        }
    }

    async fn set(&self, new: &Secret<String>) -> Result<()> {
        match self {
            Self::Keyring(keyring, login) => {
                let kind = SecretKind::InsightsRefreshToken;
                keyring.set(login, kind, new).await
            }
            Self::Process(token) => {
                *token.lock().unwrap_or_else(PoisonError::into_inner) = new.clone();
                Ok(())
            }
        }
    }

    fn whose(&self) -> Whose {
        match self {
            Self::Keyring(_, login) => Whose::Saved(login.clone()),
            Self::Process(_) => Whose::Environment,
        }
    }
}

/// An export user who signed in once, and what is needed to stay signed in.
#[derive(Debug, Clone)]
pub struct ExportUser {
    /// The app they signed in with.
    pub app: EntraApp,
    /// Where their refresh token is.
    pub keeping: Keeping,
    /// Where the lock is that keeps two processes from renewing at once.
    pub home: Home,
    /// What to call the sign-in service with.
    pub client: Client,
    /// The longest first pause before a call is tried again.
    pub first_pause: Duration,
}

/// Keeps an access token of an export user that is valid, one renewal at a time.
pub(in crate::login) struct Refresher {
    user: ExportUser,
    provider: OnceCell<Provider>,
    held: Mutex<Option<Held>>,
}

struct Held {
    access: Secret<String>,
    renew_at: Instant,
    expires_at: Instant,
}

impl Held {
    fn is(&self, token: Option<&Secret<String>>) -> bool {
        token.is_some_and(|token| token.expose() == self.access.expose())
    }

    fn usable(&self, refused: Option<&Secret<String>>) -> bool {
        !self.is(refused) && Instant::now() < self.renew_at
    }
}

impl Refresher {
    pub(in crate::login) fn new(user: ExportUser) -> Self {
        Self {
            user,
            provider: OnceCell::new(),
            held: Mutex::new(None),
        }
    }

    /// Gives a token that is not the refused one and does not end soon.
    pub(in crate::login) async fn token(
        self: &Arc<Self>,
        refused: Option<&Secret<String>>,
    ) -> Result<Secret<String>> {
        if let Some(held) = self
            .held
            .lock()
            .await
            .as_ref()
            .filter(|held| held.usable(refused))
        {
            return Ok(held.access.clone());
        }
        // A task of its own: a caller that gives up meanwhile must not lose a token that was just exchanged.
        let (own, refused) = (Arc::clone(self), refused.cloned());
        let renewing = tokio::spawn(async move { own.renewed(refused.as_ref()).await });
        let broke_off = |why| Error::Thread(std::io::Error::other(why));
        renewing.await.map_err(broke_off)?
    }

    async fn renewed(&self, refused: Option<&Secret<String>>) -> Result<Secret<String>> {
        let mut held = self.held.lock().await;
        // Another caller may have renewed it while this one waited.
        if let Some(held) = held.as_ref().filter(|held| held.usable(refused)) {
            return Ok(held.access.clone());
        }
        match self.renew().await {
            Ok(new) => Ok(held.insert(new).access.clone()),
            Err(why) => {
                let now = Instant::now();
                held.take_if(|held| held.is(refused) || held.expires_at <= now);
                let Some(held) = held.as_mut() else {
                    return Err(why);
                };
                tracing::warn!(error = %why, "the access token could not be renewed ahead of its end");
                let left = held.expires_at.saturating_duration_since(now);
                held.renew_at = now + AFTER_FAILURE.min(left / 4);
                Ok(held.access.clone())
            }
        }
    }

    async fn renew(&self) -> Result<Held> {
        let user = &self.user;
        let named = |why: EntraError| why.of(user.keeping.whose());
        let backoff = Backoff::new(4, user.first_pause);
        let discovery = discover(&user.client, &user.app.authority, &backoff);
        let provider = self.provider.get_or_try_init(|| discovery).await;
        let oauth = oauth(&user.app, provider.map_err(named)?).map_err(named)?;
        // From here to its end, nobody else exchanges this login's refresh token, and the one read is the one of now.
        let _lock = self.lock().await.map_err(named)?;
        let old = user.keeping.get().await?;
        let asked = Instant::now();
        let tokens = refresh(&user.client, &oauth, &user.app, &old, &backoff).await;
        let tokens = tokens.map_err(named)?;
        if let Some(new) = tokens.refresh.filter(|new| new.expose() != old.expose()) {
            user.keeping.set(&new).await?;
        }
        Ok(Held {
            access: tokens.access,
            renew_at: asked + tokens.life.saturating_sub(AHEAD.min(tokens.life / 5)),
            expires_at: asked + tokens.life,
        })
    }

    /// Waits until no other session or process renews this login.
    async fn lock(&self) -> Result<AccountLock, EntraError> {
        let login = match &self.user.keeping {
            Keeping::Keyring(_, login) => login.as_str(),
            Keeping::Process(_) => "",
        };
        let holder = std::process::id().to_string();
        let began = Instant::now();
        loop {
            match AccountLock::try_login(&self.user.home, login, &holder) {
                Ok(Locked::Ours(lock)) => return Ok(lock),
                Ok(Locked::Held(_)) if began.elapsed() < LOOK_LIMIT => sleep(LOOK_AGAIN).await,
                Ok(Locked::Held(_)) => return Err(EntraError::Busy(LOOK_LIMIT)),
                Err(why) => return Err(EntraError::Lock(why)),
            }
        }
    }
}
