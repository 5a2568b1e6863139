//! An authorization request that passed every check.

use std::sync::Arc;
use std::time::Duration;

use super::checks;
use super::prompt::Prompt;
use super::requested_claims::RequestedClaims;
use super::response::{AuthorizationRefused, ReturnAddress};
use crate::model::acr::Assurance;
use crate::model::scope::AllowedScopes;
use crate::model::timestamp::Timestamp;
use crate::protocol::Provider;
use crate::protocol::clients::Registered;
use crate::protocol::params::Params;
use crate::protocol::pkce::CodeChallenge;

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
    /// The `sub` the client expects (from `id_token_hint` or `claims`).
    pub expected_subject: Option<String>,
    /// What satisfies the client and the request.
    pub demanded: Assurance,
    /// When the person was sent here: a sign-in that `prompt` or `max_age`
    /// demands must be later.
    pub started_at: Timestamp,
}

impl AuthorizationRequest {
    /// Whether a sign-in of some time ago will not do.
    pub const fn demands_fresh_sign_in(&self) -> bool {
        self.prompt.login || self.max_age.is_some()
    }

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
