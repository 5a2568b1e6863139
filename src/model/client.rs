//! A relying party as it is registered: OpenID Connect Dynamic Client
//! Registration names (§2), and our own for levels, consent and policy.

mod encryption_faults;
mod faults;
mod profile_faults;
mod request_faults;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

pub use faults::Fault;

use super::acr::Assurance;
use super::algorithm::Algorithm;
use super::assertion_algorithm::AssertionAlgorithm;
use super::authentication::Strength;
use super::encryption::{ContentEncryption, Encryption, KeyManagement};
use super::esia_client::EsiaClient;
use super::id::ClientId;
use super::level::Level;
use super::response_type::ResponseType;
use super::secret::{Digest, Secret};
use super::security_profile::SecurityProfile;

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
    /// A signature over the parameters of each request, as ESIA has it: at the
    /// endpoints of that dialect only.
    EsiaSignature,
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
    /// RFC 8628.
    #[serde(rename = "urn:ietf:params:oauth:grant-type:device_code")]
    DeviceCode,
    /// OpenID Connect CIBA.
    #[serde(rename = "urn:openid:params:grant-type:ciba")]
    Ciba,
    /// RFC 8693.
    #[serde(rename = "urn:ietf:params:oauth:grant-type:token-exchange")]
    TokenExchange,
    /// Tokens at once, through the browser (OpenID Connect Core §3.2, §3.3).
    Implicit,
}

/// What tokens of others a client may exchange for its own (RFC 8693).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TokenExchange {
    /// Whose tokens.
    pub of_clients: Vec<ClientId>,
    /// Whether it may also speak as the person, without its name in the token.
    #[serde(default)]
    pub impersonation: bool,
}

/// How a client learns that its request was answered (CIBA §5).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryMode {
    /// It asks.
    #[default]
    Poll,
    /// It is told to ask.
    Ping,
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
    #[serde(default = "default_response_types")]
    pub response_types: Vec<ResponseType>,
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
    /// How ID tokens are encrypted to it; without it they are not (OpenID
    /// Connect Registration §2).
    #[serde(default)]
    pub id_token_encrypted_response_alg: Option<KeyManagement>,
    #[serde(default)]
    pub id_token_encrypted_response_enc: Option<ContentEncryption>,
    /// How answers of userinfo are encrypted to it; without it they are not.
    #[serde(default)]
    pub userinfo_encrypted_response_alg: Option<KeyManagement>,
    #[serde(default)]
    pub userinfo_encrypted_response_enc: Option<ContentEncryption>,
    /// How it says that it encrypts its requests: it may do otherwise all the
    /// same.
    #[serde(default)]
    pub request_object_encryption_alg: Option<KeyManagement>,
    #[serde(default)]
    pub request_object_encryption_enc: Option<ContentEncryption>,
    /// How it signs its requests; without it, as it likes (OpenID Connect
    /// Registration §2).
    #[serde(default)]
    pub request_object_signing_alg: Option<Algorithm>,
    /// Where its request objects may be fetched.
    #[serde(default)]
    pub request_uris: Vec<String>,
    /// Whether its requests must be signed (RFC 9101 §10.5).
    #[serde(default)]
    pub require_signed_request_object: bool,
    /// Whether its requests must be pushed beforehand (RFC 9126 §6).
    #[serde(default)]
    pub require_pushed_authorization_requests: bool,
    /// How answers are signed that travel as a JWT (JARM §3).
    #[serde(default = "rs256")]
    pub authorization_signed_response_alg: Algorithm,
    /// Whether its access tokens are always bound to a key of its (RFC 9449
    /// §5.2).
    #[serde(default)]
    pub dpop_bound_access_tokens: bool,
    /// Whether its access tokens are bound to its certificate (RFC 8705 §3.4).
    #[serde(default)]
    pub tls_client_certificate_bound_access_tokens: bool,
    /// Whether its proofs must hold a nonce of ours (RFC 9449 §8).
    #[serde(default)]
    pub dpop_nonce_required: bool,
    /// How it learns of answers to its own questions (CIBA §4).
    #[serde(default)]
    pub backchannel_token_delivery_mode: DeliveryMode,
    /// Where it is told, in the mode `ping`.
    #[serde(default)]
    pub backchannel_client_notification_endpoint: Option<String>,
    /// How such questions are signed; without it they need not be.
    #[serde(default)]
    pub backchannel_authentication_request_signing_alg: Option<Algorithm>,
    /// What it may exchange; goes with the grant of that name.
    #[serde(default)]
    pub token_exchange: Option<TokenExchange>,
    /// Resource servers it may ask tokens for (RFC 8707), beside the provider
    /// itself.
    #[serde(default)]
    pub resources: Vec<String>,
    /// Types of details it may ask for (RFC 9396 §10).
    #[serde(default)]
    pub authorization_details_types: Vec<String>,
    /// A profile that tightens everything it must.
    #[serde(default)]
    pub security_profile: Option<SecurityProfile>,
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
    /// Where somebody else may send a person to sign in there (OpenID Connect
    /// Core §4).
    #[serde(default)]
    pub initiate_login_uri: Option<String>,
    /// Where the list of the sector's redirect URIs is (OpenID Connect
    /// Registration §5); its host is the sector.
    #[serde(default)]
    pub sector_identifier_uri: Option<String>,
    /// Seconds since the last proof, where a request says nothing of them.
    #[serde(default)]
    pub default_max_age: Option<u64>,
    /// Whether ID tokens must tell when that was; ours always do.
    #[serde(default)]
    pub require_auth_time: bool,
    /// Values of `acr_values`, where a request has none.
    #[serde(default)]
    pub default_acr_values: Vec<String>,
    /// What a relying party of the ESIA dialect has beside; goes with that
    /// method of authentication.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub esia: Option<EsiaClient>,
    /// Whether it registered itself, so that nobody has checked it: the consent
    /// page says so.
    #[serde(default)]
    pub self_registered: bool,
    /// What it said of itself that nothing here reads: told back to it only.
    #[serde(default, skip_serializing_if = "serde_json::Map::is_empty")]
    pub beside: serde_json::Map<String, serde_json::Value>,
}

fn default_scope() -> String {
    "openid profile".to_owned()
}

/// What citizens cannot untick where a registration says nothing of it.
pub fn default_required_scope() -> String {
    "openid profile".to_owned()
}

fn default_grant_types() -> Vec<GrantType> {
    vec![GrantType::AuthorizationCode]
}

fn default_response_types() -> Vec<ResponseType> {
    vec![ResponseType::CODE]
}

const fn rs256() -> Algorithm {
    Algorithm::Rs256
}

const fn es256() -> Algorithm {
    Algorithm::Es256
}

impl Client {
    /// What it demands of every person.
    pub const fn demands(&self) -> Assurance {
        Assurance {
            level: self.minimum_level,
            strength: self.minimum_strength,
        }
    }

    /// Whether its requests come beforehand (RFC 9126 §6).
    pub const fn must_push(&self) -> bool {
        self.require_pushed_authorization_requests || self.security_profile.is_some()
    }

    /// Whether its requests come in request objects (RFC 9101 §10.5).
    pub fn must_sign_requests(&self) -> bool {
        self.require_signed_request_object || self.signs_messages()
    }

    /// Whether its questions without a browser are signed (CIBA §7.1.1).
    pub fn must_sign_backchannel_requests(&self) -> bool {
        self.backchannel_authentication_request_signing_alg
            .is_some()
            || self.security_profile.is_some()
    }

    /// How ID tokens are encrypted to it.
    pub fn id_token_encryption(&self) -> Option<Encryption> {
        Encryption::registered(
            self.id_token_encrypted_response_alg,
            self.id_token_encrypted_response_enc,
        )
    }

    /// How answers of userinfo are encrypted to it.
    pub fn userinfo_encryption(&self) -> Option<Encryption> {
        Encryption::registered(
            self.userinfo_encrypted_response_alg,
            self.userinfo_encrypted_response_enc,
        )
    }

    /// Whether answers to it are signed (FAPI 2.0 Message Signing §5.4).
    pub fn signs_messages(&self) -> bool {
        self.security_profile
            .is_some_and(SecurityProfile::signs_messages)
    }

    /// Whether its tokens are worth nothing without a key of its (FAPI 2.0
    /// Security Profile §5.3.2.1).
    pub const fn must_bind_tokens(&self) -> bool {
        self.dpop_bound_access_tokens
            || self.tls_client_certificate_bound_access_tokens
            || self.security_profile.is_some()
    }

    /// Whether each of its codes is tied to who asked for it (RFC 7636).
    pub fn must_use_pkce(&self) -> bool {
        self.is_public() || self.security_profile.is_some()
    }

    /// The algorithms its own signatures may have.
    pub const fn own_algorithms(&self) -> &'static [Algorithm] {
        match self.security_profile {
            Some(_) => &SecurityProfile::ALGORITHMS,
            None => &Algorithm::ALL,
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

    /// Whether people are sent to us by it.
    pub fn uses_authorization_endpoint(&self) -> bool {
        self.may_use(GrantType::AuthorizationCode) || self.may_use(GrantType::Implicit)
    }

    /// The hosts that its redirect URIs name.
    pub fn hosts(&self) -> BTreeSet<String> {
        let hosts = self.redirect_uris.iter().filter_map(|uri| host_of(uri));
        hosts.collect()
    }

    /// The sector whose clients see the same pairwise subjects (OpenID Connect
    /// Core §8.1).
    pub fn sector(&self) -> String {
        if let Some(sector) = &self.sector_identifier {
            return sector.clone();
        }
        self.redirect_uris
            .first()
            .and_then(|uri| host_of(uri))
            .unwrap_or_else(|| self.client_id.to_string())
    }

    /// A text that can be shown beside others without disguising itself: no
    /// control characters, none that turn the direction of writing, and none
    /// that nobody sees.
    pub fn is_plain_text(text: &str) -> bool {
        text.chars().count() <= 300
            && !text.chars().any(|c| {
                c.is_control()
                    || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
                    // Of Unicode's Default_Ignorable_Code_Point.
                    || matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}')
                    || matches!(c, '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{ffa0}' | '\u{fff0}'..='\u{fff8}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
            })
    }
}

/// The host that a URI names.
pub fn host_of(uri: &str) -> Option<String> {
    let uri = url::Url::parse(uri).ok()?;
    uri.host_str().map(str::to_owned)
}

/// What tells a person where a URI leads: its host, or the scheme that belongs
/// to a program on their device.
pub fn place_of(uri: &str) -> Option<String> {
    let scheme = || Some(uri.split_once(':')?.0.to_owned());
    host_of(uri).or_else(scheme)
}
