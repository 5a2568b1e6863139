//! What a person agreed to, from their decision until tokens are made of it:
//! what codes stand for, whatever they are called.

use serde::{Deserialize, Serialize};

use super::request::AuthorizationRequest;
use super::requested_claims::RequestedClaims;
use crate::error::Result;
use crate::model::authentication::AuthenticationContext;
use crate::model::claim::find_claim;
use crate::model::id::{AccountId, ClientId, ConsentId, GrantId, SessionId};
use crate::model::scope::GrantedScopes;
use crate::model::timestamp::Timestamp;
use crate::protocol::Provider;
use crate::protocol::authorization_details;
use crate::storage::{ConsentRecord, GrantRecord};

/// Who agreed.
pub struct Grantor<'a> {
    pub account: &'a AccountId,
    pub session: &'a SessionId,
    pub authentication: &'a AuthenticationContext,
}

/// An authorization that tokens can be made of.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Authorized {
    pub client: ClientId,
    pub scopes: String,
    pub claims: RequestedClaims,
    pub account: AccountId,
    pub session: SessionId,
    pub consent: ConsentId,
    /// When that consent was last decided about: a later decision takes this
    /// back.
    pub decided_at: Timestamp,
    pub authentication: AuthenticationContext,
    /// The resource servers that were named (RFC 8707).
    #[serde(default)]
    pub resources: Option<Vec<String>>,
    /// What is allowed in detail, sealed for the grant.
    #[serde(default)]
    pub details: Option<String>,
    /// The grant it will become; known beforehand, so that a replay finds what
    /// to revoke.
    pub grant: GrantId,
}

impl Authorized {
    /// What `consent` leaves of a request.
    ///
    /// # Errors
    /// When the consent is damaged.
    pub(super) fn of(
        provider: &Provider,
        request: &AuthorizationRequest,
        grantor: &Grantor<'_>,
        consent: &ConsentRecord,
        now: Timestamp,
    ) -> Result<Self> {
        let scopes: GrantedScopes = request.scopes.granted(&consent.scopes);
        let single: Vec<String> = serde_json::from_str(&consent.claims)?;
        let of_scopes = GrantedScopes::from_stored(&consent.scopes);
        let is_given = |name: &str| {
            single.iter().any(|given| given == name)
                || find_claim(name).is_some_and(|claim| of_scopes.contains(claim.scope))
        };
        let grant = GrantId::from(provider.entropy.id(now));
        Ok(Self {
            client: request.client.client_id.clone(),
            scopes: scopes.to_string(),
            claims: request.claims.clone().only(is_given),
            account: grantor.account.clone(),
            session: grantor.session.clone(),
            consent: consent.id.clone(),
            decided_at: consent.decided_at,
            authentication: grantor.authentication.clone(),
            resources: request.resources.clone(),
            details: authorization_details::seal(&provider.vault, &grant, &request.details)?,
            grant,
        })
    }

    /// The same for tokens beside a code: another grant.
    ///
    /// # Errors
    /// Only internal ones.
    pub(super) fn becomes_another(
        &mut self,
        provider: &Provider,
        request: &AuthorizationRequest,
        now: Timestamp,
    ) -> Result<()> {
        self.grant = GrantId::from(provider.entropy.id(now));
        self.details = authorization_details::seal(&provider.vault, &self.grant, &request.details)?;
        Ok(())
    }

    /// The grant it becomes, without refresh tokens.
    ///
    /// # Errors
    /// Only internal ones.
    pub(in crate::protocol) fn to_grant(
        &self,
        nonce: Option<String>,
        now: Timestamp,
    ) -> Result<GrantRecord> {
        Ok(GrantRecord {
            id: self.grant.clone(),
            client_id: self.client.clone(),
            account_id: self.account.clone(),
            session_id: self.session.clone(),
            consent_id: self.consent.clone(),
            scopes: self.scopes.clone(),
            claims: serde_json::to_string(&self.claims)?,
            authentication: serde_json::to_string(&self.authentication)?,
            nonce,
            created_at: now,
            offline_at: None,
            revoked_at: None,
            refresh_seed: None,
            refresh_number: None,
            refresh_issued_at: None,
            refresh_expires_at: None,
            confirmation: None,
            resources: self
                .resources
                .as_ref()
                .map(serde_json::to_string)
                .transpose()?,
            authorization_details: self.details.clone(),
        })
    }
}
