//! Photographs that an operator compares.

use super::Ruling;
use crate::model::id::AccountId;
use crate::model::timestamp::Timestamp;

record! {
    /// Photographs sent as one case; they are the files it holds.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct PhotographCaseRecord {
        pub id: String,
        pub account_id: AccountId,
        pub created_at: Timestamp,
        /// Until when it is to be decided.
        pub expires_at: Timestamp,
        /// Version of the consent to process photographs, given with this.
        pub consent: String,
        pub claimed_by: Option<AccountId>,
        pub claimed_until: Option<Timestamp>,
        pub closed_at: Option<Timestamp>,
        /// `confirmed`, `refused`, `expired` or `withdrawn`, once closed.
        pub outcome: Option<String>,
        /// Where it was decided.
        pub centre_id: Option<String>,
        /// Why it was refused, sealed under the account's key.
        pub reason_sealed: Option<String>,
        /// When the photographs of a decided case are destroyed.
        pub erase_at: Option<Timestamp>,
        pub erased_at: Option<Timestamp>,
    }
}

/// An operator's decision about photographs, with all that follows.
#[derive(Clone, Debug)]
pub struct PhotographDecision {
    pub ruling: Ruling,
    /// When the photographs are destroyed; at once when it is not later than now.
    pub erase_at: Timestamp,
}
