//! Registering clients: from configuration, from the command line, and
//! ([`dynamic`]) by themselves.

pub mod answer;
pub mod dynamic;
mod faults;
pub mod initial;
pub mod manage;
mod members;
mod metadata;
mod names;
mod policy;
pub mod register;
mod sector;
pub mod settings;
mod statement;

use crate::error::{Internal, Result};
use crate::jose::Jwks;
use crate::model::client::{AuthenticationMethod, Client, Fault};
use crate::model::secret::Secret;
use crate::model::timestamp::Timestamp;
use crate::storage::{ClientRecord, Storage};

/// Secrets shorter than this can be guessed.
const SHORTEST_SECRET: usize = 20;

/// The prefix of secrets that are made for clients.
pub const CLIENT_SECRET_PREFIX: &str = "ppcs_";

/// Who keeps a registration: it may be changed there only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// The configuration file.
    File,
    /// `propusk client add`.
    CommandLine,
    /// The client itself.
    Dynamic,
}

impl Source {
    /// As stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::CommandLine => "cli",
            Self::Dynamic => "dynamic",
        }
    }
}

/// Reads what the registration refers to (files) and turns its secret into a
/// digest.
///
/// # Errors
/// Every fault, with the field and the mend.
pub fn prepare(mut client: Client) -> Result<Client, Vec<Fault>> {
    let mut faults = Vec::new();
    let mut add = |field, mend: String| faults.push(Fault { field, mend });
    if let Some(file) = client.client_secret_file.take() {
        match std::fs::read_to_string(&file) {
            Ok(secret) => client.client_secret = Some(Secret::new(secret.trim())),
            Err(error) => add("client_secret_file", format!("{}: {error}", file.display())),
        }
    }
    if let Some(file) = client.jwks_file.take() {
        let read = std::fs::read_to_string(&file)
            .map_err(|error| error.to_string())
            .and_then(|text| serde_json::from_str(&text).map_err(|error| error.to_string()));
        match read {
            Ok(jwks) => client.jwks = Some(jwks),
            Err(error) => add("jwks_file", format!("{}: {error}", file.display())),
        }
    }
    if let Some(secret) = client.client_secret.take() {
        if secret.expose().len() < SHORTEST_SECRET {
            add(
                "client_secret",
                format!("must have at least {SHORTEST_SECRET} characters"),
            );
        }
        client.client_secret_digest = Some(secret.digest());
    }
    if matches!(
        client.token_endpoint_auth_method,
        AuthenticationMethod::None | AuthenticationMethod::PrivateKeyJwt
    ) {
        client.client_secret_digest = None;
    }
    if let Some(jwks) = &client.jwks
        && let Err(error) = Jwks::parse(&jwks.to_string())
    {
        add("jwks", error);
    }
    faults.extend(client.faults());
    if faults.is_empty() {
        Ok(client)
    } else {
        Err(faults)
    }
}

/// Stores a prepared registration.
///
/// # Errors
/// When the database refuses.
pub async fn store(
    storage: &Storage,
    client: &Client,
    source: Source,
    now: Timestamp,
) -> Result<()> {
    storage.put_client(record(client, source, now)?).await
}

fn record(client: &Client, source: Source, now: Timestamp) -> Result<ClientRecord> {
    Ok(ClientRecord {
        id: client.client_id.clone(),
        version: 0,
        source: source.as_str().to_owned(),
        metadata: serde_json::to_string(client)?,
        created_at: now,
        updated_at: now,
        disabled_at: None,
    })
}

/// Brings the clients of the configuration file into the database. Those that
/// left the file are disabled; those of other sources are left alone.
///
/// # Errors
/// Every fault of every client, and when the database refuses.
pub async fn apply_file(storage: &Storage, clients: Vec<Client>, now: Timestamp) -> Result<()> {
    let mut wrong = Vec::new();
    let mut prepared = Vec::new();
    for client in clients {
        let id = client.client_id.clone();
        match prepare(client) {
            Ok(client) => prepared.push(client),
            Err(faults) => wrong.extend(
                faults
                    .into_iter()
                    .map(|fault| format!("client {id}: {}: {}", fault.field, fault.mend)),
            ),
        }
    }
    if !wrong.is_empty() {
        return Err(Internal::new(wrong.join("\n")));
    }
    for record in storage.clients().await? {
        let kept = prepared.iter().any(|client| client.client_id == record.id);
        let of_file = record.source == Source::File.as_str();
        if of_file && kept == record.disabled_at.is_some() {
            storage.disable_client(record.id, !kept, now).await?;
        }
    }
    for client in &prepared {
        store(storage, client, Source::File, now).await?;
    }
    Ok(())
}
