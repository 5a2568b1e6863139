//! What a step takes and how it ended.

use serde::{Deserialize, Serialize};

use super::{
    AccountRecord, AgreementRecord, ContactRecord, EvidenceRecord, GrantStanding, JournalRecord,
    NewTicket, NoticeRecord, OutboxRecord, PasswordRecord, PushRecord, SessionRecord, SignInRecord,
    VisitRecord,
};
use crate::model::id::{AccountId, SessionId};
use crate::model::secret::Digest;
use crate::model::timestamp::Timestamp;

/// How redeeming a ticket ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Redeemed {
    /// This call spent it.
    Fresh(String),
    /// It had been spent before: its payload, so that what came of it can be
    /// taken back.
    Replayed(String),
    /// No such ticket, or its time is over.
    Unknown,
}

/// What must not have happened yet, for something else to happen: both are
/// written together, or neither.
#[derive(Clone, Debug)]
pub enum Once {
    /// This is seen for the first time; it is remembered until then.
    Seen {
        kind: &'static str,
        digest: Digest,
        until: Timestamp,
    },
    /// This ticket is spent, for the first time.
    Spent { kind: &'static str, digest: Digest },
}

/// How redeeming an authorization code ended.
#[derive(Clone, Debug)]
pub enum CodeRedeemed {
    /// This call spent it and stored the grant, which stood so at that moment.
    Fresh(GrantStanding),
    /// It had been spent before: this call took back what came of it.
    Replayed,
    /// No such code, or its time or that of the session it was given in is over.
    Unknown,
}

/// How rotating a refresh token ended (RFC 9700 §4.14.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rotation {
    /// This call spent it and stored the successor.
    Rotated,
    /// Spent a moment ago and its successor is still unused: the same
    /// successor is valid again (lost response, second tab).
    WithinGrace,
    /// An older one: the whole grant has been revoked by this call.
    Replayed,
    /// No such token, or its time is over.
    Unknown,
}

/// How a registration ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Registered {
    /// The account is there.
    Created,
    /// The contact was confirmed for another account in the meantime.
    ContactTaken,
}

/// Lines that a step leaves behind, written in the same transaction.
#[derive(Clone, Debug, Default)]
pub struct Effects {
    pub sign_in: Option<SignInRecord>,
    pub journal: Vec<JournalRecord>,
    pub notices: Vec<NoticeRecord>,
    pub outbox: Vec<OutboxRecord>,
    /// Messages for browsers.
    pub pushes: Vec<PushRecord>,
    /// Secrets of links in these messages.
    pub tickets: Vec<NewTicket>,
}

/// A new account with all it starts with.
#[derive(Clone, Debug)]
pub struct NewAccount {
    pub account: AccountRecord,
    pub contacts: Vec<ContactRecord>,
    pub agreements: Vec<AgreementRecord>,
    /// None where others vouch for the holder.
    pub password: Option<PasswordRecord>,
    pub effects: Effects,
}

/// A synthetic account, with what its level rests on.
#[derive(Clone, Debug)]
pub struct LoadedAccount {
    pub account: NewAccount,
    pub evidence: Vec<EvidenceRecord>,
    /// The visit it asked for.
    pub visit: Option<VisitRecord>,
}

/// A new session with the device it marks as known.
#[derive(Clone, Debug)]
pub struct NewSession {
    /// Of its device and rights, the fields below and storage decide.
    pub session: SessionRecord,
    /// Digest of the browser's device cookie: a known device is not locked out
    /// by strangers' tries.
    pub device: Digest,
    /// The cookie it came with instead, where that is forgotten: the rights
    /// pass over.
    pub device_before: Option<Digest>,
    pub rests_on: RestsOn,
    /// The ticket of a second step, by kind and digest; spent with it.
    pub ticket: Option<(&'static str, Digest)>,
    /// Until when the device is not asked for a second factor; none leaves that
    /// as it is.
    pub trust_until: Option<Timestamp>,
    pub effects: Effects,
}

/// What a session begins by: gone meanwhile, it opens none any more.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum RestsOn {
    /// The password that was set then.
    Password(Timestamp),
    /// The link of this id.
    Link(String),
    /// The key of this id.
    Factor(String),
    /// The session of this id, in which its owner agreed.
    Session(SessionId),
    /// The confirmed phone with this blind index.
    Phone(String),
}

/// What is left of a consent after a change, and until when.
#[derive(Clone, Debug)]
pub struct Narrowed {
    pub scopes: String,
    /// Single claims, a JSON list.
    pub claims: String,
    pub expires_at: Option<Timestamp>,
}

/// Which sessions to end.
#[derive(Clone, Debug)]
pub enum SessionChoice {
    /// This one.
    One(SessionId),
    /// All of the account but this one.
    AllBut(AccountId, SessionId),
    /// All of the account.
    All(AccountId),
    /// Those that began at this device.
    OfDevice(AccountId, Digest),
}

/// A slice of history, newest first.
#[derive(Clone, Debug, Default)]
pub struct HistoryFilter {
    pub from: Option<Timestamp>,
    pub until: Option<Timestamp>,
    pub device_kind: Option<String>,
    pub status: Option<String>,
    /// The action of a line of the journal.
    pub action: Option<String>,
    pub limit: i64,
    pub offset: i64,
}
