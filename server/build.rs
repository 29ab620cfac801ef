//! The folder of static files must exist to be embedded; `cargo xtask site` fills it.

fn main() -> std::io::Result<()> {
    let root = std::env::var("CARGO_MANIFEST_DIR").map_err(std::io::Error::other)?;
    let site = std::path::Path::new(&root).join("../target/site");
    println!("cargo::rerun-if-changed=build.rs");
    std::fs::create_dir_all(site)
}
