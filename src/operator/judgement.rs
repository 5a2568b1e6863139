//! What every decision of an operator has to stand up to, whatever was looked at.

use super::CaseRefused;
use crate::account::person::Person;
use crate::error::{Internal, Result};
use crate::model::evidence::Attribute;
use crate::model::level::Level;
use crate::model::secret::Digest;
use crate::model::timestamp::Timestamp;
use crate::storage::Completed;

/// The longest reason.
const REASON: usize = 500;

/// Names the data of a person as they are shown: a decision is about these and
/// no others.
pub(super) fn seen(person: &Person) -> Result<String> {
    let facts = serde_json::to_string(&person.facts).map_err(Internal::from)?;
    Ok(Digest::of(facts.as_bytes()).as_str().to_owned())
}

/// Refuses unless everything `shown` was compared.
pub(super) fn complete(shown: &[Attribute], compared: &[Attribute]) -> Result<(), CaseRefused> {
    let left: Vec<_> = shown
        .iter()
        .copied()
        .filter(|attribute| !compared.contains(attribute))
        .collect();
    if left.is_empty() {
        return Ok(());
    }
    Err(CaseRefused::NotCompared(left))
}

/// Refuses unless everything `shown` was compared, and the data that were seen
/// are still those of a person whose data are checked.
pub(super) fn stands(
    shown: &[Attribute],
    compared: &[Attribute],
    (was_seen, is_seen): (&str, &str),
    person: &Person,
    now: Timestamp,
) -> Result<(), CaseRefused> {
    complete(shown, compared)?;
    if was_seen != is_seen || person.level(now) < Level::Standard || person.blocked {
        return Err(CaseRefused::Changed);
    }
    Ok(())
}

/// A reason that the citizen reads.
pub(super) fn reason(text: &str) -> Result<String, CaseRefused> {
    let reason: String = text.trim().chars().take(REASON).collect();
    if reason.is_empty() {
        return Err(CaseRefused::NoReason);
    }
    Ok(reason)
}

/// How a decision ended.
pub(super) const fn ended(ended: Completed) -> Result<(), CaseRefused> {
    match ended {
        Completed::Now => Ok(()),
        Completed::Before => Err(CaseRefused::Unknown),
        Completed::Stale => Err(CaseRefused::Changed),
    }
}
