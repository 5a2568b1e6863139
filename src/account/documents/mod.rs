//! Documents that citizens keep here (requirement B12): which kinds there are is
//! the table [`KINDS`]; a document has a current version, a history of those it
//! replaced, scans of each, and a registry that says whether it knows it.

mod check;
mod form;
mod kinds;
mod scans;

pub use check::{DocumentCheck, LANE};
pub use form::{DocumentData, DocumentForm, FIELDS};
pub use kinds::{DocumentKind, KINDS, find_kind};
pub use scans::ScanRefused;

use std::time::Duration;

use serde_json::json;

use super::Accounts;
use super::browser::Browser;
use super::fields::utc_day;
use super::problem::Problem;
use super::proofing::registry::Registry;
use super::session::Session;
use crate::error::{Internal, Result};
use crate::model::id::AccountId;
use crate::model::timestamp::Timestamp;
use crate::storage::{DocumentRecord, DocumentVersionRecord, FileRecord, OutboxRecord};
use crate::vault::AccountKey;

/// So many documents one person keeps here.
const MOST: i64 = 50;
/// The registry is asked for so long.
const PATIENCE: Duration = Duration::from_hours(30 * 24);

/// Why a document was not kept.
#[derive(Debug)]
pub enum DocumentRefused {
    /// Wrong fields, all of them, by the names of the form.
    Problems(Vec<Problem>),
    /// There are so many already.
    Full,
    /// No such document of this person, or another took its place meanwhile.
    Unknown,
    Internal(Internal),
}

impl From<Internal> for DocumentRefused {
    fn from(error: Internal) -> Self {
        Self::Internal(error)
    }
}

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
        let mut documents = Vec::new();
        for record in self.storage.documents_of(account).await? {
            let versions = self.storage.versions_of(&record.id).await?;
            let Some(current) = versions.into_iter().find(|one| one.replaced_at.is_none()) else {
                continue;
            };
            let Some(kind) = find_kind(&record.kind) else {
                continue;
            };
            documents.push(Document {
                current: self.document_version(account, &key, current).await?,
                id: record.id,
                kind,
            });
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
        let mut versions = Vec::new();
        for version in self.storage.versions_of(&record.id).await? {
            versions.push(self.document_version(account, &key, version).await?);
        }
        if versions
            .first()
            .is_none_or(|first| first.replaced_at.is_some())
        {
            return Ok(None);
        }
        let current = versions.remove(0);
        let id = record.id;
        Ok(Some((Document { id, kind, current }, versions)))
    }

    async fn document_version(
        &self,
        account: &AccountId,
        key: &AccountKey,
        record: DocumentVersionRecord,
    ) -> Result<DocumentVersion> {
        Ok(DocumentVersion {
            data: key.open_json(&field(&record.id), &record.data_sealed)?,
            state: DocumentState::of(&record),
            scans: self.storage.files_of(account, &record.id).await?,
            added_at: record.created_at,
            replaced_at: record.replaced_at,
            id: record.id,
        })
    }

    /// Adds a document; gives its id.
    ///
    /// # Errors
    /// The refusal.
    pub async fn add_document(
        &self,
        session: &Session,
        kind: &'static DocumentKind,
        form: &DocumentForm,
        registry: &dyn Registry,
        browser: &Browser,
        now: Timestamp,
    ) -> Result<String, DocumentRefused> {
        let data = form.check(kind, now).map_err(DocumentRefused::Problems)?;
        let owner = self.load_owner(&session.account).await?;
        let id = self.entropy.opaque_id();
        let (version, question) = self.new_version(&owner.key, &id, &data, registry, now)?;
        let effects = self
            .lines(&owner, now)
            .journal("document_added", Some(kind.name), browser)?
            .send(question)
            .done();
        let document = DocumentRecord {
            id: id.clone(),
            account_id: session.account.clone(),
            kind: kind.name.to_owned(),
            created_at: now,
        };
        let added = self
            .storage
            .add_document(document, version, MOST, effects)
            .await?;
        added.then_some(id).ok_or(DocumentRefused::Full)
    }

    /// Corrects what was typed of a document.
    ///
    /// # Errors
    /// The refusal.
    pub async fn change_document(
        &self,
        session: &Session,
        id: &str,
        form: &DocumentForm,
        registry: &dyn Registry,
        browser: &Browser,
        now: Timestamp,
    ) -> Result<(), DocumentRefused> {
        let (document, _) = self.own_document(session, id).await?;
        let data = form
            .check(document.kind, now)
            .map_err(DocumentRefused::Problems)?;
        if data == document.current.data {
            return Ok(());
        }
        let owner = self.load_owner(&session.account).await?;
        let (mut version, question) = self.new_version(&owner.key, id, &data, registry, now)?;
        version.data_sealed = owner.key.seal_json(&field(&document.current.id), &data)?;
        version.id = document.current.id;
        let effects = self
            .lines(&owner, now)
            .journal("document_changed", Some(document.kind.name), browser)?
            .send(question)
            .done();
        let changed = self.storage.change_version(version, effects).await?;
        changed.then_some(()).ok_or(DocumentRefused::Unknown)
    }

    /// Puts a new document of the same kind in its place; the old one stays in
    /// the history.
    ///
    /// # Errors
    /// The refusal.
    pub async fn replace_document(
        &self,
        session: &Session,
        id: &str,
        form: &DocumentForm,
        registry: &dyn Registry,
        browser: &Browser,
        now: Timestamp,
    ) -> Result<(), DocumentRefused> {
        let (document, _) = self.own_document(session, id).await?;
        let data = form
            .check(document.kind, now)
            .map_err(DocumentRefused::Problems)?;
        let owner = self.load_owner(&session.account).await?;
        let (version, question) = self.new_version(&owner.key, id, &data, registry, now)?;
        let effects = self
            .lines(&owner, now)
            .journal("document_replaced", Some(document.kind.name), browser)?
            .send(question)
            .done();
        let current = document.current.id;
        let replaced = self
            .storage
            .replace_version(current, version, effects)
            .await?;
        replaced.then_some(()).ok_or(DocumentRefused::Unknown)
    }

    /// Destroys a document with its history and its scans; nothing when it is
    /// gone already.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn delete_document(
        &self,
        session: &Session,
        id: &str,
        browser: &Browser,
        now: Timestamp,
    ) -> Result<()> {
        let account = &session.account;
        let Some(record) = self.storage.find_document(account, id).await? else {
            return Ok(());
        };
        let owner = self.load_owner(account).await?;
        let effects = self
            .lines(&owner, now)
            .journal("document_deleted", Some(&record.kind), browser)?
            .done();
        let id = id.to_owned();
        self.storage
            .delete_document(account.clone(), id, effects)
            .await?;
        Ok(())
    }

    async fn own_document(
        &self,
        session: &Session,
        id: &str,
    ) -> Result<(Document, Vec<DocumentVersion>), DocumentRefused> {
        let found = self.document(&session.account, id).await?;
        found.ok_or(DocumentRefused::Unknown)
    }

    /// A version with the question to the registry about it.
    fn new_version(
        &self,
        key: &AccountKey,
        document: &str,
        data: &DocumentData,
        registry: &dyn Registry,
        now: Timestamp,
    ) -> Result<(DocumentVersionRecord, Option<OutboxRecord>)> {
        let id = self.entropy.opaque_id();
        let check = registry.is_there().then(|| self.entropy.opaque_id());
        let question = check.as_ref().map(|check| OutboxRecord {
            id: format!("document-{check}"),
            channel: LANE.to_owned(),
            message_sealed: json!({ "check": check }).to_string(),
            created_at: now,
            next_try_at: now,
            locked_until: now,
            tries: 0,
            expires_at: now.plus(PATIENCE),
            sent_at: None,
            failed_at: None,
            last_error: None,
        });
        let version = DocumentVersionRecord {
            data_sealed: key.seal_json(&field(&id), data)?,
            id,
            document_id: document.to_owned(),
            created_at: now,
            check_id: check,
            ..DocumentVersionRecord::default()
        };
        Ok((version, question))
    }
}

/// The field the data of a version are sealed for.
fn field(version: &str) -> String {
    format!("document:{version}")
}
