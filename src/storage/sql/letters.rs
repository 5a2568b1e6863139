//! Registered letters: ordered, printed in a batch, posted, perhaps returned.

use super::{
    Conn, Result, accounts, centres, history, proof_codes, query, query_as, query_scalar, sessions,
};
use crate::model::id::AccountId;
use crate::model::timestamp::Timestamp;
use crate::storage::{AuditRecord, Effects, LetterPost, LetterPrint, LetterRecord};

pub async fn order_letter(
    conn: &mut Conn,
    letter: LetterRecord,
    read_at: Timestamp,
    effects: Effects,
) -> Result<bool> {
    if !accounts::is_as_read(conn, &letter.account_id, read_at).await? {
        return Ok(false);
    }
    let added = query(
        "insert into letters (number, account_id, content_sealed, ordered_at)
         values ($1, $2, $3, $4) on conflict do nothing",
    )
    .bind(letter.number)
    .bind(letter.account_id)
    .bind(letter.content_sealed)
    .bind(letter.ordered_at)
    .execute(&mut *conn)
    .await?
    .rows_affected();
    if added == 1 {
        history::record(conn, effects).await?;
    }
    Ok(added == 1)
}

pub async fn newest_letter(conn: &mut Conn, account: &AccountId) -> Result<Option<LetterRecord>> {
    query_as::<LetterRecord>(
        "select * from letters where account_id = $1
         order by ordered_at desc, case when posted_at is null then 0 else 1 end, number limit 1",
    )
    .bind(account)
    .fetch_optional(conn)
    .await
}

pub async fn find_letter(conn: &mut Conn, number: &str) -> Result<Option<LetterRecord>> {
    query_as::<LetterRecord>("select * from letters where number = $1")
        .bind(number)
        .fetch_optional(conn)
        .await
}

pub async fn waiting_letters(
    conn: &mut Conn,
    but_of: &AccountId,
    limit: i64,
) -> Result<Vec<LetterRecord>> {
    query_as::<LetterRecord>(
        "select * from letters where printed_at is null and account_id <> $1
         order by ordered_at, number limit $2",
    )
    .bind(but_of)
    .bind(limit)
    .fetch_all(conn)
    .await
}

pub async fn print_letter(conn: &mut Conn, print: LetterPrint, now: Timestamp) -> Result<bool> {
    let printed = query(
        "update letters set batch = $2, centre_id = $3, printed_at = $4, code_sealed = $5
         where number = $1 and printed_at is null",
    )
    .bind(print.number)
    .bind(print.batch)
    .bind(&print.audit.centre_id)
    .bind(now)
    .bind(print.code_sealed)
    .execute(&mut *conn)
    .await?
    .rows_affected();
    if printed == 1 {
        centres::insert_audit(conn, print.audit).await?;
        history::record(conn, print.effects).await?;
    }
    Ok(printed == 1)
}

pub async fn letters_of_batch(
    conn: &mut Conn,
    batch: &str,
    centre: &str,
    but_of: &AccountId,
) -> Result<Vec<LetterRecord>> {
    query_as::<LetterRecord>(
        "select * from letters where batch = $1 and centre_id = $2 and account_id <> $3
         order by ordered_at, number",
    )
    .bind(batch)
    .bind(centre)
    .bind(but_of)
    .fetch_all(conn)
    .await
}

pub async fn open_batches(
    conn: &mut Conn,
    centre: &str,
    but_of: &AccountId,
) -> Result<Vec<String>> {
    query_scalar::<String>(
        "select batch from letters
         where centre_id = $1 and posted_at is null and batch is not null and account_id <> $2
         group by batch order by min(printed_at), batch",
    )
    .bind(centre)
    .bind(but_of)
    .fetch_all(conn)
    .await
}

pub async fn post_letter(conn: &mut Conn, post: LetterPost, now: Timestamp) -> Result<bool> {
    // Evidence being taken back meanwhile takes this code along, or comes first.
    sessions::hold_account(conn, &post.code.account_id).await?;
    let posted = query(
        "update letters set track = $2, posted_at = $3, code_sealed = null
         where number = $1 and printed_at is not null and posted_at is null",
    )
    .bind(&post.code.id)
    .bind(post.track)
    .bind(now)
    .execute(&mut *conn)
    .await?
    .rows_affected();
    if posted == 1 {
        proof_codes::insert(conn, post.code).await?;
        centres::insert_audit(conn, post.audit).await?;
        history::record(conn, post.effects).await?;
    }
    Ok(posted == 1)
}

pub async fn return_letter(
    conn: &mut Conn,
    number: String,
    audit: AuditRecord,
    effects: Effects,
    now: Timestamp,
) -> Result<bool> {
    let returned = query(
        "update letters set returned_at = $2
         where number = $1 and posted_at is not null and returned_at is null
           and exists (select 1 from proof_codes where id = $1 and closed_at is null)",
    )
    .bind(&number)
    .bind(now)
    .execute(&mut *conn)
    .await?
    .rows_affected();
    if returned == 1 {
        query(
            "update proof_codes set closed_at = $2, outcome = 'returned'
             where id = $1 and closed_at is null",
        )
        .bind(number)
        .bind(now)
        .execute(&mut *conn)
        .await?;
        centres::insert_audit(conn, audit).await?;
        history::record(conn, effects).await?;
    }
    Ok(returned == 1)
}
