//! Static files: what `cargo xtask site` makes and what stands in `public/`. A release build carries
//! them inside; a development build reads them from disk.

use std::path::{Component, Path, PathBuf};
use std::sync::OnceLock;

use app::{Assets, IslandScripts};
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderValue, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use leptos::prelude::LeptosOptions;
use rust_embed::Embed;

#[derive(Embed)]
#[folder = "../target/site"]
struct Site;

/// Names under `/pkg/` carry a hash of their content.
pub const IMMUTABLE: &str = "public, max-age=31536000, immutable";
const REVALIDATED: &str = "public, max-age=300";
/// Names a folder to read from instead, for development.
const FOLDER_VARIABLE: &str = "BLUSYNERGY_SITE_DIR";
static FOLDER: OnceLock<Option<PathBuf>> = OnceLock::new();
const HASHES: &str = "pkg/hash.txt";

/// A file of `BLUSYNERGY_SITE_DIR` where that is set, else the one carried inside.
pub fn read(path: &str) -> Option<(Vec<u8>, String)> {
    if let Some(folder) = FOLDER.get_or_init(|| std::env::var_os(FOLDER_VARIABLE).map(PathBuf::from)) {
        let is_inside = Path::new(path).components().all(|part| matches!(part, Component::Normal(_)));
        let data = std::fs::read(is_inside.then(|| folder.join(path))?).ok()?;
        return Some((data, mime_guess::from_path(path).first_or_octet_stream().to_string()));
    }
    let found = Site::get(path)?;
    Some((found.data.into_owned(), found.metadata.mimetype().to_owned()))
}

/// GET of any path that is no page.
pub async fn file(uri: Uri) -> Response {
    let path = uri.path().trim_start_matches('/');
    let Some((data, kind)) = read(path).filter(|_| path != HASHES) else {
        return (StatusCode::NOT_FOUND, "Not found.\n").into_response();
    };
    let caching = if path.starts_with("pkg/") { IMMUTABLE } else { REVALIDATED };
    let kind = HeaderValue::from_str(&kind).unwrap_or(HeaderValue::from_static("application/octet-stream"));
    let mut response = data.into_response();
    response.headers_mut().insert(CONTENT_TYPE, kind);
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static(caching));
    response
}

/// What pages refer to. The list of hashes is left in the data folder, where Leptos reads it.
pub fn assets(data_dir: &Path) -> anyhow::Result<Assets> {
    let hashes = read(HASHES).map(|(data, _)| String::from_utf8_lossy(&data).into_owned()).unwrap_or_default();
    let hash_of = |name: &str| {
        hashes.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':')).map(|hash| hash.trim().to_owned())
    };
    let css = hash_of("css").map_or("/pkg/app.css".to_owned(), |hash| format!("/pkg/app.{hash}.css"));
    let has_wasm = hash_of("wasm").is_some() && hash_of("js").is_some();
    let file = hash_file(data_dir, &hashes)?;
    let options = LeptosOptions::builder()
        .output_name("app")
        .site_pkg_dir("pkg")
        .hash_files(has_wasm)
        .hash_file(std::sync::Arc::from(file.to_string_lossy()))
        .build();
    let islands = has_wasm.then(|| IslandScripts::new(options.clone()));
    Ok(Assets { css, islands, options })
}

fn hash_file(data_dir: &Path, hashes: &str) -> anyhow::Result<PathBuf> {
    let file = std::path::absolute(data_dir.join("site-hashes.txt"))?;
    if std::fs::read_to_string(&file).ok().as_deref() != Some(hashes) {
        std::fs::write(&file, hashes)?;
    }
    Ok(file)
}
