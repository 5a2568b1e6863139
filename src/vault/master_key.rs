//! The key everything hangs on: 32 bytes in a file that only its owner reads.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use super::cipher::Cipher;
use crate::entropy::Entropy;
use crate::error::{Internal, Result};

/// The master key; it only wraps other keys.
pub struct MasterKey(Zeroizing<[u8; 32]>);

impl MasterKey {
    /// From raw bytes, for tests.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// Reads the key from `file`, or makes one there (mode 0600) when there is
    /// none: the first start of a server.
    ///
    /// # Errors
    /// When the file is readable by everyone, is not a key, or cannot be made.
    pub fn read_or_create(file: &Path, entropy: &Entropy) -> Result<Self> {
        if !file.exists() {
            Self::create(file, entropy)?;
        }
        Self::read(file)
    }

    /// Reads the key from `file`.
    ///
    /// # Errors
    /// When the file is missing, readable by everyone, or is not a key.
    pub fn read(file: &Path) -> Result<Self> {
        let name = file.display();
        let mode = fs::metadata(file)
            .map_err(|error| Internal::new(format!("{name}: {error}")))?
            .permissions()
            .mode();
        if mode & 0o007 != 0 {
            return Err(Internal::new(format!(
                "{name}: everyone on this machine can read the master key: chmod 600 {name}"
            )));
        }
        let text = Zeroizing::new(fs::read_to_string(file)?);
        let bytes = STANDARD
            .decode(text.trim())
            .ok()
            .and_then(|bytes| <[u8; 32]>::try_from(bytes).ok())
            .ok_or_else(|| Internal::new(format!("{name}: not a key (32 bytes in base64)")))?;
        Ok(Self(Zeroizing::new(bytes)))
    }

    fn create(file: &Path, entropy: &Entropy) -> Result<()> {
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder)?;
        }
        // create_new: of two processes that start at once, one makes the key.
        let opened = fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(file);
        match opened {
            Ok(mut out) => {
                let text = Zeroizing::new(STANDARD.encode(entropy.bytes::<32>()));
                out.write_all(text.as_bytes())?;
                out.sync_all()?;
                Ok(())
            }
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
            Err(error) => Err(Internal::new(format!("{}: {error}", file.display()))),
        }
    }

    pub(super) fn cipher(&self) -> Cipher {
        Cipher::new(&*self.0).expect("the key has 32 bytes")
    }
}
