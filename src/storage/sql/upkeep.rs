//! The state of the database itself, and clearing away what has expired.

use sqlx::{query, query_scalar};

use super::{Conn, Db};
use crate::model::timestamp::Timestamp;

pub async fn applied_migrations(conn: &mut Conn) -> sqlx::Result<Vec<i64>> {
    query_scalar::<Db, i64>("select version from _sqlx_migrations order by version")
        .fetch_all(conn)
        .await
}

pub async fn ping(conn: &mut Conn) -> sqlx::Result<()> {
    query_scalar::<Db, i64>("select cast(1 as bigint)")
        .fetch_one(conn)
        .await
        .map(drop)
}

pub async fn purge(conn: &mut Conn, now: Timestamp) -> sqlx::Result<u64> {
    const DAY: i64 = 86_400_000;
    let mut gone = 0;
    for (statement, before) in [
        // Spent tickets are kept to their expiry, so that a replay is known as one.
        ("delete from tickets where expires_at < $1", now.millis()),
        (
            "delete from throttles where window_ends_at < $1 and coalesce(locked_until, 0) < $1",
            now.millis(),
        ),
        (
            "delete from refresh_tokens where expires_at < $1",
            now.millis(),
        ),
        (
            "delete from outbox where coalesce(sent_at, failed_at) < $1",
            now.millis() - 7 * DAY,
        ),
    ] {
        gone += query::<Db>(statement)
            .bind(before)
            .execute(&mut *conn)
            .await?
            .rows_affected();
    }
    Ok(gone)
}
