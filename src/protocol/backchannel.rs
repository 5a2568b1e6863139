//! Back-Channel Logout: telling a relying party that a session ended. The
//! message waits in the outbox since the transaction that ended the session;
//! the token is signed when it is sent.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use serde::Deserialize;
use serde_json::json;

use super::Provider;
use super::issue::sign;
use super::subject::{session_id, subject};
use crate::clock::Clock;
use crate::error::Result;
use crate::model::id::{AccountId, ClientId, SessionId};
use crate::model::timestamp::Timestamp;
use crate::notify::{Deliver, DeliveryFailed};

const LOGOUT_EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";
const LIFE: Duration = Duration::from_secs(120);

/// What storage wrote when the session ended.
#[derive(Deserialize)]
struct Ended {
    session: SessionId,
    client: ClientId,
    account: AccountId,
}

/// Delivers the outbox channel `backchannel_logout`.
pub struct BackchannelLogout {
    pub provider: Arc<Provider>,
    pub clock: Clock,
}

impl Deliver for BackchannelLogout {
    fn deliver<'a>(
        &'a self,
        id: &'a str,
        message: &'a [u8],
    ) -> BoxFuture<'a, Result<(), DeliveryFailed>> {
        Box::pin(async move {
            let retry = |why: String| DeliveryFailed::for_now(why);
            let ended: Ended = serde_json::from_slice(message)
                .map_err(|error| DeliveryFailed::for_good(error.to_string()))?;
            let now = self.clock.now();
            let prepared = self.prepare(id, &ended, now).await;
            let Some((uri, token)) = prepared.map_err(|error| retry(error.to_string()))? else {
                return Ok(());
            };
            let answer = self
                .provider
                .egress
                .post_form(&uri, &[("logout_token", &token)])
                .await
                .map_err(|error| retry(error.to_string()))?;
            match answer.status {
                // §2.8: 200, or 204 as some frameworks turn it into.
                200 | 204 => Ok(()),
                // The relying party understood and refused: no use to insist.
                400 => Err(DeliveryFailed::for_good(
                    "the relying party refused the logout token",
                )),
                status => Err(retry(format!("the relying party answered {status}"))),
            }
        })
    }
}

impl BackchannelLogout {
    /// The address and the token; none when the client wants no such message.
    async fn prepare(
        &self,
        id: &str,
        ended: &Ended,
        now: Timestamp,
    ) -> Result<Option<(String, String)>> {
        let provider = &self.provider;
        let Some(client) = provider.clients.find_any(&ended.client).await? else {
            return Ok(None);
        };
        let Some(uri) = client.backchannel_logout_uri.clone() else {
            return Ok(None);
        };
        // §2.4: no nonce, and exactly one event whose value is an empty object.
        let claims = json!({
            "iss": provider.issuer,
            "aud": client.client_id,
            "sub": subject(&provider.vault, &ended.account, &client),
            "sid": session_id(&provider.vault, &ended.session, &client),
            "iat": now.seconds(),
            "exp": now.plus(LIFE).seconds(),
            // Stable over repeats, so that the receiver knows them as one.
            "jti": id,
            "events": { LOGOUT_EVENT: {} },
        });
        let token = sign(
            provider,
            client.id_token_signed_response_alg,
            "logout+jwt",
            &claims,
            now,
        )?;
        Ok(Some((uri, token)))
    }
}
