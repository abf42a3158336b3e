//! Every reason why a run cannot be taken back.

use segue::domain::DestinationName;
use segue::export::NoUndo;
use segue::store::RunId;

use super::{Failure, one};

fn run(at: u8) -> RunId {
    RunId::parse(&format!("2026010{at}T080000.000Z-1a2b")).expect("a run")
}

pub fn all() -> Vec<Failure> {
    let destination = || DestinationName::parse("Åsas nyhetsbrev").expect("a name");
    let undone = |before| NoUndo::Undone {
        destination: destination(),
        run: run(2),
        by: run(3),
        before,
    };
    let all = [
        NoUndo::NothingWritten {
            destination: destination(),
        },
        NoUndo::UnknownRun {
            destination: destination(),
            run: "yesterday".to_owned(),
        },
        NoUndo::IsUndo {
            run: run(3),
            undoes: run(2).to_string(),
        },
        NoUndo::WroteNothing { run: run(2) },
        undone(None),
        undone(Some(run(1))),
        NoUndo::Later {
            run: run(2),
            later: run(4),
            destination: "Åsas nyhetsbrev".to_owned(),
        },
        NoUndo::NoJournal {
            run: run(2).to_string(),
        },
        NoUndo::NoImages { run: run(2) },
    ];
    all.into_iter()
        .map(|why| one("export::NoUndo", why))
        .collect()
}
