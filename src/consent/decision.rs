//! A citizen's decision about what a relying party may have.

use std::collections::BTreeSet;
use std::net::IpAddr;
use std::time::Duration;

use super::Consents;
use super::lines::Told;
use crate::account::journal::Actor;
use crate::error::Result;
use crate::model::claim::find_claim;
use crate::model::client::Client;
use crate::model::id::{AccountId, ConsentId};
use crate::model::scope::{AllowedScopes, GrantedScopes};
use crate::model::timestamp::Timestamp;
use crate::notify::MessageKind;
use crate::storage::{ConsentRecord, Effects};

const DAY: Duration = Duration::from_secs(86_400);

/// What was asked and what was decided.
pub struct Decision<'a> {
    pub account: &'a AccountId,
    pub client: &'a Client,
    /// What the request was for, within the client's registration.
    pub asked: &'a AllowedScopes,
    /// Optional scopes that were left ticked.
    pub ticked: Vec<&'a str>,
    /// Single claims that were asked for.
    pub claims: BTreeSet<&'a str>,
    pub address: Option<IpAddr>,
}

impl Consents {
    /// Gives a consent. What the client requires is given whole; of the rest,
    /// what was ticked. An earlier consent keeps what it held beyond this
    /// request.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn give(&self, decision: &Decision<'_>, now: Timestamp) -> Result<ConsentId> {
        let client = decision.client;
        let stored = self
            .storage
            .find_consent(decision.account, &client.client_id)
            .await?;
        // One that has run out gives nothing any more, to this one neither.
        let (before, over) = match stored {
            Some(stored) if stored.expires_at.is_some_and(|end| end <= now) => (None, Some(stored)),
            stored => (stored, None),
        };
        // The new one takes its place: afterwards its end could not be told.
        if let Some(over) = &over {
            self.record_lapse(over, &client.name, now).await?;
        }
        let mut decided: Vec<&str> = client.required_scope.split_whitespace().collect();
        decided.extend(&decision.ticked);
        let granted = decision.asked.granted(&decided.join(" "));
        let claims: BTreeSet<String> = decision
            .claims
            .iter()
            .map(|claim| (*claim).to_owned())
            .chain(before.iter().flat_map(stored_claims))
            // Who refuses a scope refuses each of its claims.
            .filter(|claim| !is_refused(claim, |name| decision.asked.contains(name), &granted))
            .collect();
        let (mut asked, mut scopes) = (decision.asked.names().join(" "), granted.to_string());
        if let Some(before) = &before {
            // Refusing something today takes back what was given before.
            let kept = before
                .scopes
                .split(' ')
                .filter(|scope| !decision.asked.contains(scope));
            scopes = kept.fold(scopes, |all, scope| format!("{all} {scope}"));
            asked = format!("{asked} {}", before.asked);
        }
        let effects = self
            .lines(
                Told {
                    account: decision.account,
                    actor: Actor::Citizen,
                    action: "consent_given",
                    site: &client.name,
                    address: decision.address,
                    message: Some((MessageKind::ConsentGiven, None)),
                    by_mail: true,
                },
                now,
            )
            .await?;
        self.storage
            .put_consent(
                ConsentRecord {
                    id: ConsentId::from(self.entropy.opaque_id()),
                    account_id: decision.account.clone(),
                    client_id: client.client_id.clone(),
                    asked: GrantedScopes::from_stored(&asked).to_string(),
                    scopes: GrantedScopes::from_stored(&scopes).to_string(),
                    claims: serde_json::to_string(&claims)?,
                    given_at: now,
                    decided_at: now,
                    expires_at: client.consent_days.map(|days| now.plus(DAY * days)),
                    withdrawn_at: None,
                    last_used_at: None,
                },
                effects,
            )
            .await
    }

    /// What is written when a person enters a client under a consent that
    /// stands.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn entry_lines(
        &self,
        client: &Client,
        account: &AccountId,
        address: Option<IpAddr>,
        now: Timestamp,
    ) -> Result<Effects> {
        let told = Told {
            account,
            actor: Actor::Citizen,
            action: "site_entered",
            site: &client.name,
            address,
            message: None,
            by_mail: false,
        };
        self.lines(told, now).await
    }
}

/// Whether a claim is of a scope that was asked for and is not given.
pub(super) fn is_refused(
    claim: &str,
    asked: impl Fn(&str) -> bool,
    granted: &GrantedScopes,
) -> bool {
    find_claim(claim).is_some_and(|claim| asked(claim.scope) && !granted.contains(claim.scope))
}

/// Single claims of a stored consent.
pub fn stored_claims(consent: &ConsentRecord) -> Vec<String> {
    serde_json::from_str(&consent.claims).unwrap_or_default()
}
