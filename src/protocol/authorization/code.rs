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
use crate::storage::Effects;

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

/// What a code is found by: its moment, in the clear, and its digest.
pub fn code_key(code: &Secret) -> Digest {
    let moment = code.expose().strip_prefix(PREFIX).and_then(|rest| {
        let (moment, _) = rest.split_once('.')?;
        moment
            .bytes()
            .all(|byte| byte.is_ascii_hexdigit())
            .then_some(moment)
    });
    let digest = code.digest();
    match moment {
        Some(moment) => Digest::from_stored(format!("{moment}.{}", digest.as_str())),
        None => digest,
    }
}

impl Provider {
    /// Stores a code with `effects`.
    pub(super) async fn put_code(
        &self,
        request: &AuthorizationRequest,
        authorized: Authorized,
        effects: Effects,
        now: Timestamp,
    ) -> Result<Secret> {
        let payload = CodePayload {
            authorized,
            redirect_uri: request.redirect_uri.clone(),
            challenge: request.challenge.clone(),
            nonce: request.nonce.clone(),
            dpop_jkt: request.dpop_jkt.clone(),
        };
        // Codes are many and short-lived: beginning with their moment, they lie
        // side by side in the database, and storing one touches no old page.
        let code = self
            .entropy
            .secret(&format!("{PREFIX}{:012x}.", now.millis()));
        let digest = code_key(&code);
        let life = match request.client.security_profile {
            // FAPI 2.0 Security Profile §5.3.2.1.
            Some(_) => self.lifetimes.code.min(60),
            None if request.client.esia.is_some() => ESIA_LIFE,
            None => self.lifetimes.code,
        };
        self.storage
            .put_ticket_of(
                Some(payload.authorized.account.clone()),
                (ticket::AUTHORIZATION_CODE, digest.clone()),
                serde_json::to_string(&payload)?,
                now,
                Self::after(now, life),
                effects,
            )
            .await?;
        self.codes.put(&self.storage, digest, payload);
        Ok(code)
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
