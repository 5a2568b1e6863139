//! Relying parties.

use super::{Conn, Result, query, query_as, query_scalar};
use crate::model::id::ClientId;
use crate::model::timestamp::Timestamp;
use crate::storage::ClientRecord;

pub async fn find_client(conn: &mut Conn, id: &ClientId) -> Result<Option<ClientRecord>> {
    query_as::<ClientRecord>("select * from clients where id = $1")
        .bind(id)
        .fetch_optional(conn)
        .await
}

pub async fn clients(conn: &mut Conn) -> Result<Vec<ClientRecord>> {
    query_as::<ClientRecord>("select * from clients order by id")
        .fetch_all(conn)
        .await
}

pub async fn outside_changes(conn: &mut Conn) -> Result<i64> {
    query_scalar::<i64>(
        "select cast((select coalesce(sum(version), 0) from clients)
                   + (select coalesce(sum(value), 0) from marks) as bigint)",
    )
    .fetch_one(conn)
    .await
}

pub async fn put_client(conn: &mut Conn, client: ClientRecord) -> Result<()> {
    query(
        "insert into clients (id, version, source, metadata, created_at, updated_at)
         values ($1, 1, $2, $3, $4, $4)
         on conflict (id) do update
         set version = clients.version + 1, source = excluded.source,
             metadata = excluded.metadata, updated_at = excluded.updated_at
         where clients.metadata <> excluded.metadata or clients.source <> excluded.source",
    )
    .bind(client.id)
    .bind(client.source)
    .bind(client.metadata)
    .bind(client.updated_at)
    .execute(conn)
    .await
    .map(drop)
}

pub async fn disable_client(
    conn: &mut Conn,
    id: ClientId,
    disabled: bool,
    now: Timestamp,
) -> Result<bool> {
    let found = query(
        "update clients set disabled_at = $2, version = version + 1, updated_at = $3 where id = $1",
    )
    .bind(&id)
    .bind(disabled.then_some(now))
    .bind(now)
    .execute(&mut *conn)
    .await?
    .rows_affected()
        == 1;
    // Switched on again, too: a grant made while it was being switched off may
    // have been missed.
    if found {
        query("update grants set revoked_at = $2 where client_id = $1 and revoked_at is null")
            .bind(id)
            .bind(now)
            .execute(conn)
            .await?;
    }
    Ok(found)
}
