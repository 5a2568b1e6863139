//! Tables `[[banks]]` of the configuration.

use std::path::PathBuf;

use serde::Deserialize;
use url::Url;

use crate::error::{Internal, Result};
use crate::model::client::Localized;
use crate::model::secret::Secret;

/// The highest level the word of a bank leads to by its agreement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AttestedLevel {
    /// Its records stand for a check of registries; that the holder of the
    /// account is its client does not count as proven.
    Standard,
    /// And it has identified its client face to face.
    Verified,
}

/// A bank.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BankSettings {
    /// In addresses and evidence: small letters, digits, hyphens. Never changed.
    pub id: String,
    pub name: Localized,
    /// Its issuer identifier, exactly as in its discovery document.
    pub issuer: String,
    pub client_id: String,
    /// The secret, here or in a file.
    pub client_secret: Option<Secret>,
    pub client_secret_file: Option<PathBuf>,
    /// Scopes beside `openid`.
    #[serde(default = "profile")]
    pub scopes: Vec<String>,
    pub attests: AttestedLevel,
    /// What it calls its claims.
    #[serde(default)]
    pub claims: ClaimNames,
    /// Algorithms of ID tokens that are accepted.
    #[serde(default = "algorithms")]
    pub algorithms: Vec<String>,
}

fn profile() -> Vec<String> {
    vec!["profile".to_owned()]
}

fn algorithms() -> Vec<String> {
    ["RS256", "PS256", "ES256"].map(str::to_owned).to_vec()
}

/// Algorithms that may be allowed at all: signatures with a key that is public.
pub(super) const ALGORITHMS: [&str; 8] = [
    "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384",
];

/// The bank's names for what is asked of it.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ClaimNames {
    pub family_name: String,
    pub given_name: String,
    /// Must be named as the bank does: without it a client is taken to have no
    /// patronymic.
    pub middle_name: String,
    pub birthdate: String,
    pub gender: String,
    pub snils: String,
    pub inn: String,
    /// An object with `series`, `number`, `issued_on`, `department_code`,
    /// `issued_by`.
    pub passport: String,
    /// Contacts count only where the bank says that it has confirmed them.
    pub phone: String,
    pub phone_verified: String,
    pub email: String,
    pub email_verified: String,
}

impl Default for ClaimNames {
    fn default() -> Self {
        Self {
            family_name: "family_name".to_owned(),
            given_name: "given_name".to_owned(),
            middle_name: "middle_name".to_owned(),
            birthdate: "birthdate".to_owned(),
            gender: "gender".to_owned(),
            snils: "snils".to_owned(),
            inn: "inn".to_owned(),
            passport: "passport".to_owned(),
            phone: "phone_number".to_owned(),
            phone_verified: "phone_number_verified".to_owned(),
            email: "email".to_owned(),
            email_verified: "email_verified".to_owned(),
        }
    }
}

impl BankSettings {
    /// Checks what types cannot.
    ///
    /// # Errors
    /// The first value that is not usable, with its mend.
    pub fn check_all(banks: &[Self]) -> Result<()> {
        for (index, bank) in banks.iter().enumerate() {
            let wrong = |mend: &str| {
                Err(Internal::new(format!(
                    "banks, id = \"{}\": {mend}",
                    bank.id
                )))
            };
            let is_id = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
            if bank.id.is_empty() || !bank.id.chars().all(is_id) {
                return wrong("must be small letters, digits and hyphens");
            }
            let before = &banks[..index];
            if before
                .iter()
                .any(|other| other.id == bank.id || other.issuer == bank.issuer)
            {
                return wrong("id and issuer must be another for each bank");
            }
            let issuer = Url::parse(&bank.issuer).ok();
            if !issuer.is_some_and(|url| matches!(url.scheme(), "https" | "http") && url.has_host())
            {
                return wrong("issuer must be an address such as https://bank.example.ru");
            }
            if bank.client_secret.is_some() == bank.client_secret_file.is_some() {
                return wrong("give client_secret or client_secret_file, and not both");
            }
            let known = |name: &String| ALGORITHMS.contains(&name.as_str());
            if bank.algorithms.is_empty() || !bank.algorithms.iter().all(known) {
                return wrong("algorithms: only RS, PS and ES algorithms");
            }
        }
        Ok(())
    }
}
