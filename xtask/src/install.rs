//! What the tests need besides cargo, installed where it is missing and only then, each with a line that says so.

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
};

use anyhow::{Result, bail};

use crate::{
    postgres, python,
    workspace::{Workspace, output, run, say, which},
};

/// The names a Chromium goes by.
const CHROMIUM: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// All that `cargo xtask test` uses.
pub fn everything(workspace: &Workspace) -> Result<()> {
    let mut packages = Vec::new();
    if postgres::program("initdb").is_none() {
        packages.push("postgresql");
    }
    if which("pdftotext").is_none() {
        packages.push("poppler-utils");
    }
    if which("c++").is_none() {
        packages.push("g++");
    }
    if has_browser_tests(workspace) {
        if which("npm").is_none() {
            packages.extend(["nodejs", "npm"]);
        }
        if !CHROMIUM.iter().any(|name| which(name).is_some()) {
            packages.push("chromium");
        }
    }
    debian_packages(&packages)?;
    python(workspace)?;
    nextest(workspace)?;
    if has_browser_tests(workspace) { npm_packages(&workspace.root.join("end2end")) } else { Ok(()) }
}

pub fn postgres() -> Result<()> {
    debian_packages(if postgres::program("initdb").is_none() { &["postgresql"] } else { &[] })
}

/// Python itself, with what makes environments, and the mail server that mails are tested with.
pub fn python(workspace: &Workspace) -> Result<()> {
    let has_python = output(Command::new("python3").args(["-c", "import ensurepip, venv"])).is_ok();
    debian_packages(if has_python { &[] } else { &["python3", "python3-venv"] })?;
    python::test_servers(workspace).map(drop)
}

pub fn has_browser_tests(workspace: &Workspace) -> bool {
    workspace.root.join("end2end/package.json").exists()
}

/// The test runner, from the package registry: this takes some minutes, once per machine.
pub fn nextest(workspace: &Workspace) -> Result<()> {
    if output(&mut workspace.cargo(["nextest", "--version"])).is_ok() {
        return Ok(());
    }
    say("installing cargo-nextest (cargo install --locked cargo-nextest): some minutes, once");
    run(workspace.cargo(["install", "--quiet", "--locked", "cargo-nextest"]).env_remove("CARGO_TARGET_DIR"))
}

fn debian_packages(packages: &[&str]) -> Result<()> {
    if packages.is_empty() {
        return Ok(());
    }
    let names = packages.join(" ");
    if which("apt-get").is_none() {
        bail!("missing here: {names} (Debian's names); please install them");
    }
    if output(Command::new("id").arg("-u"))? != "0" {
        bail!("missing here: {names}; `sudo apt-get install --no-install-recommends {names}` adds them");
    }
    say(&format!("installing {names} (apt-get)"));
    let apt = || {
        let mut command = Command::new("apt-get");
        // Run level 1 keeps Debian from starting a PostgreSQL that nobody asked for.
        command.env("DEBIAN_FRONTEND", "noninteractive").env("RUNLEVEL", "1").stdin(Stdio::null());
        command
    };
    run(apt().args(["update", "-q"]))?;
    run(apt().args(["install", "-q", "-y", "--no-install-recommends"]).args(packages))
}

/// What pictures are taken with, and what Lighthouse needs.
pub fn browser(workspace: &Workspace, folder: &str) -> Result<()> {
    let mut packages = Vec::new();
    if which("npm").is_none() {
        packages.extend(["nodejs", "npm"]);
    }
    if !CHROMIUM.iter().any(|name| which(name).is_some()) {
        packages.push("chromium");
    }
    debian_packages(&packages)?;
    npm_packages(&workspace.root.join(folder))
}

/// The packages of a folder, when the lock file is newer than what is there.
fn npm_packages(folder: &Path) -> Result<()> {
    let changed = |name: &str| fs::metadata(folder.join(name)).and_then(|metadata| metadata.modified());
    let lock_changed = changed("package-lock.json")?;
    if changed("node_modules/.package-lock.json").is_ok_and(|installed| installed >= lock_changed) {
        return Ok(());
    }
    say(&format!("installing the packages of {} (npm ci)", folder.display()));
    run(Command::new("npm")
        .args(["ci", "--no-audit", "--no-fund"])
        .current_dir(folder)
        .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")
        .stdin(Stdio::null()))
}
