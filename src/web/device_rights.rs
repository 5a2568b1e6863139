//! What may be sent from a device of a citizen (requirement D3). Every genuine
//! form comes by here, whatever page it is for: a page that is not named below
//! is for devices with all rights, so a new one is closed to the others until
//! somebody thinks of them.

use super::page_error::PageError;
use super::visit::Visit;
use crate::model::device_rights::DeviceRights;

/// Open to every device: signing in and out, and what defends the account. What
/// may be done about the rights themselves is decided where they are set.
const ANY: [&str; 43] = [
    "/sign-in",
    "/sign-in/key",
    "/sign-in/code",
    "/sign-in/code/enter",
    "/sign-in/code/resend",
    "/sign-in/qr",
    "/sign-in/qr/enter",
    "/sign-in/second",
    "/sign-in/second/code",
    "/step-up",
    "/step-up/decline",
    // Only the beginning of a flow: what it gives away is decided at "/consent".
    "/device",
    "/bank/{id}",
    "/signature/begin",
    "/signature",
    "/assertion",
    "/register",
    "/register/code",
    "/register/resend",
    "/register/link",
    "/register/password",
    "/recover",
    "/recover/code",
    "/recover/resend",
    "/recover/factor",
    "/recover/trusted",
    "/recover/wait",
    "/recover/password",
    "/recover/cancel",
    "/recover/form",
    "/recover/form/code",
    "/recover/form/resend",
    "/recover/form/data",
    "/recover/form/cancel",
    "/recover/form/password",
    // Duties that stand between a sign-in and everything else.
    "/password/renew",
    "/agreements",
    "/sign-out",
    "/oauth/end_session",
    "/not-me",
    "/account/history/not-me",
    "/account/freeze",
    "/account/security/device/rights",
];

/// Open also to devices that may approve.
const APPROVALS: [&str; 8] = [
    "/approve",
    "/consent",
    "/account/consents/{id}/scopes",
    "/account/consents/{id}/term",
    "/account/consents/{id}/withdraw",
    "/account/trusted/agree",
    "/account/trusted/vouch",
    "/account/trusted/end",
];

/// Refuses a form that the device of who is signed in may not send; `field` is
/// what the form holds.
///
/// # Errors
/// [`PageError::Rights`].
pub fn check<'a>(visit: &Visit, field: impl Fn(&str) -> &'a str) -> Result<(), PageError> {
    match &visit.session {
        Some(session) if session.rights < needed(visit.route(), field) => {
            Err(PageError::Rights(session.rights))
        }
        _ => Ok(()),
    }
}

/// The least rights for a form. To refuse is open to everybody.
fn needed<'a>(route: &str, field: impl Fn(&str) -> &'a str) -> DeviceRights {
    let refuses = match route {
        "/consent" => field("decision") != "allow",
        "/approve" => field("number").is_empty(),
        // Back to a site that gets nobody.
        "/level" | "/restricted" => true,
        _ => false,
    };
    if refuses || ANY.contains(&route) {
        DeviceRights::View
    } else if APPROVALS.contains(&route) {
        DeviceRights::Confirm
    } else {
        DeviceRights::Full
    }
}

#[cfg(test)]
mod tests {
    use super::{DeviceRights, needed};

    #[test]
    fn what_is_not_named_needs_all_rights() {
        let of = |route, value: &'static str| needed(route, move |_| value);
        for route in ["", "/account/new", "/account/security", "/operator/case"] {
            assert_eq!(of(route, "allow"), DeviceRights::Full);
        }
        assert_eq!(of("/consent", "allow"), DeviceRights::Confirm);
        assert_eq!(of("/consent", "deny"), DeviceRights::View);
        assert_eq!(of("/approve", "42"), DeviceRights::Confirm);
        assert_eq!(of("/approve", ""), DeviceRights::View);
        assert_eq!(of("/sign-out", ""), DeviceRights::View);
    }
}
