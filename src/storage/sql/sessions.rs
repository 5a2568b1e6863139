//! Sessions, and the grants that end with them.

use super::{
    Conn, Result, devices, history, outbox, push, query, query_as, query_scalar, signals, tickets,
};
use crate::model::id::{AccountId, ClientId, ConsentId, SessionId};
use crate::model::secret::Digest;
use crate::model::timestamp::Timestamp;
use crate::storage::{
    Effects, EndedGrant, NewSession, Redeemed, RestsOn, SessionChoice, SessionRecord,
};

/// A session with what may be done from its device.
const SESSION: &str = "select sessions.*,
        (select rights from devices where digest = sessions.device
                                      and account_id = sessions.account_id) as rights
     from sessions ";

pub async fn find_session(conn: &mut Conn, digest: &Digest) -> Result<Option<SessionRecord>> {
    query_as::<SessionRecord>(const_format::concatcp!(SESSION, "where digest = $1"))
        .bind(digest)
        .fetch_optional(conn)
        .await
}

pub async fn load_session(conn: &mut Conn, id: &SessionId) -> Result<Option<SessionRecord>> {
    query_as::<SessionRecord>(const_format::concatcp!(SESSION, "where id = $1"))
        .bind(id)
        .fetch_optional(conn)
        .await
}

pub async fn open_sessions(
    conn: &mut Conn,
    account: &AccountId,
    now: Timestamp,
) -> Result<Vec<SessionRecord>> {
    query_as::<SessionRecord>(const_format::concatcp!(
        SESSION,
        "where account_id = $1 and ended_at is null
         and idle_until > $2 and expires_at > $2 order by created_at desc"
    ))
    .bind(account)
    .bind(now)
    .fetch_all(conn)
    .await
}

pub async fn start_session(conn: &mut Conn, new: NewSession) -> Result<bool> {
    let session = new.session;
    let (rests_on, by, at) = match new.rests_on {
        RestsOn::Password(set_at) => ("password", String::new(), Some(set_at)),
        RestsOn::Link(id) => ("link", id, None),
        RestsOn::Factor(id) => ("factor", id, None),
        RestsOn::Session(id) => ("session", id.to_string(), None),
        RestsOn::Phone(index) => ("phone", index, None),
    };
    if let Some((kind, digest)) = new.ticket
        && !matches!(
            tickets::redeem_ticket(conn, kind, digest, session.created_at).await?,
            Redeemed::Fresh(_)
        )
    {
        return Ok(false);
    }
    hold_account(conn, &session.account_id).await?;
    let begun = query(
        "insert into sessions (id, digest, account_id, created_at, last_seen_at, idle_until,
                               expires_at, authentication, device_kind, details_sealed, device)
         select $1, $2, id, cast($4 as bigint), cast($4 as bigint), cast($5 as bigint),
                cast($6 as bigint), $7, $8, $9, cast($13 as text)
         from accounts
         where id = $3 and blocked_at is null
           and (exists (select 1 from passwords where account_id = $3 and $10 = 'password'
                        and set_at = cast($12 as bigint) and replaced_at is null)
                or exists (select 1 from links where account_id = $3 and $10 = 'link'
                           and id = $11 and unlinked_at is null)
                or exists (select 1 from factors where account_id = $3 and $10 = 'factor'
                           and id = $11)
                or exists (select 1 from sessions by where by.account_id = $3 and $10 = 'session'
                           and by.id = $11 and by.ended_at is null)
                or exists (select 1 from contacts where account_id = $3 and $10 = 'phone'
                           and kind = 'phone' and blind_index = $11
                           and confirmed_at is not null))",
    )
    .bind(&session.id)
    .bind(&session.digest)
    .bind(&session.account_id)
    .bind(session.created_at)
    .bind(session.idle_until)
    .bind(session.expires_at)
    .bind(&session.authentication)
    .bind(&session.device_kind)
    .bind(&session.details_sealed)
    .bind(rests_on)
    .bind(&by)
    .bind(at)
    .bind(&new.device)
    .execute(&mut *conn)
    .await?
    .rows_affected();
    if begun == 0 {
        return Ok(false);
    }
    let marked = devices::Marked {
        digest: &new.device,
        before: new.device_before.as_ref(),
        account: &session.account_id,
        let_in_by: (rests_on == "session").then_some(by.as_str()),
        trust_until: new.trust_until,
    };
    devices::mark(conn, &marked, session.created_at).await?;
    history::record(conn, new.effects).await?;
    Ok(true)
}

/// The same for a consent that is being changed.
pub(super) async fn hold_consent(conn: &mut Conn, id: &ConsentId) -> Result<()> {
    if super::super::SINGLE_WRITER {
        return Ok(());
    }
    query("update consents set decided_at = decided_at where id = $1")
        .bind(id)
        .execute(conn)
        .await
        .map(drop)
}

/// Makes others who change this account wait until this transaction is over:
/// a session that begins beside a new password or a block finds out. A single
/// writer need not be told.
pub(super) async fn hold_account(conn: &mut Conn, account: &AccountId) -> Result<()> {
    if super::super::SINGLE_WRITER {
        return Ok(());
    }
    query("update accounts set updated_at = updated_at where id = $1")
        .bind(account)
        .execute(conn)
        .await
        .map(drop)
}

pub async fn touch_session(
    conn: &mut Conn,
    id: SessionId,
    now: Timestamp,
    idle_until: Timestamp,
) -> Result<()> {
    query(
        "update sessions set last_seen_at = $2, idle_until = $3
         where id = $1 and ended_at is null and last_seen_at < $2",
    )
    .bind(id)
    .bind(now)
    .bind(idle_until)
    .execute(conn)
    .await
    .map(drop)
}

/// Makes the end of a session wait until this transaction is over, so that it
/// finds what the transaction adds to it. A single writer need not be told.
pub(super) async fn hold(conn: &mut Conn, id: &SessionId) -> Result<()> {
    if super::super::SINGLE_WRITER {
        return Ok(());
    }
    query("update sessions set last_seen_at = last_seen_at where id = $1")
        .bind(id)
        .execute(conn)
        .await
        .map(drop)
}

pub async fn end_sessions(
    conn: &mut Conn,
    choice: SessionChoice,
    reason: String,
    offline: bool,
    now: Timestamp,
    effects: Effects,
) -> Result<Vec<EndedGrant>> {
    let others = match &choice {
        SessionChoice::One(_) | SessionChoice::OfDevice(..) => None,
        SessionChoice::AllBut(account, kept) => Some((account.clone(), kept.to_string())),
        SessionChoice::All(account) => Some((account.clone(), String::new())),
    };
    if let Some((account, _)) = &others {
        // One that begins at this moment by one of these is waited for.
        hold_account(conn, account).await?;
    }
    const END: &str =
        "update sessions set ended_at = $1, end_reason = $2 where ended_at is null and ";
    let ended: Vec<SessionId> = match choice {
        SessionChoice::One(session) => {
            query_scalar::<SessionId>(const_format::concatcp!(END, "id = $3 returning id"))
                .bind(now)
                .bind(&reason)
                .bind(session)
                .fetch_all(&mut *conn)
                .await?
        }
        SessionChoice::OfDevice(account, device) => {
            query_scalar::<SessionId>(const_format::concatcp!(
                END,
                "account_id = $3 and device = $4 returning id"
            ))
            .bind(now)
            .bind(&reason)
            .bind(account)
            .bind(device)
            .fetch_all(&mut *conn)
            .await?
        }
        SessionChoice::AllBut(account, kept) => {
            query_scalar::<SessionId>(const_format::concatcp!(
                END,
                "account_id = $3 and id <> $4 returning id"
            ))
            .bind(now)
            .bind(&reason)
            .bind(account)
            .bind(kept)
            .fetch_all(&mut *conn)
            .await?
        }
        SessionChoice::All(account) => {
            query_scalar::<SessionId>(const_format::concatcp!(END, "account_id = $3 returning id"))
                .bind(now)
                .bind(&reason)
                .bind(account)
                .fetch_all(&mut *conn)
                .await?
        }
    };
    // A session that had ended already ends nothing and leaves no line.
    if others.is_none() && ended.is_empty() {
        return Ok(Vec::new());
    }
    let mut grants = Vec::new();
    for session in ended {
        if offline {
            push::forget_of_session(conn, &session).await?;
        }
        grants.extend(end_grants(conn, &session, (&reason, offline), now).await?);
    }
    // Grants for offline access may have outlived their sessions long since:
    // who ends all sessions with all that came of them means those as well.
    if let (Some((account, kept)), true) = (others, offline) {
        query(
            "update grants set revoked_at = $3 where revoked_at is null
             and session_id in (select id from sessions where account_id = $1 and id <> $2)",
        )
        .bind(account)
        .bind(kept)
        .bind(now)
        .execute(&mut *conn)
        .await?;
    }
    history::record(conn, effects).await?;
    Ok(grants)
}

async fn end_grants(
    conn: &mut Conn,
    session: &SessionId,
    (reason, offline): (&str, bool),
    now: Timestamp,
) -> Result<Vec<EndedGrant>> {
    // Relying parties are told of every grant of the session, also of one that
    // was revoked before: who gave a token back is still signed in there.
    // Tokens for offline access outlive an ordinary sign-out (OpenID Connect
    // Back-Channel Logout §2.7).
    let told = query_as::<EndedGrant>(
        "select id as grant_id, client_id, account_id, session_id from grants
         where session_id = $1",
    )
    .bind(session)
    .fetch_all(&mut *conn)
    .await?;
    query(
        "update grants set revoked_at = $2
         where session_id = $1 and revoked_at is null and (offline_at is null or $3 = 1)",
    )
    .bind(session)
    .bind(now)
    .bind(i64::from(offline))
    .execute(&mut *conn)
    .await?;
    outbox::tell_clients(conn, &told, now).await?;
    signals::tell_ended(conn, &told, reason, now).await?;
    Ok(told)
}

pub async fn end_timed_out(conn: &mut Conn, limit: i64, now: Timestamp) -> Result<Vec<EndedGrant>> {
    let over = query_as::<SessionRecord>(
        "update sessions set end_reason = 'timed_out',
             ended_at = case when idle_until < expires_at then idle_until else expires_at end
         where id in (select id from sessions where ended_at is null
                      and (idle_until <= $1 or expires_at <= $1) order by idle_until limit $2)
           and ended_at is null
         returning *, cast(null as text) as rights",
    )
    .bind(now)
    .bind(limit)
    .fetch_all(&mut *conn)
    .await?;
    let mut grants = Vec::new();
    for session in over {
        let ended_at = session.ended_at.unwrap_or(now);
        query(
            "insert into sign_ins (id, account_id, at, status, device_kind, factors, session_id, details_sealed)
             values ($1, $2, $3, 'timed_out', $4, '', $5, $6) on conflict do nothing",
        )
        .bind(format!("{}-end", session.id))
        .bind(&session.account_id)
        .bind(ended_at)
        .bind(&session.device_kind)
        .bind(&session.id)
        .bind(&session.details_sealed)
        .execute(&mut *conn)
        .await?;
        grants.extend(end_grants(conn, &session.id, ("timed_out", false), now).await?);
    }
    Ok(grants)
}

pub async fn clients_of_session(conn: &mut Conn, id: &SessionId) -> Result<Vec<ClientId>> {
    query_scalar::<ClientId>(
        "select distinct client_id from grants where session_id = $1 and revoked_at is null
         order by client_id",
    )
    .bind(id)
    .fetch_all(conn)
    .await
}
