//! What storage takes and gives: one struct per row, and the enums that say
//! how a guarded step ended. Sealed fields are opaque here.

use crate::model::id::{AccountId, ClientId, ConsentId, GrantId, SessionId};
use crate::model::secret::Digest;
use crate::model::timestamp::Timestamp;

/// A struct that is read from a row of either database.
macro_rules! record {
    ($(#[$meta:meta])* pub struct $name:ident { $($(#[$doc:meta])* pub $field:ident: $kind:ty,)* }) => {
        $(#[$meta])*
        #[derive(sqlx::FromRow)]
        pub struct $name {$(
            $(#[$doc])*
            pub $field: $kind,
        )*}

        impl super::compiled::sqlite::FromRow for $name {
            fn from_row(row: &rusqlite::Row<'_>) -> rusqlite::Result<Self> {
                Ok(Self {$($field: row.get(stringify!($field))?,)*})
            }
        }
    };
}

record! {
    /// A signing key; the private half is sealed by the vault.
    #[derive(Clone, Debug)]
    pub struct SigningKeyRecord {
        pub kid: String,
        pub alg: String,
        pub private_sealed: String,
        pub public_jwk: String,
        pub created_at: Timestamp,
        pub active_from: Timestamp,
        pub retired_at: Option<Timestamp>,
    }
}

record! {
    /// A relying party; `metadata` is the JSON of `model::client::Client`.
    #[derive(Clone, Debug)]
    pub struct ClientRecord {
        pub id: ClientId,
        /// Grows with every change: caches compare it.
        pub version: i64,
        /// `file` or `cli`: who may change it.
        pub source: String,
        pub metadata: String,
        pub created_at: Timestamp,
        pub updated_at: Timestamp,
        pub disabled_at: Option<Timestamp>,
    }
}

record! {
    /// An account; the profile is sealed under the account's own key.
    #[derive(Clone, Debug)]
    pub struct AccountRecord {
        pub id: AccountId,
        pub wrapped_key: String,
        pub profile_sealed: String,
        pub locale: String,
        pub created_at: Timestamp,
        pub updated_at: Timestamp,
        pub blocked_at: Option<Timestamp>,
    }
}

record! {
    /// A phone number, e-mail address or SNILS of an account.
    #[derive(Clone, Debug)]
    pub struct ContactRecord {
        pub account_id: AccountId,
        pub kind: String,
        pub blind_index: String,
        pub value_sealed: String,
        pub created_at: Timestamp,
        pub confirmed_at: Option<Timestamp>,
    }
}

record! {
    /// An accepted version of a document (user agreement, privacy policy).
    #[derive(Clone, Debug)]
    pub struct AgreementRecord {
        pub document: String,
        pub version: String,
        pub accepted_at: Timestamp,
    }
}

record! {
    /// A password hash in PHC form; `replaced_at` is empty for the current one.
    #[derive(Clone, Debug)]
    pub struct PasswordRecord {
        pub account_id: AccountId,
        pub hash: String,
        pub set_at: Timestamp,
        pub replaced_at: Option<Timestamp>,
    }
}

record! {
    /// A browser's sign-in session.
    #[derive(Clone, Debug)]
    pub struct SessionRecord {
        pub id: SessionId,
        pub digest: Digest,
        pub account_id: AccountId,
        pub created_at: Timestamp,
        pub last_seen_at: Timestamp,
        pub idle_until: Timestamp,
        pub expires_at: Timestamp,
        /// JSON of `model::authentication::AuthenticationContext`.
        pub authentication: String,
        pub device_kind: String,
        pub details_sealed: String,
        pub ended_at: Option<Timestamp>,
        pub end_reason: Option<String>,
    }
}

record! {
    /// A line of the sign-in history.
    #[derive(Clone, Debug)]
    pub struct SignInRecord {
        pub id: String,
        pub account_id: AccountId,
        pub at: Timestamp,
        /// `success`, `failure`, `timed_out`, `blocked` or `signed_out`.
        pub status: String,
        pub device_kind: String,
        /// RFC 8176 method references, separated by blanks.
        pub factors: String,
        pub client_id: Option<ClientId>,
        pub session_id: Option<SessionId>,
        pub details_sealed: String,
    }
}

record! {
    /// A line of the activity journal.
    #[derive(Clone, Debug)]
    pub struct JournalRecord {
        pub id: String,
        pub account_id: AccountId,
        pub at: Timestamp,
        pub actor: String,
        pub action: String,
        pub details_sealed: String,
    }
}

record! {
    /// A notice in the citizen's inbox.
    #[derive(Clone, Debug)]
    pub struct NoticeRecord {
        pub id: String,
        pub account_id: AccountId,
        pub at: Timestamp,
        pub kind: String,
        pub params_sealed: String,
        pub read_at: Option<Timestamp>,
    }
}

record! {
    /// A message on its way out.
    #[derive(Clone, Debug)]
    pub struct OutboxRecord {
        pub id: String,
        pub channel: String,
        pub message_sealed: String,
        pub created_at: Timestamp,
        pub next_try_at: Timestamp,
        pub locked_until: Timestamp,
        pub tries: i64,
        /// After this moment the message is worth nothing (a code's life).
        pub expires_at: Timestamp,
        pub sent_at: Option<Timestamp>,
        pub failed_at: Option<Timestamp>,
        pub last_error: Option<String>,
    }
}

record! {
    /// What a citizen allowed to a relying party.
    #[derive(Clone, Debug)]
    pub struct ConsentRecord {
        pub id: ConsentId,
        pub account_id: AccountId,
        pub client_id: ClientId,
        /// Scopes the citizen was asked for; what is not in `scopes` was refused.
        pub asked: String,
        /// Scopes given, separated by blanks.
        pub scopes: String,
        /// JSON array of single claims allowed through the `claims` parameter.
        pub claims: String,
        pub given_at: Timestamp,
        pub decided_at: Timestamp,
        pub expires_at: Option<Timestamp>,
        pub withdrawn_at: Option<Timestamp>,
        pub last_used_at: Option<Timestamp>,
    }
}

record! {
    /// One authorization that tokens descend from.
    #[derive(Clone, Debug)]
    pub struct GrantRecord {
        pub id: GrantId,
        pub client_id: ClientId,
        pub account_id: AccountId,
        pub session_id: SessionId,
        pub consent_id: ConsentId,
        pub scopes: String,
        /// JSON of the `claims` request parameter, as far as it was allowed.
        pub claims: String,
        pub authentication: String,
        pub nonce: Option<String>,
        pub created_at: Timestamp,
        /// Set when `offline_access` was granted: the grant outlives its session.
        pub offline_at: Option<Timestamp>,
        pub revoked_at: Option<Timestamp>,
        /// What its refresh tokens are derived from, if it has any.
        pub refresh_seed: Option<String>,
        /// The number of the newest one: the only one that can be spent.
        pub refresh_number: Option<i64>,
        pub refresh_issued_at: Option<Timestamp>,
        pub refresh_expires_at: Option<Timestamp>,
    }
}

record! {
    /// Everything that decides whether tokens of a grant are alive.
    #[derive(Clone, Debug)]
    pub struct GrantStanding {
        pub account_blocked_at: Option<Timestamp>,
        pub client_disabled_at: Option<Timestamp>,
        pub session_ended_at: Option<Timestamp>,
        pub session_idle_until: Timestamp,
        pub session_expires_at: Timestamp,
        pub consent_withdrawn_at: Option<Timestamp>,
        pub consent_expires_at: Option<Timestamp>,
        pub grant_revoked_at: Option<Timestamp>,
        pub offline_at: Option<Timestamp>,
        /// Scopes of the grant, and those its consent gives now.
        pub grant_scopes: String,
        pub consent_scopes: String,
    }
}

impl GrantStanding {
    /// Whether the session it was given in is still open.
    pub fn session_lives(&self, now: Timestamp) -> bool {
        self.session_ended_at.is_none()
            && now < self.session_idle_until
            && now < self.session_expires_at
    }
}

record! {
    /// A grant that has just ended, for telling its relying party.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct EndedGrant {
        pub grant_id: GrantId,
        pub client_id: ClientId,
        pub account_id: AccountId,
        pub session_id: SessionId,
    }
}

record! {
    /// A one-time secret of any kind.
    #[derive(Clone, Debug)]
    pub struct TicketRecord {
        pub payload: String,
        pub created_at: Timestamp,
        pub expires_at: Timestamp,
        pub tries: i64,
        pub spent_at: Option<Timestamp>,
    }
}

record! {
    /// A counter of tries and whether it has closed.
    #[derive(Clone, Debug)]
    pub struct ThrottleRecord {
        pub hits: i64,
        pub window_ends_at: Timestamp,
        pub locked_until: Option<Timestamp>,
        pub block_number: Option<String>,
    }
}

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
}

/// A new account with all it starts with.
#[derive(Clone, Debug)]
pub struct NewAccount {
    pub account: AccountRecord,
    pub contacts: Vec<ContactRecord>,
    pub agreements: Vec<AgreementRecord>,
    pub password: PasswordRecord,
    pub effects: Effects,
}

/// A new session with the device it marks as known.
#[derive(Clone, Debug)]
pub struct NewSession {
    pub session: SessionRecord,
    /// Digest of the browser's device cookie: a known device is not locked out
    /// by strangers' tries.
    pub device: Digest,
    pub effects: Effects,
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
