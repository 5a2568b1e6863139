//! What the ESIA dialect keeps beside the rest: numbers of people.

use super::{Conn, Result, query, query_as, query_scalar};
use crate::model::id::{AccountId, ClientId};
use crate::storage::GrantRecord;

/// None when the number is another person's.
pub async fn put_oid_once(conn: &mut Conn, account: AccountId, oid: i64) -> Result<Option<i64>> {
    query(
        "insert into esia_people (account_id, oid)
         select id, $2 from accounts where id = $1
         on conflict do nothing",
    )
    .bind(&account)
    .bind(oid)
    .execute(&mut *conn)
    .await?;
    find_oid(conn, &account).await
}

pub async fn permitted_grants(
    conn: &mut Conn,
    client: ClientId,
    oid: i64,
) -> Result<Vec<GrantRecord>> {
    query_as::<GrantRecord>(
        "select g.* from grants g
         join esia_people p on p.account_id = g.account_id
         where p.oid = $2 and g.client_id = $1 and g.authorization_details is not null
           and g.revoked_at is null
         order by g.created_at desc, g.id desc limit 20",
    )
    .bind(client)
    .bind(oid)
    .fetch_all(conn)
    .await
}

pub async fn find_oid(conn: &mut Conn, account: &AccountId) -> Result<Option<i64>> {
    query_scalar::<i64>("select oid from esia_people where account_id = $1")
        .bind(account)
        .fetch_optional(conn)
        .await
}
