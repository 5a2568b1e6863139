//! `openid-client` and `jose` have everything encrypted, both ways.

use serde_json::json;

use super::{CALLBACK, NAME, node};
use crate::support::TestApp;

#[tokio::test]
async fn peer_openid_client_has_tokens_and_requests_encrypted() {
    let app = TestApp::start_in_real_time(|config| {
        config["registration"] = json!({ "mode": "open" });
    })
    .await;
    for (alg, enc, request_alg, request_enc) in [
        ("RSA-OAEP-256", "A256GCM", "ECDH-ES", "A256GCM"),
        ("RSA-OAEP", "A256CBC-HS512", "ECDH-ES+A128KW", "A128GCM"),
        ("ECDH-ES", "A128CBC-HS256", "ECDH-ES+A256KW", "A256GCM"),
        ("ECDH-ES+A128KW", "A128GCM", "ECDH-ES", "A128GCM"),
    ] {
        let input = json!({
            "alg": alg, "enc": enc, "request_alg": request_alg,
            "request_enc": request_enc, "redirect_uri": CALLBACK,
        });
        let done = node("encrypted.mjs", &app, input).await;
        assert_eq!(done["registration"], alg);
        assert_eq!(
            done["request"],
            json!({ "parts": 5, "in_browser": ["client_id", "request"] })
        );
        assert_eq!(
            done["token"],
            json!({ "alg": alg, "enc": enc, "cty": "JWT" })
        );
        assert_eq!(done["userinfo"]["name"], NAME);
    }
    app.end().await;
}
