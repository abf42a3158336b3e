//! Reaches engines for the wizard: what the performer does for the questions about them.

use super::desk::Desk;
use super::msg::{Answer, EngineAsked, QueryRow, Question};
use crate::domain::{FolderOptions, LoginName};
use crate::export::Error;
use crate::login::driver_place;
use crate::source::{Tried, survey, try_query};
use crate::store::{Login, SqlLogin};
use crate::words::Explain;

/// How many rows of a query are shown.
const ROWS: usize = 5;

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
