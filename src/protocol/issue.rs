//! The only place where tokens are made. Whatever grant was redeemed, the
//! person, the client, the consent and the session are asked here, once more
//! and at the last moment, whether they allow it.

mod access_token;
mod front_channel;
mod id_token;

use serde::Serialize;
use serde_json::{Value, json};

use super::Provider;
use super::authorization_details::Detail;
use super::clients::Registered;
use super::confirmation::Confirmation;
use super::error::{ErrorCode, Refused};
use super::grant::token_exchange::ACCESS_TOKEN;
use super::grant::{Entitlement, Subject};
use super::standing;
use super::subject::subject;
use crate::error::{Internal, Result};
use crate::model::acr::Assurance;
use crate::model::algorithm::Algorithm;
use crate::model::authentication::AuthenticationContext;
use crate::model::scope::OPENID;
use crate::model::secret::Secret;
use crate::model::timestamp::Timestamp;
use crate::protocol::authorization::requested_claims::RequestedClaims;
use crate::storage::{GrantRecord, GrantStanding};
use access_token::{AccessTokenParts, access_token};
pub(super) use front_channel::{FrontChannel, front_channel};
use id_token::{IdTokenParts, id_token};

/// A successful token response (RFC 6749 §5.1, OpenID Connect Core §3.1.3.3).
#[derive(Serialize)]
pub struct TokenResponse {
    access_token: String,
    token_type: &'static str,
    /// Seconds.
    expires_in: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id_token: Option<String>,
    scope: String,
    /// What was granted in detail (RFC 9396 §7).
    #[serde(skip_serializing_if = "<[Detail]>::is_empty")]
    authorization_details: Vec<Detail>,
    /// Of an exchanged token (RFC 8693 §2.2.1).
    #[serde(skip_serializing_if = "Option::is_none")]
    issued_token_type: Option<&'static str>,
}

/// What narrows an access token.
pub(super) struct Bounds<'a> {
    /// The key it is bound to.
    pub confirmation: Option<&'a Confirmation>,
    /// The servers it is for.
    pub audience: &'a [String],
    /// What it is for in detail.
    pub details: &'a [Detail],
}

/// A person behind a grant, as tokens speak of them.
pub struct Speaker<'a> {
    grant: &'a GrantRecord,
    subject: String,
    pub authentication: AuthenticationContext,
    /// What the client asked to know of them and how they signed in.
    requested: RequestedClaims,
    pub assurance: Assurance,
}

/// Turns an entitlement into tokens.
///
/// # Errors
/// `invalid_grant` when the person, client, consent or session no longer
/// allows it.
pub(super) async fn issue(
    provider: &Provider,
    client: &Registered,
    entitlement: Entitlement,
    bounds: &Bounds<'_>,
    now: Timestamp,
) -> Result<TokenResponse, Refused> {
    let speaker = match &entitlement.subject {
        Subject::Client => None,
        Subject::Person(grant) => {
            let standing = entitlement.standing.as_ref();
            Some(may_issue(provider, client, grant, standing, now).await?)
        }
    };
    // The client's registration may have lost scopes since they were granted.
    let scopes = entitlement.scopes.within(&client.scope);
    let scope = scopes.to_string();
    let parts = AccessTokenParts {
        speaker: speaker.as_ref(),
        scope: &scope,
        bounds,
        exchanged: entitlement.exchanged.as_ref(),
    };
    let access_token = access_token(provider, client, &parts, now)?;
    let id_token = match &speaker {
        Some(speaker) if scopes.contains(OPENID) => Some(
            id_token(
                provider,
                client,
                speaker,
                &IdTokenParts {
                    access_token: Some(&access_token),
                    nonce: entitlement.nonce.as_deref(),
                    ..IdTokenParts::default()
                },
                now,
            )
            .await?,
        ),
        _ => None,
    };
    Ok(TokenResponse {
        access_token,
        token_type: Confirmation::token_type(bounds.confirmation),
        expires_in: parts.ends_at(provider, now).since(now).as_secs(),
        issued_token_type: entitlement.exchanged.as_ref().map(|_| ACCESS_TOKEN),
        refresh_token: entitlement
            .refresh_token
            .as_ref()
            .map(Secret::expose)
            .map(str::to_owned),
        id_token,
        scope,
        authorization_details: bounds.details.to_vec(),
    })
}

/// The person behind a grant, if they, the client, the consent and the session
/// allow tokens now.
///
/// # Errors
/// `invalid_grant` when one does not.
pub async fn may_issue<'a>(
    provider: &Provider,
    client: &Registered,
    grant: &'a GrantRecord,
    standing: Option<&GrantStanding>,
    now: Timestamp,
) -> Result<Speaker<'a>, Refused> {
    let gone =
        || ErrorCode::InvalidGrant.because("the person or their consent no longer allows this");
    let allowed = match standing {
        Some(standing) => standing::allows(standing, now),
        None => {
            provider
                .standings
                .is_good(&provider.storage, &grant.id, now)
                .await?
        }
    };
    if !allowed {
        return Err(gone().into());
    }
    let person = provider.person(&grant.account_id).await?.ok_or_else(gone)?;
    let authentication: AuthenticationContext = serde_json::from_str(&grant.authentication)?;
    let assurance = Assurance {
        level: person.level(now),
        strength: authentication.strength(),
    };
    // A level that fell below what the client demands ends its tokens too.
    if !assurance.meets(client.demands()) {
        return Err(gone().into());
    }
    Ok(Speaker {
        grant,
        subject: subject(&provider.vault, &grant.account_id, client),
        requested: serde_json::from_str(&grant.claims)?,
        authentication,
        assurance,
    })
}

impl Speaker<'_> {
    /// How sure the person is known, and how they signed in.
    fn say_how(&self, put: &mut impl FnMut(&str, Value) -> Option<Value>) {
        let [ial, aal] = self.assurance.names();
        let acr = self.assurance.answer(&self.requested.acr);
        put(
            "auth_time",
            json!(self.authentication.authenticated_at().seconds()),
        );
        put("acr", json!(acr.as_str()));
        put("ial", json!(ial));
        put("aal", json!(aal));
        put("amr", json!(self.authentication.references()));
    }
}

/// Whether the person and the sign-in behind a grant are still what the client
/// demands.
///
/// # Errors
/// When the database is away.
pub async fn still_meets(
    provider: &Provider,
    client: &Registered,
    grant: &GrantRecord,
    now: Timestamp,
) -> Result<bool> {
    let demanded = client.demands();
    if demanded == Assurance::default() {
        return Ok(true);
    }
    let authentication: AuthenticationContext = serde_json::from_str(&grant.authentication)?;
    let strength = authentication.strength();
    let person = provider.person(&grant.account_id).await?;
    Ok(person.is_some_and(|person| {
        let level = person.level(now);
        Assurance { level, strength }.meets(demanded)
    }))
}

/// Signs claims of ours with the key in use for `alg`.
pub(super) fn sign(
    provider: &Provider,
    alg: Algorithm,
    typ: &str,
    claims: &impl Serialize,
    now: Timestamp,
) -> Result<String> {
    provider
        .keys
        .current()
        .signer(alg, now)
        .ok_or_else(|| Internal::new(format!("no signing key for {}", alg.as_str())))?
        .sign(typ, claims)
}
