//! Proving who the holder of an account is. The citizen sends personal data,
//! state registries say whether such a person exists ([`registry`]), and what
//! came of it is evidence: levels are computed from that
//! ([`crate::model::evidence`]) and never set.

pub mod asserted;
pub mod bank;
mod check;
mod complete;
mod desk_lift;
mod desk_login;
pub mod e_signature;
mod evidence;
mod lapse;
mod letter;
mod overrides;
mod papers;
mod personal_data;
mod photographs;
mod proof_code;
pub mod registry;
mod ruling;
mod submission;
mod visit;

pub use check::RegistryCheck;
pub(in crate::account) use desk_login::DOUBTFUL;
pub(in crate::account) use evidence::covers_field;
pub use letter::{Letter, LetterRefused, LetterState, PrintedLetter, postal_address};
pub use overrides::{Overridden, Proposal, ProposalState};
pub use papers::{DeskRefused, Offer, PrintedLogin};
pub use personal_data::{DataForm, PersonalData};
pub use photographs::{
    PHOTOGRAPHS, PhotographState, Photographs, PhotographsRefused, UploadedPhotograph,
};
pub use proof_code::{CODE_DIGITS, CodeEntered, CodeState, ProofCode};
pub use ruling::{Attestor, Decision};
pub(in crate::account) use submission::field as submission_field;
pub use submission::{CheckState, Outcome, Progress, SubmissionRefused};
pub use visit::{NUMBER_DIGITS, PrintedCode, Visit, VisitState};
