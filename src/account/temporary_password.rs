//! Passwords that are printed at a desk and handed over: easy to read and to
//! type, known to another, and therefore replaced at the first sign-in
//! (requirement A5).

use std::time::Duration;

use super::Accounts;
use super::hashing::HashRefused;
use super::new_password::NewPassword;
use super::personal::PersonalParts;
use crate::error::{Internal, Result};
use crate::model::id::AccountId;
use crate::model::secret::Secret;
use crate::model::timestamp::Timestamp;
use crate::storage::PasswordRecord;

/// Without vowels, so that no words come of it, and without signs that look
/// like others: 27 of them, 4.75 bits each.
const SIGNS: &[u8] = b"bcdfghjkmnpqrstvwxz23456789";
/// The first sign is a capital.
const CAPITALS: &[u8] = b"BCDFGHJKLMNPQRSTVWXZ";
/// Groups of signs, between hyphens: 70 bits in all.
const GROUPS: usize = 3;
const GROUP: usize = 5;
/// Nearly every second one breaks no rule.
const DRAWS: usize = 100;

/// A temporary password that is to be printed, with the record of its hash.
pub(super) struct NewTemporary {
    pub password: Secret,
    pub until: Timestamp,
    pub record: PasswordRecord,
}

impl Accounts {
    /// A new temporary password for an account whose holder is called so.
    ///
    /// # Errors
    /// When too many passwords are being hashed.
    pub(super) async fn temporary_password(
        &self,
        account: &AccountId,
        personal: &PersonalParts,
        now: Timestamp,
    ) -> Result<NewTemporary, HashRefused> {
        let days = self.settings.limits.temporary_password_days;
        let until = now.plus(Duration::from_hours(24 * days));
        let password = self.draw_password(personal)?;
        let hash = self.hasher.hash(&password).await?;
        Ok(NewTemporary {
            password,
            until,
            record: PasswordRecord {
                account_id: account.clone(),
                hash,
                set_at: now,
                replaced_at: None,
                temporary_until: Some(until),
            },
        })
    }

    /// One that breaks no rule of the policy.
    fn draw_password(&self, personal: &PersonalParts) -> Result<Secret> {
        for _ in 0..DRAWS {
            let password = self.signs();
            let twice = NewPassword {
                password: &password,
                repeat: &password,
            };
            if self.problems_of(&twice, personal)?.is_empty() {
                return Ok(password);
            }
        }
        Err(Internal::new("no password was found that breaks no rule"))
    }

    fn signs(&self) -> Secret {
        let mut text = String::with_capacity(GROUPS * (GROUP + 1));
        for at in 0..GROUPS * GROUP {
            if at > 0 && at % GROUP == 0 {
                text.push('-');
            }
            text.push(self.sign(if at == 0 { CAPITALS } else { SIGNS }));
        }
        Secret::new(text)
    }

    /// One of these, each equally likely.
    fn sign(&self, of: &[u8]) -> char {
        let whole = 256 / of.len() * of.len();
        loop {
            let drawn = usize::from(self.entropy.bytes::<1>()[0]);
            if drawn < whole {
                return char::from(of[drawn % of.len()]);
            }
        }
    }
}
