//! Metadata (OpenID Connect Discovery §3, RFC 8414 §2), derived from the
//! registries: what is not there is not advertised.

use serde_json::{Map, Value, json};

use super::Provider;
use super::authorization::{prompt, response};
use super::client_authentication::METHODS;
use super::grant::GRANTS;
use super::{pkce, verified_claims};
use crate::model::acr::{Acr, Assurance};
use crate::model::algorithm::Algorithm;
use crate::model::assertion_algorithm::AssertionAlgorithm;
use crate::model::scope::{CLAIMS, SCOPES};

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
    let mut metadata = json!({
        "issuer": provider.issuer,
        "authorization_endpoint": url("/oauth/authorize"),
        "token_endpoint": url("/oauth/token"),
        "userinfo_endpoint": url("/oauth/userinfo"),
        "jwks_uri": url("/oauth/jwks"),
        "introspection_endpoint": url("/oauth/introspect"),
        "revocation_endpoint": url("/oauth/revoke"),
        "end_session_endpoint": url("/oauth/end_session"),
        "scopes_supported": SCOPES.iter().map(|scope| scope.name).collect::<Vec<_>>(),
        "claims_supported": claims,
        "claim_types_supported": ["normal"],
        "response_types_supported": ["code"],
        "response_modes_supported": response::MODES,
        "prompt_values_supported": prompt::VALUES,
        "grant_types_supported": GRANTS.iter().map(|grant| grant.name).collect::<Vec<_>>(),
        "subject_types_supported": ["pairwise", "public"],
        "acr_values_supported": contexts,
        "id_token_signing_alg_values_supported": algorithms,
        "userinfo_signing_alg_values_supported": algorithms,
        "token_endpoint_auth_methods_supported": methods,
        "token_endpoint_auth_signing_alg_values_supported": of_assertions,
        "introspection_endpoint_auth_methods_supported": confidential,
        "introspection_endpoint_auth_signing_alg_values_supported": of_assertions,
        "revocation_endpoint_auth_methods_supported": methods,
        "revocation_endpoint_auth_signing_alg_values_supported": of_assertions,
        "code_challenge_methods_supported": pkce::METHODS,
        "authorization_response_iss_parameter_supported": true,
        "claims_parameter_supported": true,
        "request_parameter_supported": false,
        // Absent would mean true (OpenID Connect Discovery §3).
        "request_uri_parameter_supported": false,
        "backchannel_logout_supported": true,
        "backchannel_logout_session_supported": true,
        "verified_claims_supported": true,
        "trust_frameworks_supported": [verified_claims::TRUST_FRAMEWORK],
        "claims_in_verified_claims_supported": verified_claims::CLAIMS.map(|(name, _)| name),
        "evidence_supported": verified_claims::EVIDENCE,
        "documents_supported": verified_claims::DOCUMENTS,
        "documents_check_methods_supported": verified_claims::CHECK_METHODS,
        "electronic_records_supported": verified_claims::record_types(),
        "ui_locales_supported": ["ru", "en"],
    });
    // One member more is too many for the macro.
    metadata["attestations_supported"] = json!(verified_claims::ATTESTATIONS);
    metadata["introspection_signing_alg_values_supported"] = json!(algorithms);
    metadata["frontchannel_logout_supported"] = json!(true);
    metadata["frontchannel_logout_session_supported"] = json!(true);
    if let Some(mutual_tls) = &provider.mutual_tls {
        let aliases: Map<_, _> = mutual_tls
            .aliases()
            .map(|(member, address)| (member.to_owned(), json!(address)))
            .collect();
        if !aliases.is_empty() {
            metadata["mtls_endpoint_aliases"] = Value::Object(aliases);
        }
    }
    metadata
}
