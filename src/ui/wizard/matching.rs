//! What data matching shows: its lines.

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::super::paint::{Page, cut, left, right};
use super::Known;
use super::sampled::Sampled;
use crate::domain::{Attribute, Draft, Target};
use crate::export::find_attribute;
use crate::words::Words;

/// From this share on, in percent, an attribute is pointed out as mostly empty.
const MOSTLY: usize = 50;

/// The table of what fills what, with types and values beside it.
pub(super) struct Table<'a> {
    pub draft: &'a Draft,
    pub known: &'a Known,
    pub guesses: &'a [Target],
    pub sampled: &'a Sampled,
}

/// How wide the columns are: merge field, type, attribute, share of empty cells; none where there is no room.
fn widths(page: &Page<'_, '_>) -> [usize; 4] {
    if page.width() < 70 {
        [13, 0, 14, 0]
    } else {
        [14, 12, 15, 6]
    }
}

/// Names the columns.
pub(super) fn draw_head(page: &mut Page<'_, '_>, words: &Words) {
    let [field, kind, attribute, blank] = widths(page);
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

impl Table<'_> {
    /// Draws one line: merge field, type, attribute, how much of it is empty, values.
    pub fn draw_row(&self, page: &mut Page<'_, '_>, target: &Target, here: bool, words: &Words) {
        let [wide, kinds, broad, blanks] = widths(page);
        let star = if *target == Target::Email { " *" } else { "" };
        let name = left(&format!("{}{star}", words.target(target)), wide);
        let kind = left(&self.kind(target, words), kinds);
        let attribute = self.draft.map.get(target);
        let found = attribute
            .zip(self.known.open())
            .and_then(|(name, source)| find_attribute(name, source.attributes()).ok());
        let (mark, style) = if here {
            ("❯ ", page.theme.here())
        } else {
            ("  ", Style::new())
        };
        // People know the label; names of Dataverse are not for them.
        let label = found.map(|one| one.label.as_str());
        let chosen = left(label.or(attribute).unwrap_or("—"), broad);
        let share = found.and_then(|one| {
            let all = self.known.open()?.attributes();
            let at = all.iter().position(|other| other.name == one.name)?;
            self.sampled.first.blank(at)
        });
        let told = share
            .map(|percent| format!("{percent} %"))
            .unwrap_or_default();
        let tint = match share {
            Some(MOSTLY..) => page.theme.warn(),
            _ => page.theme.faint(),
        };
        let guessed = self
            .guesses
            .contains(target)
            .then(|| words.text("ui-matching-guessed"));
        // Where the share has no column it stands before the values, if it is worth telling.
        let blank = share
            .filter(|percent| blanks == 0 && *percent > 0)
            .map(|percent| words.with("ui-matching-blank", &[("percent", percent.into())]));
        let parts = guessed.into_iter().chain(blank).chain(found.map(samples));
        let values = parts.collect::<Vec<_>>().join(" · ");
        let room = page
            .width()
            .saturating_sub(wide + kinds + broad + blanks + 8);
        page.line(Line::from(vec![
            Span::styled(format!("{mark}{name}"), style),
            Span::styled(kind, page.theme.faint()),
            Span::styled(format!(" ← {chosen} ▾"), style),
            Span::styled(right(&told, blanks), tint),
            Span::styled(format!(" {}", cut(&values, room)), page.theme.faint()),
        ]));
    }

    fn kind(&self, target: &Target, words: &Words) -> String {
        let fields = self.known.view.get().map(|view| view.merge_fields.iter());
        let tag = match target {
            Target::Field(tag) | Target::Address(tag, _) => tag,
            Target::Email | Target::Language => return String::new(),
        };
        let field = fields.and_then(|mut all| all.find(|field| field.tag == *tag));
        field.map_or_else(String::new, |field| words.field_kind(field.kind))
    }
}

pub(super) fn samples(attribute: &Attribute) -> String {
    attribute.samples.join(" · ")
}
