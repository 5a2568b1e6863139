//! `/oauth/end_session` (OpenID Connect RP-Initiated Logout): at once when the
//! relying party shows it means this session, after a question otherwise.

use axum::extract::{RawQuery, Request};
use axum::response::Response;

use super::round;
use crate::model::client::Client;
use crate::protocol::end_session::LogoutRequest;
use crate::protocol::frontchannel;
use crate::protocol::params::Params;
use crate::web::page_error::PageError;
use crate::web::pages::sign_out;
use crate::web::posted::Posted;
use crate::web::security_headers::FormTargets;
use crate::web::visit::Visit;

/// `GET /oauth/end_session`.
pub async fn by_get(visit: Visit, RawQuery(query): RawQuery) -> Result<Response, PageError> {
    let query = query.unwrap_or_default();
    ask_or_end(&visit, &query).await
}

/// `POST /oauth/end_session`: from a relying party, which becomes the GET, or
/// our own page's answer to the question.
pub async fn by_post(
    visit: Visit,
    RawQuery(query): RawQuery,
    request: Request,
) -> Result<Response, PageError> {
    let query = query.unwrap_or_default();
    let posted = <Posted as axum::extract::FromRequest<()>>::from_request(request, &()).await?;
    if !posted.has("decision") {
        return round::by_get("/oauth/end_session", posted.encoded().as_bytes());
    }
    let form = posted.checked(&visit)?;
    let logout = read(&visit, &query).await?;
    if form.text("decision") != "sign-out" {
        return Ok(visit.go("/account"));
    }
    end(&visit, &logout).await
}

async fn read(visit: &Visit, query: &str) -> Result<LogoutRequest, PageError> {
    let params = Params::parse(query.as_bytes());
    Ok(LogoutRequest::parse(&visit.app.provider, &params, visit.now).await?)
}

async fn ask_or_end(visit: &Visit, query: &str) -> Result<Response, PageError> {
    let logout = read(visit, query).await?;
    let Some(session) = &visit.session else {
        // Nobody is signed in: there is nothing to end.
        return end(visit, &logout).await;
    };
    if logout.proves(&visit.app.provider, &session.id) {
        return end(visit, &logout).await;
    }
    let mut page = sign_out::ask(
        visit,
        &format!("/oauth/end_session?{query}"),
        logout.asker(),
    )
    .await?;
    if let Some(origin) = logout.to.as_ref().and_then(|to| to.origin()) {
        page.extensions_mut()
            .insert(FormTargets(format!("https: {origin}")));
    }
    Ok(page)
}

async fn end(visit: &Visit, logout: &LogoutRequest) -> Result<Response, PageError> {
    sign_out_to(visit, logout.location(), logout.asker()).await
}

/// Ends the session, if there is one, and sends the browser on.
///
/// # Errors
/// When the database is away.
pub async fn sign_out_to(
    visit: &Visit,
    location: Option<String>,
    asker: Option<&Client>,
) -> Result<Response, PageError> {
    let mut frames = Vec::new();
    if let Some(session) = &visit.session {
        frames = frontchannel::frames(&visit.app.provider, &session.id).await?;
        visit
            .app
            .accounts
            .sign_out(session, &visit.browser(), visit.now)
            .await?;
        visit.app.outbox.wake();
    }
    let mut response = match location {
        Some(location) if frames.is_empty() => visit.go(&location),
        Some(location) => sign_out::go_on(visit, &frames, location)?,
        None => sign_out::done(visit, &frames, asker)?,
    };
    visit.sign_out(&mut response);
    Ok(response)
}
