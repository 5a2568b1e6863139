//! The tokens of this dialect, made where
//! [`may_issue`](crate::protocol::issue::may_issue) says that they may be.

use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::answer::{method, with_oid};
use super::error::EsiaRefused;
use super::json_token::Kind;
use super::token::refused;
use super::{Esia, permissions};
use crate::model::esia_client::EsiaClient;
use crate::model::level::Level;
use crate::model::scope::{GrantedScopes, OPENID};
use crate::model::secret::Secret;
use crate::model::timestamp::Timestamp;
use crate::protocol::clients::Registered;
use crate::protocol::issue::{Speaker, may_issue};
use crate::storage::{GrantRecord, GrantStanding};

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

impl TokenAnswer {
    /// Of a token that is no person's.
    pub(super) const fn without_person(access_token: String, state: String, life: u64) -> Self {
        Self {
            access_token,
            refresh_token: None,
            id_token: None,
            state,
            token_type: "Bearer",
            expires_in: life,
        }
    }
}

/// What a redeemed grant gives.
pub(super) struct Redeemed {
    pub grant: Arc<GrantRecord>,
    /// How it stood as it was redeemed, where redeeming told.
    pub standing: Option<GrantStanding>,
    pub scopes: GrantedScopes,
    pub refresh_token: Option<Secret>,
}

impl Esia {
    /// Turns what was redeemed into tokens.
    ///
    /// # Errors
    /// 007011 when the person, the client, the consent or the session no longer
    /// allows it.
    pub(super) async fn issue(
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
        let permissions = permissions::of_grant(self, client, grant, now)?;
        let granted = redeemed.scopes.to_string();
        let scopes = permissions::scopes_with(&granted, &permissions, client);
        let (mut life, _) = self.settings.lives(settings);
        if let Some(end) = permissions::first_end(&permissions) {
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
            let told: Vec<Value> = permissions
                .iter()
                .map(|permission| permissions::told(permission, client))
                .collect();
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
