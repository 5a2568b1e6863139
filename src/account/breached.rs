//! Passwords everybody tries first: a short list of our own, and optionally a
//! large sorted file of digests that is searched where it lies, so that it
//! takes no memory.

use std::fs::File;
use std::os::unix::fs::FileExt as _;
use std::path::Path;
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization as _;

use crate::error::{Internal, Result};

/// In lower case, one a line; lines that begin with `#` are remarks.
const COMMON: &str = include_str!("common_passwords.txt");

static SORTED: LazyLock<Vec<&str>> = LazyLock::new(|| {
    let mut words: Vec<&str> = COMMON
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with("# "))
        .collect();
    words.sort_unstable();
    words
});

/// Whether a password is one of the most common, in whatever case.
pub fn is_common(password: &str) -> bool {
    SORTED
        .binary_search(&password.to_lowercase().as_str())
        .is_ok()
}

/// The most common, for the estimate of strength.
pub(super) fn common() -> &'static [&'static str] {
    &SORTED
}

/// Bytes of a line: SHA-256 in hex and the line break.
const LINE: u64 = 65;

/// A file with one SHA-256 in lower-case hex per line, sorted.
#[derive(Debug)]
pub struct BreachedFile {
    file: File,
    lines: u64,
}

impl BreachedFile {
    /// Opens the file and looks at its form.
    ///
    /// # Errors
    /// When it cannot be read or has another form.
    pub fn open(path: &Path) -> Result<Self> {
        let said = |why: String| {
            Internal::new(format!("password.breached_file {}: {why}", path.display()))
        };
        let file = File::open(path).map_err(|error| said(error.to_string()))?;
        let length = file
            .metadata()
            .map_err(|error| said(error.to_string()))?
            .len();
        let opened = Self {
            file,
            lines: length / LINE,
        };
        let sound = length % LINE == 0
            && opened.lines > 0
            && opened
                .line(0)
                .is_ok_and(|first| first.iter().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')));
        if sound {
            Ok(opened)
        } else {
            Err(said(
                "expected one SHA-256 in lower-case hex per line, sorted".to_owned(),
            ))
        }
    }

    /// Whether the digest of this password is in the file.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn contains(&self, password: &str) -> Result<bool> {
        let password: String = password.nfc().collect();
        let wanted = hex_digest(&password);
        let (mut from, mut to) = (0, self.lines);
        while from < to {
            let middle = from.midpoint(to);
            match self.line(middle)?.as_slice().cmp(wanted.as_bytes()) {
                std::cmp::Ordering::Equal => return Ok(true),
                std::cmp::Ordering::Less => from = middle + 1,
                std::cmp::Ordering::Greater => to = middle,
            }
        }
        Ok(false)
    }

    fn line(&self, number: u64) -> Result<[u8; 64]> {
        let mut line = [0; 64];
        self.file.read_exact_at(&mut line, number * LINE)?;
        Ok(line)
    }
}

fn hex_digest(password: &str) -> String {
    let digest = ring::digest::digest(&ring::digest::SHA256, password.as_bytes());
    let mut hex = String::with_capacity(64);
    for byte in digest.as_ref() {
        hex.extend([byte >> 4, byte & 15].map(|n| char::from(b"0123456789abcdef"[usize::from(n)])));
    }
    hex
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_ones_are_known_in_any_case() {
        for password in ["Qwerty123!", "P@SSW0RD", "йцукен123", "Пароль123"] {
            assert!(is_common(password), "{password}");
        }
        assert!(!is_common("Propusk-2026!") && !is_common("# one"));
        assert!(SORTED.len() > 300);
        assert!(SORTED.iter().all(|word| *word == word.to_lowercase()));
    }

    #[test]
    fn a_sorted_file_is_searched_where_it_lies() {
        let path = std::env::temp_dir().join(format!("breached-{}", std::process::id()));
        let mut lines: Vec<String> = (0..500)
            .map(|n| hex_digest(&format!("word{n}")) + "\n")
            .collect();
        lines.sort();
        std::fs::write(&path, lines.concat()).unwrap();
        let file = BreachedFile::open(&path).unwrap();
        assert!((0..500).all(|n| file.contains(&format!("word{n}")).unwrap()));
        assert!(!file.contains("word500").unwrap());
        std::fs::write(&path, "password\n").unwrap();
        let refused = BreachedFile::open(&path).unwrap_err().to_string();
        assert!(refused.contains("password.breached_file"), "{refused}");
        std::fs::remove_file(&path).unwrap();
    }
}
