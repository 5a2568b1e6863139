//! The state of the database itself, and clearing away what has expired.

use super::{Conn, Result, query, query_scalar};
use crate::model::timestamp::Timestamp;

pub async fn applied_migrations(conn: &mut Conn) -> Result<Vec<i64>> {
    query_scalar::<i64>("select version from _sqlx_migrations order by version")
        .fetch_all(conn)
        .await
}

pub async fn ping(conn: &mut Conn) -> Result<()> {
    query_scalar::<i64>("select cast(1 as bigint)")
        .fetch_one(conn)
        .await
        .map(drop)
}

pub async fn mark_change(conn: &mut Conn) -> Result<()> {
    query(
        "insert into marks (name, value) values ('commands', 1)
         on conflict (name) do update set value = marks.value + 1",
    )
    .execute(conn)
    .await
    .map(drop)
}

const DAY: i64 = 86_400_000;
/// Our cookie lives for a year from the last sign-in, and no browser keeps any
/// for longer than this (RFC 6265bis §5.5): such a device cannot come back.
const DEVICE_LIFE: i64 = 400 * DAY;
/// A printed letter that nobody posts in this time waits to be printed again.
const UNPOSTED_LIFE: i64 = 14 * DAY;
/// How long a citizen can read how a check ended.
const SUBMISSION_LIFE: i64 = 90 * DAY;
/// How long a citizen can read a closed request to support.
const SUPPORT_LIFE: i64 = 365 * DAY;
/// A day longer than the links that bring back what was removed or replaced.
const REMOVED_LIFE: i64 = 11 * DAY;
/// How long it can be seen how a recovery ended.
const RECOVERY_LIFE: i64 = 90 * DAY;

pub async fn purge(conn: &mut Conn, limit: i64, now: Timestamp) -> Result<u64> {
    let mut gone = 0;
    // What came back to life meanwhile stays: the outer conditions are asked
    // again when another node's change was waited for.
    for (statement, before) in [
        // Spent tickets are kept to their expiry, so that a replay is known as one.
        (
            "delete from tickets where (kind, digest) in
                 (select kind, digest from tickets where expires_at < $1 limit $2)",
            now.millis(),
        ),
        // Those of a stream that ended while they were written.
        (
            "delete from stream_events where (stream_id, jti) in
                 (select stream_id, jti from stream_events where at < $1
                  and stream_id not in (select id from streams) limit $2)",
            now.millis(),
        ),
        (
            "delete from throttles where name in
                 (select name from throttles
                  where window_ends_at < $1 and coalesce(locked_until, 0) < $1 limit $2)
             and window_ends_at < $1 and coalesce(locked_until, 0) < $1",
            now.millis(),
        ),
        (
            "delete from outbox where id in
                 (select id from outbox where coalesce(sent_at, failed_at) < $1 limit $2)",
            now.millis() - 7 * DAY,
        ),
        (
            "delete from devices where digest in
                 (select digest from devices where last_used_at < $1 limit $2)
             and last_used_at < $1",
            now.millis() - DEVICE_LIFE,
        ),
        // What a match changed is in the account; the rest need not be kept.
        (
            "delete from submissions where id in
                 (select id from submissions where closed_at < $1 limit $2)
             and closed_at < $1",
            now.millis() - SUBMISSION_LIFE,
        ),
        (
            "delete from support_requests where number in
                 (select number from support_requests where closed_at < $1 limit $2)
             and closed_at < $1",
            now.millis() - SUPPORT_LIFE,
        ),
        (
            "delete from lifted_locks where id in
                 (select id from lifted_locks where at < $1 limit $2)",
            now.millis() - SUPPORT_LIFE,
        ),
        (
            "delete from removed_factors where id in
                 (select id from removed_factors where removed_at < $1 limit $2)",
            now.millis() - REMOVED_LIFE,
        ),
        (
            "delete from replaced_contacts where (account_id, kind, replaced_at) in
                 (select account_id, kind, replaced_at from replaced_contacts
                  where replaced_at < $1 limit $2)",
            now.millis() - REMOVED_LIFE,
        ),
        (
            "delete from recoveries where id in
                 (select id from recoveries where lapses_at < $1 limit $2)",
            now.millis() - RECOVERY_LIFE,
        ),
        (
            "delete from appeals where number in
                 (select number from appeals where closed_at < $1 limit $2)",
            now.millis() - RECOVERY_LIFE,
        ),
        // Lost on the way to the post: it is printed anew, with another code.
        (
            "update letters
             set batch = null, centre_id = null, printed_at = null, code_sealed = null
             where number in (select number from letters
                              where posted_at is null and printed_at < $1 limit $2)
             and posted_at is null and printed_at < $1",
            now.millis() - UNPOSTED_LIFE,
        ),
    ] {
        gone += query(statement)
            .bind(before)
            .bind(limit)
            .execute(&mut *conn)
            .await?
            .rows_affected();
    }
    Ok(gone)
}
