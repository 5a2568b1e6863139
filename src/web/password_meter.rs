//! How strong the password is that was typed, as pages show it beside the
//! field. The estimate is the account room's; the password itself never comes
//! back to the page.

use super::page_error::PageError;
use super::visit::Visit;
use crate::account::password_strength::Strength;
use crate::account::personal::PersonalParts;
use crate::model::id::AccountId;
use crate::model::secret::Secret;
use crate::texts::Texts;

/// A bar from 0 to `most`, its meaning in words, and an advice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PasswordMeter {
    /// How far it is filled.
    pub value: u8,
    /// When it is full.
    pub most: u8,
    /// Below it the password is weak.
    pub low: u8,
    /// From it on the password is good.
    pub high: u8,
    /// What the bar says, in the language of the page.
    pub words: String,
    /// What would make the password stronger.
    pub advice: Option<String>,
}

impl PasswordMeter {
    /// Of a password that somebody of these parts typed; none when nothing was.
    pub async fn of(
        visit: &Visit,
        typed: &Secret,
        personal: &PersonalParts,
    ) -> Result<Option<Self>, PageError> {
        let strength = visit.app.accounts.strength(typed, personal).await?;
        Ok(strength.map(|strength| Self::shown(visit.texts, strength)))
    }

    /// The same of somebody who has an account.
    pub async fn of_citizen(
        visit: &Visit,
        typed: &Secret,
        account: &AccountId,
    ) -> Result<Option<Self>, PageError> {
        let personal = visit.app.accounts.personal_parts(account).await?;
        Self::of(visit, typed, &personal).await
    }

    fn shown(texts: Texts, strength: Strength) -> Self {
        Self {
            value: strength.score,
            most: Strength::MOST,
            low: Strength::FAIR,
            high: Strength::GOOD,
            words: texts.t(strength.key()),
            advice: strength.advice.map(|advice| texts.t(advice.key())),
        }
    }
}
