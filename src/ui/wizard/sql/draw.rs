//! How an engine as the source looks.

use ratatui::style::Style;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use super::super::super::engine::QueryRow;
use super::super::super::msg::Wait;
use super::super::super::paint::{Page, Reach, cut, left, scroll, wrap};
use super::super::Known;
use super::{FOLDER, ID, Mode, ROWS, SqlForm, WRITE};
use crate::domain::{Draft, SourceSpec};
use crate::words::Words;

impl SqlForm {
    pub fn draw(&self, page: &mut Page<'_, '_>, draft: &Draft, known: &Known, words: &Words) {
        match self.mode {
            Mode::Queries => self.draw_queries(page, draft, known, words),
            Mode::Connect => self.connect.draw(page, words),
            Mode::Write => self.writing.draw(page, &self.kept_in(), words),
            Mode::Change => self.changing.draw(page, &self.kept_in(), words),
        }
    }

    fn draw_queries(&self, page: &mut Page<'_, '_>, draft: &Draft, known: &Known, words: &Words) {
        let engine = known.account(self.login.as_ref());
        let login = self.login.as_ref().map(ToString::to_string);
        let args = [
            ("engine", engine.into()),
            ("login", login.unwrap_or_default().into()),
        ];
        page.text(&words.with("ui-sql-queries-of", &args), page.theme.strong());
        page.text(&words.text("ui-sql-queries-hint"), page.theme.faint());
        page.gap();
        let labels = ["ui-source-folder", "ui-source-id"].map(|label| words.text(label));
        let wide = labels.iter().map(|label| label.width()).max().unwrap_or(0);
        let [folder, id] = labels.map(|label| left(&label, wide) + " ");
        let reach = |at: usize| Reach::selecting(at, self.focus);
        page.choice(reach(FOLDER), |page| {
            self.folder.draw(page, &folder, self.focus == FOLDER);
        });
        page.choice(reach(ID), |page| self.id.draw(page, &id, self.focus == ID));
        let (mark, style) = if self.focus == WRITE {
            page.keep_in_sight();
            ("❯", page.theme.here())
        } else {
            (" ", Style::new())
        };
        let write = words.text("ui-sql-write");
        page.choice(Reach::acting(WRITE, self.focus), |page| {
            page.line(Span::styled(format!("{mark} {write}"), style));
        });
        page.gap();
        if let Some(lacking) = self.lacking {
            page.bad(&words.text(lacking));
        }
        if self.focus == FOLDER {
            self.folder.draw_fitting(page, 4);
        }
        if let Some(why) = self.opening.failure() {
            page.failure(why);
        }
        let ours = draft.source.as_ref().and_then(SourceSpec::engine) == self.login.as_ref();
        if ours && self.login.is_some() {
            self.state(page, known, &self.listed(draft, known), words);
        }
    }

    /// Tells what was found, or why nothing was.
    fn state(&self, page: &mut Page<'_, '_>, known: &Known, rows: &[QueryRow], words: &Words) {
        let chosen = self.focus.checked_sub(ROWS);
        match &known.source {
            Wait::Idle => {}
            Wait::Asked(_) => page.text(&words.text("ui-sql-asking"), page.theme.faint()),
            Wait::Failed(why) => {
                page.failure(why);
                if !rows.is_empty() {
                    page.gap();
                    table(page, (rows, chosen), Some(&why.what), words);
                }
            }
            Wait::Done(looked) => {
                let args = [
                    ("segments", looked.segments.len().into()),
                    ("attributes", looked.source.attributes().len().into()),
                ];
                page.good(&words.with("ui-source-found", &args));
                page.gap();
                table(page, (rows, chosen), None, words);
            }
        }
    }
}

/// Lists queries, one of them chosen: file, label, columns; below one that is no segment stands why, unless that was `told`.
fn table(
    page: &mut Page<'_, '_>,
    (rows, chosen): (&[QueryRow], Option<usize>),
    told: Option<&String>,
    words: &Words,
) {
    let head = ["ui-col-query", "ui-col-label", "ui-col-columns"].map(|key| words.text(key));
    let most = page.width() / 3;
    let widest = |texts: &mut dyn Iterator<Item = &String>| {
        let widest = texts.map(|text| text.width()).max();
        widest.unwrap_or(0).min(most)
    };
    let file = widest(&mut rows.iter().map(|row| &row.file).chain([&head[0]]));
    let label = widest(&mut rows.iter().map(|row| &row.label).chain([&head[1]]));
    let room = page.width();
    let line = |one: &str, two: &str, three: &str| {
        let text = format!("{}  {}  {three}", left(one, file), left(two, label));
        cut(&text, room.saturating_sub(2))
    };
    let head = line(&head[0], &head[1], &head[2]);
    page.line(Span::styled(format!("  {head}"), page.theme.faint()));
    let fits = page.rest().saturating_sub(1).max(1);
    let first = scroll(chosen.unwrap_or(0), fits, rows.len());
    for (at, row) in rows.iter().enumerate().skip(first).take(fits) {
        let columns = row.columns.join(", ");
        let text = line(&row.file, &row.label, &columns);
        let (mark, style) = match &row.problem {
            None => ("✓ ", page.theme.good()),
            Some(_) => ("✗ ", page.theme.bad()),
        };
        let text = if chosen == Some(at) {
            page.keep_in_sight();
            Span::styled(text, page.theme.here())
        } else {
            Span::raw(text)
        };
        page.line(Line::from(vec![Span::styled(mark, style), text]));
        let problem = row.problem.as_ref().map(|why| &why.what);
        if let Some(what) = problem.filter(|what| told != Some(*what)) {
            for part in wrap(what, room.saturating_sub(4)) {
                page.line(Span::styled(format!("    {part}"), page.theme.bad()));
            }
        }
    }
    let below = rows.len().saturating_sub(first + fits);
    if below > 0 {
        let more = words.with("ui-more", &[("count", below.into())]);
        page.line(Span::styled(format!("  {more}"), page.theme.faint()));
    }
}
