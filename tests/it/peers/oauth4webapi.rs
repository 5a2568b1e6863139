//! npm `oauth4webapi` pushes its request and binds it to its key, signs it and
//! takes a signed answer, and waits as a device and as a site that asks itself.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use propusk::jose;
use propusk::model::algorithm::Algorithm;
use serde_json::{Value, json};

use super::{CALLBACK, NAME, node, registration, with_client};

#[tokio::test]
async fn peer_oauth4webapi_pushes_a_request_bound_to_its_key() {
    for needs_nonce in [false, true] {
        let mut client = registration("none");
        client["require_pushed_authorization_requests"] = json!(true);
        client["dpop_bound_access_tokens"] = json!(true);
        client["dpop_nonce_required"] = json!(needs_nonce);
        let app = with_client(client).await;
        let input = json!({ "client_id": "peer", "redirect_uri": CALLBACK });
        let done = node("oauth4webapi.mjs", &app, input).await;
        app.end().await;
        assert_eq!(done["pushed"], json!({ "again": needs_nonce }));
        assert_eq!(
            done["authorization"],
            json!({ "pages": ["sign_in", "consent"] })
        );
        assert_eq!(done["code_by_another_key"], "invalid_grant");
        assert_eq!(
            done["token"],
            json!({ "token_type": "dpop", "scope": "openid profile offline_access" })
        );
        assert_eq!(done["userinfo"]["name"], NAME);
        assert_eq!(
            done["refresh"],
            json!({ "token_type": "dpop", "name": NAME })
        );
    }
}

/// A registration with a key, and the input of a program that has it.
fn keyed(alg: Algorithm) -> (Value, Value) {
    let key = jose::generate(alg).unwrap();
    let public: Value = serde_json::from_str(&key.public_jwk).unwrap();
    let mut client = registration("private_key_jwt");
    client["jwks"] = json!({ "keys": [public] });
    let input = json!({
        "client_id": "peer", "auth_method": "private_key_jwt", "alg": alg,
        "private_key": { "alg": alg, "kid": key.kid, "pkcs8": STANDARD.encode(&*key.pkcs8) },
    });
    (client, input)
}

#[tokio::test]
async fn peer_oauth4webapi_signs_its_request_and_takes_a_signed_answer() {
    let alg = Algorithm::Es256;
    let (mut client, mut input) = keyed(alg);
    let redirect = "https://peer.example/callback";
    for (name, value) in [
        ("security_profile", json!("fapi2_message_signing")),
        ("redirect_uris", json!([redirect])),
        ("post_logout_redirect_uris", json!([])),
        ("id_token_signed_response_alg", json!(alg)),
        ("access_token_signed_response_alg", json!(alg)),
        ("authorization_signed_response_alg", json!(alg)),
        ("introspection_signed_response_alg", json!(alg)),
        ("request_object_signing_alg", json!(alg)),
    ] {
        client[name] = value;
    }
    let app = with_client(client).await;
    input["redirect_uri"] = json!(redirect);
    let done = node("oauth4webapi_signed.mjs", &app, input).await;
    app.end().await;
    assert_eq!(done["authorization"], json!(["response"]));
    assert_eq!(done["token"]["name"], NAME);
}

#[tokio::test]
async fn peer_oauth4webapi_waits_as_a_device_and_as_a_site_that_signs() {
    let (mut asking, mut ciba) = keyed(Algorithm::Ps256);
    asking["backchannel_authentication_request_signing_alg"] = json!("PS256");
    ciba["binding_message"] = json!("Талон 17-Б");
    let device = json!({ "client_id": "peer", "auth_method": "none" });
    for (way, grant, mut client, mut input) in [
        (
            "device",
            "urn:ietf:params:oauth:grant-type:device_code",
            registration("none"),
            device,
        ),
        ("ciba", "urn:openid:params:grant-type:ciba", asking, ciba),
    ] {
        client["grant_types"] = json!([grant]);
        client["scope"] = json!("openid profile");
        client["redirect_uris"] = json!([]);
        client["post_logout_redirect_uris"] = json!([]);
        let app = with_client(client).await;
        input["way"] = json!(way);
        let done = node("oauth4webapi_waiting.mjs", &app, input).await;
        app.end().await;
        assert_eq!(done[way], json!({ "before": "authorization_pending" }));
        assert_eq!(done["userinfo"]["name"], NAME);
    }
}
