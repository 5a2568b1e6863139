//! Counters of tries that every node must agree on.

use super::{Conn, Result, centres, history, query, query_as, query_scalar};
use crate::model::timestamp::Timestamp;
use crate::storage::{Block, LockLift, LockRecord, ThrottleRecord};

pub async fn find_throttle(conn: &mut Conn, name: &str) -> Result<Option<ThrottleRecord>> {
    query_as::<ThrottleRecord>(
        "select hits, window_ends_at, locked_until, block_number from throttles where name = $1",
    )
    .bind(name)
    .fetch_optional(conn)
    .await
}

pub async fn count_hit(
    conn: &mut Conn,
    name: String,
    limit: i64,
    window_millis: i64,
    lock_millis: i64,
    block: Option<Block>,
    now: Timestamp,
) -> Result<ThrottleRecord> {
    let (number, account) = block.map(|block| (block.number, block.account)).unzip();
    // One statement, so that parallel tries cannot slip past the limit. A
    // window that is over starts anew; a lock in force is left as it is.
    query_as::<ThrottleRecord>(
        "insert into throttles
             (name, hits, window_ends_at, locked_until, block_number, locked_at, account_id)
         values ($1, 1, $6 + $3,
                 case when $2 <= 1 then $6 + $4 end, case when $2 <= 1 then $5 end,
                 case when $2 <= 1 then $6 end, $7)
         on conflict (name) do update set
             hits = case when throttles.locked_until > $6 then throttles.hits + 1
                         when throttles.window_ends_at <= $6 or throttles.locked_until is not null then 1
                         else throttles.hits + 1 end,
             window_ends_at = case when throttles.window_ends_at <= $6 then $6 + $3
                                   else throttles.window_ends_at end,
             block_number = case when throttles.locked_until > $6 then throttles.block_number
                                 when throttles.window_ends_at > $6 and throttles.locked_until is null
                                      and throttles.hits + 1 >= $2 then $5
                                 when $2 <= 1 then $5 end,
             locked_at = case when throttles.locked_until > $6 then throttles.locked_at
                              when throttles.window_ends_at > $6 and throttles.locked_until is null
                                   and throttles.hits + 1 >= $2 then $6
                              when $2 <= 1 then $6 end,
             account_id = $7,
             locked_until = case when throttles.locked_until > $6 then throttles.locked_until
                                 when throttles.window_ends_at > $6 and throttles.locked_until is null
                                      and throttles.hits + 1 >= $2 then $6 + $4
                                 when $2 <= 1 then $6 + $4 end
         returning hits, window_ends_at, locked_until, block_number",
    )
    .bind(name)
    .bind(limit)
    .bind(window_millis)
    .bind(lock_millis)
    .bind(number)
    .bind(now)
    .bind(account.flatten())
    .fetch_one(conn)
    .await
}

pub async fn clear_throttle(conn: &mut Conn, name: String) -> Result<()> {
    query("delete from throttles where name = $1")
        .bind(name)
        .execute(conn)
        .await
        .map(drop)
}

pub async fn unlock(conn: &mut Conn, block_number: String) -> Result<bool> {
    // "1 2" is lock 1 that stands behind lock 2: each opens the other.
    let behind = query_scalar::<String>(
        "select block_number from throttles where block_number like $1 || ' %'",
    )
    .bind(&block_number)
    .fetch_optional(&mut *conn)
    .await?;
    let other = behind
        .as_deref()
        .and_then(|numbers| numbers.split(' ').nth(1));
    query(
        "delete from throttles
         where block_number in ($1, $2) or block_number like $1 || ' %' or block_number like '% ' || $1",
    )
    .bind(&block_number)
    .bind(other.unwrap_or(&block_number))
    .execute(conn)
    .await
    .map(|done| done.rows_affected() > 0)
}

pub async fn find_lock(
    conn: &mut Conn,
    block_number: &str,
    now: Timestamp,
) -> Result<Vec<LockRecord>> {
    query_as::<LockRecord>(
        "select name, hits, locked_at, locked_until, account_id from throttles
         where (block_number = $1 or block_number like $1 || ' %') and locked_until > $2
         order by name",
    )
    .bind(block_number)
    .bind(now)
    .fetch_all(conn)
    .await
}

pub async fn lift_lock(conn: &mut Conn, lift: LockLift) -> Result<bool> {
    // The row is the guard: who deletes it writes the lines.
    if !unlock(conn, lift.block_number.clone()).await? {
        return Ok(false);
    }
    query("insert into lifted_locks (id, block_number, at, reason_sealed) values ($1, $2, $3, $4)")
        .bind(&lift.audit.id)
        .bind(lift.block_number)
        .bind(lift.audit.at)
        .bind(lift.reason_sealed)
        .execute(&mut *conn)
        .await?;
    centres::insert_audit(conn, lift.audit).await?;
    history::record(conn, lift.effects).await?;
    Ok(true)
}
