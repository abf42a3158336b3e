//! Asks sources whether they were refreshed, each in its own time: one that does not answer holds up nobody else.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use tokio::task::JoinSet;

use crate::domain::{Destination, DestinationId, Refresh, Schedule, SourceSpec};
use crate::export::{Error, Surroundings};
use crate::source::{Service, refresh};

/// How often a folder is looked at, and a service is asked.
const PACES: [Duration; 2] = [Duration::from_secs(15), Duration::from_mins(1)];
/// After how long a call is given up: nobody reads much here.
const PATIENCE: Duration = Duration::from_secs(20);

/// What came of asking.
pub(super) struct Answer {
    id: DestinationId,
    source: String,
    told: Result<Refresh, Error>,
    service: Option<Service>,
}

/// Who asks.
#[derive(Default)]
pub(super) struct Probe {
    /// How services are called whose sign-in is still good: asking anew each minute would be a sign-in each minute.
    services: HashMap<String, Service>,
    asked: HashMap<DestinationId, Instant>,
    answers: HashMap<DestinationId, Result<Refresh, Error>>,
    pub asking: JoinSet<Answer>,
}

/// By what sources are told apart, with who reads them.
pub(super) fn source_of(destination: &Destination) -> String {
    let login = destination.source_login.as_ref();
    let login = login.map(ToString::to_string).unwrap_or_default();
    format!("{} {login}", destination.source)
}

impl Probe {
    /// Takes the answer if there is one, else asks, unless that was done lately.
    pub fn ask(
        &mut self,
        destination: &Destination,
        surroundings: &Surroundings,
    ) -> Option<Result<Refresh, Error>> {
        let id = destination.id();
        if let Some(told) = self.answers.remove(&id) {
            return Some(told);
        }
        let last = self.asked.get(&id);
        if last.is_some_and(|last| last.elapsed() < pace(destination)) {
            return None;
        }
        self.asked.insert(id.clone(), Instant::now());
        let source = source_of(destination);
        let known = self.services.get(&source).cloned();
        let destination = destination.clone();
        let surroundings = Surroundings {
            timeout: surroundings.timeout.min(PATIENCE),
            ..surroundings.clone()
        };
        self.asking.spawn(async move {
            let (told, service) = match asked(&surroundings, &destination, known).await {
                Ok((told, service)) => (Ok(told), service),
                Err(why) => (Err(why), None),
            };
            Answer {
                id,
                source,
                told,
                service,
            }
        });
        None
    }

    /// Keeps an answer until it is asked for.
    pub fn take(&mut self, answer: Answer) {
        match answer.service {
            Some(service) => self.services.insert(answer.source, service),
            None => self.services.remove(&answer.source),
        };
        self.answers.insert(answer.id, answer.told);
    }

    /// How long until one of these may be asked again.
    pub fn next<'a>(&self, due: impl Iterator<Item = &'a Destination>) -> Option<Duration> {
        let left = due.map(|destination| {
            let asked = self.asked.get(&destination.id());
            asked.map_or(Duration::ZERO, |asked| {
                pace(destination).saturating_sub(asked.elapsed())
            })
        });
        left.min()
    }
}

async fn asked(
    surroundings: &Surroundings,
    destination: &Destination,
    known: Option<Service>,
) -> Result<(Refresh, Option<Service>), Error> {
    let (spec, login) = (&destination.source, destination.source_login.as_ref());
    let service = match known {
        Some(service) => Some(service),
        None => surroundings.source_service(spec, login).await?,
    };
    let told = refresh(spec, service.clone()).await?;
    Ok((told, service))
}

fn pace(destination: &Destination) -> Duration {
    let [folder, service] = PACES;
    let usual = match destination.source {
        SourceSpec::Folder(_) => folder,
        SourceSpec::Dataverse(_) | SourceSpec::Insights(_) => service,
    };
    match destination.schedule {
        Schedule::OnRefresh {
            quiet_seconds: Some(quiet),
        } => {
            let half = Duration::from_secs(u64::from(quiet) / 2);
            half.clamp(Duration::from_secs(1), usual)
        }
        Schedule::Off
        | Schedule::Daily { .. }
        | Schedule::Weekly { .. }
        | Schedule::OnRefresh {
            quiet_seconds: None,
        } => usual,
    }
}
