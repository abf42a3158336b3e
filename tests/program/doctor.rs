//! `segue doctor`, tried against what it has to find.

use std::process::Command;

use serde_json::Value;

use segue::store::Erased;

use crate::history::begun;
use crate::support::command::{at, given, of, saved, segue, told};
use crate::support::{World, odd};

/// What a doctor says, by check: exit code, and states with what was told.
fn doctor(mut command: Command) -> (Option<i32>, Vec<(String, String, String)>) {
    command.env("LANG", "C.UTF-8");
    let (exit, out, err) = told(&given(command, ""));
    let found: Vec<Value> = serde_json::from_str(&out).unwrap_or_else(|_| panic!("{out}{err}"));
    let text = |one: &Value, key: &str| one[key].as_str().expect("text").to_owned();
    let told = found.iter().map(|one| {
        let next = one["next"].as_array().expect("next");
        let is_fine = one["state"] == "ok";
        assert_eq!(
            next.is_empty(),
            is_fine,
            "each trouble has a next step: {one}"
        );
        let key = ["check", "about"].map(|key| text(one, key)).join(" ");
        (key.trim().to_owned(), text(one, "state"), format!("{one}"))
    });
    (exit, told.collect())
}

fn state<'a>(found: &'a [(String, String, String)], key: &str) -> (&'a str, &'a str) {
    let one = found.iter().find(|(check, ..)| check == key);
    one.map_or(("none", ""), |(_, state, told)| (state, told))
}

fn line(world: &World) -> Command {
    of(world, &["doctor", "--json"])
}

#[tokio::test(flavor = "multi_thread")]
async fn all_that_works_is_said_to() {
    let world = saved().await;
    let (_, found) = doctor(line(&world));
    for check in [
        "folder",
        "locale",
        "login env",
        "destination Spring",
        "source Spring",
    ] {
        assert_eq!(state(&found, check).0, "ok", "{check}: {found:?}");
    }
    let host = "127.0.0.1";
    let near = |key: &str| {
        found
            .iter()
            .any(|(check, state, _)| check.starts_with(&format!("{key} {host}")) && state == "ok")
    };
    assert!(near("network") && near("clock"), "{found:?}");
    let (state, told) = state(&found, "environment");
    assert!(
        state == "warning" && told.contains("SEGUE_MAILCHIMP_TOKEN"),
        "{told}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bare_environment_as_that_of_cron_is_told_what_it_lacks() {
    let world = World::new(&[], &[]).await;
    let mut command = at(&world.folder.path().join("home"), &["doctor", "--json"]);
    command
        .env("SEGUE_MAILCHIMP_API_URL", world.ready("mailchimp_api"))
        .env("SEGUE_MAILCHIMP_LOGIN_URL", world.ready("mailchimp_login"))
        .env("XDG_RUNTIME_DIR", world.folder.path());
    let (exit, found) = doctor(command);
    assert_eq!(exit, Some(1), "{found:?}");
    assert_eq!(state(&found, "login").0, "warning", "{found:?}");
    #[cfg(target_os = "linux")]
    {
        let (state, told) = state(&found, "keyring");
        assert!(
            state == "wrong" && told.contains("DBUS_SESSION_BUS_ADDRESS=unix:path="),
            "{told}"
        );
        assert_eq!(self::state(&found, "browser").0, "warning");
        let mut command = at(&world.folder.path().join("home"), &["doctor", "--json"]);
        command.env("SEGUE_MAILCHIMP_API_URL", world.ready("mailchimp_api"));
        let own = format!("/run/user/{}/bus", rustix::process::getuid().as_raw());
        let (_, found) = doctor(command);
        let (_, told) = self::state(&found, "keyring");
        assert!(told.contains(&own), "{told}");
    }
}

/// Where no bus is told of, on which a keyring could be asked for.
#[cfg(target_os = "linux")]
#[tokio::test(flavor = "multi_thread")]
async fn a_keyring_that_nothing_needs_is_not_missed() {
    let world = saved().await;
    let (exit, found) = doctor(line(&world));
    let (state, told) = state(&found, "keyring");
    assert!(
        state == "warning" && told.contains("none is needed"),
        "{told}"
    );
    assert_eq!(exit, Some(0), "{found:?}");
    assert_eq!(self::state(&found, "login env").0, "ok");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_gone_in_mailchimp_is_named() {
    let world = saved().await;
    let mut revoked = line(&world);
    let key = world.ready("mailchimp_api_key");
    revoked.env(
        "SEGUE_MAILCHIMP_TOKEN",
        key.replace(|c: char| c.is_ascii_digit(), "0")
            .replace("us0", "us1"),
    );
    let (exit, found) = doctor(revoked);
    assert_eq!(
        (exit, state(&found, "login env").0),
        (Some(1), "wrong"),
        "{found:?}"
    );

    let toml = world.home().destinations().join("spring.toml");
    let text = std::fs::read_to_string(&toml).expect("file");
    let audience = world.audience().to_string();
    for (what, changed, says) in [
        (
            "audience",
            text.replace(&audience, "0000000000"),
            "Mailchimp does not have it",
        ),
        ("field", text.replace("FNAME", "NOSUCH"), "NOSUCH"),
    ] {
        std::fs::write(&toml, changed).expect("file");
        let (exit, found) = doctor(line(&world));
        let (state, told) = state(&found, "destination Spring");
        assert_eq!((exit, state), (Some(1), "wrong"), "{what}: {found:?}");
        assert!(told.contains(says), "{what}: {told}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_that_cannot_be_had_are_told_one_by_one_with_their_lines() {
    let world = saved().await;
    let config = world.home().config_file();
    let keys = "[keys]\nrun = 'c'\nhistroy = 'x'\nnew = 'ö'\nhistory = 'Enter'\nundo = 'alt-u'\n";
    std::fs::write(&config, keys).expect("file");
    let (exit, found) = doctor(line(&world));
    assert_eq!(exit, Some(1), "{found:?}");
    let told: Vec<_> = found
        .iter()
        .filter(|(check, ..)| check == "config")
        .collect();
    let says = [
        "line 2: run cannot have",
        "Write history, if that is what you meant.",
        "line 5: history cannot have “Enter”, which means the same everywhere.",
        "line 6: undo cannot have “alt-u”, which cannot be wished for.",
    ];
    assert_eq!(told.len(), says.len(), "{told:?}");
    for ((_, state, told), says) in told.iter().zip(says) {
        assert!(state == "wrong" && told.contains(says), "{told}");
    }
    std::fs::write(&config, "[keys]\nrun = 'w'\n").expect("file");
    let (_, found) = doctor(line(&world));
    assert_eq!(state(&found, "config").0, "ok", "{found:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_for_the_end_of_nobodys_exports_is_told_also_where_it_would_run() {
    let world = saved().await;
    let config = world.home().config_file();
    let text = "[on_finish.destinations]\nsprng = 'true'\nspring = 'true'\n";
    std::fs::write(&config, text).expect("file");
    let (_, found) = doctor(line(&world));
    let (state, told) = state(&found, "config");
    let says = "on_finish.destinations for sprng, which is no saved destination";
    assert!(state == "warning" && told.contains(says), "{told}");
    let (exit, _, err) = crate::support::command::told(&segue(&world, &["watch", "--once"]));
    assert!(exit == Some(0) && err.contains(says), "{err}");
    std::fs::write(&config, text.replace("sprng = 'true'\n", "")).expect("file");
    let (_, _, err) = crate::support::command::told(&segue(&world, &["watch", "--once"]));
    assert!(!err.contains("on_finish"), "{err}");
}

#[tokio::test(flavor = "multi_thread")]
async fn files_that_are_damaged_or_gone_are_named() {
    let world = saved().await;
    std::fs::write(world.home().destinations().join("winter.toml"), "name = 7").expect("file");
    std::fs::remove_dir_all(world.folder.path().join("source")).expect("gone");
    std::fs::write(world.home().erased(), "key_check = ''\npeople = []\n").expect("list");
    let (exit, found) = doctor(line(&world));
    assert_eq!(exit, Some(1));
    for check in ["destination winter", "source Spring", "erased"] {
        assert_eq!(state(&found, check).0, "wrong", "{check}: {found:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_that_is_not_there_is_told_once_and_in_time() {
    let world = saved().await;
    let begun = std::time::Instant::now();
    let mut far = line(&world);
    far.env("HTTPS_PROXY", "http://127.0.0.1:9")
        .env("SEGUE_MAILCHIMP_API_URL", "http://127.0.0.1:9/3.0");
    let (exit, found) = doctor(far);
    assert_eq!(exit, Some(1));
    assert_eq!(state(&found, "proxy").0, "wrong", "{found:?}");
    let is_down = |one: &(String, String, String)| one.0.starts_with("network") && one.1 == "wrong";
    assert!(found.iter().any(is_down), "{found:?}");
    assert_eq!(state(&found, "login env").0, "none", "told once: {found:?}");
    assert!(begun.elapsed().as_secs() < 10, "{:?}", begun.elapsed());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clock_that_is_off_and_a_certificate_that_nobody_knows_are_told() {
    let world = saved().await;
    let mut late = line(&world);
    late.env("SEGUE_MAILCHIMP_API_URL", odd::in_another_year());
    let (exit, found) = doctor(late);
    let (state, told) = state(&found, "clock 127.0.0.1");
    assert_eq!((exit, state), (Some(1), "wrong"), "{found:?}");
    assert!(told.contains("NTP"), "{told}");
    let mut untrusted = line(&world);
    untrusted.env("SEGUE_MAILCHIMP_API_URL", odd::untrusted());
    let (exit, found) = doctor(untrusted);
    let (state, told) = self::state(&found, "network 127.0.0.1");
    assert_eq!((exit, state), (Some(1), "wrong"), "{found:?}");
    assert!(told.contains("certificate"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_unfinished_gone_or_from_a_newer_version_is_told() {
    let world = saved().await;
    drop(begun(&world).await);
    Erased::begin(&world.home(), "anna@x.example").expect("begun");
    let toml = world.home().destinations().join("spring.toml");
    let text = std::fs::read_to_string(&toml).expect("file");
    let gone = text.replace("id = \"all-profiles\"", "id = \"gold\"");
    std::fs::write(&toml, gone).expect("file");
    let newer = format!("format = 2\n{}", text.replace("Spring", "Winter"));
    std::fs::write(toml.with_file_name("winter.toml"), newer).expect("file");
    let (exit, found) = doctor(line(&world));
    assert_eq!(exit, Some(1), "{found:?}");
    for (check, is, says) in [
        ("runs Spring", "warning", "ended early"),
        ("erased", "warning", "segue erase"),
        ("source Spring", "wrong", "no longer"),
        ("destination Winter", "wrong", "newer"),
    ] {
        let (state, told) = state(&found, check);
        assert!(state == is && told.contains(says), "{check}: {found:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_that_cannot_be_written_is_told() {
    let world = saved().await;
    let place = world.folder.path().join("in-the-way");
    std::fs::write(&place, "a file").expect("file");
    let mut command = at(&place.join("home"), &["doctor", "--json"]);
    command.env("SEGUE_MAILCHIMP_API_URL", world.ready("mailchimp_api"));
    let (exit, found) = doctor(command);
    assert_eq!(
        (exit, state(&found, "folder").0),
        (Some(1), "wrong"),
        "{found:?}"
    );
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        if rustix::process::getuid().is_root() {
            return eprintln!("skipped: root may write everywhere");
        }
        let home = world.folder.path().join("home");
        let mode = |mode| std::fs::set_permissions(&home, std::fs::Permissions::from_mode(mode));
        mode(0o500).expect("closed");
        let (_, found) = doctor(line(&world));
        mode(0o700).expect("opened");
        assert_eq!(state(&found, "folder").0, "wrong", "{found:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn for_people_each_trouble_is_a_line_with_its_next_step() {
    let world = saved().await;
    let (exit, out, err) = told(&segue(&world, &["doctor"]));
    assert!(exit.is_some() && err.is_empty(), "{err}");
    assert!(
        out.contains("warning  locale: ") && out.contains("→ export LANG"),
        "{out}"
    );
    assert!(out.lines().count() < 24, "{out}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_set_and_cannot_be_used_is_a_finding_among_the_others() {
    let world = saved().await;
    let config = world.home().config_file();
    std::fs::write(&config, "[on_finish]\ncomand = 'notify'\n").expect("file");
    let mut line = self::line(&world);
    line.env("SEGUE_MAILCHIMP_API_URL", "http://real.example/3.0");
    line.env("SEGUE_HTTP_TIMEOUT", "soon");
    let (exit, found) = doctor(line);
    let (address, told) = state(&found, "environment SEGUE_MAILCHIMP_API_URL");
    assert_eq!((exit, address), (Some(1), "wrong"), "{found:?}");
    assert!(told.contains("https"), "{told}");
    let is = |what: &str| found.iter().any(|(.., told)| told.contains(what));
    assert!(is("SEGUE_HTTP_TIMEOUT is soon"), "{found:?}");
    let (state_of, told) = state(&found, "config");
    assert_eq!(state_of, "warning", "{found:?}");
    assert!(told.contains("on_finish.comand"), "{told}");
    assert_eq!(state(&found, "source Spring").0, "ok", "{found:?}");
    let asked = found.iter().any(|(check, ..)| check.starts_with("network"));
    assert!(!asked, "another service than was meant: {found:?}");
    std::fs::write(&config, "theme = 'pink'\n").expect("file");
    let (_, found) = doctor(self::line(&world));
    let (state_of, told) = state(&found, "config");
    assert_eq!(state_of, "wrong", "{found:?}");
    assert!(told.contains("line 1"), "{told}");
}
