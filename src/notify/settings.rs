//! How the channels are reached: sections `[smtp]` and `[sms]` of the
//! configuration.

use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::error::{Internal, Result};
use crate::model::secret::Secret;

/// How the connection to a mail server is protected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Security {
    /// Begins in the clear and must be upgraded before anything is said
    /// (RFC 3207); a server that offers no upgrade is not used.
    #[default]
    Starttls,
    /// TLS from the first byte (RFC 8314 §3.3).
    Tls,
    /// None: for a relay on the same machine.
    None,
}

/// Section `[smtp]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SmtpSettings {
    /// The mail server's name.
    pub host: String,
    /// By default 587, 465 or 25, as `security` says.
    pub port: Option<u16>,
    /// How the connection is protected.
    #[serde(default)]
    pub security: Security,
    /// Who we are to the server.
    pub username: Option<String>,
    /// The password, here or in a file.
    pub password: Option<Secret>,
    /// A file that holds the password.
    pub password_file: Option<PathBuf>,
    /// The sender: `Пропуск <no-reply@id.region.example>`.
    pub from: String,
    /// An authority trusted beside those of the system, PEM.
    pub ca_file: Option<PathBuf>,
    /// How long a mail may take.
    #[serde(default = "twenty")]
    pub timeout_seconds: u64,
}

/// Section `[sms]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SmsSettings {
    /// Where messages are posted.
    pub url: String,
    /// The bearer token, here or in a file.
    pub token: Option<Secret>,
    /// A file that holds the bearer token.
    pub token_file: Option<PathBuf>,
    /// The JSON that is posted; `{{phone}}`, `{{text}}` and `{{id}}` stand
    /// within its strings.
    #[serde(default = "default_body")]
    pub body: String,
    /// Whether the gateway stands in a private network; without TLS it must.
    #[serde(default)]
    pub allow_private: bool,
}

fn default_body() -> String {
    r#"{"to":"{{phone}}","text":"{{text}}","id":"{{id}}"}"#.to_owned()
}

const fn twenty() -> u64 {
    20
}

impl SmtpSettings {
    /// The port to connect to.
    pub fn port(&self) -> u16 {
        self.port.unwrap_or(match self.security {
            Security::Starttls => 587,
            Security::Tls => 465,
            Security::None => 25,
        })
    }

    /// The password from wherever it stands.
    ///
    /// # Errors
    /// When it stands in both places, or the file cannot be read.
    pub fn secret(&self) -> Result<Option<Secret>> {
        secret(
            "smtp.password",
            self.password.as_ref(),
            self.password_file.as_deref(),
        )
    }
}

impl SmsSettings {
    /// The token from wherever it stands.
    ///
    /// # Errors
    /// As [`SmtpSettings::secret`].
    pub fn secret(&self) -> Result<Option<Secret>> {
        secret("sms.token", self.token.as_ref(), self.token_file.as_deref())
    }
}

/// A secret that stands in the configuration or in a file it names.
///
/// # Errors
/// When it stands in both places, or the file cannot be read.
pub fn secret(key: &str, value: Option<&Secret>, file: Option<&Path>) -> Result<Option<Secret>> {
    match (value, file) {
        (Some(_), Some(_)) => Err(Internal::new(format!("give {key} or {key}_file, not both"))),
        (Some(value), None) => Ok(Some(value.clone())),
        (None, Some(path)) => {
            let read = std::fs::read_to_string(path).map_err(|error| {
                Internal::new(format!(
                    "{key}_file: {} cannot be read: {error}",
                    path.display()
                ))
            })?;
            Ok(Some(Secret::new(read.trim_end_matches(['\r', '\n']))))
        }
        (None, None) => Ok(None),
    }
}
