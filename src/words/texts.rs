use std::fmt;
use std::path::Path;
use std::sync::Arc;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentMessage, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

use super::{Lang, shell_word};
use crate::domain::printable;

/// A value put into a text: anything that turns `into()` one. Whole numbers are grouped by language and choose plurals.
pub type Arg<'a> = FluentValue<'a>;

macro_rules! files {
    ($lang:literal) => {
        [
            include_str!(concat!("../../assets/locales/", $lang, "/ask.ftl")),
            include_str!("../../assets/locales/mailchimp.ftl"),
            include_str!(concat!("../../assets/locales/", $lang, "/cli.ftl")),
            include_str!(concat!("../../assets/locales/", $lang, "/commands.ftl")),
            include_str!(concat!("../../assets/locales/", $lang, "/common.ftl")),
            include_str!(concat!("../../assets/locales/", $lang, "/consent.ftl")),
            include_str!(concat!(
                "../../assets/locales/",
                $lang,
                "/errors-deliver.ftl"
            )),
            include_str!(concat!("../../assets/locales/", $lang, "/errors-entra.ftl")),
            include_str!(concat!(
                "../../assets/locales/",
                $lang,
                "/errors-export.ftl"
            )),
            include_str!(concat!("../../assets/locales/", $lang, "/errors-login.ftl")),
            include_str!(concat!(
                "../../assets/locales/",
                $lang,
                "/errors-source.ftl"
            )),
            include_str!(concat!(
                "../../assets/locales/",
                $lang,
                "/errors-service.ftl"
            )),
            include_str!(concat!("../../assets/locales/", $lang, "/errors-sql.ftl")),
            include_str!(concat!("../../assets/locales/", $lang, "/errors-store.ftl")),
            include_str!(concat!("../../assets/locales/", $lang, "/explain.ftl")),
            include_str!(concat!("../../assets/locales/", $lang, "/history.ftl")),
            include_str!(concat!("../../assets/locales/", $lang, "/home.ftl")),
            include_str!(concat!("../../assets/locales/", $lang, "/reasons.ftl")),
            include_str!(concat!("../../assets/locales/", $lang, "/run.ftl")),
            include_str!(concat!("../../assets/locales/", $lang, "/schedule.ftl")),
            include_str!(concat!("../../assets/locales/", $lang, "/tables.ftl")),
            include_str!(concat!("../../assets/locales/", $lang, "/ui.ftl")),
            include_str!(concat!("../../assets/locales/", $lang, "/doctor.ftl")),
            include_str!(concat!("../../assets/locales/", $lang, "/undo.ftl")),
            include_str!(concat!("../../assets/locales/", $lang, "/usage.ftl")),
        ]
    };
}

const EN: &[&str] = &files!("en");
const SV: &[&str] = &files!("sv");

/// All texts of one language; cheap to clone and to hand to another thread.
#[derive(Clone)]
pub struct Words {
    lang: Lang,
    /// The folder that the program was told to keep everything in, as a word of a shell.
    home: Option<Arc<str>>,
    /// The saved destination that is spoken of, as a word of a shell.
    saved: Option<Arc<str>>,
    bundle: Arc<FluentBundle<FluentResource>>,
}

impl Words {
    /// Reads the embedded texts of a language.
    #[must_use]
    pub fn new(lang: Lang) -> Self {
        let files = match lang {
            Lang::En => EN,
            Lang::Sv => SV,
        };
        let id: LanguageIdentifier = lang.as_str().parse().unwrap_or_default();
        let mut bundle = FluentBundle::new_concurrent(vec![id]);
        // Isolation marks would end up in terminals, files and the text that is hashed.
        bundle.set_use_isolating(false);
        bundle.set_formatter(Some(match lang {
            Lang::En => |value, _| grouped(value, Lang::En),
            Lang::Sv => |value, _| grouped(value, Lang::Sv),
        }));
        for file in files {
            // What does not parse, or is there twice, is missing and caught by the tests; here the rest must still work.
            let resource =
                FluentResource::try_new((*file).to_owned()).unwrap_or_else(|(rest, _)| rest);
            bundle.add_resource(resource).unwrap_or_default();
        }
        let bundle = Arc::new(bundle);
        Self {
            lang,
            home: None,
            saved: None,
            bundle,
        }
    }

    /// Has lines to run name the folder that this program was told on its command line to keep everything in.
    #[must_use]
    pub fn at_home(self, home: Option<&Path>) -> Self {
        let home = home.map(|home| shell_word(&home.display().to_string()).into());
        Self { home, ..self }
    }

    /// Has ways on name the saved destination that they are about, where else they would say NAME: `$saved` in the texts,
    /// which every text has.
    #[must_use]
    pub fn speaking_of(&self, destination: &str) -> Self {
        let saved = Some(shell_word(destination).into());
        Self {
            saved,
            ..self.clone()
        }
    }

    /// Says the same in another language.
    pub(super) fn in_language(&self, lang: Lang) -> Self {
        Self {
            home: self.home.clone(),
            saved: self.saved.clone(),
            ..Self::new(lang)
        }
    }

    /// Writes a command line as it has to be typed here.
    #[must_use]
    pub fn to_run(&self, line: &str) -> String {
        match (&self.home, line.strip_prefix("segue ")) {
            (Some(home), Some(rest)) => format!("segue --home {home} {rest}"),
            _ => line.to_owned(),
        }
    }

    /// Tells which language the texts are in.
    #[must_use]
    pub fn lang(&self) -> Lang {
        self.lang
    }

    /// Lists the keys of all texts.
    pub fn keys(&self) -> impl Iterator<Item = String> {
        let files = match self.lang {
            Lang::En => EN,
            Lang::Sv => SV,
        };
        let key = |line: &'static str| {
            let (key, _) = line
                .split_once(" =")
                .filter(|_| line.starts_with(|c: char| c.is_ascii_lowercase()))?;
            Some(key.to_owned())
        };
        files.iter().copied().flat_map(str::lines).filter_map(key)
    }

    /// Tells whether a text of this key exists.
    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        self.bundle
            .get_message(key)
            .is_some_and(|message| message.value().is_some())
    }

    /// Gives a text that has no variables. A key that does not exist is shown in brackets.
    #[must_use]
    pub fn text(&self, key: &str) -> String {
        self.with(key, &[])
    }

    /// Gives a text with its variables filled in. Values, which come from files and services, are made
    /// [`printable`], each on one line.
    #[must_use]
    pub fn with(&self, key: &str, args: &[(&str, Arg<'_>)]) -> String {
        let message = self.bundle.get_message(key);
        let Some(pattern) = message.and_then(|message| message.value()) else {
            return format!("[{key}]");
        };
        // A variable that is missing shows as `{$name}`; a test compares calls with texts.
        let mut missing = Vec::new();
        let filled = self.filled(args);
        let text = self
            .bundle
            .format_pattern(pattern, Some(&filled), &mut missing);
        ended_once(text.into_owned())
    }

    /// Gives the attributes of a text by name, in the order of the file, with their variables filled in as in
    /// [`Words::with`].
    pub(super) fn attributes(&self, key: &str, args: &[(&str, Arg<'_>)]) -> Vec<(String, String)> {
        let filled = self.filled(args);
        let mut missing = Vec::new();
        let message = self.bundle.get_message(key);
        let attributes = message.iter().flat_map(FluentMessage::attributes);
        attributes
            .map(|attribute| {
                let text =
                    self.bundle
                        .format_pattern(attribute.value(), Some(&filled), &mut missing);
                (attribute.id().to_owned(), ended_once(text.into_owned()))
            })
            .collect()
    }

    fn filled<'a>(&'a self, args: &'a [(&str, Arg<'_>)]) -> FluentArgs<'a> {
        let mut filled: FluentArgs<'a> = args
            .iter()
            .map(|(name, arg)| ((*name).to_owned(), harmless(arg)))
            .collect();
        let saved = self.saved.as_deref().unwrap_or(match self.lang {
            Lang::En => "NAME",
            Lang::Sv => "NAMN",
        });
        filled.set("saved", saved);
        filled
    }
}

impl fmt::Debug for Words {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Words({})", self.lang)
    }
}

fn harmless<'a>(arg: &'a Arg<'_>) -> Arg<'a> {
    match arg {
        FluentValue::String(text) => FluentValue::String(printable(text)),
        other => other.clone(),
    }
}

fn grouped(value: &FluentValue<'_>, lang: Lang) -> Option<String> {
    match value {
        FluentValue::Number(number) => Some(super::format::group(&number.as_string(), lang)),
        _ => None,
    }
}

/// Takes away the full stop behind a value that ends a sentence by itself: what a service said, or `<NAME>...`.
fn ended_once(text: String) -> String {
    if !["..", "….", "?.", "!."]
        .iter()
        .any(|end| text.contains(end))
    {
        return text;
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(at) = rest.find(['.', '…', '?', '!']) {
        let (before, signs) = rest.split_at(at);
        let end = signs.find(|c| !['.', '…', '?', '!'].contains(&c));
        let (signs, after) = signs.split_at(end.unwrap_or(signs.len()));
        out.push_str(before);
        // `..` is a folder, too.
        let ends_a_word = before.ends_with(|c: char| !c.is_whitespace() && !"/\\".contains(c));
        let ends_a_sentence = after.is_empty() || after.starts_with(char::is_whitespace);
        let extra = signs.len() > 1 && signs != "..." && signs.ends_with('.');
        match signs.strip_suffix('.') {
            Some(own) if extra && ends_a_word && ends_a_sentence => out.push_str(own),
            _ => out.push_str(signs),
        }
        rest = after;
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::{Lang, Words};

    #[test]
    fn words_can_be_shared_between_threads() {
        fn shared<T: Send + Sync + Clone>() {}
        shared::<Words>();
    }

    #[test]
    fn a_line_to_run_names_the_home_that_was_typed() {
        let words = Words::new(Lang::En);
        assert_eq!(words.to_run("segue list"), "segue list");
        let words = words.at_home(Some("/tmp/my home".as_ref()));
        let line = words.to_run("segue list");
        assert_eq!(line, "segue --home '/tmp/my home' list");
        assert_eq!(words.to_run("systemctl start x"), "systemctl start x");
    }

    #[test]
    fn a_way_on_names_the_destination_that_it_is_about() {
        let words = Words::new(Lang::Sv);
        let next = |words: &Words| words.attributes("warning-refreshing", &[]).remove(1).1;
        assert!(next(&words).ends_with(": segue run NAMN --wait"));
        assert!(
            next(&words.speaking_of("Åsas lista")).ends_with(": segue run 'Åsas lista' --wait")
        );
    }

    #[test]
    fn a_sentence_ends_once_whatever_the_value_at_its_end() {
        for (text, wanted) in [
            (
                "Something is missing: <NAME>....",
                "Something is missing: <NAME>...",
            ),
            ("It said: Busy.. Go on….", "It said: Busy. Go on…"),
            ("It asks: Who?. Then stops!.", "It asks: Who? Then stops!"),
            ("Wait... for it …", "Wait... for it …"),
            ("See ../data/.. and a..b.", "See ../data/.. and a..b."),
            ("Å..", "Å."),
        ] {
            assert_eq!(super::ended_once(text.to_owned()), wanted);
        }
    }

    #[test]
    fn a_missing_key_is_shown_and_never_a_panic() {
        assert_eq!(Words::new(Lang::Sv).text("no-such-key"), "[no-such-key]");
    }

    #[test]
    fn counts_choose_the_plural_and_are_grouped_by_language() {
        let gaps =
            |lang, count: u64| Words::new(lang).with("gaps-what", &[("count", count.into())]);
        assert!(gaps(Lang::En, 1).ends_with("one answer is missing."));
        assert!(gaps(Lang::Sv, 1).ends_with("ett svar saknas."));
        assert!(gaps(Lang::En, 1_000_000).contains(" 1,000,000 answers"));
        assert!(gaps(Lang::Sv, 12_345).contains(" 12\u{a0}345 svar"));
    }

    #[test]
    fn values_are_put_in_without_marks_and_without_control_characters() {
        let link = |value: &str| {
            let words = Words::new(Lang::En);
            words.with("run-find-segments", &[("link", value.into())])
        };
        assert!(link("https://x.example/å").ends_with(": https://x.example/å"));
        assert!(link("a\u{1b}[31mb\nc").ends_with(": a␛[31mb c"));
    }
}
