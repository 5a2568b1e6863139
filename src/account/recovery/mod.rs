//! Recovering access (requirement C11): who has lost the password shows a
//! contact by a code. Where the account asks for more than a password, that is
//! not enough: a second factor is shown as well, or a waiting time passes in
//! which every contact is told and may cancel it. A thief with the SIM card
//! alone gets nowhere, and the owner knows.
//!
//! A stranger learns nothing: for an identifier nobody has, the same is done and
//! shown, but no message goes out and no code fits (attack rows 23, 24).

mod begin;
mod cancel;
mod finish;
mod wait;

use serde::{Deserialize, Serialize};

pub use begin::{RecoverRefused, RecoveryStart};
pub use cancel::{CancelLink, Cancelled};
pub use wait::Waiting;

use super::Accounts;
use super::codes::AwaitsCode;
use super::factor::enrolled::Kind;
use super::factor::one_time_code::SentCode;
use super::not_me::Healing;
use super::person::Owner;
use super::personal::PersonalParts;
use super::second_step::{Aim, Step, is_usable};
use super::trusted::Vouching;
use crate::error::Result;
use crate::model::authentication::AuthenticationContext;
use crate::model::id::AccountId;
use crate::model::identifier::{ContactKind, Identifier};
use crate::model::secret::{Digest, Secret};
use crate::model::ticket;
use crate::model::timestamp::Timestamp;
use crate::storage::{Effects, RecoveredBy, RecoveryRecord};

/// The prefix of the secret that finds a recovery that waits for its code.
const HANDLE_PREFIX: &str = "ppv_";
/// The prefix of the secret that finds one whose code was right.
const OPEN_PREFIX: &str = "ppw_";

/// Somebody who waits for a code.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Asked {
    /// What was typed, in its normal form.
    typed: Identifier,
    found: Option<Found>,
    code: SentCode,
}

/// Whose it is, and where the code went.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Found {
    account: AccountId,
    contact: ContactKind,
}

impl AwaitsCode for Asked {
    const KIND: &'static str = ticket::RECOVERY;

    fn contact(&self) -> &Identifier {
        &self.typed
    }

    fn code(&self) -> &SentCode {
        &self.code
    }

    fn sent_to(&self) -> ContactKind {
        let found = self.found.as_ref().map(|found| found.contact);
        // Nothing is sent to a SNILS, and no code fits where nobody was found.
        found.unwrap_or(ContactKind::Phone)
    }

    fn flow(&self) -> Option<&str> {
        None
    }
}

/// Somebody who has shown a contact, and perhaps more.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Opened {
    account: AccountId,
    contact: ContactKind,
    shown: AuthenticationContext,
    /// Whether a second factor is among it.
    second: bool,
}

/// How far a recovery has come.
#[derive(Clone, Debug)]
pub enum Recovering {
    /// A new password may be set.
    Password {
        /// The contact the code went to, for password keepers.
        username: String,
        /// What the password must not hold.
        personal: PersonalParts,
    },
    /// Something else is needed.
    More {
        /// Whether a second factor can be shown.
        factors: bool,
        /// The waiting time under way.
        waits: Option<Waits>,
        /// Whether somebody who is trusted can vouch.
        vouching: Vouching,
    },
    /// The account cannot be recovered now: it is blocked, or restricted until
    /// then.
    Closed { until: Option<Timestamp> },
}

/// A waiting time.
#[derive(Clone, Copy, Debug)]
pub struct Waits {
    pub opens_at: Timestamp,
    pub lapses_at: Timestamp,
    /// Whether it was begun with another contact than this one.
    pub by_other: bool,
}

impl Accounts {
    /// How far the recovery has come that this handle finds.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn recovering(&self, handle: &Secret, now: Timestamp) -> Result<Option<Recovering>> {
        let Some(opened) = self.opened(&handle.digest(), now).await? else {
            return Ok(None);
        };
        let owner = self.load_owner(&opened.account).await?;
        if owner.record.blocked_at.is_some() {
            return Ok(Some(Recovering::Closed { until: None }));
        }
        let until = owner.record.restricted_until.filter(|until| now < *until);
        if until.is_some() {
            return Ok(Some(Recovering::Closed { until }));
        }
        if self
            .may_set_password(&owner, &opened, &handle.digest(), now)
            .await?
            .is_some()
        {
            let person = self.person_of(&owner).await?;
            let all = person.identifiers();
            let shown = all.iter().find(|one| one.kind() == opened.contact);
            return Ok(Some(Recovering::Password {
                username: shown.map_or_else(String::new, |shown| shown.as_str().to_owned()),
                personal: PersonalParts::of(&person.profile, &all),
            }));
        }
        let waits = self.open_recovery(owner.id(), now).await?;
        let by_other = |record: &RecoveryRecord| record.contact_kind != opened.contact.as_str();
        let recovery = waits.as_ref().map(|record| record.id.as_str());
        let vouching = match waits.as_ref().is_some_and(by_other) {
            true => Vouching::Nobody,
            false => {
                self.vouching(owner.id(), recovery, &handle.digest(), now)
                    .await?
            }
        };
        Ok(Some(Recovering::More {
            vouching,
            factors: self.has_other_factor(&owner, opened.contact).await?,
            waits: waits.map(|record| Waits {
                opens_at: record.opens_at,
                lapses_at: record.lapses_at,
                by_other: by_other(&record),
            }),
        }))
    }

    /// Begins to ask for a second factor; none when there is no recovery under
    /// way, or nothing that could be asked for.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn begin_recovery_factor(
        &self,
        handle: &Secret,
        now: Timestamp,
    ) -> Result<Option<Secret>> {
        let more = self.recovering(handle, now).await?;
        let opened = self.opened(&handle.digest(), now).await?;
        let (Some(Recovering::More { factors: true, .. }), Some(opened)) = (more, opened) else {
            return Ok(None);
        };
        let step = Step {
            account: opened.account,
            authentication: opened.shown,
            client: None,
            reasons: Vec::new(),
            risky: false,
            aim: Aim::Recover {
                contact: opened.contact,
            },
        };
        self.begin_second_step(&step, now).await.map(Some)
    }

    /// Whose recovery a handle finds.
    pub(super) async fn recovering_account(
        &self,
        handle: &Secret,
        now: Timestamp,
    ) -> Result<Option<AccountId>> {
        let opened = self.opened(&handle.digest(), now).await?;
        Ok(opened.map(|opened| opened.account))
    }

    /// A recovery that has shown a second factor: its new handle.
    pub(super) async fn recovery_with_factor(
        &self,
        account: &AccountId,
        contact: ContactKind,
        shown: AuthenticationContext,
        now: Timestamp,
    ) -> Result<Secret> {
        let opened = Opened {
            account: account.clone(),
            contact,
            shown,
            second: true,
        };
        self.put_opened(&opened, Effects::default(), now).await
    }

    async fn put_opened(
        &self,
        opened: &Opened,
        effects: Effects,
        now: Timestamp,
    ) -> Result<Secret> {
        let handle = self.entropy.secret(OPEN_PREFIX);
        let digest = handle.digest();
        let kind = ticket::RECOVERY_OPEN;
        let payload = self.seal_ticket(kind, &digest, opened)?;
        let life = std::time::Duration::from_secs(self.settings.limits.registration_seconds);
        let (account, end) = (Some(opened.account.clone()), now.plus(life));
        self.storage
            .put_ticket_of(account, (kind, digest), payload, now, end, effects)
            .await?;
        Ok(handle)
    }

    async fn opened(&self, ticket: &Digest, now: Timestamp) -> Result<Option<Opened>> {
        let kind = ticket::RECOVERY_OPEN;
        let record = self.storage.find_ticket(kind, ticket, now).await?;
        record
            .filter(|record| record.spent_at.is_none())
            .map(|record| self.open_ticket(kind, ticket, &record.payload))
            .transpose()
    }

    /// What a new password would rest on; none when more is needed.
    async fn may_set_password(
        &self,
        owner: &Owner,
        opened: &Opened,
        step: &Digest,
        now: Timestamp,
    ) -> Result<Option<RecoveredBy>> {
        if opened.second {
            return Ok(Some(RecoveredBy::Factor));
        }
        if !self.asks_more(owner, opened.contact, now).await? {
            return Ok(Some(RecoveredBy::Code));
        }
        let Some(record) = self.open_recovery(owner.id(), now).await? else {
            return Ok(None);
        };
        // With the contact it was begun with, and that was there before.
        let contacts = self.storage.contacts_of(owner.id()).await?;
        let is_same = record.contact_kind == opened.contact.as_str()
            && contacts.iter().any(|contact| {
                contact.kind == record.contact_kind && contact.created_at <= record.begun_at
            });
        let vouched = self.storage.vouch_request_of(&record.id).await?;
        let is_vouched =
            vouched.is_some_and(|asked| asked.vouched_at.is_some() && asked.asker == *step);
        let is_open = record.opens_at <= now || is_vouched;
        Ok((is_open && is_same).then_some(RecoveredBy::Wait))
    }

    /// Whether a code to this contact is not enough for the account: it has a
    /// second factor or no password at all, or somebody else may have the contact.
    async fn asks_more(&self, owner: &Owner, contact: ContactKind, now: Timestamp) -> Result<bool> {
        if self.has_second_factor(owner.id()).await?
            || self.password_state(owner.id()).await?.is_none()
        {
            return Ok(true);
        }
        let kind = match contact {
            ContactKind::Email => Kind::Email,
            ContactKind::Phone | ContactKind::Snils => Kind::Sms,
        };
        Ok(match self.healing(owner, now).await? {
            Healing::Nothing => false,
            Healing::Code(kinds) => !kinds.contains(&kind),
            Healing::Later => true,
        })
    }

    /// Whether there is a second factor that does not go to this contact.
    async fn has_other_factor(&self, owner: &Owner, contact: ContactKind) -> Result<bool> {
        let aim = Aim::Recover { contact };
        let factors = self.factors(owner.id()).await?;
        let other = factors
            .iter()
            .any(|factor| is_usable(factor) && !aim.excludes(factor.kind));
        Ok(other || self.storage.backup_codes_left(owner.id()).await? > 0)
    }

    async fn open_recovery(
        &self,
        account: &AccountId,
        now: Timestamp,
    ) -> Result<Option<RecoveryRecord>> {
        let newest = self.storage.newest_recovery(account).await?;
        Ok(newest.filter(|record| record.is_open(now)))
    }
}
