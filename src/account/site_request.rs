//! A site asks, without any browser of the citizen's, to be let in (CIBA): whom
//! it means, and how they are told. What they answer is decided elsewhere.

use std::time::Duration;

use super::Accounts;
use super::record::WARNING_LIFE;
use crate::error::Result;
use crate::model::client::Client;
use crate::model::id::{AccountId, ClientId};
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

    /// Counts one more person that a site asks for; how long to wait when there
    /// were too many: it would be finding out who exists.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn allow_request_of_site(
        &self,
        site: &ClientId,
        now: Timestamp,
    ) -> Result<Option<Duration>> {
        self.allow(self.people_per_site(), site.as_str(), now).await
    }

    /// What tells a citizen that a site asks; none when sites have asked them
    /// too often, for nobody must wear a person down until they agree. For nobody
    /// a message like theirs is made and kept, and none sent (attack row 24).
    ///
    /// # Errors
    /// When the database is away.
    pub async fn tell_of_request(
        &self,
        account: Option<&AccountId>,
        site: &Client,
        now: Timestamp,
    ) -> Result<(bool, Effects)> {
        let subject = account.map_or("nobody", AccountId::as_str);
        let of_site = format!("{subject}\n{}", site.client_id);
        let too_many = self
            .allow(self.requests_of_one_site(), &of_site, now)
            .await?
            .is_some()
            | self
                .allow(self.requests_of_sites(), subject, now)
                .await?
                .is_some();
        let owner = match account {
            Some(account) => self.find_owner(account).await?,
            None => None,
        };
        let lang = owner
            .as_ref()
            .map_or(Lang::default(), super::person::Owner::lang);
        let name = match lang {
            Lang::Ru => &site.name.ru,
            Lang::En => &site.name.en,
        };
        let params = [("site", name.clone()), ("link", self.link("/account"))];
        let kind = MessageKind::SiteAsks;
        match &owner {
            Some(owner) if !too_many => {
                let lines = self.lines(owner, now);
                Ok((true, lines.warn(kind, &params).await?.done()))
            }
            _ => {
                self.storage.contacts_of(self.decoy.owner.id()).await?;
                let to = &self.decoy.contact;
                let like = self.message(to, kind, &params, lang, now, WARNING_LIFE)?;
                let like = Effects {
                    outbox: like.into_iter().collect(),
                    ..Effects::default()
                };
                Ok((false, self.never_sent(like, now)))
            }
        }
    }
}
