//! Second factors, backup codes, and devices that are not asked for them.

use super::{
    Conn, Result, history, query, query_as, query_scalar, recoveries, sessions, signals, tickets,
};
use crate::model::id::AccountId;
use crate::model::secret::Digest;
use crate::model::signal::Change;
use crate::model::timestamp::Timestamp;
use crate::storage::{Effects, FactorRecord, Redeemed, Strengthened};

pub async fn add_factor(conn: &mut Conn, new: FactorRecord, effects: Effects) -> Result<bool> {
    sessions::hold_account(conn, &new.account_id).await?;
    let added = query(
        "insert into factors (id, account_id, kind, kept_sealed, credential, created_at, last_used_at,
                              last_step)
         select $1, id, $3, $4, cast($5 as text), cast($6 as bigint), cast($6 as bigint),
                cast($7 as bigint)
         from accounts where id = $2 and blocked_at is null
         on conflict do nothing",
    )
    .bind(&new.id)
    .bind(&new.account_id)
    .bind(&new.kind)
    .bind(new.kept_sealed)
    .bind(new.credential)
    .bind(new.created_at)
    .bind(new.last_step)
    .execute(&mut *conn)
    .await?
    .rows_affected();
    if added == 1 {
        distrust(conn, &new.account_id).await?;
        let factor = (new.id, new.kind);
        let changed = (Change::Create, new.created_at);
        signals::tell_factor(conn, &new.account_id, factor, changed).await?;
        history::record(conn, effects).await?;
    }
    Ok(added == 1)
}

pub async fn factors_of(conn: &mut Conn, account: &AccountId) -> Result<Vec<FactorRecord>> {
    query_as::<FactorRecord>(
        "select * from factors where account_id = $1
         order by case when preferred_at is null then 1 else 0 end, preferred_at desc,
                  created_at, id",
    )
    .bind(account)
    .fetch_all(conn)
    .await
}

pub async fn use_factor(
    conn: &mut Conn,
    id: String,
    step: Option<i64>,
    sealed: Option<String>,
    now: Timestamp,
) -> Result<bool> {
    query(
        "update factors
         set last_used_at = $3, last_step = coalesce(cast($2 as bigint), last_step),
             kept_sealed = coalesce(cast($4 as text), kept_sealed)
         where id = $1
           and (cast($2 as bigint) is null or last_step is null or last_step < cast($2 as bigint))",
    )
    .bind(id)
    .bind(step)
    .bind(now)
    .bind(sealed)
    .execute(conn)
    .await
    .map(|done| done.rows_affected() == 1)
}

pub async fn rename_factor(
    conn: &mut Conn,
    id: String,
    account: AccountId,
    sealed: String,
) -> Result<bool> {
    query("update factors set kept_sealed = $3 where id = $1 and account_id = $2")
        .bind(id)
        .bind(account)
        .bind(sealed)
        .execute(conn)
        .await
        .map(|done| done.rows_affected() == 1)
}

pub async fn prefer_factor(
    conn: &mut Conn,
    id: String,
    account: AccountId,
    now: Timestamp,
) -> Result<bool> {
    query("update factors set preferred_at = $3 where id = $1 and account_id = $2")
        .bind(id)
        .bind(account)
        .bind(now)
        .execute(conn)
        .await
        .map(|done| done.rows_affected() == 1)
}

pub async fn remove_factor(
    conn: &mut Conn,
    id: String,
    account: AccountId,
    now: Timestamp,
    effects: Effects,
) -> Result<bool> {
    sessions::hold_account(conn, &account).await?;
    // Kept for a while: a thief may have removed it.
    query(
        "insert into removed_factors (id, account_id, kind, kept_sealed, credential, created_at,
                                      last_used_at, last_step, preferred_at, removed_at)
         select id, account_id, kind, kept_sealed, credential, created_at, last_used_at, last_step,
                preferred_at, cast($3 as bigint)
         from factors where id = $1 and account_id = $2",
    )
    .bind(&id)
    .bind(&account)
    .bind(now)
    .execute(&mut *conn)
    .await?;
    let removed = query_as::<(String, String)>(
        "delete from factors where id = $1 and account_id = $2 returning id, kind",
    )
    .bind(id)
    .bind(&account)
    .fetch_optional(&mut *conn)
    .await?;
    let Some(removed) = removed else {
        return Ok(false);
    };
    signals::tell_factor(conn, &account, removed, (Change::Delete, now)).await?;
    // Codes stand in for a factor: without one they would be a way of their own.
    query(
        "delete from backup_codes where account_id = $1
           and not exists (select 1 from factors where account_id = $1)",
    )
    .bind(&account)
    .execute(&mut *conn)
    .await?;
    distrust(conn, &account).await?;
    // What was shown by it, and not used yet, proves nothing any more.
    recoveries::void_steps(conn, &account, now).await?;
    history::record(conn, effects).await?;
    Ok(true)
}

/// Takes every factor away, with the backup codes; they are kept aside as one is.
pub(super) async fn remove_all(conn: &mut Conn, account: &AccountId, now: Timestamp) -> Result<()> {
    query(
        "insert into removed_factors (id, account_id, kind, kept_sealed, credential, created_at,
                                      last_used_at, last_step, preferred_at, removed_at)
         select id, account_id, kind, kept_sealed, credential, created_at, last_used_at, last_step,
                preferred_at, cast($2 as bigint)
         from factors where account_id = $1",
    )
    .bind(account)
    .bind(now)
    .execute(&mut *conn)
    .await?;
    let removed = query_as::<(String, String)>(
        "delete from factors where account_id = $1 returning id, kind",
    )
    .bind(account)
    .fetch_all(&mut *conn)
    .await?;
    for factor in removed {
        signals::tell_factor(conn, account, factor, (Change::Delete, now)).await?;
    }
    query("delete from backup_codes where account_id = $1")
        .bind(account)
        .execute(&mut *conn)
        .await?;
    distrust(conn, account).await
}

pub async fn put_backup_codes(
    conn: &mut Conn,
    account: AccountId,
    digests: Vec<Digest>,
    now: Timestamp,
    effects: Effects,
) -> Result<bool> {
    sessions::hold_account(conn, &account).await?;
    let factors = query_scalar::<i64>("select count(*) from factors where account_id = $1")
        .bind(&account)
        .fetch_one(&mut *conn)
        .await?;
    if factors == 0 {
        return Ok(false);
    }
    query("delete from backup_codes where account_id = $1")
        .bind(&account)
        .execute(&mut *conn)
        .await?;
    for digest in digests {
        query("insert into backup_codes (digest, account_id, created_at) values ($1, $2, $3)")
            .bind(digest)
            .bind(&account)
            .bind(now)
            .execute(&mut *conn)
            .await?;
    }
    history::record(conn, effects).await?;
    Ok(true)
}

pub async fn backup_codes_left(conn: &mut Conn, account: &AccountId) -> Result<i64> {
    query_scalar::<i64>(
        "select count(*) from backup_codes where account_id = $1 and used_at is null",
    )
    .bind(account)
    .fetch_one(conn)
    .await
}

pub async fn use_backup_code(
    conn: &mut Conn,
    account: AccountId,
    digest: Digest,
    now: Timestamp,
) -> Result<bool> {
    query(
        "update backup_codes set used_at = $3
         where digest = $2 and account_id = $1 and used_at is null",
    )
    .bind(account)
    .bind(digest)
    .bind(now)
    .execute(conn)
    .await
    .map(|done| done.rows_affected() == 1)
}

pub async fn find_key(conn: &mut Conn, credential: &str) -> Result<Option<FactorRecord>> {
    query_as::<FactorRecord>("select * from factors where credential = $1")
        .bind(credential)
        .fetch_optional(conn)
        .await
}

pub async fn trusted_until(
    conn: &mut Conn,
    device: &Digest,
    account: &AccountId,
) -> Result<Option<Timestamp>> {
    let found = query_scalar::<Option<Timestamp>>(
        "select trusted_until from devices where digest = $1 and account_id = $2",
    )
    .bind(device)
    .bind(account)
    .fetch_optional(conn)
    .await?;
    Ok(found.flatten())
}

/// Every device is asked for a second factor again.
pub(super) async fn distrust(conn: &mut Conn, account: &AccountId) -> Result<()> {
    query("update devices set trusted_until = null where account_id = $1")
        .bind(account)
        .execute(conn)
        .await
        .map(drop)
}

pub async fn strengthen_session(
    conn: &mut Conn,
    new: Strengthened,
    now: Timestamp,
) -> Result<bool> {
    if let Some((kind, digest)) = new.ticket
        && !matches!(
            tickets::redeem_ticket(conn, kind, digest, now).await?,
            Redeemed::Fresh(_)
        )
    {
        return Ok(false);
    }
    let done = query(
        "update sessions set authentication = $3, digest = $4
         where id = $1 and authentication = $2 and ended_at is null
           and idle_until > $5 and expires_at > $5",
    )
    .bind(&new.session)
    .bind(new.was)
    .bind(new.authentication)
    .bind(new.digest)
    .bind(now)
    .execute(&mut *conn)
    .await?
    .rows_affected();
    if done == 1 {
        history::record(conn, new.effects).await?;
    }
    Ok(done == 1)
}
