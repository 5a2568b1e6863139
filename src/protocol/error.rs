//! OAuth errors: a registered code and a description for the developer of the
//! relying party. Where it goes (JSON, redirect, page) is not decided here.

use std::borrow::Cow;

use crate::error::Internal;
use crate::model::acr::Assurance;

/// Registered error codes (RFC 6749 §4.1.2.1 and §5.2, RFC 6750 §3.1, OpenID
/// Connect Core §3.1.2.6, RFC 9470 §3, RFC 7591 §3.2.2, RFC 8628 §3.5, RFC 9101
/// §6, RFC 9449 §5, §8, RFC 9396 §5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorCode {
    InvalidRequest,
    InvalidClient,
    InvalidGrant,
    UnauthorizedClient,
    UnsupportedGrantType,
    UnsupportedResponseType,
    UnsupportedTokenType,
    InvalidScope,
    AccessDenied,
    ServerError,
    TemporarilyUnavailable,
    LoginRequired,
    ConsentRequired,
    InteractionRequired,
    UnmetAuthenticationRequirements,
    RequestNotSupported,
    RequestUriNotSupported,
    RegistrationNotSupported,
    InvalidRequestObject,
    InvalidRequestUri,
    InvalidDpopProof,
    AuthorizationPending,
    SlowDown,
    ExpiredToken,
    InvalidBindingMessage,
    InvalidTarget,
    UseDpopNonce,
    InvalidToken,
    InsufficientScope,
    InsufficientUserAuthentication,
    InvalidRedirectUri,
    InvalidClientMetadata,
    InvalidSoftwareStatement,
    UnapprovedSoftwareStatement,
    InvalidAuthorizationDetails,
}

impl ErrorCode {
    /// The registered name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InvalidRequest => "invalid_request",
            Self::InvalidClient => "invalid_client",
            Self::InvalidGrant => "invalid_grant",
            Self::UnauthorizedClient => "unauthorized_client",
            Self::UnsupportedGrantType => "unsupported_grant_type",
            Self::UnsupportedResponseType => "unsupported_response_type",
            Self::UnsupportedTokenType => "unsupported_token_type",
            Self::InvalidScope => "invalid_scope",
            Self::AccessDenied => "access_denied",
            Self::ServerError => "server_error",
            Self::TemporarilyUnavailable => "temporarily_unavailable",
            Self::LoginRequired => "login_required",
            Self::ConsentRequired => "consent_required",
            Self::InteractionRequired => "interaction_required",
            Self::UnmetAuthenticationRequirements => "unmet_authentication_requirements",
            Self::RequestNotSupported => "request_not_supported",
            Self::RequestUriNotSupported => "request_uri_not_supported",
            Self::RegistrationNotSupported => "registration_not_supported",
            Self::InvalidRequestObject => "invalid_request_object",
            Self::InvalidRequestUri => "invalid_request_uri",
            Self::InvalidDpopProof => "invalid_dpop_proof",
            Self::AuthorizationPending => "authorization_pending",
            Self::SlowDown => "slow_down",
            Self::ExpiredToken => "expired_token",
            Self::InvalidBindingMessage => "invalid_binding_message",
            Self::InvalidTarget => "invalid_target",
            Self::UseDpopNonce => "use_dpop_nonce",
            Self::InvalidToken => "invalid_token",
            Self::InsufficientScope => "insufficient_scope",
            Self::InsufficientUserAuthentication => "insufficient_user_authentication",
            Self::InvalidRedirectUri => "invalid_redirect_uri",
            Self::InvalidClientMetadata => "invalid_client_metadata",
            Self::InvalidSoftwareStatement => "invalid_software_statement",
            Self::UnapprovedSoftwareStatement => "unapproved_software_statement",
            Self::InvalidAuthorizationDetails => "invalid_authorization_details",
        }
    }

    /// With a description for the developer: ASCII without quotes and
    /// backslashes (RFC 6749 §5.2), nothing personal and nothing secret.
    pub fn because(self, description: impl Into<Cow<'static, str>>) -> OAuthError {
        OAuthError {
            code: self,
            description: description.into(),
            acr_values: None,
            dpop_nonce: None,
        }
    }
}

impl OAuthError {
    /// With what would do (RFC 9470 §3).
    #[must_use]
    pub fn demanding(mut self, demanded: Assurance) -> Self {
        self.acr_values = Some(demanded.names().join(" "));
        self
    }
}

/// An error of the protocol.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OAuthError {
    /// The registered code.
    pub code: ErrorCode,
    /// What the developer should mend.
    pub description: Cow<'static, str>,
    /// What a new authorization request should ask for, to get further.
    pub acr_values: Option<String>,
    /// The nonce that the next proof must hold (RFC 9449 §8).
    pub dpop_nonce: Option<String>,
}

/// What ends an operation of the protocol early.
#[derive(Debug)]
pub enum Refused {
    /// The caller's fault, and theirs to know.
    OAuth(OAuthError),
    /// Ours; told as `server_error`.
    Internal(Internal),
}

impl From<OAuthError> for Refused {
    fn from(error: OAuthError) -> Self {
        Self::OAuth(error)
    }
}

impl<E> From<E> for Refused
where
    Internal: From<E>,
{
    fn from(error: E) -> Self {
        Self::Internal(Internal::from(error))
    }
}
