use std::env;
use std::ffi::OsString;
use std::io::{IsTerminal, Read};
use std::sync::Arc;

use super::args::{Colour, Global};
use super::out::{ask, say};
use super::usage;
use crate::domain::{Destination, LoginName};
use crate::export::{Error, OnWait, Surroundings};
use crate::http::timeout_from;
use crate::login::{Credential, Endpoints, Keyring, MemoryKeyring, SourceVariables, SystemKeyring};
use crate::store::{Destinations, Error as StoreError, Home};
use crate::words::{Explain, Explanation, Lang, Next, Words};

/// What every command is given: where it runs, and how it talks.
#[derive(Clone)]
pub struct Context {
    /// The texts.
    pub words: Words,
    /// Files, keyring, services.
    pub surroundings: Surroundings,
    /// Whether data goes out as JSON.
    pub json: bool,
    /// How often `-v` was given.
    pub verbose: u8,
    /// Whether colour may be used.
    pub colour: bool,
    /// Whether all this is only shown, and gone afterwards.
    pub demo: bool,
}

/// Why a command ends early: an exit code, and what to tell.
#[derive(Debug)]
pub struct Failure {
    /// The exit code.
    pub exit: u8,
    /// What, why, next.
    pub explanation: Explanation,
}

impl Failure {
    /// Tells the user on stderr.
    #[must_use]
    pub fn tell(&self, words: &Words) -> u8 {
        say(&self.explanation.render(words));
        self.exit
    }

    /// Something about the command line or an answer is wrong: exit 2.
    pub(super) fn usage(what: String, next: impl Into<Option<Next>>) -> Self {
        let next = next.into().into_iter().collect();
        Self {
            exit: 2,
            explanation: Explanation {
                what,
                why: String::new(),
                next,
            },
        }
    }
}

/// Finds the language before the command line is parsed, so that its errors can be told in it.
pub(super) fn words_for(line: &[OsString]) -> Words {
    let mut texts = line.iter().filter_map(|text| text.to_str());
    let mut asked = None;
    while let Some(text) = texts.next() {
        match text.strip_prefix("--lang") {
            Some("") => asked = texts.next(),
            Some(rest) => asked = rest.strip_prefix('=').or(asked),
            None => {}
        }
    }
    let lang = asked
        .and_then(Lang::parse)
        .unwrap_or_else(|| Lang::from_env(|name| env::var(name).ok()));
    Words::new(lang)
}

/// Reads a variable that is set and not empty.
fn variable(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.trim().is_empty())
}

fn explained(why: &Error, words: &Words) -> Failure {
    Failure {
        exit: why.exit(),
        explanation: why.explain(words),
    }
}

fn user() -> String {
    variable("USER")
        .or_else(|| variable("USERNAME"))
        .unwrap_or_else(|| "unknown".to_owned())
}

fn look_around(global: &Global) -> Result<Surroundings, Error> {
    let home = match global
        .home
        .clone()
        .or_else(|| env::var_os("SEGUE_HOME").map(Into::into))
    {
        Some(folder) => Home::at(folder),
        None => Home::of_user()?,
    };
    let (api, login) = (
        variable("SEGUE_MAILCHIMP_API_URL"),
        variable("SEGUE_MAILCHIMP_LOGIN_URL"),
    );
    let env_credential =
        variable("SEGUE_MAILCHIMP_TOKEN").map(|text| Credential::from_env_text(&text));
    Ok(Surroundings {
        keyring: Keyring::new(Arc::new(SystemKeyring::new()), &home.id()?),
        home,
        endpoints: Endpoints::new(api.as_deref(), login.as_deref())?,
        env_credential: env_credential.transpose()?,
        variables: SourceVariables::read(variable)?,
        timeout: timeout_from(variable("SEGUE_HTTP_TIMEOUT").as_deref()),
        user: user(),
        on_wait: None,
    })
}

impl Context {
    /// Looks around: home, keyring, services' addresses, as flags and environment say.
    pub(super) fn new(global: &Global, words: Words) -> Result<Self, Failure> {
        let surroundings = look_around(global).map_err(|why| explained(&why, &words))?;
        Self::with(global, words, surroundings)
    }

    /// For commands that keep to themselves: no home, no keyring, no service of the user's takes part.
    pub(super) fn apart(global: &Global, words: Words) -> Result<Self, Failure> {
        let endpoints = Endpoints::new(None, None).map_err(|why| explained(&why.into(), &words))?;
        let surroundings = Surroundings {
            keyring: Keyring::new(Arc::new(MemoryKeyring::new()), "demo"),
            home: Home::at(env::temp_dir().join("segue-apart")),
            endpoints,
            env_credential: None,
            variables: SourceVariables::default(),
            timeout: timeout_from(variable("SEGUE_HTTP_TIMEOUT").as_deref()),
            user: user(),
            on_wait: None,
        };
        Self::with(global, words, surroundings)
    }

    fn with(global: &Global, words: Words, surroundings: Surroundings) -> Result<Self, Failure> {
        let surroundings = Surroundings {
            on_wait: Some(telling_waits(words.clone())),
            ..surroundings
        };
        if let Some(lang) = global
            .lang
            .as_deref()
            .filter(|lang| Lang::parse(lang).is_none())
        {
            let what = usage::invalid_value(lang, "--lang", Some("en, sv"), &words);
            return Err(Failure::usage(what, usage::try_help("segue", &words)));
        }
        let colour = match global.color {
            Colour::Always => true,
            Colour::Never => false,
            Colour::Auto => variable("NO_COLOR").is_none() && std::io::stderr().is_terminal(),
        };
        Ok(Self {
            words,
            surroundings,
            json: global.json,
            verbose: global.verbose,
            colour,
            demo: false,
        })
    }

    /// Explains an error and gives it its exit code.
    pub(super) fn failed(&self, why: impl Into<Error>) -> Failure {
        let why = why.into();
        log_failure(&why);
        explained(&why, &self.words)
    }

    /// Finds a saved destination by its name.
    pub(super) fn destination(&self, name: &str) -> Result<Destination, Failure> {
        let saved = Destinations::of(&self.surroundings.home);
        let found = saved.find(name).map_err(|why| self.failed(why))?;
        found.ok_or_else(|| {
            let what = self
                .words
                .with("command-unknown-destination", &[("name", name.into())]);
            let mut failure = Failure::usage(what, Next::Run("segue list".to_owned()));
            // The names that are near are no secret, and a list that cannot be read is another command's failure.
            let saved = saved.list().unwrap_or_default();
            let names = saved.iter().map(|destination| destination.name.as_str());
            let meant = usage::nearest(name, names);
            let meant = meant.map(|name| usage::did_you_mean(name, &self.words));
            failure.explanation.next.splice(0..0, meant);
            failure
        })
    }

    /// Lists the saved destinations.
    pub(super) fn destinations(&self) -> Result<Vec<Destination>, Failure> {
        Destinations::of(&self.surroundings.home)
            .list()
            .map_err(|why: StoreError| self.failed(why))
    }

    /// Reads a name of a login as typed.
    pub(super) fn login_name(&self, text: &str) -> Result<LoginName, Failure> {
        LoginName::parse(text).map_err(|why| Failure {
            exit: 2,
            explanation: why.explain(&self.words),
        })
    }

    /// Asks a question that `--yes` would answer; without a terminal it is not asked, and that is exit 2.
    pub(super) fn confirm(&self, question: &str, yes: bool) -> Result<bool, Failure> {
        if yes {
            return Ok(true);
        }
        if !std::io::stdin().is_terminal() || !std::io::stderr().is_terminal() {
            let what = self
                .words
                .with("usage-missing", &[("argument", "--yes".into())]);
            return Err(Failure::usage(what, Next::Say(question.to_owned())));
        }
        ask(&format!(
            "{question} [{}] ",
            self.words.text("command-yes-no")
        ));
        let mut answer = String::new();
        let read = std::io::stdin().read_line(&mut answer).is_ok();
        let answer = answer.trim().to_lowercase();
        Ok(read && ["y", "yes", "j", "ja"].contains(&answer.as_str()))
    }

    /// Reads a secret or an address from standard input: everything, without the line break at its end.
    pub(super) fn standard_input(&self, flag: &str) -> Result<String, Failure> {
        let mut text = String::new();
        let read = std::io::stdin()
            .lock()
            .take(64 * 1024)
            .read_to_string(&mut text);
        if read.is_err() || text.trim().is_empty() {
            let what = self
                .words
                .with("command-empty-input", &[("flag", flag.into())]);
            return Err(Failure::usage(what, None));
        }
        Ok(text.trim().to_owned())
    }
}

/// Makes what tells on stderr that a service asks us to wait.
fn telling_waits(words: Words) -> OnWait {
    Arc::new(move |asker, pause| say(&words.asked_to_wait(asker, pause)))
}

/// Writes a failure's whole chain to the log, without the e-mail addresses that a service's words may quote (rule 5).
pub(super) fn log_failure(why: &Error) {
    let causes = std::iter::successors(std::error::Error::source(why), |cause| cause.source());
    let chain = causes.fold(why.to_string(), |text, cause| format!("{text}: {cause}"));
    let words = chain
        .split(' ')
        .map(|word| if word.contains('@') { "…" } else { word });
    tracing::error!(exit = why.exit(), "{}", words.collect::<Vec<_>>().join(" "));
}
