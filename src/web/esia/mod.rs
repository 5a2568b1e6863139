//! The endpoints of ESIA's dialect.

mod authorize;
mod certificates;
mod logout;
mod refused_page;
mod resources;
mod token;

use std::sync::Arc;

use axum::Router;
use axum::routing::{any, get, post};

use crate::app::App;
use crate::esia::Esia;
use crate::web::page_error::PageError;

/// Pages, and what a browser is sent through.
pub fn pages() -> Router<Arc<App>> {
    Router::new()
        .route("/aas/oauth2/ac", get(authorize::v1))
        .route("/aas/oauth2/v2/ac", get(authorize::v2))
        .route("/idp/ext/Logout", get(logout::by_get).post(logout::by_post))
        .route("/esia/certificates", get(certificates::page))
}

/// What programs call.
pub fn for_programs() -> Router<Arc<App>> {
    Router::new()
        .route(
            "/aas/oauth2/te",
            post(token::v1).fallback(token::not_posted),
        )
        .route(
            "/aas/oauth2/v3/te",
            post(token::v3).fallback(token::not_posted),
        )
        .route("/esia/certificates/{file}", get(certificates::file))
        .route("/rs/{*rest}", any(resources::unknown))
        .route("/esia-rs/{*rest}", any(resources::unknown))
        .route("/digital/{*rest}", any(resources::unknown))
        .route("/rs/prns/{*rest}", get(resources::show))
        .route("/rs/orgs/{*rest}", get(resources::organisation))
        .route(
            "/esia-rs/api/public/v1/orgs/ext-app/{key}/tkn",
            get(resources::token_by_key),
        )
        .route(
            "/esia-rs/api/public/v1/prns/{oid}/issued/permissions/digital/scopes",
            get(resources::permitted_scopes),
        )
}

/// The dialect; the routes are there only where it is.
fn dialect(app: &App) -> Result<&Arc<Esia>, PageError> {
    app.esia.as_ref().ok_or(PageError::NotFound)
}
