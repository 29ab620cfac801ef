//! Programs written in Python that tests run beside ours: each list of requirements has an environment of its own under
//! target/, made once.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result};

use crate::workspace::{Workspace, run, say};

/// There is no wheel of it.
const FROM_SOURCE: &str = "localstripe";

/// The Python of the environment `name`, in which exactly the requirements of `file` are installed: versions and hashes
/// stand in it.
pub fn environment(workspace: &Workspace, name: &str, file: &Path) -> Result<PathBuf> {
    let wanted = fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    let folder = workspace.root.join("target/python").join(name);
    let python = folder.join("bin/python");
    // Written last: an environment that was not finished is made again.
    let installed = folder.join("installed.txt");
    if python.exists() && fs::read_to_string(&installed).is_ok_and(|installed| installed == wanted) {
        return Ok(python);
    }
    say(&format!("installing Python packages for {name} (pip)"));
    run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder))?;
    // What is there as source only is built with the setuptools of the list, not with whatever is the newest.
    let from_source = wanted.lines().any(|line| line.starts_with(FROM_SOURCE));
    if from_source {
        let builder = folder.join("builder.txt");
        fs::write(&builder, builder_of(&wanted))?;
        run(install(&python).args(["--only-binary", ":all:", "-r"]).arg(&builder))?;
    }
    run(install(&python)
        .args(["--only-binary", ":all:", "--no-binary", FROM_SOURCE, "--no-build-isolation", "-r"])
        .arg(file))?;
    fs::write(&installed, wanted)?;
    Ok(python)
}

fn install(python: &Path) -> Command {
    let mut command = Command::new(python);
    command
        .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"])
        .arg("--require-hashes");
    command
}

/// The entry of setuptools, with its hashes.
fn builder_of(wanted: &str) -> String {
    let from = wanted.lines().skip_while(|line| !line.starts_with("setuptools=="));
    let mut lines: Vec<&str> = from.clone().take(1).collect();
    lines.extend(from.skip(1).take_while(|line| line.starts_with(' ')));
    lines.join("\n")
}

/// The servers that tests run: for mails, and in place of Stripe.
pub fn test_servers(workspace: &Workspace) -> Result<PathBuf> {
    environment(workspace, "servers", &workspace.root.join("server/tests/http/requirements.txt"))
}
