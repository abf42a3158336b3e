use std::collections::BTreeMap;

use super::Context;
use super::args::SqlFlags;
use super::context::Failure;
use super::login::{agree, tell_done};
use super::usage;
use crate::domain::Secret;
use crate::login::{SqlVariables, driver_place, is_secret_setting};
use crate::store::{Login, SqlLogin};
use crate::words::Next;

/// Connects to an engine that is asked in SQL, and saves how.
pub(super) async fn log_in(context: &Context, flags: SqlFlags) -> Result<u8, Failure> {
    let surroundings = &context.surroundings;
    let name = context.login_name("--as", &flags.name)?;
    let free = surroundings.check_name(&name, Login::SQL);
    free.map_err(|why| context.failed(why))?;
    let options = options(context, &flags.option)?;
    let secrets = secrets(context, &flags)?;
    let sql = SqlLogin {
        driver: driver_place(&flags.driver),
        secrets: flags.secret.clone(),
        options,
    };
    let save = async |agreed| {
        let saved = surroundings.save_sql_login(name.clone(), sql.clone(), secrets.clone(), agreed);
        saved.await
    };
    tell_done(context, agree(context, flags.yes, save).await?);
    Ok(0)
}

/// Reads the settings. What looks like a secret belongs neither to a command line nor into a file.
fn options(context: &Context, typed: &[String]) -> Result<BTreeMap<String, String>, Failure> {
    let words = &context.words;
    let mut options = BTreeMap::new();
    for text in typed {
        let Some((key, value)) = text
            .split_once('=')
            .filter(|(key, _)| !key.trim().is_empty())
        else {
            let what = usage::invalid_value(text, "--option", Some("K=V"), words);
            return Err(Failure::usage(
                what,
                usage::try_help("segue login sql", words),
            ));
        };
        let key = key.trim();
        if is_secret_setting(key, value) {
            let args = [
                ("key", key.into()),
                ("variable", SqlVariables::name_of(key).into()),
            ];
            let what = words.with("login-sql-secret-option", &args);
            let next = words.with("login-sql-secret-option-next", &args);
            return Err(Failure::usage(what, Next::Say(next)));
        }
        options.insert(key.to_owned(), value.to_owned());
    }
    Ok(options)
}

/// Reads the secrets, a line for each; the environment may give them instead.
fn secrets(
    context: &Context,
    flags: &SqlFlags,
) -> Result<BTreeMap<String, Secret<String>>, Failure> {
    let words = &context.words;
    if !flags.secret_stdin {
        let given = |key: &&String| context.surroundings.sql.secret(key).is_none();
        return match flags.secret.iter().find(given) {
            None => Ok(BTreeMap::new()),
            Some(key) => {
                let args = [("variable", SqlVariables::name_of(key).into())];
                let next = Next::Say(words.with("login-sql-no-secret-next", &args));
                Err(Failure::usage(
                    usage::missing("--secret-stdin", words),
                    next,
                ))
            }
        };
    }
    let text = context.standard_input("--secret-stdin")?;
    let lines: Vec<&str> = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    if lines.len() != flags.secret.len() {
        let args = [
            ("wanted", flags.secret.len().into()),
            ("given", lines.len().into()),
        ];
        return Err(Failure::usage(
            words.with("login-sql-secret-lines", &args),
            None,
        ));
    }
    let secrets = flags.secret.iter().zip(lines);
    let secrets = secrets.map(|(key, line)| (key.clone(), Secret::new(line.to_owned())));
    Ok(secrets.collect())
}
