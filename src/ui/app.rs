//! The application: what it shows, and what each message changes. No I/O.

use std::time::Instant;

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use jiff::Timestamp;
use ratatui::layout::Rect;

use super::about::AboutPage;
use super::changes::ChangesPage;
use super::exports::Errand;
use super::history::HistoryPage;
use super::home::{Choice, Home, Seen};
use super::keys::{Command, Context};
use super::live::Live;
use super::logins::LoginsPage;
use super::msg::{Answer, Effect, HomeData, Msg, Outbox, Question, Ticket, Wait, Which};
use super::naming::{Changing, Naming};
use super::notice::Notice;
use super::overlay::{Overlay, overlaid};
use super::removal::Asked;
use super::report::{Onward, ReportPage};
use super::theme::Theme;
use super::view::Hit;
use super::wizard::{After, Step, Wizard};
use super::{Demo, Start};
use crate::domain::Destination;
use crate::store::SavedDraft;
use crate::words::Words;

/// What fills the screen.
#[derive(Debug)]
pub(super) enum Screen {
    Home,
    Wizard(Box<Wizard>),
    Pane(Ticket),
    Report(Box<ReportPage>),
    About(Box<AboutPage>),
    Logins(LoginsPage),
    History(Box<HistoryPage>),
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
    /// How many lines of the overlay are out of sight above.
    pub scroll: u16,
    /// How many can be.
    pub over: u16,
    pub quit: Option<u8>,
    /// What was just done, until the next key.
    pub notice: Option<Notice>,
    /// What can be clicked on, and where.
    pub hits: Vec<(Rect, Hit)>,
    /// The time of the message that is being looked at.
    pub now: Instant,
    /// The same for calendars.
    pub clock: Timestamp,
    pub out: Outbox,
    /// A change of a destination that is under way.
    pub changing: Option<Changing>,
    /// Schedules that are being set.
    pub scheduling: Option<Ticket>,
    /// The answer to the removing of a login.
    pub leaving_login: Wait<()>,
    /// The answer to the removing of a destination.
    pub removing: Wait<String>,
    /// What is removed when this run has ended.
    pub remove_after: Option<(Ticket, Asked)>,
    /// Ctrl-C was the last key.
    pub ctrl_c: bool,
    /// The program ends, with this exit code, when every run has.
    pub leaving: Option<u8>,
    demo: Option<Demo>,
    pub user: String,
    starts_in_wizard: bool,
    reading: Ticket,
}

impl App {
    pub fn new(words: Words, theme: Theme, user: String, demo: Option<Demo>, start: Start) -> Self {
        Self {
            words,
            theme,
            screen: Screen::Home,
            home: Home::default(),
            runs: Vec::new(),
            overlay: None,
            scroll: 0,
            over: 0,
            quit: None,
            notice: None,
            hits: Vec::new(),
            now: Instant::now(),
            clock: Timestamp::now(),
            out: Outbox::default(),
            changing: None,
            scheduling: None,
            leaving_login: Wait::Idle,
            removing: Wait::Idle,
            remove_after: None,
            ctrl_c: false,
            leaving: None,
            demo,
            user,
            starts_in_wizard: matches!(start, Start::Wizard),
            reading: 0,
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
            Msg::HomeChanged if matches!(self.screen, Screen::Home) => self.reload(),
            // What broke has been told, and the terminal given back: nothing can be shown any more.
            Msg::End(exit @ 70) => self.quit = Some(exit),
            Msg::End(exit) => self.leave(exit),
            // Any other screen reads anew when it is left.
            Msg::Key(_) | Msg::Resize | Msg::Tick | Msg::HomeChanged => {}
        }
        if let Some(notice) = self.out.notice.take() {
            self.notice = Some(notice);
        }
        std::mem::take(&mut self.out.effects)
    }

    /// What the list of destinations is made of besides what was read.
    pub fn seen(&self) -> Seen<'_> {
        Seen {
            words: &self.words,
            runs: &self.runs,
        }
    }

    /// Tells which keys apply now.
    pub fn context(&self) -> Context {
        if let Some(overlay) = &self.overlay {
            return overlay.context(self.words.lang());
        }
        match &self.screen {
            Screen::Home => self.home.context(),
            Screen::Wizard(wizard) => wizard.context(),
            Screen::Pane(_) => Context::Pane,
            Screen::Report(report) => report.context(),
            Screen::About(_) => Context::About,
            Screen::Logins(page) => page.context(self.home.data.get().map(|data| &**data)),
            Screen::History(page) => page.context(),
        }
    }

    /// Tells whether anything moves by itself.
    pub fn moves(&self) -> bool {
        let counts_down = matches!(&self.screen, Screen::Wizard(wizard) if wizard.moves());
        counts_down || self.exports()
    }

    /// Reads what the first screen shows.
    pub fn reload(&mut self) {
        if let Screen::History(page) = &mut self.screen {
            page.read(&mut self.out);
        }
        let ticket = self.out.ask(Question::Home);
        self.reading = ticket;
        // What was read last stays on the screen until the answer is there.
        if self.home.data.get().is_none() {
            self.home.data = Wait::Asked(ticket);
        }
    }

    pub fn key(&mut self, event: KeyEvent) {
        self.notice = None;
        let control = event.modifiers.contains(KeyModifiers::CONTROL);
        if control && matches!(event.code, KeyCode::Char('c' | 'q')) {
            return self.ask_quit(true);
        }
        self.ctrl_c = false;
        let context = self.context();
        let command = self.theme.keys().command(context, event);
        if self.overlay.is_some() {
            return self.overlay_key(command, event);
        }
        self.scroll = 0;
        if command == Command::Palette {
            return self.show_palette(None);
        }
        if command == Command::Help {
            return self.show_help(None);
        }
        if let (Command::Changes, Screen::Wizard(wizard)) = (command, &self.screen) {
            if let Some(diff) = wizard.diff() {
                let page = ChangesPage::open(diff, None, &mut self.out);
                self.overlay = Some(Overlay::Changes(Box::new(page)));
            }
            return;
        }
        let at = (&self.words, self.clock);
        match &mut self.screen {
            Screen::Home => {
                let seen = Seen {
                    words: &self.words,
                    runs: &self.runs,
                };
                let choice = self.home.key(command, event, seen);
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
            Screen::Logins(_) => self.logins_key(command),
            Screen::About(page) => {
                let choice = page.key(command);
                self.chosen(choice);
            }
            Screen::Report(report) => {
                let onward = report.key(command, event, &mut self.out);
                self.go_on(onward);
            }
            Screen::History(page) => {
                let onward = page.key(command, event, &mut self.out);
                self.go_on(onward);
            }
        }
    }

    /// Goes where a key led from a report, or from the list of them.
    pub fn go_on(&mut self, onward: Onward) {
        match onward {
            Onward::Stay => {}
            Onward::Home => self.show_home(),
            Onward::Again(destination) => {
                self.start(*destination, Errand::Export(Which::Rejects));
            }
            Onward::Undo(destination, run) => self.ask_undo(*destination, run),
            Onward::Did(destination, run) => {
                let page = ChangesPage::of_run(*destination, run, &mut self.out);
                self.overlay = Some(Overlay::Changes(Box::new(page)));
            }
            Onward::Edit(destination) => self.chosen(Choice::Edit(destination)),
            Onward::History(destination) => self.show_history(*destination),
            Onward::Live(name) => {
                if let Some(ticket) = self.live(&name) {
                    self.screen = Screen::Pane(ticket);
                }
            }
        }
    }

    fn show_history(&mut self, destination: Destination) {
        let page = HistoryPage::open(destination, &mut self.out);
        self.screen = Screen::History(Box::new(page));
    }

    /// Shows the first screen.
    pub fn show_home(&mut self) {
        self.screen = Screen::Home;
        self.reload();
    }

    fn chosen(&mut self, choice: Choice) {
        match choice {
            Choice::None => {}
            Choice::New => self.wizard(SavedDraft::default()),
            Choice::GoOn(saved) => self.wizard(*saved),
            Choice::Edit(destination) => {
                let begun = self.home.edited(&destination.id()).cloned();
                self.wizard(begun.unwrap_or_else(|| SavedDraft {
                    id: String::new(),
                    step: Step::Review.name().to_owned(),
                    former: Some(destination.id()),
                    draft: (*destination).into(),
                }));
            }
            Choice::Run(destinations, which) => self.ask_run(destinations, which),
            Choice::Check(destination) => {
                let ticket = self.out.ask(Question::Check(destination, Vec::new()));
                self.overlay = Some(Overlay::Check(Wait::Asked(ticket)));
            }
            Choice::View(destination) => {
                self.screen = Screen::About(Box::new(AboutPage::of(*destination)));
            }
            Choice::Rename(destination) => self.ask_name(*destination, Naming::Rename),
            Choice::Duplicate(destination) => self.ask_name(*destination, Naming::Duplicate),
            Choice::Schedule(all, stopped) => self.ask_schedule(all, stopped),
            Choice::Detach(destination) => self.overlay = Some(Overlay::Detach(destination)),
            Choice::Remove(destination) => self.ask_remove(*destination),
            Choice::Undo(destination) => self.ask_undo(*destination, None),
            Choice::History(destination) => self.show_history(*destination),
            Choice::Tell(why) => self.overlay = Some(Overlay::Failed(*why)),
            Choice::DropDraft(saved) => self.overlay = Some(Overlay::DropDraft(saved)),
            Choice::Open(destination) => self.open(*destination),
            Choice::Logins => self.screen = Screen::Logins(LoginsPage::default()),
            Choice::Home => self.show_home(),
            Choice::Quit => self.ask_quit(false),
        }
    }

    fn wizard(&mut self, mut saved: SavedDraft) {
        let is_kept = !saved.id.is_empty();
        if !is_kept {
            saved.id = self.home.free_id(self.clock);
        }
        let none = HomeData::default();
        let home = self.home.data.get().map_or(&none, |data| &**data);
        let demo = self.demo.as_ref();
        let mut wizard = Wizard::new((saved, is_kept), home, &self.user, demo);
        wizard.begin(self.clock, &mut self.out);
        self.screen = Screen::Wizard(Box::new(wizard));
    }

    pub fn after(&mut self, after: After) {
        if let (After::Saved(saved, _), Screen::Wizard(wizard)) = (&after, &self.screen)
            && let Some(former) = wizard.former.clone()
        {
            self.changed(&former, saved);
        }
        match after {
            After::AskLeave => self.overlay = Some(Overlay::LeaveWizard),
            // Nothing that is being read is put away, least of all by a question.
            After::AskExport(checked) if self.overlay.is_none() => {
                self.overlay = Some(Overlay::Export(checked));
            }
            After::Nothing | After::AskExport(_) => {}
            After::Saved(destination, true) => {
                self.reload();
                self.start(*destination, Errand::Export(Which::Usual));
            }
            After::Saved(destination, false) => {
                // The next key is for what was just made, not for what the cursor was on before.
                self.show_home();
                self.home.go_to(destination.name.as_str());
            }
            After::Leave => self.show_home(),
        }
    }

    fn answer(&mut self, ticket: Ticket, answer: Answer) {
        match answer {
            Answer::Home(data) if ticket == self.reading => {
                let seen = Seen {
                    words: &self.words,
                    runs: &self.runs,
                };
                self.home.take(data, seen);
                if std::mem::take(&mut self.starts_in_wizard) {
                    self.wizard(SavedDraft::default());
                }
            }
            Answer::LoggedOut(outcome) => self.logged_out(ticket, outcome),
            Answer::Changed(changed) => self.has_changed(ticket, changed),
            Answer::Scheduled(set) => self.has_scheduled(ticket, set),
            Answer::LoginsOfOnly(logins) => self.goes_with(ticket, logins),
            Answer::Undo(offer) => self.offered(ticket, offer),
            Answer::Removed(removed) if self.removing.is(ticket) => self.removed(removed),
            answer => self.answer_below(ticket, answer),
        }
    }

    /// Hands an answer to what lies over the screen, if that waits for it, or else to the screen.
    fn answer_below(&mut self, ticket: Ticket, answer: Answer) {
        let waits = |over: &Overlay| match (over, &answer) {
            (Overlay::Check(wait), Answer::Check(_)) => wait.is(ticket),
            (Overlay::Changes(_), Answer::Changes(_) | Answer::Did(_) | Answer::Written(_)) => true,
            _ => false,
        };
        match (overlaid(&mut self.overlay, waits), answer) {
            (Some(Overlay::Check(wait)), Answer::Check(checked)) => wait.settle(checked),
            (Some(Overlay::Changes(page)), answer) => page.answer(ticket, answer, &mut self.out),
            (_, answer) => match &mut self.screen {
                Screen::Wizard(wizard) => {
                    let at = (&self.words, self.clock);
                    let after = wizard.answer(ticket, answer, at, &mut self.out);
                    self.after(after);
                }
                Screen::Report(report) => report.answer(ticket, answer, &mut self.out),
                Screen::History(page) => page.answer(ticket, answer, &mut self.out),
                Screen::Home | Screen::Pane(_) | Screen::About(_) | Screen::Logins(_) => {}
            },
        }
    }
}
