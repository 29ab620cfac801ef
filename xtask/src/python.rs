//! Programs written in Python that tests run beside ours: each list of requirements has an environment of its own under
//! target/, made once.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result};

use crate::workspace::{Workspace, run, say};

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
    run(Command::new(&python)
        .args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"])
        .args(["--only-binary", ":all:", "--require-hashes", "-r"])
        .arg(file))?;
    fs::write(&installed, wanted)?;
    Ok(python)
}

/// The mail server that mails are tested with.
pub fn mail_server(workspace: &Workspace) -> Result<PathBuf> {
    environment(workspace, "smtp", &workspace.root.join("server/tests/http/smtp/requirements.txt"))
}
