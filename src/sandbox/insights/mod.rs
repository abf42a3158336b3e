//! The imitated Customer Insights API v1, as far as an exporter reads it.
//!
//! - `routes` is what a path leads to; `account` is who may ask.
//! - `segments`, `entities`, `jobs` describe; `rows` are the profiles, page by page; `problem` says no.

mod account;
mod entities;
mod jobs;
mod problem;
mod routes;
mod rows;
mod segments;

use axum::http::Method;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::server::World;
use super::traffic::{Asked, Service};
pub(super) use account::Account;
use problem::{Problem, reply, trouble};
use routes::{Wanted, route};

/// The service.
pub(super) const SERVICE: Service = Service {
    root: "/v1",
    template: |path| route(path).map_or("/…", |found| found.template),
    answer,
    trouble,
};

fn answer(place: &World, asked: &Asked) -> Response {
    let admitted = account::admit(place, asked);
    admitted
        .and_then(|()| respond(place, asked))
        .unwrap_or_else(Problem::into_response)
}

fn respond(place: &World, asked: &Asked) -> Result<Response, Problem> {
    let manner = place.profiles.manner();
    // [?] Microsoft's pages and its client name different paths for workflows; only one of them is there.
    let is_there = |under_manage: Option<bool>| {
        under_manage.is_none_or(|manage| manage == manner.jobs_under_manage)
    };
    let route = route(&asked.path)
        .filter(|route| is_there(route.workflow_under_manage()))
        .ok_or_else(Problem::no_resource)?;
    if asked.method != Method::GET {
        return Err(Problem::method(asked.method.as_str()));
    }
    let account = &place.insights;
    if let Some(instance) = route.instance()
        && instance != account.instance
    {
        return Err(Problem::no_instance(instance));
    }
    let content = place.profiles.content();
    let moment = place.profiles.moment();
    let body = match route.wanted {
        Wanted::Instances => json!([account.brief()]),
        Wanted::Instance => account.whole(&place.origin, &moment),
        Wanted::Segments => segments::list(asked, account, &content, &moment, manner.counts_more)?,
        Wanted::Entities => entities::all(account, &content, &moment),
        Wanted::Entity => entities::one(route.name(), &content, &moment)?,
        Wanted::Size => entities::size(route.name(), &content)?,
        Wanted::Rows if !manner.privilege => return Err(Problem::privilege()),
        Wanted::Rows => return rows::answer(&place.origin, asked, route.name(), account, &content),
        Wanted::Jobs => jobs::list(asked, moment)?,
        Wanted::Job => jobs::one(route.name(), moment)?,
        Wanted::History => jobs::history(asked, moment)?,
        Wanted::Status => jobs::status(moment),
    };
    Ok(reply(body.to_string().into_bytes()))
}

/// A whole number of the query.
fn number(asked: &Asked, name: &str) -> Result<Option<usize>, Problem> {
    match asked.text(name) {
        None | Some("") => Ok(None),
        Some(text) => match text.parse() {
            Ok(number) => Ok(Some(number)),
            Err(_) => Err(Problem::value(name, text)),
        },
    }
}
