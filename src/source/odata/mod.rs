//! How a service that speaks `OData` is read: addresses, pages, refusals, and what is tried again. Only ever sends GET:
//! there is no way to send anything else.

mod error;
mod page;
mod pages;
mod said;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::de::DeserializeOwned;
use tokio::task::spawn_blocking;
use url::Url;

use super::{Error, Service};
use crate::domain::Secret;
use crate::http::{Advice, Backoff, CallError, Client, Meaning, Wanted, advise, limits, meaning};

pub use error::ServiceError;
use page::Page;
pub(super) use page::{Columns, selection};
pub(super) use pages::{Pages, Paging};
use said::Said;

/// How often a call is tried again before the service counts as gone: half a minute to a minute and a half of patience.
const TRIES: u32 = 8;

/// What stands for itself in the value of a query option, besides letters and digits. A blank becomes `%20`: `+` for a
/// blank is a custom of forms, which not every service follows.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~')
    .remove(b',')
    .remove(b'(')
    .remove(b')');

/// Writes a text as `OData` quotes it.
pub(super) fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// Writes a text as it stands in the value of a query option.
pub(super) fn encoded(text: &str) -> String {
    utf8_percent_encode(text, ENCODED).to_string()
}

/// A service, and how it is asked.
#[derive(Debug)]
pub(super) struct Odata {
    /// For documents.
    client: Client,
    /// For pages of rows, over the same connections.
    pages: Client,
    service: Service,
    root: Url,
}

impl Odata {
    /// Makes ready to call a service; `below` is the path under its root that all calls go to.
    pub fn new(service: Service, below: &[&str]) -> Result<Self, Error> {
        let client = service.client.clone();
        let pages = client.clone().reading(limits::SOURCE_PAGE);
        let mut root = Url::parse(service.root.as_str()).map_err(ServiceError::Address)?;
        if let Ok(mut path) = root.path_segments_mut() {
            path.pop_if_empty().extend(below);
        }
        Ok(Self {
            client,
            pages,
            service,
            root,
        })
    }

    /// Gives the address of something below the root; an option with an empty value is left out.
    pub fn url(&self, below: &[&str], options: &[(&str, &str)]) -> Url {
        let mut url = self.root.clone();
        if let Ok(mut path) = url.path_segments_mut() {
            path.pop_if_empty().extend(below);
        }
        let options: Vec<String> = options
            .iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| format!("{name}={}", encoded(value)))
            .collect();
        if !options.is_empty() {
            url.set_query(Some(&options.join("&")));
        }
        url
    }

    /// Asks for one document.
    pub async fn ask<T: DeserializeOwned + Send + 'static>(&self, url: &Url) -> Result<T, Error> {
        let read = |body: &[u8]| serde_json::from_slice(body);
        self.get(&self.client, url, None, false, read).await
    }

    /// Asks for one page of rows; `most` is how many rows the service is asked to put on it, where it can be asked so.
    /// Where a `smaller` page can be asked for, one that takes too long is not asked for again.
    pub async fn page(
        &self,
        url: &Url,
        most: Option<usize>,
        smaller: bool,
        columns: &Arc<Columns>,
    ) -> Result<Page, Error> {
        let columns = Arc::clone(columns);
        let read = move |body: &[u8]| columns.read(body);
        self.get(&self.pages, url, most, smaller, read).await
    }

    /// Begins to read all pages of what is at an address.
    pub fn pages(self: &Arc<Self>, first: Url, paging: Paging, columns: Columns) -> Pages {
        Pages::new(Arc::clone(self), first, paging, columns)
    }

    /// Calls until there is an answer that says yes and can be read to its end. A token that is refused is renewed once.
    async fn get<T: Send + 'static>(
        &self,
        client: &Client,
        url: &Url,
        most: Option<usize>,
        smaller: bool,
        read: impl Fn(&[u8]) -> Result<T, serde_json::Error> + Clone + Send + 'static,
    ) -> Result<T, Error> {
        let session = &self.service.session;
        let mut backoff = Backoff::new(TRIES, self.service.first_pause);
        let mut renewed = false;
        loop {
            let token = session.token().await.map_err(ServiceError::Login)?;
            let outcome = client.send(self.request(url, most, &token)).await;
            let advice = advise(&outcome, Wanted::Json);
            let means = meaning(&outcome, Wanted::Json);
            let (advice, error) = match (means, outcome) {
                (Meaning::Answered, Ok(answer)) => {
                    let read = read.clone();
                    // Thousands of rows take long enough to keep others from their turn.
                    let done = spawn_blocking(move || read(&answer.body)).await;
                    match done.map_err(Error::Task)? {
                        Ok(value) => return Ok(value),
                        Err(why) => (Advice::Briefly, unreadable(url, why)),
                    }
                }
                (Meaning::LoginRefused, Ok(answer)) => {
                    let said = Said::of(means, &answer, &token);
                    if said.is_about_the_token() && !renewed {
                        session.renew(&token).await.map_err(ServiceError::Login)?;
                        renewed = true;
                        continue;
                    }
                    (advice, said.into_error(url))
                }
                (
                    Meaning::Refused | Meaning::UsedUp | Meaning::Overloaded | Meaning::Failing,
                    Ok(answer),
                ) => (advice, Said::of(means, &answer, &token).into_error(url)),
                (_, outcome) => {
                    let why = CallError::of(outcome, Wanted::Json);
                    (advice, ServiceError::NoAnswer(why))
                }
            };
            if smaller && error.is_too_large() {
                return Err(error.into());
            }
            let Some(pause) = backoff.next(advice) else {
                return Err(error.into());
            };
            self.service.waits.note(advice);
            tracing::debug!(what = what(url), ?pause, "the source is asked again");
            tokio::time::sleep(pause).await;
        }
    }

    fn request(
        &self,
        url: &Url,
        most: Option<usize>,
        token: &Secret<String>,
    ) -> reqwest::RequestBuilder {
        let mut request = self
            .client
            .inner()
            .get(url.clone())
            .bearer_auth(token.expose())
            .header("Accept", "application/json")
            .header("OData-MaxVersion", "4.0")
            .header("OData-Version", "4.0");
        if let Some(key) = &self.service.subscription_key {
            request = request.header("Ocp-Apim-Subscription-Key", key.expose().as_str());
        }
        match most {
            Some(most) => request.header("Prefer", format!("odata.maxpagesize={most}")),
            None => request,
        }
    }
}

/// What an address asks for: the last part of its path, to name it to people.
fn what(url: &Url) -> String {
    let last = url.path_segments().and_then(|mut parts| parts.next_back());
    last.unwrap_or_default().to_owned()
}

fn unreadable(url: &Url, source: serde_json::Error) -> ServiceError {
    ServiceError::Unreadable {
        what: what(url),
        source,
    }
}
