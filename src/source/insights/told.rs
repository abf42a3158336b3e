//! What the API tells of instances, attributes, segments and jobs, in the client library's names (customerinsights 1.0.8).

use jiff::civil::DateTime;
use jiff::{Timestamp, tz::TimeZone};
use serde::Deserialize;
use serde_json::Value;

use super::super::Instance;
use crate::domain::{Attribute, Refresh, Segment, SegmentState, Semantic, ValueKind};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct InstanceTold {
    #[serde(default)]
    instance_id: Option<String>,
    #[serde(default)]
    name: Option<String>,
}

impl InstanceTold {
    /// Gives the instance; `None` for one that cannot be asked for.
    pub fn instance(self) -> Option<Instance> {
        let id = self.instance_id.filter(|id| !id.trim().is_empty())?;
        Some(Instance {
            name: self.name.unwrap_or_else(|| id.clone()),
            id,
        })
    }
}

/// The table of profiles.
#[derive(Debug, Deserialize)]
pub(super) struct Entity {
    #[serde(default)]
    attributes: Option<Vec<Option<AttributeTold>>>,
    /// Each key is a list of attributes.
    #[serde(default)]
    keys: Option<Vec<Option<Vec<AttributeTold>>>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct AttributeTold {
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    friendly_name: Option<String>,
    /// A name, or an object with the name as `cdsaType`.
    #[serde(default)]
    data_type: Value,
    #[serde(default)]
    semantic_type: Option<String>,
}

impl Entity {
    /// Gives the attribute that alone tells profiles apart.
    pub fn key(&self) -> Option<&str> {
        let keys = self.keys.iter().flatten().flatten();
        let mut single = keys.filter_map(|key| match key.as_slice() {
            [one] => one.name.as_deref(),
            _ => None,
        });
        single.next()
    }

    pub fn attributes(self) -> Vec<Attribute> {
        let told = self.attributes.unwrap_or_default().into_iter();
        told.flatten()
            .filter_map(AttributeTold::attribute)
            .collect()
    }
}

impl AttributeTold {
    /// Gives the attribute; `None` for one without a name, which nothing can be mapped to.
    fn attribute(self) -> Option<Attribute> {
        let name = self.name.filter(|name| !name.trim().is_empty())?;
        let label = self.friendly_name.filter(|label| !label.trim().is_empty());
        let kind = self.data_type.get("cdsaType").unwrap_or(&self.data_type);
        let kind = kind_of(kind.as_str().unwrap_or_default());
        Some(Attribute {
            label: label.unwrap_or_else(|| name.clone()),
            kind,
            iso_dates: kind == ValueKind::Date,
            semantic: self.semantic_type.as_deref().and_then(semantic_of),
            samples: Vec::new(),
            name,
        })
    }
}

fn kind_of(name: &str) -> ValueKind {
    match name.to_ascii_lowercase().as_str() {
        "int64" | "double" | "decimal" => ValueKind::Number,
        "boolean" => ValueKind::Truth,
        "date" | "datetime" | "datetimeoffset" => ValueKind::Date,
        _ => ValueKind::Text,
    }
}

/// Understands a semantic type as the API (`PersonFirstName`), the pages (`Person.FirstName`) and the tables' documentation
/// (`EmailAddress`) write it.
fn semantic_of(name: &str) -> Option<Semantic> {
    let letters = name.chars().filter(char::is_ascii_alphanumeric);
    let folded: String = letters.map(|c| c.to_ascii_lowercase()).collect();
    match folded.as_str() {
        "identityserviceemail" | "email" | "emailaddress" => Some(Semantic::Email),
        "personfirstname" => Some(Semantic::FirstName),
        "personlastname" => Some(Semantic::LastName),
        "identityservicephone" | "phone" | "phonenumber" => Some(Semantic::Phone),
        "personbirthdate" | "persondateofbirth" | "birthdate" => Some(Semantic::Birthday),
        "locationcountry" | "country" => Some(Semantic::Country),
        _ => None,
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SegmentTold {
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    friendly_name: Option<String>,
    #[serde(default)]
    state: Option<String>,
    #[serde(default)]
    evaluation_status: Option<Evaluation>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Evaluation {
    #[serde(default)]
    job_status: Option<String>,
    #[serde(default, rename = "evaluationDate")]
    at: Option<String>,
    /// A number; below 0 where nothing was counted yet.
    #[serde(default)]
    entity_count: Value,
}

impl SegmentTold {
    /// Gives the segment; `None` for one without a name, which cannot be asked for.
    pub fn segment(self) -> Option<Segment> {
        let name = self.name.filter(|name| !name.trim().is_empty())?;
        let label = self.friendly_name.filter(|label| !label.trim().is_empty());
        let evaluation = self.evaluation_status.as_ref();
        let job = evaluation.and_then(|one| one.job_status.as_deref());
        let evaluated_at = evaluation.and_then(|one| moment(one.at.as_deref()?));
        Some(Segment {
            count: evaluation.and_then(|one| one.entity_count.as_u64()),
            state: state(self.state.as_deref(), job),
            evaluated_at,
            ..Segment::new(&*name, label.unwrap_or_else(|| name.clone()))
        })
    }
}

/// Tells what a segment's state (inactive, active, validating, validated, invalid, validationError) and the state of its
/// last evaluation come to.
fn state(state: Option<&str>, job: Option<&str>) -> SegmentState {
    let folded = |text: &str| text.trim().to_ascii_lowercase();
    let (state, job) = (
        folded(state.unwrap_or("active")),
        folded(job.unwrap_or_default()),
    );
    match (state.as_str(), job.as_str()) {
        ("inactive", _) => SegmentState::Inactive,
        ("active", "queued" | "running") => SegmentState::Running,
        ("active", "completedfailure" | "cancelled" | "interrupted" | "notqualified") => {
            SegmentState::Stale
        }
        ("active", _) => SegmentState::Ready,
        _ => SegmentState::Draft,
    }
}

/// A run of the instance's workflow.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Job {
    #[serde(default, rename = "jobStatus")]
    status: Option<String>,
    #[serde(default, rename = "jobId")]
    id: Option<String>,
    #[serde(default)]
    operation_type: Option<String>,
    #[serde(default)]
    end_timestamp: Option<String>,
}

/// Tells from the last jobs whether a refresh runs, and when the last one ended.
pub(super) fn refresh(jobs: &[Job]) -> Refresh {
    let is = |job: &Job, states: &[&str]| {
        let state = job.status.as_deref().unwrap_or_default();
        states.iter().any(|one| state.eq_ignore_ascii_case(one))
    };
    // An export changes no profile.
    let exports = |job: &&Job| {
        let kind = job.operation_type.as_deref().unwrap_or_default();
        kind.eq_ignore_ascii_case("export")
    };
    let (mut refresh, mut latest) = (Refresh::default(), None);
    for job in jobs.iter().filter(|job| !exports(job)) {
        refresh.running |= is(job, &["running", "queued"]);
        let ended = job.end_timestamp.as_deref().and_then(moment);
        let failed = is(job, &["failed", "failure", "completedfailure", "timedout"]);
        if (failed || is(job, &["successful"])) && ended > latest {
            latest = ended;
            refresh.mark = latest.map(|ended| ended.to_string()).unwrap_or_default();
            refresh.failed = failed.then(|| job.id.clone().unwrap_or_default());
        }
        if is(job, &["successful"]) && ended > refresh.ended_at {
            refresh.ended_at = ended;
        }
    }
    refresh
}

/// Reads a time; one without a zone is UTC.
fn moment(text: &str) -> Option<Timestamp> {
    text.parse().ok().or_else(|| {
        let local: DateTime = text.parse().ok()?;
        TimeZone::UTC.to_timestamp(local).ok()
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Entity, Job, SegmentTold, refresh, semantic_of};
    use crate::domain::{SegmentState, Semantic};

    fn told(state: &str, job: &str) -> SegmentState {
        let told = json!({"name": "s", "state": state, "evaluationStatus": {"jobStatus": job, "entityCount": 3}});
        let told: SegmentTold = serde_json::from_value(told).expect("a segment");
        told.segment().expect("a name").state
    }

    #[test]
    fn states_are_read_in_any_case_and_nulls_where_nobody_needs_a_value() {
        assert_eq!(told("Active", "completedsuccess"), SegmentState::Ready);
        assert_eq!(told("INACTIVE", "None"), SegmentState::Inactive);
        assert_eq!(told("Active", "running"), SegmentState::Running);
        assert_eq!(told("active", "COMPLETEDFAILURE"), SegmentState::Stale);
        let read = |told| {
            let told: SegmentTold = serde_json::from_value(told).expect("a segment");
            told.segment()
        };
        for count in [json!(-1), json!(null), json!("many"), json!(1.5)] {
            let told = json!({"name": "s", "friendlyName": null, "state": null, "evaluationStatus":
                {"jobStatus": null, "evaluationDate": null, "entityCount": count}});
            let segment = read(told).expect("a segment");
            assert_eq!((segment.count, segment.state), (None, SegmentState::Ready));
        }
        assert_eq!(read(json!({"name": null, "evaluationStatus": null})), None);
        let entity: Entity = serde_json::from_value(json!({
            "attributes": [null, {"name": null}, {"name": "Mail", "dataType": null}],
            "keys": [null, [{"name": null}], [{"name": "Id"}]],
        }))
        .expect("an entity");
        assert_eq!(entity.key(), Some("Id"));
        assert_eq!(entity.attributes().len(), 1);
    }

    #[test]
    fn a_segment_is_ready_only_when_it_is_active_and_was_evaluated() {
        assert_eq!(told("active", "CompletedSuccess"), SegmentState::Ready);
        assert_eq!(told("active", "None"), SegmentState::Ready);
        assert_eq!(told("active", "Running"), SegmentState::Running);
        assert_eq!(told("active", "CompletedFailure"), SegmentState::Stale);
        assert_eq!(told("inactive", "CompletedSuccess"), SegmentState::Inactive);
        assert_eq!(told("validated", "None"), SegmentState::Draft);
    }

    #[test]
    fn a_refresh_runs_while_any_job_but_an_export_does() {
        let jobs = |state: &str, kind: &str| -> Vec<Job> {
            serde_json::from_value(json!([
                {"jobStatus": state, "operationType": kind},
                {"jobStatus": "successful", "operationType": "all", "endTimestamp": "2026-11-20T08:00:00Z"},
                {"jobStatus": "successful", "operationType": "all", "endTimestamp": "2026-11-21T08:00:00"},
            ]))
            .expect("jobs")
        };
        let seen = refresh(&jobs("running", "segmentation"));
        assert!(seen.running);
        assert_eq!(
            seen.ended_at,
            Some("2026-11-21T08:00:00Z".parse().expect("a time"))
        );
        assert!(!refresh(&jobs("running", "export")).running);
        assert_eq!(
            (seen.mark.as_str(), seen.failed),
            ("2026-11-21T08:00:00Z", None)
        );
        let failed = |status: &str| {
            let jobs = json!([
                {"jobStatus": status, "jobId": "j7", "operationType": "all", "endTimestamp": "2026-11-22T08:00:00Z"},
                {"jobStatus": "successful", "operationType": "all", "endTimestamp": "2026-11-21T08:00:00Z"},
            ]);
            refresh(&serde_json::from_value::<Vec<Job>>(jobs).expect("jobs"))
        };
        let seen = failed("Failed");
        assert_eq!(failed("timedOut"), seen);
        assert_eq!(
            (seen.mark.as_str(), seen.failed.as_deref()),
            ("2026-11-22T08:00:00Z", Some("j7"))
        );
        assert!(
            seen.ended_at
                .is_some_and(|at| at.to_string() == "2026-11-21T08:00:00Z")
        );
    }

    #[test]
    fn a_semantic_type_is_understood_in_every_spelling() {
        for name in [
            "IdentityServiceEmail",
            "Identity.Service.Email",
            "EmailAddress",
        ] {
            assert_eq!(semantic_of(name), Some(Semantic::Email), "{name}");
        }
        assert_eq!(semantic_of("Person.FirstName"), Some(Semantic::FirstName));
        assert_eq!(semantic_of("PersonFullName"), None);
    }
}
