//! Streams: their settings, and what waits on them on its way to the receiver.

use super::{Conn, Result, query, query_as, query_scalar, signals};
use crate::model::id::{AccountId, ClientId};
use crate::model::level::Level;
use crate::model::signal::Particulars;
use crate::model::timestamp::Timestamp;
use crate::storage::{StreamEventRecord, StreamRecord, StreamState, Taken, VerificationAsked};

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

pub async fn claim_stream(
    conn: &mut Conn,
    now: Timestamp,
    locked_until: Timestamp,
) -> Result<Option<StreamRecord>> {
    // The outer condition repeats the inner one: of two nodes that chose the
    // same stream, the second finds it locked and leaves it.
    query_as::<StreamRecord>(
        "update streams set locked_until = $2
         where id = (select s.id from streams s join clients l on l.id = s.client_id
                     where s.delivery = 'push' and s.status <> 'disabled'
                       and l.disabled_at is null and s.locked_until <= $1 and s.next_try_at <= $1
                       and exists (select 1 from stream_events e where e.stream_id = s.id
                                   and (s.status = 'enabled' or e.signal = 'stream-updated'))
                     order by s.next_try_at, s.id limit 1)
           and locked_until <= $1
         returning *",
    )
    .bind(now)
    .bind(locked_until)
    .fetch_optional(conn)
    .await
}

pub async fn waiting_events(
    conn: &mut Conn,
    stream: String,
    limit: i64,
    now: Timestamp,
) -> Result<Vec<StreamEventRecord>> {
    // A consent may have run out since, and nobody has written that down yet.
    query(
        "delete from stream_events where stream_id = $1 and account_id is not null
           and signal <> 'account-purged'
           and not exists (select 1 from consents c join streams s on s.client_id = c.client_id
                           where s.id = $1 and c.account_id = stream_events.account_id
                             and c.withdrawn_at is null
                             and (c.expires_at is null or c.expires_at > $2))",
    )
    .bind(&stream)
    .bind(now)
    .execute(&mut *conn)
    .await?;
    query_as::<StreamEventRecord>(
        "select e.stream_id, e.jti, e.account_id, e.signal, e.session_id, e.particulars, e.at
         from stream_events e join streams s on s.id = e.stream_id
         where s.id = $1 and s.status <> 'disabled'
           and (s.status = 'enabled' or e.signal = 'stream-updated')
         order by e.seq, e.at, e.jti limit $2",
    )
    .bind(stream)
    .bind(limit)
    .fetch_all(conn)
    .await
}

pub async fn settle_level(
    conn: &mut Conn,
    event: StreamEventRecord,
    account: AccountId,
    level: Level,
) -> Result<Option<String>> {
    let before = query_scalar::<String>(
        "select level from stream_levels where stream_id = $1 and account_id = $2",
    )
    .bind(&event.stream_id)
    .bind(&account)
    .fetch_optional(&mut *conn)
    .await?;
    if before.as_deref() == Some(level.as_str()) {
        query("delete from stream_events where stream_id = $1 and jti = $2")
            .bind(event.stream_id)
            .bind(event.jti)
            .execute(conn)
            .await?;
        return Ok(None);
    }
    query(
        "insert into stream_levels (stream_id, account_id, level) values ($1, $2, $3)
         on conflict (stream_id, account_id) do update set level = excluded.level",
    )
    .bind(&event.stream_id)
    .bind(account)
    .bind(level.as_str())
    .execute(&mut *conn)
    .await?;
    let particulars = Particulars {
        level: Some(level),
        level_before: before.as_deref().and_then(Level::parse),
        ..serde_json::from_str(&event.particulars).unwrap_or_default()
    };
    let particulars = serde_json::to_string(&particulars).unwrap_or(event.particulars);
    query("update stream_events set particulars = $3 where stream_id = $1 and jti = $2")
        .bind(event.stream_id)
        .bind(event.jti)
        .bind(&particulars)
        .execute(conn)
        .await?;
    Ok(Some(particulars))
}

/// Takes the stream before its events: whoever takes both does so in this order,
/// so that none waits for another that waits for it.
async fn hold(conn: &mut Conn, stream: &str) -> Result<()> {
    query("update streams set version = version where id = $1")
        .bind(stream)
        .execute(conn)
        .await
        .map(drop)
}

pub async fn take_event(
    conn: &mut Conn,
    stream: String,
    jti: String,
    taken: Taken,
    now: Timestamp,
) -> Result<bool> {
    hold(conn, &stream).await?;
    let gone = query("delete from stream_events where stream_id = $1 and jti = $2")
        .bind(&stream)
        .bind(jti)
        .execute(&mut *conn)
        .await?
        .rows_affected()
        == 1;
    // Taken twice it is taken: the repeat says nothing new.
    if !gone {
        return Ok(false);
    }
    match taken {
        Taken::Delivered => {
            query(
                "update streams set last_delivered_at = $2, tries = 0, last_error = null
                 where id = $1",
            )
            .bind(stream)
            .bind(now)
            .execute(conn)
            .await?;
        }
        Taken::GivenUp(Some(why)) => {
            query("update streams set tries = 0, last_error = $2 where id = $1")
                .bind(stream)
                .bind(why)
                .execute(conn)
                .await?;
        }
        Taken::GivenUp(None) => {}
    }
    Ok(true)
}

pub async fn release_stream(
    conn: &mut Conn,
    stream: String,
    locked_until: Timestamp,
    failed: Option<(String, Timestamp)>,
    now: Timestamp,
) -> Result<()> {
    // Only who holds it: the lock may have ended while the receiver was waited
    // for, and another node have it.
    let (error, next_try_at) = failed.unzip();
    query(
        "update streams set locked_until = 0,
             tries = case when cast($3 as text) is null then tries else tries + 1 end,
             last_error = coalesce(cast($3 as text), last_error),
             next_try_at = coalesce(cast($4 as bigint), $5)
         where id = $1 and locked_until = $2",
    )
    .bind(stream)
    .bind(locked_until)
    .bind(error)
    .bind(next_try_at)
    // Behind the others: a slow receiver that always has something waiting must
    // not be the first each time.
    .bind(now)
    .execute(conn)
    .await
    .map(drop)
}

pub async fn overdue_streams(conn: &mut Conn, before: Timestamp, most: i64) -> Result<Vec<String>> {
    query_scalar::<String>(
        "select id from streams
         where exists (select 1 from stream_events where stream_id = streams.id and at < $1)
            or (select count(*) from stream_events where stream_id = streams.id) > $2
         order by id",
    )
    .bind(before)
    .bind(most)
    .fetch_all(conn)
    .await
}

pub async fn give_up_events(
    conn: &mut Conn,
    event: StreamEventRecord,
    reason: String,
    before: Timestamp,
    most: i64,
) -> Result<u64> {
    hold(conn, &event.stream_id).await?;
    let mut gone = 0;
    for (statement, bound) in [
        (
            "delete from stream_events where stream_id = $1 and at < $2",
            before.millis(),
        ),
        (
            "delete from stream_events where stream_id = $1
               and seq <= (select seq from stream_events where stream_id = $1
                           order by seq desc limit 1 offset $2)",
            most,
        ),
    ] {
        gone += query(statement)
            .bind(&event.stream_id)
            .bind(bound)
            .execute(&mut *conn)
            .await?
            .rows_affected();
    }
    if gone == 0 {
        return Ok(0);
    }
    // What is lost must not be lost unseen: the receiver switches it on again,
    // and reads why, also where it had paused the stream itself.
    let told = query(
        "update streams set status = 'paused', status_reason = $2, next_try_at = $3, tries = 0
         where id = $1 and status <> 'disabled'",
    )
    .bind(&event.stream_id)
    .bind(reason)
    .bind(event.at)
    .execute(&mut *conn)
    .await?
    .rows_affected();
    if told == 1 {
        // Once is enough, however often something is lost.
        query("delete from stream_events where stream_id = $1 and signal = 'stream-updated'")
            .bind(&event.stream_id)
            .execute(&mut *conn)
            .await?;
        signals::insert(conn, event).await?;
    }
    Ok(gone)
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

pub async fn signals_waiting(conn: &mut Conn) -> Result<(i64, Option<Timestamp>)> {
    query_as::<(i64, Option<Timestamp>)>("select count(*), min(at) from stream_events")
        .fetch_one(conn)
        .await
}
