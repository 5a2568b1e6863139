//! Support and an application: taken, compared with what the account knows,
//! proposed by one operator and confirmed by another, or refused with a reason.

use std::time::Duration;

use super::{AppealData, file_field};
use crate::account::Accounts;
use crate::account::files::{CleanFile, MediaType};
use crate::account::journal::Actor;
use crate::account::person::Person;
use crate::account::proofing::{Attestor, DOUBTFUL, PersonalData};
use crate::error::{Internal, Result};
use crate::model::evidence::Attribute;
use crate::model::level::Level;
use crate::model::profile::{Address, Profile};
use crate::model::timestamp::Timestamp;
use crate::notify::MessageKind;
use crate::storage::{AppealDecision, AppealRecord, AppealRuling, Completed, Effects};
use crate::texts::{Texts, key};

/// How long a new password may be set once its time has come.
const OPEN: Duration = Duration::from_hours(72);

/// Why an application is refused: name and text. None tells whether there is an
/// account: a form that fits nobody and one that fits badly read the same.
pub const REFUSALS: [(&str, &str); 4] = [
    ("unreadable", key("appeal-reason-unreadable")),
    ("data", key("appeal-reason-data")),
    ("face", key("appeal-reason-face")),
    ("other", key("appeal-reason-other")),
];

/// Whether a reason is among [`REFUSALS`].
pub fn is_refusal(name: &str) -> bool {
    REFUSALS.iter().any(|(known, _)| *known == name)
}

/// How a field that was typed stands to the account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fit {
    Equal,
    Differs,
    /// The account does not know it, or there is none.
    Unknown,
}

/// An application in the hands of an operator.
pub struct HeldAppeal {
    pub record: AppealRecord,
    pub data: AppealData,
    /// Each field that was typed and how it stands to the account, whose own data
    /// are not shown.
    pub fields: Vec<(Attribute, Fit)>,
    /// Id and kind of each photograph.
    pub pictures: Vec<(String, String)>,
    /// Whether everything is equal, at a level where that counts, and the account
    /// is open to it.
    pub may_propose: bool,
    /// Whether the account has a second factor.
    pub has_factor: bool,
    /// How many applications about the account its owner has cancelled lately.
    pub cancelled: u64,
}

impl Accounts {
    /// Gives an operator an application until then; both books say who reads it.
    /// False when another has it.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn take_appeal(
        &self,
        record: &AppealRecord,
        by: Attestor<'_>,
        until: Timestamp,
        now: Timestamp,
    ) -> Result<bool> {
        let effects = self.appeal_line("appeal_opened", record, by, now).await?;
        let account = record.account_id.as_ref();
        let audit = self.audit_record(by, "appeal_opened", account, &record.number, now);
        let number = record.number.clone();
        self.storage
            .claim_appeal(number, until, audit, effects)
            .await
    }

    /// What the owner reads of a step in the journal; nobody reads of nobody's.
    async fn appeal_line(
        &self,
        action: &str,
        record: &AppealRecord,
        by: Attestor<'_>,
        now: Timestamp,
    ) -> Result<Effects> {
        let Some(account) = &record.account_id else {
            return Ok(Effects::default());
        };
        let owner = self.load_owner(account).await?;
        Ok(self
            .lines(&owner, now)
            .journal_of(&Actor::Operator, action, Some(by.centre_name))?
            .done())
    }

    /// An application with how it stands to the account.
    ///
    /// # Errors
    /// When the database is away or something does not open.
    pub async fn held_appeal(&self, record: AppealRecord, now: Timestamp) -> Result<HeldAppeal> {
        let data = self.appeal_data(&record)?;
        let person = match &record.account_id {
            Some(account) => Some(self.load_person(account).await?),
            None => None,
        };
        let pictures = self.storage.appeal_files(&record.number).await?;
        let has_factor = match &record.account_id {
            Some(account) => self.has_second_factor(account).await?,
            None => false,
        };
        let cancelled = match &record.account_id {
            Some(account) => self.storage.appeals_of(account).await?,
            None => Vec::new(),
        };
        let cancelled = cancelled
            .iter()
            .filter(|other| other.outcome.as_deref() == Some("cancelled"))
            .count();
        Ok(HeldAppeal {
            fields: fields(&data, person.as_ref()),
            may_propose: self.fits(&record, &data, now).await?,
            cancelled: cancelled as u64,
            has_factor,
            pictures,
            record,
            data,
        })
    }

    /// Whether everything that was typed is what the account says, with data that
    /// registries have confirmed; the rest as at a desk that restores a login.
    pub(super) async fn fits(
        &self,
        record: &AppealRecord,
        data: &AppealData,
        now: Timestamp,
    ) -> Result<bool> {
        let personal = PersonalData {
            profile: data.profile.clone(),
            snils: data.snils.clone(),
            address_before: Address::default(),
        };
        let found = self.recoverable(&personal, now).await?;
        Ok(found.is_some_and(|(account, person)| {
            record.account_id.as_ref() == Some(&account) && person.level(now) >= Level::Standard
        }))
    }

    /// A photograph of an application.
    ///
    /// # Errors
    /// When the database is away or the content does not open.
    pub async fn appeal_picture(
        &self,
        record: &AppealRecord,
        id: &str,
    ) -> Result<Option<CleanFile>> {
        let Some(stored) = self.storage.find_appeal_file(&record.number, id).await? else {
            return Ok(None);
        };
        let media = MediaType::parse(&stored.media_type);
        Ok(Some(CleanFile {
            media: media.ok_or_else(|| Internal::new("a kept file of a type unknown here"))?,
            content: self
                .appeal_key(record)?
                .open(&file_field(&stored.id), &stored.content_sealed)?,
        }))
    }

    /// Proposes that the applicant is the owner; `lost` says that second factors
    /// are lost as well. Stale when the form does not fit (any more).
    ///
    /// # Errors
    /// When the database is away.
    pub async fn propose_appeal(
        &self,
        record: &AppealRecord,
        lost: bool,
        by: Attestor<'_>,
        now: Timestamp,
    ) -> Result<Completed> {
        let data = self.appeal_data(record)?;
        if !self.fits(record, &data, now).await? {
            return Ok(Completed::Stale);
        }
        let effects = self.appeal_line("appeal_proposed", record, by, now).await?;
        let ruling = AppealRuling::Propose { lost };
        self.rule_on_appeal(record, ruling, "appeal_proposed", by, effects, now)
            .await
    }

    /// Confirms what a colleague proposed: the waiting time begins, and is told on
    /// every contact of the account.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn confirm_appeal(
        &self,
        record: &AppealRecord,
        lost: bool,
        by: Attestor<'_>,
        now: Timestamp,
    ) -> Result<Completed> {
        let data = self.appeal_data(record)?;
        let Some(account) = &record.account_id else {
            return Ok(Completed::Stale);
        };
        if !self.fits(record, &data, now).await? {
            return Ok(Completed::Stale);
        }
        let owner = self.load_owner(account).await?;
        let has_factor = self.has_second_factor(account).await?;
        let opens_at = now.plus(self.settings.limits.appeal_wait(has_factor));
        let lapses_at = opens_at.plus(OPEN);
        let begun = AppealRecord {
            opens_at: Some(opens_at),
            lapses_at: Some(lapses_at),
            ..record.clone()
        };
        let until = opens_at.millis().to_string();
        let params = [("number", record.number.clone()), ("until", until)];
        let accepted = self.to_applicant(&data, MessageKind::AppealAccepted, &params, now)?;
        let effects = self
            .appeal_line("appeal_confirmed", record, by, now)
            .await?;
        let effects = self
            .lines(&owner, now)
            .send(accepted)
            .and(effects)
            .and(self.appeal_announced(&owner, &begun, now).await?)
            .done();
        let ruling = AppealRuling::Confirm {
            lost,
            opens_at,
            lapses_at,
            erase_at: self.appeal_erase_at(now),
        };
        self.rule_on_appeal(record, ruling, "appeal_confirmed", by, effects, now)
            .await
    }

    /// Refuses, with a reason of [`REFUSALS`] and words that the applicant and the
    /// owner read.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn refuse_appeal(
        &self,
        record: &AppealRecord,
        reason: &str,
        comment: &str,
        by: Attestor<'_>,
        now: Timestamp,
    ) -> Result<Completed> {
        let data = self.appeal_data(record)?;
        let reason = REFUSALS.iter().find(|(name, _)| *name == reason);
        let (_, text) = reason.ok_or_else(|| Internal::new("a reason that is none"))?;
        let params = [
            ("number", record.number.clone()),
            ("reason", Texts(data.lang()).t(text)),
            ("comment", comment.to_owned()),
        ];
        let declined = self.to_applicant(&data, MessageKind::AppealDeclined, &params, now)?;
        let mut effects = Effects {
            outbox: declined.into_iter().collect(),
            ..self.appeal_line("appeal_refused", record, by, now).await?
        };
        if let Some(account) = &record.account_id {
            let owner = self.load_owner(account).await?;
            let params = [
                ("time", now.millis().to_string()),
                ("reason", Texts(owner.lang()).t(text)),
                ("comment", comment.to_owned()),
                ("link", self.link("/account/security")),
            ];
            effects = self
                .lines(&owner, now)
                .warn_everywhere(MessageKind::AppealRefused, &params)
                .await?
                .and(effects)
                .done();
        }
        let ruling = AppealRuling::Refuse {
            erase_at: self.appeal_erase_at(now),
        };
        self.rule_on_appeal(record, ruling, "appeal_refused", by, effects, now)
            .await
    }

    async fn rule_on_appeal(
        &self,
        record: &AppealRecord,
        ruling: AppealRuling,
        action: &str,
        by: Attestor<'_>,
        effects: Effects,
        now: Timestamp,
    ) -> Result<Completed> {
        let account = record.account_id.as_ref();
        let decision = AppealDecision {
            number: record.number.clone(),
            ruling,
            doubted: now.minus(DOUBTFUL),
            audit: self.audit_record(by, action, account, &record.number, now),
            effects,
        };
        self.storage.decide_appeal(decision, now).await
    }
}

/// Each field that was typed, held against the account.
fn fields(data: &AppealData, person: Option<&Person>) -> Vec<(Attribute, Fit)> {
    let fit = |equal: Option<bool>| match equal {
        Some(true) => Fit::Equal,
        Some(false) => Fit::Differs,
        None => Fit::Unknown,
    };
    let same = |of: fn(&Profile) -> &str| {
        let plain = |text: &str| text.to_lowercase().replace('ё', "е");
        person.map(|person| plain(of(&person.profile)) == plain(of(&data.profile)))
    };
    let snils = person
        .and_then(|person| person.snils.as_ref())
        .map(|known| known.confirmed && known.value == data.snils);
    let passport = person.and_then(|person| {
        let (known, typed) = (
            person.profile.passport.as_ref()?,
            data.profile.passport.as_ref()?,
        );
        Some((&known.series, &known.number) == (&typed.series, &typed.number))
    });
    let mut fields = vec![
        (Attribute::Snils, fit(snils)),
        (
            Attribute::FamilyName,
            fit(same(|profile| &profile.family_name)),
        ),
        (
            Attribute::GivenName,
            fit(same(|profile| &profile.given_name)),
        ),
        (
            Attribute::MiddleName,
            fit(same(|profile| &profile.middle_name)),
        ),
        (
            Attribute::BirthDate,
            fit(same(|profile| &profile.birthdate)),
        ),
        (Attribute::Passport, fit(passport)),
    ];
    if let Some(typed) = &data.profile.inn {
        let known = person.and_then(|person| person.profile.inn.as_ref());
        fields.push((Attribute::Inn, fit(known.map(|known| known == typed))));
    }
    fields
}
