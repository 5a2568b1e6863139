//! What we serve to whoever shows an access token of ours (RFC 6750, RFC 9449
//! §7, RFC 8705 §3): userinfo and the streams of signals ask here, so that a
//! token is good for both or for neither.

use std::sync::Arc;

use super::Provider;
use super::access_token::AccessToken;
use super::client_certificate::ClientCertificate;
use super::clients::Registered;
use super::confirmation::Confirmation;
use super::dpop;
use super::error::{ErrorCode, Refused};
use crate::model::timestamp::Timestamp;

/// Under which scheme a token is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    Bearer,
    Dpop,
}

impl Scheme {
    /// The scheme of this name, in whatever case (RFC 9110 §11.1).
    pub fn parse(name: &str) -> Option<Self> {
        match name.to_ascii_lowercase().as_str() {
            "bearer" => Some(Self::Bearer),
            "dpop" => Some(Self::Dpop),
            _ => None,
        }
    }
}

/// What a request shows of its right.
pub struct Shown<'a> {
    pub token: &'a str,
    pub scheme: Scheme,
    pub dpop: dpop::Shown<'a>,
    pub certificate: Option<&'a ClientCertificate>,
}

/// A token that is good here.
pub struct Accepted {
    pub token: Arc<AccessToken>,
    pub client: Arc<Registered>,
}

/// Looks at what a request shows.
///
/// # Errors
/// `invalid_token` when the token is not alive, not for this server, or not in
/// the hands it is bound to.
pub async fn accept(
    provider: &Provider,
    shown: &Shown<'_>,
    now: Timestamp,
) -> Result<Accepted, Refused> {
    let invalid =
        || ErrorCode::InvalidToken.because("the access token is expired, revoked or not ours");
    let token = provider
        .check_access_token(shown.token, now)
        .await?
        .ok_or_else(invalid)?;
    if !token.is_for(&provider.issuer) {
        return Err(ErrorCode::InvalidToken
            .because("the access token is for another server (aud)")
            .into());
    }
    let client = provider
        .clients
        .find(&token.client)
        .await?
        .ok_or_else(invalid)?;
    holds(provider, &client, &token, shown, now).await?;
    Ok(Accepted { token, client })
}

/// Whether who shows the token holds the key it is bound to (RFC 9449 §7, RFC
/// 8705 §3).
async fn holds(
    provider: &Provider,
    client: &Registered,
    token: &AccessToken,
    shown: &Shown<'_>,
    now: Timestamp,
) -> Result<(), Refused> {
    match (token.confirmation(), shown.scheme) {
        // Also one from before its client had to bind them.
        (None, Scheme::Bearer) if !client.must_bind_tokens() => Ok(()),
        (Some(Confirmation::Key(jkt)), Scheme::Dpop) => {
            let proof = dpop::proof(provider, client, &shown.dpop, Some(shown.token), now).await?;
            match proof.is_some_and(|proof| proof.jkt == jkt) {
                true => Ok(()),
                false => Err(ErrorCode::InvalidToken
                    .because("the access token is bound to another key than the proof")
                    .into()),
            }
        }
        (Some(Confirmation::Certificate(bound)), Scheme::Bearer) => {
            let shown = shown.certificate.map(ClientCertificate::thumbprint);
            match shown.is_some_and(|shown| shown == bound) {
                true => Ok(()),
                false => Err(ErrorCode::InvalidToken
                    .because("the access token is bound to another certificate")
                    .into()),
            }
        }
        _ => Err(ErrorCode::InvalidToken
            .because("the access token was sent under the wrong scheme, or without its proof")
            .into()),
    }
}
