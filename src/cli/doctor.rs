//! `propusk doctor`

use std::time::Duration;

use serde_json::json;

use super::Context;
use crate::account::proofing::e_signature::Revocation;
use crate::app::open_vault;
use crate::clock::Clock;
use crate::config::Config;
use crate::entropy::Entropy;
use crate::error::{Internal, Result};
use crate::model::key_purpose::KeyPurpose;
use crate::model::timestamp::Timestamp;
use crate::notify::Smtp;
use crate::notify::push::Push;
use crate::protocol::key_ring;
use crate::protocol::mutual_tls::Authorities;
use crate::signature::gost_is_here;
use crate::storage::Storage;
use crate::vault::MasterKey;

/// A moment before which no machine's clock can be right: this program did not
/// exist.
const EARLIEST: Timestamp = Timestamp::from_seconds(1_790_000_000);

/// Checks everything and says what to mend; fails if anything must be.
pub async fn run(context: &Context) -> Result<()> {
    let mut report = Report::default();
    let config = match context.config() {
        Ok(config) => config,
        Err(error) => {
            report.add("configuration", Err(error));
            return report.finish(context);
        }
    };
    if let Err(error) = super::gost::begin_with_engine(&config.keys.directory) {
        report.add("gost", Err(error));
    }
    report.add("configuration", Ok("read".to_owned()));
    report.add("clock", clock());
    let storage = database(&config).await;
    match storage {
        Ok(storage) => {
            report.add("database", schema(&storage).await);
            report.add("master key", master_key(&config));
            report.add("signing keys", signing_keys(&config, &storage).await);
            report.add("browsers", browsers(&config, &storage).await);
            storage.close().await;
        }
        Err(error) => report.add("database", Err(error)),
    }
    report.add("mail", mail(&config).await);
    report.add("sms", sms(&config));
    report.add("tls", tls(&config));
    report.add("mtls", mutual_tls(&config));
    report.add("signatures", signatures(&config));
    report.add("esia", esia(&config));
    report.finish(context)
}

#[derive(Default)]
struct Report(Vec<(&'static str, Result<String, String>)>);

impl Report {
    fn add(&mut self, what: &'static str, outcome: Result<String>) {
        self.0
            .push((what, outcome.map_err(|error| error.to_string())));
    }

    fn finish(self, context: &Context) -> Result<()> {
        let json: Vec<_> = self
            .0
            .iter()
            .map(|(what, outcome)| match outcome {
                Ok(found) => json!({ "check": what, "ok": true, "found": found }),
                Err(mend) => json!({ "check": what, "ok": false, "mend": mend }),
            })
            .collect();
        let lines: Vec<_> = self
            .0
            .iter()
            .map(|(what, outcome)| match outcome {
                Ok(found) => format!("ok    {what}: {found}"),
                Err(mend) => format!("MEND  {what}: {mend}"),
            })
            .collect();
        context.print(&json!(json), &lines.join("\n"));
        match self
            .0
            .iter()
            .filter(|(_, outcome)| outcome.is_err())
            .count()
        {
            0 => Ok(()),
            wrong => Err(Internal::new(format!("{wrong} to mend"))),
        }
    }
}

fn clock() -> Result<String> {
    if Clock::System.now() < EARLIEST {
        return Err(Internal::new(
            "the machine's clock is years behind: tokens would be refused everywhere; set it (NTP)",
        ));
    }
    Ok("plausible".to_owned())
}

async fn database(config: &Config) -> Result<Storage> {
    let opening = Storage::open(&config.database.url, 2);
    tokio::time::timeout(Duration::from_secs(10), opening)
        .await
        .map_err(|_| Internal::new("database.url: no answer within 10 s: is the server running?"))?
        .map_err(|error| error.during("database.url"))
}

async fn schema(storage: &Storage) -> Result<String> {
    if !storage.is_shared() {
        storage.migrate().await?;
    }
    storage
        .check_schema()
        .await
        .map_err(|error| error.during("run `propusk migrate`"))?;
    Ok("answers, schema as expected".to_owned())
}

fn master_key(config: &Config) -> Result<String> {
    let file = config.keys.master_key();
    if !file.exists() {
        return Ok(format!(
            "{}: will be made at the first start",
            file.display()
        ));
    }
    MasterKey::read(&file)?;
    Ok(format!(
        "{}: readable by its owner only; keep a copy apart from the database's backups",
        file.display()
    ))
}

async fn signing_keys(config: &Config, storage: &Storage) -> Result<String> {
    if storage.find_secret("root").await?.is_none() {
        return Ok("will be made at the first start".to_owned());
    }
    let vault = open_vault(config, storage, &Entropy::system()).await?;
    let keys = key_ring::load(storage, &vault).await?;
    let missing: Vec<_> = keys
        .missing(Clock::System.now())
        .into_iter()
        .map(KeyPurpose::as_str)
        .collect();
    if missing.is_empty() {
        Ok("one for each algorithm".to_owned())
    } else {
        Err(Internal::new(format!(
            "none for {}: run `propusk keys rotate`",
            missing.join(", ")
        )))
    }
}

async fn mail(config: &Config) -> Result<String> {
    match &config.smtp {
        None if config.demo => Ok("shown in the browser".to_owned()),
        None => Err(Internal::new(
            "[smtp] is missing: nobody can register by e-mail, and no notice leaves",
        )),
        Some(settings) => {
            Smtp::new(settings)?
                .check()
                .await
                .map_err(|error| error.during("smtp"))?;
            Ok(format!("{} answers", settings.host))
        }
    }
}

fn sms(config: &Config) -> Result<String> {
    match &config.sms {
        None if config.demo => Ok("shown in the browser".to_owned()),
        None => Err(Internal::new(
            "[sms] is missing: nobody can register by phone",
        )),
        Some(settings) => {
            settings.secret()?;
            Ok(format!("messages are posted to {}", settings.url))
        }
    }
}

/// Notices in browsers. Nobody is called: push services answer only to messages
/// for a browser.
async fn browsers(config: &Config, storage: &Storage) -> Result<String> {
    let settings = &config.notices.push;
    if !settings.is_on() {
        return Ok("off: notices.push.contact is not set".to_owned());
    }
    if settings.hosts.is_empty() {
        return Err(Internal::new(
            "notices.push.hosts is empty: no browser can subscribe; name its push service or remove the key",
        ));
    }
    if !config.is_https() && !config.is_loopback() {
        return Err(Internal::new("browsers take notices from https only"));
    }
    let hosts = settings.hosts.join(", ");
    if storage.find_secret("root").await?.is_none() {
        return Ok(format!("key will be made at the first start; {hosts}"));
    }
    let vault = open_vault(config, storage, &Entropy::system()).await?;
    Push::open(settings, storage, &vault).await?;
    Ok(match config.demo {
        true => "kept, shown in the browser of the demonstration".to_owned(),
        false => format!("key is readable; messages go to {hosts}"),
    })
}

fn tls(config: &Config) -> Result<String> {
    match &config.tls {
        None if config.listen.ip().is_loopback() => Ok("none; listening on loopback".to_owned()),
        None if config.trusted_proxies.is_empty() => Err(Internal::new(
            "no [tls] and no trusted_proxies: passwords would cross the network in the clear",
        )),
        None => Ok("none; behind configured proxies".to_owned()),
        Some(tls) => {
            for file in [&tls.certificate, &tls.key] {
                std::fs::read(file)
                    .map_err(|error| Internal::new(format!("{}: {error}", file.display())))?;
            }
            Ok("certificate and key are readable".to_owned())
        }
    }
}

fn mutual_tls(config: &Config) -> Result<String> {
    let Some(settings) = &config.mtls else {
        return Ok("off: no [mtls], so no client shows a certificate".to_owned());
    };
    let authorities = match &settings.ca_file {
        Some(file) => {
            Authorities::read(file)?;
            "authorities are readable"
        }
        None => "no authorities (mtls.ca_file): only registered keys and certificates are taken",
    };
    let from = match (&settings.listen, &settings.certificate_header) {
        (Some(address), None) => format!("listening on {address}"),
        (Some(address), Some(header)) => format!("listening on {address}, {header} of proxies"),
        (None, header) => format!("{} of proxies", header.as_deref().unwrap_or_default()),
    };
    Ok(format!("{from}; {authorities}"))
}

fn esia(config: &Config) -> Result<String> {
    let Some(settings) = &config.esia else {
        return Ok("off: no [esia], so relying parties speak OpenID Connect".to_owned());
    };
    settings.check()?;
    let gost = match gost_is_here() {
        true => "RSA and GOST",
        false => "RSA; for GOST install libengine-gost-openssl and start again",
    };
    let issuer = settings.issuer_beside(&config.issuer);
    Ok(format!("{gost}; tokens name {issuer} as their issuer"))
}

fn signatures(config: &Config) -> Result<String> {
    let authorities = config.authorities();
    let folder = authorities.folder.display();
    let trust = authorities.read()?;
    if let [file, ..] = trust.unreadable.as_slice() {
        return Err(Internal::new(format!(
            "{folder}/{file}: neither a certificate nor a list of revoked ones"
        )));
    }
    if !trust.has_roots() {
        return Ok(format!("off: no certificate of an authority in {folder}"));
    }
    let (fresh, old) = trust.lists(Clock::System.now());
    let required = authorities.settings.revocation == Revocation::Required;
    if required && (old > 0 || fresh == 0) {
        return Err(Internal::new(format!(
            "{folder}: {fresh} lists of revoked certificates are in date, {old} are not: fetch new ones"
        )));
    }
    let gost = if gost_is_here() {
        "GOST on"
    } else {
        "GOST off (install libengine-gost-openssl)"
    };
    Ok(format!(
        "{} authorities, {fresh} lists in date, {old} out of date, {gost}",
        trust.roots()
    ))
}
