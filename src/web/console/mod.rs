//! The consoles of operators, one file a page. Every handler takes a
//! [`clerk::Clerk`]: for everybody else there is nothing here.

mod appeals;
mod case;
mod clerk;
mod code_sheet;
mod desk;
mod letter_batch;
mod letters;
mod locks;
mod login_sheet;
mod no_key;
mod override_case;
mod overrides;
mod papers;
mod photographs;
mod refused;
mod requests;
mod sheet;

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
        .route(
            "/operator/case/code",
            get(desk::again).post(case::print_code),
        )
        .route(
            "/operator/case/propose",
            get(desk::again).post(override_case::propose),
        )
        .route("/operator/overrides", get(overrides::show))
        .route(
            "/operator/overrides/open",
            get(overrides::again).post(overrides::open),
        )
        .route(
            "/operator/overrides/confirm",
            get(overrides::again).post(overrides::confirm),
        )
        .route(
            "/operator/overrides/return",
            get(overrides::again).post(overrides::send_back),
        )
        .route("/operator/letters", get(letters::show))
        .route(
            "/operator/letters/print",
            get(desk::again).post(letters::print),
        )
        .route("/operator/letters/{batch}", get(letter_batch::show))
        .route("/operator/letters/{batch}/pdf", get(letter_batch::pdf))
        .route(
            "/operator/letters/{batch}/post",
            get(desk::again).post(letter_batch::post),
        )
        .route(
            "/operator/letters/{batch}/return",
            get(desk::again).post(letter_batch::take_back),
        )
        .route("/operator/papers", get(papers::show).post(papers::register))
        .route(
            "/operator/papers/reprint",
            get(papers::again).post(papers::reprint),
        )
        .route(
            "/operator/papers/restore",
            get(papers::again).post(papers::restore),
        )
        .route(
            "/operator/papers/lift",
            get(papers::again).post(papers::lift),
        )
        .route("/operator/photographs", get(photographs::show))
        .route(
            "/operator/photographs/take",
            get(photographs::again).post(photographs::take),
        )
        .route(
            "/operator/photographs/release",
            get(photographs::again).post(photographs::release),
        )
        .route(
            "/operator/photographs/confirm",
            get(photographs::again).post(photographs::confirm),
        )
        .route(
            "/operator/photographs/refuse",
            get(photographs::again).post(photographs::refuse),
        )
        .route("/operator/photographs/file/{id}", get(photographs::picture))
        .route("/operator/support", get(locks::show))
        .route(
            "/operator/support/lock",
            get(locks::again).post(locks::open),
        )
        .route(
            "/operator/support/lock/lift",
            get(locks::again).post(locks::lift),
        )
        .route("/operator/support/appeals", get(appeals::show))
        .route(
            "/operator/support/appeals/take",
            get(appeals::again).post(appeals::take),
        )
        .route("/operator/support/appeals/{number}", get(appeals::read))
        .route(
            "/operator/support/appeals/{number}/agree",
            get(appeals::again).post(appeals::agree),
        )
        .route(
            "/operator/support/appeals/{number}/refuse",
            get(appeals::again).post(appeals::refuse),
        )
        .route(
            "/operator/support/appeals/{number}/release",
            get(appeals::again).post(appeals::release),
        )
        .route(
            "/operator/support/appeals/{number}/file/{id}",
            get(appeals::picture),
        )
        .route("/operator/support/requests", get(requests::show))
        .route(
            "/operator/support/requests/take",
            get(requests::again).post(requests::take),
        )
        .route("/operator/support/requests/{number}", get(requests::read))
        .route(
            "/operator/support/requests/{number}/answer",
            get(requests::again).post(requests::answer),
        )
        .route(
            "/operator/support/requests/{number}/release",
            get(requests::again).post(requests::release),
        )
}
