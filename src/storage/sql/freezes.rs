//! Accounts that their owners block themselves (requirement C12).

use super::{Conn, Result, accounts, history, query, query_scalar, recoveries, sessions, tickets};
use crate::model::id::AccountId;
use crate::model::secret::Digest;
use crate::model::timestamp::Timestamp;
use crate::storage::{Effects, Redeemed};

pub async fn freeze(
    conn: &mut Conn,
    account: AccountId,
    now: Timestamp,
    effects: Effects,
) -> Result<bool> {
    sessions::hold_account(conn, &account).await?;
    let open =
        query_scalar::<i64>("select count(*) from accounts where id = $1 and blocked_at is null")
            .bind(&account)
            .fetch_one(&mut *conn)
            .await?;
    if open == 0 {
        return Ok(false);
    }
    query(
        "insert into freezes (account_id, at) values ($1, $2)
         on conflict (account_id) do update set at = excluded.at",
    )
    .bind(&account)
    .bind(now)
    .execute(&mut *conn)
    .await?;
    recoveries::defend(conn, &account, now).await?;
    // First that the account is closed, then the sessions that this ended.
    history::record(conn, effects).await?;
    accounts::block(conn, account, Some(now), now).await?;
    Ok(true)
}

pub async fn frozen_at(conn: &mut Conn, account: &AccountId) -> Result<Option<Timestamp>> {
    query_scalar::<Timestamp>(
        "select freezes.at from freezes join accounts on accounts.id = freezes.account_id
         where accounts.id = $1 and accounts.blocked_at = freezes.at",
    )
    .bind(account)
    .fetch_optional(conn)
    .await
}

pub async fn unfreeze(
    conn: &mut Conn,
    account: AccountId,
    ticket: (&'static str, Digest),
    now: Timestamp,
    effects: Effects,
) -> Result<bool> {
    let (kind, digest) = ticket;
    if !matches!(
        tickets::redeem_ticket(conn, kind, digest, now).await?,
        Redeemed::Fresh(_)
    ) {
        return Ok(false);
    }
    let thawed = query(
        "update accounts set blocked_at = null, updated_at = $2
         where id = $1 and blocked_at = (select at from freezes where account_id = $1)",
    )
    .bind(&account)
    .bind(now)
    .execute(&mut *conn)
    .await?
    .rows_affected()
        == 1;
    if thawed {
        query("delete from freezes where account_id = $1")
            .bind(&account)
            .execute(&mut *conn)
            .await?;
    }
    history::record_if(conn, thawed, effects).await
}
