//! The word of the owner at another browser, where they are signed in.

use super::Factor;
use crate::model::authentication::{Method, Proof};
use crate::model::timestamp::Timestamp;
use crate::texts::key;

/// An answer given elsewhere.
pub const FACTOR: Factor = Factor {
    text: key("factor-approval"),
    method: Method::Approval,
};

/// The proof of whoever answered then; `strong` when two kinds of factors stood
/// behind the session that did.
pub(in crate::account) const fn proof(at: Timestamp, strong: bool) -> Proof {
    let proof = Proof::given(Method::Approval, at);
    if strong { proof.user_verified() } else { proof }
}
