//! Documents a citizen accepts: each version with its moment (requirement A3).
//! The texts live with the pages; a new version asks again at next sign-in.

use super::Accounts;
use super::browser::Browser;
use super::session::Session;
use crate::error::Result;
use crate::model::id::AccountId;
use crate::model::timestamp::Timestamp;
use crate::storage::AgreementRecord;

/// A document that must be accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Document {
    /// The user agreement.
    Terms,
    /// The personal-data policy.
    Privacy,
}

impl Document {
    /// Every document.
    pub const ALL: [Self; 2] = [Self::Terms, Self::Privacy];

    /// The name in storage.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Terms => "terms",
            Self::Privacy => "privacy",
        }
    }
}

impl Accounts {
    /// The version of a document in force.
    pub fn version(&self, document: Document) -> &str {
        match document {
            Document::Terms => &self.settings.agreements.terms,
            Document::Privacy => &self.settings.agreements.privacy,
        }
    }

    /// Documents whose version in force the person has not accepted.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn missing_agreements(&self, account: &AccountId) -> Result<Vec<Document>> {
        let accepted = self.storage.agreements_of(account).await?;
        let missing = |document: &Document| {
            !accepted.iter().any(|agreement| {
                agreement.document == document.as_str()
                    && agreement.version == self.version(*document)
            })
        };
        Ok(Document::ALL.into_iter().filter(missing).collect())
    }

    /// Whether the person has accepted any version of any document.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn has_accepted_any(&self, account: &AccountId) -> Result<bool> {
        Ok(!self.storage.agreements_of(account).await?.is_empty())
    }

    /// Records that the person accepted the versions in force.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn accept_agreements(
        &self,
        session: &Session,
        documents: &[Document],
        browser: &Browser,
        now: Timestamp,
    ) -> Result<()> {
        let owner = self.load_owner(&session.account).await?;
        let mut lines = self.lines(&owner, now);
        for document in documents {
            lines = lines.journal("agreement_accepted", Some(&self.named(*document)), browser)?;
        }
        let agreements = documents
            .iter()
            .map(|document| self.agreement(*document, now))
            .collect();
        self.storage
            .accept_agreements(session.account.clone(), agreements, lines.done())
            .await
    }

    /// The acceptance of the version in force.
    pub(super) fn agreement(&self, document: Document, now: Timestamp) -> AgreementRecord {
        AgreementRecord {
            document: document.as_str().to_owned(),
            version: self.version(document).to_owned(),
            accepted_at: now,
        }
    }

    /// A document with its version, for the journal.
    pub(super) fn named(&self, document: Document) -> String {
        format!("{} {}", document.as_str(), self.version(document))
    }
}
