//! Citizens who vouch for others.

use crate::model::id::AccountId;
use crate::model::secret::Digest;
use crate::model::timestamp::Timestamp;

record! {
    /// That a citizen has chosen another to vouch for them.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct TrustedRecord {
        pub id: String,
        /// Who has chosen.
        pub account_id: AccountId,
        /// Who was chosen; nobody when none could serve who has this contact.
        pub contact_id: Option<AccountId>,
        /// What was typed, masked and sealed for who has chosen.
        pub typed_sealed: String,
        pub invited_at: Timestamp,
        /// Until when the invitation may be accepted.
        pub expires_at: Timestamp,
        pub confirmed_at: Option<Timestamp>,
        pub ended_at: Option<Timestamp>,
    }
}

record! {
    /// That somebody asks to be vouched for, in a recovery that waits.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct VouchRecord {
        pub id: String,
        pub recovery_id: String,
        pub account_id: AccountId,
        pub contact_id: AccountId,
        /// Two digits that both see.
        pub number: String,
        pub asked_at: Timestamp,
        pub expires_at: Timestamp,
        pub vouched_at: Option<Timestamp>,
        /// The digest of the step that asked: the recovery opens for it alone.
        pub asker: Digest,
    }
}
