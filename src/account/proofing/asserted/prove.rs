//! An assertion about somebody who is signed in: it is compared with what is
//! known, and once the citizen has agreed, linked and written down as evidence
//! (requirement B5).

use super::plan::{Comparison, Known, Plan};
use super::{Asserted, Waiting};
use crate::account::Accounts;
use crate::account::browser::Browser;
use crate::account::person::{Owner, Person};
use crate::account::session::Session;
use crate::error::{Internal, Result};
use crate::model::evidence::Attribute;
use crate::model::identifier::Identifier;
use crate::model::secret::Secret;
use crate::model::ticket;
use crate::model::timestamp::Timestamp;
use crate::notify::MessageKind;
use crate::storage::{Attached, Attachment, NewLink};

/// How often a proof is tried that others come before.
const TRIES: usize = 5;

/// Why nothing was proven.
#[derive(Debug)]
pub enum ProveRefused {
    /// Nothing waits under this handle for this account, or no longer.
    Unknown,
    /// The last proof of the session is too old: the citizen signs in anew first.
    NeedsProof,
    /// The account is restricted.
    Restricted,
    /// These are otherwise here. Nothing was changed.
    Mismatch(Vec<Attribute>),
    /// The SNILS is confirmed for another account.
    SnilsTaken,
    /// The subject is linked to another account.
    LinkedElsewhere,
    /// The account is linked to another subject of the same issuer.
    OtherSubject,
    Internal(Internal),
}

impl From<Internal> for ProveRefused {
    fn from(error: Internal) -> Self {
        Self::Internal(error)
    }
}

impl Accounts {
    /// How an assertion compares to what is known of whoever is signed in, and
    /// whether it may be linked at all. A mismatch is a comparison, no refusal.
    ///
    /// # Errors
    /// The refusal.
    pub async fn compare_asserted(
        &self,
        session: &Session,
        waiting: &Waiting,
        now: Timestamp,
    ) -> Result<Comparison, ProveRefused> {
        if !waiting.is_for(&session.account) {
            return Err(ProveRefused::Unknown);
        }
        let owner = self.load_owner(&session.account).await?;
        let person = self.person_of(&owner).await?;
        self.check_links(&waiting.asserted, &owner).await?;
        let plan = Plan::of(&waiting.asserted, &Known::of(&person, now), now);
        Ok(plan.comparison)
    }

    /// Links the account and writes down what is proven by it.
    ///
    /// # Errors
    /// The refusal; nothing was changed then.
    pub async fn prove_asserted(
        &self,
        session: &Session,
        handle: &Secret,
        browser: &Browser,
        now: Timestamp,
    ) -> Result<(), ProveRefused> {
        let waiting = self.assertion(handle, now).await?;
        let waiting = waiting.filter(|waiting| waiting.is_for(&session.account));
        let asserted = waiting.ok_or(ProveRefused::Unknown)?.asserted;
        if !self.is_proven(session, now).await? {
            return Err(ProveRefused::NeedsProof);
        }
        if self.restriction(&session.account, now).await?.is_some() {
            return Err(ProveRefused::Restricted);
        }
        for _ in 0..TRIES {
            let owner = self.load_owner(&session.account).await?;
            let person = self.person_of(&owner).await?;
            self.check_links(&asserted, &owner).await?;
            let plan = Plan::of(&asserted, &Known::of(&person, now), now);
            if !plan.comparison.mismatches.is_empty() {
                self.note_mismatch(&owner, &asserted, browser, now).await?;
                return Err(ProveRefused::Mismatch(plan.comparison.mismatches));
            }
            self.check_snils(&owner, &person, &asserted, now).await?;
            let attachment = self
                .attachment((&owner, session), &asserted, &plan, handle, browser, now)
                .await?;
            match self.storage.attach_link(attachment, now).await? {
                Attached::Now => return Ok(()),
                Attached::Stale => {}
                Attached::SnilsTaken => return Err(ProveRefused::SnilsTaken),
                Attached::LinkTaken => return Err(ProveRefused::LinkedElsewhere),
                Attached::Spent => return Err(ProveRefused::Unknown),
            }
        }
        Err(Internal::new("an account changes all the time").into())
    }

    /// One subject belongs to one account, and one account to one subject of an
    /// issuer.
    async fn check_links(&self, asserted: &Asserted, owner: &Owner) -> Result<(), ProveRefused> {
        let index = self.subject_index(&asserted.by);
        match self.storage.find_link(&index).await? {
            Some(link) if link.account_id == *owner.id() => return Ok(()),
            Some(_) => return Err(ProveRefused::LinkedElsewhere),
            None => {}
        }
        let links = self.storage.links_of(owner.id()).await?;
        let other = links.iter().any(|link| {
            link.channel == asserted.by.channel.as_str() && link.issuer == asserted.by.issuer
        });
        if other {
            return Err(ProveRefused::OtherSubject);
        }
        Ok(())
    }

    /// One SNILS, one account: both sides learn of a second claim.
    async fn check_snils(
        &self,
        owner: &Owner,
        person: &Person,
        asserted: &Asserted,
        now: Timestamp,
    ) -> Result<(), ProveRefused> {
        let Some(snils) = &asserted.snils else {
            return Ok(());
        };
        let taken = self.snils_taken(owner, person, snils, now).await?;
        match taken {
            None => Ok(()),
            Some(effects) => {
                self.storage.record(effects).await?;
                Err(ProveRefused::SnilsTaken)
            }
        }
    }

    async fn note_mismatch(
        &self,
        owner: &Owner,
        asserted: &Asserted,
        browser: &Browser,
        now: Timestamp,
    ) -> Result<()> {
        let title = Some(asserted.by.title.as_str());
        let lines = self
            .lines(owner, now)
            .journal("link_mismatch", title, browser)?;
        self.storage.record(lines.done()).await
    }

    async fn attachment(
        &self,
        (owner, session): (&Owner, &Session),
        asserted: &Asserted,
        plan: &Plan,
        handle: &Secret,
        browser: &Browser,
        now: Timestamp,
    ) -> Result<Attachment> {
        let title = asserted.by.title.as_str();
        let kind = MessageKind::LinkAdded;
        let params = [
            ("time", now.millis().to_string()),
            ("site", title.to_owned()),
            ("link", self.link("/account/security")),
        ];
        let happening = (kind, &session.id);
        let mut lines = self
            .lines(owner, now)
            .journal("link_added", Some(title), browser)?;
        if plan.comparison.proves {
            lines = lines.journal("identity_proven", Some(title), browser)?;
        }
        let effects = lines.warn(happening, &params).await?.done();
        let snils = plan.confirms.clone().map(Identifier::Snils);
        let snils = snils
            .map(|snils| self.contact_record(&owner.key, owner.id(), &snils, true, now))
            .transpose()?;
        Ok(Attachment {
            new: NewLink {
                link: self.link_record(&asserted.by, owner.id(), now),
                asserted_at: asserted.asserted_at,
                evidence: self.evidence_of_plan(owner, asserted, plan, now)?,
                ticket: (ticket::ASSERTION, handle.digest()),
            },
            read_at: owner.record.updated_at,
            profile_sealed: owner.key.seal_json("profile", &plan.profile)?,
            snils,
            effects,
        })
    }
}
