//! The list of segments: what is known of each, in columns where there is room.

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::super::super::paint::{Page, cut, left, right};
use crate::domain::{Segment, SegmentState};
use crate::words::Words;

/// From this width on there is room for what the source tells of each segment.
const WIDE: usize = 70;
/// Where the cursor is, and whether the segment is chosen.
const MARKS: usize = 6;
const STATE: usize = 18;
const REFRESHED: usize = 20;
const MEMBERS: usize = 11;
/// Between the name and what is told beside it, whatever its length.
const GAP: usize = 2;

/// Which columns there are, and how wide the first one is.
pub(super) struct Columns {
    label: usize,
    /// Whether state and time of each segment have columns.
    tells: bool,
}

impl Columns {
    /// Chooses the columns for segments at a width.
    pub fn of(segments: &[Segment], width: usize) -> Self {
        let is_told =
            |one: &Segment| one.evaluated_at.is_some() || one.state != SegmentState::Ready;
        let tells = width >= WIDE && segments.iter().any(is_told);
        let others = if tells { STATE + REFRESHED } else { 0 };
        Self {
            label: width
                .saturating_sub(MARKS + others + MEMBERS + 3)
                .clamp(8, 48),
            tells,
        }
    }

    /// Draws what stands above the columns.
    pub fn head(&self, page: &mut Page<'_, '_>, words: &Words) {
        let mut text = " ".repeat(MARKS) + &left(&words.text("history-segment"), self.label);
        if self.tells {
            text += &left(&words.text("segments-state"), STATE);
            text += &left(&words.text("segments-refreshed"), REFRESHED);
        }
        text += &right(&words.text("ui-col-members"), MEMBERS);
        page.line(Span::styled(text, page.theme.faint()));
    }

    /// Draws a segment.
    pub fn row(
        &self,
        page: &mut Page<'_, '_>,
        (segment, gone): (&Segment, bool),
        (here, chosen): (bool, bool),
        words: &Words,
    ) {
        let (sign, tint) = if chosen {
            ("[✓]", page.theme.good())
        } else {
            ("[ ]", Style::new())
        };
        let (mark, style) = if here {
            ("❯ ", page.theme.here())
        } else {
            ("  ", Style::new())
        };
        let state = match segment.state {
            _ if gone => Some(words.text("segment-gone")),
            SegmentState::Ready => None,
            state => Some(words.segment_state(state)),
        };
        let mut label = segment.label.clone();
        if let Some(state) = state.as_ref().filter(|_| !self.tells) {
            label = format!("{label} · {state}");
        }
        let room = self.label - if self.tells { GAP } else { 0 };
        let mut spans = vec![
            Span::styled(mark, style),
            Span::styled(format!("{sign} "), tint),
            Span::styled(left(&cut(&label, room), self.label), style),
        ];
        if self.tells {
            let tint = if state.is_some() {
                page.theme.warn()
            } else {
                page.theme.faint()
            };
            let state = state.unwrap_or_else(|| words.segment_state(segment.state));
            let at = segment.evaluated_at.map(|at| words.date_time(at));
            spans.push(Span::styled(left(&state, STATE), tint));
            let at = left(&at.unwrap_or_default(), REFRESHED);
            spans.push(Span::styled(at, page.theme.faint()));
        }
        let count = segment.count.map(|count| words.number(count));
        let count = right(&count.unwrap_or_default(), MEMBERS);
        spans.push(Span::styled(count, page.theme.faint()));
        page.line(Line::from(spans));
    }

    /// Says how fresh a segment is, where the source tells and there is no column for it.
    pub fn state(&self, page: &mut Page<'_, '_>, segment: &Segment, words: &Words) {
        let Some(at) = segment.evaluated_at.filter(|_| !self.tells) else {
            return;
        };
        let args = [
            ("segment", segment.label.as_str().into()),
            ("state", words.segment_state(segment.state).into()),
            ("time", words.date_time(at).into()),
        ];
        page.text(&words.with("ui-segments-state", &args), page.theme.faint());
    }
}
