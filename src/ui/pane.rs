//! The drawing of a run while it goes on.

use std::time::{Duration, Instant};

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::symbols;
use ratatui::text::{Line, Span};
use ratatui::widgets::Sparkline;
use unicode_width::UnicodeWidthStr;

use super::gauge::{bar, share};
use super::live::{Live, phase, whole, whole_share};
use super::paint::{BORDERS, Page, left, right, wrap};
use super::theme::Theme;
use crate::deliver::Trouble;
use crate::domain::{Destination, State};
use crate::export::{Message, Phase, Progress, Warning};
use crate::words::{Part, Words};

/// The lines that tell how far a run is.
const TOP: usize = 4;
/// How wide a number of people is, with the blank before it.
const NUMBER: usize = 11;
/// From so many lines on, each call under way is drawn with its time.
const TALL: usize = 14;
/// How wide a call under way is drawn.
const LANE: usize = 13;
/// How many of the latest messages there is room for.
const MESSAGES: usize = 4;
impl Live {
    /// Draws how it stands; while it is queued, for which destination it waits.
    pub fn draw(
        &mut self,
        frame: &mut Frame<'_>,
        area: Rect,
        (theme, words): (Theme, &Words),
        (now, ahead): (Instant, Option<&str>),
    ) {
        let queued = match (ahead, &self.progress.holder) {
            (Some(ahead), _) => Some(words.with("pane-queued", &[("name", ahead.into())])),
            (None, Some(holder)) => {
                let holder = [("holder", holder.as_str().into())];
                Some(words.with("pane-held", &holder))
            }
            (None, None) => None,
        };
        let elapsed = self.elapsed(now);
        let note = match queued {
            Some(_) => words.state(State::Queued),
            None => format!(
                "{} · {}",
                phase(self.progress.phase, words),
                words.duration(elapsed)
            ),
        };
        let whole = &mut Page::new(frame, area, theme);
        if let Some(queued) = queued {
            let rest = whole.rest();
            return whole
                .panel(rest, (&self.title(), &note))
                .text(&queued, Style::new());
        }
        let page = &mut whole.panel(TOP + BORDERS, (&self.title(), &note));
        phases(page, self.progress.phase, words);
        match self.stops {
            0 => page.gap(),
            1 => {
                let key = [("key", theme.keys().shown("ui-key-stop").into())];
                page.warn(&words.with("ui-pane-stopping", &key));
            }
            _ => page.warn(&words.text("ui-pane-dropping")),
        }
        self.gauge(page, words);
        let rest = whole.rest();
        let page = &mut whole.panel(rest, (&words.text("ui-pane-counts"), ""));
        let progress = &self.progress;
        match progress.phase {
            Some(Phase::Delivering | Phase::Undoing) => counters(page, progress, words),
            // Nobody is decided about yet: zeroes would say otherwise.
            other => page.text(&words.text(before_writing(other)), Style::new()),
        }
        troubles(page, progress, words);
        if page.rest() >= 6 {
            page.gap();
            self.lanes(page, words, elapsed);
        }
        let latest = self.progress.messages.iter().rev().take(MESSAGES);
        let latest = latest.flat_map(|(at, message)| {
            let text = format!("{}  {}", words.duration(*at), told(message, words));
            wrap(&text, page.width())
        });
        let latest: Vec<String> = latest.collect();
        let messages = latest.len().min(page.rest() / 2);
        let rest = page.rest().saturating_sub(messages + 1);
        self.draw_segments(page, words, rest);
        page.gap();
        for line in latest {
            page.line(Span::styled(line, page.theme.warn()));
        }
    }

    fn title(&self) -> String {
        let destination = &self.destination;
        format!("{} → {}", destination.name, audience(destination))
    }

    fn gauge(&self, page: &mut Page<'_, '_>, words: &Words) {
        let (done, total) = self.progress.done();
        let share = whole_share(&self.progress);
        let percent = share.map(|share| words.percent(share)).unwrap_or_default();
        match share {
            Some(share) => {
                let room = page.width().saturating_sub(8);
                let [filled, rest] = bar(share, room, page.theme);
                let percent = Span::styled(right(&percent, 8), page.theme.strong());
                page.line(Line::from(vec![filled, rest, percent]));
            }
            // How much there is to come is not known: no bar, not even an empty one.
            None => page.gap(),
        }
        let amount = if total > 0 {
            let args = [("done", done.into()), ("total", total.into())];
            if self.is_undo() || self.progress.phase == Some(Phase::Comparing) {
                words.with("ui-pane-of-contacts", &args)
            } else {
                words.with("ui-pane-of", &args)
            }
        } else {
            let key = match self.progress.phase {
                Some(Phase::Comparing | Phase::Undoing) => "ui-pane-contacts-so-far",
                _ => "ui-pane-so-far",
            };
            words.with(key, &[("done", done.into())])
        };
        let rate = words.with(
            "ui-pane-rate",
            &[("rate", whole(self.progress.rate()).into())],
        );
        let left_over = words.time_left(&self.progress);
        let so_far = format!("{amount}   {rate}  ");
        let room = page.width().saturating_sub(so_far.width());
        page.line(so_far + &right(&left_over, room));
    }

    /// Says how many calls are under way, and what the chart beside them shows. While the source is read there are none.
    fn headings(&self, words: &Words) -> (String, String) {
        let args = [
            ("now", self.progress.in_flight().into()),
            ("limit", self.progress.limit.into()),
        ];
        let is_read = self.progress.phase == Some(Phase::Reading);
        let calls = if is_read || self.progress.limit == 0 {
            String::new()
        } else {
            words.with("ui-pane-lanes", &args)
        };
        let chart = match self.progress.phase {
            _ if self.rates.is_empty() => return (calls, String::new()),
            Some(Phase::Comparing | Phase::Undoing) => "ui-pane-chart-contacts",
            Some(Phase::Reading) => "ui-pane-chart-rows",
            _ => "ui-pane-chart",
        };
        (calls, words.text(chart))
    }

    /// Draws the calls under way and the rate so far: side by side, or in one line where there is little room.
    fn lanes(&self, page: &mut Page<'_, '_>, words: &Words, elapsed: Duration) {
        let half = page.width() / 2;
        let (mut calls, chart) = self.headings(words);
        let lanes = if calls.is_empty() {
            &[][..]
        } else {
            &self.progress.lanes
        };
        let mut area = page.area(1);
        let mut wide = half;
        if page.rest() < TALL {
            let marks = lanes.iter().map(|since| since.map_or("·", |_| "▬"));
            calls = format!("{calls}  {}", marks.collect::<String>());
            wide += chart.width() + 1;
        }
        let text = format!("{}{chart}", left(&calls, half));
        page.line(Span::styled(text, page.theme.faint()));
        if page.rest() + 1 >= TALL {
            let columns = (half.saturating_sub(2) / LANE).max(1);
            let height = lanes.len().div_ceil(columns).clamp(3, 5);
            area = page.area(height);
            for row in 0..height {
                let mine = lanes.iter().enumerate().skip(row).step_by(height);
                let spans: Vec<Span<'_>> = mine
                    .map(|(at, since)| {
                        let age = since.map(|since| elapsed.saturating_sub(since));
                        lane(at, age, words, page)
                    })
                    .collect();
                page.line(Line::from(spans));
            }
        }
        let wide = u16::try_from(wide).unwrap_or(u16::MAX).min(area.width);
        let chart = Rect {
            x: area.x + wide,
            width: area.width - wide,
            ..area
        };
        let points = usize::from(chart.width);
        let latest = self.rates.iter().rev().take(points).rev();
        let rates: Vec<u64> = latest.copied().collect();
        let style = page.theme.good();
        page.frame().render_widget(
            Sparkline::default()
                .data(rates)
                .bar_set(symbols::bar::NINE_LEVELS)
                .style(style),
            chart,
        );
    }

    /// Draws how far each segment is, once that is known.
    fn draw_segments(&mut self, page: &mut Page<'_, '_>, words: &Words, room: usize) {
        let known = self.progress.segments.iter().filter(|one| one.total > 0);
        let known: Vec<_> = known.collect();
        // One is in sight at least, whatever stands above and below: the others are a key away.
        let room = room.max(1).min(page.rest());
        let gap = usize::from(room > 1);
        let shown = known.len().min(room - gap);
        let out_of_sight = known.len() - shown;
        let first = self.segments.0.min(out_of_sight);
        self.segments = (first, out_of_sight);
        page.beyond((first, out_of_sight - first), words);
        if shown == 0 {
            return;
        }
        if gap > 0 {
            page.gap();
        }
        let labels = known.iter().map(|one| one.tag.width());
        let label = labels.max().unwrap_or(0).min(page.width() / 3);
        // Who is in several segments is a member of each: these are more than the profiles.
        let count = |total: u64| words.with("ui-members", &[("count", total.into())]);
        let members = known.iter().map(|one| count(one.total).width());
        let members = members.max().unwrap_or(0);
        for segment in known.into_iter().skip(first).take(shown) {
            let share = share(segment.done, segment.total).unwrap_or(0.0);
            let wide = page.width().saturating_sub(label + 10 + members + 2).max(8);
            let [filled, rest] = bar(share, wide, page.theme);
            page.line(Line::from(vec![
                Span::raw(left(&segment.tag, label) + "  "),
                filled,
                rest,
                Span::raw(right(&words.percent(share), 8)),
                Span::styled(
                    right(&count(segment.total), members + 2),
                    page.theme.faint(),
                ),
            ]));
        }
    }
}

/// Says what goes on before anything is written.
fn before_writing(phase: Option<Phase>) -> &'static str {
    match phase {
        Some(Phase::Reading) => "ui-pane-reading",
        Some(Phase::Comparing) => "ui-pane-comparing",
        Some(Phase::Waiting) => "ui-pane-waiting",
        Some(Phase::Queued | Phase::Delivering | Phase::Undoing) | None => "ui-pane-starting",
    }
}

fn lane(at: usize, age: Option<Duration>, words: &Words, page: &Page<'_, '_>) -> Span<'static> {
    match age {
        None => Span::styled(format!("{} {:<11}", at + 1, "·"), page.theme.faint()),
        Some(age) => {
            let long = usize::try_from(age.as_millis() / 250)
                .unwrap_or(4)
                .clamp(1, 4);
            let style = if age > Duration::from_secs(10) {
                page.theme.warn()
            } else {
                page.theme.good()
            };
            let text = left(&format!("{} {}", "▬".repeat(long), words.duration(age)), 11);
            Span::styled(format!("{} {text}", at + 1), style)
        }
    }
}

fn audience(destination: &Destination) -> &str {
    if destination.audience_name.is_empty() {
        destination.audience.as_str()
    } else {
        &destination.audience_name
    }
}

fn phases(page: &mut Page<'_, '_>, now: Option<Phase>, words: &Words) {
    let waiting = (now == Some(Phase::Waiting)).then_some(Phase::Waiting);
    let stretches = match now {
        Some(Phase::Undoing) => &[Phase::Undoing][..],
        _ => &[Phase::Reading, Phase::Comparing, Phase::Delivering],
    };
    let all: Vec<Phase> = waiting
        .into_iter()
        .chain(stretches.iter().copied())
        .collect();
    let at = now.and_then(|now| all.iter().position(|one| *one == now));
    let mut spans = Vec::new();
    for (place, one) in all.into_iter().enumerate() {
        let (sign, style) = match at {
            Some(at) if place < at => ("✓", page.theme.good()),
            Some(at) if place == at => ("▸", page.theme.here()),
            _ => ("·", page.theme.faint()),
        };
        spans.push(Span::styled(
            format!("{sign} {}   ", phase(Some(one), words)),
            style,
        ));
    }
    page.line(Line::from(spans));
}

fn counters(page: &mut Page<'_, '_>, progress: &Progress, words: &Words) {
    let counters = &progress.counters;
    let undone = [
        (Part::Archived, counters.archived),
        (Part::Restored, counters.restored),
        (Part::Left, counters.left),
    ];
    let exported = [
        (Part::Created, counters.created),
        (Part::Unchanged, counters.unchanged),
        (Part::Merged, counters.merged),
        (Part::Updated, counters.updated),
        (Part::Suppressed, counters.suppressed),
        (Part::Rejected, counters.rejected),
    ];
    let cells = match progress.phase {
        Some(Phase::Undoing) => &undone[..],
        _ => &exported,
    };
    // With room for one and for many, so that nothing moves when the second one comes.
    let forms = cells
        .iter()
        .flat_map(|(part, _)| [1, 2].map(|count| words.part(*part, count)));
    let longest = forms.map(|form| form.width()).max().unwrap_or(0);
    let columns = (page.width() / (longest + NUMBER + 2)).clamp(1, 3);
    let wide = page.width() / columns;
    for row in cells.chunks(columns) {
        let text: String = row
            .iter()
            .map(|(part, count)| {
                let label = left(&words.part(*part, *count), longest);
                let count = right(&words.number(*count), NUMBER);
                left(&format!("{label}{count}"), wide)
            })
            .collect();
        page.line(Span::styled(text, Style::new()));
    }
    let why: Vec<String> = counters
        .reasons
        .iter()
        .map(|(reason, count)| words.reason_of(*reason, *count))
        .collect();
    if !why.is_empty() && page.rest() > 6 {
        page.text(&why.join(" · "), page.theme.faint());
    }
}

/// Says how often calls had to be repeated or slowed down.
fn troubles(page: &mut Page<'_, '_>, progress: &Progress, words: &Words) {
    let counters = &progress.counters;
    let all = [
        ("ui-pane-throttled", counters.throttled),
        ("ui-pane-retries", counters.retries),
    ];
    let told = all.into_iter().filter(|(_, count)| *count > 0);
    let told = told.map(|(key, count)| words.with(key, &[("count", count.into())]));
    let told: Vec<String> = told.collect();
    if !told.is_empty() {
        page.text(&told.join(" · "), page.theme.faint());
    }
}

fn told(message: &Message, words: &Words) -> String {
    match message {
        Message::Trouble(trouble, limit) => {
            let args = [("limit", (*limit).into())];
            match trouble {
                Trouble::Throttled => words.with("ui-trouble-throttled", &args),
                Trouble::Failed => words.with("ui-trouble-failed", &args),
                Trouble::NoAnswer => words.with("ui-trouble-no-answer", &args),
                Trouble::NoConnection => words.with("ui-trouble-no-connection", &args),
            }
        }
        Message::Waits(asker, pause) => words.asked_to_wait(*asker, *pause),
        Message::Rejected(count) => words.with("ui-told-rejected", &[("count", (*count).into())]),
        Message::Unclear(said) => words.with("ui-told-unclear", &[("said", said.as_str().into())]),
        Message::Lost(lost) => words.warning(&Warning::Lost(*lost)),
        Message::CountsDiffer(gap) => words.with(
            "ui-told-counts-differ",
            &[
                ("read", gap.read.into()),
                ("counted", gap.counted.into()),
                ("lookups", gap.lookups.into()),
            ],
        ),
        Message::RepeatedIds(count) => {
            words.with("ui-told-repeated", &[("count", (*count).into())])
        }
    }
}
