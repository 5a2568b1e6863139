//! `propusk centre`

use clap::Subcommand;
use serde_json::{Value, json};

use super::Context;
use crate::app::open_storage;
use crate::clock::Clock;
use crate::error::{Internal, Result};
use crate::storage::CentreRecord;

#[derive(Subcommand)]
pub enum Command {
    /// Open a service centre, or change what is known of it.
    Add {
        /// A short name for commands: latin letters, digits, hyphens.
        id: String,
        /// The name citizens see.
        #[arg(long)]
        name: String,
        /// Where it is.
        #[arg(long)]
        address: String,
        /// When it is open.
        #[arg(long)]
        hours: String,
    },
    /// Every service centre.
    List,
    /// Close a service centre: its operators do nothing from then on.
    Close {
        /// Its short name.
        id: String,
    },
}

/// Runs the command.
pub async fn run(context: &Context, command: Command) -> Result<()> {
    let storage = open_storage(&context.config()?).await?;
    let now = Clock::System.now();
    match command {
        Command::Add {
            id,
            name,
            address,
            hours,
        } => {
            let fit = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
            if id.is_empty() || id.len() > 40 || !id.chars().all(fit) {
                return Err(Internal::new(format!(
                    "{id}: up to 40 small latin letters, digits and hyphens"
                )));
            }
            for (field, value) in [("name", &name), ("address", &address), ("hours", &hours)] {
                if value.trim().is_empty() {
                    return Err(Internal::new(format!("--{field} is empty")));
                }
            }
            let centre = CentreRecord {
                id: id.clone(),
                name,
                address,
                hours,
                created_at: now,
                closed_at: None,
            };
            storage.put_centre(centre).await?;
            context.print(&json!({ "id": id }), "added");
        }
        Command::List => {
            let centres = storage.centres().await?;
            let all: Vec<Value> = centres
                .iter()
                .map(|centre| {
                    json!({
                        "id": centre.id, "name": centre.name, "address": centre.address,
                        "hours": centre.hours, "closed": centre.closed_at.is_some(),
                    })
                })
                .collect();
            let lines: Vec<_> = centres
                .iter()
                .map(|centre| {
                    let closed = centre.closed_at.map_or("", |_| " (closed)");
                    format!("{}  {}, {}{closed}", centre.id, centre.name, centre.address)
                })
                .collect();
            context.print(&json!(all), &lines.join("\n"));
        }
        Command::Close { id } => {
            let centres = storage.centres().await?;
            let mut centre = centres
                .into_iter()
                .find(|centre| centre.id == id)
                .ok_or_else(|| Internal::new(format!("{id}: there is no such centre")))?;
            centre.closed_at = Some(now);
            storage.put_centre(centre).await?;
            context.print(&json!({ "closed": id }), "closed");
        }
    }
    storage.close().await;
    Ok(())
}
