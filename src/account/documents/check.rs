//! Asking the registry about a document. The question lies in the outbox since
//! the transaction that took the form, and names the very data it is about: an
//! answer to what was changed meanwhile counts for nothing.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use serde::Deserialize;

use super::{DocumentData, field, find_kind};
use crate::account::Accounts;
use crate::account::journal::Actor;
use crate::account::proofing::registry::{DocumentQuestion, Registry};
use crate::clock::Clock;
use crate::error::Result;
use crate::notify::{Deliver, DeliveryFailed};

/// The outbox channel of these questions.
pub const LANE: &str = "registry_documents";

/// How an answer stands in the journal.
const MATCHED: &str = "document_matched";
const MISMATCH: &str = "document_mismatch";

/// Takes questions about documents out of the outbox.
pub struct DocumentCheck {
    pub accounts: Arc<Accounts>,
    pub registry: Arc<dyn Registry>,
    pub clock: Clock,
}

/// What lies in the outbox: no data of a person.
#[derive(Deserialize)]
struct Asked {
    check: String,
}

impl Deliver for DocumentCheck {
    fn deliver<'a>(
        &'a self,
        _: &'a str,
        payload: &'a [u8],
    ) -> BoxFuture<'a, Result<(), DeliveryFailed>> {
        Box::pin(async move {
            let asked: Asked = serde_json::from_slice(payload)
                .map_err(|_| DeliveryFailed::for_good("not a question of this version"))?;
            match self.ask(&asked.check).await {
                Ok(None) => Ok(()),
                Ok(Some(why)) => Err(DeliveryFailed::for_now(why)),
                Err(error) => Err(DeliveryFailed::for_now(error.to_string())),
            }
        })
    }
}

impl DocumentCheck {
    /// Asks and notes the answer; says why when there was none.
    async fn ask(&self, check: &str) -> Result<Option<String>> {
        let storage = &self.accounts.storage;
        let Some(version) = storage.find_asked_version(check).await? else {
            return Ok(None);
        };
        let Some(kind) = find_kind(&version.kind) else {
            return Ok(None);
        };
        let id = check.to_owned();
        if !storage.start_document_check(id, self.clock.now()).await? {
            return Ok(None);
        }
        let owner = self.accounts.load_owner(&version.account_id).await?;
        let person = self.accounts.person_of(&owner).await?;
        let data: DocumentData = owner
            .key
            .open_json(&field(&version.id), &version.data_sealed)?;
        let question = DocumentQuestion {
            id: check,
            kind: kind.name,
            holder: &person.profile,
            data: &data,
        };
        match self.registry.ask_document(question).await {
            Ok(mismatch) => {
                let now = self.clock.now();
                let action = if mismatch.is_empty() {
                    MATCHED
                } else {
                    MISMATCH
                };
                let lines = self.accounts.lines(&owner, now).journal_of(
                    &Actor::System,
                    action,
                    Some(kind.name),
                )?;
                let (id, fields) = (check.to_owned(), mismatch.join(" "));
                storage
                    .answer_document_check(id, fields, now, lines.done())
                    .await?;
                Ok(None)
            }
            Err(unavailable) => {
                storage.pause_document_check(check.to_owned()).await?;
                Ok(Some(unavailable.0))
            }
        }
    }
}
