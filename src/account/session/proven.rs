//! Whether a session may do what is critical.

use super::Session;
use crate::account::Accounts;
use crate::account::factor::enrolled::Kind;
use crate::account::not_me::is_more_than_password;
use crate::error::Result;
use crate::model::authentication::{Method, Strength};
use crate::model::id::AccountId;
use crate::model::timestamp::Timestamp;

impl Accounts {
    /// Whether a session may do what is critical (requirement C10): proven a
    /// short while ago, and with a second factor where the account has one.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn is_proven(&self, session: &Session, now: Timestamp) -> Result<bool> {
        let fresh = self.settings.limits.fresh_proof();
        if !session.authentication.is_fresh(fresh, now) {
            return Ok(false);
        }
        let shown = &session.authentication;
        let vouched = self.has_fresh_word(session, now) && shown.is_confirmed_by_device();
        if shown.strength() > Strength::Aal1 || vouched {
            return Ok(true);
        }
        // Whoever has chosen nothing stronger than their mailbox shows that; who has
        // no password and nothing stronger than the phone, that beside the bank.
        let factors = self.storage.factors_of(&session.account).await?;
        let all_of = |kinds: &[Kind]| {
            let is_one = |name: &str| kinds.iter().any(|kind| kind.as_str() == name);
            factors.iter().all(|factor| is_one(&factor.kind))
        };
        if !factors.is_empty() {
            let by_email = all_of(&[Kind::Email]) && shown.has(Method::EmailCode);
            let by_phone = all_of(&[Kind::Email, Kind::Sms])
                && shown.has(Method::SmsCode)
                && self.has_fresh_word(session, now);
            return Ok(
                by_email || (by_phone && self.password_state(&session.account).await?.is_none())
            );
        }
        // A password that others know proves nothing by itself.
        Ok(is_more_than_password(shown) || !self.is_exposed(&session.account).await?)
    }

    /// Whether a bank or a signature has said a short while ago who this is, and
    /// what else the account asks for was shown: as good as its password.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn is_vouched(&self, session: &Session, now: Timestamp) -> Result<bool> {
        Ok(self.has_fresh_word(session, now) && self.is_proven(session, now).await?)
    }

    fn has_fresh_word(&self, session: &Session, now: Timestamp) -> bool {
        let fresh = self.settings.limits.fresh_proof();
        let at = session.authentication.vouched_at();
        at.is_some_and(|at| now.since(at) <= fresh)
    }

    /// Whether an account has any second factor.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn has_second_factor(&self, account: &AccountId) -> Result<bool> {
        Ok(!self.storage.factors_of(account).await?.is_empty())
    }
}
