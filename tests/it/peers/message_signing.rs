//! `openid-client` is held to FAPI 2.0 Message Signing.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use propusk::jose;
use propusk::model::algorithm::Algorithm;
use serde_json::{Value, json};

use super::{NAME, node, registration, with_client};

/// Nobody listens there; FAPI 2.0 Security Profile §5.3.2.2 wants TLS.
const CALLBACK: &str = "https://peer.example/callback";

/// Everything signed and bound, all by this algorithm.
async fn everything(alg: Algorithm, more: Value) {
    let key = jose::generate(alg).unwrap();
    let public: Value = serde_json::from_str(&key.public_jwk).unwrap();
    let mut client = registration("private_key_jwt");
    let members = json!({
        "security_profile": "fapi2_message_signing",
        "jwks": { "keys": [public] },
        "redirect_uris": [CALLBACK], "post_logout_redirect_uris": [],
        "id_token_signed_response_alg": alg, "access_token_signed_response_alg": alg,
        "userinfo_signed_response_alg": alg, "authorization_signed_response_alg": alg,
        "introspection_signed_response_alg": alg, "request_object_signing_alg": alg,
    });
    for members in [&members, &more] {
        for (name, value) in members.as_object().unwrap() {
            client[name] = value.clone();
        }
    }
    let app = with_client(client).await;
    let input = json!({
        "client_id": "peer", "auth_method": "private_key_jwt", "alg": alg,
        "private_key": { "alg": alg, "kid": key.kid, "pkcs8": STANDARD.encode(&*key.pkcs8) },
        "redirect_uri": CALLBACK,
    });
    let done = node("message_signing.mjs", &app, input).await;
    app.end().await;
    assert_eq!(done["unsigned"], "invalid_request");
    assert_eq!(
        done["pushed"],
        json!({
            "signed": ["client_id", "request"],
            "in_browser": ["client_id", "request_uri"],
        })
    );
    assert_eq!(
        done["authorization"],
        json!({ "pages": ["sign_in", "consent"], "answer": ["response"] })
    );
    assert_eq!(
        done["token"],
        json!({ "token_type": "dpop", "scope": "openid profile offline_access" })
    );
    assert_eq!(done["userinfo"]["name"], NAME);
    assert_eq!(done["userinfo_by_another_key"], "invalid_token");
    assert_eq!(
        done["refresh"],
        json!({ "token_type": "dpop", "name": NAME })
    );
    assert_eq!(done["refresh_without_a_proof"], "invalid_dpop_proof");
    assert_eq!(done["introspection"], json!({ "active": true }));
}

#[tokio::test]
async fn peer_openid_client_signs_messages_by_es256() {
    everything(Algorithm::Es256, json!({})).await;
}

/// Each proof holds a nonce of ours (RFC 9449 §8), too.
#[tokio::test]
async fn peer_openid_client_signs_messages_by_ps256() {
    everything(Algorithm::Ps256, json!({ "dpop_nonce_required": true })).await;
}
