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
use super::response_type::ResponseType;
use super::scope::{OFFLINE_ACCESS, OPENID, RequestedScopes, SCOPES};
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

fn default_required_scope() -> String {
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
                .any(|text| !Self::is_plain_text(text))
            {
                add(
                    "name",
                    "name and purpose must be at most 300 characters without control or direction marks"
                        .to_owned(),
                );
            }
        }
        self.check_uris(&mut add);
        self.check_response_types(&mut add);
        self.check_requests(&mut add);
        self.check_profile(&mut add);
        self.check_secure_uris(&mut add);
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
            (
                "backchannel_client_notification_endpoint",
                &self.backchannel_client_notification_endpoint,
            ),
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
        if self.uses_authorization_endpoint() && self.redirect_uris.is_empty() {
            add(
                "redirect_uris",
                "authorization_code and implicit need at least one".to_owned(),
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

    fn check_response_types(&self, add: &mut impl FnMut(&'static str, String)) {
        // OpenID Connect Registration §2: they come together.
        if !self.uses_authorization_endpoint() {
            return;
        }
        for (grant, name, is_named) in [
            (
                GrantType::AuthorizationCode,
                "authorization_code",
                self.response_types.iter().any(|kind| kind.code),
            ),
            (
                GrantType::Implicit,
                "implicit",
                self.response_types.iter().any(|kind| kind.has_token()),
            ),
        ] {
            if self.may_use(grant) && !is_named {
                add(
                    "response_types",
                    format!("must name one of the grant {name}, or leave the grant out"),
                );
            }
            if is_named && !self.may_use(grant) {
                add(
                    "grant_types",
                    format!("must hold {name} for these response_types"),
                );
            }
        }
    }

    fn check_requests(&self, add: &mut impl FnMut(&'static str, String)) {
        let signs = self.must_sign_requests() || self.must_sign_backchannel_requests();
        if signs && self.jwks.is_none() && self.jwks_uri.is_none() {
            add(
                "jwks",
                "signed requests need keys to check them with: jwks or jwks_uri".to_owned(),
            );
        }
        if self.backchannel_token_delivery_mode == DeliveryMode::Ping
            && self.backchannel_client_notification_endpoint.is_none()
        {
            add(
                "backchannel_client_notification_endpoint",
                "is needed for the mode ping".to_owned(),
            );
        }
        if self.must_bind_tokens() && self.response_types.iter().any(|kind| kind.token) {
            add(
                "response_types",
                "must not hold token where tokens are bound to a key".to_owned(),
            );
        }
        if self.dpop_bound_access_tokens && self.tls_client_certificate_bound_access_tokens {
            add(
                "dpop_bound_access_tokens",
                "choose one: tokens are bound to a key or to a certificate".to_owned(),
            );
        }
        if self.may_use(GrantType::TokenExchange) != self.token_exchange.is_some() {
            add(
                "token_exchange",
                "goes with the grant token-exchange, and says whose tokens".to_owned(),
            );
        }
        if self.may_use(GrantType::TokenExchange) && self.is_public() {
            add(
                "token_endpoint_auth_method",
                "token exchange is for clients that authenticate".to_owned(),
            );
        }
        for uri in &self.resources {
            let absolute = url::Url::parse(uri).is_ok();
            if !absolute || uri.contains('#') {
                add(
                    "resources",
                    format!("{uri}: must be an absolute URI without a fragment"),
                );
            }
        }
        if self.may_use(GrantType::Ciba) && self.is_public() {
            add(
                "token_endpoint_auth_method",
                "the ciba grant is for clients that authenticate".to_owned(),
            );
        }
        for uri in &self.request_uris {
            // A fragment holds the hash of what is there (OpenID Connect Core
            // §6.2).
            let (address, _) = uri.split_once('#').unwrap_or((uri, ""));
            if let Err(fault) = check_redirect_uri(address, false) {
                add("request_uris", format!("{uri}: {}", fault.mend()));
            }
        }
    }

    /// FAPI 2.0 Security Profile §5.3.2 and §5.4.1, as far as a registration
    /// can break it.
    fn check_profile(&self, add: &mut impl FnMut(&'static str, String)) {
        if self.security_profile.is_none() {
            return;
        }
        use AuthenticationMethod as Method;
        if !matches!(
            self.token_endpoint_auth_method,
            Method::PrivateKeyJwt | Method::TlsClientAuth | Method::SelfSignedTlsClientAuth
        ) {
            add(
                "token_endpoint_auth_method",
                "must be private_key_jwt or by certificate under this security_profile".to_owned(),
            );
        }
        if self.response_types != [ResponseType::CODE] {
            add(
                "response_types",
                "must be code alone under this security_profile".to_owned(),
            );
        }
        if self.may_use(GrantType::DeviceCode) {
            add(
                "grant_types",
                "must not hold device_code under this security_profile".to_owned(),
            );
        }
        let weak = |alg: &Algorithm| !SecurityProfile::ALGORITHMS.contains(alg);
        for (field, alg) in [
            (
                "id_token_signed_response_alg",
                Some(self.id_token_signed_response_alg),
            ),
            (
                "access_token_signed_response_alg",
                Some(self.access_token_signed_response_alg),
            ),
            (
                "authorization_signed_response_alg",
                Some(self.authorization_signed_response_alg),
            ),
            (
                "userinfo_signed_response_alg",
                self.userinfo_signed_response_alg,
            ),
            (
                "request_object_signing_alg",
                self.request_object_signing_alg,
            ),
            (
                "backchannel_authentication_request_signing_alg",
                self.backchannel_authentication_request_signing_alg,
            ),
            (
                "introspection_signed_response_alg",
                Some(self.introspection_signed_response_alg),
            ),
            (
                "token_endpoint_auth_signing_alg",
                match self.token_endpoint_auth_signing_alg {
                    Some(AssertionAlgorithm::Key(alg)) => Some(alg),
                    _ => None,
                },
            ),
        ] {
            if alg.as_ref().is_some_and(weak) {
                add(
                    field,
                    "must be PS256, ES256 or EdDSA under this security_profile".to_owned(),
                );
            }
        }
        if let Some(uri) = self
            .redirect_uris
            .iter()
            .find(|uri| !uri.starts_with("https:"))
        {
            add(
                "redirect_uris",
                format!("{uri}: must be https under this security_profile"),
            );
        }
    }

    /// URIs for which not even a loopback address may do without TLS (OpenID
    /// Connect Registration §2, §5).
    fn check_secure_uris(&self, add: &mut impl FnMut(&'static str, String)) {
        for (field, uri) in [
            ("initiate_login_uri", &self.initiate_login_uri),
            ("sector_identifier_uri", &self.sector_identifier_uri),
        ] {
            let Some(uri) = uri else { continue };
            match check_redirect_uri(uri, false) {
                Err(fault) => add(field, format!("{uri}: {}", fault.mend())),
                Ok(()) if !uri.starts_with("https:") => {
                    add(field, format!("{uri}: must be https"));
                }
                Ok(()) => {}
            }
        }
        let host = self.sector_identifier_uri.as_deref().and_then(host_of);
        if host.is_some() && host != self.sector_identifier {
            add(
                "sector_identifier",
                "must be the host of sector_identifier_uri".to_owned(),
            );
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
        let asks_people = self.uses_authorization_endpoint()
            || self.may_use(GrantType::DeviceCode)
            || self.may_use(GrantType::Ciba);
        if asks_people && !scopes.contains(OPENID) {
            add(
                "scope",
                "must contain openid where people sign in".to_owned(),
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

impl Client {
    /// A text that can be shown beside others without disguising itself: no
    /// control characters and none that turn the direction of writing.
    pub fn is_plain_text(text: &str) -> bool {
        text.chars().count() <= 300
            && !text.chars().any(|c| {
                c.is_control()
                    || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
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
