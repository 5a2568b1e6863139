//! The last step: a password is set, the account is there, its citizen is
//! signed in.

use std::time::Duration;

use super::{Applicant, Confirmed};
use crate::account::Accounts;
use crate::account::browser::Browser;
use crate::account::factor;
use crate::account::hashing::HashRefused;
use crate::account::new_password::NewPassword;
use crate::account::person::Owner;
use crate::account::personal::PersonalParts;
use crate::account::problem::Problem;
use crate::account::session::Entry;
use crate::account::sign_in::SignedIn;
use crate::error::{Internal, Result};
use crate::model::authentication::AuthenticationContext;
use crate::model::id::{AccountId, ClientId};
use crate::model::secret::{Digest, Secret};
use crate::model::ticket;
use crate::model::timestamp::Timestamp;
use crate::notify::MessageKind;
use crate::storage::{
    AccountRecord, AgreementRecord, Effects, NewAccount, PasswordRecord, Redeemed, Registered,
    RestsOn,
};

/// A contact that is confirmed and waits for a password.
#[derive(Clone, Debug)]
pub struct ConfirmedContact {
    /// The contact itself, so that a password keeper files the password under it.
    pub contact: String,
    /// The authorization the registration belongs to.
    pub flow: Option<String>,
    /// What the password must not hold.
    pub personal: PersonalParts,
}

/// Why a registration was not finished.
#[derive(Debug)]
pub enum FinishRefused {
    /// Wrong fields: `password` (every broken rule), `password_repeat`.
    Problems(Vec<Problem>),
    /// Nothing is waiting for a password here, or no longer.
    Unknown,
    /// The contact was confirmed for another account in the meantime. The
    /// person proved it is theirs, so they may know.
    ContactTaken,
    /// Too many passwords are being hashed.
    Busy {
        retry_after: Duration,
    },
    Internal(Internal),
}

impl From<Internal> for FinishRefused {
    fn from(error: Internal) -> Self {
        Self::Internal(error)
    }
}

impl From<HashRefused> for FinishRefused {
    fn from(refused: HashRefused) -> Self {
        match refused {
            HashRefused::Busy { retry_after } => Self::Busy { retry_after },
            HashRefused::Internal(error) => Self::Internal(error),
        }
    }
}

impl Applicant {
    fn personal_parts(&self) -> PersonalParts {
        PersonalParts::of(&self.profile, [&self.contact])
    }
}

impl Accounts {
    /// The contact that waits for a password, if the handle is good.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn confirmed(
        &self,
        handle: &Secret,
        now: Timestamp,
    ) -> Result<Option<ConfirmedContact>> {
        let confirmed = self.find_confirmed(&handle.digest(), now).await?;
        Ok(confirmed.map(|confirmed| ConfirmedContact {
            contact: confirmed.applicant.contact.as_str().to_owned(),
            personal: confirmed.applicant.personal_parts(),
            flow: confirmed.applicant.flow,
        }))
    }

    /// Sets the password, creates the account and signs its citizen in.
    ///
    /// # Errors
    /// The refusal; the handle stays good unless it is unknown or the contact
    /// is taken.
    pub async fn finish_registration(
        &self,
        handle: &Secret,
        password: &Secret,
        repeat: &Secret,
        browser: &Browser,
        client: Option<&ClientId>,
        now: Timestamp,
    ) -> Result<SignedIn, FinishRefused> {
        let ticket = handle.digest();
        let confirmed = self
            .find_confirmed(&ticket, now)
            .await?
            .ok_or(FinishRefused::Unknown)?;
        let personal = confirmed.applicant.personal_parts();
        let new = NewPassword { password, repeat };
        let problems = self.problems_of(&new, &personal)?;
        if !problems.is_empty() {
            return Err(FinishRefused::Problems(problems));
        }
        let hash = self.hasher.hash(password).await?;
        let spent = self
            .storage
            .redeem_ticket(ticket::REGISTRATION_CONFIRMED, ticket, now)
            .await?;
        if !matches!(spent, Redeemed::Fresh(_)) {
            return Err(FinishRefused::Unknown);
        }
        let owner = self.new_owner(&confirmed, now)?;
        let account = self.new_account(&confirmed, &owner, hash, browser, now)?;
        if self.storage.register_account(account).await? == Registered::ContactTaken {
            return Err(FinishRefused::ContactTaken);
        }
        let authentication =
            AuthenticationContext::new(confirmed.proof).with(factor::password::set(now));
        let entry = Entry {
            owner: &owner,
            authentication: &authentication,
            browser,
            client,
            known_device: None,
            rests_on: RestsOn::Password(now),
            ticket: None,
            trust_until: None,
            reasons: &[],
        };
        let begun = self.begin_session(&entry, Effects::default(), now).await?;
        let begun = begun.ok_or_else(|| Internal::new("a new account was changed at once"))?;
        Ok(SignedIn::new(begun, owner.id(), None))
    }

    async fn find_confirmed(&self, ticket: &Digest, now: Timestamp) -> Result<Option<Confirmed>> {
        let kind = ticket::REGISTRATION_CONFIRMED;
        let record = self.storage.find_ticket(kind, ticket, now).await?;
        record
            .filter(|record| record.spent_at.is_none())
            .map(|record| self.open_ticket(kind, ticket, &record.payload))
            .transpose()
    }

    fn new_owner(&self, confirmed: &Confirmed, now: Timestamp) -> Result<Owner> {
        let id = AccountId::from(self.entropy.id(now));
        let (key, wrapped_key) = self.vault.new_account_key(&id)?;
        let record = AccountRecord {
            profile_sealed: key.seal_json("profile", &confirmed.applicant.profile)?,
            id,
            wrapped_key,
            locale: confirmed.applicant.lang.clone(),
            created_at: now,
            updated_at: now,
            blocked_at: None,
            restricted_until: None,
            notices_sealed: None,
        };
        Ok(Owner { record, key })
    }

    fn new_account(
        &self,
        confirmed: &Confirmed,
        owner: &Owner,
        hash: String,
        browser: &Browser,
        now: Timestamp,
    ) -> Result<NewAccount> {
        let applicant = &confirmed.applicant;
        let mut lines = self
            .lines(owner, now)
            .journal("registered", None, browser)?;
        for accepted in &applicant.agreements {
            let named = format!("{} {}", accepted.document, accepted.version);
            lines = lines.journal("agreement_accepted", Some(&named), browser)?;
        }
        let params = [("link", self.link("/account"))];
        let lines = lines.notice(MessageKind::Registered, &params)?;
        let contact = self.contact_record(&owner.key, owner.id(), &applicant.contact, true, now)?;
        Ok(NewAccount {
            account: owner.record.clone(),
            contacts: vec![contact],
            agreements: applicant
                .agreements
                .iter()
                .map(AgreementRecord::from)
                .collect(),
            password: Some(PasswordRecord {
                account_id: owner.id().clone(),
                hash,
                set_at: now,
                replaced_at: None,
                temporary_until: None,
            }),
            effects: lines.done(),
        })
    }
}
