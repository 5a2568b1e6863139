//! What came out: a table for people, one line of JSON for programs.

use std::fmt::Write as _;

use serde_json::{Map, Value, json};

use crate::RunArguments;
use crate::measure::Measured;
use crate::scenario::{DESK, Seen, TIMES};

/// Targets that are not ratios (SQLite, 100 000 accounts).
const IDLE_TARGET_MB: f64 = 40.0;
const PEAK_TARGET_MB: f64 = 120.0;
const START_TARGET_MS: f64 = 300.0;
/// On both databases.
const SEARCH_TARGET_MS: f64 = 20.0;
/// Away from fifty: with a thousand tries of each kind chance alone reaches four
/// less than once in five hundred times.
const TOLD_APART_TARGET: f64 = 4.0;

/// What the two columns hold.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Requests or flows a second; more is better.
    PerSecond,
    /// 99th percentile under the flood and alone; less is better.
    P99Milliseconds,
}

/// One scenario's outcome: ours, and what it is held against.
pub struct Row {
    /// Key in the JSON.
    pub name: &'static str,
    /// Wanted ratio.
    pub target: Option<f64>,
    /// What the columns hold.
    pub unit: Unit,
    /// Or why it failed.
    pub result: Result<(Measured, Measured), String>,
}

/// All outcomes of a run.
pub struct Report {
    /// In order.
    pub rows: Vec<Row>,
    /// The operator's search: by what, and how it went.
    pub searches: Vec<(&'static str, Result<Measured, String>)>,
    /// The doors, and whether the time of an answer tells who is known.
    pub times: Vec<(&'static str, Result<Seen, String>)>,
    /// Memory before the first request.
    pub idle_mb: f64,
    /// The peer's.
    pub peer_idle_mb: f64,
    /// Most memory ever held.
    pub peak_mb: f64,
    /// The peer's.
    pub peer_peak_mb: f64,
    start_ms: f64,
    peer_start_ms: f64,
    database: String,
}

impl Row {
    fn columns(&self, ours: &Measured, other: &Measured) -> (f64, f64) {
        match self.unit {
            Unit::PerSecond => (ours.rate(), other.rate()),
            Unit::P99Milliseconds => (ours.p99_ms, other.p99_ms),
        }
    }

    fn json(&self) -> Value {
        match &self.result {
            Ok((ours, other)) => {
                let (left, right) = self.columns(ours, other);
                json!({
                    "ours": round(left, 2), "peer": round(right, 2), "ratio": round(left / right, 3),
                    "p50_ms": round(ours.p50_ms, 3), "p99_ms": round(ours.p99_ms, 3),
                    "peer_p50_ms": round(other.p50_ms, 3), "peer_p99_ms": round(other.p99_ms, 3),
                })
            }
            Err(reason) => json!({ "error": reason }),
        }
    }

    fn line(&self, with_targets: bool) -> String {
        let (ours, other) = match &self.result {
            Ok(pair) => pair,
            Err(reason) => return format!("{:<26} FAILED: {reason}\n", self.name),
        };
        let (left, right) = self.columns(ours, other);
        let ratio = left / right;
        let verdict = match (self.target, self.unit) {
            (Some(target), _) if !with_targets => format!("({target})"),
            (Some(target), Unit::PerSecond) => verdict(ratio >= target, &format!("≥ {target}")),
            (Some(target), Unit::P99Milliseconds) => {
                verdict(ratio < target, &format!("< {target}"))
            }
            (None, _) => String::new(),
        };
        format!(
            "{:<26} {:>9} {:>9} {:>7.2} {:>9.2} {:>9.2} {:>9.2} {:>9.2}  {verdict}\n",
            self.name,
            plain(left),
            plain(right),
            ratio,
            ours.p50_ms,
            ours.p99_ms,
            other.p50_ms,
            other.p99_ms,
        )
    }
}

impl Report {
    /// Empty, with what was measured before.
    pub fn new(arguments: &RunArguments) -> Self {
        Self {
            rows: Vec::new(),
            searches: Vec::new(),
            times: Vec::new(),
            idle_mb: 0.0,
            peer_idle_mb: 0.0,
            peak_mb: 0.0,
            peer_peak_mb: 0.0,
            start_ms: arguments.start_ms,
            peer_start_ms: arguments.peer_start_ms,
            database: arguments.database.clone(),
        }
    }

    /// Whether every scenario ended well.
    pub fn complete(&self) -> bool {
        self.rows.iter().all(|row| row.result.is_ok())
            && self.searches.iter().all(|(_, result)| result.is_ok())
            && self.times.iter().all(|(_, result)| result.is_ok())
    }

    /// One object on one line.
    pub fn json(&self) -> String {
        let mut object: Map<String, Value> = self
            .rows
            .iter()
            .map(|row| (row.name.to_owned(), row.json()))
            .collect();
        for (name, value) in [
            ("rss_mb", self.peak_mb),
            ("idle_rss_mb", self.idle_mb),
            ("start_ms", self.start_ms),
            ("peer_rss_mb", self.peer_peak_mb),
            ("peer_idle_rss_mb", self.peer_idle_mb),
            ("peer_start_ms", self.peer_start_ms),
        ] {
            object.insert(name.into(), json!(round(value, 1)));
        }
        if !self.searches.is_empty() {
            let searches = self.searches.iter().map(|(by, result)| {
                let figures = match result {
                    Ok(seen) => json!({
                        "p50_ms": round(seen.p50_ms, 2), "p99_ms": round(seen.p99_ms, 2),
                    }),
                    Err(reason) => json!({ "error": reason }),
                };
                ((*by).to_owned(), figures)
            });
            let searches: Map<String, Value> = searches.collect();
            object.insert(DESK.into(), searches.into());
        }
        if !self.times.is_empty() {
            let times = self.times.iter().map(|(door, result)| {
                let figures = match result {
                    Ok(seen) => json!({
                        "known_p50_ms": round(seen.known.p50_ms, 3),
                        "unknown_p50_ms": round(seen.unknown.p50_ms, 3),
                        "told_apart": round(seen.told_apart, 1),
                    }),
                    Err(reason) => json!({ "error": reason }),
                };
                ((*door).to_owned(), figures)
            });
            let times: Map<String, Value> = times.collect();
            object.insert(TIMES.into(), times.into());
        }
        object.insert("database".into(), json!(self.database));
        Value::Object(object).to_string()
    }

    /// For people. Targets are judged on SQLite only.
    pub fn table(&self) -> String {
        let judged = self.database == "sqlite";
        let mut text = format!(
            "{:<26} {:>9} {:>9} {:>7} {:>9} {:>9} {:>9} {:>9}  target\n",
            "scenario", "ours", "peer", "ratio", "p50 ms", "p99 ms", "peer p50", "peer p99"
        );
        for row in &self.rows {
            text.push_str(&row.line(judged));
        }
        for (by, result) in &self.searches {
            let name = format!("{DESK} by {by}");
            let _ = match result {
                Ok(seen) => writeln!(
                    text,
                    "{name:<45} {:>17.2} {:>9.2} {:>21}{}",
                    seen.p50_ms,
                    seen.p99_ms,
                    "",
                    verdict(seen.p99_ms < SEARCH_TARGET_MS, "p99 < 20 ms")
                ),
                Err(reason) => writeln!(text, "{name:<26} FAILED: {reason}"),
            };
        }
        for (door, result) in &self.times {
            let name = format!("{TIMES} at {door}");
            let _ = match result {
                Ok(seen) => writeln!(
                    text,
                    "{name:<26} {:>9.2} {:>9.2} {:>6.1}% {:>39}  {}",
                    seen.known.p50_ms,
                    seen.unknown.p50_ms,
                    seen.told_apart,
                    "",
                    verdict(
                        (seen.told_apart - 50.0).abs() < TOLD_APART_TARGET,
                        "50 ± 4 %"
                    )
                ),
                Err(reason) => writeln!(text, "{name:<26} FAILED: {reason}"),
            };
        }
        text.push('\n');
        for (name, ours, peer, target) in [
            (
                "memory idle, MB",
                self.idle_mb,
                self.peer_idle_mb,
                IDLE_TARGET_MB,
            ),
            (
                "memory peak, MB",
                self.peak_mb,
                self.peer_peak_mb,
                PEAK_TARGET_MB,
            ),
            (
                "start, ms",
                self.start_ms,
                self.peer_start_ms,
                START_TARGET_MS,
            ),
        ] {
            let verdict = if judged {
                verdict(ours < target, &format!("< {target}"))
            } else {
                String::new()
            };
            let _ = writeln!(
                text,
                "{name:<26} {ours:>9.1} {peer:>9.1} {:>7.2} {:>39}  {verdict}",
                ours / peer,
                ""
            );
        }
        let _ = write!(
            text,
            "\nours and peer are requests/s, flows/s or sign-ins/s, with these exceptions: the peer of\n\
             password is Argon2id alone on both cores, that of esia_… its signatures by OpenSSL alone; userinfo_under_flood compares the p99 in ms\n\
             under the flood (ours) with the p99 without it (peer); equal_times compares the p50 in\n\
             ms for people who are known (ours) and for nobody (peer). Database: {}.",
            self.database
        );
        text
    }
}

fn verdict(reached: bool, target: &str) -> String {
    format!("{target} {}", if reached { "reached" } else { "MISSED" })
}

fn plain(value: f64) -> String {
    if value >= 100.0 {
        format!("{value:.0}")
    } else {
        format!("{value:.2}")
    }
}

fn round(value: f64, digits: i32) -> f64 {
    let scale = 10f64.powi(digits);
    (value * scale).round() / scale
}
