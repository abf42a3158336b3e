//! `segue erase`: nothing is left of the person, nobody sends them again, and cut short it can be done again.

use std::path::{Path, PathBuf};

use reqwest::Method;
use segue::domain::{Email, PersonKey};
use segue::store::{Erased, Leaver};
use serde_json::{Value, json};

use crate::support::World;
use crate::support::command::{add, given, of, told};
use crate::support::tamper::{Act, Call, Tamper};

const ANNA: &str = "anna@x.example";

/// Lists the files under a folder that name the person in any way that files of ours may.
fn naming(folder: &Path) -> Vec<String> {
    let key = PersonKey::of(ANNA);
    let names = [ANNA.to_owned(), ANNA.replace('@', "%40"), key.hex()];
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(naming(&path));
            continue;
        }
        let bytes = std::fs::read(&path).expect("a file");
        let text = String::from_utf8_lossy(&bytes).to_lowercase();
        // Joanna is somebody else.
        let text = text.replace("joanna@", "");
        let is_named = names.iter().any(|name| text.contains(name))
            || bytes.windows(16).any(|some| some == key.as_bytes());
        if is_named {
            found.push(path.display().to_string());
        }
    }
    found.sort();
    found
}

/// A saved destination to an audience that holds Anna; her second profile is rejected, and a value of the first left out.
async fn saved() -> World {
    let held = json!({
        "email_address": "Anna@x.example", "status": "subscribed", "merge_fields": {"FNAME": "A"}, "tags": [],
    });
    let world = World::new(&[held], &[]).await;
    let more = "--map BIRTHDAY=born --date-order ymd --id-column id --all-segments";
    add(
        &world,
        &write_source(&world),
        &more.split(' ').collect::<Vec<_>>(),
    );
    world
}

fn write_source(world: &World) -> PathBuf {
    let rows = "id,email,first,born\n1,ANNA@x.example,Annika,never\n2,bo@x.example,Bo,2000-01-02\n\
                1,anna@x.example,Twice,2000-01-02\n3,anna@x.example,Anna,2000-01-02\n4,joanna@x.example,Jo,never\n";
    world.file("people.csv", rows)
}

/// Runs a command that must succeed over the world's home; gives what it printed.
fn done(world: &World, line: &[&str]) -> String {
    let (exit, out, err) = told(&given(of(world, line), ""));
    assert!(matches!(exit, Some(0 | 3)), "{line:?}: {exit:?} {out}{err}");
    out
}

fn erase(world: &World) -> (Option<i32>, String, String) {
    let line = [
        "erase",
        "Spring",
        "--email-stdin",
        "--confirm",
        "delete",
        "--json",
    ];
    told(&given(of(world, &line), " Anna@X.example\n"))
}

fn ended(out: &str) -> Value {
    let last = out.lines().last().expect("a line");
    serde_json::from_str(last).expect("JSON")
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_left_of_who_is_erased_and_nobody_sends_them_again() {
    let world = saved().await;
    let home = world.folder.path().join("home");
    let first = ended(&done(&world, &["run", "Spring", "--json", "-vv"]));
    assert_eq!(first["merged"], 1, "{first}");
    done(&world, &["schedule", "Spring", "--daily", "06:00"]);
    let schedules = home.join("schedules.toml");
    let kept = std::fs::read_to_string(&schedules).expect("kept");
    let trouble = "[destinations.spring.trouble]\nsince = \"2026-01-01T00:00:00Z\"\nfailures = 1\nwhy = \"Anna@x.example is no member\"";
    std::fs::write(&schedules, format!("{kept}\n{trouble}\n")).expect("written");
    let before = naming(&home);
    for file in ["journal", "images", "rejects.csv", ".db", "schedules.toml"] {
        assert!(
            before.iter().any(|path| path.ends_with(file)),
            "{file}: {before:?}"
        );
    }
    let (exit, out, err) = erase(&world);
    assert_eq!(exit, Some(0), "{err}");
    assert_eq!(ended(&out)["was_in_audience"], true, "{out}");
    assert_eq!(naming(&home), Vec::<String>::new());
    let stopped = done(&world, &["schedule", "Spring"]);
    assert!(stopped.contains("is no member"), "{stopped}");
    assert!(!world.members().await.contains_key(ANNA));

    let again = ended(&done(&world, &["run", "Spring", "--json", "-vv"]));
    assert_eq!(
        (&again["profiles"], &again["reasons"]["erased"]),
        (&json!(4), &json!(2)),
        "{again}"
    );
    assert!(!world.members().await.contains_key(ANNA));
    let diff = done(&world, &["check", "Spring", "--diff", "--json"]);
    assert!(!diff.to_lowercase().contains("\"anna@"), "{diff}");
    let remembered = done(&world, &["rejects", "Spring", "--remembered", "--json"]);
    assert_eq!(remembered.trim(), "[]");
    done(&world, &["rejects", "Spring", "--json"]);
    assert_eq!(naming(&home), Vec::<String>::new());
    assert_eq!(world.stats().await["statuses_raised"], 0);
    let report = Path::new(first["report"].as_str().expect("path"));
    let kept = std::fs::read_to_string(report.with_file_name("rejects.csv")).expect("rejects");
    assert!(kept.contains("joanna@x.example"), "others stay: {kept}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_undo_of_an_earlier_run_does_not_bring_them_back() {
    let world = saved().await;
    let home = world.folder.path().join("home");
    done(&world, &["run", "Spring"]);
    assert_eq!(erase(&world).0, Some(0));
    let undone = ended(&done(&world, &["undo", "Spring", "--yes", "--json"]));
    assert_eq!(
        (&undone["archived"], &undone["remaining"]),
        (&json!(2), &json!(0)),
        "{undone}"
    );
    assert!(!world.members().await.contains_key(ANNA));
    assert_eq!(naming(&home), Vec::<String>::new());
    done(&world, &["run", "Spring", "--fresh"]);
    assert!(!world.members().await.contains_key(ANNA));
}

#[tokio::test(flavor = "multi_thread")]
async fn who_comes_back_by_themselves_is_left_alone() {
    let world = saved().await;
    assert_eq!(erase(&world).0, Some(0));
    let signed_up = json!({"subscribe": ANNA});
    world.steps(&signed_up).await;
    let again = ended(&done(&world, &["run", "Spring", "--json", "--fresh"]));
    assert_eq!(again["reasons"]["erased"], 2, "{again}");
    let anna = &world.members().await[ANNA];
    assert_eq!(
        anna["merge_fields"]["FNAME"].as_str().unwrap_or_default(),
        "",
        "{anna}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn cut_short_it_is_told_and_done_by_doing_it_again() {
    let mut world = saved().await;
    let home = world.folder.path().join("home");
    done(&world, &["run", "Spring"]);
    let refuses = |call: &mut Call, _: usize| match call.method {
        Method::POST if call.target.ends_with("/delete-permanent") => Act::Answer(
            403,
            r#"{"status": 403, "title": "No", "detail": "not now"}"#.to_owned(),
        ),
        _ => Act::Pass,
    };
    let tamper = Tamper::start(world.ready("mailchimp_api"), refuses, |_, _| {}).await;
    let direct = world.ready("mailchimp_api").to_owned();
    world.between = Some(tamper.root.clone());
    let (exit, _, err) = erase(&world);
    assert!(exit != Some(0), "{err}");
    assert_eq!(Erased::open(&world.home()).expect("list").begun(), 1);
    world.between = Some(direct);
    let (exit, out, err) = told(&given(of(&world, &["run", "Spring", "--json"]), ""));
    assert_eq!(exit, Some(0), "{err}");
    assert_eq!(ended(&out)["reasons"]["erased"], 2, "{out}");
    assert!(err.contains("repeat segue erase"), "{err}");
    assert_eq!(erase(&world).0, Some(0));
    assert_eq!(Erased::open(&world.home()).expect("list").begun(), 0);
    assert!(!world.members().await.contains_key(ANNA));
    assert_eq!(naming(&home), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_whose_key_is_missing_stops_runs() {
    let world = saved().await;
    assert_eq!(erase(&world).0, Some(0));
    std::fs::remove_file(world.home().erased_key()).expect("removed");
    for line in [["run", "Spring"], ["check", "Spring"]] {
        let (exit, _, err) = told(&given(of(&world, &line), ""));
        assert_eq!(exit, Some(1), "{err}");
        assert!(
            err.contains("erased.key") && err.contains("backup"),
            "{err}"
        );
    }
    assert_eq!(world.members().await.len(), 0, "nothing was sent");
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_done_only_where_it_is_confirmed_for_one_address() {
    let world = saved().await;
    let unconfirmed = [
        vec!["erase", "Spring", "--email-stdin"],
        vec!["erase", "Spring", "--confirm", "delete"],
        vec!["erase", "Spring", "--email-stdin", "--confirm", "yes"],
        vec!["erase", "Winter", "--email-stdin", "--confirm", "delete"],
    ];
    for line in unconfirmed {
        let (exit, _, err) = told(&given(of(&world, &line), ANNA));
        assert_eq!(exit, Some(2), "{line:?}: {err}");
    }
    let line = ["erase", "Spring", "--email-stdin", "--confirm", "delete"];
    for input in ["", "anna", "anna@x.example\nbo@x.example"] {
        let (exit, _, err) = told(&given(of(&world, &line), input));
        assert_eq!(exit, Some(2), "{input:?}: {err}");
    }
    assert!(world.members().await.contains_key(ANNA));
    let (exit, _, err) = told(&given(of(&world, &line), "nobody@x.example"));
    assert_eq!(exit, Some(0), "{err}");
    assert!(err.contains("did not hold the contact"), "{err}");
}

#[tokio::test(flavor = "multi_thread")]
async fn cut_short_among_the_files_it_is_told_by_the_next_command_and_done_by_doing_it_again() {
    let world = saved().await;
    let home = world.folder.path().join("home");
    let first = ended(&done(&world, &["run", "Spring", "--json"]));
    let report = Path::new(first["report"].as_str().expect("path"));
    // A folder stands where a file of the run would be written anew.
    let in_the_way = report.with_file_name(format!(".rejects.csv.{}.new", std::process::id()));
    std::fs::create_dir_all(in_the_way.join("deep")).expect("folder");
    let email = Email::parse(ANNA).expect("an address");
    Erased::begin(&world.home(), email.key()).expect("begun");
    let cut = Leaver::of(&email).erase(&world.home());
    assert!(
        cut.is_err(),
        "the files before it are done, and those after it are not"
    );
    assert!(!naming(&home).is_empty());
    let (exit, _, err) = told(&given(of(&world, &["list"]), ""));
    assert_eq!(exit, Some(0));
    assert!(err.contains("repeat segue erase"), "{err}");
    let (exit, _, err) = erase(&world);
    assert_eq!(exit, Some(0), "{err}");
    assert_eq!(naming(&home), Vec::<String>::new());
    let (_, _, err) = told(&given(of(&world, &["list"]), ""));
    assert!(!err.contains("segue erase"), "{err}");
}
