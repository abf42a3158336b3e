//! The application's export runs: started, looked at, stopped; and the leaving of the program, which waits for them to end.

use std::collections::BTreeSet;
use std::time::Duration;

use super::app::{App, Screen};
use super::exports::Errand;
use super::keys::Command;
use super::live::Live;
use super::msg::{Effect, RunEnd, Ticket, Which};
use super::overlay::Overlay;
use super::paint::scrolled;
use super::report::ReportPage;
use crate::domain::{Destination, DestinationId};

/// A run shorter than this ends without a bell.
const LONG: Duration = Duration::from_secs(20);

impl App {
    /// Finds a run that this program started.
    pub fn run(&self, ticket: Ticket) -> Option<&Live> {
        self.runs.iter().find(|run| run.ticket == ticket)
    }

    /// Tells whether exports go on.
    pub fn exports(&self) -> bool {
        self.runs.iter().any(|run| run.end.is_none())
    }

    /// Finds the run of a destination that goes on.
    pub fn live(&self, name: &str) -> Option<Ticket> {
        let mut runs = self.runs.iter();
        let live = runs.find(|run| run.end.is_none() && run.destination.name.as_str() == name);
        live.map(|run| run.ticket)
    }

    pub fn open(&mut self, destination: Destination) {
        if let Some(ticket) = self.live(destination.name.as_str()) {
            self.screen = Screen::Pane(ticket);
            return;
        }
        let last = self.home.data.get().and_then(|data| {
            let row = data
                .rows
                .iter()
                .find(|row| row.destination.name == destination.name)?;
            row.last.clone()
        });
        let ended_at = last.as_ref().map(|last| last.report.ended_at);
        let mut runs = self.runs.iter().filter(|run| run.is_of(&destination.name));
        // What ended here may not have been read yet.
        let newer = runs.find_map(|run| run.newer_than(ended_at)).cloned();
        self.screen = Screen::Report(Box::new(match newer {
            Some(end) => ReportPage::of_end(destination, end),
            None => ReportPage::of_past(destination, last),
        }));
    }

    /// Starts a run and shows it. One of the destination that goes on is shown instead.
    pub fn start(&mut self, destination: Destination, errand: Errand) {
        let ticket = self.enqueue(destination, errand);
        self.begin_next();
        self.screen = Screen::Pane(ticket);
    }

    /// Starts a run of one destination; of several only when that is agreed to.
    pub fn ask_run(&mut self, mut destinations: Vec<Destination>, which: Which) {
        if destinations.len() > 1 {
            self.overlay = Some(Overlay::RunAll(destinations, which));
        } else if let Some(only) = destinations.pop() {
            self.start(only, Errand::Export(which));
        }
    }

    /// Starts a run of each of the destinations, behind whatever is on the screen.
    pub fn run_all(&mut self, destinations: Vec<Destination>, which: Which) {
        for destination in destinations {
            self.enqueue(destination, Errand::Export(which));
        }
        self.begin_next();
        self.home.unchoose();
    }

    /// Puts a run behind those that have yet to begin, unless one of the destination goes on.
    fn enqueue(&mut self, destination: Destination, errand: Errand) -> Ticket {
        if let Some(ticket) = self.live(destination.name.as_str()) {
            return ticket;
        }
        let ticket = self.out.ticket();
        self.runs.retain(|run| !run.is_of(&destination.name));
        self.runs
            .push(Live::new(ticket, destination, errand, self.now));
        ticket
    }

    /// Has a run that has yet to begin export what its destination is by now.
    pub fn changed(&mut self, former: &DestinationId, destination: &Destination) {
        let queued = self.runs.iter_mut().filter(|run| run.queued);
        for run in queued.filter(|run| run.destination.id() == *former) {
            run.destination = destination.clone();
        }
    }

    /// Begins the runs whose turn it is: to each account one at a time, since its connections are shared.
    fn begin_next(&mut self) {
        let going = self.runs.iter().filter(|run| run.goes_on());
        let mut busy: BTreeSet<String> = going.map(|run| self.account(&run.destination)).collect();
        for at in 0..self.runs.len() {
            let run = &self.runs[at];
            if run.queued && busy.insert(self.account(&run.destination)) {
                let begun = self.runs[at].begin(self.now);
                self.out.push(begun);
            }
        }
    }

    /// The account that a destination's audience belongs to, as far as it is known: two logins may reach the same one.
    fn account(&self, destination: &Destination) -> String {
        let logins = self.home.data.get().map(|data| data.logins.as_slice());
        let mut logins = logins.unwrap_or_default().iter();
        let Some(name) = &destination.login else {
            // It calls nobody, and waits for nobody.
            return destination.name.to_string();
        };
        let saved = logins.find(|login| login.name == *name);
        saved.map_or_else(|| name.to_string(), |login| login.account_id.clone())
    }

    /// Names the destination whose run a queued one waits for.
    pub fn ahead(&self, queued: &Live) -> Option<&str> {
        let account = self.account(&queued.destination);
        let mut going = self.runs.iter().filter(|run| run.goes_on());
        let ahead = going.find(|run| self.account(&run.destination) == account);
        ahead
            .filter(|_| queued.queued)
            .map(|run| run.destination.name.as_str())
    }

    pub fn pane_key(&mut self, ticket: Ticket, command: Command) {
        match command {
            Command::Stop => self.stop(ticket),
            Command::Back => self.show_home(),
            Command::Quit => self.ask_quit(false),
            other => {
                let mut runs = self.runs.iter_mut();
                if let Some(run) = runs.find(|run| run.ticket == ticket) {
                    let (first, out_of_sight) = &mut run.segments;
                    let moved = scrolled(u16::try_from(*first).unwrap_or(u16::MAX), other);
                    *first = moved.map_or(*first, |to| usize::from(to).min(*out_of_sight));
                }
            }
        }
    }

    /// Stops a run: once, what is in flight is finished; twice, it is dropped. One that has yet to begin is over at once.
    pub fn stop(&mut self, ticket: Ticket) {
        self.runs.retain(|run| run.ticket != ticket || !run.queued);
        if self.run(ticket).is_none() && matches!(self.screen, Screen::Pane(mine) if mine == ticket)
        {
            self.show_home();
        }
        let mut runs = self.runs.iter_mut();
        if let Some(run) = runs.find(|run| run.ticket == ticket && run.end.is_none()) {
            run.stops = run.stops.saturating_add(1).min(2);
            self.out.push(Effect::Stop(ticket));
        }
    }

    /// Leaves the program, after a question where exports go on.
    pub fn ask_quit(&mut self, by_control: bool) {
        let again = by_control && (self.ctrl_c || matches!(self.overlay, Some(Overlay::Quit)));
        if !self.exports() {
            return self.leave(0);
        }
        if again || self.leaving.is_some() {
            return self.leave(130);
        }
        self.ctrl_c = by_control;
        self.overlay = Some(Overlay::Quit);
    }

    /// Ends the program: at once if nothing is under way, otherwise when every export has stopped and written its
    /// report. Asked again, what is in flight is dropped; asked once more, nothing is waited for.
    pub fn leave(&mut self, exit: u8) {
        self.runs.retain(|run| !run.queued);
        let live = self.runs.iter().filter(|run| run.end.is_none());
        let stops: Vec<(Ticket, u8)> = live.map(|run| (run.ticket, run.stops)).collect();
        let dropped = stops.iter().all(|(_, stops)| *stops >= 2);
        if stops.is_empty() || self.leaving.is_some() && dropped {
            self.keep_draft();
            self.quit = Some(exit);
            return;
        }
        let again = self.leaving.replace(exit).is_some();
        for (ticket, _) in stops.iter().filter(|(_, stops)| again || *stops == 0) {
            self.stop(*ticket);
        }
        self.overlay = Some(Overlay::Leaving);
    }

    /// Keeps what is unfinished when the terminal is gone and nothing can be asked any more.
    pub fn leave_unfinished(&mut self) -> Vec<Effect> {
        self.keep_draft();
        std::mem::take(&mut self.out.effects)
    }

    fn keep_draft(&mut self) {
        if let Screen::Wizard(wizard) = &self.screen {
            wizard.keep(&mut self.out);
        }
    }

    pub fn ended(&mut self, ticket: Ticket, end: RunEnd) {
        let now = self.now;
        let Some(run) = self.runs.iter_mut().find(|run| run.ticket == ticket) else {
            return;
        };
        run.end = Some((end.clone(), self.clock));
        let destination = run.destination.clone();
        if run.elapsed(now) >= LONG {
            let args = [("name", destination.name.as_str().into())];
            let told = if run.is_undo() {
                self.words.with("ui-pane-undo-ended", &args)
            } else {
                self.words.with("ui-pane-ended", &args)
            };
            self.out.push(Effect::Notify(told));
        }
        let name = destination.name.clone();
        if matches!(self.screen, Screen::Pane(mine) if mine == ticket) {
            self.screen = Screen::Report(Box::new(ReportPage::of_end(destination, end)));
        }
        self.begin_next();
        self.reload();
        if let Some((_, removal)) = self.remove_after.take_if(|(after, _)| *after == ticket) {
            self.remove(removal);
        }
        let exports = self.exports();
        match (&mut self.overlay, self.leaving) {
            (_, Some(exit)) if !exports => self.leave(exit),
            (Some(Overlay::Quit), None) if !exports => self.overlay = None,
            // There is nothing to stop any more: the plain question.
            (Some(Overlay::Remove(asked)), _) if asked.destination.name == name => {
                asked.stops = false;
            }
            _ => {}
        }
    }
}
