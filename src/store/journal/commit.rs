use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;
use tokio::task::spawn_blocking;

use super::disk::Disk;
use crate::store::Error;

/// What is to be written, and who waits for it.
#[derive(Debug)]
pub(super) struct Asked {
    pub images: Vec<u8>,
    pub journal: Vec<u8>,
    pub is_last: bool,
}

type Answer = oneshot::Sender<Result<(), Error>>;

/// One of the two files.
#[derive(Debug)]
pub(super) struct Place {
    pub path: PathBuf,
    pub disk: Box<dyn Disk>,
}

/// Writes in groups: whatever was asked for while the last group was on its way to the disk goes in one write and one
/// sync. Between groups no thread waits, so that a paused clock in a test stands still while the disk works, and only then.
#[derive(Debug)]
pub(super) struct Commit {
    queue: Mutex<Queue>,
    /// Images, journal; taken by whoever writes a group.
    places: Mutex<(Place, Place)>,
}

#[derive(Debug, Default)]
struct Queue {
    waiting: Vec<(Asked, Answer)>,
    goes_on: bool,
    failure: Option<Failure>,
}

/// A failure of the disk that can be told to everyone who asks later.
#[derive(Debug, Clone)]
struct Failure {
    path: PathBuf,
    code: Option<i32>,
    kind: io::ErrorKind,
    words: String,
}

impl Failure {
    fn new(path: &std::path::Path, why: &io::Error) -> Self {
        Self {
            path: path.to_owned(),
            code: why.raw_os_error(),
            kind: why.kind(),
            words: why.to_string(),
        }
    }

    fn told(&self) -> Error {
        let source = match self.code {
            Some(code) => io::Error::from_raw_os_error(code),
            None => io::Error::new(self.kind, self.words.clone()),
        };
        Error::write(&self.path, source)
    }
}

impl Commit {
    pub fn new(images: Place, journal: Place) -> Self {
        Self {
            queue: Mutex::default(),
            places: Mutex::new((images, journal)),
        }
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns when what is asked for is on the disk. Who stops waiting does not keep it from being written.
    pub async fn write(self: &Arc<Self>, asked: Asked) -> Result<(), Error> {
        let (answer, answered) = oneshot::channel();
        let starts = {
            let mut queue = self.queue();
            if let Some(failure) = &queue.failure {
                return Err(failure.told());
            }
            queue.waiting.push((asked, answer));
            !std::mem::replace(&mut queue.goes_on, true)
        };
        if starts {
            let commit = Arc::clone(self);
            spawn_blocking(move || commit.write_groups());
        }
        // Nobody answers when the program ends, or the disk behind the door panicked.
        answered.await.unwrap_or_else(|_gone| Err(self.gone()))
    }

    fn gone(&self) -> Error {
        let place = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        Error::write(&place.1.path, io::ErrorKind::BrokenPipe.into())
    }

    fn write_groups(&self) {
        let _told = TellsPanic(self);
        let mut places = self.places.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            let group = {
                let mut queue = self.queue();
                if queue.waiting.is_empty() {
                    queue.goes_on = false;
                    return;
                }
                std::mem::take(&mut queue.waiting)
            };
            let failed = self.queue().failure.clone();
            let wrote = failed.map_or_else(|| write_group(&mut places, &group), Err);
            let is_last = group.iter().any(|(asked, _)| asked.is_last);
            match &wrote {
                Err(failure) => self.queue().failure = Some(failure.clone()),
                Ok(()) if is_last => {
                    let closed = Failure::new(&places.1.path, &io::ErrorKind::BrokenPipe.into());
                    self.queue().failure = Some(closed);
                }
                Ok(()) => {}
            }
            for (_, answer) in group {
                let told = wrote.as_ref().map_err(Failure::told);
                // Who stopped waiting need not be told.
                let _told = answer.send(told.copied());
            }
        }
    }
}

/// Lets nobody wait for a disk whose door has panicked.
struct TellsPanic<'a>(&'a Commit);

impl Drop for TellsPanic<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let mut queue = self.0.queue();
            queue.goes_on = false;
            queue.waiting.clear();
        }
    }
}

/// Images first: what a call changes must be known before the call is intended.
fn write_group(places: &mut (Place, Place), group: &[(Asked, Answer)]) -> Result<(), Failure> {
    let of = |bytes: fn(&Asked) -> &Vec<u8>| -> Vec<u8> {
        let each = group.iter().map(|(asked, _)| bytes(asked).as_slice());
        each.collect::<Vec<_>>().concat()
    };
    for (place, bytes) in [
        (&mut places.0, of(|asked| &asked.images)),
        (&mut places.1, of(|asked| &asked.journal)),
    ] {
        if bytes.is_empty() {
            continue;
        }
        let written = place.disk.write_all(&bytes);
        written
            .and_then(|()| place.disk.sync_data())
            .map_err(|why| Failure::new(&place.path, &why))?;
    }
    Ok(())
}
