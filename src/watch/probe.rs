//! Asks sources whether they were refreshed, each in its own time: one that does not answer holds up nobody else.

use std::collections::HashMap;
use std::io::{Error as IoError, ErrorKind};
use std::time::{Duration, Instant};

use tokio::task::{JoinError, JoinSet};
use tokio::time::{Instant as Moment, timeout, timeout_at};

use crate::domain::{Destination, DestinationId, Refresh, Schedule, SourceSpec};
use crate::export::{Error, Surroundings};
use crate::source::{Error as SourceError, Reach, refresh};

/// How often a folder is looked at, Customer Insights or an engine is asked, and Dataverse, which has to be quiet for long anyway.
const PACES: [Duration; 3] = [
    Duration::from_secs(30),
    Duration::from_mins(1),
    Duration::from_mins(5),
];
/// After how long a call is given up: nobody reads much here.
const PATIENCE: Duration = Duration::from_secs(20);
/// After how long an answer is given up: a folder on a server that is gone gives none.
const SILENCE: Duration = Duration::from_mins(2);

/// What came of asking.
pub(super) struct Answer {
    id: DestinationId,
    source: String,
    told: Result<Refresh, Error>,
    service: Option<Reach>,
}

/// Who asks.
#[derive(Default)]
pub(super) struct Probe {
    /// How services are called whose sign-in is still good: asking anew each minute would be a sign-in each minute.
    services: HashMap<String, Reach>,
    asked: HashMap<DestinationId, Asked>,
    answers: HashMap<DestinationId, Result<Refresh, Error>>,
    pub asking: JoinSet<Answer>,
}

/// When and what was asked last.
struct Asked {
    at: Instant,
    source: String,
    answered: bool,
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
        if last.is_some_and(|last| !last.answered || last.at.elapsed() < pace(destination)) {
            return None;
        }
        let source = source_of(destination);
        let asked_now = Asked {
            at: Instant::now(),
            source: source.clone(),
            answered: false,
        };
        self.asked.insert(id.clone(), asked_now);
        let known = self.services.get(&source).cloned();
        let destination = destination.clone();
        let surroundings = Surroundings {
            timeout: surroundings.timeout.min(PATIENCE),
            ..surroundings.clone()
        };
        self.asking.spawn(async move {
            let asking = asked(&surroundings, &destination, known);
            let (told, service) = match timeout(SILENCE, asking).await {
                Ok(Ok((told, service))) => (Ok(told), service),
                Ok(Err(why)) => (Err(why), None),
                Err(_late) => (Err(silent(&destination)), None),
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

    /// Keeps an answer, and those that come soon after it: each look at what there is to do reads the whole home.
    pub async fn take_all(&mut self, first: Result<Answer, JoinError>, soon: Duration) {
        let end = Moment::now() + soon;
        let mut next = Some(first);
        while let Some(answer) = next {
            if let Ok(answer) = answer {
                self.take(answer);
            }
            let more = timeout_at(end, self.asking.join_next()).await;
            next = more.ok().flatten();
        }
    }

    /// Keeps an answer until it is asked for.
    pub fn take(&mut self, answer: Answer) {
        match answer.service {
            Some(service) => self.services.insert(answer.source, service),
            None => self.services.remove(&answer.source),
        };
        if let Some(asked) = self.asked.get_mut(&answer.id) {
            asked.answered = true;
        }
        self.answers.insert(answer.id, answer.told);
    }

    /// Lets all others of a source be asked at once that one has read: their answers were not acted upon meanwhile.
    pub fn is_free(&mut self, source: &str, reader: &DestinationId) {
        self.asked
            .retain(|id, asked| id == reader || !asked.answered || asked.source != source);
    }

    /// How long until one of these may be asked again; an answer that is awaited wakes us.
    pub fn next<'a>(&self, due: impl Iterator<Item = &'a Destination>) -> Option<Duration> {
        let left = due.filter_map(|destination| match self.asked.get(&destination.id()) {
            Some(asked) if !asked.answered => None,
            Some(asked) => Some(pace(destination).saturating_sub(asked.at.elapsed())),
            None => Some(Duration::ZERO),
        });
        left.min()
    }
}

async fn asked(
    surroundings: &Surroundings,
    destination: &Destination,
    known: Option<Reach>,
) -> Result<(Refresh, Option<Reach>), Error> {
    let (spec, login) = (&destination.source, destination.source_login.as_ref());
    let service = match known {
        Some(service) => Some(service),
        None => surroundings.reach(spec, login).await?,
    };
    let told = refresh(spec, &destination.folder, service.clone()).await?;
    Ok((told, service))
}

fn silent(destination: &Destination) -> Error {
    let path = match &destination.source {
        SourceSpec::Folder(path) => path.clone(),
        spec @ (SourceSpec::Dataverse(_) | SourceSpec::Insights(_) | SourceSpec::Sql(_)) => {
            spec.to_string().into()
        }
    };
    let source = IoError::from(ErrorKind::TimedOut);
    Error::Source(SourceError::Look { path, source })
}

fn pace(destination: &Destination) -> Duration {
    let [folder, insights, dataverse] = PACES;
    let usual = match destination.source {
        SourceSpec::Folder(_) => folder,
        SourceSpec::Insights(_) | SourceSpec::Sql(_) => insights,
        SourceSpec::Dataverse(_) => dataverse,
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::{Duration, Instant};

    use super::{Error, Probe, SILENCE, source_of};
    use crate::domain::{Destination, DestinationId, Schedule};
    use crate::export::Surroundings;
    use crate::login::MemoryKeyring;
    use crate::store::Home;

    #[cfg(unix)]
    #[tokio::test(start_paused = true)]
    async fn a_source_that_is_silent_is_asked_once_and_given_up_in_time() {
        let folder = tempfile::tempdir().expect("folder");
        let here = Surroundings::for_test(Home::at(folder.path()), Arc::new(MemoryKeyring::new()));
        // Whoever opens it to read waits for somebody who writes.
        let silent = folder.path().join("model.json");
        let made = std::process::Command::new("mkfifo").arg(&silent).status();
        assert!(made.expect("mkfifo").success());
        let text = format!(
            "name = 'Spring'\nlogin = 'a'\naudience = 'b'\nsource = 'folder:{}'\nsegments = []\n\
             status_if_new = 'subscribed'\ncreated_at = '2026-01-01T00:00:00Z'\n[map]\nemail = 'email'\n",
            silent.display()
        );
        let destination: Destination = toml::from_str(&text).expect("destination");
        let destination = Destination {
            schedule: Schedule::OnRefresh {
                quiet_seconds: None,
            },
            ..destination
        };
        let mut probe = Probe::default();
        assert!(probe.ask(&destination, &here).is_none());
        for asked in probe.asked.values_mut() {
            asked.at -= Duration::from_mins(1);
        }
        assert!(probe.ask(&destination, &here).is_none());
        assert_eq!(probe.asking.len(), 1, "it has not answered");
        assert_eq!(probe.next([&destination].into_iter()), None);
        tokio::task::yield_now().await;
        tokio::time::advance(SILENCE + Duration::from_secs(1)).await;
        let answer = probe.asking.join_next().await.expect("one");
        probe.take(answer.expect("an answer"));
        let told = probe.ask(&destination, &here).expect("told");
        assert!(matches!(told, Err(Error::Source(why)) if why.may_pass()));
        for asked in probe.asked.values_mut() {
            asked.at = Instant::now();
        }
        let others = |probe: &Probe| probe.next([&destination].into_iter());
        let source = source_of(&destination);
        probe.is_free(&source, &destination.id());
        assert!(others(&probe).is_some_and(|left| left > Duration::ZERO));
        probe.is_free(&source, &DestinationId::parse("Autumn").expect("name"));
        assert_eq!(others(&probe), Some(Duration::ZERO));
        let _woken = std::fs::OpenOptions::new().write(true).open(&silent);
    }
}
