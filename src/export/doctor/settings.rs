//! What people set: in the environment, and in `config.toml`.

use super::{Check, Finding, Trouble, failed, finding};
use crate::export::Error;
use crate::http::{Endpoint, timeout_from};
use crate::login::{ADDRESSES, Error as LoginError};
use crate::store::{Config, Destinations, Home, Look, LookAtKeys};

/// Finds the variables whose values cannot be used: the addresses of services, and the others.
pub(super) fn misset(variable: &impl Fn(&str) -> Option<String>) -> (Vec<Finding>, Vec<Finding>) {
    let set = |name: &str| variable(name).filter(|text| !text.trim().is_empty());
    let addresses = ADDRESSES.into_iter().filter_map(|which| {
        let source = Endpoint::parse(set(which)?.trim()).err()?;
        let why = Error::from(LoginError::Endpoint { which, source });
        Some(failed(Check::Environment, which, Err(why)))
    });
    let timeout = set("SEGUE_HTTP_TIMEOUT").filter(|text| timeout_from(Some(text)).is_none());
    let theme = set("SEGUE_THEME").filter(|text| Look::parse(text).is_none());
    let others = [timeout.map(Trouble::Timeout), theme.map(Trouble::Theme)];
    let others = others.into_iter().flatten();
    let others = others.map(|trouble| finding(Check::Environment, "", Some(trouble)));
    (addresses.collect(), others.collect())
}

/// Reads `config.toml`, where there is one.
pub(super) fn config(home: &Home, look_at_keys: LookAtKeys) -> Vec<Finding> {
    let troubles = match Config::read_strictly(home) {
        Ok(None) => return Vec::new(),
        Ok(Some(unknown)) => {
            let wishes = Config::read(home).unwrap_or_default().key_wishes;
            let bad = look_at_keys(&wishes).into_iter();
            let bad = bad.map(|bad| Trouble::BadKey(bad, home.config_file()));
            let unknown = Some(unknown).filter(|unknown| !unknown.is_empty());
            let strangers = strangers(home).filter(|strangers| !strangers.is_empty());
            unknown
                .map(Trouble::UnknownKeys)
                .into_iter()
                .chain(strangers.map(Trouble::FinishOfNobody))
                .chain(bad)
                .collect()
        }
        Err(why) => vec![Trouble::Failed(why.into())],
    };
    if troubles.is_empty() {
        return vec![finding(Check::Config, "", None)];
    }
    let troubles = troubles.into_iter();
    troubles
        .map(|trouble| finding(Check::Config, "", Some(trouble)))
        .collect()
}

/// Finds commands for the end of exports of destinations that there are none of.
#[must_use]
pub fn finish_of_nobody(home: &Home) -> Option<Finding> {
    let strangers = strangers(home).filter(|strangers| !strangers.is_empty())?;
    Some(finding(
        Check::Config,
        "",
        Some(Trouble::FinishOfNobody(strangers)),
    ))
}

/// Names those destinations; `None` where that cannot be told.
fn strangers(home: &Home) -> Option<Vec<String>> {
    let saved = Destinations::of(home);
    let on_finish = Config::read(home).ok()?.on_finish;
    Some(on_finish.strangers(&saved.list().ok()?, &saved.broken().ok()?))
}

#[cfg(test)]
mod tests {
    use super::misset;

    #[test]
    fn every_variable_that_cannot_be_used_is_told_by_itself() {
        let told = |set: &'static [(&str, &str)]| {
            let (addresses, others) = misset(&|name: &str| {
                let found = set.iter().find(|(key, _)| *key == name);
                found.map(|(_, value)| (*value).to_owned())
            });
            (addresses.len(), others.len())
        };
        assert_eq!(
            told(&[
                ("SEGUE_MAILCHIMP_API_URL", " "),
                ("SEGUE_HTTP_TIMEOUT", "9")
            ]),
            (0, 0)
        );
        let wrong = &[
            ("SEGUE_MAILCHIMP_API_URL", "ftp://x"),
            ("SEGUE_INSIGHTS_URL", "http://real.example"),
            ("SEGUE_HTTP_TIMEOUT", "soon"),
            ("SEGUE_THEME", "pink"),
        ];
        assert_eq!(told(wrong), (2, 2));
    }
}
