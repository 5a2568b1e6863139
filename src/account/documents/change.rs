//! Adding, correcting, replacing and deleting a document. Each new version is
//! asked about at the registry.

use std::time::Duration;

use serde_json::json;

use super::{Document, DocumentData, DocumentForm, DocumentKind, LANE, field};
use crate::account::Accounts;
use crate::account::browser::Browser;
use crate::account::problem::Problem;
use crate::account::proofing::registry::Registry;
use crate::account::session::Session;
use crate::error::{Internal, Result};
use crate::model::timestamp::Timestamp;
use crate::storage::{DocumentRecord, DocumentVersionRecord, OutboxRecord};
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
    /// The account is restricted.
    Restricted,
    Internal(Internal),
}

impl From<Internal> for DocumentRefused {
    fn from(error: Internal) -> Self {
        Self::Internal(error)
    }
}

impl Accounts {
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
        let document = self.own_document(session, id).await?;
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
        let document = self.own_document(session, id).await?;
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
    /// When the account is restricted or the database is away.
    pub async fn delete_document(
        &self,
        session: &Session,
        id: &str,
        browser: &Browser,
        now: Timestamp,
    ) -> Result<(), DocumentRefused> {
        let account = &session.account;
        if self.restriction(account, now).await?.is_some() {
            return Err(DocumentRefused::Restricted);
        }
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

    async fn own_document(&self, session: &Session, id: &str) -> Result<Document, DocumentRefused> {
        let found = self.document(&session.account, id).await?;
        let (document, _) = found.ok_or(DocumentRefused::Unknown)?;
        Ok(document)
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
            recipient: None,
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
