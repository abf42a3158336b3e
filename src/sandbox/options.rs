//! What a sandbox is started with, and why it may refuse to start.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use super::faults::Fault;

/// What a sandbox is started with; `Default` is what `segue sandbox` does without flags.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where to listen; a loopback address, port 0 for any free one.
    pub listen: SocketAddr,
    /// How many people to make up.
    pub profiles: u64,
    /// What everything made up or drawn follows from.
    pub seed: u64,
    /// How long every API answer takes at least.
    pub latency: Duration,
    /// How many API requests may be in flight; more are refused.
    pub max_connections: usize,
    /// What goes wrong, and how often.
    pub faults: Vec<Fault>,
    /// Starts the audience without members.
    pub empty: bool,
    /// An NDJSON file with the members to start with, instead of generated ones.
    pub preload: Option<PathBuf>,
    /// A folder source to serve instead of generated people. The audience then starts without generated members.
    pub data: Option<PathBuf>,
    /// How long an access token of Customer Insights lives.
    pub token_lifetime: Duration,
    /// How often a client that signs in with a code for another device may ask; whole seconds. No flag sets it: tests do.
    pub device_interval: Duration,
    /// How often the segments of Customer Insights are refreshed; zero for never.
    pub refresh_every: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            profiles: 5000,
            seed: 1,
            latency: Duration::ZERO,
            max_connections: 10,
            faults: Vec::new(),
            empty: false,
            preload: None,
            data: None,
            token_lifetime: Duration::from_hours(1),
            device_interval: Duration::from_secs(5),
            refresh_every: Duration::ZERO,
        }
    }
}

/// Why a sandbox did not start.
#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    /// The address asked for can be reached from other machines.
    #[error("--listen: the sandbox listens on loopback addresses only, not on {0}")]
    NotLoopback(SocketAddr),
    /// The address could not be listened on.
    #[error("cannot listen on {address}")]
    Listen {
        /// The address asked for.
        address: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
    /// The file of members to start with could not be read.
    #[error("cannot read the members in {path}")]
    ReadPreload {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A line of that file is no member.
    #[error("{path}, line {line}: {reason}")]
    BadPreload {
        /// The file.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong with it.
        reason: String,
    },
    /// The folder of people to serve could not be read.
    #[error("cannot read the people in {path}: {reason}")]
    BadData {
        /// The folder, or the file in it.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
}
