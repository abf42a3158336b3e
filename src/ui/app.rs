//! The application: what it shows, and what each message changes. No I/O.

use std::time::Instant;

use crossterm::event::{
    KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEvent, MouseEventKind,
};
use jiff::Timestamp;
use ratatui::layout::{Position, Rect};

use super::home::{Choice, Home};
use super::keys::{Command, Context};
use super::msg::{Answer, Effect, HomeData, Msg, Outbox, Question, RunEnd, Ticket, Wait};
use super::overlay::Overlay;
use super::pane::Live;
use super::report::ReportPage;
use super::theme::Theme;
use super::wizard::{After, Wizard};
use super::{Demo, Start};
use crate::domain::{Destination, Draft};
use crate::store::SavedDraft;
use crate::words::Words;

/// A run shorter than this ends without a bell.
const LONG: std::time::Duration = std::time::Duration::from_secs(20);

/// What fills the screen.
#[derive(Debug)]
pub(super) enum Screen {
    Home,
    Wizard(Box<Wizard>),
    Pane(Ticket),
    Report(Box<ReportPage>),
}

/// The whole state.
#[derive(Debug)]
pub(super) struct App {
    pub words: Words,
    pub theme: Theme,
    pub screen: Screen,
    pub home: Home,
    pub runs: Vec<Live>,
    pub overlay: Option<Overlay>,
    pub quit: Option<u8>,
    /// Keys that the footer shows, and where: a click on one presses it.
    pub hits: Vec<(Rect, KeyCode)>,
    /// The time of the message that is being looked at.
    pub now: Instant,
    /// The same for calendars.
    pub clock: Timestamp,
    out: Outbox,
    demo: Option<Demo>,
    user: String,
    starts_in_wizard: bool,
    removing: Wait<()>,
    reading: Ticket,
    ctrl_c: bool,
}

impl App {
    pub fn new(words: Words, colour: bool, user: String, demo: Option<Demo>, start: Start) -> Self {
        Self {
            words,
            theme: Theme::new(colour),
            screen: Screen::Home,
            home: Home::default(),
            runs: Vec::new(),
            overlay: None,
            quit: None,
            hits: Vec::new(),
            now: Instant::now(),
            clock: Timestamp::now(),
            out: Outbox::default(),
            demo,
            user,
            starts_in_wizard: matches!(start, Start::Wizard),
            removing: Wait::Idle,
            reading: 0,
            ctrl_c: false,
        }
    }

    /// Asks for what the first screen shows.
    pub fn begin(&mut self) -> Vec<Effect> {
        self.reload();
        std::mem::take(&mut self.out.effects)
    }

    /// Takes a message.
    pub fn update(&mut self, msg: Msg) -> Vec<Effect> {
        match msg {
            Msg::Key(event) if event.kind != KeyEventKind::Release => self.key(event),
            Msg::Paste(text) => self.paste(&text),
            Msg::Mouse(event) => self.mouse(event),
            Msg::Answer(ticket, answer) => self.answer(ticket, answer),
            Msg::Progress(ticket, progress) => {
                let now = self.now;
                if let Some(run) = self
                    .runs
                    .iter_mut()
                    .find(|run| run.ticket == ticket && run.end.is_none())
                {
                    run.update(*progress, now);
                }
            }
            Msg::Ended(ticket, end) => self.ended(ticket, *end),
            Msg::End(exit) => self.leave(exit),
            Msg::Key(_) | Msg::Resize | Msg::Tick => {}
        }
        std::mem::take(&mut self.out.effects)
    }

    /// Tells which keys apply now.
    pub fn context(&self) -> Context {
        if let Some(overlay) = &self.overlay {
            return overlay.context();
        }
        match &self.screen {
            Screen::Home => self.home.context(),
            Screen::Wizard(wizard) => wizard.context(),
            Screen::Pane(_) => Context::Pane,
            Screen::Report(report) => report.context(),
        }
    }

    /// Tells whether anything moves by itself.
    pub fn moves(&self) -> bool {
        let counts_down = matches!(&self.screen, Screen::Wizard(wizard) if wizard.moves());
        counts_down || self.runs.iter().any(|run| run.end.is_none())
    }

    /// Finds a run that this program started.
    pub fn run(&self, ticket: Ticket) -> Option<&Live> {
        self.runs.iter().find(|run| run.ticket == ticket)
    }

    fn reload(&mut self) {
        let ticket = self.out.ask(Question::Home);
        self.reading = ticket;
        // What was read last stays on the screen until the answer is there.
        if self.home.data.get().is_none() {
            self.home.data = Wait::Asked(ticket);
        }
        self.removing = Wait::Idle;
    }

    fn key(&mut self, event: KeyEvent) {
        let control = event.modifiers.contains(KeyModifiers::CONTROL);
        if control && matches!(event.code, KeyCode::Char('c' | 'q')) {
            return self.ask_quit(true);
        }
        self.ctrl_c = false;
        let context = self.context();
        let command = context.command(event);
        if self.overlay.is_some() {
            return self.overlay_key(command);
        }
        if command == Command::Help {
            let step = match &self.screen {
                Screen::Wizard(wizard) => Some(wizard.step),
                _ => None,
            };
            self.overlay = Some(Overlay::Help(context, step));
            return;
        }
        let at = (&self.words, self.clock);
        match &mut self.screen {
            Screen::Home => {
                let choice = self.home.key(command, event);
                self.chosen(choice);
            }
            Screen::Wizard(wizard) => {
                let after = wizard.key(command, event, at, &mut self.out);
                self.after(after);
            }
            Screen::Pane(ticket) => {
                let ticket = *ticket;
                self.pane_key(ticket, command);
            }
            Screen::Report(report) => {
                if report.key(command, &mut self.out) {
                    self.show_home();
                }
            }
        }
    }

    fn pane_key(&mut self, ticket: Ticket, command: Command) {
        match command {
            Command::Stop => {
                if let Some(run) = self.runs.iter_mut().find(|run| run.ticket == ticket) {
                    run.stops = run.stops.saturating_add(1).min(2);
                    self.out.push(Effect::Stop(ticket));
                }
            }
            Command::Back => self.show_home(),
            Command::Quit => self.ask_quit(false),
            _ => {}
        }
    }

    fn show_home(&mut self) {
        self.screen = Screen::Home;
        self.reload();
    }

    fn ask_quit(&mut self, by_control: bool) {
        let again = by_control && (self.ctrl_c || matches!(self.overlay, Some(Overlay::Quit)));
        if !self.moves() || again {
            let exit = if self.moves() { 130 } else { 0 };
            return self.leave(exit);
        }
        self.ctrl_c = by_control;
        self.overlay = Some(Overlay::Quit);
    }

    fn leave(&mut self, exit: u8) {
        if let Screen::Wizard(wizard) = &self.screen
            && wizard.draft != Draft::default()
        {
            self.out.push(Effect::Keep(Box::new(wizard.saved())));
        }
        self.quit = Some(exit);
    }

    fn overlay_key(&mut self, command: Command) {
        let yes = command == Command::Choose;
        if !yes && command != Command::Back && !matches!(command, Command::Enter | Command::Help) {
            return;
        }
        match self.overlay.take() {
            Some(Overlay::Remove(name)) if yes => {
                self.removing = Wait::Asked(self.out.ask(Question::Remove(name)));
            }
            Some(Overlay::NewOverDraft) if yes => self.wizard(SavedDraft::default()),
            Some(Overlay::DropDraft) if yes => {
                self.out.push(Effect::Forget);
                self.reload();
            }
            Some(Overlay::Quit) if yes => self.leave(130),
            // Enter neither agrees nor refuses: a question wants a clear answer.
            Some(
                question @ (Overlay::Remove(_)
                | Overlay::NewOverDraft
                | Overlay::DropDraft
                | Overlay::Quit),
            ) if command != Command::Back => {
                self.overlay = Some(question);
            }
            _ => {}
        }
    }

    fn chosen(&mut self, choice: Choice) {
        match choice {
            Choice::None => {}
            Choice::New
                if self
                    .home
                    .data
                    .get()
                    .is_some_and(|data| data.draft.is_some()) =>
            {
                self.overlay = Some(Overlay::NewOverDraft);
            }
            Choice::New => self.wizard(SavedDraft::default()),
            Choice::GoOn => {
                let saved = self.home.data.get().and_then(|data| data.draft.clone());
                self.wizard(saved.unwrap_or_default());
            }
            Choice::Edit(destination) => self.wizard(SavedDraft {
                step: 9,
                former: Some(destination.name.to_string()),
                draft: (*destination).into(),
            }),
            Choice::Run(destination) => self.start(*destination),
            Choice::Check(destination) => {
                let ticket = self.out.ask(Question::Check(destination));
                self.overlay = Some(Overlay::Check(Wait::Asked(ticket)));
            }
            Choice::Remove(name) => self.overlay = Some(Overlay::Remove(name)),
            Choice::DropDraft => self.overlay = Some(Overlay::DropDraft),
            Choice::Open(destination) => self.open(*destination),
            Choice::Quit => self.ask_quit(false),
        }
    }

    fn open(&mut self, destination: Destination) {
        let live = self
            .runs
            .iter()
            .find(|run| run.end.is_none() && run.destination.name == destination.name);
        if let Some(run) = live {
            self.screen = Screen::Pane(run.ticket);
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

    fn start(&mut self, destination: Destination) {
        let live = self
            .runs
            .iter()
            .find(|run| run.end.is_none() && run.destination.name == destination.name);
        if let Some(run) = live {
            self.screen = Screen::Pane(run.ticket);
            return;
        }
        let ticket = self.out.ticket();
        self.runs.retain(|run| run.end.is_none());
        self.runs
            .push(Live::new(ticket, destination.clone(), self.now));
        self.out.push(Effect::Run(ticket, Box::new(destination)));
        self.screen = Screen::Pane(ticket);
    }

    fn wizard(&mut self, saved: SavedDraft) {
        let none = HomeData::default();
        let home = self.home.data.get().map_or(&none, |data| &**data);
        let demo = self.demo.as_ref();
        let mut wizard = Wizard::new(saved, home, &self.user, demo);
        wizard.begin(&mut self.out);
        self.screen = Screen::Wizard(Box::new(wizard));
    }

    fn after(&mut self, after: After) {
        match after {
            After::Nothing => {}
            After::Saved(destination, true) => {
                self.reload();
                self.start(*destination);
            }
            After::Leave | After::Saved(_, false) => self.show_home(),
        }
    }

    fn answer(&mut self, ticket: Ticket, answer: Answer) {
        match answer {
            Answer::Home(data) if ticket == self.reading => {
                self.home.data.settle(data);
                if std::mem::take(&mut self.starts_in_wizard) {
                    self.wizard(SavedDraft::default());
                }
            }
            Answer::Removed(removed) if self.removing.is(ticket) => {
                self.reload();
                if let Err(why) = removed {
                    self.overlay = Some(Overlay::Failed(why));
                }
            }
            Answer::Check(checked) if matches!(&self.overlay, Some(Overlay::Check(wait)) if wait.is(ticket)) =>
            {
                let mut wait = Wait::Idle;
                wait.settle(checked);
                self.overlay = Some(Overlay::Check(wait));
            }
            answer => match &mut self.screen {
                Screen::Wizard(wizard) => {
                    let at = (&self.words, self.clock);
                    let after = wizard.answer(ticket, answer, at, &mut self.out);
                    self.after(after);
                }
                Screen::Report(report) => report.answer(ticket, answer),
                Screen::Home | Screen::Pane(_) => {}
            },
        }
    }

    fn ended(&mut self, ticket: Ticket, end: RunEnd) {
        let now = self.now;
        let Some(run) = self.runs.iter_mut().find(|run| run.ticket == ticket) else {
            return;
        };
        run.end = Some(end.clone());
        let destination = run.destination.clone();
        if run.elapsed(now) >= LONG {
            let args = [("name", destination.name.as_str().into())];
            self.out
                .push(Effect::Notify(self.words.with("ui-pane-ended", &args)));
        }
        if matches!(self.overlay, Some(Overlay::Quit)) && !self.moves() {
            self.overlay = None;
        }
        if matches!(self.screen, Screen::Pane(mine) if mine == ticket) {
            self.screen = Screen::Report(Box::new(ReportPage::of_end(destination, end)));
        }
        self.reload();
    }

    fn paste(&mut self, text: &str) {
        if self.overlay.is_some() {
            return;
        }
        let at = (&self.words, self.clock);
        match &mut self.screen {
            Screen::Home => self.home.paste(text),
            Screen::Wizard(wizard) => wizard.paste(text, at, &mut self.out),
            Screen::Pane(_) | Screen::Report(_) => {}
        }
    }

    fn mouse(&mut self, event: MouseEvent) {
        match event.kind {
            MouseEventKind::ScrollDown => self.key(KeyCode::Down.into()),
            MouseEventKind::ScrollUp => self.key(KeyCode::Up.into()),
            MouseEventKind::Down(MouseButton::Left) => {
                let place = Position::new(event.column, event.row);
                let hit = self
                    .hits
                    .iter()
                    .find(|(area, _)| area.contains(place))
                    .map(|(_, code)| *code);
                if let Some(code) = hit {
                    self.key(code.into());
                } else if matches!(self.screen, Screen::Home)
                    && self.overlay.is_none()
                    && event.row >= 4
                {
                    self.home.select(usize::from(event.row - 4));
                }
            }
            _ => {}
        }
    }
}
