//! Refresh tokens of this dialect: of the shape of a UUID, derived from their
//! grant and their number in its row, like those of OpenID Connect. What they
//! stand for is noted before they are good, so that one is never lost.

use std::sync::Arc;

use super::Esia;
use super::subject::uuid_of;
use crate::error::Result;
use crate::model::id::GrantId;
use crate::model::secret::{Digest, Secret};
use crate::model::ticket::ESIA_REFRESH;
use crate::model::timestamp::Timestamp;
use crate::storage::GrantRecord;
use crate::vault::Purpose;

/// A genuine refresh token. Whether it is the newest is for
/// [`rotate_refresh_token`](crate::storage::Storage::rotate_refresh_token) to
/// say.
pub(super) struct RefreshToken {
    pub grant: Arc<GrantRecord>,
    pub number: i64,
}

impl Esia {
    /// Makes the token of this number known, and gives it.
    pub(super) async fn mint_refresh(
        &self,
        grant: &GrantRecord,
        number: i64,
        until: Timestamp,
        now: Timestamp,
    ) -> Result<Secret> {
        let seed = grant.refresh_seed.as_deref().unwrap_or_default();
        let text = format!("esia {seed}.{}.{number}", grant.id);
        let digest = self
            .provider
            .vault
            .digest_text(Purpose::RefreshToken, text.as_bytes());
        let token = Secret::new(uuid_of(&digest));
        let stands_for = format!("{} {number}", grant.id);
        self.provider
            .storage
            .keep_ticket(
                Some(grant.account_id.clone()),
                ESIA_REFRESH,
                token.digest(),
                stands_for,
                now,
                until,
            )
            .await?;
        Ok(token)
    }

    /// What a token stands for.
    pub(super) async fn find_refresh(
        &self,
        shown: &str,
        now: Timestamp,
    ) -> Result<Option<RefreshToken>> {
        let digest = Digest::of(shown.as_bytes());
        let storage = &self.provider.storage;
        let found = storage.find_ticket(ESIA_REFRESH, &digest, now).await?;
        let Some(found) = found else {
            return Ok(None);
        };
        let Some((grant, number)) = found.payload.split_once(' ') else {
            return Ok(None);
        };
        let grant = GrantId::from(grant);
        let grant = self.provider.claims.grant(&self.provider, &grant).await?;
        Ok(grant
            .zip(number.parse().ok())
            .map(|(grant, number)| RefreshToken { grant, number }))
    }
}
