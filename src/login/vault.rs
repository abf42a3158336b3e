use std::collections::HashMap;
use std::error::Error as StdError;
use std::mem::ManuallyDrop;
use std::sync::{Arc, Mutex, PoisonError};

use keyring_core::{CredentialStore, Entry};

/// The service name of all our keyring entries.
const SERVICE: &str = "segue";

/// What a keyring says when it does not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// There is no keyring to ask.
    #[error("the keyring service could not be reached")]
    NoService(#[source] Box<dyn StdError + Send + Sync>),
    /// It is locked, or a person or policy said no.
    #[error("the keyring was not opened")]
    Locked(#[source] Box<dyn StdError + Send + Sync>),
    /// It has no such entry.
    #[error("the keyring has no such entry")]
    Missing,
    /// The entry holds something that we did not write.
    #[error("the entry holds something else than expected")]
    Damaged,
    /// Anything else.
    #[error("the keyring failed")]
    Failed(#[source] Box<dyn StdError + Send + Sync>),
}

/// A place for secrets. Calls may block for as long as a person takes to type a password.
pub trait SecretStore: Send + Sync {
    /// Keeps a secret, in place of what was there.
    ///
    /// # Errors
    /// Says why the keyring did not take it.
    fn set(&self, account: &str, secret: &str) -> Result<(), StoreError>;

    /// Gives a secret back.
    ///
    /// # Errors
    /// Says why not; [`StoreError::Missing`] when there is none.
    fn get(&self, account: &str) -> Result<String, StoreError>;

    /// Forgets a secret.
    ///
    /// # Errors
    /// Says why not; [`StoreError::Missing`] when there is none.
    fn delete(&self, account: &str) -> Result<(), StoreError>;

    /// Tells whether it would have to be unlocked first, without asking a person to; not all can tell.
    ///
    /// # Errors
    /// Says why it cannot be found out.
    fn is_locked(&self) -> Result<bool, StoreError> {
        Ok(false)
    }
}

/// The keyring of the operating system: Secret Service, macOS keychain or Windows credential manager.
///
/// By `keyring-core` and the three stores rather than by the crate `keyring` around them: version 4 of that one connects
/// once a process and keeps how that went (`Entry::store_status`). Whoever starts or unlocks a keyring and tries again
/// would be told the old cause until Segue is started anew, and a keyring that was started anew amid an export could not
/// take the next refresh token. Its own documentation sends applications that need more than that to these crates.
#[derive(Default)]
pub struct SystemKeyring {
    /// The connection between two calls. A call takes it out and puts it back when all went well, so that a call that
    /// hangs or failed never stands in the way of the next one, which makes a connection of its own.
    idle: Mutex<Option<Arc<CredentialStore>>>,
}

impl SystemKeyring {
    /// Makes a keyring that connects on first use.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    fn slot(&self) -> std::sync::MutexGuard<'_, Option<Arc<CredentialStore>>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn with<T>(
        &self,
        account: &str,
        call: impl FnOnce(&Entry) -> keyring_core::Result<T>,
    ) -> Result<T, StoreError> {
        let idle = self.slot().take();
        let store = match idle {
            Some(store) => store,
            None => connect()?,
        };
        let outcome = store
            .build(SERVICE, account, None)
            .and_then(|entry| call(&entry))
            .map_err(translate);
        if matches!(outcome, Ok(_) | Err(StoreError::Missing)) {
            *self.slot() = Some(store);
        }
        outcome
    }
}

impl Drop for SystemKeyring {
    /// Closes the connection on a thread of its own: the Secret Service library waits for its farewell with a runtime,
    /// which panics inside another one.
    fn drop(&mut self) {
        if let Some(store) = self.slot().take() {
            // When no thread can be had, the connection is left open rather than closed here.
            let store = ManuallyDrop::new(store);
            let close = move || drop(ManuallyDrop::into_inner(store));
            let _left_open = std::thread::Builder::new().spawn(close);
        }
    }
}

impl SecretStore for SystemKeyring {
    fn set(&self, account: &str, secret: &str) -> Result<(), StoreError> {
        self.with(account, |entry| entry.set_password(secret))
    }

    fn get(&self, account: &str) -> Result<String, StoreError> {
        self.with(account, Entry::get_password)
    }

    fn delete(&self, account: &str) -> Result<(), StoreError> {
        self.with(account, Entry::delete_credential)
    }

    #[cfg(target_os = "linux")]
    fn is_locked(&self) -> Result<bool, StoreError> {
        use secret_service::{EncryptionType, Error, blocking::SecretService};
        let no_service = |why: Error| StoreError::NoService(why.into());
        let service = SecretService::connect(EncryptionType::Plain).map_err(no_service)?;
        match service.get_default_collection() {
            Ok(collection) => collection.is_locked().map_err(no_service),
            // The first secret makes one.
            Err(Error::NoResult) => Ok(false),
            Err(why) => Err(no_service(why)),
        }
    }
}

#[cfg(target_os = "linux")]
fn connect() -> Result<Arc<CredentialStore>, StoreError> {
    match zbus_secret_service_keyring_store::Store::new() {
        Ok(store) => Ok(store),
        Err(why) => Err(StoreError::NoService(cause(why))),
    }
}

#[cfg(target_os = "macos")]
fn connect() -> Result<Arc<CredentialStore>, StoreError> {
    match apple_native_keyring_store::keychain::Store::new() {
        Ok(store) => Ok(store),
        Err(why) => Err(StoreError::NoService(cause(why))),
    }
}

#[cfg(windows)]
fn connect() -> Result<Arc<CredentialStore>, StoreError> {
    match windows_native_keyring_store::Store::new() {
        Ok(store) => Ok(store),
        Err(why) => Err(StoreError::NoService(cause(why))),
    }
}

#[cfg(not(any(target_os = "linux", target_os = "macos", windows)))]
fn connect() -> Result<Arc<CredentialStore>, StoreError> {
    Err(StoreError::NoService(
        "this system has no keyring that is known".into(),
    ))
}

/// Takes the platform's own error out of its wrapping, whose `Display` would repeat it.
fn cause(why: keyring_core::Error) -> Box<dyn StdError + Send + Sync> {
    match why {
        keyring_core::Error::PlatformFailure(inner)
        | keyring_core::Error::NoStorageAccess(inner) => inner,
        other => Box::new(other),
    }
}

/// The variants that carry raw bytes of a secret are left without them: errors end up in logs.
fn translate(why: keyring_core::Error) -> StoreError {
    match why {
        keyring_core::Error::NoEntry => StoreError::Missing,
        keyring_core::Error::BadEncoding(_) | keyring_core::Error::BadDataFormat(..) => {
            StoreError::Damaged
        }
        keyring_core::Error::NoStorageAccess(inner) => StoreError::Locked(inner),
        other => StoreError::Failed(cause(other)),
    }
}

/// Keeps secrets in memory, for `demo` and for tests; they are gone when it is dropped.
#[derive(Default)]
pub struct MemoryKeyring(Mutex<HashMap<String, String>>);

impl MemoryKeyring {
    /// Makes an empty one.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    fn entries(&self) -> std::sync::MutexGuard<'_, HashMap<String, String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lists the accounts that hold something.
    #[must_use]
    pub fn accounts(&self) -> Vec<String> {
        let mut accounts: Vec<String> = self.entries().keys().cloned().collect();
        accounts.sort();
        accounts
    }
}

impl SecretStore for MemoryKeyring {
    fn set(&self, account: &str, secret: &str) -> Result<(), StoreError> {
        self.entries().insert(account.to_owned(), secret.to_owned());
        Ok(())
    }

    fn get(&self, account: &str) -> Result<String, StoreError> {
        let found = self.entries().get(account).cloned();
        found.ok_or(StoreError::Missing)
    }

    fn delete(&self, account: &str) -> Result<(), StoreError> {
        let gone = self.entries().remove(account);
        gone.map(drop).ok_or(StoreError::Missing)
    }
}
