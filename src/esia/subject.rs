//! What people and sessions are called in this dialect.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::Esia;
use crate::error::{Internal, Result};
use crate::model::client::Client;
use crate::model::id::{AccountId, SessionId};
use crate::protocol::subject::session_id;

/// Numbers have ten digits, as ESIA's have, and fit into the 31 bits that many
/// programs keep them in: 1 000 000 000 and so many more.
const FIRST: u64 = 1_000_000_000;
const HOW_MANY: u64 = 1_147_483_647;
/// Among so many numbers a free one is found soon.
const TRIES: usize = 16;

impl Esia {
    /// The number of a person, the same for every relying party: given when it
    /// is first asked for. It tells nothing of when that was.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn oid(&self, account: &AccountId) -> Result<i64> {
        let storage = &self.provider.storage;
        if let Some(oid) = storage.find_oid(account).await? {
            return Ok(oid);
        }
        for _ in 0..TRIES {
            let chance = u64::from_be_bytes(self.provider.entropy.bytes::<8>());
            let oid = i64::try_from(FIRST + chance % HOW_MANY)?;
            if let Some(oid) = storage.put_oid_once(account.clone(), oid).await? {
                return Ok(oid);
            }
        }
        Err(Internal::new("no free number for a person was found"))
    }

    /// `urn:esia:sid`: the session, another for each relying party.
    pub(super) fn sid(&self, session: &SessionId, client: &Client) -> String {
        uuid_of(&session_id(&self.provider.vault, session, client))
    }
}

/// A text of 128 bits or more, base64url, in the shape of a UUID.
pub(super) fn uuid_of(digest: &str) -> String {
    let bytes = URL_SAFE_NO_PAD.decode(digest).unwrap_or_default();
    let mut first = [0; 16];
    for (to, from) in first.iter_mut().zip(bytes) {
        *to = from;
    }
    uuid::Uuid::from_bytes(first).to_string()
}
