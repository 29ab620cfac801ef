//! A folder brought to a wanted state: unchanged files stay untouched, new ones are written, all others go.
//! A running server keeps finding what it serves, and no compressed file outlives the file it was made from.

use std::{
    collections::BTreeSet,
    fs,
    io::Write,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

/// Already compressed formats gain nothing.
const COMPRESSIBLE: [&str; 8] = ["css", "html", "js", "json", "otf", "svg", "ttf", "wasm"];

#[derive(Default)]
pub struct Folder {
    files: Vec<(String, Vec<u8>)>,
    last: Vec<(String, Vec<u8>)>,
}

impl Folder {
    pub fn add(&mut self, name: &str, content: Vec<u8>) {
        self.files.push((name.to_owned(), content));
    }

    /// A file that speaks of the others and is therefore written after them.
    pub fn add_last(&mut self, name: &str, content: Vec<u8>) {
        self.last.push((name.to_owned(), content));
    }

    /// Makes `target` hold exactly these files; says how many changed.
    pub fn write(&self, target: &Path, compressed: bool) -> Result<usize> {
        let mut wanted = BTreeSet::new();
        let mut changed = 0;
        for (name, content) in self.files.iter().chain(&self.last) {
            let path = target.join(name);
            let fresh = fs::read(&path).is_ok_and(|old| old == *content);
            if !fresh {
                write(&path, content)?;
                changed += 1;
            }
            if compressed && compressible(&path) {
                compress(&path, content, fresh)?;
                wanted.extend([beside(&path, "br"), beside(&path, "gz")]);
            }
            wanted.insert(path);
        }
        changed += remove_others(target, &wanted)?;
        Ok(changed)
    }
}

/// Every file below `folder` by its relative name, in a fixed order; a missing folder has none.
pub fn read_tree(folder: &Path, found: &mut dyn FnMut(&str, Vec<u8>)) -> Result<()> {
    if !folder.exists() {
        return Ok(());
    }
    for path in files_below(folder)? {
        let name = path.strip_prefix(folder)?.to_str().with_context(|| format!("odd name: {}", path.display()))?;
        found(name, fs::read(&path)?);
    }
    Ok(())
}

fn files_below(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))? {
            let path = entry?.path();
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    files.sort();
    Ok(files)
}

/// Written beside and renamed: a reader sees the old file or the new one, never half of it.
fn write(path: &Path, content: &[u8]) -> Result<()> {
    let folder = path.parent().context("a file lies in a folder")?;
    fs::create_dir_all(folder)?;
    let unfinished = beside(path, "new");
    fs::write(&unfinished, content).with_context(|| format!("cannot write {}", unfinished.display()))?;
    fs::rename(&unfinished, path).with_context(|| format!("cannot write {}", path.display()))
}

fn compress(path: &Path, content: &[u8], fresh: bool) -> Result<()> {
    let (brotli_path, gzip_path) = (beside(path, "br"), beside(path, "gz"));
    if fresh && brotli_path.exists() && gzip_path.exists() {
        return Ok(());
    }
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    gzip.write_all(content)?;
    write(&gzip_path, &gzip.finish()?)?;
    let mut brotli = brotli::CompressorWriter::new(Vec::new(), 1 << 16, 11, 22);
    brotli.write_all(content)?;
    write(&brotli_path, &brotli.into_inner())
}

fn compressible(path: &Path) -> bool {
    path.extension().and_then(|extension| extension.to_str()).is_some_and(|it| COMPRESSIBLE.contains(&it))
}

fn remove_others(target: &Path, wanted: &BTreeSet<PathBuf>) -> Result<usize> {
    let mut removed = 0;
    for path in files_below(target)? {
        if !wanted.contains(&path) {
            fs::remove_file(&path)?;
            removed += 1;
        }
    }
    Ok(removed)
}

fn beside(path: &Path, extension: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(extension);
    name.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_ends_up_with_the_wanted_files_and_no_others() {
        let target = std::env::temp_dir().join(format!("xtask-publish-{}", std::process::id()));
        let mut first = Folder::default();
        first.add("pkg/app.1.css", b"a{b:c}".to_vec());
        first.add("favicon.png", vec![1, 2, 3]);
        assert_eq!(first.write(&target, true).unwrap(), 2);
        assert_eq!(first.write(&target, true).unwrap(), 0, "nothing changed");

        let mut second = Folder::default();
        second.add("pkg/app.2.css", b"a{b:d}".to_vec());
        second.write(&target, false).unwrap();
        let left = files_below(&target).unwrap();
        fs::remove_dir_all(&target).unwrap();
        assert_eq!(left, [target.join("pkg/app.2.css")], "stale files and their compressed forms are gone");
    }
}
