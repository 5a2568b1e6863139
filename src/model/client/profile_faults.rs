//! Faults of a registration under a security profile.

use super::{AuthenticationMethod, Client, GrantType};
use crate::model::algorithm::Algorithm;
use crate::model::assertion_algorithm::AssertionAlgorithm;
use crate::model::response_type::ResponseType;
use crate::model::security_profile::SecurityProfile;

impl Client {
    /// FAPI 2.0 Security Profile §5.3.2 and §5.4.1, as far as a registration
    /// can break it.
    pub(super) fn check_profile(&self, add: &mut impl FnMut(&'static str, String)) {
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
}
