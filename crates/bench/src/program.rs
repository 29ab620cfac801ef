//! The programs that are measured: started, waited for, looked at and stopped.

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

use crate::database::Database;

/// Starts that are timed; the median counts.
const STARTS: usize = 5;
/// What a clock tick of `/proc/PID/stat` is on every Linux there is.
const TICK: Duration = Duration::from_millis(10);

/// A program that listens. Killed when dropped.
pub struct Program {
    child: Child,
    pub address: SocketAddr,
    /// From its start to the line that says where it listens.
    pub started_in: Duration,
}

/// How much memory a program has, in KiB.
#[derive(Clone, Copy)]
pub struct Memory {
    pub resident: u64,
    /// The most it ever was.
    pub resident_max: u64,
    /// Without files: on SQLite the mapped part of the database counts as resident.
    pub anonymous: u64,
}

impl Program {
    /// Waits for the line `listening on http://ADDRESS`.
    pub fn start(command: &mut Command) -> Result<Program> {
        let start = Instant::now();
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().context("it can't be started")?;
        let stdout = child.stdout.take().context("its output is ours")?;
        let mut line = String::new();
        BufReader::new(stdout).read_line(&mut line)?;
        let started_in = start.elapsed();
        let address = line.trim().strip_prefix("listening on http://").and_then(|address| address.parse().ok());
        let Some(address) = address else {
            child.wait()?;
            anyhow::bail!("it does not listen, it says: {line}");
        };
        Ok(Program { child, address, started_in })
    }

    pub fn memory(&self) -> Result<Memory> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let field = |name: &str| field(&status, name).context("no such figure");
        Ok(Memory { resident: field("VmRSS:")?, resident_max: field("VmHWM:")?, anonymous: field("RssAnon:")? })
    }

    /// Processor time used so far, in all threads.
    pub fn processor_time(&self) -> Result<Duration> {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.child.id()))?;
        // The name, which may hold anything, ends with the last parenthesis.
        let (_, fields) = stat.rsplit_once(") ").context("a stat file without a name")?;
        let ticks = fields.split(' ').skip(11).take(2).map(str::parse::<u32>).sum::<Result<u32, _>>()?;
        Ok(TICK * ticks)
    }
}

/// What a program took that has ended by itself.
#[derive(Clone, Copy)]
pub struct Ran {
    pub took: Duration,
    /// The most memory it ever had, in KiB.
    pub resident_max: u64,
}

/// Between two looks at the memory of a program that runs.
const LOOK_EVERY: Duration = Duration::from_millis(10);

impl Drop for Program {
    fn drop(&mut self) {
        // One that has ended already can't be killed, which is as good.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// A figure of `/proc/PID/status`.
fn field(status: &str, name: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    line.split_whitespace().next()?.parse().ok()
}

/// The release server, and the database it is started on.
pub struct Server<'a> {
    pub binary: &'a Path,
    pub database: &'a Database,
}

impl Server<'_> {
    /// Makes the schema, the organization, its API user and its plans.
    pub fn seed(&self, seed: &str) -> Result<()> {
        let file = self.database.folder.join("seed.toml");
        fs::write(&file, seed)?;
        let status = self.command()?.arg("seed").arg(&file).stdout(Stdio::null()).status()?;
        ensure!(status.success(), "the seed file was refused");
        Ok(())
    }

    pub fn start(&self) -> Result<Program> {
        self.start_with(&[])
    }

    /// With more settings.
    pub fn start_with(&self, settings: &[(&str, &str)]) -> Result<Program> {
        let mut command = self.command()?;
        command.envs(settings.iter().copied()).args(["serve", "--dev"]);
        Program::start(&mut command).context("the server")
    }

    /// How long starts on the filled database take.
    pub fn starts(&self) -> Result<Vec<Duration>> {
        (0..STARTS).map(|_| Ok(self.start()?.started_in)).collect()
    }

    /// Runs a command to its end.
    pub async fn run(&self, arguments: &[&str]) -> Result<Ran> {
        let start = Instant::now();
        let mut child = self.command()?.args(arguments).stdout(Stdio::null()).spawn().context("it can't be started")?;
        let file = format!("/proc/{}/status", child.id());
        let mut resident_max = 0;
        loop {
            // Of one that has just ended nothing is there any more.
            let status = fs::read_to_string(&file).unwrap_or_default();
            resident_max = field(&status, "VmHWM:").unwrap_or(resident_max);
            if let Some(status) = child.try_wait()? {
                ensure!(status.success(), "{arguments:?} failed");
                return Ok(Ran { took: start.elapsed(), resident_max });
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    fn command(&self) -> Result<Command> {
        let log = fs::File::options().create(true).append(true).open(self.database.folder.join("log"))?;
        let mut command = Command::new(self.binary);
        command
            .current_dir(&self.database.folder)
            .env("BLUSYNERGY_DATABASE_URL", &self.database.url)
            .env("BLUSYNERGY_DATA_DIR", &self.database.folder)
            .env("BLUSYNERGY_LISTEN", "127.0.0.1:0")
            .env("BLUSYNERGY_API_RATE_PER_MINUTE", "0")
            // As in production, what is logged is kept.
            .stderr(log);
        Ok(command)
    }
}
