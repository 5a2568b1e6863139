//! `propusk migrate`

use serde_json::json;

use super::Context;
use crate::error::Result;
use crate::storage::Storage;

/// Applies missing migrations.
pub async fn run(context: &Context) -> Result<()> {
    let config = context.config()?;
    let storage = Storage::open(&config.database.url, config.database.connections).await?;
    storage.migrate().await?;
    storage.check_schema().await?;
    let applied = storage.applied_migrations().await?;
    context.print(
        &json!({ "applied": applied }),
        &format!(
            "the database is at version {}",
            applied.last().unwrap_or(&0)
        ),
    );
    storage.close().await;
    Ok(())
}
