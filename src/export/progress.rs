use std::collections::VecDeque;
use std::time::Duration;

use super::{Asker, Counters, Event, Gap, Lost, Phase, Planned};
use crate::deliver::{Told, Trouble};
use crate::domain::{Fate, NewStatus};

/// How much of the past the rate is taken over.
const RATE_WINDOW: Duration = Duration::from_secs(8);
/// How many messages are kept to be shown.
const MESSAGES: usize = 50;

/// Something worth telling a person while a run goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Message {
    /// Calls met trouble of this kind; how many may be in flight from now on.
    Trouble(Trouble, usize),
    /// A service asks us to wait so long.
    Waits(Asker, Duration),
    /// Some members were refused.
    Rejected(u64),
    /// Somebody exists by one call and not by the next ones, in Mailchimp's words.
    Unclear(String),
    /// What was read of the audience is not what the service counts.
    CountsDiffer(Gap),
    /// Some of what Segue wrote down itself is not to be had any more.
    Lost(Lost),
    /// Rows were dropped because their id stood in the same file before.
    RepeatedIds(u64),
}

/// One segment's members: settled, of how many.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SegmentProgress {
    /// Its tag.
    pub tag: String,
    /// Its label, once the plan is made.
    pub label: String,
    /// Members settled.
    pub done: u64,
    /// Members in all.
    pub total: u64,
}

/// How a run stands now: a fold of its events. Progress pane, `--json` and report all read it.
#[derive(Debug, Clone, Default)]
pub struct Progress {
    /// The run's name.
    pub run: String,
    /// The unfinished run of the destination that is settled first.
    pub resumed: Option<String>,
    /// The present stretch.
    pub phase: Option<Phase>,
    /// Who has what the run waits for, as they wrote down themselves, while it is queued.
    pub holder: Option<String>,
    /// Rows read.
    pub rows: u64,
    /// Contacts compared, of how many.
    pub compared: (u64, u64),
    /// The sums.
    pub counters: Counters,
    /// Where the audience's counts do not agree with what was read.
    pub gap: Option<Gap>,
    /// Whether the plan is made, so that the total is known.
    pub planned: bool,
    /// The segments.
    pub segments: Vec<SegmentProgress>,
    /// For each lane, since when its call is in flight (time since the start of the run).
    pub lanes: Vec<Option<Duration>>,
    /// How many calls may be in flight.
    pub limit: usize,
    /// What was worth telling, the newest last, with the time since the start.
    pub messages: VecDeque<(Duration, Message)>,
    /// Time since the start of the run.
    pub elapsed: Duration,
    /// Of how many contacts an undo is.
    pub touched: u64,
    /// What new people get, once the run began.
    status_if_new: Option<NewStatus>,
    /// The segments' labels, once the plan is made.
    labels: Vec<String>,
    /// Who asked us to wait last, and until when.
    waiting: Option<(Asker, Duration)>,
    /// Profiles done at moments of the recent past.
    recent: VecDeque<(Duration, u64)>,
}

impl Progress {
    /// Takes in who has what the run waits for, or that nobody has it any more; tells whether that is news.
    pub(super) fn queue(&mut self, holder: Option<String>) -> bool {
        let is_news = self.holder != holder;
        self.phase = holder.is_some().then_some(Phase::Queued);
        self.holder = holder;
        is_news
    }

    /// Takes in what happened, `at` a time since the start of the run.
    pub fn apply(&mut self, event: &Event, at: Duration) {
        self.elapsed = at;
        match event {
            Event::Started {
                run,
                segments,
                status_if_new,
                resumed,
            } => {
                self.run.clone_from(run);
                self.resumed.clone_from(resumed);
                self.status_if_new = Some(*status_if_new);
                let named = |tag: &String| SegmentProgress {
                    tag: tag.clone(),
                    ..SegmentProgress::default()
                };
                self.segments = segments.iter().map(named).collect();
            }
            Event::Phase { phase } => {
                self.phase = Some(*phase);
                self.recent.clear();
            }
            Event::Read { rows } => self.rows = *rows,
            Event::Compared { done, total } => self.compared = (*done, *total),
            Event::Lost(lost) => {
                if !self.counters.losses.note(*lost) {
                    self.tell(at, Message::Lost(*lost));
                }
            }
            Event::CountsDiffer(gap) => {
                self.gap = Some(*gap);
                self.tell(at, Message::CountsDiffer(*gap));
            }
            Event::Planned(planned) => self.plan(planned, at),
            Event::CallStarted {
                lane,
                writes,
                again,
            } => {
                self.counters.calls += 1;
                self.counters.writes += u64::from(*writes);
                self.counters.retries += u64::from(*again);
                if self.lanes.len() <= *lane {
                    self.lanes.resize(*lane + 1, None);
                }
                self.lanes[*lane] = Some(at);
            }
            Event::CallOver {
                lane,
                trouble,
                limit,
            } => self.call_over(*lane, *trouble, *limit, at),
            Event::Waits { asker, pause } => self.wait(*asker, *pause, at),
            Event::Settled(told) => self.settle(told, at),
            Event::Undoing { done, total } => {
                let counters = &mut self.counters;
                [counters.archived, counters.restored, counters.left] = *done;
                self.touched = *total;
            }
        }
        self.sample(at);
    }

    /// Tells how far the present stretch got: done, of how many (0 when that is not known yet).
    #[must_use]
    pub fn done(&self) -> (u64, u64) {
        match self.phase {
            Some(Phase::Delivering) => (self.counters.settled(), self.counters.profiles),
            Some(Phase::Comparing) => self.compared,
            Some(Phase::Undoing) => {
                let counters = &self.counters;
                let done = counters.archived + counters.restored + counters.left;
                (done, self.touched)
            }
            Some(Phase::Queued | Phase::Waiting | Phase::Reading) | None => (self.rows, 0),
        }
    }

    /// Counts the calls in flight.
    #[must_use]
    pub fn in_flight(&self) -> usize {
        self.lanes.iter().flatten().count()
    }

    /// Tells how many profiles, rows or contacts are done a second, over the last seconds.
    #[must_use]
    pub fn rate(&self) -> f64 {
        let (Some((from, before)), Some((to, after))) = (self.recent.front(), self.recent.back())
        else {
            return 0.0;
        };
        let seconds = to.saturating_sub(*from).as_secs_f64();
        #[expect(
            clippy::cast_precision_loss,
            reason = "a rate that is shown needs no 53 bits"
        )]
        if seconds > 0.0 {
            after.saturating_sub(*before) as f64 / seconds
        } else {
            0.0
        }
    }

    /// Tells over how much time the rate was measured, and on how many profiles.
    #[must_use]
    pub fn measured(&self) -> (Duration, u64) {
        let first = self.recent.front().copied().unwrap_or_default();
        let last = self.recent.back().copied().unwrap_or_default();
        (
            last.0.saturating_sub(first.0),
            last.1.saturating_sub(first.1),
        )
    }

    fn sample(&mut self, at: Duration) {
        let done = self.done().0;
        // A sample every quarter of a second is enough; the first one stays, to measure from.
        let many = self.recent.len() > 1;
        let quarter = Duration::from_millis(250);
        match self.recent.back_mut() {
            Some((last, count)) if many && at.saturating_sub(*last) < quarter => *count = done,
            _ => self.recent.push_back((at, done)),
        }
        while self
            .recent
            .front()
            .is_some_and(|(first, _)| at.saturating_sub(*first) > RATE_WINDOW)
        {
            self.recent.pop_front();
        }
    }

    fn plan(&mut self, planned: &Planned, at: Duration) {
        self.counters.plan(planned);
        self.planned = true;
        self.labels = planned
            .segments
            .iter()
            .map(|segment| segment.label.clone())
            .collect();
        for (segment, planned) in self.segments.iter_mut().zip(&planned.segments) {
            segment.label.clone_from(&planned.label);
            (segment.done, segment.total) = (planned.settled, planned.pending + planned.settled);
        }
        if planned.found.repeated > 0 {
            self.tell(at, Message::RepeatedIds(planned.found.repeated));
        }
    }

    fn call_over(&mut self, lane: usize, trouble: Option<Trouble>, limit: usize, at: Duration) {
        if let Some(lane) = self.lanes.get_mut(lane) {
            *lane = None;
        }
        self.limit = limit;
        if let Some(trouble) = trouble {
            self.counters.throttled += u64::from(trouble == Trouble::Throttled);
            self.tell(at, Message::Trouble(trouble, limit));
        }
    }

    /// Tells of a wait, once for all the lanes that are asked for it.
    fn wait(&mut self, asker: Asker, pause: Duration, at: Duration) {
        let told = self
            .waiting
            .filter(|(by, until)| *by == asker && at < *until);
        let until = told.map_or(at + pause, |(_, until)| until.max(at + pause));
        self.waiting = Some((asker, until));
        if told.is_none() {
            self.tell(at, Message::Waits(asker, pause));
        }
    }

    fn settle(&mut self, settled: &[Told], at: Duration) {
        let Some(new) = self.status_if_new else {
            return;
        };
        let mut rejects = 0;
        for told in settled {
            let Told { sent, fate, .. } = told;
            self.counters.take(sent, fate, new, &self.labels);
            for place in sent.segments.iter() {
                if let Some(segment) = self.segments.get_mut(place) {
                    segment.done += u64::from(!matches!(fate, Fate::Recreated { told: true }));
                }
            }
            if let Some(words) = &told.unclear {
                self.tell(at, Message::Unclear(words.to_string()));
            }
            rejects += u64::from(matches!(fate, Fate::Rejected(_)));
        }
        if rejects > 0 {
            self.tell(at, Message::Rejected(rejects));
        }
    }

    fn tell(&mut self, at: Duration, message: Message) {
        // The same trouble again and again is one message, with its latest time.
        if self
            .messages
            .back()
            .is_some_and(|(_, last)| *last == message)
        {
            self.messages.pop_back();
        }
        self.messages.push_back((at, message));
        if self.messages.len() > MESSAGES {
            self.messages.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Event, Message, Planned, Progress};
    use crate::deliver::Told;
    use crate::domain::{Fate, NewStatus, PersonKey, Reason, SegmentSet, Status};
    use crate::export::{Asker, Phase, PlannedSegment};
    use crate::store::Sent;

    fn started() -> Event {
        Event::Started {
            run: String::new(),
            segments: vec!["gold".to_owned()],
            status_if_new: NewStatus::Subscribed,
            resumed: None,
        }
    }

    fn told(fate: Fate) -> Told {
        let sent = Sent {
            key: PersonKey::of("a@x.example"),
            id: None,
            values: 1,
            profile: 1,
            segments: SegmentSet::only(0),
            add: SegmentSet::default(),
            before: Some(Status::Subscribed),
        };
        Told {
            sent,
            fate,
            reject: None,
            unclear: None,
        }
    }

    #[test]
    fn a_wait_is_told_once_for_all_the_lanes_that_are_asked_for_it() {
        let mut progress = Progress::default();
        let second = Duration::from_secs;
        let mut ask = |at, pause| {
            let (asker, pause) = (Asker::Mailchimp, second(pause));
            progress.apply(&Event::Waits { asker, pause }, second(at));
            progress.messages.len()
        };
        assert_eq!(ask(0, 40), 1);
        assert_eq!((ask(1, 40), ask(40, 5)), (1, 1));
        assert_eq!(ask(46, 2), 2);
        let first = progress
            .messages
            .front()
            .map(|(_, message)| message.clone());
        assert_eq!(first, Some(Message::Waits(Asker::Mailchimp, second(40))));
    }

    #[test]
    fn a_segment_counts_as_members_whom_the_audience_holds_though_all_are_settled() {
        let mut progress = Progress::default();
        let mut apply = |event: &Event| progress.apply(event, Duration::ZERO);
        apply(&started());
        let segments = vec![PlannedSegment {
            label: "Gold".to_owned(),
            profiles: 9,
            pending: 8,
            settled: 1,
            held: 1,
        }];
        apply(&Event::Planned(Box::new(Planned {
            segments,
            ..Planned::default()
        })));
        let created = Fate::Created {
            status: Status::Subscribed,
        };
        let refused = Fate::Rejected(Reason::Fake);
        let back = Fate::Recreated { told: true };
        for (count, fate) in [(5, created), (3, refused), (2, back)] {
            apply(&Event::Settled(vec![told(fate); count]));
        }
        let segment = &progress.segments[0];
        assert_eq!((segment.done, segment.total), (9, 9));
        assert_eq!(progress.counters.segments["Gold"].members, 4);
    }

    #[test]
    fn rule_2_every_profile_is_accounted_for_at_every_moment() {
        let mut progress = Progress::default();
        let planned = Planned {
            profiles: 10,
            create: 6,
            suppressed: 2,
            rejected: 1,
            merged: 1,
            ..Planned::default()
        };
        progress.apply(&started(), Duration::ZERO);
        progress.apply(
            &Event::Phase {
                phase: Phase::Delivering,
            },
            Duration::ZERO,
        );
        progress.apply(&Event::Planned(Box::new(planned)), Duration::ZERO);
        assert!(progress.counters.sum_holds());
        assert_eq!(progress.counters.remaining, 6);
        let status = Status::Subscribed;
        let mut settled = vec![told(Fate::Created { status }); 4];
        settled.push(told(Fate::Updated { status }));
        settled.push(told(Fate::Suppressed(Reason::Unsubscribed)));
        progress.apply(&Event::Settled(settled), Duration::from_secs(2));
        assert!(progress.counters.sum_holds());
        assert_eq!(
            (progress.counters.remaining, progress.done()),
            (0, (10, 10))
        );
        assert!(progress.rate() > 0.0);
    }
}
