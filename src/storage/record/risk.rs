//! What followed from a sign-in that was not like the owner's others.

use crate::model::id::AccountId;
use crate::model::timestamp::Timestamp;

record! {
    /// A decision that administrators are to see.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct RiskDecisionRecord {
        pub id: String,
        pub account_id: AccountId,
        pub at: Timestamp,
        /// `restrict` or `end`.
        pub outcome: String,
        /// The rules with their weights: `new_country=30 bad_address=60`.
        pub rules: String,
    }
}
