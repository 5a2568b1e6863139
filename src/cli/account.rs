//! `propusk account`

use clap::Subcommand;
use serde_json::json;

use super::Context;
use crate::app::open_storage;
use crate::error::{Internal, Result};

#[derive(Subcommand)]
pub enum Command {
    /// Open password sign-in again by the number on the citizen's screen.
    Unlock {
        /// The block number.
        block_number: String,
    },
}

/// Runs the command.
pub async fn run(context: &Context, command: Command) -> Result<()> {
    let config = context.config()?;
    let storage = open_storage(&config).await?;
    let Command::Unlock { block_number } = command;
    if !storage.unlock(block_number.clone()).await? {
        return Err(Internal::new(format!(
            "{block_number}: no block has this number; it may have ended by itself"
        )));
    }
    context.print(&json!({ "unlocked": block_number }), "unlocked");
    storage.close().await;
    Ok(())
}
