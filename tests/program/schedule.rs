//! Exports that run by themselves: when, as it is set, shown and carried to another home.

use std::path::Path;
use std::process::Output;

use serde_json::{Value, json};

use super::support::command::{at, given, told};

/// A home with two destinations, of which nobody exports anything here.
fn home(folder: &Path) {
    let destinations = folder.join("destinations");
    std::fs::create_dir_all(&destinations).expect("folder");
    for name in ["Spring", "Autumn"] {
        let text = format!(
            "# kept\nname = \"{name}\"\naudience = \"a1b2c3\"\nsource = \"folder:/people\"\n\
             status_if_new = \"subscribed\"\ncreated_at = \"2026-01-01T00:00:00Z\"\n\
             [map]\nemail = \"EMail\"\n[[segments]]\nid = \"1\"\nlabel = \"Gold\"\n"
        );
        std::fs::write(destinations.join(format!("{name}.toml")), text).expect("file");
    }
}

fn segue(folder: &Path, line: &str) -> Output {
    let line: Vec<&str> = line.split(' ').collect();
    let mut command = at(folder, &line);
    command.env("TZ", "Europe/Stockholm");
    given(command, "")
}

fn fine(folder: &Path, line: &str) -> String {
    let (exit, out, err) = told(&segue(folder, line));
    assert_eq!(exit, Some(0), "{line}: {out}{err}");
    out
}

fn json_of(folder: &Path, line: &str) -> Value {
    serde_json::from_str(&fine(folder, line)).expect("JSON")
}

#[test]
fn several_destinations_get_a_schedule_at_once_and_lose_it_again() {
    let folder = tempfile::tempdir().expect("folder");
    let folder = folder.path();
    home(folder);
    let said = fine(
        folder,
        "schedule spring Autumn --daily 18:00 6:00 --tz Europe/Stockholm",
    );
    assert_eq!(said.lines().count(), 2, "{said}");
    let said = said.lines().next().expect("a line");
    assert!(
        said.starts_with("Spring: Daily at 06:00, 18:00 (Europe/Stockholm) · next run "),
        "{said}"
    );
    let daily = json!({"every": "day", "at": ["06:00", "18:00"], "time_zone": "Europe/Stockholm"});
    let listed = json_of(folder, "list --json");
    for one in listed.as_array().expect("array") {
        assert_eq!(one["schedule"], daily, "{one}");
        let next: jiff::Timestamp = one["next_run"]
            .as_str()
            .expect("time")
            .parse()
            .expect("time");
        assert!(next > jiff::Timestamp::now());
    }
    let text = std::fs::read_to_string(folder.join("destinations/Spring.toml")).expect("file");
    assert!(
        text.contains("# kept") && text.contains("[schedule]"),
        "{text}"
    );
    fine(folder, "schedule Spring --off");
    fine(folder, "schedule Autumn --on-refresh --quiet-seconds 5");
    let all = json_of(folder, "schedule --json");
    let refresh = json!({"every": "refresh", "quiet_seconds": 5});
    assert_eq!(
        all[0],
        json!({
            "name": "Autumn", "schedule": refresh, "next_run": null, "retry_at": null,
            "stopped": null, "why": null,
        })
    );
    assert_eq!(all[1]["schedule"], Value::Null);
    std::fs::write(folder.join("destinations/Winter.toml"), "name = 'Winter").expect("file");
    let all = json_of(folder, "schedule --json");
    assert_eq!(all[2]["name"], "Winter", "{all}");
    assert!(all[2]["broken"].is_string(), "{all}");
    let text = std::fs::read_to_string(folder.join("destinations/Spring.toml")).expect("file");
    assert!(!text.contains("schedule"), "{text}");
}

#[test]
fn a_destination_that_cannot_be_read_says_why_in_the_language_of_the_reader() {
    let folder = tempfile::tempdir().expect("folder");
    let folder = folder.path();
    home(folder);
    let file = folder.join("destinations/Spring.toml");
    let text = std::fs::read_to_string(&file).expect("file");
    std::fs::write(&file, format!("format = 2\n{text}")).expect("written");
    std::fs::write(folder.join("destinations/Autumn.toml"), "name = ").expect("written");
    let written = |lang: &str| match lang {
        "en" => format!("A newer Segue has written {}.", file.display()),
        _ => format!("En nyare version av Segue har skrivit {}.", file.display()),
    };
    for (lang, damaged) in [("en", "broken: "), ("sv", "trasigt: ")] {
        // One that a newer version wrote is not broken.
        let listed = fine(folder, &format!("--lang {lang} list"));
        let line = |name: &str| {
            let found = listed.lines().find(|line| line.starts_with(name));
            found.unwrap_or_else(|| panic!("no {name}: {listed}"))
        };
        assert_eq!(line("Spring"), format!("Spring  {}", written(lang)));
        assert!(line("Autumn").contains(damaged), "{listed}");
        for command in ["list", "schedule"] {
            let told = json_of(folder, &format!("--lang {lang} {command} --json"));
            let why = |name: &str| {
                let all = told.as_array().expect("array").iter();
                let one = all.clone().find(|one| one["name"] == name);
                one.map(|one| one["broken"].clone()).unwrap_or_default()
            };
            assert_eq!(why("Spring"), written(lang), "{command}");
            let autumn = why("Autumn");
            let autumn = autumn.as_str().expect("text");
            assert!(!autumn.starts_with(damaged), "{command}: {autumn}");
        }
    }
}

#[test]
fn a_zone_that_is_stored_stays_until_another_one_is_named() {
    let folder = tempfile::tempdir().expect("folder");
    let folder = folder.path();
    home(folder);
    fine(folder, "schedule Spring --daily 06:00 --tz Asia/Tokyo");
    let said = fine(folder, "schedule Spring Autumn --weekly mon 07:00");
    let zones = |json: &Value| [&json[0], &json[1]].map(|one| one["schedule"]["time_zone"].clone());
    assert_eq!(
        zones(&json_of(folder, "schedule --json")),
        ["Europe/Stockholm", "Asia/Tokyo"],
        "there was none to keep, and one"
    );
    let spring = said.lines().next().expect("a line");
    assert!(
        spring.contains("at 07:00 (Asia/Tokyo) · next run"),
        "{said}"
    );
    assert!(spring.ends_with("07:00 (Asia/Tokyo)"), "{said}");
    // Listed by the clock of the schedule as well, which the clocks here do not show.
    let listed = fine(folder, "list");
    let spring = listed.lines().find(|line| line.starts_with("Spring"));
    assert!(
        spring.is_some_and(|line| line.contains("07:00 (Asia/Tokyo)")),
        "{listed}"
    );
    fine(
        folder,
        "schedule Spring --daily 06:00 --tz America/New_York",
    );
    assert_eq!(
        zones(&json_of(folder, "schedule --json"))[1],
        "America/New_York"
    );
    // A zone alone leaves the times as they are.
    let said = fine(folder, "schedule Spring Autumn --tz UTC");
    assert!(said.contains("Daily at 06:00 (UTC)"), "{said}");
    assert!(said.contains("Every Monday at 07:00 (UTC)"), "{said}");
    fine(folder, "schedule Autumn --on-refresh");
    let (exit, out, err) = told(&segue(folder, "schedule Spring Autumn --tz Asia/Tokyo"));
    assert_eq!((exit, out.as_str()), (Some(2), ""), "{err}");
    for part in [
        "--tz: The schedule of Autumn has no times",
        "segue schedule Autumn --daily 06:00 --tz Asia/Tokyo",
    ] {
        assert!(
            err.replace(&format!("--home {} ", folder.display()), "")
                .contains(part),
            "{err}"
        );
    }
    let zones = zones(&json_of(folder, "schedule --json"));
    assert_eq!(zones[1], "UTC", "all of them or none");
}

#[test]
fn refreshes_of_dataverse_are_said_to_be_guessed() {
    let folder = tempfile::tempdir().expect("folder");
    let folder = folder.path();
    home(folder);
    let file = folder.join("destinations/Spring.toml");
    let text = std::fs::read_to_string(&file).expect("file");
    let text = text.replace("folder:/people", "dataverse:https://org.example");
    std::fs::write(file, text).expect("written");
    let said = |line: &str| told(&segue(folder, line)).2;
    assert!(said("schedule Spring --on-refresh").contains("Segue guesses them"));
    assert!(!said("schedule Spring --daily 06:00").contains("Segue guesses them"));
    assert!(!said("schedule Autumn --on-refresh").contains("Segue guesses them"));
}

#[test]
fn a_schedule_is_carried_by_its_file_and_a_copy_has_none() {
    let folder = tempfile::tempdir().expect("folder");
    let folder = folder.path();
    home(folder);
    fine(
        folder,
        "schedule Spring --weekly Thursday mon 06:00 --tz UTC",
    );
    let text = fine(folder, "show Spring --toml");
    assert!(text.contains("days = [\"mon\", \"thu\"]"), "{text}");
    let file = folder.join("carried.toml");
    std::fs::write(&file, text.replace("Spring", "Carried")).expect("file");
    let line = format!(
        "add --from {} --accept-privacy --offline --login club",
        file.display()
    );
    fine(folder, &line);
    let carried = json_of(folder, "show Carried --json");
    let weekly =
        json!({"every": "week", "days": ["mon", "thu"], "at": ["06:00"], "time_zone": "UTC"});
    assert_eq!(carried["schedule"], weekly);
    let (_, _, err) = told(&segue(folder, "duplicate Spring Copy --accept-privacy"));
    assert!(err.contains("no schedule"), "{err}");
    assert_eq!(json_of(folder, "show Copy --json")["schedule"], Value::Null);
}

#[test]
fn what_is_no_schedule_changes_nothing_and_is_named() {
    let folder = tempfile::tempdir().expect("folder");
    let folder = folder.path();
    home(folder);
    for (line, named) in [
        ("schedule Spring Winter --daily 06:00", "Winter"),
        ("schedule Spring --daily 25:00", "25:00"),
        (
            "schedule Spring --daily 1:00 2:00 3:00 4:00 5:00",
            "one to four",
        ),
        ("schedule Spring --weekly mon lun 06:00", "lun"),
        ("schedule Spring --daily 06:00 --tz Europe/Atlantis", "--tz"),
        ("schedule --daily 06:00", "NAME"),
        ("schedule --tz UTC", "NAME"),
        ("schedule Spring --tz UTC", "off"),
    ] {
        let (exit, out, err) = told(&segue(folder, line));
        assert_eq!((exit, out.as_str()), (Some(2), ""), "{line}: {err}");
        assert!(err.contains(named), "{line}: {err}");
    }
    assert_eq!(json_of(folder, "list --json")[1]["schedule"], Value::Null);
}
