use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;

use super::{Asker, Error, Event, OnWait, Progress, Report};
use crate::deliver::{Caller, Notice, Service, Stop};
use crate::domain::{Destination, MergeField, Reason, StartedBy, Worded};
use crate::http::{Pacer, Waits};
use crate::source::Reach;
use crate::store::{Error as StoreError, Home, RunFolder};

/// What to do about a reject, in the user's words.
pub type Advice = Arc<dyn Fn(Reason) -> String + Send + Sync>;

/// Why a run failed, in the user's words; and in those of whoever else may read of it.
pub type Telling = Arc<dyn Fn(&Error) -> Worded + Send + Sync>;

/// How a run speaks to the user.
#[derive(Clone)]
pub struct Voice {
    /// What to say about rejects.
    pub advice: Advice,
    /// What to say about a failure.
    pub explain: Telling,
}

/// The account a run uses.
#[derive(Debug, Clone)]
pub struct Access {
    /// How to call it.
    pub service: Service,
    /// The account's identifier, by which runs keep out of each other's way.
    pub account: String,
    /// The most contacts that the account's plan allows, where the user told.
    pub plan_limit: Option<u64>,
}

/// How a run differs from the usual.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is a choice of its own")]
pub struct Options {
    /// Only the first profiles.
    pub limit: Option<u64>,
    /// Only the profiles that the last full report rejected and that may fare better now.
    pub only_rejects: bool,
    /// Whether nothing that is remembered of the audience is believed, so that all of it is read anew.
    pub fresh: bool,
    /// Whether the account may have more contacts after the run than its plan allows.
    pub allow_overage: bool,
    /// Whether a source that shrank, or a segment that is gone, is taken for what it is.
    pub allow_shrink: bool,
    /// How many percent of a tag's members may lose it; `None` for the usual cap.
    pub max_removals: Option<u8>,
    /// Calls at once, at most 10.
    pub max_in_flight: usize,
    /// Whether any reject, also one the last report had, makes the exit code 3.
    pub strict: bool,
    /// Whether to wait for what keeps the run from beginning: another run, or a refresh of the source.
    pub wait: bool,
    /// Whether guards refuse; a check only tells.
    pub guards: bool,
    /// Whether to go on where what was read differs from what a service counted.
    pub trust_counts: bool,
    /// Whether a check keeps what it found of every contact.
    pub diff: bool,
    /// Merge fields that are made when the destination is saved: a check counts them as there.
    pub new_fields: Vec<MergeField>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            limit: None,
            only_rejects: false,
            fresh: false,
            allow_overage: false,
            allow_shrink: false,
            max_removals: None,
            max_in_flight: 8,
            strict: false,
            wait: false,
            guards: true,
            trust_counts: false,
            diff: false,
            new_fields: Vec::new(),
        }
    }
}

impl Options {
    /// Tells whether only some of the destination's profiles are asked for, so that nobody who is not among them has left.
    #[must_use]
    pub fn is_partial(&self) -> bool {
        self.limit.is_some() || self.only_rejects
    }
}

/// Makes what tells that one service asks us to wait.
pub(super) fn waits(tell: Option<&OnWait>, asker: Asker) -> Waits {
    match tell.cloned() {
        Some(tell) => Waits::telling(move |pause| tell(asker, pause)),
        None => Waits::default(),
    }
}

/// All that a run needs.
#[derive(Clone)]
pub struct Order {
    /// Where files are kept.
    pub home: Home,
    /// What to export, and where to.
    pub destination: Destination,
    /// Whether the destination was saved when this was ordered: a run then goes by what is saved once its turn has come.
    pub is_saved: bool,
    /// Who calls.
    pub access: Access,
    /// How the source is reached, where it is no folder.
    pub source: Option<Reach>,
    /// How it differs from the usual.
    pub options: Options,
    /// Who or what started it.
    pub started_by: StartedBy,
    /// What to say about rejects.
    pub advice: Advice,
    /// What to say about a failure.
    pub explain: Telling,
}

impl Order {
    /// Has the run's events tell of waits, in place of whoever is told outside of runs.
    pub(super) fn telling(mut self, events: &mpsc::Sender<Event>) -> Self {
        // The events end with the run, not with the last one who might tell of a wait.
        let events = events.downgrade();
        let tell: OnWait = Arc::new(move |asker, pause| {
            if let Some(events) = events.upgrade() {
                // What is only shown may be skipped.
                let _told = events.try_send(Event::Waits { asker, pause });
            }
        });
        self.access.service.waits = waits(Some(&tell), Asker::Mailchimp);
        if let Some(Reach::Service(source)) = &mut self.source {
            source.waits = waits(Some(&tell), Asker::of(&self.destination.source));
        }
        self
    }

    /// Makes the lanes, and what tells of their calls.
    pub(super) fn lanes(
        &self,
        stop: &Stop,
    ) -> Result<(Vec<Caller>, mpsc::Receiver<Notice>), Error> {
        let wanted = self.options.max_in_flight.clamp(1, 10);
        let (pacer, service) = (Pacer::new(wanted), &self.access.service);
        let (tell, notices) = mpsc::channel(256);
        let lane = |at| {
            Caller::new(
                at,
                service.clone(),
                pacer.clone(),
                tell.clone(),
                stop.clone(),
            )
        };
        let lanes: Result<Vec<Caller>, _> = (0..wanted).map(lane).collect();
        Ok((lanes?, notices))
    }

    /// Names a folder for a plan that is only looked at.
    pub(super) fn scratch(&self) -> Result<RunFolder, StoreError> {
        RunFolder::scratch(&self.home)
    }
}

/// Stops a run, and remembers by which signal.
#[derive(Debug, Clone, Default)]
pub struct StopHandle {
    /// The two steps of stopping.
    pub stop: Stop,
    pub(super) exit: Arc<AtomicU8>,
}

impl StopHandle {
    /// Stops: once, what is in flight is finished; twice, it is dropped. `exit` is the code of the signal: 130 or 143.
    pub fn ask(&self, exit: u8) {
        self.exit.store(exit, Ordering::Relaxed);
        self.stop.ask();
    }

    /// Tells the code of the signal.
    #[must_use]
    pub fn code(&self) -> u8 {
        self.exit.load(Ordering::Relaxed)
    }
}

/// How a run ended, and why when it did not come to its end.
pub struct Ending {
    /// What is kept of it; `None` when it could not even be begun.
    pub report: Option<Report>,
    /// Why it failed.
    pub failure: Option<Error>,
}

/// A run that goes on. Wizard, commands and tests hold the same three things.
pub struct Running {
    /// The latest state.
    pub progress: watch::Receiver<Progress>,
    /// The way to stop it.
    pub stop: StopHandle,
    /// Its end.
    pub done: JoinHandle<Ending>,
}
