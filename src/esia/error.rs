//! ESIA's errors: a code of its own beside that of OAuth. Where one goes
//! (redirect, JSON, page) is not decided here.

use std::borrow::Cow;

use crate::error::Internal;
use crate::model::redirect::ValidRedirect;

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $number:literal, $error:literal;)*) => {
        /// A code of ESIA's.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Code { $($(#[$doc])* $name,)* }

        impl Code {
            /// Its six digits.
            pub const fn number(self) -> &'static str {
                match self { $(Self::$name => $number,)* }
            }

            /// The `error` it goes with.
            pub const fn error(self) -> &'static str {
                match self { $(Self::$name => $error,)* }
            }
        }
    };
}

codes! {
    /// The certificate is not one of this relying party, or it has none.
    ForeignCertificate = "007002", "invalid_client";
    /// A parameter is wrong, or came twice with different values.
    WrongParameter = "007003", "invalid_request";
    /// The person declined.
    Declined = "007004", "access_denied";
    /// The relying party may not use this way.
    NotAuthorized = "007005", "unauthorized_client";
    /// A scope is unknown or malformed.
    UnknownScope = "007006", "invalid_scope";
    /// Our own fault.
    ServerError = "007007", "server_error";
    /// Come back later.
    Unavailable = "007008", "temporarily_unavailable";
    /// `response_type` is none of those supported.
    ResponseType = "007009", "unsupported_response_type";
    /// A code or refresh token is of no use here.
    InvalidGrant = "007011", "invalid_grant";
    /// `grant_type` is none of those supported.
    GrantType = "007012", "unsupported_grant_type";
    /// No scope was asked for.
    NoScope = "007013", "invalid_scope";
    /// A mandatory parameter is missing or cannot be read.
    Missing = "007014", "invalid_request";
    /// The time of the request is too far from ours.
    WrongTime = "007015", "invalid_request";
    /// No right to what is asked for.
    NoGrants = "007019", "access_denied";
    /// `redirect_uri` is under no domain of the relying party.
    WrongRedirect = "007023", "invalid_request";
    /// The parameters cannot be read.
    Unreadable = "007038", "invalid_request";
    /// A verifier for a code that was asked for without a challenge.
    NoChallenge = "007039", "invalid_grant";
    /// The verifier does not fit, or is missing.
    WrongVerifier = "007040", "invalid_grant";
    /// A second factor is demanded that the person does not show.
    SecondFactor = "007046", "access_denied";
    /// `client_secret` is wrong.
    WrongSecret = "007053", "access_denied";
    /// The account is not a verified one.
    NotVerified = "007055", "access_denied";
    /// `roles` cannot be read.
    WrongRoles = "007060", "invalid_request";
    /// `obj_type` is unknown.
    WrongObjectType = "007061", "invalid_request";
    /// The person has no such role.
    NoSuchRole = "007062", "invalid_request";
    /// The person does not belong to the organisation.
    NotEmployed = "007194", "access_denied";
    /// `client_secret` is no signature at all.
    NoSignature = "008010", "invalid_client";
    /// A permission names no type.
    NoPermissionType = "036700", "invalid_request";
    /// Nor one that is known.
    UnknownPermissionType = "036701", "invalid_request";
    /// A scope that the type demands is missing.
    PermissionScopeMissing = "036702", "invalid_request";
    /// A scope that the type does not have.
    PermissionScopeOutside = "036703", "invalid_request";
    /// The relying party may not ask for this scope.
    PermissionScopeForbidden = "036704", "invalid_request";
    /// A permission names no action.
    NoPermissionAction = "036705", "invalid_request";
    /// Nor one that is known.
    UnknownPermissionAction = "036706", "invalid_request";
    /// A permission names no purpose.
    NoPermissionPurpose = "036707", "invalid_request";
    /// `expire` is no number of minutes that the type allows.
    WrongPermissionExpiry = "036716", "invalid_request";
    /// The purpose is unknown.
    UnknownPermissionPurpose = "036726", "invalid_request";
    /// More than one purpose.
    OnePermissionPurpose = "036727", "invalid_request";
}

/// What a relying party under development is told beside the code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explained {
    /// Why it was refused, in words.
    pub reason: String,
    /// The texts a signature would have been taken for.
    pub expected: Vec<String>,
    /// The certificates that were tried: their hashes, and until when they are
    /// good.
    pub certificates: Vec<String>,
}

/// An error of the dialect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EsiaError {
    pub code: Code,
    /// For the developer; nothing personal and nothing secret.
    pub text: Cow<'static, str>,
    /// For a relying party under development only.
    pub explained: Option<Box<Explained>>,
}

impl Code {
    /// With a text for the developer.
    pub fn because(self, text: impl Into<Cow<'static, str>>) -> EsiaError {
        EsiaError {
            code: self,
            text: text.into(),
            explained: None,
        }
    }
}

impl EsiaError {
    /// A mandatory parameter that is not there.
    pub fn missing(name: &str) -> Self {
        Code::Missing.because(format!(
            "The request doesn't contain the mandatory parameter [{name}]."
        ))
    }

    /// `error_description`.
    pub fn description(&self) -> String {
        format!("ESIA-{}: {}", self.code.number(), self.text)
    }

    /// Where the browser carries it, in the order of ESIA.
    pub fn location(&self, to: &ValidRedirect, state: Option<&str>) -> String {
        let description = self.description();
        let mut params = vec![("error_description", description.as_str())];
        params.extend(state.map(|state| ("state", state)));
        params.push(("error", self.code.error()));
        to.with_query(&params)
    }

    /// The same with what only a developer is told.
    #[must_use]
    pub fn explained(mut self, explained: Explained) -> Self {
        self.explained = Some(Box::new(explained));
        self
    }
}

/// A fault of ours, without its words.
pub fn server_error() -> EsiaError {
    Code::ServerError.because("an error of the server")
}

/// What ends a request of the dialect early.
#[derive(Debug)]
pub enum EsiaRefused {
    /// The caller's fault.
    Error(EsiaError),
    /// Ours; told as `server_error`.
    Internal(Internal),
}

impl From<EsiaError> for EsiaRefused {
    fn from(error: EsiaError) -> Self {
        Self::Error(error)
    }
}

impl<E> From<E> for EsiaRefused
where
    Internal: From<E>,
{
    fn from(error: E) -> Self {
        Self::Internal(Internal::from(error))
    }
}
