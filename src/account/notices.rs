//! The inbox of the cabinet (requirement D5). The words come from the same
//! texts as mails; other rooms make their records with `notify::notice`.

use super::Accounts;
use crate::error::Result;
use crate::model::id::AccountId;
use crate::model::timestamp::Timestamp;
use crate::notify::read_notice;
use crate::texts::Texts;

/// A notice as it is read.
#[derive(Clone, Debug)]
pub struct NoticeLine {
    pub id: String,
    pub at: Timestamp,
    /// What kind it is: a name of `notify::MessageKind`.
    pub kind: String,
    pub title: String,
    pub body: String,
    pub read: bool,
}

impl Accounts {
    /// The inbox, newest first.
    ///
    /// # Errors
    /// When the database is away or a notice does not open.
    pub async fn notices(
        &self,
        account: &AccountId,
        texts: Texts,
        limit: i64,
        offset: i64,
    ) -> Result<Vec<NoticeLine>> {
        let key = self.account_key(account).await?;
        let records = self.storage.notices(account, limit, offset).await?;
        records
            .into_iter()
            .map(|record| {
                let (title, body) = read_notice(&key, &record, texts)?;
                Ok(NoticeLine {
                    id: record.id,
                    at: record.at,
                    kind: record.kind,
                    title,
                    body,
                    read: record.read_at.is_some(),
                })
            })
            .collect()
    }

    /// How many notices wait to be read.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn unread_notices(&self, account: &AccountId) -> Result<u64> {
        let unread = self.storage.unread_notices(account).await?;
        Ok(u64::try_from(unread).unwrap_or_default())
    }

    /// Marks one notice of the account, or all, as read.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn mark_notices_read(
        &self,
        account: &AccountId,
        id: Option<&str>,
        now: Timestamp,
    ) -> Result<()> {
        self.storage
            .mark_read(account.clone(), id.map(str::to_owned), now)
            .await
    }
}
