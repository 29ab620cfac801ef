//! A throw-away PostgreSQL cluster: a temporary folder, a free port of the loopback, no fsync. Beside it a folder for the
//! templates of SQLite files, for as long.
//!
//! For tests the folder is in memory where there is room: each has a database of its own, which is a thousand files that
//! are made and removed again. On a disk that takes several times as long as everything else that PostgreSQL does then.
//!
//! A keeper shell in a process group of its own holds the server and reads a pipe from us. However we end (done,
//! failed, Ctrl-C, killed), the pipe closes, the keeper stops the server by its id and removes the folder.

use std::{
    env, fs,
    io::{BufRead, BufReader, Read},
    net::{Ipv4Addr, TcpListener},
    os::unix::{fs::chown, process::CommandExt},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};

use anyhow::{Context, Result, bail};

use crate::{
    install, python,
    workspace::{Workspace, output, say, which},
};

/// Each test has a database and a small pool of its own.
const CONNECTIONS_MAX: u32 = 300;
const TEMPLATES: &str = "templates";
const START_ATTEMPTS: u32 = 3;
const READY_CHECKS: u32 = 300;
const READY_CHECK_EVERY: Duration = Duration::from_millis(100);
const MEMORY: &str = "/dev/shm";
/// Several times what the tests of a machine with many processors have at once.
const MEMORY_MIN_KIB: u64 = 2 * 1024 * 1024;

/// Safe to lose: nothing is flushed, nothing is archived, the write-ahead log is minimal.
const SETTINGS: [&str; 10] = [
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "wal_level=minimal",
    "max_wal_senders=0",
    "timezone=UTC",
    "jit=off",
    "checkpoint_timeout=1h",
];
/// Nothing lives long enough to be tidied up.
const SETTINGS_OF_TESTS: [&str; 1] = ["autovacuum=off"];
/// Whoever has a million orders gives the database memory: its own 128 MiB are for trying it out.
const SETTINGS_OF_FIGURES: [&str; 2] = ["shared_buffers=2GB", "max_wal_size=8GB"];

const KEEPER: &str = r#"
folder=$1; shift
"$@" </dev/null >"$folder/log" 2>&1 &
server=$!
echo "$server"
cat >/dev/null
kill -INT "$server" 2>/dev/null
wait "$server"
rm -rf "$folder"
"#;

pub struct Cluster {
    keeper: Child,
    folder: PathBuf,
    port: u16,
}

impl Cluster {
    /// For tests.
    pub fn start() -> Result<Self> {
        let memory = Path::new(MEMORY);
        let base = if has_room(memory) { memory } else { &env::temp_dir() };
        Self::start_in(base, &SETTINGS_OF_TESTS)
    }

    /// For figures, and for more data than fits into memory.
    pub fn start_on_disk() -> Result<Self> {
        Self::start_in(&env::temp_dir(), &SETTINGS_OF_FIGURES)
    }

    fn start_in(base: &Path, more: &[&str]) -> Result<Self> {
        let user = Owner::choose()?;
        // The port found free may be taken before the server has it: then another.
        for _ in 1..START_ATTEMPTS {
            match Self::start_once(&user, base, more) {
                Ok(cluster) => return Ok(cluster),
                Err(error) => say(&format!("{error:#}; trying again")),
            }
        }
        Self::start_once(&user, base, more)
    }

    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}", self.port)
    }

    /// What tests need to know of it.
    pub fn environment(&self) -> [(&'static str, String); 2] {
        [
            ("BLUSYNERGY_TEST_POSTGRES", self.url()),
            ("BLUSYNERGY_TEST_TEMPLATES", self.folder.join(TEMPLATES).display().to_string()),
        ]
    }

    fn start_once(user: &Owner, base: &Path, more: &[&str]) -> Result<Self> {
        let folder = user.temporary_folder(base)?;
        let data = folder.join("data");
        let initdb = program("initdb").context("no initdb")?;
        let made = output(
            user.command(&initdb)
                .args(["-A", "trust", "-U", "postgres", "--no-locale", "-E", "UTF8", "--no-sync", "-D"])
                .arg(&data),
        );
        if let Err(error) = made {
            fs::remove_dir_all(&folder)?;
            return Err(error);
        }
        fs::create_dir(folder.join(TEMPLATES))?;
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
        let server = user.command(&program("postgres").context("no postgres")?);
        let mut keeper = Command::new("sh");
        keeper.args(["-c", KEEPER, "keeper"]).arg(&folder).arg(server.get_program()).args(server.get_args());
        keeper.arg("-D").arg(&data).args(["-p", &port.to_string()]);
        for setting in SETTINGS.iter().chain(more) {
            keeper.args(["-c", setting]);
        }
        keeper.args(["-c", &format!("max_connections={CONNECTIONS_MAX}")]);
        let keeper = keeper.process_group(0).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let mut cluster = Self { keeper, folder, port };
        cluster.wait_until_ready()?;
        Ok(cluster)
    }

    fn wait_until_ready(&mut self) -> Result<()> {
        let mut server = String::new();
        let stdout = self.keeper.stdout.take().context("the keeper's output is ours")?;
        BufReader::new(stdout).read_line(&mut server)?;
        let server = server.trim();
        let ready = program("pg_isready").context("no pg_isready")?;
        for _ in 0..READY_CHECKS {
            let port = self.port.to_string();
            if output(Command::new(&ready).args(["-q", "-h", "127.0.0.1", "-p", &port])).is_ok() {
                return Ok(());
            }
            if output(Command::new("sh").args(["-c", &format!("kill -0 {server}")])).is_err() {
                break;
            }
            thread::sleep(READY_CHECK_EVERY);
        }
        let mut log = String::new();
        fs::File::open(self.folder.join("log"))?.read_to_string(&mut log)?;
        bail!("PostgreSQL did not start: {}", log.trim())
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        // A keeper that can't be waited for has ended already.
        drop(self.keeper.wait());
    }
}

/// Containers mostly have 64 MiB there.
fn has_room(memory: &Path) -> bool {
    let free = output(Command::new("df").args(["--output=avail", "-k"]).arg(memory));
    let free = free.ok().and_then(|text| text.lines().last()?.trim().parse::<u64>().ok());
    free.is_some_and(|kib| kib >= MEMORY_MIN_KIB)
}

/// `cargo xtask postgres`: a cluster for as long as this process lives.
pub fn run(workspace: &Workspace) -> Result<()> {
    install::postgres()?;
    install::python(workspace)?;
    let python = python::test_servers(workspace)?;
    let cluster = Cluster::start()?;
    say(&format!(
        "PostgreSQL runs until you press Ctrl-C. In another terminal:\n{}\nexport BLUSYNERGY_TEST_PYTHON={}",
        cluster.environment().map(|(name, value)| format!("export {name}={value}")).join("\n"),
        python.display()
    ));
    loop {
        thread::park();
    }
}

/// One of PostgreSQL's programs: the newest of Debian's, which are not on PATH, else the one that is.
pub fn program(name: &str) -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut found: Vec<(u32, PathBuf)> = versions
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin").join(name))))
        .filter(|(_, path)| path.is_file())
        .collect();
    found.sort();
    found.pop().map(|(_, path)| path).or_else(|| which(name))
}

/// Who owns the cluster. PostgreSQL refuses to run as root; then it is the user its package made.
struct Owner {
    postgres: Option<(u32, u32)>,
}

impl Owner {
    fn choose() -> Result<Self> {
        if output(Command::new("id").arg("-u"))? != "0" {
            return Ok(Self { postgres: None });
        }
        let id = |flag| -> Result<u32> {
            let id = output(Command::new("id").args([flag, "postgres"])).context("no user `postgres` to run it as")?;
            Ok(id.parse()?)
        };
        Ok(Self { postgres: Some((id("-u")?, id("-g")?)) })
    }

    /// `setpriv` becomes the program instead of starting it, so the process id is the server's own.
    fn command(&self, program: &Path) -> Command {
        if self.postgres.is_none() {
            return Command::new(program);
        }
        let mut command = Command::new("setpriv");
        command.args(["--reuid=postgres", "--regid=postgres", "--init-groups"]).arg(program);
        command
    }

    fn temporary_folder(&self, base: &Path) -> Result<PathBuf> {
        let pattern = base.join("blusynergy-postgres.XXXXXXXX");
        let folder = PathBuf::from(output(Command::new("mktemp").arg("-d").arg(pattern))?);
        if let Some((user, group)) = self.postgres {
            chown(&folder, Some(user), Some(group))?;
        }
        Ok(folder)
    }
}
