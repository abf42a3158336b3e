use jiff::Timestamp;
use serde_json::{Value, json};

use super::Context;
use super::args::ScheduleFlags;
use super::context::Failure;
use super::out::{print, print_json, say};
use super::{unit, usage};
use crate::domain::{Agenda, BadSchedule, Days, Destination, Schedule, Times, Zone, printable};
use crate::store::{
    AccountLock, Agendas, Destinations, Error as StoreError, Home, KnownAgendas, Names,
};
use crate::words::{Next, Words, shell_word, zone_here};

/// Sets when destinations are exported by themselves, all of them or none; says what is set where nothing is changed.
pub(super) fn run(context: &Context, flags: &ScheduleFlags) -> Result<u8, Failure> {
    if let Some(kind) = flags.print_unit {
        return unit::run(context, kind);
    }
    let wanted = Wanted::of(context, flags)?;
    let lists_all = flags.name.is_empty() && wanted == Wanted::Nothing;
    let mut chosen = if lists_all {
        context.destinations()?
    } else {
        let named = flags.name.iter().map(|name| context.destination(name));
        named.collect::<Result<Vec<_>, _>>()?
    };
    if wanted != Wanted::Nothing {
        if chosen.is_empty() {
            let what = usage::missing("<NAME>", &context.words);
            return Err(Failure::usage(
                what,
                usage::try_help("segue schedule", &context.words),
            ));
        }
        chosen = set(context, chosen, &wanted)?;
    }
    let home = &context.surroundings.home;
    let is_set = chosen.iter().any(|one| !one.schedule.is_off());
    if is_set && AccountLock::watcher(home).is_ok_and(|watcher| watcher.is_none()) {
        say(&context.words.text("schedule-no-watcher"));
    }
    if chosen.iter().any(Destination::guesses_refreshes) {
        say(&context.words.text("schedule-guessed"));
    }
    let broken = if lists_all {
        context.broken_destinations()?
    } else {
        Vec::new()
    };
    let known = Known::of(home).map_err(|why| context.failed(why))?;
    if context.json {
        let whole = chosen
            .iter()
            .map(|one| as_json(&context.words, one, &known));
        let broken = broken.iter().map(|broken| {
            json!({
                "name": broken.name, "schedule": null, "next_run": null, "retry_at": null,
                "stopped": null, "why": null, "broken": context.words.why_broken(&broken.why),
            })
        });
        print_json(&whole.chain(broken).collect::<Vec<Value>>());
        return Ok(0);
    }
    for destination in &chosen {
        tell(context, destination, &known);
    }
    for broken in &broken {
        let told = context.words.broken(&broken.why);
        print(&format!("{}: {told}", printable(&broken.name)));
    }
    Ok(0)
}

/// Sets what is wanted, for all of them or none. Times are those of the zone that a destination's schedule has so far, unless
/// another one was named.
fn set(
    context: &Context,
    chosen: Vec<Destination>,
    wanted: &Wanted,
) -> Result<Vec<Destination>, Failure> {
    let schedule = |destination: &Destination| match wanted {
        Wanted::Nothing => Ok(destination.schedule.clone()),
        Wanted::Schedule(schedule, named) => {
            let zone = destination.schedule.zone().filter(|_| !named);
            Ok(match zone {
                Some(zone) => schedule.clone().in_zone(zone),
                None => schedule.clone(),
            })
        }
        Wanted::Zone(zone) => match destination.schedule.zone() {
            Some(_) => Ok(destination.schedule.clone().in_zone(zone)),
            None => Err(no_times(context, destination, zone)),
        },
    };
    let chosen = chosen.into_iter().map(|destination| {
        let schedule = schedule(&destination)?;
        Ok((destination, schedule))
    });
    let set = context
        .surroundings
        .schedule(chosen.collect::<Result<_, Failure>>()?);
    set.map_err(|why| context.failed(why))
}

/// Refuses a zone for a schedule that has no times, and says how it gets some.
fn no_times(context: &Context, destination: &Destination, zone: &Zone) -> Failure {
    let name = destination.name.as_str();
    let args = [
        ("name", name.into()),
        (
            "schedule",
            context.words.schedule(&destination.schedule).into(),
        ),
    ];
    let (name, zone) = (shell_word(name), shell_word(zone.name()));
    let line = format!("segue schedule {name} --daily 06:00 --tz {zone}");
    let what = context.words.with("schedule-no-times", &args);
    Failure::usage(what, Next::Run(line)).about("--tz", &context.words)
}

/// When a destination is exported next: as its schedule says, or as what is remembered of it does.
pub(super) fn next_run(destination: &Destination, agenda: Option<&Agenda>) -> Option<Timestamp> {
    Agenda::next_of(&destination.schedule, agenda, Timestamp::now())
}

/// What is remembered of schedules, with what destinations are called by now.
pub(super) struct Known {
    agendas: KnownAgendas,
    pub names: Names,
}

impl Known {
    pub fn of(home: &Home) -> Result<Self, StoreError> {
        Ok(Self::with(home, Agendas::of(home).all()?))
    }

    /// The same, where what is remembered is known.
    pub fn with(home: &Home, agendas: KnownAgendas) -> Self {
        let names = Destinations::of(home).names();
        Self { agendas, names }
    }

    pub fn agenda(&self, destination: &Destination) -> Option<&Agenda> {
        self.agendas.of(&destination.id())
    }
}

/// What keeps a schedule from going as it should, as programs read it: when it is tried again, why it has stopped, why.
pub(super) fn trouble_as_json(
    words: &Words,
    agenda: Option<&Agenda>,
    names: &Names,
) -> [(&'static str, Value); 3] {
    let trouble = agenda.and_then(|agenda| agenda.trouble.as_ref());
    let why = trouble.map(|trouble| words.trouble(trouble, names));
    let retry_at = trouble.and_then(|trouble| trouble.retry_at);
    let stopped = why.clone().filter(|_| retry_at.is_none());
    [
        ("retry_at", json!(retry_at)),
        ("stopped", json!(stopped)),
        ("why", json!(why)),
    ]
}

fn as_json(words: &Words, destination: &Destination, known: &Known) -> Value {
    let agenda = known.agenda(destination);
    let mut told = json!({
        "name": destination.name,
        "schedule": shown(&destination.schedule),
        "next_run": next_run(destination, agenda),
    });
    for (key, value) in trouble_as_json(words, agenda, &known.names) {
        told[key] = value;
    }
    told
}

/// A schedule as programs read it; null where there is none.
pub(super) fn shown(schedule: &Schedule) -> Option<&Schedule> {
    (!schedule.is_off()).then_some(schedule)
}

fn tell(context: &Context, destination: &Destination, known: &Known) {
    let words = &context.words;
    let agenda = known.agenda(destination);
    let said = words.schedule(&destination.schedule);
    let told = words.told_trouble(agenda, &known.names).or_else(|| {
        let next = next_run(destination, agenda)?;
        Some(words.next_run(&destination.schedule, next))
    });
    let told = told.map(|told| format!(" · {told}"));
    let name = printable(destination.name.as_str());
    print(&format!("{name}: {said}{}", told.unwrap_or_default()));
}

/// What the flags say.
#[derive(Debug, PartialEq, Eq)]
enum Wanted {
    /// Nothing is changed.
    Nothing,
    /// This schedule, and whether its zone was named.
    Schedule(Schedule, bool),
    /// The schedule that is there, by the clock of this zone.
    Zone(Zone),
}

impl Wanted {
    fn of(context: &Context, flags: &ScheduleFlags) -> Result<Self, Failure> {
        let zone = || named_zone(context, flags);
        Ok(match schedule_of(context, flags)? {
            Some(schedule) => Self::Schedule(schedule, flags.tz.is_some()),
            None => zone()?.map_or(Self::Nothing, Self::Zone),
        })
    }
}

/// Says what is wrong with what was typed for a flag.
fn bad<'a>(context: &'a Context, flag: &str) -> impl FnOnce(BadSchedule) -> Failure + use<'a> {
    let (flag, words) = (flag.to_owned(), &context.words);
    move |why: BadSchedule| {
        let failure = Failure::usage(
            refused(words, &why),
            usage::try_help("segue schedule", words),
        );
        failure.about(&flag, words)
    }
}

fn named_zone(context: &Context, flags: &ScheduleFlags) -> Result<Option<Zone>, Failure> {
    let named = flags.tz.as_ref().map(|name| name.parse());
    named.transpose().map_err(bad(context, "--tz"))
}

/// Puts the schedule together that the flags say, if they say one.
fn schedule_of(context: &Context, flags: &ScheduleFlags) -> Result<Option<Schedule>, Failure> {
    let bad = |flag: &str| bad(context, flag);
    let zone = || Ok::<_, Failure>(named_zone(context, flags)?.unwrap_or_else(zone_here));
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
    } else if !flags.weekly.is_empty() {
        let (days, hours) = Days::split(&flags.weekly);
        let days = days.iter().flat_map(|text| text.split(','));
        Some(Schedule::Weekly {
            days: Days::parse(days).map_err(bad("--weekly"))?,
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

/// Says what was typed that is no part of a schedule, and what would be.
fn refused(words: &Words, why: &BadSchedule) -> String {
    let about = |key: &str, text: &str| words.with(key, &[("typed", text.into())]);
    match why {
        BadSchedule::Time(text) => about("schedule-bad-time", text),
        BadSchedule::Times(count) => {
            let count = (*count).into();
            words.with("schedule-bad-times", &[("count", count)])
        }
        BadSchedule::Day(text) => about("schedule-bad-day", text),
        BadSchedule::Days => words.text("schedule-no-days"),
        BadSchedule::Zone(text) => about("schedule-bad-zone", text),
        // Only files have keys.
        BadSchedule::Key { .. } => why.to_string(),
    }
}

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
            "segue schedule a --tz UTC",
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
