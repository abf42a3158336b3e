use std::io::IsTerminal;
use std::sync::Arc;

use serde::Serialize;

use super::Context;
use super::args::RunFlags;
use super::context::{Failure, log_failure};
use super::live::{Manner, Signals, follow};
use super::out::{print, print_json, say};
use crate::domain::{Destination, Reason};
use crate::export::{
    Advice, Counters, Ended, Ending, Error, Options, Order, Outcome, Report, start,
};
use crate::words::Explain;

/// Of several exits, the first of these that occurred is the command's.
const GRAVITY: [u8; 10] = [70, 130, 143, 4, 6, 1, 2, 5, 3, 0];

/// Runs destinations one after the other.
pub(super) async fn run(context: &Context, flags: &RunFlags) -> Result<u8, Failure> {
    let destinations = if flags.all {
        context.destinations()?
    } else {
        flags
            .name
            .iter()
            .map(|name| context.destination(name))
            .collect::<Result<Vec<_>, _>>()?
    };
    let options = Options {
        limit: flags.limit,
        max_in_flight: flags.max_in_flight.into(),
        strict: flags.strict,
        wait: flags.wait,
        trust_counts: flags.trust_counts,
        ..Options::default()
    };
    let (mut exits, mut signals) = (Vec::new(), Signals::listen());
    for destination in destinations {
        let exit = export(
            context,
            destination,
            options.clone(),
            Manner::of(context, flags.plain),
            &mut signals,
        )
        .await;
        exits.push(exit);
        // A signal is for the whole command, not for one of its runs.
        if matches!(exit, 130 | 143) {
            break;
        }
    }
    Ok(gravest(&exits))
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
    let words = context.words.clone();
    let advice: Advice = Arc::new(move |reason: Reason| words.advice(reason));
    let surroundings = &context.surroundings;
    let access = surroundings.access(&destination.login).await?;
    let login = destination.source_login.as_ref();
    let source = surroundings
        .source_service(&destination.source, login)
        .await?;
    let (home, started_by) = (surroundings.home.clone(), surroundings.user.clone());
    Ok(Order {
        home,
        destination,
        access,
        source,
        options,
        started_by,
        advice,
    })
}

/// Runs one destination and tells how it ended.
pub(super) async fn export(
    context: &Context,
    destination: Destination,
    options: Options,
    manner: Manner,
    signals: &mut Signals,
) -> u8 {
    let name = destination.name.to_string();
    // Looking up the login may wait for a person to unlock the keyring: a signal ends that too.
    let ordered = tokio::select! {
        ordered = order(context, destination, options) => ordered,
        exit = signals.next() => return exit,
    };
    let ending = match ordered {
        Ok(order) => follow(context, start(order), &name, manner, signals).await,
        Err(why) => Ending {
            report: None,
            failure: Some(why),
        },
    };
    let exit = match (&ending.report, &ending.failure) {
        (Some(report), _) => report.ended.exit,
        (None, Some(why)) => why.exit(),
        (None, None) => 70,
    };
    match (manner, &ending.report) {
        (Manner::Json, Some(report)) => print_ended(&name, &report.ended),
        (Manner::Json, None) => print_ended(&name, &nothing_done(&ending, exit)),
        (_, Some(report)) => tell_report(context, report),
        (_, None) => {}
    }
    if let Some(why) = ending
        .failure
        .as_ref()
        .filter(|_| !matches!(exit, 130 | 143))
    {
        log_failure(why);
        say(&why.explain(&context.words).render(&context.words));
    }
    exit
}

fn nothing_done(ending: &Ending, exit: u8) -> Ended {
    let outcome = ending.failure.as_ref().map_or(Outcome::Failed, Outcome::of);
    let guard = ending
        .failure
        .as_ref()
        .and_then(Error::guard)
        .map(|guard| guard.as_str().to_owned());
    Ended {
        outcome,
        exit,
        guard,
        counters: Counters::default(),
        resumed: None,
        report: String::new(),
    }
}

#[derive(Serialize)]
struct EndedLine<'a> {
    event: &'static str,
    destination: &'a str,
    #[serde(flatten)]
    ended: &'a Ended,
}

fn print_ended(destination: &str, ended: &Ended) {
    print_json(&EndedLine {
        event: "ended",
        destination,
        ended,
    });
}

/// Prints the counters in the order of the contract; what is for people goes to stderr.
fn tell_report(context: &Context, report: &Report) {
    let words = &context.words;
    let counters = &report.ended.counters;
    for (key, value) in counters.lines() {
        print(&format!("{key}: {value}"));
    }
    print(&format!("report: {}", report.ended.report));
    let mut talk: Vec<String> = counters
        .reasons
        .iter()
        .map(|(reason, count)| {
            words.with(
                "run-reason",
                &[
                    ("count", (*count).into()),
                    ("reason", words.reason(*reason).into()),
                ],
            )
        })
        .collect();
    let warnings = counters.warnings();
    talk.extend(warnings.iter().map(|warning| words.warning(warning)));
    if counters.not_mailable > 0 {
        talk.push(words.with(
            "run-not-mailable",
            &[("count", counters.not_mailable.into())],
        ));
    }
    if counters.rejected > 0 && !context.demo {
        talk.push(words.with(
            "run-see-rejects",
            &[("name", report.destination.as_str().into())],
        ));
    }
    if matches!(
        report.ended.outcome,
        Outcome::Done | Outcome::DoneWithRejects
    ) {
        talk.push(words.with("run-tags", &[("tags", report.tags.join(", ").into())]));
        talk.push(words.find_segments(&report.audience_link));
    }
    if std::io::stdout().is_terminal() && !talk.is_empty() {
        say("");
    }
    for line in talk {
        say(&line);
    }
}
