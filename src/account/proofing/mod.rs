//! Proving who the holder of an account is. The citizen sends personal data,
//! state registries say whether such a person exists ([`registry`]), and what
//! came of it is evidence: levels are computed from that
//! ([`crate::model::evidence`]) and never set.

mod check;
mod complete;
mod evidence;
mod lapse;
mod personal_data;
mod photographs;
pub mod registry;
mod submission;
mod visit;

pub use check::RegistryCheck;
pub(in crate::account) use evidence::covers_field;
pub use personal_data::{DataForm, PersonalData};
pub use photographs::{
    PHOTOGRAPHS, PhotographState, Photographs, PhotographsRefused, UploadedPhotograph,
};
pub use submission::{CheckState, Outcome, Progress, SubmissionRefused};
pub use visit::{Attestor, Decision, NUMBER_DIGITS, Visit, VisitState};
