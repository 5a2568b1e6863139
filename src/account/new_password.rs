//! A password that is to be set, and everything that is wrong with it.

use super::Accounts;
use super::hashing::HashRefused;
use super::password_policy::{self, PasswordRule, REMEMBERED};
use super::personal::PersonalParts;
use super::problem::{Problem, ProblemKind};
use crate::error::Result;
use crate::model::id::AccountId;
use crate::model::secret::Secret;

/// A password typed twice.
#[derive(Clone, Copy, Debug)]
pub struct NewPassword<'a> {
    pub password: &'a Secret,
    pub repeat: &'a Secret,
}

impl Accounts {
    /// What a password of this person must not hold.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn personal_parts(&self, account: &AccountId) -> Result<PersonalParts> {
        let person = self.load_person(account).await?;
        Ok(PersonalParts::of(&person.profile, &person.identifiers()))
    }

    /// Everything wrong with a new password, but for the last five.
    pub(super) fn problems_of(
        &self,
        new: &NewPassword<'_>,
        personal: &PersonalParts,
    ) -> Result<Vec<Problem>> {
        let plain = new.password.expose();
        if plain.is_empty() {
            return Ok(vec![Problem::of("password", ProblemKind::PasswordEmpty)]);
        }
        let mut broken = password_policy::check(plain, personal);
        if let Some(file) = &self.breached
            && !broken.contains(&PasswordRule::Breached)
            && file.contains(plain)?
        {
            broken.push(PasswordRule::Breached);
        }
        let mut problems: Vec<_> = broken
            .into_iter()
            .map(|rule| Problem::of("password", ProblemKind::Password(rule)))
            .collect();
        if new.password != new.repeat {
            problems.push(Problem::of("password_repeat", ProblemKind::PasswordRepeat));
        }
        Ok(problems)
    }

    /// What is wrong with a password that is one of the last five. Asked last,
    /// for it costs a hash for each that is remembered.
    pub(super) async fn is_remembered(
        &self,
        account: &AccountId,
        password: &Secret,
    ) -> Result<Option<Problem>, HashRefused> {
        let remembered = i64::try_from(REMEMBERED).unwrap_or(i64::MAX);
        for old in self.storage.passwords_of(account, remembered).await? {
            if self.hasher.verify(password, &old.hash).await? {
                let kind = ProblemKind::Password(PasswordRule::History);
                return Ok(Some(Problem::of("password", kind)));
            }
        }
        Ok(None)
    }
}
