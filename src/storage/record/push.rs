//! Browsers that show notices, and messages for them.

use crate::model::id::AccountId;
use crate::model::secret::Digest;
use crate::model::timestamp::Timestamp;

record! {
    /// A browser that its owner has subscribed.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct PushSubscriptionRecord {
        pub id: String,
        pub account_id: AccountId,
        /// Blind index of its address at the push service.
        pub endpoint_index: String,
        /// That address, and the keys it reads messages with.
        pub subscription_sealed: String,
        /// What is known of the browser.
        pub details_sealed: String,
        pub device_kind: String,
        /// Digest of its device cookie.
        pub device: Option<Digest>,
        pub created_at: Timestamp,
    }
}

/// How subscribing a browser ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PushSubscribed {
    /// It will be told.
    Done,
    /// The account has as many as it may have.
    Full,
    /// The address is one of another account's browser.
    Taken,
}

/// A message for every browser of an account.
#[derive(Clone, Debug)]
pub struct PushRecord {
    pub id: String,
    pub account_id: AccountId,
    pub message_sealed: String,
    pub created_at: Timestamp,
    pub next_try_at: Timestamp,
    pub expires_at: Timestamp,
}

impl PushRecord {
    /// Lets it wait until then; it lives that much longer.
    pub fn wait_until(&mut self, then: Timestamp) {
        self.expires_at = self.expires_at.plus(then.since(self.next_try_at));
        self.next_try_at = then;
    }
}
