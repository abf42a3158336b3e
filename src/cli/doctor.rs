use serde_json::json;

use super::Context;
use super::out::{print, print_json};
use crate::domain::escaped;
use crate::export::{Finding, doctor};
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
    let is_wrong = |one: &Finding| state(one) == "wrong";
    u8::from(found.iter().any(is_wrong))
}

/// The state as JSON spells it; never translated.
fn state(finding: &Finding) -> &'static str {
    match &finding.trouble {
        None => "ok",
        Some(trouble) if trouble.is_wrong() => "wrong",
        Some(_) => "warning",
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
        "check": finding.check.as_str(), "about": finding.about, "state": state(finding),
        "what": what.unwrap_or_default(), "why": why.unwrap_or_default(),
        "next": next.collect::<Vec<_>>(),
    })
}

fn tell(context: &Context, finding: &Finding) {
    let words = &context.words;
    let head = format!(
        "{:<7}  {} {}",
        state(finding),
        finding.check.as_str(),
        finding.about
    );
    let Some(told) = words.finding(finding) else {
        return print(head.trim_end());
    };
    print(&escaped(&format!("{}: {}", head.trim_end(), told.what)));
    if let Some(next) = told.next.first() {
        print(&format!("         → {}", text(next)));
    }
}
