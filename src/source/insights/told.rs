//! What the API tells of instances, attributes, segments and jobs, in the client library's names (customerinsights 1.0.8).

use jiff::civil::DateTime;
use jiff::{Timestamp, tz::TimeZone};
use serde::Deserialize;
use serde_json::Value;

use super::super::{Instance, Refresh};
use crate::domain::{Attribute, Segment, SegmentState, Semantic, ValueKind};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct InstanceTold {
    instance_id: String,
    #[serde(default)]
    name: Option<String>,
}

impl From<InstanceTold> for Instance {
    fn from(told: InstanceTold) -> Self {
        Self {
            name: told.name.unwrap_or_else(|| told.instance_id.clone()),
            id: told.instance_id,
        }
    }
}

/// The table of profiles.
#[derive(Debug, Deserialize)]
pub(super) struct Entity {
    #[serde(default)]
    attributes: Option<Vec<AttributeTold>>,
    /// Each key is a list of attributes.
    #[serde(default)]
    keys: Option<Vec<Vec<AttributeTold>>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct AttributeTold {
    name: String,
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
        let keys = self.keys.iter().flatten();
        let mut single = keys.filter_map(|key| match key.as_slice() {
            [one] => Some(one.name.as_str()),
            _ => None,
        });
        single.next()
    }

    pub fn attributes(self) -> Vec<Attribute> {
        let told = self.attributes.unwrap_or_default().into_iter();
        told.map(Attribute::from).collect()
    }
}

impl From<AttributeTold> for Attribute {
    fn from(told: AttributeTold) -> Self {
        let label = told.friendly_name.filter(|label| !label.trim().is_empty());
        let kind = told.data_type.get("cdsaType").unwrap_or(&told.data_type);
        Self {
            label: label.unwrap_or_else(|| told.name.clone()),
            kind: kind_of(kind.as_str().unwrap_or_default()),
            semantic: told.semantic_type.as_deref().and_then(semantic_of),
            samples: Vec::new(),
            name: told.name,
        }
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
    name: String,
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
    #[serde(default)]
    entity_count: Option<u64>,
}

impl From<SegmentTold> for Segment {
    fn from(told: SegmentTold) -> Self {
        let label = told.friendly_name.filter(|label| !label.trim().is_empty());
        let evaluation = told.evaluation_status.as_ref();
        let job = evaluation.and_then(|one| one.job_status.as_deref());
        let evaluated_at = evaluation.and_then(|one| moment(one.at.as_deref()?));
        Self {
            count: evaluation.and_then(|one| one.entity_count),
            state: state(told.state.as_deref(), job),
            evaluated_at,
            ..Segment::new(&*told.name, label.unwrap_or_else(|| told.name.clone()))
        }
    }
}

/// Tells what a segment's state (inactive, active, validating, validated, invalid, validationError) and the state of its
/// last evaluation come to.
fn state(state: Option<&str>, job: Option<&str>) -> SegmentState {
    let state = state.unwrap_or("active").to_ascii_lowercase();
    match (state.as_str(), job.unwrap_or_default()) {
        ("inactive", _) => SegmentState::Inactive,
        ("active", "Queued" | "Running") => SegmentState::Running,
        ("active", "CompletedFailure" | "Cancelled" | "Interrupted" | "NotQualified") => {
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
    let mut refresh = Refresh::default();
    for job in jobs.iter().filter(|job| !exports(job)) {
        refresh.running |= is(job, &["running", "queued"]);
        let ended = job.end_timestamp.as_deref().and_then(moment);
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

    use super::{Job, SegmentTold, refresh, semantic_of};
    use crate::domain::{Segment, SegmentState, Semantic};

    fn told(state: &str, job: &str) -> SegmentState {
        let told = json!({"name": "s", "state": state, "evaluationStatus": {"jobStatus": job, "entityCount": 3}});
        let told: SegmentTold = serde_json::from_value(told).expect("a segment");
        Segment::from(told).state
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
