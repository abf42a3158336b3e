use std::fmt::Write;

use jiff::Timestamp;
use sha2::{Digest, Sha256};

use super::Words;
use crate::domain::Agreement;

impl Words {
    /// Gives the text a user agrees to before data leaves Customer Insights (rule 6): exactly what is shown, what its
    /// hash is made of and nothing else.
    #[must_use]
    pub fn consent_text(&self) -> String {
        format!(
            "{}\n\n{}\n",
            self.text("label-privacy"),
            self.text("consent-text")
        )
    }

    /// Records that a user agrees at this moment to the text as it is now.
    #[must_use]
    pub fn agreement(&self, user: &str, at: Timestamp) -> Agreement {
        Agreement {
            at,
            user: user.to_owned(),
            language: self.lang().as_str().to_owned(),
            text_sha256: agreement_hash(&self.consent_text()),
        }
    }
}

/// Makes the SHA-256, in lower-case hex, by which an agreement names the text that was shown.
#[must_use]
pub fn agreement_hash(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    digest.iter().fold(String::new(), |mut hex, byte| {
        // Writing to a string cannot fail.
        write!(hex, "{byte:02x}").unwrap_or_default();
        hex
    })
}

#[cfg(test)]
mod tests {
    use super::super::Lang;
    use super::{Words, agreement_hash};

    #[test]
    fn the_consent_text_says_what_the_documentation_says() {
        let says = [
            (
                Lang::En,
                [
                    "Data privacy and compliance",
                    "leave the compliance boundary",
                    "personal data",
                    "privacy and security obligations",
                    "remove the destination at any time",
                    "privacy statement",
                ],
            ),
            (
                Lang::Sv,
                [
                    "Datasekretess och regelefterlevnad",
                    "lämnar efterlevnadsgränsen",
                    "personuppgifter",
                    "sekretess och säkerhet",
                    "när som helst ta bort exportmålet",
                    "sekretesspolicy",
                ],
            ),
        ];
        for (lang, parts) in says {
            let text = Words::new(lang).consent_text();
            for part in parts {
                assert!(text.contains(part), "{lang}: {part}\n{text}");
            }
            assert!(text.contains("https://go.microsoft.com/fwlink/?linkid=396732\n"));
        }
    }

    #[test]
    fn an_agreement_names_its_text_by_sha_256_in_lower_case_hex() {
        assert_eq!(
            agreement_hash("abc"),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }
}
