//! Refresh: fresh tokens and fresh claims, without the person, for as long as
//! the person allows it.

use std::sync::Arc;

use axum::Form;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use http::{HeaderMap, StatusCode};
use openidconnect::{OAuth2TokenResponse, RefreshToken, SubjectIdentifier, TokenResponse};
use serde::Deserialize;

use crate::claims::{self, Expected};
use crate::provider::{IdToken, explain};
use crate::texts::Notice;
use crate::{Portal, now};

/// A form that only says: yes, this was pressed on our own page.
#[derive(Deserialize)]
pub struct PressedParams {
    pub csrf: String,
}

/// Uses the refresh token and shows what came of it.
pub async fn refresh(
    State(portal): State<Arc<Portal>>,
    headers: HeaderMap,
    Form(params): Form<PressedParams>,
) -> Response {
    let now = now();
    let Some(id) = portal.visits.find(&portal.settings, &headers, now) else {
        return StatusCode::FORBIDDEN.into_response();
    };
    let known = portal.visits.with_csrf(&id, &params.csrf, |visit| {
        let session = visit.session.as_ref()?;
        Some((session.subject.clone(), session.refresh_token.clone()))
    });
    let Some(known) = known else {
        return StatusCode::FORBIDDEN.into_response();
    };
    let result = match known {
        Some((subject, Some(token))) => Some(exchange(&portal, &id, &subject, &token, now).await),
        Some((_, None)) => Some(Notice::NothingToRefresh),
        // The session ended while the page was open; the start page will say so.
        None => None,
    };
    portal
        .visits
        .with(&id, |visit| visit.refresh_result = result);
    Redirect::to("/").into_response()
}

async fn exchange(
    portal: &Portal,
    visit: &str,
    subject: &SubjectIdentifier,
    token: &RefreshToken,
    now: u64,
) -> Notice {
    match renewed(portal, visit, subject, token, now).await {
        Ok(notice) => notice,
        Err(notice) => {
            // RFC 6749 §5.2: the grant is over (withdrawn, expired, taken back).
            // Trying the same token again could only look like theft.
            if matches!(&notice, Notice::Refused { code, .. } if code == "invalid_grant") {
                with_session_token(portal, visit, token, |session| session.refresh_token = None);
            }
            notice
        }
    }
}

async fn renewed(
    portal: &Portal,
    visit: &str,
    subject: &SubjectIdentifier,
    token: &RefreshToken,
    now: u64,
) -> Result<Notice, Notice> {
    let provider = portal
        .provider
        .load(now)
        .await
        .map_err(Notice::unreachable)?;
    let tokens = provider
        .client
        .exchange_refresh_token(token)
        .map_err(|error| Notice::untrusted(explain(&error)))?
        .request_async(&portal.provider.http)
        .await
        .map_err(Notice::from_token_error)?;
    // The new refresh token is kept at once, whatever happens next: the old one
    // is spent (RFC 9700 §4.14.2).
    let successor = tokens.refresh_token().unwrap_or(token).clone();
    with_session_token(portal, visit, token, |session| {
        session.refresh_token = Some(successor.clone());
    });
    let (_, claims) =
        claims::read(portal, provider, &tokens, Expected::Subject(subject), now).await?;
    let id_token: Option<IdToken> = tokens.id_token().cloned();
    with_session_token(portal, visit, &successor, |session| {
        // Replaced, not added to: what is no longer shared must not stay on show.
        session.claims = claims;
        if let Some(id_token) = id_token {
            session.id_token = id_token;
        }
    });
    Ok(Notice::Refreshed {
        seconds: tokens.expires_in().map(|lifetime| lifetime.as_secs()),
    })
}

/// Changes the session if it still holds `token`: meanwhile the provider may
/// have ended it, or another tab may have been faster.
fn with_session_token(
    portal: &Portal,
    visit: &str,
    token: &RefreshToken,
    change: impl FnOnce(&mut crate::visits::Session),
) {
    portal.visits.with(visit, |visit| {
        let session = visit.session.as_mut();
        if let Some(session) = session.filter(|session| {
            session.refresh_token.as_ref().map(RefreshToken::secret) == Some(token.secret())
        }) {
            change(session);
        }
    });
}
