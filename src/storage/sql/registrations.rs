//! Relying parties that registered themselves. Switching one off needs no
//! change of its grants: none is good whose client is off, and switching on
//! again revokes them.

use super::{Conn, Result, query, query_as, query_scalar, tickets};
use crate::model::id::ClientId;
use crate::model::secret::Digest;
use crate::model::ticket;
use crate::model::timestamp::Timestamp;
use crate::storage::{NewRegistration, RegistrationRecord, SelfRegistered};

pub async fn register_client(
    conn: &mut Conn,
    new: NewRegistration,
    now: Timestamp,
) -> Result<SelfRegistered> {
    let there = query_scalar::<i64>("select count(*) from registrations")
        .fetch_one(&mut *conn)
        .await?;
    if there >= new.most {
        return Ok(SelfRegistered::Full);
    }
    if let Some((token, uses)) = new.initial {
        let counted = tickets::count_try(conn, ticket::INITIAL_ACCESS, token, uses, now).await?;
        if counted.is_none() {
            return Ok(SelfRegistered::Spent);
        }
    }
    query(
        "insert into clients (id, version, source, metadata, created_at, updated_at)
         values ($1, 1, $2, $3, $4, $4)",
    )
    .bind(&new.client.id)
    .bind(new.client.source)
    .bind(new.client.metadata)
    .bind(now)
    .execute(&mut *conn)
    .await?;
    query("insert into registrations (client_id, token_digest, created_at) values ($1, $2, $3)")
        .bind(new.client.id)
        .bind(new.token)
        .bind(now)
        .execute(conn)
        .await?;
    Ok(SelfRegistered::Done)
}

pub async fn find_registration(
    conn: &mut Conn,
    id: &ClientId,
) -> Result<Option<RegistrationRecord>> {
    query_as::<RegistrationRecord>(
        "select registrations.client_id, clients.version, clients.metadata,
                registrations.token_digest, registrations.created_at
         from registrations join clients on clients.id = registrations.client_id
         where registrations.client_id = $1 and clients.source = 'dynamic'
           and clients.disabled_at is null",
    )
    .bind(id)
    .fetch_optional(conn)
    .await
}

pub async fn replace_registration(
    conn: &mut Conn,
    id: ClientId,
    token: Digest,
    read: i64,
    metadata: String,
    now: Timestamp,
) -> Result<bool> {
    query(
        "update clients set metadata = $4, version = version + 1, updated_at = $5
         where id = $1 and version = $3 and source = 'dynamic' and disabled_at is null
           and exists (select 1 from registrations
                       where client_id = clients.id and token_digest = $2)",
    )
    .bind(id)
    .bind(token)
    .bind(read)
    .bind(metadata)
    .bind(now)
    .execute(conn)
    .await
    .map(|done| done.rows_affected() == 1)
}

pub async fn remove_registration(
    conn: &mut Conn,
    id: ClientId,
    token: Digest,
    metadata: String,
    now: Timestamp,
) -> Result<bool> {
    let gone = query(
        "delete from registrations where client_id = $1 and token_digest = $2
                      and exists (select 1 from clients
                                  where id = $1 and source = 'dynamic' and disabled_at is null)",
    )
    .bind(&id)
    .bind(token)
    .execute(&mut *conn)
    .await?
    .rows_affected()
        == 1;
    if gone {
        empty(conn, id, metadata, now).await?;
    }
    Ok(gone)
}

pub async fn unused_registrations(
    conn: &mut Conn,
    before: Timestamp,
    limit: i64,
) -> Result<Vec<ClientId>> {
    query_scalar::<ClientId>(
        "select client_id from registrations where used_at is null and created_at < $1
         order by created_at limit $2",
    )
    .bind(before)
    .bind(limit)
    .fetch_all(conn)
    .await
}

pub async fn remove_unused_registration(
    conn: &mut Conn,
    id: ClientId,
    before: Timestamp,
    metadata: String,
    now: Timestamp,
) -> Result<bool> {
    // It may have been used since it was found.
    let gone = query(
        "delete from registrations where client_id = $1 and used_at is null and created_at < $2",
    )
    .bind(&id)
    .bind(before)
    .execute(&mut *conn)
    .await?
    .rows_affected()
        == 1;
    if gone {
        empty(conn, id, metadata, now).await?;
    }
    Ok(gone)
}

/// Leaves of a client what consents to it refer to. One that an operator has
/// taken over meanwhile stays as it is.
async fn empty(conn: &mut Conn, id: ClientId, metadata: String, now: Timestamp) -> Result<()> {
    query(
        "update clients set metadata = $2, source = 'removed', disabled_at = $3, updated_at = $3,
                version = version + 1
         where id = $1 and source = 'dynamic'",
    )
    .bind(id)
    .bind(metadata)
    .bind(now)
    .execute(conn)
    .await
    .map(drop)
}

pub async fn use_registrations(conn: &mut Conn, ids: Vec<ClientId>, now: Timestamp) -> Result<()> {
    for id in ids {
        query("update registrations set used_at = $2 where client_id = $1 and used_at is null")
            .bind(id)
            .bind(now)
            .execute(&mut *conn)
            .await?;
    }
    Ok(())
}
