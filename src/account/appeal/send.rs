//! The second step: the form with its photographs. Whether it fits anybody is
//! not told: the same is done, written and answered.

use std::net::IpAddr;
use std::time::Duration;

use super::contact::Shown;
use super::form::Said;
use super::{AppealData, AppealForm, DATA, NUMBER_DIGITS, PICTURES, file_field, key_id};
use crate::account::Accounts;
use crate::account::files::{CleanFile, FileRefused, Takes, clean};
use crate::account::journal::Actor;
use crate::account::problem::{Problem, ProblemKind};
use crate::account::proofing::UploadedPhotograph;
use crate::account::record::WARNING_LIFE;
use crate::account::throttle::network;
use crate::error::{Internal, Result};
use crate::model::id::AccountId;
use crate::model::secret::Secret;
use crate::model::ticket;
use crate::model::timestamp::Timestamp;
use crate::notify::MessageKind;
use crate::storage::{AppealRecord, Effects, StoredFile};
use crate::texts::Lang;

/// Why a form was not taken.
#[derive(Debug)]
pub enum AppealRefused {
    /// Wrong fields, all of them, by the names of the form.
    Problems(Vec<Problem>),
    /// Too many from this address, with this SNILS, or in all.
    TooMany {
        retry_after: Duration,
    },
    /// The step is over.
    Over,
    Internal(Internal),
}

impl From<Internal> for AppealRefused {
    fn from(error: Internal) -> Self {
        Self::Internal(error)
    }
}

impl Accounts {
    /// Takes the form: the number of the application.
    ///
    /// # Errors
    /// The refusal, which is the same whoever the form is about.
    pub async fn send_appeal(
        &self,
        handle: &Secret,
        form: &AppealForm,
        pictures: [UploadedPhotograph; 2],
        (address, lang): (IpAddr, Lang),
        now: Timestamp,
    ) -> Result<String, AppealRefused> {
        let shown = self.shown_contact(&handle.digest(), now).await?;
        let Shown { contact } = shown.ok_or(AppealRefused::Over)?;
        let counter = self.appeals_from_address();
        if let Some(retry_after) = self.allow(counter, &network(address), now).await? {
            return Err(AppealRefused::TooMany { retry_after });
        }
        let said = form.check(now);
        let (pictures, wrong) = looked_at(pictures).await?;
        let said = match (said, wrong.is_empty()) {
            (Ok(said), true) => said,
            (said, _) => {
                let mut problems = said.err().unwrap_or_default();
                problems.extend(wrong);
                return Err(AppealRefused::Problems(problems));
            }
        };
        let Said {
            profile,
            snils,
            text,
        } = said;
        for (counter, subject) in [
            (self.appeals_of_snils(), snils.as_str()),
            (self.appeals(), "all"),
        ] {
            if let Some(retry_after) = self.allow(counter, subject, now).await? {
                return Err(AppealRefused::TooMany { retry_after });
            }
        }
        let account = self.holder(&snils).await?;
        let data = AppealData {
            profile,
            snils,
            contact,
            text,
            lang: lang.as_str().to_owned(),
        };
        let number = self.entropy.digits(NUMBER_DIGITS);
        let (record, files) = self.new_appeal(&number, account, &data, &pictures, now)?;
        let effects = self.appeal_begun(&record, &data, now).await?;
        let ticket = (ticket::APPEAL_FORM, handle.digest());
        match self
            .storage
            .open_appeal(record, files, ticket, effects)
            .await?
        {
            true => Ok(number),
            false => Err(AppealRefused::Over),
        }
    }

    fn new_appeal(
        &self,
        number: &str,
        account: Option<AccountId>,
        data: &AppealData,
        pictures: &[(&'static str, CleanFile)],
        now: Timestamp,
    ) -> Result<(AppealRecord, Vec<StoredFile>)> {
        let (key, wrapped_key) = self.vault.new_account_key(&key_id(number))?;
        let mut files = Vec::new();
        for (kind, picture) in pictures {
            let id = self.entropy.opaque_id();
            files.push(StoredFile {
                content_sealed: key.seal(&file_field(&id), &picture.content)?,
                id,
                kind: (*kind).to_owned(),
                media_type: picture.media.as_str().to_owned(),
            });
        }
        let days = self.settings.limits.appeal_days;
        let record = AppealRecord {
            number: number.to_owned(),
            account_id: account,
            wrapped_key,
            data_sealed: key.seal_json(DATA, data)?,
            created_at: now,
            expires_at: now.plus(Duration::from_hours(24 * days)),
            claimed_by: None,
            claimed_until: None,
            proposed_by: None,
            proposed_at: None,
            lost_at: None,
            confirmed_by: None,
            confirmed_at: None,
            opens_at: None,
            lapses_at: None,
            told_at: None,
            opened_at: None,
            closed_at: None,
            outcome: None,
            erase_at: None,
            erased_at: None,
        };
        Ok((record, files))
    }

    /// The owner is told at once on every contact, with a link that cancels it;
    /// for nobody the same is made, and thrown away.
    async fn appeal_begun(
        &self,
        record: &AppealRecord,
        data: &AppealData,
        now: Timestamp,
    ) -> Result<Effects> {
        let until = record.expires_at.millis().to_string();
        let params = [("number", record.number.clone()), ("until", until)];
        let received = self.to_applicant(data, MessageKind::AppealReceived, &params, now)?;
        let owner = match &record.account_id {
            Some(account) => self.find_owner(account).await?,
            None => self.find_owner(self.decoy.owner.id()).await?,
        };
        let kind = MessageKind::AppealBegun;
        let params = [
            ("time", now.millis().to_string()),
            ("link", self.link("/account/recovery")),
        ];
        let Some(owner) = owner else {
            let decoy = &self.decoy.owner;
            self.reached(decoy).await?;
            let (link, _) = self.appeal_cancel_link(record, decoy.id(), now)?;
            let to = &self.decoy.contact;
            let params = [params.to_vec(), vec![("not_me", link)]].concat();
            let told = self.message(to, kind, &params, decoy.lang(), now, WARNING_LIFE)?;
            let like = Effects {
                outbox: told.into_iter().collect(),
                ..Effects::default()
            };
            return Ok(Effects {
                outbox: received.into_iter().collect(),
                ..self.never_sent(like, now)
            });
        };
        let told = self
            .appeal_messages(&owner, record, kind, &params, now)
            .await?;
        Ok(self
            .lines(&owner, now)
            .journal_of(&Actor::System, "appeal_received", None)?
            .notice(kind, &params)?
            .send(told)
            .send(received)
            .done())
    }
}

/// What may be kept of the photographs, and what is wrong with them.
async fn looked_at(
    uploaded: [UploadedPhotograph; 2],
) -> Result<(Vec<(&'static str, CleanFile)>, Vec<Problem>)> {
    let (mut pictures, mut problems) = (Vec::new(), Vec::new());
    for (name, uploaded) in PICTURES.into_iter().zip(uploaded) {
        let kind = match uploaded {
            UploadedPhotograph::Missing => ProblemKind::FileMissing,
            UploadedPhotograph::TooLarge => ProblemKind::FileSize,
            UploadedPhotograph::Content(content) => match clean(content, Takes::Images).await {
                Ok(file) => {
                    pictures.push((name, file));
                    continue;
                }
                Err(FileRefused::Unfit(kind)) => kind,
                Err(FileRefused::Internal(error)) => return Err(error),
            },
        };
        problems.push(Problem::of(name, kind));
    }
    Ok((pictures, problems))
}
