//! A visit of somebody at work. The task is asked for at every request, so that
//! taking it away works at once (attack row 51). Which role a page is for stands
//! in one table: a page that is not in it is nobody's (requirement F1).

use std::sync::Arc;

use axum::extract::{FromRequestParts, MatchedPath};
use axum::response::{IntoResponse as _, Response};
use http::request::Parts;

use super::no_key;
use crate::account::person::Person;
use crate::app::App;
use crate::model::role::Role;
use crate::operator::Operator;
use crate::texts::key;
use crate::web::page::{ConsoleLink, Page};
use crate::web::page_error::PageError;
use crate::web::pages::account::citizen::Citizen;
use crate::web::visit::Visit;

/// An operator who is signed in and has no duty to see to first.
pub struct Clerk {
    pub visit: Visit,
    pub operator: Operator,
    person: Arc<Person>,
    /// Proposals of colleagues that wait for them; for support, how many
    /// citizens have waited too long.
    waiting: u64,
    /// Whether they signed in with a key.
    has_key: bool,
}

/// The desk everybody comes in at; it leads on to the one of the role.
pub(super) const DESK: &str = "/operator";

/// Which role the pages below an address are for.
const AREAS: [(&str, Role); 6] = [
    ("/operator/case", Role::Centre),
    ("/operator/letters", Role::Centre),
    ("/operator/papers", Role::Centre),
    ("/operator/overrides", Role::Centre),
    ("/operator/photographs", Role::Centre),
    ("/operator/support", Role::Support),
];

/// The menu: for whom, address, id, text key.
const MENU: [(Role, &str, &str, &str); 8] = [
    (Role::Centre, DESK, "desk-visits", key("desk-title")),
    (
        Role::Centre,
        "/operator/papers",
        "desk-papers",
        key("papers-title"),
    ),
    (
        Role::Centre,
        OVERRIDES,
        "desk-overrides",
        key("overrides-title"),
    ),
    (
        Role::Centre,
        "/operator/photographs",
        "desk-photographs",
        key("photographs-queue-link"),
    ),
    (
        Role::Centre,
        "/operator/letters",
        "desk-letters",
        key("letters-title"),
    ),
    (
        Role::Support,
        REQUESTS,
        "desk-requests",
        key("requests-title"),
    ),
    (
        Role::Support,
        "/operator/support/appeals",
        "desk-appeals",
        key("appeals-title"),
    ),
    (
        Role::Support,
        "/operator/support",
        "desk-locks",
        key("locks-title"),
    ),
];

/// Proposals of colleagues, whose line in the menu counts them.
const OVERRIDES: &str = "/operator/overrides";

/// The queue of requests, whose line in the menu counts who waits too long.
pub(super) const REQUESTS: &str = "/operator/support/requests";

/// Whether a role may see the pages of a route.
fn may(role: Role, route: &str) -> bool {
    let below = |area: &str| {
        route
            .strip_prefix(area)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    route == DESK
        || AREAS
            .iter()
            .any(|(area, for_role)| *for_role == role && below(area))
}

impl FromRequestParts<Arc<App>> for Clerk {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Response> {
        let route = parts.extensions.get::<MatchedPath>();
        let route = route.map_or_else(String::new, |route| route.as_str().to_owned());
        let citizen = Citizen::from_request_parts(parts, app).await?;
        let operator = app
            .operators
            .find(citizen.account())
            .await
            .map_err(|error| PageError::from(error).into_response())?
            .filter(|operator| may(operator.role, &route))
            .ok_or_else(|| PageError::NotFound.into_response())?;
        let has_key = citizen.session.authentication.has_key();
        if !has_key && app.config.requires_operator_key() {
            return Err(no_key::show(&citizen)
                .await
                .unwrap_or_else(PageError::into_response));
        }
        // Each role waits for something else.
        let (operators, now) = (&app.operators, citizen.visit.now);
        let waiting = match operator.role {
            Role::Centre => operators.overrides_count(&operator, now).await,
            Role::Support => operators.escalated_requests(&operator, now).await,
        };
        let waiting = waiting.map_err(|error| PageError::from(error).into_response())?;
        Ok(Self {
            waiting,
            has_key,
            visit: citizen.visit,
            operator,
            person: citizen.person,
        })
    }
}

impl Clerk {
    /// The frame of a page.
    pub fn page(&self) -> Page {
        let link = |(_, href, id, title): (Role, &'static str, &'static str, &str)| ConsoleLink {
            href,
            id,
            title: self.visit.texts.t(title),
            badge: match href {
                REQUESTS if self.waiting > 0 => {
                    Some(self.visit.texts.count("requests-urgent", self.waiting))
                }
                OVERRIDES if self.waiting > 0 => Some(self.waiting.to_string()),
                _ => None,
            },
        };
        Page {
            console: MENU
                .into_iter()
                .filter(|(role, ..)| *role == self.operator.role)
                .map(link)
                .collect(),
            has_key: self.has_key,
            ..self.visit.page(Some(&self.person))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_for_one_role_and_unknown_ones_are_for_nobody() {
        for role in Role::ALL {
            assert!(may(role, "/operator"));
            assert!(!may(role, "/operator/new") && !may(role, ""));
            assert!(!may(role, "/operator/supporters") && !may(role, "/operator/cases"));
        }
        assert!(may(Role::Support, "/operator/support/requests/{number}"));
        assert!(!may(Role::Centre, "/operator/support"));
        assert!(may(Role::Centre, "/operator/letters/{batch}/pdf"));
        assert!(!may(Role::Support, "/operator/case"));
    }
}
