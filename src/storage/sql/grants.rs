//! Grants, and the two one-time objects that lead to tokens: authorization
//! codes and refresh tokens.

use sqlx::{query, query_as, query_scalar};

use super::{Conn, Db, sessions, tickets};
use crate::model::id::GrantId;
use crate::model::secret::Digest;
use crate::model::ticket;
use crate::model::timestamp::Timestamp;
use crate::storage::{
    CodeRedeemed, GrantRecord, GrantStanding, Redeemed, RefreshTokenRecord, Rotation,
};

pub async fn find_grant(conn: &mut Conn, id: &GrantId) -> sqlx::Result<Option<GrantRecord>> {
    query_as::<Db, GrantRecord>("select * from grants where id = $1")
        .bind(id)
        .fetch_optional(conn)
        .await
}

pub async fn grant_standing(conn: &mut Conn, id: &GrantId) -> sqlx::Result<Option<GrantStanding>> {
    query_as::<Db, GrantStanding>(
        "select a.blocked_at as account_blocked_at, l.disabled_at as client_disabled_at,
                s.ended_at as session_ended_at, s.idle_until as session_idle_until,
                s.expires_at as session_expires_at, c.withdrawn_at as consent_withdrawn_at,
                c.expires_at as consent_expires_at, g.revoked_at as grant_revoked_at, g.offline_at,
                g.scopes as grant_scopes, c.scopes as consent_scopes
         from grants g
         join accounts a on a.id = g.account_id
         join clients l on l.id = g.client_id
         join sessions s on s.id = g.session_id
         join consents c on c.id = g.consent_id
         where g.id = $1",
    )
    .bind(id)
    .fetch_optional(conn)
    .await
}

pub async fn redeem_code(
    conn: &mut Conn,
    digest: Digest,
    new: GrantRecord,
    refresh: Option<(Digest, Timestamp)>,
    now: Timestamp,
) -> sqlx::Result<CodeRedeemed> {
    match tickets::redeem_ticket(conn, ticket::AUTHORIZATION_CODE, digest, now).await? {
        Redeemed::Unknown => Ok(CodeRedeemed::Unknown),
        Redeemed::Replayed(_) => {
            // RFC 6749 §4.1.2: what came of the code is taken back.
            revoke_grant(conn, new.id, now).await?;
            Ok(CodeRedeemed::Replayed)
        }
        Redeemed::Fresh(_) => {
            // Whatever ends a session ends its grants. A code is none yet and
            // must not become one afterwards, least of all for offline access.
            if !sessions::hold_live(conn, &new.session_id, now).await? {
                return Ok(CodeRedeemed::Unknown);
            }
            insert_grant(conn, &new).await?;
            if let Some((digest, expires_at)) = refresh {
                insert_refresh_token(conn, &digest, &new.id, now, expires_at).await?;
            }
            let standing = grant_standing(conn, &new.id).await?;
            Ok(standing.map_or(CodeRedeemed::Unknown, CodeRedeemed::Fresh))
        }
    }
}

async fn insert_grant(conn: &mut Conn, new: &GrantRecord) -> sqlx::Result<()> {
    query::<Db>(
        "insert into grants (id, client_id, account_id, session_id, consent_id, scopes, claims,
                             authentication, nonce, created_at, offline_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
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
    .execute(conn)
    .await
    .map(drop)
}

async fn insert_refresh_token(
    conn: &mut Conn,
    digest: &Digest,
    grant: &GrantId,
    now: Timestamp,
    expires_at: Timestamp,
) -> sqlx::Result<()> {
    query::<Db>(
        "insert into refresh_tokens (digest, grant_id, issued_at, expires_at)
         values ($1, $2, $3, $4)",
    )
    .bind(digest)
    .bind(grant)
    .bind(now)
    .bind(expires_at)
    .execute(conn)
    .await
    .map(drop)
}

pub async fn revoke_grant(conn: &mut Conn, id: GrantId, now: Timestamp) -> sqlx::Result<bool> {
    query::<Db>("update grants set revoked_at = $2 where id = $1 and revoked_at is null")
        .bind(id)
        .bind(now)
        .execute(conn)
        .await
        .map(|done| done.rows_affected() == 1)
}

pub async fn find_refresh_token(
    conn: &mut Conn,
    digest: &Digest,
) -> sqlx::Result<Option<RefreshTokenRecord>> {
    query_as::<Db, RefreshTokenRecord>(
        "select r.issued_at, r.expires_at, r.spent_at, g.id, g.client_id, g.account_id,
                g.session_id, g.consent_id, g.scopes, g.claims, g.authentication, g.nonce,
                g.created_at, g.offline_at, g.revoked_at
         from refresh_tokens r join grants g on g.id = r.grant_id where r.digest = $1",
    )
    .bind(digest)
    .fetch_optional(conn)
    .await
}

pub async fn rotate_refresh_token(
    conn: &mut Conn,
    digest: Digest,
    successor: Digest,
    successor_expires_at: Timestamp,
    grace_millis: i64,
    now: Timestamp,
) -> sqlx::Result<Rotation> {
    let grant = query_scalar::<Db, GrantId>(
        "update refresh_tokens set spent_at = $2, successor = $3
         where digest = $1 and spent_at is null and expires_at > $2 returning grant_id",
    )
    .bind(&digest)
    .bind(now)
    .bind(&successor)
    .fetch_optional(&mut *conn)
    .await?;
    if let Some(grant) = grant {
        insert_refresh_token(conn, &successor, &grant, now, successor_expires_at).await?;
        return Ok(Rotation::Rotated);
    }
    let spent = query_as::<Db, (GrantId, Option<Timestamp>, Option<Timestamp>)>(
        "select r.grant_id, r.spent_at, n.spent_at from refresh_tokens r
         left join refresh_tokens n on n.digest = r.successor
         where r.digest = $1 and r.spent_at is not null",
    )
    .bind(&digest)
    .fetch_optional(&mut *conn)
    .await?;
    match spent {
        None => Ok(Rotation::Unknown),
        Some((_, Some(spent_at), None)) if now.millis() - spent_at.millis() <= grace_millis => {
            Ok(Rotation::WithinGrace)
        }
        Some((grant, ..)) => {
            revoke_grant(conn, grant, now).await?;
            Ok(Rotation::Replayed)
        }
    }
}
