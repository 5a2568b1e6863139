//! An authorization request that passed every check.

use std::sync::Arc;
use std::time::Duration;

use super::awaited;
use super::checks::{self, Given};
use super::flow::{Flow, Origin};
use super::prompt::Prompt;
use super::pushed;
use super::requested_claims::RequestedClaims;
use super::response::{AuthorizationRefused, Destination};
use crate::model::acr::Assurance;
use crate::model::response_type::ResponseType;
use crate::model::scope::AllowedScopes;
use crate::model::secret::Digest;
use crate::model::timestamp::Timestamp;
use crate::protocol::Provider;
use crate::protocol::authorization_details::Detail;
use crate::protocol::clients::Registered;
use crate::protocol::params::Params;
use crate::protocol::pkce::CodeChallenge;

/// What a client asks of a person.
#[derive(Clone)]
pub struct AuthorizationRequest {
    pub client: Arc<Registered>,
    pub to: Destination,
    /// The `redirect_uri` as it was sent; the token request must repeat it.
    pub redirect_uri: Option<String>,
    pub response_type: ResponseType,
    pub scopes: AllowedScopes,
    pub claims: RequestedClaims,
    /// The resource servers that tokens are for, if any are named (RFC 8707).
    pub resources: Option<Vec<String>>,
    /// What is asked for in detail (RFC 9396).
    pub details: Vec<Detail>,
    pub nonce: Option<String>,
    pub challenge: Option<CodeChallenge>,
    /// Thumbprint of the key the code is bound to (RFC 9449 §10).
    pub dpop_jkt: Option<String>,
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
    /// Whether the person has just agreed to this very request. One that no
    /// browser carries back needs that, whatever they agreed to before or
    /// elsewhere meanwhile (RFC 8628 §5.4), and so does one with details.
    pub agreed: bool,
    /// What the request was pushed as: it is answered once.
    pub(super) pushed: Option<Digest>,
}

impl AuthorizationRequest {
    /// Whether a sign-in of some time ago will not do.
    pub const fn demands_fresh_sign_in(&self) -> bool {
        self.prompt.login || self.max_age.is_some()
    }

    /// Whether a word of the person about this very request is still missing.
    pub const fn needs_a_word(&self) -> bool {
        let always = matches!(self.to, Destination::Awaited { .. }) || !self.details.is_empty();
        always && !self.agreed
    }

    /// Passes the parameters of a flow through the table of checks.
    ///
    /// # Errors
    /// The first check that failed, and where its error goes; for a page, when
    /// a pushed request was answered meanwhile.
    pub async fn of_flow(
        provider: &Provider,
        flow: &Flow,
        now: Timestamp,
    ) -> Result<Self, AuthorizationRefused> {
        let (params, given, reference) = match &flow.origin {
            Origin::Query { query, signed } => {
                let given = Given {
                    signed: *signed,
                    ..Given::default()
                };
                (Params::parse(query.as_bytes()), given, None)
            }
            Origin::Esia { query } => {
                let given = Given {
                    esia: true,
                    ..Given::default()
                };
                (Params::parse(query.as_bytes()), given, None)
            }
            Origin::Pushed { reference } => {
                let (params, given) = pushed::load(provider, reference, now).await?;
                (params, given, Some(reference.clone()))
            }
            Origin::Awaited { reference } => {
                let (params, awaited) = awaited::load(provider, reference, now).await?;
                (params, Given::by_itself(reference, &awaited), None)
            }
        };
        let mut request = checks::run(provider, &params, given, flow.started_at).await?;
        request.pushed = reference;
        Ok(request)
    }
}
