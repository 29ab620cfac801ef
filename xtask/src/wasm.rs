//! The browser's bundle: `app` with feature `hydrate`, compiled for wasm32 and made loadable by wasm-bindgen.
//! wasm-bindgen is a library here, out of the same lock file as the one in `app`, so the two can't differ.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Instant, UNIX_EPOCH},
};

use anyhow::{Context, Result};
use wasm_bindgen_cli_support::Bindgen;

use crate::{
    site::Profile,
    workspace::{Workspace, run, say, which},
};

const TARGET: &str = "wasm32-unknown-unknown";

/// The features are those rustc's wasm32-unknown-unknown uses by default, plus what wasm-bindgen adds.
const WASM_OPT: [&str; 10] = [
    "-Oz",
    "--strip-debug",
    "--strip-producers",
    "--strip-target-features",
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// A compiler for the browser, set up where there is none; nothing if this machine can't have one.
pub fn rustc(workspace: &Workspace) -> Result<Option<PathBuf>> {
    let script = workspace.root.join("scripts/wasm-rustc.sh");
    let output = Command::new(&script)
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .env_remove("LD_LIBRARY_PATH")
        .output()
        .with_context(|| format!("cannot run {}", script.display()))?;
    if output.status.success() {
        return Ok(Some(PathBuf::from(String::from_utf8_lossy(&output.stdout).trim())));
    }
    say(&format!("no Rust compiler for {TARGET} could be had; `rustup target add {TARGET}` would add it"));
    Ok(None)
}

/// The folder with wasm-bindgen's output, made anew only when cargo made a new file.
pub fn bundle(workspace: &Workspace, profile: Profile, rustc: &Path) -> Result<PathBuf> {
    // Its own target folder: another compiler, other features, and no waiting for the server build's lock.
    let front = workspace.target.join("front");
    let (cargo_profile, folder) = match profile {
        Profile::Dev => ("dev", "debug"),
        Profile::Release => ("wasm-release", "wasm-release"),
    };
    let mut cargo =
        workspace.cargo(["build", "--package", "app", "--lib", "--target", TARGET, "--no-default-features"]);
    run(cargo
        .args(["--features", "hydrate", "--profile", cargo_profile, "--target-dir"])
        .arg(&front)
        .env("RUSTC", rustc)
        .env_remove("RUSTUP_TOOLCHAIN")
        // A linter of the caller's belongs to the caller's compiler.
        .env_remove("RUSTC_WORKSPACE_WRAPPER"))?;
    let wasm = front.join(TARGET).join(folder).join("app.wasm");
    let bundle = front.join(format!("bindgen-{folder}"));
    let optimizer = if profile == Profile::Release { wasm_opt(&workspace.root) } else { None };

    let stamp = stamp(&wasm, optimizer.as_deref())?;
    let stamp_file = bundle.join("stamp");
    if fs::read_to_string(&stamp_file).is_ok_and(|old| old == stamp) {
        return Ok(bundle);
    }
    if bundle.exists() {
        fs::remove_dir_all(&bundle)?;
    }
    bindgen(&wasm, &bundle, profile)?;
    if profile == Profile::Release {
        optimize(&bundle, optimizer.as_deref())?;
    }
    fs::write(stamp_file, stamp)?;
    Ok(bundle)
}

/// What the bundle is made from: a file of this time and size, by this optimizer.
fn stamp(wasm: &Path, optimizer: Option<&Path>) -> Result<String> {
    let metadata = fs::metadata(wasm).with_context(|| format!("no {}", wasm.display()))?;
    let modified = metadata.modified()?.duration_since(UNIX_EPOCH)?.as_nanos();
    Ok(format!("{modified} {} {}", metadata.len(), optimizer.unwrap_or(Path::new("-")).display()))
}

fn bindgen(wasm: &Path, bundle: &Path, profile: Profile) -> Result<()> {
    let start = Instant::now();
    let is_release = profile == Profile::Release;
    fs::create_dir_all(bundle)?;
    Bindgen::new()
        .input_path(wasm)
        .web(true)?
        .typescript(false)
        .out_name("app")
        .debug(!is_release)
        .keep_debug(false)
        .remove_name_section(is_release)
        .remove_producers_section(is_release)
        .generate(bundle)?;
    say(&format!("wasm-bindgen {:.1} s", start.elapsed().as_secs_f64()));
    Ok(())
}

fn optimize(bundle: &Path, optimizer: Option<&Path>) -> Result<()> {
    let Some(optimizer) = optimizer else {
        say("no wasm-opt (npm's `binaryen` has one): the bundle stays about a sixth larger");
        return Ok(());
    };
    let start = Instant::now();
    let input = bundle.join("app_bg.wasm");
    let smaller = bundle.join("app_bg.opt");
    run(Command::new(optimizer).args(WASM_OPT).arg(&input).arg("-o").arg(&smaller).stdin(Stdio::null()))?;
    fs::rename(&smaller, &input)?;
    say(&format!("wasm-opt {:.1} s", start.elapsed().as_secs_f64()));
    Ok(())
}

/// `$WASM_OPT`, npm's `binaryen` in a node_modules folder, or one on PATH.
fn wasm_opt(root: &Path) -> Option<PathBuf> {
    if let Some(path) = env::var_os("WASM_OPT") {
        return (!path.is_empty()).then(|| path.into());
    }
    ["node_modules/.bin/wasm-opt", "end2end/node_modules/.bin/wasm-opt"]
        .map(|path| root.join(path))
        .into_iter()
        .find(|path| path.exists())
        .or_else(|| which("wasm-opt"))
}
