//! `GET /lists/{list_id}/members`: pages of members, filtered and sorted.

use super::audience::{Audience, State};
use super::call::{Answer, Call, Problem};
use super::changes::{List, place};
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
    let (page, filter, order) = (call.page()?, Filter::of(call)?, Order::of(call)?);
    let counted = filter
        .is_status_only()
        .then(|| total(audience, filter.status));
    let (shown, total) = match counted {
        // Only the number is asked for.
        Some(total) if page.count == 0 || page.offset >= total => (Vec::new(), total),
        _ => audience.part(
            List::Members(words(call)),
            (page.offset, page.count),
            |audience| matching(audience, &filter, order),
        ),
    };
    Ok(page_of(audience, call, &shown, total))
}

/// What of a query says which members are listed, and in which order.
fn words(call: &Call<'_>) -> Vec<(String, String)> {
    const OTHERS: [&str; 4] = ["count", "offset", "fields", "exclude_fields"];
    let words = call.query.iter();
    let mut words: Vec<(String, String)> = words
        .filter(|(name, _)| !OTHERS.contains(&name.as_str()))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    words.sort_unstable();
    words
}

/// The order of a list; without one, contacts come as they came into the audience.
#[derive(Debug, Clone, Copy)]
struct Order {
    key: fn(&State) -> Seconds,
    descending: bool,
}

impl Order {
    fn of(call: &Call<'_>) -> Result<Self, Problem> {
        let key: fn(&State) -> Seconds = match call.text("sort_field") {
            None | Some("") => |_| 0,
            Some("last_changed") => |state| state.changed,
            Some("timestamp_opt") => |state| state.opted,
            Some("timestamp_signup") => |state| state.joined,
            Some(_) => {
                let message = "This value is not a valid sort field.";
                return Err(Problem::field("sort_field", message));
            }
        };
        let direction = call.text("sort_dir");
        let descending = direction.is_some_and(|word| word.eq_ignore_ascii_case("desc"));
        Ok(Self { key, descending })
    }
}

fn total(audience: &Audience, status: Option<Status>) -> usize {
    let counted = match status {
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

/// All contacts of a list. Those that did not change within the span asked for are not even looked at.
fn matching(audience: &mut Audience, filter: &Filter<'_>, order: Order) -> Vec<u32> {
    let Span { since, before } = filter.changed;
    let changed = (!filter.changed.is_open()).then(|| audience.changed_within(since, before));
    let holds = |at: &usize| {
        let contact = || &audience.contacts[*at];
        filter.holds(&audience.states[*at])
            && (!filter.vip_only || contact().vip)
            && filter
                .unique_id
                .is_none_or(|id| unique_id(&contact().key) == id)
    };
    let keyed = |at: usize| ((order.key)(&audience.states[at]), place(at));
    let mut all: Vec<(Seconds, u32)> = match changed {
        Some(changed) => changed.into_iter().filter(holds).map(keyed).collect(),
        None => (0..audience.states.len())
            .filter(holds)
            .map(keyed)
            .collect(),
    };
    all.sort_unstable();
    if order.descending {
        all.reverse();
    }
    all.into_iter().map(|(_, at)| at).collect()
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
