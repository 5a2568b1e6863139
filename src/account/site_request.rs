//! A site asks, without any browser of the citizen's, to be let in (CIBA): whom
//! it means, and how they are told. What they answer is decided elsewhere.

use super::Accounts;
use crate::error::Result;
use crate::model::client::Localized;
use crate::model::id::AccountId;
use crate::model::identifier::Identifier;
use crate::model::timestamp::Timestamp;
use crate::notify::MessageKind;
use crate::storage::Effects;
use crate::texts::Lang;

impl Accounts {
    /// Whose phone, e-mail or SNILS this is, if it is confirmed for somebody.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn meant_by(&self, identifier: &str) -> Result<Option<AccountId>> {
        for reading in Identifier::readings(identifier) {
            if let Some(account) = self.find_by_identifier(&reading).await? {
                return Ok(Some(account));
            }
        }
        Ok(None)
    }

    /// What tells a citizen that a site asks; none when sites have asked them
    /// too often, for nobody must wear a person down until they agree.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn tell_of_request(
        &self,
        account: &AccountId,
        site: &Localized,
        now: Timestamp,
    ) -> Result<Option<Effects>> {
        let counter = self.requests_of_sites();
        if self.allow(counter, account.as_str(), now).await?.is_some() {
            return Ok(None);
        }
        let Some(owner) = self.find_owner(account).await? else {
            return Ok(None);
        };
        let name = match owner.lang() {
            Lang::Ru => &site.ru,
            Lang::En => &site.en,
        };
        let params = [("site", name.clone()), ("link", self.link("/account"))];
        let lines = self.lines(&owner, now);
        let told = lines.warn(MessageKind::SiteAsks, &params).await?;
        Ok(Some(told.done()))
    }
}
