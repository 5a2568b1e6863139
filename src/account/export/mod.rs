//! Everything held about a citizen, for themselves (requirement D8): gathered
//! after a fresh proof, a few times a day, and told of. What it looks like is
//! for `json` and the pages.

mod gather;
mod json;
pub mod pdf;

use std::collections::HashMap;
use std::time::Duration;

pub use gather::Sent;

use super::Accounts;
use super::browser::Browser;
use super::devices::Device;
use super::documents::{Document, DocumentVersion};
use super::factor::enrolled::Enrolled;
use super::history::SignInLine;
use super::journal::JournalLine;
use super::notice_settings::NoticeSettings;
use super::notices::NoticeLine;
use super::person::Person;
use super::proofing::asserted::Link;
use super::push::ToldBrowser;
use super::session::{OpenSession, Session};
use super::support::SupportThread;
use crate::error::{Internal, Result};
use crate::model::evidence::{Evidence, Source};
use crate::model::id::ClientId;
use crate::model::timestamp::Timestamp;
use crate::notify::MessageKind;
use crate::storage::{
    AgreementRecord, AppealRecord, ConsentRecord, FileRecord, RecoveryRecord, TrustedRecord,
};
use crate::texts::Texts;

/// Everything held about a person.
pub struct Dossier {
    pub made_at: Timestamp,
    pub person: Person,
    /// What relying parties of ESIA's dialect call them, if any does.
    pub esia_number: Option<i64>,
    pub agreements: Vec<AgreementRecord>,
    /// Each with the versions it replaced.
    pub documents: Vec<(Document, Vec<DocumentVersion>)>,
    /// Scans and photographs, without contents.
    pub files: Vec<FileRecord>,
    pub consents: Vec<ConsentRecord>,
    /// What sites are called, in the citizen's language.
    pub sites: HashMap<ClientId, String>,
    pub links: Vec<Link>,
    /// Second factors, and how many backup codes are left.
    pub factors: Vec<Enrolled>,
    pub backup_codes: u64,
    /// Waiting times of recoveries, whatever became of them.
    pub recoveries: Vec<RecoveryRecord>,
    /// Forms about the account, whatever became of them; not what strangers may
    /// have written into them.
    pub appeals: Vec<AppealRecord>,
    /// Who was ever chosen to vouch: what was typed, masked, and the times.
    pub trusted: Vec<(String, TrustedRecord)>,
    pub notice_settings: NoticeSettings,
    /// Requests to support with what was written.
    pub support: Vec<SupportThread>,
    pub sessions: Vec<OpenSession>,
    /// Known browsers: since when, and when last used.
    pub devices: Vec<Device>,
    /// Browsers that show notices.
    pub browsers: Vec<ToldBrowser>,
    /// What was sent last in each channel of proofing.
    pub sent: Vec<Sent>,
    /// Newest first, as the rest.
    pub sign_ins: Vec<SignInLine>,
    pub journal: Vec<JournalLine>,
    pub notices: Vec<NoticeLine>,
}

/// Why nothing was given out.
#[derive(Debug)]
pub enum ExportRefused {
    /// Sensitive actions are closed after an unusual sign-in.
    Restricted,
    /// The last proof is too old: the citizen signs in anew first.
    NeedsProof,
    /// Often enough for a day.
    TooMany {
        retry_after: Duration,
    },
    Internal(Internal),
}

impl From<Internal> for ExportRefused {
    fn from(error: Internal) -> Self {
        Self::Internal(error)
    }
}

/// The kind of file, for the journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Json,
    Pdf,
}

impl Accounts {
    /// Gathers everything, and notes that it was given out.
    ///
    /// # Errors
    /// The refusal.
    pub async fn export(
        &self,
        session: &Session,
        format: Format,
        texts: Texts,
        browser: &Browser,
        now: Timestamp,
    ) -> Result<Dossier, ExportRefused> {
        if self.restriction(&session.account, now).await?.is_some() {
            return Err(ExportRefused::Restricted);
        }
        if !self.is_proven(session, now).await? {
            return Err(ExportRefused::NeedsProof);
        }
        let subject = session.account.as_str();
        if let Some(retry_after) = self.allow(self.exports(), subject, now).await? {
            return Err(ExportRefused::TooMany { retry_after });
        }
        let owner = self.load_owner(&session.account).await?;
        let kind = MessageKind::DataExported;
        let params = [
            ("time", now.millis().to_string()),
            ("link", self.link("/account/security")),
        ];
        let named = match format {
            Format::Json => "JSON",
            Format::Pdf => "PDF",
        };
        let lines = self
            .lines(&owner, now)
            .journal("data_exported", Some(named), browser)?
            .warn(kind, &params)
            .await?;
        self.storage.record(lines.done()).await?;
        Ok(self.gather(&owner, texts, now).await?)
    }
}

/// Who gave evidence, as the person may read it: a centre, not its operator.
pub fn given_by(evidence: &Evidence) -> &str {
    match evidence.source {
        Source::ServiceCentre | Source::Letter | Source::Video | Source::TwoOperators => {
            let centre = evidence.given_by.split(' ').next();
            centre.unwrap_or_default()
        }
        _ => &evidence.given_by,
    }
}
