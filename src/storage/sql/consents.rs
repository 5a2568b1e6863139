//! Consents; ending one ends the grants under it in the same transaction.

use std::collections::HashMap;

use super::{Conn, Result, history, outbox, query, query_as, query_scalar, signals};
use crate::model::id::{AccountId, ClientId, ConsentId};
use crate::model::timestamp::Timestamp;
use crate::storage::{ConsentRecord, Effects, EndedGrant, Narrowed};

pub async fn find_consent(
    conn: &mut Conn,
    account: &AccountId,
    client: &ClientId,
) -> Result<Option<ConsentRecord>> {
    query_as::<ConsentRecord>(
        "select * from consents where account_id = $1 and client_id = $2 and withdrawn_at is null",
    )
    .bind(account)
    .bind(client)
    .fetch_optional(conn)
    .await
}

pub async fn load_consent(
    conn: &mut Conn,
    id: &ConsentId,
    account: &AccountId,
) -> Result<Option<ConsentRecord>> {
    query_as::<ConsentRecord>("select * from consents where id = $1 and account_id = $2")
        .bind(id)
        .bind(account)
        .fetch_optional(conn)
        .await
}

pub async fn consents_of(conn: &mut Conn, account: &AccountId) -> Result<Vec<ConsentRecord>> {
    query_as::<ConsentRecord>(
        "select * from consents where account_id = $1 order by given_at desc, id",
    )
    .bind(account)
    .fetch_all(conn)
    .await
}

pub async fn put_consent(
    conn: &mut Conn,
    consent: ConsentRecord,
    effects: Effects,
) -> Result<ConsentId> {
    let before = query_as::<ConsentRecord>(
        "select * from consents where account_id = $1 and client_id = $2 and withdrawn_at is null",
    )
    .bind(&consent.account_id)
    .bind(&consent.client_id)
    .fetch_optional(&mut *conn)
    .await?;
    let now = consent.decided_at;
    let lessens = before.is_some_and(|before| lessens(&before, &consent));
    let id = query_scalar::<ConsentId>(
        "insert into consents (id, account_id, client_id, asked, scopes, claims, given_at,
                               decided_at, expires_at)
         values ($1, $2, $3, $8, $4, $5, $6, $6, $7)
         on conflict (account_id, client_id) where withdrawn_at is null do update
         set asked = excluded.asked, scopes = excluded.scopes, claims = excluded.claims, decided_at = excluded.decided_at,
             expires_at = excluded.expires_at, expiry_notified_at = null, lapse_recorded_at = null,
             given_at = case when consents.expires_at <= excluded.decided_at
                             then excluded.given_at else consents.given_at end
         returning id",
    )
    .bind(consent.id)
    .bind(consent.account_id)
    .bind(consent.client_id)
    .bind(consent.scopes)
    .bind(consent.claims)
    .bind(consent.decided_at)
    .bind(consent.expires_at)
    .bind(consent.asked)
    .fetch_one(&mut *conn)
    .await?;
    history::record(conn, effects).await?;
    if lessens {
        revoke_grants(conn, id.clone(), now).await?;
    }
    Ok(id)
}

/// Whether a decision leaves less than there was, or takes the place of one
/// that had run out: what was issued before must not live on under it.
fn lessens(before: &ConsentRecord, now: &ConsentRecord) -> bool {
    let kept = |scope: &str| now.scopes.split_whitespace().any(|kept| kept == scope);
    let claims = |of: &ConsentRecord| -> Vec<String> {
        serde_json::from_str(&of.claims).unwrap_or_default()
    };
    let left = claims(now);
    before.expires_at.is_some_and(|end| end <= now.decided_at)
        || !before.scopes.split_whitespace().all(kept)
        || claims(before).iter().any(|claim| !left.contains(claim))
}

pub async fn withdraw_consent(
    conn: &mut Conn,
    id: ConsentId,
    account: AccountId,
    now: Timestamp,
    effects: Effects,
) -> Result<Vec<EndedGrant>> {
    let withdrawn = query(
        "update consents set withdrawn_at = $3
         where id = $1 and account_id = $2 and withdrawn_at is null",
    )
    .bind(&id)
    .bind(account)
    .bind(now)
    .execute(&mut *conn)
    .await?
    .rows_affected();
    if withdrawn == 0 {
        return Ok(Vec::new());
    }
    signals::forget_consent(conn, &id).await?;
    history::record(conn, effects).await?;
    revoke_grants(conn, id, now).await
}

pub async fn change_consent(
    conn: &mut Conn,
    id: ConsentId,
    account: AccountId,
    left: Narrowed,
    now: Timestamp,
    effects: Effects,
) -> Result<Vec<EndedGrant>> {
    let before = query_as::<(String, String)>(
        "select scopes, claims from consents
         where id = $1 and account_id = $2 and withdrawn_at is null",
    )
    .bind(&id)
    .bind(&account)
    .fetch_optional(&mut *conn)
    .await?;
    let Some(before) = before else {
        return Ok(Vec::new());
    };
    query(
        "update consents set scopes = $2, expires_at = $3, decided_at = $4, claims = $5,
             expiry_notified_at = null, lapse_recorded_at = null
         where id = $1",
    )
    .bind(&id)
    .bind(&left.scopes)
    .bind(left.expires_at)
    .bind(now)
    .bind(&left.claims)
    .execute(&mut *conn)
    .await?;
    history::record(conn, effects).await?;
    // A longer or shorter term leaves tokens alone; fewer attributes do not.
    if before == (left.scopes, left.claims) {
        return Ok(Vec::new());
    }
    revoke_grants(conn, id, now).await
}

async fn revoke_grants(
    conn: &mut Conn,
    consent: ConsentId,
    now: Timestamp,
) -> Result<Vec<EndedGrant>> {
    let ended = query_as::<EndedGrant>(
        "update grants set revoked_at = $2 where consent_id = $1 and revoked_at is null
           and session_id in (select id from sessions where account_id =
                              (select account_id from consents where id = $1))
         returning id as grant_id, client_id, account_id, session_id",
    )
    .bind(consent)
    .bind(now)
    .fetch_all(&mut *conn)
    .await?;
    outbox::tell_clients(conn, &ended, now).await?;
    Ok(ended)
}

pub async fn touch_consents(conn: &mut Conn, used: HashMap<ConsentId, Timestamp>) -> Result<()> {
    for (id, at) in used {
        query(
            "update consents set last_used_at = $2
             where id = $1 and coalesce(last_used_at, 0) < $2",
        )
        .bind(id)
        .bind(at)
        .execute(&mut *conn)
        .await?;
    }
    Ok(())
}

pub async fn ending_consents(
    conn: &mut Conn,
    until: Timestamp,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<ConsentRecord>> {
    query_as::<ConsentRecord>(
        "select * from consents where withdrawn_at is null and lapse_recorded_at is null
         and expiry_notified_at is null and expires_at > $2 and expires_at <= $1 order by expires_at limit $3",
    )
    .bind(until)
    .bind(now)
    .bind(limit)
    .fetch_all(conn)
    .await
}

pub async fn announce_end(
    conn: &mut Conn,
    id: ConsentId,
    now: Timestamp,
    effects: Effects,
) -> Result<bool> {
    let first = query(
        "update consents set expiry_notified_at = $2
         where id = $1 and expiry_notified_at is null and withdrawn_at is null",
    )
    .bind(id)
    .bind(now)
    .execute(&mut *conn)
    .await?
    .rows_affected()
        == 1;
    history::record_if(conn, first, effects).await
}

pub async fn lapsed_consents(
    conn: &mut Conn,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<ConsentRecord>> {
    query_as::<ConsentRecord>(
        "select * from consents where withdrawn_at is null and lapse_recorded_at is null
         and expires_at <= $1 order by expires_at limit $2",
    )
    .bind(now)
    .bind(limit)
    .fetch_all(conn)
    .await
}

pub async fn record_lapse(
    conn: &mut Conn,
    id: ConsentId,
    now: Timestamp,
    effects: Effects,
) -> Result<bool> {
    // Its owner may have given it anew since it was looked at.
    let first = query(
        "update consents set lapse_recorded_at = $2
         where id = $1 and lapse_recorded_at is null and withdrawn_at is null and expires_at <= $2",
    )
    .bind(&id)
    .bind(now)
    .execute(&mut *conn)
    .await?
    .rows_affected()
        == 1;
    if first {
        signals::forget_consent(conn, &id).await?;
    }
    history::record_if(conn, first, effects).await
}
