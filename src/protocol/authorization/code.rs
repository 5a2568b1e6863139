//! Authorization codes: tickets that remember all the token request must
//! repeat, and what was decided.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::authorized::Authorized;
use super::request::AuthorizationRequest;
use crate::error::Result;
use crate::model::secret::{Digest, Secret};
use crate::model::ticket;
use crate::model::timestamp::Timestamp;
use crate::protocol::Provider;
use crate::protocol::pkce::CodeChallenge;
use crate::protocol::timed;
use crate::storage::{Effects, NewTicket, Once};

/// What a code stands for.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CodePayload {
    pub authorized: Authorized,
    pub redirect_uri: Option<String>,
    pub challenge: Option<CodeChallenge>,
    pub nonce: Option<String>,
    /// Thumbprint of the key that must redeem it (RFC 9449 §10).
    pub dpop_jkt: Option<String>,
}

/// Seconds that codes live in ESIA's dialect, as they do there.
pub const ESIA_LIFE: u64 = 240;

/// The prefix of codes.
const PREFIX: &str = "ppc_";

/// What a code is found by.
pub fn code_key(code: &Secret) -> Digest {
    timed::key(PREFIX, code)
}

impl Provider {
    /// Stores a code with `effects`; none when `once` happened before.
    pub(super) async fn put_code(
        &self,
        request: &AuthorizationRequest,
        authorized: Authorized,
        once: Option<Once>,
        effects: Effects,
        now: Timestamp,
    ) -> Result<Option<Secret>> {
        let payload = CodePayload {
            authorized,
            redirect_uri: request.redirect_uri.clone(),
            challenge: request.challenge.clone(),
            nonce: request.nonce.clone(),
            dpop_jkt: request.dpop_jkt.clone(),
        };
        let code = timed::secret(&self.entropy, PREFIX, now);
        let digest = code_key(&code);
        let life = match request.client.security_profile {
            // FAPI 2.0 Security Profile §5.3.2.1.
            Some(_) => self.lifetimes.code.min(60),
            None if request.client.esia.is_some() => ESIA_LIFE,
            None => self.lifetimes.code,
        };
        let account = Some(payload.authorized.account.clone());
        let (kind, stored) = (ticket::AUTHORIZATION_CODE, serde_json::to_string(&payload)?);
        let (storage, end) = (&self.storage, Self::after(now, life));
        let is_first = match once {
            Some(once) => {
                let new = NewTicket {
                    account,
                    kind,
                    digest: digest.clone(),
                    payload: stored,
                    created_at: now,
                    expires_at: end,
                };
                storage.put_ticket_if(once, new, effects, now).await?
            }
            None => {
                let ticket = (kind, digest.clone());
                storage
                    .put_ticket_of(account, ticket, stored, now, end, effects)
                    .await?;
                true
            }
        };
        if !is_first {
            return Ok(None);
        }
        self.codes.put(&self.storage, digest, payload);
        Ok(Some(code))
    }

    /// What a code stands for, spent or not: that is for
    /// [`redeem_authorization`](crate::storage::Storage::redeem_authorization)
    /// to say.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn find_code(
        &self,
        digest: &Digest,
        now: Timestamp,
    ) -> Result<Option<Arc<CodePayload>>> {
        let load = async {
            let kind = ticket::AUTHORIZATION_CODE;
            let found = self.storage.find_ticket(kind, digest, now).await?;
            let payload = found.map(|found| serde_json::from_str(&found.payload));
            Ok(payload.transpose()?)
        };
        self.codes.get(&self.storage, digest, load).await
    }
}
