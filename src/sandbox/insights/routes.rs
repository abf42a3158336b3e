//! What a path of the API leads to.

use crate::sandbox::path::fit;

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    Instances,
    Instance,
    Segments,
    Entities,
    Entity,
    Size,
    Rows,
    Jobs,
    Job,
    History,
    Status,
}

/// The paths, as Microsoft's client names them. Its pages put `manage` before `workflows`.
const ROUTES: [(&str, Wanted); 15] = [
    ("/instances", Wanted::Instances),
    ("/instances/{instanceId}", Wanted::Instance),
    ("/instances/{instanceId}/manage/segments", Wanted::Segments),
    ("/instances/{instanceId}/manage/entities", Wanted::Entities),
    (
        "/instances/{instanceId}/manage/entities/{entityName}",
        Wanted::Entity,
    ),
    (
        "/instances/{instanceId}/manage/entities/{entityName}/entitysize",
        Wanted::Size,
    ),
    ("/instances/{instanceId}/data/{relativePath}", Wanted::Rows),
    ("/instances/{instanceId}/workflows/main/jobs", Wanted::Jobs),
    (
        "/instances/{instanceId}/workflows/main/jobs/{jobId}",
        Wanted::Job,
    ),
    (
        "/instances/{instanceId}/workflows/main/history",
        Wanted::History,
    ),
    (
        "/instances/{instanceId}/workflows/main/status",
        Wanted::Status,
    ),
    (
        "/instances/{instanceId}/manage/workflows/main/jobs",
        Wanted::Jobs,
    ),
    (
        "/instances/{instanceId}/manage/workflows/main/jobs/{jobId}",
        Wanted::Job,
    ),
    (
        "/instances/{instanceId}/manage/workflows/main/history",
        Wanted::History,
    ),
    (
        "/instances/{instanceId}/manage/workflows/main/status",
        Wanted::Status,
    ),
];

/// Where a path leads.
#[derive(Debug)]
pub(super) struct Route {
    pub(super) template: &'static str,
    pub(super) wanted: Wanted,
    parts: Vec<String>,
}

/// Finds where a path leads.
pub(super) fn route(path: &str) -> Option<Route> {
    ROUTES.iter().find_map(|(template, wanted)| {
        let parts = fit(template, path)?;
        Some(Route {
            template,
            wanted: *wanted,
            parts,
        })
    })
}

impl Route {
    /// The instance it is in.
    pub(super) fn instance(&self) -> Option<&str> {
        self.parts.first().map(String::as_str)
    }

    /// The entity or job it names.
    pub(super) fn name(&self) -> &str {
        self.parts.get(1).map_or("", String::as_str)
    }

    /// Whether it is a workflow's path, and if so whether it is the one of Microsoft's pages.
    pub(super) fn workflow_under_manage(&self) -> Option<bool> {
        let (before, _) = self.template.split_once("/workflows/")?;
        Some(before.ends_with("/manage"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_leads_to_its_template_with_its_parts() {
        let found = route("/instances/i/manage/entities/Customer").expect("a route");
        assert_eq!(found.wanted, Wanted::Entity);
        assert_eq!((found.instance(), found.name()), (Some("i"), "Customer"));
        let jobs = |path: &str| route(path).expect("a route").workflow_under_manage();
        assert_eq!(jobs("/instances/i/workflows/main/jobs"), Some(false));
        assert_eq!(jobs("/instances/i/manage/workflows/main/jobs"), Some(true));
        assert_eq!(jobs("/instances/i/manage/segments"), None);
        assert!(route("/instances/i/workflows/other/jobs").is_none());
        assert!(route("/instances/i/manage/segments/Gold").is_none());
    }
}
