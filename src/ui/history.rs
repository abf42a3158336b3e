//! The runs of a destination, the newest first, and how many members its segments had over time.

use std::time::Duration;

use crossterm::event::KeyEvent;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Sparkline;
use unicode_width::UnicodeWidthStr;

use super::gauge::stacked;
use super::keys::{Command, Context};
use super::msg::{Answer, Broken, Last, Outbox, Question, Ticket, Wait};
use super::paint::{BORDERS, Page, cut, left, right, wrap};
use super::report::{Onward, ReportPage, never_run, sum};
use super::theme::Theme;
use super::view::Hit;
use crate::domain::{Destination, State};
use crate::export::{Past, Trend, trends};
use crate::words::{Part, Words};

/// How far a page key goes.
const JUMP: usize = 10;
/// So many charts have their room before the list of runs grows.
const SEGMENTS: usize = 8;
/// The lines that the chosen run has below the list, if there is room for more.
const DETAILS: usize = 4;
/// The runs that are in sight at least.
const LEAST: usize = 4;
/// The most lines that a chart has.
const TALLEST: usize = 4;

/// A run, or why it cannot be read.
pub(super) type Run = Result<Past, Broken>;

/// The page of one destination's runs.
#[derive(Debug)]
pub(super) struct HistoryPage {
    destination: Destination,
    runs: Wait<Vec<Run>>,
    trends: Vec<Trend>,
    cursor: usize,
    /// The first of the charts that are in sight, and how many are, once they were drawn.
    charts: (usize, Option<usize>),
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
            charts: (0, None),
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

    /// Tells whether a key does anything here.
    pub fn offers(&self, command: Command, is_live: bool) -> bool {
        match (&self.open, command) {
            (Some(report), _) => report.offers(command),
            // One that goes on in another program cannot be looked at.
            (None, Command::Enter) => match self.chosen() {
                Some(Ok(past)) => is_live || past.state != State::Processing,
                Some(Err(_)) | None => false,
            },
            (None, Command::Left) => {
                let (_, shown) = self.charts;
                shown.is_some_and(|shown| shown < self.trends.len())
            }
            (None, Command::Up) => self.runs.get().is_some_and(|runs| runs.len() > 1),
            (None, _) => true,
        }
    }

    /// Takes a key; tells where it leads.
    pub fn key(&mut self, command: Command, event: KeyEvent, out: &mut Outbox) -> Onward {
        if let Some(report) = &mut self.open {
            match report.key(command, event, out) {
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
            Command::Left | Command::Right => {
                let (first, shown) = &mut self.charts;
                let shown = shown.unwrap_or(1).max(1);
                *first = match command {
                    Command::Left => first.saturating_sub(shown),
                    _ => *first + shown,
                };
            }
            Command::Back => return Onward::Home,
            Command::Enter => return self.look(),
            _ => {}
        }
        Onward::Stay
    }

    /// Opens the chosen run.
    fn look(&mut self) -> Onward {
        match self.chosen() {
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
        }
        Onward::Stay
    }

    /// Takes a click: on a run it chooses that, on the chosen one it opens it.
    pub fn click(&mut self, hit: Hit, out: &mut Outbox) -> Onward {
        if let Some(report) = &mut self.open {
            report.click(hit, out);
            return Onward::Stay;
        }
        match hit {
            Hit::Line(line) if line == self.cursor => self.look(),
            Hit::Line(line) => {
                self.cursor = line;
                Onward::Stay
            }
            _ => Onward::Stay,
        }
    }

    pub fn paste(&mut self, text: &str, out: &mut Outbox) {
        if let Some(report) = &mut self.open {
            report.paste(text, out);
        }
    }

    fn chosen(&self) -> Option<&Run> {
        self.runs.get()?.get(self.cursor)
    }

    pub fn answer(&mut self, ticket: Ticket, answer: Answer, out: &mut Outbox) {
        match answer {
            Answer::History(runs) if self.runs.is(ticket) => {
                self.runs.settle(runs);
                let runs = self.runs.get().map_or(&[][..], Vec::as_slice);
                self.trends = trends(runs.iter().flatten());
                self.cursor = self.cursor.min(runs.len().saturating_sub(1));
            }
            answer => {
                if let Some(report) = &mut self.open {
                    report.answer(ticket, answer, out);
                }
            }
        }
    }

    /// Whose runs they are.
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
        if let Some(report) = &mut self.open {
            return report.draw(frame, area, (theme, words), hits);
        }
        let page = &mut Page::new(frame, area, theme);
        let title = words.text("ui-history-runs");
        let runs = match &self.runs {
            Wait::Done(runs) if !runs.is_empty() => runs,
            other => {
                let page = &mut page.panel(page.rest(), (&title, ""));
                return match other {
                    Wait::Failed(why) => page.failure(why),
                    Wait::Done(_) => page.text(&never_run(theme, words), theme.faint()),
                    _ => page.text(&words.text("ui-looking"), theme.faint()),
                };
            }
        };
        let told = match self.chosen() {
            Some(Ok(past)) => details(past, page.width().saturating_sub(4), theme, words),
            Some(Err(_)) | None => Vec::new(),
        };
        // The charts grow where there is room; the list has what is left of the least of them.
        let charts = self.trends.len().min(SEGMENTS);
        let below =
            told.len().max(DETAILS) + BORDERS + if charts > 0 { charts + BORDERS } else { 0 };
        let most = page.rest().saturating_sub(below).max(LEAST + BORDERS);
        let list = &mut page.panel(
            most.min(runs.len() + BORDERS + 1),
            (&title, &words.number(runs.len() as u64)),
        );
        list.line(head(list.width(), theme, words));
        list.list((self.cursor, runs.len()), words, |list, at| {
            hits.push((list.area(1), Hit::Line(at)));
            let line = row(&runs[at], at == self.cursor, list.width(), theme, words);
            list.line(line);
        });
        // One chart is in sight at least.
        let height = match charts {
            0 => page.rest(),
            _ => (told.len().max(DETAILS) + BORDERS).min(page.rest().saturating_sub(BORDERS + 1)),
        };
        match self.chosen() {
            Some(Ok(past)) => {
                let title = past.run.id.as_str();
                let by = words.started_by(past.report.started_by);
                page.panel(height, (title, &by)).scrolled(0, words, |page| {
                    for line in &told {
                        page.line(line.clone());
                    }
                });
            }
            Some(Err(broken)) => {
                let page = &mut page.panel(height, (&broken.name, ""));
                page.scrolled(0, words, |page| page.failure(&broken.why));
            }
            None => {}
        }
        self.charts = draw_trends(&self.trends, self.charts.0, page, words);
    }
}

/// Draws how many members the segments had after each run, each with the latest count: those that there is room for, and
/// which of all they are. Gives the first of them and how many they are.
fn draw_trends(
    trends: &[Trend],
    first: usize,
    page: &mut Page<'_, '_>,
    words: &Words,
) -> (usize, Option<usize>) {
    if trends.is_empty() || page.rest() <= BORDERS {
        return (first, None);
    }
    let shown = trends.len().min(page.rest() - BORDERS);
    let first = first.min(trends.len() - shown);
    let tall = ((page.rest() - BORDERS) / shown).clamp(1, TALLEST);
    let height = (tall * shown + BORDERS).min(page.rest());
    let page = &mut page.panel(height, (&words.text("ui-history-members"), ""));
    let wide = page.width() / 4;
    for trend in &trends[first..first + shown] {
        let members: Vec<u64> = trend.members.iter().map(|(_, count)| *count).collect();
        let latest = members.last().copied().unwrap_or_default();
        let count = right(&words.number(latest), 10);
        let label = format!("{} {count}  ", left(&trend.label, wide));
        let taken = u16::try_from(label.width()).unwrap_or(u16::MAX);
        let mut area = page.area(tall);
        page.line(Span::raw(label));
        for _ in 1..tall {
            page.gap();
        }
        area.x = area.x.saturating_add(taken.min(area.width));
        area.width = area.width.saturating_sub(taken);
        // A blank line lies between charts, or at least an eighth of one.
        area.height = area.height.saturating_sub(u16::from(tall > 1)).max(1);
        let most = members.iter().max().copied().unwrap_or_default();
        let chart = Sparkline::default()
            .data(columns(&members, usize::from(area.width)))
            .max((most + most / 7).max(1))
            .style(page.theme.good());
        page.frame().render_widget(chart, area);
    }
    if shown < trends.len() {
        let args = [
            ("first", (first + 1).into()),
            ("last", (first + shown).into()),
            ("count", trends.len().into()),
        ];
        page.note_below(&words.with("ui-history-shown", &args));
    }
    (first, Some(shown))
}

/// The columns of a chart: as wide as there is room for, up to three cells and a gap, and the latest at the end.
fn columns(members: &[u64], width: usize) -> Vec<Option<u64>> {
    let each = (width / members.len().max(1)).clamp(1, 4);
    let kept = members.len().saturating_sub(width / each);
    let column = |count: &u64| {
        let gap = usize::from(each > 1);
        let filled = std::iter::repeat_n(Some(*count), each - gap);
        filled.chain(std::iter::repeat_n(None, gap))
    };
    members[kept..].iter().flat_map(column).collect()
}

/// How wide the columns of a run are: how it stands, when it began, how long it took.
const WIDTHS: [usize; 3] = [15, 20, 11];

/// What stands above the runs.
fn head(width: usize, theme: Theme, words: &Words) -> Line<'static> {
    let keys = ["home-status", "history-began", "history-took"];
    let named = keys.iter().zip(WIDTHS);
    let named = named.map(|(key, wide)| left(&words.text(key), wide));
    let text = format!(
        "  {}{}",
        named.collect::<String>(),
        words.text("history-did")
    );
    Line::styled(cut(&text, width), theme.faint())
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
        State::Successful if past.sign() == '!' => theme.warn(),
        State::Successful => theme.good(),
        State::Failed => theme.bad(),
        State::Cancelled | State::Interrupted => theme.warn(),
        State::Queued | State::Processing => theme.strong(),
        State::Skipped => theme.faint(),
    };
    // How many were rejected stands among the sums of the line.
    let state = format!("{} {}", past.sign(), words.state(past.state));
    let took = past.ended_at.filter(|_| past.state != State::Interrupted);
    let took = took.map(|_| Duration::from_millis(report.ended.counters.duration_ms));
    let took = took.map_or_else(String::new, |took| words.duration(took));
    let [state_wide, began_wide, took_wide] = WIDTHS;
    let begun = left(&words.date_time(report.started_at), began_wide);
    let undone = report.undo.undone_by.as_ref();
    let undone = undone.map(|_| words.text("ui-outcome-undone"));
    let undoes = report.undo.undoes.as_ref();
    let undoes = undoes.map(|_| words.text("history-undo-run"));
    let told = [undoes, undone, Some(words.in_short(report))].into_iter();
    let told: Vec<String> = told.flatten().filter(|part| !part.is_empty()).collect();
    let rest = width.saturating_sub(2 + state_wide + began_wide + took_wide);
    Line::from(vec![
        Span::styled(mark, style),
        Span::styled(left(&state, state_wide - 1) + " ", tint),
        Span::styled(format!("{begun}{} ", left(&took, took_wide - 1)), style),
        Span::styled(cut(&told.join(" · "), rest), style),
    ])
}

/// More of the chosen run: what became of all, what it has to do with other runs, why it failed.
fn details(past: &Past, width: usize, theme: Theme, words: &Words) -> Vec<Line<'static>> {
    let report = &past.report;
    let mut lines = vec![stacked(&Part::of(report), width, theme)];
    lines.extend(sum(report, words, theme));
    let mut tell = |text: &str, style: Style| {
        let told = wrap(text, width).into_iter();
        lines.extend(told.map(|line| Line::styled(line, style)));
    };
    for text in words.kin(report) {
        tell(&text, theme.faint());
    }
    if let Some(why) = report.failure.as_ref().map(|kept| words.read(kept)) {
        tell(&format!("✗ {}", why.what), theme.bad());
        for next in &why.next {
            tell(&format!("→ {}", next.text()), theme.strong());
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::columns;

    #[test]
    fn a_chart_ends_with_the_latest_and_is_never_wider_than_its_room() {
        assert_eq!(columns(&[5], 40), [Some(5), Some(5), Some(5), None]);
        let many: Vec<u64> = (0..100).collect();
        for width in 1..250 {
            let columns = columns(&many, width);
            assert!(columns.len() <= width, "{width}");
            assert_eq!(columns.iter().flatten().max(), Some(&99), "{width}");
        }
    }
}
