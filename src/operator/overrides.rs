//! Four eyes for data that registries have otherwise: the operator at the desk
//! proposes, one who did not see the citizen decides. Neither is the citizen,
//! and they are two (attack row 51).

use std::sync::Arc;

use super::cases::NOT_FOUND;
use super::{COMPARED, CaseRefused, Operator, Operators, judgement};
use crate::account::person::Person;
use crate::account::proofing::{NUMBER_DIGITS, Outcome, Overridden, PersonalData, Progress};
use crate::error::{Internal, Result};
use crate::model::digits::plain_digits;
use crate::model::evidence::Attribute;
use crate::model::id::AccountId;
use crate::model::secret::Digest;
use crate::model::timestamp::Timestamp;
use crate::storage::{CentreRecord, OverrideRecord};

/// The longest list of proposals.
const LIST: i64 = 100;

/// A proposal in the list: nothing of the citizen but the number.
#[derive(Clone, Debug)]
pub struct WaitingOverride {
    pub number: String,
    /// Where the citizen was seen.
    pub centre: String,
    pub proposed_at: Timestamp,
    /// Until when it is to be decided.
    pub expires_at: Timestamp,
    /// Name of the colleague.
    pub proposer: String,
}

/// A proposal, opened by the second operator.
pub struct OverrideCase {
    record: OverrideRecord,
    person: Arc<Person>,
    /// What the citizen sent and how the registries stand to it.
    pub submitted: Progress,
    /// As in the list.
    pub line: WaitingOverride,
    /// Why the colleague proposes it.
    pub reason: String,
    /// Names the data as they are shown.
    pub seen: String,
}

/// What is held against the originals: everything that evidence will cover.
pub fn overridden_fields(data: &PersonalData) -> Vec<Attribute> {
    let mut fields = COMPARED.to_vec();
    if data.profile.inn.is_some() {
        fields.push(Attribute::Inn);
    }
    fields
}

/// Names what was sent and what is known as they are shown together.
pub(super) fn seen(submitted: &Progress, person: &Person) -> Result<String> {
    let shown = (&submitted.id, submitted.data.facts(), &person.facts);
    let text = serde_json::to_string(&shown).map_err(Internal::from)?;
    Ok(Digest::of(text.as_bytes()).as_str().to_owned())
}

/// Refuses unless every field was compared, and what was seen is still so and
/// still counts.
fn stands(
    submitted: &Progress,
    person: &Person,
    compared: &[Attribute],
    (was_seen, is_seen): (&str, &str),
    now: Timestamp,
) -> Result<(), CaseRefused> {
    judgement::complete(&overridden_fields(&submitted.data), compared)?;
    if was_seen != is_seen || person.blocked {
        return Err(CaseRefused::Changed);
    }
    if submitted.data.ends_at().is_some_and(|end| end <= now) {
        return Err(CaseRefused::PassportOver);
    }
    Ok(())
}

impl Operators {
    /// What the citizen sent last, if it is this submission and registries have
    /// it otherwise.
    pub(super) async fn submitted(
        &self,
        account: &AccountId,
        submission: &str,
    ) -> Result<Option<Progress>> {
        let newest = self.accounts.progress(account).await?;
        Ok(newest
            .filter(|newest| newest.id == submission && newest.outcome == Some(Outcome::Mismatch)))
    }

    /// Proposes to take the data of the citizen at the desk.
    ///
    /// # Errors
    /// The refusal.
    pub async fn propose_override(
        &self,
        operator: &Operator,
        number: &str,
        seen: &str,
        compared: &[Attribute],
        reason: &str,
        now: Timestamp,
    ) -> Result<(), CaseRefused> {
        let case = self.find_case(operator, number, now).await?;
        let submitted = case.submitted.as_ref().ok_or(CaseRefused::Unknown)?;
        stands(submitted, &case.person, compared, (seen, &case.seen), now)?;
        let reason = judgement::reason(reason)?;
        let by = operator.attestor();
        let proposed = self
            .accounts
            .propose_override(case.visit(), submitted, &reason, by, now)
            .await?;
        judgement::ended(proposed)
    }

    /// How many proposals wait for this operator.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn overrides_count(&self, operator: &Operator, now: Timestamp) -> Result<u64> {
        let count = self.storage.count_overrides(&operator.account, now).await?;
        Ok(u64::try_from(count).unwrap_or_default())
    }

    /// The proposals this operator may decide about, oldest first.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn overrides(
        &self,
        operator: &Operator,
        now: Timestamp,
    ) -> Result<Vec<WaitingOverride>> {
        let account = &operator.account;
        let records = self.storage.overrides_waiting(account, now, LIST).await?;
        let mut lines = Vec::with_capacity(records.len());
        let centres = self.storage.centres().await?;
        for record in &records {
            lines.push(self.line(record, &centres).await?);
        }
        Ok(lines)
    }

    async fn line(
        &self,
        record: &OverrideRecord,
        centres: &[CentreRecord],
    ) -> Result<WaitingOverride> {
        let centre = centres.iter().find(|centre| centre.id == record.centre_id);
        let proposer = self.accounts.known(&record.proposed_by).await?;
        let name = proposer.map(|known| {
            let profile = &known.person.profile;
            format!("{} {}", profile.given_name, profile.family_name)
        });
        Ok(WaitingOverride {
            number: record.number.clone(),
            centre: centre.map(|centre| centre.name.clone()).unwrap_or_default(),
            proposed_at: record.proposed_at,
            expires_at: record.expires_at,
            proposer: name.unwrap_or_default(),
        })
    }

    /// Opens a proposal; both books say so.
    ///
    /// # Errors
    /// The refusal.
    pub async fn open_override(
        &self,
        operator: &Operator,
        number: &str,
        now: Timestamp,
    ) -> Result<OverrideCase, CaseRefused> {
        let case = self.find_override(operator, number, now).await?;
        self.accounts
            .note_override_opened(&case.record, operator.attestor(), now)
            .await?;
        Ok(case)
    }

    async fn find_override(
        &self,
        operator: &Operator,
        number: &str,
        now: Timestamp,
    ) -> Result<OverrideCase, CaseRefused> {
        let attestor = operator.attestor();
        if let Some(retry_after) = self.accounts.misses_at_desk(attestor, now).await? {
            return Err(CaseRefused::TooMany { retry_after });
        }
        let digits = plain_digits(number).filter(|digits| digits.len() == NUMBER_DIGITS);
        let record = match digits {
            Some(number) => self.storage.find_override(&number, now).await?,
            None => None,
        };
        let Some(record) = record else {
            self.accounts
                .note_miss_at_desk(attestor, NOT_FOUND, now)
                .await?;
            return Err(CaseRefused::Unknown);
        };
        if record.account_id == operator.account {
            return Err(CaseRefused::OwnCase);
        }
        if record.proposed_by == operator.account {
            return Err(CaseRefused::OwnProposal);
        }
        let submitted = self
            .submitted(&record.account_id, &record.submission_id)
            .await?
            .ok_or(CaseRefused::Unknown)?;
        let known = self.accounts.known(&record.account_id).await?;
        let person = known.ok_or(CaseRefused::Unknown)?.person.clone();
        Ok(OverrideCase {
            seen: seen(&submitted, &person)?,
            reason: self.accounts.reason_of_override(&record).await?,
            line: self.line(&record, &self.storage.centres().await?).await?,
            record,
            person,
            submitted,
        })
    }

    /// Confirms a colleague's proposal, when every field was looked at again:
    /// the data are the person's from now on.
    ///
    /// # Errors
    /// The refusal.
    pub async fn confirm_override(
        &self,
        operator: &Operator,
        number: &str,
        seen: &str,
        compared: &[Attribute],
        now: Timestamp,
    ) -> Result<(), CaseRefused> {
        let case = self.find_override(operator, number, now).await?;
        let (person, submitted) = (&case.person, &case.submitted);
        stands(submitted, person, compared, (seen, &case.seen), now)?;
        // Whoever was dismissed meanwhile does not count as the other pair of eyes.
        if self.find(&case.record.proposed_by).await?.is_none() {
            return Err(CaseRefused::ProposerGone);
        }
        let by = operator.attestor();
        let ended = self
            .accounts
            .confirm_override(&case.record, submitted, person, by, now)
            .await?;
        match ended {
            Overridden::Decided(ended) => judgement::ended(ended),
            Overridden::SnilsTaken => Err(CaseRefused::SnilsTaken),
        }
    }

    /// Sends a colleague's proposal back, with a reason that the citizen reads.
    ///
    /// # Errors
    /// The refusal of the refusal.
    pub async fn return_override(
        &self,
        operator: &Operator,
        number: &str,
        reason: &str,
        now: Timestamp,
    ) -> Result<(), CaseRefused> {
        let case = self.find_override(operator, number, now).await?;
        let reason = judgement::reason(reason)?;
        let by = operator.attestor();
        let ended = self
            .accounts
            .return_override(&case.record, &reason, by, now)
            .await?;
        judgement::ended(ended)
    }
}
