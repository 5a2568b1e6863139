//! Tokens of an organisation for its own system, without any person: by
//! `client_credentials`, and by an API key with a signature of it. They open
//! `/rs/orgs/{oid}` (`resources/organisation.rs`) and nothing else.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Map, Value, json};

use super::client_secret;
use super::error::{Code, EsiaError, EsiaRefused};
use super::issue::TokenAnswer;
use super::json_token::Kind;
use super::request::speaks;
use super::resources::RsRefused;
use super::text::Endpoint;
use super::{Esia, timestamp};
use crate::account::Accounts;
use crate::error::Result;
use crate::model::client::GrantType;
use crate::model::esia_client::EsiaClient;
use crate::model::organisation::Organisation;
use crate::model::secret::Digest;
use crate::model::ticket;
use crate::model::timestamp::Timestamp;
use crate::protocol::clients::Registered;

const PREFIX: &str = "http://esia.gosuslugi.ru/";
/// Everything.
pub(super) const WHOLE: &str = "org_inf";
/// Scopes beside it: of single fields, and of collections that are empty here.
const SCOPES: [&str; 9] = [
    "org_fullname",
    "org_shortname",
    "org_ogrn",
    "org_inn",
    "org_type",
    "org_ctts",
    "org_addrs",
    "org_emps",
    "org_grps",
];
/// Requests by API keys from one network; a system asks once a day.
const PER_HOUR: u32 = 120;
/// Seconds that a signature may be from another time and is remembered still.
const LONGEST_AHEAD: u64 = 86_400;
/// The API key that a token was had by: without it the token is over.
pub(super) const BY_KEY: &str = "urn:propusk:api_key";

/// Name and organisation of a scope such as
/// `http://esia.gosuslugi.ru/org_inf?org_oid=1`; other parameters may stand
/// beside it and mean nothing here.
pub(super) fn scope_of(text: &str) -> Option<(&str, i64)> {
    let (name, query) = text.strip_prefix(PREFIX)?.split_once('?')?;
    let oid = query
        .split('&')
        .find_map(|pair| pair.strip_prefix("org_oid="))?;
    let is_known = name == WHOLE || SCOPES.contains(&name);
    is_known.then_some((name, oid.parse().ok()?))
}

/// Whether a scope is about an organisation at all.
pub(super) fn is_asked(scope: &str) -> bool {
    scope.contains("org_oid=")
}

pub(super) fn organisation_of(client: &Registered) -> Option<&Organisation> {
    client.esia.as_ref()?.organisation.as_ref()
}

impl Esia {
    /// A token for the organisation that the relying party belongs to.
    ///
    /// # Errors
    /// 007006, 007194.
    pub(super) fn organisation_token(
        &self,
        client: &Registered,
        settings: &EsiaClient,
        asked: &str,
        state: String,
        now: Timestamp,
    ) -> Result<TokenAnswer, EsiaRefused> {
        let not_employed = || -> EsiaError {
            Code::NotEmployed.because("the system does not belong to this organisation")
        };
        let organisation = organisation_of(client).ok_or_else(not_employed)?;
        let mut names = Vec::new();
        for scope in asked.split(' ') {
            let (name, oid) = scope_of(scope).ok_or_else(|| {
                Code::UnknownScope
                    .because("the scope is http://esia.gosuslugi.ru/org_inf?org_oid=…")
            })?;
            if oid != organisation.oid {
                return Err(not_employed().into());
            }
            if !names.contains(&name) {
                names.push(name);
            }
        }
        let (life, _) = self.settings.lives(settings);
        let access_token = self.sign_for(client, settings, (organisation, &names), None, life, now);
        Ok(TokenAnswer::without_person(access_token?, state, life))
    }

    /// A token for the organisation whose API key this is, to its system, which
    /// has signed the key.
    ///
    /// # Errors
    /// [`RsRefused::WrongSignature`], whatever is wrong;
    /// [`RsRefused::TooMany`].
    pub async fn token_by_key(
        &self,
        accounts: &Accounts,
        address: IpAddr,
        key: &str,
        signature: Option<&str>,
        now: Timestamp,
    ) -> Result<Value, RsRefused> {
        // Nothing but the key says whose it is: all registrations are looked at.
        let allowed = accounts.allow_from_network("esia-api-keys", PER_HOUR, address, now);
        if let Some(wait) = allowed.await? {
            return Err(RsRefused::TooMany(wait));
        }
        let refused = || RsRefused::WrongSignature;
        let signature = signature.ok_or_else(refused)?;
        let client = self.client_of_key(key).await?.ok_or_else(refused)?;
        let settings = client.esia.as_ref().ok_or_else(refused)?;
        let organisation = organisation_of(&client).ok_or_else(refused)?;
        speaks(settings, Endpoint::TeV1).map_err(|_| refused())?;
        if !client.may_use(GrantType::ClientCredentials) {
            return Err(refused());
        }
        let told = |reason: &str| {
            tracing::info!(client = %client.client_id, reason, "a signed API key was refused");
            RsRefused::WrongSignature
        };
        let signed_at = client_secret::key_signed_at(&client, settings, key, signature, now);
        let signed_at = signed_at.map_err(|why| told(&why))?;
        timestamp::check(signed_at, now, LONGEST_AHEAD)
            .map_err(|_| told("the time of the signature is too far from ours"))?;
        // Whoever finds the address later has a signature that was used, though
        // it was too early and refused.
        let mark = Digest::of(format!("ext-app\n{key}\n{}", signed_at.seconds()).as_bytes());
        let until = now.max(signed_at);
        let until = until.plus(Duration::from_secs(self.settings.clock_skew * 2));
        let storage = &self.provider.storage;
        if !storage
            .put_ticket_once(ticket::ESIA_REQUEST, mark, now, until)
            .await?
        {
            return Err(told("it was used before"));
        }
        timestamp::check(signed_at, now, self.settings.clock_skew)
            .map_err(|_| told("the time of the signature differs too much from ours"))?;
        let life = self.settings.life_by_key(settings);
        let whole = (organisation, &[WHOLE][..]);
        let token = self.sign_for(&client, settings, whole, Some(key), life, now)?;
        Ok(json!({ "accessTkn": token }))
    }

    /// The one relying party with this API key.
    async fn client_of_key(&self, key: &str) -> Result<Option<Arc<Registered>>> {
        if uuid::Uuid::parse_str(key).is_err() {
            return Ok(None);
        }
        let mut found = Vec::new();
        for record in self.provider.storage.clients().await? {
            if !record.metadata.contains(key) {
                continue;
            }
            let client = self.client(record.id.as_str()).await?;
            found.extend(client.filter(|client| {
                organisation_of(client).is_some_and(|one| one.api_keys.iter().any(|of| of == key))
            }));
        }
        let only = found.pop();
        if let (Some(one), Some(other)) = (&only, found.first()) {
            tracing::warn!(
                one = %one.client_id, other = %other.client_id,
                "two systems have one API key: it is nobody's"
            );
        }
        Ok(only.filter(|_| found.is_empty()))
    }

    fn sign_for(
        &self,
        client: &Registered,
        settings: &EsiaClient,
        (organisation, scopes): (&Organisation, &[&str]),
        key: Option<&str>,
        life: u64,
        now: Timestamp,
    ) -> Result<String> {
        let scope = |name: &&str| format!("{PREFIX}{name}?org_oid={}", organisation.oid);
        let scope = scopes.iter().map(scope).collect::<Vec<_>>().join(" ");
        let mut claims = Map::new();
        let mut put = |name: &str, value: Value| claims.insert(name.to_owned(), value);
        put("iss", json!(self.issuer));
        put("client_id", json!(client.client_id));
        put("scope", json!(scope));
        put("iat", json!(now.seconds()));
        put("exp", json!(now.plus(Duration::from_secs(life)).seconds()));
        put("jti", json!(self.provider.entropy.opaque_id()));
        if let Some(key) = key {
            put(BY_KEY, json!(key));
        }
        self.sign(Kind::Access, settings.token_alg, &claims, now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_of_organisations_are_read_with_their_parameters_in_any_order() {
        let whole = Some(("org_inf", 7));
        assert_eq!(
            scope_of("http://esia.gosuslugi.ru/org_inf?org_oid=7"),
            whole
        );
        for more in ["mode=w&org_oid=7", "org_oid=7&mode=w"] {
            assert_eq!(
                scope_of(&format!("http://esia.gosuslugi.ru/org_inf?{more}")),
                whole
            );
        }
        for other in [
            "org_inf?org_oid=7",
            "http://esia.gosuslugi.ru/usr_inf?org_oid=7",
            "http://esia.gosuslugi.ru/org_inf?oid=7",
            "http://esia.gosuslugi.ru/org_inf?org_oid=seven",
            "http://esia.gosuslugi.ru/org_inf",
        ] {
            assert_eq!(scope_of(other), None, "{other}");
        }
    }
}
