//! `propusk esia`: relying parties of ESIA's dialect, and our keys for them.

mod client;

use std::time::Duration;

use clap::{Subcommand, ValueEnum};
use serde_json::json;

use super::Context;
use crate::app::{open_storage, open_vault};
use crate::clock::Clock;
use crate::entropy::Entropy;
use crate::error::{Internal, Result};
use crate::esia::keys::{self, EsiaKeys};
use crate::model::certified_algorithm::CertifiedAlgorithm;

const DAY: Duration = Duration::from_secs(86_400);

#[derive(Subcommand)]
pub enum Command {
    /// Relying parties.
    #[command(subcommand)]
    Client(client::Command),
    /// Keys that sign tokens of the dialect, with their certificates.
    Keys,
    /// Make a new key and certificate. They are published at once and used
    /// when esia.publish_ahead_days are over.
    Rotate {
        /// Which one.
        #[arg(value_enum)]
        alg: Alg,
        /// Sign from now on: with the one that is published for later, or with
        /// a new one. Relying parties refuse what they do not have the
        /// certificate of.
        #[arg(long)]
        now: bool,
    },
}

/// How tokens are signed.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Alg {
    Rsa,
    Gost,
}

impl From<Alg> for CertifiedAlgorithm {
    fn from(alg: Alg) -> Self {
        match alg {
            Alg::Rsa => Self::Rs256,
            Alg::Gost => Self::Gost256,
        }
    }
}

/// Runs the command.
pub async fn run(context: &Context, command: Command) -> Result<()> {
    let config = context.config()?;
    let settings = config.esia.clone().ok_or_else(|| {
        Internal::new("esia: the dialect is off; put [esia] into the configuration")
    })?;
    settings.check()?;
    let storage = open_storage(&config).await?;
    let vault = open_vault(&config, &storage, &Entropy::system()).await?;
    let now = Clock::System.now();
    match command {
        Command::Client(command) => {
            let (json, text) = client::run(command, &config, &settings, &storage, now).await?;
            context.print(&json, &text);
        }
        Command::Keys => {
            let set =
                EsiaKeys::open(&storage, &vault, &settings, config.issuer.clone(), now).await?;
            let states = set.states(now);
            let json: Vec<_> = states
                .iter()
                .map(|state| {
                    json!({
                        "alg": state.held.key.algorithm.as_str(),
                        "stage": state.stage.as_str(),
                        "sha256": state.held.kid,
                    })
                })
                .collect();
            let lines: Vec<_> = states
                .iter()
                .map(|state| {
                    format!(
                        "{:<17} {:<10} {}",
                        state.held.key.algorithm.as_str(),
                        state.stage.as_str(),
                        state.held.kid
                    )
                })
                .collect();
            context.print(&json!(json), &lines.join("\n"));
        }
        Command::Rotate { alg, now: at_once } => {
            let waiting = match at_once {
                true => keys::hurry(&storage, &vault, alg.into(), now).await?,
                false => None,
            };
            let days = if at_once {
                0
            } else {
                settings.publish_ahead_days
            };
            let kid = match waiting {
                Some(kid) => kid,
                None => {
                    let (ahead, name) = (DAY * days, &config.issuer);
                    keys::rotate(&storage, &vault, &settings, name, alg.into(), ahead, now).await?
                }
            };
            let signs = match at_once {
                true => "signs from now on".to_owned(),
                false => format!("signs in {days} days"),
            };
            context.print(
                &json!({ "sha256": kid }),
                &format!("{kid}\npublished at /esia/certificates; {signs}"),
            );
        }
    }
    storage.close().await;
    Ok(())
}
