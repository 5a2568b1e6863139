//! Browsers that show notices (requirement D5): subscribed and taken out by
//! their owner. A browser is told what an SMS would tell, by the same choices
//! and in the same hours; of dangers it is never the only one to be told.

use super::Accounts;
use super::browser::{Browser, Details};
use super::notice_settings::{NoticeSettings, NoticeWay};
use super::session::Session;
use crate::error::Result;
use crate::model::id::AccountId;
use crate::model::timestamp::Timestamp;
use crate::notify::push::{Hosts, Subscription, subscription_field};
use crate::notify::{Category, MessageKind, push};
use crate::storage::{PushRecord, PushSubscribed, PushSubscriptionRecord};
use crate::texts::Lang;
use crate::vault::AccountKey;

/// Browsers of one account.
pub const MOST: usize = 10;

/// A browser that shows notices.
#[derive(Clone, Debug)]
pub struct ToldBrowser {
    pub id: String,
    pub device_kind: String,
    pub details: Details,
    pub added_at: Timestamp,
    /// Whether it is the one that asks.
    pub here: bool,
}

/// Why a browser was not subscribed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SubscribeRefused {
    /// What it sent is no subscription at a service that we may call, or it is
    /// one of another account.
    Unusable,
    /// There are [`MOST`] already.
    Full,
}

/// The field the browser's description is sealed for.
fn details_field(id: &str) -> String {
    format!("push-details:{id}")
}

impl Accounts {
    /// Whether browsers may subscribe.
    pub const fn has_push(&self) -> bool {
        self.settings.push.is_on()
    }

    /// Subscribes the browser of this session, in place of what it had before,
    /// and tells every contact.
    ///
    /// # Errors
    /// When the database is away; the refusal inside.
    pub async fn subscribe_browser(
        &self,
        session: &Session,
        [endpoint, p256dh, auth]: [&str; 3],
        browser: &Browser,
        now: Timestamp,
    ) -> Result<std::result::Result<(), SubscribeRefused>> {
        let hosts = Hosts::parse(&self.settings.push.hosts)?;
        let subscription = Subscription::parse(&hosts, endpoint, p256dh, auth);
        let Some(subscription) = subscription.filter(|_| self.has_push()) else {
            return Ok(Err(SubscribeRefused::Unusable));
        };
        let owner = self.load_owner(&session.account).await?;
        let (id, details) = (self.entropy.id(now), browser.details());
        let device = details.device();
        let record = PushSubscriptionRecord {
            account_id: owner.id().clone(),
            endpoint_index: self.vault.blind_index("push", subscription.endpoint()),
            subscription_sealed: owner
                .key
                .seal_json(&subscription_field(&id), &subscription)?,
            details_sealed: owner.key.seal_json(&details_field(&id), &details)?,
            device_kind: browser.device_kind().to_owned(),
            // As the session knows it: a cookie can be left out.
            device: session.device.clone(),
            created_at: now,
            id,
        };
        let kind = MessageKind::BrowserTold;
        let params = [
            ("time", now.millis().to_string()),
            ("device", device.clone()),
            ("link", self.link("/account/notices/browsers")),
        ];
        let effects = self
            .lines(&owner, now)
            .journal("browser_told", Some(&device), browser)?
            .warn_everywhere((kind, &session.id), &params)
            .await?
            .done();
        let most = i64::try_from(MOST)?;
        let subscribed = self.storage.subscribe_push(record, most, effects).await?;
        Ok(match subscribed {
            PushSubscribed::Done => Ok(()),
            PushSubscribed::Full => Err(SubscribeRefused::Full),
            PushSubscribed::Taken => Err(SubscribeRefused::Unusable),
        })
    }

    /// The browsers that show an account's notices, oldest first; `device` is
    /// the one that asks.
    ///
    /// # Errors
    /// When the database is away or a record does not open.
    pub async fn told_browsers(
        &self,
        account: &AccountId,
        asking: Option<&Browser>,
    ) -> Result<Vec<ToldBrowser>> {
        let key = self.account_key(account).await?;
        let device = asking.and_then(|browser| browser.device.as_ref());
        let here = device.map(|device| device.digest());
        let records = self.storage.push_subscriptions(account).await?;
        let told = |record: PushSubscriptionRecord| {
            Ok(ToldBrowser {
                details: key.open_json(&details_field(&record.id), &record.details_sealed)?,
                here: here.is_some() && record.device == here,
                id: record.id,
                device_kind: record.device_kind,
                added_at: record.created_at,
            })
        };
        records.into_iter().map(told).collect()
    }

    /// Takes one of their browsers out; false when there is none.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn unsubscribe_browser(
        &self,
        session: &Session,
        id: &str,
        browser: &Browser,
        now: Timestamp,
    ) -> Result<bool> {
        let owner = self.load_owner(&session.account).await?;
        let found = self.storage.find_push_subscription(owner.id(), id).await?;
        let Some(record) = found else {
            return Ok(false);
        };
        let field = details_field(&record.id);
        let details: Details = owner.key.open_json(&field, &record.details_sealed)?;
        let effects = self
            .lines(&owner, now)
            .journal("browser_silenced", Some(&details.device()), browser)?
            .done();
        let account = owner.id().clone();
        self.storage
            .remove_push_subscription(account, record.id, effects)
            .await
    }

    /// A message for the browsers of an account, if its owner wants it there;
    /// in quiet hours it waits as others do.
    ///
    /// # Errors
    /// When a value is missing or not admitted.
    pub fn push_to(
        &self,
        (key, account, lang): (&AccountKey, &AccountId, Lang),
        settings: &NoticeSettings,
        zone: &str,
        kind: MessageKind,
        params: &[(&str, String)],
        now: Timestamp,
    ) -> Result<Option<PushRecord>> {
        let category = kind.category();
        if !self.has_push() || !settings.is_on(category, NoticeWay::Push) {
            return Ok(None);
        }
        let mut message = push(key, account, &self.entropy, kind, params, lang, now)?;
        if category != Category::Security
            && let Some(end) = settings.quiet_end(zone, now)
        {
            message.wait_until(end);
        }
        Ok(Some(message))
    }
}
