//! `cargo xtask test`: what the README promises and CI calls. Every step runs even if an earlier one failed, except
//! where it would have nothing to run on; the summary tells which.

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
};

use anyhow::{Context, Result, ensure};

use crate::{
    check, description, fuzz, install,
    postgres::Cluster,
    python,
    report::Report,
    site,
    workspace::{Workspace, run as run_command},
};

const FAILED_BEFORE: &str = "left out: an earlier step failed";

pub fn run(workspace: &Workspace, filters: &[String]) -> Result<()> {
    if filters.is_empty() { everything(workspace) } else { some(workspace, filters) }
}

/// Only the Rust tests that the filters name, on both databases like all of them.
fn some(workspace: &Workspace, filters: &[String]) -> Result<()> {
    install::postgres()?;
    install::python(workspace)?;
    install::nextest(workspace)?;
    let cluster = Cluster::start()?;
    rust_tests(workspace, &cluster, filters)
}

fn everything(workspace: &Workspace) -> Result<()> {
    let mut report = Report::default();
    let installed = report.step("what is missing", || install::everything(workspace));
    report.step("formatting", || check::formatting(workspace));
    let site_built = report.step("site", || site::build(workspace, site::Profile::Dev));
    let built = report.step("build of all tests, with clippy", || {
        run_command(&mut check::linted(workspace, &["nextest", "run", "--workspace", "--no-run"]))
    });

    let mut cluster = None;
    report.step("PostgreSQL", || {
        cluster = Some(Cluster::start()?);
        Ok(())
    });
    match (&cluster, built) {
        (Some(cluster), true) => {
            report.step("Rust tests", || rust_tests(workspace, cluster, &[]));
        }
        _ => report.leave_out("Rust tests", FAILED_BEFORE),
    }
    examples(&mut report, workspace, built)?;
    report.step("fuzzing, bounded", || fuzz::run(workspace));
    if installed && built {
        report.step("API against its description", || description::run(workspace));
    } else {
        report.leave_out("API against its description", FAILED_BEFORE);
    }
    if !install::has_browser_tests(workspace) {
        report.leave_out("browser tests", "there are none");
    } else if let (Some(cluster), true) = (&cluster, installed && built && site_built) {
        report.step("browser tests", || browser_tests(workspace, cluster));
    } else {
        report.leave_out("browser tests", FAILED_BEFORE);
    }
    drop(cluster);
    report.finish()
}

fn rust_tests(workspace: &Workspace, cluster: &Cluster, filters: &[String]) -> Result<()> {
    run_command(
        check::linted(workspace, &["nextest", "run", "--workspace"])
            .args(["--profile", profile(|name| std::env::var_os(name).is_some())])
            .args(["--test-threads", &at_once().to_string()])
            .args(filters)
            .envs(cluster.environment())
            .env("BLUSYNERGY_TEST_PYTHON", python::test_servers(workspace)?)
            .env("BLUSYNERGY_SITE_DIR", workspace.site()),
    )
}

/// One more than there are processors: some wait for answers that don't come.
fn at_once() -> usize {
    std::thread::available_parallelism().map_or(2, |processors| processors.get() + 1)
}

/// Tests that were asked for at full size take hours, which is no sign that they hang; see `.config/nextest.toml`.
fn profile(is_set: impl Fn(&str) -> bool) -> &'static str {
    let sizes = ["BLUSYNERGY_RELIABILITY", "BLUSYNERGY_SIMULATION"];
    if sizes.into_iter().any(is_set) { "full" } else { "default" }
}

fn examples(report: &mut Report, workspace: &Workspace, built: bool) -> Result<()> {
    match (has_examples(workspace)?, built) {
        (false, _) => report.leave_out("examples in comments", "there are none"),
        (true, false) => report.leave_out("examples in comments", FAILED_BEFORE),
        (true, true) => {
            report.step("examples in comments", || {
                run_command(&mut check::linted(workspace, &["test", "--quiet", "--doc", "--workspace"]))
            });
        }
    }
    Ok(())
}

/// They use the server that the Rust tests were built with: the same flags, nothing is compiled again.
fn browser_tests(workspace: &Workspace, cluster: &Cluster) -> Result<()> {
    let server = workspace.server("debug");
    ensure!(server.is_file(), "no server at {}", server.display());
    run_command(
        Command::new("npm")
            .arg("test")
            .current_dir(workspace.root.join("end2end"))
            .stdin(Stdio::null())
            .env("BLUSYNERGY_BIN", server)
            .env("BLUSYNERGY_SITE_DIR", workspace.site())
            .env("BLUSYNERGY_TEST_POSTGRES", cluster.url())
            .env("BLUSYNERGY_TEST_PYTHON", python::test_servers(workspace)?),
    )
}

/// Whether any comment holds an example: where none does, rustdoc would read every crate for nothing.
fn has_examples(workspace: &Workspace) -> Result<bool> {
    let mut sources = Vec::new();
    for folder in ["app", "server"] {
        rust_files(&workspace.root.join(folder).join("src"), &mut sources)?;
    }
    rust_files(&workspace.root.join("crates"), &mut sources)?;
    for source in sources {
        if fs::read_to_string(&source)?.lines().any(starts_example) {
            return Ok(true);
        }
    }
    Ok(false)
}

fn rust_files(folder: &Path, found: &mut Vec<std::path::PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))? {
        let path = entry?.path();
        if path.is_dir() {
            rust_files(&path, found)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    Ok(())
}

/// A fence without a language, or with rustdoc's own words. A closing fence looks the same as an opening one without a
/// language; the mistake only costs a run that finds nothing.
fn starts_example(line: &str) -> bool {
    let line = line.trim_start();
    let Some(comment) = line.strip_prefix("///").or_else(|| line.strip_prefix("//!")) else { return false };
    let Some(language) = comment.trim_start().strip_prefix("```") else { return false };
    matches!(language.trim(), "" | "rust" | "no_run" | "should_panic" | "compile_fail")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tests_of_full_size_have_hours() {
        assert_eq!(profile(|_| false), "default");
        assert_eq!(profile(|name| name == "BLUSYNERGY_SIMULATION"), "full");
        assert_eq!(profile(|name| name == "BLUSYNERGY_RELIABILITY"), "full");
    }

    #[test]
    fn only_fences_of_rust_in_documentation_are_examples() {
        assert!(starts_example("    /// ```"));
        assert!(starts_example("//! ```no_run"));
        assert!(!starts_example("/// ```text"));
        assert!(!starts_example("// ```"));
        assert!(!starts_example("let fence = \"```\";"));
    }
}
