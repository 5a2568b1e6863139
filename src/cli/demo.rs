//! `propusk demo`: a server with everything in one folder, demo citizens, and
//! two portals registered.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use serde_json::json;

use super::{demo_authority, logging, serve};
use crate::account::demo::{
    DEMO_COLLEAGUE, DEMO_OPERATOR, DEMO_PASSWORD, DEMO_SUPPORT, DEMO_SUPPORT_COLLEAGUE,
};
use crate::app::{App, Surroundings};
use crate::config::Config;
use crate::entropy::Entropy;
use crate::error::Result;

/// What the demonstration may be told.
#[derive(clap::Args)]
pub struct Args {
    /// The folder of the database, the keys and the portals' secrets.
    #[arg(long, default_value = "data/demo", value_name = "FOLDER")]
    folder: PathBuf,
    /// The port of the server.
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// Ports of the two portals that `bin/demo` starts.
    #[arg(long, default_values_t = [8091, 8092], num_args = 2)]
    portal_ports: Vec<u16>,
    /// The port of the bank that `bin/demo` starts; none without Node.
    #[arg(long)]
    bank_port: Option<u16>,
    /// Serve https with a throw-away authority.
    #[arg(long)]
    tls: bool,
}

/// The configuration as it is, in the folder.
const CONFIG: &str = "propusk.toml";

/// The two regions of the demonstration.
const REGIONS: [(&str, &str, &str); 2] = [
    (
        "portal-a",
        "Портал Северной области",
        "Portal of the Northern Region",
    ),
    (
        "portal-b",
        "Портал Южного края",
        "Portal of the Southern Territory",
    ),
];

/// Runs the command.
pub async fn run(mut args: Args) -> Result<()> {
    fs::create_dir_all(&args.folder)?;
    // The configuration in it is good wherever a command is given.
    args.folder = fs::canonicalize(&args.folder)?;
    super::gost::begin_with_engine(&args.folder.join("keys"))?;
    let config = config(&args)?;
    logging::start(&config.log)?;
    let issuer = config.issuer.clone();
    let app = App::open(config, Surroundings::real()).await?;
    let citizens = app.accounts.seed_demo(app.clock.now()).await?;
    println!("Propusk             {issuer}");
    println!("Messages and codes  {issuer}/demo/messages");
    for ((_, _, name), port) in REGIONS.iter().zip(&args.portal_ports) {
        println!("{name:<33} http://127.0.0.1:{port}");
    }
    if let Some(port) = args.bank_port {
        println!("{:<33} http://127.0.0.1:{port}", "Volga Bank");
    }
    println!("ESIA's programs     {issuer}/esia/certificates");
    println!(
        "  register one:     propusk --config {} esia client add --help",
        args.folder.join(CONFIG).display()
    );
    println!("\nDemo citizens (sign in by phone, e-mail or SNILS):");
    for citizen in citizens {
        println!(
            "  {}  {:<26} {}  {} {}",
            citizen.phone, citizen.email, citizen.snils, citizen.given_name, citizen.family_name
        );
    }
    println!("  password of all: {DEMO_PASSWORD}");
    println!("\nService centre        {issuer}/operator");
    for operator in [DEMO_OPERATOR, DEMO_COLLEAGUE] {
        println!("  {}  the same password", operator.phone);
    }
    println!("Support               {issuer}/operator/support");
    for operator in [DEMO_SUPPORT, DEMO_SUPPORT_COLLEAGUE] {
        println!("  {}  the same password", operator.phone);
    }
    serve::serve(app).await
}

fn config(args: &Args) -> Result<Config> {
    let folder = &args.folder;
    let scheme = if args.tls { "https" } else { "http" };
    let tls = match args.tls {
        false => None,
        true => {
            let made = demo_authority::make(&folder.join("tls"))?;
            println!("Trust for a day     {}", made.authority.display());
            Some(json!({ "certificate": made.certificate, "key": made.key }))
        }
    };
    let mut clients = Vec::new();
    for ((id, ru, en), port) in REGIONS.iter().zip(&args.portal_ports) {
        let portal = format!("http://127.0.0.1:{port}");
        let secret = folder.join(format!("{id}.secret"));
        keep_secret(&secret)?;
        clients.push(json!({
            "client_id": id,
            "client_secret_file": secret,
            "name": { "ru": ru, "en": en },
            "purpose": {
                "ru": "Чтобы обращаться к вам по имени и показывать ваши заявления",
                "en": "To address you by name and to show your applications",
            },
            "policy_uri": format!("{portal}/"),
            "redirect_uris": [format!("{portal}/callback")],
            "post_logout_redirect_uris": [format!("{portal}/signed-out")],
            "backchannel_logout_uri": format!("{portal}/backchannel_logout"),
            "backchannel_logout_session_required": true,
            "scope": "openid profile email phone address snils assurance offline_access",
            "grant_types": ["authorization_code", "refresh_token"],
            // Both portals stand on one host: each is a sector of its own.
            "sector_identifier": id,
            "consent_days": 365,
        }));
    }
    // A device without a keyboard: anybody can play one with two calls.
    clients.push(json!({
        "client_id": "television",
        "token_endpoint_auth_method": "none",
        "name": { "ru": "Телевизор", "en": "Television" },
        "scope": "openid profile",
        "grant_types": ["urn:ietf:params:oauth:grant-type:device_code"],
    }));
    let mut config = json!({
        // By name: keys are bound to a host name, never to an address.
        "issuer": format!("{scheme}://localhost:{}", args.port),
        "listen": format!("127.0.0.1:{}", args.port),
        "database": { "url": format!("sqlite://{}", folder.join("propusk.db").display()) },
        "keys": { "directory": folder.join("keys") },
        "egress": { "allow_private": ["127.0.0.0/8"] },
        "log": { "level": "warn" },
        "banks": banks(args)?,
        // What programs written for ESIA want, with one consent to ask for.
        "esia": {
            "issuer": "http://esia.gosuslugi.ru/",
            "permissions": [{
                "sysname": "CREDIT",
                "title": {
                    "ru": "Рассмотрение заявки на кредит",
                    "en": "Looking at a request for credit",
                },
                "purposes": [{
                    "sysname": "CREDIT",
                    "title": { "ru": "Решение о кредите", "en": "A decision about credit" },
                }],
                "required_scopes": ["fullname"],
                "scopes": ["birthdate", "snils", "inn", "id_doc", "mobile"],
            }],
        },
        "demo": true,
        // Kept for the page of messages: no push service is called.
        "notices": { "push": { "contact": "mailto:demo@localhost.example" } },
        "clients": clients,
    });
    if let Some(tls) = tls {
        config["tls"] = tls;
    }
    // For the other commands, while the server runs.
    let text = toml::to_string(&config)?;
    let text = format!("# Written by `propusk demo` each time it starts.\n{text}");
    let (new, file) = (folder.join("propusk.toml.new"), folder.join(CONFIG));
    fs::write(&new, text)?;
    fs::rename(new, file)?;
    Ok(serde_json::from_value(config)?)
}

/// The bank of the demonstration; `examples/bank` reads the same secret.
fn banks(args: &Args) -> Result<Vec<serde_json::Value>> {
    let Some(port) = args.bank_port else {
        return Ok(Vec::new());
    };
    let secret = args.folder.join("bank.secret");
    keep_secret(&secret)?;
    Ok(vec![json!({
        "id": "volga",
        "name": { "ru": "Банк «Волга»", "en": "Volga Bank" },
        "issuer": format!("http://127.0.0.1:{port}"),
        "client_id": "propusk",
        "client_secret_file": secret,
        "scopes": ["profile", "identity"],
        "attests": "verified",
    })])
}

/// Makes a secret at the first start; the portal reads the same file.
fn keep_secret(file: &Path) -> Result<()> {
    if file.exists() {
        return Ok(());
    }
    let mut out = fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(file)?;
    out.write_all(Entropy::system().secret("ppcs_").expose().as_bytes())?;
    Ok(())
}
