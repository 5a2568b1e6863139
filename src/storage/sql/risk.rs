//! Accounts whose owner may not be the one who signs in.

use super::{Conn, Result, history, query, query_as};
use crate::model::id::AccountId;
use crate::model::timestamp::Timestamp;
use crate::storage::{Effects, RiskDecisionRecord};

pub async fn restrict_account(
    conn: &mut Conn,
    decision: RiskDecisionRecord,
    until: Timestamp,
    effects: Effects,
) -> Result<()> {
    // A later suspicion never shortens an earlier one.
    query(
        "update accounts set restricted_until = $2
         where id = $1 and (restricted_until is null or restricted_until < $2)",
    )
    .bind(&decision.account_id)
    .bind(until)
    .execute(&mut *conn)
    .await?;
    record_refusal(conn, decision, effects).await
}

pub async fn lift_restriction(
    conn: &mut Conn,
    account: AccountId,
    now: Timestamp,
    effects: Effects,
) -> Result<bool> {
    let lifted = query(
        "update accounts set restricted_until = null where id = $1 and restricted_until > $2",
    )
    .bind(account)
    .bind(now)
    .execute(&mut *conn)
    .await?
    .rows_affected();
    history::record_if(conn, lifted == 1, effects).await
}

pub async fn record_refusal(
    conn: &mut Conn,
    decision: RiskDecisionRecord,
    effects: Effects,
) -> Result<()> {
    query(
        "insert into risk_decisions (id, account_id, at, outcome, rules)
         values ($1, $2, $3, $4, $5)",
    )
    .bind(decision.id)
    .bind(decision.account_id)
    .bind(decision.at)
    .bind(decision.outcome)
    .bind(decision.rules)
    .execute(&mut *conn)
    .await?;
    history::record(conn, effects).await
}

pub async fn risk_decisions(conn: &mut Conn, limit: i64) -> Result<Vec<RiskDecisionRecord>> {
    query_as::<RiskDecisionRecord>(
        "select * from risk_decisions order by at desc, id desc limit $1",
    )
    .bind(limit)
    .fetch_all(conn)
    .await
}
