//! The commands of this repository: `cargo xtask demo`, `cargo xtask test` and what they stand on.
//! Plain Rust and few crates, so that a fresh clone needs nothing but cargo to start.

mod bench;
mod check;
mod css;
mod demo;
mod description;
mod fuzz;
mod install;
mod postgres;
mod publish;
mod python;
mod report;
mod screenshots;
mod site;
mod test;
mod wasm;
mod workspace;

use std::process::ExitCode;

use anyhow::{Result, bail};
use workspace::{Workspace, say};

const USAGE: &str = "\
usage: cargo xtask COMMAND

  demo [--port N]      build everything and run the demo
  test [FILTER…]       everything CI runs; with filters (cargo nextest's arguments) only those Rust tests
  fuzz                 of `test` only the fuzzers
  description          of `test` only the API against its description, by the server as it was last built
  check                formatting, clippy, licences and sources of dependencies
  site                 the browser's side: WASM, style sheet and public files, into target/site
  release              target/release/blusynergy, which carries all of that inside
  bench [ARG…]         build the release server and measure it
  screenshots [PAGE…]  every page in two widths, two themes and two languages, into target/screenshots
  lighthouse           build the release server and have Lighthouse judge a customer's home page
  postgres             run a throw-away PostgreSQL until killed, for `cargo test` by hand

environment: WASM_TOOLCHAIN=auto|rustup|debian (see scripts/wasm-rustc.sh), WASM_OPT=path of wasm-opt, or empty for none";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say(&format!("{error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[String]) -> Result<()> {
    let Some((command, rest)) = arguments.split_first() else { bail!("{USAGE}") };
    let workspace = Workspace::find()?;
    match (command.as_str(), rest) {
        ("demo", _) => demo::run(&workspace, rest),
        ("test", _) => test::run(&workspace, rest),
        ("bench", _) => bench::run(&workspace, rest),
        ("fuzz", []) => fuzz::run(&workspace),
        ("description", []) => description::run(&workspace),
        ("check", []) => check::run(&workspace),
        ("screenshots", _) => screenshots::run(&workspace, rest),
        ("lighthouse", []) => screenshots::lighthouse(&workspace),
        ("postgres", []) => postgres::run(&workspace),
        ("site", []) => site::build(&workspace, site::Profile::Dev),
        ("release", []) => {
            site::build(&workspace, site::Profile::Release)?;
            workspace::run(&mut workspace.cargo(["build", "--release", "--package", "server"]))
        }
        _ => bail!("{USAGE}"),
    }
}
