mod carry;
mod end;
mod look;
#[cfg(test)]
mod tests;

use std::collections::{HashMap, HashSet};
use std::time::{Duration, Instant, SystemTime};

use jiff::Timestamp;
use tokio::task::JoinSet;
use tokio::time::sleep;

use super::event::{Event, Tell, VoiceOf};
use super::finish::Unfinished;
use super::probe::{Probe, source_of};
use crate::domain::{Agenda, Destination, DestinationId, Schedule, StartedBy, Wanted, Worded};
use crate::export::{Ending, Error, StopHandle, Surroundings, forget_old_runs};
use crate::store::{AccountLock, Agendas, Config, Destinations, Locked, Names, sweep};
use carry::carry_out;

/// The longest time without a look at the clock and the files: a computer that slept wakes, a schedule is saved.
const LONGEST: Duration = Duration::from_secs(30);
/// The shortest, whatever is due.
const SHORTEST: Duration = Duration::from_millis(200);
/// How often what nobody needs any more is cleared up.
const DAY: Duration = Duration::from_hours(24);
/// How often the right to watch is asked for before somebody else has it: who only looks has it for a moment.
const ASKS: u32 = 5;

/// Sees to the schedules of a home.
pub struct Watcher {
    surroundings: Surroundings,
    voice_of: VoiceOf,
    by: StartedBy,
    tell: Tell,
    agendas: Agendas,
    probe: Probe,
    under_way: JoinSet<Finished>,
    running: HashMap<DestinationId, Running>,
    /// What failed with its source, by that.
    ill: HashMap<String, Ill>,
    /// What destinations are called by now.
    names: Names,
    finishing: JoinSet<(String, Result<(), Unfinished>)>,
    exits: Vec<u8>,
    schedules: Option<usize>,
    broken: HashSet<String>,
    /// Whether it was told that the files of the home are not to be had.
    hindered: bool,
    cleared: Option<Instant>,
}

/// An export that goes on.
struct Running {
    source: String,
    stop: StopHandle,
}

/// A source that failed.
#[derive(Clone)]
struct Ill {
    /// Whose export found out.
    who: DestinationId,
    why: Worded,
    /// Until when others of it wait.
    until: Timestamp,
}

/// An export that ended.
struct Finished {
    destination: Destination,
    ending: Ending,
}

impl Watcher {
    /// Makes ready to watch.
    #[must_use]
    pub fn new(surroundings: Surroundings, voice_of: VoiceOf, by: StartedBy, tell: Tell) -> Self {
        Self {
            agendas: Agendas::of(&surroundings.home),
            surroundings,
            voice_of,
            by,
            tell,
            probe: Probe::default(),
            under_way: JoinSet::new(),
            running: HashMap::new(),
            ill: HashMap::new(),
            names: Names::default(),
            finishing: JoinSet::new(),
            exits: Vec::new(),
            schedules: None,
            broken: HashSet::new(),
            hindered: false,
            cleared: None,
        }
    }

    /// Sees to schedules until it is stopped, or just `once`: then what is due now runs to its end. Gives the exit codes of
    /// the exports.
    ///
    /// # Errors
    /// [`Error::Watched`] where somebody sees to them already; else tells what of the home cannot be read or written from
    /// the start. Later that is told, and tried again.
    pub async fn watch(mut self, once: bool, stop: &StopHandle) -> Result<Vec<u8>, Error> {
        let _ours = self.take_place().await?;
        loop {
            self.clear_up();
            let looked = self.look();
            let idle = self.under_way.is_empty() && self.probe.asking.is_empty();
            let idle = idle && self.finishing.is_empty();
            let next = match looked {
                Ok(_) if once && idle => return Ok(self.exits),
                Err(why) if idle && (once || self.schedules.is_none()) => return Err(why),
                Ok(next) => {
                    self.hindered = false;
                    next
                }
                Err(why) => {
                    self.hinder(why);
                    LONGEST
                }
            };
            tokio::select! {
                () = stop.stop.gently.cancelled() => break,
                Some(finished) = self.under_way.join_next() => {
                    let unkept = finished.ok().and_then(|finished| self.over(finished));
                    if let Some(unkept) = unkept.filter(|_| !once) {
                        self.keep_later(unkept);
                    }
                }
                Some(answer) = self.probe.asking.join_next() => self.probe.take_all(answer, SHORTEST).await,
                Some(done) = self.finishing.join_next() => self.finished(done),
                () = sleep(next) => {}
            }
        }
        self.wind_up(stop).await
    }

    async fn take_place(&self) -> Result<AccountLock, Error> {
        let ours = match self.by {
            StartedBy::Once => AccountLock::ONCE,
            StartedBy::Watch | StartedBy::Person | StartedBy::Command => "segue watch",
        };
        let ours = format!("{ours} ({})", std::process::id());
        let mut asked = 0;
        loop {
            asked += 1;
            match AccountLock::try_watcher(&self.surroundings.home, &ours)? {
                Locked::Ours(lock) => return Ok(lock),
                Locked::Held(holder) if asked == ASKS => return Err(Error::Watched { holder }),
                Locked::Held(_) => sleep(SHORTEST).await,
            }
        }
    }

    /// Begins what is due; tells how long there is nothing else to do.
    fn look(&mut self) -> Result<Duration, Error> {
        let (now, known) = (Timestamp::now(), self.agendas.all()?);
        let saved = Destinations::of(&self.surroundings.home);
        let (mut asked, mut next, mut schedules) = (Vec::new(), None::<(Timestamp, Schedule)>, 0);
        let mut again = false;
        let all = saved.dated()?;
        self.names = all.iter().map(|(destination, _)| destination).collect();
        for (destination, written) in all {
            let kept = known.of(&destination.id());
            if destination.schedule.is_off() {
                if kept.is_some() {
                    let id = destination.id();
                    self.agendas.change(&id, |agenda| *agenda = None)?;
                }
                continue;
            }
            schedules += 1;
            let settled = self.settled(&destination, kept)?;
            let kept = settled.as_ref();
            let agenda = kept.filter(|kept| kept.schedule == destination.schedule);
            let agenda = agenda.cloned().unwrap_or_else(|| {
                let set_at = written.unwrap_or(now).min(now);
                Agenda::set(kept, destination.schedule.clone(), set_at)
            });
            let Some(agenda) = self.look_at(&destination, kept, agenda, now)? else {
                again = true;
                continue;
            };
            let due = agenda.next_run(now).filter(|_| agenda.begun.is_none());
            let due = due.map(|due| (due, destination.schedule.clone()));
            next = next.into_iter().chain(due).min_by_key(|(at, _)| *at);
            if agenda.asks_source(now) {
                asked.push(destination);
            }
        }
        self.tell_broken(&saved)?;
        let at = next.as_ref().map(|(at, _)| *at);
        if self.schedules.replace(schedules) != Some(schedules) {
            (self.tell)(Event::Watching { schedules, next });
        }
        if again {
            return Ok(SHORTEST);
        }
        let until = at.map(|at| at.duration_since(now).unsigned_abs());
        let until = until.filter(|_| at.is_some_and(|at| at > now));
        let asks = self.probe.next(asked.iter());
        let pause = [until, asks].into_iter().flatten().min();
        Ok(pause.unwrap_or(LONGEST).clamp(SHORTEST, LONGEST))
    }

    fn begin(&mut self, destination: Destination, wanted: &Wanted) {
        tracing::info!(due = %wanted.due, "an export is due");
        let stop = StopHandle::default();
        let running = Running {
            source: source_of(&destination),
            stop: stop.clone(),
        };
        self.running.insert(destination.id(), running);
        let voice = (self.voice_of)(&destination.name);
        let surroundings = self.surroundings.clone();
        let (by, tell) = (self.by, self.tell.clone());
        self.under_way.spawn(async move {
            let carried = Box::pin(carry_out(
                surroundings.clone(),
                voice.clone(),
                by,
                destination.clone(),
                stop,
                tell,
            ));
            // One that breaks off ends as well.
            let ending = tokio::spawn(carried).await.unwrap_or_else(|why| {
                let why = Error::Broken(why.to_string());
                surroundings.not_begun(&destination, by, &voice.explain, why)
            });
            Finished {
                destination,
                ending,
            }
        });
    }

    /// Tells that the files of the home are not to be had, once until they are.
    fn hinder(&mut self, why: Error) {
        tracing::warn!(error = %why, "schedules");
        if !std::mem::replace(&mut self.hindered, true) {
            (self.tell)(Event::Hindered(why));
        }
    }

    /// Tells once of each file that cannot be read.
    fn tell_broken(&mut self, saved: &Destinations) -> Result<(), Error> {
        let broken = saved.broken()?;
        let names: HashSet<String> = broken.iter().map(|broken| broken.name.clone()).collect();
        for broken in broken {
            if !self.broken.contains(&broken.name) {
                // Of one that does not stay nobody hears otherwise.
                self.exits.extend((self.by == StartedBy::Once).then_some(1));
                (self.tell)(Event::Broken(broken.name, broken.why));
            }
        }
        self.broken = names;
        Ok(())
    }

    /// Clears up what nobody needs any more, once a day: other commands do when they begin.
    fn clear_up(&mut self) {
        let Some(cleared) = self.cleared else {
            self.cleared = Some(Instant::now());
            return;
        };
        if cleared.elapsed() < DAY {
            return;
        }
        self.cleared = Some(Instant::now());
        let home = &self.surroundings.home;
        let cleared = Config::read(home).and_then(|config| {
            forget_old_runs(home, config.remembered_since(Timestamp::now()))?;
            sweep(home, SystemTime::now())
        });
        if let Err(why) = cleared {
            tracing::warn!(error = %why, "clearing up");
        }
    }
}
