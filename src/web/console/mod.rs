//! The consoles of operators, one file a page. Every handler takes a
//! [`clerk::Clerk`]: for everybody else there is nothing here.

mod case;
mod clerk;
mod desk;

use std::sync::Arc;

use axum::Router;
use axum::routing::get;

use crate::app::App;

/// Every page of the consoles.
pub fn router() -> Router<Arc<App>> {
    Router::new()
        .route("/operator", get(desk::show))
        .route("/operator/case", get(desk::again).post(case::open))
        .route(
            "/operator/case/confirm",
            get(desk::again).post(case::confirm),
        )
        .route("/operator/case/refuse", get(desk::again).post(case::refuse))
}
