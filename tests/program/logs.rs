//! Rule 5: no address in the log and no secret in any file, whatever goes wrong and whoever writes the log.

use std::path::Path;
use std::process::Command;

use serde_json::json;

use crate::support::World;
use crate::support::command::{given, of, told};
use crate::support::export_user::{dataverse, signed_in};

/// Lists the files under a folder that hold one of these texts, with the line.
fn holding(folder: &Path, texts: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            found.extend(holding(&path, texts));
            continue;
        }
        let bytes = std::fs::read(&path).expect("a file");
        let text = String::from_utf8_lossy(&bytes);
        let lines = text
            .lines()
            .filter(|line| texts.iter().any(|text| line.contains(text)));
        found.extend(lines.map(|line| format!("{}: {line}", path.display())));
    }
    found
}

/// Every fault that an answer can have, now and then.
const FAULTS: [&str; 11] = [
    "429=0.02",
    "403-empty=0.02",
    "500=0.02",
    "503=0.02",
    "html-400=0.01",
    "drop-before=0.02",
    "drop-after=0.02",
    "forgotten=0.01",
    "fake=0.01",
    "merge-invalid=0.02",
    "compliance=0.01",
];

/// A command that logs all it can, as the export user of this refresh token.
fn watched(world: &World, line: &[&str], token: &str) -> Command {
    let key = world.ready("insights_subscription_key");
    let mut command = of(world, line);
    command
        .env("SEGUE_LOG", "trace")
        .env("SEGUE_HTTP_TIMEOUT", "10")
        .env("SEGUE_ENTRA_AUTHORITY", world.ready("authority"))
        .env(
            "SEGUE_INSIGHTS_CLIENT_ID",
            world.ready("insights_client_id"),
        )
        .env("SEGUE_INSIGHTS_REFRESH_TOKEN", token)
        .env("SEGUE_INSIGHTS_SUBSCRIPTION_KEY", key);
    command
}

#[tokio::test(flavor = "multi_thread")]
async fn rule_5_no_address_in_the_log_and_no_secret_in_any_file() {
    let held = json!({
        "email_address": "anna@x.example", "status": "subscribed", "merge_fields": {"FNAME": "A"}, "tags": [],
    });
    let world = World::new(&[held], &FAULTS).await;
    let rows: Vec<String> = (0..400).map(|at| format!("p{at}@x.example,P\n")).collect();
    let rows = rows.concat();
    let source = world.file(
        "people.csv",
        &format!("email,first\nanna@x.example,B\nno@,x\n{rows}"),
    );
    let folder = format!("folder:{}", source.display());
    let (_, token) = signed_in(world.sandbox.ready(), dataverse(world.sandbox.ready())).await;
    let service = format!("dataverse:{}", world.ready("dataverse_url"));
    let run =
        |line: &[&str], input: &str| told(&given(watched(&world, line, token.expose()), input));
    let audience = world.audience().to_string();
    for (name, source, email, first) in [
        ("Files", &folder, "email", "first"),
        ("Service", &service, "msdynci_email", "msdynci_firstname"),
    ] {
        let line = format!(
            "add --name {name} --accept-privacy --audience {audience} --map email={email} \
             --map FNAME={first} --all-segments --status-if-new subscribed --source"
        );
        let add: Vec<&str> = line.split(' ').chain([source.as_str()]).collect();
        let (exit, out, err) = run(&add, "");
        assert_eq!(exit, Some(0), "{name}: {out}{err}");
        for line in [vec!["check", name, "--diff"], vec!["run", name, "--json"]] {
            // Whatever comes of it: what is written down on the way is what counts.
            run(&line, "");
        }
    }
    run(&["undo", "Files", "--yes"], "");
    run(
        &["erase", "Files", "--email-stdin", "--confirm", "delete"],
        "anna@x.example",
    );
    let home = world.folder.path().join("home");
    let logs = home.join("logs");
    let written = std::fs::read_to_string(logs.join("segue.log")).expect("a log");
    assert!(
        written.contains(" TRACE ") || written.contains("DEBUG segue"),
        "{written}"
    );
    assert!(written.contains("/lists/"), "the calls are in it");
    assert_eq!(holding(&logs, &["@", "%40"]), Vec::<String>::new());
    let secrets = [
        world.ready("mailchimp_api_key"),
        world.ready("mailchimp_client_secret"),
        world.ready("insights_subscription_key"),
        token.expose(),
        "Bearer ",
        "refresh_token=",
    ];
    assert_eq!(holding(&home, &secrets), Vec::<String>::new());
}
