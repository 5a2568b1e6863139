//! A request at an authorization endpoint of the dialect: checked, and put into
//! our own words. From there on it is a flow like any other.

use std::sync::Arc;

use super::Esia;
use super::client_secret::{self, SignedRequest, not_authorized};
use super::error::{Code, EsiaError, EsiaRefused, server_error};
use super::params::{require, state, unknown_scope};
use super::permissions;
use super::text::Endpoint;
use crate::error::Result;
use crate::model::acr::Acr;
use crate::model::client::GrantType;
use crate::model::esia_client::{EsiaClient, Generation};
use crate::model::level::Level;
use crate::model::redirect::ValidRedirect;
use crate::model::scope::{OFFLINE_ACCESS, RequestedScopes, Scope};
use crate::model::timestamp::Timestamp;
use crate::protocol::authorization::flow::{Flow, Origin};
use crate::protocol::clients::Registered;
use crate::protocol::params::Params;

/// Why a request was not followed.
#[derive(Debug)]
pub enum AcRefused {
    /// Client or address are not to be trusted: a page tells.
    Page(EsiaError),
    /// The relying party is told; if it is under development, its developer
    /// first.
    Redirect {
        error: EsiaError,
        to: ValidRedirect,
        state: Option<String>,
    },
    /// Our own fault.
    Internal(crate::error::Internal),
}

impl Esia {
    /// Begins a flow with a request that arrives in this browser.
    ///
    /// # Errors
    /// Why not, and where that is told.
    pub async fn arrive(
        &self,
        endpoint: Endpoint,
        params: &Params,
        browser: &str,
        now: Timestamp,
    ) -> Result<Flow, AcRefused> {
        let page = |error: EsiaError| AcRefused::Page(error);
        let id = require(params, "client_id").map_err(page)?;
        let client = self.client(id).await.map_err(AcRefused::Internal)?;
        let client = client.ok_or_else(|| page(not_authorized()))?;
        let settings = client.esia.as_ref().ok_or_else(|| page(not_authorized()))?;
        let requested = require(params, "redirect_uri").map_err(page)?;
        let to = settings.redirect(requested).ok_or_else(|| {
            page(Code::WrongRedirect.because(
                "redirect_uri is no address of the client: an https address under a domain of \
                 its registration, or one of those that it names exactly",
            ))
        })?;
        let state = state(params).ok().map(str::to_owned);
        let refused = |refused| {
            let error = match refused {
                EsiaRefused::Error(error) => error,
                EsiaRefused::Internal(error) => {
                    tracing::error!(%error, "an authorization request of ESIA's dialect failed");
                    server_error()
                }
            };
            AcRefused::Redirect {
                error,
                to: to.clone(),
                state: state.clone(),
            }
        };
        let query = self
            .checked(&client, settings, endpoint, params, browser, now)
            .await
            .map_err(refused)?;
        let origin = Origin::Esia {
            query: query.encoded(),
        };
        Ok(Flow::begin(origin, &query, browser, now))
    }

    async fn checked(
        &self,
        client: &Arc<Registered>,
        settings: &EsiaClient,
        endpoint: Endpoint,
        params: &Params,
        browser: &str,
        now: Timestamp,
    ) -> Result<Params, EsiaRefused> {
        speaks(settings, endpoint)?;
        state(params)?;
        if require(params, "response_type")? != "code" {
            return Err(Code::ResponseType
                .because("response_type must be code")
                .into());
        }
        let request = SignedRequest {
            client,
            settings,
            endpoint,
            params,
        };
        let signed = client_secret::check(self, &request, now)?;
        let mut scopes = scopes(client, params)?;
        let mut query = Params::default();
        match params.get("access_type") {
            None | Some("online") => {}
            Some("offline") if client.may_use(GrantType::RefreshToken) => {
                scopes.push(OFFLINE_ACCESS);
            }
            Some("offline") => {
                return Err(Code::NoGrants
                    .because("OAuthErrorEnum.noGrants: the client is not let access_type=offline")
                    .into());
            }
            Some(_) => {
                return Err(Code::WrongParameter
                    .because("the parameter [access_type] is online or offline")
                    .into());
            }
        }
        if endpoint == Endpoint::AcV2 {
            self.second_generation(params, &mut query)?;
        }
        // The data of a consent for a time are no scopes of the request: what
        // somebody allows until a day must not be allowed after it.
        if let Some(permissions) = permissions::requested(self, client, params, now)? {
            query.set("authorization_details", &permissions);
        }
        for name in ["client_id", "redirect_uri", "state", "response_type"] {
            query.set(name, params.get(name).unwrap_or_default());
        }
        query.set("scope", &scopes.join(" "));
        self.seen_here_only(&request, &signed, browser, now).await?;
        Ok(query)
    }

    /// What only the second generation has.
    fn second_generation(&self, params: &Params, query: &mut Params) -> Result<(), EsiaError> {
        if params.get("scope_org").is_some() {
            return Err(
                Code::NotEmployed.because("the person belongs to no organisation known here")
            );
        }
        match params.get("person_filter") {
            None | Some("acc_not_kid") => {}
            Some("conf_acc") => query.set("acr_values", Acr::Identity(Level::Verified).as_str()),
            Some("acc_kid") => {
                return Err(Code::NoGrants
                    .because("OAuthErrorEnum.noGrants: there are no accounts of children here"));
            }
            Some(_) => {
                return Err(Code::WrongParameter
                    .because("the parameter [person_filter] is conf_acc, acc_kid or acc_not_kid"));
            }
        }
        let roles = params.get("roles");
        if roles.is_some_and(|roles| {
            !roles
                .split([',', ' '])
                .all(|role| !role.is_empty() && role.bytes().all(|byte| byte.is_ascii_digit()))
        }) {
            return Err(Code::WrongRoles.because("the parameter [roles] lists numbers"));
        }
        match params.get("obj_type") {
            None | Some("P") if roles.is_none() => {}
            None | Some("P" | "L" | "B" | "A") => {
                return Err(Code::NoSuchRole.because("the person has no such role"));
            }
            Some(_) => {
                return Err(
                    Code::WrongObjectType.because("the parameter [obj_type] is P, L, B or A")
                );
            }
        }
        if let Some(challenge) = params.get("code_challenge") {
            let method = params.get("code_challenge_method").unwrap_or("S256");
            if method != "S256" {
                return Err(Code::WrongParameter
                    .because("the parameter [code_challenge_method] must be S256"));
            }
            query.set("code_challenge", challenge);
            query.set("code_challenge_method", method);
        }
        Ok(())
    }
}

/// Whether the relying party may use the endpoints of this generation.
///
/// # Errors
/// 007005.
pub(super) fn speaks(settings: &EsiaClient, endpoint: Endpoint) -> Result<(), EsiaError> {
    let generation = match endpoint.is_v1() {
        true => Generation::V1,
        false => Generation::V2,
    };
    match settings.generations.contains(&generation) {
        true => Ok(()),
        false => Err(Code::NotAuthorized
            .because("The client is not registered for this generation of the protocol.")),
    }
}

/// The scopes of a request, each known and the client's.
fn scopes(client: &Registered, params: &Params) -> Result<Vec<&'static str>, EsiaError> {
    let asked = params.get("scope").unwrap_or_default();
    let mut found = Vec::new();
    for name in asked.split_whitespace() {
        let Some(known) = Scope::of_esia(name) else {
            return Err(unknown_scope(name));
        };
        if !RequestedScopes::parse(&client.scope).contains(name) {
            return Err(
                Code::NoGrants.because(format!("OAuthErrorEnum.noGrants: {name} is not granted"))
            );
        }
        found.push(known.name);
    }
    match found.is_empty() {
        false => Ok(found),
        true => Err(Code::NoScope.because("no scope was asked for")),
    }
}
