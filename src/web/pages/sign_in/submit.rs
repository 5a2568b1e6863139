//! The form of the sign-in page.

use axum::response::Response;
use http::StatusCode;

use super::{SignInNotice, SignInPage, answer, view};
use crate::account::sign_in::{Arrival, SignInRefused};
use crate::model::secret::Secret;
use crate::web::asked::{Asked, arrival};
use crate::web::cabinet::citizen;
use crate::web::form::Problems;
use crate::web::later;
use crate::web::page_error::PageError;
use crate::web::pages::second_step;
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
    let mut view = view(&visit, asked.as_ref(), person.as_deref())?;
    form.text("username").clone_into(&mut view.username);
    view.problems = empty_fields(&visit, &form);
    if !view.problems.is_empty() {
        return answer(&visit, asked.as_ref(), &view);
    }
    let password = Secret::new(form.text("password"));
    let browser = visit.browser();
    let arrival = arrival(&browser, asked.as_ref());
    let arrival = Arrival {
        strong: arrival.strong || visit.query("again").is_some(),
        ..arrival
    };
    let username = form.text("username");
    let tried = visit
        .app
        .accounts
        .sign_in(username, &password, arrival, visit.now)
        .await;
    // A message may have been stored either way: a warning to the owner.
    visit.app.outbox.wake();
    match tried {
        Ok(admitted) => second_step::admitted(&visit, admitted),
        Err(refused) => show_refusal(&visit, asked.as_ref(), view, refused),
    }
}

/// What a key answered: whoever holds it is signed in without a name.
pub async fn submit_key(visit: Visit, posted: Posted) -> Result<Response, PageError> {
    if visit.session.is_some() && !posted.is_genuine(&visit) {
        return Ok(visit.go("/sign-in"));
    }
    let form = posted.checked(&visit)?;
    let asked = Asked::of_flow(&visit).await?;
    let browser = visit.browser();
    let arrival = Arrival {
        strong: true,
        ..arrival(&browser, asked.as_ref())
    };
    let answer = (form.text("challenge"), form.text("answer"));
    let tried = visit
        .app
        .accounts
        .sign_in_by_key(answer, visit.browser_id(), arrival, visit.now)
        .await;
    visit.app.outbox.wake();
    match tried {
        Ok(admitted) => second_step::admitted(&visit, admitted),
        Err(SignInRefused::BadCredentials) => {
            let person = citizen(&visit).await?;
            let mut view = view(&visit, asked.as_ref(), person.as_deref())?;
            view.notice = Some(SignInNotice::BadKey);
            super::answer(&visit, asked.as_ref(), &view)
        }
        Err(refused) => self::refused(&visit, asked.as_ref(), refused).await,
    }
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

/// The page of the sign-in with why another way to sign in was refused.
pub(super) async fn refused(
    visit: &Visit,
    asked: Option<&Asked>,
    refused: SignInRefused,
) -> Result<Response, PageError> {
    let person = citizen(visit).await?;
    let view = view(visit, asked, person.as_deref())?;
    show_refusal(visit, asked, view, refused)
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
