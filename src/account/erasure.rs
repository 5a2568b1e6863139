//! Deleting the account (requirement C12): a fresh proof, a code to a confirmed
//! contact and one last press. Whoever has no contact types a word instead.
//! Storage does it all in one step; see `storage/sql/erasure.rs`.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::Accounts;
use super::codes::{AwaitsCode, CodeRefused, Pending, Resent};
use super::factor::one_time_code::SentCode;
use super::person::Owner;
use super::session::Session;
use crate::error::{Internal, Result};
use crate::model::id::{AccountId, SessionId};
use crate::model::identifier::Identifier;
use crate::model::secret::{Digest, Secret};
use crate::model::ticket;
use crate::model::timestamp::Timestamp;
use crate::notify::{Channel, MessageKind, recipient_index};
use crate::storage::{Effects, Erased, Erasure};
use crate::texts::Lang;

/// The prefix of the secret that finds a deletion under way.
const HANDLE_PREFIX: &str = "ppe_";
/// A farewell is tried for this long.
const FAREWELL_LIFE: Duration = Duration::from_hours(24);
/// What is typed where no code can be sent, in every language.
const WORDS: [&str; 2] = ["удалить", "delete"];

/// Why an account was not deleted.
#[derive(Debug)]
pub enum ErasureRefused {
    /// The last proof is too old: the citizen signs in anew first.
    NeedsProof,
    /// Sensitive actions are closed after an unusual sign-in.
    Restricted,
    /// It works at a service centre: the task must be taken from it before.
    Operator,
    /// Another word was typed.
    WrongWord,
    /// Too many codes to this contact.
    TooMany {
        retry_after: Duration,
    },
    /// There is a contact: a code goes there.
    NeedsCode,
    /// There is no contact: the word must be typed.
    NeedsWord,
    Code(CodeRefused),
    Internal(Internal),
}

impl From<Internal> for ErasureRefused {
    fn from(error: Internal) -> Self {
        Self::Internal(error)
    }
}

impl From<CodeRefused> for ErasureRefused {
    fn from(refused: CodeRefused) -> Self {
        Self::Code(refused)
    }
}

/// A deletion that waits for its code.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Deletion {
    account: AccountId,
    /// Nobody else's session may finish what this one has begun.
    session: SessionId,
    contact: Identifier,
    code: SentCode,
}

impl AwaitsCode for Deletion {
    const KIND: &'static str = ticket::ERASURE;

    fn contact(&self) -> &Identifier {
        &self.contact
    }

    fn code(&self) -> &SentCode {
        &self.code
    }

    fn flow(&self) -> Option<&str> {
        None
    }
}

impl Deletion {
    fn is_of(&self, session: &Session) -> bool {
        self.account == session.account && self.session == session.id
    }
}

impl Accounts {
    /// Whether the account works at a service centre: then it stays.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn is_operator(&self, account: &AccountId) -> Result<bool> {
        let task = self.storage.find_operator(account).await?;
        Ok(task.is_some_and(|task| task.disabled_at.is_none()))
    }

    /// Sends the code that confirms the deletion; gives the secret that finds it.
    ///
    /// # Errors
    /// The refusal.
    pub async fn begin_erasure(
        &self,
        session: &Session,
        now: Timestamp,
    ) -> Result<Secret, ErasureRefused> {
        self.may_erase(session, now).await?;
        let owner = self.load_owner(&session.account).await?;
        let reached = self.reached(&owner).await?;
        let contact = reached.into_iter().next();
        let contact = contact.ok_or(ErasureRefused::NeedsWord)?;
        let make =
            async |ticket: &Digest| self.deletion(session, contact.clone(), &owner, ticket, now);
        self.begin_waiting(&owner, HANDLE_PREFIX, &contact, now, make)
            .await?
            .map_err(|retry_after| ErasureRefused::TooMany { retry_after })
    }

    /// The deletion under way in this session.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn erasure(
        &self,
        session: &Session,
        handle: &Secret,
        now: Timestamp,
    ) -> Result<Option<Pending>> {
        let waiting = self.waiting::<Deletion>(&handle.digest(), now).await?;
        Ok(waiting
            .filter(|(deletion, _)| deletion.is_of(session))
            .map(|(deletion, record)| self.pending(&deletion, &record)))
    }

    /// Sends another code.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn resend_erasure_code(
        &self,
        session: &Session,
        handle: &Secret,
        now: Timestamp,
    ) -> Result<Resent> {
        let ticket = handle.digest();
        let waiting = self.waiting::<Deletion>(&ticket, now).await?;
        let Some((deletion, _)) = waiting.filter(|(deletion, _)| deletion.is_of(session)) else {
            return Ok(Resent::Unknown);
        };
        self.resend(deletion, &ticket, now, async |deletion| {
            let owner = self.load_owner(&session.account).await?;
            self.deletion(session, deletion.contact, &owner, &ticket, now)
        })
        .await
    }

    /// Checks the code and deletes the account.
    ///
    /// # Errors
    /// The refusal.
    pub async fn erase_by_code(
        &self,
        session: &Session,
        handle: &Secret,
        code: &str,
        now: Timestamp,
    ) -> Result<(), ErasureRefused> {
        if self.erasure(session, handle, now).await?.is_none() {
            return Err(CodeRefused::Unknown.into());
        }
        self.check_code::<Deletion>(handle, code, now).await?;
        self.erase(&session.account, "citizen", now).await
    }

    /// Deletes an account that no code can be sent to, when the word was typed.
    ///
    /// # Errors
    /// The refusal.
    pub async fn erase_by_word(
        &self,
        session: &Session,
        word: &str,
        now: Timestamp,
    ) -> Result<(), ErasureRefused> {
        self.may_erase(session, now).await?;
        let owner = self.load_owner(&session.account).await?;
        if !self.reached(&owner).await?.is_empty() {
            return Err(ErasureRefused::NeedsCode);
        }
        if !WORDS.contains(&word.trim().to_lowercase().as_str()) {
            return Err(ErasureRefused::WrongWord);
        }
        self.erase(&session.account, "citizen", now).await
    }

    /// Deletes an account at the word of an administrator.
    ///
    /// # Errors
    /// The refusal.
    pub async fn erase_by_administrator(
        &self,
        account: &AccountId,
        now: Timestamp,
    ) -> Result<(), ErasureRefused> {
        self.erase(account, "administrator", now).await
    }

    /// The word that is typed where no code can be sent.
    pub const fn erasure_word(lang: Lang) -> &'static str {
        match lang {
            Lang::Ru => WORDS[0],
            Lang::En => WORDS[1],
        }
    }

    /// Whether a code can be sent to somebody.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn is_reached(&self, account: &AccountId) -> Result<bool> {
        let owner = self.load_owner(account).await?;
        Ok(!self.reached(&owner).await?.is_empty())
    }

    async fn may_erase(&self, session: &Session, now: Timestamp) -> Result<(), ErasureRefused> {
        if self.restriction(&session.account, now).await?.is_some() {
            return Err(ErasureRefused::Restricted);
        }
        if !self.is_proven(session, now).await? {
            return Err(ErasureRefused::NeedsProof);
        }
        if self.is_operator(&session.account).await? {
            return Err(ErasureRefused::Operator);
        }
        Ok(())
    }

    fn deletion(
        &self,
        session: &Session,
        contact: Identifier,
        owner: &Owner,
        ticket: &Digest,
        now: Timestamp,
    ) -> Result<(Deletion, Effects)> {
        let (code, sent) = self.new_code(ticket, now);
        let kind = MessageKind::DeletionCode;
        let effects = self.code_message(owner, &contact, kind, &code, now)?;
        let deletion = Deletion {
            account: session.account.clone(),
            session: session.id.clone(),
            contact,
            code: sent,
        };
        Ok((deletion, effects))
    }

    async fn erase(
        &self,
        account: &AccountId,
        by: &'static str,
        now: Timestamp,
    ) -> Result<(), ErasureRefused> {
        let owner = self.find_owner(account).await?;
        let owner = owner.ok_or(CodeRefused::Unknown)?;
        let contacts = self.storage.contacts_of(account).await?;
        let all = owner.person(&contacts, &[])?.identifiers();
        let index = |to: &Identifier| {
            let channel = Channel::of_contact(to.kind().as_str())?;
            Some(recipient_index(&self.vault, channel, to.as_str()))
        };
        let params = [("time", now.millis().to_string()), ("link", self.link("/"))];
        let mut farewell = Vec::new();
        for contact in self.reached(&owner).await? {
            let kind = MessageKind::AccountDeleted;
            let life = FAREWELL_LIFE;
            farewell.extend(self.message(&contact, kind, &params, owner.lang(), now, life)?);
        }
        let erasure = Erasure {
            account: account.clone(),
            by,
            recipients: all.iter().filter_map(index).collect(),
            farewell,
        };
        match self.storage.erase_account(erasure, now).await? {
            Erased::Now => Ok(()),
            Erased::Unknown => Err(CodeRefused::Unknown.into()),
            Erased::Operator => Err(ErasureRefused::Operator),
        }
    }
}
