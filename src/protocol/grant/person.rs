//! What every grant of a person's has in common once its code, whatever it is
//! called, was found and belongs to who shows it.

use std::sync::Arc;

use super::{Entitlement, Subject, TokenRequest};
use crate::model::client::GrantType;
use crate::model::scope::{GrantedScopes, OFFLINE_ACCESS};
use crate::model::secret::Digest;
use crate::protocol::Provider;
use crate::protocol::authorization::authorized::Authorized;
use crate::protocol::error::{OAuthError, Refused};
use crate::protocol::refresh;
use crate::storage::CodeRedeemed;

/// The number of a grant's first refresh token.
const FIRST: i64 = 1;

/// Spends the ticket and begins the grant: one winner; a replay revokes what
/// came of it (RFC 6749 §4.1.2).
///
/// # Errors
/// `unusable`, when it was spent before, is too old or was taken back.
pub async fn begin(
    provider: &Provider,
    request: &TokenRequest<'_>,
    ticket: (&'static str, Digest),
    authorized: &Authorized,
    nonce: Option<String>,
    unusable: fn() -> OAuthError,
) -> Result<Entitlement, Refused> {
    let now = request.now;
    let scopes = GrantedScopes::from_stored(&authorized.scopes);
    let offline =
        scopes.contains(OFFLINE_ACCESS) && request.client.may_use(GrantType::RefreshToken);
    let mut grant = authorized.to_grant(nonce.clone(), now)?;
    let mut refresh_token = None;
    if offline {
        let seed = provider.entropy.opaque_id();
        refresh_token = Some(refresh::mint(provider, &grant.id, &seed, FIRST));
        grant.offline_at = Some(now);
        grant.refresh_seed = Some(seed);
        grant.refresh_number = Some(FIRST);
        grant.refresh_issued_at = Some(now);
        grant.refresh_expires_at = Some(Provider::after(now, request.refresh_token_life));
    }
    if request.client.esia.is_some() && authorized.details.is_some() {
        // What was allowed until a day is renewed without the person, and
        // nothing beside it (`esia/resources/access.rs`).
        grant.offline_at = Some(now);
    }
    if let Some(confirmation) = &request.confirmation {
        grant.confirmation = Some(serde_json::to_string(confirmation)?);
    }
    let redeemed = provider
        .storage
        .redeem_authorization(ticket, grant.clone(), now)
        .await?;
    let standing = match redeemed {
        CodeRedeemed::Fresh(standing) if standing.consent_decided_at > authorized.decided_at => {
            return Err(unusable().into());
        }
        CodeRedeemed::Fresh(standing) => standing,
        CodeRedeemed::Replayed => {
            tracing::warn!(client = %request.client.client_id, "a code was used twice: its tokens are revoked");
            return Err(unusable().into());
        }
        CodeRedeemed::Unknown => return Err(unusable().into()),
    };
    Ok(Entitlement {
        subject: Subject::Person(Arc::new(grant)),
        standing: Some(standing),
        scopes,
        refresh_token,
        nonce,
        resources: authorized.resources.clone(),
        exchanged: None,
    })
}
