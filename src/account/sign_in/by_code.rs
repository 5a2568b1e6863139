//! Signing in with SNILS, phone and a code (requirement C2), without a password.
//! The code leaves only when both belong to one account; whoever asks sees and
//! waits the same either way (attack rows 23, 24).

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{Admitted, Arrival, Proven, SignInRefused};
use crate::account::Accounts;
use crate::account::codes::{AwaitsCode, CodeRefused, Pending, Resent, contact_subject};
use crate::account::factor::enrolled::Kind;
use crate::account::factor::one_time_code::SentCode;
use crate::account::fields;
use crate::account::history::{Status, Try};
use crate::account::person::Owner;
use crate::account::problem::{Problem, ProblemKind};
use crate::account::throttle::{TRIES_ON_NOBODY, network};
use crate::error::{Internal, Result};
use crate::model::id::AccountId;
use crate::model::identifier::{ContactKind, Identifier};
use crate::model::phone::{NotAPhone, Phone};
use crate::model::secret::{Digest, Secret};
use crate::model::ticket;
use crate::model::timestamp::Timestamp;
use crate::notify::MessageKind;
use crate::storage::{Effects, RestsOn};

/// The prefix of the secret that finds such a sign-in.
const HANDLE_PREFIX: &str = "ppy_";

/// After a link "it was not me" a phone opens nothing by itself for this long.
const DOUBTFUL: Duration = Duration::from_hours(72);

/// A sign-in that waits for its code.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Entrance {
    /// Whose both are; none when they are nobody's, or of two people.
    account: Option<AccountId>,
    snils: Identifier,
    phone: Identifier,
    code: SentCode,
}

impl AwaitsCode for Entrance {
    const KIND: &'static str = ticket::SIGN_IN_CODE;

    fn contact(&self) -> &Identifier {
        &self.phone
    }

    fn code(&self) -> &SentCode {
        &self.code
    }

    fn flow(&self) -> Option<&str> {
        None
    }
}

/// Why no code is on its way.
#[derive(Debug)]
pub enum CodeSignInRefused {
    /// Wrong fields, all of them: `snils`, `phone`.
    Problems(Vec<Problem>),
    /// Too many from this network, or too many codes to this phone.
    TooMany {
        retry_after: Duration,
    },
    Internal(Internal),
}

impl From<Internal> for CodeSignInRefused {
    fn from(error: Internal) -> Self {
        Self::Internal(error)
    }
}

/// Why a code let nobody in.
#[derive(Debug)]
pub enum EnterRefused {
    Code(CodeRefused),
    /// The code was right, but something else stands in the way.
    SignIn(SignInRefused),
    /// The account asks for more than a code, and that can only be the password.
    NeedsPassword,
}

impl From<Internal> for EnterRefused {
    fn from(error: Internal) -> Self {
        Self::Code(error.into())
    }
}

impl Accounts {
    /// Sends a code to the phone, if it and the SNILS belong to one account;
    /// gives the secret that finds the step.
    ///
    /// # Errors
    /// The refusal.
    pub async fn begin_code_sign_in(
        &self,
        (snils, phone): (&str, &str),
        arrival: Arrival<'_>,
        now: Timestamp,
    ) -> Result<Secret, CodeSignInRefused> {
        let (snils, phone) = read(snils, phone).map_err(CodeSignInRefused::Problems)?;
        let network = network(arrival.browser.address);
        let mut wait = self.allow(self.code_sign_ins(), &network, now).await?;
        if wait.is_none() {
            // Counted apart: a stranger must not use up the codes of other steps.
            let subject = format!("sign-in:{}", contact_subject(&phone));
            wait = self.allow_code(&subject, now).await?;
        }
        if let Some(retry_after) = wait {
            return Err(CodeSignInRefused::TooMany { retry_after });
        }
        let handle = self.entropy.secret(HANDLE_PREFIX);
        let ticket = handle.digest();
        let account = self.holder_of(&snils, &phone).await?;
        let (entrance, effects) = self.entrance(account, snils, phone, &ticket, now).await?;
        let account = entrance.account.clone();
        self.put_waiting(account.as_ref(), ticket, &entrance, effects, now)
            .await?;
        Ok(handle)
    }

    /// A sign-in under way.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn code_sign_in(&self, handle: &Secret, now: Timestamp) -> Result<Option<Pending>> {
        let waiting = self.waiting::<Entrance>(&handle.digest(), now).await?;
        Ok(waiting.map(|(entrance, record)| self.pending(&entrance, &record)))
    }

    /// Sends another code.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn resend_sign_in_code(&self, handle: &Secret, now: Timestamp) -> Result<Resent> {
        let ticket = handle.digest();
        let Some((entrance, _)) = self.waiting::<Entrance>(&ticket, now).await? else {
            return Ok(Resent::Unknown);
        };
        self.resend(entrance, &ticket, now, async |before| {
            let Entrance {
                account,
                snils,
                phone,
                ..
            } = before;
            self.entrance(account, snils, phone, &ticket, now).await
        })
        .await
    }

    /// Signs in by the code.
    ///
    /// # Errors
    /// The refusal.
    pub async fn sign_in_by_code(
        &self,
        handle: &Secret,
        code: &str,
        arrival: Arrival<'_>,
        now: Timestamp,
    ) -> Result<Admitted, EnterRefused> {
        let checked = self.check_code::<Entrance>(handle, code, now).await;
        if let Err(CodeRefused::Wrong { .. } | CodeRefused::UsedUp) = &checked {
            self.record_wrong_code(handle, arrival, now).await?;
        }
        let (entrance, proof) = checked.map_err(EnterRefused::Code)?;
        let gone = || EnterRefused::Code(CodeRefused::Unknown);
        let account = entrance.account.as_ref().ok_or_else(gone)?;
        let owner = self.find_owner(account).await?.ok_or_else(gone)?;
        // Changed since, the two are not one person's any more.
        let holder = self.holder_of(&entrance.snils, &entrance.phone).await?;
        if holder.as_ref() != Some(account) {
            return Err(gone());
        }
        if owner.record.blocked_at.is_some() {
            return Err(EnterRefused::SignIn(SignInRefused::Blocked));
        }
        let known_device = self.knows_device(arrival.browser, account).await?;
        if self.needs_password(account, now).await? {
            if !known_device {
                let browser = arrival.browser;
                let told = self.first_factor_shown(&owner, browser, now).await?;
                self.storage.record(told).await?;
            }
            return Err(EnterRefused::NeedsPassword);
        }
        let kind = ContactKind::Phone.as_str();
        let index = self.vault.blind_index(kind, &entrance.phone.index());
        let proven = Proven {
            owner: &owner,
            proof,
            rests_on: RestsOn::Phone(index),
            known_device,
            arrival,
        };
        let admitted = self.admit(&proven, now).await;
        let admitted = admitted.map_err(|refused| EnterRefused::SignIn(refused.into()))?;
        admitted.ok_or_else(gone)
    }

    /// Whether a code to the phone opens nothing: another code, to the phone or
    /// to a mailbox that may be reset by it, would show nothing new; and after
    /// somebody else was in the account the phone may be in their hands.
    async fn needs_password(&self, account: &AccountId, now: Timestamp) -> Result<bool> {
        let factors = self.storage.factors_of(account).await?;
        let is_code = |kind: &str| {
            [Kind::Sms, Kind::Email]
                .iter()
                .any(|of| of.as_str() == kind)
        };
        if !factors.is_empty() && factors.iter().all(|one| is_code(&one.kind)) {
            return Ok(true);
        }
        let exposure = self.storage.find_exposure(account).await?;
        Ok(exposure.is_some_and(|exposure| {
            exposure.mended_at.is_none() || now < exposure.at.plus(DOUBTFUL)
        }))
    }

    /// The owner sees a wrong code in the history; for nobody as much is written.
    async fn record_wrong_code(
        &self,
        handle: &Secret,
        arrival: Arrival<'_>,
        now: Timestamp,
    ) -> Result<()> {
        let waiting = self.waiting::<Entrance>(&handle.digest(), now).await?;
        let account = waiting.and_then(|(entrance, _)| entrance.account);
        let Some(account) = account else {
            let network = network(arrival.browser.address);
            self.count(TRIES_ON_NOBODY, &network, None, now).await?;
            return Ok(());
        };
        let owner = self.load_owner(&account).await?;
        let mut line = Try::new(Status::Failure, arrival.browser);
        line.client = arrival.client;
        let effects = self
            .lines(&owner, now)
            .sign_in(&line)?
            .journal("sign_in_failed", None, arrival.browser)?
            .done();
        self.storage.record(effects).await
    }

    /// The account for which both are confirmed.
    async fn holder_of(&self, snils: &Identifier, phone: &Identifier) -> Result<Option<AccountId>> {
        let by_snils = self.find_by_identifier(snils).await?;
        let by_phone = self.find_by_identifier(phone).await?;
        let both = by_snils.filter(|account| by_phone.as_ref() == Some(account));
        // For nobody the same is read.
        let read = both.as_ref().unwrap_or_else(|| self.decoy.owner.id());
        let contacts = self.storage.contacts_of(read).await?;
        let confirmed = [ContactKind::Snils, ContactKind::Phone]
            .into_iter()
            .all(|kind| {
                contacts
                    .iter()
                    .any(|one| one.kind == kind.as_str() && one.confirmed_at.is_some())
            });
        Ok(both.filter(|_| confirmed))
    }

    /// The step with a new code, and the message that brings it.
    async fn entrance(
        &self,
        account: Option<AccountId>,
        snils: Identifier,
        phone: Identifier,
        ticket: &Digest,
        now: Timestamp,
    ) -> Result<(Entrance, Effects)> {
        let (code, sent) = self.new_code(ticket, now);
        let id = account.as_ref().unwrap_or_else(|| self.decoy.owner.id());
        let record = self.storage.find_account(id).await?;
        let record = record.unwrap_or_else(|| self.decoy.owner.record.clone());
        let owner = Owner::open(record, &self.vault)?;
        let effects = self.code_message(&owner, &phone, MessageKind::SignInCode, &code, now)?;
        let dead = sent
            .clone()
            .unknown_to_all(&self.vault, &self.entropy, ticket);
        let (code, effects) = match &account {
            Some(_) => (sent, effects),
            // Nobody is told, but as much is written.
            None => (dead, self.never_sent(effects, now)),
        };
        let entrance = Entrance {
            account,
            snils,
            phone,
            code,
        };
        Ok((entrance, effects))
    }
}

/// Both, or everything that is wrong.
fn read(snils: &str, phone: &str) -> Result<(Identifier, Identifier), Vec<Problem>> {
    let snils = fields::snils(snils).and_then(|snils| snils.ok_or(ProblemKind::Required));
    let phone = match phone.trim() {
        "" => Err(ProblemKind::Required),
        phone => Phone::parse(phone).map_err(|wrong| match wrong {
            NotAPhone::Landline => ProblemKind::Landline,
            NotAPhone::Unreadable => ProblemKind::Phone,
        }),
    };
    match (snils, phone) {
        (Ok(snils), Ok(phone)) => Ok((Identifier::Snils(snils), Identifier::Phone(phone))),
        (snils, phone) => {
            let wrong = [("snils", snils.err()), ("phone", phone.err())];
            let wrong = wrong
                .into_iter()
                .filter_map(|(field, kind)| kind.map(|kind| Problem { field, kind }));
            Err(wrong.collect())
        }
    }
}
