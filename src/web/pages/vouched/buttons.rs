//! The buttons that lead to banks and to signing.

use crate::web::visit::Visit;

/// A bank that may be gone to.
#[derive(Clone, Debug)]
pub struct BankButton {
    pub id: String,
    pub name: String,
    /// Where the form goes, with the flow.
    pub action: String,
}

/// Every bank; only those that prove the holder when that is what is wanted.
pub fn buttons(visit: &Visit, to_prove: bool) -> Vec<BankButton> {
    let banks = visit.app.banks.all().iter();
    banks
        .filter(|bank| !to_prove || bank.attests().holder)
        .map(|bank| BankButton {
            id: bank.id().to_owned(),
            name: visit.localized(bank.name()).to_owned(),
            action: visit.with_flow(&format!("/bank/{}", bank.id())),
        })
        .collect()
}

/// Where signing with a certificate begins, if this server trusts anybody's.
pub fn signature_action(visit: &Visit) -> Option<String> {
    let authorities = visit.app.authorities.as_ref();
    authorities.map(|_| visit.with_flow("/signature/begin"))
}
