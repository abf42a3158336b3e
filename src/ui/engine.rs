//! Reaches engines for the wizard: what the performer does for the questions about them.

use std::collections::BTreeMap;

use super::desk::Desk;
use super::msg::{Answer, Question};
use crate::domain::{FolderOptions, LoginName, Secret};
use crate::export::Error;
use crate::login::driver_place;
use crate::source::{Tried, survey, try_query};
use crate::store::{Login, SqlLogin};
use crate::words::{Explain, Explanation};

/// How many rows of a query are shown.
const ROWS: usize = 5;

/// How a person says that an engine is reached.
#[derive(Debug, Clone)]
pub(super) struct EngineAsked {
    /// What to call the login.
    pub name: LoginName,
    /// The driver, as it was typed.
    pub driver: String,
    /// What the database is opened with.
    pub options: BTreeMap<String, String>,
    /// The same, where nobody may see it.
    pub secrets: BTreeMap<String, Secret<String>>,
}

/// One file of a folder of queries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct QueryRow {
    /// The file's name.
    pub file: String,
    /// What the segment is called.
    pub label: String,
    /// The columns that it gives.
    pub columns: Vec<String>,
    /// Why it is no segment.
    pub problem: Option<Explanation>,
}

impl Desk {
    /// Answers what is asked of engines.
    pub async fn ask_engine(&self, question: Question) -> Answer {
        match question {
            Question::Engine(asked) => Answer::Engine(self.told(self.connect(*asked).await)),
            Question::Queries(login, options) => {
                Answer::Queries(self.told(self.queries(&login, &options).await))
            }
            Question::TryQuery(login, name, text) => {
                Answer::Tried(self.told(self.try_query(&login, &name, &text).await))
            }
            question => self.files(question).await,
        }
    }

    /// Connects to an engine and saves the login, as the command does.
    async fn connect(&self, asked: EngineAsked) -> Result<Login, Error> {
        let EngineAsked {
            name,
            driver,
            options,
            secrets,
        } = asked;
        if !secrets.is_empty() {
            self.surroundings.keyring.try_out().await?;
        }
        let sql = SqlLogin {
            driver: driver_place(&driver),
            secrets: secrets.keys().cloned().collect(),
            options,
        };
        let saved = self.surroundings.save_sql_login(name, sql, secrets, false);
        Ok(saved.await?.login)
    }

    async fn queries(
        &self,
        login: &LoginName,
        options: &FolderOptions,
    ) -> Result<Vec<QueryRow>, Error> {
        let engine = self.surroundings.engine(login).await?;
        let views = survey(&engine, options).await?;
        let rows = views.into_iter().map(|view| QueryRow {
            file: view.file,
            label: view.label,
            columns: view.columns,
            problem: view.problem.map(|why| why.explain(&self.words)),
        });
        Ok(rows.collect())
    }

    async fn try_query(&self, login: &LoginName, name: &str, text: &str) -> Result<Tried, Error> {
        let engine = self.surroundings.engine(login).await?;
        Ok(try_query(&engine, name, text, ROWS).await?)
    }
}
