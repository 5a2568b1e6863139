//! `propusk operator`

use clap::Subcommand;
use serde_json::{Value, json};

use super::Context;
use super::account::find;
use crate::app::{App, Surroundings};
use crate::error::{Internal, Result};
use crate::model::role::Role;
use crate::storage::OperatorRecord;

#[derive(Subcommand)]
pub enum Command {
    /// Let an account work at a service centre.
    Add {
        /// Phone, e-mail address or SNILS of the account.
        login: String,
        /// The short name of the centre.
        #[arg(long)]
        centre: String,
        /// What they may do: `centre` sees visitors, `support` answers requests.
        #[arg(long, default_value = Role::Centre.as_str(), value_parser = role)]
        role: Role,
    },
    /// Every account that works at a centre.
    List,
    /// Take the task away: it works at once.
    Disable {
        /// Phone, e-mail address or SNILS of the account.
        login: String,
    },
}

fn role(name: &str) -> Result<Role, String> {
    let names = Role::ALL.map(Role::as_str).join(", ");
    Role::parse(name).ok_or_else(|| format!("must be one of: {names}"))
}

/// Runs the command.
pub async fn run(context: &Context, command: Command) -> Result<()> {
    let app = App::open(context.config()?, Surroundings::real()).await?;
    let now = app.clock.now();
    match command {
        Command::Add {
            login,
            centre,
            role,
        } => {
            let account = find(&app, &login).await?;
            let open = app.operators.centres().await?;
            if open.iter().all(|known| known.id != centre) {
                return Err(Internal::new(format!(
                    "{centre}: there is no such centre; see `propusk centre list`"
                )));
            }
            let operator = OperatorRecord {
                account_id: account.clone(),
                centre_id: centre,
                role: role.as_str().to_owned(),
                added_at: now,
                disabled_at: None,
            };
            app.storage.put_operator(operator).await?;
            context.print(&json!({ "account": account }), "added");
        }
        Command::List => {
            let operators = app.storage.operators().await?;
            let all: Vec<Value> = operators
                .iter()
                .map(|operator| {
                    json!({
                        "account": operator.account_id, "centre": operator.centre_id, "role": operator.role,
                        "disabled": operator.disabled_at.is_some(),
                    })
                })
                .collect();
            let lines: Vec<_> = operators
                .iter()
                .map(|operator| {
                    let disabled = operator.disabled_at.map_or("", |_| " (disabled)");
                    let OperatorRecord {
                        account_id,
                        centre_id,
                        role,
                        ..
                    } = operator;
                    format!("{account_id}  {centre_id}  {role}{disabled}")
                })
                .collect();
            context.print(&json!(all), &lines.join("\n"));
        }
        Command::Disable { login } => {
            let account = find(&app, &login).await?;
            let operator = app.storage.find_operator(&account).await?;
            let mut operator =
                operator.ok_or_else(|| Internal::new(format!("{login}: works at no centre")))?;
            operator.disabled_at = Some(now);
            app.storage.put_operator(operator).await?;
            context.print(&json!({ "disabled": account }), "disabled");
        }
    }
    app.storage.close().await;
    Ok(())
}
