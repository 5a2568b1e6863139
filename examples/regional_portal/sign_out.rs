//! Sign-out that the person asks for: here first, then at the provider
//! (OpenID Connect RP-Initiated Logout 1.0).

use std::sync::Arc;

use axum::Form;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use http::{HeaderMap, StatusCode};
use openidconnect::{ClientId, CsrfToken, LanguageTag, LogoutRequest, PostLogoutRedirectUrl};
use serde::Deserialize;

use crate::refresh::PressedParams;
use crate::texts::Notice;
use crate::{Portal, now};

/// Ends the session here and sends the browser to end it at the provider.
pub async fn begin(
    State(portal): State<Arc<Portal>>,
    headers: HeaderMap,
    Form(params): Form<PressedParams>,
) -> Response {
    let now = now();
    let Some(id) = portal.visits.find(&portal.settings, &headers, now) else {
        return StatusCode::FORBIDDEN.into_response();
    };
    // Ours ends first, so that it is over even if the provider cannot be reached
    // or the person turns back on the way.
    let taken = portal.visits.with_csrf(&id, &params.csrf, |visit| {
        visit.refresh_result = None;
        visit.notice = Some(Notice::SignedOutHere);
        (visit.session.take(), visit.language)
    });
    let Some((session, language)) = taken else {
        return StatusCode::FORBIDDEN.into_response();
    };
    let Some(session) = session else {
        return Redirect::to("/").into_response();
    };
    let endpoint = portal.provider.load(now).await.ok().and_then(|provider| {
        provider
            .metadata
            .additional_metadata()
            .end_session_endpoint
            .clone()
    });
    let Some(endpoint) = endpoint else {
        return Redirect::to("/").into_response();
    };
    let state = CsrfToken::new_random();
    let back = PostLogoutRedirectUrl::new(portal.settings.own("/signed-out"))
        .expect("our own addresses are valid");
    // The hint spares the person a question: only this client could know it.
    let url = LogoutRequest::from(endpoint)
        .set_id_token_hint(&session.id_token)
        .set_client_id(ClientId::new(portal.settings.client_id.clone()))
        .set_post_logout_redirect_uri(back)
        .set_state(state.clone())
        .add_ui_locale(LanguageTag::new(language.tag().to_owned()))
        .http_get_url();
    portal
        .visits
        .with(&id, |visit| visit.signing_out = Some(state.into_secret()));
    Redirect::to(url.as_str()).into_response()
}

/// What the provider sends back through the browser.
#[derive(Deserialize)]
pub struct SignedOutParams {
    state: Option<String>,
}

/// The browser is back. Only our own `state` is an answer to our request.
pub async fn finish(
    State(portal): State<Arc<Portal>>,
    headers: HeaderMap,
    Query(params): Query<SignedOutParams>,
) -> Response {
    if let Some(id) = portal.visits.find(&portal.settings, &headers, now()) {
        portal.visits.with(&id, |visit| {
            let expected = visit.signing_out.take();
            if expected.is_some() && expected == params.state {
                visit.notice = Some(Notice::SignedOut);
            }
        });
    }
    Redirect::to("/").into_response()
}
