//! Scans of documents: kept with the version they show, for their owner only.

use std::time::Duration;

use crate::account::Accounts;
use crate::account::browser::Browser;
use crate::account::files::{CleanFile, FileRefused, Takes, clean};
use crate::account::problem::ProblemKind;
use crate::account::session::Session;
use crate::error::{Internal, Result};
use crate::model::id::AccountId;
use crate::model::timestamp::Timestamp;

/// Bytes of files one person keeps here.
const ROOM: i64 = 100 * 1024 * 1024;
/// Scans of one version.
const MOST: usize = 10;

/// Why a scan was not kept.
#[derive(Debug)]
pub enum ScanRefused {
    /// And what is wrong with it.
    Unfit(ProblemKind),
    /// Too many uploads today.
    TooMany {
        retry_after: Duration,
    },
    /// No such document of this person.
    Unknown,
    Internal(Internal),
}

impl From<Internal> for ScanRefused {
    fn from(error: Internal) -> Self {
        Self::Internal(error)
    }
}

impl From<FileRefused> for ScanRefused {
    fn from(refused: FileRefused) -> Self {
        match refused {
            FileRefused::Unfit(kind) => Self::Unfit(kind),
            FileRefused::Internal(error) => Self::Internal(error),
        }
    }
}

impl Accounts {
    /// Keeps a scan of the current version.
    ///
    /// # Errors
    /// The refusal.
    pub async fn add_scan(
        &self,
        session: &Session,
        document: &str,
        content: impl Into<Vec<u8>>,
        browser: &Browser,
        now: Timestamp,
    ) -> Result<(), ScanRefused> {
        let account = &session.account;
        let Some((document, _)) = self.document(account, document).await? else {
            return Err(ScanRefused::Unknown);
        };
        if document.current.scans.len() >= MOST {
            return Err(ScanRefused::Unfit(ProblemKind::FilesFull));
        }
        if let Some(retry_after) = self.allow(self.uploads(), account.as_str(), now).await? {
            return Err(ScanRefused::TooMany { retry_after });
        }
        let file = clean(content, Takes::Scans).await?;
        let owner = self.load_owner(account).await?;
        let file = self.new_file(&owner, &document.current.id, "scan", &file, now)?;
        let effects = self
            .lines(&owner, now)
            .journal("document_scan_added", Some(document.kind.name), browser)?
            .done();
        let kept = self.storage.put_file(file, ROOM, effects).await?;
        kept.then_some(())
            .ok_or(ScanRefused::Unfit(ProblemKind::FilesFull))
    }

    /// A scan of any version of a document, with its kind for a file name.
    ///
    /// # Errors
    /// When the database is away or the content does not open.
    pub async fn scan(
        &self,
        account: &AccountId,
        document: &str,
        file: &str,
    ) -> Result<Option<(&'static str, CleanFile)>> {
        let Some((document, earlier)) = self.document(account, document).await? else {
            return Ok(None);
        };
        for version in [&document.current].into_iter().chain(&earlier) {
            if version.scans.iter().any(|scan| scan.id == file) {
                let found = self.open_file(account, &version.id, file).await?;
                return Ok(found.map(|found| (document.kind.name, found)));
            }
        }
        Ok(None)
    }

    /// Destroys a scan; nothing when it is gone already.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn delete_scan(
        &self,
        session: &Session,
        document: &str,
        file: &str,
        browser: &Browser,
        now: Timestamp,
    ) -> Result<()> {
        let account = &session.account;
        let Some((document, earlier)) = self.document(account, document).await? else {
            return Ok(());
        };
        let holder = [&document.current]
            .into_iter()
            .chain(&earlier)
            .find(|version| version.scans.iter().any(|scan| scan.id == file));
        let Some(holder) = holder else {
            return Ok(());
        };
        let owner = self.load_owner(account).await?;
        let effects = self
            .lines(&owner, now)
            .journal("document_scan_deleted", Some(document.kind.name), browser)?
            .done();
        let (holder, file) = (holder.id.clone(), file.to_owned());
        self.storage
            .delete_file(account.clone(), holder, file, effects)
            .await?;
        Ok(())
    }
}
