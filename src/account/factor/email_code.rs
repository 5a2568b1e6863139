//! A one-time code or link by e-mail: proves the mailbox only.

use super::Factor;
use crate::model::authentication::{Method, Proof};
use crate::model::timestamp::Timestamp;
use crate::texts::key;

/// The registration of this factor.
pub const FACTOR: Factor = Factor {
    text: key("factor-email-code"),
    method: Method::EmailCode,
};

/// Called by the check of the code, and by whoever has just spent the ticket
/// of a link that was sent to the mailbox.
pub(in crate::account) const fn given(now: Timestamp) -> Proof {
    Proof::given(Method::EmailCode, now)
}
