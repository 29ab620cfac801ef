//! The fuzzers of `crates/wire/fuzz`, built as cargo-fuzz builds them but by the stable compiler, and each run a fixed
//! number of times: what they once found stays found. To search further, `cargo fuzz run NAME` in `crates/wire`.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    slice,
    sync::Mutex,
    thread::{self, available_parallelism},
};

use anyhow::{Context, Result, bail, ensure};

use crate::{
    check,
    workspace::{Workspace, output, run as run_command, say},
};

pub const CRATE: &str = "crates/wire/fuzz";

/// What cargo-fuzz passes for `--sanitizer none`: nothing here needs a nightly compiler.
const RUSTFLAGS: [&str; 6] = [
    "--cfg=fuzzing",
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
];

/// The same inputs on every machine, as far as the instrumented code is the same.
const LIMITS: [&str; 5] = ["-runs=50000", "-seed=1", "-max_len=4096", "-timeout=10", "-rss_limit_mb=512"];

/// How much of a fuzzer's own words is shown when it found something.
const LINES_SHOWN: usize = 30;

pub fn run(workspace: &Workspace) -> Result<()> {
    let folder = workspace.root.join(CRATE);
    let target = workspace.target.join("fuzz");
    // Named, so that build scripts and macros are not instrumented.
    let host = host()?;
    run_command(
        check::linted(workspace, &["build", "--quiet", "--bins"])
            .args(["--target", &host, "--target-dir"])
            .arg(&target)
            .arg("--manifest-path")
            .arg(folder.join("Cargo.toml"))
            .env("CARGO_ENCODED_RUSTFLAGS", RUSTFLAGS.join("\x1f")),
    )?;
    let names = names(&folder)?;
    let (next, failed) = (Mutex::new(names.iter()), Mutex::new(Vec::new()));
    let work = || {
        while let Some(name) = taken(&next) {
            let program = target.join(&host).join("debug").join(name);
            if let Err(error) = fuzz(name, &program, &folder.join("corpus").join(name), &target.join("found")) {
                say(&format!("{name}: {error:#}"));
                failed.lock().expect("nobody panics with it").push(name.as_str());
            }
        }
    };
    thread::scope(|scope| (0..available_parallelism().map_or(1, usize::from)).for_each(|_| drop(scope.spawn(work))));
    let failed = failed.into_inner().expect("nobody panics with it");
    ensure!(failed.is_empty(), "these fuzzers found something: {}", failed.join(", "));
    say(&format!("{} fuzzers, {} each: nothing found", names.len(), LIMITS[0]));
    Ok(())
}

/// The lock is held no longer than this.
fn taken<'a>(next: &Mutex<slice::Iter<'a, String>>) -> Option<&'a String> {
    next.lock().expect("nobody panics with it").next()
}

fn host() -> Result<String> {
    let version = output(Command::new(env::var_os("RUSTC").unwrap_or_else(|| "rustc".into())).arg("-vV"))?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(host.context("rustc does not say what it runs on")?.to_owned())
}

fn names(folder: &Path) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder.join("fuzz_targets"))? {
        let path = entry?.path();
        names.extend(path.file_stem().map(|name| name.to_string_lossy().into_owned()));
    }
    ensure!(!names.is_empty(), "there are no fuzzers in {}", folder.display());
    names.sort();
    Ok(names)
}

/// Runs one of them on a copy of its seeds, so that what it adds to them goes away again.
fn fuzz(name: &str, program: &Path, seeds: &Path, found: &Path) -> Result<()> {
    let corpus = Corpus::copied(name, seeds)?;
    fs::create_dir_all(found)?;
    let output = Command::new(program)
        .args(LIMITS)
        .arg(format!("-artifact_prefix={}/{name}-", found.display()))
        .arg(&corpus.0)
        .env("RUST_BACKTRACE", "0")
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("cannot run {}", program.display()))?;
    if output.status.success() {
        return Ok(());
    }
    let text = String::from_utf8_lossy(&output.stderr);
    let lines: Vec<&str> = text.lines().collect();
    say(&format!("{name}:\n{}", lines[lines.len().saturating_sub(LINES_SHOWN)..].join("\n")));
    let written = lines.iter().rev().find_map(|line| line.split("Test unit written to ").nth(1));
    let Some(input) = written.map(PathBuf::from) else { bail!("it ended with {}", output.status) };
    let bytes = fs::read(&input).with_context(|| format!("cannot read {}", input.display()))?;
    bail!("fails for \"{}\"; again by: {} {}", bytes.escape_ascii(), program.display(), input.display())
}

/// Gone when dropped.
struct Corpus(PathBuf);

impl Corpus {
    /// Only the seeds, which have an extension: what a developer's fuzzer left beside them does not count.
    fn copied(name: &str, seeds: &Path) -> Result<Corpus> {
        let copy = env::temp_dir().join(format!("blusynergy-fuzz-{}-{name}", std::process::id()));
        fs::create_dir_all(&copy)?;
        let corpus = Corpus(copy);
        let mut count = 0;
        for entry in fs::read_dir(seeds).with_context(|| format!("no seeds in {}", seeds.display()))? {
            let path = entry?.path();
            if path.extension().is_some() {
                fs::copy(&path, corpus.0.join(path.file_name().context("a file has a name")?))?;
                count += 1;
            }
        }
        ensure!(count > 0, "no seeds in {}", seeds.display());
        Ok(corpus)
    }
}

impl Drop for Corpus {
    fn drop(&mut self) {
        // A folder that can't be removed is a temporary one all the same.
        drop(fs::remove_dir_all(&self.0));
    }
}
