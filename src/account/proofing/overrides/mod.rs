//! The registry is wrong or old, and the citizen has the originals: one operator
//! sees them and proposes to take the data, another decides. Here is what the
//! citizen asks for and reads; [`desk`] is what operators do.

mod desk;

pub use desk::Overridden;

use super::Outcome;
use crate::account::Accounts;
use crate::account::browser::Browser;
use crate::account::session::Session;
use crate::error::Result;
use crate::model::id::AccountId;
use crate::model::timestamp::Timestamp;

/// What was last proposed about a citizen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// The data it is about.
    pub submission: String,
    pub proposed_at: Timestamp,
    pub expires_at: Timestamp,
    pub state: ProposalState,
}

/// Where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProposalState {
    /// A second operator is to decide.
    Waiting,
    /// Nobody decided in time.
    Lapsed,
    /// A second operator did not agree, and why.
    Returned(String),
    /// It was decided otherwise, or the data count no more.
    Closed,
}

impl Accounts {
    /// Takes a number for a visit about the newest data, when registries did not
    /// confirm them; without such data nothing happens.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn request_override(
        &self,
        session: &Session,
        browser: &Browser,
        now: Timestamp,
    ) -> Result<()> {
        let sent = self.progress(&session.account).await?;
        let Some(sent) = sent.filter(|sent| sent.outcome == Some(Outcome::Mismatch)) else {
            return Ok(());
        };
        let owner = self.load_owner(&session.account).await?;
        let effects = self
            .lines(&owner, now)
            .journal("override_requested", None, browser)?
            .done();
        self.take_number(&owner, Some(&sent.id), effects, now).await
    }

    /// What was last proposed about a citizen.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn proposal(&self, account: &AccountId, now: Timestamp) -> Result<Option<Proposal>> {
        let Some(record) = self.storage.newest_override(account).await? else {
            return Ok(None);
        };
        let state = match (&record.answer_sealed, record.closed_at) {
            (Some(sealed), _) => {
                let key = self.account_key(account).await?;
                ProposalState::Returned(key.open_json(&answer_field(&record.number), sealed)?)
            }
            (None, Some(_)) => ProposalState::Closed,
            (None, None) if record.expires_at <= now => ProposalState::Lapsed,
            (None, None) => ProposalState::Waiting,
        };
        Ok(Some(Proposal {
            submission: record.submission_id,
            proposed_at: record.proposed_at,
            expires_at: record.expires_at,
            state,
        }))
    }
}

/// The field the proposer's reason is sealed for.
fn reason_field(number: &str) -> String {
    format!("override:{number}")
}

/// The field the second operator's reason is sealed for.
fn answer_field(number: &str) -> String {
    format!("override-answer:{number}")
}
