//! The application's export runs: started, looked at, stopped; and the leaving of the program, which waits for them to end.

use std::time::Duration;

use super::app::{App, Screen};
use super::keys::Command;
use super::msg::{Effect, RunEnd, Ticket, Which};
use super::overlay::Overlay;
use super::pane::Live;
use super::report::ReportPage;
use crate::domain::Destination;

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
                .find(|(row, _)| row.name == destination.name)?;
            row.1.clone()
        });
        self.screen = Screen::Report(Box::new(ReportPage::of_past(destination, last)));
    }

    pub fn start(&mut self, destination: Destination, which: Which) {
        if let Some(ticket) = self.live(destination.name.as_str()) {
            self.screen = Screen::Pane(ticket);
            return;
        }
        let ticket = self.out.ticket();
        self.runs.retain(|run| run.end.is_none());
        self.runs
            .push(Live::new(ticket, destination.clone(), self.now));
        let run = Effect::Run(ticket, Box::new(destination), which);
        self.out.push(run);
        self.screen = Screen::Pane(ticket);
    }

    pub fn pane_key(&mut self, ticket: Ticket, command: Command) {
        match command {
            Command::Stop => self.stop(ticket),
            Command::Back => self.show_home(),
            Command::Quit => self.ask_quit(false),
            _ => {}
        }
    }

    /// Stops a run: once, what is in flight is finished; twice, it is dropped.
    pub fn stop(&mut self, ticket: Ticket) {
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
        run.end = Some(end.clone());
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
