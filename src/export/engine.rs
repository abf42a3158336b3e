//! The logins of engines that are asked in SQL: by which driver, with which settings, and which of them are secrets.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::{Error, SignedIn, Surroundings};
use crate::domain::{LoginName, Secret, SourceSpec};
use crate::login::{Error as LoginError, SecretKind, SqlVariables};
use crate::source::{Engine, Error as SourceError, Reach, SqlError, connect};
use crate::store::{Config, Login, Logins, SqlLogin};

impl Surroundings {
    /// Finds how a source is reached; `None` for a folder of files.
    ///
    /// # Errors
    /// Fails when there is no such login, its secrets are not to be had, or it was made for another source.
    pub async fn reach(
        &self,
        spec: &SourceSpec,
        login: Option<&LoginName>,
    ) -> Result<Option<Reach>, Error> {
        if let Some(login) = spec.engine() {
            let engine = self.engine(login).await?;
            return Ok(Some(Reach::Engine(Box::new(engine))));
        }
        let service = self.source_service(spec, login).await?;
        Ok(service.map(Reach::from))
    }

    /// Lists the logins of engines.
    ///
    /// # Errors
    /// Fails when the file of logins cannot be read.
    pub fn engine_names(&self) -> Result<Vec<LoginName>, Error> {
        let saved = Logins::of(&self.home).list()?.into_iter();
        let saved = saved.filter(|login| login.service == Login::SQL);
        Ok(saved.map(|login| login.name).collect())
    }

    /// Finds the engine behind a login.
    ///
    /// # Errors
    /// Fails when there is no such login, or its secrets are not to be had.
    pub async fn engine(&self, login: &LoginName) -> Result<Engine, Error> {
        let saved = Logins::of(&self.home).find(login.as_str())?;
        let Some(sql) = saved.and_then(|saved| saved.sql) else {
            let login = login.clone();
            return Err(Error::NoEngine { login });
        };
        let mut secrets = BTreeMap::new();
        let mut kept = None;
        for setting in &sql.secrets {
            if let Some(secret) = self.sql.secret(setting) {
                secrets.insert(setting.clone(), secret.clone());
                continue;
            }
            if kept.is_none() {
                kept = Some(self.kept_secrets(login).await?);
            }
            let secret = kept.as_mut().and_then(|kept| kept.remove(setting));
            let secret = secret.ok_or_else(|| LoginError::NoSecret {
                login: login.clone(),
                kind: SecretKind::Sql,
            })?;
            secrets.insert(setting.clone(), Secret::new(secret));
        }
        self.engine_of(&sql, secrets)
    }

    async fn kept_secrets(&self, login: &LoginName) -> Result<BTreeMap<String, String>, Error> {
        let kept = self.keyring.get(login, SecretKind::Sql).await?;
        // What is no JSON is none of ours; its words are not for an error.
        let read = serde_json::from_str(kept.expose()).map_err(|_secret| LoginError::NoSecret {
            login: login.clone(),
            kind: SecretKind::Sql,
        });
        Ok(read?)
    }

    fn engine_of(
        &self,
        sql: &SqlLogin,
        secrets: BTreeMap<String, Secret<String>>,
    ) -> Result<Engine, Error> {
        let program = Engine::own_program().map_err(SqlError::Start);
        Ok(Engine {
            driver: Config::driver(&self.home, &sql.driver)?,
            options: sql.options.clone(),
            secrets,
            program: program.map_err(SourceError::from)?,
            patience: self.sql.patience.unwrap_or(Engine::PATIENCE),
        })
    }

    /// Connects to an engine, and saves the login: its secrets in the keyring first, then its record. A login of that name is
    /// replaced, one of another driver only if somebody `agreed`.
    ///
    /// # Errors
    /// Fails when the engine does not let us in, the keyring or the file does, and when the name is that of a login for
    /// another service; then nothing is saved.
    pub async fn save_sql_login(
        &self,
        name: LoginName,
        sql: SqlLogin,
        given: BTreeMap<String, Secret<String>>,
        agreed: bool,
    ) -> Result<SignedIn, Error> {
        self.check_name(&name, Login::SQL)?;
        if !agreed {
            self.check_account(&name, &sql.driver, &sql.driver)?;
        }
        let mut secrets = given.clone();
        for setting in &sql.secrets {
            if let Some(secret) = self.sql.secret(setting) {
                secrets.insert(setting.clone(), secret.clone());
            }
        }
        let account_name = connect(&self.engine_of(&sql, secrets)?).await?;
        if given.is_empty() {
            self.keyring_forgets(&name).await;
        } else {
            let kept = given.iter().map(|(key, secret)| (key, secret.expose()));
            let kept: BTreeMap<_, _> = kept.collect();
            let text =
                serde_json::to_string(&kept).map_err(|why| Error::Broken(why.to_string()))?;
            self.keyring
                .set(&name, SecretKind::Sql, &Secret::new(text))
                .await?;
        }
        let login = Login {
            name,
            service: Login::SQL.to_owned(),
            account_id: sql.driver.clone(),
            account_name,
            api: None,
            created_at: Timestamp::now(),
            plan_limit: None,
            entra: None,
            sql: Some(Box::new(sql)),
        };
        Logins::of(&self.home).save(&login)?;
        self.reconnect(login)
    }

    /// Takes back what an earlier login of the name had, where there is a keyring.
    async fn keyring_forgets(&self, name: &LoginName) {
        if let Err(why) = self.keyring.delete(name, SecretKind::Sql).await {
            tracing::info!(error = %why, "no secret to forget");
        }
    }

    /// Names the variables that are used in place of the keyring's secrets of a login.
    #[must_use]
    pub fn sql_variable(&self, sql: &SqlLogin) -> Option<String> {
        let mut set = sql
            .secrets
            .iter()
            .filter(|key| self.sql.secret(key).is_some());
        set.next().map(|key| SqlVariables::name_of(key))
    }
}
