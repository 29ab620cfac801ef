//! `cargo xtask site`: everything the browser gets besides pages, into target/site.
//!
//! `pkg/` holds files named by their content, so that they may be cached for ever, and `hash.txt`, which tells the
//! server their names in the form that Leptos's `hash_files` reads. The rest of target/site is `public/` as it is.

use std::{fs, path::Path, time::Instant};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

use crate::{
    css,
    publish::{Folder, read_tree},
    wasm,
    workspace::{Workspace, say},
};

/// Leptos derives every name in `pkg/` from its `output_name`, the style sheet's too.
const NAME: &str = "app";

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// Quick to build, larger.
    Dev,
    /// Optimised, with brotli and gzip files beside each file.
    Release,
}

pub fn build(workspace: &Workspace, profile: Profile) -> Result<()> {
    let start = Instant::now();
    let mut folder = Folder::default();
    read_tree(&workspace.root.join("public"), &mut |name, content| folder.add(name, content))?;
    let mut hashes = Vec::new();
    match wasm::rustc(workspace)? {
        Some(rustc) => add_wasm(&wasm::bundle(workspace, profile, &rustc)?, &mut folder, &mut hashes)?,
        None => say("no WASM: every page works without it, only the islands' comfort is missing"),
    }
    let style = css::bundle(&workspace.root.join("style"))?.into_bytes();
    let style_hash = hash(&style);
    folder.add(&format!("pkg/{NAME}.{style_hash}.css"), style);
    hashes.push(format!("css: {style_hash}"));
    // Last in: whoever reads it finds the files it names.
    folder.add_last("pkg/hash.txt", (hashes.join("\n") + "\n").into_bytes());
    let changed = folder.write(&workspace.site(), profile == Profile::Release)?;
    say(&format!("target/site ready, {changed} files changed, {:.1} s", start.elapsed().as_secs_f64()));
    Ok(())
}

/// The script names the bundle, so the bundle's hash goes into it before its own is taken.
fn add_wasm(bundle: &Path, folder: &mut Folder, hashes: &mut Vec<String>) -> Result<()> {
    let wasm = fs::read(bundle.join(format!("{NAME}_bg.wasm"))).context("wasm-bindgen wrote no bundle")?;
    let wasm_hash = hash(&wasm);
    let script = fs::read_to_string(bundle.join(format!("{NAME}.js"))).context("wasm-bindgen wrote no script")?;
    let script = script.replace(&format!("{NAME}_bg.wasm"), &format!("{NAME}.{wasm_hash}.wasm"));
    let script_hash = hash(script.as_bytes());
    folder.add(&format!("pkg/{NAME}.{wasm_hash}.wasm"), wasm);
    folder.add(&format!("pkg/{NAME}.{script_hash}.js"), script.into_bytes());
    let snippets = bundle.join("snippets");
    read_tree(&snippets, &mut |name, content| folder.add(&format!("pkg/snippets/{name}"), content))?;
    hashes.extend([format!("js: {script_hash}"), format!("wasm: {wasm_hash}")]);
    Ok(())
}

fn hash(content: &[u8]) -> String {
    let digest: [u8; 32] = Sha256::digest(content).into();
    let (start, _) = digest.split_first_chunk().expect("32 bytes hold 8");
    format!("{:016x}", u64::from_be_bytes(*start))
}
