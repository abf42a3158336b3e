//! One page after the other, and the next one on its way while the last is worked on.

use std::collections::HashSet;
use std::sync::Arc;

use tokio::task::JoinSet;
use url::Url;

use super::super::Error;
use super::super::keys::{AsIs, Key, Keys};
use super::page::Page;
use super::{Columns, Odata, ServiceError, what};
use crate::http::limits;

/// How many pages without a row may follow each other before a service counts as going in circles. Filters that meet
/// rarely do leave pages empty.
const MOST_EMPTY: usize = 100;

/// How many rows are remembered, in some tens of megabytes. Of a longer list only the first so many are missed when they
/// come again.
const MOST_KEPT: usize = 2_000_000;

/// Rows on a page that is not asked for in halves any more.
const SMALLEST: usize = 200;

/// How the next page is found.
#[derive(Debug, Clone, Copy)]
pub(in crate::source) enum Paging {
    /// By the link that each page holds; the service is asked for so many rows on a page.
    Links(usize),
    /// By counting on, so many rows at a time, unless a page holds a link.
    Offset(usize),
}

/// The pages of one query.
#[derive(Debug)]
pub(in crate::source) struct Pages {
    odata: Arc<Odata>,
    columns: Arc<Columns>,
    paging: Paging,
    first: Url,
    /// The first page, where it was waited for already.
    begun: Option<Page>,
    /// The page on its way; dropped with us.
    ahead: JoinSet<Result<Page, Error>>,
    /// Where that page is.
    at: Url,
    links: HashSet<String>,
    met: Met,
    empty: usize,
    turned: usize,
    rows: u64,
    /// Whether the last page was found by a link: then the page without one is the last.
    linked: bool,
}

/// The rows that came so far.
#[derive(Debug, Default)]
struct Met {
    keys: Keys,
    rows: HashSet<Key, AsIs>,
    /// Those that were given out before the reading began anew.
    given: HashSet<Key, AsIs>,
    twice: bool,
}

impl Pages {
    pub fn new(odata: Arc<Odata>, first: Url, paging: Paging, columns: Columns) -> Self {
        let mut pages = Self {
            odata,
            columns: Arc::new(columns),
            paging,
            at: first.clone(),
            first,
            begun: None,
            ahead: JoinSet::new(),
            links: HashSet::new(),
            met: Met::default(),
            empty: 0,
            turned: 0,
            rows: 0,
            linked: false,
        };
        pages.fetch(pages.offset(0));
        pages
    }

    /// Waits for the first page, so that whatever the service has against the query is known; [`Pages::next`] gives it.
    pub async fn begin(&mut self) -> Result<(), Error> {
        self.begun = self.next().await?;
        Ok(())
    }

    /// Gives the next page, and sends for the one after it; `None` after the last.
    pub async fn next(&mut self) -> Result<Option<Page>, Error> {
        if let Some(page) = self.begun.take() {
            return Ok(Some(page));
        }
        let mut page = loop {
            let Some(page) = self.ahead.join_next().await else {
                return Ok(None);
            };
            match page.map_err(Error::Task)? {
                Err(Error::Service(why)) if why.is_too_large() && self.halve() => {}
                page => break page?,
            }
        };
        self.rows += page.rows.len() as u64;
        self.turned += 1;
        self.empty = if page.rows.is_empty() {
            self.empty + 1
        } else {
            0
        };
        let came = page.rows.len();
        let is_new = self.met.note(&mut page, &self.columns);
        if self.turned > limits::SOURCE_PAGES || (came > 0 && !is_new) {
            return Err(self.endless());
        }
        if let Some(next) = self.after(&page, came)? {
            self.fetch(next);
        }
        Ok(Some(page))
    }

    /// Asks for half as many rows, where the service takes too long over a page. Where links lead on, all begins anew: a
    /// link is for pages of one size. Tells whether there are any smaller ones.
    fn halve(&mut self) -> bool {
        let (Paging::Links(size) | Paging::Offset(size)) = &mut self.paging;
        if *size <= SMALLEST {
            return false;
        }
        *size = (*size / 2).max(SMALLEST);
        tracing::info!(
            what = what(&self.first),
            size,
            "smaller pages are asked for"
        );
        if matches!(self.paging, Paging::Links(_)) || self.linked {
            (self.rows, self.turned, self.linked) = (0, 0, false);
            self.at = self.first.clone();
            self.links.clear();
            self.met.begin_anew();
        }
        self.fetch(self.offset(self.rows));
        true
    }

    /// Tells whether a row came twice, so that others may have come not at all: the rows moved while they were read.
    pub fn shifted(&self) -> bool {
        self.met.twice || !self.met.given.is_subset(&self.met.rows)
    }

    fn after(&mut self, page: &Page, came: usize) -> Result<Option<Url>, Error> {
        if let Some(link) = &page.next {
            self.linked = true;
            return self.follow(link).map(Some);
        }
        match self.paging {
            Paging::Links(_) => Ok(None),
            Paging::Offset(_) if self.linked => Ok(None),
            // Only an empty page is the end: a short one may be the service's own limit, and what a count counts is not
            // documented.
            Paging::Offset(_) => Ok((came > 0).then(|| self.offset(self.rows))),
        }
    }

    /// Finds out where a link leads. It is followed to where we came from only: anyone else would be handed our token.
    fn follow(&self, link: &str) -> Result<Url, Error> {
        let astray = || ServiceError::LinkAstray {
            what: what(&self.first),
            link: link.chars().take(200).collect(),
        };
        let url = self.at.join(link).map_err(|_unreadable| astray())?;
        if url.origin() != self.first.origin() {
            return Err(astray().into());
        }
        if self.links.contains(url.as_str()) || url == self.at || self.empty > MOST_EMPTY {
            return Err(self.endless());
        }
        Ok(url)
    }

    fn endless(&self) -> Error {
        let what = what(&self.first);
        ServiceError::Endless { what }.into()
    }

    fn offset(&self, skip: u64) -> Url {
        let mut url = self.first.clone();
        if let Paging::Offset(top) = self.paging {
            let before = url
                .query()
                .map_or(String::new(), |query| format!("{query}&"));
            url.set_query(Some(&format!("{before}$top={top}&$skip={skip}")));
        }
        url
    }

    fn fetch(&mut self, url: Url) {
        let most = match self.paging {
            Paging::Links(most) => Some(most),
            Paging::Offset(_) => None,
        };
        let (Paging::Links(size) | Paging::Offset(size)) = self.paging;
        let smaller = size > SMALLEST;
        let (odata, columns) = (Arc::clone(&self.odata), Arc::clone(&self.columns));
        self.links.insert(self.at.to_string());
        self.at = url.clone();
        self.ahead
            .spawn(async move { odata.page(&url, most, smaller, &columns).await });
    }
}

impl Met {
    /// Notes the rows of a page, and takes out those that were given out before; tells whether any is new to this reading.
    fn note(&mut self, page: &mut Page, columns: &Columns) -> bool {
        let mut any_new = false;
        page.rows.retain(|row| {
            let (text, tells) = columns.key(row);
            let key = self.keys.of(text);
            let is_new = if self.rows.len() < MOST_KEPT {
                self.rows.insert(key)
            } else {
                !self.rows.contains(&key)
            };
            any_new |= is_new;
            self.twice |= tells && !is_new;
            !self.given.contains(&key)
        });
        any_new
    }

    fn begin_anew(&mut self) {
        self.given.extend(self.rows.drain());
        self.twice = false;
    }
}
