//! What a consent leaves behind when its term is over (requirement E3). It gave
//! nothing from that moment on, whenever it is written down.

use super::Consents;
use super::lines::Told;
use crate::account::journal::Actor;
use crate::error::Result;
use crate::model::client::Localized;
use crate::model::timestamp::Timestamp;
use crate::notify::MessageKind;
use crate::storage::ConsentRecord;

/// Lapses recorded in one round.
const ROUND: i64 = 100;

impl Consents {
    /// Tells the owners of consents whose term is over, once each.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn record_lapses(&self, now: Timestamp) -> Result<()> {
        for consent in self.storage.lapsed_consents(now, ROUND).await? {
            if let Some(client) = self.client_of(&consent).await? {
                self.record_lapse(&consent, &client.name, now).await?;
            }
        }
        Ok(())
    }

    /// Writes that a consent has lapsed, unless it was written before.
    pub(super) async fn record_lapse(
        &self,
        consent: &ConsentRecord,
        site: &Localized,
        now: Timestamp,
    ) -> Result<()> {
        let told = Told {
            account: &consent.account_id,
            actor: Actor::System,
            action: "consent_lapsed",
            site,
            address: None,
            message: Some((MessageKind::ConsentLapsed, None)),
            // A mail went out when the end was announced.
            by_mail: false,
        };
        // Dated when it ended: the server may have stood still since.
        let ended_at = consent.expires_at.unwrap_or(now);
        let effects = self.lines(told, ended_at).await?;
        self.storage
            .record_lapse(consent.id.clone(), now, effects)
            .await
            .map(drop)
    }
}
