//! `urn:ietf:params:oauth:grant-type:device_code` (RFC 8628): a device that
//! cannot show our pages shows a code, and the person answers elsewhere.

use futures_util::future::BoxFuture;
use serde::Serialize;

use super::{Entitlement, Grant, TokenRequest, person};
use crate::error::Result;
use crate::model::client::GrantType;
use crate::model::secret::{Digest, Secret};
use crate::model::ticket;
use crate::model::timestamp::Timestamp;
use crate::protocol::Provider;
use crate::protocol::authorization::awaited::{self, Awaited, Reference, State, Way};
use crate::protocol::authorization::checks::{self, Given};
use crate::protocol::client_authentication::{self, Request};
use crate::protocol::error::{ErrorCode, Refused};
use crate::storage::Effects;
use crate::vault::Purpose;

pub(super) const GRANT: Grant = Grant {
    name: "urn:ietf:params:oauth:grant-type:device_code",
    grant_type: GrantType::DeviceCode,
    redeem,
};

/// The page where the person enters the code.
pub const PAGE: &str = "/device";

/// Letters that are not mistaken for one another and form no words (§6.1).
const LETTERS: &[u8; 20] = b"BCDFGHJKLMNPQRSTVWXZ";
/// The length of a user code: with the limit on tries nobody guesses one.
const LENGTH: usize = 8;

/// The answer to a device (§3.2).
#[derive(Serialize)]
pub struct DeviceResponse {
    device_code: String,
    user_code: String,
    verification_uri: String,
    verification_uri_complete: String,
    /// Seconds.
    expires_in: u64,
    /// Seconds.
    interval: u64,
}

/// Takes the request of a device (§3.1).
///
/// # Errors
/// `invalid_client`, and whatever the authorization endpoint would say of the
/// request.
pub async fn authorize(
    provider: &Provider,
    request: &Request<'_>,
) -> Result<DeviceResponse, Refused> {
    request.params.each_once()?;
    let client = client_authentication::authenticate(provider, request).await?;
    if !client.may_use(GrantType::DeviceCode) {
        return Err(ErrorCode::UnauthorizedClient
            .because("the client is not registered for the device_code grant")
            .into());
    }
    let now = request.now;
    let mut params = request.params.clone();
    params.remove(&client_authentication::CREDENTIALS);
    params.set("client_id", client.client_id.as_str());
    let life = provider.lifetimes.device_code;
    let user_code = user_code(provider);
    let device_code = provider.entropy.secret("ppd_");
    let reference = Reference {
        way: Way::Device,
        digest: device_code.digest(),
    };
    let awaited = Awaited {
        client: client.client_id.clone(),
        query: params.encoded(),
        signed: false,
        label: user_code.clone(),
        account: None,
        until: Provider::after(now, life),
        notification: None,
        state: State::Open,
    };
    let given = Given::by_itself(&reference, &awaited);
    if let Err(refused) = checks::run(provider, &params, given, now).await {
        return Err(refused.told_to_client());
    }
    awaited::begin(provider, &reference, &awaited, Effects::default(), now).await?;
    provider
        .storage
        .put_ticket(
            ticket::USER_CODE,
            user_code_key(provider, &user_code),
            reference.digest.as_str().to_owned(),
            now,
            awaited.until,
        )
        .await?;
    let page = provider.url(PAGE);
    Ok(DeviceResponse {
        device_code: device_code.expose().to_owned(),
        verification_uri_complete: format!("{page}?user_code={user_code}"),
        verification_uri: page,
        user_code,
        expires_in: life,
        interval: awaited::INTERVAL,
    })
}

/// The request that a user code stands for, while it waits; the code may be
/// written with small letters, blanks and dashes (§6.1).
///
/// # Errors
/// When the database is away.
pub async fn find(provider: &Provider, written: &str, now: Timestamp) -> Result<Option<Reference>> {
    let code: String = written
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|letter| letter.to_ascii_uppercase())
        .collect();
    if code.len() != LENGTH {
        return Ok(None);
    }
    let key = user_code_key(provider, &code);
    let found = provider
        .storage
        .find_ticket(ticket::USER_CODE, &key, now)
        .await?;
    Ok(found.map(|found| Reference {
        way: Way::Device,
        digest: Digest::from_stored(found.payload),
    }))
}

/// A user code is too short for a bare digest.
fn user_code_key(provider: &Provider, code: &str) -> Digest {
    let plain = code.replace('-', "");
    let text = format!("device {plain}");
    Digest::from_stored(
        provider
            .vault
            .digest_text(Purpose::OneTimeCode, text.as_bytes()),
    )
}

/// Two groups of four letters.
fn user_code(provider: &Provider) -> String {
    let mut code = String::with_capacity(LENGTH + 1);
    while code.len() < LENGTH + 1 {
        for byte in provider.entropy.bytes::<16>() {
            // Bytes beyond a whole number of alphabets would prefer some letters.
            let fair = 256 - 256 % LETTERS.len();
            if usize::from(byte) < fair && code.len() < LENGTH + 1 {
                if code.len() == LENGTH / 2 {
                    code.push('-');
                }
                code.push(char::from(LETTERS[usize::from(byte) % LETTERS.len()]));
            }
        }
    }
    code
}

fn redeem<'a>(
    provider: &'a Provider,
    request: &'a TokenRequest<'a>,
) -> BoxFuture<'a, Result<Entitlement, Refused>> {
    Box::pin(async move {
        let code = Secret::new(request.params.require("device_code")?);
        let reference = Reference {
            way: Way::Device,
            digest: code.digest(),
        };
        let authorized = awaited::poll(provider, request, &reference).await?;
        let ticket = (ticket::DEVICE_CODE, reference.digest);
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
