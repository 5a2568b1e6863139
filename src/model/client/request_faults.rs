//! Faults of a registration that concern what the client may ask and how it must
//! ask it.

use super::{Client, DeliveryMode, GrantType};
use crate::model::redirect::check_redirect_uri;

impl Client {
    pub(super) fn check_response_types(&self, add: &mut impl FnMut(&'static str, String)) {
        // OpenID Connect Registration §2: they come together.
        if !self.uses_authorization_endpoint() {
            return;
        }
        for (grant, name, is_named) in [
            (
                GrantType::AuthorizationCode,
                "authorization_code",
                self.response_types.iter().any(|kind| kind.code),
            ),
            (
                GrantType::Implicit,
                "implicit",
                self.response_types.iter().any(|kind| kind.has_token()),
            ),
        ] {
            if self.may_use(grant) && !is_named {
                add(
                    "response_types",
                    format!("must name one of the grant {name}, or leave the grant out"),
                );
            }
            if is_named && !self.may_use(grant) {
                add(
                    "grant_types",
                    format!("must hold {name} for these response_types"),
                );
            }
        }
    }

    pub(super) fn check_requests(&self, add: &mut impl FnMut(&'static str, String)) {
        let asks_by_itself = self.may_use(GrantType::Ciba);
        let signs =
            self.must_sign_requests() || asks_by_itself && self.must_sign_backchannel_requests();
        if signs && self.jwks.is_none() && self.jwks_uri.is_none() {
            add(
                "jwks",
                "signed requests need keys to check them with: jwks or jwks_uri".to_owned(),
            );
        }
        if self.backchannel_token_delivery_mode == DeliveryMode::Ping
            && self.backchannel_client_notification_endpoint.is_none()
        {
            add(
                "backchannel_client_notification_endpoint",
                "is needed for the mode ping".to_owned(),
            );
        }
        if self.must_bind_tokens() && self.response_types.iter().any(|kind| kind.token) {
            add(
                "response_types",
                "must not hold token where tokens are bound to a key".to_owned(),
            );
        }
        if self.dpop_bound_access_tokens && self.tls_client_certificate_bound_access_tokens {
            add(
                "dpop_bound_access_tokens",
                "choose one: tokens are bound to a key or to a certificate".to_owned(),
            );
        }
        if self.may_use(GrantType::TokenExchange) != self.token_exchange.is_some() {
            add(
                "token_exchange",
                "goes with the grant token-exchange, and says whose tokens".to_owned(),
            );
        }
        if self.may_use(GrantType::TokenExchange) && self.is_public() {
            add(
                "token_endpoint_auth_method",
                "token exchange is for clients that authenticate".to_owned(),
            );
        }
        for uri in &self.resources {
            let absolute = url::Url::parse(uri).is_ok();
            if !absolute || uri.contains('#') {
                add(
                    "resources",
                    format!("{uri}: must be an absolute URI without a fragment"),
                );
            }
        }
        if self.may_use(GrantType::Ciba) && self.is_public() {
            add(
                "token_endpoint_auth_method",
                "the ciba grant is for clients that authenticate".to_owned(),
            );
        }
        for uri in &self.request_uris {
            // A fragment holds the hash of what is there (OpenID Connect Core
            // §6.2).
            let (address, _) = uri.split_once('#').unwrap_or((uri, ""));
            if let Err(fault) = check_redirect_uri(address, false) {
                add("request_uris", format!("{uri}: {}", fault.mend()));
            }
        }
    }
}
