//! An attribute that looks like consent and is not used: why, is asked.

use crossterm::event::KeyCode::{BackTab, Char, Down, End, Enter, Esc, Home, Up};

use super::super::app::Screen;
use super::super::msg::{Effect, Question};
use super::bench::{Bench, a_world, assert_shows, home};
use crate::domain::{ConsentRule, Draft};

const WHY: &str = "Why does Email Subscriber not say who agreed to get mail?";

fn draft<'b>(bench: &'b Bench<'_>) -> &'b Draft {
    match &bench.app.screen {
        Screen::Wizard(wizard) => &wizard.draft,
        other => panic!("no wizard: {other:?}"),
    }
}

/// An application at the rules of a saved destination, with this rule about consent.
async fn at_the_rules(rule: Option<&str>, look: impl FnOnce(&mut Bench<'_>)) {
    let folder = tempfile::tempdir().expect("folder");
    let world = a_world(&folder).await;
    let mut saved = home(&world, &["Alpha"]);
    saved.rows[0].destination.consent_attribute = rule.map(ConsentRule::likely);
    let mut bench = Bench::new(&world, saved);
    bench.press(&[Char('e'), BackTab]);
    look(&mut bench);
}

/// Moves to the line that begins so.
fn to(bench: &mut Bench<'_>, row: &str) {
    bench.press(&[Home]);
    for _ in 0..20 {
        if bench.shown().contains(&format!("❯ {row}")) {
            return;
        }
        bench.press(&[Down]);
    }
    panic!("no {row:?} on:\n{}", bench.shown());
}

#[tokio::test]
async fn whoever_dismisses_the_attribute_says_why_and_the_answer_is_kept() {
    at_the_rules(None, |bench| {
        let row = "[ ] Email Subscriber is not about consent";
        to(bench, row);
        bench.press(&[Char(' ')]);
        assert_shows(&bench.shown(), WHY);
        bench.press(&[Esc]);
        assert!(draft(bench).consent_dismissed.is_empty());
        bench.press(&[Char(' '), Down, Enter]);
        let told = "[✓] Email Subscriber is not about consent: It says something else";
        assert_shows(&bench.shown(), told);
        bench.press(&[End, Enter, Enter]);
        let saved = bench.asked.iter().find_map(|effect| match effect {
            Effect::Ask(_, Question::Save(saved, ..)) => Some(saved),
            _ => None,
        });
        let saved = saved.expect("saved");
        let because = &saved.consent_dismissed_because;
        assert_eq!(because["Email Subscriber"], "It says something else");
        assert_eq!(saved.consent_dismissed, ["Email Subscriber"]);
    })
    .await;
}

#[tokio::test]
async fn whoever_wants_no_attribute_where_one_was_found_is_asked_why() {
    at_the_rules(Some("Email Subscriber"), |bench| {
        to(bench, "Consent attribute: Email Subscriber");
        bench.press(&[Enter, Home]);
        for letter in "none".chars() {
            bench.press(&[Char(letter)]);
        }
        bench.press(&[Enter]);
        assert_shows(&bench.shown(), WHY);
        // A reason of one's own; none is no reason.
        bench.press(&[Down, Down, Down, Enter]);
        assert_shows(&bench.shown(), "Type the reason");
        bench.press(&[Char('o'), Char('l'), Char('d'), Up, Down, Enter]);
        let because = &draft(bench).consent_dismissed_because;
        assert_eq!(because["Email Subscriber"], "old");
        // Taken back, the reason is forgotten.
        to(bench, "[✓] Email Subscriber is not about consent: old");
        bench.press(&[Char(' ')]);
        assert!(draft(bench).consent_dismissed_because.is_empty());
    })
    .await;
}
