//! `/oauth/authorize`: from a request to the page it needs next, or to the
//! answer. The position is computed at each visit (`next_step`).

use axum::body::Bytes;
use axum::extract::RawQuery;
use axum::response::{IntoResponse as _, Response};
use http::StatusCode;
use http::header::LOCATION;

use super::round;
use crate::model::redirect::ValidRedirect;
use crate::protocol::authorization::flow::Flow;
use crate::protocol::authorization::next_step::somebody_else;
use crate::protocol::authorization::response::Place;
use crate::protocol::authorization::{
    Answer, AuthorizationRefused, AuthorizationRequest, Outcome, Step, arrive,
};
use crate::protocol::error::{ErrorCode, OAuthError};
use crate::web::asked::Asked;
use crate::web::cabinet::FACTORS;
use crate::web::page::Site;
use crate::web::page_error::PageError;
use crate::web::pages::device;
use crate::web::pages::form_post::FormPostPage;
use crate::web::security_headers::{FormTargets, WithScript};
use crate::web::visit::Visit;

/// `GET /oauth/authorize`: a new request, or one that comes back from our
/// pages as `?flow=`.
pub async fn begin(visit: Visit, RawQuery(query): RawQuery) -> Result<Response, PageError> {
    let query = query.unwrap_or_default();
    let flow = match (&visit.flow, query.starts_with("flow=")) {
        (Some(flow), _) => flow.clone(),
        // A flow that is over or of another browser: there is nothing to go on.
        (None, true) => return Ok(visit.go("/account")),
        (None, false) => {
            let provider = &visit.app.provider;
            match arrive(provider, query, visit.browser_id(), visit.now).await {
                Ok(flow) => flow,
                Err(refused) => return tell(&visit, refused).await,
            }
        }
    };
    proceed(&visit, &flow).await
}

/// `POST /oauth/authorize` (OpenID Connect Core §3.1.2.1).
pub async fn begin_by_post(body: Bytes) -> Result<Response, PageError> {
    round::by_get("/oauth/authorize", &body)
}

/// Leads a flow to the page it needs next, or answers it.
///
/// # Errors
/// When the database is away; and for a page, as the protocol says.
pub async fn proceed(visit: &Visit, flow: &Flow) -> Result<Response, PageError> {
    let provider = &visit.app.provider;
    let request = match AuthorizationRequest::of_flow(provider, flow, visit.now).await {
        Ok(request) => request,
        Err(refused) => return tell(visit, refused).await,
    };
    let asked = Asked::of(visit, request).await?;
    let step = asked.next_step(visit.now);
    if asked.request.prompt.none
        && let Some(error) = step.as_error()
    {
        return refuse(visit, &asked.request, &error).await;
    }
    match step {
        Step::Done => match asked.answer(visit).await {
            Ok(outcome) => end(visit, &asked.request, outcome).await,
            Err(refused) => tell(visit, refused).await,
        },
        Step::SignIn => page(visit, flow, "/sign-in"),
        Step::Refuse => refuse(visit, &asked.request, &somebody_else()).await,
        Step::Restricted => page(visit, flow, "/restricted"),
        Step::RenewPassword => page(visit, flow, "/password/renew"),
        Step::AcceptDocuments => page(visit, flow, "/agreements"),
        Step::AddFactor => page(visit, flow, FACTORS),
        Step::StepUp => page(visit, flow, "/step-up"),
        Step::RaiseLevel => page(visit, flow, "/level"),
        Step::Consent => page(visit, flow, "/consent"),
    }
}

fn page(visit: &Visit, flow: &Flow, path: &str) -> Result<Response, PageError> {
    let sealed = visit.app.provider.seal_flow(flow)?;
    Ok(visit.go(&format!("{path}?flow={sealed}")))
}

/// Sends an error of the person's making (a refusal) back to the client.
///
/// # Errors
/// When the template of a form fails.
pub async fn refuse(
    visit: &Visit,
    request: &AuthorizationRequest,
    error: &OAuthError,
) -> Result<Response, PageError> {
    match visit.app.provider.refuse(request, error, visit.now).await {
        Ok(outcome) => end(visit, request, outcome).await,
        Err(refused) => tell(visit, refused).await,
    }
}

/// Answers a request that the person has just agreed to, and whose answer no
/// browser carries.
///
/// # Errors
/// When the database is away.
pub async fn agreed(visit: &Visit) -> Result<Response, PageError> {
    let Some(mut asked) = Asked::of_flow(visit).await? else {
        return Ok(visit.go("/account"));
    };
    asked.request.agreed = true;
    match asked.next_step(visit.now) {
        Step::Done => match asked.answer(visit).await {
            Ok(outcome) => end(visit, &asked.request, outcome).await,
            Err(refused) => tell(visit, refused).await,
        },
        _ => Ok(visit.onward()),
    }
}

/// Ends the person's visit.
async fn end(
    visit: &Visit,
    request: &AuthorizationRequest,
    outcome: Outcome,
) -> Result<Response, PageError> {
    let given = match outcome {
        Outcome::Carried(carried) => return answer(visit, carried).await,
        Outcome::Given => true,
        Outcome::Denied => false,
    };
    // The client may be waiting to be told.
    visit.app.outbox.wake();
    device::answered(visit, request, given)
}

/// Tells whom it concerns that a request cannot be followed.
async fn tell(visit: &Visit, refused: AuthorizationRefused) -> Result<Response, PageError> {
    match refused {
        AuthorizationRefused::Page(error) => Err(PageError::Client(error)),
        AuthorizationRefused::Redirect(error, to) => {
            let provider = &visit.app.provider;
            answer(visit, Answer::refusal(provider, &error, &to, visit.now)?).await
        }
        AuthorizationRefused::Internal(error) => Err(PageError::from(error)),
    }
}

/// What the client is told when the person declines.
pub fn denied() -> OAuthError {
    ErrorCode::AccessDenied.because("the person declined")
}

/// Sends an answer on its way.
async fn answer(visit: &Visit, answer: Answer) -> Result<Response, PageError> {
    let answer = match &visit.app.esia {
        Some(esia) if answer.esia => esia.in_its_words(answer, visit.now).await?,
        _ => answer,
    };
    if answer.place != Place::FormPost {
        // 303: a browser that got here by POST must not post to the client
        // (RFC 9700 §4.12).
        let location = http::HeaderValue::from_str(&answer.location())
            .map_err(|_| PageError::Unreadable(StatusCode::BAD_REQUEST))?;
        let response = (StatusCode::SEE_OTHER, [(LOCATION, location)]).into_response();
        return Ok(visit.with_cookies(response));
    }
    let form = FormPostPage {
        page: visit.page(None),
        action: answer.location(),
        fields: answer
            .params
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.clone()))
            .collect(),
        site: Site::default(),
    };
    let mut response = visit.show(&form)?;
    response.extensions_mut().insert(WithScript);
    if let Some(origin) = answer.redirect.origin() {
        response.extensions_mut().insert(FormTargets(origin));
    }
    Ok(response)
}

/// Marks a page of a flow: its forms may end at the client, by way of our
/// redirects. Chromium checks `form-action` against every redirect after a
/// form, and a client may redirect on to a host of its own, so any https
/// address is let through.
pub fn allow_return(response: &mut Response, request: &AuthorizationRequest) {
    let mut targets = "https:".to_owned();
    if let Some(origin) = request.to.redirect().and_then(ValidRedirect::origin)
        && !origin.starts_with("https:")
    {
        targets.push(' ');
        targets.push_str(&origin);
    }
    response.extensions_mut().insert(FormTargets(targets));
}
