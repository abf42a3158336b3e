//! The segments: what they are called, how many are in them, how they stand.

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::account::{Account, MADE, WHO};
use super::problem::Problem;
use super::{jobs, number};
use crate::sandbox::profiles::{Content, Moment, Segment, Standing, written};
use crate::sandbox::traffic::Asked;

/// How long ago the segment whose evaluation fails was evaluated last.
const STALE: SignedDuration = SignedDuration::from_hours(9 * 24);

/// How long ago the inactive one was.
const SWITCHED_OFF: SignedDuration = SignedDuration::from_hours(61 * 24);

/// Lists the segments.
pub(super) fn list(
    asked: &Asked,
    account: &Account,
    content: &Content,
    moment: &Moment,
    counts_more: usize,
) -> Result<Value, Problem> {
    let history = asked
        .text("includeHistoricStats")
        .is_some_and(|text| text.eq_ignore_ascii_case("true"));
    let days = number(asked, "historicStatsDays")?.unwrap_or(10);
    let most = number(asked, "numberOfSegments")?.unwrap_or(usize::MAX);
    let segments = content.segments.iter().take(most);
    let told = segments.map(|segment| {
        let mut told = describe(segment, account, moment);
        let count = segment.members.len() + counts_more;
        told["evaluationStatus"]["entityCount"] = json!(count);
        if history {
            told["evaluationStatusHistory"] = past(segment, days, moment);
        }
        told
    });
    Ok(told.collect())
}

fn describe(segment: &Segment, account: &Account, moment: &Moment) -> Value {
    let active = segment.standing != Standing::Inactive;
    json!({
        "kind": "default",
        "name": segment.name,
        "friendlyName": segment.label,
        "description": Value::Null,
        "state": if active { "active" } else { "inactive" },
        "errorDescription": Value::Null,
        "endDate": Value::Null,
        "evaluationStatus": evaluation(segment, moment),
        "evaluationStatusHistory": Value::Null,
        "version": 1,
        "updatedBy": WHO,
        "updatedUtc": written(MADE),
        "createdBy": WHO,
        "createdUtc": written(MADE),
        "instanceId": account.instance,
    })
}

fn evaluation(segment: &Segment, moment: &Moment) -> Value {
    let (status, evaluated) = match segment.standing {
        // While it is evaluated, date and count are still those of the last time.
        Standing::Ready if moment.runs() => ("Running", moment.last()),
        Standing::Ready => ("CompletedSuccess", moment.last()),
        Standing::Inactive => ("CompletedSuccess", before(moment.first(), SWITCHED_OFF)),
        Standing::Failed => ("CompletedFailure", before(moment.first(), STALE)),
    };
    let error = match segment.standing {
        Standing::Failed => json!({
            "key": "segmentEvaluationOrchestrationFailed",
            "value": "The segment could not be evaluated: an attribute it uses does not exist.",
            "args": [],
        }),
        _ => Value::Null,
    };
    json!({
        "jobStatus": status,
        "evaluationDate": written(evaluated),
        "entityCount": segment.members.len(),
        "error": error,
        "lastSuccessfulRunId": jobs::id(0),
    })
}

/// One evaluation a day, the latest first, with the same count: the people do not change.
fn past(segment: &Segment, days: usize, moment: &Moment) -> Value {
    let latest = match segment.standing {
        Standing::Ready => moment.last(),
        Standing::Inactive => before(moment.first(), SWITCHED_OFF),
        Standing::Failed => before(moment.first(), STALE),
    };
    let days = i64::try_from(days.min(90)).unwrap_or(0);
    let told = (0..days).map(|day| {
        json!({
            "evaluationDate": written(before(latest, SignedDuration::from_hours(24 * day))),
            "entityCount": segment.members.len(),
            "jobStatus": "CompletedSuccess",
            "error": Value::Null,
        })
    });
    told.collect()
}

fn before(time: Timestamp, by: SignedDuration) -> Timestamp {
    time.checked_sub(by).unwrap_or(time)
}
