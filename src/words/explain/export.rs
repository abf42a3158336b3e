use std::collections::BTreeMap;
use std::path::Path;

use crate::domain::{
    AddressPart, DestinationName, Gap as Lacking, LoginName, MergeTag, SegmentState, SourceSpec,
};
use crate::export::{
    Addresses, CountDiffers, ENV_LOGIN, Error, Gap, Lost, SharedField, Undecided, Warning,
};
use crate::plan::Unmet;

use super::{Arg, Explain, Explanation, Words};

fn held(words: &Words, key: &str, holder: &str) -> Explanation {
    words.explained(key, &[("holder", holder.trim().into())])
}

impl Explain for Error {
    #[expect(clippy::too_many_lines, reason = "one arm for each variant")]
    fn explain(&self, words: &Words) -> Explanation {
        match self {
            Self::Store(why) => why.explain(words),
            Self::Source(why) => why.explain(words),
            Self::Deliver(why) => why.explain(words),
            Self::Login(why) => why.explain(words),
            Self::Endpoint(why) => why.explain(words),
            Self::Mapping(unmet) => unmet.explain(words),
            Self::Incomplete {
                name,
                path,
                lacking,
            } => incomplete(words, name, path, lacking),
            Self::AmbiguousConsent(rule) => rule.explain(words),
            Self::Refused(guard) => guard.explain(words),
            Self::Busy { holder } => held(words, "error-export-busy", holder),
            Self::Watched { holder } => held(words, "error-export-watched", holder),
            Self::Interrupted { done, profiles } => interrupted(words, *done, *profiles),
            Self::GoesOn { name, holder } => words.explained(
                "error-export-goes-on",
                &[
                    ("name", name.as_str().into()),
                    ("holder", holder.trim().into()),
                ],
            ),
            Self::Gone { name } => meanwhile(words, "error-export-gone", name),
            Self::Changed { name } => meanwhile(words, "error-export-changed", name),
            Self::OtherService { made, now } => words.explained(
                "error-export-other-service",
                &[("made", made.as_str().into()), ("now", now.as_str().into())],
            ),
            Self::OtherSource { made, now } => words.explained(
                "error-export-other-source",
                &[("made", made.as_str().into()), ("now", now.as_str().into())],
            ),
            Self::NoSourceLogin { login, source_spec } => {
                no_source_login(words, login.as_ref(), source_spec)
            }
            Self::LoginTaken { login, service } => {
                let service = [("service", service.as_str().into())];
                of_login(words, "error-export-login-taken", login, service)
            }
            Self::OtherAccount { login, had, now } => {
                let accounts = [("had", had.as_str().into()), ("now", now.as_str().into())];
                of_login(words, "error-export-other-account", login, accounts)
            }
            Self::NotConnected { name } => not_connected(words, name),
            Self::NoEngine { login } => {
                let word = super::shell_word(login.as_str());
                let args = [("login", login.as_str().into()), ("word", word.into())];
                words.explained("error-export-no-engine", &args)
            }
            Self::NoLogin { login } if login == ENV_LOGIN => {
                words.explained("error-export-no-env-login", &[])
            }
            Self::NoLogin { login } => words.explained(
                "error-export-no-login",
                &[
                    ("login", login.as_str().into()),
                    ("word", super::shell_word(login).into()),
                ],
            ),
            Self::CountsDiffer(gap) => words.gap("error-export-counts-differ", gap),
            Self::NoUndo(why) => why.explain(words),
            Self::Broken(why) => {
                words.explained("error-export-broken", &[("cause", why.as_str().into())])
            }
        }
    }
}

fn of_login<const N: usize>(
    words: &Words,
    key: &str,
    login: &LoginName,
    more: [(&str, Arg<'_>); N],
) -> Explanation {
    let login = ("login", login.as_str().into());
    let args: Vec<_> = std::iter::once(login).chain(more).collect();
    words.explained(key, &args)
}

fn incomplete(
    words: &Words,
    name: &DestinationName,
    path: &Path,
    lacking: &[Lacking],
) -> Explanation {
    let of = |gap: &Lacking| match gap {
        Lacking::Email => Some(("map.email", "--map email=ATTRIBUTE")),
        Lacking::Segments => Some(("segments", "--segment SEGMENT")),
        Lacking::Tag(_) | Lacking::SameTag(_) => Some(("tags", "--tag SEGMENT=TAG")),
        Lacking::Name
        | Lacking::Agreement
        | Lacking::Login
        | Lacking::Audience
        | Lacking::Source
        | Lacking::SourceLogin
        | Lacking::RemovedTag(_)
        | Lacking::StatusIfNew
        | Lacking::MaxProfiles => None,
    };
    let (keys, mut flags): (Vec<&str>, Vec<&str>) = lacking.iter().filter_map(of).unzip();
    flags.dedup();
    let what: Vec<String> = lacking.iter().map(|gap| gap.explain(words).what).collect();
    words.explained(
        "error-export-incomplete",
        &[
            ("name", name.as_str().into()),
            ("word", super::shell_word(name.as_str()).into()),
            ("what", what.join(" ").into()),
            ("keys", keys.join(", ").into()),
            ("path", path.display().to_string().into()),
            ("flags", flags.join(" ").into()),
        ],
    )
}

fn interrupted(words: &Words, done: u64, profiles: u64) -> Explanation {
    let args = [("done", done.into()), ("profiles", profiles.into())];
    words.explained("error-export-interrupted", &args)
}

/// What others did to a destination while something was under way.
fn meanwhile(words: &Words, key: &str, name: &DestinationName) -> Explanation {
    words.explained(key, &[("name", name.as_str().into())])
}

fn not_connected(words: &Words, name: &DestinationName) -> Explanation {
    let args = [
        ("destination", name.as_str().into()),
        ("word", super::shell_word(name.as_str()).into()),
    ];
    words.explained("error-export-not-connected", &args)
}

fn shared_field(words: &Words, shared: &SharedField) -> Explanation {
    let args = [
        ("tag", shared.tag.as_str().into()),
        ("other", shared.other.as_str().into()),
        ("attribute", shared.attribute.as_str().into()),
    ];
    words.explained("warning-shared-field", &args)
}

fn no_source_login(
    words: &Words,
    login: Option<&LoginName>,
    source_spec: &SourceSpec,
) -> Explanation {
    let place = match source_spec {
        SourceSpec::Dataverse(address) => format!("--environment {}", super::shell_word(address)),
        SourceSpec::Insights(instance) => format!("--instance {}", super::shell_word(instance)),
        SourceSpec::Folder(_) | SourceSpec::Sql(_) => String::new(),
    };
    let key = match login {
        Some(env) if env.matches(ENV_LOGIN) => "error-export-no-env-source-login",
        Some(_) => "error-export-no-source-login-named",
        None => "error-export-no-source-login",
    };
    let login = login.map(LoginName::as_str).unwrap_or_default();
    words.explained(
        key,
        &[
            ("login", login.into()),
            ("word", super::shell_word(login).into()),
            ("source", source_spec.to_string().into()),
            ("place", place.into()),
        ],
    )
}

impl Explain for Warning {
    #[expect(clippy::too_many_lines, reason = "one arm for each variant")]
    fn explain(&self, words: &Words) -> Explanation {
        match self {
            Self::ConsentUnused(attribute) => words.explained(
                "warning-consent-unused",
                &[("attribute", attribute.as_str().into())],
            ),
            Self::MarketingPermissions => words.explained("warning-marketing-permissions", &[]),
            Self::DoubleOptin => words.explained("warning-double-optin", &[]),
            Self::SharedField(shared) => shared_field(words, shared),
            Self::RepeatedIds { count, examples } => repeated_ids(words, *count, examples),
            Self::IdsApart(count) => {
                words.explained("warning-ids-apart", &[("count", (*count).into())])
            }
            Self::OddValues(values) => summed(words, "warning-odd-values", "values", values),
            Self::ValuesLeftOut(fields) => {
                summed(words, "warning-values-left-out", "fields", fields)
            }
            Self::ConsentNotUnderstood(values) => {
                summed(words, "warning-consent-not-understood", "values", values)
            }
            Self::CountsDiffer(segments) => words.explained(
                "warning-counts-differ",
                &[("segments", differing(words, segments).into())],
            ),
            Self::SegmentsDiffer(count) => {
                words.explained("warning-segments-differ", &[("count", (*count).into())])
            }
            Self::OfMoments => words.explained("warning-of-moments", &[]),
            Self::LettersReplaced(attributes) => {
                summed(words, "warning-letters-replaced", "attributes", attributes)
            }
            Self::ChoicesUnknown(attributes) => words.explained(
                "warning-choices-unknown",
                &[
                    ("count", attributes.values().sum::<u64>().into()),
                    ("attributes", counted(words, attributes).into()),
                ],
            ),
            Self::Unread(parts) => listing(words, "warning-unread", "parts", parts),
            Self::Rounded(columns) => listing(words, "warning-rounded", "columns", columns),
            Self::AudienceCountsDiffer(gap) => words.gap("warning-audience-counts-differ", gap),
            Self::OlderExport(export) => words.explained(
                "warning-older-export",
                &[
                    ("table", export.table.as_str().into()),
                    ("read", export.at.as_str().into()),
                    ("time", export.incomplete.clone().unwrap_or_default().into()),
                    ("files", words.listed(&export.missing).into()),
                ],
            ),
            Self::Refreshing => words.explained("warning-refreshing", &[]),
            Self::EmptySegments(all) => listing(words, "warning-empty-segments", "segments", all),
            Self::Lost(Lost::LedgerDamaged) => words.explained("warning-ledger-damaged", &[]),
            Self::Lost(Lost::Ledger) => words.explained("warning-ledger-lost", &[]),
            Self::Lost(Lost::Journal) => words.explained("warning-journal-damaged", &[]),
            Self::Unsettled(run) => {
                words.explained("warning-unsettled", &[("run", run.as_str().into())])
            }
            Self::GoneSegments(all) => listing(words, "warning-gone-segments", "segments", all),
            Self::FewAddresses { attribute, found } => few_addresses(words, attribute, *found),
            Self::PartialAddress { tag, lacking } => partial_address(words, tag, lacking),
            Self::ManySegments { count, column } => many_segments(words, *count, column.as_deref()),
            Self::Automations(titles) => listing(words, "warning-automations", "titles", titles),
            Self::JourneysUnseen => words.explained("warning-journeys-unseen", &[]),
            Self::WouldBeRefused(guard) => {
                let told = guard.explain(words);
                let what = words.with("warning-would-be-refused", &[("what", told.what.into())]);
                Explanation { what, ..told }
            }
        }
    }
}

/// Explains what is listed by name, and how many there are.
fn listing(words: &Words, key: &str, names: &str, all: &[String]) -> Explanation {
    let args = [
        ("count", all.len().into()),
        (names, words.listed(all).into()),
    ];
    words.explained(key, &args)
}

/// Explains what was counted by name: the sum, and each name with its count.
fn summed(words: &Words, key: &str, names: &str, counts: &BTreeMap<String, u64>) -> Explanation {
    let sum = counts.values().sum::<u64>();
    words.explained(
        key,
        &[
            ("count", sum.into()),
            (names, counted(words, counts).into()),
        ],
    )
}

fn few_addresses(words: &Words, attribute: &str, found: Addresses) -> Explanation {
    words.explained(
        "warning-few-addresses",
        &[
            ("attribute", attribute.into()),
            ("values", found.values.into()),
            ("addresses", found.addresses.into()),
        ],
    )
}

fn repeated_ids(words: &Words, count: u64, examples: &[String]) -> Explanation {
    words.explained(
        "warning-repeated-ids",
        &[
            ("count", count.into()),
            ("examples", examples.join(", ").into()),
        ],
    )
}

fn partial_address(words: &Words, tag: &MergeTag, lacking: &[AddressPart]) -> Explanation {
    // Within a sentence.
    let parts = lacking.iter();
    let parts: Vec<String> = parts
        .map(|part| words.address_part(*part).to_lowercase())
        .collect();
    // Without a country Mailchimp takes an address all the same, for one of its own choice.
    let key = match lacking {
        [AddressPart::Country] => "warning-address-without-country",
        _ => "warning-partial-address",
    };
    words.explained(
        key,
        &[
            ("tag", tag.as_str().into()),
            ("parts", parts.join(", ").into()),
        ],
    )
}

fn many_segments(words: &Words, count: usize, column: Option<&str>) -> Explanation {
    words.explained(
        match column {
            Some(_) => "warning-many-values",
            None => "warning-many-segments",
        },
        &[
            ("count", count.into()),
            ("column", column.unwrap_or_default().into()),
            // As it is typed.
            ("typed", count.to_string().into()),
        ],
    )
}

/// Lists segments with what was read of them and what the source counts: `VIP (990 / 1,000)`.
fn differing(words: &Words, segments: &BTreeMap<String, CountDiffers>) -> String {
    let each = segments.iter().map(|(label, one)| {
        let (read, told) = (words.number(one.read), words.number(one.told));
        format!("{label} ({read} / {told})")
    });
    each.collect::<Vec<_>>().join(", ")
}

/// Lists names with their counts, the largest first: `Allow (12), SANT (3)`.
fn counted(words: &Words, counts: &BTreeMap<String, u64>) -> String {
    let mut counts: Vec<(&String, &u64)> = counts.iter().collect();
    counts.sort_by(|a, b| b.1.cmp(a.1));
    let each = counts
        .iter()
        .map(|(name, count)| format!("{name} ({})", words.number(**count)));
    each.collect::<Vec<_>>().join(", ")
}

impl Words {
    fn gap(&self, key: &str, gap: &Gap) -> Explanation {
        self.explained(
            key,
            &[
                ("read", gap.read.into()),
                ("counted", gap.counted.into()),
                ("lookups", gap.lookups.into()),
            ],
        )
    }

    /// Says what state a segment is in.
    #[must_use]
    pub fn segment_state(&self, state: SegmentState) -> String {
        self.text(match state {
            SegmentState::Ready => "segment-ready",
            SegmentState::Draft => "segment-draft",
            SegmentState::Inactive => "segment-inactive",
            SegmentState::Stale => "segment-stale",
            SegmentState::Running => "segment-running",
        })
    }

    /// Says a warning in a line: what it is about, and why that matters.
    #[must_use]
    pub fn warning(&self, warning: &Warning) -> String {
        let told = warning.explain(self);
        format!("{} {}", told.what, told.why).trim_end().to_owned()
    }
}

impl Explain for Unmet {
    fn explain(&self, words: &Words) -> Explanation {
        let about = |key, tag: &MergeTag| words.explained(key, &[("tag", tag.as_str().into())]);
        match self {
            Self::NoEmail => words.explained("error-unmet-no-email", &[]),
            Self::UnknownField(tag) => about("error-unmet-unknown-field", tag),
            Self::RequiredField(tag) => about("error-unmet-required-field", tag),
            Self::AddressParts(tag) => about("error-unmet-address-parts", tag),
            Self::DateOrder(tag) => about("error-unmet-date-order", tag),
        }
    }
}

impl Explain for [Unmet] {
    /// Explains all that does not fit at once, so that nobody is sent back once for each field.
    fn explain(&self, words: &Words) -> Explanation {
        if let [only] = self {
            return only.explain(words);
        }
        let all = words.explained("error-unmet", &[("count", self.len().into())]);
        together(all, self.iter().map(|unmet| unmet.explain(words)))
    }
}

impl Explain for Undecided {
    fn explain(&self, words: &Words) -> Explanation {
        let orders = self.fitting.iter().map(|order| words.date_order(*order));
        let orders: Vec<String> = orders.collect();
        words.explained(
            "error-undecided",
            &[
                ("attribute", self.attribute.as_str().into()),
                ("tag", self.tag.as_str().into()),
                ("count", orders.len().into()),
                ("orders", orders.join(", ").into()),
            ],
        )
    }
}

impl Explain for [Undecided] {
    /// Explains all undecided columns at once.
    fn explain(&self, words: &Words) -> Explanation {
        if let [only] = self {
            return only.explain(words);
        }
        let all = words.explained("error-undecided-many", &[("count", self.len().into())]);
        together(all, self.iter().map(|column| column.explain(words)))
    }
}

/// Puts what each says under what all have in common; a way on that several share is told once.
fn together(mut all: Explanation, each: impl Iterator<Item = Explanation>) -> Explanation {
    let mut shared = std::mem::take(&mut all.next);
    let mut why = Vec::new();
    for told in each {
        why.push(told.what);
        for next in told.next {
            if !all.next.contains(&next) && !shared.contains(&next) {
                all.next.push(next);
            }
        }
    }
    all.next.append(&mut shared);
    all.why = why.join("\n");
    all
}
