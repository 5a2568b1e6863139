//! `openid-client` as a device and as a site that asks by itself.

use serde_json::{Value, json};

use super::{NAME, SECRET, node, registration, with_client};

/// What such a client reports that nobody's browser comes back to.
async fn answered(grant: &str, method: &str, input: Value) -> Value {
    let mut client = registration(method);
    if method != "none" {
        client["client_secret"] = json!(SECRET);
    }
    client["grant_types"] = json!([grant, "refresh_token"]);
    client["redirect_uris"] = json!([]);
    client["post_logout_redirect_uris"] = json!([]);
    let app = with_client(client).await;
    let done = node("without_browser.mjs", &app, input).await;
    app.end().await;
    assert_eq!(done["userinfo"]["name"], NAME);
    assert_eq!(done["refresh"]["name"], NAME);
    done
}

#[tokio::test]
async fn peer_openid_client_on_a_device() {
    let input = json!({ "client_id": "peer", "auth_method": "none", "way": "device" });
    let grant = "urn:ietf:params:oauth:grant-type:device_code";
    let done = answered(grant, "none", input).await;
    assert_eq!(done["device"], json!({ "pages": ["sign_in", "consent"] }));
}

#[tokio::test]
async fn peer_openid_client_asks_by_itself() {
    let input = json!({
        "client_id": "peer", "auth_method": "client_secret_basic", "client_secret": SECRET,
        "way": "ciba", "binding_message": "Талон 17-Б",
    });
    let grant = "urn:openid:params:grant-type:ciba";
    let done = answered(grant, "client_secret_basic", input).await;
    assert_eq!(done["ciba"], json!({ "pages": ["consent"] }));
}
