use ratatui::text::Line;

use super::super::paint::Page;
use super::super::theme::Theme;
use crate::export::Report;
use crate::words::Words;

/// Why profiles were left alone or refused, line by line.
pub(super) fn reasons(report: &Report, words: &Words, theme: Theme) -> Vec<Line<'static>> {
    let lines = words.why_not(&report.ended.counters).into_iter();
    let lines = lines.map(|line| {
        if line.starts_with(' ') {
            Line::raw(line)
        } else {
            Line::styled(line, theme.faint())
        }
    });
    lines.collect()
}

/// Draws what can be done about each reason.
pub(super) fn advice(page: &mut Page<'_, '_>, report: &Report, words: &Words) {
    let reasons = report.ended.counters.reasons.keys();
    for (at, reason) in reasons.enumerate() {
        if at == 0 {
            page.gap();
            page.text(&words.text("ui-report-advice"), page.theme.faint());
        }
        let label = format!("  {}: ", words.reason(*reason));
        page.fact(&label, &words.advice(*reason));
    }
}

/// Draws two lists, side by side where there is room.
pub(super) fn beside(
    page: &mut Page<'_, '_>,
    first: Vec<Line<'static>>,
    second: Vec<Line<'static>>,
) {
    let half = page.width() * 2 / 5;
    if page.width() < 76 {
        for line in first.into_iter().chain([Line::default()]).chain(second) {
            page.line(line);
        }
        return;
    }
    let mut second = second.into_iter();
    let mut first = first.into_iter();
    loop {
        let (one, two) = (first.next(), second.next());
        if one.is_none() && two.is_none() {
            return;
        }
        let mut line = one.unwrap_or_default();
        line.push_span(" ".repeat(half.saturating_sub(line.width())));
        let two = two.unwrap_or_default();
        line.extend(
            two.spans
                .into_iter()
                .map(|span| span.patch_style(two.style)),
        );
        page.line(line);
    }
}
