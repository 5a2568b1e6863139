//! The word of another: a bank where the person signed in, or a certificate
//! that names them.

use super::Factor;
use crate::account::proofing::asserted::{Asserted, Channel};
use crate::model::authentication::{Method, Proof};
use crate::texts::key;

/// A bank.
pub const BANK: Factor = Factor {
    text: key("factor-bank"),
    method: Method::Bank,
};
/// A qualified certificate.
pub const SIGNATURE: Factor = Factor {
    text: key("factor-signature"),
    method: Method::Signature,
};

/// The proof of a person of whom this was asserted, by then at the latest.
pub(in crate::account) fn proof(asserted: &Asserted) -> Proof {
    let method = match asserted.by.channel {
        Channel::Bank => Method::Bank,
        Channel::Signature => Method::Signature,
    };
    Proof::given(method, asserted.proven_at)
}
