//! Where reading a table goes on: the page size that is asked for, and the link to the next page.

use axum::http::HeaderMap;

use super::problem::Problem;
use crate::sandbox::traffic::Asked;

/// One page.
#[derive(Debug, Clone, Copy)]
pub(super) struct Page {
    /// From 1 on.
    pub(super) number: usize,
    pub(super) size: usize,
}

impl Page {
    /// The page that a request asks for, as the link to it told.
    pub(super) fn of(asked: &Asked, size: usize) -> Result<Self, Problem> {
        let Some(token) = asked.text("$skiptoken") else {
            return Ok(Self { number: 1, size });
        };
        let number = |name: &str| -> Option<usize> {
            let (_, rest) = token.split_once(&format!("{name}=\""))?;
            rest.split('"').next()?.parse().ok()
        };
        let told = number("pagenumber").zip(number("size"));
        let told = told.filter(|(number, _)| *number > 0);
        let (number, then) =
            told.ok_or_else(|| Problem::bad("Malformed XML in the Paging Cookie"))?;
        if then != size {
            return Err(Problem::bad(format!(
                "The paging cookie is of pages of {then}, but pages of {size} were asked for: the same Prefer header has to come with every page."
            )));
        }
        Ok(Self { number, size })
    }

    /// How many rows come before it.
    pub(super) fn before(self) -> usize {
        (self.number - 1).saturating_mul(self.size)
    }

    /// The link to the page after it: the request again, with a cookie.
    pub(super) fn next_link(self, origin: &str, asked: &Asked) -> String {
        let cookie = format!(
            "<cookie pagenumber=\"{}\" size=\"{}\" istracking=\"False\" />",
            self.number + 1,
            self.size
        );
        let cookie: String = url::form_urlencoded::byte_serialize(cookie.as_bytes()).collect();
        let cookie = format!("$skiptoken={}", cookie.replace('+', "%20"));
        let before = |one: &&str| {
            let name = one.split('=').next().unwrap_or_default();
            !one.is_empty() && name != "$skiptoken" && !name.eq_ignore_ascii_case("%24skiptoken")
        };
        let kept = asked.raw_query.split('&').filter(before);
        let query: Vec<&str> = kept.chain([cookie.as_str()]).collect();
        format!("{origin}/api/data/v9.2{}?{}", asked.path, query.join("&"))
    }
}

/// The page size that `Prefer` asks for.
pub(super) fn preferred(headers: &HeaderMap) -> Option<usize> {
    let given = headers.get_all("prefer");
    given
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split([',', ';']))
        .find_map(|one| {
            let size = one.trim().strip_prefix("odata.maxpagesize=")?;
            size.trim_matches('"').parse().ok()
        })
}
