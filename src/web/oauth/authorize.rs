//! `/oauth/authorize`: from a request to the page it needs next, or to the
//! answer. The position is computed at each visit (`next_step`).

use axum::body::Bytes;
use axum::extract::RawQuery;
use axum::response::{IntoResponse as _, Response};
use http::StatusCode;
use http::header::LOCATION;

use super::round;
use crate::protocol::authorization::flow::Flow;
use crate::protocol::authorization::next_step::somebody_else;
use crate::protocol::authorization::response::error_answer;
use crate::protocol::authorization::{
    Answer, AuthorizationRefused, AuthorizationRequest, ResponseMode, Step,
};
use crate::protocol::error::{ErrorCode, OAuthError};
use crate::web::asked::Asked;
use crate::web::cabinet::FACTORS;
use crate::web::page::Site;
use crate::web::page_error::PageError;
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
        (None, false) => Flow::begin(query, visit.browser_id(), visit.now),
    };
    proceed(&visit, &flow).await
}

/// `POST /oauth/authorize` (OpenID Connect Core §3.1.2.1).
pub async fn begin_by_post(body: Bytes) -> Result<Response, PageError> {
    round::by_get("/oauth/authorize", &body)
}

async fn proceed(visit: &Visit, flow: &Flow) -> Result<Response, PageError> {
    let provider = &visit.app.provider;
    let request = match AuthorizationRequest::parse(provider, &flow.params(), flow.started_at).await
    {
        Ok(request) => request,
        Err(AuthorizationRefused::Page(error)) => return Err(PageError::Client(error)),
        Err(AuthorizationRefused::Redirect(error, to)) => {
            return answer(visit, &error_answer(&provider.issuer, &error, &to));
        }
        Err(AuthorizationRefused::Internal(error)) => return Err(PageError::from(error)),
    };
    let asked = Asked::of(visit, request).await?;
    let step = asked.next_step(visit.now);
    if asked.request.prompt.none
        && let Some(error) = step.as_error()
    {
        return answer(
            visit,
            &error_answer(&provider.issuer, &error, &asked.request.to),
        );
    }
    match step {
        Step::Done => {
            let code = asked.issue_code(visit).await?;
            answer(visit, &code)
        }
        Step::SignIn => page(visit, flow, "/sign-in"),
        Step::Refuse => refuse(visit, &asked.request, &somebody_else()),
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
pub fn refuse(
    visit: &Visit,
    request: &AuthorizationRequest,
    error: &OAuthError,
) -> Result<Response, PageError> {
    answer(
        visit,
        &error_answer(&visit.app.provider.issuer, error, &request.to),
    )
}

/// What the client is told when the person declines.
pub fn denied() -> OAuthError {
    ErrorCode::AccessDenied.because("the person declined")
}

/// Sends an answer on its way.
fn answer(visit: &Visit, answer: &Answer) -> Result<Response, PageError> {
    if answer.mode != ResponseMode::FormPost {
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
    if let Some(origin) = request.to.redirect.origin()
        && !origin.starts_with("https:")
    {
        targets.push(' ');
        targets.push_str(&origin);
    }
    response.extensions_mut().insert(FormTargets(targets));
}
