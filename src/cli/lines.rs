//! The lines that a person types, read by one thread for whoever waits for the next one: a question that is given up takes
//! no line with it.

use std::io::{self, BufRead};
use std::sync::OnceLock;

use tokio::sync::{Mutex, mpsc};

static TYPED: OnceLock<Mutex<mpsc::Receiver<String>>> = OnceLock::new();

/// Waits for the next line; `None` once there are no more.
pub(super) async fn next_line() -> Option<String> {
    let typed = TYPED.get_or_init(|| Mutex::new(listen()));
    typed.lock().await.recv().await
}

fn listen() -> mpsc::Receiver<String> {
    let (lines, typed) = mpsc::channel(1);
    let read = move || {
        for line in io::stdin().lock().lines().map_while(Result::ok) {
            if lines.blocking_send(line).is_err() {
                break;
            }
        }
    };
    // Where no thread can be had there is nothing to be read: the end of the lines.
    let _started = std::thread::Builder::new().spawn(read);
    typed
}

/// Keeps what is typed from being shown, for as long as it lives.
#[cfg(unix)]
pub(super) struct Unseen(rustix::termios::Termios);

#[cfg(unix)]
impl Unseen {
    /// Begins, where the terminal can do it.
    pub fn begin() -> Option<Self> {
        use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};

        let before = tcgetattr(io::stdin()).ok()?;
        let mut unseen = before.clone();
        unseen.local_modes.remove(LocalModes::ECHO);
        // The end of the line is seen all the same.
        unseen.local_modes.insert(LocalModes::ECHONL);
        tcsetattr(io::stdin(), OptionalActions::Now, &unseen).ok()?;
        Some(Self(before))
    }
}

#[cfg(unix)]
impl Drop for Unseen {
    fn drop(&mut self) {
        use rustix::termios::{OptionalActions, tcsetattr};

        // A terminal that has gone away shows nothing.
        let _gone = tcsetattr(io::stdin(), OptionalActions::Now, &self.0);
    }
}

/// Elsewhere there is no way to it without unsafe code: a secret is then given to the flag that reads it.
#[cfg(not(unix))]
pub(super) struct Unseen;

#[cfg(not(unix))]
impl Unseen {
    /// Never begins.
    pub fn begin() -> Option<Self> {
        None
    }
}
