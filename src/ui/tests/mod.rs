//! The state without a terminal: random keys, answers in any order, and what the screens look like.

mod screens;
mod signing_in;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use jiff::Timestamp;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use tokio_util::sync::CancellationToken;

use super::app::App;
use super::msg::{
    Answer, Effect, HomeData, Looked, Msg, Question, RunEnd, Ticket, UserAsked, UserSignIn, UserWay,
};
use super::view::draw;
use super::{Demo, DemoUser, Start};
use crate::domain::{
    Audience, AudienceId, Draft, FieldKind, FolderOptions, LoginName, MergeField, MergeTag, Reason,
    SourceSpec,
};
use crate::export::{AudienceView, Checked, Counters, SourceSignIn};
use crate::http::{Client, Endpoint};
use crate::login::{DeviceSignIn, EntraApp, EntraSignIn, Resource};
use crate::sandbox::{Options, Sandbox, start};
use crate::source::{Instance, Source};
use crate::store::{Login, SavedDraft};
use crate::words::{Explanation, Lang, Words};

/// What the answers are made of.
struct World {
    /// The export user's sign-ins, in the browser and with a code; with the sandbox that they were begun at.
    begun: Vec<Arc<UserSignIn>>,
    _sandbox: Sandbox,
    source: Source,
    looked: Looked,
    view: AudienceView,
    login: Login,
}

/// What no screen may show as it is.
const NASTY: &str = "id,EMail,FirstName,Email Subscriber,Segment\n1,a@example.com,\u{1b}[31mred,yes,日本語 e\u{301}\n2,nobody,\u{202e}x,no,Gold\n";

async fn world(folder: &std::path::Path, people: &str, audience: &str) -> World {
    std::fs::write(folder.join("people.csv"), people).expect("written");
    let spec = SourceSpec::Folder(folder.to_owned());
    let options = FolderOptions {
        segment_by: Some("Segment".to_owned()),
        ..FolderOptions::default()
    };
    let source = Source::open(&spec, &options, None).await.expect("open");
    let segments = source.segments().await.expect("segments");
    let field = |tag: &str, kind| MergeField {
        tag: MergeTag::parse(tag).expect("tag"),
        name: tag.to_owned(),
        kind,
        required: false,
        choices: Vec::new(),
        us_phone: false,
    };
    let sandbox = start(Options {
        empty: true,
        ..Options::default()
    });
    let sandbox = sandbox.await.expect("sandbox");
    World {
        begun: begin(&sandbox).await,
        _sandbox: sandbox,
        looked: Looked {
            source: source.clone(),
            refreshing: true,
            segments,
        },
        source,
        view: AudienceView {
            audience: Audience {
                id: AudienceId::parse("a1b2c3").expect("id"),
                name: audience.to_owned(),
                web_id: 1,
                members: 12,
                double_optin: false,
                marketing_permissions: false,
            },
            merge_fields: vec![
                field("FNAME", FieldKind::Text),
                field("BIRTHDAY", FieldKind::Birthday),
            ],
            tags: vec!["Gold".to_owned()],
        },
        login: Login {
            name: crate::domain::LoginName::parse("club").expect("name"),
            service: "mailchimp".to_owned(),
            account_id: "1".to_owned(),
            account_name: "Club".to_owned(),
            api: crate::http::Endpoint::parse("http://127.0.0.1:1/3.0").expect("api"),
            created_at: Timestamp::UNIX_EPOCH,
            plan_limit: None,
            entra: None,
        },
    }
}

/// Begins both ways to sign in: only a service can.
async fn begin(sandbox: &Sandbox) -> Vec<Arc<UserSignIn>> {
    let ready = |key: &str| sandbox.ready()[key].as_str().expect("text").to_owned();
    let endpoint = |text: &str| Endpoint::parse(text).expect("endpoint");
    let app = EntraApp {
        client_id: ready("insights_client_id"),
        authority: endpoint(&ready("authority")),
        resource: Resource::CustomerInsights,
    };
    let client = Client::new(Duration::from_secs(20)).expect("client");
    let browser = EntraSignIn::begin(&client, app.clone()).await;
    let code = DeviceSignIn::begin(&client, &app).await;
    let asked = UserAsked {
        sign_in: insights(),
        subscription_key: None,
        by_code: false,
    };
    let ways = [
        UserWay::Browser(Box::new(browser.expect("begun"))),
        UserWay::Code(Box::new(code.expect("begun"))),
    ];
    ways.into_iter()
        .map(|way| {
            let asked = asked.clone();
            Arc::new(UserSignIn {
                asked,
                way,
                given_up: CancellationToken::new(),
            })
        })
        .collect()
}

/// What a saved login of an export user was made with.
fn insights() -> SourceSignIn {
    SourceSignIn {
        client_id: "0c3d".to_owned(),
        tenant: "contoso.example".to_owned(),
        source: SourceSpec::Insights("two".to_owned()),
    }
}

fn users() -> Vec<(LoginName, SourceSignIn)> {
    vec![(LoginName::parse("crm").expect("name"), insights())]
}

fn counters() -> Counters {
    Counters {
        profiles: 4_892,
        created: 4_318,
        updated: 312,
        unchanged: 0,
        suppressed: 168,
        rejected: 67,
        merged: 27,
        reasons: [
            (Reason::Unsubscribed, 121),
            (Reason::Cleaned, 47),
            (Reason::NoEmail, 40),
            (Reason::InvalidValue, 27),
        ]
        .into(),
        duration_ms: 83_000,
        ..Counters::default()
    }
}

fn failed() -> Explanation {
    Explanation {
        what: "It failed \u{1b}[2J".to_owned(),
        why: "日本 ".repeat(40),
        next: Vec::new(),
    }
}

fn instances() -> Vec<Instance> {
    let instance = |id: &str, name: &str| Instance {
        id: id.to_owned(),
        name: name.to_owned(),
    };
    vec![
        instance("one", "Contoso"),
        instance("two", "日本語 \u{1b}[1m"),
    ]
}

fn or_not<T>(good: bool, answer: T) -> Result<T, Explanation> {
    if good { Ok(answer) } else { Err(failed()) }
}

fn answer(question: &Question, world: &World, saved: &mut HomeData, good: bool) -> Answer {
    match question {
        Question::Home => Answer::Home(or_not(good, Box::new(saved.clone()))),
        Question::SignIn { .. } => Answer::SignIn(Err(failed())),
        Question::Wait(..)
        | Question::Complete(..)
        | Question::Approve(_)
        | Question::ApiKey(_) => Answer::Login(or_not(good, world.login.clone())),
        Question::BeginUser(asked) => {
            let way = world.begun[usize::from(asked.by_code)].clone();
            Answer::UserSignIn(or_not(good, way))
        }
        Question::WaitUser(_) | Question::CompleteUser(..) | Question::ApproveUser(_) => {
            let login = Login {
                name: LoginName::parse("crm").expect("name"),
                account_name: "Ann \u{1b}[1m".to_owned(),
                ..world.login.clone()
            };
            Answer::User(or_not(good, login))
        }
        Question::Instances(_) => Answer::Instances(or_not(good, instances())),
        Question::Audiences(_) => {
            Answer::Audiences(or_not(good, vec![world.view.audience.clone()]))
        }
        Question::Audience(..) | Question::MakeField(..) => {
            Answer::Audience(or_not(good, Box::new(world.view.clone())))
        }
        Question::Source(..) => Answer::Source(or_not(good, Box::new(world.looked.clone()))),
        Question::Preview(..) => Answer::Preview(or_not(good, Vec::new())),
        Question::Dates(..) => Answer::Dates(or_not(good, Default::default())),
        Question::Check(_) => Answer::Check(or_not(
            good,
            Box::new(Checked {
                would: counters(),
                warnings: Vec::new(),
                exit: 0,
            }),
        )),
        Question::Save(destination, _) => {
            // Rule 6, and everything else that a destination must have.
            assert_eq!(Draft::from((**destination).clone()).gaps(), []);
            if good {
                saved.rows.push(((**destination).clone(), None));
            }
            Answer::Saved(or_not(good, destination.clone()))
        }
        Question::Remove(_) => Answer::Removed(or_not(good, ())),
        Question::Rejects(_) => Answer::Rejects(or_not(good, Vec::new())),
        Question::Path(_) => Answer::Path(vec!["/tmp/a/".to_owned(), "/tmp/å\u{7}".to_owned()]),
    }
}

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
        dice.random_bool(0.5),
        "lotta".to_owned(),
        demo,
        Start::Wizard,
    );
    let mut saved = HomeData {
        usable: vec![world.login.name.clone()],
        logins: vec![world.login.clone()],
        users: users(),
        draft: dice.random_bool(0.3).then(SavedDraft::default),
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
                Effect::Run(ticket, destination) => {
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
                    answer(&Question::Path(String::new()), world, &mut saved, true),
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
