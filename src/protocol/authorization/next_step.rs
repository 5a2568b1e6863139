//! What must happen before a client gets its code. One pure function of the
//! request and of what is known; the position in a flow is never stored, so no
//! step can be skipped (attack rows 18, 52).

use std::time::Duration;

use super::request::AuthorizationRequest;
use crate::model::authentication::AuthenticationContext;
use crate::model::claim::find_claim;
use crate::model::level::Level;
use crate::model::scope::GrantedScopes;
use crate::model::timestamp::Timestamp;
use crate::protocol::error::{ErrorCode, OAuthError};

/// Why a client is told that its demands are unmet, where that is the strength
/// of the sign-in and not the level of the account.
pub const TOO_WEAK: &str = "the person did not sign in strongly enough";
/// The same where nobody could.
pub const STRENGTH_IS_CLOSED: &str = "no way to this strength is open here";

/// Who is signed in, as far as the decision needs it.
pub struct Visitor<'a> {
    pub authentication: &'a AuthenticationContext,
    /// The person's `sub` for this client.
    pub subject: &'a str,
    /// The level of the account.
    pub level: Level,
    /// Other sites are closed to the account for some time.
    pub restricted: bool,
    /// The password is too old or temporary.
    pub must_renew_password: bool,
    /// A newer version of a document waits for acceptance.
    pub must_accept_documents: bool,
    /// The account must have a second factor, and has none.
    pub must_add_factor: bool,
}

/// The consent in force.
pub struct Consented<'a> {
    pub scopes: &'a GrantedScopes,
    /// Single claims consented to, beside those of scopes.
    pub claims: &'a [String],
    pub decided_at: Timestamp,
    pub expires_at: Option<Timestamp>,
    /// What the citizen was asked and refused to share stays refused: they are
    /// not asked again for the same.
    pub asked: &'a GrantedScopes,
}

/// What must happen next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Nobody is signed in, or not recently enough, or somebody else.
    SignIn,
    /// Asked to sign in as one person, another one did: there is nothing more
    /// to ask (OpenID Connect Core §3.1.2.1, `id_token_hint`).
    Refuse,
    /// The person may enter no site for some time.
    Restricted,
    /// The password must be renewed.
    RenewPassword,
    /// New documents must be accepted.
    AcceptDocuments,
    /// A second factor must be added.
    AddFactor,
    /// The person must prove more strongly who they are.
    StepUp,
    /// The person's level is too low.
    RaiseLevel,
    /// The person must decide what to share.
    Consent,
    /// Nothing: the code may be issued.
    Done,
}

impl Step {
    /// What the client is told when nothing may be shown (`prompt=none`,
    /// OpenID Connect Core §3.1.2.6).
    pub fn as_error(self) -> Option<OAuthError> {
        match self {
            Self::Done => None,
            Self::SignIn => Some(ErrorCode::LoginRequired.because("the person must sign in")),
            Self::Refuse => Some(somebody_else()),
            Self::Restricted => Some(
                ErrorCode::AccessDenied
                    .because("other sites are closed to this account for some time"),
            ),
            Self::Consent => {
                Some(ErrorCode::ConsentRequired.because("the person must give consent"))
            }
            Self::RenewPassword | Self::AcceptDocuments | Self::AddFactor => Some(
                ErrorCode::InteractionRequired
                    .because("the person has something to complete first"),
            ),
            Self::StepUp => Some(
                ErrorCode::InteractionRequired
                    .because("the person must prove more strongly who they are"),
            ),
            Self::RaiseLevel => Some(
                ErrorCode::InteractionRequired
                    .because("the level of the person's account is too low"),
            ),
        }
    }
}

/// What the client is told at [`Step::Refuse`].
pub fn somebody_else() -> OAuthError {
    ErrorCode::LoginRequired.because("somebody else signed in than was asked for")
}

/// Decides what must happen before `request` may be answered.
pub fn next_step(
    request: &AuthorizationRequest,
    visitor: Option<&Visitor<'_>>,
    consented: Option<&Consented<'_>>,
    now: Timestamp,
) -> Step {
    let Some(visitor) = visitor else {
        return Step::SignIn;
    };
    if !is_recent(request, visitor.authentication, now) {
        return Step::SignIn;
    }
    if request
        .expected_subject
        .as_ref()
        .is_some_and(|expected| expected != visitor.subject)
    {
        return match visitor.authentication.is_since(request.started_at) {
            true => Step::Refuse,
            false => Step::SignIn,
        };
    }
    if visitor.restricted {
        return Step::Restricted;
    }
    if visitor.must_renew_password {
        return Step::RenewPassword;
    }
    if visitor.must_accept_documents {
        return Step::AcceptDocuments;
    }
    if visitor.must_add_factor {
        return Step::AddFactor;
    }
    if visitor.authentication.strength() < request.demanded.strength {
        return Step::StepUp;
    }
    if visitor.level < request.demanded.level {
        return Step::RaiseLevel;
    }
    match consented {
        Some(consented) if is_enough(request, consented, now) && !request.needs_a_word() => {
            Step::Done
        }
        _ => Step::Consent,
    }
}

fn is_recent(
    request: &AuthorizationRequest,
    authentication: &AuthenticationContext,
    now: Timestamp,
) -> bool {
    // A sign-in made for this very request is recent, however strict it is.
    if authentication.is_since(request.started_at) {
        return true;
    }
    !request.prompt.login
        && request
            .max_age
            .is_none_or(|age| age > Duration::ZERO && authentication.is_fresh(age, now))
}

fn is_enough(request: &AuthorizationRequest, consented: &Consented<'_>, now: Timestamp) -> bool {
    let asked_now = !request.prompt.consent || consented.decided_at >= request.started_at;
    asked_now
        && consented.expires_at.is_none_or(|end| now < end)
        && consented.asked.covers(&request.scopes)
        && request
            .claims
            .all()
            .into_iter()
            .all(|claim| is_decided(claim, consented))
}

/// A single claim is decided by itself or with its scope, given or refused.
fn is_decided(claim: &str, consented: &Consented<'_>) -> bool {
    consented.claims.iter().any(|given| given == claim)
        || find_claim(claim).is_some_and(|claim| consented.asked.contains(claim.scope))
}
