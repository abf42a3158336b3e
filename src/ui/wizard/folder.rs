//! A folder of files as the source, its layout shown and changeable.

use crossterm::event::KeyEvent;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use super::super::keys::{Command, Context};
use super::super::look::Fits;
use super::super::msg::{Answer, Ticket, Wait};
use super::super::paint::{Page, Reach, cut, left, right};
use super::path::PathField;
use super::{Desk, Known};
use crate::domain::{Draft, FolderLayout, FolderOptions, SourceSpec};
use crate::source::{FileHolds, FolderView};
use crate::words::Words;

#[derive(Debug, Default)]
pub(super) struct FolderForm {
    field: PathField,
    focus: usize,
}

/// What a key in a form asks of the step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asks {
    /// Nothing.
    Nothing,
    /// Back to the ways.
    Ways,
    /// Back to the ways; an export user is known now.
    SignedIn,
    /// On to the next step, as soon as everything is known.
    GoOn,
}

impl FolderForm {
    pub fn new(path: &str) -> Self {
        Self {
            field: PathField::new(path, Fits::Profiles),
            ..Self::default()
        }
    }

    pub fn context(&self) -> Context {
        if self.focus == 0 {
            Context::Typing
        } else {
            Context::Form
        }
    }

    /// The look at the source is over.
    pub fn answered(&mut self) {
        self.field.forget();
    }

    /// Takes what was typed before for the source again.
    pub fn chosen(&mut self, desk: &mut Desk<'_>) {
        self.focus = 0;
        if !matches!(desk.draft.source, Some(SourceSpec::Folder(_))) {
            self.changed(desk);
        }
    }

    pub fn key(&mut self, command: Command, event: KeyEvent, desk: &mut Desk<'_>) -> Asks {
        match command {
            Command::Back => return Asks::Ways,
            Command::Enter => return Self::enter(desk),
            Command::NextField if self.focus == 0 && self.field.complete(desk.out) => {
                self.changed(desk);
            }
            Command::NextField | Command::Down => self.focus = (self.focus + 1) % 3,
            Command::PrevField | Command::Up => self.focus = (self.focus + 2) % 3,
            Command::Choose | Command::Left | Command::Right if self.focus > 0 => self.turn(desk),
            _ if self.focus == 0 && self.field.key(event, desk.out) => self.changed(desk),
            _ => {}
        }
        Asks::Nothing
    }

    fn enter(desk: &mut Desk<'_>) -> Asks {
        let wanted = Known::wanted(desk.draft);
        if desk.known.looked != wanted || desk.known.source.failure().is_some() {
            desk.known.look_at(wanted, desk.out);
            return Asks::Nothing;
        }
        Asks::GoOn
    }

    /// What another folder was understood as says nothing of this one.
    fn changed(&self, desk: &mut Desk<'_>) {
        desk.draft.folder = FolderOptions {
            id_column: desk.draft.folder.id_column.take(),
            delimiter: desk.draft.folder.delimiter,
            ..FolderOptions::default()
        };
        let typed = !self.field.text().is_empty();
        desk.draft.source = typed.then(|| SourceSpec::Folder(self.field.path()));
    }

    /// Turns to the next layout, or the next column for segments.
    fn turn(&mut self, desk: &mut Desk<'_>) {
        let options = &mut desk.draft.folder;
        if self.focus == 1 {
            let mut all = FolderLayout::ALL.into_iter();
            // Behind the last one it is detected again.
            options.layout = match options.layout {
                None => all.next(),
                Some(now) => all.skip_while(|one| *one != now).nth(1),
            };
        } else if let Some(source) = desk.known.open() {
            let names: Vec<&String> = source.attributes().iter().map(|one| &one.name).collect();
            let at = options.segment_by.as_ref().map_or(Some(0), |now| {
                names.iter().position(|name| *name == now).map(|at| at + 1)
            });
            options.segment_by = at.and_then(|at| names.get(at)).map(|name| (*name).clone());
        } else {
            options.segment_by = None;
        }
        let wanted = Known::wanted(desk.draft);
        desk.known.look_at(wanted, desk.out);
    }

    pub fn paste(&mut self, text: &str, desk: &mut Desk<'_>) {
        if self.focus == 0 {
            self.field.paste(text, desk.out);
            self.changed(desk);
        }
    }

    pub fn answer(&mut self, ticket: Ticket, answer: &Answer) {
        self.field.answer(ticket, answer);
    }

    pub fn draw(&self, page: &mut Page<'_, '_>, draft: &Draft, known: &Known, words: &Words) {
        page.text(&words.text("ui-folder-lead"), page.theme.strong());
        page.text(&words.text("ui-folder-example"), page.theme.faint());
        page.gap();
        let labels = [
            "ui-source-folder",
            "ui-source-layout",
            "ui-source-segment-by",
        ];
        let labels = labels.map(|label| words.text(label));
        let wide = labels.iter().map(|label| label.width()).max().unwrap_or(0);
        let [folder, layouts, segments] = labels.map(|label| left(&label, wide) + " ");
        let typed = Reach::selecting(0, self.focus);
        page.choice(typed, |page| {
            self.field.draw(page, &folder, self.focus == 0);
        });
        let layout = match draft.folder.layout {
            None => words.text("layout-auto"),
            Some(layout) => words.layout(layout),
        };
        let by = draft
            .folder
            .segment_by
            .clone()
            .unwrap_or_else(|| words.text("ui-none"));
        for (at, label, value) in [(1, layouts, layout), (2, segments, by)] {
            let style = if self.focus == at {
                page.theme.here()
            } else {
                Style::new()
            };
            page.choice(Reach::acting(at, self.focus), |page| {
                page.line(Line::from(vec![
                    Span::styled(label, page.theme.faint()),
                    Span::styled(format!("‹ {} ›", cut(&value, 50)), style),
                ]));
            });
        }
        page.gap();
        if self.focus == 0 {
            self.field.draw_fitting(page, 6);
        }
        match &known.source {
            Wait::Idle => {}
            Wait::Asked(_) => page.text(&words.text("ui-looking"), page.theme.faint()),
            Wait::Failed(why) => page.failure(why),
            Wait::Done(_) => found(page, known, words),
        }
    }
}

/// Tells which exports are read where there are several, and which newer ones are not.
fn exports(view: &FolderView, words: &Words) -> Vec<String> {
    let mut times: Vec<&str> = view
        .exports
        .iter()
        .map(|export| export.at.as_str())
        .collect();
    times.sort_unstable();
    times.dedup();
    let read = (!times.is_empty())
        .then(|| words.with("ui-source-exports", &[("times", times.join(", ").into())]));
    let left_out = view.exports.iter().filter_map(|export| {
        let args = [
            ("time", export.incomplete.as_deref()?.into()),
            ("table", export.table.as_str().into()),
            ("files", export.missing.join(", ").into()),
        ];
        Some(words.with("ui-source-incomplete", &args))
    });
    read.into_iter().chain(left_out).collect()
}

fn found(page: &mut Page<'_, '_>, known: &Known, words: &Words) {
    let (Some(looked), Some(view)) = (
        known.source.get(),
        known.open().and_then(crate::source::Source::folder),
    ) else {
        return;
    };
    let args = [
        ("segments", looked.segments.len().into()),
        ("attributes", looked.source.attributes().len().into()),
    ];
    page.good(&words.with("ui-source-found", &args));
    let id = view
        .id_column
        .clone()
        .unwrap_or_else(|| words.text("ui-none"));
    page.text(
        &format!(
            "{}: {} · {}: {id}",
            words.text("ui-source-layout"),
            words.layout(view.layout),
            words.text("ui-source-id")
        ),
        page.theme.faint(),
    );
    for line in exports(view, words) {
        page.text(&line, page.theme.faint());
    }
    page.gap();
    files(page, view, words);
}

/// Lists what was found, with what each file holds and how large it is.
fn files(page: &mut Page<'_, '_>, view: &FolderView, words: &Words) {
    let told = view.files.iter().map(|file| {
        let name = match file.files {
            1 => file.name.clone(),
            count => {
                let parts = words.with("ui-source-files", &[("count", count.into())]);
                format!("{} · {parts}", file.name)
            }
        };
        let holds = words.text(match file.holds {
            FileHolds::Profiles => "ui-holds-profiles",
            FileHolds::SegmentRows => "ui-holds-rows",
            FileHolds::SegmentIds => "ui-holds-ids",
            FileHolds::Members => "ui-holds-members",
        });
        [name, holds, words.bytes(file.bytes)]
    });
    let rows: Vec<[String; 3]> = told.collect();
    let head = ["ui-col-file", "ui-col-holds", "ui-col-size"].map(|key| words.text(key));
    let widest = |at: usize| {
        let all = rows.iter().chain([&head]);
        all.map(|row| row[at].width()).max().unwrap_or(0)
    };
    let (holds, size) = (widest(1), widest(2));
    let name = page.width().saturating_sub(holds + size + 6);
    let name = name.clamp(8, widest(0).max(8));
    let line = |row: &[String; 3]| {
        let [file, kind, bytes] = row;
        let (file, kind) = (left(file, name), left(kind, holds));
        format!("  {file}  {kind}  {}", right(bytes, size))
    };
    page.line(Span::styled(line(&head), page.theme.faint()));
    let room = page.rest().saturating_sub(1).max(1);
    for row in rows.iter().take(room) {
        page.line(line(row));
    }
    if rows.len() > room {
        let more = words.with("ui-more", &[("count", (rows.len() - room).into())]);
        page.line(Span::styled(format!("  {more}"), page.theme.faint()));
    }
}
