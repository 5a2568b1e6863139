//! npm `oauth4webapi` pushes its request and binds it to its key.

use serde_json::json;

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
