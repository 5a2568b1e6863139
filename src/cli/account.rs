//! `propusk account`

use clap::Subcommand;
use serde_json::json;

use super::Context;
use crate::account::erasure::ErasureRefused;
use crate::app::{App, Surroundings};
use crate::error::{Internal, Result};
use crate::model::id::AccountId;

#[derive(Subcommand)]
pub enum Command {
    /// Open password sign-in again by the number on the citizen's screen.
    Unlock {
        /// The block number.
        block_number: String,
    },
    /// Block an account: its sessions and tokens end at once.
    Block {
        /// Phone, e-mail address or SNILS of the account.
        login: String,
        /// Lift the block.
        #[arg(long)]
        lift: bool,
    },
    /// Lift the restriction that followed from an unusual sign-in: a service
    /// centre has seen who the owner is.
    Lift {
        /// Phone, e-mail address or SNILS of the account.
        login: String,
    },
    /// Take all evidence of an account back and let its SNILS go: when somebody
    /// rose with another person's documents.
    Withdraw {
        /// Phone, e-mail address or SNILS of the account.
        login: String,
    },
    /// Delete an account for ever: its key and data are destroyed, its sites told.
    Delete {
        /// Phone, e-mail address or SNILS of the account.
        login: String,
        /// There is no way back: without this nothing is done.
        #[arg(long)]
        yes: bool,
    },
}

/// Runs the command.
pub async fn run(context: &Context, command: Command) -> Result<()> {
    let app = App::open(context.config()?, Surroundings::real()).await?;
    let now = app.clock.now();
    match command {
        Command::Unlock { block_number } => {
            if !app.storage.unlock(block_number.clone()).await? {
                return Err(Internal::new(format!(
                    "{block_number}: no block has this number; it may have ended by itself"
                )));
            }
            context.print(&json!({ "unlocked": block_number }), "unlocked");
        }
        Command::Block { login, lift } => {
            let account = find(&app, &login).await?;
            let blocked_at = (!lift).then_some(now);
            app.storage
                .block_account(account.clone(), blocked_at, now)
                .await?;
            app.storage.mark_change().await?;
            let done = if lift { "unblocked" } else { "blocked" };
            context.print(&json!({ done: account }), done);
        }
        Command::Lift { login } => {
            let account = find(&app, &login).await?;
            if !app.accounts.lift_restriction(&account, now).await? {
                return Err(Internal::new(format!(
                    "{login}: the account is not restricted"
                )));
            }
            app.storage.mark_change().await?;
            context.print(&json!({ "lifted": account }), "lifted");
        }
        Command::Withdraw { login } => {
            let account = find(&app, &login).await?;
            app.accounts.withdraw_evidence(&account, now).await?;
            app.storage.mark_change().await?;
            context.print(&json!({ "withdrawn": account }), "withdrawn");
        }
        Command::Delete { login, yes } => {
            let account = find(&app, &login).await?;
            if !yes {
                return Err(Internal::new(format!(
                    "{login}: an account cannot be brought back; say --yes to delete it"
                )));
            }
            app.accounts
                .erase_by_administrator(&account, now)
                .await
                .map_err(|refused| why_not(&login, refused))?;
            app.storage.mark_change().await?;
            context.print(&json!({ "deleted": account }), "deleted");
        }
    }
    app.storage.close().await;
    Ok(())
}

fn why_not(login: &str, refused: ErasureRefused) -> Internal {
    match refused {
        ErasureRefused::Internal(error) => error,
        ErasureRefused::Operator => Internal::new(format!(
            "{login}: works at a service centre; end that first (`propusk operator`)"
        )),
        _ => Internal::new(format!("{login}: the account is gone already")),
    }
}

/// The account of somebody who signs in so.
pub(super) async fn find(app: &App, login: &str) -> Result<AccountId> {
    let found = app.accounts.find_by_login(login).await?;
    found.ok_or_else(|| Internal::new(format!("{login}: nobody has registered with it")))
}
