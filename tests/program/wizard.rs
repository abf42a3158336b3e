//! The whole application on a screen in memory, driven by typed keys against the sandbox.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

use std::cell::Cell;
use std::convert::Infallible;
use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};
use futures_util::stream::poll_fn;
use ratatui::Terminal;
use ratatui::backend::{Backend, ClearType, TestBackend, WindowSize};
use ratatui::buffer::Cell as Drawn;
use ratatui::layout::{Position, Size};
use segue::export::{Outcome, Surroundings, last_report};
use segue::login::{Endpoints, Keyring, MemoryKeyring, SourceVariables};
use segue::sandbox::{self, Options, Sandbox};
use segue::store::Look;
use segue::store::{Destinations, Drafts, Home};
use segue::ui::{self, Approve, Demo, DemoUser, Setup, Start};
use segue::words::{Lang, Words};
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

/// The redirect port is one for all, so these tests take turns.
pub static TURN: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

/// A screen that the test can look at while the application draws on it.
#[derive(Clone)]
struct Screen(Arc<Mutex<TestBackend>>);

impl Screen {
    fn text(&self) -> String {
        self.0.lock().unwrap().to_string()
    }
}

impl Backend for Screen {
    type Error = Infallible;

    fn draw<'a, I: Iterator<Item = (u16, u16, &'a Drawn)>>(
        &mut self,
        content: I,
    ) -> Result<(), Infallible> {
        self.0.lock().unwrap().draw(content)
    }
    fn hide_cursor(&mut self) -> Result<(), Infallible> {
        self.0.lock().unwrap().hide_cursor()
    }
    fn show_cursor(&mut self) -> Result<(), Infallible> {
        self.0.lock().unwrap().show_cursor()
    }
    fn get_cursor_position(&mut self) -> Result<Position, Infallible> {
        self.0.lock().unwrap().get_cursor_position()
    }
    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> Result<(), Infallible> {
        self.0.lock().unwrap().set_cursor_position(position)
    }
    fn clear(&mut self) -> Result<(), Infallible> {
        self.0.lock().unwrap().clear()
    }
    fn clear_region(&mut self, kind: ClearType) -> Result<(), Infallible> {
        self.0.lock().unwrap().clear_region(kind)
    }
    fn size(&self) -> Result<Size, Infallible> {
        self.0.lock().unwrap().size()
    }
    fn window_size(&mut self) -> Result<WindowSize, Infallible> {
        self.0.lock().unwrap().window_size()
    }
    fn flush(&mut self) -> Result<(), Infallible> {
        self.0.lock().unwrap().flush()
    }
}

/// The application under the test's fingers.
struct Hands {
    screen: Screen,
    keys: UnboundedSender<io::Result<Event>>,
    /// How many keys were pressed.
    typed: Cell<usize>,
}

impl Hands {
    fn press(&self, code: KeyCode) {
        self.typed.set(self.typed.get() + 1);
        self.keys.send(Ok(Event::Key(code.into()))).unwrap();
    }

    fn control(&self, c: char) {
        let event = KeyEvent::new(KeyCode::Char(c), KeyModifiers::CONTROL);
        self.keys.send(Ok(Event::Key(event))).unwrap();
    }

    fn type_text(&self, text: &str) {
        for c in text.chars() {
            self.press(KeyCode::Char(c));
        }
    }

    /// Waits until the screen shows a text.
    async fn see(&self, wanted: &str) {
        let start = Instant::now();
        while !self.screen.text().contains(wanted) {
            let shown = self.screen.text();
            assert!(
                start.elapsed() < Duration::from_mins(1),
                "no {wanted:?} on:\n{shown}"
            );
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Waits for a text, then goes on with Enter.
    async fn on(&self, wanted: &str) {
        self.see(wanted).await;
        self.press(KeyCode::Enter);
    }
}

async fn sandbox_of(people: &Path) -> Sandbox {
    slow_sandbox_of(people, Duration::ZERO).await
}

async fn slow_sandbox_of(people: &Path, latency: Duration) -> Sandbox {
    let options = Options {
        profiles: 400,
        latency,
        ..Options::default()
    };
    sandbox::write_people(&options, people).unwrap();
    sandbox::start(options).await.unwrap()
}

fn ready(sandbox: &Sandbox, key: &str) -> String {
    sandbox.ready()[key].as_str().unwrap().to_owned()
}

fn setup(sandbox: &Sandbox, folder: &Path, lang: Lang, demo: bool) -> Setup {
    let surroundings = Surroundings {
        home: Home::at(folder.join("home")),
        keyring: Keyring::new(Arc::new(MemoryKeyring::new()), "test"),
        endpoints: Endpoints::new(
            Some(&ready(sandbox, "mailchimp_api")),
            Some(&ready(sandbox, "mailchimp_login")),
        )
        .unwrap(),
        env_credential: None,
        sql: segue::login::SqlVariables::default(),
        variables: SourceVariables::read(|name| match name {
            "SEGUE_ENTRA_AUTHORITY" => Some(ready(sandbox, "authority")),
            "SEGUE_INSIGHTS_URL" => Some(ready(sandbox, "insights_url")),
            _ => None,
        })
        .unwrap(),
        timeout: Duration::from_secs(30),
        user: "lotta".to_owned(),
        on_wait: None,
    };
    let filled = Demo {
        name: "Spring newsletter".to_owned(),
        client_id: ready(sandbox, "mailchimp_client_id"),
        client_secret: ready(sandbox, "mailchimp_client_secret"),
        port: 8723,
        audience: ready(sandbox, "audience_id"),
        folder: folder.join("people"),
        user: DemoUser {
            client_id: ready(sandbox, "insights_client_id"),
            tenant: ready(sandbox, "tenant"),
            environment: ready(sandbox, "dataverse_url"),
            instance: ready(sandbox, "insights_instance"),
            subscription_key: ready(sandbox, "insights_subscription_key"),
        },
        approve: approve(),
    };
    Setup {
        keys: Vec::new(),
        surroundings,
        words: Words::new(lang),
        look: Look::Terminal,
        colour: true,
        links: false,
        demo: demo.then_some(filled),
        start: if demo { Start::Wizard } else { Start::Home },
    }
}

/// Posts the form of the sandbox's page, and follows it back, as a browser would.
fn approve() -> Approve {
    Arc::new(|url: String| {
        Box::pin(async move {
            let (page, query) = url.split_once('?').ok_or("no query")?;
            let request = reqwest::Client::new()
                .post(page)
                .header("content-type", "application/x-www-form-urlencoded")
                .body(format!("{query}&decision=approve"));
            request.send().await.map_err(|why| why.to_string())?;
            Ok(())
        })
    })
}

/// Runs the application while `hands` types, and gives its exit code.
async fn play<F: Future<Output = ()>>(
    setup: Setup,
    size: (u16, u16),
    hands: impl FnOnce(Hands) -> F,
) -> u8 {
    // The first client of the program sets up TLS for all.
    setup.surroundings.client().unwrap();
    let screen = Screen(Arc::new(Mutex::new(TestBackend::new(size.0, size.1))));
    let mut terminal = Terminal::new(screen.clone()).unwrap();
    let (keys, mut typed) = unbounded_channel();
    let events = poll_fn(move |context| typed.poll_recv(context));
    let hands = hands(Hands {
        screen,
        keys,
        typed: Cell::new(0),
    });
    let (exit, ()) = tokio::join!(ui::run_on(setup, &mut terminal, events), hands);
    exit.unwrap()
}

/// Goes through the demo's wizard with Enter and Space, until the check of an export is shown.
async fn walk_to_review(hands: &Hands) {
    hands.on("Before you start").await;
    hands.on("The name is free").await;
    hands.see("❯ [ ] I agree").await;
    hands.press(KeyCode::Char(' '));
    hands.on("[✓] I agree").await;
    hands.on("❯ Approve here").await;
    hands.see("✓ Connected to Mailchimp: Segue Sandbox").await;
    hands.on("✓ Kundklubben  ").await;
    hands
        .on("❯ The demo's Customer Insights (Approve here)")
        .await;
    hands.see("✓ Connected to Customer Insights").await;
    hands.on("EMail").await;
    hands.see("Which segments are exported?").await;
    hands.press(KeyCode::Char(' '));
    hands.on("1 chosen").await;
    hands.see("subscribed: they get").await;
    hands.press(KeyCode::Char(' '));
    hands.on("(●) subscribed").await;
    hands.see("profiles would give").await;
}

/// Says yes to the export, with the numbers of its check in sight.
async fn export(hands: &Hands) {
    hands.press(KeyCode::Char('e'));
    hands.see("Save, and export now?").await;
    hands.press(KeyCode::Char('y'));
}

#[tokio::test]
async fn fourteen_keys_lead_through_the_demo_to_the_report() {
    let _turn = TURN.lock().await;
    let folder = tempfile::tempdir().unwrap();
    let sandbox = sandbox_of(&folder.path().join("people")).await;
    let setup = setup(&sandbox, folder.path(), Lang::En, true);
    let home = setup.surroundings.home.clone();
    let exit = play(setup, (80, 24), |hands| async move {
        walk_to_review(&hands).await;
        export(&hands).await;
        hands.see("Every profile is accounted for.").await;
        assert!(hands.typed.get() <= 14, "{} keys", hands.typed.get());
        hands.on("Report").await;
        hands.see("Spring newsletter").await;
        hands.press(KeyCode::Char('q'));
    })
    .await;
    assert_eq!(exit, 0);
    let saved = Destinations::of(&home).list().unwrap();
    assert_eq!(saved[0].agreement.as_ref().expect("agreed").user, "lotta");
    let (_, report) = last_report(&home, &saved[0].id()).unwrap().unwrap();
    assert!(report.ended.counters.sum_holds() && report.ended.counters.created > 0);
    sandbox.stop().await;
}

#[tokio::test]
async fn leaving_while_an_export_goes_on_stops_it_in_order_and_keeps_its_report() {
    let _turn = TURN.lock().await;
    let folder = tempfile::tempdir().unwrap();
    let people = folder.path().join("people");
    let sandbox = slow_sandbox_of(&people, Duration::from_millis(400)).await;
    let setup = setup(&sandbox, folder.path(), Lang::En, true);
    let home = setup.surroundings.home.clone();
    let exit = play(setup, (80, 24), |hands| async move {
        walk_to_review(&hands).await;
        export(&hands).await;
        hands.see("▸ comparing").await;
        hands.press(KeyCode::Char('q'));
        hands.see("Stop it and leave?").await;
        hands.press(KeyCode::Char('y'));
        // The keys stay until the program has ended.
        let ended = hands.keys.closed();
        tokio::time::timeout(Duration::from_secs(30), ended)
            .await
            .expect("the program ends");
    })
    .await;
    assert_eq!(exit, 130);
    let saved = Destinations::of(&home).list().unwrap();
    let (_, report) = last_report(&home, &saved[0].id()).unwrap().unwrap();
    assert_eq!(report.ended.outcome, Outcome::Stopped);
    assert!(report.failure.is_some(), "it tells why");
    sandbox.stop().await;
}

#[expect(clippy::too_many_lines, reason = "one walk through all steps")]
#[tokio::test]
async fn everything_can_be_typed_in_swedish_and_a_left_wizard_is_gone_on_with() {
    let _turn = TURN.lock().await;
    let folder = tempfile::tempdir().unwrap();
    let people = folder.path().join("people");
    let sandbox = sandbox_of(&people).await;
    let key = ready(&sandbox, "mailchimp_api_key");
    let setup = setup(&sandbox, folder.path(), Lang::Sv, false);
    let home = setup.surroundings.home.clone();
    let exit = play(setup, (120, 40), |hands| async move {
        hands.see("skapar ditt första exportmål").await;
        hands.press(KeyCode::Char('n'));
        hands.on("Innan du börjar").await;
        hands.see("Visningsnamn").await;
        hands.type_text("Vårens brev");
        hands.on("Namnet är ledigt").await;
        hands.press(KeyCode::Char(' '));
        hands.see("[✓] Jag accepterar").await;
        // Out of the wizard and back: nothing is asked twice.
        hands.press(KeyCode::Esc);
        hands.on("Sparat som ett utkast").await;
        hands.on("Vårens brev, påbörjat").await;
        hands.on("[✓] Jag accepterar").await;
        hands.see("Dina målgrupper visas här").await;
        hands.see("Logga in med webbläsaren").await;
        hands.press(KeyCode::Down);
        hands.on("❯ Använd en API-nyckel").await;
        hands.see("API-nyckel ").await;
        hands
            .keys
            .send(Ok(Event::Paste(format!("{key}\n"))))
            .unwrap();
        hands.press(KeyCode::Enter);
        hands.see("✓ Ansluten till Mailchimp").await;
        hands.on("✓ Kundklubben  ").await;
        hands.see("Varifrån").await;
        hands.press(KeyCode::Down);
        hands.press(KeyCode::Down);
        hands.on("❯ En mapp").await;
        hands.see("En mapp med exporterade").await;
        hands.type_text(&people.display().to_string());
        hands.press(KeyCode::Enter);
        hands.on("✓ Läst: 8 segment").await;
        hands.on("EMail").await;
        hands.see("Vilka segment").await;
        hands.press(KeyCode::Char('a'));
        hands.press(KeyCode::Enter);
        hands.see("väntar: Mailchimp").await;
        hands.press(KeyCode::Down);
        hands.press(KeyCode::Char(' '));
        hands.on("(●) väntar").await;
        hands.see("profiler skulle ge").await;
        hands.press(KeyCode::Enter);
        hands.see("aldrig").await;
        hands.control('c');
    })
    .await;
    assert_eq!(exit, 0);
    let saved = Destinations::of(&home).list().unwrap();
    assert_eq!(saved[0].name.as_str(), "Vårens brev");
    assert_eq!(saved[0].agreement.as_ref().expect("agreed").language, "sv");
    assert!(
        last_report(&home, &saved[0].id()).unwrap().is_none(),
        "saving does not run"
    );
    assert_eq!(Drafts::of(&home).list(), []);
    sandbox.stop().await;
}
