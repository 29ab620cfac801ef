//! The UniPay-compatible API held to `server/src/unipay/openapi.json`: schemathesis makes requests out of the
//! description, right and wrong ones, and the built server must answer each as the description says.

use std::{
    env, fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use anyhow::{Context, Result, ensure};

use crate::{
    python,
    workspace::{Workspace, run as run_command},
};

const FOLDER: &str = "end2end/description";

pub fn run(workspace: &Workspace) -> Result<()> {
    let folder = workspace.root.join(FOLDER);
    let python = python::environment(workspace, "schemathesis", &folder.join("requirements.txt"))?;
    let server = Server::start(&workspace.server("debug"), &workspace.site(), &folder.join("acme.toml"))?;
    run_command(
        Command::new(python.with_file_name("schemathesis"))
            .arg("--config-file")
            .arg(folder.join("schemathesis.toml"))
            .args(["run", "--checks", "all"])
            .arg(format!("{}/api/v01/openapi.json", server.url))
            // No traces beside the sources.
            .current_dir(&server.folder)
            .env("SCHEMATHESIS_HOOKS", folder.join("hooks.py"))
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .stdin(Stdio::null()),
    )
}

/// The built server on a database file of its own; both are gone when dropped.
struct Server {
    folder: PathBuf,
    child: Option<Child>,
    url: String,
}

impl Server {
    fn start(program: &Path, site: &Path, seed: &Path) -> Result<Server> {
        ensure!(program.is_file(), "no server at {}", program.display());
        let folder = env::temp_dir().join(format!("blusynergy-description-{}", std::process::id()));
        fs::create_dir_all(&folder)?;
        let mut server = Server { folder, child: None, url: String::new() };
        run_command(server.command(program, site)?.arg("seed").arg(seed).stdout(Stdio::null()))?;
        let mut child = server.command(program, site)?.args(["serve", "--dev"]).stdout(Stdio::piped()).spawn()?;
        let stdout = child.stdout.take();
        server.child = Some(child);
        let mut lines = BufReader::new(stdout.context("its output is ours")?).lines().map_while(Result::ok);
        let url = lines.find_map(|line| line.strip_prefix("listening on ").map(str::to_owned));
        server.url = url.with_context(|| format!("it does not serve:\n{}", server.log()))?;
        Ok(server)
    }

    /// Everything it reads comes from here: no setting of the machine reaches it.
    fn command(&self, program: &Path, site: &Path) -> Result<Command> {
        let log = fs::File::options().create(true).append(true).open(self.folder.join("log"))?;
        let mut command = Command::new(program);
        command
            .env_clear()
            .env("BLUSYNERGY_API_RATE_PER_MINUTE", "0")
            .env("BLUSYNERGY_LISTEN", "127.0.0.1:0")
            .env("BLUSYNERGY_LOG", "warn")
            .env("BLUSYNERGY_SITE_DIR", site)
            .current_dir(&self.folder)
            .stdin(Stdio::null())
            .stderr(log);
        Ok(command)
    }

    fn log(&self) -> String {
        fs::read_to_string(self.folder.join("log")).unwrap_or_default()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            // One that has ended already can't be killed, which is as good.
            drop(child.kill());
            drop(child.wait());
        }
        drop(fs::remove_dir_all(&self.folder));
    }
}
