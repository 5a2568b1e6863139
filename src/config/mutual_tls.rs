//! `[mtls]`: where clients show certificates, and which are believed.

use std::net::SocketAddr;
use std::path::PathBuf;

use serde::Deserialize;
use url::Url;

use super::Config;
use crate::error::{Internal, Result};
use crate::model::client::{AuthenticationMethod, Client};

/// `[mtls]` (RFC 8705)
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MutualTlsConfig {
    /// A listener of its own, with the certificate of `[tls]`, that asks who
    /// connects for a certificate: browsers, which would bother people with
    /// the question, keep to the other one.
    #[serde(default)]
    pub listen: Option<SocketAddr>,
    /// The public base address where programs show certificates.
    #[serde(default)]
    pub url: Option<String>,
    /// Authorities for `tls_client_auth`, PEM.
    #[serde(default)]
    pub ca_file: Option<PathBuf>,
    /// The header in which our proxies hand a certificate on: `Client-Cert`
    /// (RFC 9440), or one with URL-encoded PEM.
    #[serde(default)]
    pub certificate_header: Option<String>,
}

impl Config {
    /// Checks `[mtls]`.
    pub(super) fn check_mutual_tls(&self) -> Result<()> {
        let Some(settings) = &self.mtls else {
            return Ok(());
        };
        let wrong = |key: &str, mend: &str| Err(Internal::new(format!("mtls.{key}: {mend}")));
        if settings.listen.is_none() && settings.certificate_header.is_none() {
            return wrong(
                "listen",
                "must be given, or certificate_header where a proxy ends TLS",
            );
        }
        if settings.listen.is_some() && self.tls.is_none() {
            return wrong("listen", "needs [tls]: it serves the certificate of that");
        }
        if settings.listen.is_some() && settings.url.is_none() {
            return wrong(
                "url",
                "must be given: clients have to find the listener, as https://mtls.id.example.ru",
            );
        }
        if let Some(header) = &settings.certificate_header {
            let is_name = |b: u8| b.is_ascii_alphanumeric() || b == b'-';
            if header.is_empty() || !header.bytes().all(is_name) {
                return wrong("certificate_header", "must be the name of a header");
            }
            if self.trusted_proxies.is_empty() {
                return wrong(
                    "certificate_header",
                    "is believed of nobody: name your proxies in trusted_proxies",
                );
            }
        }
        let Some(url) = &settings.url else {
            return Ok(());
        };
        let parsed = Url::parse(url).ok();
        let fits = parsed.is_some_and(|parsed| {
            parsed.scheme() == "https" && parsed.origin().ascii_serialization() == *url
        });
        if !fits {
            return wrong(
                "url",
                "must be https, scheme and host only, in lower case, without a slash at the end",
            );
        }
        Ok(())
    }

    /// Whether a client can authenticate as it is registered, the way this
    /// server is set up.
    ///
    /// # Errors
    /// The setting that is missing.
    pub fn check_client(&self, client: &Client) -> Result<()> {
        let needed = match client.token_endpoint_auth_method {
            AuthenticationMethod::TlsClientAuth => {
                let settings = self.mtls.as_ref();
                let there = settings.is_some_and(|settings| settings.ca_file.is_some());
                (!there).then_some("tls_client_auth needs [mtls] with ca_file")
            }
            AuthenticationMethod::SelfSignedTlsClientAuth => {
                let there = self.mtls.is_some();
                (!there).then_some("self_signed_tls_client_auth needs [mtls]")
            }
            AuthenticationMethod::EsiaSignature => {
                match self.esia.as_ref().zip(client.esia.as_ref()) {
                    None => Some("esia_signature needs [esia], and esia of the client"),
                    Some((settings, of)) => (!settings.knows_category_of(of))
                        .then_some("esia.category is none of esia.categories"),
                }
            }
            _ => None,
        };
        match needed {
            None => Ok(()),
            Some(mend) => Err(Internal::new(format!(
                "client {}: token_endpoint_auth_method: {mend}",
                client.client_id
            ))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(settings: &str) -> String {
        let text = format!("issuer = 'https://id.example.ru'\n{settings}");
        let config: Config = toml::from_str(&text).unwrap();
        config
            .check()
            .map_or_else(|error| error.to_string(), |()| String::new())
    }

    const TLS: &str = "[tls]\ncertificate = 'a.pem'\nkey = 'a.key'\n";

    #[test]
    fn every_fault_names_its_key() {
        let listen = "listen = '127.0.0.1:8443'\n";
        let url = "url = 'https://mtls.example.ru'\n";
        for (settings, said) in [
            ("[mtls]\n".to_owned(), "mtls.listen: must be given"),
            (format!("[mtls]\n{listen}{url}"), "mtls.listen: needs [tls]"),
            (format!("{TLS}[mtls]\n{listen}"), "mtls.url: must be given"),
            (
                format!("{TLS}[mtls]\n{listen}url = 'http://mtls.example.ru'"),
                "mtls.url: must be https",
            ),
            (
                format!("{TLS}[mtls]\n{listen}url = 'https://mtls.example.ru/'"),
                "mtls.url: must be https",
            ),
            (
                "[mtls]\ncertificate_header = 'Client-Cert'".to_owned(),
                "believed of nobody",
            ),
            (
                "trusted_proxies = ['10.0.0.0/8']\n[mtls]\ncertificate_header = 'a b'".to_owned(),
                "the name of a header",
            ),
        ] {
            let told = told(&settings);
            assert!(told.contains(said), "{settings}: {told}");
        }
        assert_eq!(told(&format!("{TLS}[mtls]\n{listen}{url}")), "");
    }

    #[test]
    fn a_client_that_could_never_authenticate_stops_the_start() {
        let client = "[[clients]]\nclient_id = 'x'\nname = { ru = 'x', en = 'x' }\n\
                      token_endpoint_auth_method = 'tls_client_auth'";
        let proxies = "trusted_proxies = ['10.0.0.0/8']\n";
        let header = "[mtls]\ncertificate_header = 'Client-Cert'\n";
        assert!(told(client).contains("client x: token_endpoint_auth_method"));
        let without = told(&format!("{proxies}{header}{client}"));
        assert!(without.contains("[mtls] with ca_file"), "{without}");
        let with = format!("{proxies}{header}ca_file = 'ca.pem'\n{client}");
        assert_eq!(told(&with), "");
    }
}
