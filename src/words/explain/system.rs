use std::error::Error as StdError;
use std::io::{Error, ErrorKind};
use std::sync::Arc;

use super::Words;

impl Words {
    /// Says the innermost cause: what the system or the network said, without the layers around it.
    pub(super) fn cause(&self, error: &(dyn StdError + 'static)) -> String {
        let mut innermost = error;
        while let Some(inner) = innermost.source() {
            innermost = inner;
        }
        // Who shares an error keeps it in an `Arc`, which is an error of its own.
        let shared = innermost.downcast_ref::<Arc<Error>>().map(AsRef::as_ref);
        match innermost.downcast_ref::<Error>().or(shared) {
            Some(why) => self.system_said(why),
            None => innermost.to_string(),
        }
    }

    /// Says what the system said, in our words where it is something usual: the system's are English.
    pub(super) fn system_said(&self, why: &Error) -> String {
        // Somebody's own message says more than its kind.
        if why.get_ref().is_some() {
            return why.to_string();
        }
        self.text(match why.kind() {
            ErrorKind::NotFound => "system-not-found",
            ErrorKind::PermissionDenied => "system-denied",
            ErrorKind::AlreadyExists => "system-exists",
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "system-full",
            ErrorKind::ReadOnlyFilesystem => "system-read-only",
            ErrorKind::IsADirectory => "system-folder",
            ErrorKind::NotADirectory => "system-no-folder",
            ErrorKind::AddrInUse => "system-in-use",
            ErrorKind::ConnectionRefused => "system-refused",
            ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted | ErrorKind::BrokenPipe => {
                "system-broke-off"
            }
            ErrorKind::TimedOut => "system-late",
            _ => return why.to_string(),
        })
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Error, ErrorKind};
    use std::sync::Arc;

    use super::super::super::{Lang, Words};

    #[derive(Debug, thiserror::Error)]
    #[error("outer")]
    struct Outer(#[source] Arc<Error>);

    #[test]
    fn what_the_system_said_is_said_in_the_language_of_the_user() {
        let words = Words::new(Lang::Sv);
        let missing = || Error::from_raw_os_error(2);
        assert_eq!(
            words.system_said(&missing()),
            "filen eller mappen finns inte"
        );
        assert_eq!(
            words.cause(&Outer(Arc::new(missing()))),
            "filen eller mappen finns inte"
        );
        let own = Error::new(ErrorKind::NotFound, "no such key");
        assert_eq!(words.cause(&own), "no such key");
    }
}
