//! The end of a submission, once every registry has answered: a match puts the
//! data in their place and becomes evidence; anything else is told and changes
//! nothing.

use super::PersonalData;
use super::submission::{Outcome, field};
use crate::account::Accounts;
use crate::account::journal::Actor;
use crate::account::person::Owner;
use crate::error::Result;
use crate::model::evidence::Source;
use crate::model::identifier::Identifier;
use crate::model::timestamp::Timestamp;
use crate::notify::MessageKind;
use crate::storage::{Completion, Effects, EvidenceRecord, Matched, SubmissionRecord};

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
        let owner = self.load_owner(&submission.account_id).await?;
        let completion = if answers.iter().all(String::is_empty) {
            let mut data: PersonalData = owner
                .key
                .open_json(&field(&submission.id), &submission.data_sealed)?;
            // What no registry compares may have been changed since.
            if owner.record.updated_at > submission.created_at {
                let current = self.person_of(&owner).await?.profile;
                data.profile.address = current.address;
                data.profile.zoneinfo = current.zoneinfo;
            }
            self.matched(&owner, &data, registries, now).await?
        } else {
            Completion {
                outcome: Outcome::Mismatch.as_str().to_owned(),
                matched: None,
                effects: self
                    .told("data_mismatch", &owner, MessageKind::DataMismatch, now)
                    .await?,
            }
        };
        let id = submission.id.clone();
        self.storage
            .complete_submission(id, completion, now)
            .await?;
        Ok(())
    }

    async fn matched(
        &self,
        owner: &Owner,
        data: &PersonalData,
        registries: String,
        now: Timestamp,
    ) -> Result<Completion> {
        let id = self.entropy.id(now);
        let snils = Identifier::Snils(data.snils.clone());
        let passport = data.profile.passport.as_ref();
        let evidence = EvidenceRecord {
            covers_sealed: owner.key.seal_json(&covers_field(&id), &data.facts())?,
            id,
            account_id: owner.id().clone(),
            source: Source::Registry.as_str().to_owned(),
            given_by: registries,
            at: now,
            expires_at: passport.and_then(|passport| passport.ends_at(&data.profile.birthdate)),
            withdrawn_at: None,
            lapse_recorded_at: None,
        };
        Ok(Completion {
            outcome: Outcome::Matched.as_str().to_owned(),
            matched: Some(Matched {
                profile_sealed: owner.key.seal_json("profile", &data.profile)?,
                snils: self.contact_record(&owner.key, owner.id(), &snils, true, now)?,
                evidence,
                effects_if_taken: self.snils_taken(owner, &snils, now).await?,
            }),
            effects: self
                .told("data_matched", owner, MessageKind::DataMatched, now)
                .await?,
        })
    }

    /// Both learn of it: who sent a SNILS that is another's, and whose it is.
    async fn snils_taken(
        &self,
        owner: &Owner,
        snils: &Identifier,
        now: Timestamp,
    ) -> Result<Effects> {
        let effects = self
            .told("snils_taken", owner, MessageKind::SnilsTaken, now)
            .await?;
        let holder = self.find_by_identifier(snils).await?;
        let Some(holder) = holder.filter(|holder| holder != owner.id()) else {
            return Ok(effects);
        };
        let holder = self.load_owner(&holder).await?;
        let theirs = self
            .told("snils_claimed", &holder, MessageKind::SnilsClaimed, now)
            .await?;
        Ok(self.lines(owner, now).and(effects).and(theirs).done())
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
        let message = self.warning(owner, kind, &params, now).await?;
        Ok(self
            .lines(owner, now)
            .journal_of(&Actor::System, action, None)?
            .notice(kind, &params)?
            .send(message)
            .done())
    }
}

/// The field that what evidence covers is sealed for.
pub(in crate::account) fn covers_field(evidence: &str) -> String {
    format!("evidence:{evidence}")
}
