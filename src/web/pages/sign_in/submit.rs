//! The form of the sign-in page.

use axum::response::Response;
use http::StatusCode;

use super::{SignInNotice, SignInPage, answer, onward, view};
use crate::account::sign_in::{SignInRefused, SignedIn};
use crate::model::secret::Secret;
use crate::web::asked::Asked;
use crate::web::cabinet::{citizen, duty_path};
use crate::web::form::Problems;
use crate::web::later;
use crate::web::page_error::PageError;
use crate::web::posted::{Form, Posted};
use crate::web::visit::Visit;

/// The form.
pub async fn submit(visit: Visit, posted: Posted) -> Result<Response, PageError> {
    // Signed in by another window meanwhile: this form is of no use any more,
    // and the page itself knows where to go.
    if visit.session.is_some() && !posted.is_genuine(&visit) {
        return Ok(visit.go(visit.path()));
    }
    let form = posted.checked(&visit)?;
    let asked = Asked::of_flow(&visit).await?;
    let person = citizen(&visit).await?;
    let mut view = view(&visit, asked.as_ref(), person.as_deref());
    form.text("username").clone_into(&mut view.username);
    view.problems = empty_fields(&visit, &form);
    if !view.problems.is_empty() {
        return answer(&visit, asked.as_ref(), &view);
    }
    let client = asked.as_ref().map(|asked| &asked.request.client.client_id);
    let password = Secret::new(form.text("password"));
    let tried = visit
        .app
        .accounts
        .sign_in(
            form.text("username"),
            &password,
            &visit.browser(),
            client,
            visit.now,
        )
        .await;
    // A message may have been stored either way: a warning to the owner.
    visit.app.outbox.wake();
    match tried {
        Ok(signed_in) => Ok(enter(&visit, &signed_in)),
        Err(refused) => show_refusal(&visit, asked.as_ref(), view, refused),
    }
}

/// In, by way of what must be done first.
fn enter(visit: &Visit, signed_in: &SignedIn) -> Response {
    let mut response = match &signed_in.duty {
        Some(duty) => visit.go(&visit.with_flow(duty_path(duty))),
        None => onward(visit),
    };
    visit.sign_in(&mut response, &signed_in.session, &signed_in.device);
    response
}

fn show_refusal(
    visit: &Visit,
    asked: Option<&Asked>,
    mut view: SignInPage,
    refused: SignInRefused,
) -> Result<Response, PageError> {
    let (notice, later) = match refused {
        SignInRefused::BadCredentials => (SignInNotice::BadCredentials, None),
        SignInRefused::Locked {
            until,
            block_number: block,
        } => {
            let until = later::from(visit, until);
            (SignInNotice::Locked { until, block }, None)
        }
        SignInRefused::TooMany { retry_after } => {
            let until = later::from(visit, visit.now.plus(retry_after));
            let later = (StatusCode::TOO_MANY_REQUESTS, retry_after);
            (SignInNotice::TooMany { until }, Some(later))
        }
        SignInRefused::Busy { retry_after } => (
            SignInNotice::Busy,
            Some((StatusCode::SERVICE_UNAVAILABLE, retry_after)),
        ),
        SignInRefused::Unusual => (SignInNotice::Unusual, None),
        SignInRefused::Blocked => (SignInNotice::Blocked, None),
        SignInRefused::Internal(error) => return Err(error.into()),
    };
    view.notice = Some(notice);
    let response = answer(visit, asked, &view)?;
    Ok(match later {
        Some((status, wait)) => later::refusal(response, status, wait),
        None => response,
    })
}

fn empty_fields(visit: &Visit, form: &Form) -> Problems {
    let mut problems = Problems::none();
    if form.text("username").trim().is_empty() {
        problems.add("username", visit.texts.t("problem-username-empty"));
    }
    if form.text("password").is_empty() {
        problems.add("password", visit.texts.t("problem-password-empty"));
    }
    problems
}
