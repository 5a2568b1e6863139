//! Messages on their way out: claimed for a while, then sent, tried again or
//! given up.

use super::{Conn, Result, query, query_as};
use crate::model::timestamp::Timestamp;
use crate::storage::{EndedGrant, OutboxRecord};

pub(super) async fn insert(conn: &mut Conn, message: OutboxRecord) -> Result<()> {
    query(
        "insert into outbox (id, channel, message_sealed, created_at, next_try_at, locked_until,
                             tries, expires_at, recipient)
         values ($1, $2, $3, $4, $5, 0, 0, $6, $7) on conflict do nothing",
    )
    .bind(message.id)
    .bind(message.channel)
    .bind(message.message_sealed)
    .bind(message.created_at)
    .bind(message.next_try_at)
    .bind(message.expires_at)
    .bind(message.recipient)
    .execute(conn)
    .await
    .map(drop)
}

/// Stores, in the transaction that ended them, that the relying parties of
/// these grants must be told (OpenID Connect Back-Channel Logout §2.5): no
/// caller can forget it and no crash can lose it. The message holds ids only.
pub(super) async fn tell_clients(
    conn: &mut Conn,
    ended: &[EndedGrant],
    now: Timestamp,
) -> Result<()> {
    const DAY: i64 = 86_400_000;
    let mut told = std::collections::BTreeSet::new();
    let mut newest_first: Vec<_> = ended.iter().collect();
    newest_first.sort_by(|one, other| other.grant_id.as_str().cmp(one.grant_id.as_str()));
    for grant in newest_first {
        if !told.insert((&grant.session_id, &grant.client_id)) {
            continue;
        }
        let ids = serde_json::json!({
            "session": grant.session_id, "client": grant.client_id, "account": grant.account_id,
        });
        insert(
            conn,
            OutboxRecord {
                // The newest grant's id makes the message's: a repeat is the same
                // message, and after another sign-in it is another one.
                id: format!("logout-{}", grant.grant_id),
                channel: "backchannel_logout".to_owned(),
                message_sealed: ids.to_string(),
                created_at: now,
                next_try_at: now,
                locked_until: now,
                tries: 0,
                expires_at: Timestamp::from_millis(now.millis() + DAY),
                sent_at: None,
                failed_at: None,
                last_error: None,
                recipient: None,
            },
        )
        .await?;
    }
    Ok(())
}

pub async fn claim_messages(
    conn: &mut Conn,
    channel: String,
    now: Timestamp,
    locked_until: Timestamp,
    limit: i64,
) -> Result<Vec<OutboxRecord>> {
    // The outer condition repeats the inner one: of two nodes that chose the
    // same row, the second finds it locked and leaves it.
    query_as::<OutboxRecord>(
        "update outbox set locked_until = $2, tries = tries + 1
         where id in (select id from outbox where sent_at is null and failed_at is null
                      and channel = $4 and next_try_at <= $1 and locked_until <= $1
                      order by next_try_at limit $3)
           and sent_at is null and failed_at is null and locked_until <= $1
         returning *",
    )
    .bind(now)
    .bind(locked_until)
    .bind(limit)
    .bind(channel)
    .fetch_all(conn)
    .await
}

pub async fn message_sent(conn: &mut Conn, id: String, now: Timestamp) -> Result<()> {
    query(
        "update outbox set sent_at = $2, message_sealed = '', recipient = null, last_error = null
         where id = $1",
    )
    .bind(id)
    .bind(now)
    .execute(conn)
    .await
    .map(drop)
}

pub async fn message_failed(
    conn: &mut Conn,
    id: String,
    error: String,
    next_try_at: Option<Timestamp>,
    now: Timestamp,
) -> Result<()> {
    query(
        "update outbox set last_error = $2, locked_until = 0,
             next_try_at = coalesce(cast($3 as bigint), next_try_at),
             failed_at = case when cast($3 as bigint) is null then $4 end,
             message_sealed = case when cast($3 as bigint) is null then '' else message_sealed end,
             recipient = case when cast($3 as bigint) is null then null else recipient end
         where id = $1 and sent_at is null",
    )
    .bind(id)
    .bind(error)
    .bind(next_try_at)
    .bind(now)
    .execute(conn)
    .await
    .map(drop)
}

pub async fn outbox_waiting(conn: &mut Conn) -> Result<(i64, Option<Timestamp>)> {
    query_as::<(i64, Option<Timestamp>)>(
        "select count(*), min(next_try_at) from outbox where sent_at is null and failed_at is null",
    )
    .fetch_one(conn)
    .await
}
