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

/// What somebody wants there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wish {
    /// To sign in or to register.
    Enter,
    /// To sign in for what is critical: freshly, and with a second factor at a
    /// trusted device too.
    EnterAgain,
    /// To prove who one is.
    Prove,
}

/// Every bank; only those that prove the holder when that is what is wanted.
pub fn buttons(visit: &Visit, wish: Wish) -> Vec<BankButton> {
    let banks = visit.app.banks.all().iter();
    banks
        .filter(|bank| wish != Wish::Prove || bank.attests().holder)
        .map(|bank| BankButton {
            id: bank.id().to_owned(),
            name: visit.localized(bank.name()).to_owned(),
            action: action(visit, &format!("/bank/{}", bank.id()), wish),
        })
        .collect()
}

/// Where signing with a certificate begins, if this server trusts anybody's.
pub fn signature_action(visit: &Visit, wish: Wish) -> Option<String> {
    let authorities = visit.app.authorities.as_ref();
    authorities.map(|_| action(visit, "/signature/begin", wish))
}

fn action(visit: &Visit, path: &str, wish: Wish) -> String {
    match wish {
        Wish::EnterAgain => visit.with_flow_and(path, &[("again", "yes")]),
        Wish::Enter | Wish::Prove => visit.with_flow(path),
    }
}
