//! `refresh_token` (RFC 6749 §6) with rotation and reuse detection (RFC 9700
//! §4.14.2). An immediate repeat (a lost response, a second tab) gives the same
//! successor again; any older token ends the family.

use std::time::Duration;

use futures_util::future::BoxFuture;

use super::{Entitlement, Grant, Subject, TokenRequest};
use crate::error::Result;
use crate::model::client::GrantType;
use crate::model::scope::GrantedScopes;
use crate::protocol::Provider;
use crate::protocol::confirmation::Confirmation;
use crate::protocol::error::{ErrorCode, OAuthError, Refused};
use crate::protocol::refresh::{self, RefreshToken};
use crate::protocol::resources;
use crate::storage::{GrantRecord, Rotation};

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
        let shown = request.params.require("refresh_token")?;
        let RefreshToken { grant, number } = refresh::find(provider, shown)
            .await?
            .filter(|token| token.grant.client_id == request.client.client_id)
            .ok_or_else(unusable)?;
        if is_another_s(&grant, request)? {
            return Err(unusable().into());
        }
        let granted = GrantedScopes::from_stored(&grant.scopes);
        let scopes = match request.params.get("scope") {
            None => granted,
            Some(wanted) => granted.narrowed(wanted).ok_or_else(|| {
                ErrorCode::InvalidScope.because("scope asks for more than was granted")
            })?,
        };
        // What is revoked or blocked must not rotate either.
        if !provider
            .standings
            .is_good(&provider.storage, &grant.id, now)
            .await?
        {
            return Err(unusable().into());
        }
        let resources = resources::of_grant(&grant)?;
        if request.client.security_profile.is_some() {
            // FAPI 2.0 Security Profile §5.3.2.1: bound to a key, it need not
            // change, and ends when it was to end.
            let now_number = grant.refresh_number == Some(number);
            let lives = grant.refresh_expires_at.is_some_and(|end| now < end);
            if !now_number || !lives {
                return Err(unusable().into());
            }
            return Ok(Entitlement {
                subject: Subject::Person(grant),
                standing: None,
                scopes,
                refresh_token: None,
                nonce: None,
                resources,
                exchanged: None,
            });
        }
        let rotation = provider
            .storage
            .rotate_refresh_token(
                grant.id.clone(),
                number,
                Provider::after(now, request.refresh_token_life),
                millis(provider.lifetimes.refresh_grace),
                now,
            )
            .await?;
        match rotation {
            Rotation::Rotated | Rotation::WithinGrace => {
                let seed = grant.refresh_seed.as_deref().unwrap_or_default();
                let successor = refresh::mint(provider, &grant.id, seed, number + 1);
                Ok(Entitlement {
                    subject: Subject::Person(grant),
                    standing: None,
                    scopes,
                    refresh_token: Some(successor),
                    nonce: None,
                    resources,
                    exchanged: None,
                })
            }
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

/// Whether the grant belongs to a key that this request does not prove to hold
/// (RFC 9449 §5, RFC 8705 §4). A client that authenticates may change the key,
/// as its refresh tokens are bound to that authentication; tokens that were
/// bound do not become bearer tokens for it.
fn is_another_s(grant: &GrantRecord, request: &TokenRequest<'_>) -> Result<bool> {
    let Some(bound) = &grant.confirmation else {
        return Ok(false);
    };
    let bound: Confirmation = serde_json::from_str(bound)?;
    Ok(match &request.confirmation {
        Some(shown) if !request.client.is_public() => {
            std::mem::discriminant(shown) != std::mem::discriminant(&bound)
        }
        shown => shown.as_ref() != Some(&bound),
    })
}

fn millis(seconds: u64) -> i64 {
    i64::try_from(Duration::from_secs(seconds).as_millis()).unwrap_or(i64::MAX)
}

fn unusable() -> OAuthError {
    ErrorCode::InvalidGrant
        .because("the refresh token is unknown, expired, revoked, used, or another client's")
}
