use std::path::PathBuf;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::files::{read_if_there, replace};
use super::{Error, Home};
use crate::domain::LoginName;
use crate::http::Endpoint;

/// Who the user is to a service, without the secret, which lives in the keyring.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Login {
    /// What the user calls it.
    pub name: LoginName,
    /// The service: `mailchimp`.
    pub service: String,
    /// The account at the service.
    pub account_id: String,
    /// The account's name at the service.
    pub account_name: String,
    /// The base address it was made with; a run with another one is refused.
    pub api: Endpoint,
    /// When it was made.
    pub created_at: Timestamp,
    /// The most contacts the account's plan allows, where the user told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan_limit: Option<u64>,
}

/// The saved logins, in one TOML file.
#[derive(Debug, Clone)]
pub struct Logins {
    path: PathBuf,
}

#[derive(Default, Serialize, Deserialize)]
struct File {
    #[serde(default)]
    login: Vec<Login>,
}

impl Logins {
    /// Opens the logins of a home; there may be none.
    #[must_use]
    pub fn of(home: &Home) -> Self {
        Self {
            path: home.logins(),
        }
    }

    /// Lists all of them by name.
    ///
    /// # Errors
    /// Fails when the file cannot be read or is damaged.
    pub fn list(&self) -> Result<Vec<Login>, Error> {
        let text = read_if_there(&self.path)?.unwrap_or_default();
        let file: File = toml::from_str(&text).map_err(|why| Error::Damaged {
            path: self.path.clone(),
            why: why.to_string(),
        })?;
        let mut logins = file.login;
        logins.sort_by_key(|login| login.name.as_str().to_lowercase());
        Ok(logins)
    }

    /// Finds one by its name: exactly, then without case.
    ///
    /// # Errors
    /// Fails when the file cannot be read or is damaged.
    pub fn find(&self, name: &str) -> Result<Option<Login>, Error> {
        let all = self.list()?;
        let exact = all.iter().find(|login| login.name.as_str() == name.trim());
        Ok(exact
            .or_else(|| all.iter().find(|login| login.name.matches(name)))
            .cloned())
    }

    /// Saves a login, in place of one with the same name.
    ///
    /// # Errors
    /// Fails when the file cannot be read or written.
    pub fn save(&self, login: &Login) -> Result<(), Error> {
        let mut logins = self.list()?;
        logins.retain(|saved| !saved.name.matches(login.name.as_str()));
        logins.push(login.clone());
        self.write(logins)
    }

    /// Removes one by its name; one that is not there is no error.
    ///
    /// # Errors
    /// Fails when the file cannot be read or written.
    pub fn remove(&self, name: &LoginName) -> Result<(), Error> {
        let mut logins = self.list()?;
        logins.retain(|saved| saved.name != *name);
        self.write(logins)
    }

    fn write(&self, login: Vec<Login>) -> Result<(), Error> {
        let text =
            toml::to_string(&File { login }).map_err(|why| Error::Encode(why.to_string()))?;
        replace(&self.path, text.as_bytes())
    }
}
