//! Registration (requirements A1–A3): a form, a code or a link that confirms
//! the contact, a password. Each step holds its facts in a ticket and moving
//! on spends it, so no step can be skipped or taken twice (attack rows 18, 48).
//!
//! A contact that is in use is not told to the stranger: the same ticket is
//! made, the same time is taken, a message goes out; but it tells the owner,
//! and no code fits (requirement A8, attack row 23).

mod begin;
mod confirm;
mod finish;
mod form;

use serde::{Deserialize, Serialize};

pub use super::codes::{CodeRefused, Pending, Resent};
pub use begin::{BeginRefused, Begun, Start};
pub use confirm::LinkRedeemed;
pub use finish::{ConfirmedContact, FinishRefused};
pub use form::RegistrationForm;
pub(super) use form::parse_contact;

use super::codes::AwaitsCode;
use super::factor::one_time_code::SentCode;
use crate::model::authentication::Proof;
use crate::model::identifier::Identifier;
use crate::model::profile::Profile;
use crate::model::ticket;
use crate::model::timestamp::Timestamp;
use crate::storage::AgreementRecord;

/// The prefix of the secret that finds a registration under way.
const HANDLE_PREFIX: &str = "ppg_";
/// The prefix of the secret in a registration e-mail.
const LINK_PREFIX: &str = "ppl_";
/// The prefix of the secret that lets a password be set.
const CONFIRMED_PREFIX: &str = "ppk_";

/// Who is registering, as far as they said.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Applicant {
    profile: Profile,
    contact: Identifier,
    lang: String,
    flow: Option<String>,
    agreements: Vec<Accepted>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Accepted {
    document: String,
    version: String,
    at: Timestamp,
}

/// A registration that waits for its code.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Draft {
    applicant: Applicant,
    code: SentCode,
    /// Digest of the link that went out with the code.
    link: Option<String>,
    /// The contact has an owner: nothing fits.
    taken: bool,
}

/// A registration whose contact is confirmed.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Confirmed {
    applicant: Applicant,
    proof: Proof,
}

/// What a link leads to.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct LinkTo {
    registration: String,
}

impl AwaitsCode for Draft {
    const KIND: &'static str = ticket::REGISTRATION;

    fn contact(&self) -> &Identifier {
        &self.applicant.contact
    }

    fn code(&self) -> &SentCode {
        &self.code
    }

    fn flow(&self) -> Option<&str> {
        self.applicant.flow.as_deref()
    }
}

impl From<AgreementRecord> for Accepted {
    fn from(record: AgreementRecord) -> Self {
        Self {
            document: record.document,
            version: record.version,
            at: record.accepted_at,
        }
    }
}

impl From<&Accepted> for AgreementRecord {
    fn from(accepted: &Accepted) -> Self {
        Self {
            document: accepted.document.clone(),
            version: accepted.version.clone(),
            accepted_at: accepted.at,
        }
    }
}
