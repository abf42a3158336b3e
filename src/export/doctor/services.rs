//! What the services tell: whether they are there, know our logins, and have what the destinations need.

use std::time::Duration;

use futures_util::future::{OptionFuture, join_all};
use jiff::Timestamp;
use jiff::fmt::rfc2822;
use tokio::time::timeout;

use super::{AtHand, Check, Finding, LIMIT, Trouble, failed, finding};
use crate::domain::{Destination, LoginName, Segment};
use crate::export::prepare::look_through;
use crate::export::report::unfinished;
use crate::export::{Error, Guard, Surroundings, look_at_audience};
use crate::http::{CallError, Endpoint};
use crate::login::Error as LoginError;
use crate::plan::Rules;
use crate::source::connect;
use crate::store::{Destinations, Logins};

/// By how much the clocks may differ.
const CLOCK: i64 = 120;

/// Asks each service whether it is there, without saying who we are, and what time it is.
pub(super) async fn network(surroundings: &Surroundings) -> Vec<Finding> {
    let asked = places(surroundings).into_iter().map(async |place| {
        let host = place.host();
        let asked = async {
            let client = surroundings.client()?;
            let what = "whether it is there";
            let request = client.inner().get(place.as_str());
            let answer = client.send(request).await;
            answer.map_err(|source| Error::from(LoginError::Ask { what, source }))
        };
        match timeout(LIMIT + Duration::from_secs(1), asked).await {
            Err(_) => vec![finding(Check::Network, &host, Some(Trouble::Slow))],
            Ok(Err(why)) => vec![finding(Check::Network, &host, Some(unreachable(why)))],
            Ok(Ok(answer)) => {
                let date = answer
                    .headers
                    .get("date")
                    .and_then(|date| date.to_str().ok());
                let clock = date.and_then(|date| clock(date, Timestamp::now()));
                vec![
                    finding(Check::Network, &host, None),
                    finding(Check::Clock, &host, clock),
                ]
            }
        }
    });
    join_all(asked).await.into_iter().flatten().collect()
}

/// Tells apart that there is no way to a service, and that its answer was none.
fn unreachable(why: Error) -> Trouble {
    match why {
        Error::Login(LoginError::Ask { source, .. }) => match source {
            source @ CallError::Connect { .. } => Trouble::NoNetwork(source),
            source @ CallError::Certificate { .. } => Trouble::Certificate(source),
            source => Trouble::Unreachable(source),
        },
        why => Trouble::Failed(why),
    }
}

/// Where Mailchimp is by the logins, or by what signs in to it.
fn places(surroundings: &Surroundings) -> Vec<Endpoint> {
    let saved = Logins::of(&surroundings.home).list().unwrap_or_default();
    let mut places: Vec<Endpoint> = Vec::new();
    let own = saved.into_iter().filter_map(|login| login.api);
    let env = surroundings.env_credential.as_ref();
    let env = env.and_then(|env| surroundings.endpoints.base(env).ok());
    for place in own.chain(env) {
        if places.iter().all(|one| one.host() != place.host()) {
            places.push(place);
        }
    }
    if places.is_empty() {
        places.extend(surroundings.endpoints.login().ok().cloned());
    }
    places
}

/// Tells by how much our clock is off, where it matters.
fn clock(date: &str, now: Timestamp) -> Option<Trouble> {
    let there = rfc2822::parse(date).ok()?.timestamp();
    let off = now.as_second().abs_diff(there.as_second());
    (off > CLOCK.unsigned_abs()).then_some(Trouble::Clock(off.div_ceil(60)))
}

/// Asks who each login is.
pub(super) async fn logins(surroundings: &Surroundings, at_hand: AtHand) -> Vec<Finding> {
    let names = match surroundings.login_names() {
        Ok(names) if names.is_empty() => {
            return vec![finding(Check::Login, "", Some(Trouble::NoLogin))];
        }
        Ok(_) if !at_hand.mailchimp(surroundings) => return Vec::new(),
        Ok(names) => names,
        Err(why) => return vec![failed(Check::Login, "", Err(why))],
    };
    let asked = names.iter().map(async |name: &LoginName| {
        let asked = async {
            let access = surroundings.access(name).await?;
            access.mailchimp()?.account().await?;
            Ok(())
        };
        within(Check::Login, name.as_str(), asked).await
    });
    join_all(asked).await
}

/// Connects to each engine: so its driver is found and loaded, too.
pub(super) async fn engines(surroundings: &Surroundings) -> Vec<Finding> {
    // The file of logins is told of already where it cannot be read.
    let Ok(names) = surroundings.engine_names() else {
        return Vec::new();
    };
    let asked = names.iter().map(async |name: &LoginName| {
        let asked = async {
            connect(&surroundings.engine(name).await?).await?;
            Ok(())
        };
        within(Check::Login, name.as_str(), asked).await
    });
    join_all(asked).await
}

async fn within(
    check: Check,
    about: &str,
    asked: impl Future<Output = Result<(), Error>>,
) -> Finding {
    match timeout(LIMIT, asked).await {
        Ok(outcome) => failed(check, about, outcome),
        Err(_) => finding(check, about, Some(Trouble::Slow)),
    }
}

pub(super) async fn destinations(surroundings: &Surroundings, at_hand: AtHand) -> Vec<Finding> {
    let saved = Destinations::of(&surroundings.home);
    let mut found = Vec::new();
    match saved.broken() {
        Ok(broken) => found.extend(broken.into_iter().map(|broken| {
            let why = Err(Error::from(broken.why));
            failed(Check::Destination, &broken.name, why)
        })),
        Err(why) => found.push(failed(Check::Destination, "", Err(why.into()))),
    }
    let all = saved.list().unwrap_or_default();
    let looked = all
        .iter()
        .map(|destination| look_at(surroundings, destination, at_hand));
    found.extend(join_all(looked).await.into_iter().flatten());
    found
}

async fn look_at(
    surroundings: &Surroundings,
    destination: &Destination,
    at_hand: AtHand,
) -> Vec<Finding> {
    let name = destination.name.as_str();
    let home = &surroundings.home;
    if let Err(why) = look_through(home, destination) {
        return vec![failed(Check::Destination, name, Err(why))];
    }
    let audience = async {
        let access = surroundings.access_for(destination).await?;
        let view = look_at_audience(&access.mailchimp()?, &destination.audience).await?;
        Rules::new(destination, &view.merge_fields).map_err(Error::Mapping)?;
        Ok(())
    };
    let source = async {
        let (spec, layout) = (&destination.source, &destination.folder);
        let login = destination.source_login.as_ref();
        let source = surroundings.source(spec, layout, login).await?;
        // A large one may take longer than a person waits for it here.
        let segments = timeout(LIMIT / 2, source.segments()).await;
        segments.map_or(Ok(()), |segments| all_there(destination, &segments?))
    };
    let (audience, source) = tokio::join!(
        async {
            let is_at_hand = at_hand.mailchimp(surroundings);
            let looking = is_at_hand.then(|| within(Check::Destination, name, audience));
            OptionFuture::from(looking).await
        },
        async {
            let is_at_hand = at_hand.source(surroundings, &destination.source);
            let looking = is_at_hand.then(|| within(Check::Source, name, source));
            OptionFuture::from(looking).await
        },
    );
    let mut found: Vec<Finding> = audience.into_iter().chain(source).collect();
    match unfinished(home, &destination.audience) {
        Ok(runs) if runs.is_empty() => {}
        Ok(runs) => found.push(finding(
            Check::Runs,
            name,
            Some(Trouble::Unfinished(runs.len())),
        )),
        Err(why) => found.push(failed(Check::Runs, name, Err(why.into()))),
    }
    found
}

/// Looks whether the source still has every segment of a destination.
fn all_there(destination: &Destination, segments: &[Segment]) -> Result<(), Error> {
    let is_there = |wanted: &&Segment| segments.iter().any(|one| one.id == wanted.id);
    let gone = destination.segments.iter().filter(|one| !is_there(one));
    let gone: Vec<String> = gone.map(|segment| segment.label.clone()).collect();
    if gone.is_empty() {
        return Ok(());
    }
    // As a run would refuse it.
    Err(Error::Refused(Guard::Shrunk {
        before: 0,
        now: 0,
        emptied: Vec::new(),
        gone,
    }))
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::{Trouble, clock};

    #[test]
    fn a_clock_that_is_off_by_minutes_is_told() {
        let now: Timestamp = "2026-07-01T12:00:00Z".parse().expect("time");
        let off = |date| match clock(date, now) {
            Some(Trouble::Clock(minutes)) => Some(minutes),
            _ => None,
        };
        assert_eq!(off("Wed, 01 Jul 2026 12:01:30 GMT"), None);
        assert_eq!(off("Wed, 01 Jul 2026 12:10:00 GMT"), Some(10));
        assert_eq!(off("Wed, 01 Jul 2026 11:50:00 GMT"), Some(10));
        assert_eq!(off("soon"), None);
    }
}
