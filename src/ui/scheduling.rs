//! When a destination is exported by itself: said where it is listed, and changed in one line.

use crossterm::event::KeyEvent;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use ratatui::style::Style;

use super::app::App;
use super::field::Field;
use super::keys::Command;
use super::msg::{Change, Row};
use super::overlay::Overlay;
use super::paint::{Page, left};
use crate::domain::{Agenda, Destination, Schedule, Zone};
use crate::words::{Explanation, Words};

/// A schedule that is asked for.
#[derive(Debug)]
pub(super) struct AskedSchedule {
    destination: Destination,
    /// What holds now, as it is typed.
    held: String,
    /// Whether nothing runs until somebody looks: setting the same again says that somebody did.
    stopped: bool,
    field: Field,
    zone: Zone,
    failure: Option<Explanation>,
}

impl AskedSchedule {
    pub fn draw(&self, page: &mut Page<'_, '_>, words: &Words) {
        let args = [("name", self.destination.name.as_str().into())];
        page.text(&words.with("ask-schedule", &args), page.theme.strong());
        page.gap();
        let label = format!("{} ", words.text("label-schedule"));
        self.field.draw(page, &label, true);
        page.gap();
        if let Some(why) = &self.failure {
            page.failure(why);
        } else {
            let zone = [("zone", self.zone.name().into())];
            page.text(&words.with("ask-schedule-how", &zone), Style::new());
        }
    }

    pub fn paste(&mut self, text: &str) {
        self.field.paste(text);
    }
}

impl App {
    /// Asks when a destination shall be exported by itself; what holds now stands there to be changed.
    pub fn ask_schedule(&mut self, destination: Destination, stopped: bool) {
        let zone = match &destination.schedule {
            Schedule::Daily { zone, .. } | Schedule::Weekly { zone, .. } => zone.clone(),
            Schedule::Off | Schedule::OnRefresh { .. } => {
                Zone::of(TimeZone::system()).unwrap_or_default()
            }
        };
        let held = match &destination.schedule {
            Schedule::Off => String::new(),
            held => held.in_short(),
        };
        self.overlay = Some(Overlay::Schedule(Box::new(AskedSchedule {
            // What is off is typed anew, what holds is changed.
            field: Field::new(&held),
            held,
            stopped,
            destination,
            zone,
            failure: None,
        })));
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
            Command::Enter => {
                let typed = asked.field.text();
                if typed.trim() == asked.held && !asked.stopped {
                    return;
                }
                match Schedule::from_short(typed, &asked.zone) {
                    Ok(schedule) => {
                        let change = Change::Schedule(schedule);
                        return self.change(asked.destination, change);
                    }
                    Err(_why) => {
                        let why = self.words.no_schedule(typed, asked.zone.name());
                        asked.failure = Some(why);
                    }
                }
            }
            Command::Type => {
                asked.field.key(event);
                asked.failure = None;
            }
            _ => {}
        }
        self.overlay = Some(Overlay::Schedule(asked));
    }
}

/// Draws when a destination is exported by itself, and what keeps it from that.
pub(super) fn draw_schedule(page: &mut Page<'_, '_>, row: &Row, words: &Words) {
    let schedule = &row.destination.schedule;
    if schedule.is_off() {
        return;
    }
    let now = Timestamp::now();
    let agenda = row.agenda.as_ref();
    let next = match agenda {
        Some(agenda) => agenda.next_run(now),
        None => schedule.next_due(now),
    };
    let next = next.map(|next| words.next_run(schedule, next));
    let said = words.schedule(schedule);
    let said: Vec<String> = [said].into_iter().chain(next).collect();
    let label = left(&words.text("label-schedule"), 16);
    page.fact(&label, &said.join(" · "));
    if row.destination.guesses_refreshes() {
        page.text(&words.text("schedule-guessed"), page.theme.faint());
    }
    if agenda.is_some_and(Agenda::is_stopped) {
        page.text(&words.text("list-stopped"), page.theme.bad());
    } else if !row.watched {
        page.text(&words.text("home-no-watcher"), page.theme.warn());
    }
}
