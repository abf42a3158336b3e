use serde_json::json;

use super::Context;
use super::out::{print, print_json, print_told};
use crate::domain::escaped;
use crate::export::{Finding, Trouble, doctor};
use crate::words::Next;

/// Says of each check what it found and what to do; 1 if anything does not work.
pub(super) async fn run(context: &Context) -> u8 {
    let found = doctor(
        &context.surroundings,
        |name| std::env::var(name).ok(),
        context.look_at_keys,
    )
    .await;
    if context.json {
        let all: Vec<_> = found.iter().map(|one| as_json(context, one)).collect();
        print_json(&all);
    } else {
        for one in &found {
            tell(context, one);
        }
    }
    let is_wrong = |one: &Finding| state(one) == State::Wrong;
    u8::from(found.iter().any(is_wrong))
}

/// What a check came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Ok,
    Warning,
    Wrong,
}

impl State {
    /// Shows it as JSON spells it; never translated.
    fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warning => "warning",
            Self::Wrong => "wrong",
        }
    }
}

fn state(finding: &Finding) -> State {
    match &finding.trouble {
        None => State::Ok,
        Some(trouble) if trouble.is_wrong() => State::Wrong,
        Some(_) => State::Warning,
    }
}

fn text(next: &Next) -> String {
    match next {
        Next::Run(text) | Next::Say(text) => text.clone(),
    }
}

fn as_json(context: &Context, finding: &Finding) -> serde_json::Value {
    let told = context.words.finding(finding);
    let what = told.as_ref().map(|told| told.what.clone());
    let why = told.as_ref().map(|told| told.why.clone());
    let next = told.iter().flat_map(|told| &told.next).map(text);
    json!({
        "check": finding.check.as_str(), "about": finding.about, "state": state(finding).as_str(),
        "what": what.unwrap_or_default(), "why": why.unwrap_or_default(),
        "next": next.collect::<Vec<_>>(),
    })
}

fn tell(context: &Context, finding: &Finding) {
    let words = &context.words;
    let state = words.text(match state(finding) {
        State::Ok => "doctor-state-ok",
        State::Warning => "doctor-state-warning",
        State::Wrong => "doctor-state-wrong",
    });
    let head = format!(
        "{state:<7}  {} {}",
        words.check(finding.check),
        finding.about
    );
    let Some(told) = words.finding(finding) else {
        return print_told(head.trim_end());
    };
    print_told(&escaped(&format!("{}: {}", head.trim_end(), told.what)));
    // What a failure says in more words may name a line, or the system's own reason.
    if let Some(Trouble::Failed(_)) = &finding.trouble {
        for line in told.why.lines().filter(|line| !line.is_empty()) {
            print_told(&escaped(&format!("         {line}")));
        }
    }
    for next in &told.next {
        let next = words.to_run(&text(next));
        let line = format!("         → {next}");
        // What is copied stays in one piece.
        if next.starts_with("segue ") {
            print(&line);
        } else {
            print_told(&line);
        }
    }
}
