//! Files that citizens upload. What a file is its content says, never its name
//! or declared type; images are decoded and made anew, so that nothing that was
//! hidden in them is kept; PDFs are looked through. Kept files lie in the
//! database, sealed under the key of their account.

mod image;
mod pdf;

use tokio::sync::Semaphore;

use super::Accounts;
use super::person::Owner;
use super::problem::ProblemKind;
use crate::error::{Internal, Result};
use crate::model::id::AccountId;
use crate::model::timestamp::Timestamp;
use crate::storage::{FileRecord, NewFile};
use crate::vault::AccountKey;

/// The largest file, in bytes.
pub const LARGEST_FILE: usize = 5 * 1024 * 1024;
/// Files that are looked into at once: a decoded image is much larger than its
/// file (attack row 53).
static PLACES: Semaphore = Semaphore::const_new(2);

/// What kinds of files a field takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// JPEG or PNG.
    Images,
    /// The same, or PDF.
    Scans,
}

/// What kind of file it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MediaType {
    Jpeg,
    Png,
    Pdf,
}

impl MediaType {
    /// Its name (RFC 2046).
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Pdf => "application/pdf",
        }
    }

    /// The type of this name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Jpeg, Self::Png, Self::Pdf]
            .into_iter()
            .find(|known| known.as_str() == name)
    }

    /// How names of such files end.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::Pdf => "pdf",
        }
    }

    /// What a content begins with says.
    fn sniffed(content: &[u8]) -> Option<Self> {
        [
            (&b"\xff\xd8\xff"[..], Self::Jpeg),
            (b"\x89PNG\r\n\x1a\n", Self::Png),
            (b"%PDF-", Self::Pdf),
        ]
        .into_iter()
        .find(|(magic, _)| content.starts_with(magic))
        .map(|(_, media)| media)
    }
}

/// A file that may be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CleanFile {
    pub media: MediaType,
    pub content: Vec<u8>,
}

/// Why a file is not kept.
#[derive(Debug)]
pub enum FileRefused {
    /// And what is wrong with it.
    Unfit(ProblemKind),
    Internal(Internal),
}

impl From<Internal> for FileRefused {
    fn from(error: Internal) -> Self {
        Self::Internal(error)
    }
}

/// Looks into an uploaded file, on a thread of its own, and gives what may be
/// kept of it.
///
/// # Errors
/// The refusal.
pub async fn clean(content: impl Into<Vec<u8>>, takes: Takes) -> Result<CleanFile, FileRefused> {
    let content = content.into();
    let _place = PLACES.acquire().await.map_err(Internal::from)?;
    tokio::task::spawn_blocking(move || cleaned(content, takes))
        .await
        .map_err(Internal::from)?
        .map_err(FileRefused::Unfit)
}

fn cleaned(content: Vec<u8>, takes: Takes) -> Result<CleanFile, ProblemKind> {
    if content.len() > LARGEST_FILE {
        return Err(ProblemKind::FileSize);
    }
    let media = MediaType::sniffed(&content);
    let content = match (media, takes) {
        (Some(media @ (MediaType::Jpeg | MediaType::Png)), _) => image::remade(&content, media)?,
        (Some(MediaType::Pdf), Takes::Scans) => {
            pdf::check(&content)?;
            content
        }
        (_, Takes::Images) => return Err(ProblemKind::FileNotImage),
        (None, Takes::Scans) => return Err(ProblemKind::FileNotScan),
    };
    let media = media.ok_or(ProblemKind::FileNotScan)?;
    Ok(CleanFile { media, content })
}

impl Accounts {
    /// A file as it is stored, sealed for its id.
    pub(super) fn new_file(
        &self,
        owner: &Owner,
        holder: &str,
        kind: &str,
        file: &CleanFile,
        now: Timestamp,
    ) -> Result<NewFile> {
        let id = self.entropy.id(now);
        Ok(NewFile {
            content_sealed: owner.key.seal(&field(&id), &file.content)?,
            file: FileRecord {
                id,
                account_id: owner.id().clone(),
                holder: holder.to_owned(),
                kind: kind.to_owned(),
                media_type: file.media.as_str().to_owned(),
                size: i64::try_from(file.content.len()).unwrap_or(i64::MAX),
                created_at: now,
            },
        })
    }

    /// A kept file of this account and holder, opened.
    pub(super) async fn open_file(
        &self,
        account: &AccountId,
        holder: &str,
        id: &str,
    ) -> Result<Option<CleanFile>> {
        let Some(stored) = self.storage.find_file(account, holder, id).await? else {
            return Ok(None);
        };
        let key: AccountKey = self.account_key(account).await?;
        Ok(Some(CleanFile {
            media: MediaType::parse(&stored.media_type)
                .ok_or_else(|| Internal::new("a kept file of a type unknown here"))?,
            content: key.open(&field(&stored.id), &stored.content_sealed)?,
        }))
    }
}

/// The field a content is sealed for.
fn field(file: &str) -> String {
    format!("file:{file}")
}

#[cfg(test)]
mod tests;
