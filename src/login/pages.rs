/// The page around the caller's words; no script, nothing loaded from elsewhere.
const TEMPLATE: &str = include_str!("../../assets/signin/closing.html");

/// The words of one closing page, as plain text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageText {
    /// Its heading.
    pub title: String,
    /// What to do now.
    pub text: String,
}

/// The words of the pages that the browser shows when it comes back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClosingPages {
    /// The language of the words, such as `sv`.
    pub lang: String,
    /// The person said yes.
    pub ok: PageText,
    /// The person said no, or the service refused.
    pub denied: PageText,
    /// The answer belongs to another sign-in.
    pub wrong: PageText,
}

/// How a sign-in ended, as the page's colour tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mood {
    Ok,
    Denied,
    Wrong,
}

impl ClosingPages {
    pub(super) fn render(&self, mood: Mood) -> String {
        let (words, name) = match mood {
            Mood::Ok => (&self.ok, "ok"),
            Mood::Denied => (&self.denied, "denied"),
            Mood::Wrong => (&self.wrong, "wrong"),
        };
        // One pass over the template, so that braces in the words are never filled in themselves.
        let mut page = String::with_capacity(TEMPLATE.len() + words.text.len());
        let mut rest = TEMPLATE;
        while let Some((before, after)) = rest.split_once('{') {
            page.push_str(before);
            let value = after.split_once('}').and_then(|(slot, after)| {
                let value = match slot {
                    "lang" => &self.lang,
                    "title" => &words.title,
                    "text" => &words.text,
                    "mood" => name,
                    _ => return None,
                };
                Some((value, after))
            });
            if let Some((value, after)) = value {
                page.push_str(&escape(value));
                rest = after;
            } else {
                page.push('{');
                rest = after;
            }
        }
        page.push_str(rest);
        page
    }
}

fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            c => safe.push(c),
        }
    }
    safe
}

#[cfg(test)]
pub(super) mod tests {
    use super::{ClosingPages, Mood, PageText};

    pub(in crate::login) fn pages() -> ClosingPages {
        let words = |title: &str| PageText {
            title: title.to_owned(),
            text: "Close {title} & go <b>on</b>".to_owned(),
        };
        ClosingPages {
            lang: "sv".to_owned(),
            ok: words("Signed in"),
            denied: words("Not signed in"),
            wrong: words("Another sign-in"),
        }
    }

    #[test]
    fn words_are_escaped_and_every_slot_is_filled() {
        let page = pages().render(Mood::Denied);
        assert!(page.contains("<html lang=\"sv\">"));
        assert!(page.contains("<h1>Not signed in</h1>"));
        assert!(page.contains("<p>Close {title} &amp; go &lt;b&gt;on&lt;/b&gt;</p>"));
        assert!(page.contains("var(--denied)") && page.contains("{ margin: 0;"));
        assert!(!page.contains("{mood}") && !page.contains("{lang}"));
    }
}
