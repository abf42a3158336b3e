use std::io::IsTerminal;

use serde::Serialize;

use super::Context;
use super::args::RunFlags;
use super::context::Failure;
use super::history::print_end;
use super::live::{Manner, follow};
use super::out::{print, print_json, say};
use super::signals::Signals;
use crate::domain::{Destination, StartedBy, printable};
use crate::export::{Counters, Ended, Error, Guard, Options, Order, Outcome, Report, start};
use crate::store::Destinations;
use crate::words::{Next, shell_word};

/// Of several exits, the first of these that occurred is the command's.
const GRAVITY: [u8; 10] = [70, 130, 143, 4, 6, 1, 2, 5, 3, 0];

/// Runs destinations one after the other. Whatever ends one, also before it began, it is told for each by name.
pub(super) async fn run(context: &Context, flags: &RunFlags, signals: &mut Signals) -> u8 {
    let wanted = match wanted(context, flags) {
        Ok(wanted) => wanted,
        Err(failure) => {
            tell_not_begun(context.json, flags, &failure);
            return failure.tell(&context.words);
        }
    };
    let options = options(flags);
    let manner = Manner::of(context);
    let several = wanted.len() > 1;
    let mut exits = Vec::new();
    for (name, found) in wanted {
        // A signal is for the whole command, not for one of its runs.
        let stopped = exits.iter().find(|exit| matches!(exit, 130 | 143)).copied();
        if several && stopped.is_none() {
            head(context, &name);
        }
        let exit = match (stopped, found) {
            (Some(exit), _) => {
                print_nothing_done(context.json, Some(&name), Outcome::Stopped, exit, None);
                exit
            }
            (None, Err(failure)) => {
                print_nothing_done(
                    context.json,
                    Some(&name),
                    Outcome::Failed,
                    failure.exit,
                    None,
                );
                failure.tell(&context.words)
            }
            (None, Ok(destination)) => {
                export(context, *destination, options.clone(), manner, signals).await
            }
        };
        exits.push(exit);
    }
    gravest(&exits)
}

fn options(flags: &RunFlags) -> Options {
    Options {
        limit: flags.limit,
        only_rejects: flags.only_rejects,
        fresh: flags.fresh,
        allow_overage: flags.allow_overage,
        allow_shrink: flags.allow_shrink,
        max_removals: flags.max_removals,
        max_in_flight: flags.max_in_flight.into(),
        strict: flags.strict,
        wait: flags.wait,
        trust_counts: flags.trust_counts,
        ..Options::default()
    }
}

/// A name that shall run, and the destination that has it, or why there is none to run.
type Wanted = (String, Result<Box<Destination>, Failure>);

/// Finds what shall run. A name that is unknown was mistyped, and then nothing runs; one whose file is broken does not keep
/// the others from running.
fn wanted(context: &Context, flags: &RunFlags) -> Result<Vec<Wanted>, Failure> {
    if !flags.all && !flags.scheduled {
        let mut wanted: Vec<Wanted> = Vec::new();
        for name in &flags.name {
            let found = context.destination(name).map(Box::new);
            match found {
                Ok(destination) => wanted.push((destination.name.to_string(), Ok(destination))),
                Err(unknown) if unknown.exit == 2 => return Err(unknown),
                Err(broken) => wanted.push((name.clone(), Err(broken))),
            }
        }
        return Ok(wanted);
    }
    let wanted = |one: &Destination| flags.all || !one.schedule.is_off();
    let whole = context.destinations()?.into_iter().filter(wanted);
    let mut all: Vec<Wanted> = whole
        .map(|destination| (destination.name.to_string(), Ok(Box::new(destination))))
        .collect();
    let broken = context.broken_destinations()?.into_iter();
    all.extend(broken.map(|broken| (broken.name, Err(context.failed(broken.why)))));
    if all.is_empty() {
        let what = context.words.text(if flags.scheduled {
            "run-nothing-scheduled"
        } else {
            "run-nothing-saved"
        });
        return Err(Failure::usage(what, Next::Run("segue list".to_owned())));
    }
    Ok(all)
}

/// Heads what is said and printed of one of several destinations with its name.
fn head(context: &Context, name: &str) {
    if !context.json {
        print(&format!("destination: {}", printable(name)));
        say(&context
            .words
            .with("run-head", &[("destination", name.into())]));
    }
}

/// Tells a program that reads the lines that nothing was begun, for each name on the command line.
pub(super) fn tell_not_begun(json: bool, flags: &RunFlags, failure: &Failure) {
    let names = flags.name.iter().map(|name| Some(name.as_str()));
    let all = (flags.all || flags.scheduled).then_some(None);
    for name in names.chain(all) {
        print_nothing_done(json, name, Outcome::Failed, failure.exit, None);
    }
}

/// Chooses the exit code of several.
pub(super) fn gravest(exits: &[u8]) -> u8 {
    GRAVITY
        .into_iter()
        .find(|exit| exits.contains(exit))
        .unwrap_or(0)
}

/// Makes the order of a run or a check.
pub(super) async fn order(
    context: &Context,
    destination: Destination,
    options: Options,
) -> Result<Order, Error> {
    let voice = context.words.voice();
    let by = StartedBy::Command;
    let surroundings = &context.surroundings;
    surroundings.order(destination, options, by, &voice).await
}

/// Runs one destination and tells how it ended.
pub(super) async fn export(
    context: &Context,
    destination: Destination,
    options: Options,
    manner: Manner,
    signals: &mut Signals,
) -> u8 {
    let context = &context.speaking_of(&destination);
    let name = destination.name.to_string();
    // Looking up the login may wait for a person to unlock the keyring: a signal ends that too.
    let ordered = tokio::select! {
        ordered = order(context, destination.clone(), options) => ordered,
        exit = signals.next() => {
            print_nothing_done(context.json, Some(&name), Outcome::Stopped, exit, None);
            return exit;
        }
    };
    let ending = match ordered {
        Ok(order) => follow(context, start(order), &name, manner, signals).await,
        Err(why) => {
            let explain = context.words.voice().explain;
            let surroundings = &context.surroundings;
            surroundings.not_begun(&destination, StartedBy::Command, &explain, why)
        }
    };
    let exit = match (&ending.report, &ending.failure) {
        (Some(report), _) => report.ended.exit,
        (None, Some(why)) => why.exit(),
        (None, None) => 70,
    };
    match (manner, &ending.report) {
        (Manner::Json, Some(report)) => {
            print_ended(Some(&name), &report.ended);
            for warning in report.ended.counters.warnings() {
                say(&context.words.warning(&warning));
            }
        }
        (Manner::Json, None) => {
            let outcome = ending.failure.as_ref().map_or(Outcome::Failed, Outcome::of);
            let guard = ending.failure.as_ref().and_then(Error::guard);
            print_nothing_done(true, Some(&name), outcome, exit, guard);
        }
        (_, Some(report)) => tell_report(context, report),
        (_, None) => {}
    }
    let told = ending.failure.as_ref();
    if let Some(why) = told.filter(|_| !matches!(exit, 130 | 143)) {
        let _told = context.failed_for(&destination, why).tell(&context.words);
    }
    exit
}

/// Prints for programs that nothing was done for a destination.
fn print_nothing_done(
    json: bool,
    destination: Option<&str>,
    outcome: Outcome,
    exit: u8,
    guard: Option<Guard>,
) {
    if json {
        let ended = Ended {
            outcome,
            exit,
            guard: guard.map(|guard| guard.as_str().to_owned()),
            counters: Counters::default(),
            resumed: None,
            report: String::new(),
        };
        print_ended(destination, &ended);
    }
}

#[derive(Serialize)]
struct EndedLine<'a> {
    event: &'static str,
    destination: Option<&'a str>,
    #[serde(flatten)]
    ended: &'a Ended,
}

/// Prints for programs how a run ended.
pub(super) fn print_ended(destination: Option<&str>, ended: &Ended) {
    print_json(&EndedLine {
        event: "ended",
        destination,
        ended,
    });
}

/// Prints the counters in the order of the contract, or what became of how many where a person reads that.
fn print_data(context: &Context, report: &Report) {
    if std::io::stdout().is_terminal() {
        return print_end(context, report);
    }
    for (key, value) in report.ended.counters.lines() {
        print(&format!("{key}: {value}"));
    }
    // What a demo kept is gone when somebody could look.
    if !context.demo {
        print(&format!("report: {}", report.ended.report));
    }
}

/// Prints what became of a run; what more is for people goes to stderr.
fn tell_report(context: &Context, report: &Report) {
    let words = &context.words;
    let counters = &report.ended.counters;
    print_data(context, report);
    let mut talk = words.why_not(counters);
    if report.limited {
        let count = [("count", counters.profiles.into())];
        talk.push(words.with("run-limited", &count));
    }
    if let Some(resumed) = &report.ended.resumed {
        talk.push(words.with("run-resumed", &[("run", resumed.as_str().into())]));
    }
    let warnings = counters.warnings();
    talk.extend(warnings.iter().map(|warning| words.warning(warning)));
    if counters.not_mailable > 0 {
        talk.push(words.with(
            "run-not-mailable",
            &[("count", counters.not_mailable.into())],
        ));
    }
    if counters.rejected > 0 && !context.demo {
        // A report names its destination by what it was called at first.
        let names = Destinations::of(&context.surroundings.home).names();
        let name = names.of(report.destination.as_str());
        let line = words.to_run(&format!("segue rejects {}", shell_word(&name)));
        talk.push(words.with("run-see-rejects", &[("line", line.into())]));
    }
    let is_there = matches!(
        report.ended.outcome,
        Outcome::Done | Outcome::DoneWithRejects
    );
    if is_there {
        talk.push(words.with("run-tags", &[("tags", report.tags.join(", ").into())]));
    }
    if std::io::stdout().is_terminal() && !talk.is_empty() {
        say("");
    }
    for line in talk {
        say(&line);
    }
    if is_there {
        let link = &report.audience_link;
        context.say_leading(&words.find_segments(link), link);
    }
}

#[cfg(test)]
mod tests {
    use super::options;
    use crate::cli::args::Command;
    use crate::cli::localise::parse;
    use crate::words::{Lang, Words};

    #[test]
    fn every_flag_of_a_run_is_carried_to_it() {
        let words = Words::new(Lang::En);
        let of = |line: &str| {
            let line: Vec<_> = line.split(' ').map(Into::into).collect();
            let parsed = parse(&line, &words).map_err(|why| why.kind())?;
            let Some(Command::Run(flags)) = parsed.command else {
                panic!("{line:?}");
            };
            Ok::<_, clap::error::ErrorKind>(options(&flags))
        };
        let usual = of("segue run a").expect("parses");
        assert!(!usual.is_partial() && !usual.fresh && usual.max_removals.is_none());
        let all =
            "segue run a --only-rejects --fresh --allow-overage --allow-shrink --max-removals 20";
        let all = of(all).expect("parses");
        assert!(all.is_partial() && all.only_rejects && all.fresh);
        assert!(all.allow_overage && all.allow_shrink);
        assert_eq!(all.max_removals, Some(20));
        assert!(of("segue run a --limit 2").expect("parses").is_partial());
        assert!(of("segue run a --limit 2 --only-rejects").is_err());
        assert!(of("segue run a --max-removals 101").is_err());
    }
}
