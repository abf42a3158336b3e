//! The program; what it does stands in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    segue::program::main()
}
