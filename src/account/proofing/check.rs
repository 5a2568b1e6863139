//! Asking a registry. The question lies in the outbox since the transaction
//! that took the form: it survives restarts and outages, and is asked until
//! there is an answer. When the last answer is there, the submission ends.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use serde::Deserialize;

use super::registry::{Question, Registry, find_registry};
use super::submission::field;
use crate::account::Accounts;
use crate::clock::Clock;
use crate::error::Result;
use crate::notify::{Deliver, DeliveryFailed};

/// Takes the questions of one registry's lane out of the outbox.
pub struct RegistryCheck {
    pub accounts: Arc<Accounts>,
    pub registry: Arc<dyn Registry>,
    pub clock: Clock,
}

/// What lies in the outbox: names only, no data of a person.
#[derive(Deserialize)]
struct Asked {
    submission: String,
    registry: String,
}

impl Deliver for RegistryCheck {
    fn deliver<'a>(
        &'a self,
        id: &'a str,
        payload: &'a [u8],
    ) -> BoxFuture<'a, Result<(), DeliveryFailed>> {
        Box::pin(async move {
            let asked: Asked = serde_json::from_slice(payload)
                .map_err(|_| DeliveryFailed::for_good("not a question of this version"))?;
            match self.ask(id, &asked).await {
                Ok(None) => Ok(()),
                Ok(Some(why)) => Err(DeliveryFailed::for_now(why)),
                Err(error) => Err(DeliveryFailed::for_now(error.to_string())),
            }
        })
    }
}

impl RegistryCheck {
    /// Asks, notes the answer and, after the last one, ends the submission; says
    /// why when there was none. Every part may be done again.
    async fn ask(&self, id: &str, asked: &Asked) -> Result<Option<String>> {
        let storage = &self.accounts.storage;
        let (Some(submission), Some(registry)) = (
            storage.find_submission(&asked.submission).await?,
            find_registry(&asked.registry),
        ) else {
            return Ok(None);
        };
        if submission.closed_at.is_some() {
            return Ok(None);
        }
        let names = || (asked.submission.clone(), asked.registry.clone());
        let (submission_id, name) = names();
        if storage
            .start_check(submission_id, name, self.clock.now())
            .await?
        {
            let key = self.accounts.account_key(&submission.account_id).await?;
            let data = key.open_json(&field(&submission.id), &submission.data_sealed)?;
            let question = Question {
                registry,
                id,
                data: &data,
            };
            let (submission_id, name) = names();
            match self.registry.ask(question).await {
                Ok(mismatch) => {
                    let fields: Vec<_> = mismatch.iter().map(|name| name.as_str()).collect();
                    let now = self.clock.now();
                    storage
                        .answer_check(submission_id, name, fields.join(" "), now)
                        .await?;
                }
                Err(unavailable) => {
                    storage.pause_check(submission_id, name).await?;
                    return Ok(Some(unavailable.0));
                }
            }
        }
        self.accounts
            .complete(&submission, self.clock.now())
            .await?;
        Ok(None)
    }
}
