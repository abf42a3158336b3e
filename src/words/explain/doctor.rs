use std::path::Path;

use crate::export::{Check, Finding, Trouble};
use crate::store::{BadKey, Look, NoSuchKey};

use super::super::nearest;
use super::{Explain, Explanation, Next, Words};

impl Words {
    /// Says that a line is no schedule, and what would be.
    #[must_use]
    pub fn no_schedule(&self, typed: &str) -> Explanation {
        self.explained("ask-schedule-wrong", &[("typed", typed.into())])
    }

    /// Says that there are no times which a zone could be that of, and what would be some.
    #[must_use]
    pub fn no_times(&self) -> Explanation {
        self.explained("ask-schedule-blank", &[])
    }

    /// Says that a line is no time zone, and what would be.
    #[must_use]
    pub fn no_zone(&self, typed: &str) -> Explanation {
        self.explained("schedule-bad-zone", &[("typed", typed.into())])
    }

    /// Says why a key that the file wishes for cannot be had.
    #[must_use]
    pub fn bad_key(&self, bad: &BadKey, file: &Path) -> Explanation {
        let (key, more) = match &bad.why {
            NoSuchKey::Command(known) => ("key-of-nobody", known.join(", ")),
            NoSuchKey::Key => ("key-that-is-none", String::new()),
            NoSuchKey::Kept => ("key-that-is-kept", String::new()),
            NoSuchKey::Taken(other) => ("key-that-is-taken", (*other).to_owned()),
        };
        let args = [
            ("file", file.display().to_string().into()),
            ("line", bad.wish.line.into()),
            ("command", bad.wish.command.as_str().into()),
            ("key", bad.wish.key.as_str().into()),
            ("more", more.into()),
        ];
        let mut told = self.explained(key, &args);
        if let NoSuchKey::Command(known) = &bad.why {
            let meant = nearest(&bad.wish.command, known.iter().copied());
            let meant = meant.map(|name| {
                let args = [("suggestion", name.into())];
                Next::Say(self.with("usage-suggestion", &args))
            });
            told.next.splice(0..0, meant);
        }
        told
    }

    /// Names what is looked at.
    #[must_use]
    pub fn check(&self, check: Check) -> String {
        self.text(match check {
            Check::Folder => "doctor-check-folder",
            Check::Disk => "doctor-check-disk",
            Check::Config => "doctor-check-config",
            Check::Locale => "doctor-check-locale",
            Check::Keyring => "doctor-check-keyring",
            Check::Browser => "doctor-check-browser",
            Check::Environment => "doctor-check-environment",
            Check::Proxy => "doctor-check-proxy",
            Check::Network => "doctor-check-network",
            Check::Clock => "doctor-check-clock",
            Check::Login => "doctor-check-login",
            Check::Destination => "doctor-check-destination",
            Check::Source => "doctor-check-source",
            Check::Runs => "doctor-check-runs",
            Check::Watch => "doctor-check-watch",
            Check::Erased => "doctor-check-erased",
        })
    }

    fn of_several(&self, key: &str, name: &str, all: &[String]) -> Explanation {
        let args = [("count", all.len().into()), (name, self.listed(all).into())];
        self.explained(key, &args)
    }

    /// Says what a check found; `None` where all is well.
    #[must_use]
    pub fn finding(&self, finding: &Finding) -> Option<Explanation> {
        let about = finding.about.as_str();
        let told = |key, name, value| {
            let args = [(name, value), ("name", about.into())];
            self.explained(key, &args)
        };
        Some(match finding.trouble.as_ref()? {
            Trouble::Failed(why) => why.explain(self),
            Trouble::Space(bytes) => told("doctor-space", "mib", (bytes >> 20).into()),
            Trouble::Locale(locale) => told("doctor-locale", "locale", locale.as_str().into()),
            Trouble::NoBus(line) => told("doctor-no-bus", "line", line.as_str().into()),
            Trouble::NoNeedOfKeyring => self.explained("doctor-no-need-of-keyring", &[]),
            Trouble::NoBrowser(why) => told(
                "doctor-no-browser",
                "why",
                self.browser_obstacle(*why).into(),
            ),
            Trouble::Variables(names) => told("doctor-variables", "names", names.join(", ").into()),
            Trouble::Timeout(value) => told("doctor-timeout", "value", value.as_str().into()),
            Trouble::Theme(value) => {
                let known = Look::ALL.map(Look::as_str).join(", ");
                let args = [("value", value.as_str().into()), ("known", known.into())];
                self.explained("doctor-theme", &args)
            }
            Trouble::UnknownKeys(keys) => self.of_several("doctor-unknown-keys", "keys", keys),
            Trouble::FinishOfNobody(names) => {
                self.of_several("doctor-finish-of-nobody", "names", names)
            }
            Trouble::BadKey(bad, path) => self.bad_key(bad, path),
            Trouble::NoNetwork(why) => {
                told("doctor-no-network", "cause", self.call_failed(why).into())
            }
            Trouble::Certificate(why) => {
                told("doctor-certificate", "cause", self.call_failed(why).into())
            }
            Trouble::Unreachable(why) => {
                told("doctor-unreachable", "cause", self.call_failed(why).into())
            }
            Trouble::Proxy(variable) => told("doctor-proxy", "variable", (*variable).into()),
            Trouble::Clock(minutes) => told("doctor-clock", "minutes", (*minutes).into()),
            Trouble::NoLogin => self.explained("doctor-no-login", &[]),
            Trouble::Unfinished(count) => told("doctor-unfinished", "count", (*count).into()),
            Trouble::EraseBegun(count) => told("doctor-erase-begun", "count", (*count).into()),
            Trouble::NoWatcher(count) => told("doctor-no-watcher", "count", (*count).into()),
            Trouble::ScheduleStopped(why) => {
                let args = [
                    ("cause", self.read(why).what.as_str().into()),
                    ("name", about.into()),
                    ("word", super::shell_word(about).into()),
                ];
                self.explained("doctor-schedule-stopped", &args)
            }
            Trouble::Slow => self.explained("doctor-slow", &[]),
        })
    }
}
