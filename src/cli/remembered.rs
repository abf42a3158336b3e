use jiff::Timestamp;
use serde_json::json;

use super::Context;
use super::context::Failure;
use super::out::{print, print_json, print_people, say};
use crate::domain::Destination;
use crate::export::{Refused, Remembered, forget_refusals};
use crate::store::{RunFolder, Runs};
use crate::words::{Next, shell_word};

/// Lists whom the audience is remembered to refuse: by address whom the source or kept rejects still name, the others by
/// reason and date.
pub(super) async fn list(
    context: &Context,
    destination: &Destination,
    run: Option<RunFolder>,
) -> Result<u8, Failure> {
    let home = &context.surroundings.home;
    let mut refused =
        Refused::by(home, destination, Timestamp::now()).map_err(|why| context.failed(why))?;
    let runs = match run {
        Some(run) => vec![run],
        None => own_runs(context, destination)?,
    };
    for run in runs {
        refused.name_by_rejects(&run);
    }
    if refused.lacks_names() {
        ask_source(context, destination, &mut refused).await;
    }
    let listed = refused.listed();
    if context.json {
        print_json(
            &listed
                .iter()
                .map(|one| as_json(context, one))
                .collect::<Vec<_>>(),
        );
    } else if listed.is_empty() {
        say(&context.words.text("rejects-nobody-remembered"));
    } else {
        print_people(&table(context, &listed), context.plain);
    }
    Ok(0)
}

/// Lists the runs whose rejects are this destination's.
fn own_runs(context: &Context, destination: &Destination) -> Result<Vec<RunFolder>, Failure> {
    let runs = Runs::of(&context.surroundings.home).list();
    let runs = runs.map_err(|why| context.failed(why))?.into_iter();
    let id = destination.id();
    Ok(runs.filter(|run| run.is_of(&id)).collect())
}

/// Has the source name people. One that cannot be read now is told, and the list is given all the same.
async fn ask_source(context: &Context, destination: &Destination, refused: &mut Refused) {
    let login = destination.source_login.as_ref();
    let surroundings = &context.surroundings;
    let named = async {
        let source = surroundings.source(&destination.source, &destination.folder, login);
        refused.name_by_source(&source.await?, destination).await
    };
    if let Err(why) = named.await {
        let what = context.failed(why).explanation.what;
        say(&context
            .words
            .with("rejects-no-source", &[("what", what.into())]));
    }
}

fn as_json(context: &Context, one: &Remembered) -> serde_json::Value {
    json!({
        "email": one.email, "reason": one.reason, "class": one.reason.class(),
        "advice": context.words.advice(one.reason), "since": one.since, "until": one.until,
        "detail": one.words,
    })
}

fn table(context: &Context, listed: &[Remembered]) -> Vec<Vec<String>> {
    let words = &context.words;
    let headings = [
        "rejects-email",
        "rejects-reason",
        "rejects-since",
        "rejects-until",
        "rejects-detail",
    ];
    let mut rows = vec![headings.map(|key| words.text(key)).to_vec()];
    let day = |time| words.date_time(time);
    // Nobody is told apart from others of the same reason and time who have no name either.
    let alike = |a: &Remembered, b: &Remembered| {
        a.email.is_none()
            && b.email.is_none()
            && (a.reason, a.since, &a.words) == (b.reason, b.since, &b.words)
    };
    for group in listed.chunk_by(alike) {
        let Some(one) = group.first() else { continue };
        let unnamed = || words.with("rejects-unnamed", &[("count", group.len().into())]);
        rows.push(vec![
            one.email.clone().unwrap_or_else(unnamed),
            words.reason(one.reason),
            day(one.since),
            one.until
                .map_or_else(|| words.text("rejects-for-good"), day),
            one.words.clone(),
        ]);
    }
    rows
}

/// Forgets that people were refused whose addresses come on standard input, one a line.
pub(super) fn forget(context: &Context, destination: &Destination) -> Result<u8, Failure> {
    let text = context.standard_input("--forget")?;
    let addresses = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let forgotten = forget_refusals(&context.surroundings.home, destination, addresses)
        .map_err(|why| context.failed(why))?;
    if forgotten == 0 {
        let list = format!(
            "segue rejects {} --remembered",
            shell_word(destination.name.as_str())
        );
        let what = context.words.text("rejects-none-known");
        return Err(Failure::usage(what, Next::Run(list)));
    }
    if context.json {
        print_json(&json!({ "forgotten": forgotten }));
    } else {
        print(&format!("forgotten: {forgotten}"));
        let count = [("count", forgotten.into())];
        say(&context.words.with("rejects-forgotten", &count));
    }
    Ok(0)
}
