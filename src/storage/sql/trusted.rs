//! Citizens who vouch for others, and what they are asked.

use super::{Conn, Result, history, query, query_as, query_scalar, sessions, signals};
use crate::model::id::AccountId;
use crate::model::timestamp::Timestamp;
use crate::storage::{Effects, TrustedRecord, VouchRecord};

/// A choice that stands at `$2`, confirmed or not.
const STANDS: &str = "ended_at is null and (confirmed_at is not null or expires_at > $2)";

pub async fn invite_trusted(conn: &mut Conn, new: TrustedRecord, effects: Effects) -> Result<bool> {
    sessions::hold_account(conn, &new.account_id).await?;
    if trusted_of(conn, &new.account_id, new.invited_at)
        .await?
        .is_some()
    {
        return Ok(false);
    }
    query(
        "insert into trusted_contacts (id, account_id, contact_id, typed_sealed, invited_at, expires_at)
         values ($1, $2, $3, $4, $5, $6)",
    )
    .bind(new.id)
    .bind(new.account_id)
    .bind(new.contact_id)
    .bind(new.typed_sealed)
    .bind(new.invited_at)
    .bind(new.expires_at)
    .execute(&mut *conn)
    .await?;
    history::record_if(conn, true, effects).await
}

pub async fn trust_of(conn: &mut Conn, account: &AccountId) -> Result<Vec<TrustedRecord>> {
    query_as::<TrustedRecord>(
        "select * from trusted_contacts where account_id = $1 order by invited_at desc, id desc",
    )
    .bind(account)
    .fetch_all(conn)
    .await
}

pub async fn trusted_of(
    conn: &mut Conn,
    account: &AccountId,
    now: Timestamp,
) -> Result<Option<TrustedRecord>> {
    query_as::<TrustedRecord>(const_format::concatcp!(
        "select * from trusted_contacts where account_id = $1 and ",
        STANDS,
        " order by invited_at desc limit 1"
    ))
    .bind(account)
    .bind(now)
    .fetch_optional(conn)
    .await
}

pub async fn trusting(
    conn: &mut Conn,
    contact: &AccountId,
    now: Timestamp,
) -> Result<Vec<TrustedRecord>> {
    query_as::<TrustedRecord>(const_format::concatcp!(
        "select * from trusted_contacts where contact_id = $1 and ",
        STANDS,
        " order by invited_at, id"
    ))
    .bind(contact)
    .bind(now)
    .fetch_all(conn)
    .await
}

pub async fn confirm_trusted(
    conn: &mut Conn,
    id: String,
    contact: AccountId,
    most: i64,
    now: Timestamp,
    effects: Effects,
) -> Result<bool> {
    // Two invitations at once are counted one after the other.
    sessions::hold_account(conn, &contact).await?;
    let confirmed = query_scalar::<AccountId>(
        "update trusted_contacts set confirmed_at = $3
         where id = $1 and contact_id = $2 and ended_at is null and confirmed_at is null
           and expires_at > $3
           and (select count(*) from trusted_contacts
                where contact_id = $2 and ended_at is null and confirmed_at is not null) < $4
         returning account_id",
    )
    .bind(&id)
    .bind(contact)
    .bind(now)
    .bind(most)
    .fetch_optional(&mut *conn)
    .await?;
    if let Some(account) = &confirmed {
        signals::tell_trusted(conn, account, &id, now).await?;
    }
    history::record_if(conn, confirmed.is_some(), effects).await
}

pub async fn end_trusted(
    conn: &mut Conn,
    id: String,
    by: AccountId,
    now: Timestamp,
    effects: Effects,
) -> Result<bool> {
    let ended = query_scalar::<AccountId>(
        "update trusted_contacts set ended_at = $3
         where id = $1 and (account_id = $2 or contact_id = $2) and ended_at is null
         returning account_id",
    )
    .bind(&id)
    .bind(by)
    .bind(now)
    .fetch_optional(&mut *conn)
    .await?;
    if let Some(account) = &ended {
        signals::tell_trusted(conn, account, &id, now).await?;
    }
    history::record_if(conn, ended.is_some(), effects).await
}

pub async fn ask_to_vouch(conn: &mut Conn, new: VouchRecord, effects: Effects) -> Result<bool> {
    sessions::hold_account(conn, &new.account_id).await?;
    let waits = query_scalar::<i64>(
        "select count(*) from vouch_requests where recovery_id = $1
         and (vouched_at is not null or expires_at > $2)",
    )
    .bind(&new.recovery_id)
    .bind(new.asked_at)
    .fetch_one(&mut *conn)
    .await?;
    if waits > 0 {
        return Ok(false);
    }
    let asked = query(
        "insert into vouch_requests (id, recovery_id, account_id, contact_id, number, asked_at, expires_at, asker)
         select $1, id, account_id, $4, $5, cast($6 as bigint), cast($7 as bigint), $8
         from recoveries
         where id = $2 and account_id = $3 and cancelled_at is null and done_at is null
           and lapses_at > $6
           and exists (select 1 from trusted_contacts where account_id = $3 and contact_id = $4
                       and confirmed_at is not null and ended_at is null)",
    )
    .bind(new.id)
    .bind(new.recovery_id)
    .bind(new.account_id)
    .bind(new.contact_id)
    .bind(new.number)
    .bind(new.asked_at)
    .bind(new.expires_at)
    .bind(new.asker)
    .execute(&mut *conn)
    .await?
    .rows_affected();
    history::record_if(conn, asked == 1, effects).await
}

pub async fn vouch_request_of(conn: &mut Conn, recovery: &str) -> Result<Option<VouchRecord>> {
    query_as::<VouchRecord>(
        "select * from vouch_requests where recovery_id = $1 order by asked_at desc limit 1",
    )
    .bind(recovery)
    .fetch_optional(conn)
    .await
}

pub async fn vouch_requests(
    conn: &mut Conn,
    contact: &AccountId,
    now: Timestamp,
) -> Result<Vec<VouchRecord>> {
    query_as::<VouchRecord>(
        "select * from vouch_requests where contact_id = $1 and vouched_at is null and expires_at > $2
           and recovery_id in (select id from recoveries
                               where cancelled_at is null and done_at is null and lapses_at > $2)
         order by asked_at, id",
    )
    .bind(contact)
    .bind(now)
    .fetch_all(conn)
    .await
}

pub async fn vouch(
    conn: &mut Conn,
    id: String,
    contact: AccountId,
    now: Timestamp,
    effects: Effects,
) -> Result<bool> {
    // Whoever asked waits no longer, unless it was cancelled or the trust ended.
    let vouched = query(
        "update vouch_requests set vouched_at = $3
         where id = $1 and contact_id = $2 and vouched_at is null and expires_at > $3
           and exists (select 1 from trusted_contacts
                       where trusted_contacts.account_id = vouch_requests.account_id
                         and trusted_contacts.contact_id = $2
                         and confirmed_at is not null and ended_at is null)
           and exists (select 1 from recoveries
                       where recoveries.id = vouch_requests.recovery_id
                         and cancelled_at is null and done_at is null and lapses_at > $3)",
    )
    .bind(id)
    .bind(contact)
    .bind(now)
    .execute(&mut *conn)
    .await?
    .rows_affected();
    history::record_if(conn, vouched == 1, effects).await
}
