use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use futures_util::future::{BoxFuture, LocalBoxFuture};
use serde_json::{Map, Value};

use super::context::Failure;
use super::out::print_json;
use super::signals::Signals;
use super::{Context, SandboxFlags};
use crate::store::LookAtKeys;
use crate::words::{Explanation, Next};

/// A sandbox inside this process.
pub struct RunningSandbox {
    /// The line it prints when ready: each value is what the matching flag or variable takes.
    pub ready: Map<String, Value>,
    /// Ends it.
    pub stop: SandboxEnded,
}

/// What a demo has ready for the wizard.
pub struct DemoParts {
    /// What the sandbox told when it was ready.
    pub ready: Map<String, Value>,
    /// The folder of made-up people.
    pub people: PathBuf,
    /// [`Outside::approve`].
    pub approve: Approve,
}

/// Says yes on a page of the sandbox, by its address; the error is a sentence for people.
pub type Approve = fn(String) -> BoxFuture<'static, Result<(), String>>;

/// Ends a sandbox.
pub type SandboxEnded = Box<dyn FnOnce() -> BoxFuture<'static, ()> + Send>;

/// What the commands are given from outside, so that they need not know the sandbox and the terminal application.
#[derive(Clone)]
pub struct Outside {
    /// Starts the sandbox; the error is a sentence for people.
    pub start_sandbox: Arc<
        dyn Fn(SandboxFlags) -> BoxFuture<'static, Result<RunningSandbox, String>> + Send + Sync,
    >,
    /// Says yes on a page of the sandbox's sign-ins, as a person would in the browser.
    pub approve: Approve,
    /// Writes the sandbox's made-up people into a folder, as a source.
    pub write_people: fn(&SandboxFlags, &Path) -> io::Result<()>,
    /// Tells how wide the terminal is now, if there is one.
    pub columns: fn() -> Option<u16>,
    /// Looks for the keys that are wished for and cannot be had.
    pub look_at_keys: LookAtKeys,
    /// Opens the terminal application; in a demo with what fills the wizard in.
    pub open_application:
        fn(Context, Option<DemoParts>) -> LocalBoxFuture<'static, Result<u8, Failure>>,
}

impl Outside {
    /// Starts the sandbox, or explains why it does not start: its flags are wrong, or its port is taken.
    pub(super) async fn sandbox(
        &self,
        context: &Context,
        flags: SandboxFlags,
    ) -> Result<RunningSandbox, Failure> {
        (self.start_sandbox)(flags).await.map_err(|why| Failure {
            exit: 2,
            explanation: Explanation {
                what: context.words.text("command-sandbox-failed"),
                why,
                next: vec![Next::Run("segue sandbox --help".to_owned())],
            },
        })
    }
}

/// Serves until Ctrl-C or SIGTERM.
pub(super) async fn run(
    context: &Context,
    flags: SandboxFlags,
    outside: &Outside,
) -> Result<u8, Failure> {
    let sandbox = outside.sandbox(context, flags).await?;
    print_json(&sandbox.ready);
    Signals::listen().next().await;
    (sandbox.stop)().await;
    Ok(0)
}
