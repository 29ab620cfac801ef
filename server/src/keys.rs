//! The key file: made on first start, readable by its owner only. Its keys stand one after the other, oldest first;
//! [`rotate`] adds one, and the others stay for reading.

use std::fs::{self, File};
use std::io::{ErrorKind, Read, Seek, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use billing::keys::{KEY_BYTES, Key, KeyRing};
use billing::secrets::Vault;

/// A vault that follows the file: a key that `rotate-key` adds is used by every process at once.
pub fn vault(file: &Path) -> Result<Vault> {
    let ring = open(file)?;
    let followed = file.to_owned();
    let reload = move || {
        let ring = read(&followed);
        ring.inspect_err(|error| tracing::error!("the keys stay as they were: {error:#}")).ok()
    };
    Ok(Vault::following(ring, Box::new(reload)))
}

fn open(file: &Path) -> Result<KeyRing> {
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder).with_context(|| format!("{} can't be made", folder.display()))?;
    }
    match create(file) {
        Ok(key) => Ok(KeyRing::new(key)),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => read(file),
        Err(error) => Err(error).with_context(|| format!("the key {} can't be written", file.display())),
    }
}

/// Linked to its place whole: of two processes that start at once one key wins.
fn create(file: &Path) -> std::io::Result<Key> {
    if file.exists() {
        return Err(ErrorKind::AlreadyExists.into());
    }
    let key: Key = rand::random();
    let draft = write_draft(file, &key)?;
    let linked = fs::hard_link(&draft, file);
    let _ = fs::remove_file(&draft);
    linked.map(|()| key)
}

/// Written beside its place: nobody ever reads half a key.
fn write_draft(file: &Path, bytes: &[u8]) -> std::io::Result<PathBuf> {
    let draft = file.with_extension(format!("new-{}", std::process::id()));
    // What a process of the same number left when it died.
    let _ = fs::remove_file(&draft);
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(&draft).and_then(|mut open| {
        open.write_all(bytes)?;
        open.sync_all()
    });
    match written {
        Ok(()) => Ok(draft),
        Err(error) => {
            let _ = fs::remove_file(&draft);
            Err(error)
        }
    }
}

fn read(file: &Path) -> Result<KeyRing> {
    let bytes = fs::read(file).with_context(|| format!("the key {} can't be read", file.display()))?;
    let length = bytes.len();
    KeyRing::from_bytes(&bytes).with_context(|| {
        format!("the key {} has {length} bytes, which is no whole number of keys of {KEY_BYTES}", file.display())
    })
}

/// A rotation under way; nobody else can begin one while it lives.
pub struct Rotation {
    /// Holds the name of the key that is being brought in; empty when nothing is left to do.
    note: File,
    /// The newest key was there already: a rotation that was cut off goes on.
    pub continues: bool,
}

/// Adds a key to the file, unless the last rotation is still to be finished.
pub fn rotate(file: &Path) -> Result<Rotation> {
    let ring = open(file)?;
    let path = file.with_extension("rotation");
    let mut options = fs::OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    let mut note = options.open(&path).with_context(|| format!("{} can't be written", path.display()))?;
    note.try_lock().context("the key is being rotated by another process")?;
    let mut unfinished = String::new();
    note.read_to_string(&mut unfinished).with_context(|| format!("{} can't be read", path.display()))?;
    // Again, now that nobody else adds one.
    let ring = read(file).unwrap_or(ring);
    if unfinished == billing::keys::id(ring.newest()) {
        return Ok(Rotation { note, continues: true });
    }
    let key: Key = rand::random();
    let mut rotation = Rotation { note, continues: false };
    rotation.write(&billing::keys::id(&key)).with_context(|| format!("{} can't be written", path.display()))?;
    let replaced = write_draft(file, &ring.with(&key).to_bytes()).and_then(|draft| fs::rename(draft, file));
    replaced.with_context(|| format!("the key {} can't be written", file.display()))?;
    Ok(rotation)
}

impl Rotation {
    /// Everything is sealed with the newest key: the next rotation brings in another.
    pub fn finish(mut self) -> Result<()> {
        self.write("").context("the end of the rotation can't be noted")
    }

    fn write(&mut self, text: &str) -> std::io::Result<()> {
        self.note.rewind()?;
        self.note.set_len(0)?;
        self.note.write_all(text.as_bytes())?;
        self.note.sync_all()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Folder(PathBuf);

    impl Folder {
        fn new(name: &str) -> Folder {
            let path = std::env::temp_dir().join(format!("blusynergy-keys-{}-{name}", std::process::id()));
            drop(fs::remove_dir_all(&path));
            Folder(path)
        }

        fn file(&self) -> PathBuf {
            self.0.join("secret.key")
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            drop(fs::remove_dir_all(&self.0));
        }
    }

    #[test]
    fn a_new_key_seals_and_the_old_ones_stay_for_reading() {
        let folder = Folder::new("rotate");
        let file = folder.file();
        let old = vault(&file).unwrap().seal("p", "s3cret").unwrap();
        rotate(&file).unwrap().finish().unwrap();
        let now = vault(&file).unwrap();
        assert_eq!(now.open("p", &old).as_deref(), Some("s3cret"));
        assert!(!now.is_current("p", &old));
        assert_eq!(fs::read(&file).unwrap().len(), 2 * KEY_BYTES);
        let mode = std::os::unix::fs::PermissionsExt::mode(&fs::metadata(&file).unwrap().permissions());
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn a_rotation_that_was_cut_off_goes_on_with_its_key() {
        let folder = Folder::new("cut-off");
        let file = folder.file();
        assert!(!rotate(&file).unwrap().continues);
        let keys = fs::read(&file).unwrap();
        assert_eq!(keys.len(), 2 * KEY_BYTES);
        let again = rotate(&file).unwrap();
        assert!(again.continues);
        assert_eq!(fs::read(&file).unwrap(), keys);
        again.finish().unwrap();
        assert!(!rotate(&file).unwrap().continues);
        assert_eq!(fs::read(&file).unwrap().len(), 3 * KEY_BYTES);
    }

    #[test]
    fn one_that_was_cut_off_before_its_key_was_written_begins_anew() {
        let folder = Folder::new("before");
        let file = folder.file();
        drop(vault(&file).unwrap());
        fs::write(file.with_extension("rotation"), "0123456789abcdef").unwrap();
        assert!(!rotate(&file).unwrap().continues);
        assert_eq!(fs::read(&file).unwrap().len(), 2 * KEY_BYTES);
    }

    #[test]
    fn two_do_not_rotate_at_once() {
        let folder = Folder::new("two");
        let file = folder.file();
        let first = rotate(&file).unwrap();
        assert!(rotate(&file).is_err());
        first.finish().unwrap();
        assert!(rotate(&file).is_ok());
    }

    #[test]
    fn a_running_program_follows_the_file() {
        let folder = Folder::new("running");
        let file = folder.file();
        let running = vault(&file).unwrap();
        let before = running.key_id();
        rotate(&file).unwrap().finish().unwrap();
        assert_ne!(running.key_id(), before);
        let by_another = vault(&file).unwrap().seal("p", "s3cret").unwrap();
        assert_eq!(running.open("p", &by_another).as_deref(), Some("s3cret"));
        fs::write(&file, b"short").unwrap();
        assert_eq!(running.open("p", &by_another).as_deref(), Some("s3cret"), "a broken file takes no key away");
    }
}
