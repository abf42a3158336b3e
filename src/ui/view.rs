//! Draws the application. Changes nothing but scroll offsets and where the footer's keys are.

use crossterm::event::KeyEvent;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Block;
use unicode_width::UnicodeWidthStr;

use super::app::{App, Screen};
use super::footer::footer;
use super::overlay::Overlay;
use super::paint::{Page, Reach, cut};
use super::wizard::Step;
use crate::domain::{Destination, printable};

/// Below this nothing useful fits.
const LEAST: (u16, u16) = (60, 16);

/// What a click on a place of the screen means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Hit {
    /// It presses this key.
    Key(KeyEvent),
    /// It sorts the table by the column in this place.
    Heading(usize),
    /// It puts the cursor on this line of the table.
    Line(usize),
    /// It ticks this line of the table.
    Mark(usize),
    /// It narrows the table down to what has this place.
    Sort(usize),
    /// It presses the keys that lead to this line.
    Reach(Reach),
    /// It goes to this step of the wizard.
    Step(Step),
}

/// Draws one frame.
pub(super) fn draw(frame: &mut Frame<'_>, app: &mut App) {
    let area = frame.area();
    app.hits.clear();
    if area.width < LEAST.0 || area.height < LEAST.1 {
        let args = [("width", LEAST.0.into()), ("height", LEAST.1.into())];
        let text = app.words.with("ui-too-small", &args);
        return Page::new(frame, area, app.theme).text(&text, app.theme.strong());
    }
    frame.render_widget(Block::new().style(app.theme.ground()), area);
    header(frame, Rect { height: 1, ..area }, app);
    let body = Rect {
        y: area.y + 1,
        height: area.height - 2,
        ..area
    };
    let mut hits = screen(frame, body, app);
    let (theme, words) = (app.theme, app.words.clone());
    if let Some(overlay) = &app.overlay {
        // Nothing behind it is clicked on.
        hits.clear();
        let over = overlay.draw(frame, body, app.scroll, (theme, &words), &mut hits);
        (app.scroll, app.over) = (app.scroll.min(over), over);
    }
    app.hits = hits;
    footer(
        frame,
        Rect {
            y: area.y + area.height - 1,
            height: 1,
            ..area
        },
        app,
    );
}

/// Draws what fills the screen, and tells where what can be clicked on is.
fn screen(frame: &mut Frame<'_>, body: Rect, app: &mut App) -> Vec<(Rect, Hit)> {
    let (theme, words, now) = (app.theme, app.words.clone(), app.now);
    let mut hits = Vec::new();
    match &mut app.screen {
        Screen::Home => {
            let (seen, page) = (app.seen(), &mut Page::new(frame, body, theme));
            app.home.draw(page, seen, &mut hits);
        }
        Screen::Wizard(wizard) => {
            hits = wizard.draw(frame, body, theme, &words);
        }
        Screen::Logins(logins) => {
            let title = words.text("logins-title");
            let page = &mut Page::framed(frame, body, theme, (&title, ""));
            logins.draw(page, &app.home.data, &words, &mut hits);
        }
        Screen::About(about) => {
            let title = about.destination.name.to_string();
            let page = &mut Page::framed(frame, body, theme, (&title, ""));
            about.draw(page, &words);
        }
        Screen::Report(report) => report.draw(frame, body, (theme, &words), &mut hits),
        Screen::History(history) => history.draw(frame, body, (theme, &words), &mut hits),
        Screen::Pane(ticket) => {
            let ticket = *ticket;
            let ahead = app.run(ticket).and_then(|run| app.ahead(run));
            let ahead = ahead.map(ToOwned::to_owned);
            if let Some(run) = app.runs.iter_mut().find(|run| run.ticket == ticket) {
                run.draw(frame, body, (theme, &words), (now, ahead.as_deref()));
            }
        }
    }
    hits
}

/// Says where one is: the way here, and how far it goes.
fn header(frame: &mut Frame<'_>, area: Rect, app: &App) {
    let (way, place) = app.place();
    let way = std::iter::once("Segue".to_owned()).chain(way);
    let way: Vec<String> = way.map(|part| printable(&part).into_owned()).collect();
    let (theme, last) = (app.theme, way.len() - 1);
    let mut room = usize::from(area.width).saturating_sub(place.width() + 4);
    let mut spans = vec![Span::raw(" ")];
    for (at, part) in way.iter().enumerate() {
        if at > 0 {
            spans.push(Span::styled(" › ", theme.faint()));
            room = room.saturating_sub(3);
        }
        let text = cut(part, room);
        room = room.saturating_sub(text.width());
        let style = match at {
            0 => theme.here(),
            _ if at == last => theme.strong(),
            _ => theme.faint(),
        };
        spans.push(Span::styled(text, style));
    }
    spans.push(Span::raw(" ".repeat(room + 2)));
    spans.push(Span::styled(place, theme.faint()));
    Page::new(frame, area, theme).line(Line::from(spans));
}

impl App {
    /// Names the way to what is on the screen, and says how far along it is.
    fn place(&self) -> (Vec<String>, String) {
        let words = &self.words;
        let to = |destination: &Destination, page: &str| {
            vec![destination.name.to_string(), words.text(page)]
        };
        if let Some(Overlay::Changes(page)) = &self.overlay {
            return (vec![page.title(words)], String::new());
        }
        match &self.screen {
            Screen::Home => (Vec::new(), self.home.place(self.seen())),
            Screen::Wizard(wizard) => {
                let args = [
                    ("step", wizard.step.number().into()),
                    ("steps", Step::ALL.len().into()),
                ];
                let mut way = vec![words.text(match wizard.former {
                    Some(_) => "ui-title-edit",
                    None => "ui-title-new",
                })];
                let name = &wizard.draft.name;
                if !name.is_empty() {
                    way.push(name.to_string());
                }
                (way, words.with("ui-title-step", &args))
            }
            Screen::Pane(ticket) => {
                let run = self.run(*ticket);
                let way = run.map(|run| to(&run.destination, "ui-title-run"));
                (way.unwrap_or_default(), String::new())
            }
            Screen::Logins(_) => (vec![words.text("logins-title")], String::new()),
            Screen::About(about) => (to(&about.destination, "about-title"), String::new()),
            Screen::Report(report) => (to(report.destination(), "ui-title-report"), String::new()),
            Screen::History(history) => {
                (to(history.destination(), "ui-title-history"), String::new())
            }
        }
    }
}
