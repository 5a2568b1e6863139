//! `propusk client`

use std::path::PathBuf;

use clap::Subcommand;
use serde_json::json;

use super::Context;
use crate::app::{open_storage, open_vault};
use crate::clock::Clock;
use crate::config::Config;
use crate::entropy::Entropy;
use crate::error::{Internal, Result};
use crate::model::client::{AuthenticationMethod, Client};
use crate::model::secret::Secret;
use crate::model::timestamp::Timestamp;
use crate::protocol::registration::settings::Mode;
use crate::protocol::registration::{self, CLIENT_SECRET_PREFIX, Source, initial};
use crate::storage::{ClientRecord, Storage};

#[derive(Subcommand)]
pub enum Command {
    /// Register a relying party, or change one registered here before.
    Add(Box<Add>),
    /// Every relying party.
    List,
    /// One relying party as it is registered.
    Show {
        /// Its client_id.
        client_id: String,
    },
    /// Switch a relying party off: its tokens end at once.
    Disable {
        /// Its client_id.
        client_id: String,
        /// Switch it on again.
        #[arg(long)]
        enable: bool,
    },
    /// Which relying parties are told signals, and whether they arrive.
    Signals,
    /// Make a token with which relying parties register themselves; see
    /// [registration] in the configuration.
    RegistrationToken {
        /// How many may.
        #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=10_000))]
        uses: u32,
        /// For how many days.
        #[arg(long, default_value_t = 7, value_parser = clap::value_parser!(u32).range(1..=366))]
        days: u32,
    },
}

#[derive(clap::Args)]
pub struct Add {
    /// Everything from a TOML file with the fields of [[clients]]; the flags
    /// below are not used then.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["client_id", "name_ru", "name_en", "redirect_uri"])]
    file: Option<PathBuf>,
    /// The client_id, up to 255 printable ASCII characters.
    #[arg(long, required_unless_present = "file")]
    client_id: Option<String>,
    /// The name citizens see, in Russian.
    #[arg(long, required_unless_present = "file")]
    name_ru: Option<String>,
    /// The same in English.
    #[arg(long, required_unless_present = "file")]
    name_en: Option<String>,
    /// Where the browser returns; several times for several.
    #[arg(long)]
    redirect_uri: Vec<String>,
    /// Where the browser goes after signing out.
    #[arg(long)]
    post_logout_redirect_uri: Vec<String>,
    /// Where the end of a session is told.
    #[arg(long)]
    backchannel_logout_uri: Option<String>,
    /// Scopes it may ask for.
    #[arg(long, default_value = "openid profile")]
    scope: String,
    /// Grants it may use, divided by commas.
    #[arg(long, default_value = "authorization_code", value_delimiter = ',')]
    grant_types: Vec<String>,
    /// client_secret_basic, client_secret_post, client_secret_jwt,
    /// private_key_jwt, tls_client_auth, self_signed_tls_client_auth or none.
    #[arg(long, default_value = "client_secret_basic")]
    token_endpoint_auth_method: String,
    /// The name in the certificate of tls_client_auth, such as
    /// CN=portal,O=Region,C=RU; other members go into --file.
    #[arg(long)]
    tls_client_auth_subject_dn: Option<String>,
    /// Public keys for private_key_jwt, or keys and certificates for
    /// self_signed_tls_client_auth: a JWK set.
    #[arg(long, value_name = "FILE")]
    jwks_file: Option<PathBuf>,
    /// pairwise or public.
    #[arg(long, default_value = "pairwise")]
    subject_type: String,
    /// web or native.
    #[arg(long, default_value = "web")]
    application_type: String,
    /// How ID tokens are signed.
    #[arg(long, default_value = "RS256")]
    id_token_signed_response_alg: String,
}

impl Add {
    /// The registration, before it is checked. The flags go through the same
    /// reader as a configuration file, so that both know the same fields.
    fn client(self) -> Result<Client> {
        if let Some(file) = self.file {
            let text = std::fs::read_to_string(&file)
                .map_err(|error| Internal::new(format!("{}: {error}", file.display())))?;
            return toml::from_str(&text)
                .map_err(|error| Internal::new(format!("{}: {error}", file.display())));
        }
        let mut fields = json!({
            "client_id": self.client_id,
            "name": { "ru": self.name_ru, "en": self.name_en },
            "redirect_uris": self.redirect_uri,
            "post_logout_redirect_uris": self.post_logout_redirect_uri,
            "backchannel_logout_uri": self.backchannel_logout_uri,
            "scope": self.scope,
            "grant_types": self.grant_types,
            "token_endpoint_auth_method": self.token_endpoint_auth_method,
            "tls_client_auth_subject_dn": self.tls_client_auth_subject_dn,
            "subject_type": self.subject_type,
            "application_type": self.application_type,
            "id_token_signed_response_alg": self.id_token_signed_response_alg,
        });
        if let Some(file) = self.jwks_file {
            fields["jwks_file"] = json!(file);
        }
        Ok(serde_json::from_value(fields)?)
    }
}

/// Runs the command.
pub async fn run(context: &Context, command: Command) -> Result<()> {
    let config = context.config()?;
    let storage = open_storage(&config).await?;
    let now = Clock::System.now();
    match command {
        Command::Add(add) => {
            let client = add.client()?;
            let wants_secret = matches!(
                client.token_endpoint_auth_method,
                AuthenticationMethod::ClientSecretBasic
                    | AuthenticationMethod::ClientSecretPost
                    | AuthenticationMethod::ClientSecretJwt
            );
            let has_secret = client.client_secret.is_some() || client.client_secret_file.is_some();
            let made = (wants_secret && !has_secret)
                .then(|| Entropy::system().secret(CLIENT_SECRET_PREFIX));
            let client = register(&config, &storage, client, made.clone(), now).await?;
            let secret = made.as_ref().map(Secret::expose);
            let kept = match client.client_secret_sealed {
                Some(_) => "it is kept sealed, to check what is signed with it",
                None => "only its digest is kept",
            };
            let told = secret.map_or_else(String::new, |secret| {
                format!("\nclient_secret: {secret}\nIt is shown this once: {kept}.")
            });
            context.print(
                &json!({ "client_id": client.client_id, "client_secret": secret }),
                &format!("client_id: {}{told}", client.client_id),
            );
        }
        Command::List => {
            let records = storage.clients().await?;
            let state = |record: &ClientRecord| match record.disabled_at {
                Some(_) => "disabled",
                None => "enabled",
            };
            let json: Vec<_> = records
                .iter()
                .map(|record| json!({ "client_id": record.id, "state": state(record), "source": record.source }))
                .collect();
            let lines: Vec<_> = records
                .iter()
                .map(|record| format!("{:<9} {:<7} {}", state(record), record.source, record.id))
                .collect();
            context.print(&json!(json), &lines.join("\n"));
        }
        Command::Show { client_id } => {
            let record = storage
                .find_client(&client_id.as_str().into())
                .await?
                .ok_or_else(|| unknown(&client_id))?;
            let mut metadata: serde_json::Value = serde_json::from_str(&record.metadata)?;
            if let Some(fields) = metadata.as_object_mut() {
                fields.remove("client_secret_digest");
                fields.remove("client_secret_sealed");
            }
            context.print(&metadata, &serde_json::to_string_pretty(&metadata)?);
        }
        Command::Disable { client_id, enable } => {
            let id = client_id.as_str().into();
            if !storage.disable_client(id, !enable, now).await? {
                return Err(unknown(&client_id));
            }
            let state = if enable { "enabled" } else { "disabled" };
            context.print(&json!({ "client_id": client_id, "state": state }), state);
        }
        Command::Signals => super::signals::run(context, &storage, now).await?,
        Command::RegistrationToken { uses, days } => {
            if config.registration.mode == Mode::Off {
                return Err(Internal::new(
                    "registration.mode is off: nobody could use a token; set it to initial_token",
                ));
            }
            let token = initial::issue(&storage, &Entropy::system(), uses, days, now).await?;
            let token = token.expose();
            context.print(
                &json!({ "initial_access_token": token, "uses": uses, "days": days }),
                &format!("{token}\nIt is shown this once: only its digest is kept."),
            );
        }
    }
    storage.close().await;
    Ok(())
}

/// Registers a relying party, or changes one that is not kept in the
/// configuration; `secret` is one that was made for it.
///
/// # Errors
/// Every fault, with its field and mend.
pub(super) async fn register(
    config: &Config,
    storage: &Storage,
    mut client: Client,
    secret: Option<Secret>,
    now: Timestamp,
) -> Result<Client> {
    let of_file = |record: &ClientRecord| record.source == Source::File.as_str();
    let stored = storage.find_client(&client.client_id).await?;
    if stored.as_ref().is_some_and(of_file) {
        return Err(Internal::new(format!(
            "{}: is kept in the configuration file; change it there",
            client.client_id
        )));
    }
    if secret.is_some() {
        client.client_secret = secret;
    }
    config.check_client(&client)?;
    let mut client = registration::prepare(client).map_err(|faults| {
        let lines: Vec<_> = faults
            .iter()
            .map(|fault| format!("{}: {}", fault.field, fault.mend))
            .collect();
        Internal::new(lines.join("\n"))
    })?;
    let vault = open_vault(config, storage, &Entropy::system()).await?;
    registration::seal_secret(&mut client, &vault, stored.as_ref())?;
    registration::store(storage, &client, Source::CommandLine, now).await?;
    Ok(client)
}

fn unknown(client_id: &str) -> Internal {
    Internal::new(format!(
        "{client_id}: no such client (see `propusk client list`)"
    ))
}
