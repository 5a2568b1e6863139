//! What happened: sign-ins, the journal, notices, and messages to be sent.

use super::{Conn, Result, outbox, push, query, query_as, query_scalar, signals, tickets};
use crate::model::id::AccountId;
use crate::model::timestamp::Timestamp;
use crate::storage::{Effects, HistoryFilter, JournalRecord, NoticeRecord, SignInRecord};

pub async fn record(conn: &mut Conn, effects: Effects) -> Result<()> {
    if let Some(line) = effects.sign_in {
        query(
            "insert into sign_ins (id, account_id, at, status, device_kind, factors, client_id,
                                   session_id, details_sealed)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        )
        .bind(line.id)
        .bind(line.account_id)
        .bind(line.at)
        .bind(line.status)
        .bind(line.device_kind)
        .bind(line.factors)
        .bind(line.client_id)
        .bind(line.session_id)
        .bind(line.details_sealed)
        .execute(&mut *conn)
        .await?;
    }
    for line in effects.journal {
        signals::tell_line(conn, &line).await?;
        query(
            "insert into journal (id, account_id, at, actor, action, details_sealed)
             values ($1, $2, $3, $4, $5, $6)",
        )
        .bind(line.id)
        .bind(line.account_id)
        .bind(line.at)
        .bind(line.actor)
        .bind(line.action)
        .bind(line.details_sealed)
        .execute(&mut *conn)
        .await?;
    }
    for notice in effects.notices {
        query(
            "insert into notices (id, account_id, at, kind, params_sealed) values ($1, $2, $3, $4, $5)",
        )
        .bind(notice.id)
        .bind(notice.account_id)
        .bind(notice.at)
        .bind(notice.kind)
        .bind(notice.params_sealed)
        .execute(&mut *conn)
        .await?;
    }
    for message in effects.outbox {
        outbox::insert(conn, message).await?;
    }
    for message in effects.pushes {
        push::tell_browsers(conn, message).await?;
    }
    for new in effects.tickets {
        let ticket = (new.kind, new.digest);
        let (account, now) = (new.account, new.created_at);
        tickets::insert(conn, account, ticket, new.payload, now, new.expires_at).await?;
    }
    Ok(())
}

/// Writes the lines of a guarded step, unless another had taken it.
pub(super) async fn record_if(conn: &mut Conn, taken: bool, effects: Effects) -> Result<bool> {
    if taken {
        record(conn, effects).await?;
    }
    Ok(taken)
}

pub async fn sign_ins(
    conn: &mut Conn,
    account: &AccountId,
    filter: &HistoryFilter,
) -> Result<Vec<SignInRecord>> {
    query_as::<SignInRecord>(
        "select * from sign_ins where account_id = $1
         and at >= coalesce(cast($2 as bigint), at) and at < coalesce(cast($3 as bigint), at + 1)
         and device_kind = coalesce(cast($4 as text), device_kind)
         and status = coalesce(cast($5 as text), status)
         order by at desc, id desc limit $6 offset $7",
    )
    .bind(account)
    .bind(filter.from)
    .bind(filter.until)
    .bind(&filter.device_kind)
    .bind(&filter.status)
    .bind(filter.limit)
    .bind(filter.offset)
    .fetch_all(conn)
    .await
}

pub async fn journal(
    conn: &mut Conn,
    account: &AccountId,
    filter: &HistoryFilter,
    ascending: bool,
) -> Result<Vec<JournalRecord>> {
    const LINES: &str = "select * from journal where account_id = $1
        and at >= coalesce(cast($2 as bigint), at) and at < coalesce(cast($3 as bigint), at + 1)
        and action = coalesce(cast($4 as text), action) ";
    let sql = if ascending {
        const_format::concatcp!(LINES, "order by at, id limit $5 offset $6")
    } else {
        const_format::concatcp!(LINES, "order by at desc, id desc limit $5 offset $6")
    };
    query_as::<JournalRecord>(sql)
        .bind(account)
        .bind(filter.from)
        .bind(filter.until)
        .bind(&filter.action)
        .bind(filter.limit)
        .bind(filter.offset)
        .fetch_all(conn)
        .await
}

pub async fn notices(
    conn: &mut Conn,
    account: &AccountId,
    limit: i64,
    offset: i64,
) -> Result<Vec<NoticeRecord>> {
    query_as::<NoticeRecord>(
        "select * from notices where account_id = $1 order by at desc, id desc limit $2 offset $3",
    )
    .bind(account)
    .bind(limit)
    .bind(offset)
    .fetch_all(conn)
    .await
}

pub async fn unread_notices(conn: &mut Conn, account: &AccountId) -> Result<i64> {
    query_scalar::<i64>("select count(*) from notices where account_id = $1 and read_at is null")
        .bind(account)
        .fetch_one(conn)
        .await
}

pub async fn mark_read(
    conn: &mut Conn,
    account: AccountId,
    id: Option<String>,
    now: Timestamp,
) -> Result<()> {
    query(
        "update notices set read_at = $3
         where account_id = $1 and read_at is null and id = coalesce(cast($2 as text), id)",
    )
    .bind(account)
    .bind(id)
    .bind(now)
    .execute(conn)
    .await
    .map(drop)
}
