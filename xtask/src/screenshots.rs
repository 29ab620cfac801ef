//! `cargo xtask screenshots` and `cargo xtask lighthouse`: what a person looks at, and what a tool measures of it.

use std::process::{Command, Stdio};

use anyhow::Result;

use crate::{
    install,
    postgres::Cluster,
    python, site,
    workspace::{Workspace, run as run_command, say},
};

const END2END: &str = "end2end";
const LIGHTHOUSE: &str = "end2end/lighthouse";

/// Pictures of every state of every page, or of those that are named.
pub fn run(workspace: &Workspace, pages: &[String]) -> Result<()> {
    install::browser(workspace, END2END)?;
    install::postgres()?;
    install::python(workspace)?;
    site::build(workspace, site::Profile::Dev)?;
    say("building the server");
    run_command(&mut workspace.cargo(["build", "--package", "server"]))?;
    let folder = workspace.target.join("screenshots");
    let cluster = Cluster::start()?;
    run_command(
        Command::new("npm")
            .args(["run", "--silent", "screenshots", "--"])
            .arg(&folder)
            .args(pages)
            .current_dir(workspace.root.join(END2END))
            .stdin(Stdio::null())
            .env("BLUSYNERGY_BIN", workspace.server("debug"))
            .env("BLUSYNERGY_SITE_DIR", workspace.site())
            .env("BLUSYNERGY_TEST_POSTGRES", cluster.url())
            .env("BLUSYNERGY_TEST_PYTHON", python::test_servers(workspace)?),
    )?;
    say(&format!("the pictures are in {}", folder.display()));
    Ok(())
}

/// Lighthouse on a phone with a slow network, against the release server.
pub fn lighthouse(workspace: &Workspace) -> Result<()> {
    install::browser(workspace, END2END)?;
    install::browser(workspace, LIGHTHOUSE)?;
    site::build(workspace, site::Profile::Release)?;
    run_command(&mut workspace.cargo(["build", "--release", "--package", "server"]))?;
    run_command(
        Command::new("node")
            .arg("home.js")
            .current_dir(workspace.root.join(LIGHTHOUSE))
            .stdin(Stdio::null())
            .env("BLUSYNERGY_BIN", workspace.server("release"))
            .env("BLUSYNERGY_SITE_DIR", workspace.site()),
    )
}
