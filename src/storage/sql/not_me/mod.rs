//! Taking back what somebody else has done. Times decide: what is as old as
//! the account itself is never taken back.

mod back;

use super::{
    Conn, Result, consents, history, query, query_as, query_scalar, recoveries, sessions, tickets,
};
use crate::model::id::{AccountId, ConsentId};
use crate::model::ticket;
use crate::model::timestamp::Timestamp;
use crate::storage::{
    ContactRecord, Effects, Event, ExposureRecord, NotMe, Redeemed, Undo, Undone,
};

/// Open sessions of `$1` that began with the event, by `$2` on, are the session
/// `$3`, or may be any (`$4`).
const SESSIONS: &str = "from sessions where account_id = $1 and ended_at is null
     and (created_at >= $2 or id = coalesce(cast($3 as text), '') or $4 = 1)";
const FACTORS: &str = "from factors where account_id = $1 and created_at >= $2 and created_at < $3";
const REMOVED: &str = "from removed_factors where account_id = $1 and removed_at >= $2
     and removed_at < $3 and created_at < $2";
const ADDED_CONTACTS: &str = "from contacts where account_id = $1 and kind in ('phone', 'email')
     and confirmed_at is not null and created_at >= $2 and created_at < $3
     and created_at > (select created_at from accounts where id = $1)";
const REPLACED: &str = "from replaced_contacts where account_id = $1
     and kind in ('phone', 'email') and replaced_at >= $2 and replaced_at < $3 and created_at < $2";
const LINKS: &str = "account_id = $1 and unlinked_at is null and linked_at >= $2 and linked_at < $3
     and linked_at > (select created_at from accounts where id = $1)";
const CONSENTS: &str = "from consents where account_id = $1 and withdrawn_at is null
     and given_at >= $2 and given_at < $3";

pub async fn find_exposure(conn: &mut Conn, account: &AccountId) -> Result<Option<ExposureRecord>> {
    query_as::<ExposureRecord>("select * from exposures where account_id = $1")
        .bind(account)
        .fetch_optional(conn)
        .await
}

pub async fn followed(conn: &mut Conn, account: &AccountId, event: &Event) -> Result<Undone> {
    let sessions = query_scalar::<i64>(const_format::concatcp!("select count(*) ", SESSIONS))
        .bind(account)
        .bind(event.since)
        .bind(event.session.clone())
        .bind(i64::from(event.any_session))
        .fetch_one(&mut *conn)
        .await?;
    let mut counts = [0_i64; 6];
    for (count, statement) in counts.iter_mut().zip([
        const_format::concatcp!("select count(*) ", FACTORS),
        const_format::concatcp!("select count(*) ", REMOVED),
        const_format::concatcp!("select count(*) ", ADDED_CONTACTS),
        const_format::concatcp!("select count(*) ", REPLACED),
        const_format::concatcp!("select count(*) from links where ", LINKS),
        const_format::concatcp!("select count(*) ", CONSENTS),
    ]) {
        *count = query_scalar::<i64>(statement)
            .bind(account)
            .bind(event.since)
            .bind(event.until)
            .fetch_one(&mut *conn)
            .await?;
    }
    let [factors, restored, added, replaced, links, consents] = counts.map(positive);
    Ok(Undone {
        sessions: positive(sessions),
        factors,
        restored,
        contacts: added.max(replaced),
        links,
        consents,
        password: is_password_newer(conn, account, event).await?,
    })
}

fn positive(count: i64) -> u64 {
    u64::try_from(count).unwrap_or_default()
}

pub async fn contacts_before(
    conn: &mut Conn,
    account: &AccountId,
    event: &Event,
) -> Result<Vec<ContactRecord>> {
    query_as::<ContactRecord>(const_format::concatcp!(
        "select account_id, kind, blind_index, value_sealed, created_at, confirmed_at, seen_at ",
        REPLACED,
        " order by kind"
    ))
    .bind(account)
    .bind(event.since)
    .bind(event.until)
    .fetch_all(conn)
    .await
}

pub async fn undo(conn: &mut Conn, undo: Undo, now: Timestamp) -> Result<NotMe> {
    let Undo { account, event, .. } = &undo;
    sessions::hold_account(conn, account).await?;
    if let Some(digest) = undo.ticket.clone() {
        match tickets::redeem_ticket(conn, ticket::NOT_ME, digest, now).await? {
            Redeemed::Fresh(_) => {}
            Redeemed::Replayed(_) => return Ok(NotMe::Before),
            Redeemed::Unknown => return Ok(NotMe::Unknown),
        }
    }
    let mut undone = followed(conn, account, event).await?;
    if undo.takes_back {
        back::take_rights_back(conn, account, event).await?;
    }
    back::forget_devices(conn, account, event, now).await?;
    back::end_sessions(conn, account, event, now).await?;
    let mut unguarded = false;
    if undo.takes_back {
        // Somebody may have turned warnings off.
        query("update accounts set notices_sealed = null where id = $1")
            .bind(account)
            .execute(&mut *conn)
            .await?;
        unguarded = back::take_factors_back(conn, account, event, now).await?;
        back::take_contacts_back(conn, account, event, now).await?;
        back::take_links_back(conn, account, event, now).await?;
        let given = query_scalar::<ConsentId>(const_format::concatcp!("select id ", CONSENTS))
            .bind(account)
            .bind(event.since)
            .bind(event.until)
            .fetch_all(&mut *conn)
            .await?;
        for consent in given {
            let nothing = Effects::default();
            consents::withdraw_consent(conn, consent, account.clone(), now, nothing).await?;
        }
        if undone.password {
            back::take_password_back(conn, account, event, now).await?;
        }
    } else {
        undone = Undone {
            sessions: undone.sessions,
            ..Undone::default()
        };
    }
    // Whoever is said to be a thief has begun nothing that counts.
    recoveries::defend(conn, account, now).await?;
    query(
        "update trusted_contacts set ended_at = $3
         where account_id = $1 and ended_at is null and invited_at >= $2",
    )
    .bind(account)
    .bind(event.since)
    .bind(now)
    .execute(&mut *conn)
    .await?;
    expose(conn, &undo, unguarded, now).await?;
    history::record(conn, undo.effects).await?;
    Ok(NotMe::Now(undone))
}

/// Whether the password in force was set after the event. One that was printed
/// at a desk is none of a thief's, unless that is the event.
async fn is_password_newer(conn: &mut Conn, account: &AccountId, event: &Event) -> Result<bool> {
    query_scalar::<i64>(
        "select count(*) from passwords where account_id = $1 and replaced_at is null
           and (temporary_until is null or $4 = 1) and set_at >= $2 and set_at < $3
           and set_at > (select created_at from accounts where id = $1)",
    )
    .bind(account)
    .bind(event.since)
    .bind(event.until)
    .bind(i64::from(event.printed))
    .fetch_one(conn)
    .await
    .map(|newer| newer > 0)
}

async fn expose(conn: &mut Conn, undo: &Undo, unguarded: bool, now: Timestamp) -> Result<()> {
    let passwords = query_scalar::<i64>(
        "select count(*) from passwords where account_id = $1 and replaced_at is null",
    )
    .bind(&undo.account)
    .fetch_one(&mut *conn)
    .await?;
    let (undone_since, undone_at) = match undo.takes_back {
        true => (Some(undo.event.since), Some(now)),
        false => (None, None),
    };
    // Who may prove themselves by what is decided by the undoing that took the
    // last factor away, else by the first.
    query(
        "insert into exposures (account_id, at, since, told, unguarded_at, undone_since,
                                undone_at, mended_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict (account_id) do update set
             at = excluded.at,
             since = case when exposures.mended_at is null and exposures.since < excluded.since
                          then exposures.since else excluded.since end,
             told = case when excluded.unguarded_at is not null
                              or exposures.mended_at is not null
                         then excluded.told else exposures.told end,
             unguarded_at = case when exposures.mended_at is not null then excluded.unguarded_at
                 else coalesce(excluded.unguarded_at, exposures.unguarded_at) end,
             undone_since = case when excluded.undone_since is null
                                      or exposures.undone_since < excluded.undone_since
                 then exposures.undone_since else excluded.undone_since end,
             undone_at = coalesce(excluded.undone_at, exposures.undone_at),
             mended_at = excluded.mended_at",
    )
    .bind(&undo.account)
    .bind(now)
    .bind(undo.known_since)
    .bind(&undo.told)
    .bind(unguarded.then_some(now))
    .bind(undone_since)
    .bind(undone_at)
    .bind((passwords == 0).then_some(now))
    .execute(conn)
    .await
    .map(drop)
}
