//! An account that its owner freezes (requirement C12): everything ends at once.
//! It thaws by everything that is asked for together: the password, the second
//! factor if there is one, and a code to a contact.

use super::Accounts;
use super::browser::Browser;
use super::factor::enrolled::Kind;
use super::not_me::Healing;
use super::person::Owner;
use super::second_step::{Aim, Step};
use super::sign_in::Admitted;
use crate::error::Result;
use crate::model::authentication::{AuthenticationContext, Proof};
use crate::model::id::AccountId;
use crate::model::secret::Secret;
use crate::model::ticket;
use crate::model::timestamp::Timestamp;
use crate::notify::MessageKind;

impl Accounts {
    /// Blocks the account at its owner's wish and tells every contact; false
    /// when it is blocked already.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn freeze(
        &self,
        account: &AccountId,
        browser: &Browser,
        now: Timestamp,
    ) -> Result<bool> {
        let owner = self.load_owner(account).await?;
        let kind = MessageKind::AccountFrozen;
        let params = [
            ("time", now.millis().to_string()),
            ("link", self.link("/unfreeze")),
        ];
        let effects = self
            .lines(&owner, now)
            .journal("account_frozen", None, browser)?
            .warn_everywhere(kind, &params)
            .await?
            .done();
        self.storage.freeze(account.clone(), now, effects).await
    }

    /// The way to thaw for whoever has just shown the password; none when the
    /// account is blocked by others, or nothing can be sent to it.
    pub(super) async fn begin_thaw(
        &self,
        owner: &Owner,
        proof: Proof,
        now: Timestamp,
    ) -> Result<Option<Admitted>> {
        if self.storage.frozen_at(owner.id()).await?.is_none() {
            return Ok(None);
        }
        if self.thawing_kinds(owner, now).await?.is_empty() {
            return Ok(None);
        }
        let by_contact = !self.has_second_factor(owner.id()).await?;
        let step = Step {
            account: owner.id().clone(),
            authentication: AuthenticationContext::new(proof),
            client: None,
            reasons: Vec::new(),
            risky: false,
            aim: Aim::Thaw { by_contact },
        };
        let handle = self.begin_second_step(&step, now).await?;
        Ok(Some(Admitted::SecondStep(handle)))
    }

    /// Kinds of contacts a code may go to that thaws.
    pub(super) async fn thawing_kinds(&self, owner: &Owner, now: Timestamp) -> Result<Vec<Kind>> {
        Ok(match self.healing(owner, now).await? {
            Healing::Code(kinds) => kinds,
            Healing::Later => Vec::new(),
            Healing::Nothing => {
                let person = self.person_of(owner).await?;
                let kinds = [Kind::Sms, Kind::Email];
                let reachable = |kind: &Kind| kind.contact(&person).is_some();
                kinds.into_iter().filter(reachable).collect()
            }
        })
    }

    /// Lifts the block, spending the step; false when it was lifted or spent.
    pub(super) async fn thaw(
        &self,
        handle: &Secret,
        owner: &Owner,
        browser: &Browser,
        now: Timestamp,
    ) -> Result<bool> {
        let kind = MessageKind::AccountUnfrozen;
        let params = [
            ("time", now.millis().to_string()),
            ("link", self.link("/account/security")),
        ];
        let effects = self
            .lines(owner, now)
            .journal("account_unfrozen", None, browser)?
            .warn_everywhere(kind, &params)
            .await?
            .done();
        let ticket = (ticket::SECOND_STEP, handle.digest());
        self.storage
            .unfreeze(owner.id().clone(), ticket, now, effects)
            .await
    }
}
