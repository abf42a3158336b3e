//! Keeps people out who are archived while a run goes on: a create call would subscribe them anew (rule 1).

use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use tokio::time::Instant;

use super::batch::{Item, Outcome};
use super::wire::Times;
use super::{Error, Listing, Mailchimp, Which};
use crate::domain::{AudienceId, Fate};

/// How often the archived contacts are read while people are created.
const PAUSE: Duration = Duration::from_mins(1);

/// Who was archived since the run began, as far as it is known by now.
#[derive(Debug)]
pub(super) struct Watch {
    audience: AudienceId,
    /// When the run began, by the service's clock.
    began: Timestamp,
    /// From when on changes are asked for.
    since: String,
    begun: AtomicBool,
    last: tokio::sync::Mutex<Option<Instant>>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    archived: HashSet<String>,
    /// Who was created while the archived contacts were being read; `None` while they are not.
    created: Option<Vec<Item>>,
}

impl Watch {
    pub fn new(audience: AudienceId, began: Timestamp, since: String) -> Self {
        Self {
            audience,
            began,
            since,
            begun: AtomicBool::new(false),
            last: tokio::sync::Mutex::new(None),
            state: Mutex::default(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads who was archived, before the first create call and every minute after it. Gives those whom a create call
    /// took in while they were read: they have to be archived again.
    pub async fn look(&self, mailchimp: &Mailchimp) -> Result<Vec<Item>, Error> {
        // No create call goes out before the first reading; later ones need not hold up the other lanes.
        let mut last = if self.begun.load(Ordering::Acquire) {
            match self.last.try_lock() {
                Ok(last) => last,
                Err(_being_read) => return Ok(Vec::new()),
            }
        } else {
            self.last.lock().await
        };
        if last.is_some_and(|at| at.elapsed() < PAUSE) {
            return Ok(Vec::new());
        }
        self.state().created = Some(Vec::new());
        let read = self.read(mailchimp).await;
        let mut state = self.state();
        let created = state.created.take().unwrap_or_default();
        state.archived.extend(read?);
        *last = Some(Instant::now());
        self.begun.store(true, Ordering::Release);
        Ok(created
            .into_iter()
            .filter(|item| state.archived.contains(&item.member.key))
            .collect())
    }

    async fn read(&self, mailchimp: &Mailchimp) -> Result<Vec<String>, Error> {
        let which = Which {
            archived: true,
            since: Some(self.since.clone()),
            ..Which::default()
        };
        let listing = Listing::new(self.audience.clone(), which);
        let mut archived = Vec::new();
        while let Some(page) = listing.next(mailchimp).await? {
            archived.extend(page.into_iter().map(|contact| contact.key));
        }
        Ok(archived)
    }

    /// Parts those who were archived meanwhile from those who may be created.
    pub fn part(&self, items: Vec<Item>) -> (Vec<Item>, Vec<Item>) {
        let state = self.state();
        items
            .into_iter()
            .partition(|item| state.archived.contains(&item.member.key))
    }

    /// Tells whether somebody whom a create call made was there before: found archived meanwhile, or by the service's
    /// own times (when the contact signed up, or agreed).
    pub fn was_there(&self, item: &Item, times: &Times) -> bool {
        times.before(self.began) || self.state().archived.contains(&item.member.key)
    }

    /// Takes note of a create call's outcome.
    pub fn landed(&self, outcomes: &[Outcome]) {
        if let Some(noted) = &mut self.state().created {
            let created = outcomes
                .iter()
                .filter(|one| matches!(one.fate, Fate::Created { .. }));
            noted.extend(created.map(|one| one.item.clone()));
        }
    }
}
