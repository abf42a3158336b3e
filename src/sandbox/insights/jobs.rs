//! The jobs that refresh the source.

use serde_json::{Value, json};

use super::number;
use super::problem::Problem;
use crate::sandbox::dice::mix;
use crate::sandbox::profiles::{Moment, Run, written};
use crate::sandbox::traffic::Asked;

/// How many are listed unless told.
const LISTED: usize = 10;

/// The parts of a refresh, in their order.
const TASKS: [(&str, &str); 2] = [("merge", "Customer"), ("segmentation", "Segments")];

/// Lists the latest jobs.
pub(super) fn list(asked: &Asked, moment: Moment) -> Result<Value, Problem> {
    let top = number(asked, "top")?.unwrap_or(LISTED);
    let tasks = asked
        .text("includeTasks")
        .is_some_and(|text| text.eq_ignore_ascii_case("true"));
    let latest = moment.latest().take(top);
    Ok(latest.map(|run| job(&run, tasks)).collect())
}

/// Tells of one job.
pub(super) fn one(wanted: &str, moment: Moment) -> Result<Value, Problem> {
    let found = moment.latest().find(|run| id(run.number) == wanted);
    let found = found.ok_or_else(|| Problem::no_job(wanted))?;
    Ok(job(&found, true))
}

/// Lists the latest tasks.
pub(super) fn history(asked: &Asked, moment: Moment) -> Result<Value, Problem> {
    let top = number(asked, "top")?.unwrap_or(LISTED);
    let runs = moment.latest();
    Ok(runs.flat_map(|run| tasks(&run)).take(top).collect())
}

/// Tells how each part of a refresh stands.
pub(super) fn status(moment: Moment) -> Value {
    let ended = moment.latest().find_map(|run| Some((run, run.ended?)));
    let latest = moment.latest().next();
    let parts = latest.iter().flat_map(|run| TASKS.map(|task| (run, task)));
    let told = parts.map(|(run, (kind, name))| {
        json!({
            "operationType": kind,
            "subType": "noSubType",
            "identifier": name,
            "friendlyName": name,
            "jobIds": [id(run.number)],
            "taskStatus": state(run),
            "lastSuccessJobIds": ended.iter().map(|(run, _)| id(run.number)).collect::<Vec<_>>(),
            "endTimestamp": run.ended.map(written),
            "lastSuccessfulTimestamp": ended.map(|(_, end)| written(end)),
            "ciErrors": [],
        })
    });
    told.collect()
}

/// A refresh's id.
pub(super) fn id(number: u64) -> String {
    format!("{:016x}{:016x}", mix(0x10b, number), mix(0x20b, number))
}

fn state(run: &Run) -> &'static str {
    match run.ended {
        Some(_) => "successful",
        None => "running",
    }
}

fn job(run: &Run, with_tasks: bool) -> Value {
    json!({
        "jobId": id(run.number),
        "jobType": "full",
        "jobSubmissionKind": "scheduled",
        "jobStatus": state(run),
        "operationType": "all",
        "subType": "noSubType",
        "endTimestamp": run.ended.map(written),
        "shouldForceRunRequestedNodes": false,
        "tasks": with_tasks.then(|| tasks(run)),
        "idList": [],
        "submittedTimestamp": written(run.began),
    })
}

fn tasks(run: &Run) -> Vec<Value> {
    let told = TASKS.iter().zip(0..).map(|((kind, name), nth)| {
        json!({
            "taskId": format!("{}-{nth}", id(run.number)),
            "taskStatus": state(run),
            "operationType": kind,
            "subType": "noSubType",
            "jobIds": [id(run.number)],
            "friendlyName": name,
            "endTimestamp": run.ended.map(written),
            "ciErrors": [],
            "waitingTaskIds": [],
            "submittedTimestamp": written(run.began),
        })
    });
    told.collect()
}
