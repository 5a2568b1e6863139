//! `propusk risk`

use std::path::PathBuf;

use clap::Subcommand;
use serde_json::json;

use super::Context;
use crate::account::risk::replay::{Replayed, replay};
use crate::account::risk::{Risk, RiskSettings};
use crate::app::{App, Surroundings};
use crate::error::{Internal, Result};

#[derive(Subcommand)]
pub enum Command {
    /// Run a recorded trail of sign-ins through the rules, and show what would
    /// follow from each and why. Uses [risk] of the configuration, if one is
    /// given; changes nothing.
    Replay {
        /// One JSON object a line; see docs/risk.md.
        trail: PathBuf,
    },
    /// The newest sign-ins that were refused or led to a restriction.
    Decisions {
        /// How many at most.
        #[arg(long, default_value_t = 50)]
        limit: u32,
    },
}

/// Runs the command.
pub async fn run(context: &Context, command: Command) -> Result<()> {
    match command {
        Command::Replay { trail } => {
            let settings = match context.config_file {
                Some(_) => context.config()?.risk,
                None => RiskSettings::default(),
            };
            let text = std::fs::read_to_string(&trail)
                .map_err(|error| Internal::new(format!("{}: {error}", trail.display())))?;
            let all = replay(&Risk::open(&settings)?, &text)
                .map_err(|error| Internal::new(format!("{}: {error}", trail.display())))?;
            let told: Vec<_> = all.iter().map(Replayed::told).collect();
            context.print(&serde_json::to_value(&all)?, &told.join("\n"));
        }
        Command::Decisions { limit } => {
            let app = App::open(context.config()?, Surroundings::real()).await?;
            let all = app.storage.risk_decisions(i64::from(limit)).await?;
            let lines = all.iter().map(|one| {
                let at = jiff::Timestamp::from_millisecond(one.at.millis()).unwrap_or_default();
                format!("{at} {} {} {}", one.account_id, one.outcome, one.rules)
            });
            let text = lines.collect::<Vec<_>>().join("\n");
            let json: Vec<_> = all
                .iter()
                .map(|one| {
                    json!({
                        "account": one.account_id, "at": one.at.millis(),
                        "outcome": one.outcome, "rules": one.rules,
                    })
                })
                .collect();
            context.print(&json!(json), &text);
            app.storage.close().await;
        }
    }
    Ok(())
}
