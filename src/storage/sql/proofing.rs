//! What was sent to the registries, how they answered, and the evidence that
//! came of it.

use super::{Conn, Result, accounts, history, query, query_as, query_scalar, signals};
use crate::model::id::AccountId;
use crate::model::timestamp::Timestamp;
use crate::storage::{
    CheckRecord, Completed, Completion, Effects, EvidenceRecord, Matched, SubmissionRecord,
    Submitted,
};

pub async fn submit_data(
    conn: &mut Conn,
    submission: SubmissionRecord,
    registries: Vec<String>,
    stale_before: Timestamp,
    effects: Effects,
) -> Result<Submitted> {
    let submitted = insert_submission(conn, submission, registries, stale_before).await?;
    if submitted == Submitted::New {
        history::record(conn, effects).await?;
    }
    Ok(submitted)
}

/// Everything of a submission but its effects.
pub(super) async fn insert_submission(
    conn: &mut Conn,
    submission: SubmissionRecord,
    registries: Vec<String>,
    stale_before: Timestamp,
) -> Result<Submitted> {
    // Operators who decide about earlier data come before this, or too late.
    super::sessions::hold_account(conn, &submission.account_id).await?;
    let open = query_as::<SubmissionRecord>(
        "select * from submissions where account_id = $1 and closed_at is null",
    )
    .bind(&submission.account_id)
    .fetch_optional(&mut *conn)
    .await?;
    let same = |open: &SubmissionRecord| {
        open.digest == submission.digest && open.created_at >= stale_before
    };
    if open.as_ref().is_some_and(same) {
        return Ok(Submitted::Already);
    }
    query(
        "update submissions set closed_at = $2, outcome = 'replaced', data_sealed = ''
         where account_id = $1 and closed_at is null",
    )
    .bind(&submission.account_id)
    .bind(submission.created_at)
    .execute(&mut *conn)
    .await?;
    let added = query(
        "insert into submissions (id, account_id, data_sealed, digest, created_at)
         values ($1, $2, $3, $4, $5) on conflict do nothing",
    )
    .bind(&submission.id)
    .bind(&submission.account_id)
    .bind(&submission.data_sealed)
    .bind(&submission.digest)
    .bind(submission.created_at)
    .execute(&mut *conn)
    .await?
    .rows_affected();
    if added == 0 {
        // Sent in the same moment through another node.
        return Ok(Submitted::Already);
    }
    super::overrides::close(conn, &submission.account_id, submission.created_at).await?;
    for registry in registries {
        query("insert into registry_checks (submission_id, registry, tries) values ($1, $2, 0)")
            .bind(&submission.id)
            .bind(registry)
            .execute(&mut *conn)
            .await?;
    }
    Ok(Submitted::New)
}

pub async fn newest_submission(
    conn: &mut Conn,
    account: &AccountId,
) -> Result<Option<SubmissionRecord>> {
    query_as::<SubmissionRecord>(
        "select * from submissions
         where account_id = $1 and (outcome is null or outcome <> 'replaced')
         order by created_at desc, id desc limit 1",
    )
    .bind(account)
    .fetch_optional(conn)
    .await
}

pub async fn find_submission(conn: &mut Conn, id: &str) -> Result<Option<SubmissionRecord>> {
    query_as::<SubmissionRecord>("select * from submissions where id = $1")
        .bind(id)
        .fetch_optional(conn)
        .await
}

pub async fn checks_of(conn: &mut Conn, submission: &str) -> Result<Vec<CheckRecord>> {
    query_as::<CheckRecord>(
        "select * from registry_checks where submission_id = $1 order by registry",
    )
    .bind(submission)
    .fetch_all(conn)
    .await
}

pub async fn start_check(
    conn: &mut Conn,
    submission: String,
    registry: String,
    now: Timestamp,
) -> Result<bool> {
    query(
        "update registry_checks set started_at = $3, tries = tries + 1
         where submission_id = $1 and registry = $2 and answered_at is null",
    )
    .bind(submission)
    .bind(registry)
    .bind(now)
    .execute(conn)
    .await
    .map(|done| done.rows_affected() == 1)
}

pub async fn pause_check(conn: &mut Conn, submission: String, registry: String) -> Result<()> {
    query(
        "update registry_checks set started_at = null
         where submission_id = $1 and registry = $2 and answered_at is null",
    )
    .bind(submission)
    .bind(registry)
    .execute(conn)
    .await
    .map(drop)
}

pub async fn answer_check(
    conn: &mut Conn,
    submission: String,
    registry: String,
    mismatch: String,
    now: Timestamp,
) -> Result<()> {
    query(
        "update registry_checks set answered_at = $4, mismatch = $3
         where submission_id = $1 and registry = $2 and answered_at is null",
    )
    .bind(submission)
    .bind(registry)
    .bind(mismatch)
    .bind(now)
    .execute(conn)
    .await
    .map(drop)
}

pub async fn complete_submission(
    conn: &mut Conn,
    id: String,
    completion: Completion,
    now: Timestamp,
) -> Result<Completed> {
    if let Some(matched) = &completion.matched
        && !may_take(conn, matched).await?
    {
        return Ok(Completed::Stale);
    }
    // The guard comes first: of two answers that arrive together one closes.
    let closed = query_scalar::<AccountId>(
        "update submissions set closed_at = $2, outcome = $3
         where id = $1 and closed_at is null returning account_id",
    )
    .bind(&id)
    .bind(now)
    .bind(&completion.outcome)
    .fetch_optional(&mut *conn)
    .await?;
    let Some(account) = closed else {
        return Ok(Completed::Before);
    };
    let Some(matched) = completion.matched else {
        super::papers::doubt(conn, &account).await?;
        if completion.withdraws {
            // What a bank's records or operators said of the same data goes with it.
            for source in ["registry", "bank_records", "two_operators"] {
                withdraw(conn, &account, Some(source), now).await?;
            }
        }
        history::record(conn, completion.effects).await?;
        return Ok(Completed::Now);
    };
    put_matched(conn, matched, now).await?;
    history::record(conn, completion.effects).await?;
    Ok(Completed::Now)
}

/// Whether the account is as it was read for this, and its SNILS free.
pub(super) async fn may_take(conn: &mut Conn, matched: &Matched) -> Result<bool> {
    let account = &matched.evidence.account_id;
    Ok(accounts::is_as_read(conn, account, matched.read_at).await?
        && !accounts::is_taken(conn, &matched.snils).await?)
}

/// Puts data and SNILS in their place, with the evidence for them.
pub(super) async fn put_matched(conn: &mut Conn, matched: Matched, now: Timestamp) -> Result<()> {
    accounts::take_contact(conn, &matched.snils).await?;
    query("update accounts set profile_sealed = $2, updated_at = $3 where id = $1")
        .bind(&matched.evidence.account_id)
        .bind(matched.profile_sealed)
        .bind(now)
        .execute(&mut *conn)
        .await?;
    insert_evidence(conn, matched.evidence).await
}

pub(super) async fn insert_evidence(conn: &mut Conn, evidence: EvidenceRecord) -> Result<()> {
    signals::tell_level(conn, &evidence.account_id, &evidence.id, evidence.at).await?;
    query(
        "insert into evidence (id, account_id, source, covers_sealed, at, expires_at, given_by)
         values ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(evidence.id)
    .bind(evidence.account_id)
    .bind(evidence.source)
    .bind(evidence.covers_sealed)
    .bind(evidence.at)
    .bind(evidence.expires_at)
    .bind(evidence.given_by)
    .execute(conn)
    .await
    .map(drop)
}

/// Takes evidence back, of one source or of all.
async fn withdraw(
    conn: &mut Conn,
    account: &AccountId,
    source: Option<&str>,
    now: Timestamp,
) -> Result<()> {
    signals::tell_level(conn, account, "withdrawn", now).await?;
    query(
        "update evidence set withdrawn_at = $2
         where account_id = $1 and withdrawn_at is null
           and source = coalesce(cast($3 as text), source)",
    )
    .bind(account)
    .bind(now)
    .bind(source.map(str::to_owned))
    .execute(conn)
    .await
    .map(drop)
}

pub async fn withdraw_evidence(
    conn: &mut Conn,
    account: AccountId,
    now: Timestamp,
    effects: Effects,
) -> Result<()> {
    super::sessions::hold_account(conn, &account).await?;
    withdraw(conn, &account, None, now).await?;
    // Nor does an answer that is still to come lift the account again.
    query(
        "update submissions set closed_at = $2, outcome = 'replaced', data_sealed = ''
         where account_id = $1 and closed_at is null",
    )
    .bind(&account)
    .bind(now)
    .execute(&mut *conn)
    .await?;
    super::proof_codes::withdraw(conn, &account, now).await?;
    super::overrides::close(conn, &account, now).await?;
    query("delete from contacts where account_id = $1 and kind = 'snils'")
        .bind(&account)
        .execute(&mut *conn)
        .await?;
    query("update accounts set updated_at = $2 where id = $1")
        .bind(&account)
        .bind(now)
        .execute(&mut *conn)
        .await?;
    history::record(conn, effects).await
}

pub async fn evidence_of(conn: &mut Conn, account: &AccountId) -> Result<Vec<EvidenceRecord>> {
    query_as::<EvidenceRecord>("select * from evidence where account_id = $1 order by at, id")
        .bind(account)
        .fetch_all(conn)
        .await
}

pub async fn lapsed_evidence(
    conn: &mut Conn,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<EvidenceRecord>> {
    query_as::<EvidenceRecord>(
        "select * from evidence where lapse_recorded_at is null and expires_at <= $1
         order by expires_at limit $2",
    )
    .bind(now)
    .bind(limit)
    .fetch_all(conn)
    .await
}

pub async fn record_evidence_lapse(
    conn: &mut Conn,
    id: String,
    now: Timestamp,
    effects: Effects,
) -> Result<bool> {
    let lapsed = query_scalar::<AccountId>(
        "update evidence set lapse_recorded_at = $2
         where id = $1 and lapse_recorded_at is null returning account_id",
    )
    .bind(id)
    .bind(now)
    .fetch_optional(&mut *conn)
    .await?;
    if let Some(account) = &lapsed {
        signals::tell_level(conn, account, "lapsed", now).await?;
    }
    history::record_if(conn, lapsed.is_some(), effects).await
}
