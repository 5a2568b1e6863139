//! JWT access tokens (RFC 9068).

use serde_json::{Map, Value, json};

use super::{Bounds, Speaker, sign};
use crate::error::Result;
use crate::model::timestamp::Timestamp;
use crate::protocol::Provider;
use crate::protocol::clients::Registered;
use crate::protocol::grant::Exchanged;

/// What a token is made of, beside its client.
pub(super) struct AccessTokenParts<'a> {
    /// The person; none for a client's own token.
    pub speaker: Option<&'a Speaker<'a>>,
    pub scope: &'a str,
    pub bounds: &'a Bounds<'a>,
    pub exchanged: Option<&'a Exchanged>,
}

impl AccessTokenParts<'_> {
    /// When it ends: an exchanged one not after that which was shown.
    pub(super) fn ends_at(&self, provider: &Provider, now: Timestamp) -> Timestamp {
        let end = Provider::after(now, provider.lifetimes.access_token);
        self.exchanged
            .map_or(end, |exchanged| end.min(exchanged.until))
    }
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
    put(
        "aud",
        match parts.bounds.audience {
            [one] => json!(one),
            several => json!(several),
        },
    );
    put("client_id", json!(client.client_id));
    put("iat", json!(now.seconds()));
    put("exp", json!(parts.ends_at(provider, now).seconds()));
    if let Some(act) = parts.exchanged.and_then(|exchanged| exchanged.act.as_ref()) {
        put("act", act.clone());
    }
    put("scope", json!(parts.scope));
    if !parts.bounds.details.is_empty() {
        // RFC 9396 §9.1.
        put("authorization_details", json!(parts.bounds.details));
    }
    if let Some(confirmation) = parts.bounds.confirmation {
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
