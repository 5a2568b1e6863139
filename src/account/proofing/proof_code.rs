//! A code on paper that proves who the holder of an account is when it comes
//! back (requirements B4, B6): few tries, a term, redeemed once.

use std::time::Duration;

use crate::account::Accounts;
use crate::account::browser::Browser;
use crate::account::person::Owner;
use crate::account::session::Session;
use crate::error::Result;
use crate::model::digits::plain_digits;
use crate::model::evidence::{Facts, PROOF_OF_HOLDER, Source};
use crate::model::id::AccountId;
use crate::model::timestamp::Timestamp;
use crate::notify::MessageKind;
use crate::storage::{CodeAttempt, CodeTried, ProofCodeRecord};
use crate::vault::Purpose;

/// Digits of a code: with five tries one in twenty million guesses fits.
pub const CODE_DIGITS: usize = 8;

/// The newest code of an account from a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProofCode {
    /// The number of the letter or visit it belongs to.
    pub id: String,
    pub expires_at: Timestamp,
    pub state: CodeState,
}

/// Where a code stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeState {
    /// It may be entered; so many tries are left.
    Open(i64),
    Accepted,
    /// Too many wrong ones.
    Spent,
    /// Nobody entered it in time.
    Expired,
    /// The letter came back.
    Returned,
}

/// How entering a code ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeEntered {
    Accepted,
    /// Not the digits of a code; no try was counted.
    Unreadable,
    /// So many tries are left.
    Wrong(i64),
    /// There is no open code.
    Gone,
}

/// A code to be written down, before it is handed out.
pub(super) struct NewCode<'a> {
    pub id: String,
    pub source: Source,
    pub given_by: String,
    pub covers: &'a Facts,
    pub code: &'a str,
    pub life: Duration,
}

impl Accounts {
    /// The newest code of this source.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn proof_code(
        &self,
        account: &AccountId,
        source: Source,
        now: Timestamp,
    ) -> Result<Option<ProofCode>> {
        let record = self
            .storage
            .newest_proof_code(account, source.as_str())
            .await?;
        Ok(record.map(|record| ProofCode {
            state: match record.outcome.as_deref() {
                Some("accepted") => CodeState::Accepted,
                Some("returned") => CodeState::Returned,
                Some(_) => CodeState::Spent,
                None if record.expires_at <= now => CodeState::Expired,
                None => CodeState::Open(self.code_limit() - record.tries),
            },
            id: record.id,
            expires_at: record.expires_at,
        }))
    }

    /// Enters a code, in any notation.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn enter_proof_code(
        &self,
        session: &Session,
        source: Source,
        typed: &str,
        browser: &Browser,
        now: Timestamp,
    ) -> Result<CodeEntered> {
        let code = plain_digits(typed).filter(|digits| digits.len() == CODE_DIGITS);
        let Some(code) = code else {
            return Ok(CodeEntered::Unreadable);
        };
        let account = &session.account;
        let open = self
            .storage
            .newest_proof_code(account, source.as_str())
            .await?
            .filter(|record| record.closed_at.is_none() && record.expires_at > now);
        let Some(record) = open else {
            return Ok(CodeEntered::Gone);
        };
        let owner = self.load_owner(account).await?;
        let covers: Facts = owner
            .key
            .open_json(&covers_field(&record.id), &record.covers_sealed)?;
        let evidence = self.evidence(&owner, source, record.given_by, &covers, None, now)?;
        let spent = self
            .told("proof_code_spent", &owner, MessageKind::ProofCodeSpent, now)
            .await?;
        let kind = MessageKind::ProofAccepted;
        let params = [("link", self.link("/account/level"))];
        let lines = || self.lines(&owner, now);
        let attempt = CodeAttempt {
            digest: self.proof_digest(&record.id, &code),
            id: record.id,
            limit: self.code_limit(),
            evidence,
            accepted: lines()
                .journal("proof_code_accepted", None, browser)?
                .warn(kind, &params)
                .await?
                .done(),
            wrong: lines().journal("proof_code_wrong", None, browser)?.done(),
            spent,
        };
        let tried = self.storage.try_proof_code(attempt, now).await?;
        Ok(match tried {
            CodeTried::Accepted => CodeEntered::Accepted,
            CodeTried::Wrong(left) => CodeEntered::Wrong(left),
            CodeTried::Gone => CodeEntered::Gone,
        })
    }

    /// A code as it is stored.
    pub(super) fn proof_code_record(
        &self,
        owner: &Owner,
        new: NewCode<'_>,
        now: Timestamp,
    ) -> Result<ProofCodeRecord> {
        let covers = new.covers.only(&PROOF_OF_HOLDER);
        Ok(ProofCodeRecord {
            account_id: owner.id().clone(),
            source: new.source.as_str().to_owned(),
            given_by: new.given_by,
            covers_sealed: owner.key.seal_json(&covers_field(&new.id), &covers)?,
            digest: self.proof_digest(&new.id, new.code),
            tries: 0,
            created_at: now,
            expires_at: now.plus(new.life),
            closed_at: None,
            outcome: None,
            id: new.id,
        })
    }

    /// A number for papers, of so many digits.
    pub fn new_number(&self, digits: usize) -> String {
        self.entropy.digits(digits)
    }

    /// A code as it is printed.
    pub(super) fn new_proof_code(&self) -> String {
        self.entropy.digits(CODE_DIGITS)
    }

    fn proof_digest(&self, id: &str, code: &str) -> String {
        let text = format!("proof:{id}:{code}");
        self.vault
            .digest_text(Purpose::OneTimeCode, text.as_bytes())
    }

    fn code_limit(&self) -> i64 {
        i64::from(self.settings.limits.proof_code_tries.max(1))
    }
}

/// The field that what a code covers is sealed for.
fn covers_field(code: &str) -> String {
    format!("proof_code:{code}")
}
