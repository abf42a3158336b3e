//! Without a full screen: the same wizard, line by line, on a real pseudo-terminal. Only what was asked for is typed.

use serde_json::json;

use crate::support::World;
use crate::support::command::{add, saved, segue, told};
use crate::terminal::Tty;

/// A talk with the program: what it asked is found after the answer before.
struct Talk {
    tty: Tty,
    heard: usize,
}

impl Talk {
    fn begin(args: &[&str], variables: &[(&str, &str)]) -> Self {
        let tty = Tty::run_with(args, (600, 72), variables);
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
            one_line(new).contains(question) && new.trim_end().ends_with(':')
        };
        self.tty.see_text(question, is_asked);
        self.heard = self
            .tty
            .with_screen(|screen| screen.contents().trim_end().len());
    }
}

/// What was broken into lines by its width, in one.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
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
    // What would be lost is said beside its line, as in the full screen.
    talk.answer(
        "values do not fit (email address): these profiles would be rejected.",
        "",
    );
    talk.answer("Which segments", "99");
    talk.answer("Type a number from 1", "all");
    talk.answer("Which status do new", "1");
    talk.answer("Who agreed to get mail", "");
    talk.answer("says the opposite", "");
    talk.answer("Leaving a segment", "");
    // Enter would save; to export is a choice of its own, which asks with the numbers of the check.
    talk.answer("Enter takes 1: it saves, and sends nothing. 1 Save", "?");
    talk.answer("2 saves and exports", "2");
    talk.answer("export now?", "?");
    talk.answer("Yes exports now, with the numbers above", "back");
    talk.answer("Enter takes 1", "2");
    talk.answer("export now?", "");
    talk.answer("Enter takes 1", "2");
    talk.hear("an export would create");
    talk.tty.with_screen(|screen| {
        let (rows, cols) = screen.size();
        let text = screen.contents();
        assert_eq!(
            text.matches("Data privacy and compliance\n").count(),
            3,
            "{text}"
        );
        let torn = screen.rows(0, cols).enumerate();
        let torn: Vec<String> = torn
            .filter(|(row, text)| {
                screen.row_wrapped(u16::try_from(*row).unwrap_or(rows)) && text.contains(' ')
            })
            .map(|(_, text)| text)
            .collect();
        assert!(torn.is_empty(), "broken by the terminal: {torn:?}");
    });
    talk.tty.press("yes\r");
    let (exit, text) = talk.tty.end();
    assert_eq!(exit, 3, "{text}");
    assert!(
        text.contains("Spring") && text.contains(" created\n"),
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
    talk.answer("1 Spara", "2");
    talk.answer("exportera nu?", "ja");
    let (_, text) = talk.tty.end();
    assert!(
        text.contains("Vår") && text.contains(" skapade\n"),
        "{text}"
    );
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
    talk.answer("1 New destination", "hjälp");
    talk.answer("Type a number from 1", "help");
    talk.answer("A destination says which profiles go", "2");
    // Back where there is nothing before ends, and says so.
    talk.answer("logins", "back");
    let (exit, text) = talk.tty.end();
    assert_eq!(exit, 0, "{text}");
    assert!(text.contains("Segue has ended."), "{text}");
    assert!(
        one_line(&text).contains(&format!("> segue --home {path} logins")),
        "{text}"
    );
}

#[test]
#[cfg(feature = "sql")]
fn line_by_line_an_engine_is_reached_and_its_secret_is_not_shown() {
    let home = tempfile::tempdir().expect("folder");
    let path = home.path().to_str().expect("a path");
    let _turn = crate::wizard::TURN.blocking_lock();
    let mut talk = Talk::begin(&DEMO, &[("SEGUE_HOME", path)]);
    talk.answer("Display name", "");
    talk.answer("I agree", "yes");
    talk.answer("Sign in as someone", "1");
    talk.answer("Which audience", "");
    talk.answer("5 SQL engine (ADBC)", "5");
    talk.answer("Name:", "");
    talk.answer("This question needs an answer", "warehouse");
    talk.answer("Driver:", "/nowhere/libadbc_driver.so");
    talk.answer(
        "an empty line goes on",
        "password=nobody-may-see-this-either",
    );
    talk.answer("Type its name alone", "password");
    talk.answer("Value of password", "nobody-may-see-this");
    talk.answer("an empty line goes on", "uri=db.example");
    talk.answer("an empty line goes on", "");
    // It cannot be reached, and the ways are offered again.
    talk.answer("Where do the profiles come from", "back");
    talk.hear("Sign in as someone");
    talk.tty.press("\x03");
    let (exit, text) = talk.tty.end();
    assert_eq!(exit, 130, "{text}");
    assert!(text.contains("/nowhere/libadbc_driver.so"), "{text}");
    assert!(!text.contains("nobody-may-see-this\n"), "{text}");
}

#[test]
fn line_by_line_a_file_is_understood_as_somebody_says() {
    let folder = tempfile::tempdir().expect("folder");
    let file = folder.path().join("people.csv");
    let rows = "id,email,tier\n1,ann@x.example,Gold\n2,bo@x.example,Silver\n";
    std::fs::write(&file, rows).expect("file");
    let _turn = crate::wizard::TURN.blocking_lock();
    let mut talk = Talk::begin(&DEMO, &[]);
    talk.answer("Display name", "");
    talk.answer("I agree", "yes");
    talk.answer("Sign in as someone", "1");
    talk.answer("Which audience", "");
    talk.answer("4 A folder of exported files", "4");
    talk.answer("or one file", file.to_str().expect("a path"));
    talk.answer("2 Segments by: none 3 Go on", "2");
    talk.answer("1 none 2 id 3 email 4 tier", "4");
    // What it cannot be is told, and it stays what it was.
    talk.answer("2 Segments by: tier", "1");
    talk.answer("4 a file for each segment", "4");
    talk.answer("2 Segments by: tier", "");
    talk.answer("Which attribute fills", "");
    talk.hear("1 Gold · 1 member 2 Silver · 1 member");
    talk.tty.press("\x03");
    let (exit, text) = talk.tty.end();
    assert_eq!(exit, 130, "{text}");
}

/// A question, how it is asked, and what `?` says of it: of no two the same.
const EXPLAINED: [(&str, &str, &str); 14] = [
    ("Display name", "The name tells your destinations apart", ""),
    ("I agree", "Segue records when you did", "yes"),
    (
        "Sign in as someone",
        "Mailchimp needs an app of your own",
        "1",
    ),
    ("Which audience", "type its number in the list", ""),
    (
        "Where do the profiles",
        "read in the name of a user who signs",
        "",
    ),
    ("Email *", "Type the number of a line to change it", ""),
    (
        "Which segments",
        "Only profiles in the chosen segments",
        "all",
    ),
    (
        "Which status do new",
        "1 Campaigns reach them from now on",
        "1",
    ),
    (
        "Who agreed to get mail",
        "Only people for whom it says yes",
        "",
    ),
    ("says the opposite", "do not mail this person", ""),
    ("Leaving a segment", "as usual until you change one", "4"),
    ("Limit of profiles", "more people than that is refused", ""),
    ("Leaving a segment", "as usual until you change one", "2"),
    ("Use tags that exist", "counts as yours", ""),
];

#[test]
fn line_by_line_each_question_has_an_explanation_of_its_own() {
    let _turn = crate::wizard::TURN.blocking_lock();
    let mut talk = Talk::begin(&DEMO, &[]);
    for (question, explanation, answer) in EXPLAINED {
        talk.answer(question, "?");
        talk.answer(explanation, answer);
    }
    // So many were chosen, and that is said when they are.
    talk.hear("Leaving a segment");
    talk.tty.press("\x03");
    let (exit, text) = talk.tty.end();
    assert_eq!(exit, 130, "{text}");
    let text = one_line(&text);
    assert!(
        text.contains("Chosen: ") && text.contains(" segments with "),
        "{text}"
    );
}

#[test]
fn line_by_line_a_wrong_answer_costs_one_line_and_the_way_out_says_so() {
    let _turn = crate::wizard::TURN.blocking_lock();
    let mut talk = Talk::begin(&DEMO, &[]);
    talk.answer("Display name", "");
    talk.answer("I agree", "xyz");
    talk.answer("Answer yes or no.", "1");
    talk.answer("Answer yes or no.", "no");
    talk.answer("Without your agreement nothing can be exported.", "yes");
    talk.answer("Sign in as someone", "1");
    talk.answer("Which audience", "");
    talk.answer("4 A folder of exported files", "4");
    talk.answer("or one file", "/nowhere/at/all");
    // A path that was mistyped is told without a flag, and is no usual answer the next time.
    talk.answer("Where do the profiles come from", "4");
    talk.hear("or one file");
    talk.tty.press("back\r");
    talk.answer("Where do the profiles come from", "");
    talk.answer("Which attribute fills which field?", "back");
    talk.answer("Where do the profiles come from", "back");
    talk.answer("Sign in as someone", "back");
    talk.answer("I agree [yes]", "back");
    talk.answer("Display name", "back");
    let (exit, text) = talk.tty.end();
    assert_eq!(exit, 2, "{text}");
    assert!(text.contains("No destination was saved."), "{text}");
    let heading = "Data privacy and compliance\n";
    assert_eq!(text.matches(heading).count(), 2, "{text}");
    assert!(
        !text.contains("--source") && !text.contains("[/nowhere"),
        "{text}"
    );
}

/// Talks over the world's home and its sandbox.
fn talk_in(world: &World, args: &[&str]) -> Talk {
    let home = world.folder.path().join("home").display().to_string();
    let variables = [
        ("SEGUE_HOME", &*home),
        ("SEGUE_PLAIN", "1"),
        ("SEGUE_MAILCHIMP_API_URL", world.ready("mailchimp_api")),
        ("SEGUE_MAILCHIMP_TOKEN", world.ready("mailchimp_api_key")),
    ];
    Talk::begin(args, &variables)
}

#[tokio::test(flavor = "multi_thread")]
async fn line_by_line_a_saved_destination_is_looked_after_and_stays_at_hand() {
    let world = saved().await;
    tokio::task::block_in_place(|| {
        let mut talk = talk_in(&world, &[]);
        talk.answer("1 Spring → ", "1");
        talk.answer("Spring 1 check", "?");
        // A schedule is asked for, until it is one.
        talk.answer("what you want to do with this destination", "9");
        talk.answer("When should Spring run by itself?", "?");
        talk.answer("off only when you run it", "sometimes");
        talk.answer("sometimes is not a schedule", "mon 06:00");
        talk.answer("Time zone", "Nowhere/Atall");
        talk.answer("Time zone", "UTC");
        talk.answer("Spring 1 check", "10");
        talk.answer("A new name for Spring", "Summer");
        talk.answer("Summer 1 check", "11");
        talk.answer("Duplicate Summer · Name", "Autumn");
        talk.answer("I agree [no]", "yes");
        // All of it is asked again, with what is saved as the usual answers.
        talk.answer("Summer 1 check", "4");
        talk.answer("Display name [Summer]", "Winter");
        talk.answer("I agree [yes]", "");
        talk.answer("Sign in as someone", "");
        talk.answer("Which audience", "");
        talk.answer("Where do the profiles come from", "");
        talk.answer("or one file", "");
        talk.answer("3 Go on", "");
        talk.answer("3 Last name ← none", "3");
        talk.answer("1 none 2 email", "3");
        // What was matched is still so after the step before was seen again.
        talk.answer("3 Last name ← first", "back");
        talk.answer("Where do the profiles come from", "");
        talk.answer("or one file", "");
        talk.answer("3 Go on", "");
        talk.answer("3 Last name ← first", "");
        talk.answer("Which segments", "");
        talk.answer("Which status do new", "");
        talk.answer("Who agreed to get mail", "");
        talk.answer("Leaving a segment", "");
        talk.answer("Enter takes 1", "");
        talk.answer("Winter 1 check", "4");
        talk.answer("Display name [Winter]", "back");
        talk.answer("Winter 1 check", "back");
        talk.answer("2 Winter → ", "back");
        let (exit, text) = talk.tty.end();
        assert_eq!(exit, 0, "{text}");
        let text = one_line(&text);
        assert!(
            text.contains("> segue schedule --weekly mon 06:00 --tz UTC Spring")
                && text.contains("Nothing was changed."),
            "{text}"
        );
    });
    let (_, list, _) = told(&segue(&world, &["list", "--json"]));
    let list: serde_json::Value = serde_json::from_str(&list).expect("JSON");
    let told = |at: usize| (&list[at]["name"], list[at]["schedule"].is_null());
    assert_eq!(told(0), (&json!("Autumn"), true));
    assert_eq!(told(1), (&json!("Winter"), false));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_is_no_yes_and_no_no_is_asked_for_again() {
    let world = saved().await;
    tokio::task::block_in_place(|| {
        let mut talk = talk_in(&world, &["undo", "Spring"]);
        let asked = |text: &str| text.trim_end().ends_with("[y/N]");
        talk.tty.see_text("the question", asked);
        talk.tty.press("kanske\r");
        let again = |text: &str| asked(text) && text.contains("Answer yes or no.");
        talk.tty.see_text("the question again", again);
        talk.tty.press("nej\r");
        let (exit, text) = talk.tty.end();
        assert_eq!(exit, 0, "{text}");
        assert!(text.contains("Nothing was changed."), "{text}");
    });
    assert_eq!(
        world.members().await["bo@x.example"]["status"],
        "subscribed"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn line_by_line_each_reject_is_a_paragraph_that_names_its_parts() {
    let world = World::new(&[], &[]).await;
    let rows = "email,first\nanna@x.example,Anna\nnone,Bo\nnobody,Cy\n";
    let source = world.file("people.csv", rows);
    add(&world, &source, &["--all-segments", "--force"]);
    let (exit, out, err) = told(&segue(&world, &["run", "Spring"]));
    assert_eq!(exit, Some(3), "{out}{err}");
    let (exit, out, err) = told(&segue(&world, &["--plain", "rejects", "Spring"]));
    assert_eq!(exit, Some(0), "{err}");
    let paragraphs: Vec<&str> = out.split("\n\n").collect();
    assert_eq!(paragraphs.len(), 2, "{out}");
    for paragraph in paragraphs {
        let named = |heading: &str| paragraph.lines().any(|line| line.starts_with(heading));
        let headings = ["Place: ", "Email: ", "Reason: ", "What to do: "];
        assert!(headings.into_iter().all(named), "{out}");
    }
    let (_, table, _) = told(&segue(&world, &["rejects", "Spring"]));
    assert_eq!(table.lines().count(), 3, "{table}");
}

#[tokio::test(flavor = "multi_thread")]
async fn line_by_line_what_was_said_of_one_file_is_not_asked_of_another() {
    let world = saved().await;
    let first = format!(
        "folder:{}",
        world
            .file("first.csv", "id,email\n1,a@x.example\n")
            .display()
    );
    let second = world.file("second.csv", "key,email\n1,b@x.example\n");
    let flags = [
        "add",
        "--name",
        "Other",
        "--accept-privacy",
        "--id-column",
        "id",
        "--source",
        &first,
    ];
    tokio::task::block_in_place(|| {
        let mut talk = talk_in(&world, &flags);
        talk.answer("Display name [Other]", "");
        talk.answer("I agree [yes]", "");
        talk.answer("Sign in as someone", "");
        talk.answer("Which audience", "");
        talk.answer("Where do the profiles come from", "");
        talk.answer("or one file", second.to_str().expect("a path"));
        talk.answer("3 Go on", "");
        talk.hear("1 Email * ← email");
        talk.tty.press("\x03");
        let (exit, text) = talk.tty.end();
        assert_eq!(exit, 130, "{text}");
    });
}
