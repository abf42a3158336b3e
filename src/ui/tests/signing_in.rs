//! Leaving a sign-in, as whoever waits for it sees it.

use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use tokio::sync::mpsc::{Receiver, channel};
use tokio::time::timeout;

use super::super::Start;
use super::super::app::App;
use super::super::effect::Performer;
use super::super::msg::{Answer, Effect, HomeData, Msg, Question, UserWay};
use super::super::theme::Theme;
use super::super::wizard::Step;
use super::kept;
use super::world::{NASTY, World, answer, users, world};
use crate::domain::Secret;
use crate::export::Surroundings;
use crate::http::Endpoint;
use crate::login::{MailchimpApp, MemoryKeyring, SignIn};
use crate::store::{Home, SavedDraft};
use crate::words::{Lang, Words};

fn press(code: KeyCode) -> Msg {
    Msg::Key(KeyEvent::new(code, KeyModifiers::NONE))
}

/// The application in front of somebody whose sign-in really waits.
struct Play {
    app: App,
    performer: Performer,
    told: Receiver<Msg>,
}

impl Play {
    fn new(folder: &std::path::Path) -> Self {
        let surroundings = Surroundings::for_test(Home::at(folder), Arc::new(MemoryKeyring::new()));
        let words = Words::new(Lang::En);
        let (tell, told) = channel(8);
        Self {
            app: App::new(
                words.clone(),
                Theme::default(),
                "lotta".to_owned(),
                None,
                Start::Home,
            ),
            performer: Performer::new(surroundings, words, None, tell),
            told,
        }
    }

    /// Presses keys until the sign-in that `begin` gives is waited for.
    fn sign_in(
        &mut self,
        world: &World,
        step: Step,
        mut msgs: Vec<Msg>,
        mut begin: impl FnMut() -> Answer,
    ) {
        let mut saved = HomeData {
            users: users(),
            drafts: vec![SavedDraft {
                step: step.name().to_owned(),
                ..kept()
            }],
            ..HomeData::default()
        };
        msgs.reverse();
        let mut effects = self.app.begin();
        loop {
            let mut answered = None;
            for effect in effects {
                match effect {
                    Effect::Ask(_, Question::Wait(..) | Question::WaitUser(_)) => {
                        self.performer.perform(effect);
                    }
                    Effect::Ask(ticket, Question::SignIn { .. } | Question::BeginUser(_)) => {
                        answered = Some(Msg::Answer(ticket, begin()));
                    }
                    Effect::Ask(ticket, question) => {
                        let told = answer(&question, world, &mut saved, true);
                        answered = Some(Msg::Answer(ticket, told));
                    }
                    _ => {}
                }
            }
            let Some(msg) = answered.or_else(|| msgs.pop()) else {
                break;
            };
            effects = self.app.update(msg);
        }
    }

    /// Presses Escape; the wait has to end by that alone.
    async fn leave(&mut self) {
        tokio::task::yield_now().await;
        assert!(self.told.try_recv().is_err(), "somebody waits");
        self.app.update(press(KeyCode::Esc));
        let ended = timeout(Duration::from_secs(10), self.told.recv());
        let ended = ended.await.expect("at once").expect("an answer");
        assert!(matches!(ended, Msg::Answer(..)));
    }
}

fn port(uri: &str) -> u16 {
    let uri = url::Url::parse(uri).expect("an address");
    uri.port().expect("a port")
}

#[tokio::test]
async fn leaving_the_sign_in_of_mailchimp_frees_its_port_so_that_trying_again_works() {
    let folder = tempfile::tempdir().expect("folder");
    let world = world(folder.path(), NASTY, "Club").await;
    let mut play = Play::new(folder.path());
    let login = Endpoint::parse("https://login.mailchimp.com/oauth2").expect("endpoint");
    let begin = |port| {
        let app = MailchimpApp {
            client_id: "id".to_owned(),
            client_secret: Secret::new("secret".to_owned()),
        };
        SignIn::begin(app, &login, port)
    };
    let mut taken = 0;
    let typed = ["id", "secret"].map(|text| [Msg::Paste(text.to_owned()), press(KeyCode::Enter)]);
    let into = [KeyCode::Enter, KeyCode::Enter].map(press);
    let msgs = into.into_iter().chain(typed.into_iter().flatten());
    play.sign_in(&world, Step::Mailchimp, msgs.collect(), || {
        let sign_in = begin(0).expect("begun");
        taken = port(&sign_in.redirect_uri());
        Answer::SignIn(Ok(Arc::new(sign_in)))
    });
    assert!(taken > 0 && begin(taken).is_err(), "it listens");
    play.leave().await;
    begin(taken).expect("begun again");
}

#[tokio::test]
async fn leaving_the_sign_in_of_an_export_user_frees_its_port() {
    let folder = tempfile::tempdir().expect("folder");
    let mut world = world(folder.path(), NASTY, "Club").await;
    let mut play = Play::new(folder.path());
    let mut begun = vec![world.begun.swap_remove(0)];
    let UserWay::Browser(way) = &begun[0].way else {
        panic!("in the browser")
    };
    let taken = port(way.redirect_uri());
    // Into the API's form; its key is pasted.
    let keys = [KeyCode::Enter, KeyCode::Down, KeyCode::Down, KeyCode::Enter].map(press);
    let pasted = [Msg::Paste("key".to_owned()), press(KeyCode::Enter)];
    let msgs = keys.into_iter().chain(pasted).collect();
    play.sign_in(&world, Step::Source, msgs, || {
        Answer::UserSignIn(Ok(begun.pop().expect("once")))
    });
    let listen = || TcpListener::bind(("127.0.0.1", taken));
    assert!(listen().is_err(), "it listens");
    play.leave().await;
    listen().expect("free");
}
