//! `propusk esia client`: relying parties.

use std::path::PathBuf;

use clap::{Subcommand, ValueEnum};
use serde_json::{Value, json};

use super::Alg;
use crate::cli::client::register;
use crate::config::Config;
use crate::error::{Internal, Result};
use crate::esia::settings::EsiaSettings;
use crate::esia::text::Endpoint::{AcV1, AcV2, TeV1, TeV3};
use crate::model::certified_algorithm::CertifiedAlgorithm;
use crate::model::client::Client;
use crate::model::esia_client::{EsiaClient, Generation};
use crate::model::id::ClientId;
use crate::model::organisation::Organisation;
use crate::model::scope::RequestedScopes;
use crate::model::timestamp::Timestamp;
use crate::protocol::registration::Source;
use crate::signature::SignerCertificate;
use crate::storage::{ClientRecord, Storage};

#[derive(Subcommand)]
pub enum Command {
    /// Register a relying party by its certificate, and print what to set in
    /// it.
    Add(Box<Add>),
}

/// Endpoints and what is signed at them.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Endpoints {
    /// /aas/oauth2/ac and /aas/oauth2/te
    V1,
    /// /aas/oauth2/v2/ac and /aas/oauth2/v3/te
    #[value(alias = "v3")]
    V2,
}

impl From<Endpoints> for Generation {
    fn from(endpoints: Endpoints) -> Self {
        match endpoints {
            Endpoints::V1 => Self::V1,
            Endpoints::V2 => Self::V2,
        }
    }
}

#[derive(clap::Args)]
pub struct Add {
    /// Its mnemonic: A-Z, 0-9, - and _.
    #[arg(long)]
    client_id: String,
    /// Its certificate, PEM or DER; several times for several.
    #[arg(long, value_name = "FILE", required = true)]
    certificate: Vec<PathBuf>,
    /// A main domain: every address under it may be its redirect address.
    #[arg(long, required = true)]
    domain: Vec<String>,
    /// An exact redirect address; with one or several of them no others under
    /// the domains are good.
    #[arg(long, value_name = "ADDRESS")]
    redirect: Vec<String>,
    /// The organisation it belongs to: a TOML file with oid, full_name,
    /// short_name, ogrn, inn, kpp, type and api_keys.
    #[arg(long, value_name = "FILE")]
    organisation: Option<PathBuf>,
    /// The name citizens see, in Russian; by default the mnemonic.
    #[arg(long)]
    name_ru: Option<String>,
    /// The same in English.
    #[arg(long)]
    name_en: Option<String>,
    /// Scopes it may ask for.
    #[arg(long, default_value = "openid fullname")]
    scope: String,
    /// One of them that a citizen may leave out; several times for several.
    /// Programs written for ESIA expect everything they ask for.
    #[arg(long, value_name = "SCOPE")]
    optional: Vec<String>,
    /// Whether it may have refresh tokens (access_type=offline).
    #[arg(long)]
    offline: bool,
    /// A type of consent of the digital profile it may ask for (permissions of
    /// [esia]); several times for several.
    #[arg(long, value_name = "SYSNAME")]
    permission: Vec<String>,
    /// Endpoints it may use: v1, v2, or both divided by a comma.
    #[arg(long, value_enum, default_value = "v1,v2", value_delimiter = ',')]
    generation: Vec<Endpoints>,
    /// How its tokens are signed.
    #[arg(long, value_enum, default_value = "rsa")]
    token_alg: Alg,
    /// Its category (esia.categories in the configuration).
    #[arg(long)]
    category: Option<String>,
    /// Take forms of signatures that the endpoints of v2 do not have.
    #[arg(long)]
    lenient: bool,
    /// It has one state for everybody: the same signed request may come from
    /// several browsers, and the same signature with several codes.
    #[arg(long)]
    shared_state: bool,
    /// Take signatures with SHA-1.
    #[arg(long)]
    sha1: bool,
    /// Under development: it is told exactly why a signature was refused.
    #[arg(long)]
    sandbox: bool,
    /// Change the registration of this mnemonic: every option that is not given
    /// is as by default again. What no option names stays.
    #[arg(long)]
    replace: bool,
}

impl Add {
    /// The members of the registration that the options name.
    fn fields(self) -> Result<Value> {
        let mut scope = self.scope;
        let mut grants = vec!["authorization_code", "client_credentials"];
        if self.offline {
            scope.push_str(" offline_access");
            grants.push("refresh_token");
        }
        let name = |given: Option<String>| given.unwrap_or_else(|| self.client_id.clone());
        let asked: Vec<&str> = scope.split_whitespace().collect();
        if let Some(other) = self
            .optional
            .iter()
            .find(|name| !asked.contains(&name.as_str()))
        {
            return Err(Internal::new(format!(
                "--optional {other}: is not in --scope"
            )));
        }
        let required: Vec<&str> = asked
            .into_iter()
            .filter(|name| !self.optional.iter().any(|optional| optional == name))
            .collect();
        let generations: Vec<Generation> =
            self.generation.iter().map(|one| (*one).into()).collect();
        let organisation = match self.organisation {
            Some(file) => Some(
                std::fs::read_to_string(&file)
                    .map_err(Internal::from)
                    .and_then(|text| Ok(toml::from_str::<Organisation>(&text)?))
                    .map_err(|error| error.during(&format!("reading {}", file.display())))?,
            ),
            None => None,
        };
        let fields = json!({
            "client_id": self.client_id,
            "name": { "ru": name(self.name_ru), "en": name(self.name_en) },
            "scope": scope,
            "required_scope": required.join(" "),
            "grant_types": grants,
            "token_endpoint_auth_method": "esia_signature",
            "authorization_details_types": self.permission,
            "esia": {
                "certificate_files": self.certificate,
                "domains": self.domain,
                "redirects": self.redirect,
                "organisation": organisation,
                "generations": generations,
                "token_alg": CertifiedAlgorithm::from(self.token_alg),
                "category": self.category,
                "lenient": self.lenient,
                "shared_state": self.shared_state,
                "sha1": self.sha1,
                "sandbox": self.sandbox,
            },
        });
        Ok(fields)
    }
}

/// Runs the command. Returns what is printed, for programs and for people.
///
/// # Errors
/// What is wrong with the registration, each with its mend.
pub async fn run(
    command: Command,
    config: &Config,
    settings: &EsiaSettings,
    storage: &Storage,
    now: Timestamp,
) -> Result<(Value, String)> {
    let Command::Add(add) = command;
    let (id, replace) = (ClientId::from(add.client_id.as_str()), add.replace);
    let mut fields = add.fields()?;
    if let Some(stored) = storage.find_client(&id).await? {
        fields = over(&stored, &fields, replace)?;
    }
    let client: Client = serde_json::from_value(fields)?;
    let esia = client.esia.as_ref();
    let esia = esia.ok_or_else(|| Internal::new("no relying party of ESIA"))?;
    certificates_are_good(esia, now)?;
    permissions_are_there(settings, &client)?;
    api_keys_are_its(storage, &client.client_id, esia).await?;
    let client = register(config, storage, client, None, now).await?;
    Ok(told(config, settings, &client))
}

/// The registration as it is stored, with these members in the place of its own.
fn over(stored: &ClientRecord, fields: &Value, replace: bool) -> Result<Value> {
    let id = &stored.id;
    let wrong = |why: &str| Err(Internal::new(format!("{id}: {why}")));
    if stored.source == Source::File.as_str() {
        return wrong("is kept in the configuration file; change it there");
    }
    if !replace {
        return wrong("is registered already; --replace changes it");
    }
    let mut whole: Value = serde_json::from_str(&stored.metadata)?;
    let Some(esia) = whole.get_mut("esia").and_then(Value::as_object_mut) else {
        return wrong("is a relying party of OpenID Connect; take another mnemonic");
    };
    esia.remove("certificates");
    for (name, value) in fields.as_object().into_iter().flatten() {
        match value.as_object() {
            Some(members) if name == "esia" => {
                for (name, value) in members {
                    whole["esia"][name] = value.clone();
                }
            }
            _ => whole[name] = value.clone(),
        }
    }
    Ok(whole)
}

/// What cannot be read is told with everything else that is wrong.
fn certificates_are_good(esia: &EsiaClient, now: Timestamp) -> Result<()> {
    for file in &esia.certificate_files {
        let read = std::fs::read(file).ok();
        let read = read.and_then(|text| SignerCertificate::read(&text).ok());
        if let Some(ended) = read.filter(|read| read.not_after <= now) {
            return Err(Internal::new(format!(
                "{}: the certificate ended at {}",
                file.display(),
                ended.not_after.rfc3339()
            )));
        }
    }
    Ok(())
}

fn permissions_are_there(settings: &EsiaSettings, client: &Client) -> Result<()> {
    let asked = RequestedScopes::parse(&client.scope);
    for name in &client.authorization_details_types {
        let wrong = |why: String| Err(Internal::new(format!("--permission {name}: {why}")));
        let mut kinds = settings.permissions.iter();
        let Some(kind) = kinds.find(|kind| kind.sysname == *name) else {
            return wrong("there is no such type in [[esia.permissions]]".to_owned());
        };
        let mut required = kind.required_scopes.iter();
        if let Some(missing) = required.find(|scope| !asked.contains(scope)) {
            return wrong(format!("demands {missing}; put it into --scope, too"));
        }
    }
    Ok(())
}

async fn api_keys_are_its(storage: &Storage, id: &ClientId, esia: &EsiaClient) -> Result<()> {
    let Some(organisation) = &esia.organisation else {
        return Ok(());
    };
    for record in storage.clients().await? {
        let other: Client = serde_json::from_str(&record.metadata)?;
        let other = other.esia.and_then(|esia| esia.organisation);
        let keys = other.map(|other| other.api_keys).unwrap_or_default();
        let taken = keys.iter().find(|key| organisation.api_keys.contains(key));
        if let Some(key) = taken.filter(|_| record.id != *id) {
            return Err(Internal::new(format!(
                "esia.organisation: api_keys: {key} is {}'s",
                record.id
            )));
        }
    }
    Ok(())
}

/// What to set in the relying party.
fn told(config: &Config, settings: &EsiaSettings, client: &Client) -> (Value, String) {
    let esia = client.esia.as_ref();
    let alg = esia.map(|esia| esia.token_alg).unwrap_or_default();
    let host = &config.issuer;
    let issuer = settings.issuer_beside(host);
    let certificate = format!("{host}/esia/certificates/{}.pem", alg.file_name());
    let endpoints = [
        ("v1", [AcV1.path(), TeV1.path()]),
        ("v2", [AcV2.path(), TeV3.path()]),
    ];
    let certificates = esia.map_or(&[][..], |esia| &esia.certificates);
    let certificates: Vec<SignerCertificate> = certificates
        .iter()
        .filter_map(|pem| SignerCertificate::read(pem.as_bytes()).ok())
        .collect();
    let json = json!({
        "client_id": client.client_id,
        "url": host,
        "endpoints": endpoints
            .map(|(name, paths)| (name, paths.map(|path| format!("{host}{path}"))))
            .into_iter()
            .collect::<std::collections::BTreeMap<_, _>>(),
        "data": format!("{host}/rs/prns"),
        "sign_out": format!("{host}/idp/ext/Logout"),
        "issuer": issuer,
        "certificate": certificate,
        "scope": client.scope,
        "certificates": certificates
            .iter()
            .map(|one| json!({
                "subject": one.subject,
                "from": one.not_before.rfc3339(),
                "until": one.not_after.rfc3339(),
                "hashes": one.hashes(),
            }))
            .collect::<Vec<_>>(),
    });
    let mut text = format!(
        "client_id:    {}\naddress:      {host}  (instead of https://esia.gosuslugi.ru)\n",
        client.client_id
    );
    for (name, [ac, te]) in endpoints {
        text += &format!("{name}:           {host}{ac}, {host}{te}\n");
    }
    text += &format!(
        "data:         {host}/rs/prns\nsign-out:     {host}/idp/ext/Logout\n\
         issuer (iss): {issuer}\ncertificate:  {certificate}\nscope:        {}",
        client.scope
    );
    for one in &certificates {
        text += &format!(
            "\nits own:      {}, {} to {}",
            one.subject,
            one.not_before.rfc3339(),
            one.not_after.rfc3339()
        );
        for hash in one.hashes() {
            text += &format!("\n  hash:       {hash}");
        }
    }
    (json, text)
}
