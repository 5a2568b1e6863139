//! `/aas/oauth2/ac` and `/aas/oauth2/v2/ac`: a signed request, which goes the
//! way of every other once it is checked.

use axum::extract::RawQuery;
use axum::response::Response;

use super::dialect;
use super::refused_page::refused;
use crate::esia::read_params;
use crate::esia::request::AcRefused;
use crate::esia::text::Endpoint;
use crate::web::oauth::authorize::proceed;
use crate::web::page_error::PageError;
use crate::web::visit::Visit;

/// `GET /aas/oauth2/ac`
pub async fn v1(visit: Visit, query: RawQuery) -> Result<Response, PageError> {
    begin(visit, query, Endpoint::AcV1).await
}

/// `GET /aas/oauth2/v2/ac`
pub async fn v2(visit: Visit, query: RawQuery) -> Result<Response, PageError> {
    begin(visit, query, Endpoint::AcV2).await
}

async fn begin(
    visit: Visit,
    RawQuery(query): RawQuery,
    endpoint: Endpoint,
) -> Result<Response, PageError> {
    let esia = dialect(&visit.app)?.clone();
    let query = query.unwrap_or_default();
    let params = match read_params(query.as_bytes(), b"") {
        Ok(params) => params,
        Err(error) => return refused(&visit, &error, None),
    };
    let arrived = esia
        .arrive(endpoint, &params, visit.browser_id(), visit.now)
        .await;
    match arrived {
        Ok(flow) => proceed(&visit, &flow).await,
        Err(AcRefused::Page(error)) => refused(&visit, &error, None),
        Err(AcRefused::Redirect { error, to, state }) => {
            let location = error.location(&to, state.as_deref());
            match error.explained {
                Some(_) => refused(&visit, &error, Some(location)),
                None => Ok(visit.go(&location)),
            }
        }
        Err(AcRefused::Internal(error)) => Err(PageError::from(error)),
    }
}
