use super::{BadConsentRule, Consent, ConsentRule, Said, looks_like_consent};

const YES: &str = "yes true 1 1.0 y x on checked ja j sant på wahr oui si sí";
const NO: &str = "no false 0 0.0 n off unchecked nej falskt av nein falsch non";
const ALLOWED: [&str; 10] = [
    "allow",
    "allowed",
    "opted in",
    "opt-in",
    "subscribed",
    "consented",
    "granted",
    "tillåt",
    "tillåten",
    "prenumererar",
];
const DENIED: [&str; 10] = [
    "do not allow",
    "not allowed",
    "denied",
    "blocked",
    "opted out",
    "opt-out",
    "unsubscribed",
    "withdrawn",
    "tillåt inte",
    "avregistrerad",
];
const UNKNOWN: [&str; 12] = [
    "maybe",
    "null",
    "NULL",
    "-1",
    "2",
    "10",
    "n/a",
    "\\N",
    "not blocked",
    "not",
    "yes and no",
    "?",
];

fn rule(text: &str) -> ConsentRule {
    text.parse().expect("valid")
}

/// A word as people and programs write it.
fn spellings(word: &str) -> Vec<String> {
    let title: String = word
        .split(' ')
        .map(|part| {
            let mut letters = part.chars();
            let first = letters.next().map(char::to_uppercase);
            first
                .into_iter()
                .flatten()
                .chain(letters)
                .collect::<String>()
        })
        .collect::<Vec<_>>()
        .join(" ");
    vec![
        word.to_owned(),
        word.to_uppercase(),
        format!(" {title}\u{a0}"),
        title.replace(' ', ""),
        title.replace(' ', "-"),
        word.replace([' ', '-'], "_"),
    ]
}

#[test]
fn rule_1_every_word_means_what_the_table_says_in_both_forms() {
    let (plain, inverted) = (rule("Opt in"), rule("!donotemail"));
    let check = |word: &str, says: Said, inverted_says: Said| {
        for text in spellings(word) {
            assert_eq!(plain.says(&text), says, "{text:?}");
            assert_eq!(inverted.says(&text), inverted_says, "!{text:?}");
        }
    };
    for word in YES.split(' ') {
        check(word, Said::Yes, Said::No);
    }
    for word in NO.split(' ') {
        check(word, Said::No, Said::Yes);
    }
    for word in ALLOWED {
        check(word, Said::Yes, Said::Yes);
    }
    for word in DENIED {
        check(word, Said::No, Said::No);
    }
}

#[test]
fn rule_1_a_yes_behind_a_not_is_a_no_in_both_forms() {
    let nots = ["not ", "do not ", "don't ", "ej ", "inte ", "nicht ", "no "];
    for word in YES.split(' ').chain(ALLOWED) {
        for not in nots {
            let text = format!("{not}{word}");
            for form in ["a", "!a"] {
                assert_eq!(rule(form).says(&text), Said::No, "{form} {text}");
            }
        }
    }
}

#[test]
fn rule_1_what_is_no_known_yes_never_agrees_and_blanks_say_nothing() {
    for form in ["a", "!a"] {
        for text in UNKNOWN {
            assert_eq!(rule(form).says(text), Said::Unclear, "{form} {text}");
        }
        for text in ["", " ", "\u{a0}\t", "\u{200b}"] {
            assert_eq!(rule(form).says(text), Said::Nothing, "{form} {text:?}");
        }
    }
    assert_eq!(Said::Nothing.consent(), Consent::Silent);
    assert_eq!(Said::Unclear.consent(), Consent::Silent);
}

#[test]
fn rule_1_values_that_are_listed_agree_and_only_those() {
    let listed = rule("Status=VIP,  Gold member");
    for yes in ["vip", " Gold  Member "] {
        assert_eq!(listed.says(yes), Said::Yes, "{yes}");
    }
    assert_eq!(listed.says("yes"), Said::Unclear);
    assert_eq!(listed.says("no"), Said::No);
    assert_eq!(listed.says(""), Said::Nothing);
    let objection = rule("donotemail=No,false");
    assert_eq!(objection.says("FALSE"), Said::Yes);
    assert_eq!(objection.says("yes"), Said::No);
}

#[test]
fn rule_1_an_objection_with_values_is_refused_and_lets_nobody_be_mailed() {
    let refused = "!DoNotEmail=true,J".parse::<ConsentRule>();
    assert!(matches!(refused, Err(BadConsentRule::Ambiguous(_))));
    let saved = ConsentRule::try_from("!DoNotEmail=true,J".to_owned()).expect("can be looked at");
    assert_eq!(saved.to_string(), "!DoNotEmail=true,J");
    for text in ["true", "false", "j", "no", "allow"] {
        assert_eq!(saved.says(text), Said::Unclear, "{text}");
    }
}

#[test]
fn an_explicit_no_beats_silence_and_silence_beats_a_yes() {
    assert!(Consent::No > Consent::Silent && Consent::Silent > Consent::Yes);
}

#[test]
fn attributes_that_look_like_consent_are_seen() {
    for name in [
        "Email Subscriber",
        "opt-in",
        "doNotBulkEMail",
        "donotemail",
        "Samtycke nyhetsbrev",
    ] {
        assert!(looks_like_consent(name), "{name}");
    }
    assert!(!looks_like_consent("EMail"));
}
