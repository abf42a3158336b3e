//! The last line: the keys of the place, or what was just done.

use crossterm::event::{KeyCode, KeyEvent};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use super::app::App;
use super::keys::Command;
use super::overlay::Overlay;
use super::paint::{Page, cut};
use super::theme::Theme;
use super::view::Hit;

/// A key with what it does.
struct Labelled {
    shown: &'static str,
    event: KeyEvent,
    label: String,
    /// It is the way out, which is there whatever else does not fit.
    leads_out: bool,
}

impl Labelled {
    fn width(&self) -> usize {
        self.shown.width() + 1 + self.label.width()
    }
}

/// The line while it is made.
struct Row {
    area: Rect,
    theme: Theme,
    used: usize,
    spans: Vec<Span<'static>>,
    hits: Vec<(Rect, Hit)>,
}

impl Row {
    fn blank(&mut self, wide: usize) {
        self.spans.push(Span::raw(" ".repeat(wide)));
        self.used += wide;
    }

    fn key(&mut self, key: &Labelled) {
        let spot = Rect {
            x: self.area.x + u16::try_from(self.used).unwrap_or(0),
            width: u16::try_from(key.width()).unwrap_or(0),
            ..self.area
        };
        self.hits.push((spot, Hit::Key(key.event)));
        let label = format!(" {}", key.label);
        self.spans.push(Span::styled(key.shown, self.theme.key()));
        self.spans.push(Span::styled(label, self.theme.faint()));
        self.used += key.width();
    }
}

/// Draws the keys of the place. Those that are always there have their own room at the end, whatever else does not fit. What
/// was just done takes the line until the next key.
pub(super) fn footer(frame: &mut Frame<'_>, area: Rect, app: &mut App) {
    if let Some(notice) = &app.notice {
        let room = Rect {
            x: area.x + 1,
            width: area.width - 1,
            ..area
        };
        let text = cut(&notice.told(&app.words), room.width.into());
        let page = &mut Page::new(frame, room, app.theme);
        return page.leading(&text, app.theme.strong(), notice.leads_to());
    }
    let always = always(app);
    let end: usize = always.iter().map(|key| key.width() + 2).sum();
    let room = usize::from(area.width).saturating_sub(end + 1);
    let (out, keys): (Vec<_>, Vec<_>) = keys(app).into_iter().partition(|key| key.leads_out);
    let wide = |gap| {
        keys.iter()
            .chain(&out)
            .map(|key| key.width() + gap)
            .sum::<usize>()
    };
    let gap = if wide(3) < room { 3 } else { 2 };
    let room = room.saturating_sub(out.iter().map(|key| key.width() + gap).sum());
    let mut row = Row {
        area,
        theme: app.theme,
        used: 0,
        spans: Vec::new(),
        hits: Vec::new(),
    };
    row.blank(1);
    for key in &keys {
        if row.used + key.width() > room {
            break;
        }
        row.key(key);
        row.blank(gap);
    }
    for key in &out {
        row.key(key);
        row.blank(gap);
    }
    let at = usize::from(area.width).saturating_sub(end.saturating_sub(1));
    row.blank(at.saturating_sub(row.used));
    for key in &always {
        row.key(key);
        row.blank(2);
    }
    app.hits.extend(row.hits);
    Page::new(frame, area, row.theme).line(Line::from(row.spans));
}

/// The keys of the place that do something now.
fn keys(app: &App) -> Vec<Labelled> {
    let all = app.theme.keys().bindings(app.context());
    let offered = all.filter(|binding| !binding.label.is_empty() && app.offers(binding.command));
    let labelled = offered.map(|binding| Labelled {
        shown: binding.shown,
        event: binding.event(),
        label: app.words.text(binding.label),
        leads_out: matches!(binding.code, KeyCode::Esc) || binding.command == Command::Quit,
    });
    labelled.collect()
}

/// The keys that are there everywhere.
fn always(app: &App) -> Vec<Labelled> {
    let (shown, code) = app.context().help();
    let palette = app.has_palette().then(|| Labelled {
        shown: ":",
        event: KeyCode::Char(':').into(),
        label: app.words.text("ui-key-palette"),
        leads_out: false,
    });
    let help = app.overlay.as_ref().is_none_or(Overlay::has_help);
    let help = help.then(|| Labelled {
        shown,
        event: code.into(),
        label: app.words.text("ui-key-help"),
        leads_out: false,
    });
    palette.into_iter().chain(help).collect()
}
