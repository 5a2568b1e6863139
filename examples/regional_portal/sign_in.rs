//! Sign-in by the authorization code flow: the way there and the way back.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use http::HeaderMap;
use openidconnect::core::CoreAuthenticationFlow;
use openidconnect::{
    AuthenticationContextClass, AuthorizationCode, CsrfToken, LanguageTag, Nonce,
    OAuth2TokenResponse, PkceCodeChallenge, Scope, TokenResponse,
};
use serde::Deserialize;

use crate::claims::{self, Expected};
use crate::provider::explain;
use crate::texts::Notice;
use crate::visits::{PendingSignIn, Session, Visit, set_cookie};
use crate::{Portal, now};

/// `/login?service=verified`
#[derive(Deserialize)]
pub struct LoginParams {
    service: Option<Service>,
}

/// What somebody signs in for.
#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Service {
    /// A service for people whose identity was proven.
    Verified,
}

/// The level such a service demands, by the name the provider gives it.
pub const VERIFIED: &str = "urn:propusk:ial:verified";

/// What it wants to know beside the level: the name with the evidence it rests
/// on (OpenID Connect for Identity Assurance §6), and nothing more.
const WITH_EVIDENCE: &str = r#"{"userinfo":{"verified_claims":{
    "verification":{"trust_framework":null,"assurance_level":null,"time":null,
        "evidence":[{"type":null,"check_details":[{"check_method":null}]}]},
    "claims":{"family_name":null,"given_name":null,"middle_name":null}}}}"#;

/// Sends the browser to the provider.
pub async fn begin(
    State(portal): State<Arc<Portal>>,
    headers: HeaderMap,
    Query(params): Query<LoginParams>,
) -> Response {
    let now = now();
    let id = portal
        .visits
        .find(&portal.settings, &headers, now)
        .unwrap_or_else(|| portal.visits.open(Visit::of(&headers), now));
    let cookie = set_cookie(&portal.settings, &id);
    let provider = match portal.provider.load(now).await {
        Ok(provider) => provider,
        Err(cause) => {
            portal
                .visits
                .with(&id, |visit| visit.notice = Some(Notice::unreachable(cause)));
            return (cookie, Redirect::to("/")).into_response();
        }
    };
    // PKCE (RFC 7636) makes a stolen code useless; `state` ties the answer to
    // this browser; `nonce` ties the ID token to this very request.
    let (challenge, pkce_verifier) = PkceCodeChallenge::new_random_sha256();
    let mut request = provider
        .client
        .authorize_url(
            CoreAuthenticationFlow::AuthorizationCode,
            CsrfToken::new_random,
            Nonce::new_random,
        )
        .set_pkce_challenge(challenge);
    for scope in portal.settings.scope.split_whitespace() {
        // The crate adds `openid` itself.
        if scope != "openid" {
            request = request.add_scope(Scope::new(scope.to_owned()));
        }
    }
    if params.service == Some(Service::Verified) {
        // Whoever is below the level is led to raise it and comes back here.
        request = request
            .add_auth_context_value(AuthenticationContextClass::new(VERIFIED.to_owned()))
            .add_extra_param("claims", WITH_EVIDENCE);
    }
    let language = portal
        .visits
        .with(&id, |visit| visit.language)
        .unwrap_or_default();
    let (url, state, nonce) = request
        .add_ui_locale(LanguageTag::new(language.tag().to_owned()))
        .url();
    let pending = PendingSignIn {
        nonce,
        pkce_verifier,
        began_at: now,
    };
    portal.visits.with(&id, |visit| {
        visit.remember(state.into_secret(), pending, now)
    });
    (cookie, Redirect::to(url.as_str())).into_response()
}

/// What the provider sends back through the browser.
#[derive(Deserialize)]
pub struct CallbackParams {
    state: Option<String>,
    iss: Option<String>,
    code: Option<String>,
    error: Option<String>,
    error_description: Option<String>,
}

/// Takes the provider's answer. It always ends in a redirect to the start page,
/// so that the code does not stay in the address line and a reload is harmless.
pub async fn finish(
    State(portal): State<Arc<Portal>>,
    headers: HeaderMap,
    Query(params): Query<CallbackParams>,
) -> Response {
    let now = now();
    let Some(mut id) = portal.visits.find(&portal.settings, &headers, now) else {
        // Nobody began a sign-in in this browser, so there is nobody to answer.
        let id = portal.visits.open(Visit::of(&headers), now);
        portal
            .visits
            .with(&id, |visit| visit.notice = Some(Notice::UnknownAnswer));
        return (set_cookie(&portal.settings, &id), Redirect::to("/")).into_response();
    };
    match complete(&portal, &id, params, now).await {
        Ok(session) => {
            id = portal.visits.renew(&id, now);
            portal.visits.with(&id, |visit| {
                visit.session = Some(session);
                visit.notice = None;
                visit.refresh_result = None;
            });
        }
        Err(notice) => {
            portal.visits.with(&id, |visit| visit.notice = Some(notice));
        }
    }
    (set_cookie(&portal.settings, &id), Redirect::to("/")).into_response()
}

async fn complete(
    portal: &Portal,
    visit: &str,
    params: CallbackParams,
    now: u64,
) -> Result<Session, Notice> {
    let pending = params
        .state
        .and_then(|state| {
            portal
                .visits
                .with(visit, |visit| visit.take_pending(&state, now))?
        })
        .ok_or(Notice::UnknownAnswer)?;
    // RFC 9207 §2.4, before anything else is believed, errors included: an
    // answer of another provider must not be taken to this one's token endpoint.
    if params.iss.as_deref() != Some(portal.settings.issuer.as_str()) {
        return Err(Notice::untrusted("iss"));
    }
    if let Some(code) = params.error {
        return Err(Notice::Refused {
            code,
            description: params.error_description,
        });
    }
    let code = params.code.ok_or(Notice::UnknownAnswer)?;
    let provider = portal
        .provider
        .load(now)
        .await
        .map_err(Notice::unreachable)?;
    let tokens = provider
        .client
        .exchange_code(AuthorizationCode::new(code))
        .map_err(|error| Notice::untrusted(explain(&error)))?
        .set_pkce_verifier(pending.pkce_verifier)
        .request_async(&portal.provider.http)
        .await
        .map_err(Notice::from_token_error)?;
    let (subject, claims) = claims::read(
        portal,
        provider,
        &tokens,
        Expected::Nonce(&pending.nonce),
        now,
    )
    .await?;
    let id_token = tokens
        .id_token()
        .ok_or_else(|| Notice::untrusted("id_token"))?;
    Ok(Session {
        subject,
        sid: claims
            .get("sid")
            .and_then(|sid| sid.as_str())
            .map(str::to_owned),
        claims,
        id_token: id_token.clone(),
        refresh_token: tokens.refresh_token().cloned(),
    })
}
