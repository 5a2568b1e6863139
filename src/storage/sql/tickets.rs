//! One-time secrets of every kind: a digest bound to a kind, that expires and
//! is spent at most once.

use super::{Conn, Result, history, query, query_as, query_scalar};
use crate::model::id::AccountId;
use crate::model::secret::Digest;
use crate::model::ticket;
use crate::model::timestamp::Timestamp;
use crate::storage::{Effects, NewTicket, Once, Redeemed, TicketRecord};

pub async fn put_ticket(
    conn: &mut Conn,
    kind: &'static str,
    digest: Digest,
    payload: String,
    now: Timestamp,
    expires_at: Timestamp,
) -> Result<()> {
    insert(conn, None, (kind, digest), payload, now, expires_at).await
}

pub async fn put_ticket_of(
    conn: &mut Conn,
    account: Option<AccountId>,
    ticket: (&'static str, Digest),
    payload: String,
    now: Timestamp,
    expires_at: Timestamp,
    effects: Effects,
) -> Result<()> {
    insert(conn, account, ticket, payload, now, expires_at).await?;
    history::record(conn, effects).await
}

pub async fn put_ticket_if(
    conn: &mut Conn,
    once: Once,
    new: NewTicket,
    effects: Effects,
    now: Timestamp,
) -> Result<bool> {
    let is_first = match once {
        Once::Seen {
            kind,
            digest,
            until,
        } => put_ticket_once(conn, kind, digest, now, until).await?,
        Once::Spent { kind, digest } => matches!(
            redeem_ticket(conn, kind, digest, now).await?,
            Redeemed::Fresh(_)
        ),
    };
    if is_first {
        let ticket = (new.kind, new.digest);
        let NewTicket {
            account,
            payload,
            created_at,
            expires_at,
            ..
        } = new;
        insert(conn, account, ticket, payload, created_at, expires_at).await?;
    }
    history::record_if(conn, is_first, effects).await
}

/// A ticket; one that names its account goes with it.
pub(super) async fn insert(
    conn: &mut Conn,
    account: Option<AccountId>,
    (kind, digest): (&'static str, Digest),
    payload: String,
    now: Timestamp,
    expires_at: Timestamp,
) -> Result<()> {
    query(
        "insert into tickets (kind, digest, payload, created_at, expires_at, tries, account_id)
         values ($1, $2, $3, $4, $5, 0, $6)",
    )
    .bind(kind)
    .bind(digest)
    .bind(payload)
    .bind(now)
    .bind(expires_at)
    .bind(account)
    .execute(conn)
    .await
    .map(drop)
}

pub async fn put_ticket_once(
    conn: &mut Conn,
    kind: &'static str,
    digest: Digest,
    now: Timestamp,
    expires_at: Timestamp,
) -> Result<bool> {
    query(
        "insert into tickets (kind, digest, payload, created_at, expires_at, tries, spent_at)
         values ($1, $2, '', $3, $4, 0, $3) on conflict do nothing",
    )
    .bind(kind)
    .bind(digest)
    .bind(now)
    .bind(expires_at)
    .execute(conn)
    .await
    .map(|done| done.rows_affected() == 1)
}

pub async fn keep_ticket(
    conn: &mut Conn,
    account: Option<AccountId>,
    kind: &'static str,
    digest: Digest,
    payload: String,
    now: Timestamp,
    expires_at: Timestamp,
) -> Result<String> {
    query_scalar::<String>(
        "insert into tickets (kind, digest, payload, created_at, expires_at, tries, account_id)
         values ($1, $2, $3, $4, $5, 0, $6)
         on conflict (kind, digest) do update set expires_at = $5
         returning payload",
    )
    .bind(kind)
    .bind(digest)
    .bind(payload)
    .bind(now)
    .bind(expires_at)
    .bind(account)
    .fetch_one(conn)
    .await
}

pub async fn revoke_token(
    conn: &mut Conn,
    token: Digest,
    now: Timestamp,
    expires_at: Timestamp,
) -> Result<bool> {
    put_ticket_once(conn, ticket::REVOKED_TOKEN, token, now, expires_at).await
}

pub async fn find_ticket(
    conn: &mut Conn,
    kind: &'static str,
    digest: &Digest,
    now: Timestamp,
) -> Result<Option<TicketRecord>> {
    query_as::<TicketRecord>(
        "select payload, created_at, expires_at, tries, spent_at from tickets
         where kind = $1 and digest = $2 and expires_at > $3",
    )
    .bind(kind)
    .bind(digest)
    .bind(now)
    .fetch_optional(conn)
    .await
}

pub async fn questions_of(
    conn: &mut Conn,
    account: &AccountId,
    now: Timestamp,
) -> Result<Vec<(Digest, String)>> {
    query_as::<(Digest, String)>(
        "select digest, payload from tickets
         where account_id = $1 and kind = 'approval_asked' and expires_at > $2
           and spent_at is null
         order by created_at desc",
    )
    .bind(account)
    .bind(now)
    .fetch_all(conn)
    .await
}

pub async fn requests_of_sites(
    conn: &mut Conn,
    account: &AccountId,
    now: Timestamp,
) -> Result<Vec<(Digest, String)>> {
    query_as::<(Digest, String)>(
        "select digest, payload from tickets
         where account_id = $1 and kind = 'backchannel_request' and expires_at > $2
           and spent_at is null
         order by created_at desc",
    )
    .bind(account)
    .bind(now)
    .fetch_all(conn)
    .await
}

pub async fn redeem_ticket(
    conn: &mut Conn,
    kind: &'static str,
    digest: Digest,
    now: Timestamp,
) -> Result<Redeemed> {
    let payload = query_scalar::<String>(
        "update tickets set spent_at = $3
         where kind = $1 and digest = $2 and spent_at is null and expires_at > $3
         returning payload",
    )
    .bind(kind)
    .bind(&digest)
    .bind(now)
    .fetch_optional(&mut *conn)
    .await?;
    if let Some(payload) = payload {
        return Ok(Redeemed::Fresh(payload));
    }
    let spent = query_scalar::<String>(
        "select payload from tickets where kind = $1 and digest = $2 and spent_at is not null",
    )
    .bind(kind)
    .bind(&digest)
    .fetch_optional(conn)
    .await?;
    Ok(spent.map_or(Redeemed::Unknown, Redeemed::Replayed))
}

pub async fn redeem_ticket_with(
    conn: &mut Conn,
    (kind, digest): (&'static str, Digest),
    now: Timestamp,
    effects: Effects,
) -> Result<Redeemed> {
    let redeemed = redeem_ticket(conn, kind, digest, now).await?;
    if matches!(redeemed, Redeemed::Fresh(_)) {
        history::record(conn, effects).await?;
    }
    Ok(redeemed)
}

pub async fn count_try(
    conn: &mut Conn,
    kind: &'static str,
    digest: Digest,
    limit: i64,
    now: Timestamp,
) -> Result<Option<TicketRecord>> {
    query_as::<TicketRecord>(
        "update tickets set tries = tries + 1
         where kind = $1 and digest = $2 and spent_at is null and expires_at > $4 and tries < $3
         returning payload, created_at, expires_at, tries, spent_at",
    )
    .bind(kind)
    .bind(digest)
    .bind(limit)
    .bind(now)
    .fetch_optional(conn)
    .await
}

pub async fn change_ticket(
    conn: &mut Conn,
    (kind, digest): (&'static str, Digest),
    before: String,
    after: String,
    now: Timestamp,
    effects: Effects,
) -> Result<bool> {
    let changed = query(
        "update tickets set payload = $4
         where kind = $1 and digest = $2 and payload = $3 and spent_at is null
           and expires_at > $5",
    )
    .bind(kind)
    .bind(digest)
    .bind(before)
    .bind(after)
    .bind(now)
    .execute(&mut *conn)
    .await?
    .rows_affected()
        == 1;
    history::record_if(conn, changed, effects).await
}

pub async fn replace_ticket(
    conn: &mut Conn,
    kind: &'static str,
    digest: Digest,
    payload: String,
    expires_at: Timestamp,
    now: Timestamp,
    effects: Effects,
) -> Result<bool> {
    let replaced = query(
        "update tickets set payload = $3, expires_at = $4, tries = 0
         where kind = $1 and digest = $2 and spent_at is null and expires_at > $5",
    )
    .bind(kind)
    .bind(digest)
    .bind(payload)
    .bind(expires_at)
    .bind(now)
    .execute(&mut *conn)
    .await?
    .rows_affected()
        == 1;
    history::record_if(conn, replaced, effects).await
}
