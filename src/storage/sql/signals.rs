//! What happened, put on the streams of those who may know, in the transaction
//! in which it happened: no caller can forget it and no crash can lose it.
//!
//! Who may know: clients that the citizen allows something to at that moment,
//! and that ask for such signals. Nothing waits for anybody else.

use std::collections::BTreeSet;

use super::{Conn, Result, query, query_as, query_scalar};
use crate::model::id::{AccountId, ClientId, ConsentId, SessionId};
use crate::model::secret::Digest;
use crate::model::signal::{
    Change, Initiator, PASSWORD, Particulars, SESSION_ENDS, Signal, of_action,
};
use crate::model::timestamp::Timestamp;
use crate::storage::{EndedGrant, JournalRecord, StreamEventRecord};

/// Streams that may be told of the account `$1` at `$2`.
const LISTENING: &str = "select s.id, s.events_delivered from streams s
     join clients l on l.id = s.client_id
     join consents c on c.client_id = s.client_id
     where c.account_id = $1 and c.withdrawn_at is null
       and (c.expires_at is null or c.expires_at > $2)
       and l.disabled_at is null and s.status <> 'disabled'";

/// One thing that happened to an account.
struct Fact<'a> {
    account: &'a AccountId,
    signal: Signal,
    session: Option<&'a SessionId>,
    /// What it follows from: told twice it is the same.
    cause: &'a str,
    particulars: &'a Particulars,
    at: Timestamp,
}

/// The signals of a line of the journal, if it is any.
pub(super) async fn tell_line(conn: &mut Conn, line: &JournalRecord) -> Result<()> {
    let by = match line.actor.as_str() {
        "citizen" => Initiator::User,
        "operator" => Initiator::Admin,
        _ => Initiator::System,
    };
    for signal in of_action(&line.action) {
        let particulars = match signal {
            Signal::CredentialChange => Particulars::credential(PASSWORD, Change::Update, by),
            _ => Particulars::by(by),
        };
        let fact = Fact {
            account: &line.account_id,
            signal,
            session: None,
            cause: &line.id,
            particulars: &particulars,
            at: line.at,
        };
        tell(conn, &fact).await?;
    }
    Ok(())
}

/// A second factor that came or went.
pub(super) async fn tell_factor(
    conn: &mut Conn,
    account: &AccountId,
    (id, kind): (String, String),
    (change, at): (Change, Timestamp),
) -> Result<()> {
    let particulars = Particulars::credential(&kind, change, Initiator::User);
    let fact = Fact {
        account,
        signal: Signal::CredentialChange,
        session: None,
        cause: &format!("{id} {change:?} {}", at.millis()),
        particulars: &particulars,
        at,
    };
    tell(conn, &fact).await
}

/// Somebody who may help to recover the account, or may no more. It changes
/// nothing of their own account.
pub(super) async fn tell_trusted(
    conn: &mut Conn,
    account: &AccountId,
    id: &str,
    at: Timestamp,
) -> Result<()> {
    let fact = Fact {
        account,
        signal: Signal::RecoveryInformationChanged,
        session: None,
        cause: &format!("{id} {}", at.millis()),
        particulars: &Particulars::by(Initiator::User),
        at,
    };
    tell(conn, &fact).await
}

/// A password that somebody else had set and that is worth nothing any more.
pub(super) async fn tell_password_revoked(
    conn: &mut Conn,
    account: &AccountId,
    at: Timestamp,
) -> Result<()> {
    let particulars = Particulars::credential(PASSWORD, Change::Revoke, Initiator::User);
    let fact = Fact {
        account,
        signal: Signal::CredentialChange,
        session: None,
        cause: &format!("{account} {}", at.millis()),
        particulars: &particulars,
        at,
    };
    tell(conn, &fact).await
}

/// That the level of an account may be another. What it is now is known to
/// whoever can open the evidence, when it is told.
pub(super) async fn tell_level(
    conn: &mut Conn,
    account: &AccountId,
    cause: &str,
    at: Timestamp,
) -> Result<()> {
    let fact = Fact {
        account,
        signal: Signal::AssuranceLevelChange,
        session: None,
        cause: &format!("{account} {cause} {}", at.millis()),
        particulars: &Particulars::by(Initiator::System),
        at,
    };
    tell(conn, &fact).await
}

/// An account that an administrator closed or opened again.
pub(super) async fn tell_blocked(
    conn: &mut Conn,
    account: &AccountId,
    blocked_at: Option<Timestamp>,
    at: Timestamp,
) -> Result<()> {
    let fact = Fact {
        account,
        signal: match blocked_at {
            Some(_) => Signal::AccountDisabled,
            None => Signal::AccountEnabled,
        },
        session: None,
        cause: &format!("{account} {}", at.millis()),
        particulars: &Particulars::by(Initiator::Admin),
        at,
    };
    tell(conn, &fact).await
}

/// An account that is no more.
pub(super) async fn tell_erased(
    conn: &mut Conn,
    account: &AccountId,
    by: &str,
    at: Timestamp,
) -> Result<()> {
    let by = match by {
        "citizen" => Initiator::User,
        _ => Initiator::Admin,
    };
    let fact = Fact {
        account,
        signal: Signal::AccountPurged,
        session: None,
        cause: account.as_str(),
        particulars: &Particulars::by(by),
        at,
    };
    tell(conn, &fact).await
}

/// The end of a session, to those whose people were signed in by it.
pub(super) async fn tell_ended(
    conn: &mut Conn,
    ended: &[EndedGrant],
    reason: &str,
    at: Timestamp,
) -> Result<()> {
    let Some((_, by)) = SESSION_ENDS.iter().find(|(known, _)| *known == reason) else {
        return Ok(());
    };
    let mut told: BTreeSet<&ClientId> = BTreeSet::new();
    for grant in ended {
        if !told.insert(&grant.client_id) {
            continue;
        }
        let Some((stream, _)) = listening(conn, grant, at).await? else {
            continue;
        };
        let goes_on = is_signed_in(conn, grant, at).await?;
        let particulars = Particulars {
            by: Some(match is_frozen(conn, &grant.account_id, at).await? {
                true => Initiator::User,
                false => *by,
            }),
            end_reason: Some(reason.to_owned()),
            ..Particulars::default()
        };
        // With the last one all are over, and that is said once.
        let (session, cause) = match goes_on {
            true => (Some(&grant.session_id), grant.session_id.to_string()),
            false => (None, format!("{} {}", grant.account_id, at.millis())),
        };
        let fact = Fact {
            account: &grant.account_id,
            signal: Signal::SessionRevoked,
            session,
            cause: &cause,
            particulars: &particulars,
            at,
        };
        put(conn, &stream, &fact).await?;
    }
    Ok(())
}

/// The stream of a grant's client, if it wants to know of ends of sessions.
async fn listening(
    conn: &mut Conn,
    grant: &EndedGrant,
    at: Timestamp,
) -> Result<Option<(String, String)>> {
    let found =
        query_as::<(String, String)>(const_format::concatcp!(LISTENING, " and s.client_id = $3"))
            .bind(&grant.account_id)
            .bind(at)
            .bind(&grant.client_id)
            .fetch_optional(conn)
            .await?;
    Ok(found.filter(|(_, delivered)| has(delivered, Signal::SessionRevoked)))
}

/// Whether the person has another session with the same client.
async fn is_signed_in(conn: &mut Conn, grant: &EndedGrant, at: Timestamp) -> Result<bool> {
    query_scalar::<i64>(
        "select count(*) from sessions where account_id = $1 and id <> $2 and ended_at is null
           and idle_until > $4 and expires_at > $4
           and exists (select 1 from grants
                       where grants.session_id = sessions.id and grants.client_id = $3)",
    )
    .bind(&grant.account_id)
    .bind(&grant.session_id)
    .bind(&grant.client_id)
    .bind(at)
    .fetch_one(conn)
    .await
    .map(|others| others > 0)
}

/// Whether its owner closed the account in this moment.
async fn is_frozen(conn: &mut Conn, account: &AccountId, at: Timestamp) -> Result<bool> {
    query_scalar::<i64>("select count(*) from freezes where account_id = $1 and at = $2")
        .bind(account)
        .bind(at)
        .fetch_one(conn)
        .await
        .map(|frozen| frozen > 0)
}

async fn tell(conn: &mut Conn, fact: &Fact<'_>) -> Result<()> {
    let streams = query_as::<(String, String)>(LISTENING)
        .bind(fact.account)
        .bind(fact.at)
        .fetch_all(&mut *conn)
        .await?;
    for (stream, delivered) in streams {
        if has(&delivered, fact.signal) {
            put(conn, &stream, fact).await?;
        }
    }
    Ok(())
}

fn has(delivered: &str, signal: Signal) -> bool {
    let mut names = delivered.split_whitespace();
    names.any(|name| name == signal.as_str())
}

async fn put(conn: &mut Conn, stream: &str, fact: &Fact<'_>) -> Result<()> {
    // Different on every stream: two clients cannot see that they are told of
    // the same person.
    let of = format!("{stream}\n{}\n{}", fact.cause, fact.signal.as_str());
    let event = StreamEventRecord {
        stream_id: stream.to_owned(),
        jti: Digest::of(of.as_bytes()).as_str().to_owned(),
        account_id: Some(fact.account.clone()),
        signal: fact.signal.as_str().to_owned(),
        session_id: fact.session.cloned(),
        particulars: serde_json::to_string(fact.particulars).unwrap_or_else(|_| "{}".to_owned()),
        at: fact.at,
    };
    insert(conn, event).await
}

/// Puts an event behind those that wait. The number only orders what waits:
/// where two transactions take the same one, neither happened first.
pub(super) async fn insert(conn: &mut Conn, event: StreamEventRecord) -> Result<()> {
    query(
        "insert into stream_events (stream_id, jti, account_id, signal, session_id, particulars,
                                    at, seq)
         values ($1, $2, $3, $4, $5, $6, $7,
                 coalesce((select max(seq) from stream_events where stream_id = $1), 0) + 1)
         on conflict do nothing",
    )
    .bind(event.stream_id)
    .bind(event.jti)
    .bind(event.account_id)
    .bind(event.signal)
    .bind(event.session_id)
    .bind(event.particulars)
    .bind(event.at)
    .execute(conn)
    .await
    .map(drop)
}

/// A client is told nothing more of whom it may know nothing of.
pub(super) async fn forget_consent(conn: &mut Conn, id: &ConsentId) -> Result<()> {
    for statement in [
        "delete from stream_events
         where account_id = (select account_id from consents where id = $1)
           and stream_id in (select streams.id from streams join consents
                             on consents.client_id = streams.client_id where consents.id = $1)",
        "delete from stream_levels
         where account_id = (select account_id from consents where id = $1)
           and stream_id in (select streams.id from streams join consents
                             on consents.client_id = streams.client_id where consents.id = $1)",
    ] {
        query(statement).bind(id).execute(&mut *conn).await?;
    }
    Ok(())
}
