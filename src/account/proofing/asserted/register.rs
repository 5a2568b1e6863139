//! A new account by the word of another: without a password, with the data and
//! the evidence that came along (requirement A4).

use super::Asserted;
use super::plan::{Known, Plan};
use crate::account::Accounts;
use crate::account::agreements::Document;
use crate::account::factor::vouched;
use crate::account::person::Owner;
use crate::account::problem::{Problem, ProblemKind};
use crate::account::session::Entry;
use crate::account::sign_in::{Arrival, SignedIn};
use crate::error::{Internal, Result};
use crate::model::authentication::AuthenticationContext;
use crate::model::id::AccountId;
use crate::model::identifier::Identifier;
use crate::model::level::Level;
use crate::model::profile::Profile;
use crate::model::secret::Secret;
use crate::model::ticket;
use crate::model::timestamp::Timestamp;
use crate::notify::MessageKind;
use crate::storage::{
    AccountRecord, Attached, ContactRecord, Effects, NewAccount, NewLink, RestsOn,
};
use crate::texts::Lang;

/// Why no account was made.
#[derive(Debug)]
pub enum RegisterRefused {
    /// Unticked boxes: `terms`, `privacy`.
    Problems(Vec<Problem>),
    /// Nothing waits under this handle, or no longer.
    Unknown,
    /// There is an account with this SNILS: it is to be linked.
    HasAccount,
    Internal(Internal),
}

impl From<Internal> for RegisterRefused {
    fn from(error: Internal) -> Self {
        Self::Internal(error)
    }
}

impl Accounts {
    /// Makes an account of an assertion, once both agreements are ticked, and
    /// signs its citizen in.
    ///
    /// # Errors
    /// The refusal.
    pub async fn register_asserted(
        &self,
        handle: &Secret,
        [terms, privacy]: [bool; 2],
        lang: Lang,
        arrival: Arrival<'_>,
        now: Timestamp,
    ) -> Result<SignedIn, RegisterRefused> {
        let waiting = self.assertion(handle, now).await?;
        let waiting = waiting.filter(super::Waiting::may_register);
        let asserted = waiting.ok_or(RegisterRefused::Unknown)?.asserted;
        let ticks = [
            (terms, "terms", ProblemKind::TermsUnticked),
            (privacy, "privacy", ProblemKind::PrivacyUnticked),
        ];
        let problems: Vec<_> = ticks
            .into_iter()
            .filter(|(ticked, ..)| !ticked)
            .map(|(_, field, kind)| Problem::of(field, kind))
            .collect();
        if !problems.is_empty() {
            return Err(RegisterRefused::Problems(problems));
        }
        if self.has_account(&asserted).await? {
            return Err(RegisterRefused::HasAccount);
        }
        let nobody = Known {
            profile: &Profile::default(),
            snils: None,
            level: Level::Simplified,
        };
        let plan = Plan::of(&asserted, &nobody, now);
        let owner = self.asserted_owner(&asserted, lang, now)?;
        let account = self
            .asserted_account(&asserted, &plan, &owner, arrival, now)
            .await?;
        let link = self.link_record(&asserted.by, owner.id(), now);
        let rests_on = RestsOn::Link(link.id.clone());
        let new = NewLink {
            link,
            asserted_at: asserted.asserted_at,
            evidence: self.evidence_of_plan(&owner, &asserted, &plan, now)?,
            ticket: (ticket::ASSERTION, handle.digest()),
        };
        match self.storage.register_linked(account, new, now).await? {
            Attached::Now => {}
            Attached::SnilsTaken => return Err(RegisterRefused::HasAccount),
            _ => return Err(RegisterRefused::Unknown),
        }
        let authentication = AuthenticationContext::new(vouched::proof(&asserted));
        let entry = Entry {
            owner: &owner,
            authentication: &authentication,
            browser: arrival.browser,
            client: arrival.client,
            known_device: None,
            rests_on,
            ticket: None,
            trust_until: None,
            reasons: &[],
        };
        let begun = self.begin_session(&entry, Effects::default(), now).await?;
        let begun = begun.ok_or_else(|| Internal::new("a new account was changed at once"))?;
        Ok(SignedIn::new(begun, owner.id(), None))
    }

    fn asserted_owner(&self, asserted: &Asserted, lang: Lang, now: Timestamp) -> Result<Owner> {
        let id = AccountId::from(self.entropy.id(now));
        let (key, wrapped_key) = self.vault.new_account_key(&id)?;
        let record = AccountRecord {
            profile_sealed: key.seal_json("profile", &asserted.profile)?,
            id,
            wrapped_key,
            locale: lang.as_str().to_owned(),
            created_at: now,
            updated_at: now,
            blocked_at: None,
            restricted_until: None,
            notices_sealed: None,
        };
        Ok(Owner { record, key })
    }

    async fn asserted_account(
        &self,
        asserted: &Asserted,
        plan: &Plan,
        owner: &Owner,
        arrival: Arrival<'_>,
        now: Timestamp,
    ) -> Result<NewAccount> {
        let title = Some(asserted.by.title.as_str());
        let mut lines = self
            .lines(owner, now)
            .journal("registered", None, arrival.browser)?
            .journal("link_added", title, arrival.browser)?;
        for document in Document::ALL {
            let named = self.named(document);
            lines = lines.journal("agreement_accepted", Some(&named), arrival.browser)?;
        }
        let params = [("link", self.link("/account"))];
        let lines = lines.notice(MessageKind::Registered, &params)?;
        Ok(NewAccount {
            account: owner.record.clone(),
            contacts: self.asserted_contacts(asserted, plan, owner, now).await?,
            agreements: Document::ALL
                .map(|document| self.agreement(document, now))
                .to_vec(),
            password: None,
            effects: lines.done(),
        })
    }

    /// The SNILS, confirmed where the data are; contacts that were confirmed
    /// there and are nobody's here.
    async fn asserted_contacts(
        &self,
        asserted: &Asserted,
        plan: &Plan,
        owner: &Owner,
        now: Timestamp,
    ) -> Result<Vec<ContactRecord>> {
        let record = |identifier: &Identifier, confirmed| {
            self.contact_record(&owner.key, owner.id(), identifier, confirmed, now)
        };
        let mut contacts = Vec::new();
        if let Some(snils) = &asserted.snils {
            let confirmed = plan.confirms.is_some();
            contacts.push(record(&Identifier::Snils(snils.clone()), confirmed)?);
        }
        let phone = asserted.phone.clone().map(Identifier::Phone);
        let email = asserted.email.clone().map(Identifier::Email);
        for contact in [phone, email].into_iter().flatten() {
            if self.find_by_identifier(&contact).await?.is_none() {
                contacts.push(record(&contact, true)?);
            }
        }
        Ok(contacts)
    }
}
