//! Password hashes, the current one and the last few before it.

use super::{Conn, Result, devices, history, query, query_as, sessions};
use crate::model::id::{AccountId, SessionId};
use crate::model::secret::Digest;
use crate::storage::{Effects, EndedGrant, PasswordRecord, SessionChoice};

pub async fn passwords_of(
    conn: &mut Conn,
    account: &AccountId,
    limit: i64,
) -> Result<Vec<PasswordRecord>> {
    query_as::<PasswordRecord>(
        "select account_id, hash, set_at, replaced_at, temporary_until from passwords
         where account_id = $1
         order by case when replaced_at is null then 0 else 1 end, set_at desc limit $2",
    )
    .bind(account)
    .bind(limit)
    .fetch_all(conn)
    .await
}

pub(super) async fn insert(conn: &mut Conn, password: &PasswordRecord) -> Result<()> {
    query(
        "insert into passwords (account_id, hash, set_at, temporary_until)
         values ($1, $2, $3, $4)",
    )
    .bind(&password.account_id)
    .bind(&password.hash)
    .bind(password.set_at)
    .bind(password.temporary_until)
    .execute(conn)
    .await
    .map(drop)
}

pub async fn set_password(
    conn: &mut Conn,
    new: PasswordRecord,
    keep: Option<SessionId>,
    keep_device: Option<Digest>,
    effects: Effects,
) -> Result<Vec<EndedGrant>> {
    sessions::hold_account(conn, &new.account_id).await?;
    query("update passwords set replaced_at = $2 where account_id = $1 and replaced_at is null")
        .bind(&new.account_id)
        .bind(new.set_at)
        .execute(&mut *conn)
        .await?;
    insert(conn, &new).await?;
    query("update exposures set mended_at = $2 where account_id = $1 and mended_at is null")
        .bind(&new.account_id)
        .bind(new.set_at)
        .execute(&mut *conn)
        .await?;
    devices::forget(conn, &new.account_id, keep_device, new.set_at).await?;
    let account = new.account_id.clone();
    let choice = match keep {
        Some(session) => SessionChoice::AllBut(account, session),
        None => SessionChoice::All(account),
    };
    let ended = sessions::end_sessions(
        conn,
        choice,
        "password_changed".to_owned(),
        true,
        new.set_at,
        Effects::default(),
    )
    .await?;
    history::record(conn, effects).await?;
    Ok(ended)
}

pub async fn upgrade_password(
    conn: &mut Conn,
    account: AccountId,
    old: String,
    new: String,
) -> Result<bool> {
    query(
        "update passwords set hash = $3 where account_id = $1 and hash = $2 and replaced_at is null",
    )
    .bind(account)
    .bind(old)
    .bind(new)
    .execute(conn)
    .await
    .map(|done| done.rows_affected() == 1)
}
