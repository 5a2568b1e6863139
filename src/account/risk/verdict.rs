//! From facts to what follows, with the reasons.

use serde::{Deserialize, Serialize};

use super::facts::Facts;
use super::rules::{RULES, Rule, Values};
use super::settings::RiskSettings;

/// What follows from a sign-in, from the mildest to the hardest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// It is like the others.
    Nothing,
    /// The owner is told.
    Notify,
    /// Another factor is asked for.
    AskFactor,
    /// Sensitive actions and other sites are closed for some days.
    Restrict,
    /// The sign-in is refused.
    End,
}

impl Outcome {
    /// The name in logs, trails and the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Notify => "notify",
            Self::AskFactor => "ask_factor",
            Self::Restrict => "restrict",
            Self::End => "end",
        }
    }
}

/// A rule that spoke.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// The name of the rule.
    pub rule: String,
    pub weight: u32,
    /// What it saw, for the sentence that says it.
    #[serde(default)]
    pub values: Values,
}

impl Reason {
    /// The rule, unless an older or newer version of this program wrote it.
    pub fn row(&self) -> Option<&'static Rule> {
        RULES.iter().find(|rule| rule.name == self.rule)
    }
}

/// What follows, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    pub outcome: Outcome,
    /// In the order of [`RULES`].
    pub reasons: Vec<Reason>,
}

impl Verdict {
    /// The sum of all weights.
    pub fn score(&self) -> u32 {
        let weights = self.reasons.iter().map(|reason| reason.weight);
        weights.fold(0, u32::saturating_add)
    }

    /// Whether the person must show another factor before a session begins.
    /// A harder outcome asks for it as well.
    pub fn asks_factor(&self) -> bool {
        self.outcome >= Outcome::AskFactor
    }

    /// The names of the rules, divided by blanks.
    pub fn names(&self) -> String {
        let names = self.reasons.iter().map(|reason| reason.rule.as_str());
        names.collect::<Vec<_>>().join(" ")
    }

    /// The rules with their weights, as decisions are recorded.
    pub fn weighed(&self) -> String {
        let weighed = |reason: &Reason| format!("{}={}", reason.rule, reason.weight);
        let weighed = self.reasons.iter().map(weighed);
        weighed.collect::<Vec<_>>().join(" ")
    }
}

/// Judges one sign-in. Pure: the same facts and settings give the same verdict.
pub fn verdict(facts: &Facts, settings: &RiskSettings) -> Verdict {
    let reasons = RULES
        .iter()
        .filter_map(|rule| {
            let weight = settings.weight(rule)?;
            let values = (rule.check)(facts, settings)?;
            Some(Reason {
                rule: rule.name.to_owned(),
                weight,
                values,
            })
        })
        .collect();
    let mut verdict = Verdict {
        outcome: Outcome::Nothing,
        reasons,
    };
    verdict.outcome = settings.outcome(verdict.score());
    // Who has the password must not be able to shut the owner out of the
    // browser they have always used: there another factor is the most.
    if facts.known_device {
        verdict.outcome = verdict.outcome.min(Outcome::AskFactor);
    }
    verdict
}
