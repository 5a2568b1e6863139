//! `[registration]`: whether relying parties may register themselves, and what
//! bounds them.

use std::path::PathBuf;

use serde::Deserialize;

use crate::error::{Internal, Result};
use crate::model::client::{AuthenticationMethod, GrantType, SubjectType};
use crate::model::response_type::ResponseType;
use crate::model::scope::{OFFLINE_ACCESS, OPENID, SCOPES, Scope};
use crate::protocol::client_authentication::METHODS;
use crate::protocol::grant;

/// Grants that strangers may use unless the operator says otherwise: neither
/// tokens through the browser, nor answers that no browser brings to an address
/// that the person could have seen.
const GRANT_TYPES: [GrantType; 3] = [
    GrantType::AuthorizationCode,
    GrantType::RefreshToken,
    GrantType::ClientCredentials,
];

/// Who may register.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Nobody: there is no endpoint.
    #[default]
    Off,
    /// Who has a token of `propusk client registration-token`.
    InitialToken,
    /// Everybody.
    Open,
}

/// What an operator may set.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RegistrationSettings {
    pub mode: Mode,
    /// Scopes they may ask for.
    pub scopes: String,
    pub grant_types: Vec<GrantType>,
    pub response_types: Vec<ResponseType>,
    /// How people may be named to them: one name for all would let strangers
    /// compare notes.
    pub subject_types: Vec<SubjectType>,
    pub token_endpoint_auth_methods: Vec<AuthenticationMethod>,
    /// Hosts that people may be sent to, with the hosts under them; without
    /// any, all.
    pub redirect_hosts: Vec<String>,
    /// How many such clients there may be.
    pub max_clients: u32,
    /// Registrations from one network.
    pub per_address_per_hour: u32,
    /// A client that nobody has used for so long since it registered is removed;
    /// 0 for never.
    pub unused_days: u32,
    /// Whether only clients may register that one of the issuers vouches for.
    pub require_software_statement: bool,
    /// Who signs statements about clients (RFC 7591 §2.3).
    pub software_statement_issuers: Vec<StatementIssuer>,
}

/// Who vouches for clients.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatementIssuer {
    /// The `iss` of its statements.
    pub issuer: String,
    /// Its public keys (RFC 7517), here or in a file.
    #[serde(default)]
    pub jwks: Option<serde_json::Value>,
    #[serde(default)]
    pub jwks_file: Option<PathBuf>,
}

impl Default for RegistrationSettings {
    fn default() -> Self {
        Self {
            mode: Mode::Off,
            // Never the number of the insurance: who is known by it everywhere
            // is not to be handed to a program that nobody knows.
            scopes: "openid profile email phone address offline_access".to_owned(),
            grant_types: GRANT_TYPES.to_vec(),
            response_types: vec![ResponseType::CODE],
            subject_types: vec![SubjectType::Pairwise],
            token_endpoint_auth_methods: METHODS.iter().map(|method| method.method).collect(),
            redirect_hosts: Vec::new(),
            max_clients: 10_000,
            per_address_per_hour: 60,
            unused_days: 30,
            require_software_statement: false,
            software_statement_issuers: Vec::new(),
        }
    }
}

impl RegistrationSettings {
    /// Checks what types cannot.
    ///
    /// # Errors
    /// The first value that is not usable, with its mend.
    pub fn check(&self) -> Result<()> {
        let wrong =
            |key: &str, mend: &str| Err(Internal::new(format!("registration.{key}: {mend}")));
        for name in self.scopes.split_whitespace() {
            let is_it = |scope: &Scope| scope.dialect.is_standard() && scope.name == name;
            if !SCOPES.iter().any(is_it) {
                return wrong("scopes", &format!("{name} is unknown"));
            }
        }
        if !self.has_scope(OPENID) {
            return wrong("scopes", "must contain openid");
        }
        let is_host = |host: &String| {
            let named = !host.is_empty() && !host.starts_with('.');
            named && !host.contains(['/', ':', '*']) && *host == host.to_lowercase()
        };
        if !self.redirect_hosts.iter().all(is_host) {
            return wrong(
                "redirect_hosts",
                "must be names such as example.ru, in lower case, without scheme, port and path",
            );
        }
        let unseen = [GrantType::DeviceCode, GrantType::Ciba];
        if !self.redirect_hosts.is_empty()
            && self.grant_types.iter().any(|grant| unseen.contains(grant))
        {
            return wrong(
                "grant_types",
                "device_code and ciba lead to no host, so redirect_hosts cannot bound them",
            );
        }
        if self.max_clients == 0 || self.per_address_per_hour == 0 {
            return wrong(
                "mode",
                "to close registration set \"off\", not a limit of 0",
            );
        }
        if self.require_software_statement && self.software_statement_issuers.is_empty() {
            return wrong(
                "require_software_statement",
                "needs [[registration.software_statement_issuers]]",
            );
        }
        Ok(())
    }

    pub(super) fn has_scope(&self, name: &str) -> bool {
        self.scopes.split_whitespace().any(|scope| scope == name)
    }

    /// Names of the grants they may use.
    pub(super) fn grants(&self) -> Vec<&'static str> {
        self.grant_types.iter().copied().map(grant::name).collect()
    }

    /// Names of the ways to authenticate that they may use.
    pub(super) fn methods(&self) -> Vec<&'static str> {
        METHODS
            .iter()
            .filter(|method| self.token_endpoint_auth_methods.contains(&method.method))
            .map(|method| method.name)
            .collect()
    }

    /// Whether tokens may outlive a session: it takes the grant and the scope.
    pub(super) fn allows_refresh(&self) -> bool {
        self.has_scope(OFFLINE_ACCESS) && self.grant_types.contains(&GrantType::RefreshToken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_that_cannot_be_followed_are_named() {
        let check = |text: &str| {
            let settings: RegistrationSettings = toml::from_str(text).unwrap();
            settings.check().map_err(|error| error.to_string())
        };
        assert!(check("mode = 'open'").is_ok());
        assert!(check("redirect_hosts = ['example.ru', '127.0.0.1']").is_ok());
        for (text, key) in [
            ("scopes = 'openid everything'", "scopes"),
            ("scopes = 'profile'", "scopes"),
            ("redirect_hosts = ['https://example.ru']", "redirect_hosts"),
            ("redirect_hosts = ['*.example.ru']", "redirect_hosts"),
            ("redirect_hosts = ['.example.ru']", "redirect_hosts"),
            ("redirect_hosts = ['Example.ru']", "redirect_hosts"),
            ("per_address_per_hour = 0", "mode"),
            (
                "require_software_statement = true",
                "require_software_statement",
            ),
        ] {
            let told = check(text).unwrap_err();
            assert!(told.starts_with(&format!("registration.{key}: ")), "{told}");
        }
        assert!(!RegistrationSettings::default().has_scope("snils"));
    }
}
