//! The door of the cabinet: who may pass, and where the others go first.

use std::sync::Arc;

use axum::response::{IntoResponse as _, Response};

use super::page_error::PageError;
use super::visit::Visit;
use crate::account::person::Person;
use crate::account::session::Session;
use crate::account::sign_in::Duty;

/// Parts of the cabinet a sign-in may lead back to. Only these names travel in
/// addresses, so a sign-in cannot be made to lead anywhere else.
const SECTIONS: [&str; 12] = [
    "profile",
    "documents",
    "level",
    "security",
    "factors",
    "history",
    "consents",
    "journal",
    "notices",
    "support",
    "delete",
    "export",
];

/// Where second factors are added.
pub const FACTORS: &str = "/account/factors";

/// The desk of operators, by the name that travels.
const DESK: &str = "operator";

/// Who is signed in and has no duty to see to, or is where it is seen to.
/// Everybody else is sent to sign in, to renew the password, to accept new
/// documents or to add a second factor.
///
/// # Errors
/// The answer that takes them there, or the page of a failure.
pub async fn signed_in(visit: &Visit) -> Result<(Session, Arc<Person>), Response> {
    let (session, person) = session_of(visit).await?;
    let duty = visit.app.accounts.duty(&session.account, visit.now).await;
    match duty.map_err(|error| PageError::from(error).into_response())? {
        None => Ok((session, person)),
        Some(Duty::AddFactor) if is_open_without_factor(visit.path()) => Ok((session, person)),
        Some(duty) => Err(visit.go(&visit.with_flow(duty_path(&duty)))),
    }
}

/// Whether a part of the cabinet is open to who must add a second factor first:
/// what helps to get one, and what defends the account.
fn is_open_without_factor(path: &str) -> bool {
    const OPEN: [&str; 7] = [
        "factors", "contacts", "support", "security", "history", "freeze", "recovery",
    ];
    let part = part(path);
    OPEN.into_iter().any(|open| Some(open) == part)
}

/// Who is signed in, whatever they have to see to.
///
/// # Errors
/// The answer that sends them to sign in, or the page of a failure.
pub async fn session_of(visit: &Visit) -> Result<(Session, Arc<Person>), Response> {
    let person = citizen(visit).await.map_err(PageError::into_response)?;
    match (&visit.session, person) {
        (Some(session), Some(person)) => Ok((session.clone(), person)),
        _ => Err(visit.go(&sign_in_href(visit))),
    }
}

/// The person who is signed in, if anybody: for the header of pages that are
/// open to all.
///
/// # Errors
/// When the database is away.
pub async fn citizen(visit: &Visit) -> Result<Option<Arc<Person>>, PageError> {
    match &visit.session {
        Some(session) => Ok(visit.app.provider.person(&session.account).await?),
        None => Ok(None),
    }
}

/// Sends somebody whose last proof is too old to sign in once more; afterwards
/// they are back in the part of the cabinet they came from, or in the flow.
pub fn prove_again(visit: &Visit) -> Response {
    let mut params = vec![("again", "yes")];
    params.extend(section(visit.path()).map(|section| ("to", section)));
    visit.go(&visit.with_flow_and("/sign-in", &params))
}

/// The page where a duty is seen to.
pub const fn duty_path(duty: &Duty) -> &'static str {
    match duty {
        Duty::RenewPassword => "/password/renew",
        Duty::AcceptAgreements(_) => "/agreements",
        Duty::AddFactor => FACTORS,
    }
}

/// Signing in, and then back to this part of the cabinet or into the flow.
pub fn sign_in_href(visit: &Visit) -> String {
    match section(visit.path()) {
        Some(section) => visit.with_flow_and("/sign-in", &[("to", section)]),
        None => visit.with_flow("/sign-in"),
    }
}

/// The address of a part of the cabinet, by the name in `to`; operators come
/// back to their desk.
pub fn section_path(name: Option<&str>) -> Option<String> {
    if name == Some(DESK) {
        return Some("/operator".to_owned());
    }
    let known = SECTIONS
        .into_iter()
        .find(|section| Some(*section) == name)?;
    Some(format!("/account/{known}"))
}

/// The part of the cabinet an address is in. Addresses inside of it may take
/// forms only, so it is always the part itself that is come back to.
fn section(path: &str) -> Option<&'static str> {
    if path == "/operator" || path.starts_with("/operator/") {
        return Some(DESK);
    }
    let name = part(path)?;
    SECTIONS.into_iter().find(|section| *section == name)
}

/// The name after `/account/`.
fn part(path: &str) -> Option<&str> {
    let rest = path.strip_prefix("/account/")?;
    rest.split(['/', '.', '?']).next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_in_leads_back_to_a_part_of_the_cabinet_and_nowhere_else() {
        assert_eq!(section("/account/security/end"), Some("security"));
        assert_eq!(section("/account/history.csv?from=1"), Some("history"));
        assert_eq!(section("/account"), None);
        assert_eq!(section("/account/../evil"), None);
        assert_eq!(
            section_path(Some("journal")).as_deref(),
            Some("/account/journal")
        );
        assert_eq!(section("/operator/case"), Some("operator"));
        assert_eq!(section("/operators"), None);
        assert_eq!(section_path(Some("operator")).as_deref(), Some("/operator"));
        for wrong in [None, Some(""), Some("//evil.example"), Some("../x")] {
            assert_eq!(section_path(wrong), None);
        }
    }
}
