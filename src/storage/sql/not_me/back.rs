//! How it was before: one thing after the other.

use super::super::{Conn, Result, factors, push, query, query_as, query_scalar, sessions, signals};
use super::{ADDED_CONTACTS, FACTORS, LINKS, REMOVED, REPLACED, SESSIONS};
use crate::model::id::{AccountId, SessionId};
use crate::model::signal::Change;
use crate::model::timestamp::Timestamp;
use crate::storage::{Effects, Event, SessionChoice};

/// Devices of `$1` that began with the event, or that its session is at.
const DEVICES: &str = "account_id = $1
     and (created_at >= $2
          or digest in (select device from sessions where account_id = $1
                        and device is not null
                        and (created_at >= $2 or id = coalesce(cast($3 as text), ''))))";

/// What was given is taken back, and nothing is given back: whoever reads the
/// mail of a tablet's owner must not give the tablet more.
pub(super) async fn take_rights_back(
    conn: &mut Conn,
    account: &AccountId,
    event: &Event,
) -> Result<()> {
    push::forget_since(conn, account, event.since, event.session.clone()).await?;
    query(
        "update devices set rights = rights_before, rights_before = null,
                            rights_changed_at = null
         where account_id = $1 and rights_before is not null
           and rights_changed_at >= $2 and rights_changed_at < $3
           and (rights = 'full' or (rights = 'confirm' and rights_before = 'view'))",
    )
    .bind(account)
    .bind(event.since)
    .bind(event.until)
    .execute(conn)
    .await
    .map(drop)
}

pub(super) async fn forget_devices(
    conn: &mut Conn,
    account: &AccountId,
    event: &Event,
    now: Timestamp,
) -> Result<()> {
    // A device that its owner has given less keeps that when it comes back.
    query(const_format::concatcp!(
        "update devices set forgotten_at = $4 where rights <> 'full' and ",
        DEVICES
    ))
    .bind(account)
    .bind(event.since)
    .bind(event.session.clone())
    .bind(now)
    .execute(&mut *conn)
    .await?;
    query(const_format::concatcp!(
        "delete from devices where rights = 'full' and ",
        DEVICES
    ))
    .bind(account)
    .bind(event.since)
    .bind(event.session.clone())
    .execute(&mut *conn)
    .await?;
    factors::distrust(conn, account).await
}

pub(super) async fn end_sessions(
    conn: &mut Conn,
    account: &AccountId,
    event: &Event,
    now: Timestamp,
) -> Result<()> {
    let open = query_scalar::<SessionId>(const_format::concatcp!("select id ", SESSIONS))
        .bind(account)
        .bind(event.since)
        .bind(event.session.clone())
        .bind(i64::from(event.any_session))
        .fetch_all(&mut *conn)
        .await?;
    for session in open {
        let (choice, reason) = (SessionChoice::One(session), "ended_by_owner".to_owned());
        sessions::end_sessions(conn, choice, reason, true, now, Effects::default()).await?;
    }
    // Grants for offline access may have outlived a session that has ended.
    query(
        "update grants set revoked_at = $4 where revoked_at is null
         and session_id in (select id from sessions where account_id = $1
                            and (created_at >= $2 or id = coalesce(cast($3 as text), '')))",
    )
    .bind(account)
    .bind(event.since)
    .bind(event.session.clone())
    .bind(now)
    .execute(conn)
    .await
    .map(drop)
}

/// Whether no second factor is left where there was one that went.
pub(super) async fn take_factors_back(
    conn: &mut Conn,
    account: &AccountId,
    event: &Event,
    now: Timestamp,
) -> Result<bool> {
    let mut changed = 0;
    for (statement, change) in [
        (
            const_format::concatcp!("select id, kind ", FACTORS),
            Change::Revoke,
        ),
        (
            const_format::concatcp!("select id, kind ", REMOVED),
            Change::Create,
        ),
    ] {
        let factors = query_as::<(String, String)>(statement)
            .bind(account)
            .bind(event.since)
            .bind(event.until)
            .fetch_all(&mut *conn)
            .await?;
        for factor in factors {
            signals::tell_factor(conn, account, factor, (change, now)).await?;
        }
    }
    for statement in [
        const_format::concatcp!("delete ", FACTORS),
        const_format::concatcp!(
            "insert into factors (id, account_id, kind, kept_sealed, credential, created_at,
                                  last_used_at, last_step, preferred_at)
             select id, account_id, kind, kept_sealed, credential, created_at, last_used_at, last_step,
                    preferred_at ",
            REMOVED,
            " on conflict do nothing"
        ),
        const_format::concatcp!("delete ", REMOVED),
        // Codes of a list that was made since are in the wrong hands.
        "delete from backup_codes where account_id = $1 and created_at >= $2 and created_at < $3",
    ] {
        changed += query(statement)
            .bind(account)
            .bind(event.since)
            .bind(event.until)
            .execute(&mut *conn)
            .await?
            .rows_affected();
    }
    let left = query_scalar::<i64>("select count(*) from factors where account_id = $1")
        .bind(account)
        .fetch_one(&mut *conn)
        .await?;
    if left == 0 {
        query("delete from backup_codes where account_id = $1")
            .bind(account)
            .execute(conn)
            .await?;
    }
    Ok(left == 0 && changed > 0)
}

pub(super) async fn take_contacts_back(
    conn: &mut Conn,
    account: &AccountId,
    event: &Event,
    now: Timestamp,
) -> Result<()> {
    for statement in [
        const_format::concatcp!("delete ", ADDED_CONTACTS),
        // One that somebody else has confirmed meanwhile is theirs.
        const_format::concatcp!(
            "insert into contacts (account_id, kind, blind_index, value_sealed, created_at,
                                   confirmed_at, seen_at)
             select account_id, kind, blind_index, value_sealed, created_at, confirmed_at, seen_at ",
            REPLACED,
            " and not exists (select 1 from contacts taken
                              where taken.kind = replaced_contacts.kind
                                and taken.blind_index = replaced_contacts.blind_index
                                and taken.confirmed_at is not null)
             on conflict do nothing"
        ),
        const_format::concatcp!("delete ", REPLACED),
    ] {
        query(statement)
            .bind(account)
            .bind(event.since)
            .bind(event.until)
            .execute(&mut *conn)
            .await?;
    }
    query("update accounts set updated_at = $2 where id = $1")
        .bind(account)
        .bind(now)
        .execute(conn)
        .await
        .map(drop)
}

pub(super) async fn take_links_back(
    conn: &mut Conn,
    account: &AccountId,
    event: &Event,
    now: Timestamp,
) -> Result<()> {
    query(const_format::concatcp!(
        "update links set unlinked_at = $4 where ",
        LINKS
    ))
    .bind(account)
    .bind(event.since)
    .bind(event.until)
    .bind(now)
    .execute(&mut *conn)
    .await?;
    query(
        "update links set unlinked_at = null
         where account_id = $1 and unlinked_at >= $2 and unlinked_at < $3 and linked_at < $2
           and not exists (select 1 from links other where other.unlinked_at is null
                           and (other.subject_index = links.subject_index
                                or other.account_id = links.account_id
                                   and other.channel = links.channel
                                   and other.issuer = links.issuer))",
    )
    .bind(account)
    .bind(event.since)
    .bind(event.until)
    .execute(conn)
    .await
    .map(drop)
}

/// The one from before is in force again; if there was none, there is none.
pub(super) async fn take_password_back(
    conn: &mut Conn,
    account: &AccountId,
    event: &Event,
    now: Timestamp,
) -> Result<()> {
    signals::tell_password_revoked(conn, account, now).await?;
    query(
        "delete from passwords where account_id = $1 and set_at >= $2
           and set_at > (select created_at from accounts where id = $1)",
    )
    .bind(account)
    .bind(event.since)
    .execute(&mut *conn)
    .await?;
    query(
        "update passwords set replaced_at = null
         where account_id = $1
           and set_at = (select max(set_at) from passwords where account_id = $1)",
    )
    .bind(account)
    .execute(conn)
    .await
    .map(drop)
}
