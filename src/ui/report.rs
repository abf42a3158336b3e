//! What came of a run, the sum written as a sum, and its rejects as a table.

use std::path::PathBuf;

use ratatui::style::Style;
use ratatui::text::Span;

use super::keys::{Command, Context};
use super::msg::{Answer, Effect, Outbox, Question, RunEnd, Ticket, Wait};
use super::paint::{Page, left, right};
use crate::domain::{Class, Destination, Reject};
use crate::export::{Outcome, Report};
use crate::words::{Explanation, Words};

/// The report of a run.
#[derive(Debug)]
pub(super) struct ReportPage {
    destination: Destination,
    report: Option<Report>,
    failure: Option<Explanation>,
    rejects_at: Option<PathBuf>,
    rejects: Wait<Vec<Reject>>,
    shows: bool,
    cursor: usize,
}

impl ReportPage {
    /// Of a run that just ended.
    pub fn of_end(destination: Destination, end: RunEnd) -> Self {
        let rejects_at = end
            .report
            .as_ref()
            .map(|report| PathBuf::from(&report.ended.report).with_file_name("rejects.csv"));
        Self::new(destination, end.report, end.failure, rejects_at)
    }

    /// Of a run of the past.
    pub fn of_past(destination: Destination, last: Option<(Report, PathBuf)>) -> Self {
        let (report, rejects_at) = last.unzip();
        Self::new(destination, report, None, rejects_at)
    }

    fn new(
        destination: Destination,
        report: Option<Report>,
        failure: Option<Explanation>,
        rejects_at: Option<PathBuf>,
    ) -> Self {
        Self {
            destination,
            report,
            failure,
            rejects_at,
            rejects: Wait::Idle,
            shows: false,
            cursor: 0,
        }
    }

    pub fn context(&self) -> Context {
        if self.shows {
            Context::Table
        } else {
            Context::Report
        }
    }

    /// Takes a key; tells whether the page is left.
    pub fn key(&mut self, command: Command, out: &mut Outbox) -> bool {
        let count = self.rejects.get().map_or(0, Vec::len);
        match command {
            Command::Back | Command::Enter if self.shows => self.shows = false,
            Command::Back | Command::Enter => return true,
            Command::Up => self.cursor = self.cursor.saturating_sub(1),
            Command::Down => self.cursor = (self.cursor + 1).min(count.saturating_sub(1)),
            Command::PageUp => self.cursor = self.cursor.saturating_sub(10),
            Command::PageDown => self.cursor = (self.cursor + 10).min(count.saturating_sub(1)),
            Command::Look => {
                if let Some(path) = self.rejects_at.clone() {
                    self.rejects = Wait::Asked(out.ask(Question::Rejects(path)));
                    self.shows = true;
                }
            }
            Command::Browse => {
                if let Some(report) = self
                    .report
                    .as_ref()
                    .filter(|report| report.audience_link.starts_with("http"))
                {
                    out.push(Effect::Browse(report.audience_link.clone()));
                }
            }
            Command::Copy => {
                if let Some(report) = &self.report {
                    out.push(Effect::Copy(report.audience_link.clone()));
                }
            }
            _ => {}
        }
        false
    }

    pub fn answer(&mut self, ticket: Ticket, answer: Answer) {
        if let Answer::Rejects(rejects) = answer
            && self.rejects.is(ticket)
        {
            self.rejects.settle(rejects);
        }
    }

    pub fn draw(&self, page: &mut Page<'_, '_>, words: &Words) {
        page.line(Span::styled(
            self.destination.name.to_string(),
            page.theme.strong(),
        ));
        if self.shows {
            page.gap();
            return self.draw_rejects(page, words);
        }
        if let Some(why) = &self.failure {
            page.failure(why);
            page.gap();
        }
        let Some(report) = &self.report else {
            if self.failure.is_none() {
                page.text(&words.text("ui-report-none"), page.theme.faint());
            }
            return;
        };
        let key = match report.ended.outcome {
            Outcome::Done => "ui-report-done",
            Outcome::DoneWithRejects => "ui-report-done-with-rejects",
            Outcome::Stopped => "ui-report-stopped",
            Outcome::Failed => "ui-outcome-failed",
            Outcome::Refused => "ui-outcome-refused",
            Outcome::SignInNeeded => "ui-outcome-sign-in",
        };
        let took = words.duration(std::time::Duration::from_millis(
            report.ended.counters.duration_ms,
        ));
        let line = format!(
            "{} · {} · {took}",
            words.text(key),
            words.date_time(report.ended_at)
        );
        match report.ended.outcome {
            Outcome::Done => page.good(&line),
            Outcome::DoneWithRejects | Outcome::Stopped => page.warn(&line),
            _ => page.bad(&line),
        }
        sum(page, report, words);
        page.gap();
        if !report.audience_link.is_empty() {
            page.text(&words.find_segments(&report.audience_link), Style::new());
            page.text(&report.tags.join(", "), page.theme.strong());
        }
        page.gap();
        reasons(page, report, words);
        if let Some(path) = self
            .rejects_at
            .as_ref()
            .filter(|_| report.ended.counters.rejected > 0)
        {
            let args = [("path", path.display().to_string().into())];
            page.text(&words.with("ui-report-saved", &args), page.theme.faint());
        }
    }

    fn draw_rejects(&self, page: &mut Page<'_, '_>, words: &Words) {
        let rejects = match &self.rejects {
            Wait::Failed(why) => return page.failure(why),
            Wait::Done(rejects) => rejects,
            _ => return page.text(&words.text("ui-looking"), page.theme.faint()),
        };
        if rejects.is_empty() {
            return page.good(&words.text("ui-report-no-rejects"));
        }
        let wide = page.width();
        let columns = [wide * 3 / 10, wide * 3 / 10, wide * 2 / 10];
        let head = left(&words.text("target-email"), columns[0])
            + &left(&words.text("ui-col-reason"), columns[1])
            + &left(&words.text("ui-col-class"), columns[2])
            + &words.text("ui-col-line");
        page.line(Span::styled(head, page.theme.faint()));
        let room = page.rest().saturating_sub(4);
        let first = super::paint::scroll(self.cursor, room, rejects.len());
        for (at, reject) in rejects.iter().enumerate().skip(first).take(room) {
            let who = reject
                .email
                .as_deref()
                .or(reject.profile.as_deref())
                .unwrap_or("—");
            let class = words.text(match reject.reason.class() {
                Class::Permanent => "class-permanent",
                Class::Mapping => "class-mapping",
                Class::Later => "class-later",
            });
            let place = format!("{}:{}", reject.file, reject.line);
            let cell = |text: &str, width: usize| left(text, width.saturating_sub(1)) + " ";
            let text = cell(who, columns[0])
                + &cell(&words.reason(reject.reason), columns[1])
                + &cell(&class, columns[2])
                + &place;
            let style = if at == self.cursor {
                page.theme.here()
            } else {
                Style::new()
            };
            page.line(Span::styled(super::paint::cut(&text, wide), style));
        }
        page.gap();
        if let Some(reject) = rejects.get(self.cursor) {
            page.text(
                &format!("→ {}", words.advice(reject.reason)),
                page.theme.strong(),
            );
            page.text(&reject.detail, page.theme.faint());
        }
    }
}

fn sum(page: &mut Page<'_, '_>, report: &Report, words: &Words) {
    let counters = &report.ended.counters;
    let holds = counters.sum_holds();
    let parts = [
        ("ui-sum-created", counters.created),
        ("ui-sum-updated", counters.updated),
        ("ui-sum-unchanged", counters.unchanged),
        ("ui-sum-suppressed", counters.suppressed),
        ("ui-sum-rejected", counters.rejected),
        ("ui-sum-merged", counters.merged),
        ("ui-sum-remaining", counters.remaining),
    ];
    let wide = words.number(counters.profiles).chars().count().max(5) + 2;
    let total = format!(
        "  {} {}",
        right(&words.number(counters.profiles), wide),
        words.text("ui-sum-profiles")
    );
    page.line(Span::styled(total, page.theme.strong()));
    let mut sign = "=";
    for (key, count) in parts.into_iter().filter(|(_, count)| *count > 0) {
        page.line(format!(
            "{sign} {} {}",
            right(&words.number(count), wide),
            words.text(key)
        ));
        sign = "+";
    }
    if holds {
        page.good(&words.text("ui-sum-holds"));
    } else {
        page.bad(&words.text("ui-sum-broken"));
    }
}

fn reasons(page: &mut Page<'_, '_>, report: &Report, words: &Words) {
    let counters = &report.ended.counters;
    if counters.statuses_raised == 0 {
        page.text(&words.text("ui-report-none-raised"), Style::new());
    }
    let all = counters.reasons.iter();
    let all: Vec<String> = all
        .map(|(reason, count)| format!("{} {}", words.number(*count), words.reason(*reason)))
        .collect();
    if !all.is_empty() {
        page.text(&all.join(" · "), page.theme.faint());
    }
}
