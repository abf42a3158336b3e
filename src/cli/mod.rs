//! The commands: arguments in, data to stdout, talk to stderr, an exit code.
//!
//! Decides nothing about profiles; asks `export` and shows what it says. Does not know the wizard, and gets the sandbox
//! handed in.

mod add;
mod args;
mod ask;
mod check;
mod completions;
mod context;
mod demo;
mod diff;
mod doctor;
mod environment;
mod erase;
mod export_user;
mod history;
mod lines;
mod list;
mod live;
mod localise;
mod login;
mod logins;
mod man;
mod out;
mod rejects;
mod remembered;
mod remove;
mod rename;
mod run;
mod sandbox;
mod schedule;
mod segments;
mod show;
mod signals;
mod sql;
mod undo;
mod unit;
mod usage;
mod watch;

use std::ffi::OsString;
use std::io::IsTerminal;

use tracing::{Level, Metadata};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

pub use args::SandboxFlags;
pub use context::{Context, Failure};
pub use out::say;
pub use sandbox::{DemoParts, Outside, RunningSandbox, SandboxEnded};

use args::{Command, LoginCommand, Parsed};
use signals::Signals;

use crate::store::LogFile;
use crate::words::{Explanation, Next, Words};

/// Runs one command line to its end and tells the exit code of the contract.
pub async fn run(line: impl IntoIterator<Item = OsString>, outside: Outside) -> u8 {
    let line: Vec<OsString> = line.into_iter().collect();
    let words = context::words_for(&line);
    if let Some(shell) = completions::asking() {
        return completions::answer(&shell, &line, &words);
    }
    let parsed = match localise::parse(&line, &words) {
        Ok(parsed) => parsed,
        Err(why) => return with_all_told(usage::tell(&why, &line, &words), &words),
    };
    let words = words.at_home(parsed.global.home.as_deref());
    // From here on a signal ends a run in order, however early it comes.
    let is_stopped = matches!(parsed.command, Some(Command::Run(_) | Command::Watch(_)));
    let mut signals = is_stopped.then(Signals::listen);
    let context = match look_around(&parsed, words.clone()) {
        Ok(context) => Context {
            columns: outside.columns,
            look_at_keys: outside.look_at_keys,
            ..context
        },
        Err(failure) => {
            if let Some(Command::Run(flags)) = &parsed.command {
                run::tell_not_begun(parsed.global.json, flags, &failure);
            }
            return with_all_told(failure.tell(&words), &words);
        }
    };
    let takes_screen = matches!(parsed.command, None | Some(Command::Demo(_)))
        && is_at_terminal()
        && !context.plain;
    if context.plain {
        // Who reads line by line reads all of it.
        out::wrap_talk(context.columns);
    }
    let logs = start_log(&context, context.verbose > 0 && !takes_screen);
    if let Err(failure) = logs {
        let exit = failure.tell(&words);
        // The doctor looks at the rest without it.
        if !matches!(parsed.command, Some(Command::Doctor)) {
            return exit;
        }
    }
    if parsed.command.as_ref().is_some_and(names_people) {
        erase::tell_begun(&context);
    }
    // On the heap: all that any command keeps over its waiting stands in this one.
    let performed = Box::pin(perform(parsed, &context, outside, signals.as_mut()));
    let exit = match performed.await {
        Ok(exit) => exit,
        Err(failure) => failure.tell(&context.words),
    };
    with_all_told(exit, &context.words)
}

/// Gives a command as much of the user's surroundings as it takes part in.
fn look_around(parsed: &Parsed, words: Words) -> Result<Context, Failure> {
    let Parsed { global, command } = parsed;
    match command {
        Some(Command::Demo(_) | Command::Sandbox(_) | Command::Completions(_) | Command::Man) => {
            Context::apart(global, words)
        }
        Some(Command::Login { .. } | Command::Add(_)) => Context::new(global, words, true),
        Some(Command::Doctor) => Context::forbearing(global, words),
        None => Context::new(global, words, is_at_terminal()),
        Some(
            Command::Logins
            | Command::Logout(_)
            | Command::List
            | Command::Show(_)
            | Command::Edit(_)
            | Command::Rename(_)
            | Command::Duplicate(_)
            | Command::Remove(_)
            | Command::Check(_)
            | Command::Run(_)
            | Command::Schedule(_)
            | Command::Watch(_)
            | Command::Undo(_)
            | Command::History(_)
            | Command::Rejects(_)
            | Command::Segments(_)
            | Command::Erase(_),
        ) => Context::new(global, words, false),
    }
}

/// Tells whether a command may still come upon somebody whose erasing did not come to its end.
fn names_people(command: &Command) -> bool {
    match command {
        Command::List
        | Command::Show(_)
        | Command::Check(_)
        | Command::Run(_)
        | Command::Schedule(_)
        | Command::Watch(_)
        | Command::Undo(_)
        | Command::History(_)
        | Command::Rejects(_)
        | Command::Segments(_)
        | Command::Edit(_)
        | Command::Rename(_)
        | Command::Duplicate(_)
        | Command::Remove(_) => true,
        // These do not, or tell it themselves.
        Command::Demo(_)
        | Command::Sandbox(_)
        | Command::Login { .. }
        | Command::Logins
        | Command::Logout(_)
        | Command::Add(_)
        | Command::Erase(_)
        | Command::Doctor
        | Command::Completions(_)
        | Command::Man => false,
    }
}

/// A command whose data did not reach stdout has failed, unless something graver happened to it.
fn with_all_told(exit: u8, words: &Words) -> u8 {
    let Some(why) = out::lost() else {
        return exit;
    };
    let failure = Failure {
        exit: run::gravest(&[exit, 1]),
        explanation: Explanation {
            what: words.text("command-output-lost"),
            why: why.to_string(),
            next: vec![Next::Say(words.text("command-output-lost-next"))],
        },
    };
    failure.tell(words)
}

async fn perform(
    parsed: Parsed,
    context: &Context,
    outside: Outside,
    signals: Option<&mut Signals>,
) -> Result<u8, Failure> {
    let Some(command) = parsed.command else {
        if context.asks_in_lines() {
            return ask::home(context, &outside).await;
        }
        if context.plain {
            return list::run(context);
        }
        if !is_at_terminal() {
            return help(context);
        }
        return (outside.open_application)(context.clone(), None).await;
    };
    match command {
        Command::Demo(flags) => demo::run(context, &flags, &outside).await,
        Command::Sandbox(flags) => sandbox::run(context, flags, &outside).await,
        Command::Login {
            service: LoginCommand::Mailchimp(flags),
        } => login::sign_in(context, flags).await,
        Command::Login {
            service: LoginCommand::Insights(flags),
        } => export_user::sign_in(context, flags).await,
        Command::Login {
            service: LoginCommand::Sql(flags),
        } => sql::log_in(context, flags).await,
        Command::Logins => logins::list(context),
        Command::Logout(flags) => login::sign_out(context, &flags).await,
        Command::Add(flags) => add::run(context, *flags).await,
        Command::List => list::run(context),
        Command::Show(flags) => show::run(context, &flags),
        Command::Edit(flags) => add::edit(context, *flags).await,
        Command::Rename(flags) => rename::run(context, &flags),
        Command::Duplicate(flags) => rename::duplicate(context, &flags),
        Command::Remove(flags) => remove::run(context, &flags).await,
        Command::Check(flags) => Box::pin(check::run(context, &flags)).await,
        Command::Run(flags) => {
            let mut begun = None;
            let signals = signals.unwrap_or_else(|| begun.insert(Signals::listen()));
            Ok(run::run(context, &flags, signals).await)
        }
        Command::Schedule(flags) => schedule::run(context, &flags),
        Command::Watch(flags) => {
            let mut begun = None;
            let signals = signals.unwrap_or_else(|| begun.insert(Signals::listen()));
            watch::run(context, &flags, signals).await
        }
        Command::Undo(flags) => undo::run(context, &flags).await,
        Command::History(flags) => history::run(context, &flags),
        Command::Rejects(flags) => rejects::run(context, &flags).await,
        Command::Segments(flags) => segments::run(context, &flags).await,
        Command::Erase(flags) => erase::run(context, &flags).await,
        Command::Doctor => Ok(doctor::run(context).await),
        Command::Completions(flags) => Ok(completions::run(&flags)),
        Command::Man => Ok(man::run(&context.words)),
    }
}

/// Sends the log to its file when `SEGUE_LOG` or `-v` asks for one, and says it aloud for `-v`. A log that cannot be
/// written is no reason to fail.
///
/// # Errors
/// Refuses a filter that is none.
fn start_log(context: &Context, aloud: bool) -> Result<(), Failure> {
    let filter = std::env::var("SEGUE_LOG")
        .ok()
        .filter(|filter| !filter.is_empty());
    let level = match context.verbose {
        0 => None,
        1 => Some("segue=info".to_owned()),
        _ => Some("segue=debug".to_owned()),
    };
    let Some(filter) = filter.or(level) else {
        return Ok(());
    };
    let filter = EnvFilter::try_new(&filter).map_err(|_why| {
        let possible = Some("error, warn, info, debug, trace, segue=debug");
        let what = usage::invalid_value(&filter, "SEGUE_LOG", possible, &context.words);
        Failure::usage(what, None)
    })?;
    let home = &context.surroundings.home;
    let file = home.is_there().then(|| LogFile::open(home).ok()).flatten();
    let log = tracing_subscriber::fmt().with_env_filter(filter);
    let log = log.with_writer(std::sync::Mutex::new(out::Log { file, aloud }));
    // A second start in one process (the demo's) keeps the first log.
    let log = log.with_ansi(false).finish().with(filter_fn(may_be_logged));
    let _started = log.try_init();
    Ok(())
}

/// Keeps out of the log what others than we write in detail: the libraries of HTTP show heads and bodies, and secrets with
/// them (rule 5).
fn may_be_logged(entry: &Metadata<'_>) -> bool {
    let target = entry.target();
    let is_ours = target == "segue" || target.starts_with("segue::");
    is_ours || *entry.level() <= Level::INFO
}

/// Tells whether a person sits at a terminal.
fn is_at_terminal() -> bool {
    std::io::stdin().is_terminal() && std::io::stdout().is_terminal()
}

/// Says where to begin when there is no terminal for the application: exit 2.
fn help(context: &Context) -> Result<u8, Failure> {
    let help = localise::command(&context.words).render_long_help();
    say(&help.to_string());
    Err(Failure::usage(
        context.words.text("command-no-terminal"),
        None,
    ))
}
