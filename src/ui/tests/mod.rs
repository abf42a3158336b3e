//! The state without a terminal: random keys, answers in any order, and what the screens look like.

mod bench;
mod beyond;
mod broken;
mod changes;
mod connecting;
mod consent;
#[cfg(feature = "sql")]
mod engine;
mod engines;
mod hands;
mod history;
mod home;
mod life;
mod matching;
mod palette;
mod removal;
mod removed_tags;
mod runs;
mod screens;
mod signing_in;
mod sources;
mod tables;
mod traps;
mod undo;
mod wizard;
mod world;

use std::path::PathBuf;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};
use ratatui::Terminal;
use ratatui::backend::TestBackend;

use super::app::App;
use super::look::Fits;
use super::msg::{Effect, HomeData, Msg, Question, RunEnd, Ticket};
use super::theme::Theme;
use super::view::draw;
use super::{Demo, DemoUser, Start};
use crate::domain::Draft;
use crate::store::Look;
use crate::store::SavedDraft;
use crate::words::{Lang, Words};
use world::{NASTY, World, answer, failed, users, world};

fn key(dice: &mut StdRng) -> Msg {
    use KeyCode::{
        BackTab, Backspace, Char, Delete, Down, End, Enter, Esc, F, Home, Left, PageDown, Right,
        Tab, Up,
    };
    let often = [Enter, Enter, Enter, Char(' '), Char(' '), Down, Up, Tab];
    let rest = [
        Esc,
        BackTab,
        Left,
        Right,
        Home,
        End,
        PageDown,
        Backspace,
        Delete,
        F(1),
        F(2),
        Char('a'),
        Char('c'),
        Char('d'),
        Char('e'),
        Char('n'),
        Char('r'),
        Char('s'),
        Char('v'),
        Char('y'),
        Char('/'),
        Char(':'),
        Char('?'),
        Char('é'),
        Char('日'),
        Char('\u{301}'),
        Char('7'),
        Char('b'),
        Char('u'),
    ];
    let pool: &[KeyCode] = if dice.random_bool(0.6) { &often } else { &rest };
    let code = *pool.choose(dice).expect("not empty");
    let modifiers = if dice.random_bool(0.03) {
        KeyModifiers::CONTROL
    } else {
        KeyModifiers::NONE
    };
    Msg::Key(KeyEvent::new(code, modifiers))
}

/// A draft as it comes from the disk.
fn kept() -> SavedDraft {
    SavedDraft {
        id: "1".to_owned(),
        ..SavedDraft::default()
    }
}

fn demo(name: &str, folder: PathBuf) -> Demo {
    Demo {
        name: name.to_owned(),
        client_id: "1".to_owned(),
        client_secret: "2".to_owned(),
        port: 0,
        audience: "a1b2c3".to_owned(),
        folder,
        user: DemoUser::default(),
        approve: std::sync::Arc::new(|_| Box::pin(async { Ok(()) })),
    }
}

#[expect(clippy::too_many_lines, reason = "one loop over all that may happen")]
fn session(seed: u64, world: &World, folder: &std::path::Path) -> (usize, usize) {
    let mut dice = StdRng::seed_from_u64(seed);
    let lang = Lang::ALL[usize::from(dice.random_bool(0.5))];
    let demo = dice
        .random_bool(0.8)
        .then(|| demo("日本 \u{301}", folder.to_owned()));
    let mut app = App::new(
        Words::new(lang),
        Theme::new(
            *Look::ALL.choose(&mut dice).expect("a look"),
            dice.random_bool(0.5),
        ),
        "lotta".to_owned(),
        demo,
        Start::Wizard,
    );
    let mut saved = HomeData {
        usable: vec![world.login.name.clone()],
        logins: vec![world.login.clone()],
        users: users(),
        drafts: dice.random_bool(0.3).then(kept).into_iter().collect(),
        ..HomeData::default()
    };
    let mut open: Vec<(Ticket, Question)> = Vec::new();
    let mut runs: Vec<Ticket> = Vec::new();
    let (mut kept, mut started) = (0, 0);
    let mut effects = app.begin();
    for _ in 0..1500 {
        for effect in effects {
            match effect {
                Effect::Ask(ticket, question) => open.push((ticket, question)),
                Effect::Run(ticket, destination, _) => {
                    assert_eq!(Draft::from(*destination).gaps(), []);
                    runs.push(ticket);
                    started += 1;
                }
                _ => {}
            }
        }
        app.quit = None;
        let msg = match dice.random_range(0..10) {
            0..3 if !open.is_empty() => {
                let (ticket, question) = open.swap_remove(dice.random_range(0..open.len()));
                kept += usize::from(matches!(question, Question::Save(..)));
                Msg::Answer(
                    ticket,
                    answer(&question, world, &mut saved, dice.random_bool(0.9)),
                )
            }
            3 => Msg::Paste("x\u{1b}[201~\r\ny".to_owned()),
            4 if !runs.is_empty() => {
                let at = dice.random_range(0..runs.len());
                if dice.random_bool(0.3) {
                    let end = RunEnd {
                        report: None,
                        failure: Some(failed()),
                    };
                    Msg::Ended(runs.swap_remove(at), Box::new(end))
                } else {
                    Msg::Progress(runs[at], Box::default())
                }
            }
            5 if dice.random_bool(0.2) => {
                // An answer that nobody waits for.
                Msg::Answer(
                    u64::MAX,
                    answer(
                        &Question::Path(String::new(), Fits::Profiles),
                        world,
                        &mut saved,
                        true,
                    ),
                )
            }
            _ => key(&mut dice),
        };
        effects = app.update(msg);
        if dice.random_bool(0.2) {
            let size = (dice.random_range(1..140), dice.random_range(1..50));
            let mut terminal = Terminal::new(TestBackend::new(size.0, size.1)).expect("terminal");
            terminal.draw(|frame| draw(frame, &mut app)).expect("drawn");
            let shown = terminal.backend().to_string();
            assert!(!shown.contains(['\u{1b}', '\u{7}', '\u{202e}']), "{shown}");
        }
    }
    (kept, started)
}

#[tokio::test]
async fn random_keys_never_panic_and_never_save_an_invalid_destination() {
    let folder = tempfile::tempdir().expect("folder");
    let world = world(folder.path(), NASTY, "Club \u{1b}]0;x\u{7}").await;
    assert!(!world.source.attributes().is_empty());
    let (mut saves, mut runs) = (0, 0);
    for seed in 0..40 {
        let (more, started) = session(seed, &world, folder.path());
        (saves, runs) = (saves + more, runs + started);
    }
    assert!(
        saves > 0 && runs > 0,
        "the keys get far enough: {saves} saves, {runs} runs"
    );
}
