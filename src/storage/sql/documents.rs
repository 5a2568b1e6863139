//! Documents of citizens: the current version, its history, and how the
//! registry stands to it.

use super::{Conn, Result, history, query, query_as, query_scalar};
use crate::model::id::AccountId;
use crate::model::timestamp::Timestamp;
use crate::storage::{AskedVersion, DocumentRecord, DocumentVersionRecord, Effects};

pub async fn add_document(
    conn: &mut Conn,
    document: DocumentRecord,
    version: DocumentVersionRecord,
    most: i64,
    effects: Effects,
) -> Result<bool> {
    super::sessions::hold_account(conn, &document.account_id).await?;
    let count = query_scalar::<i64>("select count(*) from documents where account_id = $1")
        .bind(&document.account_id)
        .fetch_one(&mut *conn)
        .await?;
    if count >= most {
        return Ok(false);
    }
    query("insert into documents (id, account_id, kind, created_at) values ($1, $2, $3, $4)")
        .bind(document.id)
        .bind(document.account_id)
        .bind(document.kind)
        .bind(document.created_at)
        .execute(&mut *conn)
        .await?;
    insert_version(conn, version).await?;
    history::record(conn, effects).await?;
    Ok(true)
}

async fn insert_version(conn: &mut Conn, version: DocumentVersionRecord) -> Result<()> {
    query(
        "insert into document_versions (id, document_id, created_at, data_sealed, check_id)
         values ($1, $2, $3, $4, $5)",
    )
    .bind(version.id)
    .bind(version.document_id)
    .bind(version.created_at)
    .bind(version.data_sealed)
    .bind(version.check_id)
    .execute(conn)
    .await
    .map(drop)
}

pub async fn documents_of(conn: &mut Conn, account: &AccountId) -> Result<Vec<DocumentRecord>> {
    query_as::<DocumentRecord>(
        "select * from documents where account_id = $1 order by created_at, id",
    )
    .bind(account)
    .fetch_all(conn)
    .await
}

pub async fn find_document(
    conn: &mut Conn,
    account: &AccountId,
    id: &str,
) -> Result<Option<DocumentRecord>> {
    query_as::<DocumentRecord>("select * from documents where id = $2 and account_id = $1")
        .bind(account)
        .bind(id)
        .fetch_optional(conn)
        .await
}

pub async fn current_versions(
    conn: &mut Conn,
    account: &AccountId,
) -> Result<Vec<DocumentVersionRecord>> {
    query_as::<DocumentVersionRecord>(
        "select * from document_versions
         where replaced_at is null
           and document_id in (select id from documents where account_id = $1)",
    )
    .bind(account)
    .fetch_all(conn)
    .await
}

pub async fn versions_of(conn: &mut Conn, document: &str) -> Result<Vec<DocumentVersionRecord>> {
    query_as::<DocumentVersionRecord>(
        "select * from document_versions where document_id = $1
         order by case when replaced_at is null then 0 else 1 end, created_at desc, id desc",
    )
    .bind(document)
    .fetch_all(conn)
    .await
}

pub async fn change_version(
    conn: &mut Conn,
    version: DocumentVersionRecord,
    effects: Effects,
) -> Result<bool> {
    let changed = query(
        "update document_versions
         set data_sealed = $2, check_id = $3, check_tries = 0, check_started_at = null,
             check_answered_at = null, check_mismatch = null
         where id = $1 and replaced_at is null",
    )
    .bind(version.id)
    .bind(version.data_sealed)
    .bind(version.check_id)
    .execute(&mut *conn)
    .await?
    .rows_affected();
    if changed == 1 {
        history::record(conn, effects).await?;
    }
    Ok(changed == 1)
}

pub async fn replace_version(
    conn: &mut Conn,
    current: String,
    version: DocumentVersionRecord,
    effects: Effects,
) -> Result<bool> {
    let replaced = query(
        "update document_versions set replaced_at = $2
         where id = $1 and document_id = $3 and replaced_at is null",
    )
    .bind(current)
    .bind(version.created_at)
    .bind(&version.document_id)
    .execute(&mut *conn)
    .await?
    .rows_affected();
    if replaced == 0 {
        return Ok(false);
    }
    insert_version(conn, version).await?;
    history::record(conn, effects).await?;
    Ok(true)
}

pub async fn delete_document(
    conn: &mut Conn,
    account: AccountId,
    id: String,
    effects: Effects,
) -> Result<bool> {
    query(
        "delete from files where account_id = $1 and holder in
             (select id from document_versions where document_id = $2)",
    )
    .bind(&account)
    .bind(&id)
    .execute(&mut *conn)
    .await?;
    let deleted = query("delete from documents where id = $2 and account_id = $1")
        .bind(&account)
        .bind(&id)
        .execute(&mut *conn)
        .await?
        .rows_affected();
    if deleted == 1 {
        history::record(conn, effects).await?;
    }
    Ok(deleted == 1)
}

pub async fn find_asked_version(conn: &mut Conn, check_id: &str) -> Result<Option<AskedVersion>> {
    query_as::<AskedVersion>(
        "select v.id, d.account_id, d.kind, v.data_sealed, v.check_answered_at
         from document_versions v join documents d on d.id = v.document_id
         where v.check_id = $1 and v.replaced_at is null",
    )
    .bind(check_id)
    .fetch_optional(conn)
    .await
}

pub async fn start_document_check(
    conn: &mut Conn,
    check_id: String,
    now: Timestamp,
) -> Result<bool> {
    query(
        "update document_versions set check_started_at = $2, check_tries = check_tries + 1
         where check_id = $1 and check_answered_at is null and replaced_at is null",
    )
    .bind(check_id)
    .bind(now)
    .execute(conn)
    .await
    .map(|done| done.rows_affected() == 1)
}

pub async fn pause_document_check(conn: &mut Conn, check_id: String) -> Result<()> {
    query(
        "update document_versions set check_started_at = null
         where check_id = $1 and check_answered_at is null",
    )
    .bind(check_id)
    .execute(conn)
    .await
    .map(drop)
}

pub async fn answer_document_check(
    conn: &mut Conn,
    check_id: String,
    mismatch: String,
    now: Timestamp,
    effects: Effects,
) -> Result<bool> {
    let answered = query(
        "update document_versions set check_answered_at = $3, check_mismatch = $2
         where check_id = $1 and check_answered_at is null and replaced_at is null",
    )
    .bind(check_id)
    .bind(mismatch)
    .bind(now)
    .execute(&mut *conn)
    .await?
    .rows_affected();
    if answered == 1 {
        history::record(conn, effects).await?;
    }
    Ok(answered == 1)
}
