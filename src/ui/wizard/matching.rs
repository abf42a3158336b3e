//! What data matching shows: its lines.

use ratatui::style::Style;
use ratatui::text::{Line, Span};
use unicode_width::UnicodeWidthStr;

use super::super::paint::{Page, cut, left, right};
use super::Known;
use super::sampled::Sampled;
use crate::domain::{Attribute, Draft, Target};
use crate::export::find_attribute;
use crate::words::Words;

/// From this share on, in percent, an attribute is pointed out as mostly empty.
const MOSTLY: usize = 50;

/// Whatever the width, so much of a merge field and of an attribute is seen.
const LEAST: usize = 8;
/// The room for the first values, if there is that much.
const VALUES: usize = 14;
/// What stands between the columns.
const BETWEEN: usize = 8;
/// The widths of the columns for the type and for the share of empty cells, where there are such.
const KINDS: usize = 12;
const BLANKS: usize = 6;

/// The table of what fills what, with types and values beside it.
pub(super) struct Table<'a> {
    pub draft: &'a Draft,
    pub known: &'a Known,
    pub guesses: &'a [Target],
    pub sampled: &'a Sampled,
}

/// How wide the columns are: merge field, type, attribute, share of empty cells; none where there is no room.
#[derive(Debug, Clone, Copy)]
pub(super) struct Widths([usize; 4]);

impl Table<'_> {
    /// Finds how wide the columns are: as wide as their texts, if there is room for values then.
    pub fn widths(&self, rows: &[Target], page: &Page<'_, '_>, words: &Words) -> Widths {
        let [kinds, blanks] = if page.width() < 70 {
            [0, 0]
        } else {
            [KINDS, BLANKS]
        };
        let widest = |heading: &str, text: &dyn Fn(&Target) -> String| {
            let texts = rows.iter().map(|target| text(target).width());
            texts.max().unwrap_or(0).max(words.text(heading).width())
        };
        let mut field = 1 + widest("ui-col-field", &|target| self.name(target, words));
        let mut attribute = widest("ui-col-attribute", &|target| self.label(target));
        let room = page.width() - kinds - blanks - BETWEEN - VALUES;
        while field + attribute > room {
            let longest = if field > attribute {
                &mut field
            } else {
                &mut attribute
            };
            if *longest <= LEAST {
                break;
            }
            *longest -= 1;
        }
        Widths([field, kinds, attribute, blanks])
    }

    /// Names the columns.
    pub fn draw_head(page: &mut Page<'_, '_>, Widths(widths): Widths, words: &Words) {
        let [field, kind, attribute, blank] = widths;
        let text = |key: &str, wide| left(&words.text(key), wide);
        let line = format!(
            "  {}{}   {}  {} {}",
            text("ui-col-field", field),
            text("ui-col-kind", kind),
            text("ui-col-attribute", attribute),
            right(&words.text("ui-col-blank"), blank),
            words.text("ui-col-values"),
        );
        page.line(Span::styled(cut(&line, page.width()), page.theme.faint()));
    }

    /// Names a merge field as Mailchimp does, and marks the one that there must be.
    fn name(&self, target: &Target, words: &Words) -> String {
        let star = if *target == Target::Email { " *" } else { "" };
        let name = words.target_among(target, self.known.merge_fields());
        format!("{name}{star}")
    }

    /// The attribute that fills it, if the source has that.
    fn found(&self, target: &Target) -> Option<&Attribute> {
        let (name, source) = (self.draft.map.get(target)?, self.known.open()?);
        find_attribute(name, source.attributes()).ok()
    }

    /// Names the attribute. People know the label; names of Dataverse are not for them.
    fn label(&self, target: &Target) -> String {
        let label = self.found(target).map(|one| one.label.as_str());
        let label = label.or(self.draft.map.get(target));
        label.unwrap_or("—").to_owned()
    }

    /// The share of empty cells.
    fn blank(&self, target: &Target) -> Option<usize> {
        let (found, source) = (self.found(target)?, self.known.open()?);
        let mut all = source.attributes().iter();
        let at = all.position(|other| other.name == found.name)?;
        self.sampled.first.blank(at)
    }

    /// Draws one line: merge field, type, attribute, how much of it is empty, values.
    pub fn draw_row(
        &self,
        page: &mut Page<'_, '_>,
        (target, here): (&Target, bool),
        Widths(widths): Widths,
        words: &Words,
    ) {
        let [wide, kinds, broad, blanks] = widths;
        let name = left(&cut(&self.name(target, words), wide - 1), wide);
        let kind = left(&self.kind(target, words), kinds);
        let (mark, style) = if here {
            ("❯ ", page.theme.here())
        } else {
            ("  ", Style::new())
        };
        let chosen = left(&self.label(target), broad);
        let share = self.blank(target);
        let told = share
            .map(|percent| format!("{percent} %"))
            .unwrap_or_default();
        let tint = match share {
            Some(MOSTLY..) => page.theme.warn(),
            _ => page.theme.faint(),
        };
        let arrow = if self.guesses.contains(target) {
            "≈"
        } else {
            "←"
        };
        // Where the share has no column it stands before the values, if it is pointed out.
        let blank = share.filter(|percent| blanks == 0 && *percent >= MOSTLY);
        let blank =
            blank.map(|percent| words.with("ui-matching-blank", &[("percent", percent.into())]));
        let parts = blank.into_iter().chain(self.found(target).map(samples));
        let values = parts.collect::<Vec<_>>().join(" · ");
        let room = page
            .width()
            .saturating_sub(widths.iter().sum::<usize>() + BETWEEN);
        page.line(Line::from(vec![
            Span::styled(format!("{mark}{name}"), style),
            Span::styled(kind, page.theme.faint()),
            Span::styled(format!(" {arrow} {chosen} ▾"), style),
            Span::styled(right(&told, blanks), tint),
            Span::styled(format!(" {}", cut(&values, room)), page.theme.faint()),
        ]));
    }

    /// Draws all that is known of one line, whatever fits into it.
    pub fn draw_whole(&self, page: &mut Page<'_, '_>, target: &Target, words: &Words) {
        let Some(found) = self.found(target) else {
            return;
        };
        let guessed = self.guesses.contains(target);
        let guessed = guessed.then(|| words.text("ui-matching-guessed"));
        let blank = self.blank(target);
        let blank =
            blank.map(|percent| words.with("ui-matching-blank", &[("percent", percent.into())]));
        let parts = guessed.into_iter().chain(blank).chain([samples(found)]);
        let parts = parts.collect::<Vec<_>>().join(" · ");
        let text = format!("{} ← {}: {parts}", self.name(target, words), found.label);
        page.text(&text, page.theme.faint());
        page.gap();
    }

    fn kind(&self, target: &Target, words: &Words) -> String {
        let tag = match target {
            Target::Field(tag) | Target::Address(tag, _) => tag,
            Target::Email | Target::Language => return String::new(),
        };
        let mut fields = self.known.merge_fields().iter();
        let field = fields.find(|field| field.tag == *tag);
        field.map_or_else(String::new, |field| words.field_kind(field.kind))
    }
}

pub(super) fn samples(attribute: &Attribute) -> String {
    attribute.samples.join(" · ")
}
