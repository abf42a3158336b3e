//! What of the mapping cannot work or would lose values, each beside the line that it is about.

use super::Known;
use super::sampled::Sampled;
use crate::domain::{Draft, Target};
use crate::export::mismatches;
use crate::words::Words;

/// What is to be said of a line of data matching.
#[derive(Debug)]
pub(super) struct Problem {
    /// The line; `None` where it is about all of them.
    pub target: Option<Target>,
    /// What is wrong.
    pub text: String,
    /// Whether no export can run with it.
    pub stops: bool,
}

/// Finds everything that is to be said of the mapping.
pub(super) fn problems(
    draft: &Draft,
    known: &Known,
    sampled: &Sampled,
    words: &Words,
) -> Vec<Problem> {
    let stop = |target: Option<Target>, key: &str| Problem {
        target,
        text: words.text(key),
        stops: true,
    };
    let (Some(source), Some(view)) = (known.open(), known.view.get()) else {
        let has_email = draft.map.get(&Target::Email).is_some();
        let email = (!has_email).then(|| stop(Some(Target::Email), "gap-email"));
        let not_ready = stop(None, "ui-matching-not-ready");
        return email.into_iter().chain([not_ready]).collect();
    };
    let (attributes, fields) = (source.attributes(), &view.merge_fields);
    let found = mismatches(draft, attributes, fields, &sampled.first).into_iter();
    let told = found.map(|(target, what)| Problem {
        target: Some(target),
        text: words.mismatch(&what),
        stops: what.stops(),
    });
    told.collect()
}
