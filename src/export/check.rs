//! What a run would do: the same reading and comparing, no write.

use std::collections::{BTreeMap, HashMap};
use std::time::{Duration, Instant};

use tokio::sync::mpsc;
use tokio::task::JoinError;

use super::diff;
use super::forecast::{Measured, Untagging};
use super::prepare::{Planning, Prepared, forward, lost, prepare};
use super::report::{known_rejects, unfinished};
use super::run::has_delivered;
use super::{
    Addresses, AudienceView, CountDiffers, Counters, Diff, Error, Event, Forecast, Gap, Guard,
    Lost, Order, Planned, Progress,
};
use crate::deliver::{Error as DeliverError, Mailchimp, Notice, Removal, Stop, addresses};
use crate::domain::{
    AddressPart, Destination, DestinationName, MergeTag, NewStatus, PersonKey, Reason, Target,
    looks_like_consent,
};
use crate::source::{ExportView, Source};
use crate::store::{
    Destinations, Error as StoreError, Home, Ledger, Plan, PlanCounts, RunFolder, RunId,
};

/// More segments than anybody has use for as tags; they cannot be taken away again in one go.
pub const MANY_SEGMENTS: usize = 60;

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
    /// Ids whose rows have different addresses, so that the id column looks wrong.
    IdsApart(u64),
    /// Values that look like none (`NULL`, `N/A`, `1.2E+14`), by attribute and value.
    OddValues(BTreeMap<String, u64>),
    /// Values did not fit an optional merge field and are left out, by field.
    ValuesLeftOut(BTreeMap<String, u64>),
    /// Values of the consent attribute are neither a known yes nor a known no.
    ConsentNotUnderstood(BTreeMap<String, u64>),
    /// The source counts these segments otherwise than they were read, by label.
    CountsDiffer(BTreeMap<String, CountDiffers>),
    /// Letters of values were broken, by attribute; U+FFFD stands for them.
    LettersReplaced(BTreeMap<String, u64>),
    /// So many rows have other values than the profile's row in the first of its segments.
    SegmentsDiffer(u64),
    /// The source cannot be read at one moment, so that its segments may be of several.
    OfMoments,
    /// Choices have no label and are left empty, by attribute.
    ChoicesUnknown(BTreeMap<String, u64>),
    /// What was read of the audience is not what the service counts.
    AudienceCountsDiffer(Gap),
    /// A newer export of a table is not complete, so that an older one is read.
    OlderExport(ExportView),
    /// The model of the source tells of these, and nothing is made of them.
    Unread(Vec<String>),
    /// The long numbers in these columns were rounded by a spreadsheet.
    Rounded(Vec<String>),
    /// The source is being refreshed, so that segments may be about to change.
    Refreshing,
    /// The source has no profile in these segments, named by their labels.
    EmptySegments(Vec<String>),
    /// Some of what Segue wrote down itself is not to be had any more.
    Lost(Lost),
    /// This run ended early and is not settled, which a check leaves to the next run.
    Unsettled(RunId),
    /// The source does not list these segments, named by their labels; their tags are left as they are.
    GoneSegments(Vec<String>),
    /// The attribute mapped to the e-mail address holds hardly any.
    FewAddresses {
        /// The attribute.
        attribute: String,
        /// What it holds.
        found: Addresses,
    },
    /// Parts of an address field are filled by nothing.
    PartialAddress {
        /// The merge field.
        tag: MergeTag,
        /// The parts.
        lacking: Vec<AddressPart>,
    },
    /// Very many segments, each of which becomes a tag.
    ManySegments {
        /// How many.
        count: usize,
        /// The column whose values they are, where they are that.
        column: Option<String>,
    },
    /// These classic automations are running, and new contacts would enter them.
    Automations(Vec<String>),
    /// Whether customer journeys, their successors, would begin for new contacts is told by no call.
    JourneysUnseen,
    /// Another destination maps a merge field of the same audience from another attribute: each run overwrites the other's.
    SharedField(SharedField),
    /// A guard would refuse the run.
    WouldBeRefused(Guard),
}

/// A merge field that another destination fills too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SharedField {
    /// The merge field.
    pub tag: MergeTag,
    /// The other destination.
    pub other: DestinationName,
    /// The attribute that it maps.
    pub attribute: String,
}

/// What a check found.
#[derive(Debug, Clone)]
pub struct Checked {
    /// Whose run it is of.
    pub name: DestinationName,
    /// The sums, as a run would report them; `calls` and the like are those of the check.
    pub would: Counters,
    /// What to know before a run.
    pub warnings: Vec<Warning>,
    /// The exit code that a run would end with.
    pub exit: u8,
    /// How many calls a run would make, and how long it would take.
    pub run: Forecast,
    /// What would become of every contact, where that was asked for.
    pub diff: Option<Diff>,
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
    let folder = source.folder();
    let unread = folder.map(|view| view.unread.clone());
    warnings.extend(unread.filter(|all| !all.is_empty()).map(Warning::Unread));
    let rounded = folder.map(|view| view.rounded.clone());
    warnings.extend(rounded.filter(|all| !all.is_empty()).map(Warning::Rounded));
    if used.is_none() {
        let names = source.attributes().iter().map(|attribute| &attribute.name);
        let unused = names.filter(|name| looks_like_consent(name) && !dismissed(name));
        warnings.extend(unused.cloned().map(Warning::ConsentUnused));
    }
    let partial = destination.map.partial_addresses().into_iter();
    warnings.extend(partial.map(|(tag, lacking)| Warning::PartialAddress { tag, lacking }));
    if destination.segments.len() > MANY_SEGMENTS {
        warnings.push(Warning::ManySegments {
            count: destination.segments.len(),
            column: destination.folder.segment_by.clone(),
        });
    }
    if view.audience.marketing_permissions {
        warnings.push(Warning::MarketingPermissions);
    }
    if view.audience.double_optin && destination.status_if_new == NewStatus::Subscribed {
        warnings.push(Warning::DoubleOptin);
    }
    warnings
}

/// Finds merge fields that another destination to the same audience fills from another attribute.
///
/// # Errors
/// Fails when the destinations cannot be read.
pub fn shared_fields(home: &Home, destination: &Destination) -> Result<Vec<Warning>, StoreError> {
    let mut shared = Vec::new();
    for other in Destinations::of(home).list()? {
        if other.id() == destination.id() || other.audience != destination.audience {
            continue;
        }
        for (target, attribute) in other.map.iter() {
            let Target::Field(tag) = target else { continue };
            let ours = destination.map.get(target);
            if ours.is_some_and(|ours| ours != attribute) {
                shared.push(Warning::SharedField(SharedField {
                    tag: tag.clone(),
                    other: other.name.clone(),
                    attribute: attribute.to_owned(),
                }));
            }
        }
    }
    Ok(shared)
}

/// What preparing a run told, and what it took.
struct Told {
    planning: Planning,
    entered: Vec<Warning>,
    /// The addresses of people who left, as far as somebody wants to see them and the audience tells.
    left: HashMap<PersonKey, String>,
    progress: Progress,
    measured: Measured,
}

/// Finds out what a run would do; writes nothing to source or audience.
///
/// # Errors
/// As a run, but a guard that would refuse is only a warning.
pub async fn check(mut order: Order, stop: Stop) -> Result<Checked, Error> {
    let start = Instant::now();
    let folder = order.scratch()?;
    order.options.guards = false;
    // On the heap, as all that a run keeps over its waiting stands in it.
    let told = match Box::pin(told(&order, &folder, start, &stop)).await {
        Ok(told) => told,
        Err(why) => {
            folder.remove()?;
            return Err(why);
        }
    };
    let Told {
        planning,
        entered,
        left,
        progress,
        measured,
    } = told;
    let planned = planning.sum_up(&order.destination);
    let Planning {
        plan,
        view,
        source,
        guard,
        leavers,
        delivered,
        ..
    } = planning;
    let counts = plan.counts();
    let exit = exit(&order, &plan, guard.as_ref());
    let untagging = untagging(&leavers.removals);
    let losing = diff::Losing::of(&leavers, left);
    let diff = diff::keep(&order, plan, folder, losing, delivered).await;
    if stop.gently.is_cancelled() {
        return Err(Error::Deliver(DeliverError::Stopped));
    }
    let planned = planned?;
    let found = found(&planned);
    let would = sums(&counts, planned, &progress.counters, start.elapsed());
    let mut warnings = warnings(&order.destination, &source, &view);
    if source.refresh().await?.running {
        warnings.push(Warning::Refreshing);
    }
    warnings.extend(shared_fields(&order.home, &order.destination)?);
    let unsettled = unfinished(&order.home, &order.destination.audience)?.into_iter();
    warnings.extend(unsettled.map(|run| Warning::Unsettled(run.id)));
    let more = progress.gap.map(Warning::AudienceCountsDiffer).into_iter();
    let more = more.chain(would.warnings());
    warnings.extend(more.chain(few_addresses(&order.destination, &counts)));
    warnings.extend(found.into_iter().chain(entered));
    warnings.extend(guard.map(Warning::WouldBeRefused));
    Ok(Checked {
        name: order.destination.name.clone(),
        would,
        warnings,
        exit: exit?,
        run: Forecast::new(&counts, &untagging, &measured, order.options.max_in_flight),
        diff: diff?,
    })
}

/// Prepares a run, and measures what that takes.
async fn told(
    order: &Order,
    folder: &RunFolder,
    start: Instant,
    stop: &Stop,
) -> Result<Told, Error> {
    let (events, mut happened) = mpsc::channel::<Event>(256);
    let folding = tokio::spawn(async move {
        let (mut progress, mut measured) = (Progress::default(), Measured::default());
        while let Some(event) = happened.recv().await {
            measured.take(&event, Instant::now());
            progress.apply(&event, start.elapsed());
        }
        (progress, measured)
    });
    let prepared = async {
        let ledger = Ledger::open_or_begin_anew(&order.home, &order.destination.audience)?;
        if ledger.is_new() && has_delivered(order)? {
            lost(Lost::Ledger, &events).await;
        }
        let mut prepared = prepare(order, folder, &events, stop).await?;
        let entered = automations(order, &mut prepared, &events, stop).await;
        let left = left(order, &mut prepared, &events, stop).await?;
        Ok::<_, Error>((prepared.planning, entered, left))
    };
    let prepared = prepared.await;
    drop(events);
    let broken = |why: JoinError| Error::Broken(why.to_string());
    let (progress, mut measured) = folding.await.map_err(broken)?;
    measured.took = start.elapsed();
    let (planning, entered, left) = prepared?;
    Ok(Told {
        planning,
        entered,
        left,
        progress,
        measured,
    })
}

/// Finds the automations that new contacts would enter; asked for only where there would be some who can get mail.
async fn automations(
    order: &Order,
    prepared: &mut Prepared,
    events: &mpsc::Sender<Event>,
    stop: &Stop,
) -> Vec<Warning> {
    let status = order.destination.status_if_new;
    let mailed = matches!(status, NewStatus::Subscribed | NewStatus::Pending);
    let is_new = mailed && prepared.planning.plan.counts().create > 0;
    let Some(lane) = prepared.lanes.first().filter(|_| is_new) else {
        return Vec::new();
    };
    let mailchimp = Mailchimp::over(lane.clone());
    let listing = mailchimp.automations(&order.destination.audience);
    let listed = telling(listing, &mut prepared.notices, events, stop).await;
    let listed = listed.unwrap_or_else(|why| {
        // Not every plan of Mailchimp has them; a check is worth as much without.
        tracing::warn!(error = ?why, "automations could not be listed");
        Vec::new()
    });
    let entered = listed
        .into_iter()
        .filter(|one| one.sending && one.is_entered_by_new_contacts());
    let titles: Vec<String> = entered.map(|one| one.title).collect();
    let told = (!titles.is_empty()).then_some(Warning::Automations(titles));
    told.into_iter().chain([Warning::JourneysUnseen]).collect()
}

/// Finds the addresses of people who are not in the source any more; what is remembered of them has none.
async fn left(
    order: &Order,
    prepared: &mut Prepared,
    events: &mpsc::Sender<Event>,
    stop: &Stop,
) -> Result<HashMap<PersonKey, String>, Error> {
    if !order.options.diff {
        return Ok(HashMap::new());
    }
    let removals = &prepared.planning.leavers.removals;
    let finding = addresses(&order.destination.audience, removals, &prepared.lanes);
    Ok(telling(finding, &mut prepared.notices, events, stop).await?)
}

/// Waits for a call, and passes on what it tells meanwhile.
async fn telling<T>(
    calling: impl Future<Output = T>,
    notices: &mut mpsc::Receiver<Notice>,
    events: &mpsc::Sender<Event>,
    stop: &Stop,
) -> T {
    let called = {
        tokio::pin!(calling);
        loop {
            tokio::select! {
                called = &mut calling => break called,
                Some(notice) = notices.recv() => forward(notice, events, stop).await,
            }
        }
    };
    while let Ok(notice) = notices.try_recv() {
        forward(notice, events, stop).await;
    }
    called
}

/// Counts, for each tag that people lose, those people, and of how many the address has to be asked for.
fn untagging(removals: &[Removal]) -> Vec<Untagging> {
    let each = removals.iter().map(|removal| {
        let people = removal.people.iter();
        Untagging {
            people: removal.people.len() as u64,
            unknown: people.filter(|one| one.address.is_none()).count() as u64,
        }
    });
    each.collect()
}

/// Lists what reading the whole source showed of its values.
fn found(planned: &Planned) -> Vec<Warning> {
    let (apart, odd) = (planned.found.apart, &planned.found.odd);
    let apart = Some(apart).filter(|apart| *apart > 0);
    let odd = Some(odd).filter(|odd| !odd.is_empty()).cloned();
    let apart = apart.map(Warning::IdsApart).into_iter();
    apart.chain(odd.map(Warning::OddValues)).collect()
}

/// Works out how a run would end: refused by the guard, or with rejects that the last report did not have.
fn exit(order: &Order, plan: &Plan, guard: Option<&Guard>) -> Result<u8, Error> {
    if let Some(guard) = guard {
        return Ok(Error::Refused(guard.clone()).exit());
    }
    let before = known_rejects(&order.home, &order.destination.id())?;
    let mut new = false;
    plan.each_reject(|reject| {
        new |= !before.had(&reject);
        Ok(())
    })?;
    Ok(if new { 3 } else { 0 })
}

/// Finds out, over the whole source, whether the e-mail column is one.
fn few_addresses(destination: &Destination, counts: &PlanCounts) -> Option<Warning> {
    let count = |reason| counts.reasons.get(&reason).copied().unwrap_or(0);
    let invalid = count(Reason::InvalidEmail);
    let values = counts.profiles.saturating_sub(count(Reason::NoEmail));
    let found = Addresses {
        values,
        addresses: values.saturating_sub(invalid),
    };
    let attribute = destination.map.get(&Target::Email)?.to_owned();
    let few = found.are_few() || counts.profiles > 0 && found.addresses == 0;
    few.then_some(Warning::FewAddresses { attribute, found })
}

/// The sums as a run would report them, with the check's own calls.
fn sums(counts: &PlanCounts, planned: Planned, calls: &Counters, took: Duration) -> Counters {
    let (updated, leaving) = (planned.update, planned.leaving);
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
        reinstated: counts.reinstate,
        updated,
        not_mailable: counts.not_mailable + counts.update_not_mailable,
        remaining: 0,
        tags_added: counts.tags,
        tags_removed: leaving,
        losses: calls.losses,
        calls: calls.calls,
        writes: calls.writes,
        retries: calls.retries,
        throttled: calls.throttled,
        duration_ms: u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
        ..would.counters
    }
}
