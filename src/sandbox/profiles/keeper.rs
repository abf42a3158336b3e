//! What the source holds now, and what a test may do to it.

use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

use jiff::Timestamp;
use serde::Deserialize;

use super::content::{Attribute, Content};
use super::refresh::{Moment, Refresh};
use super::{folder, made};
use crate::sandbox::options::{Options, SandboxError};

/// What `POST /sandbox/source` changes, as JSON; what is not named stays. `POST /sandbox/reset` takes all of it back.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(in crate::sandbox) struct Change {
    /// `"Gold"`: deletes a segment, by what people call it.
    delete_segment: Option<String>,
    /// `["EMail","Mail"]`: renames an attribute, by what people call it.
    rename_attribute: Option<(String, String)>,
    /// `"off"`: profiles may not be read, which answers 403.
    privilege: Option<Switch>,
    /// `"off"`: the subscription key is no longer one, which answers 401.
    subscription_key: Option<Switch>,
    /// `3`: after three more requests every connection to the source is cut; `"never"` brings the source back.
    vanish_after: Option<Vanish>,
    /// `"running"`, `"idle"`: whether a refresh runs, whatever `--refresh-every` says.
    refresh: Option<Running>,
    /// `true`: the membership table's lists hold a backslash before each quote, so that only a filter with them finds a
    /// segment. Otherwise a filter may be written with or without them.
    backslash: Option<bool>,
    /// `true`: in Dataverse "Email Subscriber" is a two-option attribute and "Loyalty Tier" a choice, not texts.
    choices: Option<bool>,
    /// `3`: the Customer Insights API counts three members more in each segment than there are.
    counts_more: Option<usize>,
    /// `"off"`: the labels of choices may not be read, which answers 403.
    labels: Option<Switch>,
    /// `"manage"`: jobs and history are found where Microsoft's pages say (`manage/workflows`); `"workflows"`: where its
    /// client asks for them.
    jobs_under: Option<Jobs>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Switch {
    On,
    Off,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Running {
    Running,
    Idle,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Jobs {
    Workflows,
    Manage,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(untagged)]
enum Vanish {
    After(u64),
    Never(Never),
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Never {
    Never,
}

/// How the source behaves besides what it holds.
#[derive(Debug, Clone, Copy)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of its own, and none follows from another"
)]
pub(in crate::sandbox) struct Manner {
    /// Whether profiles may be read.
    pub(in crate::sandbox) privilege: bool,
    /// Whether the subscription key is one.
    pub(in crate::sandbox) subscription: bool,
    /// Whether lists of segments hold a backslash before each quote.
    pub(in crate::sandbox) backslash: bool,
    /// Whether some attributes of Dataverse are choices.
    pub(in crate::sandbox) choices: bool,
    /// How many members are counted that are not there.
    pub(in crate::sandbox) counts_more: usize,
    /// Whether the labels of choices may be read.
    pub(in crate::sandbox) labels: bool,
    /// Whether jobs are found under `manage`.
    pub(in crate::sandbox) jobs_under_manage: bool,
    refreshing: Option<bool>,
    requests_left: Option<u64>,
}

const USUAL: Manner = Manner {
    privilege: true,
    subscription: true,
    backslash: false,
    choices: false,
    labels: true,
    counts_more: 0,
    jobs_under_manage: false,
    refreshing: None,
    requests_left: None,
};

/// Keeps the source.
#[derive(Debug)]
pub(in crate::sandbox) struct Keeper {
    seed: u64,
    profiles: u64,
    refresh: Refresh,
    /// As at the start; generated people are only made when somebody asks for them.
    start: OnceLock<Arc<Content>>,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    changed: Option<Arc<Content>>,
    /// What the refreshes made of it: how many they were, of what, and what it is then.
    refreshed: Option<(u64, Arc<Content>, Arc<Content>)>,
    manner: Manner,
}

impl Keeper {
    /// Reads the folder of `--data`, if there is one.
    pub(in crate::sandbox) fn new(options: &Options) -> Result<Self, SandboxError> {
        let folder = options.data.as_deref();
        let read = folder.map(folder::read).transpose()?.map(Arc::new);
        Ok(Self {
            seed: options.seed,
            profiles: options.profiles,
            refresh: Refresh::new(Timestamp::now(), options.refresh_every),
            start: read.map_or_else(OnceLock::new, OnceLock::from),
            state: Mutex::new(State {
                changed: None,
                refreshed: None,
                manner: USUAL,
            }),
        })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What the source holds now.
    pub(in crate::sandbox) fn content(&self) -> Arc<Content> {
        let changed = self.state().changed.clone();
        let content = changed.unwrap_or_else(|| {
            let make = || Arc::new(made::people(self.seed, self.profiles));
            Arc::clone(self.start.get_or_init(make))
        });
        let moment = self.moment();
        if moment.times() == 0 {
            return content;
        }
        let mut state = self.state();
        match &state.refreshed {
            Some((times, of, refreshed))
                if *times == moment.times() && Arc::ptr_eq(of, &content) =>
            {
                Arc::clone(refreshed)
            }
            _ => {
                let refreshed = Arc::new(content.refreshed(moment.times(), moment.last()));
                state.refreshed = Some((moment.times(), content, Arc::clone(&refreshed)));
                refreshed
            }
        }
    }

    /// How the source behaves now.
    pub(in crate::sandbox) fn manner(&self) -> Manner {
        self.state().manner
    }

    /// How its refreshes stand now.
    pub(in crate::sandbox) fn moment(&self) -> Moment {
        let forced = self.state().manner.refreshing;
        self.refresh.at(Timestamp::now(), forced)
    }

    /// Whether the source still answers, counting this request.
    pub(in crate::sandbox) fn answers(&self) -> bool {
        match &mut self.state().manner.requests_left {
            Some(0) => false,
            Some(left) => {
                *left -= 1;
                true
            }
            None => true,
        }
    }

    /// Takes every change back.
    pub(in crate::sandbox) fn reset(&self) {
        let mut state = self.state();
        state.changed = None;
        state.manner = USUAL;
    }

    /// Makes a change, or says what it names that there is not.
    pub(in crate::sandbox) fn change(&self, change: &Change) -> Result<(), String> {
        let changed = self.changed(change)?;
        let mut state = self.state();
        state.changed = changed.or(state.changed.take());
        let manner = &mut state.manner;
        let on = |switch: Option<Switch>, now: bool| switch.map_or(now, |it| it == Switch::On);
        manner.privilege = on(change.privilege, manner.privilege);
        manner.subscription = on(change.subscription_key, manner.subscription);
        manner.backslash = change.backslash.unwrap_or(manner.backslash);
        manner.counts_more = change.counts_more.unwrap_or(manner.counts_more);
        manner.labels = on(change.labels, manner.labels);
        manner.choices = change.choices.unwrap_or(manner.choices);
        if let Some(running) = change.refresh {
            manner.refreshing = Some(running == Running::Running);
        }
        if let Some(under) = change.jobs_under {
            manner.jobs_under_manage = under == Jobs::Manage;
        }
        match change.vanish_after {
            Some(Vanish::After(requests)) => manner.requests_left = Some(requests),
            Some(Vanish::Never(Never::Never)) => manner.requests_left = None,
            None => {}
        }
        Ok(())
    }

    /// What the source holds after a change; none if it stays as it is.
    fn changed(&self, change: &Change) -> Result<Option<Arc<Content>>, String> {
        if change.delete_segment.is_none() && change.rename_attribute.is_none() {
            return Ok(None);
        }
        let mut content = Content::clone(&self.content());
        if let Some(label) = &change.delete_segment {
            let at = content.segments.iter().position(|one| one.label == *label);
            let at = at.ok_or_else(|| format!("there is no segment {label}"))?;
            content.segments.remove(at);
        }
        if let Some((from, to)) = &change.rename_attribute {
            let mut all = content.attributes.iter_mut().skip(1);
            let known = all.find(|one| one.label == *from);
            *known.ok_or_else(|| format!("there is no attribute {from}"))? = Attribute::new(to);
        }
        Ok(Some(Arc::new(content)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keeper() -> Keeper {
        let options = Options {
            profiles: 50,
            ..Options::default()
        };
        Keeper::new(&options).expect("a source")
    }

    fn change(keeper: &Keeper, json: &str) -> Result<(), String> {
        keeper.change(&serde_json::from_str(json).map_err(|why| why.to_string())?)
    }

    fn segments(keeper: &Keeper) -> usize {
        keeper.content().segments.len()
    }

    #[test]
    fn a_change_stays_until_it_is_taken_back() {
        let keeper = keeper();
        assert_eq!(segments(&keeper), 10);
        change(
            &keeper,
            r#"{"delete_segment":"Gold","rename_attribute":["EMail","Mail"]}"#,
        )
        .expect("changed");
        change(&keeper, r#"{"privilege":"off"}"#).expect("changed");
        assert_eq!(segments(&keeper), 9);
        assert_eq!(keeper.content().attributes[1].logical, "msdynci_mail");
        assert!(!keeper.manner().privilege && keeper.manner().subscription);
        keeper.reset();
        assert_eq!(segments(&keeper), 10);
        assert!(keeper.manner().privilege);
    }

    #[test]
    fn what_there_is_not_cannot_be_changed() {
        let keeper = keeper();
        for json in [
            r#"{"delete_segment":"Platinum"}"#,
            r#"{"rename_attribute":["Mail","EMail"]}"#,
            r#"{"privilege":"maybe"}"#,
            r#"{"teapot":true}"#,
        ] {
            assert!(change(&keeper, json).is_err(), "{json}");
        }
    }

    #[test]
    fn a_source_vanishes_after_so_many_requests_and_comes_back() {
        let keeper = keeper();
        change(&keeper, r#"{"vanish_after":2}"#).expect("changed");
        let answered = [(); 4].map(|()| keeper.answers());
        assert_eq!(answered, [true, true, false, false]);
        change(&keeper, r#"{"vanish_after":"never"}"#).expect("changed");
        assert!(keeper.answers());
    }

    #[test]
    fn a_refresh_runs_when_told() {
        let keeper = keeper();
        assert!(!keeper.moment().runs());
        change(&keeper, r#"{"refresh":"running"}"#).expect("changed");
        assert!(keeper.moment().runs());
    }
}
