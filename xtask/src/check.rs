//! `cargo xtask check`: what can be said about the code without running it.

use std::process::Command;

use anyhow::Result;

use crate::{
    fuzz,
    report::Report,
    workspace::{Workspace, output, run as run_command, say, which},
};

pub fn run(workspace: &Workspace) -> Result<()> {
    let mut report = Report::default();
    report.step("cargo fmt", || formatting(workspace));
    report.step("cargo clippy", || clippy(workspace));
    if which("cargo-deny").is_some() || home_has_deny() {
        // Advisories need a download of their own, which CI's machines may not make: they are left to the developer.
        report.step("cargo deny", || {
            run_command(&mut workspace.cargo(["deny", "--locked", "check", "bans", "licenses", "sources"]))
        });
    } else {
        report.leave_out("cargo deny", "left out: `cargo install --locked cargo-deny` adds it");
    }
    duplicates(workspace)?;
    report.finish()
}

pub fn formatting(workspace: &Workspace) -> Result<()> {
    run_command(&mut workspace.cargo(["fmt", "--all", "--check"]))?;
    let fuzzers = format!("{}/Cargo.toml", fuzz::CRATE);
    run_command(&mut workspace.cargo(["fmt", "--check", "--manifest-path", &fuzzers]))
}

pub fn clippy(workspace: &Workspace) -> Result<()> {
    run_command(&mut workspace.cargo(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]))
}

/// Cargo that compiles our own crates with clippy, whose warnings are errors. `cargo clippy` by itself would check every
/// dependency once more, only to throw the result away: a quarter of a fresh machine's time.
pub fn linted(workspace: &Workspace, arguments: &[&str]) -> Command {
    let mut command = workspace.cargo(arguments);
    // What `cargo clippy -- -D warnings` sets.
    command
        .env("RUSTC_WORKSPACE_WRAPPER", "clippy-driver")
        .env("CLIPPY_ARGS", "-D__CLIPPY_HACKERY__warnings__CLIPPY_HACKERY__");
    command
}

/// Crates that are compiled in two incompatible versions. Told, not refused: most are not ours to change.
fn duplicates(workspace: &Workspace) -> Result<()> {
    let tree = output(&mut workspace.cargo([
        "tree",
        "--workspace",
        "--duplicates",
        "--depth",
        "0",
        "--edges",
        "normal",
        "--prefix",
        "none",
    ]))?;
    let mut lines: Vec<&str> =
        tree.lines().map(|line| line.trim_end_matches(" (*)")).filter(|line| !line.is_empty()).collect();
    lines.sort_unstable();
    lines.dedup();
    say(&format!("compiled more than once: {}", if lines.is_empty() { "nothing".into() } else { lines.join(", ") }));
    Ok(())
}

fn home_has_deny() -> bool {
    std::env::home_dir().is_some_and(|home| home.join(".cargo/bin/cargo-deny").is_file())
}
