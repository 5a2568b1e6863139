//! Which data an access token opens today.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::RsRefused;
use crate::esia::json_token::Kind;
use crate::esia::{Esia, permissions};
use crate::model::id::GrantId;
use crate::model::scope::OPENID;
use crate::model::timestamp::Timestamp;
use crate::protocol::authorization_details::Detail;
use crate::protocol::issue::still_meets;
use crate::storage::GrantRecord;

impl Esia {
    /// What an access token of ours says that is alive.
    pub(super) fn live_claims(
        &self,
        token: Option<&str>,
        now: Timestamp,
    ) -> Result<Map<String, Value>, RsRefused> {
        let token = token.ok_or(RsRefused::InvalidToken)?;
        let claims = self.read(Kind::Access, token, now)?;
        let claims = claims.ok_or(RsRefused::InvalidToken)?;
        let end = claims.get("exp").and_then(Value::as_i64);
        match end.is_some_and(|end| end > now.seconds()) {
            true => Ok(claims),
            false => Err(RsRefused::ExpiredToken),
        }
    }

    /// The grant, the scopes and the permissions of a token that is alive and
    /// about this person: what of them holds today.
    pub(super) async fn accept(
        &self,
        token: Option<&str>,
        oid: i64,
        now: Timestamp,
    ) -> Result<(Arc<GrantRecord>, Vec<String>, Vec<Detail>), RsRefused> {
        let claims = self.live_claims(token, now)?;
        let number = |name: &str| claims.get(name).and_then(Value::as_i64);
        let text = |name: &str| claims.get(name).and_then(Value::as_str);
        let grant = text("jti").and_then(|jti| jti.split_once('.'));
        let (grant, _) = grant.ok_or(RsRefused::InvalidToken)?;
        let grant = GrantId::from(grant);
        let provider = &self.provider;
        let (standings, storage) = (&provider.standings, &provider.storage);
        let grant = provider.claims.grant(provider, &grant).await?;
        let grant = grant.ok_or(RsRefused::InvalidToken)?;
        if !standings.is_good(storage, &grant.id, now).await? {
            return Err(RsRefused::InvalidToken);
        }
        if number("urn:esia:sbj_id") != Some(oid) {
            return Err(RsRefused::NotAllowed);
        }
        let client = self.client(grant.client_id.as_str()).await?;
        let client = client.ok_or(RsRefused::InvalidToken)?;
        if !still_meets(provider, &client, &grant, now).await? {
            return Err(RsRefused::NotAllowed);
        }
        let permissions = permissions::of_grant(self, &client, &grant, now)?;
        // A grant for the person's absence outlives the session, and so does a
        // permission, but nothing beside it.
        let whole = grant.offline_at.is_none()
            || grant.refresh_number.is_some()
            || standings.session_lives(storage, &grant.id, now).await?;
        let granted = match whole {
            true => grant.scopes.as_str(),
            false => OPENID,
        };
        let today = permissions::scopes_with(granted, &permissions, &client);
        let told = text("scope").unwrap_or_default().split_whitespace();
        let told = told.map(|scope| scope.split('?').next().unwrap_or(scope));
        let scopes = told.filter(|scope| today.contains(scope));
        let scopes = scopes.map(str::to_owned).collect();
        Ok((grant, scopes, permissions))
    }
}
