//! The token endpoints of the dialect. They redeem the same grants as that of
//! OpenID Connect and ask the same question before tokens are made.

use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::answer::{method, with_oid};
use super::client_secret::{self, not_authorized};
use super::error::{Code, EsiaError, EsiaRefused};
use super::json_token::Kind;
use super::params::require;
use super::request::{replayed, request_mark, speaks};
use super::text::Endpoint;
use super::{Esia, permissions};
use crate::model::client::GrantType;
use crate::model::esia_client::EsiaClient;
use crate::model::level::Level;
use crate::model::scope::{GrantedScopes, OPENID};
use crate::model::secret::Secret;
use crate::model::ticket;
use crate::model::timestamp::Timestamp;
use crate::protocol::authorization::code::{CodePayload, code_key};
use crate::protocol::authorization_details::{self, Detail};
use crate::protocol::clients::Registered;
use crate::protocol::error::{ErrorCode, OAuthError, Refused};
use crate::protocol::grant::{Subject, TokenRequest, person};
use crate::protocol::issue::{Speaker, may_issue};
use crate::protocol::params::Params;
use crate::protocol::pkce;
use crate::storage::{GrantRecord, GrantStanding, Rotation};

/// The number of a grant's first refresh token.
const FIRST: i64 = 1;
/// Seconds an ID token lives.
const ID_TOKEN_LIFE: i64 = 10_800;

/// A successful answer.
#[derive(Serialize)]
pub struct TokenAnswer {
    access_token: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id_token: Option<String>,
    /// That of this request, whatever it was at the authorization endpoint.
    state: String,
    token_type: &'static str,
    /// Seconds.
    expires_in: u64,
}

/// What a redeemed grant gives.
struct Redeemed {
    grant: Arc<GrantRecord>,
    /// How it stood as it was redeemed, where redeeming told.
    standing: Option<GrantStanding>,
    scopes: GrantedScopes,
    refresh_token: Option<Secret>,
}

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
        let state = require(params, "state")?.to_owned();
        if params.get("scope").is_none() {
            return Err(Code::NoScope.because("no scope was asked for").into());
        }
        client_secret::check(self, &client, endpoint, params, now)?;
        if !client.may_use(grant_type) {
            return Err(not_authorized().into());
        }
        self.first_time(endpoint, params, now).await?;
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

    /// A signature is good once at this endpoint.
    async fn first_time(
        &self,
        endpoint: Endpoint,
        params: &Params,
        now: Timestamp,
    ) -> Result<(), EsiaRefused> {
        // The first generation signs neither code nor refresh token: each
        // request has a state of its own.
        let mark = request_mark(endpoint, params);
        let until = now.plus(Duration::from_secs(self.settings.clock_skew * 2));
        let storage = &self.provider.storage;
        match storage
            .put_ticket_once(ticket::ESIA_REQUEST, mark, now, until)
            .await?
        {
            true => Ok(()),
            false => Err(replayed(endpoint).into()),
        }
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
        let refresh_token = match grant.refresh_expires_at {
            Some(until) => Some(self.mint_refresh(&grant, FIRST, until, now).await?),
            None => None,
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
        if scope.contains("org_oid=") {
            return Err(Code::NotEmployed
                .because("there are no organisations here")
                .into());
        }
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
            if self.permissions(client, &grant, now)?.is_empty()
                || !standings.is_good(storage, &grant.id, now).await?
            {
                continue;
            }
            return Ok(Redeemed {
                scopes: GrantedScopes::from_stored(&grant.scopes),
                grant: Arc::new(grant),
                standing: None,
                refresh_token: None,
            });
        }
        Err(no_grants().into())
    }

    /// The permissions of a grant that live.
    fn permissions(
        &self,
        client: &Registered,
        grant: &GrantRecord,
        now: Timestamp,
    ) -> Result<Vec<Detail>, EsiaRefused> {
        let provider = &self.provider;
        let sealed = grant.authorization_details.as_deref();
        let details = authorization_details::open(&provider.vault, &grant.id, sealed)?;
        let details = authorization_details::current(provider, client, details);
        Ok(permissions::living(self, details, now))
    }

    async fn issue(
        &self,
        client: &Registered,
        settings: &EsiaClient,
        redeemed: Redeemed,
        state: String,
        now: Timestamp,
    ) -> Result<TokenAnswer, EsiaRefused> {
        let grant = &redeemed.grant;
        let standing = redeemed.standing.as_ref();
        let speaker = may_issue(&self.provider, client, grant, standing, now).await;
        let speaker = speaker.map_err(refused)?;
        let oid = self.oid(&grant.account_id).await?;
        let permissions = self.permissions(client, grant, now)?;
        let had_permissions = grant.authorization_details.is_some();
        let mut scopes = redeemed.scopes.within(&client.scope);
        if had_permissions {
            // What was allowed for a time is not told after it.
            let base = permissions::scopes_of(&permissions);
            scopes = scopes.only(|name| name == OPENID || base.iter().any(|of| of == name));
        }
        let (mut life, _) = self.settings.lives(settings);
        if let Some(end) = permissions::last_end(&permissions) {
            life = life.min(end.since(now).as_secs());
        }
        let algorithm = settings.token_alg;
        let scope = scopes.to_string();
        let mut claims = Map::new();
        let mut put = |name: &str, value: Value| claims.insert(name.to_owned(), value);
        put("iss", json!(self.issuer));
        put("client_id", json!(client.client_id));
        put("scope", json!(with_oid(&scope, oid)));
        put("iat", json!(now.seconds()));
        put("nbf", json!(now.seconds()));
        put("exp", json!(now.plus(Duration::from_secs(life)).seconds()));
        put("urn:esia:sid", json!(self.sid(&grant.session_id, client)));
        put("urn:esia:sbj_id", json!(oid));
        put(
            "jti",
            json!(format!(
                "{}.{}",
                grant.id,
                self.provider.entropy.opaque_id()
            )),
        );
        if !permissions.is_empty() {
            let told: Vec<Value> = permissions.iter().map(permissions::told).collect();
            put("permissions", json!(told));
            let url =
                format!("/esia-rs/api/public/v1/prns/{oid}/issued/permissions/digital/scopes");
            put("permissions_url", json!(self.provider.url(&url)));
        }
        let access_token = self.sign(Kind::Access, algorithm, &claims, now)?;
        let id_token = match scopes.contains(OPENID) {
            true => {
                let claims = self.id_claims(client, &speaker, grant, oid, now);
                Some(self.sign(Kind::Id, algorithm, &claims, now)?)
            }
            false => None,
        };
        Ok(TokenAnswer {
            access_token,
            refresh_token: redeemed
                .refresh_token
                .map(|token| token.expose().to_owned()),
            id_token,
            state,
            token_type: "Bearer",
            expires_in: life,
        })
    }

    fn id_claims(
        &self,
        client: &Registered,
        speaker: &Speaker<'_>,
        grant: &GrantRecord,
        oid: i64,
        now: Timestamp,
    ) -> Map<String, Value> {
        let is_verified = speaker.assurance.level == Level::Verified;
        let mut subject = json!({
            "urn:esia:sbj:typ": "P",
            "urn:esia:sbj:oid": oid,
            "urn:esia:sbj:nam": format!("OID.{oid}"),
            "urn:esia:sbj:lvl": if is_verified { "PR" } else { "P" },
        });
        if is_verified {
            subject["urn:esia:sbj:is_tru"] = json!(true);
        }
        let amr = method(&speaker.authentication.methods());
        let mut claims = Map::new();
        for (name, value) in [
            ("iss", json!(self.issuer)),
            ("aud", json!(client.client_id)),
            ("sub", json!(oid)),
            ("iat", json!(now.seconds())),
            ("nbf", json!(now.seconds())),
            ("exp", json!(now.seconds() + ID_TOKEN_LIFE)),
            (
                "auth_time",
                json!(speaker.authentication.authenticated_at().seconds()),
            ),
            ("amr", json!(amr)),
            ("urn:esia:amd", json!(amr)),
            ("urn:esia:sid", json!(self.sid(&grant.session_id, client))),
            ("urn:esia:sbj", subject),
        ] {
            claims.insert(name.to_owned(), value);
        }
        claims
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

fn unusable() -> EsiaError {
    Code::InvalidGrant
        .because("the code or token is unknown, expired, revoked, used, or another client's")
}

fn person_unusable() -> OAuthError {
    ErrorCode::InvalidGrant.because("unusable")
}

fn refused(refused: Refused) -> EsiaRefused {
    match refused {
        Refused::OAuth(_) => EsiaRefused::Error(unusable()),
        Refused::Internal(error) => EsiaRefused::Internal(error),
    }
}
