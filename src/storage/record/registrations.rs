//! Relying parties that registered themselves.

use super::ClientRecord;
use crate::model::id::ClientId;
use crate::model::secret::Digest;
use crate::model::timestamp::Timestamp;

record! {
    /// A registration that may be changed by its own client now.
    #[derive(Clone, Debug)]
    pub struct RegistrationRecord {
        pub client_id: ClientId,
        /// Of the client: a change names the one it was made of.
        pub version: i64,
        pub metadata: String,
        /// What it is changed with.
        pub token_digest: Digest,
        pub created_at: Timestamp,
    }
}

/// A client that registers itself.
#[derive(Clone, Debug)]
pub struct NewRegistration {
    pub client: ClientRecord,
    pub token: Digest,
    /// How many such clients there may be. Nodes that register the last one at
    /// the same moment may all succeed.
    pub most: i64,
    /// The initial access token that is used for it, and how often it may be.
    pub initial: Option<(Digest, i64)>,
}

/// How it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SelfRegistered {
    Done,
    /// There are as many as there may be.
    Full,
    /// The initial access token is used up, or its time is over.
    Spent,
}
