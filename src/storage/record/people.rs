//! Accounts, their contacts, passwords and sessions.

use crate::model::id::{AccountId, SessionId};
use crate::model::secret::Digest;
use crate::model::timestamp::Timestamp;

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
        /// Until when sensitive actions and other sites are closed to it.
        pub restricted_until: Option<Timestamp>,
        /// How its owner wants to be told of what; none for every way.
        pub notices_sealed: Option<String>,
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
        /// When an operator saw the document, until the registries have spoken.
        pub seen_at: Option<Timestamp>,
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
        /// Of one that was printed at a desk: until when it works.
        pub temporary_until: Option<Timestamp>,
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
        /// Of the device cookie it began with.
        pub device: Option<Digest>,
        /// What may be done from that device; none where it is not known.
        pub rights: Option<String>,
    }
}
