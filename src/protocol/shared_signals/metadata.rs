//! The Transmitter Configuration Metadata (Shared Signals Framework §7.1). The
//! issuer has no path, so that the well-known address has no suffix.

use serde_json::{Map, Value, json};

use super::super::Provider;

/// Pushed to the receiver.
pub const PUSH: &str = "urn:ietf:rfc:8935";
/// Fetched by the receiver.
pub const POLL: &str = "urn:ietf:rfc:8936";

/// Endpoints: the member of the metadata and the path.
pub const ENDPOINTS: &[(&str, &str)] = &[
    ("configuration_endpoint", "/ssf/stream"),
    ("status_endpoint", "/ssf/status"),
    ("verification_endpoint", "/ssf/verify"),
    ("add_subject_endpoint", "/ssf/subjects/add"),
    ("remove_subject_endpoint", "/ssf/subjects/remove"),
];
/// Where signals are fetched; streams name it themselves.
pub const POLL_ENDPOINT: &str = "/ssf/poll";

/// The metadata document.
pub fn metadata(provider: &Provider) -> Value {
    let mut metadata = json!({
        "spec_version": "1_0",
        "issuer": provider.issuer,
        "jwks_uri": provider.url("/oauth/jwks"),
        "delivery_methods_supported": [PUSH, POLL],
        // CAEP Interoperability Profile §2.3.7.
        "authorization_schemes": [{ "spec_urn": "urn:ietf:rfc:6749" }],
        // Everybody who allows the client something.
        "default_subjects": "ALL",
    });
    for (member, path) in ENDPOINTS {
        metadata[*member] = json!(provider.url(path));
    }
    let alias = provider
        .mutual_tls
        .as_ref()
        .and_then(|tls| tls.url.as_ref());
    if let Some(alias) = alias {
        // As in the metadata of the authorization server (RFC 8705 §5): where
        // tokens that are bound to a certificate can be used.
        let aliases: Map<_, _> = ENDPOINTS
            .iter()
            .map(|(member, path)| ((*member).to_owned(), json!(format!("{alias}{path}"))))
            .collect();
        metadata["mtls_endpoint_aliases"] = Value::Object(aliases);
    }
    metadata
}
