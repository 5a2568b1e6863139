//! Documents of citizens and their versions.

use crate::model::id::AccountId;
use crate::model::timestamp::Timestamp;

record! {
    /// A document a citizen keeps here.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct DocumentRecord {
        pub id: String,
        pub account_id: AccountId,
        /// A name of the registry of kinds.
        pub kind: String,
        pub created_at: Timestamp,
    }
}

record! {
    /// A version of a document: the current one, or one that was replaced.
    #[derive(Clone, Debug, Default, PartialEq, Eq)]
    pub struct DocumentVersionRecord {
        pub id: String,
        pub document_id: String,
        pub created_at: Timestamp,
        pub replaced_at: Option<Timestamp>,
        /// Series, number and the rest, sealed under the account's key.
        pub data_sealed: String,
        /// The question to the registry about these very data, if anybody is asked.
        pub check_id: Option<String>,
        pub check_tries: i64,
        /// When the question under way was asked.
        pub check_started_at: Option<Timestamp>,
        pub check_answered_at: Option<Timestamp>,
        /// Fields that do not match, separated by blanks; empty for none.
        pub check_mismatch: Option<String>,
    }
}

record! {
    /// What a question to a registry is about.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct AskedVersion {
        pub id: String,
        pub account_id: AccountId,
        pub kind: String,
        pub data_sealed: String,
        pub check_answered_at: Option<Timestamp>,
    }
}
