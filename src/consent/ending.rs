//! Changing a consent, taking it back, and telling that its term ends
//! (requirements E2, E3).

use std::net::IpAddr;
use std::time::Duration;

use super::Consents;
use super::decision::{is_refused, stored_claims};
use super::lines::Told;
use crate::account::journal::Actor;
use crate::error::Result;
use crate::model::client::{Client, Localized};
use crate::model::scope::GrantedScopes;
use crate::model::timestamp::Timestamp;
use crate::notify::MessageKind;
use crate::storage::{ConsentRecord, Narrowed};

/// How long before its end a consent is announced.
const AHEAD: Duration = Duration::from_secs(7 * 86_400);
/// Announcements in one round.
const ROUND: i64 = 100;

impl Consents {
    /// Withdraws a consent: its tokens die in the same transaction and the
    /// relying party is told.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn withdraw(
        &self,
        consent: &ConsentRecord,
        site: &Localized,
        address: Option<IpAddr>,
        now: Timestamp,
    ) -> Result<()> {
        let effects = self
            .lines(
                Told {
                    account: &consent.account_id,
                    actor: Actor::Citizen,
                    action: "consent_withdrawn",
                    site,
                    address,
                    message: Some((MessageKind::ConsentWithdrawn, None)),
                    by_mail: true,
                },
                now,
            )
            .await?;
        let (id, account) = (consent.id.clone(), consent.account_id.clone());
        self.storage
            .withdraw_consent(id, account, now, effects)
            .await
            .map(drop)
    }

    /// Changes which optional scopes a consent gives, within what the client
    /// was given or asked for, and when it ends.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn change(
        &self,
        consent: &ConsentRecord,
        client: &Client,
        kept: &[&str],
        expires_at: Option<Timestamp>,
        address: Option<IpAddr>,
        now: Timestamp,
    ) -> Result<()> {
        let required: Vec<&str> = client.required_scope.split_whitespace().collect();
        let scopes: Vec<&str> = consent
            .asked
            .split(' ')
            .filter(|scope| required.contains(scope) || kept.contains(scope))
            .collect();
        let asked = GrantedScopes::from_stored(&consent.asked);
        let scopes = GrantedScopes::from_stored(&scopes.join(" "));
        // Who takes back a scope takes back each of its claims.
        let claims: Vec<String> = stored_claims(consent)
            .into_iter()
            .filter(|claim| !is_refused(claim, |name| asked.contains(name), &scopes))
            .collect();
        let left = Narrowed {
            scopes: scopes.to_string(),
            claims: serde_json::to_string(&claims)?,
            expires_at,
        };
        let effects = self
            .lines(
                Told {
                    account: &consent.account_id,
                    actor: Actor::Citizen,
                    action: "consent_changed",
                    site: &client.name,
                    address,
                    message: Some((MessageKind::ConsentChanged, None)),
                    by_mail: false,
                },
                now,
            )
            .await?;
        let (id, account) = (consent.id.clone(), consent.account_id.clone());
        self.storage
            .change_consent(id, account, left, now, effects)
            .await
            .map(drop)
    }

    /// Tells the owners of consents that end soon, once each. True when
    /// somebody was told.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn announce_endings(&self, now: Timestamp) -> Result<bool> {
        let ending = self
            .storage
            .ending_consents(now.plus(AHEAD), now, ROUND)
            .await?;
        for consent in &ending {
            let Some(client) = self.client_of(consent).await? else {
                continue;
            };
            let effects = self
                .lines(
                    Told {
                        account: &consent.account_id,
                        actor: Actor::System,
                        action: "consent_ends_soon",
                        site: &client.name,
                        address: None,
                        message: Some((MessageKind::ConsentExpiring, consent.expires_at)),
                        by_mail: true,
                    },
                    now,
                )
                .await?;
            self.storage
                .announce_end(consent.id.clone(), now, effects)
                .await?;
        }
        Ok(!ending.is_empty())
    }

    /// The relying party of a consent.
    pub(super) async fn client_of(&self, consent: &ConsentRecord) -> Result<Option<Client>> {
        let Some(record) = self.storage.find_client(&consent.client_id).await? else {
            return Ok(None);
        };
        Ok(Some(serde_json::from_str(&record.metadata)?))
    }
}
