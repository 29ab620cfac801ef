//! Where things are in this repository, and how other programs are run in it.

use std::{
    env,
    ffi::OsStr,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context, Result, bail, ensure};

pub struct Workspace {
    /// The top of the clone.
    pub root: PathBuf,
    /// Cargo's output, which may lie outside the clone.
    pub target: PathBuf,
}

impl Workspace {
    /// At run time, not `env!()`: the binary in a shared target folder may come from another clone.
    pub fn find() -> Result<Self> {
        let manifest = env::var_os("CARGO_MANIFEST_DIR").context("run it as `cargo xtask`")?;
        let root = Path::new(&manifest).parent().context("xtask lies in the workspace")?.to_owned();
        let program = env::current_exe()?;
        let target = program.ancestors().nth(2).context("xtask lies in target/debug")?.to_owned();
        Ok(Self { root, target })
    }

    /// What the server serves besides its pages.
    pub fn site(&self) -> PathBuf {
        self.root.join("target/site")
    }

    /// The server as the last build of `profile` ("debug" or "release") left it.
    pub fn server(&self, profile: &str) -> PathBuf {
        self.target.join(profile).join("blusynergy")
    }

    /// Cargo, freed from what `cargo run` gave this process. RUSTFLAGS goes too: it would replace the flags of
    /// `.cargo/config.toml`, and the server and the browser's bundle would no longer fit together.
    pub fn cargo<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> Command {
        let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        for (name, _) in env::vars_os() {
            let name_text = name.to_string_lossy();
            let ours = ["CARGO_PKG_", "CARGO_MANIFEST_"].iter().any(|prefix| name_text.starts_with(prefix));
            if ours || matches!(&*name_text, "LD_LIBRARY_PATH" | "RUSTFLAGS" | "CARGO_ENCODED_RUSTFLAGS") {
                command.env_remove(&name);
            }
        }
        command.current_dir(&self.root).args(arguments).stdin(Stdio::null());
        command
    }
}

/// Runs a command to its end; its failure is ours.
pub fn run(command: &mut Command) -> Result<()> {
    let name = command.get_program().to_string_lossy().into_owned();
    let status = command.status().with_context(|| format!("cannot run {name}"))?;
    ensure!(status.success(), "{} failed: {status}", described(command));
    Ok(())
}

/// What a command printed, or why it failed.
pub fn output(command: &mut Command) -> Result<String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command.stdin(Stdio::null()).output().with_context(|| format!("cannot run {name}"))?;
    if !output.status.success() {
        bail!("{} failed: {}", described(command), String::from_utf8_lossy(&output.stderr).trim());
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// The path of a program, if it is on PATH.
pub fn which(program: &str) -> Option<PathBuf> {
    env::split_paths(&env::var_os("PATH")?).map(|folder| folder.join(program)).find(|path| path.is_file())
}

/// One line to whoever started this.
pub fn say(line: &str) {
    // A closed pipe on the other side is no reason to stop working.
    drop(writeln!(std::io::stdout(), "xtask: {line}"));
}

fn described(command: &Command) -> String {
    let name = Path::new(command.get_program()).file_name().unwrap_or_default().to_string_lossy().into_owned();
    let first = command.get_args().take(2).map(|argument| argument.to_string_lossy().into_owned());
    std::iter::once(name).chain(first).collect::<Vec<_>>().join(" ")
}
