//! One export, from its order to its end.

use super::super::event::{Event, Tell};
use crate::domain::{Destination, StartedBy};
use crate::export::{
    Ending, Error, Options, Progress, StopHandle, Surroundings, Voice, start_with,
};

/// Carries an export out, and tells when it waits and begins.
pub(super) async fn carry_out(
    surroundings: Surroundings,
    voice: Voice,
    by: StartedBy,
    destination: Destination,
    stop: StopHandle,
    tell: Tell,
) -> Ending {
    let options = Options {
        wait: true,
        ..Options::default()
    };
    let order = tokio::select! {
        order = surroundings.order(destination.clone(), options, by, &voice) => order,
        () = stop.stop.gently.cancelled() => {
            return Ending {
                report: None,
                failure: None,
            };
        }
    };
    let mut running = match order {
        Ok(order) => start_with(order, stop),
        Err(why) => return surroundings.not_begun(&destination, by, &voice.explain, why),
    };
    let name = destination.name.to_string();
    let begun = |progress: &Progress| !progress.run.is_empty();
    let queued = |progress: &Progress| progress.holder.is_some();
    let mut told = false;
    loop {
        let changed = running
            .progress
            .wait_for(|now| begun(now) || !told && queued(now));
        let Ok(now) = changed.await.map(|now| now.clone()) else {
            break;
        };
        if begun(&now) {
            let (run, resumed) = (now.run, now.resumed);
            tell(Event::Started { name, run, resumed });
            break;
        }
        told = true;
        let (name, holder) = (name.clone(), now.holder.unwrap_or_default());
        tell(Event::Queued { name, holder });
    }
    running.done.await.unwrap_or_else(|why| {
        let why = Error::Broken(why.to_string());
        surroundings.not_begun(&destination, by, &voice.explain, why)
    })
}
