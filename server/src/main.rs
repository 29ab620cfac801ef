//! `blusynergy`: see `server::cli` for its commands.

use std::io::Write;
use std::process::ExitCode;

/// A page is made of some thousand small pieces, and a quarter of its time went into glibc's allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

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
