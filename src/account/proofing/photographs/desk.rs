//! Photographs at the desk: opened, compared, decided about, and destroyed when
//! nobody did in time.

use std::time::Duration;

use super::{PHOTOGRAPHS, reason_field};
use crate::account::Accounts;
use crate::account::files::CleanFile;
use crate::account::journal::Actor;
use crate::account::person::Person;
use crate::account::proofing::ruling::{Attestor, Decision, Request, Sort, Told};
use crate::error::Result;
use crate::model::evidence::{Attribute, Source};
use crate::model::timestamp::Timestamp;
use crate::notify::MessageKind;
use crate::storage::{Completed, FileRecord, PhotographCaseRecord, PhotographDecision};

/// What the photographs show: the number that does not change in a life, and
/// what was compared beside it.
const COVERS: [Attribute; 5] = [
    Attribute::Snils,
    Attribute::FamilyName,
    Attribute::GivenName,
    Attribute::MiddleName,
    Attribute::BirthDate,
];
const SORT: Sort = Sort {
    source: Source::Video,
    covers: &COVERS,
    confirmed: Told {
        action: "photographs_confirmed",
        kind: MessageKind::PhotographsConfirmed,
    },
    refused: Told {
        action: "photographs_refused",
        kind: MessageKind::PhotographsRefused,
    },
};
/// How many overdue cases are looked at in one go.
const PORTION: i64 = 100;

impl Accounts {
    /// Notes in both books that an operator opened photographs.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn note_photographs_opened(
        &self,
        case: &PhotographCaseRecord,
        by: Attestor<'_>,
        now: Timestamp,
    ) -> Result<()> {
        let owner = self.load_owner(&case.account_id).await?;
        let effects = self
            .lines(&owner, now)
            .journal_of(&Actor::Operator, "photographs_opened", Some(by.centre_name))?
            .done();
        let audit = self.audit_record(by, "photographs_opened", Some(owner.id()), &case.id, now);
        self.storage.record_audit(audit, effects).await
    }

    /// The photographs of a case in the order they are asked for, without their
    /// contents.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn photograph_files(&self, case: &PhotographCaseRecord) -> Result<Vec<FileRecord>> {
        let mut files = self.storage.files_of(&case.account_id, &case.id).await?;
        files.sort_by_key(|file| PHOTOGRAPHS.iter().position(|name| *name == file.kind));
        Ok(files)
    }

    /// A photograph of a case.
    ///
    /// # Errors
    /// When the database is away or the content does not open.
    pub async fn photograph(
        &self,
        case: &PhotographCaseRecord,
        file: &str,
    ) -> Result<Option<CleanFile>> {
        self.open_file(&case.account_id, &case.id, file).await
    }

    /// Decides about a case that the operator holds, once, for the person as
    /// judged.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn decide_photographs(
        &self,
        case: &PhotographCaseRecord,
        decision: Decision<'_>,
        judged: &Person,
        by: Attestor<'_>,
        now: Timestamp,
    ) -> Result<Completed> {
        let owner = self.load_owner(&case.account_id).await?;
        let request = Request {
            sort: &SORT,
            name: &case.id,
            field: &reason_field(&case.id),
        };
        let ruling = self
            .rule(&owner, &request, decision, judged, by, now)
            .await?;
        let keep = Duration::from_hours(24 * self.settings.photographs.keep_days);
        let erase_at = now.plus(keep);
        let decision = PhotographDecision { ruling, erase_at };
        self.storage
            .decide_photographs(case.id.clone(), decision, now)
            .await
    }

    /// Destroys photographs that nobody decided about in time; gives whether
    /// anybody was told.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn expire_photographs(&self, now: Timestamp) -> Result<bool> {
        let mut told = false;
        for case in self.storage.overdue_photographs(now, PORTION).await? {
            let owner = self.load_owner(&case.account_id).await?;
            let kind = MessageKind::PhotographsExpired;
            let effects = self.told("photographs_expired", &owner, kind, now).await?;
            told |= self
                .storage
                .expire_photographs(case.id, now, effects)
                .await?;
        }
        Ok(told)
    }
}
