//! Data that no registry confirms: what one operator proposes, another decides.

use super::{Conn, Result, centres, history, proofing, query, query_as, query_scalar, sessions};
use crate::model::id::AccountId;
use crate::model::timestamp::Timestamp;
use crate::storage::{AuditRecord, Completed, Effects, OverrideDecision, OverrideRecord};

/// Whether a citizen may ask for a visit about this submission: the newest, which
/// did not match, and nobody is deciding about it. From here on it stays so.
pub(super) async fn may_begin(
    conn: &mut Conn,
    account: &AccountId,
    submission: &str,
    now: Timestamp,
) -> Result<bool> {
    sessions::hold_account(conn, account).await?;
    let newest = proofing::newest_submission(conn, account).await?;
    let fits = newest.is_some_and(|newest| {
        newest.id == submission && newest.outcome.as_deref() == Some("mismatch")
    });
    let under_way = query_scalar::<i64>(
        "select count(*) from overrides
         where account_id = $1 and closed_at is null and expires_at > $2",
    )
    .bind(account)
    .bind(now)
    .fetch_one(conn)
    .await?;
    Ok(fits && under_way == 0)
}

pub async fn propose_override(
    conn: &mut Conn,
    proposal: OverrideRecord,
    audit: AuditRecord,
    effects: Effects,
) -> Result<Completed> {
    sessions::hold_account(conn, &proposal.account_id).await?;
    let closed = query_scalar::<AccountId>(
        "update visits set closed_at = $2, outcome = 'proposed', centre_id = $3
         where number = $1 and closed_at is null and expires_at > $2 and account_id = $4
           and submission_id = $5 and account_id <> $6
           and exists (select 1 from submissions
                       where submissions.id = visits.submission_id and outcome = 'mismatch')
           and exists (select 1 from accounts
                       where accounts.id = visits.account_id and blocked_at is null)
         returning account_id",
    )
    .bind(&proposal.number)
    .bind(proposal.proposed_at)
    .bind(&proposal.centre_id)
    .bind(&proposal.account_id)
    .bind(&proposal.submission_id)
    .bind(&proposal.proposed_by)
    .fetch_optional(&mut *conn)
    .await?;
    if closed.is_none() {
        return Ok(Completed::Before);
    }
    // One that lapsed makes room.
    query(
        "update overrides set closed_at = $2, outcome = 'replaced'
         where account_id = $1 and closed_at is null",
    )
    .bind(&proposal.account_id)
    .bind(proposal.proposed_at)
    .execute(&mut *conn)
    .await?;
    query(
        "insert into overrides (number, account_id, submission_id, proposed_by, centre_id,
             proposed_at, expires_at, reason_sealed)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(proposal.number)
    .bind(proposal.account_id)
    .bind(proposal.submission_id)
    .bind(proposal.proposed_by)
    .bind(proposal.centre_id)
    .bind(proposal.proposed_at)
    .bind(proposal.expires_at)
    .bind(proposal.reason_sealed)
    .execute(&mut *conn)
    .await?;
    centres::insert_audit(conn, audit).await?;
    history::record(conn, effects).await?;
    Ok(Completed::Now)
}

pub async fn find_override(
    conn: &mut Conn,
    number: &str,
    now: Timestamp,
) -> Result<Option<OverrideRecord>> {
    query_as::<OverrideRecord>(
        "select * from overrides where number = $1 and closed_at is null and expires_at > $2",
    )
    .bind(number)
    .bind(now)
    .fetch_optional(conn)
    .await
}

pub async fn newest_override(
    conn: &mut Conn,
    account: &AccountId,
) -> Result<Option<OverrideRecord>> {
    query_as::<OverrideRecord>(
        "select * from overrides where account_id = $1
         order by proposed_at desc, case when closed_at is null then 0 else 1 end, number limit 1",
    )
    .bind(account)
    .fetch_optional(conn)
    .await
}

pub async fn overrides_waiting(
    conn: &mut Conn,
    operator: &AccountId,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<OverrideRecord>> {
    query_as::<OverrideRecord>(
        "select * from overrides
         where closed_at is null and expires_at > $2 and proposed_by <> $1 and account_id <> $1
         order by proposed_at, number limit $3",
    )
    .bind(operator)
    .bind(now)
    .bind(limit)
    .fetch_all(conn)
    .await
}

pub async fn count_overrides(conn: &mut Conn, operator: &AccountId, now: Timestamp) -> Result<i64> {
    query_scalar::<i64>(
        "select count(*) from overrides
         where closed_at is null and expires_at > $2 and proposed_by <> $1 and account_id <> $1",
    )
    .bind(operator)
    .bind(now)
    .fetch_one(conn)
    .await
}

pub async fn decide_override(
    conn: &mut Conn,
    number: String,
    decision: OverrideDecision,
    now: Timestamp,
) -> Result<Completed> {
    if let Some(confirmed) = &decision.confirmed
        && !proofing::may_take(conn, &confirmed.matched).await?
    {
        return Ok(Completed::Stale);
    }
    // Four eyes, in the statement that decides: two people, neither of them the
    // citizen, both at work. To send a proposal back the second alone is enough.
    let submission = query_scalar::<String>(
        "update overrides
         set closed_at = $2, outcome = $3, decided_by = $4, answer_sealed = $5
         where number = $1 and closed_at is null and expires_at > $2 and account_id = $6
           and proposed_by <> $4 and account_id <> $4 and account_id <> proposed_by
           and exists (select 1 from operators o join centres c on c.id = o.centre_id
                       where o.account_id = $4 and o.centre_id = $7
                         and o.disabled_at is null and c.closed_at is null)
           and ($3 <> 'confirmed'
                or exists (select 1 from operators o join centres c on c.id = o.centre_id
                           where o.account_id = overrides.proposed_by
                             and o.disabled_at is null and c.closed_at is null)
                   and exists (select 1 from submissions s
                               where s.id = overrides.submission_id and s.outcome = 'mismatch'))
         returning submission_id",
    )
    .bind(&number)
    .bind(now)
    .bind(&decision.outcome)
    .bind(&decision.audit.operator_id)
    .bind(&decision.answer_sealed)
    .bind(&decision.audit.account_id)
    .bind(&decision.audit.centre_id)
    .fetch_optional(&mut *conn)
    .await?;
    let Some(submission) = submission else {
        return Ok(Completed::Before);
    };
    let ends_as = match decision.outcome.as_str() {
        "confirmed" => Some("overridden"),
        "snils_taken" => Some("snils_taken"),
        _ => None,
    };
    if let Some(outcome) = ends_as {
        query("update submissions set outcome = $2 where id = $1 and outcome = 'mismatch'")
            .bind(submission)
            .bind(outcome.to_owned())
            .execute(&mut *conn)
            .await?;
    }
    if let Some(confirmed) = decision.confirmed {
        proofing::put_matched(conn, confirmed.matched, now).await?;
        proofing::insert_evidence(conn, confirmed.holder).await?;
    }
    centres::insert_audit(conn, decision.audit).await?;
    history::record(conn, decision.effects).await?;
    Ok(Completed::Now)
}

/// Closes what is under way about data that do not count any more: a visit to
/// come, and a proposal.
pub(super) async fn close(conn: &mut Conn, account: &AccountId, now: Timestamp) -> Result<()> {
    query(
        "update visits set closed_at = $2
         where account_id = $1 and closed_at is null and submission_id is not null",
    )
    .bind(account)
    .bind(now)
    .execute(&mut *conn)
    .await?;
    query(
        "update overrides set closed_at = $2, outcome = 'replaced'
         where account_id = $1 and closed_at is null",
    )
    .bind(account)
    .bind(now)
    .execute(conn)
    .await
    .map(drop)
}
