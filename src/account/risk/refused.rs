//! Why somebody who has proven who they are is not let in.

use crate::account::proofing::asserted::EnterRefused;
use crate::account::sign_in::SignInRefused;
use crate::error::Internal;

/// Why a proven sign-in begins no session.
#[derive(Debug)]
pub enum AdmitRefused {
    /// The rules ended it; the owner has been told.
    Ended,
    Internal(Internal),
}

impl From<Internal> for AdmitRefused {
    fn from(error: Internal) -> Self {
        Self::Internal(error)
    }
}

impl From<AdmitRefused> for SignInRefused {
    fn from(refused: AdmitRefused) -> Self {
        match refused {
            AdmitRefused::Ended => Self::Unusual,
            AdmitRefused::Internal(error) => Self::Internal(error),
        }
    }
}

impl From<AdmitRefused> for EnterRefused {
    fn from(refused: AdmitRefused) -> Self {
        match refused {
            AdmitRefused::Ended => Self::Unusual,
            AdmitRefused::Internal(error) => Self::Internal(error),
        }
    }
}
