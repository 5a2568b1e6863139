//! Operators: who may do what, at which service centre, with which safeguards.
//! An operator is an account with a task; every step is written into the audit
//! and into the journal of the citizen it is about. Nothing here knows of HTTP
//! or HTML.

mod appeals;
mod cases;
mod judgement;
mod letter_pdf;
mod letters;
mod locks;
mod overrides;
mod papers;
mod photographs;
mod requests;

pub use appeals::{AppealLine, AppealUndecided, LOOKED_AT};
pub use cases::{COMPARED, Case, CaseRefused, IN_PHOTOGRAPHS};
pub use letters::{Batch, LetterRefused};
pub use locks::LockRefused;
pub use overrides::{OverrideCase, WaitingOverride, overridden_fields};
pub use papers::{PapersForm, PapersRefused};
pub use photographs::PhotographCase;
pub use requests::{AnswerRefused, HeldRequest, Holder, QueueLine};

use std::sync::Arc;

use crate::account::Accounts;
use crate::account::proofing::Attestor;
use crate::error::Result;
use crate::model::id::AccountId;
use crate::model::role::Role;
use crate::storage::{AuditRecord, CentreRecord, Storage};

/// Everything operators do.
pub struct Operators {
    storage: Storage,
    accounts: Arc<Accounts>,
}

/// Somebody at work.
#[derive(Clone, Debug)]
pub struct Operator {
    account: AccountId,
    pub centre: CentreRecord,
    /// What they may do; pages of other roles are not there for them.
    pub role: Role,
}

impl Operator {
    fn attestor(&self) -> Attestor<'_> {
        Attestor {
            operator: &self.account,
            centre: &self.centre.id,
            centre_name: &self.centre.name,
        }
    }
}

/// How many of their last steps an operator sees.
const STEPS: i64 = 20;

impl Operators {
    /// Opens the room.
    pub const fn new(storage: Storage, accounts: Arc<Accounts>) -> Self {
        Self { storage, accounts }
    }

    /// The task of this account, if it has one today. Asked anew at each step,
    /// so that taking it away works at once.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn find(&self, account: &AccountId) -> Result<Option<Operator>> {
        let Some(record) = self.storage.find_operator(account).await? else {
            return Ok(None);
        };
        if record.disabled_at.is_some() {
            return Ok(None);
        }
        // A role of a newer version of the program is none that is known here.
        let Some(role) = Role::parse(&record.role) else {
            return Ok(None);
        };
        let centres = self.centres().await?;
        let centre = centres
            .into_iter()
            .find(|centre| centre.id == record.centre_id);
        Ok(centre.map(|centre| Operator {
            account: record.account_id,
            centre,
            role,
        }))
    }

    /// The centres that are open.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn centres(&self) -> Result<Vec<CentreRecord>> {
        let mut centres = self.storage.centres().await?;
        centres.retain(|centre| centre.closed_at.is_none());
        Ok(centres)
    }

    /// The operator's own last steps, newest first.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn steps(&self, operator: &Operator) -> Result<Vec<AuditRecord>> {
        self.storage.audit_of(&operator.account, STEPS).await
    }
}
