//! `cargo xtask demo`: builds what is needed and becomes the demo.

use std::{
    os::unix::process::CommandExt,
    process::{Command, Stdio},
};

use anyhow::{Context, Result, bail};

use crate::{
    site,
    workspace::{Workspace, run as run_command, say},
};

pub fn run(workspace: &Workspace, arguments: &[String]) -> Result<()> {
    let port = match arguments {
        [] => None,
        [flag, port] if flag == "--port" => Some(port.parse::<u16>().context("--port wants a number up to 65535")?),
        _ => bail!("usage: cargo xtask demo [--port N]"),
    };
    site::build(workspace, site::Profile::Dev)?;
    say("building the server");
    run_command(&mut workspace.cargo(["build", "--package", "server"]))?;
    let mut demo = Command::new(workspace.server("debug"));
    demo.arg("demo").current_dir(&workspace.root).stdin(Stdio::inherit()).env("BLUSYNERGY_SITE_DIR", workspace.site());
    if let Some(port) = port {
        demo.env("BLUSYNERGY_LISTEN", format!("127.0.0.1:{port}"));
    }
    // In our place, not as our child: Ctrl-C and `kill` then reach the server itself.
    Err(demo.exec()).context("cannot start the demo")
}
