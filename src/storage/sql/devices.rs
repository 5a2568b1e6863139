//! The browsers that have signed in to an account, and what may be done there.

use super::{Conn, Result, history, push, query, query_as, query_scalar, sessions};
use crate::model::device_rights::DeviceRights;
use crate::model::id::AccountId;
use crate::model::secret::Digest;
use crate::model::timestamp::Timestamp;
use crate::storage::{DeviceRecord, Effects, RightsChange, RightsSet, SessionChoice};

/// A device that a session begins at.
pub(super) struct Marked<'a> {
    pub digest: &'a Digest,
    /// What it was called before it was forgotten.
    pub before: Option<&'a Digest>,
    pub account: &'a AccountId,
    /// The session that has let it in, if one has: nobody gives more than they
    /// have.
    pub let_in_by: Option<&'a str>,
    pub trust_until: Option<Timestamp>,
}

/// Makes a browser known to an account, and to no other.
pub(super) async fn mark(conn: &mut Conn, marked: &Marked<'_>, now: Timestamp) -> Result<()> {
    query(
        "insert into devices (digest, account_id, created_at, last_used_at, trusted_until, rights)
         values ($1, $2, $3, $3, $4, coalesce(
             (select rights from devices where digest = $5 and account_id = $2),
             (select device.rights from sessions by_session
              join devices device on device.digest = by_session.device
                                 and device.account_id = by_session.account_id
              where by_session.id = $6 and by_session.account_id = $2),
             'full'))
         on conflict (digest) do update
         set account_id = excluded.account_id, last_used_at = excluded.last_used_at,
             forgotten_at = null,
             rights = case when devices.account_id = excluded.account_id
                 then devices.rights else excluded.rights end,
             trusted_until = case when devices.account_id = excluded.account_id
                 then coalesce(excluded.trusted_until, devices.trusted_until)
                 else excluded.trusted_until end",
    )
    .bind(marked.digest)
    .bind(marked.account)
    .bind(now)
    .bind(marked.trust_until)
    .bind(marked.before.cloned())
    .bind(marked.let_in_by)
    .execute(&mut *conn)
    .await?;
    query("delete from devices where digest = $1 and account_id = $2 and forgotten_at is not null")
        .bind(marked.before.cloned())
        .bind(marked.account)
        .execute(conn)
        .await
        .map(drop)
}

pub async fn is_known_device(
    conn: &mut Conn,
    digest: &Digest,
    account: &AccountId,
) -> Result<bool> {
    query_scalar::<i64>(
        "select count(*) from devices
         where digest = $1 and account_id = $2 and forgotten_at is null",
    )
    .bind(digest)
    .bind(account)
    .fetch_one(conn)
    .await
    .map(|known| known > 0)
}

pub async fn devices_of(
    conn: &mut Conn,
    account: &AccountId,
    limit: i64,
) -> Result<Vec<DeviceRecord>> {
    query_as::<DeviceRecord>(
        "select devices.digest, devices.created_at, devices.last_used_at, devices.trusted_until,
                devices.rights, devices.forgotten_at, newest.id as session, newest.device_kind,
                newest.details_sealed, newest.last_seen_at
         from devices left join sessions newest on newest.id =
             (select id from sessions where device = devices.digest
                                        and account_id = devices.account_id
              order by created_at desc, id desc limit 1)
         where devices.account_id = $1
         order by devices.last_used_at desc, devices.digest limit $2",
    )
    .bind(account)
    .bind(limit)
    .fetch_all(conn)
    .await
}

pub async fn set_device_rights(
    conn: &mut Conn,
    change: RightsChange,
    now: Timestamp,
) -> Result<RightsSet> {
    // Two devices that lower each other at once: one after the other.
    sessions::hold_account(conn, &change.account).await?;
    let Some(from) = rights_of(conn, &change.device, &change.account).await? else {
        return Ok(RightsSet::Unknown);
    };
    let asks = query_scalar::<Digest>(
        "select device from sessions
         where id = $1 and account_id = $2 and ended_at is null and device is not null",
    )
    .bind(&change.by)
    .bind(&change.account)
    .fetch_optional(&mut *conn)
    .await?;
    let Some(asks) = asks else {
        return Ok(RightsSet::Forbidden);
    };
    let by = rights_of(conn, &asks, &change.account).await?;
    let own = asks == change.device;
    if from == change.rights {
        return Ok(RightsSet::Same);
    }
    if !by.is_some_and(|by| by.may_set(own, from, change.rights)) {
        return Ok(RightsSet::Forbidden);
    }
    if from == DeviceRights::Full && !change.sure {
        let others = query_scalar::<i64>(
            "select count(*) from devices where account_id = $1 and digest <> $2
               and rights = 'full' and forgotten_at is null",
        )
        .bind(&change.account)
        .bind(&change.device)
        .fetch_one(&mut *conn)
        .await?;
        if others == 0 {
            return Ok(RightsSet::LastFull);
        }
    }
    query(
        "update devices set rights = $3, rights_before = rights, rights_changed_at = $4
         where digest = $1 and account_id = $2",
    )
    .bind(&change.device)
    .bind(&change.account)
    .bind(change.rights.as_str())
    .bind(now)
    .execute(&mut *conn)
    .await?;
    history::record(conn, change.effects).await?;
    Ok(RightsSet::Changed)
}

async fn rights_of(
    conn: &mut Conn,
    device: &Digest,
    account: &AccountId,
) -> Result<Option<DeviceRights>> {
    let name =
        query_scalar::<String>("select rights from devices where digest = $1 and account_id = $2")
            .bind(device)
            .bind(account)
            .fetch_optional(conn)
            .await?;
    // What nobody knows is the least.
    Ok(name.map(|name| DeviceRights::parse(&name).unwrap_or(DeviceRights::View)))
}

pub async fn forget_device(
    conn: &mut Conn,
    account: AccountId,
    digest: Digest,
    now: Timestamp,
    effects: Effects,
) -> Result<bool> {
    let gone = query("delete from devices where digest = $1 and account_id = $2")
        .bind(&digest)
        .bind(&account)
        .execute(&mut *conn)
        .await?
        .rows_affected();
    if gone == 0 {
        return Ok(false);
    }
    query("delete from push_subscriptions where account_id = $1 and device = $2")
        .bind(&account)
        .bind(&digest)
        .execute(&mut *conn)
        .await?;
    let choice = SessionChoice::OfDevice(account, digest);
    let reason = "ended_by_owner".to_owned();
    sessions::end_sessions(conn, choice, reason, true, now, Effects::default()).await?;
    history::record(conn, effects).await?;
    Ok(true)
}

/// Forgets every browser of an account but the one that is kept, and tells them
/// nothing any more. A new password gives no device more rights: those that have
/// less keep that, and nothing else.
pub(super) async fn forget(
    conn: &mut Conn,
    account: &AccountId,
    keep: Option<Digest>,
    now: Timestamp,
) -> Result<()> {
    push::forget_browsers(conn, account).await?;
    query(
        "update devices set forgotten_at = $3, trusted_until = null
         where account_id = $1 and digest <> coalesce($2, '') and rights <> 'full'",
    )
    .bind(account)
    .bind(keep.clone())
    .bind(now)
    .execute(&mut *conn)
    .await?;
    query(
        "delete from devices
         where account_id = $1 and digest <> coalesce($2, '') and rights = 'full'",
    )
    .bind(account)
    .bind(keep)
    .execute(conn)
    .await
    .map(drop)
}
