//! Requests to support: one operator at a time, an answer to what was read, and
//! one line when somebody waits too long.

use super::{Conn, Result, centres, history, query, query_as, query_scalar};
use crate::model::id::AccountId;
use crate::model::timestamp::Timestamp;
use crate::storage::{
    AuditRecord, Effects, SupportAnswer, SupportMessageRecord, SupportOpened, SupportRequestRecord,
};

pub async fn open_support_request(
    conn: &mut Conn,
    request: SupportRequestRecord,
    first: SupportMessageRecord,
    most: i64,
    effects: Effects,
) -> Result<SupportOpened> {
    // Two at once must not both find room for one.
    super::sessions::hold_account(conn, &request.account_id).await?;
    let open = query_scalar::<i64>(
        "select count(*) from support_requests where account_id = $1 and closed_at is null",
    )
    .bind(&request.account_id)
    .fetch_one(&mut *conn)
    .await?;
    if open >= most {
        return Ok(SupportOpened::TooMany);
    }
    let added = query(
        "insert into support_requests
             (number, account_id, topic, created_at, last_message, waiting_since)
         values ($1, $2, $3, $4, $5, $6) on conflict do nothing",
    )
    .bind(request.number)
    .bind(request.account_id)
    .bind(request.topic)
    .bind(request.created_at)
    .bind(request.last_message)
    .bind(request.waiting_since)
    .execute(&mut *conn)
    .await?
    .rows_affected();
    if added == 0 {
        return Ok(SupportOpened::NumberTaken);
    }
    insert_message(conn, first).await?;
    history::record(conn, effects).await?;
    Ok(SupportOpened::Opened)
}

async fn insert_message(conn: &mut Conn, message: SupportMessageRecord) -> Result<()> {
    query(
        "insert into support_messages (id, request_number, at, author, text_sealed)
         values ($1, $2, $3, $4, $5)",
    )
    .bind(message.id)
    .bind(message.request_number)
    .bind(message.at)
    .bind(message.author)
    .bind(message.text_sealed)
    .execute(conn)
    .await
    .map(drop)
}

pub async fn support_requests_of(
    conn: &mut Conn,
    account: &AccountId,
    limit: i64,
) -> Result<Vec<SupportRequestRecord>> {
    query_as::<SupportRequestRecord>(
        "select * from support_requests where account_id = $1
         order by created_at desc, number limit $2",
    )
    .bind(account)
    .bind(limit)
    .fetch_all(conn)
    .await
}

pub async fn find_support_request(
    conn: &mut Conn,
    number: &str,
) -> Result<Option<SupportRequestRecord>> {
    query_as::<SupportRequestRecord>("select * from support_requests where number = $1")
        .bind(number)
        .fetch_optional(conn)
        .await
}

pub async fn support_messages(conn: &mut Conn, number: &str) -> Result<Vec<SupportMessageRecord>> {
    query_as::<SupportMessageRecord>(
        "select * from support_messages where request_number = $1 order by at, id",
    )
    .bind(number)
    .fetch_all(conn)
    .await
}

pub async fn add_support_message(
    conn: &mut Conn,
    account: AccountId,
    message: SupportMessageRecord,
    effects: Effects,
) -> Result<bool> {
    // Who waits already has waited since then.
    let written = query(
        "update support_requests
         set last_message = $3, waiting_since = coalesce(waiting_since, $4),
             escalated_at = case when waiting_since is null then null else escalated_at end
         where number = $1 and account_id = $2 and closed_at is null",
    )
    .bind(&message.request_number)
    .bind(account)
    .bind(&message.id)
    .bind(message.at)
    .execute(&mut *conn)
    .await?
    .rows_affected();
    if written == 0 {
        return Ok(false);
    }
    insert_message(conn, message).await?;
    history::record(conn, effects).await?;
    Ok(true)
}

pub async fn close_support_request(
    conn: &mut Conn,
    account: AccountId,
    number: String,
    now: Timestamp,
    effects: Effects,
) -> Result<bool> {
    let closed = query(
        "update support_requests
         set closed_at = $3, waiting_since = null, claimed_by = null, claimed_until = null
         where number = $1 and account_id = $2 and closed_at is null",
    )
    .bind(number)
    .bind(account)
    .bind(now)
    .execute(&mut *conn)
    .await?
    .rows_affected();
    if closed == 1 {
        history::record(conn, effects).await?;
    }
    Ok(closed == 1)
}

pub async fn support_queue(
    conn: &mut Conn,
    but_of: &AccountId,
    limit: i64,
) -> Result<Vec<SupportRequestRecord>> {
    query_as::<SupportRequestRecord>(
        "select * from support_requests
         where waiting_since is not null and closed_at is null and account_id <> $1
         order by waiting_since, number limit $2",
    )
    .bind(but_of)
    .bind(limit)
    .fetch_all(conn)
    .await
}

pub async fn support_waiting_before(
    conn: &mut Conn,
    but_of: &AccountId,
    before: Timestamp,
) -> Result<i64> {
    query_scalar::<i64>(
        "select count(*) from support_requests
         where waiting_since <= $2 and closed_at is null and account_id <> $1",
    )
    .bind(but_of)
    .bind(before)
    .fetch_one(conn)
    .await
}

pub async fn claim_support_request(
    conn: &mut Conn,
    number: String,
    until: Timestamp,
    audit: AuditRecord,
    effects: Effects,
) -> Result<bool> {
    let claimed = query(
        "update support_requests set claimed_by = $2, claimed_until = $4
         where number = $1 and account_id <> $2 and account_id = $5
           and waiting_since is not null and closed_at is null
           and (claimed_by = $2 or coalesce(claimed_until, 0) <= $3)",
    )
    .bind(number)
    .bind(&audit.operator_id)
    .bind(audit.at)
    .bind(until)
    .bind(&audit.account_id)
    .execute(&mut *conn)
    .await?
    .rows_affected();
    if claimed == 0 {
        return Ok(false);
    }
    centres::insert_audit(conn, audit).await?;
    history::record(conn, effects).await?;
    Ok(true)
}

pub async fn claimed_support_request(
    conn: &mut Conn,
    number: &str,
    operator: &AccountId,
    now: Timestamp,
) -> Result<Option<SupportRequestRecord>> {
    query_as::<SupportRequestRecord>(
        "select * from support_requests
         where number = $1 and claimed_by = $2 and claimed_until > $3 and account_id <> $2
           and waiting_since is not null and closed_at is null",
    )
    .bind(number)
    .bind(operator)
    .bind(now)
    .fetch_optional(conn)
    .await
}

pub async fn release_support_request(
    conn: &mut Conn,
    number: String,
    operator: AccountId,
    now: Timestamp,
) -> Result<bool> {
    query(
        "update support_requests set claimed_by = null, claimed_until = null
         where number = $1 and claimed_by = $2 and claimed_until > $3 and closed_at is null",
    )
    .bind(number)
    .bind(operator)
    .bind(now)
    .execute(conn)
    .await
    .map(|done| done.rows_affected() > 0)
}

pub async fn answer_support_request(
    conn: &mut Conn,
    answer: SupportAnswer,
    now: Timestamp,
) -> Result<bool> {
    let closed_at = answer.closes.then_some(now);
    let answered = query(
        "update support_requests
         set last_message = $5, waiting_since = null, escalated_at = null, closed_at = $6,
             claimed_by = null, claimed_until = null
         where number = $1 and claimed_by = $2 and claimed_until > $3 and last_message = $4
           and account_id <> $2 and waiting_since is not null and closed_at is null",
    )
    .bind(&answer.message.request_number)
    .bind(&answer.audit.operator_id)
    .bind(now)
    .bind(answer.read)
    .bind(&answer.message.id)
    .bind(closed_at)
    .execute(&mut *conn)
    .await?
    .rows_affected();
    if answered == 0 {
        return Ok(false);
    }
    insert_message(conn, answer.message).await?;
    centres::insert_audit(conn, answer.audit).await?;
    history::record(conn, answer.effects).await?;
    Ok(true)
}

pub async fn unanswered_support_requests(
    conn: &mut Conn,
    before: Timestamp,
    limit: i64,
) -> Result<Vec<SupportRequestRecord>> {
    query_as::<SupportRequestRecord>(
        "select * from support_requests
         where waiting_since <= $1 and escalated_at is null and closed_at is null
         order by waiting_since, number limit $2",
    )
    .bind(before)
    .bind(limit)
    .fetch_all(conn)
    .await
}

pub async fn escalate_support_request(
    conn: &mut Conn,
    number: String,
    before: Timestamp,
    audit: AuditRecord,
) -> Result<bool> {
    let escalated = query(
        "update support_requests set escalated_at = $3
         where number = $1 and waiting_since <= $2 and escalated_at is null and closed_at is null",
    )
    .bind(number)
    .bind(before)
    .bind(audit.at)
    .execute(&mut *conn)
    .await?
    .rows_affected();
    if escalated == 1 {
        centres::insert_audit(conn, audit).await?;
    }
    Ok(escalated == 1)
}
