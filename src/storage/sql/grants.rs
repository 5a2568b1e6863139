//! Grants, and the two one-time objects that lead to tokens: authorization
//! codes and refresh tokens.

use super::{Conn, Result, history, query, query_as, sessions, tickets};
use crate::model::id::{ConsentId, GrantId};
use crate::model::secret::Digest;
use crate::model::timestamp::Timestamp;
use crate::storage::{CodeRedeemed, Effects, GrantRecord, GrantStanding, Redeemed, Rotation};

pub async fn find_grant(conn: &mut Conn, id: &GrantId) -> Result<Option<GrantRecord>> {
    query_as::<GrantRecord>("select * from grants where id = $1")
        .bind(id)
        .fetch_optional(conn)
        .await
}

/// What a grant stands on: the account `a`, the client `l`, the session `s`
/// and the consent `c`.
const GROUND: &str = "select a.blocked_at as account_blocked_at,
    a.restricted_until as account_restricted_until, l.disabled_at as client_disabled_at,
    s.ended_at as session_ended_at, s.idle_until as session_idle_until,
    s.expires_at as session_expires_at, c.withdrawn_at as consent_withdrawn_at,
    c.expires_at as consent_expires_at, c.scopes as consent_scopes,
    c.decided_at as consent_decided_at, ";

pub async fn grant_standing(conn: &mut Conn, id: &GrantId) -> Result<Option<GrantStanding>> {
    query_as::<GrantStanding>(const_format::concatcp!(
        GROUND,
        "g.revoked_at as grant_revoked_at, g.offline_at, g.scopes as grant_scopes
         from grants g
         join accounts a on a.id = g.account_id
         join clients l on l.id = g.client_id
         join sessions s on s.id = g.session_id
         join consents c on c.id = g.consent_id
         where g.id = $1"
    ))
    .bind(id)
    .fetch_optional(conn)
    .await
}

/// How a grant will stand that is about to be made.
async fn standing_of_new(conn: &mut Conn, new: &GrantRecord) -> Result<Option<GrantStanding>> {
    query_as::<GrantStanding>(const_format::concatcp!(
        GROUND,
        "cast(null as bigint) as grant_revoked_at, cast($5 as bigint) as offline_at,
         cast($6 as text) as grant_scopes
         from accounts a
         join clients l on l.id = $2
         join sessions s on s.id = $3
         join consents c on c.id = $4
         where a.id = $1"
    ))
    .bind(&new.account_id)
    .bind(&new.client_id)
    .bind(&new.session_id)
    .bind(&new.consent_id)
    .bind(new.offline_at)
    .bind(&new.scopes)
    .fetch_optional(conn)
    .await
}

pub async fn redeem_authorization(
    conn: &mut Conn,
    (kind, digest): (&'static str, Digest),
    new: GrantRecord,
    now: Timestamp,
) -> Result<CodeRedeemed> {
    match tickets::redeem_ticket(conn, kind, digest, now).await? {
        Redeemed::Unknown => Ok(CodeRedeemed::Unknown),
        Redeemed::Replayed(_) => {
            // RFC 6749 §4.1.2: what came of the code is taken back.
            revoke_grant(conn, new.id, now).await?;
            Ok(CodeRedeemed::Replayed)
        }
        Redeemed::Fresh(_) => {
            let standing = begin_grant(conn, new, now).await?;
            Ok(standing.map_or(CodeRedeemed::Unknown, CodeRedeemed::Fresh))
        }
    }
}

pub async fn put_grant(
    conn: &mut Conn,
    new: GrantRecord,
    now: Timestamp,
    effects: Effects,
) -> Result<Option<GrantStanding>> {
    let standing = begin_grant(conn, new, now).await?;
    if standing.is_some() {
        history::record(conn, effects).await?;
    }
    Ok(standing)
}

/// Whatever ends a session ends its grants. Before this there is none yet, and
/// none must come to be afterwards, least of all for offline access.
async fn begin_grant(
    conn: &mut Conn,
    new: GrantRecord,
    now: Timestamp,
) -> Result<Option<GrantStanding>> {
    sessions::hold(conn, &new.session_id).await?;
    sessions::hold_consent(conn, &new.consent_id).await?;
    let standing = standing_of_new(conn, &new).await?;
    let standing = standing.filter(|standing| standing.session_lives(now));
    if standing.is_some() {
        insert_grant(conn, &new).await?;
    }
    Ok(standing)
}

async fn insert_grant(conn: &mut Conn, new: &GrantRecord) -> Result<()> {
    query(
        "insert into grants (id, client_id, account_id, session_id, consent_id, scopes, claims,
                             authentication, nonce, created_at, offline_at, refresh_seed,
                             refresh_number, refresh_issued_at, refresh_expires_at,
                             confirmation, resources, authorization_details)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)",
    )
    .bind(&new.id)
    .bind(&new.client_id)
    .bind(&new.account_id)
    .bind(&new.session_id)
    .bind(&new.consent_id)
    .bind(&new.scopes)
    .bind(&new.claims)
    .bind(&new.authentication)
    .bind(&new.nonce)
    .bind(new.created_at)
    .bind(new.offline_at)
    .bind(&new.refresh_seed)
    .bind(new.refresh_number)
    .bind(new.refresh_issued_at)
    .bind(new.refresh_expires_at)
    .bind(&new.confirmation)
    .bind(&new.resources)
    .bind(&new.authorization_details)
    .execute(conn)
    .await
    .map(drop)
}

/// The newest first.
pub async fn detailed_grants(
    conn: &mut Conn,
    consent: &ConsentId,
    limit: i64,
) -> Result<Vec<GrantRecord>> {
    query_as::<GrantRecord>(
        "select * from grants where consent_id = $1 and authorization_details is not null
         order by created_at desc, id desc limit $2",
    )
    .bind(consent)
    .bind(limit)
    .fetch_all(conn)
    .await
}

pub async fn revoke_grant(conn: &mut Conn, id: GrantId, now: Timestamp) -> Result<bool> {
    query("update grants set revoked_at = $2 where id = $1 and revoked_at is null")
        .bind(id)
        .bind(now)
        .execute(conn)
        .await
        .map(|done| done.rows_affected() == 1)
}

pub async fn rotate_refresh_token(
    conn: &mut Conn,
    grant: GrantId,
    number: i64,
    expires_at: Timestamp,
    grace_millis: i64,
    now: Timestamp,
) -> Result<Rotation> {
    let rotated = query(
        "update grants set refresh_number = refresh_number + 1, refresh_issued_at = $3,
                           refresh_expires_at = $4
         where id = $1 and refresh_number = $2 and refresh_expires_at > $3 and revoked_at is null",
    )
    .bind(&grant)
    .bind(number)
    .bind(now)
    .bind(expires_at)
    .execute(&mut *conn)
    .await?;
    if rotated.rows_affected() == 1 {
        return Ok(Rotation::Rotated);
    }
    let newest = query_as::<(i64, Timestamp)>(
        "select refresh_number, refresh_issued_at from grants
         where id = $1 and refresh_number > $2",
    )
    .bind(&grant)
    .bind(number)
    .fetch_optional(&mut *conn)
    .await?;
    match newest {
        None => Ok(Rotation::Unknown),
        Some((newest, issued_at))
            if newest == number + 1 && now.millis() - issued_at.millis() <= grace_millis =>
        {
            Ok(Rotation::WithinGrace)
        }
        Some(_) => {
            revoke_grant(conn, grant, now).await?;
            Ok(Rotation::Replayed)
        }
    }
}
