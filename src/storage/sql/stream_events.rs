//! Signals that wait on their streams, on their way to the receivers.

use super::streams::hold;
use super::{Conn, Result, query, query_as, query_scalar, signals};
use crate::model::id::AccountId;
use crate::model::level::Level;
use crate::model::signal::Particulars;
use crate::model::timestamp::Timestamp;
use crate::storage::{StreamEventRecord, StreamRecord, Taken};

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

pub async fn signals_waiting(conn: &mut Conn) -> Result<(i64, Option<Timestamp>)> {
    query_as::<(i64, Option<Timestamp>)>("select count(*), min(at) from stream_events")
        .fetch_one(conn)
        .await
}
