//! Issuing the authorization code: a ticket that remembers all the token
//! request must repeat, and what was decided.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::request::AuthorizationRequest;
use super::requested_claims::RequestedClaims;
use super::response::Answer;
use crate::error::Result;
use crate::model::authentication::AuthenticationContext;
use crate::model::id::{AccountId, ClientId, ConsentId, GrantId, SessionId};
use crate::model::scope::{GrantedScopes, find_claim};
use crate::model::secret::{Digest, Secret};
use crate::model::ticket;
use crate::model::timestamp::Timestamp;
use crate::protocol::Provider;
use crate::protocol::pkce::CodeChallenge;
use crate::storage::{ConsentRecord, Effects};

/// What a code stands for.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CodePayload {
    pub client: ClientId,
    pub redirect_uri: Option<String>,
    pub challenge: Option<CodeChallenge>,
    pub nonce: Option<String>,
    pub scopes: String,
    pub claims: RequestedClaims,
    pub account: AccountId,
    pub session: SessionId,
    pub consent: ConsentId,
    /// When that consent was last decided about: a later decision takes the
    /// code back.
    pub decided_at: Timestamp,
    pub authentication: AuthenticationContext,
    /// The grant the code will become; known beforehand, so that a replay
    /// finds what to revoke.
    pub grant: GrantId,
}

/// Who gives the code away.
pub struct Grantor<'a> {
    pub account: &'a AccountId,
    pub session: &'a SessionId,
    pub authentication: &'a AuthenticationContext,
}

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
    /// Issues a code for a request whose next step is
    /// [`Step::Done`](super::Step::Done). `effects` are written with it.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn issue_code(
        &self,
        request: &AuthorizationRequest,
        grantor: Grantor<'_>,
        consent: &ConsentRecord,
        effects: Effects,
        now: Timestamp,
    ) -> Result<Answer> {
        let scopes: GrantedScopes = request.scopes.granted(&consent.scopes);
        let single: Vec<String> = serde_json::from_str(&consent.claims)?;
        let of_scopes = GrantedScopes::from_stored(&consent.scopes);
        let is_given = |name: &str| {
            single.iter().any(|given| given == name)
                || find_claim(name).is_some_and(|claim| of_scopes.contains(claim.scope))
        };
        let payload = CodePayload {
            client: request.client.client_id.clone(),
            redirect_uri: request.redirect_uri.clone(),
            challenge: request.challenge.clone(),
            nonce: request.nonce.clone(),
            scopes: scopes.to_string(),
            claims: request.claims.clone().only(is_given),
            account: grantor.account.clone(),
            session: grantor.session.clone(),
            consent: consent.id.clone(),
            decided_at: consent.decided_at,
            authentication: grantor.authentication.clone(),
            grant: GrantId::from(self.entropy.id(now)),
        };
        // Codes are many and short-lived: beginning with their moment, they lie
        // side by side in the database, and storing one touches no old page.
        let code = self
            .entropy
            .secret(&format!("{PREFIX}{:012x}.", now.millis()));
        let digest = code_key(&code);
        self.storage
            .put_ticket_of(
                Some(grantor.account.clone()),
                (ticket::AUTHORIZATION_CODE, digest.clone()),
                serde_json::to_string(&payload)?,
                now,
                Self::after(now, self.lifetimes.code),
                effects,
            )
            .await?;
        self.codes.put(&self.storage, digest, payload);
        self.claims.note_use(&consent.id, now);
        Ok(Answer::new(
            &request.to,
            &self.issuer,
            [("code", code.expose().to_owned())],
        ))
    }

    /// What a code stands for, spent or not: that is for
    /// [`redeem_code`](crate::storage::Storage::redeem_code) to say.
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
