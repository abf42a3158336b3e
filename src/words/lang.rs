use std::fmt;

/// A language that Segue speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Lang {
    /// English, also for every language that Segue does not speak.
    #[default]
    En,
    /// Swedish.
    Sv,
}

impl Lang {
    /// Every language, English first.
    pub const ALL: [Self; 2] = [Self::En, Self::Sv];

    /// Reads the value of `--lang`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        Self::ALL
            .into_iter()
            .find(|lang| text.eq_ignore_ascii_case(lang.as_str()))
    }

    /// Chooses by `LC_ALL`, `LC_MESSAGES` and `LANG`; the first that is set and not empty decides.
    #[must_use]
    pub fn from_env(lookup: impl Fn(&str) -> Option<String>) -> Self {
        let locale = ["LC_ALL", "LC_MESSAGES", "LANG"]
            .into_iter()
            .filter_map(lookup)
            .find(|value| !value.trim().is_empty());
        match locale.map(|value| value.trim().to_lowercase()) {
            Some(value) if value.starts_with("sv") => Self::Sv,
            _ => Self::En,
        }
    }

    /// Shows the language as `--lang` takes it and as an agreement records it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Sv => "sv",
        }
    }
}

impl fmt::Display for Lang {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::Lang;

    fn chosen(set: &[(&str, &str)]) -> Lang {
        Lang::from_env(|name| {
            let found = set.iter().find(|(key, _)| *key == name);
            found.map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn the_first_locale_variable_that_is_not_empty_decides() {
        assert_eq!(chosen(&[("LANG", "sv_SE.UTF-8")]), Lang::Sv);
        assert_eq!(
            chosen(&[("LC_ALL", "C.UTF-8"), ("LANG", "sv_SE")]),
            Lang::En
        );
        assert_eq!(
            chosen(&[("LC_ALL", ""), ("LC_MESSAGES", "sv"), ("LANG", "en_US")]),
            Lang::Sv
        );
        assert_eq!(chosen(&[("LANG", "de_DE")]), Lang::En);
        assert_eq!(chosen(&[]), Lang::En);
    }

    #[test]
    fn a_language_reads_what_it_writes_and_nothing_else() {
        for lang in Lang::ALL {
            assert_eq!(Lang::parse(lang.as_str()), Some(lang));
        }
        assert_eq!(Lang::parse("SV"), Some(Lang::Sv));
        assert_eq!(Lang::parse("svenska"), None);
    }
}
