//! Requests whose answer no browser carries: the client asks for it again and
//! again while the person decides somewhere else (RFC 8628, CIBA). What the
//! person sees on the way is the same as for any other request.

use std::time::Duration;

use moka::ops::compute::{CompResult, Op};
use moka::sync::Cache;
use serde::{Deserialize, Serialize};

use super::authorized::Authorized;
use super::response::AuthorizationRefused;
use crate::error::Result;
use crate::model::id::{AccountId, ClientId};
use crate::model::secret::Digest;
use crate::model::ticket;
use crate::model::timestamp::Timestamp;
use crate::protocol::Provider;
use crate::protocol::backchannel_ping;
use crate::protocol::error::{ErrorCode, OAuthError, Refused};
use crate::protocol::grant::TokenRequest;
use crate::protocol::params::Params;
use crate::storage::Effects;

/// The seconds between two questions of a client (RFC 8628 §3.2).
pub const INTERVAL: u64 = 5;
/// How long it is remembered how a request ended, in seconds.
const REMEMBERED: u64 = 3_600;

/// How a client came to wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Way {
    /// A device without a keyboard shows a code (RFC 8628).
    Device,
    /// A site asks for a person it names (CIBA).
    Backchannel,
}

impl Way {
    /// Its kind of ticket.
    pub(in crate::protocol) const fn ticket(self) -> &'static str {
        match self {
            Self::Device => ticket::DEVICE_CODE,
            Self::Backchannel => ticket::BACKCHANNEL_REQUEST,
        }
    }
}

/// A request that waits, as a flow refers to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reference {
    pub way: Way,
    pub digest: Digest,
}

/// What is remembered of it.
#[derive(Clone, Serialize, Deserialize)]
pub struct Awaited {
    pub client: ClientId,
    /// The parameters, form-encoded.
    pub query: String,
    /// Whether a request object held them.
    #[serde(default)]
    pub signed: bool,
    /// What the person compares with what the other side shows.
    pub label: String,
    /// The only one who may answer, where the client has named somebody.
    pub account: Option<AccountId>,
    /// Until when it may be answered.
    pub until: Timestamp,
    /// How the client is told of the answer; none when it asks itself.
    pub(in crate::protocol) notification: Option<Notification>,
    pub(in crate::protocol) state: State,
}

/// Where it stands.
#[derive(Clone, Serialize, Deserialize)]
pub(in crate::protocol) enum State {
    Open,
    Denied,
    Given(Box<Authorized>),
}

/// What a client is told an answer with (CIBA §10.2).
#[derive(Clone, Serialize, Deserialize)]
pub struct Notification {
    pub token: String,
    pub auth_req_id: String,
}

/// When clients last asked, in intervals. Each node counts by itself, and in
/// memory: the pace spares us work, and writing down each question would be
/// most of it.
pub(in crate::protocol) struct Polls(Cache<Digest, i64>);

/// As many that wait are remembered; a client beyond them is let ask more often.
const REMEMBERED_POLLS: u64 = 50_000;

impl Default for Polls {
    fn default() -> Self {
        Self(
            Cache::builder()
                .max_capacity(REMEMBERED_POLLS)
                .time_to_live(Duration::from_secs(2 * INTERVAL))
                .build(),
        )
    }
}

impl Polls {
    /// Whether the client has asked within this interval already.
    fn is_too_soon(&self, reference: &Reference, now: Timestamp) -> bool {
        let window = now.seconds() / i64::try_from(INTERVAL).unwrap_or(1);
        let entry = self.0.entry_by_ref(&reference.digest);
        let seen = entry.and_compute_with(|before| match before {
            Some(before) if before.value() == &window => Op::Nop,
            _ => Op::Put(window),
        });
        matches!(seen, CompResult::Unchanged(_))
    }
}

/// What seals a request that waits: its parameters may name people, and its
/// label is what a device shows.
const AWAITED: &str = "awaited request";

fn closed(provider: &Provider, awaited: &Awaited) -> Result<String> {
    provider.vault.seal(AWAITED, &serde_json::to_vec(awaited)?)
}

fn opened(provider: &Provider, stored: &str) -> Result<Awaited> {
    let plain = provider.vault.unseal(AWAITED, stored)?;
    Ok(serde_json::from_slice(&plain)?)
}

/// Stores a request that begins to wait.
pub(in crate::protocol) async fn begin(
    provider: &Provider,
    reference: &Reference,
    awaited: &Awaited,
    effects: Effects,
    now: Timestamp,
) -> Result<()> {
    let kept_until = awaited.until.plus(Duration::from_secs(REMEMBERED));
    provider
        .storage
        .put_ticket_of(
            awaited.account.clone(),
            (reference.way.ticket(), reference.digest.clone()),
            closed(provider, awaited)?,
            now,
            kept_until,
            effects,
        )
        .await
}

/// The questions that wait for this citizen, newest first.
///
/// # Errors
/// When the database is away.
pub async fn asked_of(
    provider: &Provider,
    account: &AccountId,
    now: Timestamp,
) -> Result<Vec<(Reference, Awaited)>> {
    let found = provider.storage.requests_of_sites(account, now).await?;
    let mut all = Vec::new();
    for (digest, payload) in found {
        let awaited = opened(provider, &payload)?;
        if matches!(awaited.state, State::Open) && now < awaited.until {
            let way = Way::Backchannel;
            all.push((Reference { way, digest }, awaited));
        }
    }
    Ok(all)
}

/// A request that still waits for its answer.
///
/// # Errors
/// For a page: it was answered, or its time is over.
pub(super) async fn load(
    provider: &Provider,
    reference: &Reference,
    now: Timestamp,
) -> Result<(Params, Awaited), AuthorizationRefused> {
    let found = find(provider, reference, now).await?;
    let (_, awaited) = found.ok_or_else(|| AuthorizationRefused::Page(over()))?;
    if !matches!(awaited.state, State::Open) || awaited.until <= now {
        return Err(AuthorizationRefused::Page(over()));
    }
    Ok((Params::parse(awaited.query.as_bytes()), awaited))
}

/// The stored text, and what it says; none when it is forgotten.
async fn find(
    provider: &Provider,
    reference: &Reference,
    now: Timestamp,
) -> Result<Option<(String, Awaited)>> {
    let kind = reference.way.ticket();
    let found = provider
        .storage
        .find_ticket(kind, &reference.digest, now)
        .await?;
    let Some(found) = found else {
        return Ok(None);
    };
    let awaited = opened(provider, &found.payload)?;
    Ok(Some((found.payload, awaited)))
}

/// Writes the answer down, with `effects`: one answer to each request.
///
/// # Errors
/// For a page: it was answered before, or its time is over.
pub(super) async fn decide(
    provider: &Provider,
    reference: &Reference,
    given: Option<Authorized>,
    mut effects: Effects,
    now: Timestamp,
) -> Result<(), AuthorizationRefused> {
    let over = || AuthorizationRefused::Page(over());
    let (before, mut awaited) = find(provider, reference, now).await?.ok_or_else(over)?;
    if !matches!(awaited.state, State::Open) || awaited.until <= now {
        return Err(over());
    }
    // Who was asked for is who answers, whatever the pages let through.
    if let (Some(asked), Some(given)) = (&awaited.account, &given)
        && *asked != given.account
    {
        return Err(over());
    }
    awaited.state = match given {
        None => State::Denied,
        Some(authorized) => State::Given(Box::new(authorized)),
    };
    // Nobody needs them any more.
    awaited.query.clear();
    awaited.label.clear();
    if let Some(notification) = awaited.notification.take() {
        let ping = backchannel_ping::message(provider, &awaited.client, notification, now)?;
        effects.outbox.push(ping);
    }
    let ticket = (reference.way.ticket(), reference.digest.clone());
    let after = closed(provider, &awaited)?;
    let is_first = provider
        .storage
        .change_ticket(ticket, before, after, now, effects)
        .await?;
    match is_first {
        true => Ok(()),
        false => Err(over()),
    }
}

/// What the person has given to who asks now (RFC 8628 §3.5, CIBA §11).
///
/// # Errors
/// `authorization_pending`, `slow_down`, `access_denied`, `expired_token`, and
/// `invalid_grant` for what is unknown, used or another client's.
pub(in crate::protocol) async fn poll(
    provider: &Provider,
    request: &TokenRequest<'_>,
    reference: &Reference,
) -> Result<Authorized, Refused> {
    let now = request.now;
    let found = find(provider, reference, now).await?;
    let (_, awaited) = found.ok_or_else(unusable)?;
    if awaited.client != request.client.client_id {
        return Err(unusable().into());
    }
    let told = |code: ErrorCode, why| Err(Refused::from(code.because(why)));
    match awaited.state {
        // Spent or not: redeeming tells, and takes back what a replay is about.
        State::Given(authorized) if now < awaited.until => Ok(*authorized),
        State::Denied => told(ErrorCode::AccessDenied, "the person declined"),
        State::Given(_) | State::Open if awaited.until <= now => {
            told(ErrorCode::ExpiredToken, "the time for an answer is over")
        }
        State::Given(_) | State::Open => match provider.polls.is_too_soon(reference, now) {
            true => told(
                ErrorCode::SlowDown,
                "wait for the interval between questions",
            ),
            false => told(
                ErrorCode::AuthorizationPending,
                "the person has not answered yet",
            ),
        },
    }
}

pub(in crate::protocol) fn unusable() -> OAuthError {
    ErrorCode::InvalidGrant.because("the code is unknown, used, or another client's")
}

fn over() -> OAuthError {
    ErrorCode::InvalidRequest
        .because("the request was answered already, or its time is over: begin anew on the device")
}
