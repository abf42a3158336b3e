//! All that can be done where one is, in a list that typing narrows down.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::app::{App, Screen};
use super::field::Field;
use super::keys::{Command, name};
use super::overlay::Overlay;
use super::paint::{BORDERS, Page, centred, emptied, left};
use super::theme::Theme;
use super::view::Hit;
use crate::words::Words;

/// The keys that are written over more than one place: Ctrl-G is the widest that every language writes alike.
const KEYS: usize = 7;

/// Something that can be done.
#[derive(Debug)]
struct Entry {
    /// The key that does it.
    event: KeyEvent,
    /// How it is written.
    shown: String,
    /// What it does.
    name: String,
    /// What it is called where it is given another key.
    called: &'static str,
}

/// The list.
#[derive(Debug)]
pub(super) struct Palette {
    /// What lay over the screen when it was opened, and does again when it is left.
    under: Option<Box<Overlay>>,
    all: Vec<Entry>,
    filter: Field,
    cursor: usize,
}

impl Palette {
    /// Those that what is typed lets through: each of its words is part of the name, or all of it is the key; that one comes
    /// first.
    fn fitting(&self) -> Vec<&Entry> {
        let text = self.filter.text().trim();
        let wanted = text.to_lowercase();
        let fits = |entry: &&Entry| {
            let name = entry.name.to_lowercase();
            let said = |word: &str| name.contains(word) || entry.called.contains(word);
            entry.shown == text || wanted.split_whitespace().all(said)
        };
        let mut fitting: Vec<&Entry> = self.all.iter().filter(fits).collect();
        fitting.sort_by_key(|entry| entry.shown != text);
        fitting
    }

    /// The key of what the cursor is on.
    fn chosen(&self) -> Option<KeyEvent> {
        self.fitting().get(self.cursor).map(|entry| entry.event)
    }

    /// What it lies over.
    pub fn under_mut(&mut self) -> Option<&mut Overlay> {
        self.under.as_deref_mut()
    }

    /// Tells whether a key does anything here.
    pub fn offers(&self, command: Command) -> bool {
        match command {
            Command::Enter => self.chosen().is_some(),
            Command::Up => self.fitting().len() > 1,
            _ => true,
        }
    }

    /// Takes pasted text.
    pub fn paste(&mut self, text: &str) {
        self.filter.paste(text);
        self.cursor = 0;
    }

    /// Draws it, and tells where its lines are.
    pub fn draw(
        &self,
        frame: &mut Frame<'_>,
        area: Rect,
        (theme, words): (Theme, &Words),
        hits: &mut Vec<(Rect, Hit)>,
    ) {
        let fitting = self.fitting();
        let lines = u16::try_from(self.all.len() + 2 + BORDERS).unwrap_or(u16::MAX);
        let (width, height) = (
            area.width.saturating_sub(4).min(60),
            area.height.saturating_sub(2).min(lines),
        );
        let place = centred(area, width, height);
        emptied(frame, place, theme);
        let count = format!("{} / {}", fitting.len(), self.all.len());
        let title = words.text("ui-palette-title");
        let page = &mut Page::framed(frame, place, theme, (&title, &count));
        self.filter.draw(page, "❯ ", true);
        page.gap();
        if fitting.is_empty() {
            return page.text(&words.text("ui-palette-none"), theme.faint());
        }
        page.list((self.cursor, fitting.len()), words, |page, at| {
            let entry = fitting[at];
            hits.push((page.area(1), Hit::Line(at)));
            let (mark, style) = if at == self.cursor {
                ("❯ ", theme.here())
            } else {
                ("  ", Style::new())
            };
            // What is said already need not be said twice.
            let is_said = entry.name.to_lowercase().contains(entry.called);
            let called = if is_said { "" } else { entry.called };
            let wide = page.width().saturating_sub(3 + KEYS + called.len());
            page.line(Line::from(vec![
                Span::styled(mark, theme.here()),
                Span::styled(left(&entry.shown, KEYS), theme.key()),
                Span::styled(left(&entry.name, wide), style),
                Span::styled(format!(" {called}"), theme.faint()),
            ]));
        });
    }
}

impl App {
    /// Tells whether there is a list of all that can be done: not where a colon is text, and not over a question, which wants
    /// an answer.
    pub fn has_palette(&self) -> bool {
        let over = matches!(
            self.overlay,
            None | Some(Overlay::Changes(_) | Overlay::Check(_))
        );
        over && !self.context().types()
    }

    /// Opens the list of all that can be done, over what lies over the screen.
    pub fn show_palette(&mut self, over: Option<Overlay>) {
        self.overlay = over;
        let all = self.can_be_done();
        let under = self.overlay.take();
        self.overlay = Some(Overlay::Palette(Box::new(Palette {
            under: under.map(Box::new),
            all,
            filter: Field::default(),
            cursor: 0,
        })));
    }

    /// Lists all that can be done where one is, in the order of the footer; then what can be done everywhere.
    fn can_be_done(&self) -> Vec<Entry> {
        let (context, keys, words) = (self.context(), self.theme.keys(), &self.words);
        let offered = keys.bindings(context).filter(|binding| {
            let moves = matches!(binding.command, Command::Up | Command::Left);
            !binding.label.is_empty() && !moves && self.offers(binding.command)
        });
        let mut all: Vec<Entry> = offered
            .map(|binding| Entry {
                event: binding.event(),
                shown: binding.shown.to_owned(),
                name: words.text(binding.label),
                called: name(&binding).unwrap_or_default(),
            })
            .collect();
        let mut add = |event: KeyEvent, shown: &str, label: &str| {
            all.push(Entry {
                event,
                shown: shown.to_owned(),
                name: words.text(label),
                called: "",
            });
        };
        let ctrl = |code| KeyEvent::new(code, KeyModifiers::CONTROL);
        if matches!(self.screen, Screen::Wizard(_)) && self.overlay.is_none() {
            add(ctrl(KeyCode::Down), "Ctrl-↓", "ui-key-step-on");
            add(ctrl(KeyCode::Char('g')), "Ctrl-G", "ui-key-go-to");
        }
        if self.overlay.as_ref().is_none_or(Overlay::has_help) {
            let (shown, help) = context.help();
            add(help.into(), shown, "ui-key-help");
        }
        let mut others = keys.bindings(context);
        if others.all(|binding| binding.command != Command::Quit) {
            add(ctrl(KeyCode::Char('c')), "Ctrl-C", "ui-key-quit");
        }
        all
    }

    /// Takes a key for the list.
    pub fn palette_key(&mut self, mut palette: Box<Palette>, command: Command, event: KeyEvent) {
        let last = palette.fitting().len().saturating_sub(1);
        match command {
            Command::Back => return self.leave_palette(*palette),
            Command::Enter => {
                if let Some(event) = palette.chosen() {
                    self.leave_palette(*palette);
                    return self.key(event);
                }
            }
            Command::Up => palette.cursor = palette.cursor.saturating_sub(1),
            Command::Down => palette.cursor = (palette.cursor + 1).min(last),
            Command::PageUp => palette.cursor = 0,
            Command::PageDown => palette.cursor = last,
            _ if palette.filter.key(event) => palette.cursor = 0,
            _ => {}
        }
        self.overlay = Some(Overlay::Palette(palette));
    }

    /// Does what is clicked on.
    pub fn palette_click(&mut self, hit: Hit) {
        if let (Some(Overlay::Palette(palette)), Hit::Line(line)) = (&mut self.overlay, hit) {
            palette.cursor = line;
            self.key(KeyCode::Enter.into());
        }
    }

    fn leave_palette(&mut self, palette: Palette) {
        self.overlay = palette.under.map(|under| *under);
    }
}
