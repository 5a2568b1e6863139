//! One-time codes that are worth evidence.

use super::{Conn, Result, history, proofing, query, query_as, query_scalar, sessions};
use crate::model::id::AccountId;
use crate::model::timestamp::Timestamp;
use crate::storage::{CodeAttempt, CodeTried, ProofCodeRecord};

/// Adds a code in place of any earlier one of the same source.
pub(super) async fn insert(conn: &mut Conn, code: ProofCodeRecord) -> Result<()> {
    query(
        "update proof_codes set closed_at = $3, outcome = 'replaced'
         where account_id = $1 and source = $2 and closed_at is null",
    )
    .bind(&code.account_id)
    .bind(&code.source)
    .bind(code.created_at)
    .execute(&mut *conn)
    .await?;
    query(
        "insert into proof_codes (id, account_id, source, given_by, covers_sealed, digest, tries,
             created_at, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(code.id)
    .bind(code.account_id)
    .bind(code.source)
    .bind(code.given_by)
    .bind(code.covers_sealed)
    .bind(code.digest)
    .bind(code.tries)
    .bind(code.created_at)
    .bind(code.expires_at)
    .execute(conn)
    .await
    .map(drop)
}

/// Closes codes that are out and lets go of letters that are not: both would be
/// worth evidence later.
pub(super) async fn withdraw(conn: &mut Conn, account: &AccountId, now: Timestamp) -> Result<()> {
    query(
        "update proof_codes set closed_at = $2, outcome = 'replaced'
         where account_id = $1 and closed_at is null",
    )
    .bind(account)
    .bind(now)
    .execute(&mut *conn)
    .await?;
    query("delete from letters where account_id = $1 and posted_at is null")
        .bind(account)
        .execute(conn)
        .await
        .map(drop)
}

pub async fn newest_proof_code(
    conn: &mut Conn,
    account: &AccountId,
    source: &str,
) -> Result<Option<ProofCodeRecord>> {
    query_as::<ProofCodeRecord>(
        "select * from proof_codes where account_id = $1 and source = $2
         order by created_at desc, case when closed_at is null then 0 else 1 end, id limit 1",
    )
    .bind(account)
    .bind(source)
    .fetch_optional(conn)
    .await
}

pub async fn try_proof_code(
    conn: &mut Conn,
    attempt: CodeAttempt,
    now: Timestamp,
) -> Result<CodeTried> {
    // Evidence being taken back meanwhile takes this along, or comes first.
    sessions::hold_account(conn, &attempt.evidence.account_id).await?;
    let redeemed = query_scalar::<AccountId>(
        "update proof_codes set closed_at = $3, outcome = 'accepted'
         where id = $1 and digest = $2 and account_id = $4 and closed_at is null
           and expires_at > $3
         returning account_id",
    )
    .bind(&attempt.id)
    .bind(attempt.digest)
    .bind(now)
    .bind(&attempt.evidence.account_id)
    .fetch_optional(&mut *conn)
    .await?;
    if redeemed.is_some() {
        proofing::insert_evidence(conn, attempt.evidence).await?;
        history::record(conn, attempt.accepted).await?;
        return Ok(CodeTried::Accepted);
    }
    let tries = query_scalar::<i64>(
        "update proof_codes set tries = tries + 1,
             closed_at = case when tries + 1 >= $4 then $2 else closed_at end,
             outcome = case when tries + 1 >= $4 then 'spent' else outcome end
         where id = $1 and account_id = $3 and closed_at is null and expires_at > $2
         returning tries",
    )
    .bind(&attempt.id)
    .bind(now)
    .bind(&attempt.evidence.account_id)
    .bind(attempt.limit)
    .fetch_optional(&mut *conn)
    .await?;
    let Some(tries) = tries else {
        return Ok(CodeTried::Gone);
    };
    let left = (attempt.limit - tries).max(0);
    let effects = if left == 0 {
        attempt.spent
    } else {
        attempt.wrong
    };
    history::record(conn, effects).await?;
    Ok(CodeTried::Wrong(left))
}
