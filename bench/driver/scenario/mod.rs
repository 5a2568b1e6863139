//! The scenarios, in the order they are run, and how a pair of sides is
//! measured: round by round, the order turned each time, so that a machine
//! that warms up or slows down does so for both.

mod code_flow;
mod desk;
mod device_poll;
mod endpoint;
mod equal_times;
mod esia;
mod flood;
mod password;
mod pushed_flow;
mod refresh;

pub use equal_times::Seen;

use crate::RunArguments;
use crate::measure::Measured;
use crate::plan::Plan;
use crate::process::memory_mb;
use crate::report::{Report, Row, Unit};
use crate::side::{People, Side};

/// Everything a scenario works with.
pub struct Bench<'a> {
    /// Propusk.
    pub ours: Side,
    /// oidc-provider.
    pub peer: Side,
    /// Lengths and numbers.
    pub plan: Plan,
    /// What the command line said.
    pub arguments: &'a RunArguments,
}

/// Name, the least ratio wanted on SQLite (the most for the last), the scenario.
struct Scenario {
    name: &'static str,
    target: Option<f64>,
    unit: Unit,
}

const SCENARIOS: &[Scenario] = &[
    Scenario {
        name: "client_credentials_es256",
        target: Some(8.0),
        unit: Unit::PerSecond,
    },
    Scenario {
        name: "client_credentials_rs256",
        target: Some(2.5),
        unit: Unit::PerSecond,
    },
    Scenario {
        name: "refresh",
        target: Some(4.0),
        unit: Unit::PerSecond,
    },
    Scenario {
        name: "code_flow",
        target: Some(4.0),
        unit: Unit::PerSecond,
    },
    Scenario {
        name: "pushed_flow_dpop",
        target: Some(4.0),
        unit: Unit::PerSecond,
    },
    Scenario {
        name: "device_poll",
        target: Some(4.0),
        unit: Unit::PerSecond,
    },
    Scenario {
        name: "esia_v1_te_rsa",
        target: None,
        unit: Unit::PerSecond,
    },
    Scenario {
        name: "esia_v3_te_gost",
        target: None,
        unit: Unit::PerSecond,
    },
    Scenario {
        name: "userinfo",
        target: Some(10.0),
        unit: Unit::PerSecond,
    },
    Scenario {
        name: "introspection",
        target: Some(10.0),
        unit: Unit::PerSecond,
    },
    Scenario {
        name: "discovery",
        target: None,
        unit: Unit::PerSecond,
    },
    Scenario {
        name: "password",
        target: Some(0.9),
        unit: Unit::PerSecond,
    },
    Scenario {
        name: "userinfo_under_flood",
        target: Some(3.0),
        unit: Unit::P99Milliseconds,
    },
];

/// The operator's search, which no peer has.
pub const DESK: &str = "desk_search";

/// What a stranger can learn from the time of an answer; no peer is asked.
pub const TIMES: &str = "equal_times";

/// Run what was asked for. A scenario that fails is reported and the rest goes on.
pub async fn run_all(arguments: &RunArguments) -> Result<Report, String> {
    for name in &arguments.only {
        let alone = [DESK, TIMES].contains(&name.as_str());
        if !alone && !SCENARIOS.iter().any(|scenario| scenario.name == name) {
            return Err(format!("no scenario is called {name}"));
        }
    }
    // The peer knows nobody and takes any login; ours are counted from the first.
    let side = |name, authority: &str| Side {
        name,
        authority: authority.into(),
        client_secret: arguments.client_secret.clone(),
        people: People::from(1, &arguments.password),
    };
    let bench = Bench {
        ours: side("propusk", &arguments.ours),
        peer: side("oidc-provider", &arguments.peer),
        plan: Plan::new(arguments.quick),
        arguments,
    };
    let mut report = Report::new(arguments);
    report.idle_mb = memory_mb(arguments.ours_pid)?.0;
    report.peer_idle_mb = memory_mb(arguments.peer_pid)?.0;
    for scenario in SCENARIOS {
        if arguments.only.is_empty() || arguments.only.iter().any(|name| name == scenario.name) {
            eprintln!("bench: {} …", scenario.name);
            let result = bench.run(scenario.name).await;
            if let Err(reason) = &result {
                eprintln!("bench: {} FAILED: {reason}", scenario.name);
            }
            report.rows.push(Row {
                name: scenario.name,
                target: scenario.target,
                unit: scenario.unit,
                result,
            });
        }
    }
    let wants = |wanted: &str| {
        arguments.only.is_empty() || arguments.only.iter().any(|name| name == wanted)
    };
    if wants(DESK) {
        for (by, search) in desk::By::ALL {
            eprintln!("bench: {DESK} by {by} …");
            let result = desk::run(&bench, search).await;
            if let Err(reason) = &result {
                eprintln!("bench: {DESK} by {by} FAILED: {reason}");
            }
            report.searches.push((by, result));
        }
    }
    if wants(TIMES) {
        for (name, door) in equal_times::Door::ALL {
            eprintln!("bench: {TIMES} at {name} …");
            let result = equal_times::run(&bench, door).await;
            if let Err(reason) = &result {
                eprintln!("bench: {TIMES} at {name} FAILED: {reason}");
            }
            report.times.push((name, result));
        }
    }
    report.peak_mb = memory_mb(arguments.ours_pid)?.1;
    report.peer_peak_mb = memory_mb(arguments.peer_pid)?.1;
    Ok(report)
}

impl Bench<'_> {
    async fn run(&self, name: &str) -> Result<(Measured, Measured), String> {
        match name {
            "client_credentials_es256" => {
                endpoint::client_credentials(self, "bench-cc-es256", "ES256").await
            }
            "client_credentials_rs256" => {
                endpoint::client_credentials(self, "bench-cc-rs256", "RS256").await
            }
            "refresh" => refresh::run(self).await,
            "code_flow" => code_flow::run(self).await,
            "pushed_flow_dpop" => pushed_flow::run(self).await,
            "device_poll" => device_poll::run(self).await,
            "esia_v1_te_rsa" => esia::run(self, esia::Generation::First).await,
            "esia_v3_te_gost" => esia::run(self, esia::Generation::Second).await,
            "userinfo" => endpoint::userinfo(self).await,
            "introspection" => endpoint::introspection(self).await,
            "discovery" => endpoint::discovery(self).await,
            "password" => password::run(self).await,
            _ => flood::run(self).await,
        }
    }

    /// Both sides, alternating.
    async fn pair<M>(&self, mut measure: M) -> Result<(Measured, Measured), String>
    where
        M: AsyncFnMut(&Side) -> Result<Measured, String>,
    {
        let (mut ours, mut peer) = (Vec::new(), Vec::new());
        for round in 0..self.plan.rounds {
            if round % 2 == 0 {
                ours.push(
                    measure(&self.ours)
                        .await
                        .map_err(|reason| format!("propusk: {reason}"))?,
                );
                peer.push(
                    measure(&self.peer)
                        .await
                        .map_err(|reason| format!("peer: {reason}"))?,
                );
            } else {
                peer.push(
                    measure(&self.peer)
                        .await
                        .map_err(|reason| format!("peer: {reason}"))?,
                );
                ours.push(
                    measure(&self.ours)
                        .await
                        .map_err(|reason| format!("propusk: {reason}"))?,
                );
            }
        }
        Ok((Measured::joined(&ours), Measured::joined(&peer)))
    }
}
