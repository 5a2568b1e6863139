//! Photographs that operators compare: one open case a citizen, one operator a
//! case, one decision.

use super::{Conn, Result, centres, files, history, query, query_as, query_scalar};
use crate::model::id::AccountId;
use crate::model::timestamp::Timestamp;
use crate::storage::{Completed, Effects, NewFile, PhotographCaseRecord, PhotographDecision};

pub async fn send_photographs(
    conn: &mut Conn,
    case: PhotographCaseRecord,
    sent: Vec<NewFile>,
    effects: Effects,
) -> Result<bool> {
    let added = query(
        "insert into photograph_cases (id, account_id, created_at, expires_at, consent)
         values ($1, $2, $3, $4, $5) on conflict do nothing",
    )
    .bind(case.id)
    .bind(case.account_id)
    .bind(case.created_at)
    .bind(case.expires_at)
    .bind(case.consent)
    .execute(&mut *conn)
    .await?
    .rows_affected();
    if added == 0 {
        return Ok(false);
    }
    for file in sent {
        files::insert_file(conn, file).await?;
    }
    history::record(conn, effects).await?;
    Ok(true)
}

pub async fn newest_photographs(
    conn: &mut Conn,
    account: &AccountId,
) -> Result<Option<PhotographCaseRecord>> {
    query_as::<PhotographCaseRecord>(
        "select * from photograph_cases where account_id = $1
         order by created_at desc, id desc limit 1",
    )
    .bind(account)
    .fetch_optional(conn)
    .await
}

pub async fn photographs_waiting(
    conn: &mut Conn,
    now: Timestamp,
) -> Result<(i64, Option<Timestamp>)> {
    query_as::<(i64, Option<Timestamp>)>(
        "select count(*), min(created_at) from photograph_cases
         where closed_at is null and expires_at > $1",
    )
    .bind(now)
    .fetch_one(conn)
    .await
}

pub async fn claim_photographs(
    conn: &mut Conn,
    operator: AccountId,
    now: Timestamp,
    until: Timestamp,
) -> Result<Option<PhotographCaseRecord>> {
    // The one that is theirs goes first; the outer conditions are asked again
    // when another operator's claim was waited for.
    query_as::<PhotographCaseRecord>(
        "update photograph_cases set claimed_by = $1, claimed_until = $3
         where id = (select id from photograph_cases
                     where closed_at is null and expires_at > $2 and account_id <> $1
                       and (claimed_by = $1 or coalesce(claimed_until, 0) <= $2)
                     order by case when claimed_by = $1 and claimed_until > $2 then 0 else 1 end,
                              created_at, id
                     limit 1)
           and closed_at is null and (claimed_by = $1 or coalesce(claimed_until, 0) <= $2)
         returning *",
    )
    .bind(operator)
    .bind(now)
    .bind(until)
    .fetch_optional(conn)
    .await
}

pub async fn claimed_photographs(
    conn: &mut Conn,
    operator: &AccountId,
    now: Timestamp,
) -> Result<Option<PhotographCaseRecord>> {
    query_as::<PhotographCaseRecord>(
        "select * from photograph_cases
         where claimed_by = $1 and claimed_until > $2 and closed_at is null and expires_at > $2
         order by created_at, id limit 1",
    )
    .bind(operator)
    .bind(now)
    .fetch_optional(conn)
    .await
}

pub async fn release_photographs(
    conn: &mut Conn,
    operator: AccountId,
    now: Timestamp,
) -> Result<bool> {
    query(
        "update photograph_cases set claimed_by = null, claimed_until = null
         where claimed_by = $1 and claimed_until > $2 and closed_at is null",
    )
    .bind(operator)
    .bind(now)
    .execute(conn)
    .await
    .map(|done| done.rows_affected() > 0)
}

pub async fn decide_photographs(
    conn: &mut Conn,
    id: String,
    decision: PhotographDecision,
    now: Timestamp,
) -> Result<Completed> {
    let PhotographDecision { ruling, erase_at } = decision;
    if !centres::stands(conn, &ruling).await? {
        return Ok(Completed::Stale);
    }
    let erased_at = (erase_at <= now).then_some(now);
    let decided = query_scalar::<AccountId>(
        "update photograph_cases
         set closed_at = $2, outcome = $3, centre_id = $4, reason_sealed = $5,
             erase_at = $6, erased_at = $7
         where id = $1 and closed_at is null and expires_at > $2 and account_id = $8
           and claimed_by = $9 and claimed_until > $2
         returning account_id",
    )
    .bind(&id)
    .bind(now)
    .bind(&ruling.outcome)
    .bind(&ruling.audit.centre_id)
    .bind(&ruling.reason_sealed)
    .bind(erase_at)
    .bind(erased_at)
    .bind(&ruling.audit.account_id)
    .bind(&ruling.audit.operator_id)
    .fetch_optional(&mut *conn)
    .await?;
    if decided.is_none() {
        return Ok(Completed::Before);
    }
    if erased_at.is_some() {
        files::delete_files_of(conn, &id).await?;
    }
    centres::follow(conn, ruling).await
}

pub async fn overdue_photographs(
    conn: &mut Conn,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<PhotographCaseRecord>> {
    query_as::<PhotographCaseRecord>(
        "select * from photograph_cases where closed_at is null and expires_at <= $1
         order by created_at limit $2",
    )
    .bind(now)
    .bind(limit)
    .fetch_all(conn)
    .await
}

pub async fn expire_photographs(
    conn: &mut Conn,
    id: String,
    now: Timestamp,
    effects: Effects,
) -> Result<bool> {
    let expired = query(
        "update photograph_cases
         set closed_at = $2, outcome = 'expired', erase_at = $2, erased_at = $2
         where id = $1 and closed_at is null and expires_at <= $2",
    )
    .bind(&id)
    .bind(now)
    .execute(&mut *conn)
    .await?
    .rows_affected();
    if expired == 1 {
        files::delete_files_of(conn, &id).await?;
        history::record(conn, effects).await?;
    }
    Ok(expired == 1)
}

pub async fn withdraw_photographs(
    conn: &mut Conn,
    account: AccountId,
    now: Timestamp,
    effects: Effects,
) -> Result<bool> {
    let withdrawn = query_scalar::<String>(
        "update photograph_cases
         set closed_at = $2, outcome = 'withdrawn', erase_at = $2, erased_at = $2
         where account_id = $1 and closed_at is null
         returning id",
    )
    .bind(account)
    .bind(now)
    .fetch_optional(&mut *conn)
    .await?;
    let Some(id) = withdrawn else {
        return Ok(false);
    };
    files::delete_files_of(conn, &id).await?;
    history::record(conn, effects).await?;
    Ok(true)
}

pub async fn erase_photographs(conn: &mut Conn, now: Timestamp, limit: i64) -> Result<u64> {
    let due = query_scalar::<String>(
        "update photograph_cases set erased_at = $1
         where id in (select id from photograph_cases
                      where erased_at is null and erase_at <= $1 order by erase_at limit $2)
           and erased_at is null
         returning id",
    )
    .bind(now)
    .bind(limit)
    .fetch_all(&mut *conn)
    .await?;
    for id in &due {
        files::delete_files_of(conn, id).await?;
    }
    Ok(due.len() as u64)
}
