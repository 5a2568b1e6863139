//! A relying party as it is registered: OpenID Connect Dynamic Client
//! Registration names (§2), and our own for levels, consent and policy.

use serde::{Deserialize, Serialize};

use super::acr::Assurance;
use super::algorithm::Algorithm;
use super::assertion_algorithm::AssertionAlgorithm;
use super::authentication::Strength;
use super::certificate_subject::CertificateSubject;
use super::id::ClientId;
use super::level::Level;
use super::redirect::check_redirect_uri;
use super::scope::{OFFLINE_ACCESS, OPENID, RequestedScopes, SCOPES};
use super::secret::{Digest, Secret};

/// A text in both languages of the pages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Localized {
    /// Russian.
    pub ru: String,
    /// English.
    pub en: String,
}

/// How a client authenticates (OpenID Connect Core §9).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AuthenticationMethod {
    /// Secret in the Authorization header.
    #[default]
    ClientSecretBasic,
    /// Secret in the body.
    ClientSecretPost,
    /// Assertion signed with a key of the client (RFC 7523).
    PrivateKeyJwt,
    /// Assertion signed with the secret.
    ClientSecretJwt,
    /// Certificate of an authority we trust (RFC 8705 §2.1).
    TlsClientAuth,
    /// Certificate whose key is registered (RFC 8705 §2.2).
    SelfSignedTlsClientAuth,
    /// A public client: no secret, PKCE instead.
    None,
}

/// Grants a client may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GrantType {
    /// RFC 6749 §4.1.
    AuthorizationCode,
    /// RFC 6749 §6.
    RefreshToken,
    /// RFC 6749 §4.4.
    ClientCredentials,
}

/// How a person is named to the client (OpenID Connect Core §8).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SubjectType {
    /// Differently for each sector: relying parties cannot compare notes.
    #[default]
    Pairwise,
    /// The same for every client registered so.
    Public,
}

/// Where the client runs (OpenID Connect Registration §2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ApplicationType {
    /// On a server.
    #[default]
    Web,
    /// On the citizen's device (RFC 8252).
    Native,
}

/// A relying party. Fields missing in configuration have the defaults of the
/// registration standard.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Client {
    pub client_id: ClientId,
    /// In configuration only: becomes [`Self::client_secret_digest`].
    #[serde(default, skip_serializing)]
    pub client_secret: Option<Secret>,
    /// In configuration only: a file that holds the secret.
    #[serde(default, skip_serializing)]
    pub client_secret_file: Option<std::path::PathBuf>,
    #[serde(default)]
    pub client_secret_digest: Option<Digest>,
    /// The secret itself, sealed by the vault: for `client_secret_jwt` alone,
    /// whose assertions nobody checks by a digest.
    #[serde(default)]
    pub client_secret_sealed: Option<String>,
    pub name: Localized,
    /// Why data are asked for; shown on the consent page.
    #[serde(default)]
    pub purpose: Option<Localized>,
    #[serde(default)]
    pub logo_uri: Option<String>,
    #[serde(default)]
    pub policy_uri: Option<String>,
    #[serde(default)]
    pub tos_uri: Option<String>,
    #[serde(default)]
    pub redirect_uris: Vec<String>,
    #[serde(default)]
    pub post_logout_redirect_uris: Vec<String>,
    #[serde(default)]
    pub backchannel_logout_uri: Option<String>,
    #[serde(default)]
    pub backchannel_logout_session_required: bool,
    /// Loaded in a hidden frame when the citizen signs out (OpenID Connect
    /// Front-Channel Logout §2).
    #[serde(default)]
    pub frontchannel_logout_uri: Option<String>,
    #[serde(default)]
    pub frontchannel_logout_session_required: bool,
    /// Scopes the client may ask for.
    #[serde(default = "default_scope")]
    pub scope: String,
    /// Of these, what a citizen cannot untick on the consent page.
    #[serde(default = "default_required_scope")]
    pub required_scope: String,
    #[serde(default = "default_grant_types")]
    pub grant_types: Vec<GrantType>,
    #[serde(default)]
    pub token_endpoint_auth_method: AuthenticationMethod,
    /// How assertions must be signed; without it, in any way the method has.
    #[serde(default)]
    pub token_endpoint_auth_signing_alg: Option<AssertionAlgorithm>,
    /// What the certificate of `tls_client_auth` says of its holder: one of
    /// five (RFC 8705 §2.1.2). A name as RFC 4514 writes it.
    #[serde(default)]
    pub tls_client_auth_subject_dn: Option<String>,
    #[serde(default)]
    pub tls_client_auth_san_dns: Option<String>,
    #[serde(default)]
    pub tls_client_auth_san_uri: Option<String>,
    #[serde(default)]
    pub tls_client_auth_san_ip: Option<String>,
    #[serde(default)]
    pub tls_client_auth_san_email: Option<String>,
    /// Public keys for `private_key_jwt`, and keys or certificates (`x5c`) for
    /// `self_signed_tls_client_auth` (RFC 7517).
    #[serde(default)]
    pub jwks: Option<serde_json::Value>,
    /// In configuration only: a file that holds the keys.
    #[serde(default, skip_serializing)]
    pub jwks_file: Option<std::path::PathBuf>,
    /// Where the keys are published.
    #[serde(default)]
    pub jwks_uri: Option<String>,
    #[serde(default)]
    pub subject_type: SubjectType,
    /// Clients of one sector see the same pairwise subjects; by default the
    /// host of the redirect URIs.
    #[serde(default)]
    pub sector_identifier: Option<String>,
    #[serde(default = "rs256")]
    pub id_token_signed_response_alg: Algorithm,
    #[serde(default = "es256")]
    pub access_token_signed_response_alg: Algorithm,
    #[serde(default)]
    pub userinfo_signed_response_alg: Option<Algorithm>,
    /// How signed introspection answers are signed (RFC 9701 §6).
    #[serde(default = "rs256")]
    pub introspection_signed_response_alg: Algorithm,
    /// Below this level a person is led to raise it first.
    #[serde(default)]
    pub minimum_level: Level,
    /// Weaker sign-ins are not enough for it.
    #[serde(default)]
    pub minimum_strength: Strength,
    #[serde(default)]
    pub application_type: ApplicationType,
    /// Days a consent lasts; without it, until withdrawn.
    #[serde(default)]
    pub consent_days: Option<u32>,
    /// Whether it may introspect tokens of other clients: a resource server.
    #[serde(default)]
    pub may_introspect_any: bool,
}

fn default_scope() -> String {
    "openid profile".to_owned()
}

fn default_required_scope() -> String {
    "openid profile".to_owned()
}

fn default_grant_types() -> Vec<GrantType> {
    vec![GrantType::AuthorizationCode]
}

const fn rs256() -> Algorithm {
    Algorithm::Rs256
}

const fn es256() -> Algorithm {
    Algorithm::Es256
}

/// What is wrong with a registration: the field and how to mend it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The field as it is written in configuration.
    pub field: &'static str,
    /// What to change.
    pub mend: String,
}

impl Client {
    /// What it demands of every person.
    pub const fn demands(&self) -> Assurance {
        Assurance {
            level: self.minimum_level,
            strength: self.minimum_strength,
        }
    }

    /// Whether the client keeps no secret (RFC 6749 §2.1).
    pub fn is_public(&self) -> bool {
        self.token_endpoint_auth_method == AuthenticationMethod::None
    }

    /// Whether it runs on the citizen's device.
    pub fn is_native(&self) -> bool {
        self.application_type == ApplicationType::Native
    }

    /// Whether it may use this grant.
    pub fn may_use(&self, grant: GrantType) -> bool {
        self.grant_types.contains(&grant)
    }

    /// The sector whose clients see the same pairwise subjects (OpenID Connect
    /// Core §8.1).
    pub fn sector(&self) -> String {
        if let Some(sector) = &self.sector_identifier {
            return sector.clone();
        }
        self.redirect_uris
            .first()
            .and_then(|uri| url::Url::parse(uri).ok())
            .and_then(|uri| uri.host_str().map(str::to_owned))
            .unwrap_or_else(|| self.client_id.to_string())
    }

    /// Everything that is wrong with the registration, each fault named.
    pub fn faults(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        let mut add = |field, mend: String| faults.push(Fault { field, mend });
        let id = self.client_id.as_str();
        if id.is_empty() || id.len() > 255 || !id.bytes().all(|b| (0x21..=0x7e).contains(&b)) {
            add(
                "client_id",
                "must be 1 to 255 printable ASCII characters".to_owned(),
            );
        }
        if self.name.ru.trim().is_empty() || self.name.en.trim().is_empty() {
            add(
                "name",
                "must be given in both languages: ru and en".to_owned(),
            );
        }
        for text in [Some(&self.name), self.purpose.as_ref()]
            .into_iter()
            .flatten()
        {
            if [&text.ru, &text.en]
                .into_iter()
                .any(|text| !is_plain_text(text))
            {
                add(
                    "name",
                    "name and purpose must be at most 300 characters without control or direction marks"
                        .to_owned(),
                );
            }
        }
        self.check_uris(&mut add);
        self.check_scopes(&mut add);
        self.check_authentication(&mut add);
        faults
    }

    fn check_uris(&self, add: &mut impl FnMut(&'static str, String)) {
        for uri in &self.redirect_uris {
            if let Err(fault) = check_redirect_uri(uri, self.is_native()) {
                add("redirect_uris", format!("{uri}: {}", fault.mend()));
            }
        }
        for uri in &self.post_logout_redirect_uris {
            if let Err(fault) = check_redirect_uri(uri, self.is_native()) {
                add(
                    "post_logout_redirect_uris",
                    format!("{uri}: {}", fault.mend()),
                );
            }
        }
        for (field, uri) in [
            ("backchannel_logout_uri", &self.backchannel_logout_uri),
            ("frontchannel_logout_uri", &self.frontchannel_logout_uri),
            ("logo_uri", &self.logo_uri),
            ("policy_uri", &self.policy_uri),
            ("tos_uri", &self.tos_uri),
            ("jwks_uri", &self.jwks_uri),
        ] {
            if let Some(uri) = uri
                && let Err(fault) = check_redirect_uri(uri, false)
            {
                add(field, format!("{uri}: {}", fault.mend()));
            }
        }
        // Front-Channel Logout §2: the frame shows a page of the same site.
        let origin = |uri: &String| url::Url::parse(uri).ok().map(|uri| uri.origin());
        if let Some(uri) = &self.frontchannel_logout_uri
            && !self
                .redirect_uris
                .iter()
                .any(|one| origin(one) == origin(uri))
        {
            add(
                "frontchannel_logout_uri",
                format!("{uri}: must have scheme, host and port of one of redirect_uris"),
            );
        }
        if self.may_use(GrantType::AuthorizationCode) && self.redirect_uris.is_empty() {
            add(
                "redirect_uris",
                "the authorization_code grant needs at least one".to_owned(),
            );
        }
        if self.subject_type == SubjectType::Pairwise && self.sector_identifier.is_none() {
            let mut hosts: Vec<_> = self
                .redirect_uris
                .iter()
                .filter_map(|uri| url::Url::parse(uri).ok())
                .filter_map(|uri| uri.host_str().map(str::to_owned))
                .collect();
            hosts.sort();
            hosts.dedup();
            if hosts.len() > 1 {
                add(
                    "sector_identifier",
                    "redirect_uris name several hosts: say which one names the sector".to_owned(),
                );
            }
        }
    }

    fn check_scopes(&self, add: &mut impl FnMut(&'static str, String)) {
        for (field, scopes) in [
            ("scope", &self.scope),
            ("required_scope", &self.required_scope),
        ] {
            for name in scopes.split_whitespace() {
                if SCOPES.iter().all(|scope| scope.name != name) {
                    let known: Vec<_> = SCOPES.iter().map(|scope| scope.name).collect();
                    add(
                        field,
                        format!("{name} is unknown; known are {}", known.join(", ")),
                    );
                }
            }
        }
        let scopes = RequestedScopes::parse(&self.scope);
        if self.may_use(GrantType::AuthorizationCode) && !scopes.contains(OPENID) {
            add(
                "scope",
                "must contain openid for the authorization_code grant".to_owned(),
            );
        }
        if scopes.contains(OFFLINE_ACCESS) != self.may_use(GrantType::RefreshToken) {
            add(
                "grant_types",
                "refresh_token and the scope offline_access come together".to_owned(),
            );
        }
    }

    fn check_authentication(&self, add: &mut impl FnMut(&'static str, String)) {
        use AuthenticationMethod as Method;
        if let Some(alg) = self.token_endpoint_auth_signing_alg
            && !alg.is_for(self.token_endpoint_auth_method)
        {
            add(
                "token_endpoint_auth_signing_alg",
                "HS256 is for client_secret_jwt, every other algorithm for private_key_jwt, \
                 and none for other methods"
                    .to_owned(),
            );
        }
        match self.token_endpoint_auth_method {
            Method::ClientSecretBasic | Method::ClientSecretPost => {
                if self.client_secret_digest.is_none() {
                    add(
                        "client_secret",
                        "is needed for this token_endpoint_auth_method".to_owned(),
                    );
                }
            }
            Method::ClientSecretJwt => {
                if self.client_secret.is_none() && self.client_secret_sealed.is_none() {
                    add(
                        "client_secret",
                        "is needed for this token_endpoint_auth_method".to_owned(),
                    );
                }
            }
            Method::PrivateKeyJwt | Method::SelfSignedTlsClientAuth => {
                if self.jwks.is_some() == self.jwks_uri.is_some() {
                    add(
                        "jwks",
                        "this token_endpoint_auth_method needs either jwks (or jwks_file) or jwks_uri"
                            .to_owned(),
                    );
                }
            }
            Method::TlsClientAuth => {
                if let Err(fault) = CertificateSubject::of(self) {
                    add(fault.field, fault.mend);
                }
            }
            Method::None => {
                if self.may_use(GrantType::ClientCredentials) {
                    add(
                        "grant_types",
                        "client_credentials needs a client that authenticates".to_owned(),
                    );
                }
                if self.may_introspect_any {
                    add(
                        "may_introspect_any",
                        "is for clients that authenticate".to_owned(),
                    );
                }
            }
        }
    }
}

/// A name that can be shown beside others without disguising itself: no
/// control characters and none that turn the direction of writing.
fn is_plain_text(text: &str) -> bool {
    text.chars().count() <= 300
        && !text.chars().any(|c| {
            c.is_control()
                || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
        })
}
