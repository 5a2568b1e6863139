//! Streams of signals: their settings and how they stand.

use super::{Conn, Result, query, query_as, query_scalar, signals};
use crate::model::id::ClientId;
use crate::model::timestamp::Timestamp;
use crate::storage::{StreamEventRecord, StreamRecord, StreamState, VerificationAsked};

pub async fn create_stream(conn: &mut Conn, new: StreamRecord) -> Result<bool> {
    query(
        "insert into streams (id, client_id, version, delivery, endpoint_url,
                              authorization_sealed, events_requested, events_delivered,
                              description, status, status_reason, created_at, locked_until,
                              next_try_at, tries)
         values ($1, $2, 1, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0, $11, 0)
         on conflict (client_id) do nothing",
    )
    .bind(new.id)
    .bind(new.client_id)
    .bind(new.delivery)
    .bind(new.endpoint_url)
    .bind(new.authorization_sealed)
    .bind(new.events_requested)
    .bind(new.events_delivered)
    .bind(new.description)
    .bind(new.status)
    .bind(new.status_reason)
    .bind(new.created_at)
    .execute(conn)
    .await
    .map(|done| done.rows_affected() == 1)
}

pub async fn stream_of(conn: &mut Conn, client: &ClientId) -> Result<Option<StreamRecord>> {
    query_as::<StreamRecord>("select * from streams where client_id = $1")
        .bind(client)
        .fetch_optional(conn)
        .await
}

pub async fn change_stream(conn: &mut Conn, changed: StreamRecord, now: Timestamp) -> Result<bool> {
    // Another address may be better than the one that failed: it is tried now.
    query(
        "update streams set version = version + 1, delivery = $3, endpoint_url = $4,
                authorization_sealed = $5, events_requested = $6, events_delivered = $7,
                description = $8, next_try_at = $9, tries = 0
         where id = $1 and version = $2",
    )
    .bind(changed.id)
    .bind(changed.version)
    .bind(changed.delivery)
    .bind(changed.endpoint_url)
    .bind(changed.authorization_sealed)
    .bind(changed.events_requested)
    .bind(changed.events_delivered)
    .bind(changed.description)
    .bind(now)
    .execute(conn)
    .await
    .map(|done| done.rows_affected() == 1)
}

pub async fn delete_stream(conn: &mut Conn, id: String) -> Result<bool> {
    hold(conn, &id).await?;
    for statement in [
        "delete from stream_events where stream_id = $1",
        "delete from stream_exclusions where stream_id = $1",
        "delete from stream_levels where stream_id = $1",
    ] {
        query(statement).bind(&id).execute(&mut *conn).await?;
    }
    query("delete from streams where id = $1")
        .bind(id)
        .execute(conn)
        .await
        .map(|done| done.rows_affected() == 1)
}

pub async fn set_stream_status(
    conn: &mut Conn,
    id: String,
    status: String,
    reason: Option<String>,
    now: Timestamp,
) -> Result<bool> {
    let found = query(
        "update streams set status = $2, status_reason = $3, next_try_at = $4, tries = 0
         where id = $1",
    )
    .bind(&id)
    .bind(&status)
    .bind(reason)
    .bind(now)
    .execute(&mut *conn)
    .await?
    .rows_affected()
        == 1;
    // What we said of the status before is not so any more; a disabled stream
    // holds nothing.
    query(
        "delete from stream_events
         where stream_id = $1 and (signal = 'stream-updated' or $2 = 'disabled')",
    )
    .bind(id)
    .bind(status)
    .execute(conn)
    .await?;
    Ok(found)
}

pub async fn ask_verification(
    conn: &mut Conn,
    event: StreamEventRecord,
    not_since: Timestamp,
) -> Result<VerificationAsked> {
    let asked = query(
        "update streams set verified_at = $2
         where id = $1 and status <> 'disabled' and coalesce(verified_at, 0) <= $3",
    )
    .bind(&event.stream_id)
    .bind(event.at)
    .bind(not_since)
    .execute(&mut *conn)
    .await?
    .rows_affected();
    if asked == 1 {
        signals::insert(conn, event).await?;
        return Ok(VerificationAsked::Now);
    }
    let listens =
        query_scalar::<i64>("select count(*) from streams where id = $1 and status <> 'disabled'")
            .bind(event.stream_id)
            .fetch_one(conn)
            .await?;
    Ok(match listens {
        0 => VerificationAsked::Silent,
        _ => VerificationAsked::TooSoon,
    })
}

pub async fn exclude_subject(
    conn: &mut Conn,
    stream: String,
    subject: String,
    most: i64,
) -> Result<bool> {
    query(
        "insert into stream_exclusions (stream_id, subject)
         select id, cast($2 as text) from streams
         where id = $1 and (select count(*) from stream_exclusions where stream_id = $1) < $3
         on conflict do nothing",
    )
    .bind(&stream)
    .bind(&subject)
    .bind(most)
    .execute(&mut *conn)
    .await?;
    is_excluded(conn, &stream, &subject).await
}

pub async fn include_subject(conn: &mut Conn, stream: String, subject: String) -> Result<()> {
    query("delete from stream_exclusions where stream_id = $1 and subject = $2")
        .bind(stream)
        .bind(subject)
        .execute(conn)
        .await
        .map(drop)
}

pub async fn is_excluded(conn: &mut Conn, stream: &str, subject: &str) -> Result<bool> {
    query_scalar::<i64>(
        "select count(*) from stream_exclusions where stream_id = $1 and subject = $2",
    )
    .bind(stream)
    .bind(subject)
    .fetch_one(conn)
    .await
    .map(|found| found > 0)
}

pub async fn stream_states(conn: &mut Conn) -> Result<Vec<StreamState>> {
    query_as::<StreamState>(
        "select s.id, s.client_id, s.delivery, s.status, s.status_reason, s.last_delivered_at,
                s.last_error, count(e.jti) as waiting, min(e.at) as oldest_at
         from streams s left join stream_events e on e.stream_id = s.id
         group by s.id, s.client_id, s.delivery, s.status, s.status_reason, s.last_delivered_at,
                  s.last_error
         order by s.client_id",
    )
    .fetch_all(conn)
    .await
}

/// Takes the stream before its events: whoever takes both does so in this order,
/// so that none waits for another that waits for it.
pub(super) async fn hold(conn: &mut Conn, stream: &str) -> Result<()> {
    query("update streams set version = version where id = $1")
        .bind(stream)
        .execute(conn)
        .await
        .map(drop)
}
