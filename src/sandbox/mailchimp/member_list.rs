//! `GET /lists/{list_id}/members`: pages of members, filtered and sorted.

use super::audience::{Audience, State};
use super::call::{Answer, Call, Page, Problem};
use super::fields::Fields;
use super::render::unique_id;
use super::status::Status;
use crate::sandbox::clock::Seconds;

/// From and to, both included: a second is the finest the service tells, so leaving an end out would lose contacts.
#[derive(Debug, Clone, Copy, Default)]
struct Span {
    since: Option<Seconds>,
    before: Option<Seconds>,
}

impl Span {
    fn of(call: &Call<'_>, name: &str) -> Result<Self, Problem> {
        Ok(Self {
            since: call.time(&format!("since_{name}"))?,
            before: call.time(&format!("before_{name}"))?,
        })
    }

    fn holds(self, time: Seconds) -> bool {
        self.since.is_none_or(|since| time >= since)
            && self.before.is_none_or(|before| time <= before)
    }

    fn is_open(self) -> bool {
        self.since.is_none() && self.before.is_none()
    }
}

/// What a list is filtered by.
#[derive(Debug)]
struct Filter<'a> {
    status: Option<Status>,
    changed: Span,
    opted: Span,
    unsubscribed: Option<Seconds>,
    vip_only: bool,
    unique_id: Option<&'a str>,
}

impl<'a> Filter<'a> {
    fn of(call: &'a Call<'_>) -> Result<Self, Problem> {
        let status = match call.text("status") {
            None | Some("") => None,
            Some(name) => Some(
                Status::parse(name)
                    .filter(|status| *status != Status::Forgotten)
                    .ok_or_else(|| Problem::field("status", "This value is not a valid status."))?,
            ),
        };
        Ok(Self {
            status,
            changed: Span::of(call, "last_changed")?,
            opted: Span::of(call, "timestamp_opt")?,
            unsubscribed: call.time("unsubscribed_since")?,
            vip_only: call.flag("vip_only"),
            unique_id: call.text("unique_email_id"),
        })
    }

    fn holds(&self, state: &State) -> bool {
        let status = match self.status {
            Some(status) => state.status == status,
            // The list leaves archived contacts out unless asked for them.
            None => !matches!(state.status, Status::Archived | Status::Forgotten),
        };
        status
            && self.changed.holds(state.changed)
            && self.opted.holds(state.opted)
            && self
                .unsubscribed
                .is_none_or(|since| state.status == Status::Unsubscribed && state.opted >= since)
    }

    /// Whether the status alone decides, so that the total is known without looking.
    fn is_status_only(&self) -> bool {
        self.changed.is_open()
            && self.opted.is_open()
            && self.unsubscribed.is_none()
            && !self.vip_only
            && self.unique_id.is_none()
    }
}

pub(super) fn list(audience: &mut Audience, call: &Call<'_>) -> Result<Answer, Problem> {
    let (page, filter) = (call.page()?, Filter::of(call)?);
    let (shown, total) = match call.text("sort_field") {
        None | Some("") => in_order(audience, &filter, page),
        Some(field) => sorted(audience, &filter, page, field, call.text("sort_dir"))?,
    };
    Ok(page_of(audience, call, &shown, total))
}

/// The contacts of a page in the order they came, and how many there are in all.
fn in_order(audience: &Audience, filter: &Filter<'_>, page: Page) -> (Vec<usize>, usize) {
    let known = filter.is_status_only().then(|| total(audience, filter));
    let end = page.offset.saturating_add(page.count);
    let (mut shown, mut found) = (Vec::with_capacity(page.count), 0);
    for at in matching(audience, filter) {
        if (page.offset..end).contains(&found) {
            shown.push(at);
        }
        found += 1;
        if known.is_some() && found >= end {
            break;
        }
    }
    (shown, known.unwrap_or(found))
}

fn total(audience: &Audience, filter: &Filter<'_>) -> usize {
    let counted = match filter.status {
        Some(status) => audience.counted(status),
        None => [
            Status::Subscribed,
            Status::Unsubscribed,
            Status::Cleaned,
            Status::Pending,
            Status::Transactional,
        ]
        .into_iter()
        .map(|status| audience.counted(status))
        .sum(),
    };
    counted as usize
}

fn sorted(
    audience: &Audience,
    filter: &Filter<'_>,
    page: Page,
    field: &str,
    direction: Option<&str>,
) -> Result<(Vec<usize>, usize), Problem> {
    let key: fn(&State) -> Seconds = match field {
        "last_changed" => |state| state.changed,
        "timestamp_opt" => |state| state.opted,
        "timestamp_signup" => |state| state.joined,
        _ => {
            return Err(Problem::field(
                "sort_field",
                "This value is not a valid sort field.",
            ));
        }
    };
    let mut all: Vec<(Seconds, usize)> = matching(audience, filter)
        .map(|at| (key(&audience.states[at]), at))
        .collect();
    all.sort_unstable();
    if direction.is_some_and(|word| word.eq_ignore_ascii_case("desc")) {
        all.reverse();
    }
    let total = all.len();
    let shown = all.into_iter().skip(page.offset).take(page.count);
    Ok((shown.map(|(_, at)| at).collect(), total))
}

fn matching(audience: &Audience, filter: &Filter<'_>) -> impl Iterator<Item = usize> {
    audience
        .states
        .iter()
        .enumerate()
        .filter(|(at, state)| {
            filter.holds(state)
                && (!filter.vip_only || audience.contacts[*at].vip)
                && filter.unique_id.is_none_or(|id| unique_id(*at) == id)
        })
        .map(|(at, _)| at)
}

/// Writes a page of members.
pub(super) fn page_of(
    audience: &Audience,
    call: &Call<'_>,
    shown: &[usize],
    total: usize,
) -> Answer {
    let fields: Fields = call.fields();
    let mut out = vec![b'{'];
    if let Some(choice) = fields.all().enter("members") {
        out.extend_from_slice(b"\"members\":[");
        for (nth, at) in shown.iter().enumerate() {
            if nth > 0 {
                out.push(b',');
            }
            audience.render(*at, choice, &mut out);
        }
        out.extend_from_slice(b"],");
    }
    let mut rest = serde_json::json!({
        "list_id": audience.id,
        "total_items": total,
        "_links": [{
            "rel": "self",
            "href": format!("{}/lists/{}/members", audience.api, audience.id),
            "method": "GET",
        }],
    });
    fields.all().prune(&mut rest);
    let rest = rest.to_string();
    if rest == "{}" && out.len() > 1 {
        out.pop();
    }
    out.extend_from_slice(&rest.as_bytes()[1..]);
    Answer::Json(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ends_of_a_span_belong_to_it() {
        let span = Span {
            since: Some(10),
            before: Some(20),
        };
        assert!(span.holds(10) && span.holds(20));
        assert!(!span.holds(9) && !span.holds(21));
        assert!(Span::default().holds(0) && Span::default().is_open());
    }
}
