//! Signing in as the export user at Microsoft Entra ID, and staying signed in for as long as an export takes.
//!
//! Any provider with a discovery document will do. Must not know what the tokens are used for beyond the service
//! they are asked for.

mod app;
mod browser;
mod device;
mod discovery;
mod error;
mod numbers;
mod refresh;
mod refusal;
#[cfg(test)]
mod tests;
mod tokens;
mod variables;

pub use app::{EntraApp, Granted, Resource};
pub use browser::{EntraAuthorized, EntraSignIn};
pub use device::DeviceSignIn;
pub use error::EntraError;
pub(super) use refresh::Refresher;
pub use refresh::{ExportUser, Keeping};
pub use refusal::{Refusal, RefusalKind};
pub use variables::SourceVariables;
