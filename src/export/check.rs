//! What a run would do: the same reading and comparing, no write.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use tokio::sync::mpsc;

use super::prepare::{Planning, prepare};
use super::{AudienceView, Counters, Error, Event, Guard, Options, Order, Planned, Progress};
use crate::deliver::{Error as DeliverError, Stop};
use crate::domain::{Destination, looks_like_consent};
use crate::source::{ExportView, Source};
use crate::store::PlanCounts;

/// Something a person should know before a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Warning {
    /// This attribute looks like consent and is neither used nor dismissed.
    ConsentUnused(String),
    /// The audience asks for GDPR marketing permissions, which new members made in bulk do not carry.
    MarketingPermissions,
    /// The audience asks people to confirm; `subscribed` skips that.
    DoubleOptin,
    /// Rows were dropped because their id stood in the same file before.
    RepeatedIds {
        /// How many.
        count: u64,
        /// Some of them.
        examples: Vec<String>,
    },
    /// Values did not fit an optional merge field and are left out, by field.
    ValuesLeftOut(BTreeMap<String, u64>),
    /// Values of the consent attribute are neither a known yes nor a known no.
    ConsentNotUnderstood(BTreeMap<String, u64>),
    /// A newer export of a table is not complete, so that an older one is read.
    OlderExport(ExportView),
    /// The source is being refreshed, so that segments may be about to change.
    Refreshing,
    /// The source has no profile in these segments, named by their labels.
    EmptySegments(Vec<String>),
    /// A guard would refuse the run.
    WouldBeRefused(Guard),
}

/// What a check found.
#[derive(Debug, Clone)]
pub struct Checked {
    /// The sums, as a run would report them; `calls` and the like are those of the check.
    pub would: Counters,
    /// What to know before a run.
    pub warnings: Vec<Warning>,
}

/// Finds what to warn about before anything is read through.
#[must_use]
pub fn warnings(destination: &Destination, source: &Source, view: &AudienceView) -> Vec<Warning> {
    let used = destination.consent_attribute.as_ref();
    let dismissed = |name: &String| {
        destination
            .consent_dismissed
            .iter()
            .any(|other| other == name)
    };
    let mut warnings: Vec<Warning> = Vec::new();
    let exports = source.folder().into_iter().flat_map(|view| &view.exports);
    let older = exports.filter(|export| export.incomplete.is_some());
    warnings.extend(older.cloned().map(Warning::OlderExport));
    if used.is_none() {
        let names = source.attributes().iter().map(|attribute| &attribute.name);
        let unused = names.filter(|name| looks_like_consent(name) && !dismissed(name));
        warnings.extend(unused.cloned().map(Warning::ConsentUnused));
    }
    if view.audience.marketing_permissions {
        warnings.push(Warning::MarketingPermissions);
    }
    if view.audience.double_optin
        && destination.status_if_new == crate::domain::NewStatus::Subscribed
    {
        warnings.push(Warning::DoubleOptin);
    }
    warnings
}

/// Finds out what a run would do; writes nothing to source or audience.
///
/// # Errors
/// As a run, but a guard that would refuse is only a warning.
pub async fn check(order: Order, stop: Stop) -> Result<Checked, Error> {
    let start = Instant::now();
    let folder = order.scratch();
    let (events, mut happened) = mpsc::channel::<Event>(256);
    let folding = tokio::spawn(async move {
        let mut progress = Progress::default();
        while let Some(event) = happened.recv().await {
            progress.apply(&event, start.elapsed());
        }
        progress
    });
    let options = Options {
        guards: false,
        ..order.options.clone()
    };
    let order = Order { options, ..order };
    let prepared = prepare(&order, folder.plan(), &events, &stop).await;
    drop(events);
    let progress = folding
        .await
        .map_err(|why| Error::Broken(why.to_string()))?;
    let planning = match prepared {
        Ok(prepared) => prepared.planning,
        Err(why) => {
            folder.remove()?;
            return Err(why);
        }
    };
    let planned = planning.sum_up(&order.destination);
    let Planning {
        plan,
        view,
        source,
        guard,
        ..
    } = planning;
    let counts = plan.counts()?;
    drop(plan);
    folder.remove()?;
    if stop.gently.is_cancelled() {
        return Err(Error::Deliver(DeliverError::Stopped));
    }
    let would = sums(&counts, planned?, &progress.counters, start.elapsed());
    let mut warnings = warnings(&order.destination, &source, &view);
    if source.refresh().await?.running {
        warnings.push(Warning::Refreshing);
    }
    warnings.extend(would.warnings());
    warnings.extend(guard.map(Warning::WouldBeRefused));
    Ok(Checked { would, warnings })
}

/// The sums as a run would report them, with the check's own calls.
fn sums(counts: &PlanCounts, planned: Planned, calls: &Counters, took: Duration) -> Counters {
    let pending: Vec<_> = planned
        .segments
        .iter()
        .map(|one| (one.label.clone(), one.pending))
        .collect();
    let mut would = Progress::default();
    would.apply(&Event::Planned(Box::new(planned)), took);
    for (label, pending) in pending {
        would.counters.segments.entry(label).or_default().members += pending;
    }
    Counters {
        created: counts.create,
        updated: counts.update,
        remaining: 0,
        tags_added: counts.tags,
        calls: calls.calls,
        writes: calls.writes,
        retries: calls.retries,
        throttled: calls.throttled,
        duration_ms: u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
        ..would.counters
    }
}
