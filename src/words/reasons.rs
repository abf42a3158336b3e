use std::sync::Arc;

use crate::domain::{Class, Explanation, Reason, Worded};
use crate::export::{Counters, Voice};

use super::{Explain, Lang, Words};

impl Words {
    /// Gives a run these words.
    #[must_use]
    pub fn voice(&self) -> Voice {
        let (advising, explaining) = (self.clone(), self.clone());
        Voice {
            advice: Arc::new(move |reason| advising.advice(reason)),
            explain: Arc::new(move |why| explaining.worded(why)),
        }
    }

    /// Explains a failure in these words, and in the other languages for whoever reads of it later.
    #[must_use]
    pub fn worded(&self, why: &impl Explain) -> Worded {
        let others = Lang::ALL.into_iter().filter(|lang| *lang != self.lang());
        let others = others.map(|lang| (lang.to_string(), why.explain(&self.in_language(lang))));
        Worded::new(why.explain(self), others.collect())
    }

    /// Reads a failure that was kept.
    #[must_use]
    pub fn read<'a>(&self, kept: &'a Worded) -> &'a Explanation {
        kept.of(self.lang().as_str())
    }

    /// Says in a short phrase why a profile was not written.
    #[must_use]
    pub fn reason(&self, reason: Reason) -> String {
        self.text(match reason {
            Reason::Unsubscribed => "reason-unsubscribed",
            Reason::Cleaned => "reason-cleaned",
            Reason::Archived => "reason-archived",
            Reason::AwaitingConfirmation => "reason-awaiting-confirmation",
            Reason::Forgotten => "reason-forgotten",
            Reason::Compliance => "reason-compliance",
            Reason::Fake => "reason-fake",
            Reason::Erased => "reason-erased",
            Reason::NoConsent => "reason-no-consent",
            Reason::Unclear => "reason-unclear",
            Reason::ChangedAddressOfNo => "reason-changed-address-of-no",
            Reason::NoEmail => "reason-no-email",
            Reason::InvalidEmail => "reason-invalid-email",
            Reason::ShortRow => "reason-short-row",
            Reason::RowTooLong => "reason-row-too-long",
            Reason::NoProfile => "reason-no-profile",
            Reason::InvalidValue => "reason-invalid-value",
            Reason::MissingRequired => "reason-missing-required",
            Reason::MergeInvalid => "reason-merge-invalid",
            Reason::TooManySignups => "reason-too-many-signups",
            Reason::Refused => "reason-refused",
        })
    }

    /// Says in a phrase of how many a reason was true. It stands first, as no reason has a form for one and for many.
    #[must_use]
    pub fn reason_of(&self, reason: Reason, count: u64) -> String {
        let args = [
            ("reason", self.reason(reason).into()),
            ("count", count.into()),
        ];
        self.with("run-reason", &args)
    }

    /// Says line by line why profiles were left alone and why others were refused, each under its heading.
    #[must_use]
    pub fn why_not(&self, counters: &Counters) -> Vec<String> {
        let groups = apart(counters).into_iter();
        let lines = groups.flat_map(|(key, reasons)| {
            let each = reasons.into_iter();
            let each = each.map(|(reason, count)| format!("  {}", self.reason_of(reason, count)));
            std::iter::once(self.text(key)).chain(each)
        });
        lines.collect()
    }

    /// Says in one sentence what can be done about it.
    #[must_use]
    pub fn advice(&self, reason: Reason) -> String {
        self.text(match reason {
            Reason::Unsubscribed => "advice-unsubscribed",
            Reason::Cleaned => "advice-cleaned",
            Reason::Archived => "advice-archived",
            Reason::AwaitingConfirmation => "advice-awaiting-confirmation",
            Reason::Forgotten => "advice-forgotten",
            Reason::Compliance => "advice-compliance",
            Reason::Fake => "advice-fake",
            Reason::Erased => "advice-erased",
            Reason::NoConsent => "advice-no-consent",
            Reason::Unclear => "advice-unclear",
            Reason::ChangedAddressOfNo => "advice-changed-address-of-no",
            Reason::NoEmail => "advice-no-email",
            Reason::InvalidEmail => "advice-invalid-email",
            Reason::ShortRow => "advice-short-row",
            Reason::RowTooLong => "advice-row-too-long",
            Reason::NoProfile => "advice-no-profile",
            Reason::InvalidValue => "advice-invalid-value",
            Reason::MissingRequired => "advice-missing-required",
            Reason::MergeInvalid => "advice-merge-invalid",
            Reason::TooManySignups => "advice-too-many-signups",
            Reason::Refused => "advice-refused",
        })
    }

    /// Says in a short phrase what a class of rejects means.
    #[must_use]
    pub fn class(&self, class: Class) -> String {
        self.text(match class {
            Class::Permanent => "class-permanent",
            Class::Mapping => "class-mapping",
            Class::Later => "class-later",
        })
    }
}

/// Parts the reasons of those who were left alone from those of the refused, each with the key of its heading. Some are
/// refused when Mailchimp says so first, and left alone from then on: where the sums do not tell, they stand apart.
fn apart(counters: &Counters) -> Vec<(&'static str, Vec<(Reason, u64)>)> {
    let (mut suppressed, mut rejected, mut either) = (Vec::new(), Vec::new(), Vec::new());
    for (reason, count) in &counters.reasons {
        let group = match reason {
            Reason::Unsubscribed
            | Reason::Cleaned
            | Reason::Archived
            | Reason::AwaitingConfirmation
            | Reason::Erased
            | Reason::NoConsent
            | Reason::Unclear
            | Reason::ChangedAddressOfNo => &mut suppressed,
            Reason::Forgotten | Reason::Compliance | Reason::Fake => &mut either,
            Reason::NoEmail
            | Reason::InvalidEmail
            | Reason::ShortRow
            | Reason::RowTooLong
            | Reason::NoProfile
            | Reason::InvalidValue
            | Reason::MissingRequired
            | Reason::MergeInvalid
            | Reason::TooManySignups
            | Reason::Refused => &mut rejected,
        };
        group.push((*reason, *count));
    }
    let sum = |group: &[(Reason, u64)]| group.iter().map(|(_, count)| count).sum::<u64>();
    if sum(&suppressed) == counters.suppressed {
        rejected.append(&mut either);
    } else if sum(&rejected) == counters.rejected {
        suppressed.append(&mut either);
    }
    let groups = [
        ("reasons-suppressed", suppressed),
        ("reasons-rejected", rejected),
        ("reasons-either", either),
    ];
    let groups = groups.into_iter();
    let groups = groups.filter(|(_, reasons)| !reasons.is_empty());
    let sorted = groups.map(|(key, mut reasons)| {
        reasons.sort_by_key(|(reason, _)| *reason);
        (key, reasons)
    });
    sorted.collect()
}

#[cfg(test)]
mod tests {
    use super::super::Lang;
    use super::{Counters, Reason, Words};

    #[test]
    fn whoever_was_left_alone_and_whoever_was_refused_are_told_apart() {
        let told = |suppressed: u64, rejected: u64, reasons: &[(Reason, u64)]| {
            let counters = Counters {
                suppressed,
                rejected,
                reasons: reasons.iter().copied().collect(),
                ..Counters::default()
            };
            Words::new(Lang::Sv).why_not(&counters)
        };
        let (archived, fake, none) = (Reason::Archived, Reason::Fake, Reason::NoEmail);
        assert_eq!(told(0, 0, &[]), [""; 0]);
        assert_eq!(
            told(2, 4, &[(archived, 2), (fake, 1), (none, 3)]),
            [
                "Undantagna, per orsak:",
                "  arkiverad i målgruppen: 2",
                "Avvisade, per orsak:",
                "  adressen bedöms som påhittad: 1",
                "  e-postadress saknas: 3",
            ]
        );
        assert_eq!(
            told(1, 3, &[(fake, 1), (none, 3)]),
            [
                "Undantagna, per orsak:",
                "  adressen bedöms som påhittad: 1",
                "Avvisade, per orsak:",
                "  e-postadress saknas: 3",
            ]
        );
        // One was refused now, another one before.
        assert_eq!(
            told(3, 1, &[(archived, 2), (fake, 2)]),
            [
                "Undantagna, per orsak:",
                "  arkiverad i målgruppen: 2",
                "Undantagna eller avvisade, per orsak:",
                "  adressen bedöms som påhittad: 2",
            ]
        );
    }

    #[test]
    fn every_reason_has_a_phrase_and_advice_named_after_it() {
        for words in Lang::ALL.map(Words::new) {
            for reason in Reason::ALL {
                let name = reason.as_str().replace('_', "-");
                assert_eq!(
                    words.reason(reason),
                    words.text(&["reason-", &name].concat())
                );
                assert_eq!(
                    words.advice(reason),
                    words.text(&["advice-", &name].concat())
                );
                assert!(words.advice(reason).ends_with('.'), "{name}");
                assert!(!words.class(reason.class()).starts_with('['), "{name}");
            }
        }
    }
}
