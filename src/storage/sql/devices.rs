//! The browsers that have signed in to an account.

use super::{Conn, Result, push, query, query_as, query_scalar};
use crate::model::id::AccountId;
use crate::model::secret::Digest;
use crate::model::timestamp::Timestamp;

/// Makes a browser known to an account, and to no other.
pub(super) async fn mark(
    conn: &mut Conn,
    digest: &Digest,
    account: &AccountId,
    now: Timestamp,
    trust_until: Option<Timestamp>,
) -> Result<()> {
    query(
        "insert into devices (digest, account_id, created_at, last_used_at, trusted_until)
         values ($1, $2, $3, $3, $4)
         on conflict (digest) do update
         set account_id = excluded.account_id, last_used_at = excluded.last_used_at,
             trusted_until = case when devices.account_id = excluded.account_id
                 then coalesce(excluded.trusted_until, devices.trusted_until)
                 else excluded.trusted_until end",
    )
    .bind(digest)
    .bind(account)
    .bind(now)
    .bind(trust_until)
    .execute(conn)
    .await
    .map(drop)
}

pub async fn is_known_device(
    conn: &mut Conn,
    digest: &Digest,
    account: &AccountId,
) -> Result<bool> {
    query_scalar::<i64>("select count(*) from devices where digest = $1 and account_id = $2")
        .bind(digest)
        .bind(account)
        .fetch_one(conn)
        .await
        .map(|known| known > 0)
}

pub async fn devices_of(
    conn: &mut Conn,
    account: &AccountId,
) -> Result<Vec<(Timestamp, Timestamp)>> {
    query_as::<(Timestamp, Timestamp)>(
        "select created_at, last_used_at from devices where account_id = $1
         order by last_used_at desc, digest",
    )
    .bind(account)
    .fetch_all(conn)
    .await
}

/// Forgets every browser of an account but the one that is kept, and tells
/// them nothing any more.
pub(super) async fn forget(
    conn: &mut Conn,
    account: &AccountId,
    keep: Option<Digest>,
) -> Result<()> {
    push::forget_browsers(conn, account, keep.clone()).await?;
    query("delete from devices where account_id = $1 and digest <> coalesce($2, '')")
        .bind(account)
        .bind(keep)
        .execute(conn)
        .await
        .map(drop)
}
