//! Metadata (OpenID Connect Discovery §3, RFC 8414 §2), derived from the
//! registries: what is not there is not advertised.

use serde_json::{Map, Value, json};

use super::Provider;
use super::authorization::{prompt, response};
use super::client_authentication::METHODS;
use super::grant::GRANTS;
use super::{dpop, pkce, registration, verified_claims};
use crate::model::acr::{Acr, Assurance};
use crate::model::algorithm::Algorithm;
use crate::model::assertion_algorithm::AssertionAlgorithm;
use crate::model::claim::CLAIMS;
use crate::model::encryption::{ContentEncryption, KeyManagement};
use crate::model::response_type::RESPONSE_TYPES;
use crate::model::scope::SCOPES;

/// Claims of tokens that are not about what a person is like.
const TOKEN_CLAIMS: &[&str] = &[
    "sub",
    "iss",
    "aud",
    "exp",
    "iat",
    "auth_time",
    "acr",
    "ial",
    "aal",
    "amr",
    "nonce",
    "sid",
];

/// The names of the response modes.
fn modes() -> Vec<&'static str> {
    let by_itself = ["jwt"].into_iter();
    response::MODES
        .iter()
        .map(|(name, _)| *name)
        .chain(by_itself)
        .collect()
}

/// The grants of the token endpoint, and the one that needs none.
fn grants() -> Vec<&'static str> {
    let implicit = ["implicit"].into_iter();
    GRANTS
        .iter()
        .map(|grant| grant.name)
        .chain(implicit)
        .collect()
}

/// The metadata document, for both well-known addresses; `reachable` is the
/// most that somebody can reach here.
pub fn metadata(provider: &Provider, reachable: Assurance) -> Value {
    let url = |path| provider.url(path);
    let methods: Vec<_> = METHODS
        .iter()
        .filter(|method| (method.offered)(provider))
        .map(|method| method.name)
        .collect();
    let confidential: Vec<_> = methods.iter().filter(|name| **name != "none").collect();
    let algorithms = Algorithm::ALL.map(Algorithm::as_str);
    let wrapping = KeyManagement::ALL.map(KeyManagement::as_str);
    let contents = ContentEncryption::ALL.map(ContentEncryption::as_str);
    let of_assertions = AssertionAlgorithm::names();
    let claims: Vec<_> = TOKEN_CLAIMS
        .iter()
        .copied()
        .chain(CLAIMS.iter().map(|claim| claim.name))
        .collect();
    let contexts: Vec<_> = Acr::ALL
        .iter()
        .filter(|acr| reachable.meets(Assurance::default().raised(&[**acr])))
        .map(|acr| acr.as_str())
        .collect();
    let members = [
        ("issuer", json!(provider.issuer)),
        ("authorization_endpoint", json!(url("/oauth/authorize"))),
        ("token_endpoint", json!(url("/oauth/token"))),
        ("userinfo_endpoint", json!(url("/oauth/userinfo"))),
        ("jwks_uri", json!(url("/oauth/jwks"))),
        ("introspection_endpoint", json!(url("/oauth/introspect"))),
        ("revocation_endpoint", json!(url("/oauth/revoke"))),
        ("end_session_endpoint", json!(url("/oauth/end_session"))),
        (
            "scopes_supported",
            json!(
                SCOPES
                    .iter()
                    .filter(|scope| scope.dialect.is_standard())
                    .map(|scope| scope.name)
                    .collect::<Vec<_>>()
            ),
        ),
        ("claims_supported", json!(claims)),
        ("claim_types_supported", json!(["normal"])),
        (
            "response_types_supported",
            json!(RESPONSE_TYPES.map(|(name, _)| name)),
        ),
        ("response_modes_supported", json!(modes())),
        ("prompt_values_supported", json!(prompt::VALUES)),
        ("grant_types_supported", json!(grants())),
        ("subject_types_supported", json!(["pairwise", "public"])),
        ("acr_values_supported", json!(contexts)),
        ("id_token_signing_alg_values_supported", json!(algorithms)),
        ("userinfo_signing_alg_values_supported", json!(algorithms)),
        ("token_endpoint_auth_methods_supported", json!(methods)),
        (
            "token_endpoint_auth_signing_alg_values_supported",
            json!(of_assertions),
        ),
        (
            "introspection_endpoint_auth_methods_supported",
            json!(confidential),
        ),
        (
            "introspection_endpoint_auth_signing_alg_values_supported",
            json!(of_assertions),
        ),
        ("revocation_endpoint_auth_methods_supported", json!(methods)),
        (
            "revocation_endpoint_auth_signing_alg_values_supported",
            json!(of_assertions),
        ),
        ("code_challenge_methods_supported", json!(pkce::METHODS)),
        (
            "authorization_response_iss_parameter_supported",
            json!(true),
        ),
        ("claims_parameter_supported", json!(true)),
        ("request_parameter_supported", json!(true)),
        ("request_uri_parameter_supported", json!(true)),
        ("require_request_uri_registration", json!(true)),
        (
            "request_object_signing_alg_values_supported",
            json!(algorithms),
        ),
        ("id_token_encryption_alg_values_supported", json!(wrapping)),
        ("id_token_encryption_enc_values_supported", json!(contents)),
        ("userinfo_encryption_alg_values_supported", json!(wrapping)),
        ("userinfo_encryption_enc_values_supported", json!(contents)),
        (
            "request_object_encryption_alg_values_supported",
            json!(KeyManagement::OURS.map(KeyManagement::as_str)),
        ),
        (
            "request_object_encryption_enc_values_supported",
            json!(ContentEncryption::OURS.map(ContentEncryption::as_str)),
        ),
        (
            "introspection_signing_alg_values_supported",
            json!(algorithms),
        ),
        ("check_session_iframe", json!(url("/oauth/check_session"))),
        ("frontchannel_logout_supported", json!(true)),
        ("frontchannel_logout_session_supported", json!(true)),
        ("backchannel_logout_supported", json!(true)),
        ("backchannel_logout_session_supported", json!(true)),
        ("verified_claims_supported", json!(true)),
        (
            "trust_frameworks_supported",
            json!([verified_claims::TRUST_FRAMEWORK]),
        ),
        (
            "claims_in_verified_claims_supported",
            json!(verified_claims::CLAIMS.map(|(name, _)| name)),
        ),
        ("evidence_supported", json!(verified_claims::EVIDENCE)),
        ("documents_supported", json!(verified_claims::DOCUMENTS)),
        (
            "documents_check_methods_supported",
            json!(verified_claims::CHECK_METHODS),
        ),
        (
            "electronic_records_supported",
            json!(verified_claims::record_types()),
        ),
        ("ui_locales_supported", json!(["ru", "en"])),
        (
            "device_authorization_endpoint",
            json!(url("/oauth/device_authorization")),
        ),
        (
            "backchannel_authentication_endpoint",
            json!(url("/oauth/backchannel_authentication")),
        ),
        (
            "backchannel_token_delivery_modes_supported",
            json!(["poll", "ping"]),
        ),
        (
            "backchannel_authentication_request_signing_alg_values_supported",
            json!(algorithms),
        ),
        ("backchannel_user_code_parameter_supported", json!(false)),
        (
            "pushed_authorization_request_endpoint",
            json!(url("/oauth/par")),
        ),
        (
            "authorization_signing_alg_values_supported",
            json!(algorithms),
        ),
        (
            "dpop_signing_alg_values_supported",
            json!(dpop::ALGORITHMS.map(Algorithm::as_str)),
        ),
    ];
    let members = members.map(|(name, value)| (name.to_owned(), value));
    let mut metadata: Map<String, Value> = members.into_iter().collect();
    if let Some(mutual_tls) = &provider.mutual_tls {
        metadata.insert(
            "tls_client_certificate_bound_access_tokens".to_owned(),
            json!(true),
        );
        let aliases: Map<_, _> = mutual_tls
            .aliases()
            .map(|(member, address)| (member.to_owned(), json!(address)))
            .collect();
        if !aliases.is_empty() {
            metadata.insert("mtls_endpoint_aliases".to_owned(), Value::Object(aliases));
        }
    }
    if !provider.detail_types.is_empty() {
        let names = provider.detail_types.iter().map(|kind| &kind.name);
        let names: Vec<_> = names.collect();
        metadata.insert(
            "authorization_details_types_supported".to_owned(),
            json!(names),
        );
    }
    if provider.registrations.is_some() {
        let address = url(registration::answer::PATH);
        metadata.insert("registration_endpoint".to_owned(), json!(address));
    }
    Value::Object(metadata)
}
