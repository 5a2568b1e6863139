//! The rules at the door: what follows before a session begins.

use super::facts::{Facts, Seen};
use super::refused::AdmitRefused;
use super::verdict::{Outcome, Verdict, verdict};
use crate::account::Accounts;
use crate::account::history::{self, Status, Try};
use crate::account::sign_in::Proven;
use crate::error::Result;
use crate::model::timestamp::Timestamp;
use crate::notify::MessageKind;
use crate::storage::{Effects, HistoryFilter, RiskDecisionRecord};

/// Earlier sign-ins that are compared with.
const REMEMBERED: i64 = 50;

/// A sign-in that may go on.
pub(in crate::account) struct Weighed {
    pub verdict: Verdict,
    /// What is told of it, to be written with the session.
    pub effects: Effects,
}

impl Weighed {
    /// Whether the owner is told why it was unusual: then a new device needs no
    /// message of its own.
    pub(in crate::account) fn is_told(&self) -> bool {
        self.verdict.outcome >= Outcome::Notify
    }
}

impl Accounts {
    /// Judges a proven sign-in and does what follows: a restriction stands
    /// before the session begins, a refused one is recorded here.
    pub(in crate::account) async fn weigh(
        &self,
        proven: &Proven<'_>,
        has_second: bool,
        now: Timestamp,
    ) -> Result<Weighed, AdmitRefused> {
        let facts = self.facts(proven, now).await?;
        let mut verdict = verdict(&facts, self.risk.settings());
        // A second factor settles it: whoever has the password alone must not
        // be able to restrict the owner.
        if has_second && verdict.outcome == Outcome::Restrict {
            verdict.outcome = Outcome::AskFactor;
        }
        let effects = match verdict.outcome {
            Outcome::Nothing => Effects::default(),
            // Another factor is asked for by whoever begins the session.
            Outcome::Notify | Outcome::AskFactor => {
                let kind = MessageKind::SignInUnusual;
                let params = self.params_of(proven, &verdict, now);
                let warning = self.warning(proven.owner, kind, &params, now).await?;
                let lines = self.lines(proven.owner, now).notice(kind, &params)?;
                lines.send(warning).done()
            }
            Outcome::Restrict => {
                self.restrict(proven, &verdict, now).await?;
                Effects::default()
            }
            Outcome::End => {
                self.end_entrance(proven, &verdict, now).await?;
                return Err(AdmitRefused::Ended);
            }
        };
        Ok(Weighed { verdict, effects })
    }

    async fn facts(&self, proven: &Proven<'_>, now: Timestamp) -> Result<Facts> {
        let details = proven.arrival.browser.details();
        let address = proven.arrival.browser.address;
        let here = self.risk.seen(now, address, &details.os, &details.browser);
        let filter = HistoryFilter {
            status: Some(Status::Success.as_str().to_owned()),
            limit: REMEMBERED,
            ..HistoryFilter::default()
        };
        let owner = proven.owner;
        let mut earlier = Vec::new();
        for record in self.storage.sign_ins(owner.id(), &filter).await? {
            let line = history::open(&owner.key, record)?;
            earlier.extend(self.seen_before(&line));
        }
        Ok(Facts {
            bad_network: self.risk.bad_network(here.address),
            here,
            earlier,
            known_device: proven.known_device,
        })
    }

    /// None for a line whose address is of no known form.
    fn seen_before(&self, line: &history::SignInLine) -> Option<Seen> {
        let address = line.details.address.parse().ok()?;
        let (os, browser) = (&line.details.os, &line.details.browser);
        Some(self.risk.seen(line.at, address, os, browser))
    }

    fn params_of(
        &self,
        proven: &Proven<'_>,
        verdict: &Verdict,
        now: Timestamp,
    ) -> Vec<(&'static str, String)> {
        let details = proven.arrival.browser.details();
        let mut params = self.seen(&details, "/account/history", now).to_vec();
        params.push(("reasons", verdict.names()));
        params
    }

    async fn restrict(&self, proven: &Proven<'_>, verdict: &Verdict, now: Timestamp) -> Result<()> {
        let owner = proven.owner;
        let until = now.plus(self.risk.settings().restriction());
        let kind = MessageKind::SignInRestricted;
        let mut params = self.params_of(proven, verdict, now);
        params.push(("until", until.millis().to_string()));
        let effects = self
            .lines(owner, now)
            .journal("restricted", None, proven.arrival.browser)?
            .warn(kind, &params)
            .await?
            .done();
        let decision = self.decision(proven, verdict, now);
        self.storage
            .restrict_account(decision, until, effects)
            .await
    }

    async fn end_entrance(
        &self,
        proven: &Proven<'_>,
        verdict: &Verdict,
        now: Timestamp,
    ) -> Result<()> {
        let decision = self.decision(proven, verdict, now);
        let owner = proven.owner;
        // Whoever has the password must not flood its owner with messages.
        let subject = owner.id().as_str();
        if self
            .allow(self.told_of_strangers(), subject, now)
            .await?
            .is_some()
        {
            return Ok(());
        }
        let mut line = Try::new(Status::Refused, proven.arrival.browser);
        line.client = proven.arrival.client;
        line.details.reasons.clone_from(&verdict.reasons);
        let kind = MessageKind::SignInRefused;
        let params = self.params_of(proven, verdict, now);
        let effects = self
            .lines(owner, now)
            .sign_in(&line)?
            .journal("sign_in_refused", None, proven.arrival.browser)?
            .warn(kind, &params)
            .await?
            .done();
        self.storage.record_refusal(decision, effects).await
    }

    /// The line for administrators, who see it in the log as well.
    fn decision(
        &self,
        proven: &Proven<'_>,
        verdict: &Verdict,
        now: Timestamp,
    ) -> RiskDecisionRecord {
        let account = proven.owner.id();
        let (outcome, rules) = (verdict.outcome.as_str(), verdict.weighed());
        tracing::warn!(%account, outcome, rules, "a sign-in was not like the owner's others");
        RiskDecisionRecord {
            id: self.entropy.id(now),
            account_id: account.clone(),
            at: now,
            outcome: outcome.to_owned(),
            rules,
        }
    }
}
