//! The second step: somebody has shown one factor, and the account asks for
//! another (requirement C4). What was shown waits in a ticket; a session begins,
//! or becomes stronger, only when the second is there (attack rows 18, 19).

mod check;
mod codes;
mod elsewhere;
mod prove;

use serde::{Deserialize, Serialize};

pub use prove::{Given, Proved, SecondRefused};

use super::Accounts;
use super::factor::enrolled::{Enrolled, Kind};
use super::factor::key::Challenge;
use super::not_me::Healing;
use super::risk::Reason;
use super::session::Session;
use crate::error::Result;
use crate::model::authentication::{AuthenticationContext, Method};
use crate::model::id::{AccountId, ClientId, SessionId};
use crate::model::identifier::ContactKind;
use crate::model::secret::Secret;
use crate::model::ticket;
use crate::model::timestamp::Timestamp;
use crate::storage::{Effects, RestsOn};

/// The prefix of the secret that finds a step.
const PREFIX: &str = "ppx_";

/// What waits for a second factor.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Step {
    pub account: AccountId,
    pub authentication: AuthenticationContext,
    pub client: Option<ClientId>,
    /// What was unusual about the first step.
    pub reasons: Vec<Reason>,
    /// Whether the rules of risk ask for a factor: who is at another browser may
    /// have been talked into agreeing.
    #[serde(default)]
    pub risky: bool,
    pub aim: Aim,
}

/// What comes of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) enum Aim {
    /// A session begins.
    Begin { rests_on: RestsOn },
    /// The session becomes stronger.
    Strengthen { session: SessionId },
    /// A frozen account thaws: by a second factor, then by a code to a contact.
    Thaw { by_contact: bool },
    /// A lost password is replaced; a code to this kind of contact was shown.
    Recover { contact: ContactKind },
}

impl Aim {
    /// Whether a way proves too little: who has lost the password shows a contact
    /// by a code, and whoever has one contact may soon have the other.
    pub const fn excludes(&self, kind: Kind) -> bool {
        matches!(self, Self::Recover { .. }) && matches!(kind, Kind::Sms | Kind::Email)
    }
}

/// A way to give the second factor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    Factor(Kind),
    /// The owner's word at another browser where they are signed in.
    Elsewhere,
    /// A code of the list that was put away.
    Backup,
}

impl Way {
    /// Its name in addresses and texts.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Factor(kind) => kind.as_str(),
            Self::Elsewhere => "elsewhere",
            Self::Backup => "backup",
        }
    }
}

/// A step as its owner sees it.
#[derive(Clone, Debug)]
pub struct SecondStep {
    /// What may be given, the preferred first.
    pub ways: Vec<(Way, Option<String>)>,
    /// Whether a session is to begin here, so that the device may be trusted.
    pub begins: bool,
}

impl SecondStep {
    /// The way of this name, else the preferred one.
    pub fn way(&self, name: Option<&str>) -> Option<Way> {
        let named = self.ways.iter().find(|(way, _)| Some(way.as_str()) == name);
        named.or(self.ways.first()).map(|(way, _)| *way)
    }
}

impl Accounts {
    /// Keeps what was shown until the second factor is there.
    pub(super) async fn begin_second_step(&self, step: &Step, now: Timestamp) -> Result<Secret> {
        let handle = self.entropy.secret(PREFIX);
        let digest = handle.digest();
        let payload = self.seal_ticket(ticket::SECOND_STEP, &digest, step)?;
        let end = now.plus(self.settings.limits.code_life());
        // It names its account, and goes with it.
        let (account, ticket) = (step.account.clone(), (ticket::SECOND_STEP, digest));
        let effects = Effects::default();
        self.storage
            .put_ticket_of(Some(account), ticket, payload, now, end, effects)
            .await?;
        Ok(handle)
    }

    /// Begins to make a session stronger; none without a second factor.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn begin_step_up(
        &self,
        session: &Session,
        client: Option<&ClientId>,
        now: Timestamp,
    ) -> Result<Option<Secret>> {
        if !self.has_second_factor(&session.account).await? {
            return Ok(None);
        }
        let step = Step {
            account: session.account.clone(),
            authentication: session.authentication.clone(),
            client: client.cloned(),
            reasons: Vec::new(),
            risky: false,
            aim: Aim::Strengthen {
                session: session.id.clone(),
            },
        };
        self.begin_second_step(&step, now).await.map(Some)
    }

    /// The step under way that this handle finds.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn second_step(&self, handle: &Secret, now: Timestamp) -> Result<Option<SecondStep>> {
        let Some(step) = self.step_under_way(handle, now).await? else {
            return Ok(None);
        };
        let mut ways: Vec<(Way, Option<String>)> = Vec::new();
        let owner = self.load_owner(&step.account).await?;
        if matches!(step.aim, Aim::Thaw { by_contact: true }) {
            let person = self.person_of(&owner).await?;
            for kind in self.thawing_kinds(&owner, now).await? {
                let contact = kind.contact(&person).map(|contact| contact.masked());
                ways.push((Way::Factor(kind), contact));
            }
            return Ok(Some(SecondStep {
                ways,
                begins: false,
            }));
        }
        for factor in self.factors(&step.account).await? {
            let way = Way::Factor(factor.kind);
            // Who came by a code to the phone shows something else now.
            let shown = factor.kind == Kind::Sms
                && matches!(step.aim, Aim::Begin { .. })
                && step.authentication.has(Method::SmsCode);
            if is_usable(&factor)
                && !shown
                && !step.aim.excludes(factor.kind)
                && !ways.iter().any(|(known, _)| *known == way)
            {
                ways.push((way, factor.contact));
            }
        }
        let healing = self.healing(&owner, now).await?;
        if healing == Healing::Nothing && self.has_others(&step, now).await? {
            ways.push((Way::Elsewhere, None));
        }
        if let (
            Aim::Begin { .. } | Aim::Strengthen { .. } | Aim::Thaw { .. },
            Healing::Code(kinds),
        ) = (&step.aim, healing)
        {
            let person = self.person_of(&owner).await?;
            for kind in kinds {
                let contact = kind.contact(&person).map(|contact| contact.masked());
                ways.push((Way::Factor(kind), contact));
            }
        }
        if self.storage.backup_codes_left(&step.account).await? > 0 {
            ways.push((Way::Backup, None));
        }
        Ok(Some(SecondStep {
            ways,
            begins: matches!(step.aim, Aim::Begin { .. }),
        }))
    }

    /// What the keys of the account are asked at this step.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn step_challenge(&self, handle: &Secret, now: Timestamp) -> Result<Challenge> {
        let Some(step) = self.step_under_way(handle, now).await? else {
            return Ok(Challenge::default());
        };
        let owner = self.load_owner(&step.account).await?;
        let keys = self.keys_of(&owner).await?;
        let keys: Vec<_> = keys.into_iter().map(|(_, key)| key).collect();
        self.challenge_keys(&keys, handle.digest().as_str(), now)
    }

    async fn step_under_way(&self, handle: &Secret, now: Timestamp) -> Result<Option<Step>> {
        let digest = handle.digest();
        let found = self
            .storage
            .find_ticket(ticket::SECOND_STEP, &digest, now)
            .await?;
        found
            .filter(|record| record.spent_at.is_none())
            .map(|record| self.open_ticket(ticket::SECOND_STEP, &digest, &record.payload))
            .transpose()
    }
}

/// A contact that is gone takes its codes along.
pub(super) fn is_usable(factor: &Enrolled) -> bool {
    matches!(factor.kind, Kind::Key | Kind::Totp) || factor.contact.is_some()
}
