//! The commands (`operations.md` §1). Exit codes: 0 done, 1 failed, 2 bad usage.

use std::io::Write;
use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::{Parser, Subcommand};

use crate::config::{Config, Flags};
use crate::{database, demo, observe, rotation, running, seeding, serve};

/// Self-hosted subscription billing: REST XML API, customer portal, one binary.
#[derive(Parser)]
#[command(name = "blusynergy", version)]
struct Cli {
    #[command(flatten)]
    flags: Flags,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Migrates the database, then serves everything until told to stop
    Serve {
        /// Development allowances: plain HTTP, loopback only
        #[arg(long)]
        dev: bool,
    },
    /// Serves a filled-in organization of its own, with a sample merchant page around the portal
    Demo,
    /// Applies a seed file: organizations, staff, plans; nothing is ever deleted by it
    Seed { file: PathBuf },
    /// Works a day by hand: bills what is due, charges instalments and methods on file, moves who is overdue
    Run(running::Arguments),
    /// Migrates the database, and nothing else
    Migrate,
    /// Adds a new key to the key file and encrypts with it what older keys encrypted; they stay for reading
    RotateKey,
}

/// Parses the command line and does what it says.
pub fn run() -> Result<()> {
    let cli = Cli::parse();
    let dev = matches!(cli.command, Command::Serve { dev: true } | Command::Demo);
    let config = Config::load(&cli.flags, dev)?;
    let _log = observe::start(&config);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().context("no threads to run on")?;
    runtime.block_on(async {
        match &cli.command {
            Command::Serve { .. } => serve::serve(config).await,
            Command::Demo => demo::demo(config).await,
            Command::Seed { file } => seeding::seed(&config, file).await,
            Command::Run(arguments) => running::run(&config, arguments).await,
            Command::Migrate => database::open(&config).await.map(drop),
            Command::RotateKey => rotation::rotate(&config).await,
        }
    })
}

/// One line for people and scripts.
pub(crate) fn say(line: &str) -> Result<()> {
    let mut stdout = std::io::stdout().lock();
    writeln!(stdout, "{line}")?;
    Ok(stdout.flush()?)
}
