//! The token endpoints of the dialect. They redeem the same grants as that of
//! OpenID Connect and ask the same question before tokens are made.

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use super::client_secret::{self, SignedRequest, not_authorized};
use super::error::{Code, EsiaError, EsiaRefused};
use super::issue::{Redeemed, TokenAnswer};
use super::json_token::Kind;
use super::params::{require, state, unknown_scope};
use super::request::speaks;
use super::text::Endpoint;
use super::{Esia, organisation, permissions};
use crate::model::client::GrantType;
use crate::model::esia_client::EsiaClient;
use crate::model::scope::{GrantedScopes, OPENID, Scope};
use crate::model::secret::Secret;
use crate::model::ticket;
use crate::model::timestamp::Timestamp;
use crate::protocol::authorization::code::{CodePayload, code_key};
use crate::protocol::clients::Registered;
use crate::protocol::error::{ErrorCode, OAuthError, Refused};
use crate::protocol::grant::{Subject, TokenRequest, person};
use crate::protocol::params::Params;
use crate::protocol::pkce;
use crate::storage::Rotation;

impl Esia {
    /// Answers a token request.
    ///
    /// # Errors
    /// Those of ESIA.
    pub async fn token(
        &self,
        endpoint: Endpoint,
        params: &Params,
        now: Timestamp,
    ) -> Result<TokenAnswer, EsiaRefused> {
        let client = self.client(require(params, "client_id")?).await?;
        let client = client.ok_or_else(not_authorized)?;
        let settings = client.esia.as_ref().ok_or_else(not_authorized)?;
        speaks(settings, endpoint)?;
        let (grant_type, name) = match require(params, "grant_type")? {
            "authorization_code" => (GrantType::AuthorizationCode, "code"),
            "refresh_token" => (GrantType::RefreshToken, "refresh_token"),
            "client_credentials" => (GrantType::ClientCredentials, "scope"),
            _ => return Err(Code::GrantType.because("grant_type is unknown").into()),
        };
        let shown = require(params, name)?;
        let state = state(params)?.to_owned();
        if params.get("scope").is_none() {
            return Err(Code::NoScope.because("no scope was asked for").into());
        }
        let request = SignedRequest {
            client: &client,
            settings,
            endpoint,
            params,
        };
        let signed = client_secret::check(self, &request, now)?;
        if !client.may_use(grant_type) {
            return Err(not_authorized().into());
        }
        if grant_type != GrantType::ClientCredentials {
            known_scopes(params)?;
        }
        self.seen_never(&request, &signed, shown, now).await?;
        if grant_type == GrantType::ClientCredentials && organisation::is_asked(shown) {
            // At the second generation an order of the parameters is signed that
            // a browser is given, too.
            if !endpoint.is_v1() {
                return Err(not_authorized().into());
            }
            return self.organisation_token(&client, settings, shown, state, now);
        }
        let redeemed = match grant_type {
            GrantType::AuthorizationCode => {
                self.redeem_code(&client, settings, params, shown, now)
                    .await?
            }
            GrantType::RefreshToken => self.refresh(&client, settings, shown, now).await?,
            _ => self.renew(&client, shown, now).await?,
        };
        self.issue(&client, settings, redeemed, state, now).await
    }

    async fn redeem_code(
        &self,
        client: &Registered,
        settings: &EsiaClient,
        params: &Params,
        shown: &str,
        now: Timestamp,
    ) -> Result<Redeemed, EsiaRefused> {
        let claims = self.read(Kind::Code, shown, now)?.ok_or_else(unusable)?;
        let code = claims
            .get("jti")
            .and_then(Value::as_str)
            .ok_or_else(unusable)?;
        let digest = code_key(&Secret::new(code));
        let provider = &self.provider;
        let payload = provider.find_code(&digest, now).await?;
        let payload = payload.ok_or_else(unusable)?;
        check_code(client, params, &payload)?;
        let (_, refresh_token_life) = self.settings.lives(settings);
        let request = TokenRequest {
            client,
            params,
            confirmation: None,
            refresh_token_life,
            now,
        };
        let ticket = (ticket::AUTHORIZATION_CODE, digest);
        let entitlement = person::begin(
            provider,
            &request,
            ticket,
            &payload.authorized,
            None,
            person_unusable,
        )
        .await
        .map_err(refused)?;
        let Subject::Person(grant) = entitlement.subject else {
            return Err(unusable().into());
        };
        let refresh_token = match (grant.refresh_number, grant.refresh_expires_at) {
            (Some(number), Some(until)) => {
                Some(self.mint_refresh(&grant, number, until, now).await?)
            }
            _ => None,
        };
        Ok(Redeemed {
            grant,
            standing: entitlement.standing,
            scopes: entitlement.scopes,
            refresh_token,
        })
    }

    /// Each use gives the next token and ends the last one; an older one ends
    /// them all.
    async fn refresh(
        &self,
        client: &Registered,
        settings: &EsiaClient,
        shown: &str,
        now: Timestamp,
    ) -> Result<Redeemed, EsiaRefused> {
        let found = self.find_refresh(shown, now).await?;
        let found = found.filter(|found| found.grant.client_id == client.client_id);
        let found = found.ok_or_else(unusable)?;
        let provider = &self.provider;
        let (standings, storage) = (&provider.standings, &provider.storage);
        if !standings.is_good(storage, &found.grant.id, now).await? {
            return Err(unusable().into());
        }
        let (_, life) = self.settings.lives(settings);
        let until = now.plus(Duration::from_secs(life));
        let next = found.number + 1;
        let successor = self.mint_refresh(&found.grant, next, until, now).await?;
        let grant = found.grant.id.clone();
        let rotation = storage
            .rotate_refresh_token(grant, found.number, until, 0, now)
            .await?;
        match rotation {
            Rotation::Rotated => Ok(Redeemed {
                scopes: GrantedScopes::from_stored(&found.grant.scopes),
                grant: found.grant,
                standing: None,
                refresh_token: Some(successor),
            }),
            Rotation::Replayed => {
                tracing::warn!(
                    client = %client.client_id,
                    "an old refresh token was used: its family is revoked"
                );
                Err(unusable().into())
            }
            Rotation::WithinGrace | Rotation::Unknown => Err(unusable().into()),
        }
    }

    /// Tokens without the person, while a consent of theirs of the digital
    /// profile lives: `scope=prm_chg?oid=…`.
    async fn renew(
        &self,
        client: &Registered,
        scope: &str,
        now: Timestamp,
    ) -> Result<Redeemed, EsiaRefused> {
        let no_grants = || Code::NoGrants.because("OAuthErrorEnum.noGrants");
        let oid = scope.strip_prefix("prm_chg?oid=");
        let oid: i64 = oid
            .and_then(|oid| oid.parse().ok())
            .ok_or_else(|| Code::UnknownScope.because("the scope is prm_chg?oid=…"))?;
        let storage = &self.provider.storage;
        let grants = storage
            .permitted_grants(client.client_id.clone(), oid)
            .await?;
        for grant in grants {
            let standings = &self.provider.standings;
            if permissions::of_grant(self, client, &grant, now)?.is_empty()
                || !standings.is_good(storage, &grant.id, now).await?
            {
                continue;
            }
            // The data of the permission follow; whatever else the person allowed
            // was for while they were there.
            let scopes = GrantedScopes::from_stored(&grant.scopes);
            return Ok(Redeemed {
                scopes: scopes.only(|name| name == OPENID),
                grant: Arc::new(grant),
                standing: None,
                refresh_token: None,
            });
        }
        Err(no_grants().into())
    }
}

/// The scope of a token request changes nothing, but is signed: it is not a
/// place for anything else.
fn known_scopes(params: &Params) -> Result<(), EsiaError> {
    let asked = params.get("scope").unwrap_or_default();
    let mut names = asked.split_whitespace();
    match names.find(|name| Scope::of_esia(name).is_none()) {
        None => Ok(()),
        Some(unknown) => Err(unknown_scope(unknown)),
    }
}

fn check_code(
    client: &Registered,
    params: &Params,
    payload: &CodePayload,
) -> Result<(), EsiaError> {
    if payload.authorized.client != client.client_id {
        return Err(unusable());
    }
    if payload.redirect_uri.as_deref() != params.get("redirect_uri") {
        return Err(Code::InvalidGrant
            .because("redirect_uri differs from the one of the authorization request"));
    }
    let verifier = params.get("code_verifier");
    if verifier.is_some() && payload.challenge.is_none() {
        return Err(Code::NoChallenge
            .because("code_verifier was sent but the request had no code_challenge"));
    }
    pkce::check(payload.challenge.as_ref(), verifier).map_err(|_| {
        Code::WrongVerifier.because("code_verifier does not fit the code_challenge, or is missing")
    })
}

pub(super) fn unusable() -> EsiaError {
    Code::InvalidGrant
        .because("the code or token is unknown, expired, revoked, used, or another client's")
}

fn person_unusable() -> OAuthError {
    ErrorCode::InvalidGrant.because("unusable")
}

pub(super) fn refused(refused: Refused) -> EsiaRefused {
    match refused {
        Refused::OAuth(_) => EsiaRefused::Error(unusable()),
        Refused::Internal(error) => EsiaRefused::Internal(error),
    }
}
