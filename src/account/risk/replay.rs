//! A recorded trail of sign-ins, run through the rules: to see what settings
//! would do before they do it, and why (docs/risk.md).

use std::collections::{HashMap, HashSet};
use std::net::IpAddr;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};

use super::Risk;
use super::facts::{Country, Facts, Network, Place, Point, Seen};
use super::verdict::{Outcome, Reason, Verdict, verdict};
use crate::account::browser::Browser;
use crate::error::{Internal, Result};
use crate::model::timestamp::Timestamp;

/// A line of a trail.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recorded {
    /// Whose account: any name that tells accounts apart.
    pub account: String,
    /// RFC 3339.
    #[serde(deserialize_with = "moment")]
    pub at: jiff::Timestamp,
    /// Network address.
    pub address: IpAddr,
    /// The `User-Agent` header.
    #[serde(default)]
    pub agent: String,
    /// Any name that tells browsers apart; none for one that keeps no cookie.
    #[serde(default)]
    pub device: Option<String>,
    /// How it ended then: `success`, or anything else for a proof that failed.
    pub outcome: String,
    /// ISO 3166-1, instead of what the database says.
    #[serde(default)]
    pub country: Option<String>,
    /// Latitude and longitude in degrees, instead of what the database says.
    #[serde(default)]
    pub point: Option<[f64; 2]>,
    /// The autonomous system, instead of what the database says.
    #[serde(default)]
    pub system: Option<u32>,
    /// What the line shows, for whoever reads the trail.
    #[serde(default)]
    pub note: Option<String>,
}

fn moment<'de, D: Deserializer<'de>>(deserializer: D) -> Result<jiff::Timestamp, D::Error> {
    let text = String::deserialize(deserializer)?;
    text.parse().map_err(D::Error::custom)
}

/// What the rules say of a line.
#[derive(Clone, Debug, Serialize)]
pub struct Replayed {
    pub account: String,
    /// RFC 3339.
    pub at: String,
    pub address: IpAddr,
    /// What follows; none where nothing was proven, so that nothing is judged.
    pub verdict: Option<&'static str>,
    /// The sum of weights.
    pub score: u32,
    /// Whether the browser was known by then.
    pub known_device: bool,
    pub reasons: Vec<Reason>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// Runs a trail, one JSON object a line, through the rules in its order. Empty
/// lines and those that begin with `#` are passed over.
///
/// # Errors
/// The number of the first line that cannot be read, and why.
pub fn replay(risk: &Risk, trail: &str) -> Result<Vec<Replayed>> {
    let mut people = HashMap::<String, Known>::new();
    let mut all = Vec::new();
    for (number, line) in trail.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let recorded: Recorded = serde_json::from_str(line)
            .map_err(|error| Internal::new(format!("line {}: {error}", number + 1)))?;
        let known = people.entry(recorded.account.clone()).or_default();
        all.push(known.judge(risk, recorded));
    }
    Ok(all)
}

/// What is known of an account by then.
#[derive(Default)]
struct Known {
    /// Oldest first.
    sign_ins: Vec<Seen>,
    devices: HashSet<String>,
}

/// Earlier sign-ins that are compared with.
const REMEMBERED: usize = 50;

impl Known {
    fn judge(&mut self, risk: &Risk, recorded: Recorded) -> Replayed {
        let device = recorded.device.as_ref();
        let known_device = device.is_some_and(|device| self.devices.contains(device));
        let verdict = (recorded.outcome == "success").then(|| {
            let facts = Facts {
                here: seen(risk, &recorded),
                earlier: self
                    .sign_ins
                    .iter()
                    .rev()
                    .take(REMEMBERED)
                    .cloned()
                    .collect(),
                known_device,
                bad_network: risk.bad_network(recorded.address.to_canonical()),
            };
            let verdict = verdict(&facts, risk.settings());
            // A refused sign-in makes neither its place nor its browser known.
            if verdict.outcome != Outcome::End {
                self.sign_ins.push(facts.here);
                self.devices.extend(recorded.device.clone());
            }
            verdict
        });
        Replayed {
            account: recorded.account,
            at: recorded.at.to_string(),
            address: recorded.address,
            verdict: verdict.as_ref().map(|verdict| verdict.outcome.as_str()),
            score: verdict.as_ref().map_or(0, Verdict::score),
            known_device,
            reasons: verdict.map(|verdict| verdict.reasons).unwrap_or_default(),
            note: recorded.note,
        }
    }
}

fn seen(risk: &Risk, recorded: &Recorded) -> Seen {
    let browser = Browser {
        address: recorded.address,
        user_agent: recorded.agent.clone(),
        device: None,
        session: None,
    };
    let details = browser.details();
    let at = Timestamp::from_millis(recorded.at.as_millisecond());
    let mut seen = risk.seen(at, recorded.address, &details.os, &details.browser);
    let Place { country, point } = &mut seen.place;
    if let Some(code) = &recorded.country {
        *country = Some(Country {
            code: code.clone(),
            name_ru: code.clone(),
            name_en: code.clone(),
        });
    }
    if let Some([latitude, longitude]) = recorded.point {
        *point = Some(Point {
            latitude,
            longitude,
            radius: 0.0,
        });
    }
    if recorded.system.is_some() {
        seen.network = Network::of(seen.address, recorded.system);
    }
    seen
}

impl Replayed {
    /// What follows and why, in a line.
    pub fn told(&self) -> String {
        let mut line = format!("{} {} {}: ", self.at, self.account, self.address);
        match self.verdict {
            None => line.push_str("not judged, nothing was proven"),
            Some(verdict) => line.push_str(&format!("{verdict} ({})", self.score)),
        }
        for reason in &self.reasons {
            // Of names in several languages the code alone is said.
            let is_code = |name: &str| !name.ends_with("_ru") && !name.ends_with("_en");
            let values = reason.values.iter().filter(|(name, _)| is_code(name));
            let values: Vec<_> = values
                .map(|(name, value)| format!("{name}={value}"))
                .collect();
            let (rule, weight) = (&reason.rule, reason.weight);
            line.push_str(&format!("\n  {rule} +{weight}: {}", values.join(", ")));
        }
        line
    }
}
