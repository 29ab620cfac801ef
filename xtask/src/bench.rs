//! `cargo xtask bench`: the release server and the measuring program, built and run. Not part of CI.

use std::process::Command;

use anyhow::Result;

use crate::{
    install,
    postgres::Cluster,
    workspace::{Workspace, run as run_command, say},
};

pub fn run(workspace: &Workspace, arguments: &[String]) -> Result<()> {
    install::postgres()?;
    say("building the release server: this takes minutes the first time");
    let packages = ["build", "--release", "--package", "server", "--package", "bench"];
    run_command(&mut workspace.cargo(packages))?;
    let cluster = Cluster::start_on_disk()?;
    run_command(
        Command::new(workspace.target.join("release/bench"))
            .args(arguments)
            .current_dir(&workspace.root)
            .env("BLUSYNERGY_BIN", workspace.server("release"))
            .env("BLUSYNERGY_SITE_DIR", workspace.site())
            .env("BLUSYNERGY_TEST_POSTGRES", cluster.url()),
    )
}
