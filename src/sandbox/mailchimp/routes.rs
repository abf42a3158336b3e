//! Which method and path lead to which answer.

use super::audience::Audience;
use super::call::{Answer, Call, Problem};
use super::{
    account, batch, mailings, member_list, members, merge_calls, segment_members, segments,
};
use crate::sandbox::path::fit;

/// Answers one kind of call.
pub(in crate::sandbox) type Respond = fn(&mut Audience, &Call<'_>) -> Result<Answer, Problem>;

/// Method, path below `/3.0`, and who answers.
const ROUTES: &[(&str, &str, Respond)] = &[
    ("GET", "", account::root),
    ("GET", "/ping", account::ping),
    ("GET", "/campaigns", mailings::campaigns),
    ("GET", "/automations", mailings::automations),
    ("GET", "/lists", account::lists),
    ("GET", "/lists/{list_id}", account::list),
    ("POST", "/lists/{list_id}", batch::subscribe),
    ("GET", "/lists/{list_id}/members", member_list::list),
    ("POST", "/lists/{list_id}/members", members::add),
    (
        "GET",
        "/lists/{list_id}/members/{subscriber_hash}",
        members::get,
    ),
    (
        "PUT",
        "/lists/{list_id}/members/{subscriber_hash}",
        members::put,
    ),
    (
        "PATCH",
        "/lists/{list_id}/members/{subscriber_hash}",
        members::patch,
    ),
    (
        "DELETE",
        "/lists/{list_id}/members/{subscriber_hash}",
        members::archive,
    ),
    (
        "POST",
        "/lists/{list_id}/members/{subscriber_hash}/actions/delete-permanent",
        members::delete_permanent,
    ),
    (
        "GET",
        "/lists/{list_id}/members/{subscriber_hash}/tags",
        segments::tags_of,
    ),
    (
        "POST",
        "/lists/{list_id}/members/{subscriber_hash}/tags",
        segments::tag,
    ),
    ("GET", "/lists/{list_id}/tag-search", segments::search),
    ("GET", "/lists/{list_id}/merge-fields", merge_calls::list),
    ("POST", "/lists/{list_id}/merge-fields", merge_calls::add),
    (
        "GET",
        "/lists/{list_id}/merge-fields/{merge_id}",
        merge_calls::get,
    ),
    (
        "PATCH",
        "/lists/{list_id}/merge-fields/{merge_id}",
        merge_calls::patch,
    ),
    (
        "DELETE",
        "/lists/{list_id}/merge-fields/{merge_id}",
        merge_calls::delete,
    ),
    ("GET", "/lists/{list_id}/segments", segments::list),
    ("POST", "/lists/{list_id}/segments", segments::add),
    (
        "GET",
        "/lists/{list_id}/segments/{segment_id}",
        segments::get,
    ),
    (
        "PATCH",
        "/lists/{list_id}/segments/{segment_id}",
        segments::patch,
    ),
    (
        "DELETE",
        "/lists/{list_id}/segments/{segment_id}",
        segments::delete,
    ),
    (
        "POST",
        "/lists/{list_id}/segments/{segment_id}",
        segment_members::change,
    ),
    (
        "GET",
        "/lists/{list_id}/segments/{segment_id}/members",
        segment_members::list,
    ),
    (
        "POST",
        "/lists/{list_id}/segments/{segment_id}/members",
        segment_members::add,
    ),
    (
        "DELETE",
        "/lists/{list_id}/segments/{segment_id}/members/{subscriber_hash}",
        segment_members::remove,
    ),
];

/// Where a path leads.
#[derive(Debug)]
pub(in crate::sandbox) struct Found {
    /// The path with names for its parts, as it is counted.
    pub(in crate::sandbox) template: &'static str,
    /// What stands for the names, in order.
    pub(in crate::sandbox) parts: Vec<String>,
    /// Who answers; none if the path takes other methods only.
    pub(in crate::sandbox) respond: Option<Respond>,
}

/// Finds where a method and a path (below `/3.0`) lead.
pub(in crate::sandbox) fn find(method: &str, path: &str) -> Option<Found> {
    let path = path.trim_end_matches('/');
    let mut other = None;
    for (known, template, respond) in ROUTES {
        let Some(parts) = fit(template, path) else {
            continue;
        };
        let found = Found {
            template,
            parts,
            respond: (*known == method).then_some(*respond),
        };
        if found.respond.is_some() {
            return Some(found);
        }
        other = Some(found);
    }
    other
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_leads_to_its_template_with_its_parts() {
        let found = find("GET", "/lists/abc/members/a%40example.com").expect("a route");
        assert_eq!(found.template, "/lists/{list_id}/members/{subscriber_hash}");
        assert_eq!(found.parts, ["abc", "a@example.com"]);
        assert!(found.respond.is_some());
        assert_eq!(find("GET", "/").expect("the root").template, "");
        assert!(find("DELETE", "/ping").expect("a path").respond.is_none());
        assert!(find("GET", "/reports").is_none());
    }
}
