//! Uploaded files: contents are sealed, rows are only ever added and destroyed.

use super::{Conn, Result, history, query, query_as, query_scalar};
use crate::model::id::AccountId;
use crate::storage::{Effects, FileRecord, NewFile, StoredFile};

pub async fn put_file(conn: &mut Conn, file: NewFile, most: i64, effects: Effects) -> Result<bool> {
    // Two at once must not both find room for one.
    super::sessions::hold_account(conn, &file.file.account_id).await?;
    let kept = query_scalar::<i64>(
        "select cast(coalesce(sum(size), 0) as bigint) from files where account_id = $1",
    )
    .bind(&file.file.account_id)
    .fetch_one(&mut *conn)
    .await?;
    if kept + file.file.size > most {
        return Ok(false);
    }
    insert_file(conn, file).await?;
    history::record(conn, effects).await?;
    Ok(true)
}

pub(super) async fn insert_file(conn: &mut Conn, new: NewFile) -> Result<()> {
    query(
        "insert into files
             (id, account_id, holder, kind, media_type, size, created_at, content_sealed)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(new.file.id)
    .bind(new.file.account_id)
    .bind(new.file.holder)
    .bind(new.file.kind)
    .bind(new.file.media_type)
    .bind(new.file.size)
    .bind(new.file.created_at)
    .bind(new.content_sealed)
    .execute(conn)
    .await
    .map(drop)
}

pub async fn files_of(
    conn: &mut Conn,
    account: &AccountId,
    holder: &str,
) -> Result<Vec<FileRecord>> {
    query_as::<FileRecord>(
        "select id, account_id, holder, kind, media_type, size, created_at from files
         where account_id = $1 and holder = $2 order by created_at, id",
    )
    .bind(account)
    .bind(holder)
    .fetch_all(conn)
    .await
}

pub async fn files_of_account(conn: &mut Conn, account: &AccountId) -> Result<Vec<FileRecord>> {
    query_as::<FileRecord>(
        "select id, account_id, holder, kind, media_type, size, created_at from files
         where account_id = $1 order by created_at, id",
    )
    .bind(account)
    .fetch_all(conn)
    .await
}

pub async fn find_file(
    conn: &mut Conn,
    account: &AccountId,
    holder: &str,
    id: &str,
) -> Result<Option<StoredFile>> {
    query_as::<StoredFile>(
        "select id, kind, media_type, content_sealed from files
         where id = $3 and account_id = $1 and holder = $2",
    )
    .bind(account)
    .bind(holder)
    .bind(id)
    .fetch_optional(conn)
    .await
}

pub async fn delete_file(
    conn: &mut Conn,
    account: AccountId,
    holder: String,
    id: String,
    effects: Effects,
) -> Result<bool> {
    let deleted = query("delete from files where id = $3 and account_id = $1 and holder = $2")
        .bind(account)
        .bind(holder)
        .bind(id)
        .execute(&mut *conn)
        .await?
        .rows_affected();
    if deleted == 1 {
        history::record(conn, effects).await?;
    }
    Ok(deleted == 1)
}

/// Destroys everything a holder has.
pub(super) async fn delete_files_of(conn: &mut Conn, holder: &str) -> Result<()> {
    query("delete from files where holder = $1")
        .bind(holder.to_owned())
        .execute(conn)
        .await
        .map(drop)
}
