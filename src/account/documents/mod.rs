//! Documents that citizens keep here (requirement B12): which kinds there are is
//! the table [`KINDS`]; a document has a current version, a history of those it
//! replaced, scans of each, and a registry that says whether it knows it.

mod change;
mod check;
mod form;
mod kinds;
mod scans;

pub use change::DocumentRefused;
pub use check::{DocumentCheck, LANE};
pub use form::{DocumentData, DocumentForm, FIELDS};
pub use kinds::{DocumentKind, KINDS, find_kind};
pub use scans::ScanRefused;

use super::Accounts;
use super::fields::utc_day;
use crate::error::Result;
use crate::model::id::AccountId;
use crate::model::timestamp::Timestamp;
use crate::storage::{DocumentVersionRecord, FileRecord};
use crate::vault::AccountKey;

/// A document with its current version.
#[derive(Clone, Debug)]
pub struct Document {
    pub id: String,
    pub kind: &'static DocumentKind,
    pub current: DocumentVersion,
}

/// A version of a document.
#[derive(Clone, Debug)]
pub struct DocumentVersion {
    pub id: String,
    pub added_at: Timestamp,
    pub replaced_at: Option<Timestamp>,
    pub data: DocumentData,
    pub state: DocumentState,
    pub scans: Vec<FileRecord>,
}

/// How the registry stands to a version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DocumentState {
    /// There is nobody to ask.
    Unchecked,
    Waiting,
    InProgress,
    Matched,
    /// These fields are otherwise in the registry.
    Mismatch(Vec<&'static str>),
    /// It did not answer and will be asked again.
    Unavailable,
}

impl DocumentVersion {
    fn open(
        key: &AccountKey,
        record: &DocumentVersionRecord,
        files: &[FileRecord],
    ) -> Result<Self> {
        let own = files.iter().filter(|file| file.holder == record.id);
        Ok(Self {
            id: record.id.clone(),
            added_at: record.created_at,
            replaced_at: record.replaced_at,
            data: key.open_json(&field(&record.id), &record.data_sealed)?,
            state: DocumentState::of(record),
            scans: own.cloned().collect(),
        })
    }

    const fn is_current(&self) -> bool {
        self.replaced_at.is_none()
    }

    /// Whether its time is over.
    pub fn is_over(&self, now: Timestamp) -> bool {
        let end = self.data.expires_on.parse::<jiff::civil::Date>();
        end.is_ok_and(|end| end < utc_day(now))
    }
}

impl DocumentState {
    fn of(record: &DocumentVersionRecord) -> Self {
        if record.check_id.is_none() {
            return Self::Unchecked;
        }
        match (
            &record.check_mismatch,
            record.check_started_at,
            record.check_tries,
        ) {
            (Some(fields), _, _) if fields.is_empty() => Self::Matched,
            (Some(fields), _, _) => {
                let named: Vec<_> = fields.split(' ').collect();
                Self::Mismatch(
                    FIELDS
                        .into_iter()
                        .filter(|field| named.contains(field))
                        .collect(),
                )
            }
            (None, Some(_), _) => Self::InProgress,
            (None, None, 0) => Self::Waiting,
            (None, None, _) => Self::Unavailable,
        }
    }
}

impl Accounts {
    /// What the citizen keeps here, oldest first.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn documents(&self, account: &AccountId) -> Result<Vec<Document>> {
        let key = self.account_key(account).await?;
        let versions = self.storage.current_versions(account).await?;
        let files = self.storage.files_of_account(account).await?;
        let mut documents = Vec::new();
        for record in self.storage.documents_of(account).await? {
            let current = versions.iter().find(|one| one.document_id == record.id);
            if let (Some(current), Some(kind)) = (current, find_kind(&record.kind)) {
                documents.push(Document {
                    current: DocumentVersion::open(&key, current, &files)?,
                    id: record.id,
                    kind,
                });
            }
        }
        Ok(documents)
    }

    /// One of them with what it replaced, newest first.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn document(
        &self,
        account: &AccountId,
        id: &str,
    ) -> Result<Option<(Document, Vec<DocumentVersion>)>> {
        let Some(record) = self.storage.find_document(account, id).await? else {
            return Ok(None);
        };
        let Some(kind) = find_kind(&record.kind) else {
            return Ok(None);
        };
        let key = self.account_key(account).await?;
        let versions = self.storage.versions_of(&record.id).await?;
        let files = self.storage.files_of_account(account).await?;
        let mut versions = versions
            .iter()
            .map(|version| DocumentVersion::open(&key, version, &files));
        let Some(current) = versions.next().transpose()? else {
            return Ok(None);
        };
        let before = versions.collect::<Result<_>>()?;
        let id = record.id;
        let document = Document { id, kind, current };
        Ok(document.current.is_current().then_some((document, before)))
    }
}

/// The field the data of a version are sealed for.
fn field(version: &str) -> String {
    format!("document:{version}")
}
