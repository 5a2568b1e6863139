//! `propusk client signals`: which relying parties are told signals, and whether
//! they arrive.

use serde_json::json;

use super::Context;
use crate::error::Result;
use crate::model::timestamp::Timestamp;
use crate::storage::{Storage, StreamState};

/// Prints the table.
pub async fn run(context: &Context, storage: &Storage, now: Timestamp) -> Result<()> {
    let states = storage.stream_states().await?;
    let age = |at: Option<Timestamp>| at.map(|at| now.since(at).as_secs());
    let json: Vec<_> = states
        .iter()
        .map(|state| {
            json!({
                "client_id": state.client_id,
                "stream_id": state.id,
                "delivery": state.delivery,
                "status": state.status,
                "status_reason": state.status_reason,
                "waiting": state.waiting,
                "oldest_waiting_seconds": age(state.oldest_at),
                "last_delivered_seconds_ago": age(state.last_delivered_at),
                "last_error": state.last_error,
            })
        })
        .collect();
    let lines: Vec<_> = states.iter().map(|state| line(state, now)).collect();
    let heading = "status   method waiting  oldest    last told client";
    let table = match lines.is_empty() {
        true => "no relying party has a stream of signals".to_owned(),
        false => format!("{heading}\n{}", lines.join("\n")),
    };
    context.print(&json!(json), &table);
    Ok(())
}

fn line(state: &StreamState, now: Timestamp) -> String {
    let age = |at: Option<Timestamp>| at.map_or("-".to_owned(), |at| since(at, now));
    let mut line = format!(
        "{:<8} {:<6} {:>7} {:>7} {:>12} {}",
        state.status,
        state.delivery,
        state.waiting,
        age(state.oldest_at),
        age(state.last_delivered_at),
        state.client_id,
    );
    for (what, text) in [
        ("reason", &state.status_reason),
        ("error", &state.last_error),
    ] {
        if let Some(text) = text {
            line.push_str(&format!("\n         {what}: {text}"));
        }
    }
    line
}

/// How long ago, in the unit that fits.
fn since(at: Timestamp, now: Timestamp) -> String {
    match now.since(at).as_secs() {
        seconds @ 0..120 => format!("{seconds} s"),
        seconds @ 120..7_200 => format!("{} min", seconds / 60),
        seconds @ 7_200..172_800 => format!("{} h", seconds / 3_600),
        seconds => format!("{} d", seconds / 86_400),
    }
}
