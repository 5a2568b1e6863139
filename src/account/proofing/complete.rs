//! The end of a submission, once every registry has answered: a match puts the
//! data in their place and becomes evidence; anything else is told and changes
//! nothing.

use super::PersonalData;
use super::submission::{Outcome, field};
use crate::account::Accounts;
use crate::account::journal::Actor;
use crate::account::person::{Owner, Person};
use crate::error::{Internal, Result};
use crate::model::evidence::{CHECK_COVERS, Source};
use crate::model::identifier::Identifier;
use crate::model::level::Level;
use crate::model::snils::Snils;
use crate::model::timestamp::Timestamp;
use crate::notify::MessageKind;
use crate::storage::{Completed, Completion, Effects, Matched, SubmissionRecord};

/// How often an end is tried that others come before.
const TRIES: usize = 5;

impl Accounts {
    /// Ends a submission if every registry has answered.
    pub(super) async fn complete(
        &self,
        submission: &SubmissionRecord,
        now: Timestamp,
    ) -> Result<()> {
        let checks = self.storage.checks_of(&submission.id).await?;
        let names: Vec<_> = checks.iter().map(|check| check.registry.as_str()).collect();
        let registries = names.join(" ");
        let answers: Option<Vec<_>> = checks.into_iter().map(|check| check.mismatch).collect();
        let Some(answers) = answers else {
            return Ok(());
        };
        let all_match = answers.iter().all(String::is_empty);
        for _ in 0..TRIES {
            let completion = self
                .completion(submission, all_match, &registries, now)
                .await?;
            let id = submission.id.clone();
            let completed = self
                .storage
                .complete_submission(id, completion, now)
                .await?;
            if completed != Completed::Stale {
                return Ok(());
            }
        }
        Err(Internal::new("an account changes all the time"))
    }

    async fn completion(
        &self,
        submission: &SubmissionRecord,
        all_match: bool,
        registries: &str,
        now: Timestamp,
    ) -> Result<Completion> {
        let owner = self.load_owner(&submission.account_id).await?;
        let person = self.person_of(&owner).await?;
        let mut data: PersonalData = owner
            .key
            .open_json(&field(&submission.id), &submission.data_sealed)?;
        let ends_at = data.ends_at();
        // It may have ended while a registry was away.
        if all_match && ends_at.is_none_or(|end| now < end) {
            if let Some(effects) = self.snils_taken(&owner, &person, &data.snils, now).await? {
                return Ok(Completion {
                    outcome: Outcome::SnilsTaken.as_str().to_owned(),
                    matched: None,
                    withdraws: false,
                    effects,
                });
            }
            data.keep_newer(person.profile);
            return self.matched(&owner, &data, ends_at, registries, now).await;
        }
        // The registries take back what they said of these very data.
        let withdraws = !all_match
            && person.level(now) > Level::Simplified
            && data.facts().only(&CHECK_COVERS) == person.facts.only(&CHECK_COVERS);
        let mut effects = self
            .told("data_mismatch", &owner, MessageKind::DataMismatch, now)
            .await?;
        if withdraws {
            let lowered = self
                .told("level_lowered", &owner, MessageKind::LevelLowered, now)
                .await?;
            effects = self.lines(&owner, now).and(effects).and(lowered).done();
        }
        Ok(Completion {
            outcome: Outcome::Mismatch.as_str().to_owned(),
            matched: None,
            withdraws,
            effects,
        })
    }

    async fn matched(
        &self,
        owner: &Owner,
        data: &PersonalData,
        expires_at: Option<Timestamp>,
        registries: &str,
        now: Timestamp,
    ) -> Result<Completion> {
        let snils = Identifier::Snils(data.snils.clone());
        let from = (Source::Registry, registries.to_owned());
        let mut effects = self
            .told("data_matched", owner, MessageKind::DataMatched, now)
            .await?;
        // Somebody else has it from a desk only, and loses it by this.
        let index = self.vault.blind_index("snils", &snils.index());
        let other = self.storage.snils_holder(&index).await?;
        if let Some(other) = other.filter(|other| other != owner.id()) {
            let other = self.load_owner(&other).await?;
            let theirs = self
                .told("snils_taken", &other, MessageKind::SnilsTaken, now)
                .await?;
            effects = self.lines(owner, now).and(effects).and(theirs).done();
        }
        Ok(Completion {
            outcome: Outcome::Matched.as_str().to_owned(),
            withdraws: false,
            matched: Some(self.taken_over(owner, data, from, expires_at, now)?),
            effects,
        })
    }

    /// These data in their place, on the word of this source.
    pub(super) fn taken_over(
        &self,
        owner: &Owner,
        data: &PersonalData,
        (source, given_by): (Source, String),
        expires_at: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<Matched> {
        let snils = Identifier::Snils(data.snils.clone());
        Ok(Matched {
            read_at: owner.record.updated_at,
            profile_sealed: owner.key.seal_json("profile", &data.profile)?,
            snils: self.contact_record(&owner.key, owner.id(), &snils, true, now)?,
            evidence: self.evidence(owner, source, given_by, &data.facts(), expires_at, now)?,
        })
    }

    /// What is told when a SNILS is confirmed for another account, or the account
    /// has another confirmed one: both sides learn of it.
    pub(super) async fn snils_taken(
        &self,
        owner: &Owner,
        person: &Person,
        snils: &Snils,
        now: Timestamp,
    ) -> Result<Option<Effects>> {
        let own = person.snils.as_ref().filter(|own| own.confirmed);
        let is_another = own.is_some_and(|own| own.value != *snils);
        let identifier = Identifier::Snils(snils.clone());
        let found = self.find_by_identifier(&identifier).await?;
        let mut holder = None;
        if let Some(found) = found.filter(|found| found != owner.id()) {
            let other = self.load_person(&found).await?;
            if other.snils.is_some_and(|theirs| theirs.confirmed) {
                holder = Some(self.load_owner(&found).await?);
            }
        }
        if holder.is_none() && !is_another {
            return Ok(None);
        }
        let mut effects = self
            .told("snils_taken", owner, MessageKind::SnilsTaken, now)
            .await?;
        if let Some(holder) = holder {
            let theirs = self
                .told("snils_claimed", &holder, MessageKind::SnilsClaimed, now)
                .await?;
            effects = self.lines(owner, now).and(effects).and(theirs).done();
        }
        Ok(Some(effects))
    }

    /// A line in the journal, a notice and a message, all about the same.
    pub(super) async fn told(
        &self,
        action: &str,
        owner: &Owner,
        kind: MessageKind,
        now: Timestamp,
    ) -> Result<Effects> {
        let params = [("link", self.link("/account/level"))];
        Ok(self
            .lines(owner, now)
            .journal_of(&Actor::System, action, None)?
            .warn(kind, &params)
            .await?
            .done())
    }
}
