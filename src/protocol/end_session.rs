//! RP-Initiated Logout: who asks, for which session, and where to go after.

use std::sync::Arc;

use serde_json::Value;

use super::Provider;
use super::clients::Registered;
use super::error::{ErrorCode, OAuthError, Refused};
use super::params::Params;
use super::subject::session_id;
use crate::model::client::Client;
use crate::model::id::{ClientId, SessionId};
use crate::model::redirect::ValidRedirect;
use crate::model::timestamp::Timestamp;

/// A logout request that may be followed.
pub struct LogoutRequest {
    /// The relying party, when it is known.
    client: Option<Arc<Registered>>,
    /// Where to send the browser afterwards.
    pub to: Option<ValidRedirect>,
    state: Option<String>,
    /// The hinted `sid`.
    sid: Option<String>,
}

impl LogoutRequest {
    /// Reads the parameters.
    ///
    /// # Errors
    /// For a page: a hint that is not ours, a redirect that is not registered
    /// or belongs to nobody. The browser is never sent anywhere then (§3,
    /// attack rows 6 and 55).
    pub async fn parse(
        provider: &Provider,
        params: &Params,
        now: Timestamp,
    ) -> Result<Self, Refused> {
        params.each_once()?;
        let hint = match params.get("id_token_hint") {
            None => None,
            Some(hint) => Some(read_hint(provider, hint, now)?),
        };
        let named = params.get("client_id").map(ClientId::from);
        let id = match (hint.as_ref().map(|(client, _)| client), &named) {
            (Some(hinted), Some(named)) if hinted != named => {
                return Err(ErrorCode::InvalidRequest
                    .because("client_id is not the one id_token_hint was issued to")
                    .into());
            }
            (Some(id), _) => Some(id),
            (None, named) => named.as_ref(),
        };
        let client = match id {
            None => None,
            Some(id) => Some(provider.clients.find(id).await?.ok_or_else(|| {
                ErrorCode::InvalidRequest.because("the client is unknown or switched off")
            })?),
        };
        let to = match (params.get("post_logout_redirect_uri"), &client) {
            (None, _) => None,
            (Some(_), None) => {
                return Err(ErrorCode::InvalidRequest
                    .because("post_logout_redirect_uri needs id_token_hint or client_id")
                    .into());
            }
            (Some(uri), Some(client)) => Some(
                ValidRedirect::matching(uri, &client.post_logout_redirect_uris, client.is_native())
                    .ok_or_else(|| {
                        ErrorCode::InvalidRequest
                            .because("post_logout_redirect_uri is not registered for this client")
                    })?,
            ),
        };
        Ok(Self {
            client,
            to,
            state: params.get("state").map(str::to_owned),
            sid: hint.and_then(|(_, sid)| sid),
        })
    }

    /// The relying party that asks, as it is registered.
    pub fn asker(&self) -> Option<&Client> {
        self.client.as_ref().map(|registered| &registered.client)
    }

    /// Whether the relying party has shown that it means this very session.
    /// Otherwise the person is asked first: a link on a strange page must not
    /// sign anybody out (§2, logout CSRF).
    pub fn proves(&self, provider: &Provider, session: &SessionId) -> bool {
        match (&self.client, &self.sid) {
            (Some(client), Some(sid)) => session_id(&provider.vault, session, client) == *sid,
            _ => false,
        }
    }

    /// Where the browser goes after, with `state`.
    pub fn location(&self) -> Option<String> {
        let to = self.to.as_ref()?;
        Some(match &self.state {
            Some(state) => to.with_query(&[("state", state)]),
            None => to.as_str().to_owned(),
        })
    }
}

/// The client and session an ID token of ours was issued for; its end does not
/// matter here (§4).
fn read_hint(
    provider: &Provider,
    hint: &str,
    now: Timestamp,
) -> Result<(ClientId, Option<String>), OAuthError> {
    let wrong = || ErrorCode::InvalidRequest.because("id_token_hint is not an ID token of ours");
    let token = provider
        .keys
        .current()
        .verify(hint, now)
        .map_err(|_| wrong())?;
    let text = |name| token.claims.get(name).and_then(Value::as_str);
    if token.typ != "JWT" || text("iss") != Some(&provider.issuer) {
        return Err(wrong());
    }
    // Signed answers and userinfo are for the client, too; only an ID token
    // tells when the person signed in.
    let tells_when = token.claims.get("auth_time").is_some();
    let (Some(client), true) = (text("aud"), tells_when) else {
        return Err(wrong());
    };
    Ok((ClientId::from(client), text("sid").map(str::to_owned)))
}
