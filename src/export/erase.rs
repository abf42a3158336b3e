//! Erases one person who asked for it: from the audience, from all files of Segue, and from all runs to come.

use tokio::sync::watch;
use tokio::task::spawn_blocking;

use super::run::locks;
use super::settle::settle_earlier;
use super::{Error, Order, Progress, StopHandle};
use crate::deliver::Mailchimp;
use crate::domain::{DestinationId, DestinationName, Email};
use crate::store::{Destinations, Erased, Home, Leaver, RunId, Runs};

/// By what a run is settled that an erasure found unfinished.
const BY: &str = "erase";

/// What came of erasing somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Erasure {
    /// Whether the audience held the person.
    pub was_there: bool,
    /// The destinations to other audiences: these may hold the person too.
    pub elsewhere: Vec<DestinationName>,
}

/// Erases a person: first nobody sends them any more, then the audience deletes them for good, then they go from all files.
/// Cut short at any point, it is done by doing it again.
///
/// # Errors
/// Fails when a run goes on in this home, a call fails, or a file cannot be read or rewritten.
pub async fn erase(order: &Order, email: &Email) -> Result<Erasure, Error> {
    let stop = StopHandle::default();
    // Nobody watches: with its other end gone, what would be told is dropped.
    let (progress, _) = watch::channel(Progress::default());
    let _ours = locks(order, &progress, &stop).await?;
    let (lanes, _) = order.lanes(&stop.stop)?;
    if let Some(by) = RunId::parse(BY) {
        settle_earlier(order, &by, &lanes).await?;
    }
    let (home, audience) = (order.home.clone(), order.destination.audience.clone());
    let person = email.clone();
    let leaver = blocking(move || {
        Erased::begin(&home, person.key())?;
        // Whoever begins from here on leaves the person out.
        nobody_runs(&home)?;
        let mut leaver = Leaver::of(&person);
        leaver.learn(&home, &audience)?;
        Ok(leaver)
    })
    .await?;
    let lane = lanes.into_iter().next();
    let lane = lane.ok_or_else(|| Error::Broken("no lane to call in".to_owned()))?;
    let mailchimp = Mailchimp::over(lane);
    let mut was_there = false;
    for id in leaver.ids() {
        was_there |= mailchimp
            .delete_for_good(&order.destination.audience, id)
            .await?;
    }
    let (home, person) = (order.home.clone(), email.clone());
    blocking(move || {
        leaver.erase(&home)?;
        Ok(Erased::finish(&home, person.key())?)
    })
    .await?;
    let others = Destinations::of(&order.home).list()?.into_iter();
    let others = others.filter(|other| other.audience != order.destination.audience);
    Ok(Erasure {
        was_there,
        elsewhere: others.map(|other| other.name).collect(),
    })
}

/// What a run has read, it may still write down.
fn nobody_runs(home: &Home) -> Result<(), Error> {
    for run in Runs::of(home).list()? {
        if run.goes_on(home)? {
            let of = run.destination();
            let named = |of: DestinationId| Destinations::of(home).names().of(of.as_str());
            let holder = of.map_or_else(|| run.id.to_string(), named);
            return Err(Error::Busy { holder });
        }
    }
    Ok(())
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    let done = spawn_blocking(work).await;
    done.map_err(|why| Error::Broken(why.to_string()))?
}
