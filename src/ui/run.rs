//! The loop: messages in, state, effects out, frames. Generic over the screen and the keys, so that tests drive it.

use std::io;
use std::time::{Duration, Instant};

use crossterm::event::{Event, KeyCode, KeyModifiers};
use futures_util::{Stream, StreamExt};
use jiff::Timestamp;
use ratatui::Terminal;
use ratatui::backend::Backend;
use tokio::sync::mpsc::Receiver;
use tokio::time::{MissedTickBehavior, interval};

use super::Error;
use super::app::App;
use super::effect::Performer;
use super::msg::{Effect, Msg};
use super::view::draw;

/// At most this often is drawn what no key caused.
const FRAME: Duration = Duration::from_millis(33);

/// The exit code of a program whose terminal is gone.
pub(super) const HUNG_UP: u8 = 129;

/// What the loop does besides drawing: the real one writes to the terminal.
pub(super) trait Outside {
    /// Sends bytes that draw nothing.
    fn send(&mut self, bytes: &str);
    /// Stops the program, as Ctrl-Z does, until it goes on.
    fn suspend(&mut self) -> impl Future<Output = io::Result<()>>;
}

/// Runs until the application ends; gives its exit code. Whatever ends it, also a terminal that is gone: what is under
/// way is ended in order first.
pub(super) async fn drive<B, S, O>(
    terminal: &mut Terminal<B>,
    events: S,
    mut told: Receiver<Msg>,
    mut app: App,
    mut performer: Performer,
    outside: &mut O,
) -> Result<u8, Error>
where
    B: Backend<Error: Send + Sync + 'static>,
    S: Stream<Item = io::Result<Event>> + Unpin,
    O: Outside,
{
    let ended = turn(
        terminal,
        events,
        &mut told,
        &mut app,
        &mut performer,
        outside,
    )
    .await;
    // Nobody listens any more: a run that tells how it stands must not wait for that.
    drop(told);
    if app.quit.is_none() {
        perform(&mut performer, app.leave_unfinished(), outside);
    }
    let exit = *ended.as_ref().unwrap_or(&HUNG_UP);
    performer.wind_up(exit).await;
    ended
}

async fn turn<B, S, O>(
    terminal: &mut Terminal<B>,
    mut events: S,
    told: &mut Receiver<Msg>,
    app: &mut App,
    performer: &mut Performer,
    outside: &mut O,
) -> Result<u8, Error>
where
    B: Backend<Error: Send + Sync + 'static>,
    S: Stream<Item = io::Result<Event>> + Unpin,
    O: Outside,
{
    let mut tick = interval(FRAME);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    perform(performer, app.begin(), outside);
    let mut drawn: Option<Instant> = None;
    let mut dirty = true;
    loop {
        if dirty && drawn.is_none_or(|at| at.elapsed() >= FRAME) {
            app.now = Instant::now();
            terminal
                .draw(|frame| draw(frame, app))
                .map_err(Error::screen)?;
            (drawn, dirty) = (Some(Instant::now()), false);
        }
        let moving = app.moves();
        // Keys are looked at first.
        let msg = tokio::select! {
            biased;
            event = events.next() => match event {
                Some(Ok(event)) if is_suspend(&event) => {
                    outside.suspend().await.map_err(Error::Terminal)?;
                    terminal.clear().map_err(Error::screen)?;
                    Some(Msg::Resize)
                }
                Some(Ok(event)) => message(event),
                Some(Err(why)) => return Err(Error::Terminal(why)),
                // The terminal is gone.
                None => return Ok(HUNG_UP),
            },
            msg = told.recv() => Some(msg.unwrap_or(Msg::End(70))),
            _ = tick.tick(), if moving || dirty => Some(Msg::Tick),
        };
        let Some(msg) = msg else { continue };
        let by_hand = matches!(
            msg,
            Msg::Key(_) | Msg::Paste(_) | Msg::Mouse(_) | Msg::Resize
        );
        dirty |= moving || !matches!(msg, Msg::Tick);
        if by_hand {
            drawn = None;
        }
        (app.now, app.clock) = (Instant::now(), Timestamp::now());
        perform(performer, app.update(msg), outside);
        if let Some(exit) = app.quit {
            return Ok(exit);
        }
    }
}

fn perform<O: Outside>(performer: &mut Performer, effects: Vec<Effect>, outside: &mut O) {
    for effect in effects {
        if let Some(bytes) = performer.perform(effect) {
            outside.send(&bytes);
        }
    }
}

fn is_suspend(event: &Event) -> bool {
    matches!(event, Event::Key(key)
        if key.code == KeyCode::Char('z') && key.modifiers.contains(KeyModifiers::CONTROL))
}

fn message(event: Event) -> Option<Msg> {
    match event {
        Event::Key(key) => Some(Msg::Key(key)),
        Event::Paste(text) => Some(Msg::Paste(text)),
        Event::Mouse(mouse) => Some(Msg::Mouse(mouse)),
        Event::Resize(..) => Some(Msg::Resize),
        Event::FocusGained | Event::FocusLost => None,
    }
}
