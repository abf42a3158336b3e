use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use proptest::test_runner::TestRng;

use super::{Agenda, Close, Then, Turn, Wanted};
use crate::domain::{Refresh, Schedule, Times};

fn at(text: &str) -> Timestamp {
    text.parse().expect("time")
}

fn minutes(count: i64) -> SignedDuration {
    SignedDuration::from_mins(count)
}

fn daily(times: &[&str], zone: &str) -> Schedule {
    Schedule::Daily {
        times: Times::parse(times.iter().copied()).expect("times"),
        zone: zone.parse().expect("zone"),
    }
}

fn set(schedule: Schedule, at_time: &str) -> Agenda {
    Agenda::new(schedule, at(at_time))
}

fn runs(agenda: &mut Agenda, now: Timestamp, refresh: Option<&Refresh>) -> Option<Wanted> {
    match agenda.look(now, refresh) {
        Turn::Run(wanted) => Some(wanted),
        Turn::Rest | Turn::Wait | Turn::Skip { .. } => None,
    }
}

/// Runs what is due to its end at once.
fn done(agenda: &mut Agenda, now: &str) -> bool {
    let wanted = runs(agenda, at(now), None);
    let is_due = wanted.is_some();
    if let Some(wanted) = wanted {
        agenda.begin(wanted);
        agenda.close(Close::Done, "", at(now));
    }
    is_due
}

#[test]
fn what_was_due_before_the_schedule_was_set_is_none_of_it() {
    let mut agenda = set(daily(&["06:00"], "UTC"), "2026-01-01T06:00:01Z");
    assert!(!done(&mut agenda, "2026-01-01T12:00:00Z"));
    assert!(done(&mut agenda, "2026-01-02T06:00:00Z"));
    assert!(!done(&mut agenda, "2026-01-02T06:00:00Z"));
}

#[test]
fn a_night_of_sleep_is_made_up_for_by_one_run() {
    let schedule = daily(&["00:00", "02:00", "04:00", "06:00"], "UTC");
    let mut agenda = set(schedule, "2026-01-01T12:00:00Z");
    let overdue = at("2026-01-05T06:00:00Z");
    assert_eq!(agenda.next_run(at("2026-01-05T07:00:00Z")), Some(overdue));
    assert!(done(&mut agenda, "2026-01-05T07:00:00Z"));
    assert!(!done(&mut agenda, "2026-01-05T23:59:59Z"));
    let next = agenda.next_run(at("2026-01-05T07:00:00Z"));
    assert_eq!(next, Some(at("2026-01-06T00:00:00Z")));
}

#[test]
fn a_run_that_died_or_was_stopped_is_due_as_before() {
    let mut agenda = set(daily(&["06:00"], "UTC"), "2026-01-01T00:00:00Z");
    let now = at("2026-01-01T06:00:00Z");
    let wanted = runs(&mut agenda, now, None).expect("due");
    agenda.begin(wanted.clone());
    assert_eq!(agenda.look(now, None), Turn::Rest, "it goes on");
    assert_eq!(agenda.close(Close::Stopped, "", now), Then::GoesOn);
    assert_eq!(runs(&mut agenda, now, None), Some(wanted));
}

#[test]
fn what_fails_for_now_is_tried_again_with_growing_pauses_for_six_hours() {
    let mut agenda = set(daily(&["06:00"], "UTC"), "2026-01-01T00:00:00Z");
    let began = at("2026-01-01T06:00:00Z");
    let (mut now, mut pauses) = (began, Vec::new());
    loop {
        let wanted = runs(&mut agenda, now, None).expect("tried");
        agenda.begin(wanted);
        match agenda.close(Close::Transient, "busy", now) {
            Then::Retry(retry_at) => {
                assert_eq!(runs(&mut agenda, retry_at - minutes(1) / 60, None), None);
                assert_eq!(agenda.next_run(now), Some(retry_at));
                pauses.push(retry_at.duration_since(now).as_mins());
                now = retry_at;
            }
            Then::Stops => break,
            Then::GoesOn => panic!("it failed"),
        }
    }
    assert_eq!(pauses[..8], [1, 2, 4, 8, 16, 32, 60, 60]);
    assert_eq!(now.duration_since(began), SignedDuration::from_hours(6));
    assert!(agenda.is_stopped() && agenda.next_run(now).is_none());
    // The next day nothing runs either, until somebody looks.
    assert_eq!(runs(&mut agenda, now + minutes(3 * 24 * 60), None), None);
    agenda.looked_at(now + minutes(60));
    assert_eq!(
        runs(&mut agenda, now + minutes(61), None),
        None,
        "done by hand"
    );
    assert!(runs(&mut agenda, now + minutes(24 * 60), None).is_some());
}

#[test]
fn a_night_of_sleep_is_no_night_of_failures() {
    let mut agenda = set(daily(&["06:00"], "UTC"), "2026-01-01T00:00:00Z");
    let fails = |agenda: &mut Agenda, now| {
        let wanted = runs(agenda, now, None).expect("tried");
        agenda.begin(wanted);
        agenda.close(Close::Transient, "no network", now)
    };
    let evening = at("2026-01-01T23:00:00Z");
    fails(&mut agenda, evening);
    let mut now = at("2026-01-02T08:00:00Z");
    for failures in 2..12 {
        let Then::Retry(retry_at) = fails(&mut agenda, now) else {
            panic!("given up after {failures} tries");
        };
        assert!(retry_at > now);
        now = retry_at;
    }
    assert_eq!(fails(&mut agenda, now), Then::Stops);
}

#[test]
fn a_source_that_answers_ends_the_trouble_of_asking_it_but_not_that_of_exporting() {
    let (mut agenda, now) = (on_refresh(None), at("2026-01-01T00:00:00Z"));
    runs(&mut agenda, now, Some(&refresh("a")));
    agenda.close(Close::Transient, "no answer", now);
    let running = Refresh {
        running: true,
        ..refresh("b")
    };
    agenda.look(now + minutes(1), Some(&running));
    assert_eq!(agenda.trouble, None);
    let wanted = runs(&mut agenda, now + minutes(2), Some(&refresh("b"))).expect("due");
    agenda.begin(wanted);
    agenda.close(Close::Transient, "busy", now + minutes(2));
    agenda.close(Close::Transient, "no answer", now + minutes(3));
    agenda.look(now + minutes(5), Some(&running));
    let trouble = agenda.trouble.expect("the export has not come to its end");
    assert_eq!(trouble.failures, 2);
}

#[test]
fn what_fails_for_good_stops_the_schedule_and_success_forgets_all_failures() {
    let mut agenda = set(daily(&["06:00"], "UTC"), "2026-01-01T00:00:00Z");
    let now = at("2026-01-01T06:00:00Z");
    let close = |agenda: &mut Agenda, close, now| {
        let wanted = runs(agenda, now, None).expect("due");
        agenda.begin(wanted);
        agenda.close(close, "x", now)
    };
    assert_eq!(
        close(&mut agenda, Close::Transient, now),
        Then::Retry(now + minutes(1))
    );
    assert_eq!(
        close(&mut agenda, Close::Done, now + minutes(1)),
        Then::GoesOn
    );
    assert_eq!(agenda.trouble, None);
    let tomorrow = now + minutes(24 * 60);
    let then = close(&mut agenda, Close::Transient, tomorrow);
    assert_eq!(
        then,
        Then::Retry(tomorrow + minutes(1)),
        "pauses begin anew"
    );
    assert_eq!(
        close(&mut agenda, Close::Permanent, tomorrow + minutes(1)),
        Then::Stops
    );
    assert!(agenda.is_stopped());
}

fn refresh(mark: &str) -> Refresh {
    Refresh {
        mark: mark.to_owned(),
        ..Refresh::default()
    }
}

fn on_refresh(quiet_seconds: Option<u32>) -> Agenda {
    set(
        Schedule::OnRefresh { quiet_seconds },
        "2026-01-01T00:00:00Z",
    )
}

#[test]
fn each_refresh_is_one_run_and_the_first_state_is_none() {
    let (mut agenda, now) = (on_refresh(None), at("2026-01-01T00:00:00Z"));
    assert_eq!(runs(&mut agenda, now, None), None, "nobody knows");
    assert_eq!(runs(&mut agenda, now, Some(&refresh("a"))), None);
    for mark in ["b", "c", "a"] {
        let wanted = runs(&mut agenda, now, Some(&refresh(mark))).expect("due");
        agenda.begin(wanted);
        agenda.close(Close::Done, "", now);
        assert_eq!(runs(&mut agenda, now, Some(&refresh(mark))), None);
    }
}

#[test]
fn a_refresh_after_the_schedule_was_set_counts_whoever_saw_the_source_first() {
    let set_at = at("2026-01-01T00:00:00Z");
    let first = |ended_at: Timestamp| {
        let told = Refresh {
            ended_at: Some(ended_at),
            ..refresh("a")
        };
        let mut agenda = on_refresh(None);
        runs(&mut agenda, set_at + minutes(60), Some(&told)).is_some()
    };
    assert!(!first(set_at) && !first(set_at - minutes(1)));
    assert!(first(set_at + minutes(1)));
}

#[test]
fn setting_a_schedule_anew_forgets_no_refresh_that_is_owed() {
    let now = at("2026-01-01T00:00:00Z");
    let quiet = |seconds| Schedule::OnRefresh {
        quiet_seconds: Some(seconds),
    };
    let mut agenda = on_refresh(Some(60));
    runs(&mut agenda, now, Some(&refresh("a")));
    assert_eq!(agenda.look(now, Some(&refresh("b"))), Turn::Wait);
    agenda.close(Close::Permanent, "gone", now);
    let mut again = Agenda::set(Some(&agenda), quiet(30), now + minutes(1));
    assert!(!again.is_stopped(), "whoever sets it has looked");
    assert!(runs(&mut again, now + minutes(1), Some(&refresh("b"))).is_some());
    // What another kind of schedule knew says nothing of the source.
    let clock = set(daily(&["06:00"], "UTC"), "2026-01-01T00:00:00Z");
    let mut new = Agenda::set(Some(&clock), quiet(30), now);
    assert_eq!(runs(&mut new, now, Some(&refresh("b"))), None);
}

#[test]
fn a_refresh_during_a_run_is_another_run() {
    let (mut agenda, now) = (on_refresh(None), at("2026-01-01T00:00:00Z"));
    runs(&mut agenda, now, Some(&refresh("a")));
    let wanted = runs(&mut agenda, now, Some(&refresh("b"))).expect("due");
    agenda.begin(wanted);
    assert_eq!(agenda.look(now, Some(&refresh("c"))), Turn::Rest);
    agenda.close(Close::Done, "", now);
    let wanted = runs(&mut agenda, now, Some(&refresh("c"))).expect("due");
    assert_eq!(wanted.mark.as_deref(), Some("c"));
}

#[test]
fn a_source_that_moves_is_waited_for_until_it_has_been_quiet() {
    let (mut agenda, now) = (on_refresh(Some(60)), at("2026-01-01T00:00:00Z"));
    let second = |count| now + SignedDuration::from_secs(count);
    runs(&mut agenda, now, Some(&refresh("a")));
    for (after, mark, turn) in [
        (10, "b", false),
        (50, "c", false),
        (109, "c", false),
        (110, "c", true),
    ] {
        let due = runs(&mut agenda, second(after), Some(&refresh(mark)));
        assert_eq!(due.is_some(), turn, "{after}");
        assert_eq!(agenda.waits, !turn, "{after}");
    }
    // By its own word it has been quiet for long.
    let told = Refresh {
        ended_at: Some(second(10)),
        ..refresh("d")
    };
    assert!(runs(&mut agenda, second(120), Some(&told)).is_some());
    // Back to what was exported: nothing is owed.
    assert_eq!(runs(&mut agenda, second(130), Some(&refresh("a"))), None);
    assert_eq!(agenda.newer, None);
}

#[test]
fn a_run_waits_while_the_source_is_refreshed_and_is_left_out_where_that_failed() {
    let running = |mark| Refresh {
        running: true,
        ..refresh(mark)
    };
    let now = at("2026-01-02T06:00:00Z");
    let mut clock = set(daily(&["06:00"], "UTC"), "2026-01-02T00:00:00Z");
    assert!(clock.asks_source(now) && !clock.asks_source(now - minutes(1)));
    assert_eq!(clock.look(now, Some(&running("a"))), Turn::Wait);
    assert!(clock.waits);
    assert!(runs(&mut clock, now + minutes(50), Some(&refresh("b"))).is_some());

    let mut agenda = on_refresh(None);
    agenda.look(now, Some(&refresh("a")));
    assert_eq!(agenda.look(now, Some(&running("b"))), Turn::Wait);
    let broken = Refresh {
        failed: Some("job 7".to_owned()),
        ..refresh("b")
    };
    let failed = "job 7".to_owned();
    assert_eq!(agenda.look(now, Some(&broken)), Turn::Skip { failed });
    assert_eq!(agenda.look(now, Some(&broken)), Turn::Rest, "told once");
    assert!(runs(&mut agenda, now, Some(&refresh("c"))).is_some());
}

#[test]
fn a_clock_that_was_years_ahead_keeps_nothing_from_running() {
    let mut agenda = set(daily(&["06:00"], "UTC"), "2026-01-01T00:00:00Z");
    assert!(done(&mut agenda, "2031-07-01T00:00:00Z"));
    assert!(!done(&mut agenda, "2026-01-01T12:00:00Z"));
    assert!(done(&mut agenda, "2026-01-02T06:00:00Z"));
}

#[test]
fn what_is_remembered_is_read_as_it_was_written() {
    let mut agenda = on_refresh(Some(5));
    let now = at("2026-01-01T00:00:00Z");
    agenda.look(now, Some(&refresh("a")));
    let wanted = runs(
        &mut agenda,
        now + minutes(1),
        Some(&Refresh {
            ended_at: Some(now),
            ..refresh("b")
        }),
    );
    agenda.begin(wanted.expect("due"));
    agenda.close(Close::Transient, "x", now);
    let text = toml::to_string(&agenda).expect("toml");
    assert_eq!(toml::from_str::<Agenda>(&text).expect(&text), agenda);
}

/// A year of a watcher with a clock that is set by hand: it sleeps, the clock steps, the account is full for hours.
struct Year {
    agenda: Agenda,
    now: Timestamp,
    rng: TestRng,
    /// Until when the run under way lasts.
    busy: Option<Timestamp>,
    ran: Vec<Wanted>,
}

impl Year {
    fn draw(&mut self, below: u32) -> i64 {
        i64::from(self.rng.next_u32() % below)
    }

    /// Some minutes pass, or a night; now and then the clock is set.
    fn pass(&mut self) {
        let event = self.draw(500);
        let step = match event {
            0 => minutes(60 * (1 + self.draw(40))),
            1 => -minutes(1 + self.draw(180)),
            2 => minutes(1 + self.draw(180)),
            _ => minutes(1 + self.draw(30)),
        };
        self.now += step;
    }

    fn look(&mut self) {
        if self.busy.is_some_and(|until| self.now >= until) {
            self.busy = None;
            self.agenda.close(Close::Done, "", self.now);
        }
        // What is remembered is all that outlives the program.
        if self.draw(20) == 0 {
            let text = toml::to_string(&self.agenda).expect("toml");
            self.agenda = toml::from_str(&text).expect("read");
        }
        if let Turn::Run(wanted) = self.agenda.look(self.now, None) {
            assert!(self.busy.is_none(), "one at a time");
            self.agenda.begin(wanted.clone());
            self.ran.push(wanted);
            let long = if self.draw(20) == 0 {
                60 * 9
            } else {
                self.draw(10)
            };
            self.busy = Some(self.now + minutes(long));
        }
    }
}

#[test]
fn a_year_of_schedules_runs_nothing_twice_and_forgets_nothing() {
    use proptest::test_runner::RngAlgorithm;

    for (zone, seed) in [
        ("Europe/Stockholm", 1),
        ("America/New_York", 2),
        ("Australia/Lord_Howe", 3),
    ] {
        let begin = at("2026-01-01T00:00:00Z");
        let schedule = daily(&["01:30", "02:15", "02:45", "14:00"], zone);
        let mut year = Year {
            agenda: Agenda::new(schedule.clone(), begin),
            now: begin,
            rng: TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32]),
            busy: None,
            ran: Vec::new(),
        };
        // When what had become due was first looked at by a watcher that was free.
        let mut owed = Vec::new();
        while year.now < at("2027-01-01T00:00:00Z") {
            year.pass();
            let before = year.ran.len();
            year.look();
            owed.push((year.now, year.busy.is_some() && year.ran.len() == before));
        }
        let next = |after: &Timestamp| schedule.next_due(*after);
        let due = std::iter::successors(next(&begin), next);
        let due: Vec<Timestamp> = due.take_while(|due| *due < year.now).collect();
        let seen: Vec<Timestamp> = year.ran.iter().map(|ran| ran.due).collect();
        assert!(
            seen.is_sorted_by(|one, other| one < other),
            "{zone}: nothing twice"
        );
        assert!(
            seen.iter().all(|one| due.contains(one)),
            "{zone}: only what is due"
        );
        for (looked, _) in owed.iter().filter(|(_, busy)| !busy) {
            let upto = due.partition_point(|due| due <= looked);
            let last = upto.checked_sub(1).map(|at| due[at]);
            let handled = last.is_none_or(|last| seen.last().is_some_and(|seen| *seen >= last));
            assert!(handled, "{zone}: forgotten at {looked}");
        }
        // Each moment that the watcher was awake for is a run of its own.
        assert!(seen.len() > 1_000, "{zone}: {}", seen.len());
    }
}
