//! The links of an account: what the security page shows and takes away.

use super::{Asserter, Channel};
use crate::account::Accounts;
use crate::account::browser::Browser;
use crate::account::session::Session;
use crate::error::{Internal, Result};
use crate::model::id::AccountId;
use crate::model::timestamp::Timestamp;
use crate::notify::MessageKind;
use crate::storage::{Detached, EndedGrant, LinkRecord};

/// Somebody who vouches for the holder of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    pub id: String,
    pub channel: Channel,
    pub issuer: String,
    pub linked_at: Timestamp,
}

/// Why a link was not taken away.
#[derive(Debug)]
pub enum UnlinkRefused {
    /// The last proof is too old: the citizen signs in anew first.
    NeedsProof,
    /// The account is restricted.
    Restricted,
    /// Nobody could sign in any more: a password must be set before.
    LastWay,
    /// The account has no such link.
    Unknown,
    Internal(Internal),
}

impl From<Internal> for UnlinkRefused {
    fn from(error: Internal) -> Self {
        Self::Internal(error)
    }
}

impl Accounts {
    /// The live links of an account, oldest first.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn links(&self, account: &AccountId) -> Result<Vec<Link>> {
        let records = self.storage.links_of(account).await?;
        let link = |record: LinkRecord| Link {
            channel: match record.channel.as_str() {
                "signature" => Channel::Signature,
                _ => Channel::Bank,
            },
            id: record.id,
            issuer: record.issuer,
            linked_at: record.linked_at,
        };
        Ok(records.into_iter().map(link).collect())
    }

    /// Takes a link away, known to the citizen by `title`; every other session
    /// ends, for it may have begun by it. What was proven stays proven. Gives
    /// the grants that ended.
    ///
    /// # Errors
    /// The refusal.
    pub async fn unlink(
        &self,
        session: &Session,
        id: &str,
        title: &str,
        browser: &Browser,
        now: Timestamp,
    ) -> Result<Vec<EndedGrant>, UnlinkRefused> {
        if !self.is_proven(session, now).await? {
            return Err(UnlinkRefused::NeedsProof);
        }
        if self.restriction(&session.account, now).await?.is_some() {
            return Err(UnlinkRefused::Restricted);
        }
        let owner = self.load_owner(&session.account).await?;
        let params = [
            ("time", now.millis().to_string()),
            ("site", title.to_owned()),
            ("link", self.link("/account/security")),
        ];
        let kind = MessageKind::LinkRemoved;
        let happening = (kind, &session.id);
        let effects = self
            .lines(&owner, now)
            .journal("link_removed", Some(title), browser)?
            .warn(happening, &params)
            .await?
            .done();
        let (account, keep) = (session.account.clone(), session.id.clone());
        let detached = self
            .storage
            .detach_link(id.to_owned(), account, keep, now, effects)
            .await?;
        match detached {
            Detached::Now(ended) => Ok(ended),
            Detached::LastWay => Err(UnlinkRefused::LastWay),
            Detached::Unknown => Err(UnlinkRefused::Unknown),
        }
    }

    /// By what a subject is found.
    pub(super) fn subject_index(&self, by: &Asserter) -> String {
        let subject = format!("{}\n{}\n{}", by.channel.as_str(), by.issuer, by.subject);
        self.vault.blind_index("link", &subject)
    }

    pub(super) fn link_record(
        &self,
        by: &Asserter,
        account: &AccountId,
        now: Timestamp,
    ) -> LinkRecord {
        LinkRecord {
            id: self.entropy.id(now),
            account_id: account.clone(),
            channel: by.channel.as_str().to_owned(),
            issuer: by.issuer.clone(),
            subject_index: self.subject_index(by),
            linked_at: now,
            unlinked_at: None,
        }
    }
}
