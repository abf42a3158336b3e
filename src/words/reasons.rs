use std::sync::Arc;

use crate::domain::{Class, Explanation, Reason, Worded};
use crate::export::Voice;

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

#[cfg(test)]
mod tests {
    use super::super::Lang;
    use super::{Reason, Words};

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
