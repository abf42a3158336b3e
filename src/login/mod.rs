//! Who we are to each service: signing in with Mailchimp in the browser, API keys, the export user at Microsoft Entra ID,
//! and the keyring that holds what comes of it.
//!
//! Must not know what is exported, nor any text that a person reads: closing pages get their words from the caller. No
//! secret leaves this folder except inside a request or as `Secret`.

mod browser;
mod call;
mod credential;
mod entra;
mod error;
mod exchange;
mod identity;
mod keyring;
mod pages;
mod pieces;
mod redirect;
mod session;
mod sign_in;
mod sql;
#[cfg(test)]
mod tests;
mod vault;

pub use browser::{BrowserObstacle, browser_obstacle, is_remote, open_browser};
pub use credential::{
    ADDRESSES, Credential, Endpoints, EnvCredential, is_about_the_login, pasted_secret,
};
pub use entra::{
    DeviceSignIn, EntraApp, EntraAuthorized, EntraError, EntraSignIn, ExportUser, Granted, Keeping,
    Refusal, RefusalKind, Resource, SourceVariables,
};
pub use error::{Error, Result, Whose};
pub use exchange::{Authorized, MailchimpApp};
pub use identity::{Identity, identify};
pub use keyring::{Keyring, SecretKind};
pub use pages::{ClosingPages, PageText};
pub use session::Session;
pub use sign_in::{DEFAULT_PORT, SIGN_IN_LIMIT, SignIn};
pub use sql::{SqlVariables, driver_place, is_secret_setting};
pub use vault::{MemoryKeyring, SecretStore, StoreError, SystemKeyring};
