//! JWT access tokens (RFC 9068).

use serde_json::{Map, Value, json};

use super::{Speaker, sign};
use crate::error::Result;
use crate::model::timestamp::Timestamp;
use crate::protocol::Provider;
use crate::protocol::clients::Registered;
use crate::protocol::confirmation::Confirmation;

/// What a token is made of, beside its client.
pub(super) struct AccessTokenParts<'a> {
    /// The person; none for a client's own token.
    pub speaker: Option<&'a Speaker<'a>>,
    pub scope: &'a str,
    pub confirmation: Option<&'a Confirmation>,
}

/// An access token. Its `jti` begins with the grant's id, by which the grant's
/// standing is found.
pub(super) fn access_token(
    provider: &Provider,
    client: &Registered,
    parts: &AccessTokenParts<'_>,
    now: Timestamp,
) -> Result<String> {
    let unique = provider.entropy.opaque_id();
    let mut claims = Map::new();
    let mut put = |name: &str, value: Value| claims.insert(name.to_owned(), value);
    put("iss", json!(provider.issuer));
    put("aud", json!(provider.issuer));
    put("client_id", json!(client.client_id));
    put("iat", json!(now.seconds()));
    put(
        "exp",
        json!(Provider::after(now, provider.lifetimes.access_token).seconds()),
    );
    put("scope", json!(parts.scope));
    if let Some(confirmation) = parts.confirmation {
        put("cnf", json!(confirmation));
    }
    match parts.speaker {
        None => {
            put("sub", json!(client.client_id));
            put("jti", json!(unique));
        }
        Some(speaker) => {
            put("sub", json!(speaker.subject));
            put("jti", json!(format!("{}.{unique}", speaker.grant.id)));
            speaker.say_how(&mut put);
        }
    }
    sign(
        provider,
        client.access_token_signed_response_alg,
        "at+jwt",
        &claims,
        now,
    )
}
