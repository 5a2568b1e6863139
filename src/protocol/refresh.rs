//! Refresh tokens. A token names its grant and its number in the grant's row of
//! tokens; a keyed digest over both and the grant's own seed makes it
//! unforgeable. The next token can so be given again to whoever lost it, an old
//! one is known for what it is, and the database holds no token.

use std::sync::Arc;

use super::Provider;
use crate::error::Result;
use crate::model::id::GrantId;
use crate::model::secret::Secret;
use crate::storage::GrantRecord;
use crate::vault::Purpose;

/// The prefix of refresh tokens.
const PREFIX: &str = "ppr_";

/// A genuine refresh token. Whether it is the newest is for
/// [`rotate_refresh_token`](crate::storage::Storage::rotate_refresh_token) to say.
pub(super) struct RefreshToken {
    /// Its grant, as last read: the grant's newest number may be another.
    pub grant: Arc<GrantRecord>,
    pub number: i64,
}

/// The refresh token of this number.
pub(super) fn mint(provider: &Provider, grant: &GrantId, seed: &str, number: i64) -> Secret {
    let what = format!("{grant}.{number}");
    let proof = provider
        .vault
        .digest_text(Purpose::RefreshToken, format!("{seed}.{what}").as_bytes());
    Secret::new(format!("{PREFIX}{what}.{proof}"))
}

/// Recognises a refresh token of ours.
///
/// # Errors
/// When the database is away.
pub(super) async fn find(provider: &Provider, shown: &str) -> Result<Option<RefreshToken>> {
    let Some((grant, number)) = parts(shown) else {
        return Ok(None);
    };
    let Some(grant) = provider.claims.grant(provider, &grant).await? else {
        return Ok(None);
    };
    let genuine = grant
        .refresh_seed
        .as_deref()
        .is_some_and(|seed| mint(provider, &grant.id, seed, number) == Secret::new(shown));
    Ok(genuine.then_some(RefreshToken { grant, number }))
}

fn parts(shown: &str) -> Option<(GrantId, i64)> {
    let mut parts = shown.strip_prefix(PREFIX)?.split('.');
    let (grant, number) = (parts.next()?, parts.next()?.parse().ok()?);
    let is_id = grant.len() == 36 && grant.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-');
    is_id.then(|| (GrantId::from(grant), number))
}
