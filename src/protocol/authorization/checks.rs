//! The table of checks of an authorization request, in order. A row reads
//! parameters and fills in its part of the request. Adding a check is a row.

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use super::prompt::Prompt;
use super::request::AuthorizationRequest;
use super::requested_claims::{self, RequestedClaims};
use super::response::{AuthorizationRefused, ResponseMode, ReturnAddress};
use crate::model::acr::{Acr, Assurance};
use crate::model::client::GrantType;
use crate::model::redirect::ValidRedirect;
use crate::model::scope::{AllowedScopes, OPENID, RequestedScopes};
use crate::model::timestamp::Timestamp;
use crate::protocol::Provider;
use crate::protocol::clients::Registered;
use crate::protocol::error::{ErrorCode, OAuthError};
use crate::protocol::params::Params;
use crate::protocol::pkce::CodeChallenge;

/// A request under construction, past its client and redirect URI.
pub struct Draft<'a> {
    provider: &'a Provider,
    params: &'a Params,
    client: &'a Registered,
    now: Timestamp,
    scopes: AllowedScopes,
    claims: RequestedClaims,
    challenge: Option<CodeChallenge>,
    prompt: Prompt,
    max_age: Option<Duration>,
    expected_subject: Option<String>,
    demanded: Assurance,
}

/// A check: fills in its part, or refuses.
pub type Check = fn(&mut Draft<'_>) -> Result<(), OAuthError>;

/// The checks whose errors the client is told, in order. Client and redirect
/// URI come before them: until those are known there is nobody to tell.
pub const CHECKS: &[(&str, Check)] = &[
    ("repeated parameters", each_once),
    ("request", no_request_object),
    ("request_uri", no_request_uri),
    ("registration", no_registration),
    ("response_type", response_type),
    ("grant", grant),
    ("scope", scope),
    ("prompt", prompt),
    ("max_age", max_age),
    ("nonce", nonce),
    ("code_challenge", code_challenge),
    ("claims", claims),
    ("acr_values", acr_values),
    ("id_token_hint", id_token_hint),
];

pub(super) async fn run(
    provider: &Provider,
    params: &Params,
    started_at: Timestamp,
) -> Result<AuthorizationRequest, AuthorizationRefused> {
    // Of two clients or two addresses neither is to be trusted: who looked at
    // the request before us may have read the other one.
    for name in ["client_id", "redirect_uri"] {
        params.once(name).map_err(AuthorizationRefused::Page)?;
    }
    let client = client(provider, params).await?;
    let redirect = redirect_uri(params, &client).map_err(AuthorizationRefused::Page)?;
    let mut to = ReturnAddress {
        redirect,
        mode: ResponseMode::default(),
        state: params.get("state").map(str::to_owned),
    };
    match params.get("response_mode").map(ResponseMode::parse) {
        None => {}
        Some(Some(mode)) => to.mode = mode,
        Some(None) => {
            let error = ErrorCode::InvalidRequest
                .because("response_mode must be query, fragment or form_post");
            return Err(AuthorizationRefused::Redirect(error, to));
        }
    }
    let mut draft = Draft {
        provider,
        params,
        client: &client,
        now: started_at,
        scopes: AllowedScopes::default(),
        claims: RequestedClaims::default(),
        challenge: None,
        prompt: Prompt::default(),
        max_age: None,
        expected_subject: None,
        demanded: client.demands(),
    };
    for (_, check) in CHECKS {
        if let Err(error) = check(&mut draft) {
            return Err(AuthorizationRefused::Redirect(error, to));
        }
    }
    let owned = |name| params.get(name).map(str::to_owned);
    Ok(AuthorizationRequest {
        scopes: draft.scopes,
        claims: draft.claims,
        challenge: draft.challenge,
        prompt: draft.prompt,
        max_age: draft.max_age,
        expected_subject: draft.expected_subject,
        demanded: draft.demanded,
        redirect_uri: owned("redirect_uri"),
        nonce: owned("nonce"),
        login_hint: owned("login_hint"),
        ui_locales: owned("ui_locales"),
        client,
        to,
        started_at,
    })
}

async fn client(
    provider: &Provider,
    params: &Params,
) -> Result<Arc<Registered>, AuthorizationRefused> {
    let unknown = || {
        AuthorizationRefused::Page(
            ErrorCode::InvalidClient.because("client_id is unknown or switched off"),
        )
    };
    let id = params
        .require("client_id")
        .map_err(AuthorizationRefused::Page)?;
    provider.clients.find(&id.into()).await?.ok_or_else(unknown)
}

/// RFC 9700 §4.1.3. It may be left out where one is registered.
fn redirect_uri(params: &Params, client: &Registered) -> Result<ValidRedirect, OAuthError> {
    let requested = match (params.get("redirect_uri"), client.redirect_uris.as_slice()) {
        (Some(requested), _) => requested,
        // OpenID Connect Core §3.1.2.1 requires it, whatever is registered.
        (None, _)
            if RequestedScopes::parse(params.get("scope").unwrap_or_default()).contains(OPENID) =>
        {
            return Err(ErrorCode::InvalidRequest.because("redirect_uri is missing"));
        }
        (None, [only]) => only,
        (None, _) => return Err(ErrorCode::InvalidRequest.because("redirect_uri is missing")),
    };
    ValidRedirect::matching(requested, &client.redirect_uris, client.is_native()).ok_or_else(|| {
        ErrorCode::InvalidRequest.because("redirect_uri is not registered for this client")
    })
}

fn each_once(draft: &mut Draft<'_>) -> Result<(), OAuthError> {
    draft.params.each_once()
}

fn no_request_object(draft: &mut Draft<'_>) -> Result<(), OAuthError> {
    match draft.params.get("request") {
        None => Ok(()),
        Some(_) => Err(ErrorCode::RequestNotSupported.because("request objects are not supported")),
    }
}

fn no_request_uri(draft: &mut Draft<'_>) -> Result<(), OAuthError> {
    match draft.params.get("request_uri") {
        None => Ok(()),
        Some(_) => Err(ErrorCode::RequestUriNotSupported.because("request_uri is not supported")),
    }
}

fn no_registration(draft: &mut Draft<'_>) -> Result<(), OAuthError> {
    match draft.params.get("registration") {
        None => Ok(()),
        Some(_) => {
            Err(ErrorCode::RegistrationNotSupported.because("registration is not supported"))
        }
    }
}

fn response_type(draft: &mut Draft<'_>) -> Result<(), OAuthError> {
    match draft.params.require("response_type")? {
        "code" => Ok(()),
        _ => Err(ErrorCode::UnsupportedResponseType.because("response_type must be code")),
    }
}

fn grant(draft: &mut Draft<'_>) -> Result<(), OAuthError> {
    if draft.client.may_use(GrantType::AuthorizationCode) {
        Ok(())
    } else {
        Err(ErrorCode::UnauthorizedClient
            .because("the client is not registered for the authorization_code grant"))
    }
}

fn scope(draft: &mut Draft<'_>) -> Result<(), OAuthError> {
    let requested = RequestedScopes::parse(draft.params.get("scope").unwrap_or_default());
    if !requested.contains(OPENID) {
        return Err(ErrorCode::InvalidScope.because("scope must contain openid"));
    }
    draft.scopes = requested.allowed(&draft.client.scope);
    Ok(())
}

fn prompt(draft: &mut Draft<'_>) -> Result<(), OAuthError> {
    draft.prompt = Prompt::parse(draft.params.get("prompt"))?;
    Ok(())
}

fn max_age(draft: &mut Draft<'_>) -> Result<(), OAuthError> {
    if let Some(text) = draft.params.get("max_age") {
        let seconds = text.parse().map_err(|_| {
            ErrorCode::InvalidRequest.because("max_age must be a whole number of seconds")
        })?;
        draft.max_age = Some(Duration::from_secs(seconds));
    }
    Ok(())
}

/// A nonce or state that is too long would bloat tokens and links.
fn nonce(draft: &mut Draft<'_>) -> Result<(), OAuthError> {
    for (name, longest) in [("nonce", 512), ("state", 4_096)] {
        if draft
            .params
            .get(name)
            .is_some_and(|value| value.len() > longest)
        {
            return Err(ErrorCode::InvalidRequest
                .because(format!("{name} is longer than {longest} characters")));
        }
    }
    Ok(())
}

fn code_challenge(draft: &mut Draft<'_>) -> Result<(), OAuthError> {
    draft.challenge = CodeChallenge::parse(
        draft.params.get("code_challenge"),
        draft.params.get("code_challenge_method"),
    )?;
    if draft.challenge.is_none() && draft.client.is_public() {
        return Err(ErrorCode::InvalidRequest
            .because("a public client must use PKCE: code_challenge is missing"));
    }
    Ok(())
}

fn claims(draft: &mut Draft<'_>) -> Result<(), OAuthError> {
    let Some(text) = draft.params.get("claims") else {
        return Ok(());
    };
    let allowed = RequestedScopes::parse(&draft.client.scope);
    let asked = requested_claims::parse(text, &allowed)?;
    draft.demanded = draft.demanded.raised(&asked.claims.acr);
    draft.claims = asked.claims;
    draft.expected_subject = asked.subject;
    Ok(())
}

/// `acr_values` is a wish (OpenID Connect Core §3.1.2.1). What the person does
/// not reach of it they are led to reach; values we do not know are left out.
fn acr_values(draft: &mut Draft<'_>) -> Result<(), OAuthError> {
    let values = draft.params.get("acr_values").unwrap_or_default();
    let asked: Vec<_> = values.split_whitespace().filter_map(Acr::parse).collect();
    draft.demanded = draft.demanded.raised(&asked);
    draft.claims.acr.extend(asked);
    Ok(())
}

fn id_token_hint(draft: &mut Draft<'_>) -> Result<(), OAuthError> {
    let Some(hint) = draft.params.get("id_token_hint") else {
        return Ok(());
    };
    let wrong = || ErrorCode::InvalidRequest.because("id_token_hint is not an ID token of ours");
    let token = draft
        .provider
        .keys
        .current()
        .verify(hint, draft.now)
        .map_err(|_| wrong())?;
    let text = |name| token.claims.get(name).and_then(Value::as_str);
    if token.typ != "JWT" || text("iss") != Some(&draft.provider.issuer) {
        return Err(wrong());
    }
    let hinted = text("sub").ok_or_else(wrong)?;
    if draft
        .expected_subject
        .as_ref()
        .is_some_and(|sub| sub != hinted)
    {
        return Err(
            ErrorCode::InvalidRequest.because("id_token_hint and claims ask for different people")
        );
    }
    draft.expected_subject = Some(hinted.to_owned());
    Ok(())
}
