//! The table of checks of an authorization request, in order. A row reads
//! parameters and fills in its part of the request. Adding a check is a row.

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use super::awaited::{Awaited, Reference};
use super::prompt::Prompt;
use super::request::AuthorizationRequest;
use super::requested_claims::{self, RequestedClaims};
use super::response::{AuthorizationRefused, Destination, Place, ResponseMode, ReturnAddress};
use crate::model::acr::{Acr, Assurance};
use crate::model::client::GrantType;
use crate::model::redirect::ValidRedirect;
use crate::model::response_type::ResponseType;
use crate::model::scope::{AllowedScopes, OFFLINE_ACCESS, OPENID, RequestedScopes};
use crate::model::timestamp::Timestamp;
use crate::protocol::Provider;
use crate::protocol::authorization_details::{self, Detail};
use crate::protocol::clients::Registered;
use crate::protocol::error::{ErrorCode, OAuthError};
use crate::protocol::params::Params;
use crate::protocol::pkce::CodeChallenge;
use crate::protocol::resources;
use crate::protocol::subject::subject;

/// How the parameters were given.
#[derive(Clone, Default)]
pub struct Given {
    /// In a request object.
    pub signed: bool,
    /// Beforehand, by the client itself.
    pub pushed: bool,
    /// By a relying party of ESIA, whose signature was good.
    pub esia: bool,
    /// By a client that waits, and for whom no browser carries the answer.
    pub awaited: Option<(Reference, Awaited)>,
}

impl Given {
    /// A request that its client waits for.
    pub(in crate::protocol) fn by_itself(reference: &Reference, awaited: &Awaited) -> Self {
        Self {
            signed: awaited.signed,
            pushed: true,
            esia: false,
            awaited: Some((reference.clone(), awaited.clone())),
        }
    }
}

/// A request under construction, past its client and redirect URI.
pub struct Draft<'a> {
    provider: &'a Provider,
    params: &'a Params,
    client: &'a Registered,
    given: &'a Given,
    now: Timestamp,
    response_type: ResponseType,
    scopes: AllowedScopes,
    resources: Option<Vec<String>>,
    details: Vec<Detail>,
    claims: RequestedClaims,
    challenge: Option<CodeChallenge>,
    prompt: Prompt,
    max_age: Option<Duration>,
    expected_subject: Option<String>,
    demanded: Assurance,
}

/// A check: fills in its part, or refuses.
pub type Check = fn(&mut Draft<'_>) -> Result<(), OAuthError>;

/// Which requests a check is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    Every,
    /// Those that a browser brings, and whose answer it carries.
    Carried,
}
use About::{Carried, Every};

/// The checks whose errors the client is told, in order. Client and redirect
/// URI come before them: until those are known there is nobody to tell.
pub const CHECKS: &[(&str, About, Check)] = &[
    ("repeated parameters", Every, each_once),
    ("request", Every, as_demanded),
    ("registration", Carried, no_registration),
    ("response_type", Carried, response_type),
    ("response_mode", Carried, response_mode),
    ("grant", Carried, grant),
    ("scope", Every, scope),
    ("prompt", Every, prompt),
    ("max_age", Every, max_age),
    ("nonce", Carried, nonce),
    ("code_challenge", Carried, code_challenge),
    ("resource", Every, resource),
    ("authorization_details", Every, details),
    ("claims", Every, claims),
    ("acr_values", Every, acr_values),
    ("id_token_hint", Every, id_token_hint),
];

pub(in crate::protocol) async fn run(
    provider: &Provider,
    params: &Params,
    given: Given,
    started_at: Timestamp,
) -> Result<AuthorizationRequest, AuthorizationRefused> {
    // Of two clients or two addresses neither is to be trusted: who looked at
    // the request before us may have read the other one.
    for name in ["client_id", "redirect_uri"] {
        params.once(name).map_err(AuthorizationRefused::Page)?;
    }
    let client = client(provider, params).await?;
    speaks(&client, given.esia).map_err(AuthorizationRefused::Page)?;
    let to = match &given.awaited {
        None => Destination::Redirect(
            return_address(params, &client).map_err(AuthorizationRefused::Page)?,
        ),
        Some((reference, awaited)) => Destination::Awaited {
            reference: reference.clone(),
            label: awaited.label.clone(),
        },
    };
    let mut draft = Draft {
        provider,
        params,
        client: &client,
        given: &given,
        now: started_at,
        response_type: ResponseType::CODE,
        scopes: AllowedScopes::default(),
        resources: None,
        details: Vec::new(),
        claims: RequestedClaims::default(),
        challenge: None,
        prompt: Prompt::default(),
        max_age: None,
        expected_subject: expected(provider, &client, &given),
        demanded: client.demands(),
    };
    for (_, about, check) in CHECKS {
        if *about == Carried && given.awaited.is_some() {
            continue;
        }
        if let Err(error) = check(&mut draft) {
            return Err(match to {
                Destination::Redirect(to) => AuthorizationRefused::Redirect(error, to),
                Destination::Awaited { .. } => AuthorizationRefused::Page(error),
            });
        }
    }
    let owned = |name| params.get(name).map(str::to_owned);
    Ok(AuthorizationRequest {
        scopes: draft.scopes,
        resources: draft.resources,
        details: draft.details,
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
        dpop_jkt: owned("dpop_jkt"),
        response_type: draft.response_type,
        to,
        client,
        started_at,
        agreed: false,
        pushed: None,
    })
}

/// Who alone may answer, where the client has named somebody itself.
fn expected(provider: &Provider, client: &Registered, given: &Given) -> Option<String> {
    let (_, awaited) = given.awaited.as_ref()?;
    let account = awaited.account.as_ref()?;
    Some(subject(&provider.vault, account, client))
}

pub(super) async fn client(
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

/// Where answers go. A wrong `response_mode` or `response_type` is told where
/// the answer would go without it.
pub(super) fn return_address(
    params: &Params,
    client: &Registered,
) -> Result<ReturnAddress, OAuthError> {
    let redirect = redirect_uri(params, client)?;
    let kind = params
        .get("response_type")
        .and_then(ResponseType::parse)
        .unwrap_or(ResponseType::CODE);
    let mut mode = params
        .get("response_mode")
        .and_then(|name| ResponseMode::parse(name, kind))
        .filter(|mode| mode.place != Place::Query || !kind.has_token())
        .unwrap_or_else(|| ResponseMode::of(kind));
    mode.signed |= client.signs_messages();
    let state = params.get("state").map(str::to_owned);
    Ok(ReturnAddress::new(client, redirect, mode, state))
}

/// Requests of ESIA's dialect are signed, and come to its own endpoints.
pub(super) fn speaks(client: &Registered, esia: bool) -> Result<(), OAuthError> {
    match client.esia.is_some() == esia {
        true => Ok(()),
        false => Err(ErrorCode::InvalidClient
            .because("this client speaks another dialect: its endpoints are others")),
    }
}

/// RFC 9700 §4.1.3. It may be left out where one is registered.
fn redirect_uri(params: &Params, client: &Registered) -> Result<ValidRedirect, OAuthError> {
    if let Some(esia) = &client.esia {
        let requested = params.require("redirect_uri")?;
        return esia.redirect(requested).ok_or_else(|| {
            ErrorCode::InvalidRequest.because("redirect_uri is no address of this client")
        });
    }
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

/// What the client is registered to do with every request (RFC 9126 §6, RFC
/// 9101 §10.5).
fn as_demanded(draft: &mut Draft<'_>) -> Result<(), OAuthError> {
    if draft.client.must_push() && !draft.given.pushed {
        return Err(
            ErrorCode::InvalidRequest.because("this client must push its requests beforehand")
        );
    }
    if draft.client.must_sign_requests() && !draft.given.signed {
        // What is wrong is no object: there is none.
        return Err(ErrorCode::InvalidRequest
            .because("this client must send its requests as signed request objects"));
    }
    Ok(())
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
    let name = draft.params.require("response_type")?;
    draft.response_type = ResponseType::parse(name).ok_or_else(|| {
        ErrorCode::UnsupportedResponseType.because("response_type is none of those supported")
    })?;
    Ok(())
}

const UNSIGNED: &str = "this client must ask for signed answers: response_mode=jwt";

/// Tokens in a query would stay in histories and logs (Multiple Response Types
/// §3, RFC 9700 §4.3).
fn response_mode(draft: &mut Draft<'_>) -> Result<(), OAuthError> {
    let Some(name) = draft.params.get("response_mode") else {
        return match draft.client.signs_messages() {
            false => Ok(()),
            true => Err(ErrorCode::InvalidRequest.because(UNSIGNED)),
        };
    };
    let kind = draft.response_type;
    match ResponseMode::parse(name, kind) {
        None => Err(ErrorCode::InvalidRequest.because("response_mode is none of those supported")),
        Some(mode) if draft.client.signs_messages() && !mode.signed => {
            Err(ErrorCode::InvalidRequest.because(UNSIGNED))
        }
        Some(mode) if mode.place == Place::Query && kind.has_token() => {
            Err(ErrorCode::InvalidRequest
                .because("tokens are not sent in a query: choose another response_mode"))
        }
        Some(_) => Ok(()),
    }
}

fn grant(draft: &mut Draft<'_>) -> Result<(), OAuthError> {
    let kind = draft.response_type;
    let needed = [
        (kind.code, GrantType::AuthorizationCode),
        (kind.has_token(), GrantType::Implicit),
    ];
    if kind.token && (draft.client.must_bind_tokens() || draft.params.get("dpop_jkt").is_some()) {
        return Err(ErrorCode::UnauthorizedClient
            .because("tokens that are bound to a key do not come through the browser"));
    }
    let may = needed
        .into_iter()
        .all(|(needs, grant)| !needs || draft.client.may_use(grant));
    if may && draft.client.response_types.contains(&kind) {
        Ok(())
    } else {
        Err(ErrorCode::UnauthorizedClient
            .because("the client is not registered for this response_type"))
    }
}

fn scope(draft: &mut Draft<'_>) -> Result<(), OAuthError> {
    let requested = RequestedScopes::parse(draft.params.get("scope").unwrap_or_default());
    // In ESIA's dialect it only asks for an ID token.
    if !requested.contains(OPENID) && !draft.given.esia {
        return Err(ErrorCode::InvalidScope.because("scope must contain openid"));
    }
    draft.scopes = requested.allowed(&draft.client.scope);
    // Only a code leads to a refresh token (OpenID Connect Core §11).
    if !draft.response_type.code {
        draft.scopes.leave_out(OFFLINE_ACCESS);
    }
    Ok(())
}

fn prompt(draft: &mut Draft<'_>) -> Result<(), OAuthError> {
    draft.prompt = Prompt::parse(draft.params.get("prompt"))?;
    if draft.given.awaited.is_some() {
        // Nobody waits for an answer without pages.
        draft.prompt.none = false;
    }
    Ok(())
}

fn max_age(draft: &mut Draft<'_>) -> Result<(), OAuthError> {
    draft.max_age = draft.client.default_max_age.map(Duration::from_secs);
    if let Some(text) = draft.params.get("max_age") {
        let seconds = text.parse().map_err(|_| {
            ErrorCode::InvalidRequest.because("max_age must be a whole number of seconds")
        })?;
        draft.max_age = Some(Duration::from_secs(seconds));
    }
    Ok(())
}

/// A nonce or state that is too long would bloat tokens and links. An ID token
/// through the browser is worth nothing without a nonce (OpenID Connect Core
/// §3.2.2.1).
fn nonce(draft: &mut Draft<'_>) -> Result<(), OAuthError> {
    if draft.response_type.id_token && draft.params.get("nonce").is_none() {
        return Err(ErrorCode::InvalidRequest.because("nonce is missing"));
    }
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
    if draft.challenge.is_none() && draft.client.must_use_pkce() && draft.response_type.code {
        return Err(ErrorCode::InvalidRequest
            .because("this client must use PKCE: code_challenge is missing"));
    }
    Ok(())
}

fn resource(draft: &mut Draft<'_>) -> Result<(), OAuthError> {
    draft.resources = resources::requested(draft.provider, draft.client, draft.params)?;
    Ok(())
}

fn details(draft: &mut Draft<'_>) -> Result<(), OAuthError> {
    let (provider, client) = (draft.provider, draft.client);
    draft.details = authorization_details::requested(provider, client, draft.params)?;
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
    expect(draft, asked.subject)
}

/// Notes who is meant; who was meant before stays so.
fn expect(draft: &mut Draft<'_>, subject: Option<String>) -> Result<(), OAuthError> {
    let Some(subject) = subject else {
        return Ok(());
    };
    match &draft.expected_subject {
        Some(expected) if *expected != subject => Err(ErrorCode::InvalidRequest
            .because("the request names different people in several places")),
        _ => {
            draft.expected_subject = Some(subject);
            Ok(())
        }
    }
}

/// `acr_values` is a wish (OpenID Connect Core §3.1.2.1). What the person does
/// not reach of it they are led to reach; values we do not know are left out.
fn acr_values(draft: &mut Draft<'_>) -> Result<(), OAuthError> {
    let by_default = draft.client.default_acr_values.join(" ");
    let values = draft.params.get("acr_values").unwrap_or(&by_default);
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
    // Other tokens of ours tell a `sub`, too; only an ID token tells when.
    if token.claims.get("auth_time").is_none() {
        return Err(wrong());
    }
    let hinted = text("sub").ok_or_else(wrong)?.to_owned();
    expect(draft, Some(hinted))
}
