use std::env;
use std::ffi::OsString;
use std::io::{IsTerminal, Read};
use std::sync::Arc;
use std::time::SystemTime;

use jiff::Timestamp;

use super::args::{Colour, Global};
use super::environment::{
    self, TIMEOUT, home, look_around, look_around_at, timeout, usable, user, variable,
};
use super::lines::next_line;
use super::out::{ask, print_leading, say, say_leading, say_line};
use super::usage;
use crate::domain::{Destination, LoginName};
use crate::export::{Error, OnWait, Surroundings, forget_old_runs};
use crate::http::timeout_from;
use crate::login::{Endpoints, Keyring, MemoryKeyring, SourceVariables, SqlVariables};
use crate::store::{
    BrokenDestination, Config, Destinations, Error as StoreError, Home, IdTrouble, KeyWish, Look,
    LookAtKeys, sweep,
};
use crate::words::{Explain, Explanation, Lang, Next, Words, nearest};

/// What every command is given: where it runs, and how it talks.
#[derive(Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is a wish of its own")]
pub struct Context {
    /// The texts.
    pub words: Words,
    /// Files, keyring, services.
    pub surroundings: Surroundings,
    /// Whether data goes out as JSON.
    pub json: bool,
    /// Whether lines are wanted where a screen, or a line that changes, could be.
    pub plain: bool,
    /// How often `-v` was given.
    pub verbose: u8,
    /// Whether colour may be used.
    pub colour: bool,
    /// Whether what leads somewhere may be a link for the terminal.
    pub links: bool,
    /// Whether all this is only shown, and gone afterwards.
    pub demo: bool,
    /// Tells how wide the terminal is now, if there is one.
    pub columns: fn() -> Option<u16>,
    /// Looks for the keys that are wished for and cannot be had.
    pub look_at_keys: LookAtKeys,
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
        let next = self.explanation.next.iter();
        let commands = next.filter_map(|next| match next {
            Next::Run(command) => Some(words.to_run(command)),
            Next::Say(_) => None,
        });
        let commands: Vec<String> = commands.collect();
        for line in self.explanation.render(words).lines() {
            if commands.iter().any(|command| line.ends_with(command)) {
                say_line(line);
            } else {
                say(line);
            }
        }
        self.exit
    }

    /// Names the flag that it is about.
    pub(super) fn about(mut self, flag: &str, words: &Words) -> Self {
        let what = std::mem::take(&mut self.explanation.what);
        let args = [("argument", flag.into()), ("what", what.into())];
        self.explanation.what = words.with("usage-about", &args);
        self
    }

    /// Leaves out what only a command line has: the flag that it is about, and how to type the command.
    pub(super) fn in_talk(mut self) -> Self {
        let explanation = &mut self.explanation;
        if let Some((flag, what)) = explanation.what.split_once(": ")
            && (flag.starts_with("--") || flag.starts_with('<'))
            && !flag.contains(' ')
        {
            explanation.what = what.to_owned();
        }
        let is_typed = |next: &Next| {
            let (Next::Run(text) | Next::Say(text)) = next;
            text.contains("segue add") || text.contains("segue edit")
        };
        explanation.next.retain(|next| !is_typed(next));
        self
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

/// Finds what a line gives a flag, before the line is parsed: the last value counts.
pub(super) fn said<'a>(line: &'a [OsString], flag: &str) -> Option<&'a str> {
    let mut texts = line.iter().filter_map(|text| text.to_str());
    let mut value = None;
    while let Some(text) = texts.next() {
        match text.strip_prefix(flag) {
            Some("") => value = texts.next(),
            Some(rest) => value = rest.strip_prefix('=').or(value),
            None => {}
        }
    }
    value
}

/// Finds the language before the command line is parsed, so that its errors can be told in it.
pub(super) fn words_for(line: &[OsString]) -> Words {
    let lang = said(line, "--lang")
        .and_then(Lang::parse)
        .unwrap_or_else(|| Lang::from_env(|name| env::var(name).ok()));
    Words::new(lang)
}

/// Tells whether there is a terminal that can do nothing but lines.
fn is_dumb() -> bool {
    let is_terminal = std::io::stdout().is_terminal() || std::io::stderr().is_terminal();
    is_terminal && variable("TERM").as_deref() == Some("dumb")
}

fn explained(why: &Error, words: &Words) -> Failure {
    Failure {
        exit: why.exit(),
        explanation: why.explain(words),
    }
}

/// Refuses a `SEGUE_HTTP_TIMEOUT` that is no time: it would be another one than was meant.
fn refuse_timeout(words: &Words) -> Result<(), Failure> {
    let Some(wrong) = variable(TIMEOUT).filter(|text| timeout_from(Some(text)).is_none()) else {
        return Ok(());
    };
    let possible = words.with("usage-whole-number-from", &[("least", 1.into())]);
    let what = usage::invalid_value(&wrong, TIMEOUT, Some(&possible), words);
    Err(Failure::usage(what, None))
}

/// Clears up what nobody needs any more. Where it cannot be told how long that is, all stays, and that is said.
fn clear_up(home: &Home, words: &Words) {
    let forgotten = match Config::read(home) {
        Ok(config) => forget_old_runs(home, config.remembered_since(Timestamp::now())),
        Err(why) => {
            let why = [("why", words.unreadable(&why).into())];
            say(&words.with("command-config-damaged", &why));
            Ok(())
        }
    };
    if let Err(why) = sweep(home, SystemTime::now()).and(forgotten) {
        // The next command tries again.
        tracing::warn!(error = %why, "clearing up");
    }
}

impl Context {
    /// Looks around: home, keyring, services' addresses, as flags and environment say. A folder that is not there is made
    /// only for what is to be kept in it; else it may be mistyped, and that is said.
    pub(super) fn new(global: &Global, words: Words, makes_home: bool) -> Result<Self, Failure> {
        let failed = |why: Error| explained(&why, &words);
        let variable = env::var_os("SEGUE_HOME");
        let named = global.home.is_some() || variable.as_ref().is_some_and(|it| !it.is_empty());
        let home = home(global.home.clone(), variable).map_err(failed)?;
        if named && !makes_home && !home.is_there() {
            let folder = [("folder", home.folder().display().to_string().into())];
            say(&words.with("command-no-home", &folder));
        }
        refuse_timeout(&words)?;
        let looked = look_around(home, makes_home, environment::variable);
        let (surroundings, trouble) = looked.map_err(failed)?;
        match trouble {
            Some(IdTrouble::PutBack) => say(&words.text("command-home-id-put-back")),
            Some(IdTrouble::Lost) => say(&words.text("command-home-id-lost")),
            None => {}
        }
        if surroundings.home.is_there() {
            clear_up(&surroundings.home, &words);
        }
        Self::with(global, words, surroundings)
    }

    /// For the doctor, who tells of each variable that cannot be used, and looks at the rest without it. Nothing is cleared
    /// up: it only looks.
    pub(super) fn forbearing(global: &Global, words: Words) -> Result<Self, Failure> {
        let failed = |why: Error| explained(&why, &words);
        let home = home(global.home.clone(), env::var_os("SEGUE_HOME")).map_err(failed)?;
        let id = Some(&home).filter(|home| home.is_there());
        let id = id.and_then(|home| home.look_after_id().ok());
        // Without it no secret is found; that the home cannot be read is told by itself.
        let (id, _trouble) = id.unwrap_or_default();
        let surroundings = look_around_at(home, &id, usable).map_err(failed)?;
        Self::with(global, words, surroundings)
    }

    /// For commands that keep to themselves: no home, no keyring, no service of the user's takes part.
    pub(super) fn apart(global: &Global, words: Words) -> Result<Self, Failure> {
        refuse_timeout(&words)?;
        let endpoints = Endpoints::new(None, None).map_err(|why| explained(&why.into(), &words))?;
        let surroundings = Surroundings {
            keyring: Keyring::new(Arc::new(MemoryKeyring::new()), "demo"),
            home: Home::at(env::temp_dir().join("segue-apart")),
            endpoints,
            env_credential: None,
            variables: SourceVariables::default(),
            sql: SqlVariables::default(),
            timeout: timeout(variable),
            user: user(variable),
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
            Colour::Auto => {
                variable("NO_COLOR").is_none() && std::io::stderr().is_terminal() && !is_dumb()
            }
        };
        let plain = global.plain || variable("SEGUE_PLAIN").is_some() || is_dumb();
        Ok(Self {
            words,
            surroundings,
            json: global.json,
            plain,
            // NO_COLOR is about colours only.
            links: !plain && global.color != Colour::Never,
            verbose: global.verbose,
            colour,
            demo: false,
            columns: || None,
            look_at_keys: |_| Vec::new(),
        })
    }

    /// Finds which colours the user wishes for: `SEGUE_THEME`, else `theme` in `config.toml`.
    ///
    /// # Errors
    /// Fails when the variable names none that there are, or the file cannot be read: whoever set keys and colours would have
    /// others, and the screen hides what was said before it.
    pub fn look(&self) -> Result<Look, Failure> {
        const VARIABLE: &str = "SEGUE_THEME";
        let Some(name) = variable(VARIABLE) else {
            let config = Config::read(&self.surroundings.home);
            return Ok(config.map_err(|why| self.failed(why))?.theme);
        };
        Look::parse(&name).ok_or_else(|| {
            let known = Look::ALL.map(Look::as_str).join(", ");
            let what = usage::invalid_value(&name, VARIABLE, Some(&known), &self.words);
            Failure::usage(what, None)
        })
    }

    /// For what is about one saved destination: ways on name it.
    #[must_use]
    pub fn speaking_of(&self, destination: &Destination) -> Self {
        Self {
            words: self.words.speaking_of(destination.name.as_str()),
            ..self.clone()
        }
    }

    /// Finds which keys the user wishes for: `[keys]` in `config.toml`.
    ///
    /// # Errors
    /// Fails when one of them cannot be had. What else is wrong with the file has been told by now.
    pub fn keys(&self) -> Result<Vec<KeyWish>, Failure> {
        let home = &self.surroundings.home;
        let wishes = Config::read(home).unwrap_or_default().key_wishes;
        let bad = (self.look_at_keys)(&wishes);
        match bad.first() {
            Some(bad) => Err(Failure {
                exit: 2,
                explanation: self.words.bad_key(bad, &home.config_file()),
            }),
            None => Ok(wishes),
        }
    }

    /// Tells whether questions are put in lines: where no full screen is wanted, and a person sits at a terminal.
    pub(super) fn asks_in_lines(&self) -> bool {
        self.plain && !self.json && super::is_at_terminal() && std::io::stderr().is_terminal()
    }

    /// Says something in which a web address or the path of a file leads there.
    pub(super) fn say_leading(&self, text: &str, to: &str) {
        say_leading(text, to, self.links);
    }

    /// Prints something in which a web address or the path of a file leads there.
    pub(super) fn print_leading(&self, text: &str, to: &str) {
        print_leading(text, to, self.links);
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
            let meant = nearest(name, names);
            let meant = meant.map(|name| usage::did_you_mean(name, &self.words));
            failure.explanation.next.splice(0..0, meant);
            failure
        })
    }

    /// Explains why nothing came of a destination: names it, and the logins that it uses.
    pub(super) fn failed_for(&self, destination: &Destination, why: &Error) -> Failure {
        log_failure(why);
        let failure = explained(why, &self.words.speaking_of(destination.name.as_str()));
        if matches!(why, Error::NotConnected { .. }) {
            return failure;
        }
        let logins: Vec<&str> = destination.logins().map(LoginName::as_str).collect();
        let args = [
            ("destination", destination.name.as_str().into()),
            ("login", logins.join(", ").into()),
            ("what", failure.explanation.what.into()),
        ];
        Failure {
            explanation: Explanation {
                what: self.words.with("run-failed-for", &args),
                ..failure.explanation
            },
            ..failure
        }
    }

    /// Lists the saved destinations.
    pub(super) fn destinations(&self) -> Result<Vec<Destination>, Failure> {
        Destinations::of(&self.surroundings.home)
            .list()
            .map_err(|why: StoreError| self.failed(why))
    }

    /// Lists the destinations whose files cannot be read.
    pub(super) fn broken_destinations(&self) -> Result<Vec<BrokenDestination>, Failure> {
        Destinations::of(&self.surroundings.home)
            .broken()
            .map_err(|why| self.failed(why))
    }

    /// Reads a name of a login as typed for a flag.
    pub(super) fn login_name(&self, flag: &str, text: &str) -> Result<LoginName, Failure> {
        LoginName::parse(text).map_err(|why| self.mistyped(flag, &why))
    }

    /// Refuses what was typed for a flag: exit 2.
    pub(super) fn mistyped(&self, flag: &str, why: &impl Explain) -> Failure {
        let failure = Failure {
            exit: 2,
            explanation: why.explain(&self.words),
        };
        failure.about(flag, &self.words)
    }

    /// Asks a question that `--yes` would answer, and says that nothing comes of a no; without a terminal it is not asked, and
    /// that is exit 2.
    pub(super) async fn confirm(&self, question: &str, yes: bool) -> Result<bool, Failure> {
        let yes = yes || self.answer(question, "--yes").await?;
        if !yes {
            say(&self.words.text("command-nothing-changed"));
        }
        Ok(yes)
    }

    /// Asks a question that a flag would answer, and reads the answer; an empty line is a no.
    pub(super) async fn answer(&self, question: &str, flag: &str) -> Result<bool, Failure> {
        loop {
            self.ask(question, flag)?;
            match next_line().await.as_deref().map(str::trim) {
                Some("?") => say(&self.words.text("command-yes-no-help")),
                None | Some("") => return Ok(false),
                Some(answer) => match read_yes(answer) {
                    Some(yes) => return Ok(yes),
                    None => say(&self.words.text("command-yes-or-no")),
                },
            }
        }
    }

    /// Puts a question that is answered by yes or no; without a terminal that is exit 2, as the flag is missing.
    fn ask(&self, question: &str, flag: &str) -> Result<(), Failure> {
        if !std::io::stdin().is_terminal() || !std::io::stderr().is_terminal() {
            let what = usage::missing(flag, &self.words);
            let key = match flag {
                "--yes" => "command-yes-flag",
                _ => "command-answer-flag",
            };
            let next = self.words.with(key, &[("flag", flag.into())]);
            let mut failure = Failure::usage(what, Next::Say(next));
            question.clone_into(&mut failure.explanation.why);
            return Err(failure);
        }
        ask(&format!(
            "{question} [{}] ",
            self.words.text("command-yes-no")
        ));
        Ok(())
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

/// Reads a yes or a no, in either language.
pub(super) fn read_yes(answer: &str) -> Option<bool> {
    match answer.trim().to_lowercase().as_str() {
        "y" | "yes" | "j" | "ja" => Some(true),
        "n" | "no" | "nej" => Some(false),
        _ => None,
    }
}

/// Writes a failure's whole chain to the log.
pub(super) fn log_failure(why: &Error) {
    let causes = std::iter::successors(std::error::Error::source(why), |cause| cause.source());
    let chain = causes.fold(why.to_string(), |text, cause| format!("{text}: {cause}"));
    tracing::error!(exit = why.exit(), "{chain}");
}
