//! Uploaded files.

use crate::model::id::AccountId;
use crate::model::timestamp::Timestamp;

record! {
    /// What is known of a file without looking into it.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct FileRecord {
        pub id: String,
        pub account_id: AccountId,
        /// The case or the version of a document it belongs to.
        pub holder: String,
        /// Which photograph it is, or `scan`.
        pub kind: String,
        /// As it was recognised, never as it was declared.
        pub media_type: String,
        /// Bytes.
        pub size: i64,
        pub created_at: Timestamp,
    }
}

record! {
    /// A file with its content, sealed under the key of its account.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct StoredFile {
        pub id: String,
        pub kind: String,
        pub media_type: String,
        pub content_sealed: String,
    }
}

/// A file to be kept.
#[derive(Clone, Debug)]
pub struct NewFile {
    pub file: FileRecord,
    pub content_sealed: String,
}
