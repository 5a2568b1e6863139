//! Access that is being recovered: at most one waiting time for an account, and
//! the new password at its end.

use super::{
    Conn, Result, factors, history, passwords, query, query_as, query_scalar, sessions, tickets,
};
use crate::model::id::AccountId;
use crate::model::secret::Digest;
use crate::model::timestamp::Timestamp;
use crate::storage::{Effects, Recovered, RecoveredBy, RecoveryRecord, Redeemed};

/// A recovery that is under way at `$2`.
const OPEN: &str = "cancelled_at is null and done_at is null and lapses_at > $2";

pub async fn newest_recovery(
    conn: &mut Conn,
    account: &AccountId,
) -> Result<Option<RecoveryRecord>> {
    query_as::<RecoveryRecord>(
        "select * from recoveries where account_id = $1 order by begun_at desc, id desc limit 1",
    )
    .bind(account)
    .fetch_optional(conn)
    .await
}

pub async fn recoveries_of(conn: &mut Conn, account: &AccountId) -> Result<Vec<RecoveryRecord>> {
    query_as::<RecoveryRecord>(
        "select * from recoveries where account_id = $1 order by begun_at desc, id desc",
    )
    .bind(account)
    .fetch_all(conn)
    .await
}

pub async fn find_recovery(conn: &mut Conn, id: &str) -> Result<Option<RecoveryRecord>> {
    query_as::<RecoveryRecord>("select * from recoveries where id = $1")
        .bind(id)
        .fetch_optional(conn)
        .await
}

pub async fn begin_recovery(
    conn: &mut Conn,
    new: RecoveryRecord,
    ticket: (&'static str, Digest),
    effects: Effects,
) -> Result<bool> {
    sessions::hold_account(conn, &new.account_id).await?;
    let (kind, digest) = ticket;
    let shown = tickets::find_ticket(conn, kind, &digest, new.begun_at).await?;
    if shown.is_none_or(|ticket| ticket.spent_at.is_some()) {
        return Ok(false);
    }
    let open = query_scalar::<i64>(const_format::concatcp!(
        "select count(*) from recoveries where account_id = $1 and ",
        OPEN
    ))
    .bind(&new.account_id)
    .bind(new.begun_at)
    .fetch_one(&mut *conn)
    .await?;
    if open > 0 {
        return Ok(false);
    }
    let begun = query(
        "insert into recoveries (id, account_id, contact_kind, begun_at, opens_at, lapses_at, told_at)
         select $1, id, $3, cast($4 as bigint), cast($5 as bigint), cast($6 as bigint),
                cast($7 as bigint)
         from accounts where id = $2 and blocked_at is null",
    )
    .bind(new.id)
    .bind(&new.account_id)
    .bind(new.contact_kind)
    .bind(new.begun_at)
    .bind(new.opens_at)
    .bind(new.lapses_at)
    .bind(new.told_at)
    .execute(&mut *conn)
    .await?
    .rows_affected();
    history::record_if(conn, begun == 1, effects).await
}

pub async fn recoveries_to_tell(
    conn: &mut Conn,
    before: Timestamp,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<RecoveryRecord>> {
    query_as::<RecoveryRecord>(const_format::concatcp!(
        "select * from recoveries where told_at <= $1 and ",
        OPEN,
        " order by told_at limit $3"
    ))
    .bind(before)
    .bind(now)
    .bind(limit)
    .fetch_all(conn)
    .await
}

pub async fn announce_recovery(
    conn: &mut Conn,
    id: String,
    told_at: Timestamp,
    now: Timestamp,
    effects: Effects,
) -> Result<bool> {
    let told = query(const_format::concatcp!(
        "update recoveries set told_at = $2 where id = $1 and told_at = $3 and ",
        OPEN
    ))
    .bind(id)
    .bind(now)
    .bind(told_at)
    .execute(&mut *conn)
    .await?
    .rows_affected();
    history::record_if(conn, told == 1, effects).await
}

pub async fn cancel_recovery(
    conn: &mut Conn,
    id: String,
    account: AccountId,
    now: Timestamp,
    effects: Effects,
) -> Result<bool> {
    sessions::hold_account(conn, &account).await?;
    let cancelled = query(const_format::concatcp!(
        "update recoveries set cancelled_at = $2 where id = $1 and account_id = $3 and ",
        OPEN
    ))
    .bind(id)
    .bind(now)
    .bind(&account)
    .execute(&mut *conn)
    .await?
    .rows_affected()
        == 1;
    if cancelled {
        // Whoever had come further with a code begins anew.
        void_steps(conn, &account, now).await?;
    }
    history::record_if(conn, cancelled, effects).await
}

pub async fn finish_recovery(conn: &mut Conn, new: Recovered, now: Timestamp) -> Result<bool> {
    let account = new.password.account_id.clone();
    let (kind, digest) = new.ticket;
    sessions::hold_account(conn, &account).await?;
    if !is_ready(conn, &account, new.by, &digest, now).await?
        || !matches!(
            tickets::redeem_ticket(conn, kind, digest, now).await?,
            Redeemed::Fresh(_)
        )
    {
        return Ok(false);
    }
    query(const_format::concatcp!(
        "update recoveries set done_at = $2 where account_id = $1 and ",
        OPEN
    ))
    .bind(&account)
    .bind(now)
    .execute(&mut *conn)
    .await?;
    if new.by == RecoveredBy::Wait {
        factors::remove_all(conn, &account, now).await?;
    }
    if let Some(until) = new.restricted_until {
        query(
            "update accounts set restricted_until = $2
             where id = $1 and (restricted_until is null or restricted_until < $2)",
        )
        .bind(&account)
        .bind(until)
        .execute(&mut *conn)
        .await?;
    }
    void_steps(conn, &account, now).await?;
    passwords::set_password(conn, new.password, None, None, new.effects).await?;
    Ok(true)
}

/// Whether the account is open, and still as it was judged.
async fn is_ready(
    conn: &mut Conn,
    account: &AccountId,
    by: RecoveredBy,
    step: &Digest,
    now: Timestamp,
) -> Result<bool> {
    const USABLE: &str = "select count(*) from accounts where id = $1 and blocked_at is null
         and (restricted_until is null or restricted_until <= $2)";
    let statement = match by {
        RecoveredBy::Code => const_format::concatcp!(
            USABLE,
            " and not exists (select 1 from factors where account_id = $1)"
        ),
        RecoveredBy::Factor | RecoveredBy::Wait => USABLE,
    };
    let usable = query_scalar::<i64>(statement)
        .bind(account)
        .bind(now)
        .fetch_one(&mut *conn)
        .await?;
    if usable == 0 || by != RecoveredBy::Wait {
        return Ok(usable == 1);
    }
    // The time is over, or somebody who is trusted vouched for this very step.
    let open = query_scalar::<i64>(const_format::concatcp!(
        "select count(*) from recoveries where account_id = $1 and ",
        OPEN,
        " and (opens_at <= $2
               or exists (select 1 from vouch_requests where recovery_id = recoveries.id
                          and vouched_at is not null and asker = $3))"
    ))
    .bind(account)
    .bind(now)
    .bind(step)
    .fetch_one(conn)
    .await?;
    Ok(open == 1)
}

/// The account was defended: recoveries under way, by a form too, are over, and so
/// are their steps.
pub(super) async fn defend(conn: &mut Conn, account: &AccountId, now: Timestamp) -> Result<()> {
    query(const_format::concatcp!(
        "update recoveries set cancelled_at = $2 where account_id = $1 and ",
        OPEN
    ))
    .bind(account)
    .bind(now)
    .execute(&mut *conn)
    .await?;
    query(
        "update appeals set closed_at = $2, outcome = 'cancelled', erase_at = $2
         where account_id = $1 and closed_at is null",
    )
    .bind(account)
    .bind(now)
    .execute(&mut *conn)
    .await?;
    void_steps(conn, account, now).await
}

/// Every step of the account that somebody has begun is over; the links in
/// messages, which only take away, stay, and so does that of an application,
/// whose row says whether it is good.
pub(super) async fn void_steps(conn: &mut Conn, account: &AccountId, now: Timestamp) -> Result<()> {
    query(
        "update tickets set spent_at = $2 where account_id = $1 and spent_at is null
         and kind not in ('not_me', 'recovery_cancel', 'appeal_cancel', 'appeal_open')",
    )
    .bind(account)
    .bind(now)
    .execute(conn)
    .await
    .map(drop)
}
