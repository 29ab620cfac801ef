//! `blusynergy`: see `server::cli` for its commands.

use std::io::Write;
use std::process::ExitCode;

fn main() -> ExitCode {
    match server::cli::run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // One readable sentence: what was being done, and why it failed.
            let _ = writeln!(std::io::stderr(), "blusynergy: {error:#}");
            ExitCode::FAILURE
        }
    }
}
