//! Initial access tokens: who has one may register clients, so many times (RFC
//! 7591 §3).

use std::time::Duration;

use crate::entropy::Entropy;
use crate::error::Result;
use crate::model::secret::Secret;
use crate::model::ticket;
use crate::model::timestamp::Timestamp;
use crate::storage::Storage;

const INITIAL_PREFIX: &str = "ppia_";

/// Makes one for so many clients, good for so many days. Only its digest is
/// kept.
///
/// # Errors
/// When the database refuses.
pub async fn issue(
    storage: &Storage,
    entropy: &Entropy,
    uses: u32,
    days: u32,
    now: Timestamp,
) -> Result<Secret> {
    let token = entropy.secret(INITIAL_PREFIX);
    let end = now.plus(Duration::from_secs(u64::from(days) * 86_400));
    storage
        .put_ticket(
            ticket::INITIAL_ACCESS,
            token.digest(),
            uses.to_string(),
            now,
            end,
        )
        .await?;
    Ok(token)
}
