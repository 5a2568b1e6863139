//! Browsers that show notices.

use super::{Conn, Result, history, outbox, query, query_as, query_scalar, sessions};
use crate::model::id::{AccountId, SessionId};
use crate::model::timestamp::Timestamp;
use crate::storage::{Effects, OutboxRecord, PushRecord, PushSubscribed, PushSubscriptionRecord};

pub async fn subscribe_push(
    conn: &mut Conn,
    new: PushSubscriptionRecord,
    most: i64,
    effects: Effects,
) -> Result<PushSubscribed> {
    // Two at once are counted one after the other.
    sessions::hold_account(conn, &new.account_id).await?;
    let others = query_scalar::<i64>(
        "select count(*) from push_subscriptions where endpoint_index = $1 and account_id <> $2",
    )
    .bind(&new.endpoint_index)
    .bind(&new.account_id)
    .fetch_one(&mut *conn)
    .await?;
    if others > 0 {
        return Ok(PushSubscribed::Taken);
    }
    // A browser has one subscription: a fresh one takes the place of the last.
    query(
        "delete from push_subscriptions where account_id = $1
         and (endpoint_index = $2 or device = coalesce(cast($3 as text), ''))",
    )
    .bind(&new.account_id)
    .bind(&new.endpoint_index)
    .bind(&new.device)
    .execute(&mut *conn)
    .await?;
    let held = query_scalar::<i64>("select count(*) from push_subscriptions where account_id = $1")
        .bind(&new.account_id)
        .fetch_one(&mut *conn)
        .await?;
    if held >= most {
        return Ok(PushSubscribed::Full);
    }
    let added = query(
        "insert into push_subscriptions (id, account_id, endpoint_index, subscription_sealed,
                                         details_sealed, device_kind, device, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (endpoint_index) do nothing",
    )
    .bind(new.id)
    .bind(new.account_id)
    .bind(new.endpoint_index)
    .bind(new.subscription_sealed)
    .bind(new.details_sealed)
    .bind(new.device_kind)
    .bind(new.device)
    .bind(new.created_at)
    .execute(&mut *conn)
    .await?
    .rows_affected();
    Ok(match history::record_if(conn, added == 1, effects).await? {
        true => PushSubscribed::Done,
        false => PushSubscribed::Taken,
    })
}

pub async fn push_subscriptions(
    conn: &mut Conn,
    account: &AccountId,
) -> Result<Vec<PushSubscriptionRecord>> {
    query_as::<PushSubscriptionRecord>(
        "select * from push_subscriptions where account_id = $1 order by created_at, id",
    )
    .bind(account)
    .fetch_all(conn)
    .await
}

pub async fn find_push_subscription(
    conn: &mut Conn,
    account: &AccountId,
    id: &str,
) -> Result<Option<PushSubscriptionRecord>> {
    query_as::<PushSubscriptionRecord>(
        "select * from push_subscriptions where id = $2 and account_id = $1",
    )
    .bind(account)
    .bind(id)
    .fetch_optional(conn)
    .await
}

pub async fn remove_push_subscription(
    conn: &mut Conn,
    account: AccountId,
    id: String,
    effects: Effects,
) -> Result<bool> {
    let removed = forget_push_subscription(conn, account, id).await?;
    history::record_if(conn, removed, effects).await
}

pub async fn forget_push_subscription(
    conn: &mut Conn,
    account: AccountId,
    id: String,
) -> Result<bool> {
    query("delete from push_subscriptions where id = $2 and account_id = $1")
        .bind(account)
        .bind(id)
        .execute(conn)
        .await
        .map(|gone| gone.rows_affected() == 1)
}

/// Puts a message into the outbox once for each browser of its account. The
/// lines hold ids and what is sealed with the account's key.
pub(super) async fn tell_browsers(conn: &mut Conn, message: PushRecord) -> Result<()> {
    let browsers = query_scalar::<String>(
        "select id from push_subscriptions where account_id = $1 order by created_at, id",
    )
    .bind(&message.account_id)
    .fetch_all(&mut *conn)
    .await?;
    for browser in browsers {
        let line = serde_json::json!({
            "account": message.account_id, "subscription": browser, "push": message.id,
            "sealed": message.message_sealed, "expires_at": message.expires_at.millis(),
        });
        let record = OutboxRecord {
            id: format!("push-{}-{browser}", message.id),
            channel: "push".to_owned(),
            message_sealed: line.to_string(),
            created_at: message.created_at,
            next_try_at: message.next_try_at,
            locked_until: message.created_at,
            tries: 0,
            expires_at: message.expires_at,
            sent_at: None,
            failed_at: None,
            last_error: None,
            // By it they are found when the account is deleted.
            recipient: Some(message.account_id.to_string()),
        };
        outbox::insert(conn, record).await?;
    }
    Ok(())
}

/// Forgets every browser of an account, also the one that is kept signed in:
/// what it subscribed may be anybody's.
pub(super) async fn forget_browsers(conn: &mut Conn, account: &AccountId) -> Result<()> {
    query("delete from push_subscriptions where account_id = $1")
        .bind(account)
        .execute(conn)
        .await
        .map(drop)
}

/// Forgets browsers that were subscribed since a moment, in a session or on a
/// device that is in doubt.
pub(super) async fn forget_since(
    conn: &mut Conn,
    account: &AccountId,
    since: Timestamp,
    session: Option<SessionId>,
) -> Result<()> {
    query(
        "delete from push_subscriptions where account_id = $1
         and (created_at >= $2
              or device in (select device from sessions where account_id = $1
                            and device is not null
                            and (created_at >= $2 or id = coalesce(cast($3 as text), ''))))",
    )
    .bind(account)
    .bind(since)
    .bind(session)
    .execute(conn)
    .await
    .map(drop)
}

/// Forgets the browser of a session that its owner has ended from elsewhere.
pub(super) async fn forget_of_session(conn: &mut Conn, session: &SessionId) -> Result<()> {
    query(
        "delete from push_subscriptions where device is not null
         and exists (select 1 from sessions where sessions.id = $1
                     and sessions.account_id = push_subscriptions.account_id
                     and sessions.device = push_subscriptions.device)",
    )
    .bind(session)
    .execute(conn)
    .await
    .map(drop)
}
