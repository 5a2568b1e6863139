//! HTTP and HTML, nothing else. The router is one line for each endpoint and
//! page; a page is a file under `pages/` and a template.

mod address;
mod asked;
mod attributes;
mod cabinet;
mod console;
mod cookies;
mod data_form;
mod details;
mod device_rights;
mod esia;
mod file_answer;
mod form;
mod health;
mod later;
pub mod listen;
mod moments;
mod oauth;
mod page;
mod page_error;
mod pages;
mod password_meter;
mod password_rules;
mod posted;
mod qr;
mod request_log;
mod security_headers;
mod static_files;
mod upload;
mod visit;

use std::sync::Arc;

use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{get, post};
use axum::{Extension, Router};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::cors::{Any, CorsLayer};

pub use health::metrics;

use crate::app::App;
use http::header::{AUTHORIZATION, CONTENT_TYPE, WWW_AUTHENTICATE};
use oauth::{
    answer, authorize, backchannel, check_session, device, documents, end_session, register,
    shared_signals, tokens, userinfo,
};
use upload::UploadPlaces;

/// Everything the server answers.
pub fn router(app: Arc<App>) -> Router {
    let https = app.config.is_https();
    let demo = app.capture.is_some() && app.config.demo;
    let mut pages = pages::router()
        .merge(console::router())
        .route(
            "/oauth/authorize",
            get(authorize::begin).post(authorize::begin_by_post),
        )
        .route(
            "/oauth/end_session",
            get(end_session::by_get).post(end_session::by_post),
        )
        .route("/oauth/check_session", get(check_session::frame))
        .route("/static/{file}", get(static_files::show));
    if app.authorities.is_some() {
        pages = pages.merge(pages::signature_router());
    }
    if app.esia.is_some() {
        pages = pages.merge(esia::pages());
    }
    if demo {
        pages = pages.merge(pages::demo_router());
    }
    let pages = pages
        .fallback(async || page_error::PageError::NotFound)
        .layer(Extension(Arc::new(UploadPlaces::default())))
        .layer(from_fn_with_state(app.clone(), page_error::render))
        .layer(from_fn(security_headers::add));

    // Scripts of any origin may call these; no cookie plays a part (attack row
    // 56), so no credentials are allowed with the call.
    let for_scripts = Router::new()
        .route(
            "/.well-known/openid-configuration",
            get(documents::metadata),
        )
        .route(
            "/.well-known/oauth-authorization-server",
            get(documents::metadata),
        )
        .route("/oauth/jwks", get(documents::jwks))
        .route("/oauth/token", post(tokens::token))
        .route("/oauth/revoke", post(tokens::revoke))
        .route("/oauth/userinfo", get(userinfo::show).post(userinfo::show))
        .layer(
            CorsLayer::new()
                .allow_origin(Any)
                .allow_methods(Any)
                .allow_headers([AUTHORIZATION, CONTENT_TYPE, answer::DPOP])
                .expose_headers([answer::DPOP_NONCE, WWW_AUTHENTICATE]),
        );
    let mut for_programs = Router::new()
        .route("/oauth/introspect", post(tokens::introspect))
        .route("/oauth/par", post(tokens::push))
        .route("/oauth/device_authorization", post(device::authorize))
        .route(
            "/oauth/backchannel_authentication",
            post(backchannel::authenticate),
        )
        .route("/health/live", get(health::live))
        .route("/health/ready", get(health::ready))
        .route(
            "/.well-known/ssf-configuration",
            get(documents::shared_signals),
        )
        .merge(shared_signals::router())
        .merge(for_scripts);
    if app.provider.registrations.is_some() {
        // Not for scripts: any page could register clients from the network of
        // whoever looks at it.
        for_programs = for_programs
            .route("/oauth/register", post(register::create))
            .route(
                "/oauth/register/{client_id}",
                get(register::show)
                    .put(register::replace)
                    .delete(register::remove),
            );
    }

    if app.esia.is_some() {
        for_programs = for_programs.merge(esia::for_programs());
    }

    let mut router = pages
        .merge(for_programs)
        .layer(DefaultBodyLimit::max(posted::LONGEST_FORM))
        .layer(CatchPanicLayer::new());
    if https {
        router = router.layer(from_fn(security_headers::add_transport_security));
    }
    router
        .layer(from_fn_with_state(app.clone(), request_log::log))
        .with_state(app)
}

/// What the listener answers that asks programs for certificates: their
/// endpoints ([`mutual_tls::ENDPOINTS`](crate::protocol::mutual_tls::ENDPOINTS)),
/// the streams of signals, whose tokens may be bound to a certificate, and no
/// page.
pub fn mutual_tls(app: Arc<App>) -> Router {
    Router::new()
        .route("/oauth/token", post(tokens::token))
        .route("/oauth/par", post(tokens::push))
        .route("/oauth/device_authorization", post(device::authorize))
        .route(
            "/oauth/backchannel_authentication",
            post(backchannel::authenticate),
        )
        .route("/oauth/introspect", post(tokens::introspect))
        .route("/oauth/revoke", post(tokens::revoke))
        .route("/oauth/userinfo", get(userinfo::show).post(userinfo::show))
        .merge(shared_signals::router())
        .layer(DefaultBodyLimit::max(posted::LONGEST_FORM))
        .layer(CatchPanicLayer::new())
        .layer(from_fn(security_headers::add_transport_security))
        .layer(from_fn_with_state(app.clone(), request_log::log))
        .with_state(app)
}
