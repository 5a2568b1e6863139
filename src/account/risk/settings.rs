//! What an administrator may set about the rules. Everything works without a
//! file: rules that have nothing to look at are silent.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use serde::Deserialize;

use super::rules::{RULES, Rule};
use super::verdict::Outcome;
use crate::error::{Internal, Result};

/// `[risk]`
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RiskSettings {
    /// A City or Country database in MaxMind's format.
    pub places: Option<PathBuf>,
    /// An ASN database in MaxMind's format.
    pub networks: Option<PathBuf>,
    /// Networks of bad repute, one in CIDR notation a line.
    pub bad_addresses: Option<PathBuf>,
    /// The sum of weights from which the owner is told; 0 for never, as with
    /// the others.
    pub notify: u32,
    /// From which another factor is asked for.
    pub ask_factor: u32,
    /// From which sensitive actions and other sites are closed.
    pub restrict: u32,
    /// From which the sign-in is refused.
    pub end: u32,
    /// Hours that a restriction lasts.
    pub restrict_hours: u64,
    /// The time in which sign-ins are counted, in seconds.
    pub rate_window_seconds: u64,
    /// Sign-ins in that time that are still usual.
    pub rate_sign_ins: u32,
    /// Each rule by name: on, off, or what it weighs.
    pub rules: BTreeMap<String, Switch>,
}

impl Default for RiskSettings {
    fn default() -> Self {
        Self {
            places: None,
            networks: None,
            bad_addresses: None,
            notify: 20,
            ask_factor: 40,
            restrict: 80,
            end: 120,
            restrict_hours: 72,
            rate_window_seconds: 600,
            rate_sign_ins: 20,
            rules: BTreeMap::new(),
        }
    }
}

/// How a rule is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Written")]
pub enum Switch {
    /// Weighs what it does by default.
    On,
    /// Is not looked at.
    Off,
    /// Weighs so much.
    Weighs(u32),
}

/// `true`, `false`, `"on"`, `"off"` or a number.
#[derive(Deserialize)]
#[serde(untagged)]
enum Written {
    Bool(bool),
    Number(u32),
    Word(String),
}

impl TryFrom<Written> for Switch {
    type Error = String;

    fn try_from(written: Written) -> Result<Self, String> {
        match written {
            Written::Bool(true) => Ok(Self::On),
            Written::Bool(false) => Ok(Self::Off),
            Written::Number(weight) => Ok(Self::Weighs(weight)),
            Written::Word(word) => match word.as_str() {
                "on" => Ok(Self::On),
                "off" => Ok(Self::Off),
                other => other
                    .parse()
                    .map(Self::Weighs)
                    .map_err(|_| format!("\"{other}\": must be on, off or a weight")),
            },
        }
    }
}

impl RiskSettings {
    /// Checks what types cannot.
    ///
    /// # Errors
    /// The first value that is not usable.
    pub fn check(&self) -> Result<()> {
        if let Some(unknown) = self
            .rules
            .keys()
            .find(|name| RULES.iter().all(|rule| rule.name != *name))
        {
            let known: Vec<_> = RULES.iter().map(|rule| rule.name).collect();
            return Err(Internal::new(format!(
                "risk.rules.{unknown}: no such rule; there are {}",
                known.join(", ")
            )));
        }
        let mut last = 0;
        for (outcome, from) in self.thresholds().into_iter().filter(|(_, from)| *from > 0) {
            if from < last {
                return Err(Internal::new(format!(
                    "risk.{} = {from}: must not be below that of a milder outcome ({last})",
                    outcome.as_str()
                )));
            }
            last = from;
        }
        for (key, value, most) in [
            ("risk.restrict_hours", self.restrict_hours, 30 * 24),
            ("risk.rate_window_seconds", self.rate_window_seconds, 86_400),
        ] {
            if !(1..=most).contains(&value) {
                return Err(Internal::new(format!(
                    "{key} = {value}: must be between 1 and {most}"
                )));
            }
        }
        Ok(())
    }

    /// What a rule weighs; none when it is off.
    pub(super) fn weight(&self, rule: &Rule) -> Option<u32> {
        match self.rules.get(rule.name) {
            None | Some(Switch::On) => Some(rule.weight),
            Some(Switch::Off) => None,
            Some(Switch::Weighs(weight)) => Some(*weight),
        }
    }

    /// The hardest outcome that this sum reaches.
    pub(super) fn outcome(&self, score: u32) -> Outcome {
        self.thresholds()
            .into_iter()
            .filter(|(_, from)| *from > 0 && score >= *from)
            .map(|(outcome, _)| outcome)
            .max()
            .unwrap_or(Outcome::Nothing)
    }

    /// How long a restriction lasts.
    pub(super) const fn restriction(&self) -> Duration {
        Duration::from_secs(self.restrict_hours * 3600)
    }

    const fn thresholds(&self) -> [(Outcome, u32); 4] {
        [
            (Outcome::Notify, self.notify),
            (Outcome::AskFactor, self.ask_factor),
            (Outcome::Restrict, self.restrict),
            (Outcome::End, self.end),
        ]
    }
}
