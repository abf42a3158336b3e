//! The runs of a destination, the newest first, and how many members its segments had over time.

use std::time::Duration;

use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Sparkline;

use super::keys::{Command, Context};
use super::msg::{Answer, Broken, Last, Outbox, Question, Ticket, Wait};
use super::paint::{Page, cut, left, right, scroll};
use super::report::{Onward, ReportPage};
use super::theme::Theme;
use crate::domain::{Destination, State};
use crate::export::{Past, Trend, trends};
use crate::words::Words;

/// How far a page key goes.
const JUMP: usize = 10;
/// How many segments are drawn at most.
const SEGMENTS: usize = 4;
/// The lines that the chosen run needs below the list.
const DETAILS: usize = 4;

/// A run, or why it cannot be read.
pub(super) type Run = Result<Past, Broken>;

/// The page of one destination's runs.
#[derive(Debug)]
pub(super) struct HistoryPage {
    destination: Destination,
    runs: Wait<Vec<Run>>,
    trends: Vec<Trend>,
    cursor: usize,
    /// The run that is looked at in full.
    open: Option<Box<ReportPage>>,
}

impl HistoryPage {
    /// Shows the runs of a destination as soon as they are read.
    pub fn open(destination: Destination, out: &mut Outbox) -> Self {
        let mut page = Self {
            destination,
            runs: Wait::Idle,
            trends: Vec::new(),
            cursor: 0,
            open: None,
        };
        page.read(out);
        page
    }

    /// Reads the runs, anew where they were read before.
    pub fn read(&mut self, out: &mut Outbox) {
        let question = Question::History(self.destination.id());
        self.runs = Wait::Asked(out.ask(question));
    }

    pub fn context(&self) -> Context {
        let open = self.open.as_ref();
        open.map_or(Context::History, |report| report.context())
    }

    /// Takes a key; tells where it leads.
    pub fn key(&mut self, command: Command, out: &mut Outbox) -> Onward {
        if let Some(report) = &mut self.open {
            match report.key(command, out) {
                Onward::Home | Onward::History(_) => self.open = None,
                onward => return onward,
            }
            return Onward::Stay;
        }
        let last = self.runs.get().map_or(0, Vec::len).saturating_sub(1);
        match command {
            Command::Up => self.cursor = self.cursor.saturating_sub(1),
            Command::Down => self.cursor = (self.cursor + 1).min(last),
            Command::PageUp => self.cursor = self.cursor.saturating_sub(JUMP),
            Command::PageDown => self.cursor = (self.cursor + JUMP).min(last),
            Command::First => self.cursor = 0,
            Command::Last => self.cursor = last,
            Command::Back => return Onward::Home,
            Command::Enter => match self.chosen() {
                Some(Ok(past)) if past.state == State::Processing => {
                    return Onward::Live(self.destination.name.to_string());
                }
                Some(Ok(past)) => {
                    let told = Last {
                        state: past.state,
                        report: past.report.clone(),
                        rejects: past.run.rejects(),
                    };
                    let report = ReportPage::of_past(self.destination.clone(), Some(told));
                    self.open = Some(Box::new(report));
                }
                Some(Err(_)) | None => {}
            },
            _ => {}
        }
        Onward::Stay
    }

    fn chosen(&self) -> Option<&Run> {
        self.runs.get()?.get(self.cursor)
    }

    pub fn answer(&mut self, ticket: Ticket, answer: Answer) {
        match answer {
            Answer::History(runs) if self.runs.is(ticket) => {
                self.runs.settle(runs);
                let runs = self.runs.get().map_or(&[][..], Vec::as_slice);
                self.trends = trends(runs.iter().flatten());
                self.cursor = self.cursor.min(runs.len().saturating_sub(1));
            }
            answer => {
                if let Some(report) = &mut self.open {
                    report.answer(ticket, answer);
                }
            }
        }
    }

    pub fn draw(&mut self, page: &mut Page<'_, '_>, words: &Words) {
        if let Some(report) = &mut self.open {
            return report.draw(page, words);
        }
        let name = self.destination.name.to_string();
        page.line(Span::styled(name, page.theme.strong()));
        page.gap();
        let runs = match &self.runs {
            Wait::Failed(why) => return page.failure(why),
            Wait::Done(runs) => runs,
            _ => return page.text(&words.text("ui-looking"), page.theme.faint()),
        };
        if runs.is_empty() {
            return page.text(&words.text("ui-report-none"), page.theme.faint());
        }
        let drawn = self.trends.len().min(SEGMENTS);
        let below = DETAILS + if drawn > 0 { drawn + 2 } else { 0 };
        let room = page.rest().saturating_sub(below).max(3);
        let first = scroll(self.cursor, room, runs.len());
        for (at, run) in runs.iter().enumerate().skip(first).take(room) {
            let here = at == self.cursor;
            page.line(row(run, here, page.width(), page.theme, words));
        }
        page.rule();
        match self.chosen() {
            Some(Ok(past)) => details(page, past, words),
            Some(Err(broken)) => page.failure(&broken.why),
            None => {}
        }
        self.draw_trends(page, words);
    }

    /// Draws how many members the segments had after each run, each with the latest count.
    fn draw_trends(&self, page: &mut Page<'_, '_>, words: &Words) {
        if self.trends.is_empty() {
            return;
        }
        page.gap();
        let title = words.text("ui-history-members");
        page.line(Span::styled(title, page.theme.faint()));
        let wide = page.width() / 4;
        for trend in self.trends.iter().take(SEGMENTS) {
            let members: Vec<u64> = trend.members.iter().map(|(_, count)| *count).collect();
            let latest = members.last().copied().unwrap_or_default();
            let count = right(&words.number(latest), 10);
            let label = format!("  {} {count}  ", left(&trend.label, wide));
            let taken = wide + 15;
            let mut area = page.area(1);
            page.line(Span::raw(label));
            let taken = u16::try_from(taken).unwrap_or(u16::MAX);
            area.x = area.x.saturating_add(taken.min(area.width));
            area.width = area.width.saturating_sub(taken);
            let kept = members.len().saturating_sub(usize::from(area.width));
            let chart = Sparkline::default()
                .data(&members[kept..])
                .style(page.theme.here());
            page.frame().render_widget(chart, area);
        }
    }
}

/// A run in one line: how it stands, when it began, how long it took, what it did.
fn row(run: &Run, here: bool, width: usize, theme: Theme, words: &Words) -> Line<'static> {
    let (mark, style) = if here {
        ("❯ ", theme.here())
    } else {
        ("  ", Style::new())
    };
    let past = match run {
        Ok(past) => past,
        Err(broken) => {
            let text = format!("✗ {}: {}", broken.name, broken.why.what);
            return Line::from(vec![
                Span::styled(mark, style),
                Span::styled(cut(&text, width.saturating_sub(2)), theme.bad()),
            ]);
        }
    };
    let report = &past.report;
    let tint = match past.state {
        State::Successful => theme.good(),
        State::Failed => theme.bad(),
        State::Cancelled | State::Interrupted => theme.warn(),
        State::Queued | State::Processing => theme.strong(),
        State::Skipped => theme.faint(),
    };
    let state = format!("{} {}", past.state.sign(), words.state(past.state));
    let took = past.ended_at.filter(|_| past.state != State::Interrupted);
    let took = took.map(|_| Duration::from_millis(report.ended.counters.duration_ms));
    let took = took.map_or_else(String::new, |took| words.duration(took));
    let begun = left(&words.date_time(report.started_at), 19);
    let undone = report.undo.undone_by.as_ref();
    let undone = undone.map(|_| words.text("ui-outcome-undone"));
    let parts = words.parts(report).into_iter();
    let parts = parts.map(|(count, word)| format!("{} {word}", words.number(count)));
    let told: Vec<String> = undone.into_iter().chain(parts).collect();
    let rest = width.saturating_sub(2 + 15 + 19 + 12);
    Line::from(vec![
        Span::styled(mark, style),
        Span::styled(left(&state, 14) + " ", tint),
        Span::styled(format!("{begun}{} ", left(&took, 11)), style),
        Span::styled(cut(&told.join(" · "), rest), style),
    ])
}

/// Draws more of the chosen run.
fn details(page: &mut Page<'_, '_>, past: &Past, words: &Words) {
    let report = &past.report;
    let mut told = vec![past.run.id.to_string(), words.started_by(report.started_by)];
    told.extend(words.kin(report));
    page.text(&told.join(" · "), page.theme.faint());
    if let Some(why) = &report.failure {
        let text = cut(&format!("✗ {}", why.what), page.width());
        page.line(Span::styled(text, page.theme.bad()));
    }
}
