//! Root secrets and signing keys, sealed.

use super::{Conn, Result, query, query_as, query_scalar};
use crate::model::timestamp::Timestamp;
use crate::storage::SigningKeyRecord;

pub async fn find_secret(conn: &mut Conn, name: &str) -> Result<Option<String>> {
    query_scalar::<String>("select sealed from secrets where name = $1")
        .bind(name)
        .fetch_optional(conn)
        .await
}

pub async fn put_secret_once(conn: &mut Conn, name: String, sealed: String) -> Result<String> {
    query("insert into secrets (name, sealed) values ($1, $2) on conflict do nothing")
        .bind(&name)
        .bind(sealed)
        .execute(&mut *conn)
        .await?;
    query_scalar::<String>("select sealed from secrets where name = $1")
        .bind(name)
        .fetch_one(conn)
        .await
}

pub async fn signing_keys(conn: &mut Conn) -> Result<Vec<SigningKeyRecord>> {
    query_as::<SigningKeyRecord>("select * from signing_keys order by created_at, kid")
        .fetch_all(conn)
        .await
}

pub async fn put_signing_key(conn: &mut Conn, key: SigningKeyRecord) -> Result<()> {
    query(
        "insert into signing_keys (kid, alg, private_sealed, public_jwk, created_at, active_from)
         values ($1, $2, $3, $4, $5, $6)",
    )
    .bind(key.kid)
    .bind(key.alg)
    .bind(key.private_sealed)
    .bind(key.public_jwk)
    .bind(key.created_at)
    .bind(key.active_from)
    .execute(conn)
    .await
    .map(drop)
}

pub async fn hurry_signing_key(conn: &mut Conn, kid: String, now: Timestamp) -> Result<bool> {
    query(
        "update signing_keys set active_from = $2
         where kid = $1 and active_from > $2 and retired_at is null",
    )
    .bind(kid)
    .bind(now)
    .execute(conn)
    .await
    .map(|done| done.rows_affected() == 1)
}

pub async fn retire_signing_key(conn: &mut Conn, kid: String, now: Timestamp) -> Result<bool> {
    query("update signing_keys set retired_at = $2 where kid = $1 and retired_at is null")
        .bind(kid)
        .bind(now)
        .execute(conn)
        .await
        .map(|done| done.rows_affected() == 1)
}
