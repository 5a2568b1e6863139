//! Service centres, operators, visits and the audit of what operators did.

use super::{ProofCodeRecord, Ruling};
use crate::model::id::AccountId;
use crate::model::timestamp::Timestamp;

record! {
    /// A place where people are seen.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct CentreRecord {
        pub id: String,
        pub name: String,
        pub address: String,
        pub hours: String,
        pub created_at: Timestamp,
        /// A closed one sees nobody, and its operators do nothing.
        pub closed_at: Option<Timestamp>,
    }
}

record! {
    /// Somebody who works at a centre: an account with a task.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct OperatorRecord {
        pub account_id: AccountId,
        pub centre_id: String,
        /// A name of [`Role`](crate::model::role::Role).
        pub role: String,
        pub added_at: Timestamp,
        pub disabled_at: Option<Timestamp>,
    }
}

record! {
    /// A request to be seen at a centre.
    #[derive(Clone, Debug)]
    pub struct VisitRecord {
        /// What the citizen tells at the desk.
        pub number: String,
        pub account_id: AccountId,
        pub created_at: Timestamp,
        pub expires_at: Timestamp,
        pub closed_at: Option<Timestamp>,
        /// `confirmed`, `refused`, `code` or `proposed`, once decided.
        pub outcome: Option<String>,
        /// Where it was decided.
        pub centre_id: Option<String>,
        /// Why it was refused, sealed under the account's key.
        pub reason_sealed: Option<String>,
        /// The data it is about that registries did not confirm; none when only
        /// the holder is to be proven.
        pub submission_id: Option<String>,
    }
}

record! {
    /// Something an operator did.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct AuditRecord {
        pub id: String,
        pub at: Timestamp,
        pub operator_id: AccountId,
        pub centre_id: String,
        /// As in the citizen's journal; `visit_not_found`, `lock_not_found`,
        /// `letters_downloaded` and `support_escalated` stand here only.
        pub action: String,
        /// Whose data it was about, if anybody's.
        pub account_id: Option<AccountId>,
        /// The number of the request, letter or batch.
        pub subject: String,
    }
}

/// An operator's decision about a visit, with all that follows.
#[derive(Clone, Debug)]
pub struct VisitDecision {
    pub ruling: Ruling,
    /// What the citizen takes home instead of evidence.
    pub code: Option<ProofCodeRecord>,
}
