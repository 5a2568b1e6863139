//! The activity journal: every action on the account, by whom (requirement D4).

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use super::Accounts;
use crate::error::Result;
use crate::model::id::{AccountId, ClientId};
use crate::model::timestamp::Timestamp;
use crate::storage::{HistoryFilter, JournalRecord};
use crate::vault::AccountKey;

/// Who did it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    /// The citizen, or whoever acted as they.
    Citizen,
    /// A relying party.
    Client(ClientId),
    /// Somebody at a service centre; the subject says where.
    Operator,
    /// This system by itself.
    System,
}

/// A line of the journal.
#[derive(Clone, Debug)]
pub struct JournalLine {
    pub at: Timestamp,
    pub actor: Actor,
    /// What was done: `registered`, `signed_in`, `password_changed` …
    pub action: String,
    /// To what, if that needs saying.
    pub subject: Option<String>,
    /// The network address it came from, if any.
    pub address: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct Sealed {
    subject: Option<String>,
    address: Option<String>,
}

const CITIZEN: &str = "citizen";
const SYSTEM: &str = "system";
const OPERATOR: &str = "operator";
const CLIENT: &str = "client:";

impl Actor {
    fn stored(&self) -> String {
        match self {
            Self::Citizen => CITIZEN.to_owned(),
            Self::Operator => OPERATOR.to_owned(),
            Self::System => SYSTEM.to_owned(),
            Self::Client(client) => format!("{CLIENT}{client}"),
        }
    }

    fn from_stored(stored: &str) -> Self {
        match stored.strip_prefix(CLIENT) {
            Some(client) => Self::Client(client.into()),
            None if stored == CITIZEN => Self::Citizen,
            None if stored == OPERATOR => Self::Operator,
            None => Self::System,
        }
    }
}

impl Accounts {
    /// The journal, a page of it.
    ///
    /// # Errors
    /// When the database is away or a line does not open.
    pub async fn journal(
        &self,
        account: &AccountId,
        filter: &HistoryFilter,
        ascending: bool,
    ) -> Result<Vec<JournalLine>> {
        let key = self.account_key(account).await?;
        let records = self.storage.journal(account, filter, ascending).await?;
        records
            .into_iter()
            .map(|record| open(&key, record))
            .collect()
    }

    /// A line to be written with the step it tells of; `action` is a name that
    /// pages translate.
    ///
    /// # Errors
    /// When sealing fails.
    #[expect(
        clippy::too_many_arguments,
        reason = "who, what, to what, whence: a line is these"
    )]
    pub fn journal_record(
        &self,
        key: &AccountKey,
        account: &AccountId,
        actor: &Actor,
        action: &str,
        subject: Option<&str>,
        address: Option<IpAddr>,
        now: Timestamp,
    ) -> Result<JournalRecord> {
        let id = self.entropy.id(now);
        let sealed = Sealed {
            subject: subject.map(str::to_owned),
            address: address.map(|address| address.to_string()),
        };
        Ok(JournalRecord {
            details_sealed: key.seal_json(&format!("journal:{id}"), &sealed)?,
            id,
            account_id: account.clone(),
            at: now,
            actor: actor.stored(),
            action: action.to_owned(),
        })
    }
}

fn open(key: &AccountKey, record: JournalRecord) -> Result<JournalLine> {
    let field = format!("journal:{}", record.id);
    let sealed: Sealed = key.open_json(&field, &record.details_sealed)?;
    Ok(JournalLine {
        at: record.at,
        actor: Actor::from_stored(&record.actor),
        action: record.action,
        subject: sealed.subject,
        address: sealed.address,
    })
}
