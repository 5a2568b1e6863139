//! A one-time code by SMS: something the person has, as long as nobody has
//! taken over their number (NIST SP 800-63B §5.1.3.3 restricts it).

use super::Factor;
use crate::model::authentication::{Method, Proof};
use crate::model::timestamp::Timestamp;
use crate::texts::key;

/// The registration of this factor.
pub const FACTOR: Factor = Factor {
    text: key("factor-sms-code"),
    method: Method::SmsCode,
};

/// Called by the check of the code alone.
pub(super) const fn given(now: Timestamp) -> Proof {
    Proof::given(Method::SmsCode, now)
}
