//! `propusk keys`

use std::time::Duration;

use clap::Subcommand;
use serde_json::json;

use super::Context;
use crate::app::{open_storage, open_vault};
use crate::clock::Clock;
use crate::entropy::Entropy;
use crate::error::{Internal, Result};
use crate::model::key_purpose::KeyPurpose;
use crate::protocol::key_ring;

#[derive(Subcommand)]
pub enum Command {
    /// Every key and what it is good for now.
    List,
    /// Make a new key. It is published at once and signs after an hour (or
    /// lifetimes.key_publish_ahead), when relying parties have read it.
    Rotate {
        /// Only this algorithm; by default every one. ECDH-ES is the key that
        /// clients encrypt requests to.
        #[arg(long, value_parser = purpose)]
        alg: Option<KeyPurpose>,
        /// Sign with the new key at once: relying parties that keep an old key
        /// set refuse tokens until they read it again.
        #[arg(long)]
        now: bool,
    },
    /// Withdraw a key that must not be believed any more.
    Retire {
        /// The key's id.
        // The hash that names a key may begin with a dash.
        #[arg(allow_hyphen_values = true)]
        kid: String,
    },
}

fn purpose(text: &str) -> Result<KeyPurpose, String> {
    KeyPurpose::parse(text)
        .ok_or_else(|| "must be RS256, PS256, ES256, EdDSA or ECDH-ES".to_owned())
}

/// Runs the command.
pub async fn run(context: &Context, command: Command) -> Result<()> {
    let config = context.config()?;
    let storage = open_storage(&config).await?;
    let vault = open_vault(&config, &storage, &Entropy::system()).await?;
    let now = Clock::System.now();
    match command {
        Command::List => {
            let set = key_ring::load(&storage, &vault).await?;
            let states = set.states(now, config.lifetimes.longest_token());
            let json: Vec<_> = states
                .iter()
                .map(|key| json!({ "kid": key.kid, "alg": key.purpose, "stage": key.stage.as_str() }))
                .collect();
            let lines: Vec<_> = states
                .iter()
                .map(|key| {
                    format!(
                        "{:<7} {:<10} {}",
                        key.purpose.as_str(),
                        key.stage.as_str(),
                        key.kid
                    )
                })
                .collect();
            context.print(&json!(json), &lines.join("\n"));
        }
        Command::Rotate { alg, now: at_once } => {
            let ahead = match at_once {
                true => Duration::ZERO,
                false => Duration::from_secs(config.lifetimes.key_publish_ahead),
            };
            let mut made = Vec::new();
            for purpose in KeyPurpose::ALL
                .into_iter()
                .filter(|of| alg.is_none_or(|alg| alg == *of))
            {
                let kid = key_ring::rotate(&storage, &vault, purpose, ahead, now).await?;
                made.push(json!({ "kid": kid, "alg": purpose }));
            }
            let text = match at_once {
                true => "new keys sign from now on".to_owned(),
                false => format!("new keys are published and sign in {} s", ahead.as_secs()),
            };
            context.print(&json!(made), &text);
        }
        Command::Retire { kid } => {
            if !storage.retire_signing_key(kid.clone(), now).await? {
                return Err(Internal::new(format!(
                    "{kid}: no such key, or it was withdrawn before (see `propusk keys list`)"
                )));
            }
            context.print(
                &json!({ "retired": kid }),
                "withdrawn: tokens it signed are refused from now on",
            );
        }
    }
    storage.close().await;
    Ok(())
}
