//! The second step: the contact is confirmed, by the code or by the link.

use super::{CONFIRMED_PREFIX, CodeRefused, Confirmed, Draft, LinkTo, Pending};
use crate::account::Accounts;
use crate::account::factor::email_code;
use crate::error::Result;
use crate::model::authentication::Proof;
use crate::model::secret::{Digest, Secret};
use crate::model::ticket;
use crate::model::timestamp::Timestamp;
use crate::storage::Redeemed;

/// A link that was pressed: the handle for the last step, and the
/// authorization the registration belongs to.
#[derive(Debug)]
pub struct LinkRedeemed {
    pub handle: Secret,
    pub flow: Option<String>,
}

impl Accounts {
    /// Checks the code; when it is right, the handle for the last step.
    ///
    /// # Errors
    /// The refusal.
    pub async fn confirm_code(
        &self,
        handle: &Secret,
        code: &str,
        now: Timestamp,
    ) -> Result<Secret, CodeRefused> {
        let (draft, proof) = self.check_code::<Draft>(handle, code, now).await?;
        Ok(self.confirmed_handle(draft, proof, now).await?)
    }

    /// What a link leads to, without spending it: mail scanners open links.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn registration_link(
        &self,
        token: &Secret,
        now: Timestamp,
    ) -> Result<Option<Pending>> {
        let Some(registration) = self.linked(token, now).await? else {
            return Ok(None);
        };
        let waiting = self.waiting::<Draft>(&registration, now).await?;
        Ok(waiting.map(|(draft, record)| self.pending(&draft, &record)))
    }

    /// Spends a link, in whatever browser; none when it is dead.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn redeem_link(
        &self,
        token: &Secret,
        now: Timestamp,
    ) -> Result<Option<LinkRedeemed>> {
        let Some(registration) = self.linked(token, now).await? else {
            return Ok(None);
        };
        let link = token.digest();
        let spent = self
            .storage
            .redeem_ticket(ticket::REGISTRATION_LINK, link, now)
            .await?;
        if !matches!(spent, Redeemed::Fresh(_)) {
            return Ok(None);
        }
        // Code and link are one: whichever comes second finds the ticket spent.
        let spent = self
            .storage
            .redeem_ticket(ticket::REGISTRATION, registration.clone(), now)
            .await?;
        let Redeemed::Fresh(payload) = spent else {
            return Ok(None);
        };
        let draft: Draft = self.open_ticket(ticket::REGISTRATION, &registration, &payload)?;
        if !draft.is_linked(&token.digest(), now) {
            return Ok(None);
        }
        let flow = draft.applicant.flow.clone();
        let handle = self
            .confirmed_handle(draft, email_code::given(now), now)
            .await?;
        Ok(Some(LinkRedeemed { handle, flow }))
    }

    /// The registration a link leads to, if both are good.
    async fn linked(&self, token: &Secret, now: Timestamp) -> Result<Option<Digest>> {
        let link = token.digest();
        let record = self
            .storage
            .find_ticket(ticket::REGISTRATION_LINK, &link, now)
            .await?;
        let Some(record) = record.filter(|record| record.spent_at.is_none()) else {
            return Ok(None);
        };
        let to: LinkTo = self.open_ticket(ticket::REGISTRATION_LINK, &link, &record.payload)?;
        let registration = Digest::from_stored(to.registration);
        let waiting = self.waiting::<Draft>(&registration, now).await?;
        Ok(waiting
            .filter(|(draft, _)| draft.is_linked(&link, now))
            .map(|_| registration))
    }

    async fn confirmed_handle(&self, draft: Draft, proof: Proof, now: Timestamp) -> Result<Secret> {
        let handle = self.entropy.secret(CONFIRMED_PREFIX);
        let ticket = handle.digest();
        let confirmed = Confirmed {
            applicant: draft.applicant,
            proof,
        };
        let payload = self.seal_ticket(ticket::REGISTRATION_CONFIRMED, &ticket, &confirmed)?;
        let life = std::time::Duration::from_secs(self.settings.limits.registration_seconds);
        self.storage
            .put_ticket(
                ticket::REGISTRATION_CONFIRMED,
                ticket,
                payload,
                now,
                now.plus(life),
            )
            .await?;
        Ok(handle)
    }
}
