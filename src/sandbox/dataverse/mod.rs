//! The imitated Dataverse Web API: the tables of Customer Insights, read only.
//!
//! - `table` is a table, row by row; `query` is what was asked of it, page by page; `cookie` is where a page went on.
//! - `choices` is what columns hold that are no texts.
//! - `metadata` describes the columns; `problem` says no.

mod choices;
mod cookie;
mod metadata;
mod problem;
mod query;
mod table;

use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::auth;
use super::entra::Resource;
use super::profiles::Content;
use super::server::World;
use super::traffic::{Asked, Service};
use problem::{Problem, reply, trouble, unauthorized};
use table::Table;

/// The service.
pub(super) const SERVICE: Service = Service {
    root: "/api/data/v9.2",
    template: |path| route(path).template(),
    answer,
    trouble,
};

/// How long an address may be.
const ADDRESS: usize = 32_768;

/// What a path leads to.
#[derive(Debug, PartialEq, Eq)]
enum Route<'a> {
    WhoAmI,
    Organisation,
    Profiles,
    Memberships,
    /// How many rows tables have.
    Counts,
    /// A table's definition, by its key.
    Entity(&'a str),
    Attributes(&'a str),
    /// The columns of one kind.
    Typed(&'a str, &'a str),
    Unknown,
}

impl Route<'_> {
    fn template(&self) -> &'static str {
        match self {
            Self::WhoAmI => "/WhoAmI",
            Self::Organisation => "/organizations",
            Self::Profiles => "/msdynci_customerprofiles",
            Self::Memberships => "/msdynci_segmentmemberships",
            Self::Counts => "/RetrieveTotalRecordCount",
            Self::Entity(_) => "/EntityDefinitions({key})",
            Self::Attributes(_) => "/EntityDefinitions({key})/Attributes",
            Self::Typed(..) => "/EntityDefinitions({key})/Attributes/{type}",
            Self::Unknown => "/…",
        }
    }
}

fn route(path: &str) -> Route<'_> {
    match path {
        "/WhoAmI" | "/WhoAmI()" => return Route::WhoAmI,
        "/organizations" => return Route::Organisation,
        "/msdynci_customerprofiles" => return Route::Profiles,
        "/msdynci_segmentmemberships" => return Route::Memberships,
        _ if path.starts_with("/RetrieveTotalRecordCount(") => return Route::Counts,
        _ => {}
    }
    let definition = path.strip_prefix("/EntityDefinitions(");
    let Some((key, rest)) = definition.and_then(|rest| rest.split_once(')')) else {
        return Route::Unknown;
    };
    match rest.strip_prefix("/Attributes") {
        None if rest.is_empty() => Route::Entity(key),
        Some("") => Route::Attributes(key),
        Some(kind) if kind.starts_with('/') => Route::Typed(key, &kind[1..]),
        _ => Route::Unknown,
    }
}

fn answer(place: &World, asked: &Asked) -> Response {
    let token = auth::secret(&asked.headers);
    let opened = token.map(|token| place.entra.opens(&token, Resource::Dataverse));
    match opened {
        Some(Ok(())) => respond(place, asked).unwrap_or_else(Problem::into_response),
        Some(Err(why)) => unauthorized(Some(why), &place.origin),
        None => unauthorized(None, &place.origin),
    }
}

fn respond(place: &World, asked: &Asked) -> Result<Response, Problem> {
    let route = route(&asked.path);
    if route == Route::Unknown {
        return Err(Problem::not_found(&asked.path));
    }
    if asked.method != Method::GET {
        return Err(Problem::method(asked.method.as_str()));
    }
    if asked.path.len() + asked.raw_query.len() > ADDRESS {
        return Err(Problem::too_long());
    }
    let manner = place.profiles.manner();
    let content = place.profiles.content();
    match route {
        Route::WhoAmI => Ok(who(&place.origin)),
        Route::Organisation => Ok(organisation(&place.origin)),
        Route::Profiles if !manner.privilege => Err(Problem::privilege(
            "CustomerProfile",
            table::PROFILE,
            "Customer Profile",
        )),
        Route::Profiles => query::run(
            &place.origin,
            asked,
            &Table::profiles(&content, manner.choices),
        ),
        Route::Memberships => {
            let table = Table::memberships(&content, manner.backslash);
            query::run(&place.origin, asked, &table)
        }
        Route::Counts => count(&place.origin, asked, &content),
        Route::Entity(key) => metadata::entity(&place.origin, asked, key, &content, manner.choices),
        Route::Attributes(key) => {
            metadata::attributes(&place.origin, asked, key, None, &content, manner.choices)
        }
        Route::Typed(..) if !manner.labels => {
            Err(Problem::privilege("Attribute", "attribute", "Attribute"))
        }
        Route::Typed(key, kind) => metadata::attributes(
            &place.origin,
            asked,
            key,
            Some(kind),
            &content,
            manner.choices,
        ),
        Route::Unknown => Err(Problem::not_found(&asked.path)),
    }
}

/// Tells how many rows tables have. The service takes them from a snapshot of the last day; here they are of now.
fn count(origin: &str, asked: &Asked, content: &Content) -> Result<Response, Problem> {
    let inner = asked.path.split_once("(EntityNames=");
    let inner = inner.and_then(|(_, rest)| rest.strip_suffix(')'));
    let inner = inner.ok_or_else(|| Problem::bad("The parameter EntityNames is missing."))?;
    // The names stand there, or an alias for them that the query explains.
    let listed = asked.text(inner).unwrap_or(inner).replace('\'', "\"");
    let names: Vec<String> = serde_json::from_str(&listed)
        .map_err(|why| Problem::bad(format!("Invalid JSON. {why}")))?;
    let counts: Result<Vec<usize>, Problem> = names
        .iter()
        .map(|name| match name.as_str() {
            table::PROFILE => Ok(content.rows.len()),
            table::MEMBERSHIP => {
                let table = Table::memberships(content, false);
                let rows = 0..content.rows.len();
                Ok(rows.filter(|row| table.holds(*row)).count())
            }
            other => Err(Problem::no_entity(other)),
        })
        .collect();
    let body = json!({
        "@odata.context": format!("{origin}/api/data/v9.2/$metadata#Microsoft.Dynamics.CRM.RetrieveTotalRecordCountResponse"),
        "EntityRecordCountCollection": {
            "Count": names.len(),
            "IsReadOnly": false,
            "Keys": names,
            "Values": counts?,
        },
    });
    Ok(reply(StatusCode::OK, &body))
}

/// Who the caller is; always the same user.
const USER: &str = "6e9f1c2a-5b7d-4e53-9a0c-1f2d3c4b5a69";

fn who(origin: &str) -> Response {
    let body = json!({
        "@odata.context": format!("{origin}/api/data/v9.2/$metadata#Microsoft.Dynamics.CRM.WhoAmIResponse"),
        "BusinessUnitId": "2a4c6e80-1b3d-4f5a-8c7e-9d0b1f2a3c4d",
        "UserId": USER,
        "OrganizationId": ORGANISATION,
    });
    reply(StatusCode::OK, &body)
}

const ORGANISATION: &str = "7b8d9e0f-2c4a-4d6b-9e1f-3a5c7d9e0b2f";

/// The one row of the table of organisations.
fn organisation(origin: &str) -> Response {
    let body = json!({
        "@odata.context": format!("{origin}/api/data/v9.2/$metadata#organizations(languagecode)"),
        "value": [{ "@odata.etag": "W/\"1048577\"", "organizationid": ORGANISATION, "languagecode": choices::LANGUAGES[0] }],
    });
    reply(StatusCode::OK, &body)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_counted_under_its_template() {
        let key = "LogicalName='msdynci_customerprofile'";
        let attributes = format!("/EntityDefinitions({key})/Attributes");
        assert_eq!(route(&attributes), Route::Attributes(key));
        let typed = format!("{attributes}/Microsoft.Dynamics.CRM.StringAttributeMetadata");
        assert_eq!(
            route(&typed).template(),
            "/EntityDefinitions({key})/Attributes/{type}"
        );
        assert_eq!(route("/EntityDefinitions(x)/Keys"), Route::Unknown);
        assert_eq!(route("/accounts").template(), "/…");
    }
}
