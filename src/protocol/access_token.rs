//! Recognising our own access tokens at userinfo, introspection and
//! revocation.

use serde_json::{Map, Value};

use super::Provider;
use super::confirmation::Confirmation;
use crate::error::Result;
use crate::model::id::{ClientId, GrantId};
use crate::model::scope::GrantedScopes;
use crate::model::secret::Digest;
use crate::model::ticket;
use crate::model::timestamp::Timestamp;
use crate::storage::Cached;

/// An access token whose signature is ours. Whether it is alive is another
/// question: [`Provider::check_access_token`] asks both.
pub struct AccessToken {
    pub client: ClientId,
    /// The grant it descends from; none for a client's own token.
    pub grant: Option<GrantId>,
    pub subject: String,
    pub scopes: GrantedScopes,
    pub expires_at: Timestamp,
    /// Every claim, for introspection.
    pub claims: Map<String, Value>,
    /// Revoked on its own (RFC 7009).
    revoked: bool,
}

impl AccessToken {
    /// Whether it is for this server (RFC 9068 §4).
    pub fn is_for(&self, server: &str) -> bool {
        match self.claims.get("aud") {
            Some(Value::String(one)) => one == server,
            Some(Value::Array(several)) => several.iter().any(|one| one == server),
            _ => false,
        }
    }

    /// What it is bound to, if it is.
    pub fn confirmation(&self) -> Option<Confirmation> {
        let bound = self.claims.get("cnf")?;
        let read = serde_json::from_value(bound.clone());
        // Bound to something we do not know is bound to what nobody has.
        Some(read.unwrap_or_else(|_| Confirmation::Key(String::new())))
    }

    /// Under which name it is revoked: its `jti`, which is signed. Its text
    /// would not do, as one token can be spelt in several ways: with (r, s) an
    /// ECDSA signature, (r, n−s) is another.
    pub(super) fn revocation_key(&self) -> Digest {
        revocation_key(&self.claims)
    }
}

fn revocation_key(claims: &Map<String, Value>) -> Digest {
    let jti = claims
        .get("jti")
        .and_then(Value::as_str)
        .unwrap_or_default();
    Digest::of(jti.as_bytes())
}

/// Tokens whose signatures were checked, by digest.
pub(crate) struct AccessTokens(Cached<Digest, AccessToken>);

impl AccessTokens {
    pub(crate) fn new() -> Self {
        Self(Cached::new(20_000))
    }
}

impl Provider {
    /// The access token, if it is ours and alive now.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn check_access_token(
        &self,
        token: &str,
        now: Timestamp,
    ) -> Result<Option<std::sync::Arc<AccessToken>>> {
        let digest = Digest::of(token.as_bytes());
        let found = self
            .tokens
            .0
            .get(&self.storage, &digest, self.read_access_token(token, now))
            .await?;
        let Some(found) = found.filter(|found| !found.revoked && now < found.expires_at) else {
            return Ok(None);
        };
        let alive = match &found.grant {
            Some(grant) => self.standings.is_good(&self.storage, grant, now).await?,
            None => true,
        };
        // Whoever exchanged a token is not the client of its grant.
        let alive = alive && self.clients.find(&found.client).await?.is_some();
        Ok(alive.then_some(found))
    }

    async fn read_access_token(&self, token: &str, now: Timestamp) -> Result<Option<AccessToken>> {
        let Ok(verified) = self.keys.current().verify(token, now) else {
            return Ok(None);
        };
        // RFC 9068 §4: an ID token or a logout token is no access token.
        if verified.typ != "at+jwt" {
            return Ok(None);
        }
        let Value::Object(claims) = verified.claims else {
            return Ok(None);
        };
        let text = |name: &str| claims.get(name).and_then(Value::as_str).unwrap_or_default();
        if text("iss") != self.issuer {
            return Ok(None);
        }
        let revoked = self
            .storage
            .find_ticket(ticket::REVOKED_TOKEN, &revocation_key(&claims), now)
            .await?
            .is_some();
        Ok(Some(AccessToken {
            client: ClientId::from(text("client_id")),
            grant: text("jti")
                .split_once('.')
                .map(|(grant, _)| GrantId::from(grant)),
            subject: text("sub").to_owned(),
            scopes: GrantedScopes::from_stored(text("scope")),
            expires_at: Timestamp::from_seconds(
                claims
                    .get("exp")
                    .and_then(Value::as_i64)
                    .unwrap_or_default(),
            ),
            revoked,
            claims,
        }))
    }
}
