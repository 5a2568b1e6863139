//! Configuration: a TOML file and the environment. Unknown keys are refused,
//! and a bad value stops the start with the file, the key and the mend.

mod mutual_tls;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use ipnet::IpNet;
use serde::Deserialize;
use url::Url;

use crate::account::proofing::bank::BankSettings;
use crate::account::proofing::e_signature::{Authorities, SignatureSettings};
use crate::account::proofing::registry::HttpRegistrySettings;
use crate::account::risk::RiskSettings;
use crate::account::settings::{
    AgreementSettings, LimitSettings, PasswordSettings, PhotographSettings, SecondFactorSettings,
    SessionSettings,
};
use crate::error::{Internal, Result};
use crate::esia::settings::EsiaSettings;
use crate::model::authorization_detail::DetailType;
use crate::model::client::Client;
use crate::notify::{NoticesSettings, SmsSettings, SmtpSettings};
use crate::protocol::Lifetimes;
use crate::protocol::registration::settings::RegistrationSettings;
pub use mutual_tls::MutualTlsConfig;

/// Everything an operator may set.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The public address: every link and token is made with it.
    pub issuer: String,
    /// Where to listen.
    #[serde(default = "default_listen")]
    pub listen: SocketAddr,
    /// Proxies whose forwarded client address is believed.
    #[serde(default)]
    pub trusted_proxies: Vec<IpNet>,
    #[serde(default)]
    pub database: DatabaseConfig,
    #[serde(default)]
    pub keys: KeysConfig,
    #[serde(default)]
    pub tls: Option<TlsConfig>,
    /// Certificates of clients; without it none are asked for or believed.
    #[serde(default)]
    pub mtls: Option<MutualTlsConfig>,
    #[serde(default)]
    pub egress: EgressConfig,
    #[serde(default)]
    pub smtp: Option<SmtpSettings>,
    #[serde(default)]
    pub sms: Option<SmsSettings>,
    #[serde(default)]
    pub notices: NoticesSettings,
    /// State registries; without it, simulated ones in demonstrations and on
    /// loopback addresses, and none elsewhere.
    #[serde(default)]
    pub registry: Option<HttpRegistrySettings>,
    /// Banks whose clients may register, sign in and prove who they are.
    #[serde(default)]
    pub banks: Vec<BankSettings>,
    /// Qualified signatures: whom to trust.
    #[serde(default)]
    pub signature: SignatureSettings,
    /// ESIA's dialect; without it only OpenID Connect is spoken.
    #[serde(default)]
    pub esia: Option<EsiaSettings>,
    #[serde(default)]
    pub log: LogConfig,
    #[serde(default)]
    pub metrics: MetricsConfig,
    #[serde(default)]
    pub lifetimes: Lifetimes,
    #[serde(default)]
    pub session: SessionSettings,
    #[serde(default)]
    pub password: PasswordSettings,
    #[serde(default)]
    pub limits: LimitSettings,
    #[serde(default)]
    pub agreements: AgreementSettings,
    #[serde(default)]
    pub photographs: PhotographSettings,
    #[serde(default)]
    pub operators: OperatorsConfig,
    #[serde(default)]
    pub risk: RiskSettings,
    #[serde(default)]
    pub second_factor: SecondFactorSettings,
    /// Whether relying parties may register themselves.
    #[serde(default)]
    pub registration: RegistrationSettings,
    /// What relying parties may ask for in detail (RFC 9396).
    #[serde(default)]
    pub authorization_details: Vec<DetailType>,
    /// Relying parties kept in this file; others by `propusk client`.
    #[serde(default)]
    pub clients: Vec<Client>,
    /// A demonstration: messages are shown in the browser instead of sent.
    #[serde(default)]
    pub demo: bool,
}

fn default_listen() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 8080))
}

/// `[database]`
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DatabaseConfig {
    /// `sqlite://…` or `postgres://…`.
    pub url: String,
    /// Connections to PostgreSQL at most.
    pub connections: u32,
}

impl Default for DatabaseConfig {
    fn default() -> Self {
        Self {
            url: "sqlite://data/propusk.db".to_owned(),
            connections: 16,
        }
    }
}

/// `[operators]`
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OperatorsConfig {
    /// Whether operators work only after signing in with a key or passkey
    /// (requirement F1); by default everywhere but in demonstrations and on
    /// loopback addresses.
    pub require_key: Option<bool>,
}

/// `[keys]`
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct KeysConfig {
    /// The folder of key material.
    pub directory: PathBuf,
    /// The master key; by default `master.key` in that folder.
    pub master_key_file: Option<PathBuf>,
}

impl Default for KeysConfig {
    fn default() -> Self {
        Self {
            directory: PathBuf::from("keys"),
            master_key_file: None,
        }
    }
}

impl KeysConfig {
    /// Where the master key is.
    pub fn master_key(&self) -> PathBuf {
        self.master_key_file
            .clone()
            .unwrap_or_else(|| self.directory.join("master.key"))
    }
}

/// `[tls]`: TLS of our own; without it, plain HTTP for loopback and proxies.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TlsConfig {
    /// PEM, the chain with our certificate first.
    pub certificate: PathBuf,
    /// PEM.
    pub key: PathBuf,
    /// Whether TLS 1.2 is spoken beside 1.3.
    #[serde(default)]
    pub allow_tls12: bool,
}

/// `[egress]`: calls to relying parties and gateways.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EgressConfig {
    /// Private networks that may be called.
    pub allow_private: Vec<IpNet>,
    /// Authorities trusted beside those of the system, PEM files.
    pub ca_files: Vec<PathBuf>,
}

/// The form of log lines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// To be read by people.
    #[default]
    Human,
    /// One JSON object a line.
    Json,
}

/// `[log]`
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LogConfig {
    pub format: LogFormat,
    /// `error`, `warn`, `info`, `debug`, or a filter such as `propusk=debug`.
    pub level: String,
}

impl Default for LogConfig {
    fn default() -> Self {
        Self {
            format: LogFormat::Human,
            level: "info".to_owned(),
        }
    }
}

/// `[metrics]`
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MetricsConfig {
    /// A listener of its own for `/metrics`; without it there are none. Never
    /// open it to the world.
    pub listen: Option<SocketAddr>,
}

impl Config {
    /// Reads `file` (if given) and the environment: `PROPUSK__SMTP__HOST` is
    /// `smtp.host`.
    ///
    /// # Errors
    /// When the file is missing, a key is unknown or a value is not usable;
    /// the message names it and the mend.
    pub fn load(file: Option<&Path>) -> Result<Self> {
        let mut builder = config::Config::builder();
        if let Some(file) = file {
            let text = std::fs::read_to_string(file)
                .map_err(|error| Internal::new(format!("{}: {error}", file.display())))?;
            builder = builder.add_source(config::File::from_str(&text, config::FileFormat::Toml));
        }
        let environment = config::Environment::with_prefix("PROPUSK")
            .prefix_separator("__")
            .separator("__")
            .try_parsing(true)
            .ignore_empty(true);
        let place = || {
            file.map_or_else(
                || "environment".to_owned(),
                |file| file.display().to_string(),
            )
        };
        let config: Self = builder
            .add_source(environment)
            .build()
            .and_then(config::Config::try_deserialize)
            .map_err(|error| Internal::new(format!("{}: {error}", place())))?;
        config
            .check()
            .map_err(|error| Internal::new(format!("{}: {error}", place())))?;
        Ok(config)
    }

    fn check_details(&self) -> Result<()> {
        let wrong = |why: String| Err(Internal::new(format!("authorization_details: {why}")));
        for (at, kind) in self.authorization_details.iter().enumerate() {
            if let Some(fault) = kind.fault() {
                return wrong(fault);
            }
            let earlier = &self.authorization_details[..at];
            if earlier.iter().any(|other| other.name == kind.name) {
                return wrong(format!("the type {} is there twice", kind.name));
            }
        }
        let of_esia = self.esia.iter().flat_map(|esia| &esia.permissions);
        let of_esia: Vec<&str> = of_esia.map(|kind| kind.sysname.as_str()).collect();
        let is_known = |name: &String| {
            let mut own = self.authorization_details.iter();
            own.any(|kind| kind.name == *name) || of_esia.contains(&name.as_str())
        };
        if let Some(both) = self
            .authorization_details
            .iter()
            .find(|kind| of_esia.contains(&kind.name.as_str()))
        {
            return wrong(format!(
                "the type {} is a permission of [esia], too",
                both.name
            ));
        }
        for client in &self.clients {
            let unknown = client
                .authorization_details_types
                .iter()
                .find(|name| !is_known(name));
            if let Some(name) = unknown {
                let client = &client.client_id;
                return wrong(format!(
                    "{client} names the type {name}, which is not there"
                ));
            }
        }
        Ok(())
    }

    /// Checks what types cannot.
    ///
    /// # Errors
    /// The first value that is not usable.
    pub fn check(&self) -> Result<()> {
        let wrong = |mend: &str| {
            Err(Internal::new(format!(
                "issuer = \"{}\": {mend}",
                self.issuer
            )))
        };
        let Ok(issuer) = Url::parse(&self.issuer) else {
            return wrong("must be an address such as https://id.example.ru");
        };
        match issuer.scheme() {
            "https" => {}
            "http" if self.is_loopback() => {}
            _ => return wrong("must be https (http only on a loopback address)"),
        }
        // Discovery compares it byte for byte (OpenID Connect Discovery §4.3).
        if issuer.origin().ascii_serialization() != self.issuer {
            return wrong(
                "must be scheme and host only, in lower case, without a slash at the end",
            );
        }
        self.check_mutual_tls()?;
        self.clients
            .iter()
            .try_for_each(|client| self.check_client(client))?;
        self.check_details()?;
        BankSettings::check_all(&self.banks)?;
        self.risk.check()?;
        self.notices.push.check()?;
        self.registration.check()?;
        if self.trusted_proxies.iter().any(|net| net.prefix_len() == 0) {
            return Err(Internal::new(
                "trusted_proxies: a network that holds every address trusts everybody",
            ));
        }
        for (key, seconds, least, most) in [
            ("lifetimes.code", self.lifetimes.code, 1, 600),
            // FAPI 2.0 Security Profile §5.3.2.2: less than 600.
            (
                "lifetimes.pushed_request",
                self.lifetimes.pushed_request,
                5,
                599,
            ),
            (
                "lifetimes.device_code",
                self.lifetimes.device_code,
                60,
                1_800,
            ),
            (
                "lifetimes.backchannel_request",
                self.lifetimes.backchannel_request,
                30,
                3_600,
            ),
            (
                "lifetimes.access_token",
                self.lifetimes.access_token,
                10,
                86_400,
            ),
            ("lifetimes.id_token", self.lifetimes.id_token, 10, 86_400),
            ("lifetimes.flow", self.lifetimes.flow, 60, 86_400),
            (
                "session.idle_seconds",
                self.session.idle_seconds,
                60,
                86_400,
            ),
            (
                "session.absolute_seconds",
                self.session.absolute_seconds,
                60,
                30 * 86_400,
            ),
        ] {
            if !(least..=most).contains(&seconds) {
                return Err(Internal::new(format!(
                    "{key} = {seconds}: must be between {least} and {most} seconds"
                )));
            }
        }
        let limits = &self.limits;
        for (key, hours) in [
            ("recovery_wait_hours", limits.recovery_wait_hours),
            ("appeal_wait_hours", limits.appeal_wait_hours),
            ("appeal_factor_wait_hours", limits.appeal_factor_wait_hours),
        ] {
            if !(1..=720).contains(&hours) {
                return Err(Internal::new(format!(
                    "limits.{key} = {hours}: must be between 1 and 720 hours"
                )));
            }
        }
        for (key, days, least, most) in [
            ("photographs.keep_days", self.photographs.keep_days, 0, 365),
            ("photographs.wait_days", self.photographs.wait_days, 1, 90),
            ("limits.appeal_days", limits.appeal_days, 1, 90),
            (
                "limits.temporary_password_days",
                self.limits.temporary_password_days,
                1,
                30,
            ),
        ] {
            if !(least..=most).contains(&days) {
                return Err(Internal::new(format!(
                    "{key} = {days}: must be between {least} and {most} days"
                )));
            }
        }
        Ok(())
    }

    /// Whose certificates are trusted to name people.
    pub fn authorities(&self) -> Authorities {
        let folder = self.signature.trusted_ca.clone();
        Authorities {
            folder: folder.unwrap_or_else(|| self.keys.directory.join("trusted-ca")),
            settings: self.signature.clone(),
        }
    }

    /// Whether operators work only with a key (requirement F1).
    pub fn requires_operator_key(&self) -> bool {
        let everywhere = !self.demo && !self.is_loopback();
        self.operators.require_key.unwrap_or(everywhere)
    }

    /// Whether only this machine reaches us.
    pub fn is_loopback(&self) -> bool {
        let issuer = Url::parse(&self.issuer).ok();
        match issuer.as_ref().and_then(Url::host) {
            Some(url::Host::Domain(name)) => name == "localhost",
            Some(url::Host::Ipv4(address)) => address.is_loopback(),
            Some(url::Host::Ipv6(address)) => address.is_loopback(),
            None => false,
        }
    }

    /// Whether browsers reach us by https: cookies are `Secure` then.
    pub fn is_https(&self) -> bool {
        self.issuer.starts_with("https:")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn issuer(text: &str) -> Result<()> {
        Config {
            issuer: text.to_owned(),
            ..toml::from_str("issuer = ''").unwrap()
        }
        .check()
    }

    #[test]
    fn an_issuer_is_an_origin() {
        assert!(issuer("https://id.example.ru").is_ok());
        assert!(issuer("http://127.0.0.1:8080").is_ok());
        for wrong in [
            "https://id.example.ru/",
            "https://ID.example.ru",
            "http://id.example.ru",
            "id.example.ru",
            "https://id.example.ru/path",
        ] {
            assert!(issuer(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn an_unknown_key_is_named() {
        let error = toml::from_str::<Config>("issuer = 'https://a.example'\nissuar = 'x'")
            .unwrap_err()
            .to_string();
        assert!(error.contains("issuar"), "{error}");
    }

    #[test]
    fn everyone_is_no_trusted_proxy() {
        let config: Config =
            toml::from_str("issuer = 'https://a.example'\ntrusted_proxies = ['0.0.0.0/0']")
                .unwrap();
        assert!(config.check().is_err());
    }
}
