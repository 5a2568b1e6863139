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

use zeroize::Zeroizing;

use crate::error::{Internal, Result};
use crate::jose::Jwks;
use crate::model::client::{AuthenticationMethod, Client, Fault, default_required_scope};
use crate::model::esia_client::EsiaClient;
use crate::model::id::ClientId;
use crate::model::secret::Secret;
use crate::model::timestamp::Timestamp;
use crate::signature::SignerCertificate;
use crate::storage::{ClientRecord, Storage};
use crate::vault::Vault;

/// Secrets shorter than this can be guessed.
const SHORTEST_SECRET: usize = 20;
/// The key of HS256 must be as long as its hash (RFC 7518 §3.2): from one
/// assertion a shorter one could be guessed without asking us.
const SHORTEST_KEY: usize = 32;

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
/// digest. The secret of `client_secret_jwt` stays as it is: [`seal_secret`]
/// has to be asked next.
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
    if let Some(esia) = &mut client.esia {
        for (field, mend) in read_certificates(esia) {
            add(field, mend);
        }
        if client.required_scope == default_required_scope() {
            "openid fullname".clone_into(&mut client.required_scope);
        }
    }
    let (by_secret, by_key) = uses_of_secret(client.token_endpoint_auth_method);
    if let Some(secret) = &client.client_secret {
        let shortest = if by_key {
            SHORTEST_KEY
        } else {
            SHORTEST_SECRET
        };
        if secret.expose().len() < shortest {
            add(
                "client_secret",
                format!("must have at least {shortest} characters"),
            );
        }
        client.client_secret_digest = Some(secret.digest());
    }
    if !by_secret {
        client.client_secret_digest = None;
    }
    if !by_key {
        client.client_secret = None;
        client.client_secret_sealed = None;
    }
    match client
        .jwks
        .as_ref()
        .map(|jwks| Jwks::parse(&jwks.to_string()))
    {
        Some(Err(error)) => add("jwks", error),
        Some(Ok(keys)) => {
            let signs = client.token_endpoint_auth_method == AuthenticationMethod::PrivateKeyJwt
                || client.must_sign_requests();
            if signs && !keys.can_sign() {
                add("jwks", "holds no key for signatures: add one".to_owned());
            }
            for how in [client.id_token_encryption(), client.userinfo_encryption()]
                .into_iter()
                .flatten()
                .filter(|how| !keys.can_be_reached(how.alg))
            {
                let alg = how.alg.as_str();
                add(
                    "jwks",
                    format!("holds no key that takes {alg}: add one with \"use\": \"enc\""),
                );
            }
        }
        None => {}
    }
    faults.extend(client.faults());
    if faults.is_empty() {
        Ok(client)
    } else {
        Err(faults)
    }
}

/// Reads the files of certificates, and brings every certificate into one form.
fn read_certificates(esia: &mut EsiaClient) -> Vec<(&'static str, String)> {
    let mut faults = Vec::new();
    for file in std::mem::take(&mut esia.certificate_files) {
        match std::fs::read(&file) {
            Ok(text) => match SignerCertificate::to_be_kept(&text) {
                Ok(pem) => esia.certificates.push(pem),
                Err(fault) => faults.push((
                    "esia.certificate_files",
                    format!("{}: {fault}", file.display()),
                )),
            },
            Err(error) => faults.push((
                "esia.certificate_files",
                format!("{}: {error}", file.display()),
            )),
        }
    }
    for certificate in &mut esia.certificates {
        match SignerCertificate::to_be_kept(certificate.as_bytes()) {
            Ok(pem) => *certificate = pem,
            Err(fault) => faults.push(("esia.certificates", fault.to_string())),
        }
    }
    faults
}

/// Whether a method compares the secret, which its digest is enough for, and
/// whether it signs with it.
const fn uses_of_secret(method: AuthenticationMethod) -> (bool, bool) {
    use AuthenticationMethod as Method;
    match method {
        Method::ClientSecretBasic | Method::ClientSecretPost => (true, false),
        Method::ClientSecretJwt => (false, true),
        Method::PrivateKeyJwt
        | Method::TlsClientAuth
        | Method::SelfSignedTlsClientAuth
        | Method::EsiaSignature
        | Method::None => (false, false),
    }
}

/// What binds a sealed secret to its client.
pub(super) fn secret_context(client: &ClientId) -> String {
    format!("client secret:{client}")
}

/// Seals the secret with which a client signs its assertions, if it has one.
/// The one that is stored already stays as it was sealed: a new seal of the
/// same secret would be a change of the registration, at each start.
///
/// # Errors
/// When the vault fails.
pub fn seal_secret(
    client: &mut Client,
    vault: &Vault,
    stored: Option<&ClientRecord>,
) -> Result<()> {
    let Some(secret) = client.client_secret.take() else {
        return Ok(());
    };
    let context = secret_context(&client.client_id);
    let before = stored
        .and_then(|record| serde_json::from_str::<Client>(&record.metadata).ok())
        .and_then(|before| before.client_secret_sealed)
        .filter(|sealed| {
            let open = vault.unseal(&context, sealed).map(Zeroizing::new);
            open.is_ok_and(|open| open.as_slice() == secret.expose().as_bytes())
        });
    client.client_secret_sealed = Some(match before {
        Some(sealed) => sealed,
        None => vault.seal(&context, secret.expose().as_bytes())?,
    });
    Ok(())
}

/// Stores a prepared registration.
///
/// # Errors
/// When the database refuses, or its secret was not sealed: it would be lost.
pub async fn store(
    storage: &Storage,
    client: &Client,
    source: Source,
    now: Timestamp,
) -> Result<()> {
    if client.client_secret.is_some() {
        return Err(Internal::new("a client's secret was not sealed"));
    }
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
pub async fn apply_file(
    storage: &Storage,
    vault: &Vault,
    clients: Vec<Client>,
    now: Timestamp,
) -> Result<()> {
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
    let records = storage.clients().await?;
    for client in &mut prepared {
        let stored = records.iter().find(|record| record.id == client.client_id);
        seal_secret(client, vault, stored)?;
    }
    for record in records {
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
