//! Pushed authorization requests (RFC 9126): the client hands its request over
//! beforehand, authenticated, and the browser carries a reference only.

use serde::{Deserialize, Serialize};

use super::arrival;
use super::checks::{self, Given};
use super::response::AuthorizationRefused;
use crate::error::Result;
use crate::model::id::ClientId;
use crate::model::secret::{Digest, Secret};
use crate::model::ticket;
use crate::model::timestamp::Timestamp;
use crate::protocol::Provider;
use crate::protocol::client_authentication::{self, Request};
use crate::protocol::dpop;
use crate::protocol::error::{ErrorCode, OAuthError, Refused};
use crate::protocol::params::Params;
use crate::protocol::timed;
use crate::storage::{Effects, NewTicket};

/// What every reference begins with (RFC 9126 §2.2).
const SCHEME: &str = "urn:ietf:params:oauth:request_uri:";
/// The prefix of references.
const PREFIX: &str = "prq_";

/// What seals a request.
const CONTEXT: &str = "pushed request";
/// The longest request that is kept.
const LONGEST: usize = 16_384;

/// A request that was pushed.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Pushed {
    client: ClientId,
    /// The parameters, form-encoded and sealed: they may name people.
    sealed: String,
    signed: bool,
    /// Until when somebody must have arrived with it. Once they have, they may
    /// take as long as any sign-in.
    arrive_until: Timestamp,
}

/// The answer to a pushed request (RFC 9126 §2.2).
#[derive(Serialize)]
pub struct PushedResponse {
    request_uri: String,
    /// Seconds.
    expires_in: u64,
}

/// Takes a request.
///
/// # Errors
/// `invalid_client`, and whatever the authorization endpoint would say of the
/// request.
pub async fn push(provider: &Provider, request: &Request<'_>) -> Result<PushedResponse, Refused> {
    request.params.each_once()?;
    let client = client_authentication::authenticate(provider, request).await?;
    let proof = dpop::unnoted(provider, &client, &request.dpop, None, request.now)?;
    let mut params = request.params.clone();
    params.remove(&client_authentication::CREDENTIALS);
    if params.get("request_uri").is_some() {
        return Err(ErrorCode::InvalidRequest
            .because("request_uri cannot be pushed")
            .into());
    }
    let own_id = client.client_id.as_str();
    if params.get("client_id").is_some_and(|named| named != own_id) {
        return Err(ErrorCode::InvalidRequest
            .because("client_id is not the client that authenticated")
            .into());
    }
    params.set("client_id", own_id);
    let now = request.now;
    let mut given = Given {
        pushed: true,
        ..Given::default()
    };
    if let Some(object) = params.get("request").map(str::to_owned) {
        params = arrival::opened(provider, &client, &object, &params, true, now).await?;
        given.signed = true;
    }
    if let Some(proof) = &proof {
        if params.get("dpop_jkt").is_some_and(|jkt| jkt != proof.jkt) {
            return Err(ErrorCode::InvalidDpopProof
                .because("dpop_jkt names another key than the proof")
                .into());
        }
        params.set("dpop_jkt", &proof.jkt);
    }
    let signed = given.signed;
    if let Err(refused) = checks::run(provider, &params, given, now).await {
        return Err(refused.told_to_client());
    }
    let query = params.encoded();
    if query.len() > LONGEST {
        return Err(ErrorCode::InvalidRequest
            .because(format!("the request is longer than {LONGEST} characters"))
            .into());
    }
    let life = provider.lifetimes.pushed_request;
    let reference = timed::secret(&provider.entropy, PREFIX, now);
    let pushed = Pushed {
        client: client.client_id.clone(),
        sealed: provider.vault.seal(CONTEXT, query.as_bytes())?,
        signed,
        arrive_until: Provider::after(now, life),
    };
    let new = NewTicket {
        account: None,
        kind: ticket::PUSHED_REQUEST,
        digest: timed::key(PREFIX, &reference),
        payload: serde_json::to_string(&pushed)?,
        created_at: now,
        expires_at: Provider::after(now, life + provider.lifetimes.flow),
    };
    store(provider, proof.as_ref(), new, now).await?;
    Ok(PushedResponse {
        request_uri: format!("{SCHEME}{}", reference.expose()),
        expires_in: life,
    })
}

/// Stores a request, together with the use of the proof that came along.
async fn store(
    provider: &Provider,
    proof: Option<&dpop::Proof>,
    new: NewTicket,
    now: Timestamp,
) -> Result<(), Refused> {
    let storage = &provider.storage;
    let Some(proof) = proof else {
        return Ok(storage
            .put_ticket(new.kind, new.digest, new.payload, now, new.expires_at)
            .await?);
    };
    let (once, none) = (proof.once(), Effects::default());
    match storage.put_ticket_if(once, new, none, now).await? {
        true => Ok(()),
        false => Err(dpop::used_before().into()),
    }
}

/// The reference in a `request_uri` of ours.
pub(super) fn reference(request_uri: &str) -> Option<Digest> {
    let reference = request_uri.strip_prefix(SCHEME)?;
    Some(timed::key(PREFIX, &Secret::new(reference)))
}

/// The request behind a reference that somebody arrives with now.
///
/// # Errors
/// For a page: the reference is another client's, or too old.
pub(super) async fn arrive(
    provider: &Provider,
    reference: &Digest,
    client: &str,
    now: Timestamp,
) -> Result<Params, AuthorizationRefused> {
    let pushed = find(provider, reference, now).await?;
    if pushed.client.as_str() != client || pushed.arrive_until <= now {
        return Err(AuthorizationRefused::Page(unusable()));
    }
    Ok(opened(provider, &pushed)?)
}

/// The same for who has arrived before.
///
/// # Errors
/// For a page: it was answered meanwhile.
pub(super) async fn load(
    provider: &Provider,
    reference: &Digest,
    now: Timestamp,
) -> Result<(Params, Given), AuthorizationRefused> {
    let pushed = find(provider, reference, now).await?;
    let given = Given {
        signed: pushed.signed,
        pushed: true,
        ..Given::default()
    };
    Ok((opened(provider, &pushed)?, given))
}

fn opened(provider: &Provider, pushed: &Pushed) -> Result<Params> {
    let query = provider.vault.unseal(CONTEXT, &pushed.sealed)?;
    Ok(Params::parse(&query))
}

async fn find(
    provider: &Provider,
    reference: &Digest,
    now: Timestamp,
) -> Result<Pushed, AuthorizationRefused> {
    let kind = ticket::PUSHED_REQUEST;
    let found = provider.storage.find_ticket(kind, reference, now).await?;
    let found = found.filter(|found| found.spent_at.is_none());
    let found = found.ok_or_else(|| AuthorizationRefused::Page(unusable()))?;
    Ok(serde_json::from_str(&found.payload)?)
}

pub(super) fn unusable() -> OAuthError {
    ErrorCode::InvalidRequestUri.because(
        "request_uri is unknown, expired, used, or another client's: push the request again",
    )
}
