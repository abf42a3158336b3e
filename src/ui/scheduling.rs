//! When destinations are exported by themselves: said where they are listed, and changed in two lines.

use crossterm::event::KeyEvent;
use jiff::Timestamp;

use super::app::App;
use super::field::Field;
use super::keys::Command;
use super::msg::{Outcome, Question, Row, Ticket};
use super::overlay::Overlay;
use super::paint::{Page, cut, left};
use crate::domain::{Agenda, Destination, Schedule, Zone};
use crate::words::{Explanation, Words, zone_here};

/// A schedule that is asked for.
#[derive(Debug)]
pub(super) struct AskedSchedule {
    /// Whose it will be.
    destinations: Vec<Destination>,
    /// What holds now; `None` where that differs.
    held: Option<Schedule>,
    /// Whether of one of them nothing runs until somebody looks: setting the same again says that somebody did.
    stopped: bool,
    schedule: Field,
    zone: Field,
    /// The zone that stood there at first.
    zone_before: String,
    /// Whether the zone is what is typed.
    at_zone: bool,
    failure: Option<Explanation>,
}

impl AskedSchedule {
    fn of(destinations: Vec<Destination>, stopped: bool, words: &Words) -> Self {
        let all = || destinations.iter().map(|one| &one.schedule);
        let held = same(all()).cloned();
        let typed = same(all().map(Schedule::in_short)).filter(|typed| typed != "off");
        let typed = typed.and_then(|_| all().next().map(|one| words.schedule_typed(one)));
        let zone = same(all().filter_map(Schedule::zone)).cloned();
        let zone = zone.unwrap_or_else(zone_here).name().to_owned();
        Self {
            // What is off is typed anew, what holds is changed.
            schedule: Field::new(&typed.unwrap_or_default()),
            zone: Field::new(&zone),
            zone_before: zone,
            held,
            stopped,
            destinations,
            at_zone: false,
            failure: None,
        }
    }

    pub fn draw(&self, page: &mut Page<'_, '_>, words: &Words) {
        let names: Vec<&str> = self
            .destinations
            .iter()
            .map(|one| one.name.as_str())
            .collect();
        let args = [("name", names[0].into()), ("count", names.len().into())];
        if names.len() == 1 {
            page.text(&words.with("ask-schedule", &args), page.theme.strong());
        } else {
            page.text(&words.with("ask-schedules", &args), page.theme.strong());
            page.line(cut(&names.join(", "), page.width()));
        }
        if self.held.is_none() {
            page.text(&words.text("ask-schedules-differ"), page.theme.warn());
        }
        page.gap();
        let labels = [words.text("label-schedule"), words.text("label-zone")];
        let wide = labels.iter().map(|label| label.chars().count()).max();
        let fields = [(&self.schedule, !self.at_zone), (&self.zone, self.at_zone)];
        for (label, (field, here)) in labels.iter().zip(fields) {
            field.draw(page, &left(label, wide.unwrap_or(0) + 1), here);
        }
        page.gap();
        if let Some(why) = &self.failure {
            return page.failure(why);
        }
        if let Some(schedule) = self.typed() {
            page.good(&in_full(&schedule, Timestamp::now(), words));
            page.gap();
        }
        page.text(&words.text("ask-schedule-how"), page.theme.faint());
    }

    /// What is typed, as far as it is a schedule.
    fn typed(&self) -> Option<Schedule> {
        let zone = self.zone.text().parse::<Zone>().ok()?;
        let typed = Schedule::from_short(self.schedule.text(), &zone).ok()?;
        Some(typed).filter(|_| !self.is_blank())
    }

    fn is_blank(&self) -> bool {
        self.schedule.text().trim().is_empty()
    }

    /// Tells whether somebody typed a zone, and nothing that has one.
    fn has_zone_only(&self) -> bool {
        self.is_blank() && self.zone.text().trim() != self.zone_before
    }

    fn field(&mut self) -> &mut Field {
        if self.at_zone {
            &mut self.zone
        } else {
            &mut self.schedule
        }
    }

    pub fn paste(&mut self, text: &str) {
        self.field().paste(text);
        self.failure = None;
    }

    /// Puts together what is typed; what is wrong with it is said, and the cursor goes there.
    fn wanted(&mut self, words: &Words) -> Result<Schedule, Explanation> {
        let typed = self.schedule.text();
        let zone = self.zone.text().parse::<Zone>();
        let in_zone = |zone: &Zone| Schedule::from_short(typed, zone);
        let wrong = match (in_zone(zone.as_ref().unwrap_or(&Zone::default())), &zone) {
            // A zone belongs to times, and says nothing of anything else.
            (Ok(schedule), zone) if zone.is_ok() || schedule.zone().is_none() => {
                return Ok(schedule);
            }
            (wrong, _) => wrong,
        };
        self.at_zone = wrong.is_ok();
        Err(match wrong {
            Ok(_) => words.no_zone(self.zone.text()),
            Err(_why) => words.no_schedule(typed),
        })
    }
}

/// The one that all of these are.
fn same<T: PartialEq>(mut all: impl Iterator<Item = T>) -> Option<T> {
    let first = all.next()?;
    all.all(|other| other == first).then_some(first)
}

impl App {
    /// Asks when destinations shall be exported by themselves; what holds now stands there to be changed.
    pub fn ask_schedule(&mut self, destinations: Vec<Destination>, stopped: bool) {
        if !destinations.is_empty() {
            let asked = AskedSchedule::of(destinations, stopped, &self.words);
            self.overlay = Some(Overlay::Schedule(Box::new(asked)));
        }
    }

    /// Takes a key while a schedule is asked for.
    pub fn schedule_key(
        &mut self,
        mut asked: Box<AskedSchedule>,
        command: Command,
        event: KeyEvent,
    ) {
        match command {
            Command::Back => return,
            Command::Up | Command::Down | Command::NextField | Command::PrevField => {
                asked.at_zone = !asked.at_zone;
            }
            Command::Enter if asked.has_zone_only() => {
                asked.failure = Some(self.words.no_times());
                asked.at_zone = false;
            }
            // Where they differ, a line that nobody typed in means none of them.
            Command::Enter if asked.held.is_none() && asked.is_blank() => return,
            Command::Enter => match asked.wanted(&self.words) {
                Ok(schedule) if asked.held.as_ref() == Some(&schedule) && !asked.stopped => return,
                Ok(schedule) => {
                    let question = Question::Schedule(asked.destinations, schedule);
                    self.scheduling = Some(self.out.ask(question));
                    return;
                }
                Err(why) => asked.failure = Some(why),
            },
            Command::Type => {
                asked.field().key(event);
                asked.failure = None;
            }
            _ => {}
        }
        self.overlay = Some(Overlay::Schedule(asked));
    }

    /// Takes what came of setting schedules.
    pub fn has_scheduled(&mut self, ticket: Ticket, set: Outcome<Vec<Destination>>) {
        if self.scheduling.take_if(|mine| *mine == ticket).is_none() {
            return;
        }
        match set {
            Ok(all) => {
                for destination in &all {
                    self.changed(&destination.id(), destination);
                }
                self.home.unchoose();
                if let [destination] = all.as_slice() {
                    self.home.go_to(destination.name.as_str());
                }
                self.reload();
            }
            Err(why) => self.overlay = Some(Overlay::Failed(why)),
        }
    }
}

/// Writes a schedule with the time it would run next.
fn in_full(schedule: &Schedule, now: Timestamp, words: &Words) -> String {
    let next = Agenda::next_of(schedule, None, now);
    let next = next.map(|next| words.next_run(schedule, next));
    let all = [words.schedule(schedule)].into_iter().chain(next);
    all.collect::<Vec<_>>().join(" · ")
}

/// Draws when a destination is exported by itself, and what keeps it from that.
pub(super) fn draw_schedule(page: &mut Page<'_, '_>, row: &Row, words: &Words) {
    let schedule = &row.destination.schedule;
    if schedule.is_off() {
        return;
    }
    let agenda = row.agenda.as_ref();
    let next = Agenda::next_of(schedule, agenda, Timestamp::now());
    let next = next.map(|next| words.next_run(schedule, next));
    let said = words.schedule(schedule);
    let said: Vec<String> = [said].into_iter().chain(next).collect();
    let label = left(&words.text("label-schedule"), 16);
    page.fact(&label, &said.join(" · "));
    if row.destination.guesses_refreshes() {
        page.text(&words.text("schedule-guessed"), page.theme.faint());
    }
    let stopped = agenda.is_some_and(Agenda::is_stopped);
    // Why the last run failed stands below.
    let below = row
        .last
        .as_ref()
        .and_then(|last| last.report.failure.as_ref());
    match &row.trouble {
        Some(_) if stopped && below.is_some() => {
            page.text(&words.text("list-stopped"), page.theme.bad());
        }
        Some(why) if stopped => page.text(why, page.theme.bad()),
        Some(why) if below.is_none() => page.text(why, page.theme.warn()),
        Some(_) | None => {}
    }
    if !stopped && !row.watched {
        page.text(&words.text("home-no-watcher"), page.theme.warn());
    }
}
