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
        if shown.strength() > Strength::Aal1 || shown.is_vouched_and_confirmed() {
            return Ok(true);
        }
        // Whoever has chosen nothing stronger than their mailbox shows that.
        let factors = self.storage.factors_of(&session.account).await?;
        let only_email = factors.iter().all(|one| one.kind == Kind::Email.as_str());
        if !factors.is_empty() {
            return Ok(only_email && shown.has(Method::EmailCode));
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
        let fresh = self.settings.limits.fresh_proof();
        let vouched_at = session.authentication.vouched_at();
        if vouched_at.is_none_or(|at| now.since(at) > fresh) {
            return Ok(false);
        }
        self.is_proven(session, now).await
    }

    /// Whether an account has any second factor.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn has_second_factor(&self, account: &AccountId) -> Result<bool> {
        Ok(!self.storage.factors_of(account).await?.is_empty())
    }
}
