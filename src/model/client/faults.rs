//! What is wrong with a registration: every fault at once, with its field and
//! its mend.

use super::{AuthenticationMethod, Client, GrantType, SubjectType, host_of};
use crate::model::certificate_subject::CertificateSubject;
use crate::model::esia_client::is_mnemonic;
use crate::model::redirect::check_redirect_uri;
use crate::model::scope::{OFFLINE_ACCESS, OPENID, RequestedScopes, SCOPES};

/// What is wrong with a registration: the field and how to mend it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The field as it is written in configuration.
    pub field: &'static str,
    /// What to change.
    pub mend: String,
}

impl Client {
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
        self.check_encryption(&mut add);
        self.check_profile(&mut add);
        self.check_secure_uris(&mut add);
        self.check_scopes(&mut add);
        self.check_authentication(&mut add);
        self.check_esia(&mut add);
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
        if self.uses_authorization_endpoint()
            && self.redirect_uris.is_empty()
            && self.esia.is_none()
        {
            add(
                "redirect_uris",
                "authorization_code and implicit need at least one".to_owned(),
            );
        }
        if self.subject_type == SubjectType::Pairwise
            && self.sector_identifier.is_none()
            && self.hosts().len() > 1
        {
            add(
                "sector_identifier",
                "redirect_uris name several hosts: say which one names the sector".to_owned(),
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
            let known: Vec<_> = SCOPES
                .iter()
                .filter(|scope| scope.dialect.is_spoken_by(self))
                .map(|scope| scope.name)
                .collect();
            for name in scopes.split_whitespace() {
                if !known.contains(&name) {
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

    fn check_esia(&self, add: &mut impl FnMut(&'static str, String)) {
        let by_signature = self.token_endpoint_auth_method == AuthenticationMethod::EsiaSignature;
        if by_signature != self.esia.is_some() {
            add(
                "esia",
                "goes with token_endpoint_auth_method = \"esia_signature\"".to_owned(),
            );
        }
        let Some(esia) = &self.esia else {
            return;
        };
        if !is_mnemonic(self.client_id.as_str()) {
            add(
                "client_id",
                "must be a mnemonic: A-Z, 0-9, - and _, without ESIA, EPGU, GOSUSLUGI or SMEV \
                 in it and PGU in front"
                    .to_owned(),
            );
        }
        if !self.redirect_uris.is_empty() {
            add(
                "redirect_uris",
                "must stay empty: redirect addresses are those under esia.domains".to_owned(),
            );
        }
        let beside = |grant: &GrantType| {
            !matches!(
                grant,
                GrantType::AuthorizationCode
                    | GrantType::RefreshToken
                    | GrantType::ClientCredentials
            )
        };
        if self.grant_types.iter().any(beside) {
            add(
                "grant_types",
                "the ESIA dialect has authorization_code, refresh_token and client_credentials"
                    .to_owned(),
            );
        }
        for (field, mend) in esia.faults() {
            add(field, mend);
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
            // See check_esia.
            Method::EsiaSignature => {}
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
