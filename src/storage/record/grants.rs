//! What citizens allowed, and what was granted under it.

use crate::model::id::{AccountId, ClientId, ConsentId, GrantId, SessionId};
use crate::model::timestamp::Timestamp;

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
        /// JSON of the key its tokens are bound to (`cnf`), if they are.
        pub confirmation: Option<String>,
        /// JSON array of the resource servers it is for, if any were named.
        pub resources: Option<String>,
        /// What was allowed in detail, sealed (RFC 9396), if anything.
        pub authorization_details: Option<String>,
    }
}

record! {
    /// Everything that decides whether tokens of a grant are alive.
    #[derive(Clone, Debug)]
    pub struct GrantStanding {
        pub account_blocked_at: Option<Timestamp>,
        pub account_restricted_until: Option<Timestamp>,
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
        /// When the consent was last decided about.
        pub consent_decided_at: Timestamp,
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
