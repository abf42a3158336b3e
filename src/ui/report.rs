//! What came of a run, the sum written as a sum.

mod lists;

use std::path::PathBuf;
use std::time::Duration;

use crossterm::event::KeyEvent;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::gauge::{mark, stacked};
use super::keys::{Command, Context};
use super::msg::{Answer, Effect, Last, Outbox, RunEnd, Ticket};
use super::notice::Copied;
use super::paint::{Page, cut, left, right, scrolled};
use super::rejects::RejectsPage;
use super::theme::Theme;
use super::view::Hit;
use crate::domain::{Destination, Worded, slug};
use crate::export::{Outcome, Report};
use crate::words::{Part, Words};
use lists::{advice, beside, reasons};

/// The report of a run.
#[derive(Debug)]
pub(super) struct ReportPage {
    destination: Destination,
    report: Option<Report>,
    failure: Option<Worded>,
    rejects_at: Option<PathBuf>,
    /// The rejects, while they are looked at.
    rejects: Option<Box<RejectsPage>>,
    scroll: u16,
    /// How many lines can be out of sight above.
    over: u16,
}

/// Where a key leads from a report.
#[derive(Debug)]
pub(super) enum Onward {
    /// Nowhere.
    Stay,
    /// To the saved destinations.
    Home,
    /// To a run of the rejects that may fare better.
    Again(Box<Destination>),
    /// To the question whether to take this run back.
    Undo(Box<Destination>, Option<String>),
    /// To what this run did to each contact.
    Did(Box<Destination>, String),
    /// To the answers of the destination.
    Edit(Box<Destination>),
    /// To all runs of the destination.
    History(Box<Destination>),
    /// To the run of this destination that goes on.
    Live(String),
}

impl ReportPage {
    /// Of a run that just ended.
    pub fn of_end(destination: Destination, end: RunEnd) -> Self {
        let rejects_at = end
            .report
            .as_ref()
            .map(|report| PathBuf::from(&report.ended.report).with_file_name("rejects.csv"));
        Self::new(
            destination,
            end.report,
            end.failure.map(Worded::from),
            rejects_at,
        )
    }

    /// Of a run of the past.
    pub fn of_past(destination: Destination, last: Option<Last>) -> Self {
        let (report, rejects_at) = last.map(|last| (last.report, last.rejects)).unzip();
        let failure = report.as_ref().and_then(|report| report.failure.clone());
        Self::new(destination, report, failure, rejects_at)
    }

    fn new(
        destination: Destination,
        report: Option<Report>,
        failure: Option<Worded>,
        rejects_at: Option<PathBuf>,
    ) -> Self {
        Self {
            destination,
            report,
            failure,
            rejects_at,
            rejects: None,
            scroll: 0,
            over: 0,
        }
    }

    pub fn context(&self) -> Context {
        if let Some(rejects) = &self.rejects {
            rejects.context()
        } else {
            Context::Report
        }
    }

    /// Tells whether a key does anything here.
    pub fn offers(&self, command: Command) -> bool {
        if let Some(rejects) = &self.rejects {
            return rejects.offers(command);
        }
        let is = |tells: fn(&Report) -> bool| self.report.as_ref().is_some_and(tells);
        match command {
            Command::Look => is(|report| {
                let counters = &report.ended.counters;
                counters.rejected > 0 || !counters.values_left_out.is_empty()
            }),
            Command::Changes => is(|report| report.did_something() && !report.is_undo()),
            Command::Again => is(Report::may_go_again),
            Command::Undo => is(Report::may_be_undone),
            Command::Browse => is(|report| report.audience_link.starts_with("http")),
            Command::Edit => self.failure.is_some(),
            Command::Up => self.over > 0,
            Command::Copy => is(|report| !report.audience_link.is_empty()),
            _ => true,
        }
    }

    /// Takes a key; tells where it leads.
    pub fn key(&mut self, command: Command, event: KeyEvent, out: &mut Outbox) -> Onward {
        if let Some(rejects) = &mut self.rejects {
            if rejects.key(command, event, out) {
                self.rejects = None;
            }
            return Onward::Stay;
        }
        match command {
            Command::Back | Command::Enter => return Onward::Home,
            Command::Again if self.offers(command) => {
                return Onward::Again(Box::new(self.destination.clone()));
            }
            Command::Changes if self.offers(command) => {
                let run = self.report.as_ref().map(|report| report.run.clone());
                let run = run.unwrap_or_default();
                return Onward::Did(Box::new(self.destination.clone()), run);
            }
            Command::Undo if self.offers(command) => {
                // An undo that ended early goes on.
                let run = self.report.as_ref().map(|report| {
                    let undoes = report.undo.undoes.as_ref();
                    undoes.unwrap_or(&report.run).clone()
                });
                return Onward::Undo(Box::new(self.destination.clone()), run);
            }
            Command::Edit if self.offers(command) => {
                return Onward::Edit(Box::new(self.destination.clone()));
            }
            Command::History => {
                return Onward::History(Box::new(self.destination.clone()));
            }
            Command::Look if self.offers(command) => self.look(out),
            Command::Browse => {
                if let Some(report) = self.report.as_ref().filter(|_| self.offers(command)) {
                    out.push(Effect::Browse(report.audience_link.clone()));
                }
            }
            Command::Copy => {
                if let Some(report) = self.report.as_ref().filter(|_| self.offers(command)) {
                    out.copy(Copied::Address, &report.audience_link);
                }
            }
            other => self.scroll = scrolled(self.scroll, other).unwrap_or(self.scroll),
        }
        Onward::Stay
    }

    /// Shows the rejects.
    fn look(&mut self, out: &mut Outbox) {
        let Some((path, report)) = self.rejects_at.clone().zip(self.report.as_ref()) else {
            return;
        };
        let file = format!("rejects-{}.csv", slug(self.destination.name.as_str()));
        let rejects = RejectsPage::open(path, report.run.clone(), file, out);
        self.rejects = Some(Box::new(rejects));
    }

    pub fn click(&mut self, hit: Hit, out: &mut Outbox) {
        if let Some(rejects) = &mut self.rejects {
            rejects.click(hit, out);
        }
    }

    pub fn paste(&mut self, text: &str, out: &mut Outbox) {
        if let Some(rejects) = &mut self.rejects {
            rejects.paste(text, out);
        }
    }

    pub fn answer(&mut self, ticket: Ticket, answer: Answer, out: &mut Outbox) {
        if let Some(rejects) = &mut self.rejects {
            rejects.answer(ticket, answer, out);
        }
    }

    /// Whose report it is.
    pub fn destination(&self) -> &Destination {
        &self.destination
    }

    /// Draws it, and tells where what can be clicked on is.
    pub fn draw(
        &mut self,
        frame: &mut Frame<'_>,
        area: Rect,
        (theme, words): (Theme, &Words),
        hits: &mut Vec<(Rect, Hit)>,
    ) {
        if let Some(rejects) = &self.rejects {
            let count = rejects.count().map(|count| self.counted(count, words));
            let count = count.unwrap_or_default();
            let title = (&*words.text("ui-report-rejects"), &*count);
            let page = &mut Page::framed(frame, area, theme, title);
            return rejects.draw(page, words, hits);
        }
        let run = self.report.as_ref().map(|report| report.run.as_str());
        let title = (self.destination.name.as_str(), run.unwrap_or_default());
        let page = &mut Page::framed(frame, area, theme, title);
        self.over = page.scrolled(self.scroll, words, |page| self.draw_report(page, words));
        self.scroll = self.scroll.min(self.over);
    }

    /// Says how many profiles were rejected, and how many other lines are of values that were left out of those sent.
    fn counted(&self, lines: usize, words: &Words) -> String {
        let rejected = self.report.as_ref();
        let rejected = rejected.map_or(lines as u64, |report| report.ended.counters.rejected);
        let told = |key, count: u64| words.with(key, &[("count", count.into())]);
        let left_out = (lines as u64).saturating_sub(rejected);
        let rejected = told("ui-report-count", lines as u64 - left_out);
        match left_out {
            0 => rejected,
            _ => format!("{rejected} · {}", told("ui-report-left-out", left_out)),
        }
    }

    fn draw_report(&self, page: &mut Page<'_, '_>, words: &Words) {
        // What can be said of a run that was stopped while it read is said below.
        let read_only = self.report.as_ref().is_some_and(Report::stopped_reading);
        if let Some(why) = self.failure.as_ref().filter(|_| !read_only) {
            page.failure(words.read(why));
            page.gap();
            // What the ways on say by command is done here as well.
            draw_key(page, Command::Edit, &words.text("ui-next-edit"));
            page.gap();
        }
        let Some(report) = &self.report else {
            if self.failure.is_none() {
                page.text(&never_run(page.theme, words), page.theme.faint());
            }
            return;
        };
        self.draw_outcome(page, report, words);
        if report.stopped_reading() {
            return consent(page, report, words);
        }
        page.line(stacked(&Part::of(report), page.width(), page.theme));
        page.gap();
        if let Some(run) = &report.undo.undoes {
            return undone(page, report, run, words);
        }
        if let Some(by) = &report.undo.undone_by {
            page.warn(&words.with("ui-report-undone-by", &[("run", by.as_str().into())]));
            page.gap();
        }
        self.draw_next(page, report, words);
        let theme = page.theme;
        beside(
            page,
            sum(report, words, theme),
            reasons(report, words, theme),
        );
        if report.ended.counters.sum_holds() {
            page.good(&words.text("ui-sum-holds"));
        } else {
            page.bad(&words.text("ui-sum-broken"));
        }
        raised(page, report, words);
        if report.limited {
            let count = [("count", report.ended.counters.profiles.into())];
            page.warn(&words.with("run-limited", &count));
        }
        for warning in report.ended.counters.warnings() {
            page.warn(&words.warning(&warning));
        }
        if !report.audience_link.is_empty() {
            let link = &report.audience_link;
            page.leading(&words.find_segments(link), Style::new(), link);
            page.text(&report.tags.join(" · "), page.theme.strong());
        }
        advice(page, report, words);
        consent(page, report, words);
        let rejected = report.ended.counters.rejected > 0;
        if let Some(path) = self.rejects_at.as_ref().filter(|_| rejected) {
            page.gap();
            page.text(&words.text("ui-report-saved"), Style::new());
            let path = path.display().to_string();
            page.leading(&path, page.theme.faint(), &path);
        }
    }

    /// Draws how the run ended, and how to go on where it was stopped.
    fn draw_outcome(&self, page: &mut Page<'_, '_>, report: &Report, words: &Words) {
        let ended = &report.ended;
        let took = words.duration(Duration::from_millis(ended.counters.duration_ms));
        let when = words.date_time(report.ended_at);
        let line = format!("{} · {when} · {took}", words.ended(report));
        match ended.outcome {
            _ if report.settling.interrupted => page.warn(&line),
            Outcome::Done => page.good(&line),
            Outcome::DoneWithRejects => page.warn(&line),
            Outcome::Stopped => {
                page.warn(&line);
                let key = [("key", page.theme.keys().shown("ui-key-undo").into())];
                let text = if report.is_undo() {
                    words.with("ui-report-undo-stopped", &key)
                } else if report.stopped_reading() {
                    words.text("report-stopped-reading")
                } else if self.failure.is_none() {
                    words.text("ui-report-stopped")
                } else {
                    // The failure above says how to go on.
                    return;
                };
                page.text(&text, Style::new());
            }
            Outcome::Failed | Outcome::Refused | Outcome::SignInNeeded => page.bad(&line),
        }
    }

    /// Draws what can be done now, each with its key.
    fn draw_next(&self, page: &mut Page<'_, '_>, report: &Report, words: &Words) {
        let count = [("count", report.ended.counters.rejected.into())];
        let all = [
            (Command::Look, words.with("ui-next-rejects", &count)),
            (Command::Changes, words.text("ui-next-did")),
            (Command::Again, words.text("ui-next-again")),
            (Command::Undo, words.text("ui-next-undo")),
        ];
        for (command, text) in all.into_iter().filter(|(command, _)| self.offers(*command)) {
            draw_key(page, command, &text);
        }
        page.gap();
    }
}

/// Draws what a key of the report does.
fn draw_key(page: &mut Page<'_, '_>, command: Command, text: &str) {
    let mut keys = page.theme.keys().bindings(Context::Report);
    let key = keys.find(|binding| binding.command == command);
    let key = key.map_or("", |binding| binding.shown);
    let text = cut(text, page.width().saturating_sub(4));
    page.line(Line::from(vec![
        Span::styled(left(key, 4), page.theme.key()),
        Span::raw(text),
    ]));
}

/// Says that there is no report, and how there will be one.
pub(super) fn never_run(theme: Theme, words: &Words) -> String {
    let key = [("key", theme.keys().shown("ui-key-run").into())];
    words.with("ui-report-none", &key)
}

/// Draws what was consented to when the run began.
fn consent(page: &mut Page<'_, '_>, report: &Report, words: &Words) {
    if let Some(consent) = &report.consent {
        page.gap();
        for (label, value) in words.consent_in_force(consent) {
            page.fact(&left(&words.label(label), 36), &value);
        }
    }
}

/// Draws what an undo did.
fn undone(page: &mut Page<'_, '_>, report: &Report, run: &str, words: &Words) {
    let counters = &report.ended.counters;
    page.text(
        &words.with("ui-report-undo", &[("run", run.into())]),
        page.theme.strong(),
    );
    for line in sum(report, words, page.theme) {
        page.line(line);
    }
    page.gap();
    if counters.left > 0 {
        let path = PathBuf::from(&report.ended.report).with_file_name("left.csv");
        let path = path.display().to_string();
        let args = [
            ("count", counters.left.into()),
            ("path", path.as_str().into()),
        ];
        page.leading(&words.with("undo-left", &args), Style::new(), &path);
    }
    if report.undo.lost > 0 {
        page.warn(&words.with("undo-lost", &[("count", report.undo.lost.into())]));
    }
    raised(page, report, words);
}

/// Says that nobody was subscribed again who had said no, or else how many have a higher status than before.
fn raised(page: &mut Page<'_, '_>, report: &Report, words: &Words) {
    let counters = &report.ended.counters;
    match counters.statuses_raised {
        0 => {
            let count = [("count", counters.suppressed.into())];
            page.good(&words.with("ui-report-none-raised", &count));
        }
        raised => page.bad(&words.with("ui-report-raised", &[("count", raised.into())])),
    }
}

/// The sum, line by line, each with its mark in the bar, a sign, a number and a word.
pub(super) fn sum(report: &Report, words: &Words, theme: Theme) -> Vec<Line<'static>> {
    let (total, of) = words.total(report);
    let wide = words.number(total).chars().count().max(5) + 1;
    let line = |mark: Span<'static>, sign: &str, count, word: &str| {
        let count = right(&words.number(count), wide);
        Line::from(vec![mark, Span::raw(format!(" {sign} {count} {word}"))])
    };
    let mut lines = vec![line(Span::raw(" "), " ", total, &of).style(theme.strong())];
    let mut sign = "=";
    for (part, count) in Part::of(report) {
        lines.push(line(
            mark(part, theme),
            sign,
            count,
            &words.part(part, count),
        ));
        sign = "+";
    }
    lines
}

/// Writes the counts of a run into one line.
pub(super) fn in_short(page: &mut Page<'_, '_>, report: &Report, words: &Words) {
    let label = left(&words.text("ui-col-last"), 16);
    page.fact(&label, &words.in_short(report));
    // Few rejects that were sent again would look like a disaster.
    if !report.again {
        page.line(stacked(&Part::of(report), page.width(), page.theme));
    }
}
