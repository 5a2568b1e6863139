//! `propusk esia`: relying parties of ESIA's dialect, and our keys for them.

use std::path::PathBuf;

use clap::{Subcommand, ValueEnum};
use serde_json::json;

use super::{Context, client};
use crate::app::{open_storage, open_vault};
use crate::clock::Clock;
use crate::config::Config;
use crate::entropy::Entropy;
use crate::error::{Internal, Result};
use crate::esia::keys::{self, EsiaKeys};
use crate::esia::settings::EsiaSettings;
use crate::esia::text::Endpoint::{AcV1, AcV2, TeV1, TeV3};
use crate::model::certified_algorithm::CertifiedAlgorithm;
use crate::model::client::Client;
use crate::model::esia_client::Generation;
use crate::model::organisation::Organisation;
use crate::model::scope::RequestedScopes;
use crate::model::timestamp::Timestamp;
use crate::signature::SignerCertificate;
use crate::storage::{ClientRecord, Storage};

#[derive(Subcommand)]
pub enum Command {
    /// Relying parties.
    #[command(subcommand)]
    Client(ClientCommand),
    /// Keys that sign tokens of the dialect, with their certificates.
    Keys,
    /// Make a new key and certificate. They are published at once and used
    /// when esia.publish_ahead_days are over.
    Rotate {
        /// Which one.
        #[arg(value_enum)]
        alg: Alg,
        /// Sign with it from now on; relying parties refuse what they do not
        /// have the certificate of.
        #[arg(long)]
        now: bool,
    },
}

#[derive(Subcommand)]
pub enum ClientCommand {
    /// Register a relying party by its certificate, and print what to set in
    /// it.
    Add(Box<Add>),
}

/// How tokens are signed.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Alg {
    Rsa,
    Gost,
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

impl From<Alg> for CertifiedAlgorithm {
    fn from(alg: Alg) -> Self {
        match alg {
            Alg::Rsa => Self::Rs256,
            Alg::Gost => Self::Gost256,
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
    /// Write a registration of this mnemonic anew: what is not named here is as
    /// it is by default.
    #[arg(long)]
    replace: bool,
}

impl Add {
    fn client(self) -> Result<Client> {
        let mut scope = self.scope;
        let mut grants = vec!["authorization_code", "client_credentials"];
        if self.offline {
            scope.push_str(" offline_access");
            grants.push("refresh_token");
        }
        let name = |given: Option<String>| given.unwrap_or_else(|| self.client_id.clone());
        let asked = scope.split_whitespace();
        let required: Vec<&str> = asked
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
        Ok(serde_json::from_value(fields)?)
    }
}

/// Runs the command.
pub async fn run(context: &Context, command: Command) -> Result<()> {
    let config = context.config()?;
    let settings = config.esia.clone().ok_or_else(|| {
        Internal::new("esia: the dialect is off; put [esia] into the configuration")
    })?;
    settings.check()?;
    let storage = open_storage(&config).await?;
    let vault = open_vault(&config, &storage, &Entropy::system()).await?;
    let now = Clock::System.now();
    match command {
        Command::Client(ClientCommand::Add(add)) => {
            let replace = add.replace;
            let client = add.client()?;
            check(&settings, &storage, &client, replace, now).await?;
            let client = client::register(&config, &storage, client, None, now).await?;
            let told = told(&config, &settings, &client);
            context.print(&told.0, &told.1);
        }
        Command::Keys => {
            let set =
                EsiaKeys::open(&storage, &vault, &settings, config.issuer.clone(), now).await?;
            let states = set.states(now);
            let json: Vec<_> = states
                .iter()
                .map(|state| {
                    json!({
                        "alg": state.held.key.algorithm.as_str(),
                        "stage": state.stage.as_str(),
                        "sha256": state.held.kid,
                    })
                })
                .collect();
            let lines: Vec<_> = states
                .iter()
                .map(|state| {
                    format!(
                        "{:<17} {:<10} {}",
                        state.held.key.algorithm.as_str(),
                        state.stage.as_str(),
                        state.held.kid
                    )
                })
                .collect();
            context.print(&json!(json), &lines.join("\n"));
        }
        Command::Rotate { alg, now: at_once } => {
            let settings = EsiaSettings {
                publish_ahead_days: match at_once {
                    true => 0,
                    false => settings.publish_ahead_days,
                },
                ..settings
            };
            let kid =
                keys::rotate(&storage, &vault, &settings, &config.issuer, alg.into(), now).await?;
            context.print(
                &json!({ "sha256": kid }),
                &match at_once {
                    true => format!("{kid}\nsigns from now on; published at /esia/certificates"),
                    false => format!(
                        "{kid}\npublished at /esia/certificates; signs in {} days",
                        settings.publish_ahead_days
                    ),
                },
            );
        }
    }
    storage.close().await;
    Ok(())
}

/// What the registration alone does not show.
async fn check(
    settings: &EsiaSettings,
    storage: &Storage,
    client: &Client,
    replace: bool,
    now: Timestamp,
) -> Result<()> {
    let wrong = |text: String| Err(Internal::new(text));
    let id = &client.client_id;
    let Some(esia) = &client.esia else {
        return Ok(());
    };
    if storage.find_client(id).await?.is_some() && !replace {
        return wrong(format!(
            "{id}: is registered already; with --replace it is written anew from these options \
             alone"
        ));
    }
    for file in &esia.certificate_files {
        // What cannot be read is told with everything else that is wrong.
        let read = std::fs::read(file).ok();
        let read = read.and_then(|text| SignerCertificate::read(&text).ok());
        if let Some(ended) = read.filter(|read| read.not_after <= now) {
            return wrong(format!(
                "{}: the certificate ended at {}",
                file.display(),
                ended.not_after.rfc3339()
            ));
        }
    }
    let asked = RequestedScopes::parse(&client.scope);
    for name in &client.authorization_details_types {
        let mut kinds = settings.permissions.iter();
        let Some(kind) = kinds.find(|kind| kind.sysname == *name) else {
            return wrong(format!(
                "--permission {name}: there is no such type in [[esia.permissions]]"
            ));
        };
        let mut required = kind.required_scopes.iter();
        if let Some(missing) = required.find(|scope| !asked.contains(scope)) {
            return wrong(format!(
                "--permission {name}: demands {missing}; put it into --scope, too"
            ));
        }
    }
    let keys = esia.organisation.iter().flat_map(|one| &one.api_keys);
    for key in keys {
        let has_it = |other: &ClientRecord| other.id != *id && other.metadata.contains(key);
        if let Some(other) = storage.clients().await?.into_iter().find(has_it) {
            return wrong(format!(
                "esia.organisation: api_keys: {key} is {}'s",
                other.id
            ));
        }
    }
    Ok(())
}

/// What to set in the relying party.
fn told(config: &Config, settings: &EsiaSettings, client: &Client) -> (serde_json::Value, String) {
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
