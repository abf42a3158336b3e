//! The languages Mailchimp knows a member by: a code of its list, or none.

/// Mailchimp's list (mailchimp.com/help/view-and-edit-contact-languages). `pt` is the Portuguese of Brazil, `es` the
/// Spanish of Mexico, `fr` the French of France.
const CODES: [&str; 51] = [
    "en", "ar", "af", "be", "bg", "ca", "zh", "hr", "cs", "da", "nl", "et", "fa", "fi", "fr",
    "fr_CA", "de", "el", "he", "hi", "hu", "is", "id", "ga", "it", "ja", "km", "ko", "lv", "lt",
    "mt", "ms", "mk", "no", "pl", "pt", "pt_PT", "ro", "ru", "sr", "sk", "sl", "es", "es_ES", "sw",
    "sv", "ta", "th", "tr", "uk", "vi",
];

/// Other codes of the same languages.
const SAME: [(&str, &str); 5] = [
    ("nb", "no"),
    ("nn", "no"),
    ("iw", "he"),
    ("in", "id"),
    ("cmn", "zh"),
];

/// Finds the code for a language as the source writes it: `sv-SE`, `EN`, `pt_PT`; `None` when the list has none.
pub(super) fn code(text: &str) -> Option<&'static str> {
    let mut parts = text.trim().split(['-', '_']);
    let language = parts.next()?.to_lowercase();
    let language = SAME
        .iter()
        .find(|(other, _)| *other == language)
        .map_or(language.as_str(), |(_, code)| code);
    let land = parts.next_back().unwrap_or_default();
    let find = |wanted: &str| {
        let mut codes = CODES.iter();
        codes
            .find(|code| code.eq_ignore_ascii_case(wanted))
            .copied()
    };
    let whole = find(&format!("{language}_{land}"));
    whole.or_else(|| find(language))
}

#[cfg(test)]
mod tests {
    use super::code;

    #[test]
    fn a_language_is_written_as_mailchimps_list_has_it_or_not_at_all() {
        let table = [
            ("sv-SE", "sv"),
            ("pt-PT", "pt_PT"),
            ("PT_pt", "pt_PT"),
            ("pt-BR", "pt"),
            ("fr-CA", "fr_CA"),
            ("fr-FR", "fr"),
            ("es-ES", "es_ES"),
            ("es-419", "es"),
            ("EN", "en"),
            ("en-GB", "en"),
            ("nb-NO", "no"),
            ("zh-Hans-CN", "zh"),
            (" de ", "de"),
        ];
        for (written, wanted) in table {
            assert_eq!(code(written), Some(wanted), "{written}");
        }
        for unknown in ["", "Swedish", "xx", "e", "NULL", "sv SE", "46"] {
            assert_eq!(code(unknown), None, "{unknown}");
        }
    }
}
