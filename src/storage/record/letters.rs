//! Registered letters with codes.

use super::{AuditRecord, Effects, ProofCodeRecord};
use crate::model::id::AccountId;
use crate::model::timestamp::Timestamp;

record! {
    /// A letter, from order to post.
    #[derive(Clone, Debug)]
    pub struct LetterRecord {
        /// Printed on it, and in its barcode.
        pub number: String,
        pub account_id: AccountId,
        /// Addressee, address and what the code will prove, sealed under the
        /// account's key.
        pub content_sealed: String,
        pub ordered_at: Timestamp,
        /// The batch it was printed in, and where.
        pub batch: Option<String>,
        pub centre_id: Option<String>,
        pub printed_at: Option<Timestamp>,
        /// The code as it is printed, sealed under the account's key; gone once
        /// the letter is posted.
        pub code_sealed: Option<String>,
        /// The number the post knows it by.
        pub track: Option<String>,
        pub posted_at: Option<Timestamp>,
        pub returned_at: Option<Timestamp>,
    }
}

/// A letter being printed.
#[derive(Clone, Debug)]
pub struct LetterPrint {
    pub number: String,
    pub batch: String,
    pub code_sealed: String,
    pub audit: AuditRecord,
    pub effects: Effects,
}

/// A letter being posted.
#[derive(Clone, Debug)]
pub struct LetterPost {
    pub track: String,
    /// Its id is the number of the letter.
    pub code: ProofCodeRecord,
    pub audit: AuditRecord,
    pub effects: Effects,
}
