//! What happened, and messages on their way.

use crate::model::id::{AccountId, ClientId, SessionId};
use crate::model::timestamp::Timestamp;

record! {
    /// A line of the sign-in history.
    #[derive(Clone, Debug)]
    pub struct SignInRecord {
        pub id: String,
        pub account_id: AccountId,
        pub at: Timestamp,
        /// `success`, `failure`, `timed_out`, `blocked`, `refused` or `signed_out`.
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
        /// Blind index of a person's address, or the account whose browser it
        /// is for; none for programs, and once it was sent.
        pub recipient: Option<String>,
    }
}

impl OutboxRecord {
    /// Lets it wait until then; it lives that much longer.
    pub fn wait_until(&mut self, then: Timestamp) {
        self.expires_at = self.expires_at.plus(then.since(self.next_try_at));
        self.next_try_at = then;
    }
}
