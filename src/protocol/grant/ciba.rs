//! `urn:openid:params:grant-type:ciba` (OpenID Connect Client-Initiated
//! Backchannel Authentication): a site asks for a person by their phone, mail or
//! SNILS, and they answer in their cabinet. The site polls, or is pinged.

use std::time::Duration;

use futures_util::future::BoxFuture;
use serde::Serialize;

use super::{Entitlement, Grant, TokenRequest, person};
use crate::model::client::{Client, DeliveryMode, GrantType};
use crate::model::secret::Secret;
use crate::model::ticket;
use crate::model::timestamp::Timestamp;
use crate::protocol::Provider;
use crate::protocol::authorization::awaited::{self, Awaited, Notification, Reference, State, Way};
use crate::protocol::authorization::checks::{self, Given};
use crate::protocol::authorization::request_object;
use crate::protocol::client_authentication::{self, Request};
use crate::protocol::clients::Registered;
use crate::protocol::error::{ErrorCode, OAuthError, Refused};
use crate::protocol::params::Params;

pub(super) const GRANT: Grant = Grant {
    name: "urn:openid:params:grant-type:ciba",
    grant_type: GrantType::Ciba,
    redeem,
};

/// The longest message that is shown beside the question (§7.1).
const LONGEST_MESSAGE: usize = 100;
/// The longest token of a client's for its notification (§7.1.2).
const LONGEST_TOKEN: usize = 1_024;
/// What names a person; exactly one of them (§7.1).
const HINTS: [&str; 3] = ["login_hint", "login_hint_token", "id_token_hint"];

/// The answer to a site (§7.3).
#[derive(Serialize)]
pub struct BackchannelResponse {
    auth_req_id: String,
    /// Seconds.
    expires_in: u64,
    /// Seconds.
    interval: u64,
}

/// Takes the request of a site (§7.1). Whether the person exists is not told:
/// for nobody the answer just never comes (requirement A8).
///
/// # Errors
/// Those of §13.
pub async fn authenticate(
    provider: &Provider,
    request: &Request<'_>,
) -> Result<BackchannelResponse, Refused> {
    request.params.each_once()?;
    let client = client_authentication::authenticate(provider, request).await?;
    if !client.may_use(GrantType::Ciba) {
        return Err(ErrorCode::UnauthorizedClient
            .because("the client is not registered for the ciba grant")
            .into());
    }
    let now = request.now;
    let params = parameters(provider, &client, request.params, now).await?;
    let hint = hint(&params)?;
    let life = life(provider, &params)?;
    let id = provider.entropy.secret("ppe_");
    let notification = notification(&client, &params, &id)?;
    let accounts = &provider.accounts;
    let wait = accounts
        .allow_request_of_site(&client.client_id, now)
        .await?;
    if wait.is_some() {
        return Err(ErrorCode::TemporarilyUnavailable
            .because("this client has asked for too many people: try again in an hour")
            .into());
    }
    let account = accounts.meant_by(hint).await?;
    let reference = Reference {
        way: Way::Backchannel,
        digest: id.digest(),
    };
    let awaited = Awaited {
        client: client.client_id.clone(),
        label: message(&params)?,
        query: without_hints(&params).encoded(),
        signed: request.params.get("request").is_some(),
        account: account.clone(),
        until: Provider::after(now, life),
        notification,
        state: State::Open,
    };
    let given = Given::by_itself(&reference, &awaited);
    let own = without_hints(&params);
    if let Err(refused) = checks::run(provider, &own, given, now).await {
        return Err(refused.told_to_client());
    }
    let told = accounts.tell_of_request(account.as_ref(), &client, now);
    let (is_told, effects) = told.await?;
    let asked = Awaited {
        // For who was not told the answer just never comes.
        account: account.filter(|_| is_told),
        ..awaited
    };
    awaited::begin(provider, &reference, &asked, effects, now).await?;
    Ok(BackchannelResponse {
        auth_req_id: id.expose().to_owned(),
        expires_in: life,
        interval: awaited::INTERVAL,
    })
}

/// The parameters that count: those of a signed request alone, where there is
/// one (§7.1.1).
async fn parameters(
    provider: &Provider,
    client: &Registered,
    sent: &Params,
    now: Timestamp,
) -> Result<Params, Refused> {
    let mut params = match sent.get("request") {
        Some(object) => request_object::open_backchannel(provider, client, object, now).await?,
        None if client.must_sign_backchannel_requests() => {
            return Err(ErrorCode::InvalidRequest
                .because("this client must send its requests as signed request objects")
                .into());
        }
        None => sent.clone(),
    };
    params.remove(&client_authentication::CREDENTIALS);
    params.set("client_id", client.client_id.as_str());
    Ok(params)
}

fn hint(params: &Params) -> Result<&str, OAuthError> {
    let given: Vec<_> = HINTS
        .into_iter()
        .filter(|name| params.get(name).is_some())
        .collect();
    match given.as_slice() {
        ["login_hint"] => params.require("login_hint"),
        [_] => Err(ErrorCode::InvalidRequest
            .because("only login_hint is supported: a phone, an e-mail address or a SNILS")),
        _ => Err(ErrorCode::InvalidRequest.because("exactly one hint must name the person")),
    }
}

/// What is remembered: whom the hint named stands beside it.
fn without_hints(params: &Params) -> Params {
    let mut own = params.clone();
    own.remove(&HINTS);
    own.remove(&["client_notification_token", "request"]);
    own
}

fn life(provider: &Provider, params: &Params) -> Result<u64, OAuthError> {
    let longest = provider.lifetimes.backchannel_request;
    match params.get("requested_expiry").map(str::parse::<u64>) {
        None => Ok(longest),
        Some(Ok(seconds)) if seconds > 0 => Ok(seconds.min(longest)),
        Some(_) => Err(ErrorCode::InvalidRequest
            .because("requested_expiry must be a positive number of seconds")),
    }
}

/// It is shown as it is, so nothing that could disguise itself.
fn message(params: &Params) -> Result<String, OAuthError> {
    let message = params.get("binding_message").unwrap_or_default();
    let fits = message.chars().count() <= LONGEST_MESSAGE && Client::is_plain_text(message);
    match fits {
        true => Ok(message.to_owned()),
        false => Err(ErrorCode::InvalidBindingMessage.because(format!(
            "binding_message must be plain text of at most {LONGEST_MESSAGE} characters"
        ))),
    }
}

/// How the client is told that there is an answer (§10.2).
fn notification(
    client: &Registered,
    params: &Params,
    id: &Secret,
) -> Result<Option<Notification>, OAuthError> {
    if client.backchannel_token_delivery_mode == DeliveryMode::Poll {
        return Ok(None);
    }
    let token = params.require("client_notification_token")?;
    let fits = token.len() <= LONGEST_TOKEN && token.bytes().all(|byte| byte.is_ascii_graphic());
    match fits {
        true => Ok(Some(Notification {
            token: token.to_owned(),
            auth_req_id: id.expose().to_owned(),
        })),
        false => Err(ErrorCode::InvalidRequest.because(
            "client_notification_token must be at most 1024 printable characters without blanks",
        )),
    }
}

fn redeem<'a>(
    provider: &'a Provider,
    request: &'a TokenRequest<'a>,
) -> BoxFuture<'a, Result<Entitlement, Refused>> {
    Box::pin(async move {
        let id = Secret::new(request.params.require("auth_req_id")?);
        let reference = Reference {
            way: Way::Backchannel,
            digest: id.digest(),
        };
        let authorized = awaited::poll(provider, request, &reference).await?;
        let ticket = (ticket::BACKCHANNEL_REQUEST, reference.digest);
        person::begin(
            provider,
            request,
            ticket,
            &authorized,
            None,
            awaited::unusable,
        )
        .await
    })
}

/// How long a ping is worth sending: what it tells of must still be fetched.
pub(in crate::protocol) const PING_LIFE: Duration = Duration::from_secs(300);
