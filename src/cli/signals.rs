//! The signals that ask a command to end in order.

#[cfg(unix)]
use tokio::signal::unix::{Signal, SignalKind, signal};

/// Listens from the moment this is made, so that no signal is lost.
pub(super) struct Signals {
    #[cfg(unix)]
    streams: Vec<(Signal, u8)>,
}

impl Signals {
    /// Begins to listen. What cannot be listened to ends the program as it always did.
    pub fn listen() -> Self {
        #[cfg(unix)]
        {
            let mut kinds = vec![
                (SignalKind::interrupt(), 130),
                (SignalKind::terminate(), 143),
            ];
            // Who starts us with SIGHUP ignored (`nohup`, a supervisor) wants us to live on without the terminal.
            if !is_ignored(SignalKind::hangup()) {
                kinds.push((SignalKind::hangup(), 143));
            }
            let streams = kinds
                .into_iter()
                .filter_map(|(kind, exit)| Some((signal(kind).ok()?, exit)));
            Self {
                streams: streams.collect(),
            }
        }
        #[cfg(not(unix))]
        Self {}
    }

    /// Waits for the next one, and tells the exit code that belongs to it.
    pub async fn next(&mut self) -> u8 {
        #[cfg(unix)]
        {
            let waiting = self.streams.iter_mut().map(|(stream, exit)| {
                Box::pin(async move {
                    stream.recv().await;
                    *exit
                })
            });
            let waiting: Vec<_> = waiting.collect();
            if !waiting.is_empty() {
                return futures_util::future::select_all(waiting).await.0;
            }
        }
        let _interrupted = tokio::signal::ctrl_c().await;
        130
    }
}

/// Tells whether this process was started with a signal ignored: from the mask that Linux shows of a process, elsewhere
/// from `ps`. What neither tells counts as not ignored.
#[cfg(unix)]
fn is_ignored(kind: SignalKind) -> bool {
    let shown = std::fs::read_to_string("/proc/self/status").ok();
    let mask = shown
        .as_deref()
        .and_then(|status| status.lines().find_map(|line| line.strip_prefix("SigIgn:")))
        .map(str::to_owned)
        .or_else(mask_of_ps);
    mask.is_some_and(|mask| holds(&mask, kind.as_raw_value()))
}

#[cfg(unix)]
fn mask_of_ps() -> Option<String> {
    let own = std::process::id().to_string();
    let told = std::process::Command::new("ps")
        .args(["-o", "sigignore=", "-p", &own])
        .stderr(std::process::Stdio::null())
        .output()
        .ok()?;
    String::from_utf8(told.stdout).ok()
}

/// Reads a mask in hexadecimal digits, whose lowest bit is signal 1.
#[cfg(unix)]
fn holds(mask: &str, signal: i32) -> bool {
    let mask = u128::from_str_radix(mask.trim(), 16).unwrap_or(0);
    (1..=64).contains(&signal) && mask >> (signal - 1) & 1 == 1
}

#[cfg(test)]
mod tests {
    #[cfg(unix)]
    #[test]
    fn a_signal_is_found_in_the_mask_of_ignored_ones() {
        use super::holds;

        assert!(holds("\t0000000000000001\n", 1));
        assert!(!holds("0000000000001000", 1) && holds("0000000000001000", 13));
        assert!(!holds("", 1) && !holds("none", 1));
    }
}
