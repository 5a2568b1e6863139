//! How a sign-in ends.

use std::time::Duration;

use crate::account::agreements::Document;
use crate::account::browser::Browser;
use crate::account::hashing::HashRefused;
use crate::account::session::Begun;
use crate::account::throttle::Lock;
use crate::error::Internal;
use crate::model::id::{AccountId, ClientId, SessionId};
use crate::model::secret::Secret;
use crate::model::timestamp::Timestamp;
use crate::storage::EndedGrant;

/// From where somebody comes, and where to.
#[derive(Clone, Copy, Debug)]
pub struct Arrival<'a> {
    pub browser: &'a Browser,
    /// The relying party of the flow, if there is one.
    pub client: Option<&'a ClientId>,
    /// Whether a second factor is asked for at a trusted device too: a site or
    /// something critical demands it.
    pub strong: bool,
}

/// How far somebody came.
#[derive(Debug)]
pub enum Admitted {
    SignedIn(Box<SignedIn>),
    /// A second factor is asked for: the handle of the step.
    SecondStep(Secret),
    /// Somebody else knows the password, and there is nothing to ask for that
    /// they may not have as well: not yet, or only at a service centre.
    Later,
}

/// A session has begun.
#[derive(Debug)]
pub struct SignedIn {
    /// The session cookie's value.
    pub session: Secret,
    /// The device cookie's value; it outlives the session.
    pub device: Secret,
    pub session_id: SessionId,
    pub account: AccountId,
    /// What must be done before anything else.
    pub duty: Option<Duty>,
    /// Grants of the session that this one took the place of: their relying
    /// parties are to be told.
    pub ended: Vec<EndedGrant>,
}

/// What a citizen must do before going on. It is asked anew at each visit; no
/// token is issued while there is one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Duty {
    /// The password has served its time.
    RenewPassword,
    /// Documents have new versions.
    AcceptAgreements(Vec<Document>),
    /// An account of this level must have a second factor, and has none.
    AddFactor,
}

/// What duties follow from.
pub(in crate::account) struct Duties {
    /// When the password has served its time.
    pub renew_at: Option<Timestamp>,
    /// Until when neither password nor factors may be changed.
    pub restricted_until: Option<Timestamp>,
    /// Documents whose version in force was not accepted.
    pub missing: Vec<Document>,
    /// Whether the second factor that the account must have is missing.
    pub lacks_factor: bool,
}

impl Duties {
    /// The duty to be done first at this moment.
    pub fn due(&self, now: Timestamp) -> Option<Duty> {
        // A restricted account keeps what it has, and its cabinet open.
        let restricted = self.restricted_until.is_some_and(|until| now < until);
        if !restricted && self.renew_at.is_some_and(|end| end <= now) {
            return Some(Duty::RenewPassword);
        }
        if !self.missing.is_empty() {
            return Some(Duty::AcceptAgreements(self.missing.clone()));
        }
        (!restricted && self.lacks_factor).then_some(Duty::AddFactor)
    }
}

/// Why a sign-in was refused.
#[derive(Debug)]
pub enum SignInRefused {
    /// Identifier and password do not fit together; which is wrong is not told.
    BadCredentials,
    /// Password sign-in is closed; support finds the block by its number.
    Locked {
        until: Timestamp,
        block_number: String,
    },
    /// Too many wrong passwords came from this network address.
    TooMany {
        retry_after: Duration,
    },
    /// Too many are signing in; the password was not checked.
    Busy {
        retry_after: Duration,
    },
    /// The password is right, but the account is blocked.
    Blocked,
    /// The password is right, but the sign-in too unlike the owner's others.
    Unusual,
    Internal(Internal),
}

impl From<Internal> for SignInRefused {
    fn from(error: Internal) -> Self {
        Self::Internal(error)
    }
}

impl From<HashRefused> for SignInRefused {
    fn from(refused: HashRefused) -> Self {
        match refused {
            HashRefused::Busy { retry_after } => Self::Busy { retry_after },
            HashRefused::Internal(error) => Self::Internal(error),
        }
    }
}

impl From<Lock> for SignInRefused {
    fn from(lock: Lock) -> Self {
        Self::Locked {
            until: lock.until,
            block_number: lock.block_number,
        }
    }
}

impl SignedIn {
    pub(in crate::account) fn new(begun: Begun, account: &AccountId, duty: Option<Duty>) -> Self {
        Self {
            session: begun.session,
            device: begun.device,
            session_id: begun.id,
            account: account.clone(),
            duty,
            ended: begun.ended,
        }
    }
}
