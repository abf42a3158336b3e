//! An engine that is asked in SQL: how it is reached, and the folder of queries that are its segments.

use std::collections::BTreeMap;

use super::super::login::{agree, try_keyring};
use super::super::out::say;
use super::Asking;
use super::prompt::{Answered, Prompt};
use crate::domain::{LoginName, Secret, SourceSpec};
use crate::login::{driver_place, is_secret_setting};
use crate::store::{Login, Logins, SqlLogin, typed_path};
use crate::words::Explain;

/// What is typed to have the column of IDs found by its name.
const BY_NAME: &str = "-";

/// The settings of a driver, and those of them that are secrets.
type Settings = (BTreeMap<String, String>, BTreeMap<String, Secret<String>>);

impl Asking<'_> {
    /// Lists the saved logins of engines.
    pub(super) fn engines(&self) -> Answered<Vec<Login>> {
        let logins = Logins::of(&self.context.surroundings.home).list();
        let mut logins = logins.map_err(|why| self.context.failed(why))?;
        logins.retain(|login| login.service == Login::SQL);
        Ok(logins)
    }

    /// Asks how an engine is reached, and keeps that as a login.
    pub(super) async fn connect(&self, prompt: &Prompt) -> Answered<LoginName> {
        let words = &self.context.words;
        say(&words.text("ui-sql-connect-lead"));
        say(&words.text("ask-sql-hint"));
        let name = loop {
            let question = prompt.about("ask-about-sql-name");
            let typed = question.text(&words.text("ui-sql-name"), "").await?;
            match LoginName::parse(&typed) {
                Ok(name) => break name,
                Err(why) => say(&why.explain(words).what),
            }
        };
        let question = prompt.about("ask-about-sql-driver");
        let driver = question.text(&words.text("ui-sql-driver"), "").await?;
        let (options, secrets) = self.settings(prompt).await?;
        if !secrets.is_empty() {
            try_keyring(self.context).await?;
        }
        let sql = SqlLogin {
            driver: driver_place(&typed_path(&driver).display().to_string()),
            secrets: secrets.keys().cloned().collect(),
            options,
        };
        say(&words.text("ui-sql-connecting"));
        let surroundings = &self.context.surroundings;
        let save = async |agreed| {
            let (name, secrets) = (name.clone(), secrets.clone());
            let saved = surroundings.save_sql_login(name, sql.clone(), secrets, agreed);
            saved.await
        };
        let login = agree(self.context, false, save).await?;
        let args = [
            ("login", login.name.as_str().into()),
            ("engine", login.account_name.as_str().into()),
        ];
        say(&words.with("ui-sql-connected", &args));
        Ok(login.name)
    }

    /// Asks for settings until an empty line. A secret is named only; its value is typed unseen.
    async fn settings(&self, prompt: &Prompt) -> Answered<Settings> {
        let words = &self.context.words;
        let (mut options, mut secrets) = Settings::default();
        let question = prompt.about("ask-about-sql-setting");
        while let Some(typed) = question.line(&words.text("ask-sql-setting"), "").await? {
            let (key, value) = match typed.split_once('=') {
                Some((key, value)) => (key.trim(), Some(value.trim())),
                None => (typed.as_str(), None),
            };
            match value {
                _ if key.is_empty() => say(&words.text("ui-sql-setting-form")),
                Some(value) if is_secret_setting(key, value) => {
                    say(&words.with("ask-sql-secret", &[("key", key.into())]));
                }
                Some(value) => {
                    options.insert(key.to_owned(), value.to_owned());
                }
                None => {
                    let question = words.with("ask-sql-value", &[("key", key.into())]);
                    let value = prompt.about("ask-about-sql-value");
                    let secret = value.secret(&question, "", "--secret-stdin").await?;
                    secrets.insert(key.to_owned(), Secret::new(secret));
                }
            }
        }
        Ok((options, secrets))
    }

    /// What was said of queries says nothing of another source.
    pub(super) fn forget_queries(&mut self) {
        if self.answers.queries.take().is_some() {
            self.forget_id_column();
        }
    }

    /// Asks for the folder of queries, and the column of IDs.
    pub(super) async fn queries(&mut self, engine: &LoginName, prompt: &Prompt) -> Answered<()> {
        say(&self.text("ask-sql-queries-hint"));
        let given = self.answers.queries.as_ref();
        let usual = given.map(|path| path.display().to_string());
        let question = self.text("ask-sql-queries");
        let about = prompt.about("ask-about-sql-queries");
        let typed = about.text(&question, &usual.unwrap_or_default()).await?;
        let question = self.text("ask-sql-id");
        let given = self.answers.id_column.clone();
        let given = given.filter(|given| !given.is_empty());
        let given = given.unwrap_or_else(|| BY_NAME.to_owned());
        let about = prompt.about("ask-about-sql-id");
        match named(about.line(&question, &given).await?) {
            Some(id) => self.answers.id_column = Some(id),
            None => self.forget_id_column(),
        }
        self.answers.queries = Some(typed_path(&typed));
        self.answers.source = Some(SourceSpec::Sql(engine.clone()).to_string());
        self.answers.source_login = None;
        self.forget_layout();
        Ok(())
    }
}

/// The column of IDs, where one was named.
fn named(typed: Option<String>) -> Option<String> {
    typed.filter(|id| id != BY_NAME)
}

#[cfg(test)]
mod tests {
    use super::named;

    #[test]
    fn a_column_of_ids_that_was_named_can_be_taken_out_again() {
        let read = |typed: &str| named(Some(typed.to_owned()));
        assert_eq!(read("customer").as_deref(), Some("customer"));
        assert_eq!((read("-"), named(None)), (None, None));
    }
}
