use crate::domain::Segment;
use crate::export::Guard;

use super::{Explain, Explanation, Words};

impl Explain for Guard {
    fn explain(&self, words: &Words) -> Explanation {
        match self {
            Self::Removals {
                tag,
                count,
                members,
            } => words.explained(
                "error-guard-removals",
                &[
                    ("tag", tag.as_str().into()),
                    ("count", (*count).into()),
                    ("members", (*members).into()),
                ],
            ),
            Self::Shrunk {
                before,
                now,
                emptied,
                gone,
            } => shrunk(words, (*before, *now), emptied, gone),
            Self::NoAgreement => words.explained("error-guard-no-agreement", &[]),
            Self::MaxProfiles { limit } => {
                words.explained("error-guard-max-profiles", &[("limit", (*limit).into())])
            }
            Self::PlanLimit {
                limit,
                now,
                created,
            } => plan_limit(words, *limit, *now, *created),
            Self::ForeignTags(tags) => words.explained(
                "error-guard-foreign-tags",
                &[
                    ("count", tags.len().into()),
                    ("tags", words.listed(tags).into()),
                ],
            ),
            Self::SegmentState(segments) => segment_state(words, segments),
            Self::StatusChanged => words.explained("error-guard-status-changed", &[]),
            Self::Recreated => words.explained("error-guard-recreated", &[]),
        }
    }
}

fn shrunk(
    words: &Words,
    (before, now): (u64, u64),
    emptied: &[String],
    gone: &[String],
) -> Explanation {
    let named = |key: &str, segments: &[String]| {
        let args = [
            ("count", segments.len().into()),
            ("segments", words.listed(segments).into()),
        ];
        (!segments.is_empty()).then(|| words.with(key, &args))
    };
    let halved = (now.saturating_mul(2) < before).then(|| {
        let args = [("before", before.into()), ("now", now.into())];
        words.with("error-guard-shrunk-halved", &args)
    });
    let all = halved
        .into_iter()
        .chain(named("error-guard-shrunk-emptied", emptied))
        .chain(named("error-guard-shrunk-gone", gone));
    let all = all.collect::<Vec<_>>().join(" ");
    let key = if gone.is_empty() {
        "error-guard-shrunk"
    } else {
        "error-guard-shrunk-segment"
    };
    words.explained(key, &[("what", all.into())])
}

fn plan_limit(words: &Words, limit: u64, now: u64, created: u64) -> Explanation {
    words.explained(
        "error-guard-plan-limit",
        &[
            ("limit", limit.into()),
            ("now", now.into()),
            ("created", created.into()),
            ("after", now.saturating_add(created).into()),
        ],
    )
}

fn segment_state(words: &Words, segments: &[Segment]) -> Explanation {
    let named = |segment: &Segment| {
        let state = words.segment_state(segment.state);
        format!("{} ({state})", segment.label)
    };
    let segments: Vec<String> = segments.iter().map(named).collect();
    words.explained(
        "error-guard-segment-state",
        &[
            ("count", segments.len().into()),
            ("segments", words.listed(&segments).into()),
        ],
    )
}
