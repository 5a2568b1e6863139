//! An authorization request that passed every check.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::checks;
use super::prompt::Prompt;
use super::response::{AuthorizationRefused, ReturnAddress};
use crate::model::level::Level;
use crate::model::scope::AllowedScopes;
use crate::model::timestamp::Timestamp;
use crate::protocol::Provider;
use crate::protocol::clients::Registered;
use crate::protocol::params::Params;
use crate::protocol::pkce::CodeChallenge;

/// Single claims asked for by the `claims` parameter (OpenID Connect Core
/// §5.5), as far as the client's scopes allow them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RequestedClaims {
    pub id_token: BTreeSet<String>,
    pub userinfo: BTreeSet<String>,
}

impl RequestedClaims {
    /// Whether nothing was asked for.
    pub fn is_empty(&self) -> bool {
        self.id_token.is_empty() && self.userinfo.is_empty()
    }

    /// Every claim, wherever it is wanted.
    pub fn all(&self) -> BTreeSet<&str> {
        self.id_token
            .iter()
            .chain(&self.userinfo)
            .map(String::as_str)
            .collect()
    }
}

/// What a client asks of a person.
#[derive(Clone)]
pub struct AuthorizationRequest {
    pub client: Arc<Registered>,
    pub to: ReturnAddress,
    /// The `redirect_uri` as it was sent; the token request must repeat it.
    pub redirect_uri: Option<String>,
    pub scopes: AllowedScopes,
    pub claims: RequestedClaims,
    pub nonce: Option<String>,
    pub challenge: Option<CodeChallenge>,
    pub prompt: Prompt,
    pub max_age: Option<Duration>,
    pub login_hint: Option<String>,
    pub ui_locales: Option<String>,
    /// The `sub` the client expects (from `id_token_hint`).
    pub expected_subject: Option<String>,
    /// The lowest level that satisfies the client and the request.
    pub minimum_level: Level,
    /// When the person was sent here: a sign-in that `prompt` or `max_age`
    /// demands must be later.
    pub started_at: Timestamp,
}

impl AuthorizationRequest {
    /// Passes `params` through the table of checks.
    ///
    /// # Errors
    /// The first check that failed, and where its error goes.
    pub async fn parse(
        provider: &Provider,
        params: &Params,
        started_at: Timestamp,
    ) -> Result<Self, AuthorizationRefused> {
        checks::run(provider, params, started_at).await
    }
}
