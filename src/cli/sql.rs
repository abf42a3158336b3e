use std::collections::BTreeMap;
use std::path::Path;

use super::Context;
use super::args::SqlFlags;
use super::context::Failure;
use super::login::{agree, tell_done};
use super::usage;
use crate::domain::Secret;
use crate::login::SqlVariables;
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
        driver: absolute(&flags.driver),
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
        if is_secret(key, value) {
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

/// Tells a secret by the name of its setting, or by an address with a password in it.
fn is_secret(key: &str, value: &str) -> bool {
    let key = key.to_lowercase();
    let names = ["password", "passwd", "token", "secret", "authorization"];
    let of_address = || {
        let url = url::Url::parse(value).ok()?;
        let asked = url
            .query_pairs()
            .any(|(name, _)| names.contains(&&*name.to_lowercase()));
        Some(url.password().is_some() || asked)
    };
    names.iter().any(|name| key.contains(name)) || of_address().unwrap_or(false)
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

/// A driver is found from cron too, wherever that starts; a name is one for a manifest.
fn absolute(driver: &str) -> String {
    let path = Path::new(driver);
    let is_path = path.components().count() > 1 || path.extension().is_some();
    let absolute = std::path::absolute(path).ok().filter(|_| is_path);
    absolute.map_or_else(|| driver.to_owned(), |path| path.display().to_string())
}

#[cfg(test)]
mod tests {
    use super::{absolute, is_secret};

    #[test]
    fn what_looks_like_a_secret_is_no_option() {
        for (key, value) in [
            ("password", "x"),
            ("adbc.flight.sql.authorization_header", "Bearer x"),
            ("uri", "postgresql://reader:x@db.example/crm"),
            ("uri", "postgresql://db.example/crm?password=x"),
        ] {
            assert!(is_secret(key, value), "{key}={value}");
        }
        for (key, value) in [
            ("uri", "postgresql://reader@db.example/crm"),
            ("uri", "/data/people.db"),
            ("username", "reader"),
        ] {
            assert!(!is_secret(key, value), "{key}={value}");
        }
    }

    #[test]
    fn a_path_is_made_absolute_and_a_name_is_not() {
        assert_eq!(absolute("flightsql"), "flightsql");
        assert_eq!(absolute("/opt/libduckdb.so"), "/opt/libduckdb.so");
        let here = std::env::current_dir().expect("a folder");
        for typed in ["libduckdb.so", "./libduckdb.so"] {
            assert_eq!(
                absolute(typed),
                here.join("libduckdb.so").display().to_string()
            );
        }
    }
}
