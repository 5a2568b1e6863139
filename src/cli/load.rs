//! `propusk load`

use serde_json::json;

use super::Context;
use crate::app::{App, Surroundings};
use crate::error::Result;

/// How many accounts, and their one password.
#[derive(clap::Args)]
pub struct Args {
    /// How many accounts: phones from +79000000001 on; the second third of them
    /// standard with a visit asked for, the last third verified.
    #[arg(long)]
    accounts: u64,
    /// The password of all of them.
    #[arg(long)]
    password: String,
}

/// Runs the command.
pub async fn run(context: &Context, args: Args) -> Result<()> {
    let app = App::open(context.config()?, Surroundings::real()).await?;
    app.accounts
        .load_accounts(args.accounts, &args.password, app.clock.now(), |done| {
            eprint!("\r{done} of {} accounts", args.accounts);
        })
        .await?;
    eprintln!();
    context.print(&json!({ "accounts": args.accounts }), "loaded");
    app.storage.close().await;
    Ok(())
}
