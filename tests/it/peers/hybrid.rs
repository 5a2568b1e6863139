//! `openid-client` takes ID tokens through the browser.

use serde_json::json;

use super::{CALLBACK, NAME, SECRET, node, registration, with_client};

#[tokio::test]
async fn peer_openid_client_takes_id_tokens_through_the_browser() {
    let mut client = registration("client_secret_basic");
    client["client_secret"] = json!(SECRET);
    client["grant_types"] = json!(["authorization_code", "refresh_token", "implicit"]);
    client["response_types"] = json!(["code", "id_token", "code id_token"]);
    client["id_token_signed_response_alg"] = json!("ES256");
    let app = with_client(client).await;
    let input = json!({
        "client_id": "peer", "auth_method": "client_secret_basic", "client_secret": SECRET,
        "redirect_uri": CALLBACK, "id_token_signed_response_alg": "ES256",
    });
    let done = node("hybrid.mjs", &app, input).await;
    app.end().await;
    assert_eq!(
        done["code id_token"],
        json!({
            "response_type": "code id_token", "name": NAME,
            "answer": ["code", "id_token", "iss", "session_state", "state"],
        })
    );
    assert_eq!(
        done["id_token"],
        json!({ "response_type": "id_token", "answer": ["id_token", "iss", "session_state", "state"] })
    );
}
