//! The terminal's own state: entered in one place, restored on every way out.

use std::io::{self, IsTerminal, Stdout, Write, stdout};
use std::panic;
use std::pin::Pin;
use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use crossterm::cursor::Show;
use crossterm::event::{
    DisableBracketedPaste, DisableMouseCapture, EnableBracketedPaste, EnableMouseCapture, Event,
    EventStream,
};
use crossterm::terminal::{
    EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
};
use crossterm::{execute, queue};
use futures_util::{Stream, StreamExt};
use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;

/// Whether the terminal is ours now. What restores it runs at most once for each time it was taken.
static TAKEN: AtomicBool = AtomicBool::new(false);
static HOOK: Once = Once::new();

/// Restores the terminal when it goes.
pub(super) struct Guard(());

impl Guard {
    /// Takes the terminal.
    pub fn take() -> io::Result<Self> {
        if !io::stdin().is_terminal() || !stdout().is_terminal() {
            return Err(io::Error::other(
                "standard input and output are no terminal",
            ));
        }
        HOOK.call_once(|| {
            let before = panic::take_hook();
            panic::set_hook(Box::new(move |what| {
                restore();
                before(what);
            }));
        });
        // The guard is there before the first change, so that a failure halfway is undone too.
        let guard = Self(());
        enter()?;
        Ok(guard)
    }

    /// Makes the canvas.
    pub fn canvas() -> io::Result<Terminal<CrosstermBackend<Stdout>>> {
        Terminal::new(CrosstermBackend::new(stdout()))
    }
}

/// What comes from the terminal, until that is gone. crossterm 0.29 reads one that is gone over and over, and gives control
/// back to nobody: it must not be asked then.
pub(super) struct Typed(EventStream);

impl Typed {
    pub fn new() -> Self {
        Self(EventStream::new())
    }
}

impl Stream for Typed {
    type Item = io::Result<Event>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if is_gone() {
            return Poll::Ready(None);
        }
        self.0.poll_next_unpin(context)
    }
}

/// Tells whether the terminal that keys come from is gone.
#[cfg(unix)]
pub(super) fn is_gone() -> bool {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    let input = io::stdin();
    let mut asked = [PollFd::new(&input, PollFlags::IN)];
    let now = Timespec::default();
    let told = poll(&mut asked, Some(&now));
    let gone = PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL;
    told.is_ok() && asked[0].revents().intersects(gone)
}

#[cfg(not(unix))]
pub(super) fn is_gone() -> bool {
    false
}

/// Tells how wide the terminal is now, if there is one.
#[must_use]
pub fn columns() -> Option<u16> {
    crossterm::terminal::size().ok().map(|(columns, _)| columns)
}

impl Drop for Guard {
    fn drop(&mut self) {
        restore();
    }
}

/// Enters raw mode and the other screen.
pub(super) fn enter() -> io::Result<()> {
    TAKEN.store(true, Ordering::SeqCst);
    enable_raw_mode()?;
    execute!(
        stdout(),
        EnterAlternateScreen,
        EnableBracketedPaste,
        EnableMouseCapture
    )
}

/// Gives the terminal back as it was. Whatever fails here, there is nothing better left to do than the rest of it.
pub(super) fn restore() {
    if !TAKEN.swap(false, Ordering::SeqCst) {
        return;
    }
    let mut out = stdout();
    let _screen = queue!(
        out,
        DisableMouseCapture,
        DisableBracketedPaste,
        LeaveAlternateScreen,
        Show
    );
    let _flushed = out.flush();
    let _mode = disable_raw_mode();
}

/// Sends bytes that draw nothing: clipboard, bell.
pub(super) fn send(sequence: &str) {
    let mut out = stdout();
    let _gone = out
        .write_all(sequence.as_bytes())
        .and_then(|()| out.flush());
}

/// Stops the program as Ctrl-Z does, and comes back when it goes on.
#[cfg(unix)]
pub(super) async fn suspend() -> io::Result<()> {
    restore();
    let id = std::process::id().to_string();
    // Without unsafe code there is no `raise`; the system's `kill` sends the same signal to ourselves.
    let sent = tokio::process::Command::new("kill")
        .args(["-STOP", &id])
        .status()
        .await;
    enter()?;
    sent.map(|_| ())
}

/// The sequence that puts a text on the clipboard, also over a remote connection.
pub(super) fn osc52(text: &str) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut coded = String::from("\x1b]52;c;");
    for chunk in text.as_bytes().chunks(3) {
        let byte = |at: usize| u32::from(chunk.get(at).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for at in 0..4 {
            let digit = DIGITS[(bits >> (18 - 6 * at)) as usize & 63];
            coded.push(if at <= chunk.len() {
                char::from(digit)
            } else {
                '='
            });
        }
    }
    coded.push('\x07');
    coded
}

#[cfg(test)]
mod tests {
    use super::osc52;

    #[test]
    fn a_copied_text_is_base64() {
        assert_eq!(osc52("Man"), "\x1b]52;c;TWFu\x07");
        assert_eq!(osc52("Ma"), "\x1b]52;c;TWE=\x07");
        assert_eq!(osc52("M"), "\x1b]52;c;TQ==\x07");
    }
}
