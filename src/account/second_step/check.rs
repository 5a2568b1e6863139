//! What is given for a second factor, by its way.

use super::codes::{StepCode, code_handle};
use super::{Given, SecondRefused, Way};
use crate::account::Accounts;
use crate::account::approval;
use crate::account::codes::CodeRefused;
use crate::account::factor::enrolled::Kind;
use crate::account::factor::one_time_code::TypedCode;
use crate::account::factor::{backup_code, totp};
use crate::account::person::Owner;
use crate::model::authentication::Proof;
use crate::model::secret::Secret;
use crate::model::timestamp::Timestamp;

/// Whether it has the form of an answer at all.
pub(super) fn can_be(given: Given<'_>) -> bool {
    match given.way {
        Way::Factor(Kind::Key) => !given.code.is_empty(),
        Way::Factor(_) => TypedCode::parse(given.code).is_some(),
        Way::Elsewhere => approval::is_handle(given.code),
        Way::Backup => backup_code::typed(given.code).is_some(),
    }
}

impl Accounts {
    /// The proof, if it is what it should be; it is spent then.
    pub(super) async fn check_second(
        &self,
        handle: &Secret,
        owner: &Owner,
        given: Given<'_>,
        now: Timestamp,
    ) -> Result<Proof, SecondRefused> {
        match given.way {
            Way::Factor(Kind::Key) => self.check_key(handle, owner, given, now).await,
            Way::Factor(Kind::Totp) => self.check_totp(owner, given.code, now).await,
            Way::Factor(kind) => self.check_sent(handle, kind, given.code, now).await,
            Way::Elsewhere => self.check_answer(handle, owner, given.code, now).await,
            Way::Backup => self.check_backup(owner, given.code, now).await,
        }
    }

    async fn check_totp(
        &self,
        owner: &Owner,
        typed: &str,
        now: Timestamp,
    ) -> Result<Proof, SecondRefused> {
        for record in self.storage.factors_of(owner.id()).await? {
            let kept = self.open_factor(owner, &record)?;
            let Some(secret) = kept.totp else { continue };
            let secret = Secret::new(secret);
            if let Some((step, proof)) = totp::check(&secret, typed, now)?
                && self
                    .storage
                    .use_factor(record.id, Some(step), None, now)
                    .await?
            {
                return Ok(proof);
            }
        }
        Err(SecondRefused::Wrong)
    }

    async fn check_key(
        &self,
        handle: &Secret,
        owner: &Owner,
        given: Given<'_>,
        now: Timestamp,
    ) -> Result<Proof, SecondRefused> {
        let records = self.keys_of(owner).await?;
        let keys: Vec<_> = records.iter().map(|(_, key)| key.clone()).collect();
        let bound = handle.digest();
        let shown = self
            .check_keys(&keys, given.code, given.challenge, bound.as_str(), now)
            .await?
            .ok_or(SecondRefused::Wrong)?;
        let used = records
            .iter()
            .find(|(_, key)| key.id() == shown.key.id())
            .map(|(record, _)| record);
        match used {
            Some(record) if self.use_key(owner, record, &shown, now).await? => Ok(shown.proof),
            _ => Err(SecondRefused::Wrong),
        }
    }

    async fn check_backup(
        &self,
        owner: &Owner,
        typed: &str,
        now: Timestamp,
    ) -> Result<Proof, SecondRefused> {
        let code = backup_code::typed(typed).ok_or(SecondRefused::Malformed)?;
        let digest = backup_code::kept(&self.vault, owner.id(), &code);
        let account = owner.id().clone();
        match self.storage.use_backup_code(account, digest, now).await? {
            true => Ok(backup_code::given(now)),
            false => Err(SecondRefused::Wrong),
        }
    }

    async fn check_answer(
        &self,
        handle: &Secret,
        owner: &Owner,
        waiting: &str,
        now: Timestamp,
    ) -> Result<Proof, SecondRefused> {
        let (waiting, step) = (Secret::new(waiting), handle.digest());
        self.redeem_answer(&waiting, &step, owner.id(), now)
            .await?
            .ok_or(SecondRefused::CodeOver)
    }

    async fn check_sent(
        &self,
        handle: &Secret,
        kind: Kind,
        typed: &str,
        now: Timestamp,
    ) -> Result<Proof, SecondRefused> {
        let handle = code_handle(handle, kind);
        match self.check_code::<StepCode>(&handle, typed, now).await {
            Ok((_, proof)) => Ok(proof),
            Err(CodeRefused::Malformed) => Err(SecondRefused::Malformed),
            Err(CodeRefused::Wrong { .. }) => Err(SecondRefused::Wrong),
            Err(CodeRefused::TooMany { retry_after }) => {
                Err(SecondRefused::TooMany { retry_after })
            }
            Err(CodeRefused::Internal(error)) => Err(error.into()),
            Err(
                CodeRefused::UsedUp
                | CodeRefused::Expired
                | CodeRefused::Unknown
                | CodeRefused::Restricted
                | CodeRefused::ContactTaken,
            ) => Err(SecondRefused::CodeOver),
        }
    }
}
