//! Adding a second factor: it is added by being used once (requirement C4), by
//! somebody who has just proven who they are, with a factor they already have
//! if there is one (attack row 19). The proof counts for the session as well.

mod app;
mod contact;
mod key;

pub use app::NewApp;

use super::enrolled::{Kept, Kind, MOST, field};
use crate::account::Accounts;
use crate::account::browser::Browser;
use crate::account::session::Session;
use crate::error::{Internal, Result};
use crate::model::authentication::Proof;
use crate::model::secret::Secret;
use crate::model::timestamp::Timestamp;
use crate::notify::MessageKind;
use crate::storage::{Effects, FactorRecord};

/// Why a factor was not added.
#[derive(Debug)]
pub enum EnrolRefused {
    /// The last proof is too old, or was given without a second factor.
    NeedsProof,
    /// Sensitive actions are closed after an unusual sign-in.
    Restricted,
    /// The code is not right.
    WrongCode,
    /// The account has this one, or as many as there may be.
    TooMany,
    /// The person has no such contact that is confirmed.
    NoContact,
    /// Too many codes to this contact, or too many wrong ones.
    Wait {
        retry_after: std::time::Duration,
    },
    /// What was begun is over.
    Over,
    Internal(Internal),
}

impl From<Internal> for EnrolRefused {
    fn from(error: Internal) -> Self {
        Self::Internal(error)
    }
}

/// A factor that has just been used for the first time.
struct New {
    kind: Kind,
    kept: Kept,
    credential: Option<String>,
    step: Option<i64>,
    proof: Proof,
}

impl Accounts {
    async fn may_enrol(&self, session: &Session, now: Timestamp) -> Result<(), EnrolRefused> {
        if self.restriction(&session.account, now).await?.is_some() {
            return Err(EnrolRefused::Restricted);
        }
        if !self.is_proven(session, now).await? {
            return Err(EnrolRefused::NeedsProof);
        }
        if self.storage.factors_of(&session.account).await?.len() >= MOST {
            return Err(EnrolRefused::TooMany);
        }
        Ok(())
    }

    /// Adds a factor that has just been used, and its proof to the session.
    async fn enrol(
        &self,
        session: &Session,
        new: New,
        browser: &Browser,
        now: Timestamp,
    ) -> Result<Secret, EnrolRefused> {
        let owner = self.load_owner(&session.account).await?;
        let id = self.entropy.id(now);
        let record = FactorRecord {
            kept_sealed: owner.key.seal_json(&field(&id), &new.kept)?,
            id,
            account_id: owner.id().clone(),
            kind: new.kind.as_str().to_owned(),
            credential: new.credential,
            created_at: now,
            last_used_at: Some(now),
            last_step: new.step,
            preferred_at: None,
        };
        let kind = MessageKind::FactorAdded;
        let params = self.factor_params(now);
        let happening = (kind, &session.id);
        let effects = self
            .lines(&owner, now)
            .journal("factor_added", None, browser)?
            .warn_everywhere(happening, &params)
            .await?
            .done();
        if !self.storage.add_factor(record, effects).await? {
            return Err(EnrolRefused::TooMany);
        }
        let secret = self
            .strengthen(session, new.proof, None, Effects::default(), now)
            .await?;
        secret.ok_or(EnrolRefused::Over)
    }
}
