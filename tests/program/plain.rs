//! Without a full screen: the same wizard, line by line, on a real pseudo-terminal. Only what was asked for is typed.

use crate::terminal::Tty;

/// A talk with the program: what it asked is found after the answer before.
struct Talk {
    tty: Tty,
    heard: usize,
}

impl Talk {
    fn begin(args: &[&str], variables: &[(&str, &str)]) -> Self {
        let tty = Tty::run_with(args, (500, 160), variables);
        Self { tty, heard: 0 }
    }

    /// Waits for a question, which ends what is on the screen, and answers it.
    fn answer(&mut self, question: &str, reply: &str) {
        self.hear(question);
        self.tty.press(&format!("{reply}\r"));
    }

    fn hear(&mut self, question: &str) {
        let heard = self.heard;
        let is_asked = |text: &str| {
            let new = text.get(heard..).unwrap_or_default();
            new.contains(question) && new.trim_end().ends_with(':')
        };
        self.tty.see_text(question, is_asked);
        self.heard = self
            .tty
            .with_screen(|screen| screen.contents().trim_end().len());
    }
}

const DEMO: [&str; 4] = ["demo", "--plain", "--profiles", "200"];

#[test]
fn line_by_line_a_destination_is_made_and_exported_from_nothing() {
    let _turn = crate::wizard::TURN.blocking_lock();
    let mut talk = Talk::begin(&DEMO, &[]);
    talk.answer("Display name", "");
    talk.answer("I agree", "?");
    talk.answer(
        "Nothing is saved and nothing is sent before you agree",
        "back",
    );
    talk.answer("Display name", "Spring");
    talk.answer("I agree", "yes");
    talk.answer("Sign in as someone", "3");
    talk.answer("API key", "nobody-may-see-this");
    talk.answer("Sign in as someone", "1");
    talk.answer("Which audience", "nosuchid");
    talk.answer("Which audience", "");
    talk.answer("Where do the profiles come from", "");
    talk.answer("Which attribute fills", "");
    talk.answer("Which segments", "99");
    talk.answer("Type a number from 1", "all");
    talk.answer("Which status do new", "1");
    talk.answer("Who agreed to get mail", "");
    talk.answer("says the opposite", "");
    talk.answer("Leaving a segment", "");
    // Enter would save; to export is a choice of its own.
    talk.answer("1 Save\n", "2");
    let (exit, text) = talk.tty.end();
    assert_eq!(exit, 3, "{text}");
    assert!(
        text.contains("Spring") && text.contains("created: "),
        "{text}"
    );
    assert!(!text.contains("nobody-may-see-this"), "{text}");
}

#[test]
fn line_by_line_it_is_the_same_in_swedish_and_on_a_dumb_terminal() {
    let _turn = crate::wizard::TURN.blocking_lock();
    let variables = [("LC_ALL", "sv_SE.UTF-8"), ("TERM", "dumb")];
    let mut talk = Talk::begin(&["demo", "--profiles", "200"], &variables);
    talk.answer("Visningsnamn", "");
    talk.answer("Jag accepterar", "tillbaka");
    talk.answer("Visningsnamn", "Vår");
    talk.answer("Jag accepterar", "ja");
    talk.answer("Steg 3 av 8", "");
    talk.answer("Nummer, eller en målgrupps ID", "");
    talk.answer("Steg 4 av 8", "");
    talk.answer("Steg 5 av 8", "");
    talk.answer("Steg 6 av 8", "1");
    talk.answer("Steg 7 av 8", "2");
    talk.answer("Nummer [2]", "");
    talk.answer("tvärtom", "");
    talk.answer("Nummer [6]", "");
    talk.answer("1 Spara\n", "2");
    let (_, text) = talk.tty.end();
    assert!(text.contains("Vår") && text.contains("created: "), "{text}");
    assert!(!text.contains('\u{1b}'), "{text}");
}

#[test]
fn leaving_the_questions_saves_no_destination() {
    let home = tempfile::tempdir().expect("folder");
    let path = home.path().to_str().expect("a path");
    for (key, exit) in [("\x03", 130), ("\x04", 2)] {
        let args = ["--home", path, "--plain", "add", "--name", "Spring"];
        let mut talk = Talk::begin(&args, &[]);
        talk.answer("Display name [Spring]", "");
        talk.answer("I agree", "yes");
        talk.answer("Sign in as someone", "2");
        // Even where nothing is shown of what is typed.
        talk.hear("API key");
        talk.tty.press(key);
        let (ended, text) = talk.tty.end();
        assert_eq!(ended, exit, "{text}");
        assert!(text.contains("No destination was saved."), "{text}");
    }
    assert!(!home.path().join("destinations").exists());
}

#[test]
fn the_plain_list_of_destinations_shows_the_command_behind_each_choice() {
    let home = tempfile::tempdir().expect("folder");
    let path = home.path().to_str().expect("a path");
    let mut talk = Talk::begin(&["--home", path], &[("SEGUE_PLAIN", "1")]);
    talk.answer("1 New destination", "2");
    talk.answer("logins", "back");
    talk.answer("4 quit", "4");
    let (exit, text) = talk.tty.end();
    assert_eq!(exit, 0, "{text}");
    assert!(
        text.contains(&format!("> segue --home {path} logins")),
        "{text}"
    );
}
