//! The process that has the driver in it. Whatever a driver does to its process (crash, hang, write to its output) it does to
//! this one.

use std::collections::HashSet;
use std::ffi::OsString;
use std::io::{self, BufRead, Read, Write};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use adbc_core::error::{Error, Status};
use adbc_core::options::{
    AdbcVersion, InfoCode, OptionConnection, OptionDatabase, OptionStatement, OptionValue,
};
use adbc_core::{
    CancelHandle, Connection, Database, Driver, LOAD_FLAG_DEFAULT, Optionable, Statement,
};
use adbc_driver_manager::{ManagedConnection, ManagedDriver, ManagedStatement};
use arrow_array::cast::AsArray;
use arrow_array::{Array, RecordBatch, StringArray, UnionArray};
use arrow_ipc::writer::StreamWriter;
use arrow_schema::ArrowError;
use serde::Serialize;

use super::wire::{Asked, During, End, Greeting, Kind, LARGEST, Order, Said, send};

/// By what the program is asked to be this process; no command of people.
pub const ARGUMENT: &str = "sql-driver";

/// How long a driver may take to cancel a query.
const GRACE: Duration = Duration::from_secs(5);
/// Rows in a piece, however many the driver gives at once.
const PIECE: usize = 2048;
/// Bytes in a piece, about.
const WEIGHT: usize = 4 << 20;
/// The most bytes of a batch that are taken from a driver: beyond it, memory is no longer bounded.
const BATCH: usize = 512 << 20;
/// How the driver of `PostgreSQL` is asked for small batches, instead of 16 MB.
const HINT: (&str, &str) = ("adbc.postgresql.batch_size_hint_bytes", "1000000");

/// The query that goes on, for whoever has to cancel it.
type Going = Arc<Mutex<Option<Box<dyn CancelHandle>>>>;

/// Does what the order on the standard input says; gives the exit code.
#[must_use]
pub fn drive() -> u8 {
    let mut out = match output() {
        Ok(out) => out,
        Err(_nobody_to_tell) => return 1,
    };
    let mut line = String::new();
    let read = io::stdin().lock().read_line(&mut line);
    let order = serde_json::from_str(&line).map_err(io::Error::other);
    let done = match read.and(order) {
        Ok(order) => follow(&order, &mut out),
        Err(_no_order) => Err(Failure::Pipe),
    };
    match done {
        Ok(()) => 0,
        Err(Failure::Said(said)) => u8::from(send_json(&mut out, Kind::Failure, &said).is_err()),
        // Who reads is gone, and nobody is to be told.
        Err(Failure::Pipe) => 1,
    }
}

/// Takes the standard output for frames alone: what a driver prints goes where its warnings go.
#[cfg(unix)]
fn output() -> io::Result<std::fs::File> {
    // Nobody whom a driver starts holds it open: its end is that of the rows.
    let own = rustix::io::fcntl_dupfd_cloexec(io::stdout(), 3)?;
    rustix::stdio::dup2_stdout(io::stderr())?;
    Ok(own.into())
}

#[cfg(not(unix))]
fn output() -> io::Result<io::Stdout> {
    Ok(io::stdout())
}

enum Failure {
    Said(Said),
    Pipe,
}

impl From<io::Error> for Failure {
    fn from(_nobody_reads: io::Error) -> Self {
        Self::Pipe
    }
}

/// Notes what a driver says with what was being done.
fn during(during: During) -> impl Fn(Error) -> Failure {
    move |why| {
        let code = why
            .sqlstate
            .iter()
            .map(|byte| char::from(byte.cast_unsigned()));
        let code: String = code.filter(char::is_ascii_alphanumeric).collect();
        Failure::Said(Said {
            during,
            status: format!("{:?}", why.status),
            code: code.trim_start_matches('0').to_owned(),
            message: own_words(why.message),
        })
    }
}

/// Cuts off what the driver manager says before what the engine does.
fn own_words(message: String) -> String {
    let told = message.split_once("Producer error: ");
    told.map(|(_, own)| own.to_owned()).unwrap_or(message)
}

fn follow(order: &Order, out: &mut impl Write) -> Result<(), Failure> {
    let going = Going::default();
    watch(Arc::clone(&going));
    let mut connection = connect(order).map_err(|(step, why)| during(step)(why))?;
    let engine = Engine::of(&connection);
    let together = engine.prepare(&mut connection, order.together);
    let greeting = Greeting {
        engine: engine.name.clone(),
        together: together.map_err(during(During::Connect))?,
    };
    send_json(out, Kind::Greeting, &greeting)?;
    for asked in &order.queries {
        let rows = ask(asked, &mut connection, &going, out)?;
        send_json(out, Kind::End, &End { rows })?;
    }
    Ok(())
}

/// Cancels what goes on as soon as nobody listens any more, and ends the process whatever comes of that.
fn watch(going: Going) {
    std::thread::spawn(move || {
        let mut rest = [0; 64];
        while matches!(io::stdin().lock().read(&mut rest), Ok(1..)) {}
        let cancel = std::thread::spawn(move || {
            let going = going.lock().unwrap_or_else(PoisonError::into_inner).take();
            going.map(|query| query.try_cancel())
        });
        let began = std::time::Instant::now();
        while began.elapsed() < GRACE {
            if cancel.is_finished() {
                // The reader sees the end of its query, and the connection is closed in order.
                std::thread::sleep(GRACE / 5);
                break;
            }
            std::thread::sleep(GRACE / 100);
        }
        std::process::exit(1);
    });
}

fn connect(order: &Order) -> Result<ManagedConnection, (During, Error)> {
    let load = |why| (During::Load, why);
    let entrypoint = order
        .entrypoint
        .as_deref()
        .or_else(|| entrypoint(&order.driver));
    let entrypoint = entrypoint.map(str::as_bytes);
    let (name, version) = (OsString::from(&order.driver), AdbcVersion::V110);
    let driver = ManagedDriver::load_from_name(name, entrypoint, version, LOAD_FLAG_DEFAULT, None);
    let mut driver = driver.map_err(load)?;
    let options = order.options.iter().map(|(key, value)| {
        let value = OptionValue::String(value.clone());
        (OptionDatabase::from(key.as_str()), value)
    });
    let open = |why| (During::Connect, why);
    let database = driver.new_database_with_opts(options).map_err(open)?;
    database.new_connection().map_err(open)
}

/// Knows what one driver calls its beginning otherwise than all others.
fn entrypoint(driver: &str) -> Option<&'static str> {
    let file = Path::new(driver).file_name()?.to_string_lossy();
    file.contains("duckdb").then_some("duckdb_adbc_init")
}

struct Engine {
    name: String,
}

impl Engine {
    fn of(connection: &ManagedConnection) -> Self {
        let told = |code| info(connection, code).unwrap_or_default();
        let name = format!(
            "{} {}",
            told(InfoCode::VendorName),
            told(InfoCode::VendorVersion)
        );
        let name = name.trim().to_owned();
        Self { name }
    }

    /// Has the engine refuse to write, where it can, and begins the transaction that all is read in; tells whether there is
    /// one.
    fn prepare(&self, connection: &mut ManagedConnection, together: bool) -> Result<bool, Error> {
        let name = self.name.to_lowercase();
        let first: &[&str] = if name.starts_with("postgresql") {
            &[
                "SET default_transaction_read_only = on",
                "SET default_transaction_isolation = 'repeatable read'",
            ]
        } else if name.starts_with("sqlite") {
            &["PRAGMA query_only = ON"]
        } else {
            // Most drivers do not know it, and then nothing is lost.
            let read_only = OptionValue::String("true".to_owned());
            let _unknown = connection.set_option(OptionConnection::ReadOnly, read_only);
            &[]
        };
        for statement in first {
            let mut setting = connection.new_statement()?;
            setting.set_sql_query(statement)?;
            setting.execute_update()?;
        }
        let off = OptionValue::String("false".to_owned());
        Ok(together
            && connection
                .set_option(OptionConnection::AutoCommit, off)
                .is_ok())
    }
}

/// Asks for one thing that a driver knows of its engine.
fn info(connection: &ManagedConnection, code: InfoCode) -> Option<String> {
    let mut told = connection.get_info(Some(HashSet::from([code]))).ok()?;
    let batch = told.next()?.ok()?;
    let values = batch.column(1).as_any().downcast_ref::<UnionArray>()?;
    let value = (batch.num_rows() > 0).then(|| values.value(0))?;
    let text = value.as_any().downcast_ref::<StringArray>()?;
    (!text.is_empty() && text.is_valid(0)).then(|| text.value(0).to_owned())
}

fn ask(
    asked: &Asked,
    connection: &mut ManagedConnection,
    going: &Going,
    out: &mut impl Write,
) -> Result<u64, Failure> {
    let begin = during(During::Query);
    let mut query = begun(&asked.sql, connection, going).map_err(&begin)?;
    let rows = match (query.execute(), &asked.instead) {
        (Err(_not_understood), Some(sql)) => {
            query = begun(sql, connection, going).map_err(&begin)?;
            query.execute()
        }
        (rows, _) => rows,
    };
    let mut rows = rows.map_err(&begin)?;
    let read = |why| during(During::Rows)(Error::from(why));
    let mut writer = StreamWriter::try_new(Vec::new(), &rows.schema()).map_err(read)?;
    pass_on(writer.get_mut(), out)?;
    let (most, mut sent) = (asked.most.unwrap_or(usize::MAX), 0);
    while sent < most {
        let Some(batch) = rows.next() else {
            break;
        };
        let batch = batch.map_err(read)?;
        bounded(batch.get_array_memory_size(), BATCH)?;
        let wanted = batch.num_rows().min(most - sent);
        let rows = piece_rows(&batch);
        for at in (0..wanted).step_by(rows) {
            write(&batch.slice(at, rows.min(wanted - at)), &mut writer, out)?;
        }
        sent += wanted;
    }
    Ok(sent as u64)
}

/// Tells how many rows make a piece: fewer where they are large.
fn piece_rows(batch: &RecordBatch) -> usize {
    let each = batch.get_array_memory_size() / batch.num_rows().max(1);
    (WEIGHT / each.max(1)).clamp(1, PIECE)
}

/// Sends a piece on; where some of its rows are much larger than the others, in halves.
fn write(
    piece: &RecordBatch,
    writer: &mut StreamWriter<Vec<u8>>,
    out: &mut impl Write,
) -> Result<(), Failure> {
    let read = |why| during(During::Rows)(Error::from(why));
    let compact = compact(piece).map_err(read)?;
    writer.write(&compact).map_err(read)?;
    let rows = piece.num_rows();
    if writer.get_ref().len() <= LARGEST || rows < 2 {
        return pass_on(writer.get_mut(), out);
    }
    writer.get_mut().clear();
    let half = rows / 2;
    write(&piece.slice(0, half), writer, out)?;
    write(&piece.slice(half, rows - half), writer, out)
}

/// Views share what they look at with all others of their batch: each piece takes its own along.
fn compact(piece: &RecordBatch) -> Result<RecordBatch, ArrowError> {
    let columns = piece.columns().iter();
    let columns = columns.map(|column| match column.as_string_view_opt() {
        Some(texts) => Arc::new(texts.gc()),
        None => Arc::clone(column),
    });
    RecordBatch::try_new(piece.schema(), columns.collect())
}

fn begun(
    sql: &str,
    connection: &mut ManagedConnection,
    going: &Going,
) -> Result<ManagedStatement, Error> {
    let mut query = connection.new_statement()?;
    let (key, value) = HINT;
    let value = OptionValue::String(value.to_owned());
    let _of_another_driver = query.set_option(OptionStatement::Other(key.to_owned()), value);
    query.set_sql_query(sql)?;
    *going.lock().unwrap_or_else(PoisonError::into_inner) = Some(query.get_cancel_handle());
    Ok(query)
}

/// Sends on what was written, and makes room for more.
fn pass_on(written: &mut Vec<u8>, out: &mut impl Write) -> Result<(), Failure> {
    bounded(written.len(), LARGEST)?;
    send(out, Kind::Rows, written)?;
    written.clear();
    Ok(())
}

fn bounded(bytes: usize, most: usize) -> Result<(), Failure> {
    if bytes <= most {
        return Ok(());
    }
    let message = format!(
        "{} MB at once, and at most {} are taken",
        bytes >> 20,
        most >> 20
    );
    let why = Error::with_message_and_status(message, Status::InvalidData);
    Err(during(During::Rows)(why))
}

fn send_json(out: &mut impl Write, kind: Kind, told: &impl Serialize) -> io::Result<()> {
    send(out, kind, &serde_json::to_vec(told)?)
}
