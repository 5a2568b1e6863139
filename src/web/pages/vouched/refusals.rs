//! What citizens read when a signature is not taken.

use crate::account::proofing::e_signature::SignatureRefused as Refused;
use crate::texts::key;

/// The text key of a refusal: each has its own.
pub const fn refusal_key(refused: Refused) -> &'static str {
    match refused {
        Refused::TooLarge => key("signature-too-large"),
        Refused::NotASignature => key("signature-not-one"),
        Refused::NotOneSigner => key("signature-signers"),
        Refused::NoCertificate => key("signature-no-certificate"),
        Refused::WeakAlgorithm => key("signature-weak"),
        Refused::GostUnavailable => key("signature-gost-off"),
        Refused::OtherText => key("signature-other-text"),
        Refused::Broken => key("signature-broken"),
        Refused::UnknownAuthority => key("signature-authority"),
        Refused::NotYetValid => key("signature-not-yet"),
        Refused::Expired => key("signature-certificate-over"),
        Refused::WrongUsage => key("signature-usage"),
        Refused::NotQualified => key("signature-not-qualified"),
        Refused::Revoked => key("signature-revoked"),
        Refused::RevocationUnknown => key("signature-revocation"),
        Refused::OfOrganisation => key("signature-organisation"),
        Refused::NoSnils => key("signature-no-snils"),
        Refused::NoName => key("signature-no-name"),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::{Refused, refusal_key};
    use crate::texts::{Lang, Texts};

    #[test]
    fn each_refusal_has_words_of_its_own() {
        for lang in [Lang::Ru, Lang::En] {
            let said = Refused::ALL.map(|refused| Texts(lang).t(refusal_key(refused)));
            let different: BTreeSet<_> = said.iter().collect();
            assert_eq!(different.len(), Refused::ALL.len());
        }
    }
}
