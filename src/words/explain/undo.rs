use crate::export::NoUndo;

use super::{Explain, Explanation, Words, shell_word};

impl Explain for NoUndo {
    #[expect(clippy::too_many_lines, reason = "one arm for each variant")]
    fn explain(&self, words: &Words) -> Explanation {
        match self {
            Self::NothingWritten { destination } => words.explained(
                "error-undo-nothing-written",
                &[
                    ("destination", destination.as_str().into()),
                    ("word", shell_word(destination.as_str()).into()),
                ],
            ),
            Self::UnknownRun { destination, run } => words.explained(
                "error-undo-unknown-run",
                &[
                    ("destination", destination.as_str().into()),
                    ("run", run.as_str().into()),
                    ("word", shell_word(destination.as_str()).into()),
                ],
            ),
            Self::IsUndo { run, undoes } => words.explained(
                "error-undo-is-undo",
                &[
                    ("run", run.as_str().into()),
                    ("undoes", undoes.as_str().into()),
                ],
            ),
            Self::WroteNothing { run } => {
                words.explained("error-undo-wrote-nothing", &[("run", run.as_str().into())])
            }
            Self::Undone {
                run,
                by,
                before: None,
                ..
            } => words.explained(
                "error-undo-undone",
                &[("run", run.as_str().into()), ("by", by.as_str().into())],
            ),
            Self::Undone {
                destination,
                run,
                by,
                before: Some(before),
            } => words.explained(
                "error-undo-undone-before",
                &[
                    ("run", run.as_str().into()),
                    ("by", by.as_str().into()),
                    ("before", before.as_str().into()),
                    ("word", shell_word(destination.as_str()).into()),
                ],
            ),
            Self::Later {
                run,
                later,
                destination,
            } => words.explained(
                "error-undo-later",
                &[
                    ("run", run.as_str().into()),
                    ("later", later.as_str().into()),
                    ("destination", destination.as_str().into()),
                    ("word", shell_word(destination).into()),
                ],
            ),
            Self::NoJournal { run } => {
                words.explained("error-undo-no-journal", &[("run", run.as_str().into())])
            }
            Self::NoImages { run } => {
                words.explained("error-undo-no-images", &[("run", run.as_str().into())])
            }
        }
    }
}
