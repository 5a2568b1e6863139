//! The parts of the application, each opened by its section of the
//! configuration.

use std::sync::Arc;
use std::time::Duration;

use crate::account::proofing::e_signature::Authorities;
use crate::account::proofing::registry::{HttpRegistry, NoRegistry, Registry, Simulated};
use crate::clock::Clock;
use crate::config::Config;
use crate::egress::EgressSettings;
use crate::entropy::Entropy;
use crate::error::{Internal, Result};
use crate::esia::Esia;
use crate::esia::settings::EsiaSettings;
use crate::model::authorization_detail::DetailType;
use crate::model::timestamp::Timestamp;
use crate::notify::{Capture, Sms, Smtp, Transport, Transports};
use crate::protocol::Provider;
use crate::protocol::mutual_tls::{self, MutualTls};
use crate::signature::gost_is_here;
use crate::storage::Storage;
use crate::vault::{MasterKey, Vault};

/// How long the demonstration's registries think, so that waiting is seen.
const DEMO_DELAY: Duration = Duration::from_secs(2);

/// Opens the database: brings an embedded one to this schema, and refuses a
/// shared one with another.
///
/// # Errors
/// When it does not open or its schema is not ours.
pub async fn open_storage(config: &Config) -> Result<Storage> {
    let storage = Storage::open(&config.database.url, config.database.connections)
        .await
        .map_err(|error| error.during("database.url"))?;
    if !storage.is_shared() {
        storage.migrate().await?;
    }
    storage.check_schema().await.map_err(|error| {
        // A new PostgreSQL database has no table of migrations at all.
        error.during("the database has not been prepared (run `propusk migrate`)")
    })?;
    Ok(storage)
}

/// Opens the vault, making master key and root secret at the first start.
///
/// # Errors
/// When the key file is not usable or belongs to another database.
pub async fn open_vault(
    config: &Config,
    storage: &Storage,
    entropy: &Entropy,
) -> Result<Arc<Vault>> {
    let file = config.keys.master_key();
    let sealed = storage.find_secret("root").await?;
    if sealed.is_some() && !file.exists() {
        return Err(Internal::new(format!(
            "{}: the master key of this database is missing: restore it from its backup",
            file.display()
        )));
    }
    let master = MasterKey::read_or_create(&file, entropy)?;
    let sealed = match sealed {
        Some(sealed) => sealed,
        None => {
            let fresh = Vault::new_root(&master, entropy)?;
            storage.put_secret_once("root".to_owned(), fresh).await?
        }
    };
    Ok(Arc::new(Vault::open(&master, &sealed, entropy.clone())?))
}

pub(super) fn egress_settings(config: &Config) -> Result<EgressSettings> {
    let mut settings = EgressSettings {
        allow_private: config.egress.allow_private.clone(),
        ..EgressSettings::default()
    };
    for file in &config.egress.ca_files {
        let pem = std::fs::read(file).map_err(|error| {
            Internal::new(format!("egress.ca_files: {}: {error}", file.display()))
        })?;
        settings.extra_ca_pem.push(pem);
    }
    Ok(settings)
}

pub(super) fn open_authorities(config: &Config) -> Result<Option<Authorities>> {
    let authorities = config.authorities();
    let trust = authorities.read()?;
    for file in &trust.unreadable {
        tracing::warn!(file, "neither a certificate nor a list of revoked ones");
    }
    if !trust.has_roots() {
        return Ok(None);
    }
    if !gost_is_here() {
        tracing::warn!("GOST signatures are off: OpenSSL has not found its engine");
    }
    Ok(Some(authorities))
}

pub(super) fn open_mutual_tls(config: &Config) -> Result<Option<MutualTls>> {
    let Some(settings) = &config.mtls else {
        return Ok(None);
    };
    let file = settings.ca_file.as_deref();
    Ok(Some(MutualTls {
        url: settings.url.clone(),
        authorities: file.map(mutual_tls::Authorities::read).transpose()?,
    }))
}

pub(super) fn open_registry(
    config: &Config,
    egress: &EgressSettings,
    clock: &Clock,
) -> Result<Arc<dyn Registry>> {
    Ok(match &config.registry {
        Some(settings) => Arc::new(HttpRegistry::new(settings, egress, clock.clone())?),
        None if config.demo => Arc::new(Simulated::delayed(DEMO_DELAY)),
        None if config.is_loopback() => Arc::new(Simulated::default()),
        None => {
            tracing::warn!("no [registry] is configured: nobody rises above the first level");
            Arc::new(NoRegistry)
        }
    })
}

pub(super) fn transports(
    config: &Config,
    egress: &EgressSettings,
    capture: Option<&Arc<Capture>>,
) -> Result<Transports> {
    if let Some(capture) = capture {
        return Ok(Transports::captured(capture));
    }
    Ok(Transports {
        email: match &config.smtp {
            Some(smtp) => Transport::Smtp(Box::new(Smtp::new(smtp)?)),
            None => Transport::Unconfigured,
        },
        sms: match &config.sms {
            Some(sms) => Transport::Sms(Box::new(Sms::new(sms, egress)?)),
            None => Transport::Unconfigured,
        },
    })
}

/// What relying parties may ask for in detail: what the configuration names,
/// and the consents of ESIA's dialect.
pub(super) fn detail_types(config: &Config) -> Vec<DetailType> {
    let of_esia = config.esia.iter().flat_map(EsiaSettings::detail_types);
    let own = config.authorization_details.iter().cloned();
    own.chain(of_esia).collect()
}

/// ESIA's dialect, where it is configured.
///
/// # Errors
/// When a part of the section does not work, or a relying party of the
/// configuration needs what is not there.
pub(super) async fn open_esia(
    config: &Config,
    provider: &Arc<Provider>,
    now: Timestamp,
) -> Result<Option<Arc<Esia>>> {
    let settings = config.esia.clone();
    let Some(settings) = settings else {
        return Ok(None);
    };
    settings.check()?;
    if !gost_is_here() {
        tracing::warn!(
            "ESIA's dialect: GOST signatures are off, as OpenSSL has no engine for them; see \
             propusk doctor"
        );
    }
    let esia = Esia::open(settings, provider.clone(), now).await?;
    Ok(Some(Arc::new(esia)))
}
