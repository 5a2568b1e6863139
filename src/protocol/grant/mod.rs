//! Grants. Each proves what its holder is entitled to and never mints a
//! token. Adding one is a file and a line in [`GRANTS`].

mod authorization_code;
pub mod ciba;
mod client_credentials;
pub mod device_code;
pub mod person;
mod refresh_token;
pub mod token_exchange;

use std::sync::Arc;

use futures_util::future::BoxFuture;
use serde_json::Value;

use super::Provider;
use super::clients::Registered;
use super::confirmation::Confirmation;
use super::error::Refused;
use super::params::Params;
use crate::model::client::GrantType;
use crate::model::scope::GrantedScopes;
use crate::model::secret::Secret;
use crate::model::timestamp::Timestamp;
use crate::storage::{GrantRecord, GrantStanding};

/// What a redeemed grant entitles to. [`issue`](super::issue) turns it into
/// tokens.
pub struct Entitlement {
    pub subject: Subject,
    /// How the grant stood as it was redeemed, where redeeming told. Asked a
    /// moment later it may have fallen to a replay, and of many who redeem one
    /// code at once nobody would succeed (RFC 9700 §4.5: exactly one does).
    pub standing: Option<GrantStanding>,
    pub scopes: GrantedScopes,
    /// The refresh token that was stored with the redemption, if any.
    pub refresh_token: Option<Secret>,
    /// The nonce to repeat in the ID token: only when a code is redeemed
    /// (OpenID Connect Core §12.2).
    pub nonce: Option<String>,
    /// The resource servers the grant is for, where it says any (RFC 8707).
    pub resources: Option<Vec<String>>,
    /// What of an exchanged token goes on.
    pub exchanged: Option<Exchanged>,
}

/// What is taken over from a token that was exchanged (RFC 8693).
pub struct Exchanged {
    /// Who acts for the person.
    pub act: Option<Value>,
    /// When the token that was shown ends.
    pub until: Timestamp,
}

/// Whom the tokens speak for.
pub enum Subject {
    /// A person, by an authorization of theirs.
    Person(Arc<GrantRecord>),
    /// The client itself.
    Client,
}

/// A token request whose client is authenticated.
pub struct TokenRequest<'a> {
    pub client: &'a Registered,
    pub params: &'a Params,
    /// What the tokens will be bound to: the key this request proves to hold.
    pub confirmation: Option<Confirmation>,
    /// Seconds that a refresh token lives since its last use.
    pub refresh_token_life: u64,
    pub now: Timestamp,
}

type Redeem =
    for<'a> fn(&'a Provider, &'a TokenRequest<'a>) -> BoxFuture<'a, Result<Entitlement, Refused>>;

/// A grant: its name, who may use it, how it is redeemed.
pub struct Grant {
    /// `grant_type`.
    pub name: &'static str,
    pub grant_type: GrantType,
    pub(super) redeem: Redeem,
}

/// The registered name of a grant.
pub fn name(grant_type: GrantType) -> &'static str {
    GRANTS
        .iter()
        .find(|grant| grant.grant_type == grant_type)
        // The one that has no business at the token endpoint.
        .map_or("implicit", |grant| grant.name)
}

/// Every grant.
pub const GRANTS: &[Grant] = &[
    authorization_code::GRANT,
    refresh_token::GRANT,
    client_credentials::GRANT,
    device_code::GRANT,
    ciba::GRANT,
    token_exchange::GRANT,
];
