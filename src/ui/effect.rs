//! The one place that performs what the application asks for: each question on a task of its own, answered exactly once.

use std::collections::HashMap;
use std::time::Duration;

use tokio::sync::mpsc::Sender;
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::Demo;
use super::desk::Desk;
use super::exports::Errand;
use super::keeping::Keeper;
use super::msg::{Effect, Msg, Question, Ticket};
use super::terminal::osc52;
use crate::domain::Destination;
use crate::export::{StopHandle, Surroundings};
use crate::login::open_browser;
use crate::store::Drafts;
use crate::words::Words;

/// How long calls in flight may take to end when the program does, and then what they leave behind.
const PATIENCE: [Duration; 2] = [Duration::from_secs(10), Duration::from_secs(5)];

/// Performs effects.
pub(super) struct Performer {
    desk: Desk,
    tell: Sender<Msg>,
    stops: HashMap<Ticket, StopHandle>,
    /// Runs and checks: what has to end in order when the program does.
    under_way: JoinSet<()>,
    keeper: Keeper,
    port: u16,
}

impl Performer {
    /// Answers to this sender.
    pub fn new(
        surroundings: Surroundings,
        words: Words,
        demo: Option<&Demo>,
        tell: Sender<Msg>,
    ) -> Self {
        let keeper = Keeper::of(Drafts::of(&surroundings.home));
        Self {
            desk: Desk::new(surroundings, words, demo),
            tell,
            stops: HashMap::new(),
            under_way: JoinSet::new(),
            keeper,
            port: demo.map_or(crate::login::DEFAULT_PORT, |demo| demo.port),
        }
    }

    /// Performs one effect. What belongs to the terminal (clipboard, bell) is handed back as bytes to send there.
    /// Nothing here may wait for a disk, a keyring or a service: this is the task that draws.
    pub fn perform(&mut self, effect: Effect) -> Option<String> {
        match effect {
            Effect::Ask(ticket, question) => self.ask(ticket, question),
            Effect::Run(ticket, destination, which) => {
                self.run(ticket, *destination, Errand::Export(which));
            }
            Effect::Undo(ticket, destination, run) => {
                self.run(ticket, *destination, Errand::Undo(run));
            }
            Effect::Stop(ticket) => {
                if let Some(stop) = self.stops.get(&ticket) {
                    stop.ask(130);
                }
            }
            Effect::DropCheck => self.drop_check(),
            Effect::Browse(url) => {
                tokio::spawn(async move { open_browser(&url).await });
            }
            Effect::Copy(text) => return Some(osc52(&text)),
            Effect::Notify(text) => return Some(format!("\x07\x1b]9;{text}\x1b\\")),
            Effect::Keep(draft) => self.keeper.keep(*draft),
            Effect::Forget(id) => self.keeper.forget(id),
        }
        None
    }

    fn ask(&mut self, ticket: Ticket, question: Question) {
        let is_check = matches!(question, Question::Check(..));
        if is_check {
            self.drop_check();
        }
        // What the first screen lists is read once everything before it is written.
        let written = matches!(question, Question::Home).then(|| self.keeper.written());
        let (desk, tell, port) = (self.desk.clone(), self.tell.clone(), self.port);
        let answering = async move {
            if let Some(written) = written {
                written.await;
            }
            let answered = tokio::spawn(desk.answer(question, port)).await;
            // The panic hook has given the terminal back: there is no going on.
            let msg = answered.map_or(Msg::End(70), |answer| Msg::Answer(ticket, answer));
            // Nobody listens any more only when the program ends.
            let _gone = tell.send(msg).await;
        };
        if is_check {
            self.see_to(answering);
        } else {
            tokio::spawn(answering);
        }
    }

    /// Begins an export, or the taking back of one.
    fn run(&mut self, ticket: Ticket, destination: Destination, errand: Errand) {
        self.drop_check();
        let (mut desk, tell) = (self.desk.clone(), self.tell.clone());
        desk.words = desk.words.speaking_of(destination.name.as_str());
        let handle = StopHandle::default();
        self.stops.insert(ticket, handle.clone());
        self.see_to(async move {
            let end = desk
                .carry_out(ticket, destination, errand, &tell, &handle)
                .await;
            let _gone = tell.send(Msg::Ended(ticket, Box::new(end))).await;
        });
    }

    /// Begins what has to come to its end before the program does.
    fn see_to(&mut self, task: impl Future<Output = ()> + Send + 'static) {
        while self.under_way.try_join_next().is_some() {}
        self.under_way.spawn(task);
    }

    /// A check that nobody waits for any more must not take calls from an export to the same account.
    fn drop_check(&mut self) {
        let former = std::mem::take(&mut self.desk.checking);
        former.ask();
        former.ask();
    }

    /// Ends in order: runs stop and write their reports, checks take away what they wrote, drafts are kept.
    pub async fn wind_up(mut self, exit: u8) {
        self.drop_check();
        self.keeper.close().await;
        for patience in PATIENCE {
            for stop in self.stops.values() {
                stop.ask(exit);
            }
            let all = async { while self.under_way.join_next().await.is_some() {} };
            if timeout(patience, all).await.is_ok() {
                return;
            }
        }
        tracing::warn!("what was under way did not end in time");
    }
}
