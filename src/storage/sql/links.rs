//! Links of accounts to those who vouch for their holders.

use super::{Conn, Result, accounts, history, proofing, query, query_as, query_scalar, sessions};
use super::{passwords, tickets};
use crate::model::id::{AccountId, SessionId};
use crate::model::timestamp::Timestamp;
use crate::storage::{
    Attached, Attachment, Detached, Effects, LinkRecord, NewAccount, NewLink, Redeemed, Registered,
    SessionChoice,
};

pub async fn find_link(conn: &mut Conn, subject_index: &str) -> Result<Option<LinkRecord>> {
    query_as::<LinkRecord>("select * from links where subject_index = $1 and unlinked_at is null")
        .bind(subject_index)
        .fetch_optional(conn)
        .await
}

pub async fn links_of(conn: &mut Conn, account: &AccountId) -> Result<Vec<LinkRecord>> {
    query_as::<LinkRecord>(
        "select * from links where account_id = $1 and unlinked_at is null
         order by linked_at, id",
    )
    .bind(account)
    .fetch_all(conn)
    .await
}

pub async fn register_linked(
    conn: &mut Conn,
    account: NewAccount,
    new: NewLink,
    now: Timestamp,
) -> Result<Attached> {
    if is_outdated(conn, &new).await? {
        return Ok(Attached::Spent);
    }
    if accounts::insert(conn, &account).await? == Registered::ContactTaken {
        return Ok(Attached::SnilsTaken);
    }
    let attached = put(conn, new, now).await?;
    if attached == Attached::Now {
        history::record(conn, account.effects).await?;
    } else {
        query("delete from accounts where id = $1")
            .bind(&account.account.id)
            .execute(conn)
            .await?;
    }
    Ok(attached)
}

pub async fn attach_link(
    conn: &mut Conn,
    attachment: Attachment,
    now: Timestamp,
) -> Result<Attached> {
    let account = attachment.new.link.account_id.clone();
    if !accounts::is_as_read(conn, &account, attachment.read_at).await? {
        return Ok(Attached::Stale);
    }
    if is_outdated(conn, &attachment.new).await? {
        return Ok(Attached::Spent);
    }
    if let Some(snils) = &attachment.snils
        && accounts::is_taken(conn, snils).await?
    {
        return Ok(Attached::SnilsTaken);
    }
    let attached = put(conn, attachment.new, now).await?;
    if attached != Attached::Now {
        return Ok(attached);
    }
    if let Some(snils) = &attachment.snils {
        accounts::take_contact(conn, snils).await?;
    }
    query("update accounts set profile_sealed = $2, updated_at = $3 where id = $1")
        .bind(&account)
        .bind(attachment.profile_sealed)
        .bind(now)
        .execute(&mut *conn)
        .await?;
    history::record(conn, attachment.effects).await?;
    Ok(Attached::Now)
}

/// Whether a link of the subject went after the assertion was made.
async fn is_outdated(conn: &mut Conn, new: &NewLink) -> Result<bool> {
    query_scalar::<i64>("select count(*) from links where subject_index = $1 and unlinked_at >= $2")
        .bind(&new.link.subject_index)
        .bind(new.asserted_at)
        .fetch_one(conn)
        .await
        .map(|later| later > 0)
}

/// Spends the ticket, puts the link unless it is there and adds its evidence.
async fn put(conn: &mut Conn, new: NewLink, now: Timestamp) -> Result<Attached> {
    let link = new.link;
    let known = find_link(conn, &link.subject_index).await?;
    let mine = known
        .as_ref()
        .map(|known| known.account_id == link.account_id);
    if mine == Some(false) {
        return Ok(Attached::LinkTaken);
    }
    let (kind, digest) = new.ticket;
    if !matches!(
        tickets::redeem_ticket(conn, kind, digest, now).await?,
        Redeemed::Fresh(_)
    ) {
        return Ok(Attached::Spent);
    }
    if mine.is_none() {
        let added = query(
            "insert into links (id, account_id, channel, issuer, subject_index, linked_at)
             values ($1, $2, $3, $4, $5, $6) on conflict do nothing",
        )
        .bind(link.id)
        .bind(&link.account_id)
        .bind(link.channel)
        .bind(link.issuer)
        .bind(link.subject_index)
        .bind(link.linked_at)
        .execute(&mut *conn)
        .await?
        .rows_affected();
        if added == 0 {
            return Ok(Attached::LinkTaken);
        }
    }
    for evidence in new.evidence {
        proofing::insert_evidence(conn, evidence).await?;
    }
    Ok(Attached::Now)
}

pub async fn detach_link(
    conn: &mut Conn,
    id: String,
    account: AccountId,
    keep: SessionId,
    now: Timestamp,
    effects: Effects,
) -> Result<Detached> {
    sessions::hold_account(conn, &account).await?;
    let links = links_of(conn, &account).await?;
    if !links.iter().any(|link| link.id == id) {
        return Ok(Detached::Unknown);
    }
    let current = passwords::passwords_of(conn, &account, 1).await?;
    let has_password = current
        .iter()
        .any(|password| password.replaced_at.is_none());
    if !has_password && links.len() == 1 {
        return Ok(Detached::LastWay);
    }
    query("update links set unlinked_at = $3 where id = $1 and account_id = $2")
        .bind(id)
        .bind(&account)
        .bind(now)
        .execute(&mut *conn)
        .await?;
    // Whoever came in through it has no business here any more.
    let choice = SessionChoice::AllBut(account, keep);
    let reason = "ended_by_owner".to_owned();
    let ended = sessions::end_sessions(conn, choice, reason, true, now, effects).await?;
    Ok(Detached::Now(ended))
}
