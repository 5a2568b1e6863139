//! A file that an administrator replaces while the server runs.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::SystemTime;

use arc_swap::ArcSwap;

use crate::error::{Internal, Result};

/// What a file holds.
pub trait FromFile: Sized {
    /// Reads the whole file.
    ///
    /// # Errors
    /// When its form is another.
    fn parse(bytes: Vec<u8>) -> Result<Self>;
}

/// A file as it was last read.
pub struct Watched<T> {
    path: PathBuf,
    /// The key of the configuration, for messages.
    key: &'static str,
    /// How the file looked when it was last tried.
    looked: Mutex<Look>,
    value: ArcSwap<T>,
}

/// By what a changed file is told: time of change and size.
type Look = Option<(SystemTime, u64)>;

impl<T: FromFile> Watched<T> {
    /// Opens the file, if one is configured.
    ///
    /// # Errors
    /// When it cannot be read or has another form; the message names the key.
    pub fn open(path: Option<&Path>, key: &'static str) -> Result<Option<Self>> {
        let Some(path) = path else {
            return Ok(None);
        };
        let look = look(path);
        let value = read(path)
            .map_err(|error| Internal::new(format!("{key} {}: {error}", path.display())))?;
        Ok(Some(Self {
            path: path.to_owned(),
            key,
            looked: Mutex::new(look),
            value: ArcSwap::from_pointee(value),
        }))
    }

    /// What it holds.
    pub fn get(&self) -> Arc<T> {
        self.value.load_full()
    }

    /// Reads it again if it changed. A file that is broken or missing is told
    /// of once, and what was known stays.
    pub fn reload(&self) {
        let Ok(mut looked) = self.looked.lock() else {
            return;
        };
        let look = look(&self.path);
        if *looked == look {
            return;
        }
        *looked = look;
        match read(&self.path) {
            Ok(value) => {
                self.value.store(Arc::new(value));
                tracing::info!(key = self.key, "read again");
            }
            Err(error) => {
                tracing::warn!(key = self.key, %error, "cannot be read again: the former content stays");
            }
        }
    }
}

fn look(path: &Path) -> Look {
    let metadata = std::fs::metadata(path).ok()?;
    Some((metadata.modified().ok()?, metadata.len()))
}

fn read<T: FromFile>(path: &Path) -> Result<T> {
    T::parse(std::fs::read(path)?)
}
