use std::collections::BTreeMap;
use std::path::PathBuf;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::files::{of_this_format, read_if_there, replace};
use super::lock::ConfigLock;
use super::over::over;
use super::{Error, Home};
use crate::domain::{DestinationId, LoginName, SourceSpec};
use crate::http::Endpoint;

/// Who the user is to a service, without the secret, which lives in the keyring.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Login {
    /// What the user calls it.
    pub name: LoginName,
    /// The service: [`Login::MAILCHIMP`], [`Login::INSIGHTS`] or [`Login::SQL`].
    pub service: String,
    /// The account at the service.
    pub account_id: String,
    /// The account's name at the service.
    pub account_name: String,
    /// The base address it was made with; a run with another one is refused. An engine has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub api: Option<Endpoint>,
    /// When it was made.
    pub created_at: Timestamp,
    /// The most contacts the account's plan allows, where the user told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan_limit: Option<u64>,
    /// How an export user signs in; only for [`Login::INSIGHTS`]. Among the last fields, as TOML wants tables last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entra: Option<Box<EntraLogin>>,
    /// How an engine is reached; only for [`Login::SQL`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sql: Option<Box<SqlLogin>>,
}

/// How an engine is reached that is asked in SQL. The driver stands here and in no destination: whose file a destination comes
/// from, it brings no code along.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct SqlLogin {
    /// The driver: a name that a manifest stands for, or the path of a library.
    pub driver: String,
    /// The settings that are secrets, and lie in the keyring.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub secrets: Vec<String>,
    /// What the database is opened with.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub options: BTreeMap<String, String>,
}

/// How an export user signs in at Microsoft Entra ID, so that it need not be asked again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntraLogin {
    /// The client id of the app.
    pub client_id: String,
    /// The tenant, as the user wrote it.
    pub tenant: String,
    /// The authority, tenant included, if it is not Entra's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authority: Option<Endpoint>,
    /// The instance of Customer Insights; without one, the login is for the Dataverse environment at its `api`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instance: Option<String>,
}

impl Login {
    /// The service of logins that reach an audience.
    pub const MAILCHIMP: &str = "mailchimp";
    /// The service of logins that reach a source.
    pub const INSIGHTS: &str = "insights";
    /// The service of logins that reach an engine.
    pub const SQL: &str = "sql";

    /// Gives the source that an export user's login was made for.
    #[must_use]
    pub fn source(&self) -> Option<SourceSpec> {
        let entra = self.entra.as_ref()?;
        Some(match &entra.instance {
            Some(instance) => SourceSpec::Insights(instance.clone()),
            None => SourceSpec::Dataverse(self.api.as_ref()?.to_string()),
        })
    }
}

/// What a destination was connected by before that login was removed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parted {
    /// The destination.
    pub destination: DestinationId,
    /// What the login was called.
    pub login: LoginName,
    /// Its service.
    pub service: String,
    /// Its account at the service.
    pub account_id: String,
    /// The account's name at the service.
    pub account_name: String,
    /// The base address it was made with.
    pub api: Endpoint,
}

impl Parted {
    /// Tells whether a login is the one that was removed, by its name and its service.
    #[must_use]
    pub fn is_by_name(&self, login: &Login) -> bool {
        self.service == login.service && self.login.matches(login.name.as_str())
    }

    /// Tells whether it is of the same account too.
    #[must_use]
    pub fn is_of(&self, login: &Login) -> bool {
        self.is_by_name(login)
            && self.account_id == login.account_id
            && login.api.as_ref() == Some(&self.api)
    }
}

/// The saved logins, in one TOML file.
#[derive(Debug, Clone)]
pub struct Logins {
    home: Home,
    path: PathBuf,
}

#[derive(Default, Serialize, Deserialize)]
struct File {
    /// The home's name in the keyring, under which the secrets lie.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    home: Option<String>,
    #[serde(default)]
    login: Vec<Login>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    parted: Vec<Parted>,
}

impl Logins {
    /// Opens the logins of a home; there may be none.
    #[must_use]
    pub fn of(home: &Home) -> Self {
        Self {
            home: home.clone(),
            path: home.logins(),
        }
    }

    /// Lists all of them by name.
    ///
    /// # Errors
    /// Fails when the file cannot be read or is damaged.
    pub fn list(&self) -> Result<Vec<Login>, Error> {
        let mut logins = self.read()?.login;
        logins.sort_by_key(|login| login.name.as_str().to_lowercase());
        Ok(logins)
    }

    fn read(&self) -> Result<File, Error> {
        of_this_format(&self.path, &read_if_there(&self.path)?.unwrap_or_default())
    }

    /// Tells whether there are logins, and under which name of this home in the keyring their secrets lie.
    pub(super) fn home_id(&self) -> (bool, Option<String>) {
        // A damaged file is told by whoever needs a login.
        let file = self.read().unwrap_or_default();
        let has_logins = !file.login.is_empty();
        (has_logins, file.home.filter(|_| has_logins))
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
        let _ours = ConfigLock::take(&self.home.config_lock())?;
        let mut file = self.read()?;
        file.login
            .retain(|saved| !saved.name.matches(login.name.as_str()));
        file.login.push(login.clone());
        self.write(file)
    }

    /// Removes one by its name; one that is not there is no error.
    ///
    /// # Errors
    /// Fails when the file cannot be read or written.
    pub fn remove(&self, name: &LoginName) -> Result<(), Error> {
        let _ours = ConfigLock::take(&self.home.config_lock())?;
        let mut file = self.read()?;
        file.login.retain(|saved| saved.name != *name);
        self.write(file)
    }

    /// Lists what destinations were connected by before that login was removed.
    ///
    /// # Errors
    /// Fails when the file cannot be read or is damaged.
    pub fn parted(&self) -> Result<Vec<Parted>, Error> {
        Ok(self.read()?.parted)
    }

    /// Changes what is remembered of destinations whose login was removed.
    ///
    /// # Errors
    /// Fails when the file cannot be read or written.
    pub fn change_parted(&self, change: impl FnOnce(&mut Vec<Parted>)) -> Result<(), Error> {
        let _ours = ConfigLock::take(&self.home.config_lock())?;
        let mut file = self.read()?;
        let before = file.parted.clone();
        change(&mut file.parted);
        if file.parted == before {
            return Ok(());
        }
        self.write(file)
    }

    fn write(&self, file: File) -> Result<(), Error> {
        let mut file = File {
            home: self.home.id_if_there()?,
            ..file
        };
        let by_name = |login: &Login| login.name.as_str().to_lowercase();
        file.login.sort_by_key(by_name);
        let text = toml::to_string(&file).map_err(|why| Error::Encode(why.to_string()))?;
        let old = read_if_there(&self.path)?.unwrap_or_default();
        replace(&self.path, over::<File>(&old, &text).as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::{EntraLogin, Error, Login, Logins};
    use crate::domain::{LoginName, SourceSpec};
    use crate::http::Endpoint;
    use crate::store::Home;

    /// As it was written before there were export users.
    const OLD: &str = r#"
[[login]]
name = "contoso"
service = "mailchimp"
account_id = "8d3a"
account_name = "Contoso"
api = "https://us1.api.mailchimp.com/3.0"
created_at = "2026-01-01T00:00:00Z"
"#;

    #[test]
    fn an_older_file_still_opens_and_takes_an_export_user() {
        let folder = tempfile::tempdir().expect("folder");
        let home = Home::at(folder.path());
        std::fs::create_dir_all(home.logins().parent().expect("folder")).expect("folder");
        std::fs::write(home.logins(), OLD).expect("file");
        let logins = Logins::of(&home);
        let old = logins.find("contoso").expect("opens").expect("there");
        assert_eq!((old.entra.as_ref(), old.source()), (None, None));
        let user = Login {
            name: LoginName::parse("anna").expect("name"),
            service: Login::INSIGHTS.to_owned(),
            api: Some(Endpoint::parse("https://org.crm.dynamics.com").expect("endpoint")),
            entra: Some(Box::new(EntraLogin {
                client_id: "c1".to_owned(),
                tenant: "contoso.example".to_owned(),
                authority: None,
                instance: None,
            })),
            ..old.clone()
        };
        logins.save(&user).expect("saved");
        assert_eq!(logins.list().expect("list"), [user.clone(), old]);
        let spec = SourceSpec::Dataverse("https://org.crm.dynamics.com".to_owned());
        assert_eq!(user.source(), Some(spec));
    }

    #[test]
    fn what_a_person_wrote_stays_at_the_next_login_and_a_newer_file_is_left_alone() {
        let folder = tempfile::tempdir().expect("folder");
        let home = Home::at(folder.path());
        let written = format!(
            "# Ours.\nowner = \"Lotta\"\n{OLD}team = \"Web\" # who to ask\n\n[login.sql]\ndriver = \"x\" # ours\nnote = \"y\"\n"
        );
        std::fs::create_dir_all(home.logins().parent().expect("folder")).expect("folder");
        std::fs::write(home.logins(), &written).expect("file");
        let logins = Logins::of(&home);
        let text = || std::fs::read_to_string(home.logins()).expect("file");
        let login = logins.find("contoso").expect("opens").expect("there");
        logins.save(&login).expect("saved");
        assert_eq!(text(), written, "nothing is new");
        // Before it and after it by its name, each with a table of its own.
        let named = |name: &str| Login {
            name: LoginName::parse(name).expect("name"),
            ..login.clone()
        };
        for name in ["anna", "zoe"] {
            logins.save(&named(name)).expect("saved");
        }
        let all = logins.list().expect("opens still");
        assert_eq!(
            all,
            [named("anna"), login.clone(), named("zoe")],
            "{}",
            text()
        );
        for kept in [
            "# Ours.\n",
            "owner = \"Lotta\"",
            "team = \"Web\" # who to ask",
            "# ours\nnote = \"y\"",
        ] {
            assert_eq!(text().matches(kept).count(), 1, "{}", text());
        }
        for name in ["anna", "contoso", "zoe"] {
            logins.remove(&named(name).name).expect("removed");
        }
        assert_eq!(logins.list().expect("opens"), []);
        logins.save(&login).expect("saved");
        assert_eq!(
            logins.list().expect("opens"),
            std::slice::from_ref(&login),
            "{}",
            text()
        );
        assert!(text().starts_with("# Ours.\n"), "{}", text());
        let newer = format!("format = 2\n{OLD}");
        std::fs::write(home.logins(), &newer).expect("file");
        let refused = [
            logins.save(&login),
            logins.list().map(drop),
            logins.parted().map(drop),
        ];
        for refused in refused {
            assert!(matches!(refused, Err(Error::Newer { version: 2, .. })));
        }
        assert_eq!(text(), newer);
    }
}
