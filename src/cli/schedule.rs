use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::Context;
use super::args::ScheduleFlags;
use super::context::Failure;
use super::out::{print, print_json, say};
use super::{unit, usage};
use crate::domain::{BadSchedule, Days, Destination, Schedule, Times, Zone, printable};
use crate::store::AccountLock;

/// Sets when destinations are exported by themselves, all of them or none; says what is set where nothing is changed.
pub(super) fn run(context: &Context, flags: &ScheduleFlags) -> Result<u8, Failure> {
    if let Some(kind) = flags.print_unit {
        return unit::run(context, kind);
    }
    let wanted = wanted(context, flags)?;
    let mut chosen = if flags.name.is_empty() && wanted.is_none() {
        context.destinations()?
    } else {
        let named = flags.name.iter().map(|name| context.destination(name));
        named.collect::<Result<Vec<_>, _>>()?
    };
    if let Some(schedule) = wanted {
        if chosen.is_empty() {
            let what = usage::missing("<NAME>", &context.words);
            return Err(Failure::usage(
                what,
                usage::try_help("segue schedule", &context.words),
            ));
        }
        for destination in &mut chosen {
            let set = context.surroundings.schedule(destination, schedule.clone());
            *destination = set.map_err(|why| context.failed(why))?;
        }
    }
    let home = &context.surroundings.home;
    let is_set = chosen.iter().any(|one| !one.schedule.is_off());
    if is_set && AccountLock::watcher(home).is_ok_and(|watcher| watcher.is_none()) {
        say(&context.words.text("schedule-no-watcher"));
    }
    if chosen.iter().any(Destination::guesses_refreshes) {
        say(&context.words.text("schedule-guessed"));
    }
    if context.json {
        let all: Vec<Value> = chosen.iter().map(as_json).collect();
        print_json(&all);
    } else {
        for destination in &chosen {
            tell(context, destination);
        }
    }
    Ok(0)
}

fn as_json(destination: &Destination) -> Value {
    let next = destination.schedule.next_due(Timestamp::now());
    json!({
        "name": destination.name,
        "schedule": shown(&destination.schedule),
        "next_run": next.map(|next| next.to_string()),
    })
}

/// A schedule as programs read it; null where there is none.
pub(super) fn shown(schedule: &Schedule) -> Option<&Schedule> {
    (!schedule.is_off()).then_some(schedule)
}

fn tell(context: &Context, destination: &Destination) {
    let words = &context.words;
    let said = words.schedule(&destination.schedule);
    let next = destination.schedule.next_due(Timestamp::now());
    let next = next.map(|next| format!(" · {}", words.next_run(&destination.schedule, next)));
    let name = printable(destination.name.as_str());
    print(&format!("{name}: {said}{}", next.unwrap_or_default()));
}

/// Puts the schedule together that the flags say, if they say one.
fn wanted(context: &Context, flags: &ScheduleFlags) -> Result<Option<Schedule>, Failure> {
    let bad = |flag: &str| {
        let (flag, words) = (flag.to_owned(), &context.words);
        move |why: BadSchedule| {
            let (value, possible) = refused(&why);
            let what = usage::invalid_value(&value, &flag, Some(possible), words);
            Failure::usage(what, usage::try_help("segue schedule", words))
        }
    };
    let zone = || -> Result<Zone, Failure> {
        match &flags.tz {
            Some(name) => name.parse().map_err(bad("--tz")),
            None => Ok(Zone::of(TimeZone::system()).unwrap_or_default()),
        }
    };
    let times = |texts: &[String], flag: &str| {
        let texts = texts.iter().flat_map(|text| text.split(','));
        Times::parse(texts).map_err(bad(flag))
    };
    Ok(if flags.off {
        Some(Schedule::Off)
    } else if flags.on_refresh {
        Some(Schedule::OnRefresh {
            quiet_seconds: flags.quiet_seconds,
        })
    } else if let Some((days, hours)) = flags.weekly.split_first() {
        Some(Schedule::Weekly {
            days: Days::parse(days.split(',')).map_err(bad("--weekly"))?,
            times: times(hours, "--weekly")?,
            zone: zone()?,
        })
    } else if flags.daily.is_empty() {
        None
    } else {
        Some(Schedule::Daily {
            times: times(&flags.daily, "--daily")?,
            zone: zone()?,
        })
    })
}

/// What was typed that is no part of a schedule, and what would be.
fn refused(why: &BadSchedule) -> (String, &'static str) {
    match why {
        BadSchedule::Time(text) => (text.clone(), "HH:MM"),
        BadSchedule::Times(count) => (format!("{count} × HH:MM"), "1–4 × HH:MM"),
        BadSchedule::Day(text) => (text.clone(), DAYS),
        BadSchedule::Days => (String::new(), DAYS),
        BadSchedule::Zone(text) => (text.clone(), "Europe/Stockholm, UTC, …"),
        // Only files have keys.
        BadSchedule::Key { every, key } => ((*every).to_owned(), key),
    }
}

const DAYS: &str = "mon, tue, wed, thu, fri, sat, sun";

#[cfg(test)]
mod tests {
    use crate::cli::args::Command;
    use crate::cli::localise::parse;
    use crate::words::{Lang, Words};

    #[test]
    fn the_kinds_of_schedules_exclude_each_other() {
        let words = Words::new(Lang::En);
        let parses = |line: &str| {
            let line: Vec<_> = line.split(' ').map(Into::into).collect();
            let parsed = parse(&line, &words);
            matches!(
                parsed.ok().and_then(|it| it.command),
                Some(Command::Schedule(_))
            )
        };
        for good in [
            "segue schedule",
            "segue schedule a b --daily 06:00 18:00 --tz UTC",
            "segue schedule a --weekly mon,thu 06:00",
            "segue schedule a --on-refresh --quiet-seconds 5",
            "segue schedule a --off",
            "segue schedule --print-unit systemd",
        ] {
            assert!(parses(good), "{good}");
        }
        for bad in [
            "segue schedule a --daily",
            "segue schedule a --weekly mon",
            "segue schedule a --off --on-refresh",
            "segue schedule a --daily 06:00 --weekly mon 06:00",
            "segue schedule a --daily 06:00 --quiet-seconds 5",
            "segue schedule a --on-refresh --tz UTC",
            "segue schedule a --print-unit cron",
            "segue schedule --print-unit upstart",
        ] {
            assert!(!parses(bad), "{bad}");
        }
    }
}
