//! `refresh_token` (RFC 6749 §6) with rotation and reuse detection (RFC 9700
//! §4.14.2). The successor is derived from the token it follows, so that an
//! immediate repeat (a lost response, a second tab) gives the same one again.

use std::time::Duration;

use futures_util::future::BoxFuture;

use super::{Entitlement, Grant, Subject, TokenRequest};
use crate::model::client::GrantType;
use crate::model::scope::GrantedScopes;
use crate::model::secret::Secret;
use crate::protocol::Provider;
use crate::protocol::error::{ErrorCode, OAuthError, Refused};
use crate::storage::Rotation;
use crate::vault::Purpose;

pub(super) const GRANT: Grant = Grant {
    name: "refresh_token",
    grant_type: GrantType::RefreshToken,
    redeem,
};

fn redeem<'a>(
    provider: &'a Provider,
    request: &'a TokenRequest<'a>,
) -> BoxFuture<'a, Result<Entitlement, Refused>> {
    Box::pin(async move {
        let now = request.now;
        let token = Secret::new(request.params.require("refresh_token")?);
        let digest = token.digest();
        let found = provider
            .storage
            .find_refresh_token(&digest)
            .await?
            .filter(|found| found.grant.client_id == request.client.client_id)
            .ok_or_else(unusable)?;
        let granted = GrantedScopes::from_stored(&found.grant.scopes);
        let scopes = match request.params.get("scope") {
            None => granted,
            Some(wanted) => granted.narrowed(wanted).ok_or_else(|| {
                ErrorCode::InvalidScope.because("scope asks for more than was granted")
            })?,
        };
        // What is revoked or blocked must not rotate either.
        if !provider
            .standings
            .is_good(&provider.storage, &found.grant.id, now)
            .await?
        {
            return Err(unusable().into());
        }
        let successor = Secret::new(format!(
            "ppr_{}",
            provider
                .vault
                .digest_text(Purpose::RefreshSuccessor, token.expose().as_bytes())
        ));
        let rotation = provider
            .storage
            .rotate_refresh_token(
                digest,
                successor.digest(),
                Provider::after(now, provider.lifetimes.refresh_token),
                millis(provider.lifetimes.refresh_grace),
                now,
            )
            .await?;
        match rotation {
            Rotation::Rotated | Rotation::WithinGrace => Ok(Entitlement {
                subject: Subject::Person(Box::new(found.grant)),
                standing: None,
                scopes,
                refresh_token: Some(successor),
                nonce: None,
            }),
            Rotation::Replayed => {
                tracing::warn!(
                    client = %request.client.client_id,
                    "an old refresh token was used: its family is revoked"
                );
                Err(unusable().into())
            }
            Rotation::Unknown => Err(unusable().into()),
        }
    })
}

fn millis(seconds: u64) -> i64 {
    i64::try_from(Duration::from_secs(seconds).as_millis()).unwrap_or(i64::MAX)
}

fn unusable() -> OAuthError {
    ErrorCode::InvalidGrant
        .because("the refresh token is unknown, expired, revoked, used, or another client's")
}
