//! Keys, relying parties, one-time secrets and counters.

use crate::model::id::{AccountId, ClientId};
use crate::model::timestamp::Timestamp;

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
        /// `file`, `cli`, `dynamic` or `removed`: who may change it.
        pub source: String,
        pub metadata: String,
        pub created_at: Timestamp,
        pub updated_at: Timestamp,
        pub disabled_at: Option<Timestamp>,
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

/// How a counter is told of when it closes.
#[derive(Clone, Debug)]
pub struct Block {
    /// For support.
    pub number: String,
    /// Whom it is about, if anybody.
    pub account: Option<AccountId>,
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
