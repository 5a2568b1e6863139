//! The pages, one file each: what a page shows, and who fills it. The router
//! is one line a page.

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::get;

use crate::app::App;

pub mod account;
pub mod agreements;
pub mod appeal;
pub mod approve;
pub mod consent;
pub mod demo_messages;
pub mod device;
pub mod error;
pub mod form_post;
pub mod home;
pub mod level;
pub mod not_me;
pub mod password_renew;
pub mod recover;
pub mod register;
pub mod restricted;
pub mod second_step;
pub mod sign_in;
pub mod sign_out;
pub mod vouched;

/// Every page but those of the demonstration.
pub fn router() -> Router<Arc<App>> {
    Router::new()
        .route("/", get(home::show))
        .route("/sign-in", get(sign_in::show).post(sign_in::submit))
        .route("/sign-in/key", get(sign_in::show).post(sign_in::submit_key))
        .route(
            "/sign-in/code",
            get(sign_in::code::show).post(sign_in::code::begin),
        )
        .route(
            "/sign-in/code/enter",
            get(sign_in::code::show_code).post(sign_in::code::enter),
        )
        .route(
            "/sign-in/code/resend",
            get(sign_in::code::show_code).post(sign_in::code::resend),
        )
        .route("/sign-in/qr", get(sign_in::qr::show).post(sign_in::qr::ask))
        .route(
            "/sign-in/qr/enter",
            get(sign_in::qr::show).post(sign_in::qr::enter),
        )
        .route("/approve", get(approve::show).post(approve::answer))
        .route(
            "/sign-in/second",
            get(second_step::show).post(second_step::submit),
        )
        .route(
            "/sign-in/second/code",
            get(second_step::show).post(second_step::send),
        )
        .route(
            "/step-up",
            get(second_step::show_step_up).post(second_step::begin_step_up),
        )
        .route(
            "/step-up/decline",
            get(second_step::show_step_up).post(second_step::decline),
        )
        .route("/sign-out", get(sign_out::show).post(sign_out::submit))
        .route("/register", get(register::show).post(register::submit))
        .route(
            "/register/code",
            get(register::code).post(register::submit_code),
        )
        .route("/register/resend", axum::routing::post(register::resend))
        .route(
            "/register/link",
            get(register::link).post(register::open_link),
        )
        .route(
            "/register/password",
            get(register::password).post(register::finish),
        )
        .route(
            "/agreements",
            get(agreements::show).post(agreements::accept),
        )
        .route("/agreements/terms", get(agreements::terms))
        .route("/agreements/privacy", get(agreements::privacy))
        .route(
            "/password/renew",
            get(password_renew::show).post(password_renew::submit),
        )
        .route("/recover", get(recover::show).post(recover::submit))
        .route(
            "/recover/code",
            get(recover::code).post(recover::submit_code),
        )
        .route("/recover/resend", get(recover::code).post(recover::resend))
        .route("/recover/more", get(recover::more))
        .route("/recover/factor", get(recover::more).post(recover::factor))
        .route(
            "/recover/trusted",
            get(recover::more).post(recover::trusted),
        )
        .route("/recover/wait", get(recover::more).post(recover::wait))
        .route(
            "/recover/password",
            get(recover::password).post(recover::set_password),
        )
        .route(
            "/recover/cancel",
            get(recover::show_cancel).post(recover::cancel),
        )
        .merge(appeal::router())
        .route("/not-me", get(not_me::show).post(not_me::submit))
        .route("/not-me/later", get(not_me::later))
        .route("/bank/{id}", axum::routing::post(vouched::leave))
        .route("/bank/{id}/callback", get(vouched::callback))
        .route("/assertion", get(vouched::show).post(vouched::register))
        .route("/assertion/prove", axum::routing::post(vouched::prove))
        .route("/level", get(level::show).post(level::give_up))
        .route("/consent", get(consent::show).post(consent::decide))
        .route("/device", get(device::show).post(device::enter))
        .route(
            "/restricted",
            get(restricted::show_flow).post(restricted::give_up),
        )
        .route("/account/restricted", get(restricted::show))
        .merge(account::router())
}

/// The page of captured messages.
pub fn demo_router() -> Router<Arc<App>> {
    Router::new().route("/demo/messages", get(demo_messages::show))
}

/// Pages for those who sign with a certificate: only where somebody's
/// certificates are trusted.
pub fn signature_router() -> Router<Arc<App>> {
    Router::new()
        .route(
            "/signature/begin",
            axum::routing::post(vouched::signature::begin),
        )
        .route("/signature/file", get(vouched::signature::file))
        .route(
            "/signature",
            get(vouched::signature::show)
                .post(vouched::signature::submit)
                .layer(DefaultBodyLimit::max(vouched::signature::LONGEST_UPLOAD)),
        )
}
