use crate::domain::{BadConsentRule, BadEmail, BadName, ConsentRule, Gap};

use super::{Explain, Explanation, Next, Words};

impl Explain for BadName {
    fn explain(&self, words: &Words) -> Explanation {
        let why = match self {
            Self::Empty => "bad-name-empty",
            Self::TooLong => "bad-name-too-long",
            Self::Control => "bad-name-control",
        };
        Explanation {
            what: words.text("bad-name-what"),
            why: words.text(why),
            next: vec![Next::Say(words.text("bad-name-next"))],
        }
    }
}

impl Explain for BadEmail {
    fn explain(&self, words: &Words) -> Explanation {
        let (what, why) = match self {
            Self::Empty => ("bad-email-empty-what", "bad-email-empty-why"),
            Self::Invalid => ("bad-email-invalid-what", "bad-email-invalid-why"),
        };
        Explanation {
            what: words.text(what),
            why: words.text(why),
            next: vec![Next::Say(words.text("bad-email-next"))],
        }
    }
}

impl Explain for ConsentRule {
    /// Explains why `!ATTRIBUTE=VALUES` is refused.
    fn explain(&self, words: &Words) -> Explanation {
        let plain = Self {
            inverted: true,
            values: Vec::new(),
            ..self.clone()
        };
        words.explained(
            "bad-consent-ambiguous",
            &[
                ("rule", self.to_string().into()),
                ("attribute", self.attribute.as_str().into()),
                ("plain", plain.to_string().into()),
            ],
        )
    }
}

impl Explain for BadConsentRule {
    fn explain(&self, words: &Words) -> Explanation {
        match self {
            Self::NoAttribute(text) => words.explained(
                "bad-consent-no-attribute",
                &[("text", text.as_str().into())],
            ),
            Self::Ambiguous(rule) => rule.explain(words),
        }
    }
}

impl Explain for Gap {
    fn explain(&self, words: &Words) -> Explanation {
        let plain = |key| words.explained(key, &[]);
        match self {
            Self::Name => plain("gap-name"),
            // Nobody can agree to what was not shown.
            Self::Agreement => Explanation {
                why: words.consent_text(),
                ..plain("gap-agreement")
            },
            Self::Login => plain("gap-login"),
            Self::Audience => plain("gap-audience"),
            Self::Source => plain("gap-source"),
            Self::SourceLogin => plain("gap-source-login"),
            Self::Email => plain("gap-email"),
            Self::Segments => plain("gap-segments"),
            Self::Tag(segment) => words.explained(
                "gap-tag",
                &[
                    ("segment", segment.as_str().into()),
                    ("word", super::shell_word(segment).into()),
                ],
            ),
            Self::SameTag(tag) => words.explained("gap-same-tag", &[("tag", tag.as_str().into())]),
            Self::RemovedTag(tag) => {
                words.explained("gap-removed-tag", &[("tag", tag.as_str().into())])
            }
            Self::StatusIfNew => plain("gap-status"),
            Self::MaxProfiles => plain("gap-max-profiles"),
        }
    }
}

impl Explain for [Gap] {
    /// Explains all that a draft lacks at once, so that nobody is sent back once for each answer.
    fn explain(&self, words: &Words) -> Explanation {
        if let [only] = self {
            return only.explain(words);
        }
        let each: Vec<Explanation> = self.iter().map(|gap| gap.explain(words)).collect();
        let mut why: Vec<String> = each.iter().map(|gap| gap.what.clone()).collect();
        if self.contains(&Gap::Agreement) {
            why.push(String::new());
            why.push(words.consent_text());
        }
        Explanation {
            what: words.with("gaps-what", &[("count", self.len().into())]),
            why: why.join("\n"),
            next: each.into_iter().flat_map(|gap| gap.next).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{BadEmail, BadName, Explain, Gap, Words};
    use crate::words::Lang;

    const GAPS: [Gap; 13] = [
        Gap::Name,
        Gap::Agreement,
        Gap::Login,
        Gap::Audience,
        Gap::Source,
        Gap::SourceLogin,
        Gap::Email,
        Gap::Segments,
        Gap::Tag(String::new()),
        Gap::SameTag(String::new()),
        Gap::RemovedTag(String::new()),
        Gap::StatusIfNew,
        Gap::MaxProfiles,
    ];

    #[test]
    fn every_failure_says_what_why_and_what_next() {
        let mut failures: Vec<&dyn Explain> = vec![
            &BadName::Empty,
            &BadName::TooLong,
            &BadName::Control,
            &BadEmail::Empty,
            &BadEmail::Invalid,
        ];
        let gaps = GAPS;
        failures.extend(gaps.iter().map(|gap| gap as &dyn Explain));
        for words in Lang::ALL.map(Words::new) {
            for failure in &failures {
                let told = failure.explain(&words);
                assert!(!told.what.is_empty() && !told.why.is_empty(), "{told:?}");
                assert!(!told.next.is_empty(), "{told:?}");
                assert!(!told.render(&words).contains('['), "{told:?}");
            }
        }
    }

    #[test]
    fn an_explanation_is_rendered_as_plain_lines() {
        let words = Words::new(Lang::En);
        assert_eq!(
            Gap::Login.explain(&words).render(&words),
            "error: The destination has no login.\n  \
             Segue has to sign in to Mailchimp to reach the audience.\n\
             run: segue login mailchimp --help\n\
             next: Sign in to Mailchimp, then add --login LOGIN.\n"
        );
    }

    #[test]
    fn all_gaps_are_told_at_once_with_the_text_to_agree_to() {
        let words = Words::new(Lang::Sv);
        let told = GAPS.explain(&words);
        assert_eq!(told.what, "Exportmålet är inte komplett: 13 svar saknas.");
        assert!(told.why.contains(&words.consent_text()));
        assert_eq!(told.next.len(), 14);
    }
}
