//! Service centres, operators, visits, and the audit.

use super::{
    Conn, Result, accounts, history, overrides, proof_codes, proofing, query, query_as,
    query_scalar,
};
use crate::model::id::AccountId;
use crate::model::timestamp::Timestamp;
use crate::storage::{
    AuditRecord, CentreRecord, Completed, Effects, OperatorRecord, Ruling, VisitDecision,
    VisitRecord,
};

pub async fn put_centre(conn: &mut Conn, centre: CentreRecord) -> Result<()> {
    query(
        "insert into centres (id, name, address, hours, created_at, closed_at)
         values ($1, $2, $3, $4, $5, $6)
         on conflict (id) do update set name = excluded.name, address = excluded.address,
             hours = excluded.hours, closed_at = excluded.closed_at",
    )
    .bind(centre.id)
    .bind(centre.name)
    .bind(centre.address)
    .bind(centre.hours)
    .bind(centre.created_at)
    .bind(centre.closed_at)
    .execute(conn)
    .await
    .map(drop)
}

pub async fn centres(conn: &mut Conn) -> Result<Vec<CentreRecord>> {
    query_as::<CentreRecord>("select * from centres order by name, id")
        .fetch_all(conn)
        .await
}

pub async fn put_operator(conn: &mut Conn, operator: OperatorRecord) -> Result<()> {
    query(
        "insert into operators (account_id, centre_id, role, added_at, disabled_at)
         values ($1, $2, $3, $4, $5)
         on conflict (account_id) do update
         set centre_id = excluded.centre_id, role = excluded.role, disabled_at = excluded.disabled_at",
    )
    .bind(operator.account_id)
    .bind(operator.centre_id)
    .bind(operator.role)
    .bind(operator.added_at)
    .bind(operator.disabled_at)
    .execute(conn)
    .await
    .map(drop)
}

pub async fn find_operator(conn: &mut Conn, account: &AccountId) -> Result<Option<OperatorRecord>> {
    query_as::<OperatorRecord>("select * from operators where account_id = $1")
        .bind(account)
        .fetch_optional(conn)
        .await
}

pub async fn operators(conn: &mut Conn) -> Result<Vec<OperatorRecord>> {
    query_as::<OperatorRecord>("select * from operators order by added_at, account_id")
        .fetch_all(conn)
        .await
}

pub async fn open_visit(conn: &mut Conn, visit: VisitRecord, effects: Effects) -> Result<bool> {
    if let Some(submission) = &visit.submission_id
        && !overrides::may_begin(conn, &visit.account_id, submission, visit.created_at).await?
    {
        return Ok(false);
    }
    // One whose time is over makes room, and one that is about something else.
    query(
        "update visits set closed_at = $2
         where account_id = $1 and closed_at is null
           and (expires_at <= $2 or coalesce(submission_id, '') <> $3)",
    )
    .bind(&visit.account_id)
    .bind(visit.created_at)
    .bind(visit.submission_id.clone().unwrap_or_default())
    .execute(&mut *conn)
    .await?;
    let added = query(
        "insert into visits (number, account_id, created_at, expires_at, submission_id)
         values ($1, $2, $3, $4, $5) on conflict do nothing",
    )
    .bind(visit.number)
    .bind(visit.account_id)
    .bind(visit.created_at)
    .bind(visit.expires_at)
    .bind(visit.submission_id)
    .execute(&mut *conn)
    .await?
    .rows_affected();
    if added == 1 {
        history::record(conn, effects).await?;
    }
    Ok(added == 1)
}

pub async fn newest_visit(conn: &mut Conn, account: &AccountId) -> Result<Option<VisitRecord>> {
    query_as::<VisitRecord>(
        "select * from visits where account_id = $1
         order by created_at desc, case when closed_at is null then 0 else 1 end, number limit 1",
    )
    .bind(account)
    .fetch_optional(conn)
    .await
}

pub async fn find_visit(
    conn: &mut Conn,
    number: &str,
    now: Timestamp,
) -> Result<Option<VisitRecord>> {
    query_as::<VisitRecord>(
        "select * from visits where number = $1 and closed_at is null and expires_at > $2",
    )
    .bind(number)
    .bind(now)
    .fetch_optional(conn)
    .await
}

pub async fn decide_visit(
    conn: &mut Conn,
    number: String,
    decision: VisitDecision,
    now: Timestamp,
) -> Result<Completed> {
    let VisitDecision { ruling, code } = decision;
    if !stands(conn, &ruling).await? {
        return Ok(Completed::Stale);
    }
    // What registries do not confirm, nobody confirms alone.
    let decided = query_scalar::<AccountId>(
        "update visits set closed_at = $2, outcome = $3, centre_id = $4, reason_sealed = $5
         where number = $1 and closed_at is null and expires_at > $2 and account_id = $6
           and (submission_id is null or $3 = 'refused')
         returning account_id",
    )
    .bind(number)
    .bind(now)
    .bind(&ruling.outcome)
    .bind(&ruling.audit.centre_id)
    .bind(&ruling.reason_sealed)
    .bind(&ruling.audit.account_id)
    .fetch_optional(&mut *conn)
    .await?;
    if decided.is_none() {
        return Ok(Completed::Before);
    }
    if let Some(code) = code {
        proof_codes::insert(conn, code).await?;
    }
    follow(conn, ruling).await
}

/// Whether the account is still as it was judged, if that matters; from here on
/// it stays so.
pub(super) async fn stands(conn: &mut Conn, ruling: &Ruling) -> Result<bool> {
    match (ruling.read_at, &ruling.audit.account_id) {
        (Some(read_at), Some(account)) => accounts::is_as_read(conn, account, read_at).await,
        _ => Ok(true),
    }
}

/// What follows from a ruling that was the first.
pub(super) async fn follow(conn: &mut Conn, ruling: Ruling) -> Result<Completed> {
    if let Some(evidence) = ruling.evidence {
        proofing::insert_evidence(conn, evidence).await?;
    }
    insert_audit(conn, ruling.audit).await?;
    history::record(conn, ruling.effects).await?;
    Ok(Completed::Now)
}

pub async fn record_audit(conn: &mut Conn, audit: AuditRecord, effects: Effects) -> Result<()> {
    insert_audit(conn, audit).await?;
    history::record(conn, effects).await
}

pub(super) async fn insert_audit(conn: &mut Conn, audit: AuditRecord) -> Result<()> {
    query(
        "insert into audit (id, at, operator_id, centre_id, action, account_id, subject)
         values ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(audit.id)
    .bind(audit.at)
    .bind(audit.operator_id)
    .bind(audit.centre_id)
    .bind(audit.action)
    .bind(audit.account_id)
    .bind(audit.subject)
    .execute(conn)
    .await
    .map(drop)
}

pub async fn audit_of(
    conn: &mut Conn,
    operator: &AccountId,
    limit: i64,
) -> Result<Vec<AuditRecord>> {
    query_as::<AuditRecord>(
        "select * from audit where operator_id = $1 order by at desc, id desc limit $2",
    )
    .bind(operator)
    .bind(limit)
    .fetch_all(conn)
    .await
}
