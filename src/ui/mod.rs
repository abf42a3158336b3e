//! The terminal application: destinations, the wizard, the live pane, the report.
//!
//! `Msg` is all that can reach it, `Effect` all that it can ask for; `App::update` turns the one into the other without
//! I/O, `view` draws, `effect` performs. Knows no command line and no sandbox; ratatui and crossterm stay in here.

mod about;
mod app;
mod changes;
mod desk;
mod effect;
mod engine;
mod export_user;
mod exports;
mod field;
mod footer;
mod gauge;
mod help;
mod history;
mod home;
mod keeping;
mod keys;
mod live;
mod logins;
mod look;
mod mouse;
mod msg;
mod naming;
mod notice;
mod offers;
mod overlay;
mod paint;
mod palette;
mod pane;
mod rejects;
mod removal;
mod report;
mod run;
mod runs;
mod scheduling;
mod sign_in;
mod table;
mod terminal;
#[cfg(test)]
mod tests;
mod text;
mod theme;
mod undo;
mod view;
mod wizard;
mod writing;

use std::error::Error as StdError;
use std::fmt;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crossterm::event::Event;
use futures_util::Stream;
use futures_util::future::BoxFuture;
use ratatui::Terminal;
use ratatui::backend::Backend;
use tokio::sync::mpsc;
use tokio::task::spawn_blocking;
use tokio::time::sleep;

use crate::export::Surroundings;
use crate::store::{BadKey, Home, KeyWish, Look};
use crate::words::Words;
use app::App;
use effect::Performer;
use keys::Keys;
use msg::Msg;
use theme::Theme;

pub use terminal::columns;

/// Says yes on the sandbox's page: given the address of the page, it posts the page's form.
pub type Approve = Arc<dyn Fn(String) -> BoxFuture<'static, Result<(), String>> + Send + Sync>;

/// Where the application starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Start {
    /// On the saved destinations.
    #[default]
    Home,
    /// In the wizard, on a new destination.
    Wizard,
}

/// What `segue demo` fills in, so that Enter and Space alone lead to the report.
#[derive(Clone)]
pub struct Demo {
    /// The display name.
    pub name: String,
    /// The id of the app registered with the sandbox.
    pub client_id: String,
    /// Its secret, which is no secret in a sandbox.
    pub client_secret: String,
    /// The port of the redirect URI.
    pub port: u16,
    /// The sandbox's audience.
    pub audience: String,
    /// The folder of made-up people.
    pub folder: PathBuf,
    /// What the export user's sign-in is filled in with.
    pub user: DemoUser,
    /// *Approve here*.
    pub approve: Approve,
}

/// The made-up export user of a demo.
#[derive(Clone, Default)]
pub struct DemoUser {
    /// The id of the app registered with the sandbox's Microsoft Entra ID.
    pub client_id: String,
    /// Its tenant.
    pub tenant: String,
    /// The address of the sandbox's Dataverse.
    pub environment: String,
    /// The instance of the sandbox's Customer Insights.
    pub instance: String,
    /// The subscription key, which is no secret in a sandbox.
    pub subscription_key: String,
}

impl fmt::Debug for Demo {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Demo({})", self.name)
    }
}

/// All that the application needs.
pub struct Setup {
    /// Files, keyring, services.
    pub surroundings: Surroundings,
    /// The texts.
    pub words: Words,
    /// The colours that are wished for.
    pub look: Look,
    /// Whether colour may be used.
    pub colour: bool,
    /// Whether what leads somewhere may be a link for the terminal.
    pub links: bool,
    /// The keys that are wished for; those that [`bad_keys`] refuses are left as they are.
    pub keys: Vec<KeyWish>,
    /// What `segue demo` fills in.
    pub demo: Option<Demo>,
    /// Where to start.
    pub start: Start,
}

/// Why the application could not go on.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The terminal cannot be used, or is gone.
    #[error("the terminal cannot be used")]
    Terminal(#[source] io::Error),
    /// The screen cannot be drawn on.
    #[error("the screen cannot be drawn on")]
    Screen(#[source] Box<dyn StdError + Send + Sync>),
}

impl Error {
    fn screen(why: impl StdError + Send + Sync + 'static) -> Self {
        Self::Screen(Box::new(why))
    }
}

/// Looks for the wishes for keys that cannot be granted.
#[must_use]
pub fn bad_keys(wishes: &[KeyWish]) -> Vec<BadKey> {
    keys::bad_keys(wishes)
}

/// Runs the application on the terminal until the user leaves it; gives the exit code.
///
/// # Errors
/// Fails when there is no terminal, or it goes away.
pub async fn run(setup: Setup) -> Result<u8, Error> {
    let guard = terminal::Guard::take().map_err(Error::Terminal)?;
    let mut canvas = terminal::Guard::canvas().map_err(Error::Terminal)?;
    let mut outside = RealTerminal;
    let ended = application(
        setup,
        &mut canvas,
        terminal::Typed::new(),
        &mut outside,
        true,
    )
    .await;
    drop(guard);
    match ended {
        // Drawing on one that is gone fails, too.
        Err(_) if terminal::is_gone() => Ok(run::HUNG_UP),
        ended => ended,
    }
}

/// Runs the application on any screen, with keys from anywhere: for tests.
///
/// # Errors
/// Fails when the screen or the keys do.
#[doc(hidden)]
pub async fn run_on<B, S>(setup: Setup, terminal: &mut Terminal<B>, events: S) -> Result<u8, Error>
where
    B: Backend<Error: Send + Sync + 'static>,
    S: Stream<Item = io::Result<Event>> + Unpin,
{
    application(setup, terminal, events, &mut NoTerminal, false).await
}

async fn application<B, S, O>(
    setup: Setup,
    terminal: &mut Terminal<B>,
    events: S,
    outside: &mut O,
    is_real: bool,
) -> Result<u8, Error>
where
    B: Backend<Error: Send + Sync + 'static>,
    S: Stream<Item = io::Result<Event>> + Unpin,
    O: run::Outside,
{
    let (tell, told) = mpsc::channel(256);
    if is_real {
        watch_signals(&tell);
        watch_home(setup.surroundings.home.clone(), tell.clone());
    }
    let user = setup.surroundings.user.clone();
    let words = setup.words.clone();
    let performer = Performer::new(setup.surroundings, setup.words, setup.demo.as_ref(), tell);
    let theme = Theme::new(setup.look, setup.colour).with_keys(Keys::new(&setup.keys));
    let theme = if setup.links {
        theme.with_links()
    } else {
        theme
    };
    let app = App::new(words, theme, user, setup.demo, setup.start);
    run::drive(terminal, events, told, app, performer, outside).await
}

/// How often is looked whether somebody else, such as `segue watch`, has changed what the first screen shows.
const LOOKS: Duration = Duration::from_secs(3);

fn watch_home(home: Home, tell: mpsc::Sender<Msg>) {
    tokio::spawn(async move {
        let mut last = None;
        loop {
            let home = home.clone();
            let seen = spawn_blocking(move || home.traces()).await.ok();
            let before = last.replace(seen.clone());
            if before.is_some_and(|before| before != seen)
                && tell.send(Msg::HomeChanged).await.is_err()
            {
                return;
            }
            sleep(LOOKS).await;
        }
    });
}

/// Ends the application in good order when the system wants it to end.
#[cfg(unix)]
fn watch_signals(tell: &mpsc::Sender<Msg>) {
    use tokio::signal::unix::{SignalKind, signal};
    for (kind, exit) in [
        (SignalKind::terminate(), 143),
        (SignalKind::hangup(), 129),
        (SignalKind::interrupt(), 130),
    ] {
        let tell = tell.clone();
        if let Ok(mut comes) = signal(kind) {
            tokio::spawn(async move {
                if comes.recv().await.is_some() {
                    let _gone = tell.send(Msg::End(exit)).await;
                }
            });
        }
    }
    let tell = tell.clone();
    // Back from the background without our own Ctrl-Z (`kill -STOP` from elsewhere): the screen is drawn anew.
    if let Ok(mut comes) = signal(SignalKind::from_raw(18)) {
        tokio::spawn(async move {
            while comes.recv().await.is_some() {
                let _gone = tell.send(Msg::Resize).await;
            }
        });
    }
}

#[cfg(not(unix))]
fn watch_signals(_tell: &mpsc::Sender<Msg>) {}

struct RealTerminal;

impl run::Outside for RealTerminal {
    fn send(&mut self, bytes: &str) {
        terminal::send(bytes);
    }

    #[cfg(unix)]
    async fn suspend(&mut self) -> io::Result<()> {
        terminal::suspend().await
    }

    #[cfg(not(unix))]
    async fn suspend(&mut self) -> io::Result<()> {
        Ok(())
    }
}

struct NoTerminal;

impl run::Outside for NoTerminal {
    fn send(&mut self, _bytes: &str) {}

    async fn suspend(&mut self) -> io::Result<()> {
        Ok(())
    }
}
