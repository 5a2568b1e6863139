//! Tokens that travel through the browser (OpenID Connect Core §3.2.2.5,
//! §3.3.2.5). Their grant is their own: a code that comes along becomes another
//! one, so that neither outlives what ends the other.

use super::access_token::{AccessTokenParts, access_token};
use super::id_token::{IdTokenParts, id_token};
use super::{Bounds, may_issue};
use crate::model::response_type::ResponseType;
use crate::model::scope::GrantedScopes;
use crate::model::timestamp::Timestamp;
use crate::protocol::Provider;
use crate::protocol::authorization_details::Detail;
use crate::protocol::clients::Registered;
use crate::protocol::error::Refused;
use crate::storage::{GrantRecord, GrantStanding};

/// What the browser is to carry.
pub(in crate::protocol) struct FrontChannel<'a> {
    pub kind: ResponseType,
    pub grant: &'a GrantRecord,
    /// How the grant stood as it was stored.
    pub standing: &'a GrantStanding,
    pub code: Option<&'a str>,
    /// The servers an access token is for.
    pub audience: &'a [String],
    /// What an access token is for in detail.
    pub details: &'a [Detail],
}

/// The parameters with tokens, as `response_type` asks for them.
///
/// # Errors
/// `invalid_grant` when the person, client, consent or session no longer
/// allows it.
pub(in crate::protocol) async fn front_channel(
    provider: &Provider,
    client: &Registered,
    wanted: FrontChannel<'_>,
    now: Timestamp,
) -> Result<Vec<(&'static str, String)>, Refused> {
    let FrontChannel { kind, grant, .. } = wanted;
    let speaker = may_issue(provider, client, grant, Some(wanted.standing), now).await?;
    let scope = GrantedScopes::from_stored(&grant.scopes)
        .within(&client.scope)
        .to_string();
    let mut params = Vec::new();
    let mut token = None;
    if kind.token {
        let bounds = Bounds {
            confirmation: None,
            audience: wanted.audience,
            details: wanted.details,
        };
        let parts = AccessTokenParts {
            speaker: Some(&speaker),
            scope: &scope,
            bounds: &bounds,
            exchanged: None,
        };
        let made = access_token(provider, client, &parts, now)?;
        params.push(("access_token", made.clone()));
        params.push(("token_type", "Bearer".to_owned()));
        params.push(("expires_in", provider.lifetimes.access_token.to_string()));
        params.push(("scope", scope.clone()));
        token = Some(made);
    }
    if kind.id_token {
        let parts = IdTokenParts {
            access_token: token.as_deref(),
            code: wanted.code,
            nonce: grant.nonce.as_deref(),
            told_scopes: (!kind.leads_to_access_token()).then_some(scope.as_str()),
        };
        params.push((
            "id_token",
            id_token(provider, client, &speaker, &parts, now).await?,
        ));
    }
    Ok(params)
}
