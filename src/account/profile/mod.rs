//! What citizens may change of what they say of themselves. Only these fields
//! exist: nobody raises a level or confirms a contact by sending more (attack
//! row 46).

mod form;

pub use form::ProfileForm;

use super::Accounts;
use super::browser::Browser;
use super::person::Person;
use super::problem::{Problem, ProblemKind};
use super::session::Session;
use crate::error::{Internal, Result};
use crate::model::identifier::Identifier;
use crate::model::level::Level;
use crate::model::profile::Profile;
use crate::model::snils::Snils;
use crate::model::timestamp::Timestamp;
use crate::notify::MessageKind;

/// Why a profile was not changed.
#[derive(Debug)]
pub enum ProfileRefused {
    /// Wrong fields, all of them, by the names of the form.
    Problems(Vec<Problem>),
    Internal(Internal),
}

impl From<Internal> for ProfileRefused {
    fn from(error: Internal) -> Self {
        Self::Internal(error)
    }
}

/// How often a change is tried that others come before.
const TRIES: usize = 5;

impl Accounts {
    /// Changes what the citizen says of themselves.
    ///
    /// # Errors
    /// The refusal.
    pub async fn change_profile(
        &self,
        session: &Session,
        form: &ProfileForm,
        browser: &Browser,
        now: Timestamp,
    ) -> Result<(), ProfileRefused> {
        // Changed in the same moment by a check that ended: once more, from
        // what it left.
        for _ in 0..TRIES {
            if self.try_change(session, form, browser, now).await? {
                return Ok(());
            }
        }
        Err(Internal::new("a profile changes all the time").into())
    }

    async fn try_change(
        &self,
        session: &Session,
        form: &ProfileForm,
        browser: &Browser,
        now: Timestamp,
    ) -> Result<bool, ProfileRefused> {
        let owner = self.load_owner(&session.account).await?;
        let person = self.person_of(&owner).await?;
        // What registries have checked changes only through them (B13).
        let form = if person.level(now) > Level::Simplified {
            &form.only_address(&person)
        } else {
            form
        };
        let (profile, snils) = form
            .check(&person.profile, now)
            .map_err(ProfileRefused::Problems)?;
        keeps_login(&person, snils.as_ref())
            .map_err(|wrong| vec![wrong])
            .map_err(ProfileRefused::Problems)?;
        let changed = changes(&person, &profile, snils.as_ref());
        if changed.is_empty() {
            return Ok(true);
        }
        // A SNILS that a registry confirmed is no longer the citizen's to change.
        let confirmed = person.snils.is_some_and(|snils| snils.confirmed);
        let declared = match snils {
            Some(snils) if !confirmed => {
                let snils = Identifier::Snils(snils);
                vec![self.contact_record(&owner.key, owner.id(), &snils, false, now)?]
            }
            _ => Vec::new(),
        };
        let params = [("time", now.millis().to_string())];
        let lines = self
            .lines(&owner, now)
            .journal("profile_changed", Some(&changed.join(" ")), browser)?
            .notice(MessageKind::ProfileChanged, &params)?;
        let sealed = owner.key.seal_json("profile", &profile)?;
        let (account, read_at) = (session.account.clone(), owner.record.updated_at);
        Ok(self
            .storage
            .put_profile(account, sealed, declared, read_at, now, lines.done())
            .await?)
    }
}

/// Whoever came with papers alone signs in by SNILS: it stays as the operator saw
/// it until the registries have spoken, and is not given up for nothing.
fn keeps_login(person: &Person, snils: Option<&Snils>) -> Result<(), Problem> {
    let Some(known) = person.snils.as_ref().filter(|known| !known.confirmed) else {
        return Ok(());
    };
    if known.seen && snils != Some(&known.value) {
        return Err(Problem::of("snils", ProblemKind::SnilsSeen));
    }
    if snils.is_none() && person.is_out_of_reach() {
        return Err(Problem::of("snils", ProblemKind::SnilsIsLogin));
    }
    Ok(())
}

/// The names of the fields that differ: the journal tells what, never the values.
fn changes(before: &Person, after: &Profile, snils: Option<&Snils>) -> Vec<&'static str> {
    let old = &before.profile;
    [
        ("family_name", old.family_name != after.family_name),
        ("given_name", old.given_name != after.given_name),
        ("middle_name", old.middle_name != after.middle_name),
        ("birth_date", old.birthdate != after.birthdate),
        ("sex", old.gender != after.gender),
        (
            "snils",
            before.snils.as_ref().map(|snils| &snils.value) != snils,
        ),
        ("address", old.address != after.address),
    ]
    .into_iter()
    .filter(|(_, differs)| *differs)
    .map(|(field, _)| field)
    .collect()
}
