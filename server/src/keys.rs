//! The secret key file: made on first start, readable by its owner only.

use std::fs;
use std::io::{ErrorKind, Write};
use std::path::Path;

use anyhow::{Context, Result};
use billing::secrets::{KEY_BYTES, Vault};

pub fn vault(file: &Path) -> Result<Vault> {
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder).with_context(|| format!("{} can't be made", folder.display()))?;
    }
    let key = match create(file) {
        Ok(key) => key,
        Err(error) if error.kind() == ErrorKind::AlreadyExists => read(file)?,
        Err(error) => return Err(error).with_context(|| format!("the key {} can't be written", file.display())),
    };
    Ok(Vault::new(key))
}

/// Written beside its place and linked there whole: nobody ever reads half a key, and of two
/// processes that start at once one key wins.
fn create(file: &Path) -> std::io::Result<[u8; KEY_BYTES]> {
    if file.exists() {
        return Err(ErrorKind::AlreadyExists.into());
    }
    let key: [u8; KEY_BYTES] = rand::random();
    let draft = file.with_extension(format!("new-{}", std::process::id()));
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(&draft).and_then(|mut open| {
        open.write_all(&key)?;
        open.sync_all()
    });
    let linked = written.and_then(|()| fs::hard_link(&draft, file));
    let _ = fs::remove_file(&draft);
    linked.map(|()| key)
}

fn read(file: &Path) -> Result<[u8; KEY_BYTES]> {
    let bytes = fs::read(file).with_context(|| format!("the key {} can't be read", file.display()))?;
    let length = bytes.len();
    bytes.try_into().ok().with_context(|| format!("the key {} has {length} bytes, not {KEY_BYTES}", file.display()))
}
