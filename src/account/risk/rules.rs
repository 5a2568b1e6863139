//! The rules. Each is a row: a name that logs and settings know it by, what it
//! weighs by default, and a pure function that gives what speaks for it.
//! Without a history there is nothing to compare with, and such rules are silent.

use std::collections::BTreeMap;
use std::time::Duration;

use super::facts::Facts;
use super::settings::RiskSettings;
use crate::texts::key;

/// The values of a reason's text, by name.
pub type Values = BTreeMap<String, String>;

/// A row of [`RULES`].
pub struct Rule {
    /// The reason code: in settings, logs and the history.
    pub name: &'static str,
    /// What it weighs unless the settings say otherwise.
    pub weight: u32,
    /// The key of the sentence that says it to the citizen; it takes the
    /// values that `check` gives.
    pub text: &'static str,
    pub(super) check: fn(&Facts, &RiskSettings) -> Option<Values>,
}

/// Every rule, in the order reasons are told in.
pub const RULES: &[Rule] = &[
    Rule {
        name: "new_country",
        weight: 30,
        text: key("risk-new-country-said"),
        check: new_country,
    },
    Rule {
        name: "new_network",
        weight: 10,
        text: key("risk-new-network-said"),
        check: new_network,
    },
    Rule {
        name: "impossible_travel",
        weight: 50,
        text: key("risk-impossible-travel-said"),
        check: impossible_travel,
    },
    Rule {
        name: "new_agent",
        weight: 10,
        text: key("risk-new-agent-said"),
        check: new_agent,
    },
    Rule {
        name: "rate",
        weight: 20,
        text: key("risk-rate-said"),
        check: rate,
    },
    Rule {
        name: "bad_address",
        weight: 60,
        text: key("risk-bad-address-said"),
        check: bad_address,
    },
];

/// Faster than an airliner, in kilometres an hour.
const FASTEST: f64 = 900.0;
/// Databases err by about as much, in kilometres.
const NEAR: f64 = 100.0;

fn values<const N: usize>(pairs: [(&str, String); N]) -> Values {
    pairs
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
}

fn new_country(facts: &Facts, _: &RiskSettings) -> Option<Values> {
    let country = facts.here.place.country.as_ref()?;
    let mut known = facts
        .earlier
        .iter()
        .filter_map(|seen| seen.place.country.as_ref())
        .peekable();
    // Of sign-ins without a country nothing can be said.
    known.peek()?;
    (!known.any(|other| other.code == country.code)).then(|| {
        values([
            ("country", country.code.clone()),
            ("country_ru", country.name_ru.clone()),
            ("country_en", country.name_en.clone()),
        ])
    })
}

fn new_network(facts: &Facts, _: &RiskSettings) -> Option<Values> {
    let network = &facts.here.network;
    let is_new = !facts.earlier.is_empty()
        && !facts
            .earlier
            .iter()
            .any(|seen| seen.network.is_like(network));
    is_new.then(|| values([("network", network.to_string())]))
}

fn impossible_travel(facts: &Facts, _: &RiskSettings) -> Option<Values> {
    let here = facts.here.place.point?;
    let (last, there) = facts
        .earlier
        .iter()
        .find_map(|seen| Some((seen, seen.place.point?)))?;
    let distance = here.distance(&there);
    let elapsed = facts.here.at.since(last.at);
    let reach = FASTEST * elapsed.as_secs_f64() / 3600.0;
    (distance > NEAR && distance > reach).then(|| {
        values([
            ("kilometres", format!("{distance:.0}")),
            ("minutes", (elapsed.as_secs() / 60).to_string()),
        ])
    })
}

fn new_agent(facts: &Facts, _: &RiskSettings) -> Option<Values> {
    let agent = facts.here.agent.as_ref()?;
    let is_new = !facts.earlier.is_empty()
        && !facts
            .earlier
            .iter()
            .any(|seen| seen.agent.as_ref() == Some(agent));
    is_new.then(|| values([("agent", agent.clone())]))
}

/// Successful sign-ins only: wrong passwords are strangers', and must not be
/// able to close the account to its owner.
fn rate(facts: &Facts, settings: &RiskSettings) -> Option<Values> {
    let window = Duration::from_secs(settings.rate_window_seconds);
    let since = facts.here.at.minus(window);
    let earlier = facts.earlier.iter().filter(|seen| seen.at > since).count();
    let all = earlier + 1;
    (earlier > 0 && all > settings.rate_sign_ins as usize).then(|| {
        values([
            ("sign_ins", all.to_string()),
            ("minutes", (window.as_secs() / 60).to_string()),
        ])
    })
}

fn bad_address(facts: &Facts, _: &RiskSettings) -> Option<Values> {
    let network = facts.bad_network?;
    Some(values([("network", network.to_string())]))
}
