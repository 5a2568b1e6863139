//! `/idp/ext/Logout`: at once when the person comes from the relying party's
//! own page, after a question otherwise.

use axum::extract::{RawQuery, Request};
use axum::response::Response;
use http::HeaderMap;
use http::header::REFERER;

use super::dialect;
use super::refused_page::refused;
use crate::esia::error::EsiaRefused;
use crate::esia::logout::Logout;
use crate::esia::read_params;
use crate::web::oauth::end_session::sign_out_to;
use crate::web::page_error::PageError;
use crate::web::pages::sign_out;
use crate::web::posted::Posted;
use crate::web::security_headers::FormTargets;
use crate::web::visit::Visit;

/// What is to be done with a request.
enum Read {
    Logout(Box<Logout>),
    Told(Response),
}

/// `GET /idp/ext/Logout`
pub async fn by_get(
    visit: Visit,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, PageError> {
    let query = query.unwrap_or_default();
    let logout = match read(&visit, &query).await? {
        Read::Logout(logout) => logout,
        Read::Told(response) => return Ok(response),
    };
    let referrer = headers.get(REFERER).and_then(|page| page.to_str().ok());
    // A browser that tells says whether somebody goes here, or a page loads it.
    let mode = headers.get("sec-fetch-mode");
    let goes_here = mode.is_none_or(|mode| mode == "navigate");
    if visit.session.is_none() || goes_here && logout.comes_from_client(referrer) {
        return end(&visit, &logout).await;
    }
    let action = format!("/idp/ext/Logout?{query}");
    let mut page = sign_out::ask(&visit, &action, Some(&logout.client)).await?;
    if let Some(origin) = logout.to.as_ref().and_then(|to| to.origin()) {
        page.extensions_mut()
            .insert(FormTargets(format!("https: {origin}")));
    }
    Ok(page)
}

/// The answer to the question.
pub async fn by_post(
    visit: Visit,
    RawQuery(query): RawQuery,
    request: Request,
) -> Result<Response, PageError> {
    let query = query.unwrap_or_default();
    let posted = <Posted as axum::extract::FromRequest<()>>::from_request(request, &()).await?;
    let form = posted.checked(&visit)?;
    let logout = match read(&visit, &query).await? {
        Read::Logout(logout) => logout,
        Read::Told(response) => return Ok(response),
    };
    if form.text("decision") != "sign-out" {
        return Ok(visit.go("/account"));
    }
    end(&visit, &logout).await
}

async fn read(visit: &Visit, query: &str) -> Result<Read, PageError> {
    let esia = dialect(&visit.app)?;
    let params = match read_params(query.as_bytes(), b"") {
        Ok(params) => params,
        Err(error) => return refused(visit, &error, None).map(Read::Told),
    };
    match esia.logout(&params).await {
        Ok(logout) => Ok(Read::Logout(Box::new(logout))),
        Err(EsiaRefused::Error(error)) => refused(visit, &error, None).map(Read::Told),
        Err(EsiaRefused::Internal(error)) => Err(PageError::from(error)),
    }
}

async fn end(visit: &Visit, logout: &Logout) -> Result<Response, PageError> {
    let to = logout.to.as_ref().map(|to| to.as_str().to_owned());
    sign_out_to(visit, to, Some(&logout.client)).await
}
