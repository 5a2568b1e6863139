//! What is registered of a relying party that speaks the ESIA dialect, beside
//! what every client has.

use serde::{Deserialize, Serialize};

use super::certified_algorithm::CertifiedAlgorithm;
use super::organisation::Organisation;
use super::redirect::ValidRedirect;

/// A generation of the dialect: its endpoints and what is signed at them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Generation {
    /// `/aas/oauth2/ac` and `/aas/oauth2/te`: CMS.
    V1,
    /// `/aas/oauth2/v2/ac` and `/aas/oauth2/v3/te`: bare signatures.
    V2,
}

/// How a relying party of ESIA is known and what it is let.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EsiaClient {
    /// Its certificates, PEM. Several, so that a new one is known before the
    /// old one ends.
    #[serde(default)]
    pub certificates: Vec<String>,
    /// In configuration only: files that hold them.
    #[serde(default, skip_serializing)]
    pub certificate_files: Vec<std::path::PathBuf>,
    /// Main domains: every address under one is a redirect address of its.
    pub domains: Vec<String>,
    #[serde(default = "both")]
    pub generations: Vec<Generation>,
    /// How codes and tokens for it are signed.
    #[serde(default)]
    pub token_alg: CertifiedAlgorithm,
    /// The category whose limits hold for its tokens.
    #[serde(default)]
    pub category: Option<String>,
    /// Seconds an access token lives, within the limits of the category.
    #[serde(default = "an_hour")]
    pub access_token_life: u64,
    /// Seconds a refresh token lives, within the limits of the category.
    #[serde(default = "thirty_days")]
    pub refresh_token_life: u64,
    /// Exact redirect addresses: where some are named, no others under the
    /// domains are good.
    #[serde(default)]
    pub redirects: Vec<String>,
    /// The organisation it belongs to.
    #[serde(default)]
    pub organisation: Option<Organisation>,
    /// Whether forms are taken that the endpoint does not have: CMS and the
    /// order of the first generation at the second.
    #[serde(default)]
    pub lenient: bool,
    /// Whether it has one `state` for everybody, so that it may sign the same
    /// for two people in one second.
    #[serde(default)]
    pub shared_state: bool,
    /// Whether old programs may sign with SHA-1.
    #[serde(default)]
    pub sha1: bool,
    /// A relying party under development: it is told exactly why it is
    /// refused. Never for one that serves people.
    #[serde(default)]
    pub sandbox: bool,
}

/// The one in use, the next, and those of a few systems behind one name.
const MOST_CERTIFICATES: usize = 8;

fn both() -> Vec<Generation> {
    vec![Generation::V1, Generation::V2]
}

const fn an_hour() -> u64 {
    3_600
}

const fn thirty_days() -> u64 {
    30 * 86_400
}

impl EsiaClient {
    /// What is wrong with it: field and mend.
    pub fn faults(&self) -> Vec<(&'static str, String)> {
        let mut faults = Vec::new();
        if self.certificates.is_empty() {
            faults.push((
                "esia.certificates",
                "needs at least one certificate in PEM (esia.certificate_files, --certificate)"
                    .to_owned(),
            ));
        }
        if self.certificates.len() > MOST_CERTIFICATES {
            faults.push((
                "esia.certificates",
                format!("keep at most {MOST_CERTIFICATES}: each may be tried for a request"),
            ));
        }
        if self.domains.is_empty() {
            faults.push(("esia.domains", "needs at least one domain".to_owned()));
        }
        for domain in &self.domains {
            let is_host = url::Host::parse(domain).is_ok_and(|host| host.to_string() == *domain);
            let has_labels = domain.contains('.') || domain == "localhost";
            if !is_host || !has_labels {
                faults.push((
                    "esia.domains",
                    format!(
                        "{domain}: must be a host in small letters without https:// or a port, \
                         such as example.org (xn--… for Cyrillic)"
                    ),
                ));
            }
        }
        for address in &self.redirects {
            if ValidRedirect::under(address, &self.domains).is_none() {
                faults.push((
                    "esia.redirects",
                    format!("{address}: must be an https address under one of the domains"),
                ));
            }
        }
        let of_organisation = self.organisation.iter().flat_map(Organisation::faults);
        faults.extend(of_organisation.map(|fault| ("esia.organisation", fault)));
        if self.generations.is_empty() {
            faults.push(("esia.generations", "needs v1, v2 or both".to_owned()));
        }
        for (field, life) in [
            ("esia.access_token_life", self.access_token_life),
            ("esia.refresh_token_life", self.refresh_token_life),
        ] {
            if !(60..=10 * 366 * 86_400).contains(&life) {
                faults.push((field, "must be seconds, 60 at least".to_owned()));
            }
        }
        faults
    }
}

impl EsiaClient {
    /// The address of a request, if it is one of this relying party's.
    pub fn redirect(&self, requested: &str) -> Option<ValidRedirect> {
        let is_named = || self.redirects.iter().any(|one| one == requested);
        let to = ValidRedirect::under(requested, &self.domains)?;
        (self.redirects.is_empty() || is_named()).then_some(to)
    }
}

/// Whether this may be the mnemonic of a relying party: letters, digits, dash
/// and underscore, and none of the names of the state's own systems.
pub fn is_mnemonic(id: &str) -> bool {
    let alphabet = |byte: u8| {
        byte.is_ascii_uppercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'_')
    };
    let taken = ["ESIA", "EPGU", "GOSUSLUGI", "SMEV"];
    !id.is_empty()
        && id.len() <= 255
        && id.bytes().all(alphabet)
        && !taken.iter().any(|name| id.contains(name))
        && !id.starts_with("PGU")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mnemonics_are_of_their_alphabet_and_no_state_system() {
        for good in ["DEMO_RP", "VOLGA-2", "0"] {
            assert!(is_mnemonic(good), "{good}");
        }
        for bad in ["", "demo", "ДЕМО", "MY_ESIA", "PGU_1", "A B", "XSMEVX"] {
            assert!(!is_mnemonic(bad), "{bad}");
        }
    }
}
