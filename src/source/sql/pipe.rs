//! Our end of the process that has the driver in it.

use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use arrow_array::RecordBatch;
use arrow_buffer::Buffer;
use arrow_ipc::convert::try_schema_from_ipc_buffer;
use arrow_ipc::reader::StreamDecoder;
use arrow_schema::SchemaRef;
use serde::de::DeserializeOwned;
use tokio::io::{AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command};
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::wire::{Asked, End, Greeting, Kind, LARGEST, Order, Said};
use super::{Engine, Piece, SqlError};
use crate::http::quote;

/// How long a process may take to end once nobody listens to it.
const FAREWELL: Duration = Duration::from_secs(10);
/// How much of what the driver printed last is kept.
const PRINTED: usize = 2048;
/// What our own variables begin with: none of them is the driver's business, and some are secrets.
const OURS: &str = "SEGUE_";

/// A process that carries out one order. Dropping it cancels the query.
pub(super) struct Pipe {
    /// `None` once it is being waited for.
    child: Option<Child>,
    /// As long as it is open, the query goes on.
    order: Option<ChildStdin>,
    frames: BufReader<ChildStdout>,
    /// Reads what the driver prints, or its process would wait for that; gives the last of it.
    warnings: Option<JoinHandle<Vec<u8>>>,
    driver: String,
    secrets: Vec<String>,
    patience: Duration,
    /// The file of the query that is read.
    query: String,
    /// Its stream.
    decoder: StreamDecoder,
    columns: Option<SchemaRef>,
    rows: u64,
}

impl Pipe {
    /// Starts the process, and waits until it is connected to the engine.
    pub async fn start(
        engine: &Engine,
        queries: Vec<Asked>,
        together: bool,
    ) -> Result<(Self, Greeting), SqlError> {
        engine.check()?;
        let (entrypoint, options) = engine.settings();
        let order = Order {
            driver: engine.driver.clone(),
            entrypoint,
            options,
            together,
            queries,
        };
        let mut line = serde_json::to_vec(&order).map_err(|why| SqlError::Start(why.into()))?;
        line.push(b'\n');
        let mut child = command(engine).spawn().map_err(SqlError::Start)?;
        let (order, frames) = (child.stdin.take(), child.stdout.take());
        let (Some(mut order), Some(frames)) = (order, frames) else {
            return Err(SqlError::Start(std::io::ErrorKind::BrokenPipe.into()));
        };
        // A process that is gone already is told of by what it leaves.
        let _gone = order.write_all(&line).await;
        let secrets = engine.secrets.values();
        let mut pipe = Self {
            warnings: child.stderr.take().map(|from| tokio::spawn(last_of(from))),
            child: Some(child),
            order: Some(order),
            frames: BufReader::new(frames),
            driver: engine.called(),
            secrets: secrets.map(|secret| secret.expose().clone()).collect(),
            patience: engine.patience,
            query: String::new(),
            decoder: StreamDecoder::new(),
            columns: None,
            rows: 0,
        };
        let (kind, bytes) = pipe.frame().await?;
        match kind {
            Kind::Greeting => {
                let greeting = pipe.told(&bytes)?;
                Ok((pipe, greeting))
            }
            Kind::Rows | Kind::End | Kind::Failure => Err(pipe.unexpected(kind)),
        }
    }

    /// Goes on with a query, as people know it by its file.
    pub fn turn_to(&mut self, query: &str) {
        query.clone_into(&mut self.query);
    }

    /// Gives the next piece of the query, and after its end that of the next one.
    pub async fn next(&mut self) -> Result<Piece, SqlError> {
        loop {
            let (kind, bytes) = self.frame().await?;
            match kind {
                Kind::Rows if self.columns.is_none() => {
                    let columns = try_schema_from_ipc_buffer(&bytes);
                    let columns = columns.map_err(|why| self.astray(&why.to_string()))?;
                    if self.decode(bytes)?.is_some() {
                        return Err(self.astray("rows with their columns"));
                    }
                    let columns = Arc::new(columns);
                    self.columns = Some(Arc::clone(&columns));
                    return Ok(Piece::Columns(columns));
                }
                Kind::Rows => {
                    // What a batch's values are looked up in may come before it.
                    if let Some(batch) = self.decode(bytes)? {
                        self.rows += batch.num_rows() as u64;
                        return Ok(Piece::Rows(batch));
                    }
                }
                Kind::End => {
                    let End { rows } = self.told(&bytes)?;
                    if self.columns.is_none() || rows != self.rows {
                        return Err(self.astray("another number of rows"));
                    }
                    (self.decoder, self.rows) = (StreamDecoder::new(), 0);
                    self.columns = None;
                    return Ok(Piece::End);
                }
                Kind::Greeting | Kind::Failure => return Err(self.unexpected(kind)),
            }
        }
    }

    fn decode(&mut self, bytes: Vec<u8>) -> Result<Option<RecordBatch>, SqlError> {
        let mut bytes = Buffer::from_vec(bytes);
        let mut found = None;
        while !bytes.is_empty() {
            let decoded = self.decoder.decode(&mut bytes);
            match decoded.map_err(|why| self.astray(&why.to_string()))? {
                Some(_) if found.is_some() => return Err(self.astray("two batches in one")),
                Some(batch) => found = Some(batch),
                None => {}
            }
        }
        Ok(found)
    }

    /// Reads a frame, or what there is instead.
    async fn frame(&mut self) -> Result<(Kind, Vec<u8>), SqlError> {
        let gone = gone(&mut self.child);
        let read = tokio::select! {
            read = timeout(self.patience, read(&mut self.frames)) => read,
            // Whoever it started may hold its output open.
            () = gone => Ok(Err(std::io::ErrorKind::BrokenPipe.into())),
        };
        let (letter, bytes) = match read {
            Err(_elapsed) => {
                let (driver, limit) = (self.driver.clone(), self.patience);
                return Err(SqlError::Silent { driver, limit });
            }
            Ok(Err(_end)) => return Err(self.broken_off().await),
            Ok(Ok(frame)) => frame,
        };
        let Some(bytes) = bytes else {
            let most = LARGEST >> 20;
            return Err(self.astray(&format!("more than {most} MB at once")));
        };
        let kind = Kind::of(letter).ok_or_else(|| self.astray("something else than frames"))?;
        if kind == Kind::Failure {
            let said = self.told::<Said>(&bytes)?;
            return Err(self.said(said));
        }
        Ok((kind, bytes))
    }

    fn told<T: DeserializeOwned>(&self, bytes: &[u8]) -> Result<T, SqlError> {
        serde_json::from_slice(bytes).map_err(|why| self.astray(&why.to_string()))
    }

    fn said(&self, said: Said) -> SqlError {
        let said = Said {
            message: self.quoted(&said.message),
            ..said
        };
        let (driver, query) = (self.driver.clone(), self.query.clone());
        SqlError::Said {
            driver,
            query,
            said: Box::new(said),
        }
    }

    fn quoted(&self, text: &str) -> String {
        let secrets: Vec<&str> = self.secrets.iter().map(String::as_str).collect();
        quote(text, &secrets)
    }

    /// Tells that what came is not what was announced.
    pub fn astray(&self, what: &str) -> SqlError {
        SqlError::Astray {
            driver: self.driver.clone(),
            what: self.quoted(what),
        }
    }

    fn unexpected(&self, kind: Kind) -> SqlError {
        self.astray(&format!("{kind:?} out of turn"))
    }

    /// Finds out how the process ended whose frames did.
    async fn broken_off(&mut self) -> SqlError {
        self.order = None;
        let mut child = self.child.take();
        let waited = match &mut child {
            Some(child) => timeout(FAREWELL, child.wait())
                .await
                .ok()
                .and_then(Result::ok),
            None => None,
        };
        if let Some(child) = child.filter(|_| waited.is_none()) {
            end(child);
        }
        SqlError::BrokeOff {
            driver: self.driver.clone(),
            status: waited.map_or_else(|| "?".to_owned(), |status| status.to_string()),
            printed: self.printed().await,
        }
    }

    /// Gives the last line that the driver printed.
    async fn printed(&mut self) -> String {
        let text = match self.warnings.take() {
            // Whoever the driver started may hold its output open.
            Some(warnings) => timeout(FAREWELL / 10, warnings).await,
            None => return String::new(),
        };
        let text = text.ok().and_then(Result::ok).unwrap_or_default();
        let text = String::from_utf8_lossy(&text);
        let lines = text.lines().map(str::trim);
        // Rust says there how to learn more.
        let last = lines
            .rev()
            .find(|line| !line.is_empty() && !line.starts_with("note:"));
        self.quoted(last.unwrap_or_default())
    }
}

impl Drop for Pipe {
    fn drop(&mut self) {
        self.order = None;
        if let Some(child) = self.child.take() {
            end(child);
        }
    }
}

/// Waits for the process to end, and then as long as it takes to read what it left behind.
async fn gone(child: &mut Option<Child>) {
    match child {
        Some(child) => {
            let _ended = child.wait().await;
            tokio::time::sleep(FAREWELL / 10).await;
        }
        None => std::future::pending().await,
    }
}

/// Gives a process its time to cancel the query, which it does by itself as nobody listens; then ends it.
fn end(mut child: Child) {
    let farewell = async move {
        if timeout(FAREWELL, child.wait()).await.is_err() {
            let _gone = child.start_kill();
            let _ended = child.wait().await;
        }
    };
    // Without a runtime the program ends, and the process sees that.
    if let Ok(runtime) = tokio::runtime::Handle::try_current() {
        drop(runtime.spawn(farewell));
    }
}

/// Reads to the end, and gives the last of it.
async fn last_of(mut printed: ChildStderr) -> Vec<u8> {
    let (mut chunk, mut text) = (vec![0; PRINTED], Vec::new());
    while let Ok(bytes @ 1..) = printed.read(&mut chunk).await {
        text.extend_from_slice(&chunk[..bytes]);
        let behind = text.len().saturating_sub(PRINTED);
        text.drain(..behind);
    }
    text
}

async fn read(frames: &mut BufReader<ChildStdout>) -> std::io::Result<(u8, Option<Vec<u8>>)> {
    let letter = frames.read_u8().await?;
    let length = frames.read_u32_le().await? as usize;
    if length > LARGEST {
        return Ok((letter, None));
    }
    let mut bytes = vec![0; length];
    frames.read_exact(&mut bytes).await?;
    Ok((letter, Some(bytes)))
}

fn command(engine: &Engine) -> Command {
    let (program, arguments) = &engine.program;
    let mut command = Command::new(program);
    command.args(arguments);
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with(OURS) {
            command.env_remove(name);
        }
    }
    // Its last line is to be what happened.
    command.env("RUST_BACKTRACE", "0");
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    // A signal of the terminal is for us: a query is cancelled in order.
    #[cfg(unix)]
    command.process_group(0);
    command
}
