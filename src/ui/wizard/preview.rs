//! The first profiles as a run would send them: made and judged by what the run makes and judges them with.

use jiff::Timestamp;
use ratatui::style::Style;
use ratatui::text::Span;
use serde_json::{Map, Value};
use unicode_width::UnicodeWidthStr;

use super::super::keys::Command;
use super::super::msg::{Outbox, Outcome, Question, Ticket, Wait};
use super::super::paint::{Page, cut, left};
use super::super::theme::Theme;
use super::Known;
use crate::domain::{
    Agreement, AudienceId, Content, Decision, Destination, Draft, LoginName, MaxProfiles,
    NewStatus, Reason, Segment, SourceSpec, Target,
};
use crate::export::Error;
use crate::plan::{Rules, decide_newcomer};
use crate::source::{ReadRequest, Row};
use crate::words::{Explain, Explanation, Words};

/// How many profiles are shown.
const PREVIEW: usize = 10;
/// What stands before the values: where the cursor is, and what becomes of the profile.
const MARKS: usize = 4;
/// Between two values.
pub(super) const GAP: usize = 2;
/// So much of a value is seen.
const LEAST: usize = 8;

/// The first profiles, and what the mapping makes of them.
#[derive(Debug)]
pub(super) struct Preview {
    rules: Rules,
    rows: Wait<Vec<Row>>,
    cursor: usize,
}

/// What a run would do about a profile that the audience does not hold.
#[derive(Debug, PartialEq, Eq)]
enum Fate {
    /// It would be sent, but for the values named.
    Sent(Vec<String>),
    /// The person did not say yes.
    Suppressed(Reason),
    /// It cannot be sent.
    Rejected(Reason),
}

impl Preview {
    /// Asks for the first profiles; tells what keeps the mapping from being tried.
    pub fn ask(
        draft: &Draft,
        known: &Known,
        words: &Words,
        out: &mut Outbox,
    ) -> Result<Option<Self>, Explanation> {
        let looked = known.source.get().zip(known.view.get());
        let Some(((looked, view), destination)) = looked.zip(stand_in(draft)) else {
            return Ok(None);
        };
        let rules = Rules::new(&destination, &view.merge_fields);
        let rules = rules.map_err(|unmet| Error::Mapping(unmet).explain(words))?;
        let request = ReadRequest {
            segments: looked.segments.iter().map(|one| one.id.clone()).collect(),
            attributes: rules.attributes().to_vec(),
            raw: rules.raw(),
            trust_counts: true,
        };
        let question = Question::Preview(looked.source.clone(), request, PREVIEW);
        let rows = Wait::Asked(out.ask(question));
        Ok(Some(Self {
            rules,
            rows,
            cursor: 0,
        }))
    }

    /// Tells whether this ticket is waited for.
    pub fn waits(&self, ticket: Ticket) -> bool {
        self.rows.is(ticket)
    }

    /// Takes the profiles.
    pub fn settle(&mut self, rows: Outcome<Vec<Row>>) {
        self.rows.settle(rows);
    }

    /// How many profiles there are to look at.
    pub fn count(&self) -> usize {
        self.rows.get().map_or(0, Vec::len)
    }

    /// Takes a key that moves.
    pub fn key(&mut self, command: Command) {
        let last = self.count().saturating_sub(1);
        self.cursor = match command {
            Command::Up => self.cursor.saturating_sub(1),
            Command::Down => self.cursor.saturating_add(1).min(last),
            Command::First | Command::PageUp => 0,
            Command::Last | Command::PageDown => last,
            _ => self.cursor,
        };
    }

    pub fn draw(&self, page: &mut Page<'_, '_>, (draft, known): (&Draft, &Known), words: &Words) {
        let theme = page.theme;
        page.line(Span::styled(words.text("ui-preview-title"), theme.strong()));
        page.gap();
        let rows = match &self.rows {
            Wait::Failed(why) => return page.failure(why),
            Wait::Done(rows) => rows,
            _ => return page.text(&words.text("ui-looking"), theme.faint()),
        };
        let targets: Vec<&Target> = draft.map.iter().map(|(target, _)| target).collect();
        let fields = known.merge_fields();
        let names: Vec<String> = targets
            .iter()
            .map(|target| words.target_among(target, fields))
            .collect();
        let judged: Vec<_> = rows
            .iter()
            .map(|row| {
                let (values, fate) = self.judge(row, draft, &targets);
                (values, told(fate, theme, words))
            })
            .collect();
        let note = judged.iter().map(|(_, fate)| fate.told.width()).max();
        let texts = (0..names.len()).map(|at| {
            let values = judged.iter().map(|(values, _)| values[at].width());
            values.max().unwrap_or(0).max(names[at].width())
        });
        let texts: Vec<usize> = texts.collect();
        let widths = widths(&texts, page.width() - MARKS, note.unwrap_or(0));
        let cells = |texts: &[String]| {
            let cells = texts.iter().zip(&widths);
            let cells = cells.map(|(text, wide)| left(text, *wide) + "  ");
            cells.collect::<String>()
        };
        page.line(Span::styled(
            cut(&format!("    {}", cells(&names)), page.width()),
            theme.faint(),
        ));
        for (at, (values, fate)) in judged.iter().enumerate() {
            let (cursor, style) = if at == self.cursor {
                page.keep_in_sight();
                ("❯", theme.here())
            } else {
                (" ", fate.style)
            };
            let text = format!("{cursor} {} {}{}", fate.sign, cells(values), fate.told);
            page.line(Span::styled(cut(&text, page.width()), style));
        }
        page.gap();
        if let Some(profile) = judged.get(self.cursor) {
            draw_whole(page, (&names, widths.len()), profile, words);
        }
    }

    /// Makes of a row what a run would make of it, and gives its values in the order of the targets.
    fn judge(&self, row: &Row, draft: &Draft, targets: &[&Target]) -> (Vec<String>, Fate) {
        let (cells, fault) = match &row.cells {
            Ok(cells) => (cells, None),
            Err(fault) => (&fault.cells, Some(fault.reason)),
        };
        let written = |target: &&Target| {
            let names = self.rules.attributes();
            let at = draft.map.get(target);
            let at = at.and_then(|name| names.iter().position(|one| one == name));
            at.map_or_else(String::new, |at| cells.get(at).to_owned())
        };
        let as_written = || targets.iter().map(written).collect();
        if let Some(reason) = fault {
            return (as_written(), Fate::Rejected(reason));
        }
        let made = match self.rules.prepare(|at| cells.get(at)) {
            Ok(made) => made,
            Err(unfit) => return (as_written(), Fate::Rejected(unfit.reason)),
        };
        let (consent, _) = self.rules.consent(|at| cells.get(at));
        let fate = match decide_newcomer(consent, None) {
            Decision::Suppress(reason) => Fate::Suppressed(reason),
            Decision::Create | Decision::Reinstate | Decision::Update { .. } | Decision::Leave => {
                let left_out = made.left_out.iter();
                Fate::Sent(left_out.map(|one| one.detail.clone()).collect())
            }
        };
        (sent(&made, targets), fate)
    }
}

/// What becomes of a profile, as it is shown.
struct Shown {
    sign: &'static str,
    style: Style,
    told: String,
}

fn told(fate: Fate, theme: Theme, words: &Words) -> Shown {
    let shown = |sign, style, told| Shown { sign, style, told };
    match fate {
        Fate::Sent(left_out) if left_out.is_empty() => shown("✓", Style::new(), String::new()),
        Fate::Sent(left_out) => {
            let args = [("what", left_out.join(", ").into())];
            shown("✓", theme.warn(), words.with("ui-preview-without", &args))
        }
        Fate::Suppressed(reason) => shown("–", theme.faint(), words.reason(reason)),
        Fate::Rejected(reason) => shown("!", theme.warn(), words.reason(reason)),
    }
}

/// Draws all of a profile, and of how many fields there is nothing above.
fn draw_whole(
    page: &mut Page<'_, '_>,
    (names, shown): (&[String], usize),
    (values, fate): &(Vec<String>, Shown),
    words: &Words,
) {
    let hidden = names.len() - shown;
    if hidden > 0 {
        let more = words.with("ui-preview-fields", &[("count", hidden.into())]);
        page.text(&more, page.theme.faint());
    }
    let parts = names.iter().zip(values);
    let parts = parts.filter(|(_, value)| !value.is_empty());
    let parts = parts.map(|(name, value)| format!("{name}: {value}"));
    page.text(&parts.collect::<Vec<_>>().join("\u{a0}· "), Style::new());
    if !fate.told.is_empty() {
        page.told(fate.sign, &fate.told, fate.style);
    }
}

/// How wide the values are: as wide as they are, if there is room beside what is told; the address, which comes first, is the
/// last to be cut, and the last fields are left out first.
pub(super) fn widths(texts: &[usize], width: usize, note: usize) -> Vec<usize> {
    let room = width.saturating_sub(note.min(width / 3));
    let taken = |texts: &[usize]| texts.iter().map(|wide| wide + GAP).sum::<usize>();
    for shown in (2..=texts.len()).rev() {
        let mut texts = texts[..shown].to_vec();
        while taken(&texts) > room {
            match texts[1..].iter_mut().max() {
                Some(longest) if *longest > LEAST => *longest -= 1,
                _ => break,
            }
        }
        if taken(&texts) <= room {
            return texts;
        }
    }
    let address = texts.iter().take(1);
    address.map(|wide| (*wide).min(room - GAP)).collect()
}

/// The values of a member as they would be sent.
fn sent(content: &Content, targets: &[&Target]) -> Vec<String> {
    let fields: Map<String, Value> = serde_json::from_str(&content.fields).unwrap_or_default();
    let text = |value: Option<&Value>| match value {
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
        None => String::new(),
    };
    let value = |target: &&Target| match target {
        Target::Email => content.email.address().to_owned(),
        Target::Language => content.language.clone().unwrap_or_default(),
        Target::Field(tag) => text(fields.get(tag.as_str())),
        Target::Address(tag, part) => {
            let address = fields.get(tag.as_str());
            text(address.and_then(|address| address.get(part.as_str())))
        }
    };
    targets.iter().map(value).collect()
}

/// Makes a destination of a draft that may still lack much. What its rules are made of is the draft's own; nothing else
/// of it is looked at, and it is never saved.
fn stand_in(draft: &Draft) -> Option<Destination> {
    let whole = Draft {
        name: "preview".into(),
        login: LoginName::parse("preview").ok(),
        audience: AudienceId::parse(&draft.audience)?.to_string().into(),
        source: Some(SourceSpec::Folder(std::path::PathBuf::new())),
        status_if_new: Some(NewStatus::Transactional),
        agreement: Some(Agreement {
            at: Timestamp::UNIX_EPOCH,
            user: String::new(),
            language: String::new(),
            text_sha256: String::new(),
        }),
        max_profiles: MaxProfiles::default(),
        segments: vec![Segment::new("preview", "preview")],
        tags: std::collections::BTreeMap::new(),
        ..draft.clone()
    };
    whole.finish(Timestamp::UNIX_EPOCH).ok()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{Fate, Preview, Row, Rules, Wait, stand_in, widths};
    use crate::domain::{
        ConsentRule, Draft, FieldKind, MergeField, MergeTag, NewField, Origin, Reason, SegmentSet,
        Target,
    };

    fn row(values: [&str; 3]) -> Row {
        Row {
            profile: None,
            segments: SegmentSet::only(0),
            origin: Origin {
                file: Arc::from("people.csv"),
                line: 2,
            },
            cells: Ok(values.into_iter().collect()),
        }
    }

    #[test]
    fn an_address_is_whole_as_long_as_there_is_room_for_it() {
        assert_eq!(widths(&[24, 8, 9], 60, 0), [24, 8, 9]);
        assert_eq!(widths(&[24, 20, 30], 60, 0), [24, 15, 15]);
        // Fields that have no room are left out, and stand below.
        assert_eq!(widths(&[24, 20, 30, 9], 51, 30), [24]);
        // What is left out gives its room to the others.
        assert_eq!(widths(&[28, 9, 9], 47, 0), [28, 9]);
        assert_eq!(widths(&[60, 20], 40, 0), [38]);
    }

    #[test]
    fn the_preview_judges_as_the_run_does() {
        let tag = MergeTag::parse("AGE").expect("tag");
        let mut draft = Draft {
            audience: "a1b2c3".into(),
            consent_attribute: Some(ConsentRule {
                attribute: "Optin".to_owned(),
                inverted: false,
                values: Vec::new(),
            }),
            ..Draft::default()
        };
        draft.map.set(Target::Email, "EMail");
        draft.map.set(Target::Field(tag.clone()), "Age");
        let field = MergeField {
            kind: FieldKind::Number,
            ..NewField::text(tag).into()
        };
        let destination = stand_in(&draft).expect("enough");
        let rules = Rules::new(&destination, &[field]).expect("fits");
        // The places of the values are those of the rules.
        let place = |name: &str| rules.attributes().iter().position(|one| one == name);
        let (email, optin, age) = (place("EMail"), place("Optin"), place("Age"));
        let make = |values: [&str; 3]| {
            let mut cells = [""; 3];
            for (at, value) in [email, optin, age].into_iter().zip(values) {
                cells[at.expect("asked for")] = value;
            }
            row(cells)
        };
        let rows = [
            make(["a@example.com", "yes", "42"]),
            make(["b@example.com", "no", "42"]),
            make(["c@example.com", "perhaps", "42"]),
            make(["nobody", "yes", "42"]),
            make(["d@example.com", "yes", "old"]),
        ];
        let preview = Preview {
            rules: rules.clone(),
            rows: Wait::Idle,
            cursor: 0,
        };
        let targets: Vec<&Target> = draft.map.iter().map(|(target, _)| target).collect();
        let judged = rows.map(|row| preview.judge(&row, &draft, &targets));
        assert_eq!(judged[0].1, Fate::Sent(Vec::new()));
        assert!(judged[0].0.contains(&"42".to_owned()), "{:?}", judged[0]);
        assert_eq!(judged[1].1, Fate::Suppressed(Reason::NoConsent));
        assert_eq!(judged[2].1, Fate::Suppressed(Reason::NoConsent));
        assert_eq!(judged[3].1, Fate::Rejected(Reason::InvalidEmail));
        assert_eq!(judged[4].1, Fate::Sent(vec!["AGE: old".to_owned()]));
    }
}
