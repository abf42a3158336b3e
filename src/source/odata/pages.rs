//! One page after the other, and the next one on its way while the last is worked on.

use std::collections::HashSet;
use std::sync::Arc;

use tokio::task::JoinSet;
use url::Url;

use super::super::Error;
use super::super::keys::{AsIs, Key, Keys};
use super::page::Page;
use super::{Columns, Odata, ServiceError, what};

/// How many pages without a row may follow each other before a service counts as going in circles. Filters that meet
/// rarely do leave pages empty.
const MOST_EMPTY: usize = 100;

/// How many pages a list may have: ten million rows at a hundred a page, far more than anyone has profiles.
const MOST_PAGES: usize = 100_000;

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
    pages: usize,
    rows: u64,
    /// Whether the last page was found by a link: then the page without one is the last.
    linked: bool,
}

/// The rows that came so far.
#[derive(Debug, Default)]
struct Met {
    keys: Keys,
    rows: HashSet<Key, AsIs>,
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
            pages: 0,
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
        let Some(page) = self.ahead.join_next().await else {
            return Ok(None);
        };
        let page = page.map_err(Error::Task)??;
        self.rows += page.rows.len() as u64;
        self.pages += 1;
        self.empty = if page.rows.is_empty() {
            self.empty + 1
        } else {
            0
        };
        let is_new = self.met.note(&page, &self.columns);
        if self.pages > MOST_PAGES || !(page.rows.is_empty() || is_new) {
            return Err(self.endless());
        }
        if let Some(next) = self.after(&page)? {
            self.fetch(next);
        }
        Ok(Some(page))
    }

    /// Tells whether a row came twice, so that others may have come not at all: the rows moved while they were read.
    pub fn shifted(&self) -> bool {
        self.met.twice
    }

    fn after(&mut self, page: &Page) -> Result<Option<Url>, Error> {
        if let Some(link) = &page.next {
            self.linked = true;
            return self.follow(link).map(Some);
        }
        match self.paging {
            Paging::Links(_) => Ok(None),
            Paging::Offset(_) if self.linked => Ok(None),
            // Only an empty page is the end: a short one may be the service's own limit, and what a count counts is not
            // documented.
            Paging::Offset(_) => Ok((!page.rows.is_empty()).then(|| self.offset(self.rows))),
        }
    }

    /// Takes every value of the first `count` columns, page after page.
    pub async fn each_value(
        mut self,
        count: usize,
        mut take: impl FnMut(usize, &str),
    ) -> Result<(), Error> {
        while let Some(page) = self.next().await? {
            for cells in &page.rows {
                for (at, value) in cells.iter().take(count).enumerate() {
                    take(at, value);
                }
            }
        }
        Ok(())
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
        let (odata, columns) = (Arc::clone(&self.odata), Arc::clone(&self.columns));
        self.links.insert(self.at.to_string());
        self.at = url.clone();
        self.ahead
            .spawn(async move { odata.page(&url, most, &columns).await });
    }
}

impl Met {
    /// Notes the rows of a page; tells whether any of them is new.
    fn note(&mut self, page: &Page, columns: &Columns) -> bool {
        let mut any_new = false;
        for row in &page.rows {
            let (key, tells) = columns.key(row);
            let is_new = self.rows.insert(self.keys.of(key));
            any_new |= is_new;
            self.twice |= tells && !is_new;
        }
        any_new
    }
}
